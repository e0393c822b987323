"""What a clever insider would try with findings, requests and audits; each way is closed."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from qms import clock as qms_clock
from qms.accounts import service as accounts
from qms.accounts.models import User
from qms.accounts.rules import Role
from qms.actions.models import Finding, Task
from qms.actions.rules import Grade
from qms.audits.answers import Result
from qms.audits.models import Audit
from qms.audits.rules import Days, Duty, State
from qms.db import db, transaction
from qms.documents import queries as documents
from qms.documents import signing
from qms.errors import InvalidError, RefusedError
from qms.trail import Act
from qms.units.queries import unit
from tests import factories
from tests.auditing import FIRST, PERIOD, Auditing, more_people, said
from tests.correcting import Correcting
from tests.engines import sqlite_only
from tests.factories import Office
from tests.people import As
from tests.when import MONDAY, NINE, Clock

pytestmark = sqlite_only

LATER = MONDAY + timedelta(days=1)


@pytest.fixture
def correcting(app: Flask, office: Office, signed_in: As) -> Correcting:
    return Correcting(app, office, signed_in)


@pytest.fixture
def auditing(app: Flask, office: Office, clock: Clock) -> Iterator[Auditing]:
    with app.app_context():
        yield Auditing(app, more_people(office), clock)


def second_post(app: Flask, office: Office, account: str, slug: str, role: Role) -> None:
    with app.app_context(), transaction() as session:
        person = session.get_one(User, office.people[account])
        act = Act(None, NINE, MONDAY)
        accounts.give_post(session, act, person, unit(session, slug), role, first_day=MONDAY)


def state(audit: int) -> State:
    db.session.expire_all()
    return db.session.get_one(Audit, audit).state


def test_a_head_with_a_second_post_annuls_no_finding_about_the_own_unit(
    app: Flask, correcting: Correcting, office: Office, clock: Clock
) -> None:
    correcting.finding(unit=str(office.units["tu-phap"]), grade="major")
    finding, _request = correcting.last()
    second_post(app, office, "truongphong", "song-lo", Role.AUDITOR)
    clock.go(LATER)
    why = {"annul-reason": "Không phải lỗi."}
    page = correcting.signed_in("truongphong").post(
        "actions.findings.annul", why, finding_id=finding, status=403
    )
    assert "không tự hủy" in page.text


def test_whoever_drafted_what_an_action_wanted_does_not_verify_it(
    app: Flask, correcting: Correcting, office: Office, clock: Clock
) -> None:
    with app.app_context(), transaction() as session:
        first = factories.draft(session, office, "QT-01", NINE, MONDAY)
        factories.sign(session, office, first, NINE, MONDAY)
    correcting.finding(document="QT-01")
    _finding, request = correcting.last()
    task = correcting.plan(request, owner="chuyenvien")
    correcting.post("lanhdao", "requests.approve", request)
    named = {f"draft-{task}-code": "QT-01"}
    correcting.post("thuky", "tasks.draft", request, named, task_id=task)
    day = MONDAY + timedelta(days=3)
    for account in ("truongphong", "lanhdao"):
        with app.app_context(), transaction() as session:
            begun = session.get_one(Task, task).decision_id
            decision = documents.decision(session, begun or 0)
            act = office.act(account, NINE, MONDAY)
            if account == "lanhdao":
                signing.sign(session, act, decision, signing.Paper("7/QĐ-UBND", day, MONDAY))
            else:
                signing.review(session, act, decision)
    clock.go(day)
    done = {f"work-{task}-result": ""}
    correcting.post("chuyenvien", "tasks.do", request, done, task_id=task)
    correcting.post("chuyenvien", "requests.finish", request)
    assert correcting.state(request) == "done"
    correcting.signed_in("thuky").post(
        "actions.requests.verify",
        {"verify-words": "Đã xem.", "verify-effect_due": "20/08/2026"},
        request_id=request,
        status=403,
    )
    assert correcting.state(request) == "done"


def test_whoever_wrote_a_plan_does_not_approve_it_by_another_post_though_a_clerk_submits_it(
    app: Flask, correcting: Correcting, office: Office
) -> None:
    second_post(app, office, "truongphong", "song-lo", Role.LEADER)
    correcting.finding(unit=str(office.units["tu-phap"]))
    _finding, request = correcting.last()
    correcting.post("truongphong", "plans.save", request, correcting.written(request))
    with app.app_context():
        (task,) = correcting.tasks(request)
    kept = correcting.written(request, **{"tasks-0-id": str(task)})
    correcting.post("chuyenvien", "plans.submit", request, kept)
    page = correcting.signed_in("truongphong").get("actions.requests.show", request_id=request)
    assert "Ông, bà đã viết phân tích, kế hoạch này" in page.text
    page = correcting.post("truongphong", "requests.approve", request, status=403)
    assert "không tự phê duyệt" in page.text
    correcting.post("lanhdao", "requests.approve", request)
    assert correcting.state(request) == "approved"


def test_a_hyphen_is_no_cause(correcting: Correcting) -> None:
    correcting.finding()
    _finding, request = correcting.last()
    plan = correcting.written(request, cause="-")
    page = correcting.post("truongphong", "plans.submit", request, plan, 409)
    assert "chưa ghi nguyên nhân" in page.text
    assert correcting.state(request) == "proposed"


def test_nobody_slips_a_finding_into_an_audit(correcting: Correcting) -> None:
    for source, ref in (("audit", ""), ("observation", "audit/1"), ("complaint", "AUDIT/1")):
        with pytest.raises(AssertionError, match="422"):
            correcting.finding("chuyenvien", source=source, source_ref=ref)


def test_an_answer_in_words_belongs_to_who_gave_it(
    app: Flask, correcting: Correcting, office: Office
) -> None:
    correcting.finding(unit=str(office.units["tu-phap"]), grade="remark")
    finding, _request = correcting.last()
    correcting.signed_in("truongphong").post(
        "actions.findings.answer", {"answer": "Đã dời bảng."}, finding_id=finding, status=303
    )
    correcting.signed_in("chuyenvien").post(
        "actions.findings.answer", {"answer": "Đã dời."}, finding_id=finding, status=403
    )
    with app.app_context():
        assert db.session.get_one(Finding, finding).answer == "Đã dời bảng."


def test_a_noticed_audit_moves_to_no_day_that_comes_at_once(auditing: Auditing) -> None:
    audit = auditing.notified()
    today = said(auditing.office, days=Days(MONDAY, MONDAY, PERIOD, MONDAY))
    with pytest.raises(RefusedError, match="dời ngày"):
        auditing.change(audit, today)


def test_an_audit_whose_team_changed_is_reported_only_after_a_new_decision(
    auditing: Auditing,
) -> None:
    audit = auditing.under_way()
    (line,) = auditing.ask(audit)
    auditing.answer(audit, line)
    auditing.qualify("dgv-vp")
    auditing.join(audit, "dgv-vp", Duty.AUDITOR)
    auditing.meet(audit)
    auditing.conclude(audit)
    with pytest.raises(RefusedError, match="Chưa có quyết định"):
        auditing.report(audit)
    auditing.decide(audit)
    auditing.report(audit)
    assert state(audit) is State.REPORTED


def test_who_took_a_post_in_the_audited_unit_meanwhile_reports_nothing(
    auditing: Auditing,
) -> None:
    audit = auditing.under_way()
    (line,) = auditing.ask(audit)
    auditing.answer(audit, line)
    with transaction() as session:
        person = session.get_one(User, auditing.office.people["danhgia"])
        where = unit(session, "tu-phap")
        act = Act(None, qms_clock.now(), qms_clock.today())
        accounts.give_post(session, act, person, where, Role.HEAD, first_day=FIRST)
    auditing.meet(audit)
    auditing.conclude(audit)
    with pytest.raises(RefusedError):
        auditing.report(audit)
    assert state(audit) is State.UNDER_WAY


def test_what_does_not_conform_gets_a_finding_that_needs_a_request_and_one_alone(
    auditing: Auditing,
) -> None:
    audit = auditing.under_way()
    (line,) = auditing.ask(audit)
    auditing.answer(audit, line, Result.NONCONFORMING, "Hồ sơ HS-1 thiếu chữ ký.")
    with pytest.raises(InvalidError, match="nặng hoặc nhẹ"):
        auditing.find(audit, line, Grade.OPPORTUNITY)
    auditing.find(audit, line, Grade.MINOR)
    with pytest.raises(RefusedError, match="đã có phát hiện"):
        auditing.find(audit, line, Grade.MINOR)


def test_one_name_is_one_answer_and_the_servers_names_are_its_own(auditing: Auditing) -> None:
    audit = auditing.under_way()
    one, other = auditing.ask(audit, auditing.question("Đủ?"), auditing.question("Đúng hẹn?"))
    auditing.answer(audit, one, token="x")
    for name in ("x", "merge-9"):
        with pytest.raises(InvalidError, match="trùng tên"):
            auditing.answer(audit, other, token=name)


def test_a_reason_has_an_end(auditing: Auditing, signed_in: As) -> None:
    audit = auditing.plan()
    signed_in("thuky").post(
        "audits.cancel", {"reason": "x" * 20_000}, audit_id=audit, status=422
    )
    assert state(audit) is State.PLANNED
