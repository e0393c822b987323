"""Whoever signs prices is told where none is left."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from qms.db import db
from qms.documents.kinds.fee import FeeSchedule
from qms.documents.kinds.fees import FeeLine, Rate
from qms.documents.rules import RevisionText
from qms.documents.timeline import Action
from qms.fees import impact
from tests.deciding import Deciding, after, matter_of
from tests.factories import Office
from tests.when import MONDAY, Clock


@pytest.fixture
def desk(app: Flask, office: Office, clock: Clock) -> Iterator[Deciding]:
    with app.app_context():
        yield Deciding(app, office, clock)


def line(procedure: str, **more: object) -> FeeLine:
    given = {"name": "Lệ phí", "rate": Rate.AMOUNT, "amount": 8_000, "procedure": procedure}
    return FeeLine(**given | more)  # type: ignore[arg-type]


def schedule(*lines: FeeLine) -> RevisionText:
    return RevisionText("Biểu phí", FeeSchedule(lines=lines))


def said(desk: Deciding, action: Action, text: RevisionText | None) -> dict[str, int]:
    decision = desk.open()
    desk.add(decision, action, text, code="PHI-01", kind="fee", reason="Hết áp dụng.")
    db.session.rollback()
    session = db.session()
    found = impact.prices_missing(session, matter_of(session, decision))
    return {name: value for each in found for name, value in each.numbers.items()}


def test_days_between_two_lines_without_a_price_are_named(desk: Deciding) -> None:
    first = line("1.001193", last_day=after(10))
    second = line("1.001193", first_day=after(20))
    assert said(desk, Action.ISSUE, schedule(first, second)) == {"stretches": 1}
    touching = line("1.001193", first_day=after(10) + timedelta(days=1))
    assert said(desk, Action.ISSUE, schedule(first, touching)) == {}


def test_procedures_that_lose_their_price_are_named(desk: Deciding) -> None:
    both = schedule(line("1.001193"), line("2.000815"))
    desk.decide(Action.ISSUE, both, code="PHI-01", on=MONDAY - timedelta(days=1), reason="nhập")
    assert said(desk, Action.AMEND, schedule(line("1.001193"))) == {"procedures": 1}
    assert said(desk, Action.AMEND, both) == {}
    assert said(desk, Action.WITHDRAW, None) == {"procedures": 2}
