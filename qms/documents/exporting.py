"""A text of any kind as the pieces a printed page is made of. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import isqrt
from typing import Final, Literal

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from qms.documents import comparison
from qms.documents.kinds.base import Content
from qms.documents.kinds.text import WrittenText
from qms.vietnamese import day

UNCONTROLLED: Final = "BẢN IN KHÔNG KIỂM SOÁT"
DRAFT: Final = "DỰ THẢO – chưa ký, không có giá trị thi hành"

_NARROWEST: Final = 3
"""Letters of the narrowest column."""
_WHOLE: Final = 6
"""Letters of the longest word that is never broken between two lines."""
_LETTER: Final = 2
"""Hundredths of the page that one letter takes at most."""
_EDGES: Final = 2
"""Hundredths of the page that the edges of a cell take."""
_MOST_UPRIGHT: Final = 6
"""Columns of a table that stand beside each other on an upright page."""

_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


@dataclass(frozen=True)
class Run:
    """Words in one style."""

    text: str
    bold: bool = False
    slanted: bool = False


Words = tuple[Run, ...]


@dataclass(frozen=True)
class Piece:
    """A heading, a paragraph, an item of a list, or a table whose first row is its head.

    ``level`` counts headings, and lists within lists; ``number`` is an item's in a numbered
    list, ``first`` whether the list begins with it.
    """

    kind: Literal["heading", "paragraph", "item", "table"]
    words: Words = ()
    level: int = 0
    number: int | None = None
    first: bool = False
    rows: tuple[tuple[Words, ...], ...] = ()
    widths: tuple[int, ...] = ()
    """Of the columns of a table, in hundredths."""


@dataclass(frozen=True)
class Sheet:
    """All that a printed text says. ``mark`` stands on each page: what the paper is worth."""

    title: str
    code: str
    kind: str
    office: str
    above: str
    issue: str
    amendment: str
    days: str
    mark: str
    remark: str
    pieces: tuple[Piece, ...] = field(repr=False)

    @property
    def wide(self) -> bool:
        """Whether a table asks for the long side of the paper."""
        return any(len(each.widths) > _MOST_UPRIGHT for each in self.pieces)


@dataclass(frozen=True)
class Standing:
    """From when to when a text is in force; a draft on neither, a corrected one nowhere."""

    draft: bool = False
    first: date | None = None
    last: date | None = None

    def days(self) -> str:
        """Return the days in words, for the head of the page."""
        if self.first is None:
            return "chưa có"
        begun = day(self.first)
        return begun if self.last is None else f"{begun}, đến hết {day(self.last)}"

    def mark(self, today: date) -> str:
        """Return what a print of it is worth on a day."""
        if self.draft:
            return DRAFT
        if self.first is None:
            return "KHÔNG CÒN GIÁ TRỊ – đã được đính chính hoặc hủy"
        if self.first > today:
            return f"CHƯA CÓ HIỆU LỰC – có hiệu lực từ {day(self.first)}"
        if self.last is not None and self.last < today:
            return f"HẾT HIỆU LỰC từ {day(self.last + timedelta(days=1))}"
        return UNCONTROLLED


def pieces(content: Content) -> tuple[Piece, ...]:
    """Return the parts of a content in reading order."""
    if not isinstance(content, WrittenText):
        return tuple(_of_sections(content.sections()))
    head = [part for part in content.sections() if part.name == "head"]
    return (*(each for part in head for each in _of_blocks(part)), *body_pieces(content))


def body_pieces(content: WrittenText) -> tuple[Piece, ...]:
    """Return what a written text says, without what it is based on."""
    return tuple(_of_nodes(_parsed(content.body)))


def _of_sections(sections: Sequence[comparison.Section]) -> Iterator[Piece]:
    for section in sections:
        if section.blocks:
            yield Piece("heading", (Run(section.label),), 1)
            yield from _of_blocks(section)


def _of_blocks(section: comparison.Section) -> Iterator[Piece]:
    for block in section.blocks:
        if isinstance(block, comparison.Paragraph):
            yield Piece("paragraph", (Run(block.text),))
        else:
            rows = _filled(block)
            yield _table(tuple(tuple((Run(c),) for c in row) for row in rows))


def _filled(table: comparison.Table) -> list[list[str]]:
    """Return head and rows without the columns in which nothing is said."""
    said = [at for at in range(len(table.head)) if any(row[at] for row in table.rows)]
    return [[row[at] for at in said] for row in (table.head, *table.rows)]


def _table(rows: tuple[tuple[Words, ...], ...]) -> Piece:
    """Return a table whose columns are as wide as what stands in them asks for."""
    columns = max(map(len, rows))
    said = [
        ["".join(run.text for run in row[at]) for row in rows if at < len(row)]
        for at in range(columns)
    ]
    longest = [
        max(len(word) for cell in cells for word in (*cell.split(), "")) for cells in said
    ]
    asked = [
        max(_NARROWEST, letters) + isqrt(max(map(len, cells)) * 8)
        for letters, cells in zip(longest, said, strict=True)
    ]
    widths = [100 * each // sum(asked) for each in asked]
    for at, letters in enumerate(longest):
        lacking = min(letters, _WHOLE) * _LETTER + _EDGES - widths[at]
        if lacking > 0:
            widths[widths.index(max(widths))] -= lacking
            widths[at] += lacking
    return Piece("table", rows=rows, widths=tuple(widths))


def _parsed(body: str) -> Sequence[SyntaxTreeNode]:
    return SyntaxTreeNode(_MARKDOWN.parse(body)).children


def _of_nodes(nodes: Sequence[SyntaxTreeNode], level: int = 0) -> Iterator[Piece]:
    """Return the pieces of a Markdown text; ``level`` counts the lists they stand in."""
    for node in nodes:
        if node.type == "heading":
            yield Piece("heading", _words(node), int(node.tag[1]))
        elif node.type == "paragraph":
            yield Piece("paragraph", _words(node), level)
        elif node.type in {"bullet_list", "ordered_list"}:
            yield from _items(node, level + 1)
        elif node.type == "table":
            rows = (row for part in node.children for row in part.children)
            yield _table(tuple(tuple(map(_words, row.children)) for row in rows))
        elif node.type in {"fence", "code_block"}:
            yield Piece("paragraph", (Run(node.content.strip()),), level)
        else:
            yield from _of_nodes(node.children, level)


def _items(node: SyntaxTreeNode, level: int) -> Iterator[Piece]:
    start = int(str(node.attrs.get("start", 1))) if node.type == "ordered_list" else None
    for place, item in enumerate(node.children):
        inside = list(_of_nodes(item.children, level))
        said = inside.pop(0).words if inside and inside[0].kind == "paragraph" else ()
        number = None if start is None else start + place
        yield Piece("item", said, level, number, first=not place)
        yield from inside


def _words(node: SyntaxTreeNode) -> Words:
    return tuple(run for inline in node.children for run in _runs(inline, Run("")))


def _runs(node: SyntaxTreeNode, style: Run) -> Iterator[Run]:
    if node.type in {"text", "code_inline"}:
        yield replace(style, text=node.content)
    elif node.type in {"softbreak", "hardbreak"}:
        yield replace(style, text=" " if node.type == "softbreak" else "\n")
    else:
        bold = style.bold or node.type == "strong"
        inner = Run("", bold=bold, slanted=style.slanted or node.type == "em")
        for each in node.children:
            yield from _runs(each, inner)
        if node.type == "link":
            yield replace(style, text=f" ({node.attrs.get('href', '')})")
