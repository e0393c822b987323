"""The pages of a checklist: what is offered for it, and what is refused on it."""

from collections.abc import Collection
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from qms.audits import checklist_queries, choosing_views
from qms.audits.rules import Duty
from qms.db import db, transaction
from qms.observations import Observation
from qms.units.queries import unit
from qms.units.rules import Level
from tests import factories
from tests.auditing import Auditing, more_people, said
from tests.engines import sqlite_only
from tests.factories import Office
from tests.pages import Browser
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


JSON = {"Accept": "application/json"}


def test_a_tablet_is_told_why_an_audit_takes_nothing_more(
    auditing: Auditing, signed_in: As
) -> None:
    with auditing.app.app_context():
        auditing.qualify("dgv-vp")
        audit = auditing.under_way()
        auditing.join(audit, "dgv-vp", Duty.AUDITOR)
        (line,) = auditing.ask(audit)
    auditor, other = signed_in("danhgia"), signed_in("dgv-vp")

    def told(browser: Browser) -> dict[str, Any]:
        answer: dict[str, Any] = browser.file(
            "audits.checklist.state", audit_id=audit
        ).get_json()
        assert answer["token"]
        return answer

    assert told(other)["open"]
    assert told(auditor)["lines"] == [line]
    with auditing.app.app_context():
        auditing.leave(audit, "dgv-vp")
        auditing.drop(audit, line)
    assert told(auditor)["lines"] == []
    assert told(other)["wrong"] == "Chỉ thành viên của đoàn trả lời được phiếu này."
    with auditing.app.app_context():
        auditing.decide(audit)
        auditing.meet(audit)
        auditing.conclude(audit)
        auditing.report(audit)
    assert told(auditor)["wrong"] == "Phiếu được trả lời khi cuộc đánh giá đang diễn ra."
    assert "Không có cuộc đánh giá này" in told(signed_in("thuky-tl"))["wrong"]


def test_what_is_wrong_with_a_dossier_names_its_boxes(
    auditing: Auditing, signed_in: As
) -> None:
    with auditing.app.app_context():
        audit = auditing.under_way()
        (line,) = auditing.ask(audit)
    auditor, form = signed_in("danhgia"), {"token": "s1", "received": "32/08/2026"}
    answer = auditor.client.post(
        f"/audits/{audit}/checklist/{line}/samples", data=form, headers=JSON
    )
    assert answer.status_code == 422
    no_day = "Không có ngày 32/08/2026: tháng 8 năm 2026 có 31 ngày."
    assert answer.json == {
        "wrong": f"Số hồ sơ: Chưa điền ô này. Ngày nhận: {no_day}",
        "fields": {"number": "Chưa điền ô này.", "received": no_day},
    }
    page = auditor.post(
        "audits.checklist.sample", form, status=422, audit_id=audit, line_id=line
    )
    assert page.one(".band") == answer.json["wrong"]
