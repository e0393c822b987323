"""A text the office writes for itself: policy, objectives, procedure, regulation, instruction."""

from enum import StrEnum
from typing import Final, Literal

from qms.documents.comparison import Block, Paragraph, Section, Table
from qms.documents.kinds.base import Content, Line, Link, Text
from qms.documents.kinds.parts import LegalReference, legal_links


class Genre(StrEnum):
    """What kind of text it is."""

    POLICY = "policy"
    OBJECTIVES = "objectives"
    MANUAL = "manual"
    PROCEDURE = "procedure"
    REGULATION = "regulation"
    INSTRUCTION = "instruction"
    DECLARATION = "declaration"
    NOTICE = "notice"


POSTED: Final = frozenset({Genre.DECLARATION, Genre.NOTICE})
"""What is written to be posted; it need not answer to a clause of the standard."""


class WrittenText(Content):
    """Markdown of headings, paragraphs, lists and tables, and the clauses it answers to."""

    kind: Literal["text"] = "text"
    genre: Genre
    edition: Line = ""
    clauses: tuple[Line, ...] = ()
    based_on: tuple[Line, ...] = ()
    legal_basis: tuple[LegalReference, ...] = ()
    body: Text = ""

    def sections(self) -> list[Section]:
        """Return one section per heading; what stands before the first is the opening."""
        found: list[Section] = []
        name, lines = "", list[str]()
        for line in self.body.split("\n"):
            if line.startswith("#"):
                found.append(Section(f"part{len(found)}", name, _blocks(lines)))
                name, lines = line.lstrip("# ").strip(), []
            else:
                lines.append(line)
        found.append(Section(f"part{len(found)}", name, _blocks(lines)))
        named = (("Ấn bản", self.edition), ("Điều khoản", ", ".join(self.clauses)))
        facts = (f"{label}: {said}" for label, said in named if said)
        legal = (f"{each.number} {each.name}".strip() for each in self.legal_basis)
        grounds = (*facts, *self.based_on, *legal, self.label)
        head = Section("head", "Thông tin chung", tuple(Paragraph(g) for g in grounds if g))
        return [head, *(part for part in found if part.label or part.blocks)]

    def words(self) -> str:
        """Return the body without its marks, and what it is based on."""
        body = (line.lstrip("#->*| ").replace("**", "") for line in self.body.split("\n"))
        legal = (f"{each.number} {each.name}" for each in self.legal_basis)
        return "\n".join((*body, *self.based_on, *legal))

    def links(self) -> list[Link]:
        """Return the legal texts on record here."""
        return legal_links(self.legal_basis, "legal_basis")


def _blocks(lines: list[str]) -> tuple[Block, ...]:
    """Return paragraphs, and runs of lines with bars as tables."""
    blocks: list[Block] = []
    rows: list[tuple[str, ...]] = []
    for line in [*lines, ""]:
        if line.startswith("|"):
            cells = tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
            if any(set(cell) - set("-: ") for cell in cells):
                rows.append(cells)
            continue
        if rows:
            blocks.append(Table(rows[0], tuple(rows[1:]), key=0))
            rows = []
        if line.strip():
            blocks.append(Paragraph(line.strip()))
    return tuple(blocks)
