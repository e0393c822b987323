"""The pages of a checklist: what is offered for it, and what is refused on it."""

from collections.abc import Collection, Sequence
from datetime import date
from http import HTTPStatus
from typing import Any, Final

import pytest
import sqlalchemy as sa
from flask import Flask, url_for
from sqlalchemy.orm import Session

from qms.accounts.rules import Role
from qms.audits import checklist_queries, choosing_views
from qms.audits.rules import Duty
from qms.db import db, transaction
from qms.documents.models import Document
from qms.documents.timeline import Action
from qms.observations import Observation
from qms.units.queries import unit
from qms.units.rules import Level
from tests import factories
from tests.auditing import FIRST, Auditing, more_people, said
from tests.deciding import Deciding, internal
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


# ---------- what is lent to the team ----------


@pytest.fixture
def asked(auditing: Auditing, office: Office) -> tuple[int, int]:
    """Issue an internal text, change it, and issue another; an audit asks about the first text.

    The auditor of another office is in its team; return the audit and its line.
    """
    with auditing.app.app_context():
        with transaction() as session:
            account, works = "dgv-tl", unit(session, "tan-lap")
            made = factories.user(session, account, works, Role.AUDITOR).id
        for known in (auditing.office, office):
            known.people[account] = made  # type: ignore[index]
        deciding = Deciding(auditing.app, auditing.office, auditing.clock)
        deciding.decide(Action.ISSUE, internal("Tiếp công dân"), code="QT-01")
        deciding.decide(Action.ISSUE, internal("Trực lãnh đạo"), code="QT-02")
        for each in ("danhgia", account):
            auditing.qualify(each)
        audit = auditing.plan()
        auditing.join(audit)
        auditing.join(audit, account, Duty.AUDITOR)
        auditing.decide(audit)
        auditing.hour(audit)
        auditing.notify(audit)
        auditing.clock.go(FIRST)
        auditing.begin(audit)
        (line,) = auditing.ask(audit, *auditing.questions(audit, "QT-01"))
        deciding.decide(Action.AMEND, internal("Tiếp công dân, lần 2"), code="QT-01", on=FIRST)
    return audit, line


ROUTES: Final[Sequence[tuple[str, dict[str, Any]]]] = (
    ("documents.pages.show", {}),
    ("documents.pages.revision", {"number": 1}),
    ("documents.exports.revision", {"number": 1, "file_type": "docx"}),
)


def opened(browser: Browser, code: str, endpoint: str, **values: Any) -> int:  # noqa: ANN401
    """Return how a page or file of a document answers."""
    with browser.client.application.test_request_context():
        session = db.session()
        (number,) = session.scalars(sa.select(Document.id).where(Document.code == code))
        address = url_for(endpoint, document_id=number, **values)
    return browser.client.get(address).status_code


def opens(browser: Browser, code: str, number: int) -> bool:
    """Tell whether a text of a document may be read."""
    return opened(browser, code, "documents.pages.revision", number=number) == HTTPStatus.OK


@pytest.mark.parametrize(("endpoint", "values"), ROUTES)
@pytest.mark.parametrize(
    ("account", "status"),
    [
        ("dgv-tl", 200),
        ("thuky-tl", 404),
        ("danhgia", 200),
        ("lanhdao", 200),
    ],
)
def test_a_text_asked_about_is_open_to_the_team_and_to_nobody_else_of_another_office(
    signed_in: As,
    asked: tuple[int, int],
    endpoint: str,
    values: dict[str, Any],
    account: str,
    status: int,
) -> None:
    assert asked
    assert opened(signed_in(account), "QT-01", endpoint, **values) == status


def test_nothing_but_the_text_asked_about_is_lent_and_only_while_it_is(
    auditing: Auditing, signed_in: As, asked: tuple[int, int]
) -> None:
    audit, line = asked
    lent = signed_in("dgv-tl")
    page = lent.get("audits.checklist.show", audit_id=audit)
    (link,) = page.attributes(f"#line-{line} a[href^='/documents/']", "href")[:1]
    assert "Tiếp công dân" in lent.open(link).text
    assert opens(lent, "QT-01", 1)
    assert not opens(lent, "QT-01", 2), "the text that came after it"
    assert not opens(lent, "QT-02", 1)
    assert opened(lent, "QT-02", "documents.pages.show") == HTTPStatus.NOT_FOUND
    assert "Tiếp công dân" not in lent.get("documents.pages.index").text
    with auditing.app.app_context():
        auditing.leave(audit, "dgv-tl")
    assert not opens(lent, "QT-01", 1)
    with auditing.app.app_context():
        auditing.join(audit, "dgv-tl", Duty.AUDITOR)
    assert opens(lent, "QT-01", 1)
    with auditing.app.app_context():
        auditing.drop(audit, line)
    assert not opens(lent, "QT-01", 1)


def test_nothing_is_lent_any_more_once_an_audit_is_closed(
    auditing: Auditing, signed_in: As, asked: tuple[int, int]
) -> None:
    audit, line = asked
    lent = signed_in("dgv-tl")
    with auditing.app.app_context():
        auditing.answer(audit, line)
        auditing.keep_asking(audit, line, "Kỳ đánh giá theo bản cũ.")
        auditing.decide(audit)
        auditing.meet(audit)
        auditing.conclude(audit)
        auditing.report(audit)
    assert opens(lent, "QT-01", 1)
    with auditing.app.app_context():
        auditing.close(audit)
    assert not opens(lent, "QT-01", 1)
