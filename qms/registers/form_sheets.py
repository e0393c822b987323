"""A filled form as a workbook: one upright A4 sheet with the lines and tables its paper has."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from math import ceil
from typing import Any, Final, TypeAlias

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from qms.registers.rules import Cell
from qms.registers.sheets import FONT, fill, named, on_a4

_WIDTHS: Final = (5, 21, 27, 10, 12, 13)
_ALL: Final = (1, 6)
_LEFT, _RIGHT = (1, 2), (3, 6)
_TABLE: Final = ((1, 1), (2, 3), (4, 5), (6, 6))
"""The columns of the sheet that each column of a table takes."""
_SIGNING: Final = {2: ((1, 2), (4, 6)), 3: ((1, 2), (3, 3), (4, 6))}
_LINE_HEIGHT: Final = 16.5
_TALLEST: Final = 409.0
_ROOM_TO_SIGN: Final = 60.0
_BLANK_ROWS: Final = 2
_LINE: Final = Side(style="thin", color="808080")
_BOX: Final = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_GREY: Final = PatternFill("solid", fgColor="ECECEC")


@dataclass(frozen=True)
class Part:
    """The heading of a part."""

    words: str


@dataclass(frozen=True)
class Fact:
    """A line of the form: its label, and what is filled in."""

    label: str
    value: Cell


@dataclass(frozen=True)
class Said:
    """A paragraph as wide as the sheet; ``by`` says who wrote it and when."""

    words: str
    by: str = ""


@dataclass(frozen=True)
class Table:
    """A table of up to three columns beside the number; without rows it has room to write."""

    labels: tuple[str, str, str]
    rows: Sequence[tuple[Cell, Cell, Cell]]


Block: TypeAlias = Part | Fact | Said | Table


@dataclass(frozen=True)
class FilledForm:
    """What stands on the sheet; ``signers`` are two or three titles, each with a name or none."""

    office: Sequence[str]
    place: str
    number: str
    title: str
    about: str
    blocks: Sequence[Block]
    signers: Sequence[tuple[str, str]]
    foot: str = field(default="")


def written(form: FilledForm) -> bytes:
    """Return a filled form as XLSX."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = named(form.number)
    on_a4(sheet, "portrait")
    sheet.oddFooter.left.text = form.foot
    sheet.oddFooter.right.text = "Trang &P/&N"
    for letter, width in zip("ABCDEF", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    writer = _Writer(sheet)
    writer.head(form)
    for block in form.blocks:
        writer.block(block)
    writer.signers(form.signers)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


class _Writer:
    """Writes a sheet from the top down."""

    def __init__(self, sheet: Any) -> None:  # noqa: ANN401 - openpyxl has no types
        self.sheet, self.row = sheet, 0

    def head(self, form: FilledForm) -> None:
        """Write who speaks, the motto, the title."""
        nation = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
        above = [*(each.upper() for each in form.office), *([""] * (2 - len(form.office)))]
        for place, office in enumerate(above):
            state = nation[place] if place < len(nation) else ""
            last = place == len(form.office) - 1
            self.line((_LEFT, office, last), (_RIGHT, state, True), middle=True)
        number = f"Số: {form.number}"
        self.line((_LEFT, number, False), (_RIGHT, form.place, False), middle=True)
        self.row += 1
        self.line((_ALL, form.title.upper(), True), middle=True)
        self.line((_ALL, form.about, False), middle=True)
        self.row += 1

    def block(self, block: Block) -> None:
        """Write one block."""
        if isinstance(block, Part):
            self.line((_ALL, block.words, True))
        elif isinstance(block, Fact):
            self.line((_LEFT, block.label, False), (_RIGHT, block.value, False), boxed=True)
        elif isinstance(block, Said):
            for words in (*block.words.splitlines(), *filter(None, (block.by,))):
                self.line((_ALL, words, False))
        else:
            self.table(block)

    def table(self, table: Table) -> None:
        """Write the head of a table and its rows."""
        labels = zip(_TABLE, ("TT", *table.labels), strict=True)
        self.line(*((span, label, True) for span, label in labels), boxed=True, middle=True)
        for cell in self.sheet[self.row]:
            cell.fill = _GREY
        empty: tuple[Cell, Cell, Cell] = ("", "", "")
        for number, cells in enumerate(table.rows or [empty] * _BLANK_ROWS, 1):
            filled = zip(_TABLE, (number, *cells), strict=True)
            self.line(*((span, cell, False) for span, cell in filled), boxed=True)

    def signers(self, signers: Sequence[tuple[str, str]]) -> None:
        """Write who signs, with room for the hand."""
        spans = _SIGNING[len(signers)]
        self.row += 1
        self.line(
            *((s, title, True) for s, (title, _) in zip(spans, signers, strict=True)),
            middle=True,
        )
        self.line(*((span, "(Ký, ghi rõ họ tên)", False) for span in spans), middle=True)
        self.row += 1
        self.sheet.row_dimensions[self.row].height = _ROOM_TO_SIGN
        self.line(
            *((s, name, True) for s, (_, name) in zip(spans, signers, strict=True)), middle=True
        )

    def line(
        self,
        *cells: tuple[tuple[int, int], Cell, bool],
        boxed: bool = False,
        middle: bool = False,
    ) -> None:
        """Write a row: which columns a cell takes, what it says, whether bold."""
        self.row += 1
        height = 1
        for (first, last), value, bold in cells:
            cell = self.sheet.cell(self.row, first)
            fill(cell, value)
            cell.font = Font(name=FONT, size=12, bold=bold)
            cell.alignment = Alignment(
                wrap_text=True, vertical="top", horizontal="center" if middle else "left"
            )
            for column in range(first, last + 1) if boxed else ():
                self.sheet.cell(self.row, column).border = _BOX
            if last > first:
                self.sheet.merge_cells(None, self.row, first, self.row, last)
            height = max(height, _lines(value, sum(_WIDTHS[first - 1 : last])))
        self.sheet.row_dimensions[self.row].height = min(height * _LINE_HEIGHT, _TALLEST)


def _lines(value: Cell, width: int) -> int:
    """Return how many lines a value takes: programs do not reckon that for joined cells."""
    text = value if isinstance(value, str) else ""
    return sum(max(ceil(len(each) / width), 1) for each in text.split("\n"))
