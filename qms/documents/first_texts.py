"""The text a new document begins with."""

from qms.documents.kinds.base import Content
from qms.documents.kinds.procedure import Procedure
from qms.documents.kinds.text import Genre, WrittenText
from qms.documents.rules import Audience, RevisionText
from qms.errors import InvalidError


def first_text(kind: str, title: str) -> RevisionText:
    """Return an empty text of a kind, to be written.

    A procedure is for the public, a text of the quality system for those who work here.

    Raises:
        InvalidError: there is no such kind.

    """
    empty: dict[str, Content] = {
        "procedure": Procedure(),
        "text": WrittenText(genre=Genre.PROCEDURE),
    }
    if kind not in empty:
        raise InvalidError("Không có loại tài liệu “%(kind)s”.", kind=kind)
    audience = Audience.PUBLIC if kind == "procedure" else Audience.INTERNAL
    return RevisionText(title, empty[kind], audience=audience)
