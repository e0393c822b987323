"""The counter: one page that tells a waiting citizen papers, fee, day and forms; the slip of it."""

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from pypdfium2 import PdfDocument

from qms.counter import queries, service
from qms.counter.calendar import DayKind
from qms.counter.models import DaysNotice
from qms.db import db, transaction
from qms.documents.kinds.fee import FeeSchedule
from qms.documents.kinds.fees import Channel, FeeLine, Picks, Rate, Step
from qms.documents.kinds.form import FormBlank
from qms.documents.kinds.parts import FileRef
from qms.documents.kinds.procedure import DossierItem, LimitUnit, Method, TimeLimit
from qms.documents.rules import RevisionText
from qms.errors import NotAllowedError, RefusedError
from qms.trail import Entry
from qms.units.queries import unit
from qms.web import pdf
from tests import factories
from tests.engines import counted, sqlite_only
from tests.factories import Office
from tests.pages import Browser, Page
from tests.people import As
from tests.posting import JULY, Posting, procedure, world
from tests.when import MONDAY, Clock

BIRTH, COPY, FEE, FORM = "1.001193", "2.000815", "PHI-HT", "BM-01"
MOST_QUERIES = 25
"""Statements that one page at the counter may send."""

IN_TIME, LATE = "Đúng hạn", "Quá hạn"
SAME_DAY = TimeLimit(unit=LimitUnit.SAME_DAY)
THREE_DAYS = TimeLimit(count=3, unit=LimitUnit.WORKING_DAY)
WAYS = (
    Method(channel=Channel.DIRECT, limit=SAME_DAY),
    Method(channel=Channel.ONLINE, limit=THREE_DAYS),
)
PAPERS = (
    DossierItem(name="Tờ khai", form=FORM, form_code=FORM, originals=1),
    DossierItem(name="Giấy chứng sinh", originals=1, copies=2),
    DossierItem(case="Ủy quyền", name="Văn bản ủy quyền"),
    DossierItem(case="Mang thai hộ", name="Văn bản xác nhận"),
)
OLD = ("cu-mot", "cu-hai")
AFTER_THREE = "Nhận sau 15 giờ thì trả trong ngày làm việc tiếp theo."


@pytest.fixture
def office(app: Flask) -> Office:
    """Make a province and its communes, and two old communes that one of them will unite."""
    with app.app_context(), transaction() as session:
        made = world(session)
        for slug in OLD:
            factories.unit(session, slug, f"UBND xã {slug}", parent=unit(session, "phu-tho"))
        return made


@pytest.fixture
def posting(app: Flask, office: Office, clock: Clock) -> Posting:
    """Sign a procedure with two ways, cases and a form, and another without anything."""
    made = Posting(app, office, clock)
    made.issue({FORM: blank()})
    births = procedure("Đăng ký khai sinh", methods=WAYS, dossier=PAPERS, steps=AFTER_THREE)
    made.issue({BIRTH: births})
    return made


def blank() -> RevisionText:
    file = FileRef(sha256="a" * 64, name="to-khai.pdf", media_type="application/pdf", size=9)
    return RevisionText("Tờ khai đăng ký khai sinh", FormBlank(file=file))


def line(amount: int | None, **more: Any) -> FeeLine:  # noqa: ANN401
    given = {"name": "Lệ phí hộ tịch", "procedure": BIRTH, "rate": Rate.AMOUNT} | more
    return FeeLine(amount=amount, **given)


def prices(posting: Posting, *lines: FeeLine, code: str = FEE) -> None:
    posting.issue({code: RevisionText("Lệ phí hộ tịch", FeeSchedule(lines=lines))})


def asked(clerk: Browser, **more: Any) -> Page:  # noqa: ANN401
    return clerk.get("counter.index", procedure=BIRTH, **more)


def test_a_citizens_words_lead_to_the_procedure(signed_in: As, posting: Posting) -> None:
    posting.issue({"2.1": procedure("Đăng ký khai tử"), "2.2": procedure("Đăng ký kết hôn")})
    clerk = signed_in("chuyenvien")
    assert clerk.get("counter.index", q="lam giay chung tu").all("ol a") == ["Đăng ký khai tử"]
    found = clerk.get("counter.index", q="khai sinh cho con")
    assert found.all("ol a")[0] == "Đăng ký khai sinh"
    assert "đăng ký khai sinh" in found.text
    assert found.attributes("ol a", "autofocus")[0] is not None
    assert clerk.get("counter.index", q=BIRTH).all("ol a") == ["Đăng ký khai sinh"]
    nothing = clerk.get("counter.index", q="phi thuyền")
    assert "Không thấy thủ tục nào" in nothing.text
    served = asked(clerk, q="khai sinh cho con")
    assert "Đăng ký khai sinh" in served.all("h2")


def test_the_case_the_channel_and_the_hour_decide_what_is_told(
    signed_in: As, posting: Posting, clock: Clock
) -> None:
    del posting
    clerk = signed_in("chuyenvien")
    now = asked(clerk)
    assert now.all("#due .answer") == ["thứ Hai, 03/08/2026"]
    assert "bản chính: 1 · bản sao: 2" in now.text
    assert {"Văn bản ủy quyền", "Văn bản xác nhận"} <= set(now.all(".bring li"))
    one = asked(clerk, paper_case="Ủy quyền")
    assert "Văn bản ủy quyền" in one.text
    assert "Văn bản xác nhận" not in one.text
    assert asked(clerk, channel="online").all("#due .answer") == ["thứ Năm, 06/08/2026"]
    clock.go(MONDAY, 16)
    clerk = signed_in("chuyenvien")
    late = asked(clerk)
    assert late.all("#due .answer") == ["thứ Ba, 04/08/2026"]
    assert "Nhận sau 15:00" in late.text
    chosen = asked(clerk, on="28/08/2026", at="10:00", channel="online")
    assert chosen.all("#due .answer") == ["thứ Hai, 07/09/2026"]
    assert "Quốc khánh" in chosen.text


def test_the_hour_of_one_procedure_is_not_that_of_another(
    signed_in: As, posting: Posting, clock: Clock
) -> None:
    posting.issue({"2.1": procedure("Sao y", methods=WAYS)})
    clock.go(MONDAY, 16)
    page = signed_in("chuyenvien").get("counter.index", procedure="2.1")
    assert page.all("#due .answer") == ["thứ Hai, 03/08/2026"]


def test_a_procedure_without_a_limit_promises_nothing_and_says_so(
    signed_in: As, posting: Posting
) -> None:
    said = Method(channel=Channel.DIRECT, limit=TimeLimit(note="Theo giấy hẹn"))
    steps = "Trả kết quả ngay trong ngày nếu kịp."
    posting.issue({"2.1": procedure("Việc khác", methods=(said,), steps=steps)})
    posting.issue({"2.2": procedure("Việc nữa", methods=(Method(channel=Channel.DIRECT),))})
    clerk = signed_in("chuyenvien")
    words = clerk.get("counter.index", procedure="2.1")
    assert words.all("#due .answer") == ["Chưa hẹn được"]
    assert "Theo giấy hẹn" in words.text
    assert f"“{steps.rstrip('.')}”" in words.text
    assert clerk.get("counter.index", procedure="2.2").all("#due .answer") == ["Chưa hẹn được"]


def test_the_fee_is_that_of_the_day_and_unknown_is_never_nought(
    signed_in: As, posting: Posting
) -> None:
    clerk = signed_in("chuyenvien")
    assert asked(clerk).all("#fees .answer") == ["Chưa xác định"]
    prices(
        posting,
        line(None, rate=Rate.EXEMPT, case=IN_TIME),
        line(8_000, case=LATE, exemptions=("Hộ nghèo",), last_day=MONDAY),
        line(9_000, case=LATE, first_day=MONDAY + timedelta(days=1)),
        line(None, rate=Rate.UNKNOWN, name="Phí bản sao"),
    )
    every = asked(clerk)
    assert every.all("#fees .answer") == ["Miễn", "8.000 đồng", "Chưa xác định"]
    assert "Hộ nghèo" in every.text
    assert "0 đồng" not in every.all("#fees .answer")
    assert asked(clerk, fee_case=LATE).all("#fees .answer")[0] == "8.000 đồng"
    tomorrow = asked(clerk, fee_case=LATE, on="04/08/2026")
    assert tomorrow.all("#fees .answer")[0] == "9.000 đồng"


def test_an_amount_that_changes_before_the_promised_day_is_told(
    signed_in: As, posting: Posting
) -> None:
    first = MONDAY + timedelta(days=2)
    old = line(8_000, last_day=first - timedelta(days=1))
    prices(posting, old, line(9_000, first_day=first))
    clerk = signed_in("chuyenvien")
    assert "Đổi mức trước ngày hẹn" in asked(clerk, channel="online").text
    assert "Đổi mức trước ngày hẹn" not in asked(clerk).text


def test_the_day_of_submission_picks_where_the_schedule_says_so(
    signed_in: As, posting: Posting
) -> None:
    first = MONDAY + timedelta(days=2)
    old = line(8_000, last_day=first - timedelta(days=1), picked_by=Picks.SUBMISSION)
    prices(posting, old, line(9_000, first_day=first, picked_by=Picks.SUBMISSION))
    page = asked(signed_in("chuyenvien"), channel="online")
    assert page.all("#fees .answer") == ["8.000 đồng"]
    assert "Đổi mức" not in page.text


def test_lines_that_contradict_each_other_are_shown_and_none_is_chosen(
    signed_in: As, posting: Posting
) -> None:
    """Two old communes are one now; its citizens are asked from which they come."""
    for slug in OLD:
        posting.end(slug, MONDAY - timedelta(days=1), "song-lo")
    one, two = line(5_000, units=("cu-mot",)), line(7_000, units=("cu-hai",))
    prices(posting, one, two)
    clerk = signed_in("chuyenvien")
    page = asked(clerk)
    assert len(page.all("#fees .is-gone li")) == 2
    assert page.all("#fees .answer") == []
    places = dict(
        zip(page.all("#place option"), page.attributes("#place option", "value"), strict=True)
    )
    assert asked(clerk, place=places["UBND xã cu-hai"]).all("#fees .answer") == ["7.000 đồng"]


def test_pages_and_copies_are_counted_as_the_schedule_counts_them(
    signed_in: As, posting: Posting
) -> None:
    steps = (Step(from_unit=1, amount=2_000), Step(from_unit=3, amount=1_000))
    prices(posting, line(None, rate=Rate.STEPS, steps=steps, unit="đồng/trang"))
    clerk = signed_in("chuyenvien")
    assert asked(clerk, pages=12, copies=3).all("#fees .answer") == ["42.000 đồng"]
    assert asked(clerk, q="sao y 12 trang").all("#fees .answer") == ["14.000 đồng"]


def test_forms_lead_to_the_file_in_force(signed_in: As, posting: Posting) -> None:
    del posting
    clerk = signed_in("chuyenvien")
    assert asked(clerk).attributes("#forms a", "href") == ["/b/song-lo/bm/BM-01"]
    (later,) = asked(clerk, on="05/08/2026").attributes("#forms a", "href")
    assert later.endswith("?on=2026-08-05")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"on": "31/02/2026"}, "Không có ngày 31/02/2026"),
        ({"on": "01/01/1900"}, "từ năm 2007"),
        ({"on": "01/01/2150"}, "đến 2099"),
        ({"at": "25:00"}, "ví dụ 14:30"),
        ({"pages": "0"}, "Số phải từ 1"),
        ({"copies": "x"}, "số nguyên"),
    ],
)
def test_what_is_typed_wrong_is_kept_and_nothing_is_promised(
    signed_in: As, posting: Posting, wrong: dict[str, Any], sentence: str
) -> None:
    del posting
    clerk = signed_in("chuyenvien")
    page = clerk.get("counter.index", procedure=BIRTH, status=422, **wrong)
    assert sentence in page.text
    assert page.all("#due") == []
    clerk.file("counter.paper", code=BIRTH, status=422, **wrong)


def test_odd_choices_are_taken_for_none(signed_in: As, posting: Posting) -> None:
    del posting
    clerk = signed_in("chuyenvien")
    odd: dict[str, Any] = {
        "channel": "bồ câu",
        "place": "²",
        "fee_case": "x",
        "paper_case": "x" * 5_000,
    }
    assert asked(clerk, **odd).all("#due .answer") == ["thứ Hai, 03/08/2026"]
    clerk.get("counter.index", procedure="khong-co", status=404)
    before = asked(clerk, on=JULY - timedelta(days=1))
    assert "không có hiệu lực ở đây" in before.text
    clerk.get("counter.index", q="khai sinh", on="02/06/2025")


def test_a_page_costs_so_many_questions_however_long_the_board_is(
    signed_in: As, posting: Posting
) -> None:
    posting.issue({f"3.{n}": procedure(f"Đăng ký khai sinh kiểu {n}") for n in range(40)})
    prices(posting, *(line(n, case=f"Trường hợp {n}") for n in range(1, 30)))
    clerk = signed_in("chuyenvien")
    pages: list[dict[str, Any]] = [{"q": "khai sinh cho con"}, {"procedure": BIRTH}, {}]
    for page in pages:
        clerk.get("counter.index", **page)
        with counted() as sent:
            clerk.get("counter.index", **page)
        assert len(sent) <= MOST_QUERIES, (page, len(sent))


@pytest.mark.pdf
def test_the_slip_says_what_the_page_says_and_can_be_checked(
    signed_in: As, posting: Posting
) -> None:
    prices(posting, line(8_000, case=LATE), line(None, rate=Rate.UNKNOWN, case=IN_TIME))
    clerk = signed_in("chuyenvien")
    chosen = {"channel": "online", "paper_case": "Ủy quyền"}
    (address,) = asked(clerk, **chosen).attributes("#print-slip", "href")
    answer = clerk.client.get(address)
    assert answer.mimetype == "application/pdf", answer.text
    document = PdfDocument(io.BytesIO(answer.data))
    width, height = document[0].get_size()
    assert (round(width), round(height)) == (420, 595), "A5"
    said = " ".join(page.get_textpage().get_text_bounded() for page in document).split()
    text = " ".join(said)
    for words in ("Đăng ký khai sinh", "thứ Năm, 06/08/2026", "8.000 đồng", "Chưa xác định"):
        assert words in text, words
    assert "Văn bản ủy quyền" in text
    assert "Văn bản xác nhận" not in text
    (code,) = re.findall(r"Mã kiểm tra: ([0-9A-Z-]+)", text)
    assert "Còn hiệu lực" in clerk.get("notices.check", code=code).text
    twice = clerk.client.get(f"{address}&fee_case={LATE}&copies=2").data
    assert "16.000 đồng" in (
        paid := PdfDocument(io.BytesIO(twice))[0].get_textpage().get_text_bounded()
    )
    assert "1 trang, 2 bản" in paid
    a4 = PdfDocument(io.BytesIO(clerk.client.get(f"{address}&paper=a4").data))
    assert [round(side) for side in a4[0].get_size()] == [595, 842]
    posting.amend(BIRTH, procedure("Đăng ký khai sinh", methods=WAYS), MONDAY)
    assert "Đã có bản mới" in clerk.get("notices.check", code=code).text
    pdf.close()


def enter(
    app: Flask,
    office: Office,
    clock: Clock,
    *,
    who: str = "thuky",
    at: str = "song-lo",
    **days: Any,  # noqa: ANN401
) -> int:
    with app.app_context(), transaction() as session:
        act = office.act(who, clock.at, clock.at.date())
        given = {"basis": "Thông báo 1", "year": None, "days": {}} | days
        return service.enter(session, act, unit(session, at), **given).id


def confirm(app: Flask, office: Office, clock: Clock, number: int, who: str) -> None:
    with app.app_context(), transaction() as session:
        service.confirm(session, office.act(who, clock.at, clock.at.date()), number)


def test_a_notice_counts_once_a_second_person_confirmed_it(
    app: Flask, office: Office, clock: Clock, posting: Posting, signed_in: As
) -> None:
    del posting
    wednesday, saturday = date(2026, 8, 5), date(2026, 8, 8)
    secretary, head = signed_in("thuky"), signed_in("truongphong")
    typed = {"basis": "Thông báo 9/TB", "off": "05/08/2026", "working": "8/8/2026"}
    secretary.post("counter.days.enter", typed, status=303)
    clerk = signed_in("chuyenvien")
    assert asked(clerk, channel="online").all("#due .answer") == ["thứ Năm, 06/08/2026"]
    number = 1
    with pytest.raises(NotAllowedError):
        confirm(app, office, clock, number, "thuky")
    assert "Thông báo 9/TB" in head.get("desk.index").text
    assert "Xác nhận là đúng" not in secretary.get("counter.days.index").text
    head.post("counter.days.confirm", {}, status=303, notice_id=number)
    assert asked(clerk, channel="online").all("#due .answer") == ["thứ Sáu, 07/08/2026"]
    assert "Thông báo 9/TB" in asked(clerk, channel="online").text
    friday = asked(clerk, channel="online", on="06/08/2026")
    assert friday.all("#due .answer") == ["thứ Hai, 10/08/2026"]
    with app.app_context():
        calendar = queries.calendar_of(db.session(), office.units["song-lo"])
        assert (calendar.works(wednesday), calendar.works(saturday)) == (False, True)
        acts = sa.select(Entry.action).order_by(Entry.seq)
        lines = acts.where(Entry.action.startswith("calendar."))
        assert list(db.session.scalars(lines)) == ["calendar.entered", "calendar.confirmed"]
    with pytest.raises(RefusedError):
        confirm(app, office, clock, number, "truongphong")


def test_of_several_notices_the_nearest_units_latest_stands(
    app: Flask, office: Office, clock: Clock
) -> None:
    storm, other = date(2026, 8, 6), date(2026, 8, 7)
    both = {storm: DayKind.OFF, other: DayKind.OFF}
    above = enter(app, office, clock, who="thuky-pt", at="phu-tho", days=both, year=2026)
    confirm(app, office, clock, above, "truongphong-pt")
    own = enter(app, office, clock, days={storm: DayKind.WORKING})
    confirm(app, office, clock, own, "truongphong")
    with app.app_context():
        session = db.session()
        ours = queries.calendar_of(session, office.units["song-lo"])
        theirs = queries.calendar_of(session, office.units["tan-lap"])
        assert [ours.works(day) for day in (storm, other)] == [True, False]
        assert [theirs.works(day) for day in (storm, other)] == [False, False]
        assert ours.settled == theirs.settled == {2026}
    back = enter(app, office, clock, days={storm: DayKind.AS_LAW})
    confirm(app, office, clock, back, "lanhdao")
    with app.app_context():
        assert queries.calendar_of(db.session(), office.units["song-lo"]).works(storm)


def test_nobody_enters_or_confirms_beyond_their_reach(
    app: Flask, office: Office, clock: Clock
) -> None:
    for who in ("thuky-tl", "chuyenvien", "danhgia", "lanhdao", "thuky-pt"):
        with pytest.raises(NotAllowedError):
            enter(app, office, clock, who=who, days={MONDAY: DayKind.OFF})
    number = enter(app, office, clock, who="quantri", days={MONDAY: DayKind.OFF})
    with pytest.raises(NotAllowedError):
        confirm(app, office, clock, number, "truongphong-tl")
    confirm(app, office, clock, number, "thuky")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Chưa điền ô này"),
        ({"basis": "TB"}, "ít nhất một ngày"),
        ({"basis": "TB", "off": "31/4/2026"}, "“31/4/2026”: Không có ngày"),
        ({"basis": "TB", "off": "5/8/2026", "working": "05/08/2026"}, "vừa nghỉ vừa đi làm"),
        ({"basis": "TB", "off": "5/8/2026", "as_law": "05/08/2026"}, "đã ghi ở ô trên"),
        ({"basis": "TB", "off": "1/1/1950"}, "từ năm 2007"),
        ({"basis": "TB", "year": "20266"}, "Số phải từ"),
        ({"basis": "x" * 301, "year": "2026"}, "Nhiều nhất 300 chữ"),
    ],
)
def test_a_notice_typed_wrong_says_where_and_keeps_the_words(
    signed_in: As, typed: dict[str, str], sentence: str
) -> None:
    secretary = signed_in("thuky")
    page = secretary.post("counter.days.enter", typed, status=422)
    assert sentence in page.text
    if "off" in typed:
        assert typed["off"] in page.one("#off")


@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE days_notice SET days = '{}'",
        "UPDATE days_notice SET basis = 'khác'",
        "UPDATE days_notice SET confirmed_by = entered_by, confirmed_at = '2026-08-03'",
        "DELETE FROM days_notice",
        (
            "INSERT INTO days_notice (unit_id, basis, days, entered_by, entered_at, confirmed_by,"
            " confirmed_at) SELECT unit_id, basis, days, entered_by, entered_at, entered_by + 1,"
            " entered_at FROM days_notice"
        ),
    ],
)
def test_the_database_itself_keeps_what_was_entered(
    app: Flask, office: Office, clock: Clock, wrong: str
) -> None:
    enter(app, office, clock, days={MONDAY: DayKind.OFF})
    with (
        app.app_context(),
        pytest.raises(sa.exc.DBAPIError, match=r"guard|CHECK|check|four_eyes"),
        transaction() as session,
    ):
        session.execute(sa.text(wrong))
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(DaysNotice)) == 1


@sqlite_only
def test_the_days_of_a_year_are_shown_with_what_was_turned(
    app: Flask, office: Office, clock: Clock, signed_in: As
) -> None:
    number = enter(app, office, clock, year=2026, days={date(2026, 1, 2): DayKind.OFF})
    confirm(app, office, clock, number, "truongphong")
    page = signed_in("thuky").get("counter.days.index", year=2026)
    assert "thứ Sáu, 02/01/2026" in page.text
    assert "Đã đối chiếu" in page.text
    assert "Chưa đối chiếu" in signed_in("thuky").get("counter.days.index", year=2027).text
    for odd in ("1", "99999", "x"):
        signed_in("thuky").get("counter.days.index", year=odd)
