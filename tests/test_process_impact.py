"""Whoever signs a time limit is told whose steps no longer add up to it."""

from collections.abc import Iterator

import pytest
from flask import Flask

from qms.db import db
from qms.documents.timeline import Action
from qms.processes import impact
from tests.deciding import Deciding, matter_of
from tests.engines import counted, sqlite_only
from tests.factories import Office
from tests.people import As
from tests.test_document_pages import Hands
from tests.test_processes import CODE, FRIDAY, a_procedure, a_process, text
from tests.when import Clock


@pytest.fixture
def hands(app: Flask, office: Office, clock: Clock) -> Iterator[Hands]:
    with app.app_context():
        made = Hands(office, clock)
        made.signed(text("Xác nhận", a_procedure(count=3)), code=CODE, kind="procedure")
        yield made


def process(hands: Hands, code: str, quarters: int = 12) -> None:
    (phase,) = a_process().phases
    steps = tuple(step.model_copy(update={"quarters": quarters}) for step in phase.steps)
    told = a_process(phases=(phase.model_copy(update={"steps": steps}),))
    hands.signed(text("Quy trình", told), code=code, kind="process")


def limit(hands: Hands, count: int) -> int:
    """Draft a decision that changes the limit of the procedure; return it."""
    said = text("Xác nhận", a_procedure(count=count), summary="Thời hạn")
    decision, *_ = hands.draft(
        said, code=CODE, kind="procedure", action=Action.AMEND, day=FRIDAY
    )
    return decision


def said(decision: int) -> list[tuple[int, str]]:
    db.session.rollback()
    session = db.session()
    found = impact.processes_that_differ(session, matter_of(session, decision))
    return [(each.numbers["count"], each.names.get("codes", "")) for each in found]


def test_a_new_limit_names_the_processes_that_no_longer_fit(hands: Hands) -> None:
    process(hands, "QT-02")
    process(hands, "QT-01")
    assert said(limit(hands, 5)) == [(2, "QT-01, QT-02")]


def test_a_change_that_leaves_the_limit_alone_names_nothing(hands: Hands) -> None:
    process(hands, "QT-01")
    process(hands, "QT-02", quarters=4)
    assert said(limit(hands, 3)) == [], "what did not fit before is no news of this decision"


def test_a_limit_that_mends_a_difference_names_nothing(hands: Hands) -> None:
    process(hands, "QT-01", quarters=20)
    assert said(limit(hands, 5)) == []


def test_a_drafted_process_is_held_to_the_limit_of_its_day(hands: Hands) -> None:
    decision, *_ = hands.draft(
        text("Quy trình", a_process(steps=4)),
        code="QT-01",
        kind="process",
        action=Action.ISSUE,
        day=FRIDAY,
    )
    assert said(decision) == []
    hands.signed(
        text("Xác nhận", a_procedure(count=5), summary="Thời hạn"),
        code=CODE,
        kind="procedure",
        action=Action.AMEND,
        day=FRIDAY,
    )
    assert said(decision) == [(1, "QT-01")]


def test_a_process_changed_by_the_same_decision_is_read_as_it_will_be(
    app: Flask, office: Office, clock: Clock, hands: Hands
) -> None:
    process(hands, "QT-01")
    deciding = Deciding(app, office, clock)
    decision = limit(hands, 5)
    (phase,) = a_process().phases
    steps = (phase.steps[0].model_copy(update={"quarters": 20}),)
    told = text("Quy trình", a_process(phases=(phase.model_copy(update={"steps": steps}),)))
    deciding.add(decision, Action.AMEND, told, code="QT-01")
    assert said(decision) == []


def test_many_processes_cost_no_more_questions_than_one(hands: Hands) -> None:
    process(hands, "QT-01")
    decision = limit(hands, 5)
    with counted() as few:
        said(decision)
    for number in range(2, 14):
        process(hands, f"QT-{number:02}")
    with counted() as many:
        assert said(decision)[0][0] == 13
    assert len(many) == len(few)
    assert said(decision)[0][1].endswith("QT-10, …")


@sqlite_only
def test_the_page_of_the_decision_says_so(signed_in: As, hands: Hands) -> None:
    process(hands, "QT-13/TP")
    page = signed_in("thuky").get("documents.decisions.show", decision_id=limit(hands, 5))
    assert "1 quy trình có các bước cộng lại không khớp thời hạn của thủ tục: QT-13/TP." in (
        page.text
    )
