"""What is to decide while an audit is open: a text that changed, and the end of it all."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from qms.actions import service as actions
from qms.actions.models import Finding
from qms.actions.queries import finding as finding_numbered
from qms.actions.rules import Grade
from qms.audits import checklist_queries, paper_queries, queries
from qms.audits.answers import Result
from qms.audits.checklist_models import Answer, Line
from qms.audits.papers import Name, Table
from qms.db import db, transaction
from qms.documents.timeline import Action
from qms.errors import InvalidError, NotAllowedError, RefusedError
from qms.trail import Entry
from tests.auditing import LAST, Auditing, more_people
from tests.deciding import Deciding, text
from tests.factories import Office
from tests.people import As
from tests.when import Clock

NEXT = LAST


@pytest.fixture
def auditing(app: Flask, office: Office, clock: Clock) -> Auditing:
    with app.app_context():
        return Auditing(app, more_people(office), clock)


@pytest.fixture
def deciding(app: Flask, auditing: Auditing) -> Deciding:
    return Deciding(app, auditing.office, auditing.clock)


@pytest.fixture
def asked(auditing: Auditing, deciding: Deciding) -> Iterator[tuple[int, int]]:
    """Stand in an audit that asks about a document, which changes the day after it began."""
    with auditing.app.app_context():
        yield begun(auditing, deciding)


def begun(auditing: Auditing, deciding: Deciding) -> tuple[int, int]:
    """Begin an audit with a question about a document; return the numbers of both."""
    deciding.decide(Action.ISSUE, text(), code="QT-01")
    audit = auditing.under_way()
    (about,) = auditing.questions(audit)
    line, other = auditing.ask(audit, about, replace(about, question="Lưu ở đâu?"))
    auditing.answer(audit, other)
    return audit, line


def change(auditing: Auditing, deciding: Deciding) -> None:
    deciding.decide(Action.AMEND, text("Lần 2", "Hai."), on=NEXT, code="QT-01")
    auditing.clock.go(NEXT)


def seen(auditing: Auditing, audit: int) -> dict[int, checklist_queries.Seen]:
    db.session.rollback()
    session, today = db.session(), auditing.act("danhgia").today
    found = checklist_queries.checklist(session, queries.audit(session, audit), today)
    return {each.line.id: each for each in found}


def flagged(auditing: Auditing, audit: int) -> tuple[set[int], int]:
    """Return the lines that are flagged, as the checklist and as the list of audits count them."""
    lines = {number for number, each in seen(auditing, audit).items() if each.changed}
    found, today = queries.audit(db.session(), audit), auditing.act("danhgia").today
    counted = checklist_queries.changed_lines(db.session(), [found], today)
    return lines, counted.get(audit, 0)


def paper(auditing: Auditing, audit: int, name: Name) -> str:
    """Return all that a paper of the audit says."""
    session, today = db.session(), auditing.act("danhgia").today
    made = paper_queries.of_audit(session, queries.audit(session, audit), name, "UBND", today)
    return "\n".join(
        str(each.rows) if isinstance(each, Table) else str(each) for each in made.blocks
    )


def test_a_line_asks_about_the_new_text_and_what_was_answered_to_the_old_one_stays(
    auditing: Auditing, deciding: Deciding, asked: tuple[int, int]
) -> None:
    audit, line = asked
    auditing.answer(audit, line, Result.CONFORM, "Xem HS-1.")
    with pytest.raises(RefusedError, match="không có thay đổi nào"):
        auditing.ask_anew(audit, line)
    change(auditing, deciding)
    assert line in flagged(auditing, audit)[0]
    made = auditing.ask_anew(audit, line)
    lines, count = flagged(auditing, audit)
    assert made not in lines
    assert count == len(lines) == 1, "the other line about the document still waits"
    found = seen(auditing, audit)
    assert line not in found
    assert found[made].line.revision_id != db.session.get_one(Line, line).revision_id
    assert found[made].answer is None, "nobody has looked at the new text yet"
    old, said = found[made].before or (None, None)
    assert old is not None
    assert old.id == line
    assert said is not None
    assert said.note == "Xem HS-1."
    assert "Trước hỏi theo bản số 1 (đã trả lời: phù hợp)" in paper(
        auditing, audit, Name.CHECKLIST
    )
    action = db.session.scalars(sa.select(Entry.action).order_by(Entry.seq.desc())).first()
    assert action == "audit.line_asked_anew"


def test_asking_about_the_old_text_goes_on_only_with_a_reason(
    auditing: Auditing, deciding: Deciding, asked: tuple[int, int]
) -> None:
    audit, line = asked
    change(auditing, deciding)
    with pytest.raises(InvalidError):
        auditing.keep_asking(audit, line, "")
    auditing.keep_asking(audit, line, "Hồ sơ lấy mẫu nộp trước ngày đổi.")
    assert line not in flagged(auditing, audit)[0]
    assert line in seen(auditing, audit)
    for name in (Name.CHECKLIST, Name.REPORT):
        assert "hồ sơ lấy mẫu nộp trước" in paper(auditing, audit, name).lower()
    with pytest.raises(RefusedError, match="không có thay đổi nào"):
        auditing.ask_anew(audit, line)
    later = NEXT + timedelta(days=1)
    deciding.decide(Action.AMEND, text("Lần 3", "Ba."), on=later, code="QT-01")
    auditing.clock.go(later)
    assert line in flagged(auditing, audit)[0], "another change is another question"


def test_a_nonconformity_has_its_finding_before_its_question_moves(
    auditing: Auditing, deciding: Deciding, asked: tuple[int, int]
) -> None:
    audit, line = asked
    auditing.answer(audit, line, Result.NONCONFORMING, "HS-2 trễ.")
    change(auditing, deciding)
    with pytest.raises(RefusedError, match="lập phát hiện"):
        auditing.ask_anew(audit, line)
    number = auditing.find(audit, line)
    auditing.ask_anew(audit, line)
    assert db.session.get_one(Finding, number).revision_id is not None
    assert db.session.scalar(sa.select(sa.func.count(Answer.id)).where(Answer.line_id == line))


def test_nobody_outside_decides_and_nothing_is_decided_once_the_audit_is_over(
    auditing: Auditing, deciding: Deciding, asked: tuple[int, int]
) -> None:
    audit, line = asked
    auditing.answer(audit, line)
    change(auditing, deciding)
    for account in ("truongphong", "chuyenvien", "lanhdao"):
        with pytest.raises(NotAllowedError):
            auditing.ask_anew(audit, line, who=account)
        with pytest.raises(NotAllowedError):
            auditing.keep_asking(audit, line, "Vì thế.", who=account)
    auditing.meet(audit)
    auditing.conclude(audit)
    auditing.report(audit)
    with pytest.raises(RefusedError, match="đã báo cáo"):
        auditing.ask_anew(audit, line)
    auditing.close(audit)
    with pytest.raises(RefusedError, match="đã kết thúc"):
        auditing.keep_asking(audit, line, "Vì thế.")


def test_the_page_of_a_checklist_offers_both(
    auditing: Auditing, deciding: Deciding, signed_in: As
) -> None:
    with auditing.app.app_context():
        audit, line = begun(auditing, deciding)
        auditing.answer(audit, line, note="Xem HS-1.")
        change(auditing, deciding)
    auditor = signed_in("danhgia")
    where = {"audit_id": audit, "line_id": line}
    page = auditor.get("audits.checklist.show", audit_id=audit)
    assert "Hỏi theo bản mới" in page.text
    assert "Giữ bản cũ" in page.text
    assert "Hỏi theo bản mới" not in signed_in("truongphong").open(page.address).text
    page = auditor.post("audits.reviews.keep_asking", {"reason": ""}, status=422, **where)
    assert "Hãy ghi vì sao" in page.text
    page = auditor.post("audits.reviews.ask_anew", {}, status=303, **where)
    assert "Trước hỏi theo bản số 1" in page.text
    assert "Xem HS-1." in page.text


def test_the_secretary_is_asked_to_close_an_audit_once_its_findings_are_closed(
    auditing: Auditing, signed_in: As
) -> None:
    with auditing.app.app_context():
        audit = auditing.under_way()
        (line,) = auditing.ask(audit)
        auditing.answer(audit, line, Result.REMARK, "Sổ chưa có cột ngày hẹn.")
        number = auditing.find(audit, line, Grade.REMARK)
        auditing.meet(audit)
        auditing.conclude(audit)
        auditing.report(audit)
    words = "Đóng cuộc đánh giá"
    assert words not in signed_in("thuky").get("desk.index").text
    with auditing.app.app_context(), transaction() as session:
        found = finding_numbered(session, number)
        actions.answer(session, auditing.act("truongphong"), found, "Đã thêm cột.")
        actions.close(session, auditing.act("danhgia"), found)
    assert words in signed_in("thuky").get("desk.index").text
    assert words not in signed_in("danhgia").get("desk.index").text, "who leads does not close"
    with auditing.app.app_context():
        auditing.close(audit)
    assert words not in signed_in("thuky").get("desk.index").text
