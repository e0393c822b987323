"""The pages of a checklist: what is offered for it, and what is refused on it."""

from collections.abc import Collection
from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from qms.audits import checklist_queries, choosing_views
from qms.db import db, transaction
from qms.observations import Observation
from qms.units.queries import unit
from qms.units.rules import Level
from tests import factories
from tests.auditing import Auditing, more_people, said
from tests.engines import sqlite_only
from tests.factories import Office
from tests.people import As
from tests.when import Clock

pytestmark = sqlite_only


@pytest.fixture
def auditing(app: Flask, office: Office, clock: Clock) -> Auditing:
    with app.app_context():
        found = Auditing(app, more_people(office), clock)
    office.people.update(found.office.people)  # type: ignore[attr-defined]
    return found


def of_each(_session: Session, unit_ids: Collection[int], _today: date) -> list[Observation]:
    """See something amiss in every unit asked about."""
    return [Observation(f"here/{n}", "Sai ở đây.", unit_id=n) for n in unit_ids]


def test_what_is_amiss_below_an_audited_unit_is_offered_and_asked_of_that_unit(
    auditing: Auditing, signed_in: As
) -> None:
    with auditing.app.app_context():
        with transaction() as session:
            room = unit(session, "tu-phap")
            desk = factories.unit(
                session,
                "to-ho-tich",
                "Tổ Hộ tịch",
                parent=room,
                office=False,
                level=Level.INNER,
            ).id
        audit = auditing.plan(said(auditing.office, "tu-phap", "van-phong"))
    choosing_views.init_app(auditing.app, (of_each,))
    secretary = signed_in("thuky")
    page = secretary.get("audits.choosing.choose", audit_id=audit)
    assert f"here/{desk}" in page.attributes("[name=observation]", "value")
    secretary.post(
        "audits.choosing.add", {"observation": [f"here/{desk}"]}, status=303, audit_id=audit
    )
    with auditing.app.app_context():
        (line,) = checklist_queries.lines(db.session(), audit)
        assert line.unit_id == auditing.office.units["tu-phap"]
