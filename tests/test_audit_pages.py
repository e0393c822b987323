"""The pages of audits: from the programme to the report, each person at their own desk."""

from datetime import timedelta
from io import BytesIO
from typing import Any, Final

import pytest
import sqlalchemy as sa
from flask import Flask
from openpyxl import load_workbook
from PIL import Image

from qms.audits import checklist_queries, programme_service, queries
from qms.audits.answers import Result
from qms.audits.checklist_models import Answer, Evidence, Sample
from qms.audits.models import Audit
from qms.audits.programme_rules import Slot
from qms.audits.rules import Duty
from qms.db import db, transaction
from qms.units.queries import unit
from qms.units.rules import Level
from tests import factories
from tests.auditing import FIRST, LAST, YEAR, Auditing, more_people, said
from tests.engines import counted, sqlite_only
from tests.factories import Office
from tests.pages import Browser
from tests.people import As
from tests.when import MONDAY, Clock

pytestmark = sqlite_only

MOST_QUERIES = 15
JSON = {"Accept": "application/json"}


@pytest.fixture
def auditing(app: Flask, office: Office, clock: Clock) -> Auditing:
    with app.app_context():
        found = Auditing(app, more_people(office), clock)
    office.people.update(found.office.people)  # type: ignore[attr-defined]
    return found


def made(auditing: Auditing, act: str, *given: Any, **more: Any) -> Any:  # noqa: ANN401
    """Do something with the helper outside any request."""
    with auditing.app.app_context():
        return getattr(auditing, act)(*given, **more)


def day(value: object) -> str:
    return f"{value:%d/%m/%Y}"


def about(auditing: Auditing, **changes: object) -> dict[str, object]:
    """Return what the form of an audit says."""
    return {
        "title": "Đánh giá nội bộ đợt 1",
        "units": [str(auditing.office.units["tu-phap"])],
        "scope": "Giải quyết hồ sơ hộ tịch.",
        "criteria": "TCVN ISO 9001:2015.",
        "first_day": day(FIRST),
        "last_day": day(LAST),
        "period_first": "01/01/2026",
        "period_last": day(LAST),
        **changes,
    }


def test_an_audit_is_planned_staffed_held_and_reported_in_the_browser(
    auditing: Auditing, signed_in: As, clock: Clock
) -> None:
    secretary, leader, auditor = (signed_in(a) for a in ("thuky", "lanhdao", "danhgia"))
    people = auditing.office.people
    secretary.post(
        "audits.auditors.qualify",
        {"person": people["danhgia"], "name": "ISO 9001:2015", "first_day": "01/01/2026"},
        status=303,
    )
    page = secretary.post("audits.add", about(auditing), status=303)
    assert page.one("h1") == "Số 01/2026 – Đánh giá nội bộ đợt 1"
    audit = newest(auditing)
    secretary.post(
        "audits.team.add",
        {"person": people["danhgia"], "duty": "lead"},
        status=303,
        audit_id=audit,
    )
    secretary.post(
        "audits.add_hour",
        {
            "day": day(FIRST),
            "begins": "8:00",
            "ends": "10h00",
            "session": "audit",
            "unit": auditing.office.units["tu-phap"],
            "subject": "QT-01",
            "auditors": [str(people["danhgia"])],
        },
        status=303,
        audit_id=audit,
    )
    leader.post(
        "audits.team.decide",
        {"number": "15/QĐ-UBND", "dated": day(clock.at)},
        status=303,
        audit_id=audit,
    )
    assert "Thông báo" in secretary.post("audits.notify", {}, status=303, audit_id=audit).text
    assert "Đơn vị sắp được đánh giá" in signed_in("truongphong").get("desk.index").text
    secretary.post(
        "audits.choosing.add",
        {"question": "Hồ sơ có đủ không?", "clause_number": ["8.5.1"]},
        status=303,
        audit_id=audit,
    )
    clock.go(FIRST)
    secretary, auditor = signed_in("thuky"), signed_in("danhgia")
    auditor.post("audits.holding.begin", {}, status=303, audit_id=audit)
    with auditing.app.app_context():
        lines = [each.id for each in checklist_queries.lines(db.session(), audit)]
    for number, line in enumerate(lines):
        form = {"token": f"x{line}", "result": "conform", "note": ""}
        if number:
            form |= {"result": "nonconforming", "note": "HS-2 trễ hai ngày."}
        auditor.post("audits.checklist.answer", form, status=303, audit_id=audit, line_id=line)
    for meeting in ("opening", "closing"):
        auditor.post(
            "audits.holding.hold",
            {"day": day(FIRST), "begins": "08:00", "people": "Bùi Ngọc Ánh, Trưởng đoàn\n\nHà"},
            status=303,
            audit_id=audit,
            meeting=meeting,
        )
    auditor.post(
        "audits.holding.conclude", {"conclusion": "Phù hợp."}, status=303, audit_id=audit
    )
    refused = auditor.post("audits.holding.report", {}, status=409, audit_id=audit)
    assert "chưa lập phát hiện" in refused.text
    page = auditor.post(
        "audits.choosing.raise_finding",
        {
            "unit": auditing.office.units["tu-phap"],
            "grade": "minor",
            "clause": "8.5.1",
            "text": "Trả kết quả trễ.",
            "evidence": "HS-2",
        },
        status=303,
        audit_id=audit,
        line_id=lines[1],
    )
    assert "KPH-01/2026" in page.text
    page = auditor.post("audits.holding.report", {}, status=303, audit_id=audit)
    assert "Đã báo cáo" in page.text
    refused = secretary.post("audits.holding.close", {}, status=409, audit_id=audit)
    assert "1 phát hiện chưa đóng" in refused.text


def newest(auditing: Auditing) -> int:
    with auditing.app.app_context():
        return db.session.scalars(sa.select(sa.func.max(Audit.id))).one()


def test_the_team_page_says_why_somebody_may_not_audit(
    auditing: Auditing, signed_in: As
) -> None:
    audit = made(auditing, "plan")
    people, secretary = auditing.office.people, signed_in("thuky")
    page = secretary.get("audits.team.index", audit_id=audit)
    assert "Có chức trách ở Tư pháp từ 01/07/2025." in page.text
    refused = secretary.post(
        "audits.team.add",
        {"person": people["dgv-tp"], "duty": "auditor"},
        status=409,
        audit_id=audit,
    )
    assert "trình lãnh đạo cho phép ngoại lệ" in refused.text
    signed_in("lanhdao").post(
        "audits.team.allow",
        {
            "conflict": f"{people['dgv-tp']}.own_unit.{auditing.office.units['tu-phap']}",
            "reason": "Ít người.",
        },
        status=303,
        audit_id=audit,
    )
    made(auditing, "qualify", "dgv-tp")
    page = secretary.post(
        "audits.team.add",
        {"person": people["dgv-tp"], "duty": "lead"},
        status=303,
        audit_id=audit,
    )
    assert "Ngoại lệ: Ít người. (Tư pháp)" in page.text
    assert "Ít người." in secretary.get("audits.show", audit_id=audit).text


def test_bad_input_stands_beside_its_field_and_nothing_is_half_done(
    auditing: Auditing, signed_in: As
) -> None:
    secretary = signed_in("thuky")
    page = secretary.post(
        "audits.add", about(auditing, last_day="32/08/2026", title=""), status=422
    )
    assert "Không có ngày 32/08/2026" in page.text
    page = secretary.post("audits.add", about(auditing, last_day="01/01/2026"), status=422)
    assert "Ngày kết thúc không thể trước ngày bắt đầu." in page.text
    audit = made(auditing, "plan")
    page = secretary.post(
        "audits.add_hour",
        {"day": day(FIRST), "begins": "25h", "ends": "10:00", "session": "opening"},
        status=422,
        audit_id=audit,
    )
    assert "Hãy viết giờ như 08:30, 8h30 hoặc 10h." in page.text


def test_a_finding_names_the_audit_it_comes_from_and_leads_to_it(
    auditing: Auditing, signed_in: As
) -> None:
    audit = made(auditing, "under_way")
    (line,) = made(auditing, "ask", audit)
    auditor = signed_in("danhgia")
    early = auditor.client.get(
        f"/audits/{audit}/checklist/{line}/finding", follow_redirects=True
    )
    assert "gửi rồi mới lập được phát hiện" in early.text
    made(auditing, "answer", audit, line, Result.REMARK, "Sổ ghi tay.")
    said = {"grade": "remark", "clause": "8.5.1", "text": "Sổ ghi tay.", "evidence": "HS-2"}
    auditor.post(
        "audits.choosing.raise_finding",
        {"unit": auditing.office.units["tu-phap"], **said},
        status=303,
        audit_id=audit,
        line_id=line,
    )
    page = auditor.get("actions.findings.show", finding_id=1)
    assert "Đánh giá nội bộ · Số 01/2026 – " in page.text
    assert f'href="/audits/{audit}"' in page.html
    staff = signed_in("chuyenvien").get("actions.findings.show", finding_id=1)
    assert "01/2026 – " in staff.text
    assert f'href="/audits/{audit}"' not in staff.html


def test_a_checklist_takes_something_or_says_what_to_choose(
    auditing: Auditing, signed_in: As
) -> None:
    audit = made(auditing, "plan")
    page = signed_in("thuky").post("audits.choosing.add", {}, status=422, audit_id=audit)
    assert "Hãy đánh dấu ít nhất một nội dung" in page.text


# ---------- the tablet ----------


@pytest.fixture
def checklist(auditing: Auditing) -> tuple[int, int]:
    audit = made(auditing, "under_way")
    (line,) = made(auditing, "ask", audit)
    return audit, line


def send(
    browser: Browser,
    what: str,
    where: tuple[int, int],
    *,
    status: int = 200,
    **form: Any,  # noqa: ANN401 - as forms are
) -> dict[str, Any]:
    address = f"/audits/{where[0]}/checklist/{where[1]}/{what}"
    answer = browser.client.post(
        address, data=form, headers=JSON, content_type="multipart/form-data"
    )
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def test_a_tablet_that_was_away_sends_what_it_kept_and_once_more(
    auditing: Auditing, signed_in: As, checklist: tuple[int, int]
) -> None:
    auditor = signed_in("danhgia")
    state = auditor.file("audits.checklist.state", audit_id=checklist[0]).get_json()
    assert state["open"]
    assert state["user"] == auditing.office.people["danhgia"]
    assert state["answers"] == {}
    form: dict[str, Any] = {
        "token": "k1",
        "result": "remark",
        "note": "Sổ cũ.",
        "said": "2026-08-10T02:30:00Z",
    }
    first = send(auditor, "answer", checklist, **form)
    assert first == send(auditor, "answer", checklist, **form), "sent twice it counts once"
    later = {**form, "token": "k2", "note": "Sổ cũ, đã thay.", "basis": first["answer"]}
    assert not send(auditor, "answer", checklist, **later)["merged"]
    send(auditor, "samples", checklist, token="k3", number="HS-1", received="03/08/2026")
    send(auditor, "samples", checklist, token="k3", number="HS-1", received="03/08/2026")
    with auditing.app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Answer.id))) == 2
        assert db.session.scalar(sa.select(sa.func.count(Sample.id))) == 1
        kept = db.session.scalars(sa.select(Answer).order_by(Answer.id)).first()
        assert kept is not None
        assert f"{kept.said_at:%H:%M}" == "02:00", "no later than it came"


def test_answers_of_two_tablets_are_merged_with_a_sentence(
    auditing: Auditing, signed_in: As
) -> None:
    for each in ("danhgia", "dgv-vp"):
        made(auditing, "qualify", each)
    audit = made(auditing, "plan")
    made(auditing, "join", audit)
    made(auditing, "join", audit, "dgv-vp", Duty.AUDITOR)
    made(auditing, "decide", audit)
    made(auditing, "hour", audit)
    made(auditing, "notify", audit)
    auditing.clock.go(FIRST)
    made(auditing, "begin", audit)
    (line,) = made(auditing, "ask", audit)
    where = (audit, line)
    send(signed_in("danhgia"), "answer", where, token="a", result="conform", note="Đủ.")
    told = send(
        signed_in("dgv-vp"), "answer", where, token="b", result="remark", note="Thiếu dấu."
    )
    assert told["result"] == "remark"
    assert told["note"] == "Đủ.\nThiếu dấu."
    assert "Bùi Ngọc Ánh trả lời trên máy khác" in told["merged"]
    page = signed_in("danhgia").get("audits.checklist.show", audit_id=audit)
    assert "gộp từ hai máy" in page.text


def test_what_is_refused_is_told_in_a_sentence(
    signed_in: As, checklist: tuple[int, int]
) -> None:
    auditor = signed_in("danhgia")
    told = send(auditor, "answer", checklist, status=422, token="a", result="remark", note="")
    assert "Hãy ghi đã thấy gì" in told["wrong"]
    told = send(auditor, "answer", checklist, status=422, token="a")
    assert told["wrong"]


def test_a_picture_is_kept_small_and_a_pdf_as_it_is(
    auditing: Auditing, signed_in: As, checklist: tuple[int, int]
) -> None:
    auditor, picture = signed_in("danhgia"), BytesIO()
    Image.new("RGB", (3000, 2000), "red").save(picture, "PNG")
    told = send(
        auditor,
        "files",
        checklist,
        token="p1",
        file=(BytesIO(picture.getvalue()), "ảnh bàn.png"),
    )
    assert told["name"].endswith(".jpg")
    send(auditor, "files", checklist, status=422, token="p2", file=(BytesIO(b"MZ..."), "a.exe"))
    with auditing.app.app_context():
        (row,) = db.session.scalars(sa.select(Evidence)).all()
        assert row.media_type == "image/jpeg"
    given = auditor.file("audits.checklist.file", audit_id=checklist[0], evidence_id=told["id"])
    with Image.open(BytesIO(given.data)) as small:
        assert max(small.size) == 1600


def test_the_checklist_page_has_what_a_tablet_needs_without_network(
    signed_in: As, checklist: tuple[int, int]
) -> None:
    auditor = signed_in("danhgia")
    page = auditor.get("audits.checklist.show", audit_id=checklist[0])
    assert page.attributes("[data-answer]", "data-answer") == [str(checklist[1])]
    (worker,) = page.attributes("[data-checklist]", "data-worker")
    answer = auditor.client.get(worker)
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    reader = signed_in("lanhdao").get("audits.checklist.show", audit_id=checklist[0])
    assert not reader.attributes("[data-checklist]", "data-worker")


# ---------- the programme ----------


def rooms(auditing: Auditing, count: int) -> None:
    """Give the office so many departments, each with a month and an audit."""
    with auditing.app.app_context(), transaction() as session:
        home = unit(session, "song-lo")
        units = [
            factories.unit(
                session,
                f"phong-{n}",
                f"Phòng {n}",
                parent=home,
                office=False,
                level=Level.INNER,
            ).id
            for n in range(count - 2)
        ]
        units += [auditing.office.units[name] for name in ("tu-phap", "van-phong")]
        slots = {Slot(each, 1 + n % 12) for n, each in enumerate(units)}
        programme_service.plan(session, auditing.act("thuky"), home, YEAR, slots)


@pytest.mark.parametrize("count", [10, 50])
def test_the_programme_costs_the_same_whatever_the_number_of_units(
    auditing: Auditing, signed_in: As, count: int
) -> None:
    rooms(auditing, count)
    secretary = signed_in("thuky")
    secretary.get("audits.programme.index")
    with counted() as sent:
        page = secretary.get("audits.programme.index", year=YEAR)
    assert len(page.all("tbody th")) == count
    assert len(sent) <= MOST_QUERIES, "\n".join(sent)


def test_the_programme_is_written_approved_and_leads_to_its_audits(
    auditing: Auditing, signed_in: As
) -> None:
    secretary, units = signed_in("thuky"), auditing.office.units
    page = secretary.get("audits.programme.index", year=YEAR)
    assert "Năm trước chưa đánh giá" in page.text
    slots = [f"{units['tu-phap']}-8", f"{units['van-phong']}-11"]
    secretary.post("audits.programme.plan", {"slot": slots}, status=303, year=YEAR)
    refused = secretary.post("audits.programme.plan", {"slot": ["x-13"]}, status=422, year=YEAR)
    assert "Tháng là số từ 1 đến 12." in refused.text
    leader = signed_in("lanhdao")
    assert "Phê duyệt chương trình đánh giá" not in leader.get("desk.index").text
    signed_in("thuky").post("audits.programme.send", {}, status=303, year=YEAR)
    leader = signed_in("lanhdao")
    assert "Phê duyệt chương trình đánh giá" in leader.get("desk.index").text
    page = leader.post(
        "audits.programme.approve",
        {"number": "01/QĐ-UBND", "dated": "03/08/2026"},
        status=303,
        year=YEAR,
    )
    assert "Đã phê duyệt: Quyết định số 01/QĐ-UBND" in page.text
    made(auditing, "under_way")
    page = signed_in("thuky").get("audits.programme.index", year=YEAR)
    assert "Tư pháp: Số 01/2026, đang đánh giá" in page.text


def test_a_returned_programme_is_on_the_desk_of_its_office_with_the_reason(
    auditing: Auditing, signed_in: As
) -> None:
    made(auditing, "programme", ("tu-phap", 8), ("van-phong", 11))
    page = signed_in("thuky").post("audits.programme.send", {}, status=303, year=YEAR)
    assert "Chờ phê duyệt" in page.text
    leader = signed_in("lanhdao")
    bare = leader.post("audits.programme.give_back", {"reason": ""}, status=422, year=YEAR)
    assert "Hãy ghi vì sao trả lại" in bare.text
    leader.post("audits.programme.give_back", {"reason": "Sai tháng."}, status=303, year=YEAR)
    assert "Phê duyệt chương trình đánh giá" not in leader.get("desk.index").text
    desk = signed_in("thuky").get("desk.index").text
    assert "Sửa chương trình đánh giá bị trả lại" in desk
    assert "Sai tháng." in desk
    page = signed_in("thuky").get("audits.programme.index", year=YEAR)
    assert "Lãnh đạo trả lại" in page.text


def test_a_returned_team_is_on_the_desk_of_those_who_chose_it(
    auditing: Auditing, signed_in: As
) -> None:
    audit = made(auditing, "plan")
    made(auditing, "qualify", "danhgia")
    made(auditing, "join", audit)
    leader = signed_in("lanhdao")
    refused = leader.post("audits.team.give_back", {"reason": ""}, status=422, audit_id=audit)
    assert "Hãy ghi vì sao trả lại" in refused.text
    leader.post("audits.team.give_back", {"reason": "Thiếu người."}, status=303, audit_id=audit)
    assert "Quyết định thành lập đoàn đánh giá" not in leader.get("desk.index").text
    secretary = signed_in("thuky")
    desk = secretary.get("desk.index").text
    assert "Sửa đoàn đánh giá bị trả lại" in desk
    assert "Thiếu người." in desk
    page = secretary.post("audits.team.send_again", {}, status=303, audit_id=audit)
    assert "Lãnh đạo trả lại" not in page.text
    again = secretary.post("audits.team.send_again", {}, status=409, audit_id=audit)
    assert "Đoàn không bị trả lại." in again.text
    assert "Quyết định thành lập đoàn đánh giá" in signed_in("lanhdao").get("desk.index").text


# ---------- the calendar ----------


def test_the_calendar_shows_the_month_and_programs_read_it_by_a_secret(
    signed_in: As, checklist: tuple[int, int], browser: Browser
) -> None:
    auditor = signed_in("danhgia")
    page = auditor.get("audits.calendar.index", month="2026-08")
    assert page.text.count("Số 01/2026") == 2, "both days"
    page = auditor.post("audits.calendar.make_key", {}, status=200)
    (address,) = page.attributes("#feed-address", "value")
    path = address[address.index("/audits/") :]
    feed = browser.client.get(path)
    assert feed.mimetype == "text/calendar"
    whole = feed.data.replace(b"\r\n ", b"").decode()
    assert "SUMMARY:Số 01/2026 Đánh giá nội bộ đợt 1" in whole
    assert "DTSTART:20260810T010000Z" in whole, "eight in the morning at the office"
    again = auditor.post("audits.calendar.make_key", {}, status=200)
    assert again.attributes("#feed-address", "value") != [address]
    assert browser.client.get(path).status_code == 404
    auditor.post("audits.calendar.drop_key", {}, status=303)
    assert checklist


def test_the_calendar_explains_its_marks_and_shows_one_unit(
    auditing: Auditing, signed_in: As
) -> None:
    made(auditing, "plan")
    made(auditing, "plan", said(auditing.office, "van-phong"))
    auditor = signed_in("thuky")
    page = auditor.get("audits.calendar.index", month="2026-08")
    assert "Số 01/2026" in page.text
    assert "Số 02/2026" in page.text
    assert "Trong kế hoạch · Đã thông báo · Đang đánh giá" in page.text
    room = auditing.office.units["van-phong"]
    page = auditor.get("audits.calendar.index", month="2026-08", unit=room)
    assert "Số 01/2026" not in page.text
    assert "Số 02/2026" in page.text


def test_an_audit_outside_the_programme_is_marked_on_its_page_and_in_lists(
    auditing: Auditing, signed_in: As
) -> None:
    made(auditing, "programme", ("tu-phap", 8), ("van-phong", 11))
    made(auditing, "approve")
    secretary = signed_in("thuky")
    secretary.post("audits.add", about(auditing), status=303)
    assert "ngoài chương trình" not in secretary.get("audits.index").text
    refused = secretary.post("audits.add", about(auditing), status=422)
    assert "không còn lượt nào cho Tư pháp" in refused.text
    reason = {"outside_reason": "Có phản ánh của dân."}
    page = secretary.post("audits.add", about(auditing, **reason), status=303)
    assert "Đánh giá ngoài chương trình – Có phản ánh của dân." in page.text
    assert secretary.get("audits.index").text.count("ngoài chương trình") == 1
    calendar = secretary.get("audits.calendar.index", month="2026-08")
    assert "ngoài chương trình" in calendar.text


def test_the_page_says_what_comes_next_who_does_it_and_where(
    auditing: Auditing, signed_in: As
) -> None:
    audit = made(auditing, "plan")
    secretary, leader = signed_in("thuky"), signed_in("lanhdao")
    page = secretary.get("audits.show", audit_id=audit)
    assert "Đoàn chưa có trưởng đoàn. – Thư ký ISO" in page.text
    assert f"/audits/{audit}/team" in page.attributes("ol li a", "href")
    made(auditing, "qualify", "danhgia")
    made(auditing, "join", audit)
    assert "Ghi quyết định" in leader.get("audits.show", audit_id=audit).text
    made(auditing, "decide", audit)
    assert "Ghi quyết định" not in leader.get("audits.show", audit_id=audit).text
    page = secretary.get("audits.show", audit_id=audit)
    assert "Không cần khi thông báo trước ít nhất 5 ngày" in page.text
    made(auditing, "hour", audit)
    made(auditing, "notify", audit)
    page = secretary.get("audits.show", audit_id=audit)
    assert "Xác nhận đã nhận thông báo: còn 1 đơn vị. – Đơn vị được đánh giá" in page.text
    assert "Bắt đầu đánh giá từ ngày 10/08/2026. – Trưởng đoàn Bùi Ngọc Ánh" in page.text


def test_a_late_notice_says_that_its_reason_is_needed(
    auditing: Auditing, signed_in: As, clock: Clock
) -> None:
    audit = made(auditing, "plan")
    clock.go(FIRST - timedelta(days=2))
    page = signed_in("thuky").get("audits.show", audit_id=audit)
    assert "Bắt buộc: cách ngày đánh giá chưa đủ 5 ngày." in page.text


def test_hours_change_after_the_notice_for_a_reason_that_the_unit_sees(
    auditing: Auditing, signed_in: As
) -> None:
    audit = made(auditing, "notified")
    secretary, head = signed_in("thuky"), signed_in("truongphong")
    assert "Kế hoạch đánh giá đã thay đổi" not in head.get("desk.index").text
    with auditing.app.app_context():
        (hour,) = queries.hours(db.session(), [audit])[audit]
        number = hour.id
    where = {"audit_id": audit, "hour_id": number}
    refused = secretary.post("audits.drop_hour", {"reason": ""}, status=422, **where)
    assert "Hãy ghi lý do thay đổi" in refused.text
    page = secretary.post("audits.drop_hour", {"reason": "Phòng họp bận."}, status=303, **where)
    assert "bỏ 08:00–10:00, 10/08/2026 Tư pháp – Phòng họp bận." in page.text
    hours = {
        "day": day(FIRST),
        "begins": "10h",
        "ends": "11h30",
        "session": "opening",
        "unit": "",
        "subject": "",
    }
    bare = secretary.post("audits.add_hour", hours, status=422, audit_id=audit)
    assert "Hãy ghi lý do thay đổi" in bare.text
    late = {**hours, "ends": "9g30", "why": "Dời giờ."}
    wrong = secretary.post("audits.add_hour", late, status=422, audit_id=audit)
    assert wrong.one("#ends-wrong") == "Giờ kết thúc phải sau giờ bắt đầu."
    hours["why"] = "Dời giờ."
    page = secretary.post("audits.add_hour", hours, status=303, audit_id=audit)
    assert "thêm 10:00–11:30, 10/08/2026 – Dời giờ." in page.text
    assert "Kế hoạch đánh giá đã thay đổi" in head.get("desk.index").text


def test_days_in_the_wrong_order_are_marked_at_the_later_field(
    auditing: Auditing, signed_in: As
) -> None:
    secretary = signed_in("thuky")
    wrong = about(
        auditing, last_day=day(MONDAY), period_first=day(LAST), period_last=day(FIRST)
    )
    page = secretary.post("audits.add", wrong, status=422)
    assert page.one("#last_day-wrong") == "Ngày kết thúc không thể trước ngày bắt đầu."
    assert page.one("#period_last-wrong").startswith("Kỳ được đánh giá phải kết thúc sau")
    off = about(auditing, first_day="15/08/2026", last_day="16/08/2026")
    page = secretary.post("audits.add", off, status=422)
    assert "Có ngày nghỉ trong những ngày đánh giá: 15/08/2026, 16/08/2026." in page.text
    off["off_days"] = "y"
    secretary.post("audits.add", off, status=303)


# ---------- papers ----------


SIGNS: Final = {
    "team": "CHỦ TỊCH",
    "plan": "TRƯỞNG ĐOÀN",
    "notice": "CHỦ TỊCH",
    "checklist": "ĐÁNH GIÁ VIÊN",
    "attendance": "NGƯỜI GHI",
    "report": "TRƯỞNG ĐOÀN",
}
"""Who signs a paper first."""


@pytest.mark.parametrize("name", SIGNS)
def test_each_paper_is_a_workbook_too(
    signed_in: As, checklist: tuple[int, int], name: str
) -> None:
    given = signed_in("thuky").file(
        "audits.papers.paper", audit_id=checklist[0], name=name, form="xlsx"
    )
    book = load_workbook(BytesIO(given.data))
    words = [str(cell.value) for row in book.worksheets[0] for cell in row if cell.value]
    assert any("UBND xã Sông Lô" in each for each in words)
    assert any("TT" in each for each in words)
    signed = [
        sheet.title
        for sheet in book.worksheets
        for row in sheet
        for cell in row
        if str(cell.value).split("\n")[0] == SIGNS[name]
    ]
    assert signed == [book.worksheets[0].title], "once, on the main sheet"


def test_the_file_of_each_paper_is_named_in_vietnamese_by_its_audit(
    signed_in: As, checklist: tuple[int, int]
) -> None:
    browser, names = signed_in("thuky"), []
    for name in SIGNS:
        where: dict[str, Any] = {"audit_id": checklist[0], "name": name, "form": "xlsx"}
        given = browser.file("audits.papers.paper", **where)
        names.append(given.headers["Content-Disposition"].rpartition("=")[2].strip('"'))
    assert names == [
        "quyet-dinh-doan-danh-gia-01-2026.xlsx",
        "ke-hoach-danh-gia-01-2026.xlsx",
        "thong-bao-danh-gia-01-2026.xlsx",
        "phieu-danh-gia-01-2026.xlsx",
        "danh-sach-hop-danh-gia-01-2026.xlsx",
        "bao-cao-danh-gia-01-2026.xlsx",
    ]


def test_the_programme_is_a_workbook_with_a_column_for_each_month(
    auditing: Auditing, signed_in: As
) -> None:
    made(auditing, "programme", ("tu-phap", 8))
    given = signed_in("thuky").file("audits.papers.programme", form="xlsx", year=YEAR)
    sheet = load_workbook(BytesIO(given.data)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet]
    (justice,) = [row for row in rows if row[1] == "Tư pháp"]
    assert justice[2 + 7] == "x"


def test_the_scan_of_a_signed_paper_is_attached_once(
    signed_in: As, checklist: tuple[int, int]
) -> None:
    secretary = signed_in("thuky")
    where: dict[str, Any] = {"audit_id": checklist[0], "name": "plan"}
    secretary.get("audits.papers.scan", status=404, **where)
    scan = {"file": (BytesIO(b"%PDF-1.7"), "kế hoạch.pdf")}
    page = secretary.post("audits.papers.attach", scan, status=303, **where)
    assert "Bản đã ký" in page.text
    assert secretary.file("audits.papers.scan", **where).mimetype == "application/pdf"
    again = {"file": (BytesIO(b"%PDF-1.5"), "khác.pdf")}
    assert (
        "chỉ đính kèm một lần"
        in secretary.post("audits.papers.attach", again, status=409, **where).text
    )


# ---------- who sees what ----------


def test_another_office_sees_nothing_of_it(
    auditing: Auditing, signed_in: As, checklist: tuple[int, int]
) -> None:
    stranger = signed_in("thuky-tl")
    assert "Không có cuộc đánh giá nào." in stranger.get("audits.index").text
    for endpoint in ("audits.show", "audits.checklist.show", "audits.team.index"):
        stranger.get(endpoint, status=404, audit_id=checklist[0])
    stranger.get("audits.programme.index", status=403, unit=auditing.office.units["song-lo"])


def test_the_list_is_filtered_and_costs_the_same(auditing: Auditing, signed_in: As) -> None:
    for _ in range(3):
        made(auditing, "plan")
    secretary = signed_in("thuky")
    secretary.get("audits.index")
    with counted() as few:
        page = secretary.get("audits.index", state="planned", year=YEAR)
    assert len(page.all("tbody th")) == 3
    for _ in range(6):
        made(auditing, "plan")
    with counted() as many:
        secretary.get("audits.index", state="planned", year=YEAR)
    assert len(many) == len(few)
    assert not secretary.get("audits.index", state="closed").all("tbody th")
