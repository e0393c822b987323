"""The lists an ISO secretary keeps: on any day, for each reader, as page, workbook and paper."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from pypdfium2 import PdfDocument

from qms import jobs
from qms.documents.kinds.form import FormBlank
from qms.documents.kinds.parts import FileRef
from qms.documents.kinds.process import FormUse, Process, RecordKept
from qms.documents.kinds.text import Genre, WrittenText
from qms.documents.rules import Audience, RevisionText
from qms.documents.timeline import Action
from qms.registers import sheets, views
from qms.registers.queries import PAGE_SIZE
from qms.registers.rules import REGISTERS, Name, Row
from tests.deciding import Deciding, after
from tests.engines import counted, sqlite_only
from tests.factories import Office
from tests.pages import Browser
from tests.people import As
from tests.test_laws import LONG_AGO, NEW, OLD, law, put
from tests.when import MONDAY, Clock


def process(title: str = "Chứng thực", **said: object) -> RevisionText:
    """Return a process that keeps one record and uses one form."""
    content = Process(
        field="Chứng thực",
        distribution="Bộ phận Một cửa",
        forms=(FormUse(code="BM-01"),),
        records=(RecordKept(name="Sổ chứng thực", keeper="Tư pháp", retention="20 năm"),),
    )
    return RevisionText(
        title,
        content.model_copy(update=said),
        audience=Audience.INTERNAL,
        retention="05 năm",
    )


def blank() -> RevisionText:
    file = FileRef(sha256="0" * 64, name="to-khai.docx", media_type="x/y", size=2_048)
    return RevisionText("Tờ khai", FormBlank(field="Chứng thực", file=file))


@pytest.fixture
def stocked(app: Flask, office: Office, clock: Clock) -> Deciding:
    """Bring one document of each list into force on the Monday."""
    deciding = Deciding(app, office, clock)
    put(deciding, law(NEW, in_force_from=LONG_AGO), NEW, on=MONDAY)
    put(
        deciding,
        law(
            OLD,
            dated=date(2015, 2, 16),
            last_day=date(2026, 8, 7),
            applied_at="Tư pháp",
            replaced_by=[{"name": "mới", "number": NEW, "document": NEW}],
        ),
        OLD,
        on=MONDAY,
    )
    put(deciding, blank(), "BM-01", on=MONDAY)
    put(deciding, process(), "QT-11", on=MONDAY)
    return deciding


def lines(browser: Browser, name: Name, **asked: Any) -> list[list[str]]:  # noqa: ANN401
    """Return the lines of a list without their numbers."""
    page = browser.get("registers.show", name=name.value, **asked)
    cells = page.all("tbody tr > *")
    width = len(REGISTERS[name].columns) + 1
    return [cells[at + 1 : at + width] for at in range(0, len(cells), width)]


def test_each_list_says_what_its_columns_promise(stocked: Deciding, signed_in: As) -> None:
    del stocked
    browser = signed_in("thuky")
    unit, day = "UBND xã Sông Lô", "03/08/2026"
    assert lines(browser, Name.INTERNAL) == [
        ["QT-11", "Chứng thực", "01/00", day, unit, "Bộ phận Một cửa"]
    ]
    assert lines(browser, Name.EXTERNAL)[0] == [
        *(OLD, f"Nghị định {OLD}", "Chính phủ", "16/02/2015", ""),
        f"Hết hiệu lực từ 08/08/2026 Thay thế bởi {NEW}",
        *("Tư pháp", day),
    ]
    assert lines(browser, Name.FORMS) == [
        ["BM-01", "Tờ khai", "01/00", day, "QT-11", "to-khai.docx (2 KB)"]
    ]
    assert lines(browser, Name.RECORDS) == [
        ["Sổ chứng thực", "", "Tư pháp", "", "20 năm", "", "QT-11"],
        ["Chứng thực", "QT-11", unit, "", "05 năm", "", "QT-11"],
    ]


def test_a_list_answers_for_the_day_asked(stocked: Deciding, signed_in: As) -> None:
    put(stocked, process("Chứng thực mới"), "QT-11", on=after(7), action=Action.AMEND)
    browser = signed_in("thuky")
    sunday = MONDAY - timedelta(days=1)
    assert lines(browser, Name.INTERNAL, on=sunday) == []
    assert lines(browser, Name.INTERNAL, on=after(6))[0][1] == "Chứng thực"
    assert lines(browser, Name.INTERNAL, on=after(7))[0][1] == "Chứng thực mới"
    known = lines(browser, Name.AMENDMENTS, since=MONDAY, on=after(6), kind="process")
    assert [line[3] for line in known] == ["Ban hành"]
    known = lines(browser, Name.AMENDMENTS, since=after(7), on=after(7))
    assert [(line[1], line[3]) for line in known] == [("QT-11", "Sửa đổi")]


def test_a_list_holds_only_what_its_reader_may_read(stocked: Deciding, signed_in: As) -> None:
    content = WrittenText(genre=Genre.INSTRUCTION, body="Mật.")
    secret = RevisionText("Mật", content, audience=Audience.RESTRICTED)
    put(stocked, secret, "HD-01", on=MONDAY)
    unit = stocked.office.units["song-lo"]
    assert [line[0] for line in lines(signed_in("chuyenvien"), Name.INTERNAL)] == [
        "HD-01",
        "QT-11",
    ]
    stranger = signed_in("thuky-tl")
    stranger.get("registers.show", name="internal", unit=unit, status=404)
    stranger.file("registers.paper", name="internal", form="xlsx", unit=unit, status=404)
    assert lines(stranger, Name.INTERNAL) == []


def test_a_workbook_has_real_days_and_nothing_that_acts() -> None:
    rows = [Row(1, ("=1+1", "+cmd", date(2026, 8, 3), None, "-", "@x"))]
    columns = [(name, 10) for name in "ABCDEF"]
    data = sheets.written(["UBND"], "Danh mục", "Tính đến hôm nay", columns, rows, ["A", "B"])
    sheet: Any = load_workbook(BytesIO(data)).active
    (line,) = [row for row in sheet.iter_rows() if row[0].value == 1]
    assert [cell.data_type for cell in line] == ["n", "s", "s", "d", "n", "s", "s"]
    assert line[1].value == "=1+1"
    assert all(line[at].quotePrefix for at in (1, 2, 5, 6))
    assert line[3].number_format == "dd/mm/yyyy"
    assert sheet.freeze_panes == f"A{line[0].row}"
    assert sheet.cell(line[0].row - 1, 1).value == "TT"


@sqlite_only
@pytest.mark.pdf
def test_paper_and_workbook_hold_the_whole_list(
    stocked: Deciding, signed_in: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in("thuky")
    put(stocked, law(""), *(f"{number}/2099/NĐ-CP" for number in range(60)), on=MONDAY)
    assert len(lines(browser, Name.EXTERNAL)) == 50
    answer = browser.file("registers.paper", name="external", form="xlsx")
    sheet: Any = load_workbook(BytesIO(answer.data)).active
    assert {row[1].value for row in sheet.iter_rows()} > {OLD, NEW, "59/2099/NĐ-CP"}
    printed = browser.file("registers.paper", name="external", form="pdf").data
    words = text_of(printed)
    assert "UBND XÃ SÔNG LÔ" in words
    assert "Tính đến ngày 03 tháng 8 năm 2026" in words
    assert "59/2099/NĐ-CP" in words
    assert words.count("NGƯỜI PHÊ DUYỆT") == 1

    monkeypatch.setattr(views, "AT_ONCE", 10)
    asked: dict[str, Any] = {"name": "forms", "form": "pdf"}
    assert browser.file("registers.paper", **asked).data
    long: dict[str, Any] = {"name": "external", "form": "xlsx", "on": "2026-08-03"}
    browser.file("registers.paper", status=303, **long)
    led = browser.client.post("/registers/external.xlsx?on=2026-08-03")
    assert led.location.startswith("/jobs/")
    with stocked.app.app_context():
        assert jobs.run_waiting() == 1
    assert browser.file("registers.paper", **long).data[:2] == b"PK"


def text_of(data: bytes) -> str:
    book = PdfDocument(data)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in book)
    finally:
        book.close()


def test_a_list_costs_the_same_however_long_it_is(stocked: Deciding, signed_in: As) -> None:
    browser = signed_in("thuky")
    browser.get("registers.index")
    few = {name: asked(browser, name) for name in Name}
    put(stocked, process(), *(f"QT-2{number}" for number in range(5)), on=MONDAY)
    put(stocked, blank(), *(f"BM-2{number}" for number in range(5)), on=MONDAY)
    put(stocked, law("9/2020/NĐ-CP"), *(f"9{n}/2020/NĐ-CP" for n in range(5)), on=MONDAY)
    assert {name: asked(browser, name) for name in Name} == few
    assert max(few.values()) <= 15


def asked(browser: Browser, name: Name) -> int:
    """Count the questions that the page of a list asks the database."""
    with counted() as sent:
        browser.get("registers.show", name=name.value)
    return len(sent)


def test_what_is_no_list_is_not_found(signed_in: As) -> None:
    browser = signed_in("chuyenvien")
    browser.get("registers.show", name="khac", status=404)
    browser.get("registers.paper", name="internal", form="doc", status=404)
    page = browser.get("registers.show", name="internal", on="31/02/2026", status=422)
    assert page.attributes("[name=on]", "value") == ["31/02/2026"]


def test_records_are_numbered_through_all_pages(stocked: Deciding, signed_in: As) -> None:
    kept = tuple(RecordKept(name=f"Sổ {number}") for number in range(60))
    put(stocked, process("Nhiều hồ sơ", records=kept), "QT-77", on=MONDAY)
    browser = signed_in("thuky")
    shown = [
        browser.get("registers.show", name=Name.RECORDS.value, page=page).all("tbody tr")
        for page in (1, 2)
    ]
    numbers = [int(row.split()[0]) for rows in shown for row in rows]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(shown[0]) == PAGE_SIZE
    assert len(numbers) > len(kept)
