"""Workbooks from outside: opened only when they are small, plain and whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from qms.blanks.packages import BROKEN
from qms.errors import InvalidError

LARGEST: Final = 5_000_000
"""Bytes a workbook may have."""
LARGEST_INSIDE: Final = 12_000_000
"""Bytes of XML it may unpack to; openpyxl needs some twenty times as much."""
MOST_PARTS: Final = 500
MOST_CELLS: Final = 200_000
"""Cells of all sheets, those under merged ones included."""
MOST_ROWS: Final = 5_000
MOST_COLUMNS: Final = 40

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class Sheet:
    """The cells of one sheet by row and column, both from 1; merged cells filled downwards."""

    name: str
    rows: dict[int, dict[int, object]]
    wide: frozenset[int]
    """Rows with a cell merged over three columns or more: headings of groups."""


def sheets(name: str, data: bytes) -> Iterator[Sheet]:
    """Give the visible sheets of the workbook ``name``.

    Raises:
        InvalidError: it is none, is locked, holds macros, or is too large; says what to do.

    """
    _check(name, data)
    try:
        book = load_workbook(BytesIO(data), data_only=True, keep_links=False)
    except Exception as error:  # openpyxl raises whatever the broken XML leads it to
        raise _broken(name) from error
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            yield _read(name, sheet)


def _check(name: str, data: bytes) -> None:
    if len(data) > LARGEST:
        raise _too_large(name)
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise InvalidError(
                "Tệp %(file)s có mật khẩu. Hãy bỏ mật khẩu rồi tải lên lại.", file=name
            )
        raise InvalidError(
            "Tệp %(file)s thuộc dạng Excel cũ (.xls). Hãy lưu lại thành .xlsx.", file=name
        )
    try:
        with ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if sum(p.file_size for p in parts) > LARGEST_INSIDE or len(parts) > MOST_PARTS:
                raise _too_large(name)
            if any(part.flag_bits & 1 for part in parts):
                raise InvalidError(
                    "Tệp %(file)s có mật khẩu. Hãy bỏ mật khẩu rồi tải lên lại.", file=name
                )
            types = archive.read("[Content_Types].xml")
            if sum(_cells(archive.read(part)) for part in parts) > MOST_CELLS:
                raise _too_large(name)
    except (KeyError, *BROKEN) as error:
        raise _broken(name) from error
    if b"macroEnabled" in types or any(part.endswith("vbaProject.bin") for part in names):
        raise InvalidError(
            "Tệp %(file)s có macro. Hãy lưu lại thành .xlsx (không macro).", file=name
        )


def _cells(part: bytes) -> int:
    """Return how many cells openpyxl would make of a part; it fills merged ranges one by one."""
    count = 0

    def seen(tag: str, values: dict[str, str]) -> None:
        nonlocal count
        kind = tag.rpartition(":")[2]
        if kind == "c":
            count += 1
        elif kind == "mergeCell":
            left, top, right, bottom = range_boundaries(values.get("ref", "A1"))
            count += ((right or 1) - (left or 1) + 1) * ((bottom or 1) - (top or 1) + 1)

    def doctype(*_: object) -> None:
        raise BadZipFile("A workbook declares no entities.")

    parser = ParserCreate()
    parser.StartElementHandler = seen
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(part, True)  # noqa: FBT003 - the last piece
    except (ExpatError, ValueError):
        return count
    return count


def _read(name: str, sheet: Worksheet) -> Sheet:
    rows: dict[int, dict[int, object]] = {}
    if sheet.max_row > MOST_ROWS:
        raise InvalidError(
            "Tệp %(file)s: trang “%(sheet)s” có hơn %(most)s dòng. Hãy xóa các dòng trống ở "
            "cuối hoặc tách danh mục.",
            file=name,
            sheet=sheet.title,
            most=MOST_ROWS,
        )
    for line in sheet.iter_rows(max_col=min(sheet.max_column, MOST_COLUMNS)):
        for cell in line:
            if cell.value is not None and str(cell.value).strip():
                rows.setdefault(cell.row, {})[cell.column] = cell.value
    wide = set[int]()
    for merged in sheet.merged_cells.ranges:
        if merged.max_col - merged.min_col >= 2:  # noqa: PLR2004 - three columns
            wide.add(merged.min_row)
        filled = rows.get(merged.min_row, {}).get(merged.min_col)
        if filled is not None:
            for row in range(merged.min_row + 1, min(merged.max_row, MOST_ROWS) + 1):
                rows.setdefault(row, {}).setdefault(merged.min_col, filled)
    return Sheet(sheet.title, rows, frozenset(wide))


def _broken(name: str) -> InvalidError:
    return InvalidError(
        "Tệp %(file)s không phải là bảng tính Excel (.xlsx) hoặc đã hỏng. Hãy mở bằng Excel "
        "rồi lưu lại thành .xlsx.",
        file=name,
    )


def _too_large(name: str) -> InvalidError:
    return InvalidError(
        "Tệp %(file)s quá lớn cho một danh mục. Hãy bỏ hình ảnh và các trang không cần, hoặc "
        "tách danh mục.",
        file=name,
    )
