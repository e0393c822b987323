"""A finding that weighs more or less than was thought, and one whose unit ended."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError

from qms.actions import change_rules, papers, queries
from qms.actions.models import Finding, Grading, Request
from qms.actions.rules import Grade, State
from qms.db import db, transaction
from qms.errors import InvalidError, RefusedError
from qms.trail import Act, Entry, Via
from qms.units import service as units
from qms.units.queries import unit
from tests.auditing import more_people
from tests.correcting import Correcting
from tests.factories import Office
from tests.pages import Page
from tests.people import As
from tests.when import MONDAY, NINE, Clock

TAKE_OVER = "Nhận phát hiện của đơn vị đã kết thúc"


@pytest.fixture
def correcting(app: Flask, office: Office, signed_in: As) -> Correcting:
    with app.app_context():
        more = more_people(office)
    office.units.update(more.units)  # type: ignore[attr-defined]
    office.people.update(more.people)  # type: ignore[attr-defined]
    return Correcting(app, office, signed_in)


def regrade(
    correcting: Correcting, finding: int, grade: str, who: str = "danhgia", status: int = 303
) -> Page:
    form = {"regrade-grade": grade, "regrade-reason": "Sau khi hội ý đoàn."}
    return correcting.signed_in(who).post(
        "actions.findings.regrade", form, status=status, finding_id=finding
    )


def stands(correcting: Correcting, finding: int) -> tuple[str, list[str]]:
    """Return the grade of a finding and where its requests stand."""
    with correcting.app.app_context():
        found = queries.finding(db.session(), finding)
        return found.grade.value, [each.state.value for each in found.requests]


def acts(correcting: Correcting) -> list[str]:
    with correcting.app.app_context():
        return list(db.session.scalars(sa.select(Entry.action).order_by(Entry.seq)))


def test_a_remark_that_weighs_more_gets_its_request_and_one_that_weighs_less_loses_it(
    correcting: Correcting,
) -> None:
    correcting.finding(grade="remark")
    finding, _none = correcting.last()
    page = regrade(correcting, finding, "major")
    assert "Lưu ý → Không phù hợp nặng" in page.text
    assert stands(correcting, finding) == ("major", ["proposed"])
    regrade(correcting, finding, "minor")
    assert stands(correcting, finding) == ("minor", ["proposed"])
    regrade(correcting, finding, "remark")
    assert stands(correcting, finding) == ("remark", ["annulled"])
    assert acts(correcting).count("finding.regraded") == 3
    assert "request.annul" in acts(correcting)
    regrade(correcting, finding, "minor")
    assert stands(correcting, finding) == ("minor", ["annulled", "proposed"])
    with correcting.app.app_context():
        session = db.session()
        said = papers.finding(session, queries.finding(session, finding), MONDAY, "")
    changes = [words for words, *_more in said["changes"]]
    assert changes[0] == "Đổi mức từ lưu ý sang không phù hợp nặng"
    assert len(changes) == 4


def test_only_who_raised_it_changes_the_grade_with_a_reason_before_the_plan_is_approved(
    correcting: Correcting,
) -> None:
    correcting.finding()
    finding, request = correcting.last()
    for account in ("thuky", "truongphong", "chuyenvien", "lanhdao"):
        regrade(correcting, finding, "major", account, status=403)
    here = correcting.signed_in("danhgia")
    form = {"regrade-grade": "major", "regrade-reason": ""}
    here.post("actions.findings.regrade", form, status=422, finding_id=finding)
    page = regrade(correcting, finding, "minor", status=422)
    assert "mức khác với mức đang có" in page.text
    correcting.plan(request)
    correcting.post("lanhdao", "requests.approve", request)
    page = regrade(correcting, finding, "remark", status=409)
    assert "đã được phê duyệt nên không đổi mức" in page.text
    assert "Đổi mức phát hiện" not in here.get("actions.findings.show", finding_id=finding).text
    assert stands(correcting, finding) == ("minor", ["approved"])


def test_who_wrote_the_plan_does_not_let_it_off(correcting: Correcting) -> None:
    correcting.finding("truongphong")
    finding, request = correcting.last()
    correcting.plan(request)
    page = regrade(correcting, finding, "remark", "truongphong", status=403)
    assert "không tự hạ mức" in page.text
    assert stands(correcting, finding) == ("minor", ["analysed"])


def test_the_database_takes_no_other_grade_or_unit_without_a_line_that_says_so(
    correcting: Correcting,
) -> None:
    correcting.finding()
    finding, _request = correcting.last()
    other = correcting.office.units["van-phong"]
    for change in ({"grade": Grade.MAJOR}, {"unit_id": other}):
        with (
            correcting.app.app_context(),
            pytest.raises(DatabaseError, match="guard"),
            transaction() as session,
        ):
            session.execute(sa.update(Finding).values(change).where(Finding.id == finding))
    regrade(correcting, finding, "major")
    with (
        correcting.app.app_context(),
        pytest.raises(DatabaseError, match="guard"),
        transaction() as session,
    ):
        session.execute(sa.update(Grading).values(reason="Khác."))


def end(correcting: Correcting, clock: Clock) -> None:
    """Let the department of justice end; the office's bureau takes over."""
    with correcting.app.app_context(), transaction() as session:
        act = Act(correcting.office.people["quantri"], NINE, MONDAY, Via.WEB)
        units.end(
            session,
            act,
            unit(session, "tu-phap"),
            last_day=MONDAY,
            successors=[unit(session, "van-phong")],
        )
    clock.go(MONDAY + timedelta(days=1))


def test_what_is_open_of_a_unit_that_ended_goes_to_the_one_that_took_over(
    correcting: Correcting, clock: Clock
) -> None:
    old, new = (correcting.office.units[each] for each in ("tu-phap", "van-phong"))
    correcting.finding(unit=str(old))
    finding, request = correcting.last()
    secretary = correcting.signed_in("thuky")
    assert TAKE_OVER not in secretary.get("desk.index").text
    form = {"hand-unit": str(new), "hand-reason": ""}
    where = {"finding_id": finding}
    secretary.post("actions.findings.hand_on", form, status=422, **where)
    end(correcting, clock)
    secretary = correcting.signed_in("thuky")
    assert TAKE_OVER in secretary.get("desk.index").text
    for account in ("truongphong", "danhgia", "lanhdao"):
        assert TAKE_OVER not in correcting.signed_in(account).get("desk.index").text
    page = secretary.post("actions.findings.hand_on", form, status=303, **where)
    assert "Văn phòng" in page.text
    assert TAKE_OVER not in secretary.get("desk.index").text
    with correcting.app.app_context():
        assert db.session.get_one(Finding, finding).unit_id == new
        assert db.session.get_one(Request, request).unit_id == new
    assert "finding.handed_on" in acts(correcting)
    desk = correcting.signed_in("dgv-vp").get("desk.index").text
    assert "Phân tích nguyên nhân" in desk, "whoever works there answers for it now"


def test_a_handed_on_remark_is_closed_where_it_went_though_its_lead_has_gone(
    correcting: Correcting, clock: Clock
) -> None:
    old, new = (correcting.office.units[each] for each in ("tu-phap", "van-phong"))
    correcting.finding(unit=str(old), grade="remark")
    finding, _none = correcting.last()
    end(correcting, clock)
    secretary = correcting.signed_in("thuky")
    secretary.post(
        "actions.findings.hand_on", {"hand-unit": str(new)}, status=303, finding_id=finding
    )
    head = correcting.signed_in("truongphong")
    head.post("actions.findings.answer", {"answer": "Đã sửa."}, status=303, finding_id=finding)
    secretary.post("actions.findings.close", {}, status=303, finding_id=finding)


@pytest.mark.parametrize(
    ("last_day", "heirs", "heir_last", "wrong"),
    [
        (None, {2}, None, RefusedError),
        (MONDAY, {2}, None, RefusedError),
        (MONDAY - timedelta(days=1), {3}, None, InvalidError),
        (MONDAY - timedelta(days=1), {2}, MONDAY - timedelta(days=1), RefusedError),
    ],
)
def test_only_an_heir_that_lives_takes_over_from_a_unit_that_ended(
    last_day: date | None, heirs: set[int], heir_last: date | None, wrong: type[Exception]
) -> None:
    with pytest.raises(wrong):
        change_rules.check_heir(last_day, heirs, 2, heir_last, MONDAY)
    change_rules.check_heir(MONDAY - timedelta(days=1), {2}, 2, MONDAY, MONDAY)


@pytest.mark.parametrize("state", sorted(set(State) - change_rules.EARLY))
def test_no_grade_changes_once_a_plan_was_approved(state: State) -> None:
    with pytest.raises(RefusedError):
        change_rules.check_grade(Grade.MINOR, Grade.MAJOR, "Vì thế.", [state])
