"""Fee schedules as workbooks: written to be edited, read back as if they were typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from qms.documents.kinds import fee_editor
from qms.documents.kinds.fees import Channel, FeeLine, FeeType, Picks, Rate
from qms.documents.kinds.parts import Mark
from qms.documents.kinds.procedure import CHANNEL_WORDS, MARK_WORDS, RATE_WORDS
from qms.documents.kinds.typing import Typed
from qms.errors import InvalidError
from qms.library.workbook import Sheet, sheets
from qms.text import fold, nfc
from qms.vietnamese import day

TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS: Final[Mapping[str, tuple[str, int]]] = {
    "name": ("Tên phí, lệ phí", 34),
    "type": ("Loại", 10),
    "procedure": ("Mã thủ tục", 14),
    "case": ("Trường hợp", 30),
    "channels": ("Hình thức nộp", 22),
    "rate": ("Mức thu", 14),
    "amount": ("Số tiền", 12),
    "steps": ("Các bậc", 18),
    "cap": ("Tối đa", 12),
    "unit": ("Đơn vị tính", 20),
    "first_day": ("Ngày đầu", 12),
    "last_day": ("Ngày cuối", 12),
    "territory": ("Địa bàn", 24),
    "units": ("Địa chỉ các đơn vị", 20),
    "exemptions": ("Miễn, giảm", 30),
    "legal_basis": ("Căn cứ", 36),
    "picked_by": ("Mức tính theo", 16),
    "transition": ("Chuyển tiếp", 28),
    "note": ("Ghi chú", 30),
    "mark": ("Độ tin cậy", 16),
    "source": ("Nguồn", 30),
}
"""The columns by the name of the field: heading and width."""
TYPES: Final = {
    FeeType.FEE: "Phí",
    FeeType.CHARGE: "Lệ phí",
    FeeType.UNSAID: "Không rõ",
}
RATES: Final = {Rate.AMOUNT: "Số tiền", Rate.STEPS: "Theo bậc", **RATE_WORDS}
PICKS: Final = {Picks.DECISION: "Ngày quyết định", Picks.SUBMISSION: "Ngày nộp hồ sơ"}
MARKS: Final[Mapping[Mark, str]] = MARK_WORDS
_CHOICES: Final[Mapping[str, Mapping[str, str]]] = {
    name: {fold(said): key.value for key, said in words.items()}
    for name, words in (
        ("type", TYPES),
        ("rate", RATES),
        ("picked_by", PICKS),
        ("mark", MARKS),
    )
}
_CHANNELS: Final = {fold(said): key.value for key, said in CHANNEL_WORDS.items()}
_NEEDED: Final = ("name", "procedure")
_SEARCHED: Final = 30
"""Rows among which the headings are looked for."""
_HEAD: Final = PatternFill("solid", fgColor="ECECEC")


@dataclass(frozen=True)
class Book:
    """What was read: rows as an editor has them, where each stood, and what is wrong in them."""

    rows: list[Typed]
    places: list[int]
    faults: dict[str, InvalidError] = field(default_factory=dict)
    strange: tuple[str, ...] = ()


def written(title: str, lines: Sequence[FeeLine]) -> bytes:
    """Return the workbook of a schedule. Nothing in a cell is ever reckoned or followed."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_name(title))
    for place, (_, width) in enumerate(COLUMNS.values(), 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, label, head=True) for label, _ in COLUMNS.values()])
    for line in lines:
        said = _said(line)
        sheet.append([_cell(sheet, said[name]) for name in COLUMNS])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def read(name: str, data: bytes) -> Book:
    """Return the lines of a workbook as they would be typed.

    Raises:
        InvalidError: it is no workbook, or has no table of fees.

    """
    for sheet in sheets(name, data):
        for number in sorted(sheet.rows)[:_SEARCHED]:
            columns = _columns(sheet.rows[number])
            if set(_NEEDED) <= set(columns.values()):
                return _read(sheet, number, columns)
    raise InvalidError(
        "Tệp %(file)s không có bảng mức thu: dòng đầu bảng phải có cột “%(name)s” và "
        "“%(procedure)s”. Hãy tải mẫu về rồi điền vào.",
        file=name,
        name=COLUMNS["name"][0],
        procedure=COLUMNS["procedure"][0],
    )


def _said(line: FeeLine) -> dict[str, str | int | date | None]:
    """Return a line as cells: amounts as numbers, days as days, the rest in words."""
    typed = fee_editor.typed_line(line)
    return {
        **{name: typed.get(name, "") for name in COLUMNS},
        "type": TYPES[line.type],
        "rate": RATES[line.rate],
        "picked_by": PICKS[line.picked_by],
        "mark": MARKS[line.mark] if line.mark else "",
        "channels": "; ".join(CHANNEL_WORDS[each] for each in line.channels),
        "amount": line.amount,
        "cap": line.cap,
        "first_day": line.first_day,
        "last_day": line.last_day,
    }


def _cell(sheet: Any, value: str | int | date | None, *, head: bool = False) -> Any:  # noqa: ANN401 - openpyxl's
    cell: Any = WriteOnlyCell(sheet)
    cell.value = value
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if isinstance(value, str):
        cell.data_type = "s"
        # A text stays a text when somebody clicks into it, whatever it begins with.
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
    elif isinstance(value, date):
        cell.number_format = "dd/mm/yyyy"
    elif isinstance(value, int):
        cell.number_format = "#,##0"
    if head:
        cell.font, cell.fill = Font(bold=True), _HEAD
    return cell


def _sheet_name(title: str) -> str:
    kept = "".join(" " if letter in "[]:*?/\\'" else letter for letter in title)
    return " ".join(kept.split())[:31] or "Biểu phí"


def _columns(row: Mapping[int, object]) -> dict[int, str]:
    """Return which column holds which field."""
    known = {fold(label): name for name, (label, _) in COLUMNS.items()}
    return {
        place: known[fold(str(value))]
        for place, value in row.items()
        if fold(str(value)) in known
    }


def _read(sheet: Sheet, head: int, columns: Mapping[int, str]) -> Book:
    strange = tuple(
        str(value) for place, value in sheet.rows[head].items() if place not in columns
    )
    book = Book([], [], strange=strange)
    for number in sorted(sheet.rows):
        cells = {
            columns[place]: value
            for place, value in sheet.rows[number].items()
            if place in columns
        }
        if number > head and cells:
            path = f"lines-{len(book.rows)}"
            book.rows.append(_row(book.faults, path, cells))
            book.places.append(number)
    return book


def _row(faults: dict[str, InvalidError], path: str, cells: Mapping[str, object]) -> Typed:
    typed: Typed = {name: _typed(cells.get(name)) for name in COLUMNS}
    if isinstance(cells.get("procedure"), float):
        faults[f"{path}-procedure"] = InvalidError(
            "Mã thủ tục là một số nên có thể mất số 0 ở cuối. Hãy định dạng ô thành văn bản rồi "
            "ghi lại mã."
        )
    for name, known in _CHOICES.items():
        if typed[name] and fold(typed[name]) not in known:
            faults[f"{path}-{name}"] = InvalidError(
                "“%(typed)s” không phải là một mục của cột “%(column)s”.",
                typed=typed[name],
                column=COLUMNS[name][0],
            )
        typed[name] = known.get(fold(typed[name]), "")
    typed["type"] = typed["type"] or FeeType.UNSAID.value
    typed["rate"] = typed["rate"] or _rate(typed).value
    for said in typed.pop("channels").replace("\n", ";").replace(",", ";").split(";"):
        if fold(said) in _CHANNELS:
            typed[f"by_{_CHANNELS[fold(said)]}"] = "y"
        elif said.strip():
            faults[f"{path}-by_{Channel.DIRECT.value}"] = InvalidError(
                "Không có hình thức nộp “%(typed)s”.", typed=said.strip()
            )
    return typed


def _rate(typed: Typed) -> Rate:
    """Return what a row means that says no rate: what it has, else nobody knows."""
    if typed["amount"]:
        return Rate.AMOUNT
    return Rate.STEPS if typed["steps"] else Rate.UNKNOWN


def _typed(value: object) -> str:
    """Return a cell as somebody would type it."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return day(value if not isinstance(value, datetime) else value.date())
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value).replace(".", ",")
    return nfc(str(value)).strip()
