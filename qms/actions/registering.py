"""The register of all requests as a workbook and as paper."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from qms.actions import causes, letterheads, lists, rules
from qms.actions.letterheads import Form, Head, Paper
from qms.actions.lists import RequestLine, Wanted
from qms.actions.rules import Grade, State
from qms.registers import sheets
from qms.registers.rules import Cell, Row
from qms.units.queries import entered_names, places
from qms.units.rules import office_of
from qms.vietnamese import day, formal_day

NAME: Final = re.compile("[0-9a-f]{64}")
SIGNERS: Final = ("NGƯỜI LẬP", "NGƯỜI XEM XÉT", "NGƯỜI PHÊ DUYỆT")
COLUMNS: Final = (
    ("Số phiếu", 11),
    ("Ngày lập", 9),
    ("Đơn vị", 10),
    ("Mức độ", 5),
    ("Điều khoản", 6),
    ("Mô tả", 18),
    ("Nguyên nhân gốc", 14),
    ("Hạn", 9),
    ("Ngày xong", 9),
    ("Tình trạng", 9),
)
GRADES: Final = {
    Grade.MAJOR: "Nặng",
    Grade.MINOR: "Nhẹ",
    Grade.REMARK: "Lưu ý",
    Grade.OPPORTUNITY: "Cải tiến",
}
_NAMED: Final = 5
"""The column that names the row."""


@dataclass(frozen=True)
class Register:
    """The register as one person sees it, for a day."""

    form: Form
    head: Head
    words: str
    rows: Sequence[Row]


def register(session: Session, wanted: Wanted) -> Register:
    """Return the whole register in the order in which it was written."""
    names, placed = entered_names(session), places(session)
    found = list(reversed(lists.requests(session, wanted)))
    asked = wanted.unit_id if wanted.unit_id in placed else None
    speaks = asked or letterheads.speaking(session, wanted.who.units, wanted.today)
    form, head = Form(letterheads.USUAL[Paper.REGISTER]), Head("", "", "")
    if speaks is not None:
        office = office_of(placed, speaks)
        form = letterheads.form_of(session, office, Paper.REGISTER, wanted.today)
        head = letterheads.head(session, office, wanted.today)
    rows = [Row(each.id, _cells(each, names.get(each.unit_id, ""))) for each in found]
    return Register(form, head, f"Tính đến {formal_day(wanted.today)}", rows)


def workbook(found: Register) -> bytes:
    """Return the register as XLSX."""
    above = [found.head.above.replace("\n", " "), found.head.name, found.form.code]
    return sheets.written(
        [each for each in above if each],
        found.form.title,
        found.words,
        COLUMNS,
        found.rows,
        SIGNERS,
    )


def print_data(found: Register) -> dict[str, object]:
    """Return what the print template of a list needs."""
    code = f" – {found.form.code}" if found.form.code else ""
    return {
        "office": {"above": found.head.above, "name": found.head.name},
        "title": found.form.title.upper(),
        "words": f"{found.words}{code}",
        "columns": [list(each) for each in COLUMNS],
        "named": _NAMED,
        "rows": [[_said(cell) for cell in row.cells] for row in found.rows],
        "signers": list(SIGNERS),
    }


def _cells(each: RequestLine, unit: str) -> tuple[Cell, ...]:
    late = " (quá hạn)" if each.late else ""
    due = each.effect_due if each.state is State.VERIFIED else each.due
    return (
        each.code,
        each.raised_on,
        unit,
        GRADES[each.grade],
        each.clause,
        each.text,
        "\n".join(causes.roots(causes.whys(each.cause))),
        due,
        each.done_on,
        f"{rules.STATE_WORDS[each.state]}{late}",
    )


def _said(cell: Cell) -> str:
    if isinstance(cell, date):
        return day(cell)
    return "" if cell is None else str(cell)
