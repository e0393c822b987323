"""A list as a workbook: real dates, a head that stays, nothing that a cell could do by itself."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from qms.registers.rules import Cell, Row

TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FONT: Final = "Times New Roman"
_CHARACTERS: Final = 1.45
"""Characters of a column for each hundredth of the width."""
_LONGEST: Final = 32_767
_NOT_IN_NAMES: Final = re.compile(r"[\\/?*\[\]:]")
"""Signs that no sheet may have in its name."""
_NUMBER_WIDTH: Final = 6
_A4: Final = 9
_FONTS: Final = {bold: Font(name=FONT, size=12, bold=bold) for bold in (False, True)}
_LINE: Final = Side(style="thin", color="808080")
_BOX: Final = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_WRAP: Final = Alignment(wrap_text=True, vertical="top")
_MIDDLE: Final = Alignment(wrap_text=True, vertical="center", horizontal="center")
_GREY: Final = PatternFill("solid", fgColor="ECECEC")


@dataclass(frozen=True)
class Leaf:
    """One sheet of a workbook: its name, columns with widths in hundredths, and lines."""

    name: str
    columns: Sequence[tuple[str, int]]
    rows: Sequence[tuple[Cell, ...]]


def written(
    heading: Sequence[str],
    title: str,
    words: str,
    columns: Sequence[tuple[str, int]],
    rows: Sequence[Row],
    signers: Sequence[str],
) -> bytes:
    """Return the workbook of a list: who keeps it, what it is, its lines, places to sign.

    ``words`` say for which day it holds; ``columns`` are headings and widths in hundredths.
    """
    leaf = Leaf(title, columns, [row.cells for row in rows])
    return bound(heading, title, words, [leaf], signers)


def bound(
    heading: Sequence[str],
    title: str,
    words: str,
    leaves: Sequence[Leaf],
    signers: Sequence[str],
) -> bytes:
    """Return a workbook of several sheets under one title, signed on the first, which is the main one."""
    book = Workbook(write_only=True)
    for place, leaf in enumerate(leaves):
        sheet = _leaf(book, heading, title, words, leaf)
        if not place:
            _sign(sheet, len(leaf.columns), signers)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _leaf(
    book: Workbook,
    heading: Sequence[str],
    title: str,
    words: str,
    leaf: Leaf,
) -> Any:  # noqa: ANN401 - a sheet
    sheet: Any = book.create_sheet(named(leaf.name))
    sheet.column_dimensions["A"].width = _NUMBER_WIDTH
    for place, (_, width) in enumerate(leaf.columns, 2):
        sheet.column_dimensions[get_column_letter(place)].width = width * _CHARACTERS
    above = [*heading, "", title.upper(), words, ""]
    sheet.freeze_panes = f"A{len(above) + 2}"
    sheet.print_title_rows = f"{len(above) + 1}:{len(above) + 1}"
    on_a4(sheet, "landscape")
    for each in above:
        sheet.append([_plain(sheet, each, bold=each != words)])
    sheet.append(
        [_head(sheet, label) for label in ("TT", *(label for label, _ in leaf.columns))]
    )
    for number, cells in enumerate(leaf.rows, 1):
        sheet.append([_boxed(sheet, cell) for cell in (number, *cells)])
    return sheet


def _sign(sheet: Any, columns: int, signers: Sequence[str]) -> None:  # noqa: ANN401
    sheet.append([])
    step = max((columns + 1) // len(signers), 1)
    line: list[Any] = [None] * (columns + 1)
    for place, signer in enumerate(signers):
        line[min(place * step + 1, columns)] = _plain(sheet, signer, bold=True)
    sheet.append(line)


def named(name: str) -> str:
    """Return a name that a sheet may have."""
    return _NOT_IN_NAMES.sub("-", name)[:31]


def on_a4(sheet: Any, orientation: str) -> None:  # noqa: ANN401 - a sheet of either kind
    """Let a sheet be printed on A4 as wide as the page is."""
    sheet.page_setup.orientation = orientation
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def fill(cell: Any, value: Cell) -> None:  # noqa: ANN401 - a cell
    """Put a value into a cell so that it is only read, never reckoned."""
    if isinstance(value, str):
        cell.value = value[:_LONGEST]
        cell.data_type = "s"
        # A text stays a text when somebody clicks into it, whatever it begins with.
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
    else:
        cell.value = value
    if isinstance(value, date):
        cell.number_format = "dd/mm/yyyy"


def _plain(sheet: Any, value: Cell, *, bold: bool = False) -> Any:  # noqa: ANN401 - a cell
    cell: Any = WriteOnlyCell(sheet)
    fill(cell, value)
    cell.font = _FONTS[bold]
    return cell


def _head(sheet: Any, words: str) -> Any:  # noqa: ANN401
    cell = _plain(sheet, words, bold=True)
    cell.alignment, cell.border, cell.fill = _MIDDLE, _BOX, _GREY
    return cell


def _boxed(sheet: Any, value: Cell) -> Any:  # noqa: ANN401
    cell = _plain(sheet, value)
    cell.alignment, cell.border = _WRAP, _BOX
    return cell
