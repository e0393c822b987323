"""Many at the same moment: one wins, the others are told so, and nothing is half-done."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from qms import jobs, trail
from qms.db import db, transaction
from qms.documents import queries, service, signing
from qms.documents.models import Change, Decision
from qms.documents.registering import create_document
from qms.documents.service import Head, Line
from qms.documents.signing import Paper
from qms.documents.timeline import Action
from qms.errors import BusyError, QmsError, RefusedError, StaleError
from qms.jobs import Progress
from qms.trail import Act
from qms.units.queries import unit
from qms.web.errors import status_of
from tests.deciding import Deciding, after, text
from tests.factories import Office
from tests.when import MONDAY, Clock

SIGNERS = 50
PATIENCE = 60
"""Seconds after which threads that should have met are taken to hang."""
CODES = ("QT-01", "QT-02")

Deed = Callable[[], object]


@pytest.fixture
def desk(app: Flask, office: Office, clock: Clock) -> Iterator[Deciding]:
    """Lend an office at work."""
    with app.app_context():
        yield Deciding(app, office, clock)


def at_once(app: Flask, deeds: Sequence[Deed]) -> list[QmsError | None]:
    """Do all deeds at one moment, each in a thread; return what each was refused with.

    Who waited in vain for a turn tries again, as the sentence asks.
    """
    barrier = threading.Barrier(len(deeds), timeout=PATIENCE)

    def attempt(deed: Deed) -> QmsError | None:
        barrier.wait()
        for _ in range(5):
            with app.app_context():
                try:
                    deed()
                except BusyError:
                    continue
                except QmsError as refusal:
                    return refusal
                return None
        raise AssertionError("nobody let it have its turn")

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(attempt, deeds))


def reviewed(desk: Deciding, count: int, codes: Sequence[str]) -> list[int]:
    """Make reviewed decisions that all issue the same documents, in turning order."""
    made = []
    with transaction() as session:
        act = desk.act("thuky")
        owner = unit(session, "song-lo")
        documents = [
            create_document(session, act, owner=owner, kind="text", code=code) for code in codes
        ]
        for number in range(count):
            decision = service.open_decision(session, act, owner, Head(f"Lần {number}"))
            order = documents if number % 2 else documents[::-1]
            lines = [Line(each, Action.ISSUE, text(f"Bản {number}")) for each in order]
            service.add_lines(session, act, decision, lines)
            loaded = queries.decision(session, decision.id)
            signing.review(session, desk.act("truongphong"), loaded)
            made.append(decision.id)
    return made


def signs(decision: int, act: Act, paper: Paper) -> Deed:
    def deed() -> None:
        with transaction() as session:
            signing.sign(session, act, queries.decision(session, decision), paper)

    return deed


def signed() -> list[Decision]:
    db.session.rollback()
    query = sa.select(Decision).where(Decision.signed_at.is_not(None))
    return list(db.session.scalars(query))


def living_days() -> Counter[tuple[int, object]]:
    """Count the living changes of each document and day."""
    query = sa.select(Change.document_id, Change.effective_on).where(queries.LIVING_COLUMNS)
    return Counter((row.document_id, row.effective_on) for row in db.session.execute(query))


def test_fifty_signatures_for_the_same_documents_leave_one_in_force(
    app: Flask, desk: Deciding
) -> None:
    decisions = reviewed(desk, SIGNERS, CODES)
    act = desk.act("lanhdao")
    refusals = at_once(
        app,
        [
            signs(decision, act, Paper(f"{decision}/QĐ-UBND", after(decision % 3), MONDAY))
            for decision in decisions
        ],
    )
    (winner,) = signed()
    assert [refusals[decisions.index(winner.id)], refusals.count(None)] == [None, 1]
    assert {status_of(refusal) for refusal in refusals if refusal is not None} == {409}
    assert len(winner_titles := {desk.title_on(after(5), code) for code in CODES}) == 1
    assert winner_titles == {f"Bản {decisions.index(winner.id)}"}
    assert set(living_days().values()) == {1}
    assert {day for _, day in living_days()} == {winner.effective_on}
    assert list(trail.verify(db.session())) == []


def test_of_many_decisions_one_gets_the_number(app: Flask, desk: Deciding) -> None:
    decisions = [reviewed(desk, 1, [f"QT-{each:02}"])[0] for each in range(8)]
    act, paper = desk.act("lanhdao"), Paper("12/QĐ-UBND", MONDAY, MONDAY)
    refusals = at_once(app, [signs(decision, act, paper) for decision in decisions])
    assert [each.number for each in signed()] == ["12/QĐ-UBND"]
    assert Counter(map(type, refusals)) == {RefusedError: 7, type(None): 1}


def test_a_decision_is_signed_once_however_often_the_button_is_pressed(
    app: Flask, desk: Deciding
) -> None:
    (decision,) = reviewed(desk, 1, CODES)
    act = desk.act("lanhdao")
    papers = [Paper(f"{each}/QĐ-UBND", MONDAY, MONDAY) for each in range(8)]
    refusals = at_once(app, [signs(decision, act, paper) for paper in papers])
    (winner,) = signed()
    assert winner.number == papers[refusals.index(None)].number
    assert Counter(map(type, refusals)) == {RefusedError: 7, type(None): 1}


def test_a_decision_is_signed_or_returned_never_both(app: Flask, desk: Deciding) -> None:
    (decision,) = reviewed(desk, 1, CODES)
    who, reviewer = desk.act("lanhdao"), desk.act("truongphong")

    def returns() -> None:
        with transaction() as session:
            found = queries.decision(session, decision)
            signing.send_back(session, reviewer, found, reason="Chưa rõ.")

    refusals = at_once(app, [signs(decision, who, Paper("1", MONDAY, MONDAY)), returns])
    assert refusals.count(None) == 1
    assert len(signed()) == (refusals[0] is None)
    assert desk.decision(decision).state.value == ("signed" if signed() else "draft")


def test_of_two_who_edit_the_same_draft_one_is_told(app: Flask, desk: Deciding) -> None:
    decision = desk.open()
    line = desk.add(decision, Action.ISSUE, text("Bản đầu"))
    acts = [desk.act("thuky") for _ in range(8)]

    def saves(number: int) -> Deed:
        def deed() -> None:
            with transaction() as session:
                change = queries.line(session, line)
                service.edit_text(
                    session, acts[number], change, text(f"Bản {number}"), version=1
                )

        return deed

    refusals = at_once(app, [saves(number) for number in range(8)])
    assert Counter(map(type, refusals)) == {StaleError: 7, type(None): 1}
    found = desk.change(line).revision
    assert found is not None
    assert (found.title, found.version) == (f"Bản {refusals.index(None)}", 2)


def test_of_two_who_edit_the_same_head_one_is_told(app: Flask, desk: Deciding) -> None:
    decision = desk.open()
    acts = [desk.act("thuky") for _ in range(8)]

    def saves(number: int) -> Deed:
        def deed() -> None:
            with transaction() as session:
                found = queries.decision(session, decision)
                head = Head(f"Về việc {number}")
                service.edit_decision(session, acts[number], found, head, version=1)

        return deed

    refusals = at_once(app, [saves(number) for number in range(8)])
    assert Counter(map(type, refusals)) == {StaleError: 7, type(None): 1}
    assert desk.decision(decision).title == f"Về việc {refusals.index(None)}"


def test_a_job_that_many_workers_hear_of_is_done_once(
    app: Flask, office: Office, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[int] = []

    def work(progress: Progress) -> Mapping[str, Any]:
        ran.append(progress.job_id)
        return {}

    monkeypatch.setitem(jobs.KINDS, "test.work", jobs.Kind("test.work", "Việc thử", work))
    with app.app_context(), transaction() as session:
        act = office.act("thuky", clock.at, MONDAY)
        number = jobs.enqueue(session, act, "test.work", {}).id
    assert at_once(app, [lambda: jobs.run(number)] * 12) == [None] * 12
    assert ran == [number]
