"""Who tries to pass a gate is refused with a sentence, and the trail tells it though all is undone."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from qms import trail
from qms.accounts import service as accounts
from qms.accounts.models import User
from qms.accounts.rules import Role
from qms.audits.answers import Result
from qms.audits.models import Audit, Member
from qms.audits.rules import Duty
from qms.db import db, even_if_refused, transaction
from qms.errors import InvalidError, RefusedError
from qms.gates import Gate
from qms.trail import Act, Entry
from qms.units.queries import unit
from tests.auditing import Auditing, more_people
from tests.correcting import Correcting
from tests.engines import sqlite_only
from tests.factories import FOUNDED, Office
from tests.people import As
from tests.when import MONDAY, NINE, Clock


@pytest.fixture
def correcting(app: Flask, office: Office, signed_in: As) -> Correcting:
    return Correcting(app, office, signed_in)


@pytest.fixture
def auditing(app: Flask, office: Office, clock: Clock) -> Iterator[Auditing]:
    with app.app_context():
        yield Auditing(app, more_people(office), clock)


def refused(app: Flask) -> list[tuple[str, str, int | None]]:
    """Return gate, thing and person of each refusal that the trail tells."""
    with app.app_context():
        query = sa.select(Entry).where(Entry.action == "gate.refused").order_by(Entry.seq)
        return [
            (str(trail.details(each)["gate"]), each.subject, each.actor)
            for each in db.session.scalars(query)
        ]


def also(app: Flask, office: Office, account: str, role: Role) -> None:
    """Give somebody a second post in the commune."""
    with app.app_context(), transaction() as session:
        person = session.get_one(User, office.people[account])
        where = unit(session, "song-lo")
        act = Act(None, NINE, MONDAY)
        accounts.give_post(session, act, person, where, role, first_day=MONDAY)


def test_closing_without_evidence_is_in_the_trail(app: Flask, correcting: Correcting) -> None:
    correcting.finding()
    _, request = correcting.last()
    task = correcting.plan(request)
    correcting.post("lanhdao", "requests.approve", request)
    correcting.post("chuyenvien", "tasks.do", request, {}, 409, task_id=task)
    clerk = correcting.office.people["chuyenvien"]
    assert refused(app) == [(Gate.UNPROVEN, f"request/{request}", clerk)]
    assert correcting.state(request) == "approved"


def test_verifying_own_work_by_a_second_post_is_in_the_trail(
    app: Flask, correcting: Correcting, office: Office, clock: Clock
) -> None:
    correcting.finding()
    _, request = correcting.last()
    correcting.work(request, correcting.plan(request))
    for account in ("chuyenvien", "truongphong"):
        also(app, office, account, Role.AUDITOR)
    clock.go(MONDAY + timedelta(days=1))
    correcting.verify(request, "chuyenvien", 403)
    correcting.verify(request, "truongphong", 403)
    ref = f"request/{request}"
    assert refused(app) == [
        (Gate.OWN_WORK, ref, office.people["chuyenvien"]),
        (Gate.UNIT_HEAD, ref, office.people["truongphong"]),
    ]


@sqlite_only
def test_approving_what_one_wrote_is_in_the_trail_whoever_submitted_it(
    app: Flask, correcting: Correcting, office: Office
) -> None:
    also(app, office, "truongphong", Role.LEADER)
    correcting.finding()
    _, request = correcting.last()
    correcting.plan(request)
    correcting.post("lanhdao", "requests.send_back", request, {"send_back-words": "Viết lại."})
    mine = correcting.written(request, cause="Chưa ai được giao theo dõi.")
    correcting.post("chuyenvien", "plans.submit", request, mine)
    page = correcting.post("truongphong", "requests.approve", request, status=403)
    assert "không tự phê duyệt" in page.text
    assert refused(app) == [(Gate.OWN_PLAN, f"request/{request}", office.people["truongphong"])]


@sqlite_only
def test_an_action_due_before_it_was_raised_is_in_the_trail(
    app: Flask, correcting: Correcting, office: Office
) -> None:
    correcting.finding()
    _, request = correcting.last()
    early = correcting.written(request, due="01/08/2026")
    correcting.post("truongphong", "plans.save", request, early, 422)
    assert refused(app) == [(Gate.DAY, f"request/{request}", office.people["truongphong"])]


@sqlite_only
def test_a_finding_is_never_deleted_and_whoever_tries_is_in_the_trail(
    app: Flask, correcting: Correcting, office: Office
) -> None:
    correcting.finding()
    finding, _ = correcting.last()
    browser = correcting.signed_in("danhgia")
    page = browser.post("actions.keeping.delete", {}, finding_id=finding, status=409)
    assert "Phát hiện không bao giờ bị xóa." in page.text
    assert refused(app) == [(Gate.DELETED, f"finding/{finding}", office.people["danhgia"])]
    browser.get("actions.findings.show", finding_id=finding)


def test_an_auditor_of_the_own_unit_is_in_the_trail(app: Flask, auditing: Auditing) -> None:
    audit = auditing.plan()
    auditing.qualify("truongphong")
    with transaction() as session:
        person = session.get_one(User, auditing.office.people["truongphong"])
        where = unit(session, "song-lo")
        act = Act(None, NINE, MONDAY)
        accounts.give_post(session, act, person, where, Role.AUDITOR, first_day=FOUNDED)
    with pytest.raises(RefusedError, match="không đánh giá cuộc này được"):
        auditing.join(audit, "truongphong", Duty.AUDITOR)
    secretary = auditing.office.people["thuky"]
    ref = db.session.get_one(Audit, audit).ref
    assert refused(app) == [(Gate.NOT_INDEPENDENT, ref, secretary)]
    assert db.session.scalars(sa.select(Member)).all() == []


@sqlite_only
def test_a_checklist_answered_twice_on_two_tablets_is_in_the_trail(
    app: Flask, auditing: Auditing
) -> None:
    audit = auditing.under_way()
    one, other = auditing.ask(audit, auditing.question("Đủ?"), auditing.question("Đúng hẹn?"))
    auditing.answer(audit, one, token="x")
    auditing.answer(audit, one, Result.REMARK, "Thiếu chữ ký.", token="y")
    with pytest.raises(InvalidError, match="trùng tên"):
        auditing.answer(audit, other, token="x")
    auditor = auditing.office.people["danhgia"]
    ref = db.session.get_one(Audit, audit).ref
    merged = sa.select(Entry.actor).where(Entry.action == "audit.answers_merged")
    assert db.session.scalars(merged).all() == [auditor]
    assert refused(app) == [(Gate.ANSWERED_TWICE, ref, auditor)]


@sqlite_only
def test_the_same_refusal_within_a_minute_is_one_line_and_later_another(
    app: Flask, correcting: Correcting, clock: Clock
) -> None:
    correcting.finding()
    finding, _ = correcting.last()
    for account, after in (("danhgia", 0), ("danhgia", 30), ("thuky", 0), ("danhgia", 61)):
        clock.at += timedelta(seconds=after)
        correcting.signed_in(account).post(
            "actions.keeping.delete", {}, finding_id=finding, status=409
        )
    people = correcting.office.people
    assert [person for _gate, _ref, person in refused(app)] == [
        *(people["danhgia"], people["thuky"], people["danhgia"]),
    ]


@sqlite_only
def test_the_page_of_the_trail_says_in_words_what_was_refused(
    correcting: Correcting,
) -> None:
    correcting.finding()
    finding, _ = correcting.last()
    correcting.signed_in("danhgia").post(
        "actions.keeping.delete", {}, finding_id=finding, status=409
    )
    page = correcting.signed_in("thuky").get("desk.trail.index", action="gate.refused")
    (line,) = page.all("tbody tr")
    for each in ("Bị từ chối", "finding/1", "không cho", "xóa phát hiện"):
        assert each in line


def test_what_is_asked_for_is_written_only_after_a_refusal(app: Flask) -> None:
    written: list[str] = []
    with app.app_context():
        with transaction() as session:
            even_if_refused(session, lambda _later: written.append("after success"))
        for asked in (True, False):
            with suppress(RefusedError), transaction() as session:
                if asked:
                    even_if_refused(session, lambda _later: written.append("after refusal"))
                raise RefusedError("Không.")
    assert written == ["after refusal"]
