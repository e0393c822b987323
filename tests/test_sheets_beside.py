"""Prices of schedules and forms in force are part of a sheet: each on its day, not before."""

from datetime import date, timedelta

import pytest
from flask import Flask

from qms.db import db, transaction
from qms.documents.kinds.fee import FeeSchedule
from qms.documents.kinds.fees import Channel, FeeLine, Rate
from qms.documents.kinds.form import FormBlank
from qms.documents.kinds.parts import FileRef
from qms.documents.kinds.procedure import DossierItem
from qms.documents.rules import RevisionText, Scope
from qms.documents.timeline import Action
from qms.notices import checking, codes, service, sheets, stories
from qms.notices import impact as notices_impact
from qms.notices.rules import Cause, Verdict
from qms.notices.sheets import DaySheet
from qms.units.queries import unit
from qms.units.rules import Level
from qms.vietnamese import weekday_day
from tests.deciding import matter_of
from tests.factories import Office
from tests.pages import Browser
from tests.posting import JULY, LATER, Posting, directly, priced, procedure, world
from tests.when import MONDAY, Clock

BIRTH, FEE, FORM = "1.001193", "PHI-HT", "BM-01"
DAY_BEFORE = LATER - timedelta(days=1)


@pytest.fixture
def office(app: Flask) -> Office:
    with app.app_context(), transaction() as session:
        return world(session)


@pytest.fixture
def posting(app: Flask, office: Office, clock: Clock) -> Posting:
    found = Posting(app, office, clock)
    found.issue({BIRTH: procedure("Khai sinh", methods=directly(priced(5_000)))})
    return found


def line(amount: int, **more: object) -> FeeLine:
    given = {"name": "Lệ phí hộ tịch", "procedure": BIRTH, "rate": Rate.AMOUNT} | more
    return FeeLine(amount=amount, **given)  # type: ignore[arg-type]


def schedule(*lines: FeeLine, **more: object) -> RevisionText:
    return RevisionText("Lệ phí hộ tịch", FeeSchedule(lines=lines), **more)  # type: ignore[arg-type]


def for_communes(*lines: FeeLine) -> RevisionText:
    return schedule(*lines, scope=Scope.LEVEL, scope_level=Level.COMMUNE)


def file(mark: str) -> FileRef:
    return FileRef(sha256=mark * 64, name="to-khai.pdf", media_type="application/pdf", size=9)


def form(mark: str) -> RevisionText:
    return RevisionText("Tờ khai đăng ký khai sinh", FormBlank(file=file(mark)))


def sheet(posting: Posting, on: date, unit_slug: str = "song-lo") -> DaySheet:
    with posting.app.app_context():
        session = db.session()
        place = unit(session, unit_slug)
        told = stories.on_board(session, place, BIRTH, on)
        found = sheets.on_day(told, on)
        assert found is not None
        return found


def amounts(posting: Posting, on: date, unit_slug: str = "song-lo") -> set[int | None]:
    content = sheet(posting, on, unit_slug).content
    return {line.amount for method in content.methods for line in method.fees}


def printed(posting: Posting, on: date) -> str:
    with posting.app.app_context():
        session = db.session()
        place = unit(session, "song-lo")
        told = stories.on_board(session, place, BIRTH, on)
        found = sheets.on_day(told, on)
        assert found is not None
        return codes.encode_sheet_code(place.id, told.document.id, found.digest)


def check(posting: Posting, code: str, on: date) -> checking.Checked:
    with posting.app.app_context():
        return checking.check(db.session(), code, on, lambda at: at.date())


def test_a_schedule_answers_from_its_day_and_the_catalogue_until_then(posting: Posting) -> None:
    posting.issue({FEE: schedule(line(8_000))}, LATER)
    assert amounts(posting, DAY_BEFORE) == {5_000}
    assert amounts(posting, LATER) == {8_000}


def test_where_no_schedule_answers_the_catalogue_does_again(posting: Posting) -> None:
    posting.issue({FEE: schedule(line(8_000))})
    posting.withdraw(FEE, LATER)
    assert amounts(posting, DAY_BEFORE) == {8_000}
    assert amounts(posting, LATER) == {5_000}


def test_prices_of_several_schedules_stand_by_code_whoever_was_entered_first(
    posting: Posting,
) -> None:
    posting.issue({"PHI-Z": schedule(line(9_000, name="Phí khai thác"))})
    posting.issue({"PHI-A": schedule(line(8_000))})
    assert [each["amount"] for each in sheet(posting, LATER).sheet.fees] == [8_000, 9_000]


def test_days_inside_a_line_change_the_sheet_without_any_decision(posting: Posting) -> None:
    posting.issue(
        {FEE: schedule(line(8_000, last_day=DAY_BEFORE), line(9_000, first_day=LATER))}
    )
    code = printed(posting, MONDAY)
    assert amounts(posting, LATER) == {9_000}
    assert check(posting, code, DAY_BEFORE).verdict is Verdict.IN_FORCE
    found = check(posting, code, LATER)
    assert (found.verdict, found.cause) == (Verdict.REPLACED, Cause.FEES)
    assert (found.judgement.since, found.change) == (LATER, None)


def test_a_paper_is_replaced_by_the_decision_that_brings_the_price(posting: Posting) -> None:
    code = printed(posting, MONDAY)
    posting.issue({FEE: schedule(line(8_000))}, LATER)
    assert check(posting, code, DAY_BEFORE).verdict is Verdict.IN_FORCE
    found = check(posting, code, LATER)
    assert (found.verdict, found.cause) == (Verdict.REPLACED, Cause.FEES)
    assert found.change is not None
    with posting.app.app_context():
        told = checking.differences(found)
    assert told is not None
    assert any("8.000" in str(part) and "5.000" in str(part) for part in told)


def test_a_line_holds_only_where_the_unit_lies(posting: Posting) -> None:
    lines = (line(8_000, units=("song-lo",)), line(9_000, units=("tan-lap",)))
    posting.issue({FEE: for_communes(*lines)}, owner="phu-tho")
    assert amounts(posting, MONDAY) == {8_000}


def test_of_two_schedules_of_one_code_the_nearest_stands(posting: Posting) -> None:
    posting.issue({FEE: for_communes(line(8_000))}, owner="phu-tho")
    posting.issue({FEE: schedule(line(7_000))}, LATER)
    assert amounts(posting, DAY_BEFORE) == {8_000}
    assert amounts(posting, LATER) == {7_000}


def test_a_line_goes_with_its_channel(posting: Posting) -> None:
    posting.issue(
        {
            FEE: schedule(
                line(0, channels=(Channel.ONLINE,)), line(8_000, channels=(Channel.DIRECT,))
            )
        }
    )
    assert amounts(posting, MONDAY) == {8_000}


def test_a_paper_made_before_a_price_was_entered_for_its_day_is_told_so(
    posting: Posting,
) -> None:
    code = printed(posting, MONDAY)
    posting.issue({FEE: schedule(line(8_000))}, JULY)
    found = check(posting, code, MONDAY)
    assert (found.verdict, found.cause) == (Verdict.REPLACED, Cause.FEES)
    assert isinstance(found.printed, DaySheet)
    assert found.printed.sheet.fees == ()


def with_form(posting: Posting) -> None:
    item = DossierItem(name="Tờ khai", form="TK-01", form_code=FORM)
    posting.decide(
        {
            FORM: (Action.ISSUE, form("a")),
            BIRTH: (Action.AMEND, procedure("Khai sinh", dossier=(item,))),
        },
        MONDAY,
    )


def test_another_file_of_a_form_makes_the_paper_old_on_its_day(posting: Posting) -> None:
    with_form(posting)
    code = printed(posting, MONDAY)
    posting.amend(FORM, form("b"), LATER)
    assert check(posting, code, DAY_BEFORE).verdict is Verdict.IN_FORCE
    found = check(posting, code, LATER)
    assert (found.verdict, found.cause) == (Verdict.REPLACED, Cause.FORM)
    assert found.change is not None


def test_the_notice_leads_to_the_form_and_the_schedule(
    posting: Posting, browser: Browser
) -> None:
    with_form(posting)
    posting.issue({FEE: schedule(line(8_000, legal_basis="Nghị quyết 23/2026/NQ-HĐND"))}, LATER)
    before = browser.get("notices.procedure", unit="song-lo", code=BIRTH)
    links = before.attributes("main a", "href")
    assert f"/b/song-lo/bm/{FORM}" in links
    assert f"/b/song-lo/phi/{FEE}" not in links
    coming = browser.get("notices.procedure", unit="song-lo", code=BIRTH, on=LATER)
    assert f"Áp dụng từ {weekday_day(LATER)}." in coming.text
    assert f"/b/song-lo/bm/{FORM}/xem?on={LATER}" in coming.attributes("main a", "href")
    board = browser.get("notices.board", unit="song-lo")
    assert board.attributes("#soon ~ ul a", "href") == [f"/b/song-lo/phi/{FEE}?on={LATER}"]
    posting.clock.go(LATER)
    after = browser.get("notices.procedure", unit="song-lo", code=BIRTH)
    assert f"/b/song-lo/phi/{FEE}" in after.attributes("main a", "href")
    assert "8.000 đồng" in after.text
    assert "Theo danh mục quốc gia" not in after.text
    assert "Theo danh mục quốc gia" in before.text
    assert "Nghị quyết 23/2026/NQ-HĐND" in after.text


def test_a_sheet_beside_which_nothing_stands_keeps_its_digest(posting: Posting) -> None:
    before = sheet(posting, MONDAY).digest
    posting.issue({"PHI-KHAC": schedule(line(8_000, procedure="2.000815"))})
    posting.issue({"BM-KHAC": form("c")})
    assert sheet(posting, MONDAY).digest == before


def test_whoever_signs_a_fee_is_told_how_much_paper_hangs(posting: Posting) -> None:
    posting.issue({FEE: schedule(line(8_000))})
    with posting.app.app_context(), transaction() as session:
        told = stories.on_board(session, unit(session, "song-lo"), BIRTH, MONDAY)
        for mark, place in enumerate(("Bảng tin", "Bảng tin", "Quầy số 1")):
            act = posting.act("thuky")
            service.make_copy(
                session,
                act,
                sheets.ProcedureCourse(told),
                place=service.place_named(session, act, told.unit, place),
                on=MONDAY,
                random=bytes([mark]) * codes.COPY_BYTES,
            )
    decision = posting.draft({FEE: (Action.AMEND, schedule(line(9_000)))})
    with posting.app.app_context():
        session = db.session()
        said = notices_impact.copies_touched(session, matter_of(session, decision))
    assert [each.numbers for each in said] == [{"sheets": 2, "places": 2}]
