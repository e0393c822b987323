"""The list of documents an office kept in Excel (danh mục tài liệu), in and as a blank."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel

from qms.documents.rules import TITLE_LENGTH
from qms.errors import InvalidError
from qms.library.workbook import Sheet, sheets
from qms.text import fold, nfc
from qms.vietnamese import UnreadableError, parse_day

HEADING_WITHIN: Final = 20
"""Rows from the top among which the headings are looked for."""

_HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "code": ("ma hieu", "ma so", "ma tai lieu", "ky hieu", "ma", "ma thu tuc", "ma van ban"),
    "title": ("ten tai lieu", "ten van ban", "ten quy trinh", "ten thu tuc", "ten", "ten goi"),
    "both": ("lan bh sd", "lan ban hanh sua doi", "lan bh lan sd", "ban hanh sua doi", "bh sd"),
    "issue": ("lan ban hanh", "lan bh"),
    "amendment": ("lan sua doi", "lan sd"),
    "in_force": ("ngay hieu luc", "ngay co hieu luc", "hieu luc tu ngay", "hieu luc tu"),
    "number": ("so quyet dinh", "quyet dinh so", "so qd", "quyet dinh", "qd ban hanh"),
    "dated": ("ngay quyet dinh", "quyet dinh ngay", "ngay qd", "ngay ban hanh", "ngay ky"),
}
_NEEDED: Final = ("code", "title", "in_force")
_SHOWN: Final[Mapping[str, str]] = {
    "code": "Mã hiệu",
    "title": "Tên tài liệu",
    "both": "Lần BH/SĐ",
    "in_force": "Ngày hiệu lực",
    "number": "Số quyết định",
    "dated": "Ngày quyết định",
}
_WIDTHS: Final = (16, 60, 12, 16, 22, 18)
_PAIR: Final = re.compile(r"0*(\d{1,3})\s*[/.-]\s*0*(\d{1,3})")
_FORMAL_DAY: Final = re.compile(
    r"(?i)(?:ngày\s*)?(\d{1,2})\s*tháng\s*(\d{1,2})\s*năm\s*(\d{4})"
)
_FORMULA_FAULT: Final = re.compile(r"#(?:REF!|N/A|NAME\?|VALUE!|DIV/0!|NULL!|NUM!)")
_SERIALS: Final = range(20_000, 80_000)
"""Days as Excel counts them, from 1954 to 2119."""
CODE_LENGTH: Final = 60
"""Letters a code of a document may have."""


@dataclass(frozen=True)
class Row:
    """One document of the list; None and empty where the list does not say."""

    line: int
    code: str
    title: str
    in_force: date
    issue: int | None = None
    amendment: int | None = None
    number: str = ""
    dated: date | None = None


@dataclass(frozen=True)
class MasterList:
    """What could be read, and one sentence for each cell that could not."""

    rows: tuple[Row, ...]
    problems: tuple[InvalidError, ...]


def read(name: str, data: bytes) -> MasterList:
    """Return the documents listed in the workbook ``name``.

    Raises:
        InvalidError: it is no workbook that can be read, or has no such headings.

    """
    for sheet in sheets(name, data):
        if (found := _headings(sheet)) is not None:
            line, columns = found
            return _Reader(sheet, columns).read(line)
    raise InvalidError(
        "Tệp %(file)s: không thấy dòng tiêu đề trong %(most)s dòng đầu. Cần có các cột: Mã "
        "hiệu, Tên tài liệu, Ngày hiệu lực.",
        file=name,
        most=HEADING_WITHIN,
    )


def template() -> bytes:
    """Return a blank workbook with the headings that are read."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Danh mục"
    sheet.append(list(_SHOWN.values()))
    for column, width in enumerate(_WIDTHS, 1):
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = width
        key = list(_SHOWN)[column - 1]
        shape = "dd/mm/yyyy" if key in {"in_force", "dated"} else "@"
        for line in range(2, 502):
            sheet.cell(line, column).number_format = shape
        head = sheet.cell(1, column)
        head.font = Font(bold=True)
        head.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    sheet.freeze_panes = "A2"
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _headings(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """Return the last row of the headings and the column of each, or None."""
    best: tuple[int, dict[str, int]] | None = None
    for line in range(1, HEADING_WITHIN + 1):
        for last in (line, line + 1):
            found = _columns(sheet, range(line, last + 1))
            if all(key in found for key in _NEEDED) and (
                best is None or len(found) > len(best[1])
            ):
                best = last, found
    return best


def _columns(sheet: Sheet, lines: Iterable[int]) -> dict[str, int]:
    words: dict[int, list[str]] = {}
    spread = ""
    for line in lines:
        cells = sheet.rows.get(line, {})
        for column in range(1, max(cells, default=0) + 1):
            said = fold(str(cells.get(column, "")))
            words.setdefault(column, [])
            if said and said not in words[column]:
                words[column].append(said)
    found: dict[str, int] = {}
    for column in sorted(words):
        own = words[column]
        spread = own[0] if len(own) > 1 else spread
        spellings = {" ".join(own), f"{spread} {' '.join(own)}".strip(), *own[-1:]}
        for key, known in _HEADINGS.items():
            if key not in found and spellings & set(known):
                found[key] = column
                break
    return found


class _Reader:
    """Reads the rows below the headings and keeps what is wrong with them."""

    def __init__(self, sheet: Sheet, columns: dict[str, int]) -> None:
        self.sheet = sheet
        self.columns = columns
        self.problems: list[InvalidError] = []
        self.seen: dict[str, str] = {}

    def read(self, heading: int) -> MasterList:
        """Return all rows below ``heading``."""
        rows = [
            row
            for line in sorted(self.sheet.rows)
            if line > heading and (row := self._row(line)) is not None
        ]
        if not rows and not self.problems:
            self.problems.append(
                InvalidError("Không có tài liệu nào dưới dòng tiêu đề %(line)s.", line=heading)
            )
        return MasterList(tuple(rows), tuple(self.problems))

    def _row(self, line: int) -> Row | None:
        cells = self.sheet.rows[line]
        said = {key for key, column in self.columns.items() if column in cells}
        if not said or self._is_group(line, said):
            return None
        before = len(self.problems)
        for key in said:
            if _FORMULA_FAULT.fullmatch(typed := self._text(line, key)):
                self._wrong(
                    "Ô %(cell)s: công thức báo lỗi %(typed)s. Hãy sửa hoặc gõ giá trị.",
                    cell=self._cell(line, key),
                    typed=typed,
                )
        if len(self.problems) > before:
            return None
        code = self._code(line)
        title = self._title(line)
        in_force = self._day(line, "in_force", needed=True)
        issue, amendment = self._numbers(line)
        number = self._text(line, "number")
        dated = self._day(line, "dated", needed=False)
        if len(self.problems) > before or in_force is None:
            return None
        return Row(line, code, title, in_force, issue, amendment, number, dated)

    def _is_group(self, line: int, said: set[str]) -> bool:
        """Tell headings of groups, signatures and remarks from documents."""
        if said - {"code", "title"}:
            return not said & {"code", "title"}
        numbered = any(letter.isdigit() for letter in self._text(line, "code"))
        return not numbered or line in self.sheet.wide

    def _code(self, line: int) -> str:
        value = self._value(line, "code")
        cell = self._cell(line, "code")
        if isinstance(value, float):
            self._wrong(
                "Ô %(cell)s: mã %(typed)s đang là số nên có thể đã mất số 0 ở cuối. Hãy định "
                "dạng cột là Văn bản (Text) rồi gõ lại mã.",
                cell=cell,
                typed=value,
            )
            return ""
        code = self._text(line, "code")
        if not code:
            self._wrong("Ô %(cell)s: thiếu mã hiệu.", cell=cell)
        elif len(code) > CODE_LENGTH:
            self._wrong("Ô %(cell)s: mã dài quá %(most)s ký tự.", cell=cell, most=CODE_LENGTH)
        elif (first := self.seen.setdefault(code.casefold(), cell)) != cell:
            self._wrong(
                "Ô %(cell)s: mã %(code)s đã có ở ô %(first)s. Mỗi tài liệu chỉ một dòng.",
                cell=cell,
                code=code,
                first=first,
            )
        return code

    def _title(self, line: int) -> str:
        title = self._text(line, "title")
        cell = self._cell(line, "title")
        if not title:
            self._wrong("Ô %(cell)s: thiếu tên tài liệu.", cell=cell)
        elif len(title) > TITLE_LENGTH:
            self._wrong("Ô %(cell)s: tên dài quá %(most)s ký tự.", cell=cell, most=TITLE_LENGTH)
        return title

    def _numbers(self, line: int) -> tuple[int | None, int | None]:
        if "both" not in self.columns:
            return self._count(line, "issue", 1), self._count(line, "amendment", 0)
        text = self._text(line, "both")
        if not text:
            return None, None
        cell = self._cell(line, "both")
        if isinstance(self._value(line, "both"), datetime):
            self._wrong(
                "Ô %(cell)s: Excel đã đổi lần ban hành/sửa đổi thành ngày. Hãy định dạng cột "
                "là Văn bản (Text) rồi gõ lại, ví dụ 01/00.",
                cell=cell,
            )
            return None, None
        if text.isdecimal():
            text = f"{text}/0"
        pair = _PAIR.fullmatch(text)
        if pair is None or int(pair[1]) < 1:
            self._wrong(
                "Ô %(cell)s: “%(typed)s” không phải là lần ban hành/sửa đổi. Hãy viết như "
                "01/00.",
                cell=cell,
                typed=text,
            )
            return None, None
        return int(pair[1]), int(pair[2])

    def _count(self, line: int, key: str, least: int) -> int | None:
        text = self._text(line, key).removesuffix(".0") if key in self.columns else ""
        if not text:
            return None
        if not (text.isdecimal() and text.isascii()) or not least <= int(text) <= 999:  # noqa: PLR2004 - as printed
            self._wrong(
                "Ô %(cell)s: “%(typed)s” không phải là số lần. Hãy viết một số, ví dụ 01.",
                cell=self._cell(line, key),
                typed=text,
            )
            return None
        return int(text)

    def _day(self, line: int, key: str, *, needed: bool) -> date | None:
        value = self._value(line, key)
        cell = self._cell(line, key) if key in self.columns else ""
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, int | float) and int(value) in _SERIALS:
            made = from_excel(int(value))
            return made.date() if isinstance(made, datetime) else None
        text = self._text(line, key)
        if not text:
            if needed:
                self._wrong("Ô %(cell)s: thiếu ngày hiệu lực.", cell=cell)
            return None
        try:
            return parse_day(_FORMAL_DAY.sub(r"\1/\2/\3", text).replace(".", "/"))
        except UnreadableError as error:
            self.problems.append(
                InvalidError(
                    "Ô %(cell)s: %(typed)s không phải là ngày có thật.",
                    cell=cell,
                    typed=text,
                    parts=(error,),
                )
            )
            return None

    def _text(self, line: int, key: str) -> str:
        value = self._value(line, key)
        return "" if value is None else " ".join(nfc(str(value)).split())

    def _value(self, line: int, key: str) -> object:
        column = self.columns.get(key)
        return None if column is None else self.sheet.rows[line].get(column)

    def _cell(self, line: int, key: str) -> str:
        return f"{get_column_letter(self.columns[key])}{line}"

    def _wrong(self, sentence: str, **values: str | float) -> None:
        self.problems.append(InvalidError(sentence, parts=(), gate="", **values))
