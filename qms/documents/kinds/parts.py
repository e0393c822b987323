"""What several kinds of contents are made of."""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from qms.documents.comparison import Block, Paragraph, Section, Table
from qms.documents.kinds.base import Code, Line, Link, Part, Relation, Text

LEGAL_HEAD: Final = ("Số, ký hiệu", "Tên văn bản")


class LegalReference(Part):
    """A legal text that is named; ``number`` is empty where the source has none.

    ``document`` is the code of its record here, where somebody has linked the two.
    """

    name: Text
    number: Line = ""
    document: Code = ""


class FileRef(Part):
    """A stored file: its bytes by SHA-256, and the name and type under which it is handed out."""

    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    media_type: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    size: int = Field(ge=1)


class Mark(StrEnum):
    """How sure a fact of the starter library is."""

    FOUND = "found"
    DERIVED = "derived"
    FROM_MEMORY = "from_memory"
    UNKNOWN = "unknown"


def prose(name: str, label: str, text: str) -> Section:
    """Return a part of paragraphs; it has none where nothing is said."""
    lines = [line.strip() for line in text.split("\n")]
    return Section(name, label, tuple(Paragraph(line) for line in lines if line))


def table(
    name: str, label: str, head: tuple[str, ...], rows: tuple[tuple[str, ...], ...]
) -> Section:
    """Return a part with one table, rows matched by their first cell; none without rows."""
    blocks: tuple[Block, ...] = (Table(head, rows, key=0),) if rows else ()
    return Section(name, label, blocks)


def legal_table(name: str, label: str, found: tuple[LegalReference, ...]) -> Section:
    """Return legal texts as a part."""
    return table(name, label, LEGAL_HEAD, tuple((each.number, each.name) for each in found))


def legal_links(
    found: tuple[LegalReference, ...], part: str, relation: Relation = Relation.BASED_ON
) -> list[Link]:
    """Return the links of legal texts whose record is known."""
    return [Link(relation, "legal", each.document, part) for each in found if each.document]
