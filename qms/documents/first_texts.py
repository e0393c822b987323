"""The text a new document begins with."""

from qms.documents.kinds.registry import KINDS, PUBLIC_KINDS
from qms.documents.kinds.text import Genre
from qms.documents.rules import Audience, RevisionText
from qms.errors import InvalidError


def first_text(kind: str, title: str) -> RevisionText:
    """Return an empty text of a kind, to be written.

    What people come to the office with is for the public, the rest for those who work here.

    Raises:
        InvalidError: there is no such kind.

    """
    if kind not in KINDS:
        raise InvalidError("Không có loại tài liệu “%(kind)s”.", kind=kind)
    content = KINDS[kind].model_validate(
        {"genre": Genre.PROCEDURE.value} if kind == "text" else {}
    )
    audience = Audience.PUBLIC if kind in PUBLIC_KINDS else Audience.INTERNAL
    return RevisionText(title, content, audience=audience)
