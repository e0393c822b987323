"""Two years of audits in the demonstration office: of everything some, and nothing out of order."""

from collections import Counter
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, selectinload

from qms.actions.models import Extension, Finding, Request, StepTaken, Task
from qms.actions.rules import NEED_REQUEST, Grade, Source, State, Step
from qms.audits import queries, team_queries
from qms.audits.models import Audit
from qms.audits.programme_models import Programme
from qms.audits.rules import State as AuditState
from qms.db import transaction
from qms.library.demo_units import LAST_DAY
from qms.units.queries import unit
from tests.demonstration import PASSWORD
from tests.engines import sqlite_only
from tests.pages import Browser

BOTH = ("huyen-song-lo", "song-lo")


def written(session: Session) -> Iterator[str]:
    """Give all that somebody wrote about the findings."""
    for found in session.scalars(sa.select(Finding)):
        yield from (found.text, found.evidence, found.answer)
    for each in session.scalars(sa.select(Request)):
        yield from (each.correction, each.extent, each.cause)
        yield from (each.verified_words, each.effect_words)
    yield from session.scalars(sa.select(Task.words))


def check_everything_occurs(session: Session) -> None:
    """Expect 40 audits and 120 findings, of every grade and source, on every way there is."""
    assert session.scalar(sa.select(sa.func.count(Audit.id))) == 40
    assert session.scalar(sa.select(sa.func.count(Finding.id))) == 120
    assert set(session.scalars(sa.select(Audit.state))) >= set(AuditState) - {
        AuditState.NOTIFIED
    }
    assert set(session.scalars(sa.select(Finding.grade))) == set(Grade)
    assert set(session.scalars(sa.select(Finding.source))) == set(Source)
    assert set(session.scalars(sa.select(Request.state))) == set(State)
    deeds = set(session.scalars(sa.select(StepTaken.deed)))
    assert deeds >= {each.value for each in Step} - {Step.BEGIN}, "proof began the work"
    assert set(session.scalars(sa.select(Extension.granted))) == {True, False, None}
    said = Counter(filter(None, written(session)))
    assert [words for words, times in said.items() if times > 1] == []


def check_the_district_is_settled(session: Session) -> None:
    """Expect nothing of the district open or done after its end; the commune went on with it."""
    district, commune = (unit(session, each).id for each in BOTH)
    findings = session.scalars(sa.select(Finding).where(Finding.office_id == district)).all()
    assert all(each.settled for each in findings)
    assert max(each.closed_on or each.annulled_on or LAST_DAY for each in findings) <= LAST_DAY
    passed_on = [each for each in findings if "Biên bản" in each.annulled_why]
    goes_on = sa.select(Finding).where(
        Finding.office_id == commune, Finding.source_ref.startswith("Biên bản bàn giao")
    )
    assert len(session.scalars(goes_on).all()) == len(passed_on) == 3
    held = session.scalars(sa.select(Audit).where(Audit.owner_id == district)).all()
    assert {each.state for each in held} == {AuditState.CLOSED, AuditState.CANCELLED}
    rows = session.execute(sa.select(Programme.owner_id, Programme.year, Programme.approved_by))
    approved = {(owner, year) for owner, year, by in rows if by}
    assert approved >= {(district, 2024), (district, 2025), (commune, 2025), (commune, 2026)}


def check_nobody_judged_their_own(session: Session) -> None:
    """Expect independent teams, and that others verified what closed requests hold."""
    whole = sa.select(Audit).options(selectinload(Audit.units))
    for audit in session.scalars(whole).all():
        team = [each.user_id for each in queries.team(session, [audit.id])[audit.id]]
        assert team
        assert not any(team_queries.conflicts(session, audit, team).values()), audit.title
    closed = session.scalars(
        sa.select(Request)
        .where(Request.state == State.CLOSED)
        .options(
            selectinload(Request.tasks).selectinload(Task.files), selectinload(Request.finding)
        )
    ).all()
    assert len(closed) > 50
    for each in closed:
        assert each.finding.grade in NEED_REQUEST
        assert each.cause, each.code
        assert each.tasks, each.code
        assert all(task.files for task in each.tasks), each.code
        workers = {person for task in each.tasks for person in (task.owner_id, task.done_by)}
        assert each.verified_by not in {*workers, each.done_by, None}, each.code


def check_the_commune_reads_on(browser: Browser, district: int) -> None:
    """Expect the commune to read what the district left, under its own name, and to change none."""
    browser.sign_in("thuky", PASSWORD)
    programme = browser.get("audits.programme.index", unit=district, year=2024)
    assert "86/QĐ-UBND" in programme.text
    assert "Đính kèm" not in programme.text
    findings = browser.get("actions.findings.index", year=2024)
    assert "KPH-40/2024" in findings.text
    assert "audit/" not in findings.text, "people call an audit by its number"


@sqlite_only
@pytest.mark.usefixtures("demonstration")
def test_two_years_of_audits_hold_some_of_everything_and_keep_every_rule(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        check_everything_occurs(session)
        check_the_district_is_settled(session)
        check_nobody_judged_their_own(session)
        district = unit(session, "huyen-song-lo").id
    check_the_commune_reads_on(Browser(app.test_client()), district)
