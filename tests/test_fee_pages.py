"""What things cost, asked of schedules that decisions brought: queries, pages, signatures."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskCliRunner

from qms import overprints
from qms.db import db
from qms.documents import prices, queries
from qms.documents.kinds import fee_editor
from qms.documents.kinds.fee import FeeSchedule
from qms.documents.kinds.fees import Channel, FeeLine, Rate
from qms.documents.kinds.parts import LegalReference
from qms.documents.kinds.procedure import Procedure
from qms.documents.models import Document
from qms.documents.price_rules import Answer, Question, answer
from qms.documents.rules import Audience, RevisionText, Scope
from qms.documents.timeline import Action
from qms.errors import RefusedError
from qms.fees import asking
from qms.library import fee_books
from qms.national.models import Question as Doubted
from qms.vietnamese import day, formal_day
from qms.web import pdf
from tests.cataloguing import FIRST, Desk
from tests.deciding import Deciding, after
from tests.engines import counted, sqlite_only
from tests.factories import Office
from tests.pages import Browser
from tests.people import As
from tests.test_document_pages import fields
from tests.when import MONDAY, Clock

CODE = "1.001193"
LATER = after(30)
LINE = FeeLine(
    name="Lệ phí hộ tịch",
    procedure=CODE,
    rate=Rate.AMOUNT,
    amount=8_000,
    legal_basis="Nghị quyết 1",
)
MOST = 15
"""Statements a page may send."""


def schedule(*lines: FeeLine, title: str = "Biểu phí hộ tịch") -> RevisionText:
    """Return the text of a schedule of the office."""
    content = FeeSchedule(
        field="Hộ tịch",
        collector="UBND xã",
        collection="Nộp tại nơi tiếp nhận",
        payers="Người yêu cầu",
        exemptions="Hộ nghèo",
        legal_basis=(LegalReference(name="Luật Phí và lệ phí", number="97/2015/QH13"),),
        lines=lines,
    )
    return RevisionText(title, content, audience=Audience.PUBLIC)


def costing(amount: int, **changed: object) -> FeeLine:
    """Return the line with another amount."""
    return LINE.model_copy(update={"amount": amount, **changed})


@pytest.fixture
def deciding(app: Flask, office: Office, clock: Clock, session: object) -> Deciding:
    """Let the office decide."""
    del session
    return Deciding(app, office, clock)


def asked(office: Office, day: date, *, known_at: datetime | None = None) -> list[Answer]:
    """Ask what the procedure costs at the counter on a day."""
    session = db.session()
    session.rollback()
    unit = office.units["song-lo"]
    seen = prices.cover_near(session, unit, day)
    held = prices.held_lines(session, seen, procedure=CODE, known_at=known_at)
    within = prices.ground(session).within(unit)
    session.rollback()
    return answer(held, Question(CODE, Channel.DIRECT, within, day, day))


def amounts(found: list[Answer]) -> list[int | None]:
    """Return the amounts that answer alone."""
    return [each.line.line.amount if each.line else None for each in found]


def test_a_past_answer_is_changed_by_a_later_signature_and_by_nothing_else(
    deciding: Deciding, office: Office, clock: Clock
) -> None:
    """INV-13."""
    deciding.decide(Action.ISSUE, schedule(LINE), code="BP-01")
    deciding.decide(Action.AMEND, schedule(costing(9_000)), code="BP-01", on=LATER)
    knew = clock.at.astimezone(UTC)
    assert amounts(asked(office, MONDAY)) == [8_000]
    assert amounts(asked(office, after(29))) == [8_000]
    assert amounts(asked(office, LATER)) == [9_000]
    assert [each.lines for each in asked(office, after(-1))] == [()]
    clock.go(after(40))
    assert amounts(asked(office, MONDAY)) == [8_000]
    issued = deciding.lines(1)[0].id
    db.session.rollback()
    deciding.decide(
        Action.ISSUE,
        schedule(costing(7_000)),
        code="BP-01",
        replaces=issued,
        reason="Chép nhầm",
    )
    assert amounts(asked(office, MONDAY)) == [7_000]
    assert amounts(asked(office, MONDAY, known_at=knew)) == [8_000]


def test_a_withdrawn_schedule_answers_no_more_from_its_day_on(
    deciding: Deciding, office: Office
) -> None:
    deciding.decide(Action.ISSUE, schedule(LINE), code="BP-01")
    decision = deciding.open()
    deciding.add(decision, Action.WITHDRAW, code="BP-01", kind="fee")
    deciding.review(decision)
    deciding.sign(decision, on=LATER)
    assert amounts(asked(office, after(29))) == [8_000]
    assert [each.lines for each in asked(office, LATER)] == [()]


def test_a_price_that_another_schedule_in_force_has_stops_the_signature_naming_both(
    deciding: Deciding,
) -> None:
    deciding.decide(Action.ISSUE, schedule(LINE), code="BP-01")
    deciding.decide(
        Action.ISSUE, schedule(costing(1, case="Việc khác", name="Phí khác")), code="BP-02"
    )
    with pytest.raises(RefusedError) as refused:
        deciding.decide(Action.ISSUE, schedule(costing(9_000)), code="BP-03", on=LATER)
    (why,) = refused.value.parts
    for said in ("BP-01, dòng 1", "BP-03, dòng 1", f"{LATER:%d/%m/%Y}"):
        assert said in str(why)
    ending = costing(8_000, last_day=after(29))
    decision = deciding.open()
    deciding.add(decision, Action.AMEND, schedule(ending), code="BP-01", day=after(1))
    deciding.add(decision, Action.ISSUE, schedule(costing(9_000)), code="BP-04", day=LATER)
    deciding.review(decision)
    deciding.sign(decision)


def test_schedules_that_reach_no_common_unit_may_say_what_they_like(
    deciding: Deciding,
) -> None:
    apart = schedule(LINE)
    deciding.decide(Action.ISSUE, apart, code="BP-01")
    elsewhere = RevisionText(
        apart.title,
        apart.content,
        scope=Scope.UNITS,
        scope_units=("tan-lap",),
        audience=Audience.PUBLIC,
    )
    line = deciding.decide(Action.ISSUE, elsewhere, code="BP-02")
    assert deciding.change(line).effective_on == MONDAY


def test_all_prices_of_a_unit_are_one_question_whatever_their_number(
    deciding: Deciding, office: Office
) -> None:
    def statements() -> int:
        with counted() as sent:
            asked(office, MONDAY)
        return len(sent)

    deciding.decide(Action.ISSUE, schedule(LINE), code="BP-01")
    few = statements()
    for number in range(2, 5):
        lines = [costing(n, name=f"Phí {number} {n}") for n in range(30)]
        deciding.decide(Action.ISSUE, schedule(*lines), code=f"BP-0{number}")
    assert statements() == few


@pytest.fixture
def priced(deciding: Deciding) -> Deciding:
    """Let a procedure and its price be in force, and another price come."""
    deciding.decide(Action.ISSUE, _procedure(), code=CODE)
    old = costing(8_000, last_day=after(29))
    deciding.decide(
        Action.ISSUE, schedule(old, costing(9_000, first_day=LATER)), code="PHI-HT/01"
    )
    return deciding


def _procedure() -> RevisionText:
    content = Procedure(field="Hộ tịch", steps="Nộp.")
    return RevisionText("Đăng ký khai sinh", content, audience=Audience.PUBLIC)


@sqlite_only
@pytest.mark.usefixtures("priced")
def test_the_board_of_fees_changes_on_the_day_and_not_before(signed_in: As) -> None:
    citizen = signed_in("")
    for on, amount in ((MONDAY, "8.000"), (after(29), "8.000"), (LATER, "9.000")):
        told = citizen.open(f"/b/song-lo/phi?on={on}")
        assert f"{amount} đồng" in told.text
        one = citizen.open(f"/b/song-lo/phi/PHI-HT-01?on={on}")
        assert f"{amount} đồng" in one.all("section.sheet")[0]
    assert "chưa có mức thu" in citizen.open("/b/song-lo/phi?on=2026-08-02").text
    for wanted in (
        "Nộp tại nơi tiếp nhận",
        "Người yêu cầu",
        "Hộ nghèo",
        "97/2015/QH13",
        "UBND xã",
    ):
        assert wanted in one.text


@sqlite_only
@pytest.mark.usefixtures("priced")
def test_citizens_find_a_price_without_accents_and_nobody_a_schedule_that_is_none(
    signed_in: As,
) -> None:
    citizen = signed_in("")
    assert "8.000 đồng" in citizen.open("/b/song-lo/phi?q=khai+sinh").text
    assert "8.000 đồng" in citizen.open("/b/song-lo/phi?field=Hộ tịch&q=ho tich").text
    assert "Không thấy mức thu nào" in citizen.open("/b/song-lo/phi?q=ket+hon").text
    assert citizen.open("/b/song-lo/phi?on=31/02/2026", status=422)
    citizen.open("/b/song-lo/phi/PHI-KHONG-CO", status=404)
    assert "không có hiệu lực" in citizen.open("/b/song-lo/phi/PHI-HT-01?on=2026-08-02").text


@sqlite_only
@pytest.mark.pdf
@pytest.mark.usefixtures("priced")
def test_prices_are_printed(signed_in: As) -> None:
    citizen = signed_in("")
    for paper in (
        citizen.file("notices.fees.table", unit="song-lo"),
        citizen.file("notices.fees.schedule_pdf", unit="song-lo", code="PHI-HT-01"),
    ):
        assert paper.get_data().startswith(b"%PDF-")


@sqlite_only
@pytest.mark.usefixtures("priced")
def test_whoever_asks_for_any_day_of_the_same_prices_gets_the_same_paper(
    signed_in: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Mapping[str, object]] = []

    def render(_template: str, data: Mapping[str, object]) -> bytes:
        made.append(data)
        return b"%PDF-"

    monkeypatch.setattr(pdf, "render", render)
    monkeypatch.setattr(overprints, "stamped", lambda kept, *_: kept)
    citizen = signed_in("")
    for paper, code in (("table", None), ("schedule_pdf", "PHI-HT-01")):
        marks = {}
        for on in (MONDAY, after(29), LATER, after(60)):
            sent = citizen.file(f"notices.fees.{paper}", unit="song-lo", code=code, on=on)
            marks[on] = sent.headers["ETag"]
        assert marks[MONDAY] == marks[after(29)] != marks[LATER] == marks[after(60)]
    assert len(made) == 4
    assert made[0]["words"] == f"Mức thu áp dụng từ {formal_day(MONDAY)}"
    told = f"Mức thu áp dụng từ ngày {day(MONDAY)} đến hết ngày {day(after(29))}"
    assert str(made[2]["foot"]).endswith(told)


@sqlite_only
@pytest.mark.usefixtures("priced")
def test_staff_are_told_amount_words_line_and_ground(signed_in: As) -> None:
    staff = signed_in("chuyenvien")
    told = staff.open("/fees?q=KHAI+sinh&units=3").text
    for wanted in ("24.000 đồng", "Hai mươi tư nghìn đồng", "Nghị quyết 1", "02/QĐ-UBND"):
        assert wanted in told
    assert "9.000 đồng" in staff.open(f"/fees?q={CODE}&decision=02/09/2026").text
    wrong = staff.open(f"/fees?procedure={CODE}&decision=31/02/2026", status=422)
    assert "tháng 2" in wrong.text
    assert "Không thấy thủ tục nào" in staff.open("/fees?q=xyzxyz").text


@sqlite_only
def test_staff_read_unknown_as_unknown_and_a_contradiction_with_its_lines(
    deciding: Deciding, signed_in: As
) -> None:
    unknown = LINE.model_copy(update={"rate": Rate.UNKNOWN, "amount": None})
    deciding.decide(Action.ISSUE, schedule(unknown), code="BP-01")
    told = signed_in("chuyenvien").open(f"/fees?q={CODE}").text
    assert "Chưa xác định" in told
    assert "không phải là 0 đồng" in told


@sqlite_only
def test_a_schedule_is_read_by_procedure_and_says_what_is_over_unknown_or_to_come(
    priced: Deciding, signed_in: As
) -> None:
    unknown = LINE.model_copy(
        update={"name": "Phí sao lục", "rate": Rate.UNKNOWN, "amount": None}
    )
    old = costing(8_000, name="Phí cũ", first_day=after(-60), last_day=after(-1))
    coming = costing(9_000, name="Phí mới", first_day=LATER)
    line = priced.decide(Action.ISSUE, schedule(old, unknown, coming), code="BP-03")
    document = priced.change(line).document_id
    db.session.rollback()
    staff = signed_in("chuyenvien")
    found = staff.get("documents.pages.show", document_id=document).all("table.prices tr")
    assert len(found) == 5
    assert "Đăng ký khai sinh" in found[1]
    for row, words in zip(found[2:], ("Đã hết", "Chưa xác định", "Chưa đến"), strict=True):
        assert words in row
    assert "Chưa rõ ngày đầu" in found[3]


@sqlite_only
@pytest.mark.usefixtures("priced")
@pytest.mark.parametrize(
    ("account", "address"),
    [("", "/b/song-lo/phi"), ("", "/b/song-lo/phi/PHI-HT-01"), ("thuky", f"/fees?q={CODE}")],
)
def test_a_page_of_prices_costs_the_same_with_many(
    priced: Deciding, signed_in: As, account: str, address: str
) -> None:
    browser = signed_in(account)

    def statements() -> int:
        browser.open(address)
        with counted() as sent:
            browser.open(address)
        return len(sent)

    few = statements()
    lines = [costing(n, name=f"Phí {n}", case=f"Trường hợp {n}") for n in range(200)]
    priced.decide(Action.ISSUE, schedule(*lines), code="BP-02")
    assert statements() == few
    assert few <= MOST


def draft(deciding: Deciding, *lines: FeeLine) -> int:
    """Draft a schedule; return the number of its line."""
    return deciding.add(deciding.open(), Action.ISSUE, schedule(*lines), code="BP-09")


def as_browsers_send(form: Mapping[str, object]) -> tuple[str, bytes]:
    """Return the boundary and the body of a form; the test client leaves out empty lines."""
    parts = [
        f'--qms\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{said}\r\n'
        for name, given in form.items()
        for said in (given if isinstance(given, list) else [given])
    ]
    return "boundary=qms", f"{''.join(parts)}--qms--\r\n".encode()


def upload(browser: Browser, change: int, data: bytes, *, status: int) -> str:
    """Hand in a workbook in the editor; return the page."""
    page = browser.post(
        "library.fees.take_in",
        {"title": "Biểu phí", "workbook": (BytesIO(data), "phi.xlsx")},
        status=status,
        change_id=change,
    )
    return page.html


def _digest(deciding: Deciding, change: int) -> str:
    saved = deciding.change(change).revision
    assert saved is not None
    digest = saved.digest
    db.session.rollback()
    return digest


@sqlite_only
def test_a_workbook_fills_the_editor_and_saves_nothing(
    deciding: Deciding, signed_in: As
) -> None:
    change = draft(deciding, LINE)
    before = _digest(deciding, change)
    lines = [costing(1_000 * n, name=f"Phí {n}") for n in (1, 2)]
    page = upload(signed_in("thuky"), change, fee_books.written("Phí", lines), status=200)
    assert "Đã đọc 2 dòng" in page
    assert 'value="2000"' in page
    assert _digest(deciding, change) == before


@sqlite_only
def test_a_schedule_of_hundreds_of_prices_is_saved(deciding: Deciding, signed_in: As) -> None:
    change, thuky = draft(deciding, LINE), signed_in("thuky")
    lines = [costing(1_000, name=f"Phí {n}") for n in range(300)]
    form = fields(thuky.get("documents.texts.edit", change_id=change)) | {
        f"lines-{place}-{name}": said
        for place, line in enumerate(lines)
        for name, said in fee_editor.typed_line(line).items()
    }
    assert len(form) > 5_000
    url = f"/decisions/lines/{change}/text"
    mark, body = as_browsers_send(form | {"do": "save"})
    sent = thuky.client.post(url, data=body, content_type=f"multipart/form-data; {mark}")
    assert sent.status_code == 303
    with deciding.app.app_context():
        revision = deciding.change(change).revision
        assert revision is not None
        content = queries.text_of(queries.revision(db.session(), revision.id)).content
        assert isinstance(content, FeeSchedule)
        assert len(content.lines) == 300


@sqlite_only
def test_a_workbook_is_refused_in_words_by_row(deciding: Deciding, signed_in: As) -> None:
    change, thuky = draft(deciding, LINE), signed_in("thuky")
    page = upload(thuky, change, fee_books.written("Phí", [LINE, LINE]), status=422)
    assert "Dòng 3 của tệp" in page
    assert "cùng trả lời một trường hợp" in page
    assert "không phải là bảng tính" in upload(thuky, change, b"<html>", status=422)


@sqlite_only
def test_a_schedule_goes_out_as_a_workbook(priced: Deciding, signed_in: As) -> None:
    document = priced.lines(2)[0].document_id
    db.session.rollback()
    got = signed_in("chuyenvien").file("library.fees.workbook", document_id=document, name="1")
    read = fee_books.read("phi.xlsx", got.get_data())
    assert [row["amount"] for row in read.rows] == ["8000", "9000"]
    assert "attachment" in got.headers["Content-Disposition"]


@sqlite_only
def test_a_territory_of_units_that_are_none_is_named_while_writing(
    deciding: Deciding, signed_in: As
) -> None:
    change = draft(deciding, costing(1, units=("song-lo", "xa-la")))
    told = signed_in("thuky").get("documents.texts.edit", change_id=change).all(".todo li")
    assert [said for said in told if "xa-la" in said]
    assert not [said for said in told if "“song-lo”" in said]


@sqlite_only
def test_the_catalogue_says_its_own_prices_and_which_no_schedule_answers(
    app: Flask, office: Office, clock: Clock, runner: FlaskCliRunner, signed_in: As
) -> None:
    with app.app_context():
        desk = Desk(app, office, clock, runner)
        desk.sign(desk.take_in(FIRST)["decision"])
        found = db.session.scalars(sa.select(Doubted.said)).all()
        code = db.session.scalar(
            sa.select(Document.code).where(Document.kind == "procedure").order_by(Document.code)
        )
        db.session.rollback()
        line = LINE.model_copy(update={"procedure": str(code)})
        Deciding(app, office, clock, ["1/QĐ-UBND"]).decide(
            Action.ISSUE, schedule(line), code="BP-01"
        )
    thuky = signed_in("thuky")
    whole = thuky.open("/national/fees")
    (answered,) = [row for row in whole.all("tbody tr") if "Có biểu phí" in row]
    assert str(code) in answered
    assert "Có biểu phí" not in thuky.open("/national/fees?only=unanswered").text
    doubtful = thuky.open("/national/fees?only=doubtful").text
    assert [said for said in found if said.split("\n")[0] in doubtful]
    assert len(thuky.open(f"/national/fees?q={code}").all("tbody tr")) == 1
    with counted() as sent:
        thuky.open("/national/fees")
    assert len(sent) <= MOST


@pytest.mark.parametrize(
    ("words", "left", "units", "channel"),
    [
        ("bản sao 5 trang hết bao nhiêu", "ban sao", 5, Channel.DIRECT),
        ("chứng thực 250 trang", "chung thuc", 250, Channel.DIRECT),
        ("khai sinh quá hạn nộp trực tuyến", "khai sinh qua han", 1, Channel.ONLINE),
        ("lệ phí kết hôn", "ket hon", 1, Channel.DIRECT),
        ("phí", "phí", 1, Channel.DIRECT),
        ("2.000815", "2.000815", 1, Channel.DIRECT),
    ],
)
def test_a_question_is_taken_as_people_ask_it(
    words: str, left: str, units: int, channel: Channel
) -> None:
    assert asking.plainly(words) == left
    assert asking.counted(words) == units
    assert asking.channel(words) is channel
