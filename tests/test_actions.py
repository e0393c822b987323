"""Findings and requests through the pages: from any source to verified effect, and every gate."""

import io
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pypdfium2
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError

from qms import jobs
from qms.accounts import service as accounts
from qms.accounts.models import User
from qms.accounts.rules import Role
from qms.actions import figures, letterheads, lists, queries, service, work_service
from qms.actions.letterheads import Paper
from qms.actions.lists import Wanted
from qms.actions.models import Extension, Finding, Request, Task
from qms.actions.queries import Who
from qms.actions.rules import Grade, Source, State
from qms.actions.service import Raised
from qms.db import db, transaction
from qms.documents import queries as documents
from qms.documents import signing
from qms.errors import NotAllowedError
from qms.job_rows import Job
from qms.trail import Act, Entry
from qms.units import service as units
from qms.units.queries import unit
from tests import factories
from tests.correcting import PDF, PROOF, Correcting
from tests.engines import counted, sqlite_only
from tests.factories import Office
from tests.people import As
from tests.when import MONDAY, NINE, Clock

LATER = date(2026, 11, 20)
MOST_QUERIES = 15


@pytest.fixture
def correcting(app: Flask, office: Office, signed_in: As) -> Correcting:
    return Correcting(app, office, signed_in)


def acts(app: Flask) -> list[str]:
    """Return what the trail says was done about findings and requests."""
    with app.app_context():
        found = db.session.scalars(sa.select(Entry.action).order_by(Entry.seq)).all()
    return [each for each in found if each.startswith(("finding.", "request."))]


def pdf_text(data: bytes) -> str:
    """Return the words of a paper."""
    paper = pypdfium2.PdfDocument(data)
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in paper)


def test_a_finding_is_put_right_and_closed_by_somebody_else(
    app: Flask, correcting: Correcting, clock: Clock
) -> None:
    page = correcting.finding()
    assert "KPH-01/2026" in page.one("h1")
    finding, request = correcting.last()
    task = correcting.plan(request)
    correcting.work(request, task)
    assert correcting.state(request) == "done"
    clock.go(MONDAY + timedelta(days=1))
    verified = correcting.verify(request)
    assert "Đến 20/11/2026 mới kiểm tra hiệu lực." in verified.text
    clock.go(LATER)
    form = {"close-words": "Ba tháng không có hồ sơ trễ."}
    closed = correcting.post("danhgia", "requests.close", request, form)
    assert "Có hiệu lực" in closed.text
    assert PROOF in closed.text
    with app.app_context():
        found = db.session.get_one(Finding, finding)
        assert (found.closed_on, found.settled) == (LATER, True)
    assert acts(app) == [
        *("finding.raised", "request.opened", "request.corrected", "request.edited"),
        *("request.task_added", "request.edited", "request.analyse", "request.approve"),
        *("request.begin", "request.proved", "request.task_done", "request.finish"),
        *("request.verify", "request.close"),
    ]


def test_what_had_no_effect_goes_on_in_a_new_request(
    app: Flask, correcting: Correcting, clock: Clock
) -> None:
    correcting.finding()
    finding, request = correcting.last()
    correcting.work(request, correcting.plan(request))
    correcting.verify(request)
    clock.go(LATER)
    page = correcting.post(
        "danhgia", "requests.carry_on", request, {"carry_on-words": "Lại có hồ sơ trễ."}
    )
    _, following = correcting.last()
    assert following != request
    assert "HĐKP-02/2026" in page.text
    assert correcting.state(request) == "carried_on"
    assert correcting.state(following) == "proposed"
    with app.app_context():
        made = db.session.get_one(Request, following)
        assert (made.predecessor_id, made.finding_id) == (request, finding)
        assert db.session.get_one(Finding, finding).closed_on is None


@sqlite_only
def test_without_evidence_nothing_is_done_and_nothing_is_handed_in(
    correcting: Correcting,
) -> None:
    correcting.finding()
    _, request = correcting.last()
    task = correcting.plan(request)
    correcting.post("lanhdao", "requests.approve", request)
    done = {f"work-{task}-result": "Xong"}
    page = correcting.post("chuyenvien", "tasks.do", request, done, 409, task_id=task)
    assert "Hãy đính kèm bằng chứng rồi mới báo làm xong." in page.text
    correcting.post("chuyenvien", "requests.begin", request)
    page = correcting.post("chuyenvien", "requests.finish", request, status=409)
    assert "Còn 1 hành động chưa làm xong." in page.text
    page = correcting.post(
        "chuyenvien", "tasks.prove", request, {f"work-{task}-files": ""}, 422, task_id=task
    )
    assert "Hãy chọn tệp bằng chứng." in page.text


@sqlite_only
def test_a_plan_without_cause_says_all_that_is_missing(correcting: Correcting) -> None:
    correcting.finding()
    _, request = correcting.last()
    nothing = {"plan-version": "1"}
    page = correcting.post("truongphong", "plans.submit", request, nothing, 409)
    assert page.all("main [role=alert] li") == [
        "chưa ghi khắc phục ngay",
        *("chưa ghi nguyên nhân", "chưa ghi việc tương tự ở nơi khác", "chưa có hành động nào"),
    ]


def test_nobody_verifies_own_work_by_a_second_post_nor_does_the_head_of_the_unit(
    app: Flask, correcting: Correcting, office: Office, clock: Clock
) -> None:
    correcting.finding()
    _, request = correcting.last()
    correcting.work(request, correcting.plan(request))
    with app.app_context(), transaction() as session:
        commune = unit(session, "song-lo")
        by = Act(None, NINE, MONDAY)
        for account in ("chuyenvien", "truongphong"):
            person = session.get_one(User, office.people[account])
            accounts.give_post(session, by, person, commune, Role.AUDITOR, first_day=MONDAY)
    clock.go(MONDAY + timedelta(days=1))
    own = correcting.verify(request, "chuyenvien", 403)
    assert "không tự kiểm tra việc của mình" in own.text
    head = correcting.verify(request, "truongphong", 403)
    assert "Trưởng đơn vị của người thực hiện" in head.text
    assert correcting.state(request) == "done"
    correcting.verify(request, "danhgia")
    assert correcting.state(request) == "verified"


def test_the_database_itself_closes_nothing_without_its_gates(
    app: Flask, correcting: Correcting, office: Office
) -> None:
    correcting.finding()
    finding, request = correcting.last()
    task = correcting.plan(request)
    forged = (
        "UPDATE action_request SET state = 'closed', done_by = 1, done_on = '2026-08-03',"
        f" approved_by = 2, verified_by = {office.people['danhgia']},"
        " verified_on = '2026-08-03', effect_due = '2026-08-04', effect_by = "
        f"{office.people['danhgia']}, effect_on = '2026-08-04' WHERE id = {request}"
    )
    skipped = f"UPDATE action_request SET state = 'verified' WHERE id = {request}"
    for statement in (
        f"DELETE FROM finding WHERE id = {finding}",
        f"DELETE FROM action_request WHERE id = {request}",
        f"DELETE FROM action_task WHERE id = {task}",
        f"UPDATE finding SET text = 'khác' WHERE id = {finding}",
        f"UPDATE finding SET grade = 'remark' WHERE id = {finding}",
        f"{forged}",
        f"UPDATE action_request SET approved_by = analysed_by WHERE id = {request}",
    ):
        with app.app_context(), pytest.raises(DatabaseError), transaction() as session:
            session.execute(sa.text(statement))
    with app.app_context(), transaction() as session:
        session.execute(sa.text(skipped))
    with app.app_context(), pytest.raises(DatabaseError), transaction() as session:
        session.execute(sa.text(forged))


@sqlite_only
def test_nobody_approves_the_own_plan_and_a_plan_can_go_back(correcting: Correcting) -> None:
    correcting.finding()
    _, request = correcting.last()
    correcting.plan(request)
    back = {"send_back-words": "Nguyên nhân chưa sâu."}
    page = correcting.post("lanhdao", "requests.send_back", request, back)
    assert "Nguyên nhân chưa sâu." in page.text
    assert correcting.state(request) == "proposed"
    again = correcting.written(request, cause="Chưa ai được giao theo dõi.")
    correcting.post("lanhdao", "plans.submit", request, again)
    page = correcting.post("lanhdao", "requests.approve", request, status=403)
    assert "không tự phê duyệt" in page.text


@sqlite_only
def test_a_stale_analysis_is_refused_and_what_was_typed_is_kept(
    correcting: Correcting,
) -> None:
    correcting.finding()
    _, request = correcting.last()
    form = correcting.written(request, cause="Quên")
    correcting.post("truongphong", "plans.save", request, form)
    mine = {**form, "plan-cause": "Thiếu người", "plan-tasks-0-words": "Tuyển thêm người."}
    page = correcting.post("chuyenvien", "plans.save", request, mine, 409)
    assert "Người khác vừa lưu phân tích này." in page.text
    assert "Thiếu người" in page.one("textarea[name=plan-cause]")
    assert "Tuyển thêm người." in page.one("textarea[name=plan-tasks-0-words]")
    assert "Thêm cột ngày hẹn vào sổ." in page.one("details.band")
    again = {**mine, "plan-version": page.attributes("[name=plan-version]", "value")[0]}
    page = correcting.post("chuyenvien", "plans.save", request, again)
    assert "Thiếu người" in page.one("textarea[name=plan-cause]")


@sqlite_only
def test_one_button_saves_all_that_was_typed_of_a_plan(correcting: Correcting) -> None:
    correcting.finding()
    _, request = correcting.last()
    page = correcting.signed_in("truongphong").get("actions.requests.show", request_id=request)
    (whole,) = page.all("form:has([name=plan-cause])")
    for each in ("Khắc phục ngay", "Việc tương tự ở nơi khác", "Nguyên nhân", "Hành động 2"):
        assert each in whole
    typed = {
        **correcting.written(request),
        "plan-tasks-1-words": "Tập huấn.",
        "plan-tasks-1-owner": str(correcting.office.people["truongphong"]),
    }
    page = correcting.post("truongphong", "plans.save", request, typed)
    assert "Đã gửi thư xin lỗi." in page.one("textarea[name=plan-correction]")
    assert "Đã xem 40 hồ sơ" in page.one("textarea[name=plan-extent]")
    assert page.all(".causes strong") == ["Sổ không có cột ngày hẹn"]
    assert "Thêm cột ngày hẹn" in page.one("textarea[name=plan-tasks-0-words]")
    assert "Tập huấn." in page.one("textarea[name=plan-tasks-1-words]")
    assert page.attributes("[name=plan-tasks-1-due]", "value") == ["02/09/2026"]


@sqlite_only
def test_what_was_typed_is_saved_although_it_does_not_do_for_approval(
    correcting: Correcting,
) -> None:
    correcting.finding()
    _, request = correcting.last()
    half = correcting.written(request, cause="")
    page = correcting.post("truongphong", "plans.submit", request, half, 409)
    assert page.all("main [role=alert] li") == ["chưa ghi nguyên nhân"]
    assert "Đã lưu phân tích, kế hoạch." in page.text
    assert len(correcting.tasks(request)) == 1
    assert page.attributes("[name=plan-version]", "value") == ["2"]


@sqlite_only
def test_a_mistake_in_one_action_loses_nothing_of_the_others(correcting: Correcting) -> None:
    correcting.finding()
    _, request = correcting.last()
    wrong = correcting.written(request, **{"tasks-1-words": "Họp.", "tasks-1-owner": ""})
    page = correcting.post("truongphong", "plans.save", request, wrong, 422)
    assert "Hãy chọn người chịu trách nhiệm." in page.text
    assert "Đã xem 40 hồ sơ" in page.one("textarea[name=plan-extent]")
    assert "Họp." in page.one("textarea[name=plan-tasks-1-words]")
    assert correcting.tasks(request) == []


@sqlite_only
def test_an_action_due_before_the_request_was_raised_is_refused(correcting: Correcting) -> None:
    correcting.finding()
    _, request = correcting.last()
    early = correcting.written(request, due="01/08/2026")
    page = correcting.post("truongphong", "plans.save", request, early, 422)
    assert "không thể trước ngày lập phiếu" in page.text
    outsider = correcting.written(request, owner="thuky-tl")
    correcting.post("truongphong", "plans.save", request, outsider, 422)
    assert correcting.tasks(request) == []


@sqlite_only
def test_a_late_request_takes_no_new_action_that_is_due_in_the_past(
    correcting: Correcting, clock: Clock
) -> None:
    correcting.finding()
    _, request = correcting.last()
    clock.go(MONDAY + timedelta(days=60))
    past = correcting.written(request, due="15/09/2026")
    page = correcting.post("truongphong", "plans.save", request, past, 422)
    assert "Hạn của hành động không thể trước hôm nay." in page.text
    correcting.post(
        "truongphong", "plans.save", request, correcting.written(request, due="02/10/2026")
    )
    assert len(correcting.tasks(request)) == 1


def test_more_time_is_asked_with_a_reason_and_granted_by_another(
    app: Flask, correcting: Correcting
) -> None:
    correcting.finding()
    _, request = correcting.last()
    correcting.plan(request)
    asked = {"time-until": "30/09/2026", "time-reason": "Chờ phần mềm."}
    correcting.post("lanhdao", "requests.ask_for_time", request, asked)
    with app.app_context():
        extension = db.session.scalars(sa.select(Extension.id)).one()
    refused = correcting.post(
        "lanhdao", "requests.grant_time", request, status=403, extension_id=extension
    )
    assert "không tự phê duyệt đề nghị của mình" in refused.text
    with app.app_context(), transaction() as session:
        by = correcting.office.act("truongphong", NINE, MONDAY)
        found = queries.request(session, request)
        asking = queries.extension(found, extension)
        with pytest.raises(NotAllowedError):
            work_service.answer_for_time(session, by, found, asking, granted=True)
        person = session.get_one(User, correcting.office.people["thuky"])
        commune = unit(session, "song-lo")
        by = Act(None, NINE, MONDAY)
        accounts.give_post(session, by, person, commune, Role.LEADER, first_day=MONDAY)
    correcting.post("thuky", "requests.grant_time", request, extension_id=extension)
    with app.app_context():
        made = db.session.get_one(Request, request)
        assert made.due == date(2026, 9, 30)
        assert db.session.scalars(sa.select(Task.due)).all() == [date(2026, 9, 30)]


@sqlite_only
def test_an_inspection_gives_two_months_from_its_minutes_and_no_more(
    app: Flask, correcting: Correcting
) -> None:
    page = correcting.finding("thuky", 422, source="inspection")
    assert "ngày ký biên bản" in page.text
    correcting.finding("thuky", source="inspection", minutes_on="20/07/2026")
    _, request = correcting.last()
    with app.app_context():
        assert db.session.get_one(Request, request).due == date(2026, 9, 20)
    asked = {"time-until": "30/12/2026", "time-reason": "Bận"}
    page = correcting.post("truongphong", "requests.ask_for_time", request, asked, 409)
    assert "26/2014/TT-BKHCN" in page.text


@sqlite_only
def test_a_request_after_an_inspection_stays_in_its_two_months(
    app: Flask, correcting: Correcting, clock: Clock
) -> None:
    correcting.finding("danhgia", source="inspection", minutes_on="20/07/2026")
    _, request = correcting.last()
    correcting.work(request, correcting.plan(request))
    correcting.verify(request)
    clock.go(LATER)
    on = {"carry_on-words": "Lại có hồ sơ trễ.", "carry_on-due": "20/12/2026"}
    page = correcting.post("danhgia", "requests.carry_on", request, on, 422)
    assert "Hạn của phiếu mới phải từ hôm nay đến 20/11/2026" in page.text
    assert "Lại có hồ sơ trễ." in page.text
    correcting.post("danhgia", "requests.carry_on", request, {**on, "carry_on-due": ""})
    _, following = correcting.last()
    with app.app_context():
        made = db.session.get_one(Request, following)
        assert (made.due, made.minutes_on) == (LATER, date(2026, 7, 20))


@sqlite_only
def test_the_day_of_minutes_belongs_to_an_inspection(
    app: Flask, correcting: Correcting
) -> None:
    page = correcting.finding("danhgia", 422, minutes_on="04/08/2026")
    assert "không thể sau hôm nay" in page.text
    correcting.finding("danhgia", minutes_on="03/08/2026")
    _, request = correcting.last()
    with app.app_context():
        assert db.session.get_one(Request, request).minutes_on is None
    page = correcting.signed_in("danhgia").get("actions.requests.show", request_id=request)
    assert "Ngày ký biên bản" not in page.text


@sqlite_only
def test_units_that_ended_stand_last_in_a_group_of_their_own(
    app: Flask, correcting: Correcting, office: Office, clock: Clock
) -> None:
    for slug in ("song-lo", "tu-phap"):
        correcting.finding("thuky", unit=str(office.units[slug]))
    with app.app_context(), transaction() as session:
        by = office.act("quantri", NINE, MONDAY)
        ending = unit(session, "tu-phap")
        units.end(session, by, ending, last_day=MONDAY, successors=[unit(session, "song-lo")])
    clock.go(MONDAY + timedelta(days=1))
    for endpoint in ("actions.index", "actions.findings.index"):
        page = correcting.signed_in("thuky").get(endpoint)
        assert page.attributes("#unit optgroup", "label") == ["Đơn vị đã kết thúc"]
        assert page.attributes("#unit optgroup option", "value") == [
            str(office.units["tu-phap"])
        ]
        assert page.attributes("#unit > option", "value") == ["", str(office.units["song-lo"])]


@sqlite_only
def test_the_filters_are_folded_until_the_list_is_asked_for_less(
    correcting: Correcting,
) -> None:
    correcting.finding()
    browser = correcting.signed_in("thuky")
    assert browser.get("actions.index").all("details.fold[open]") == []
    assert len(browser.get("actions.index", only="open").all("details.fold[open]")) == 1


@sqlite_only
def test_a_duty_names_its_unit_to_who_serves_several_and_since_when_it_waits(
    correcting: Correcting, office: Office, clock: Clock
) -> None:
    correcting.finding("thuky", unit=str(office.units["tu-phap"]))
    _, request = correcting.last()
    clock.go(MONDAY + timedelta(days=2))
    correcting.plan(request)
    (line,) = correcting.signed_in("lanhdao").get("desk.index").all("tbody tr")
    assert "HĐKP-01/2026 · Tư pháp" in line
    assert "05/08/2026" in line
    correcting.finding("thuky-tl", unit=str(office.units["tan-lap"]))
    (line,) = correcting.signed_in("thuky-tl").get("desk.index").all("tbody tr")
    assert "HĐKP-01/2026" in line
    assert "·" not in line


@sqlite_only
def test_a_remark_is_answered_in_words_and_closed_by_another(
    app: Flask, correcting: Correcting, signed_in: As
) -> None:
    correcting.finding("chuyenvien", grade="remark", text="Bảng chỉ dẫn mờ.")
    finding, request = correcting.last()
    assert request == 0
    secretary = signed_in("thuky")
    early = secretary.post("actions.findings.close", {}, status=409, finding_id=finding)
    assert "Chưa có trả lời" in early.text
    words = {"answer": "Đã in bảng mới."}
    secretary.post("actions.findings.answer", words, status=303, finding_id=finding)
    own = secretary.post("actions.findings.close", {}, status=403, finding_id=finding)
    assert "không tự đóng" in own.text
    closed = signed_in("danhgia").post(
        "actions.findings.close", {}, status=303, finding_id=finding
    )
    assert "Đã đóng" in closed.text
    assert acts(app) == ["finding.raised", "finding.answered", "finding.closed"]


def test_a_finding_of_an_audit_is_closed_by_its_lead_alone(app: Flask, office: Office) -> None:
    at = office.act("danhgia", NINE, MONDAY)
    with app.app_context(), transaction() as session:
        raised = Raised(
            unit_id=office.units["tu-phap"],
            source=Source.AUDIT,
            source_ref="audit/12",
            grade=Grade.OPPORTUNITY,
            edition="9001:2015",
            clause="7.5.3",
            revision_id=None,
            text="Nên đánh số hộp.",
            evidence="Kệ 3.",
            lead_id=office.people["danhgia"],
        )
        finding = service.raise_finding(session, at, raised)
        service.answer(session, office.act("chuyenvien", NINE, MONDAY), finding, "Sẽ làm.")
        with pytest.raises(NotAllowedError, match="trưởng đoàn"):
            service.close(session, office.act("thuky", NINE, MONDAY), finding)
        service.close(session, at, finding)
        (of_audit,) = queries.of_source(session, "audit/12")
        assert of_audit.settled


def test_what_a_lead_auditor_leaves_open_is_closed_by_others_once_the_account_is(
    app: Flask, office: Office, signed_in: As
) -> None:
    with app.app_context(), transaction() as session:
        raised = Raised(
            unit_id=office.units["tu-phap"],
            source=Source.AUDIT,
            source_ref="audit/12",
            grade=Grade.REMARK,
            edition="9001:2015",
            clause="7.5.3",
            revision_id=None,
            text="Nên đánh số hộp.",
            evidence="Kệ 3.",
            lead_id=office.people["danhgia"],
        )
        finding = service.raise_finding(session, office.act("danhgia", NINE, MONDAY), raised)
        service.answer(session, office.act("chuyenvien", NINE, MONDAY), finding, "Sẽ làm.")
        number = finding.id
    assert "Đóng phát hiện" not in signed_in("thuky").get("desk.index").text
    with app.app_context(), transaction() as session:
        lead = session.get(User, office.people["danhgia"])
        assert lead
        accounts.close(session, office.act("quantri", NINE, MONDAY), lead)
    assert "Đóng phát hiện" in signed_in("thuky").get("desk.index").text
    page = signed_in("thuky").post("actions.findings.close", {}, finding_id=number, status=303)
    assert "Đã đóng" in page.text


def test_a_finding_is_annulled_with_a_reason_and_never_by_those_it_concerns(
    app: Flask, correcting: Correcting, signed_in: As
) -> None:
    correcting.finding()
    finding, request = correcting.last()
    correcting.plan(request, owner="thuky")
    why = {"annul-reason": "Ghi nhầm hồ sơ."}
    own = signed_in("thuky").post("actions.findings.annul", why, status=403, finding_id=finding)
    assert "không tự hủy" in own.text
    auditor = signed_in("danhgia")
    auditor.post("actions.findings.annul", {"annul-reason": ""}, status=422, finding_id=finding)
    page = auditor.post("actions.findings.annul", why, status=303, finding_id=finding)
    assert "Ghi nhầm hồ sơ." in page.text
    assert correcting.state(request) == "annulled"
    auditor.post("actions.findings.annul", why, status=409, finding_id=finding)
    assert acts(app)[-2:] == ["request.annul", "finding.annulled"]


@sqlite_only
def test_only_people_of_the_office_see_a_finding(correcting: Correcting, signed_in: As) -> None:
    correcting.finding()
    finding, request = correcting.last()
    other = signed_in("thuky-tl")
    other.get("actions.findings.show", finding_id=finding, status=404)
    other.get("actions.requests.show", request_id=request, status=404)
    assert "KPH-01" not in other.get("actions.findings.index").text
    assert "HĐKP-01" not in other.get("actions.index").text
    assert other.client.get(f"/actions/requests/{request}/sheet.pdf").status_code == 404


def test_an_action_begins_a_draft_and_knows_when_its_decision_took_effect(
    app: Flask, correcting: Correcting, office: Office, clock: Clock
) -> None:
    with app.app_context(), transaction() as session:
        first = factories.draft(session, office, "QT-01", NINE, MONDAY)
        factories.sign(session, office, first, NINE, MONDAY)
    correcting.finding(document="QT-01")
    _, request = correcting.last()
    task = correcting.plan(request, owner="thuky")
    correcting.post("lanhdao", "requests.approve", request)
    page = correcting.post(
        "thuky", "tasks.draft", request, {f"draft-{task}-code": "QT-01"}, task_id=task
    )
    assert "chưa ký" in page.text
    with app.app_context(), transaction() as session:
        made = db.session.get_one(Task, task).decision_id
        assert made
        decision = documents.decision(session, made)
        assert decision.title == "Sửa đổi QT-01 theo phiếu HĐKP-01/2026"
        signing.review(session, office.act("truongphong", NINE, MONDAY), decision)
    with app.app_context(), transaction() as session:
        decision = documents.decision(session, made)
        paper = signing.Paper("7/QĐ-UBND", MONDAY + timedelta(days=3), MONDAY)
        signing.sign(session, office.act("lanhdao", NINE, MONDAY), decision, paper)
    coming = correcting.signed_in("thuky").get("actions.requests.show", request_id=request)
    assert "sẽ có hiệu lực 06/08/2026" in coming.text
    clock.go(MONDAY + timedelta(days=3))
    there = correcting.signed_in("thuky").get("actions.requests.show", request_id=request)
    assert "có hiệu lực từ 06/08/2026" in there.text
    correcting.post("thuky", "tasks.do", request, {f"work-{task}-result": ""}, task_id=task)


@sqlite_only
def test_the_desk_names_the_next_step_to_whoever_may_take_it(
    correcting: Correcting, signed_in: As, clock: Clock
) -> None:
    correcting.finding()
    _, request = correcting.last()
    assert (
        "Phân tích nguyên nhân, lập kế hoạch" in signed_in("truongphong").get("desk.index").text
    )
    task = correcting.plan(request)
    assert "Phê duyệt kế hoạch khắc phục" in signed_in("lanhdao").get("desk.index").text
    asked = {"time-until": "30/09/2026", "time-reason": "Chờ phần mềm."}
    correcting.post("truongphong", "requests.ask_for_time", request, asked)
    assert "Trả lời đề nghị gia hạn" in signed_in("lanhdao").get("desk.index").text
    correcting.post("lanhdao", "requests.approve", request)
    assert "Thực hiện hành động khắc phục" in signed_in("chuyenvien").get("desk.index").text
    correcting.prove("chuyenvien", request, task)
    correcting.post("chuyenvien", "tasks.do", request, {}, task_id=task)
    correcting.post("chuyenvien", "requests.finish", request)
    assert "Kiểm tra xác nhận đã thực hiện" in signed_in("danhgia").get("desk.index").text
    correcting.verify(request)
    assert "Kiểm tra hiệu lực khắc phục" not in signed_in("danhgia").get("desk.index").text
    clock.go(LATER)
    assert "Kiểm tra hiệu lực khắc phục" in signed_in("danhgia").get("desk.index").text
    correcting.finding(grade="opportunity")
    assert "Trả lời phát hiện" in signed_in("truongphong").get("desk.index").text


@sqlite_only
def test_a_signed_scan_is_attached_once(correcting: Correcting, signed_in: As) -> None:
    correcting.finding()
    finding, request = correcting.last()
    auditor = signed_in("danhgia")
    for endpoint, number in (
        ("actions.findings.attach", {"finding_id": finding}),
        ("actions.requests.attach", {"request_id": request}),
    ):
        form = {"scan-scan": (io.BytesIO(b"%PDF-1.7 tam"), "phiếu.pdf")}
        page = auditor.post(endpoint, form, status=303, **number)
        assert "phieu.pdf" in page.text
        again = {"scan-scan": (io.BytesIO(b"%PDF-1.7 khac"), "phiếu.pdf")}
        assert (
            "chỉ đính kèm một lần" in auditor.post(endpoint, again, status=409, **number).text
        )
    taken = auditor.client.get(f"/actions/findings/{finding}/scan")
    assert taken.data == b"%PDF-1.7 tam"
    assert auditor.client.get(f"/actions/requests/{request}/scan").data == b"%PDF-1.7 tam"


@sqlite_only
def test_pictures_of_a_finding_are_handed_out_to_its_people_alone(
    correcting: Correcting, signed_in: As
) -> None:
    correcting.finding(files=(io.BytesIO(b"%PDF-1.7 anh"), "ảnh.pdf"))  # type: ignore[arg-type]
    assert signed_in("chuyenvien").client.get("/actions/files/1").data == b"%PDF-1.7 anh"
    assert signed_in("thuky-tl").client.get("/actions/files/1").status_code == 404


@pytest.mark.pdf
@sqlite_only
def test_the_papers_say_what_the_record_says(
    correcting: Correcting, signed_in: As, clock: Clock
) -> None:
    correcting.finding()
    finding, request = correcting.last()
    correcting.work(request, correcting.plan(request))
    correcting.verify(request)
    clock.go(LATER)
    correcting.post("danhgia", "requests.close", request, {"close-words": "Không lặp lại."})
    client = signed_in("danhgia").client
    report = pdf_text(client.get(f"/actions/findings/{finding}/report.pdf").data)
    assert "KPH-01/2026" in report
    assert "Hồ sơ trả sau ngày hẹn" in report
    sheet = pdf_text(client.get(f"/actions/requests/{request}/sheet.pdf").data)
    for words in ("HĐKP-01/2026", "Sổ không có cột ngày hẹn", "Đỗ Thu Hà", "Không lặp lại."):
        assert words in sheet
    assert "Tình hình hành động khắc phục" in pdf_text(
        client.get("/actions/dashboard.pdf").data
    )
    assert "HĐKP-01/2026" in pdf_text(client.get("/actions/register.pdf").data)
    book = openpyxl.load_workbook(io.BytesIO(client.get("/actions/register.xlsx").data))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row]  # type: ignore[union-attr]
    assert "HĐKP-01/2026" in cells
    assert "Sổ không có cột ngày hẹn" in cells


def sheet_of(data: bytes) -> list[list[object]]:
    """Return the filled cells of a workbook's first sheet, row by row."""
    sheet: Any = openpyxl.load_workbook(io.BytesIO(data)).active
    rows = [[cell for cell in row if cell is not None] for row in sheet.values]
    return [row for row in rows if row]


@sqlite_only
def test_the_workbooks_of_a_finding_and_its_request_say_what_their_papers_say(
    correcting: Correcting, signed_in: As, clock: Clock
) -> None:
    correcting.finding()
    finding, request = correcting.last()
    correcting.work(request, correcting.plan(request))
    correcting.verify(request)
    clock.go(LATER)
    correcting.post("danhgia", "requests.close", request, {"close-words": "Không lặp lại."})
    browser = signed_in("danhgia")
    with browser.client.get(f"/actions/findings/{finding}/report.xlsx") as report:
        assert "phieu-KPH-01-2026.xlsx" in report.headers["Content-Disposition"]
        told = sheet_of(report.data)
    assert ["PHIẾU BÁO CÁO SỰ KHÔNG PHÙ HỢP"] in told
    assert ["Số: KPH-01/2026", "ngày 03 tháng 8 năm 2026"] in told
    assert ["Đơn vị có phát hiện", "UBND xã Sông Lô"] in told
    assert ["Theo phiếu yêu cầu hành động khắc phục: HĐKP-01/2026."] in told
    assert told[-1][-1] == "Bùi Ngọc Ánh", "who raised it signs"
    sheet = sheet_of(browser.client.get(f"/actions/requests/{request}/sheet.xlsx").data)
    assert ["Tình trạng: đã đóng"] in sheet
    assert any("Sổ không có cột ngày hẹn (gốc)" in str(row[0]) for row in sheet)
    (task,) = [row for row in sheet if "Đỗ Thu Hà" in row and row[0] == 1]
    assert isinstance(task[-1], datetime), "a day is a day"
    assert ["Không lặp lại."] in sheet
    assert ["■ Có hiệu lực, đóng phiếu   □ Chưa có hiệu lực, phiếu mới số ………"] in sheet
    assert ["ĐẠI DIỆN ĐƠN VỊ", "NGƯỜI KIỂM TRA", "NGƯỜI PHÊ DUYỆT"] in sheet
    assert sheet[-1][1:] == ["Bùi Ngọc Ánh", "Phạm Minh Đức"]
    assert browser.client.get(f"/actions/requests/{request}/sheet.docx").status_code == 404


@sqlite_only
def test_a_request_has_the_same_words_for_its_state_on_page_sheet_and_register(
    correcting: Correcting, signed_in: As
) -> None:
    correcting.finding()
    _, request = correcting.last()
    correcting.work(request, correcting.plan(request))
    correcting.verify(request)
    browser = signed_in("danhgia")
    page = browser.get("actions.requests.show", request_id=request)
    assert "Chờ kiểm tra hiệu lực" in page.text
    sheet = sheet_of(browser.client.get(f"/actions/requests/{request}/sheet.xlsx").data)
    assert ["Tình trạng: chờ kiểm tra hiệu lực"] in sheet
    register = sheet_of(browser.client.get("/actions/register.xlsx").data)
    assert "Chờ kiểm tra hiệu lực" in next(row for row in register if "HĐKP-01/2026" in row)


def many(app: Flask, office: Office, count: int, after: int = 0) -> None:
    """Enter findings with requests, numbered up to ``count``, by the thousand."""
    with app.app_context(), transaction() as session:
        common = {"office_id": office.units["song-lo"], "unit_id": office.units["tu-phap"]}
        session.execute(
            sa.insert(Finding),
            [
                {
                    **common,
                    "year": 2026,
                    "number": number,
                    "source": Source.OBSERVATION,
                    "source_ref": "",
                    "grade": Grade.MINOR,
                    "edition": "9001:2015",
                    "clause": "8.5.1" if number % 3 else "7.5.3",
                    "text": f"Việc số {number}",
                    "evidence": "Đã xem.",
                    "raised_on": MONDAY - timedelta(days=number % 300),
                    "raised_at": NINE,
                }
                for number in range(after + 1, count + 1)
            ],
        )
        session.execute(
            sa.insert(Request),
            [
                {
                    **common,
                    "finding_id": number,
                    "year": 2026,
                    "number": number,
                    "state": State.PROPOSED,
                    "raised_on": MONDAY - timedelta(days=number % 300),
                    "due": MONDAY + timedelta(days=30 - number % 60) + timedelta(days=300),
                }
                for number in range(after + 1, count + 1)
            ],
        )


@pytest.mark.parametrize(
    "endpoint", ["actions.index", "actions.findings.index", "actions.dashboard"]
)
def test_a_list_costs_the_same_with_ten_and_ten_thousand(
    app: Flask, office: Office, signed_in: As, endpoint: str
) -> None:
    browser, asked, there = signed_in("thuky"), [], 0
    for count in (10, 10_000):
        many(app, office, count, there)
        there = count
        with counted() as sent:
            browser.get(endpoint)
        asked.append(len(sent))
    assert asked[0] == asked[1]
    assert asked[1] <= MOST_QUERIES


@sqlite_only
def test_a_long_register_is_made_by_a_job(app: Flask, office: Office, signed_in: As) -> None:
    many(app, office, 250)
    browser = signed_in("thuky")
    assert browser.client.get("/actions/register.xlsx").status_code == 303
    browser.client.post("/actions/register.xlsx")
    with app.app_context():
        assert jobs.run_waiting()
        job = db.session.scalars(sa.select(Job)).one()
        address = f"/jobs/{job.id}"
    made = browser.client.get(address)
    book = browser.client.get(made.location)
    assert str(book.mimetype).endswith("spreadsheetml.sheet")


@sqlite_only
def test_lists_are_filtered_by_what_is_open_late_and_about(app: Flask, office: Office) -> None:
    many(app, office, 30)
    who = Who(office.people["thuky"], frozenset(office.units.values()))
    with app.app_context():
        session = db.session()
        wanted = Wanted(who, MONDAY + timedelta(days=320), only=lists.LATE)
        late = lists.requests(session, wanted)
        assert late
        assert all(each.late for each in late)
        by_clause = lists.findings(
            session, Wanted(who, MONDAY, clause="7.5.3", only=lists.OPEN)
        )
        assert {each.clause for each in by_clause} == {"7.5.3"}
        found = figures.figures(session, who, MONDAY + timedelta(days=320))
        assert (found.open, found.late) == (30, len(late))
        assert {each.clause for each in found.recurring} == {"7.5.3", "8.5.1"}
        assert sum(count for _, _, count in found.ages) == 30


@sqlite_only
def test_a_document_shows_its_open_findings_and_its_signer_is_told(
    app: Flask, correcting: Correcting, office: Office, signed_in: As
) -> None:
    with app.app_context(), transaction() as session:
        first = factories.draft(session, office, "QT-01", NINE, MONDAY)
        factories.sign(session, office, first, NINE, MONDAY)
    correcting.finding(document="QT-01")
    _, request = correcting.last()
    task = correcting.plan(request, owner="thuky")
    correcting.post("lanhdao", "requests.approve", request)
    draft = {f"draft-{task}-code": "QT-01"}
    correcting.post("thuky", "tasks.draft", request, draft, task_id=task)
    secretary = signed_in("thuky")
    with app.app_context():
        document = factories.document_by_code(
            db.session(), [office.units["song-lo"]], "text", "QT-01"
        )
        decision = db.session.get_one(Task, task).decision_id
        assert document
        number = document.id
    assert "KPH-01/2026" in secretary.get("documents.pages.show", document_id=number).text
    shown = secretary.get("documents.decisions.show", decision_id=decision)
    assert "1 phát hiện còn mở nói về tài liệu" in shown.text


@sqlite_only
def test_a_finding_names_only_what_stands_and_clauses_there_are(
    correcting: Correcting,
) -> None:
    page = correcting.finding(status=422, document="QT-99")
    assert "Không có tài liệu nào mang mã “QT-99”" in page.text
    assert "Hồ sơ trả sau ngày hẹn" in page.one("textarea[name=text]")
    correcting.finding(status=422, clause="9001:2015/12.1")
    assert correcting.last() == (0, 0)


@pytest.mark.parametrize(
    ("title", "paper"),
    [
        ("Phiếu yêu cầu hành động khắc phục", Paper.REQUEST),
        ("Sổ theo dõi hành động khắc phục, phòng ngừa", Paper.REGISTER),
        ("Báo cáo sự không phù hợp", Paper.FINDING),
        ("Tờ khai đăng ký khai sinh", None),
    ],
)
def test_the_own_form_of_a_paper_is_known_by_its_title(title: str, paper: Paper | None) -> None:
    assert [each for each in Paper if letterheads.answers(title, each)] == (
        [paper] if paper else []
    )


def test_the_quarters_of_a_chart_end_with_the_present_one() -> None:
    found = figures.quarters_until(date(2026, 2, 9))
    assert found[-1] == (2026, 1)
    assert found[0] == (2024, 2)
    assert len(found) == figures.QUARTERS


@sqlite_only
def test_a_request_goes_back_where_that_makes_sense(correcting: Correcting) -> None:
    correcting.finding()
    _, request = correcting.last()
    task = correcting.plan(request)
    correcting.work(request, task)
    again = {"reject-words": "Chưa có chữ ký.", "reject-reopened": str(task)}
    page = correcting.post("danhgia", "requests.reject", request, again)
    assert "Chưa có chữ ký." in page.text
    assert correcting.state(request) == "in_progress"
    replanned = {"replan-words": "Phải làm cách khác."}
    correcting.post("truongphong", "requests.replan", request, replanned)
    assert correcting.state(request) == "proposed"
    plan = correcting.written(
        request, **{"tasks-0-id": str(task), "tasks-0-drop": "y", "tasks-0-words": ""}
    )
    page = correcting.post("truongphong", "plans.save", request, plan)
    assert page.attributes("[name=plan-tasks-0-id]", "value") == [""]
    page = correcting.post("truongphong", "plans.save", request, plan, status=409)
    assert "Người khác vừa lưu" in page.text


@sqlite_only
def test_what_was_not_done_after_all_needs_new_evidence(correcting: Correcting) -> None:
    correcting.finding()
    _, request = correcting.last()
    task = correcting.plan(request)
    correcting.work(request, task)
    correcting.post("danhgia", "requests.reject", request, {"reject-words": "Chưa có chữ ký."})
    done = {f"work-{task}-result": "Đã có chữ ký."}
    page = correcting.post("chuyenvien", "tasks.do", request, done, 409, task_id=task)
    assert "Hãy đính kèm bằng chứng rồi mới báo làm xong." in page.text
    assert "Bằng chứng của lần làm chưa đạt:" in page.text
    assert "Phải làm lại, cần bằng chứng mới – Thêm cột ngày hẹn vào sổ." in page.text
    correcting.prove("chuyenvien", request, task)
    correcting.post("chuyenvien", "tasks.do", request, done, task_id=task)
    correcting.post("chuyenvien", "requests.finish", request)
    assert correcting.state(request) == "done"


@sqlite_only
def test_an_action_is_done_with_its_evidence_in_one_step_that_says_work_began(
    correcting: Correcting,
) -> None:
    correcting.finding()
    _, request = correcting.last()
    task = correcting.plan(request)
    page = correcting.post("lanhdao", "requests.approve", request)
    form = {
        f"work-{task}-files": (io.BytesIO(PDF), PROOF),
        f"work-{task}-result": "Đã thêm cột.",
    }
    page = correcting.post("chuyenvien", "tasks.do", request, form, task_id=task)
    assert "Phiếu chuyển sang “Đang thực hiện”." in page.text
    assert "Đã thêm cột." in page.text
    assert ": Bắt đầu thực hiện" in page.text
    assert correcting.state(request) == "in_progress"


@sqlite_only
def test_the_correction_is_settled_with_the_plan_and_each_wording_stays_in_its_course(
    correcting: Correcting,
) -> None:
    correcting.finding()
    _, request = correcting.last()
    correcting.plan(request)
    late = correcting.written(request, correction="Không có gì.")
    page = correcting.post("chuyenvien", "plans.save", request, late, 409)
    assert "không sửa phân tích, kế hoạch được" in page.text
    correcting.post("lanhdao", "requests.send_back", request, {"send_back-words": "Ghi rõ."})
    better = {"correction": "Đã gửi thư, trả phí.", "tasks-0-words": "", "tasks-0-owner": ""}
    again = correcting.written(request, due="", **better)
    page = correcting.post("truongphong", "plans.submit", request, again)
    course = page.one("section[aria-labelledby=course]")
    assert "Ghi khắc phục ngay – Đã gửi thư xin lỗi." in course
    assert "Ghi khắc phục ngay – Đã gửi thư, trả phí." in course


@sqlite_only
def test_more_time_may_be_refused_and_is_asked_once_at_a_time(
    app: Flask, correcting: Correcting
) -> None:
    correcting.finding()
    _, request = correcting.last()
    asked = {"time-until": "30/09/2026", "time-reason": "Chờ phần mềm."}
    correcting.post("truongphong", "requests.ask_for_time", request, asked)
    twice = correcting.post("chuyenvien", "requests.ask_for_time", request, asked, 409)
    assert "đang có một đề nghị gia hạn" in twice.text
    with app.app_context():
        extension = db.session.scalars(sa.select(Extension.id)).one()
    page = correcting.post("lanhdao", "requests.refuse_time", request, extension_id=extension)
    assert "Không đồng ý" in page.text
    with app.app_context():
        assert db.session.get_one(Request, request).due == MONDAY + timedelta(days=30)


@sqlite_only
def test_more_time_ends_after_today(correcting: Correcting, clock: Clock) -> None:
    correcting.finding()
    _, request = correcting.last()
    clock.go(MONDAY + timedelta(days=60))
    past = {"time-until": "15/09/2026", "time-reason": "Chờ phần mềm."}
    page = correcting.post("truongphong", "requests.ask_for_time", request, past, 422)
    assert "Hạn mới phải sau hôm nay." in page.text


@sqlite_only
def test_a_correction_says_what_was_done_on_a_day_that_can_be(correcting: Correcting) -> None:
    correcting.finding()
    _, request = correcting.last()
    for day in ("04/08/2026", "01/08/2026"):
        form = correcting.written(request, correction="Đã gửi thư.", corrected_on=day)
        page = correcting.post("chuyenvien", "plans.save", request, form, 422)
        assert "Ngày khắc phục phải từ ngày phát hiện đến hôm nay." in page.text
        assert "Đã gửi thư." in page.one("textarea[name=plan-correction]")
