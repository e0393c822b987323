"""The notice of an audit: letters tell the heads, units say that it came, and all of it stays."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from qms import jobs
from qms.audits.models import Receipt
from qms.audits.rules import Days
from qms.db import db
from qms.errors import NotAllowedError, RefusedError
from qms.trail import Entry
from tests.auditing import FIRST, LAST, PERIOD, Auditing, more_people, said
from tests.factories import Office
from tests.mailing import Box
from tests.people import As
from tests.when import MONDAY, Clock

WAITS = "Đơn vị sắp được đánh giá"
LATER = Days(FIRST + timedelta(days=1), LAST + timedelta(days=1), PERIOD, LAST)


@pytest.fixture
def auditing(app: Flask, office: Office, clock: Clock) -> Auditing:
    with app.app_context():
        return Auditing(app, more_people(office), clock)


def desk(signed_in: As, account: str = "truongphong") -> str:
    return signed_in(account).get("desk.index").text


def acts(auditing: Auditing) -> list[str]:
    with auditing.app.app_context():
        query = sa.select(Entry.action).where(Entry.action.like("audit.%")).order_by(Entry.seq)
        return list(db.session.scalars(query))


def post(auditing: Auditing) -> None:
    """Do the work that waits."""
    with auditing.app.app_context():
        jobs.run_waiting()


def test_a_unit_says_that_its_notice_came_and_its_desk_is_clear(
    auditing: Auditing, signed_in: As
) -> None:
    with auditing.app.app_context():
        audit = auditing.notified()
    assert WAITS in desk(signed_in)
    head, secretary = signed_in("truongphong"), signed_in("thuky")
    page = head.get("audits.show", audit_id=audit)
    assert "chưa xác nhận" in page.text
    assert "Đã nhận thông báo" not in secretary.get("audits.show", audit_id=audit).text
    unit_id = auditing.office.units["tu-phap"]
    page = head.post("audits.notices.receive", {}, status=303, audit_id=audit, unit_id=unit_id)
    assert f"đã nhận {MONDAY:%d/%m/%Y}" in page.text
    assert WAITS not in desk(signed_in)
    with auditing.app.app_context():
        row = db.session.scalars(sa.select(Receipt)).one()
        assert row.received_by == auditing.office.people["truongphong"]
        assert row.received_on == MONDAY
        with pytest.raises(RefusedError, match="đã xác nhận"):
            auditing.receive(audit)
    assert acts(auditing)[-1] == "audit.notice_received"


def test_only_the_head_of_the_unit_says_so_and_only_while_a_notice_waits(
    auditing: Auditing,
) -> None:
    with auditing.app.app_context():
        audit = auditing.plan()
        with pytest.raises(RefusedError, match="không có thông báo nào"):
            auditing.receive(audit)
        told = auditing.notified(said(auditing.office, "tu-phap"))
        for account in ("thuky", "lanhdao", "chuyenvien", "danhgia", "thuky-tl"):
            with pytest.raises(NotAllowedError):
                auditing.receive(told, who=account)


def test_other_days_need_another_word_and_another_letter(
    auditing: Auditing, signed_in: As, box: Box
) -> None:
    signed_in("truongphong").post("accounts.set_email", {"email": "tp@songlo.vn"}, status=303)
    with auditing.app.app_context():
        audit = auditing.notified()
        auditing.receive(audit)
    signed_in("thuky").post("audits.notices.send", {}, status=303, audit_id=audit)
    post(auditing)
    assert WAITS not in desk(signed_in)
    with auditing.app.app_context():
        auditing.change(audit, said(auditing.office, days=LATER))
    assert WAITS in desk(signed_in)
    signed_in("thuky").post("audits.notices.send", {}, status=303, audit_id=audit)
    post(auditing)
    assert len(box.letters) == 2
    assert f"{LATER.first:%d/%m/%Y}" in box.text()


def test_the_notice_goes_by_letter_to_each_head_once(
    auditing: Auditing, signed_in: As, box: Box
) -> None:
    head, secretary = signed_in("truongphong"), signed_in("thuky")
    page = head.post("accounts.set_email", {"email": "Không phải"}, status=422)
    assert "dạng ten@donvi.vn" in page.text
    head.post("accounts.set_email", {"email": "TP@SongLo.vn"}, status=303)
    with auditing.app.app_context():
        auditing.qualify("danhgia")
        audit = auditing.plan()
        auditing.join(audit)
        auditing.decide(audit)
        auditing.hour(audit)
    secretary.post("audits.notify", {}, status=303, audit_id=audit)
    assert not box.letters, "nothing goes out before the act is kept"
    post(auditing)
    (letter,) = box.letters
    assert letter["To"] == "tp@songlo.vn"
    assert "số 1 năm 2026" in str(letter["Subject"])
    assert f"/audits/{audit}" in box.text()
    assert "đã gửi" in secretary.get("audits.show", audit_id=audit).text
    page = secretary.post("audits.notices.send", {}, status=409, audit_id=audit)
    assert "Không có thư nào phải gửi" in page.text
    assert "audit.letter_sent" in acts(auditing)
    with auditing.app.app_context():
        line = db.session.scalars(sa.select(Entry).where(Entry.action == "account.email_set"))
        assert "songlo" not in str(line.one().detail), "the trail names no address"


def test_a_letter_that_no_server_took_is_sent_when_asked_again(
    auditing: Auditing, signed_in: As, box: Box
) -> None:
    signed_in("truongphong").post("accounts.set_email", {"email": "tp@songlo.vn"}, status=303)
    with auditing.app.app_context():
        audit = auditing.notified()
    box.refuses = "451 later"
    secretary = signed_in("thuky")
    secretary.post("audits.notices.send", {}, status=303, audit_id=audit)
    post(auditing)
    assert "chưa gửi" in secretary.get("audits.show", audit_id=audit).text
    box.refuses = ""
    secretary.post("audits.notices.send", {}, status=303, audit_id=audit)
    post(auditing)
    assert len(box.letters) == 1
