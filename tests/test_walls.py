"""Sheets of every kind over time: lists, fee tables, feedback, notice texts, and their copies."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from qms.db import db, transaction
from qms.documents.kinds.fee import FeeSchedule
from qms.documents.kinds.fees import Channel, FeeLine, Rate
from qms.documents.kinds.procedure import LimitUnit, Method, TimeLimit
from qms.documents.kinds.text import Genre, WrittenText
from qms.documents.rules import Audience, RevisionText, Scope
from qms.documents.timeline import Action
from qms.errors import NotFoundError, RefusedError
from qms.fees import queries as fee_pages
from qms.notices import checking, codes, impact, service, subjects, tellings
from qms.notices.course import Course
from qms.notices.fee_tables import FeeSheet
from qms.notices.field_lists import ListSheet
from qms.notices.models import Copy
from qms.notices.rules import Cause, DecisionRef, Heading, SheetKind, Subject, Verdict
from qms.units.queries import unit
from qms.units.rules import Level
from tests.deciding import matter_of
from tests.engines import counted, sqlite_only
from tests.factories import FOUNDED, Office
from tests.pages import Browser
from tests.posting import FOR_COMMUNES, LATER, Posting, directly, priced, procedure, world
from tests.when import MONDAY, Clock

BIRTH, DEATH, FEE, POLICY = "1.001193", "1.000656", "PHI-HT", "CB-01"
FIELD = "Hộ tịch"
TUESDAY = MONDAY + timedelta(days=1)
DAY_BEFORE = LATER - timedelta(days=1)
SAYS_WHERE = {"name": "UBND xã Sông Lô", "feedback": "Văn phòng HĐND và UBND xã Sông Lô"}
MOST_QUERIES = 26
"""Whatever is asked, of however many sheets."""


@pytest.fixture
def office(app: Flask) -> Office:
    with app.app_context(), transaction() as session:
        return world(session)


@pytest.fixture
def posting(app: Flask, office: Office, clock: Clock) -> Posting:
    made = Posting(app, office, clock)
    made.issue({BIRTH: procedure("Đăng ký khai sinh"), DEATH: procedure("Đăng ký khai tử")})
    return made


def declaration(body: str = "Công bố hệ thống phù hợp TCVN ISO 9001:2015.") -> RevisionText:
    content = WrittenText(genre=Genre.DECLARATION, body=body)
    return RevisionText("Công bố phù hợp TCVN ISO 9001", content, audience=Audience.PUBLIC)


def schedule(*lines: FeeLine) -> RevisionText:
    return RevisionText("Lệ phí hộ tịch", FeeSchedule(field=FIELD, lines=lines))


def line(amount: int, code: str = BIRTH, **more: object) -> FeeLine:
    given = {"name": "Lệ phí hộ tịch", "procedure": code, "rate": Rate.AMOUNT} | more
    return FeeLine(amount=amount, **given)  # type: ignore[arg-type]


def every_kind(posting: Posting) -> None:
    posting.issue({FEE: schedule(line(8_000))})
    posting.issue({POLICY: declaration()})
    posting.heading("song-lo", FOUNDED, Level.COMMUNE, **SAYS_WHERE)


def asked(posting: Posting, kind: SheetKind, topic: str = "", slug: str = "song-lo") -> Course:
    """Return the course of a sheet of a unit; of a text or procedure the one on the board."""
    session = db.session()
    where = unit(session, slug)
    if kind in {SheetKind.TEXT, SheetKind.PROCEDURE}:
        board = subjects.on_board(session, where, posting.clock.at.date())
        subject = next(each for each, _, _ in board if each.kind is kind)
    else:
        subject = Subject(where.id, kind, topic=topic)
    return subjects.of(session, subject)


def rows(posting: Posting, on: date, topic: str = FIELD) -> list[dict[str, object]]:
    with posting.app.app_context():
        found = asked(posting, SheetKind.LIST, topic).on_day(on)
        assert found is None or isinstance(found, ListSheet)
        return found.rows if found else []


def printed(posting: Posting, kind: SheetKind, topic: str = "", on: date = MONDAY) -> str:
    with posting.app.app_context():
        course = asked(posting, kind, topic)
        found = course.on_day(on)
        assert found is not None
        return tellings.code_of(course, found.digest)


def check(code: str, on: date) -> checking.Checked:
    return checking.check(db.session(), code, on, lambda at: (at + timedelta(hours=7)).date())


def copy_of(posting: Posting, kind: SheetKind, topic: str = "", on: date = MONDAY) -> str:
    with posting.app.app_context(), transaction() as session:
        course, act = asked(posting, kind, topic), posting.act("thuky")
        where = service.place_named(session, act, course.unit, "Bảng tin thôn 3")
        random = int(act.at.timestamp()).to_bytes(codes.COPY_BYTES, "little")
        return service.make_copy(session, act, course, place=where, on=on, random=random).code


def copies() -> Sequence[Copy]:
    return list(db.session.query(Copy).order_by(Copy.printed_at))


# ---------- what stands on the board ----------


def test_the_board_names_every_sheet_it_has(posting: Posting) -> None:
    with posting.app.app_context():
        where = unit(db.session(), "song-lo")
        kinds = [each.kind for each, _, _ in subjects.on_board(db.session(), where, MONDAY)]
    assert sorted(kinds) == ["list", "procedure", "procedure"]
    every_kind(posting)
    with posting.app.app_context():
        found = subjects.on_board(db.session(), unit(db.session(), "song-lo"), MONDAY)
    assert [(each.kind.value, title, topic) for each, title, topic in found] == [
        ("text", "Công bố phù hợp TCVN ISO 9001", POLICY),
        ("procedure", "Đăng ký khai sinh", FIELD),
        ("procedure", "Đăng ký khai tử", FIELD),
        ("list", "Danh mục thủ tục hành chính lĩnh vực Hộ tịch", FIELD),
        ("fees", "Bảng phí, lệ phí", ""),
        ("feedback", found[-1][1], ""),
    ]


# ---------- the list of a field ----------


def test_a_list_names_limit_price_and_way_of_each_procedure(posting: Posting) -> None:
    method = Method(
        channel=Channel.DIRECT,
        limit=TimeLimit(count=3, unit=LimitUnit.WORKING_DAY),
        fees=(priced(8_000),),
    )
    posting.issue({"2.1": procedure("Chứng thực chữ ký", methods=(method,))})
    (row,) = [each for each in rows(posting, MONDAY) if each["code"] == "2.1"]
    assert row["title"] == "Chứng thực chữ ký"
    assert row["limit"] == "03 ngày làm việc"
    assert row["fee"] == "8.000 đồng"
    assert row["ways"] == "Trực tiếp"


def test_a_nought_of_the_catalogue_is_never_told_as_free(posting: Posting) -> None:
    posting.issue({"2.1": procedure("Chứng thực", methods=directly(priced(0)))})
    (row,) = [each for each in rows(posting, MONDAY) if each["code"] == "2.1"]
    assert row["fee"] == "Chưa xác định"


def test_many_prices_are_told_from_which_to_which(posting: Posting) -> None:
    fees = [
        priced(n * 1_000).model_copy(update={"case": f"Trường hợp {n}"}) for n in range(1, 6)
    ]
    posting.issue({"2.1": procedure("Chứng thực", methods=directly(*fees))})
    (row,) = [each for each in rows(posting, MONDAY) if each["code"] == "2.1"]
    assert row["fee"] == "Từ 1.000 đồng đến 5.000 đồng, tùy trường hợp"


def test_a_price_of_a_schedule_stands_on_the_list_in_place_of_the_catalogues(
    posting: Posting,
) -> None:
    posting.issue({FEE: schedule(line(15_000))}, LATER)
    assert [each["fee"] for each in rows(posting, DAY_BEFORE)] == ["8.000 đồng"] * 2
    assert [each["fee"] for each in rows(posting, LATER)] == ["15.000 đồng", "8.000 đồng"]


def test_a_procedure_that_moves_to_another_field_leaves_the_list(posting: Posting) -> None:
    posting.amend(BIRTH, procedure("Đăng ký khai sinh", field="Tư pháp"))
    assert [each["code"] for each in rows(posting, DAY_BEFORE)] == [BIRTH, DEATH]
    assert [each["code"] for each in rows(posting, LATER)] == [DEATH]
    assert [each["code"] for each in rows(posting, LATER, "Tư pháp")] == [BIRTH]


def test_what_the_list_does_not_tell_does_not_change_it(posting: Posting) -> None:
    code = printed(posting, SheetKind.LIST, FIELD)
    posting.amend(BIRTH, procedure("Đăng ký khai sinh", steps="Nộp rồi chờ."), TUESDAY)
    with posting.app.app_context():
        found = check(code, TUESDAY)
        assert found.verdict is Verdict.IN_FORCE
        assert len(asked(posting, SheetKind.LIST, FIELD).answers()) == 2


def test_a_list_of_the_province_holds_in_its_communes(posting: Posting) -> None:
    posting.issue({"3.1": procedure("Của tỉnh", **FOR_COMMUNES)}, owner="phu-tho")
    with posting.app.app_context():
        theirs = asked(posting, SheetKind.LIST, FIELD, "tan-lap").on_day(MONDAY)
        assert isinstance(theirs, ListSheet)
        assert [each["code"] for each in theirs.rows] == ["3.1"]
    assert [each["code"] for each in rows(posting, MONDAY)] == ["3.1", BIRTH, DEATH]


# ---------- verdicts ----------


def test_a_list_is_replaced_when_a_row_changes_and_says_by_what(posting: Posting) -> None:
    code = printed(posting, SheetKind.LIST, FIELD)
    posting.amend(BIRTH, procedure("Đăng ký khai sinh mới"), TUESDAY)
    with posting.app.app_context():
        found = check(code, TUESDAY)
        assert (found.verdict, found.cause) == (Verdict.REPLACED, Cause.DECISION)
        assert found.judgement.since == TUESDAY
        assert found.change is not None
        assert found.change.decision.number == "02/QĐ-UBND"
        result = checking.differences(found)
        assert [part.label for part in result or () if part.state != "equal"] == ["Thủ tục"]


def test_a_list_is_replaced_by_a_fee_and_by_a_withdrawal(posting: Posting) -> None:
    code = printed(posting, SheetKind.LIST, FIELD)
    posting.issue({FEE: schedule(line(15_000))}, TUESDAY)
    with posting.app.app_context():
        found = check(code, TUESDAY)
        assert (found.verdict, found.cause) == (Verdict.REPLACED, Cause.FEES)
        assert found.change is not None
    posting.withdraw(BIRTH, LATER)
    posting.withdraw(DEATH, LATER)
    with posting.app.app_context():
        gone = check(code, LATER)
        assert (gone.verdict, gone.cause) == (Verdict.WITHDRAWN, Cause.DECISION)
        assert gone.change is not None
        assert gone.change.action is Action.WITHDRAW


def test_a_paper_list_made_before_a_correction_stays_known(posting: Posting) -> None:
    code = printed(posting, SheetKind.LIST, FIELD)
    posting.clock.go(TUESDAY, hour=6)
    posting.correct(BIRTH, procedure("Đăng ký khai sinh (đính chính)"))
    with posting.app.app_context():
        found = check(code, TUESDAY)
        assert (found.verdict, found.judgement.since) == (Verdict.REPLACED, TUESDAY)
        assert isinstance(found.printed, ListSheet)
        assert "Đăng ký khai sinh" in [each["title"] for each in found.printed.rows]


def test_a_list_for_a_day_that_two_decisions_make_is_known_between_them(
    posting: Posting,
) -> None:
    posting.amend(BIRTH, procedure("Đăng ký khai sinh mới"), LATER)
    code = printed(posting, SheetKind.LIST, FIELD, LATER)
    posting.amend(DEATH, procedure("Đăng ký khai tử mới"), TUESDAY)
    with posting.app.app_context():
        assert check(code, LATER).verdict is Verdict.REPLACED


@pytest.mark.parametrize("kind", [SheetKind.FEES, SheetKind.FEEDBACK, SheetKind.TEXT])
def test_every_kind_is_in_force_and_then_replaced(posting: Posting, kind: SheetKind) -> None:
    every_kind(posting)
    code, copy = printed(posting, kind), copy_of(posting, kind)
    with posting.app.app_context():
        for each in (code, copy):
            assert check(each, MONDAY).verdict is Verdict.IN_FORCE
    posting.amend(FEE, schedule(line(9_000)), TUESDAY)
    posting.amend(POLICY, declaration("Công bố lại."), TUESDAY)
    posting.heading("song-lo", TUESDAY, Level.COMMUNE, **SAYS_WHERE | {"feedback": "Quầy số 1"})
    causes = {
        SheetKind.FEES: Cause.FEES,
        SheetKind.FEEDBACK: Cause.HEADING,
        SheetKind.TEXT: Cause.DECISION,
    }
    with posting.app.app_context():
        for each in (code, copy):
            found = check(each, TUESDAY)
            assert (found.verdict, found.cause) == (Verdict.REPLACED, causes[kind])
            assert found.judgement.since == TUESDAY


@pytest.mark.parametrize("kind", [SheetKind.FEES, SheetKind.FEEDBACK, SheetKind.TEXT])
def test_every_kind_may_be_withdrawn(posting: Posting, kind: SheetKind) -> None:
    every_kind(posting)
    code = printed(posting, kind)
    posting.withdraw(FEE, TUESDAY)
    posting.withdraw(POLICY, TUESDAY)
    posting.heading("song-lo", TUESDAY, Level.COMMUNE, name="UBND xã Sông Lô")
    with posting.app.app_context():
        assert check(code, TUESDAY).verdict is Verdict.WITHDRAWN


@pytest.mark.parametrize(
    "kind", [each for each in SheetKind if each is not SheetKind.PROCEDURE]
)
def test_the_end_of_a_unit_ends_its_papers(posting: Posting, kind: SheetKind) -> None:
    every_kind(posting)
    code = printed(posting, kind, FIELD if kind is SheetKind.LIST else "")
    posting.end("song-lo", MONDAY, "tan-lap")
    with posting.app.app_context():
        found = check(code, TUESDAY)
        assert (found.verdict, found.cause) == (Verdict.WITHDRAWN, Cause.UNIT)


def test_a_mark_that_no_sheet_of_the_unit_has_is_unknown(posting: Posting) -> None:
    digest = "ab" * 32
    with posting.app.app_context():
        here = unit(db.session(), "song-lo").id
        nowhere = tellings.mark_of("list", "Không có lĩnh vực này")
        fees = tellings.mark_of("fees", "")
        for where, mark in ((here, nowhere), (here, fees), (999_999, fees)):
            code = codes.encode_marked_code(where, mark, digest)
            assert check(code, MONDAY).verdict is Verdict.UNKNOWN


def test_a_text_that_is_not_public_is_no_sheet(posting: Posting) -> None:
    content = WrittenText(genre=Genre.NOTICE, body="Mật.")
    posting.issue({POLICY: RevisionText("Nội bộ", content, audience=Audience.INTERNAL)})
    with posting.app.app_context():
        where = unit(db.session(), "song-lo")
        kinds = {each.kind for each, _, _ in subjects.on_board(db.session(), where, MONDAY)}
        assert SheetKind.TEXT not in kinds


# ---------- what the days between say ----------


@sqlite_only
@pytest.mark.parametrize("kind", [SheetKind.LIST, SheetKind.FEES])
def test_between_two_answers_every_day_says_the_same(posting: Posting, kind: SheetKind) -> None:
    every_kind(posting)
    ends = date(2026, 8, 20)
    fees = priced(8_000, last=ends), priced(5_000, first=ends + timedelta(days=1))
    posting.amend(DEATH, procedure("Khai tử", methods=directly(*fees)), date(2026, 8, 11))
    posting.amend(FEE, schedule(line(9_000, last_day=date(2026, 9, 5))), date(2026, 8, 15))
    posting.heading("song-lo", date(2026, 8, 25), Level.COMMUNE, name="UBND xã Sông Lô mới")
    with posting.app.app_context():
        course = asked(posting, kind, FIELD if kind is SheetKind.LIST else "")
        answers = course.answers()
        assert len(answers) > 4
        for on in (MONDAY + timedelta(days=n) for n in range(45)):
            found = course.on_day(on)
            told = [each.digests for each in answers if each.first_day <= on][-1]
            assert (found.digests if found else {}) == told, on


@sqlite_only
def test_the_fee_table_tells_what_the_page_of_the_day_shows(posting: Posting) -> None:
    every_kind(posting)
    posting.issue({"PHI-2": schedule(line(3_000, DEATH, last_day=LATER))}, TUESDAY)
    posting.amend(FEE, schedule(line(9_000, first_day=LATER)), date(2026, 8, 15))
    own = schedule(line(1, "9.9"))
    of_province = replace(own, scope=Scope.LEVEL, scope_level=Level.COMMUNE)
    posting.issue({"PHI-T": of_province}, date(2026, 8, 20), owner="phu-tho")
    with posting.app.app_context():
        course = asked(posting, SheetKind.FEES)
        for on in (MONDAY + timedelta(days=n) for n in range(35)):
            page = fee_pages.on_day(db.session(), course.unit.id, on).rows
            found = course.on_day(on)
            assert found is None or isinstance(found, FeeSheet)
            told = found.groups if found else []
            assert [
                (row["procedure"], row["name"], row["rate"])
                for group in told
                for row in group["rows"]
            ] == [
                (
                    each.procedure_title or each.held.line.procedure,
                    each.held.line.name,
                    each.rate,
                )
                for each in page
            ], on


# ---------- copies ----------


def test_outdated_copies_are_those_whose_sheet_says_something_else(posting: Posting) -> None:
    every_kind(posting)
    for kind in SheetKind:
        copy_of(posting, kind, FIELD if kind is SheetKind.LIST else "")

    def due(on: date) -> list[str]:
        with posting.app.app_context():
            return [each.kind for each in checking.outdated(db.session(), copies(), on)]

    posting.amend(FEE, schedule(line(9_000)), TUESDAY)
    assert due(MONDAY) == []
    assert due(TUESDAY) == ["procedure", "list", "fees"]
    posting.withdraw(POLICY, LATER)
    assert due(LATER) == ["procedure", "list", "fees", "text"]
    with posting.app.app_context():
        judged = checking.judged_copies(db.session(), copies(), LATER, lambda at: at.date())
        assert [each.judgement.verdict for each in judged] == [
            *[Verdict.REPLACED] * 3,
            Verdict.IN_FORCE,
            Verdict.WITHDRAWN,
        ]


@sqlite_only
def test_whoever_signs_a_fee_is_told_of_lists_and_tables_that_hang_too(
    posting: Posting,
) -> None:
    every_kind(posting)
    for kind in SheetKind:
        copy_of(posting, kind, FIELD if kind is SheetKind.LIST else "")
    decision = posting.draft({FEE: (Action.AMEND, schedule(line(9_000)))})
    other = posting.draft({"9.1": (Action.ISSUE, procedure("Khác", field="Khác"))})
    with posting.app.app_context():
        session = db.session()
        said = impact.copies_touched(session, matter_of(session, decision))
        assert [each.numbers for each in said] == [{"sheets": 3, "places": 1}]
        assert not impact.copies_touched(session, matter_of(session, other))


def test_a_place_of_another_unit_or_one_that_is_closed_takes_no_copy(posting: Posting) -> None:
    with posting.app.app_context(), transaction() as session:
        course, act = asked(posting, SheetKind.LIST, FIELD), posting.act("thuky")
        theirs = service.place_named(session, act, unit(session, "tan-lap"), "Bảng tin")
        closed = service.place_named(session, act, course.unit, "Bảng cũ")
        closed.last_day = MONDAY - timedelta(days=1)
        for place in (theirs, closed):
            with pytest.raises(RefusedError):
                service.make_copy(session, act, course, place=place, on=MONDAY, random=bytes(9))
        nothing = asked(posting, SheetKind.FEEDBACK)
        open_one = service.place_named(session, act, course.unit, "Bảng mới")
        with pytest.raises(NotFoundError):
            service.make_copy(session, act, nothing, place=open_one, on=MONDAY, random=bytes(9))


def test_courses_cost_the_same_however_many(posting: Posting) -> None:
    every_kind(posting)
    more = {f"5.{n}": procedure(f"Việc {n}", field=f"Lĩnh vực {n % 5}") for n in range(30)}

    def cost() -> int:
        with posting.app.app_context():
            session = db.session()
            board = subjects.on_board(session, unit(session, "song-lo"), MONDAY)
            wanted = [each for each, _, _ in board]
            session.rollback()
            with counted() as sent:
                known = subjects.courses(session, wanted)
                assert all(each.on_day(MONDAY) for each in known.values())
            assert len(sent) <= MOST_QUERIES, "\n".join(sent)
            return len(sent)

    few = cost()
    posting.issue(more)
    assert cost() == few


# ---------- pages ----------


@sqlite_only
def test_each_sheet_has_a_page_that_the_board_and_the_check_lead_to(
    posting: Posting, browser: Browser
) -> None:
    every_kind(posting)
    listed = browser.get("notices.wall.field", unit="song-lo", slug="ho-tich")
    assert listed.one("h1") == "Danh mục thủ tục hành chính lĩnh vực Hộ tịch"
    assert "8.000 đồng" in listed.text
    assert "/b/song-lo/1.001193" in listed.attributes("main a", "href")
    assert "Văn phòng HĐND" in browser.get("notices.wall.feedback", unit="song-lo").text
    page = browser.get("notices.wall.text", unit="song-lo", code=POLICY)
    assert "TCVN ISO 9001:2015" in page.text
    board = browser.get("notices.board", unit="song-lo").attributes("main a", "href")
    assert {"/b/song-lo/thong-bao/CB-01", "/b/song-lo/phan-anh"} <= set(board)
    of_field = browser.get("notices.board", unit="song-lo", field=FIELD)
    assert "/b/song-lo/linh-vuc/ho-tich" in of_field.attributes("main a", "href")
    code = printed(posting, SheetKind.LIST, FIELD)
    answer = browser.get("notices.check", code=code)
    assert answer.one("h1") == "Còn hiệu lực"
    assert "/b/song-lo/linh-vuc/ho-tich" in answer.attributes("main a", "href")


@sqlite_only
def test_a_replaced_list_shows_the_row_that_changed_side_by_side(
    posting: Posting, browser: Browser
) -> None:
    code = printed(posting, SheetKind.LIST, FIELD)
    posting.issue({FEE: schedule(line(15_000))}, TUESDAY)
    posting.clock.go(TUESDAY)
    page = browser.get("notices.check", code=code)
    assert page.one("h1") == "Đã có bản mới"
    assert "8.000 đồng" in page.one(".old-new del")
    assert "15.000 đồng" in page.one(".old-new ins")


@sqlite_only
def test_what_was_never_there_is_not_found_and_an_empty_day_says_so(
    posting: Posting, browser: Browser
) -> None:
    del posting
    browser.get("notices.wall.field", unit="song-lo", slug="khong-co", status=404)
    browser.get("notices.wall.text", unit="song-lo", code="KHONG-CO", status=404)
    empty = browser.get("notices.wall.feedback", unit="song-lo")
    assert "chưa ghi nơi tiếp nhận" in empty.text
    before = browser.get("notices.wall.field", unit="song-lo", slug="ho-tich", on=FOUNDED)
    assert "không có thủ tục nào" in before.text


def test_a_sheet_of_each_kind_keeps_its_digest_for_ever(posting: Posting) -> None:
    del posting
    heading = Heading("Ủy ban nhân dân xã Sông Lô", seat="thôn Đồng Thịnh")
    method = {"channel": "direct", "case": "", "limit": LIMIT, "fees": [PRICE], "note": ""}
    line = tellings.listed("1.1", "Khai sinh", {"methods": [method], "address": ""}, ())
    row = tellings.hashed(line)
    sheets = (
        tellings.FieldList("song-lo", heading, FIELD, (row,)),
        tellings.FeeTable("song-lo", heading, (row,), {"1.1": "Khai sinh"}),
        tellings.Feedback("song-lo", heading, "Quầy số 1"),
        tellings.NoticeText(
            "song-lo",
            heading,
            "CB-01",
            "Công bố",
            {"kind": "text", "schema": 1, "body": "Một."},
            DecisionRef("45/QĐ-UBND", date(2026, 6, 20), "UBND", "Về việc công bố"),
            date(2026, 7, 1),
        ),
    )
    assert [tellings.digests_of(each)[1] for each in sheets] == KEPT


LIMIT = {"count": 3, "unit": "working_day", "note": ""}
PRICE = {
    "name": "Lệ phí",
    "case": "",
    "rate": "amount",
    "amount": 8_000,
    "steps": [],
    "cap": None,
    "unit": "",
}
KEPT = [
    "e74c9dc7488aed2b53da64d289aa1fc1acf0a3ba10753b10e9c875be1dbf4261",
    "12fb49dd719f61c7c81653c053e58a283b4ddf77159ab7801b7f98f9dc30987f",
    "32b2e121d7bf75185ca1fad4bff871a4c3bcfcdf30f7aa9321bedd3eb3224844",
    "6058de0cc3cf7ab00e705bbc0cec1e1e913f72bd2b7aa5c73d63ae7ae5090061",
]
"""Printed on paper in scheme 1: these digests must never come out otherwise."""


@pytest.mark.pdf
@sqlite_only
@pytest.mark.parametrize(
    ("asked_for", "words"),
    [
        (["--list", FIELD], "DANH MỤC THỦ TỤC HÀNH CHÍNH"),
        (["--fees"], "BẢNG PHÍ, LỆ PHÍ"),
        (["--feedback"], "Văn phòng HĐND"),
        ([POLICY], "ISO 9001:2015"),
    ],
)
def test_the_command_prints_every_kind_and_its_code_checks(
    posting: Posting, runner: FlaskCliRunner, asked_for: list[str], words: str
) -> None:
    every_kind(posting)
    target = f"{posting.app.config['DATA_DIR']}/to.pdf"
    args = ["notice", *asked_for, "--unit", "song-lo", "-o", target]
    made = runner.invoke(args=[*args, "--place", "Thôn 3", "--as", "thuky"])
    assert made.exit_code == 0, made.output
    code = made.stdout.split()[1]
    paper = pypdfium2.PdfDocument(target)
    said = " ".join(page.get_textpage().get_text_bounded() for page in paper)
    assert words in " ".join(said.split())
    assert code in said
    assert runner.invoke(args=["copy", "check", code]).exit_code == 0


@sqlite_only
def test_the_command_takes_one_sheet_at_a_time(runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=["notice", "1.1", "--fees", "-o", "x.pdf"]).exit_code == 2
    assert runner.invoke(args=["notice", "-o", "x.pdf"]).exit_code == 2
