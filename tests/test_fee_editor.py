"""A fee schedule as it is typed, and as it goes out to a workbook and comes back."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from qms.documents.kinds import fee_editor
from qms.documents.kinds.fee import FeeSchedule
from qms.documents.kinds.fees import Channel, FeeLine, Picks, Rate
from qms.documents.kinds.typing import Typed
from qms.errors import InvalidError
from qms.library import demo_fees, fee_books
from qms.library.fee_books import COLUMNS

CODE = "1.001193"
STARTER = [
    each.file.content
    for each in demo_fees.schedules()
    if isinstance(each.file.content, FeeSchedule)
]
LINE = FeeLine(
    name="Lệ phí hộ tịch",
    procedure=CODE,
    case="Quá hạn",
    channels=(Channel.ONLINE,),
    rate=Rate.AMOUNT,
    amount=8_000,
    picked_by=Picks.SUBMISSION,
    units=("hai-phong",),
    legal_basis="NQ 12/2018",
)


def typed(**changed: str) -> Typed:
    """Return a typed line with some fields typed otherwise."""
    return {**fee_editor.typed_line(LINE), **changed}


def faults(*lines: Typed) -> dict[str, str]:
    """Return what is wrong with lines, by the path of the field."""
    _, found = fee_editor.read({"lines": list(lines)}, FeeSchedule())
    return {path: str(error) for path, error in found.items()}


@pytest.mark.parametrize("content", STARTER, ids=lambda each: each.field)
def test_what_is_typed_unchanged_is_saved_unchanged(content: FeeSchedule) -> None:
    assert fee_editor.read(fee_editor.typed(content), content) == (content, {})


@pytest.mark.parametrize(
    ("changed", "path", "words"),
    [
        ({"amount": "8,000"}, "amount", "8.000 đồng hoặc 8 đồng"),
        ({"amount": "-5"}, "amount", "không được âm"),
        ({"amount": ""}, "amount", "Hãy ghi số tiền"),
        ({"first_day": "31/02/2026"}, "first_day", "tháng 2 năm 2026 có 28 ngày"),
        ({"first_day": "02/01/2026", "last_day": "01/01/2026"}, "last_day", "đứng trước"),
        ({"name": " "}, "name", "Hãy ghi tên"),
        ({"rate": "steps", "steps": ""}, "steps", "ít nhất một bậc"),
        ({"rate": "steps", "steps": "3: 1.000"}, "steps", "từ đơn vị thứ 1"),
        ({"rate": "steps", "steps": "2.000 x 2; 1.000"}, "steps", "Mỗi bậc một dòng"),
        ({"rate": "steps", "steps": "1: 2.000\n1: 1.000"}, "steps", "tăng dần"),
        ({"rate": "none"}, "amount", "chọn “Số tiền”"),
    ],
)
def test_what_is_typed_wrong_is_told_beside_its_field_alone(
    changed: dict[str, str], path: str, words: str
) -> None:
    (told,) = faults(typed(**changed)).items()
    assert told[0] == f"lines-0-{path}"
    assert words in told[1]


def test_eight_thousand_is_read_however_it_is_grouped() -> None:
    for said in ("8.000", "8000", "8 000", "8.000 đồng"):
        content, _ = fee_editor.read({"lines": [typed(amount=said)]}, FeeSchedule())
        assert content is not None
        assert content.lines[0].amount == 8_000


def test_two_lines_for_one_case_and_day_are_refused_beside_the_second() -> None:
    (told,) = faults(typed(), typed(name="lệ phí HỘ TỊCH", amount="9.000")).items()
    assert told[0] == "lines-1-first_day"
    assert "Dòng 1" in told[1]
    assert "dòng 2" in told[1]
    later = typed(first_day="01/01/2027")
    assert faults(typed(last_day="31/12/2026"), later) == {}


def test_days_between_two_lines_without_a_price_are_named_before_signing() -> None:
    lines = [typed(last_day="31/12/2025"), typed(first_day="01/02/2026")]
    content, _ = fee_editor.read({"lines": lines}, FeeSchedule())
    assert content is not None
    told = [each for each in fee_editor.missing(content) if "không có mức" in each[1]]
    assert [each[2:] for each in told] == [
        (
            "lines-1-first_day",
            {"first": 1, "second": 2, "from": "01/01/2026", "to": "31/01/2026"},
        )
    ]


def test_an_empty_schedule_lacks_all_that_the_law_wants_told() -> None:
    late = {each[2] for each in fee_editor.missing(FeeSchedule()) if each[0] == "late"}
    assert late == {"lines", "collector", "collection", "payers", "legal_basis"}


def book(*rows: dict[str, object], head: tuple[str, ...] = ()) -> bytes:
    """Return a workbook as somebody fills it in."""
    made = Workbook()
    sheet: Any = made.active
    sheet.append([*(label for label, _ in COLUMNS.values()), *head])
    for row in rows:
        sheet.append([row.get(name) for name in COLUMNS])
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def refused(*rows: dict[str, object]) -> dict[str, str]:
    """Return what is wrong with the rows of a workbook, by the path of the field."""
    read = fee_books.read("phi.xlsx", book(*rows))
    _, found = fee_editor.read({"lines": read.rows}, FeeSchedule())
    return {path: str(error) for path, error in (found | read.faults).items()}


@pytest.mark.parametrize("content", STARTER, ids=lambda each: each.field)
def test_a_schedule_comes_back_from_its_workbook_as_it_went_out(content: FeeSchedule) -> None:
    read = fee_books.read("phi.xlsx", fee_books.written("Phí [mẫu]", content.lines))
    assert (read.faults, read.strange) == ({}, ())
    again = fee_editor.typed(content) | {"lines": read.rows}
    assert fee_editor.read(again, content) == (content, {})


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_what_looks_like_a_formula_goes_out_as_text(sign: str) -> None:
    evil = LINE.model_copy(update={"case": f"{sign}HYPERLINK(1)"})
    sheet: Any = load_workbook(BytesIO(fee_books.written("Phí", [evil]))).active
    cell = sheet.cell(2, list(COLUMNS).index("case") + 1)
    assert (cell.value, cell.data_type, cell.quotePrefix) == (evil.case, "s", True)
    read = fee_books.read("phi.xlsx", fee_books.written("Phí", [evil]))
    assert read.rows[0]["case"] == evil.case


GOOD: dict[str, object] = {"name": "Phí", "procedure": CODE, "amount": 8000}


def test_cells_are_read_as_people_mean_them() -> None:
    for amount in (8000, 8000.0, "8.000", "8 000"):
        read = fee_books.read("phi.xlsx", book({**GOOD, "amount": amount}))
        content, wrong = fee_editor.read({"lines": read.rows}, FeeSchedule())
        assert wrong == {}
        assert content is not None
        assert (content.lines[0].amount, content.lines[0].rate) == (8_000, Rate.AMOUNT)
    bare = fee_books.read("phi.xlsx", book({"name": "Phí", "procedure": CODE}))
    assert bare.rows[0]["rate"] == Rate.UNKNOWN


@pytest.mark.parametrize(
    ("changed", "path", "words"),
    [
        ({"amount": "8,000"}, "amount", "8.000 đồng hoặc 8 đồng"),
        ({"first_day": "31/02/2026"}, "first_day", "tháng 2"),
        ({"first_day": "02/01/2026", "last_day": "01/01/2026"}, "last_day", "đứng trước"),
        ({"procedure": 1.00065}, "procedure", "mất số 0"),
        ({"rate": "tùy"}, "rate", "không phải là một mục"),
        ({"channels": "bồ câu"}, "by_direct", "bồ câu"),
    ],
)
def test_a_row_that_cannot_be_read_is_told_by_its_field(
    changed: dict[str, object], path: str, words: str
) -> None:
    told = refused(GOOD, {**GOOD, "case": "Khác", **changed})
    assert words in told[f"lines-1-{path}"]


def test_two_rows_for_one_case_and_day_are_refused() -> None:
    assert list(refused(GOOD, GOOD)) == ["lines-1-first_day"]


def test_columns_nobody_knows_are_named_and_a_book_without_the_table_is_refused() -> None:
    read = fee_books.read("phi.xlsx", book(GOOD, head=("Cột lạ",)))
    assert read.strange == ("Cột lạ",)
    empty = BytesIO()
    Workbook().save(empty)
    with pytest.raises(InvalidError, match="không có bảng mức thu"):
        fee_books.read("phi.xlsx", empty.getvalue())
    with pytest.raises(InvalidError, match="đã hỏng"):
        fee_books.read("phi.xlsx", b"<html>")
