"""The kinds of documents there are. A new kind is a module and a line here."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import Discriminator, TypeAdapter, ValidationError

from qms.digests import canonical
from qms.documents.kinds.base import Content
from qms.documents.kinds.fee import FeeSchedule
from qms.documents.kinds.form import FormBlank
from qms.documents.kinds.legal import LegalText
from qms.documents.kinds.procedure import Procedure
from qms.documents.kinds.process import Process
from qms.documents.kinds.text import WrittenText
from qms.errors import InvalidError

AnyContent = Annotated[
    Procedure | Process | FeeSchedule | FormBlank | WrittenText | LegalText,
    Discriminator("kind"),
]
KINDS: Final[Mapping[str, type[Content]]] = {
    "procedure": Procedure,
    "process": Process,
    "fee": FeeSchedule,
    "form": FormBlank,
    "text": WrittenText,
    "legal": LegalText,
}
PUBLIC_KINDS: Final = frozenset({"procedure", "fee", "form"})
"""Kinds whose texts are for the public unless somebody says otherwise."""

_ANY: Final = TypeAdapter[AnyContent](AnyContent)


def read(data: bytes | str) -> Content:
    """Return the content that stands in stored JSON.

    Raises:
        InvalidError: it is not the content of any kind.

    """
    try:
        return _ANY.validate_json(data)
    except ValidationError as error:
        raise InvalidError(
            "Nội dung không đọc được: %(why)s", why=first_fault(error)
        ) from error


def written(content: Content) -> bytes:
    """Return the canonical bytes of a content."""
    return canonical(content.model_dump(mode="json", by_alias=True))


def first_fault(error: ValidationError) -> str:
    """Say where the first fault is and what it is."""
    fault = error.errors()[0]
    return f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
