"""Audits from the programme to the end, on both databases: who may what, and what stays."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from qms.accounts import service as accounts
from qms.accounts.models import Post, User
from qms.accounts.rules import Role
from qms.actions.models import Finding
from qms.actions.rules import Grade
from qms.audits import (
    building,
    checklist_queries,
    checklist_service,
    coverage,
    evidence_service,
    finding_queries,
    holding_service,
    programme_approval,
    programme_queries,
    programme_service,
    queries,
    service,
    team_queries,
    team_service,
)
from qms.audits.answers import Dossier, Result, Source
from qms.audits.building import Question
from qms.audits.checklist_models import Answer
from qms.audits.independence import Ground
from qms.audits.models import Audit, Member
from qms.audits.rules import Days, Duty, Meeting, State
from qms.db import db, transaction
from qms.documents.timeline import Action
from qms.errors import InvalidError, NotAllowedError, NotFoundError, RefusedError
from qms.standards import service as standards
from qms.standards.catalogue import EDITIONS
from qms.trail import Entry
from qms.units.queries import unit
from tests import factories
from tests.auditing import FIRST, LAST, PERIOD, YEAR, Auditing, more_people, said
from tests.deciding import Deciding, text
from tests.engines import sqlite_only
from tests.factories import FOUNDED, Office
from tests.when import MONDAY, Clock


@pytest.fixture
def auditing(app: Flask, office: Office, clock: Clock) -> Auditing:
    with app.app_context():
        return Auditing(app, more_people(office), clock)


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def stands(audit: int) -> Audit:
    db.session.rollback()
    return queries.audit(db.session(), audit)


def acts(subject: str) -> list[str]:
    db.session.rollback()
    query = sa.select(Entry.action).where(Entry.subject == subject).order_by(Entry.seq)
    return list(db.session.scalars(query))


# ---------- the programme ----------


def test_a_programme_is_approved_by_somebody_else_when_each_unit_has_its_month(
    auditing: Auditing,
) -> None:
    number = auditing.programme(("tu-phap", 8))
    with pytest.raises(RefusedError, match="Văn phòng"):
        auditing.send()
    auditing.programme(("tu-phap", 8), ("van-phong", 11))
    with pytest.raises(RefusedError, match="chưa được trình"):
        auditing.sign()
    auditing.send()
    with pytest.raises(NotAllowedError):
        auditing.sign(who="thuky")
    auditing.sign()
    with pytest.raises(RefusedError, match="đã được phê duyệt"):
        auditing.sign()
    with pytest.raises(RefusedError, match="mở lại"):
        auditing.programme(("tu-phap", 9))
    auditing.on_programme(programme_approval.reopen, "thuky", reason="Tách phòng.")
    auditing.programme(("tu-phap", 9), ("van-phong", 11))
    assert acts(f"programme/{number}")[-5:] == [
        "programme.planned",
        "programme.sent",
        "programme.approved",
        "programme.reopened",
        "programme.planned",
    ]


def test_an_empty_programme_is_not_sent(auditing: Auditing) -> None:
    auditing.programme()
    with pytest.raises(RefusedError, match="ít nhất một lần"):
        auditing.send()


def test_what_waits_for_approval_is_changed_only_after_it_is_taken_back(
    auditing: Auditing,
) -> None:
    auditing.programme(("tu-phap", 8), ("van-phong", 11))
    with pytest.raises(RefusedError, match="chưa được trình"):
        auditing.on_programme(programme_approval.recall, "thuky")
    auditing.send()
    with pytest.raises(RefusedError, match="rút lại"):
        auditing.programme(("tu-phap", 9))
    with pytest.raises(RefusedError, match="đã được trình"):
        auditing.send()
    auditing.on_programme(programme_approval.recall, "thuky")
    auditing.programme(("tu-phap", 9), ("van-phong", 11))
    auditing.approve()


def test_a_leader_returns_a_programme_for_a_reason_only(auditing: Auditing) -> None:
    auditing.programme(("tu-phap", 8), ("van-phong", 11))
    auditing.send()
    with pytest.raises(InvalidError, match="vì sao"):
        auditing.on_programme(programme_approval.give_back, "lanhdao", reason="")
    with pytest.raises(NotAllowedError):
        auditing.on_programme(programme_approval.give_back, "thuky", reason="Sai tháng.")
    auditing.on_programme(programme_approval.give_back, "lanhdao", reason="Sai tháng.")
    with pytest.raises(RefusedError, match="chưa được trình"):
        auditing.sign()
    db.session.rollback()
    kept = programme_queries.programme(db.session(), auditing.office.units["song-lo"], YEAR)
    assert kept is not None
    assert kept.return_reason == "Sai tháng."
    auditing.approve()


def test_nobody_approves_a_programme_in_which_they_changed_a_month_before_others_did(
    auditing: Auditing,
) -> None:
    with transaction() as session:
        who = session.get_one(User, auditing.office.people["lanhdao"])
        home = unit(session, "song-lo")
        accounts.give_post(
            session, factories.installation(), who, home, Role.SECRETARY, first_day=FOUNDED
        )
    auditing.programme(("tu-phap", 8), who="lanhdao")
    auditing.programme(("tu-phap", 8), ("van-phong", 11))
    auditing.send()
    with pytest.raises(RefusedError, match="không tự phê duyệt"):
        auditing.sign()
    auditing.on_programme(programme_approval.give_back, "lanhdao", reason="Sai tháng.")
    auditing.send()
    with pytest.raises(RefusedError, match="không tự phê duyệt"):
        auditing.sign()


def test_a_leader_confirms_that_a_unit_is_audited_less_often_than_it_should(
    auditing: Auditing,
) -> None:
    audit = auditing.under_way()
    (line,) = auditing.ask(audit)
    auditing.answer(audit, line, Result.NONCONFORMING, "Ba hồ sơ thiếu phiếu kiểm soát.")
    auditing.find(audit, line, Grade.MAJOR)
    following = YEAR + 1
    auditing.programme(("tu-phap", 8), ("van-phong", 11), year=following)
    auditing.send(following)
    with pytest.raises(RefusedError) as seldom:
        auditing.sign(following)
    assert [str(each) for each in seldom.value.parts] == ["Tư pháp: xếp 1 lần, nên 2 lần"]
    auditing.sign(following, confirmed=True)


def test_a_unit_is_left_out_of_a_year_for_a_reason_only(auditing: Auditing) -> None:
    auditing.programme(("tu-phap", 8))
    room = auditing.office.units["van-phong"]

    def leave_out(reason: str) -> None:
        with transaction() as session:
            owner = unit(session, "song-lo")
            programme_service.leave_out(
                session, auditing.act("thuky"), owner, YEAR, room, reason
            )

    leave_out("Mới thành lập tháng trước.")
    auditing.approve()
    db.session.rollback()
    found = programme_queries.matrix(db.session(), auditing.office.units["song-lo"], YEAR, {})
    assert [row.unit_id for row in found.rows if row.left_out] == [room]
    assert found.scope == [auditing.office.units["tu-phap"]]


def test_only_units_of_the_office_and_months_of_a_year_are_planned(auditing: Auditing) -> None:
    with pytest.raises(InvalidError):
        auditing.programme(("tan-lap", 8))
    with pytest.raises(InvalidError):
        auditing.programme(("tu-phap", 13))
    with pytest.raises(NotAllowedError):
        auditing.programme(("tu-phap", 8), who="danhgia")


def test_earlier_findings_weigh_for_auditing_a_unit_twice(auditing: Auditing) -> None:
    audit = auditing.under_way()
    (line,) = auditing.ask(audit)
    auditing.answer(audit, line, Result.NONCONFORMING, "Ba hồ sơ thiếu phiếu kiểm soát.")
    auditing.find(audit, line, Grade.MAJOR)
    db.session.rollback()
    next_year = programme_queries.matrix(
        db.session(), auditing.office.units["song-lo"], YEAR + 1, {}
    )
    times = {row.unit_id: row.weight.times for row in next_year.rows}
    assert times[auditing.office.units["tu-phap"]] == 2
    assert times[auditing.office.units["van-phong"]] == 1


# ---------- one audit, from plan to end ----------


def test_an_audit_goes_from_plan_to_report_and_closes_when_its_findings_are_closed(
    auditing: Auditing,
) -> None:
    audit = auditing.under_way()
    good, bad = auditing.ask(
        audit,
        Question(Source.OWN, "Tự ghi", "Hồ sơ có đủ không?"),
        Question(Source.OWN, "Tự ghi", "Trả kết quả đúng hẹn không?"),
    )
    with pytest.raises(RefusedError) as early:
        auditing.report(audit)
    assert len(early.value.parts) == 4, "two meetings, two answers, a conclusion"
    auditing.answer(audit, good)
    auditing.answer(audit, bad, Result.NONCONFORMING, "HS-2 trễ hai ngày.")
    auditing.meet(audit)
    auditing.conclude(audit)
    with pytest.raises(RefusedError, match="chưa lập phát hiện"):
        auditing.report(audit)
    number = auditing.find(audit, bad)
    auditing.report(audit)
    assert stands(audit).state is State.REPORTED
    with pytest.raises(RefusedError, match="1 phát hiện chưa đóng"):
        auditing.close(audit)
    finding = db.session.get_one(Finding, number)
    assert finding.source_ref == f"audit/{audit}"
    assert finding.lead_id == auditing.office.people["danhgia"]
    assert acts(f"audit/{audit}")[0] == "audit.planned"
    assert "audit.reported" in acts(f"audit/{audit}")


def test_an_audit_without_findings_closes_at_once(auditing: Auditing) -> None:
    audit = auditing.under_way()
    auditing.meet(audit)
    auditing.conclude(audit)
    auditing.report(audit)
    with transaction() as session:
        holding_service.reopen(
            session,
            auditing.act("danhgia"),
            queries.audit(session, audit),
            reason="Bổ sung kết luận.",
        )
    auditing.conclude(audit, "Phù hợp.")
    auditing.report(audit)
    auditing.close(audit)
    assert stands(audit).closed_on == FIRST


def test_each_office_counts_its_audits_within_the_year(auditing: Auditing) -> None:
    numbers = [stands(auditing.plan()).words for _ in range(2)]
    assert numbers == ["Số 01/2026", "Số 02/2026"]


def test_units_are_notified_after_the_team_is_decided_and_hours_are_planned(
    auditing: Auditing,
) -> None:
    auditing.qualify("danhgia")
    audit = auditing.plan()
    with pytest.raises(RefusedError) as bare:
        auditing.notify(audit)
    assert len(bare.value.parts) == 3
    auditing.join(audit)
    auditing.decide(audit)
    auditing.hour(audit)
    auditing.clock.go(FIRST - timedelta(days=2))
    with pytest.raises(InvalidError, match="5 ngày"):
        auditing.notify(audit)
    auditing.notify(audit, "Đơn vị đề nghị sớm.")
    assert stands(audit).notice_reason == "Đơn vị đề nghị sớm."
    with pytest.raises(RefusedError):
        auditing.begin(audit)
    with pytest.raises(NotAllowedError):
        auditing.begin(audit, "thuky")


def test_a_change_of_the_team_asks_for_a_new_decision(auditing: Auditing) -> None:
    for each in ("danhgia", "dgv-vp"):
        auditing.qualify(each)
    audit = auditing.plan()
    with pytest.raises(RefusedError, match="trưởng đoàn"):
        auditing.decide(audit)
    auditing.join(audit)
    auditing.decide(audit)
    auditing.join(audit, "dgv-vp", Duty.AUDITOR)
    assert stands(audit).team_number is None
    with pytest.raises(RefusedError, match="đã có trưởng đoàn"):
        auditing.join(audit, "dgv-vp", Duty.LEAD)
    auditing.hour(audit, who="dgv-vp")
    with transaction() as session:
        team_service.remove(
            session,
            auditing.act("thuky"),
            queries.audit(session, audit),
            auditing.office.people["dgv-vp"],
        )
    db.session.rollback()
    assert queries.hours(db.session(), [audit])[audit] == []
    kept = db.session.scalars(sa.select(Member).where(Member.audit_id == audit)).all()
    assert len(kept) == 2, "who left stays on record"


def test_a_leader_returns_a_team_and_it_is_sent_again(auditing: Auditing) -> None:
    auditing.qualify("danhgia")
    audit = auditing.plan()
    auditing.join(audit)

    def give_back(reason: str, who: str = "lanhdao") -> None:
        with transaction() as session:
            found = queries.audit(session, audit)
            team_service.give_back(session, auditing.act(who), found, reason=reason)

    def send_again() -> None:
        with transaction() as session:
            found = queries.audit(session, audit)
            team_service.send_again(session, auditing.act("thuky"), found)

    with pytest.raises(RefusedError, match="không bị trả lại"):
        send_again()
    with pytest.raises(InvalidError, match="vì sao"):
        give_back("")
    with pytest.raises(NotAllowedError):
        give_back("Thiếu người.", "thuky")
    give_back("Thiếu người.")
    with pytest.raises(RefusedError, match="chờ trình lại"):
        give_back("Lần nữa.")
    assert stands(audit).team_return_reason == "Thiếu người."
    with transaction() as session:
        team_service.remove(
            session,
            auditing.act("thuky"),
            queries.audit(session, audit),
            auditing.office.people["danhgia"],
        )
    with pytest.raises(RefusedError, match="trưởng đoàn"):
        send_again()
    auditing.join(audit)
    send_again()
    assert stands(audit).team_returned_at is None
    auditing.decide(audit)
    with pytest.raises(RefusedError, match="không chờ quyết định"):
        give_back("Muộn.")


def test_an_audit_is_cancelled_for_a_reason_before_it_begins(auditing: Auditing) -> None:
    audit = auditing.plan()

    def cancel(reason: str) -> None:
        with transaction() as session:
            service.cancel(
                session, auditing.act("thuky"), queries.audit(session, audit), reason=reason
            )

    with pytest.raises(InvalidError):
        cancel("")
    cancel("Phòng giải thể.")
    with pytest.raises(RefusedError):
        cancel("Lần nữa.")
    begun = auditing.under_way()
    with pytest.raises(RefusedError), transaction() as session:
        service.cancel(
            session, auditing.act("thuky"), queries.audit(session, begun), reason="Muộn."
        )


def test_what_leaves_the_days_or_units_leaves_the_plan_too(auditing: Auditing) -> None:
    auditing.qualify("danhgia")
    audit = auditing.plan(said(auditing.office, "tu-phap", "van-phong"))
    auditing.join(audit)
    auditing.hour(audit, 8)
    auditing.hour(audit, 10, unit_name="van-phong")
    auditing.change(audit, said(auditing.office))
    db.session.rollback()
    (left,) = queries.hours(db.session(), [audit])[audit]
    assert left.unit_id == auditing.office.units["tu-phap"]
    later = Days(FIRST + timedelta(days=7), LAST + timedelta(days=7), PERIOD, LAST)
    auditing.change(audit, said(auditing.office, days=later))
    db.session.rollback()
    assert queries.hours(db.session(), [audit])[audit] == []
    next_year = Days(date(2027, 1, 5), date(2027, 1, 6), PERIOD, LAST)
    with pytest.raises(InvalidError, match="năm khác"):
        auditing.change(audit, said(auditing.office, days=next_year))


# ---------- days, and the programme ----------


def test_no_audit_is_planned_for_a_day_that_has_gone_by(auditing: Auditing) -> None:
    before = MONDAY - timedelta(days=1)
    with pytest.raises(InvalidError, match="đã qua"):
        auditing.plan(said(auditing.office, days=Days(before, LAST, PERIOD, LAST)))
    audit = auditing.plan()
    with pytest.raises(InvalidError, match="đã qua"):
        auditing.change(audit, said(auditing.office, days=Days(before, LAST, PERIOD, LAST)))
    auditing.clock.go(LAST + timedelta(days=1))
    same = replace(said(auditing.office), title="Đợt 1, sửa tên")
    auditing.change(audit, same)
    assert stands(audit).title == "Đợt 1, sửa tên"


def test_days_off_are_audited_only_when_they_are_meant(auditing: Auditing) -> None:
    saturday, holiday = FIRST + timedelta(days=5), date(2026, 9, 2)
    for day in (saturday, holiday):
        off = Days(day, day, PERIOD, day)
        with pytest.raises(InvalidError, match=f"{day:%d/%m/%Y}"):
            auditing.plan(said(auditing.office, days=off))
        audit = auditing.plan(said(auditing.office, days=off, off_days=True))
        assert stands(audit).first_day == day


def test_an_audit_for_which_the_programme_has_no_turn_left_needs_a_reason(
    auditing: Auditing,
) -> None:
    within = auditing.plan()
    auditing.programme(("tu-phap", 8), ("van-phong", 11))
    assert stands(auditing.plan()).outside_reason is None, "nothing is approved yet"
    auditing.programme(("tu-phap", 8), ("tu-phap", 9), ("van-phong", 11))
    auditing.approve()
    with pytest.raises(InvalidError, match="không còn lượt nào cho Tư pháp"):
        auditing.plan()
    outside = auditing.plan(said(auditing.office, outside="Có phản ánh của dân."))
    assert stands(outside).outside_reason == "Có phản ánh của dân."
    auditing.change(within, said(auditing.office, outside="Không cần."))
    assert stands(within).outside_reason is None
    room = auditing.plan(said(auditing.office, "van-phong"))
    assert stands(room).outside_reason is None
    with pytest.raises(InvalidError, match="Tư pháp"):
        auditing.change(room, said(auditing.office, "tu-phap"))


# ---------- independence ----------


def test_nobody_audits_a_unit_in_which_they_worked_in_the_period(auditing: Auditing) -> None:
    auditing.qualify("dgv-tp")
    audit = auditing.plan()
    with pytest.raises(RefusedError, match="Tư pháp"):
        auditing.join(audit, "dgv-tp")
    with transaction() as session:
        left = session.scalars(
            sa.select(Post).where(
                Post.user_id == auditing.office.people["dgv-tp"],
                Post.unit_id == auditing.office.units["tu-phap"],
            )
        ).one()
        left.last_day = PERIOD
    with pytest.raises(RefusedError, match="đến 01/01/2026"):
        auditing.join(audit, "dgv-tp")
    with transaction() as session:
        session.get_one(Post, left.id).last_day = PERIOD - timedelta(days=1)
    auditing.join(audit, "dgv-tp")


def test_a_whole_office_is_nobodys_to_audit_who_works_in_it(auditing: Auditing) -> None:
    auditing.qualify("danhgia")
    audit = auditing.plan(said(auditing.office, "song-lo"))
    with pytest.raises(RefusedError, match="Sông Lô"):
        auditing.join(audit)


def test_nobody_audits_what_they_drafted_reviewed_or_signed(
    auditing: Auditing, app: Flask
) -> None:
    deciding = Deciding(app, auditing.office, auditing.clock)
    deciding.decide(Action.ISSUE, text(), code="QT-01")
    session = db.session()
    session.rollback()
    audit = auditing.plan()
    asked = auditing.questions(audit)
    auditing.ask(audit, *asked)
    db.session.rollback()
    people = auditing.office.people
    found = team_queries.conflicts(
        db.session(),
        queries.audit(db.session(), audit),
        [people[each] for each in ("thuky", "truongphong", "lanhdao", "danhgia")],
    )
    own_work = {
        user for user, rows in found.items() if Ground.OWN_WORK in {r.ground for r in rows}
    }
    assert own_work == {people["thuky"], people["truongphong"], people["lanhdao"]}


def test_a_question_about_a_members_own_work_is_refused_too(
    auditing: Auditing, app: Flask
) -> None:
    with transaction() as session:
        accounts.give_post(
            session,
            factories.installation(),
            session.get_one(User, auditing.office.people["danhgia"]),
            unit(session, "song-lo"),
            Role.SECRETARY,
            first_day=MONDAY,
        )
    deciding = Deciding(app, auditing.office, auditing.clock)
    decision = deciding.open("danhgia")
    deciding.add(decision, Action.ISSUE, text(), code="QT-01", who="danhgia")
    deciding.submit(decision, "danhgia")
    deciding.review(decision)
    deciding.sign(decision)
    auditing.qualify("danhgia")
    audit = auditing.plan()
    auditing.join(audit)
    asked = auditing.questions(audit)
    with pytest.raises(RefusedError, match="QT-01"):
        auditing.ask(audit, *asked)


def allow(
    auditing: Auditing,
    audit: int,
    who: str,
    account: str = "dgv-tp",
    reason: str = "Ít người.",
    of: str = "tu-phap",
) -> None:
    with transaction() as session:
        team_service.allow(
            session,
            auditing.act(who),
            queries.audit(session, audit),
            auditing.office.people[account],
            (Ground.OWN_UNIT, auditing.office.units[of]),
            reason=reason,
        )


def test_a_leader_may_let_somebody_audit_the_own_unit_for_a_reason(auditing: Auditing) -> None:
    auditing.qualify("dgv-tp")
    audit = auditing.plan()
    with pytest.raises(NotAllowedError):
        allow(auditing, audit, "thuky")
    with pytest.raises(InvalidError):
        allow(auditing, audit, "lanhdao", reason="")
    with pytest.raises(RefusedError, match="chính mình"):
        allow(auditing, audit, "lanhdao", "lanhdao")
    allow(auditing, audit, "lanhdao")
    with pytest.raises(RefusedError, match="đã được cho phép"):
        allow(auditing, audit, "lanhdao")
    auditing.join(audit, "dgv-tp")
    assert "audit.exception_allowed" in acts(f"audit/{audit}")


def test_an_exception_opens_the_unit_it_was_granted_for_and_no_other(
    auditing: Auditing,
) -> None:
    auditing.qualify("dgv-tp")
    with transaction() as session:
        accounts.give_post(
            session,
            replace(factories.installation(), at=auditing.clock.at),
            session.get_one(User, auditing.office.people["dgv-tp"]),
            unit(session, "van-phong"),
            Role.STAFF,
            first_day=FOUNDED,
        )
    audit = auditing.plan()
    allow(auditing, audit, "lanhdao")
    auditing.join(audit, "dgv-tp")
    with pytest.raises(RefusedError, match="Văn phòng"):
        auditing.change(audit, said(auditing.office, "tu-phap", "van-phong"))
    allow(auditing, audit, "lanhdao", of="van-phong")
    auditing.change(audit, said(auditing.office, "tu-phap", "van-phong"))


def choose_edition(auditing: Auditing, edition: str, from_day: date) -> None:
    with transaction() as session:
        home = unit(session, "song-lo")
        standards.choose(session, auditing.act("thuky"), home, edition, from_day)


def test_the_older_edition_knows_no_exception_and_nobody_chooses_another_for_one_audit(
    auditing: Auditing,
) -> None:
    auditing.qualify("dgv-tp")
    later = FIRST + timedelta(days=7)
    choose_edition(auditing, "9001:2008", PERIOD)
    choose_edition(auditing, "9001:2015", later)
    audit = auditing.plan()
    assert stands(audit).edition == "9001:2008"
    with pytest.raises(RefusedError, match="không cho ngoại lệ"):
        allow(auditing, audit, "lanhdao")
    new = auditing.plan(said(auditing.office, days=Days(later, later, PERIOD, later)))
    assert stands(new).edition == "9001:2015"
    allow(auditing, new, "lanhdao")
    auditing.join(new, "dgv-tp")
    with pytest.raises(RefusedError, match="không cho ngoại lệ"):
        auditing.change(new, said(auditing.office))


def test_auditors_are_qualified_on_the_days_and_trainees_learn(auditing: Auditing) -> None:
    audit = auditing.plan()
    with pytest.raises(RefusedError, match="chứng nhận"):
        auditing.join(audit)
    auditing.join(audit, duty=Duty.TRAINEE)
    auditing.qualify("danhgia", PERIOD, FIRST)
    with pytest.raises(RefusedError, match="chứng nhận"):
        auditing.join(audit)
    auditing.qualify("danhgia", FIRST)
    auditing.join(audit)
    with pytest.raises(RefusedError, match="chức trách đánh giá viên"):
        auditing.join(audit, "chuyenvien", Duty.TRAINEE)


def test_who_signs_the_decision_is_not_in_the_team_and_is_told_of_last_years_auditor(
    auditing: Auditing,
) -> None:
    auditing.under_way()
    next_year = date(YEAR + 1, 2, 1)
    audit = auditing.plan(said(auditing.office, days=Days(next_year, next_year, PERIOD, LAST)))
    db.session.rollback()
    found = queries.audit(db.session(), audit)
    people = auditing.office.people
    assert team_queries.again(db.session(), found, [people["danhgia"]]) == [
        (people["danhgia"], auditing.office.units["tu-phap"])
    ]
    candidates = {each.name: each for each in team_queries.candidates(db.session(), found, [])}
    assert candidates["Bùi Ngọc Ánh"].again
    assert candidates["DGV-TP"].conflicts
    assert not candidates["DGV-VP"].conflicts
    assert not candidates["DGV-VP"].qualified


# ---------- the checklist ----------


def test_a_line_keeps_the_text_it_asks_about_and_is_flagged_when_that_changes(
    auditing: Auditing, app: Flask
) -> None:
    deciding = Deciding(app, auditing.office, auditing.clock)
    deciding.decide(Action.ISSUE, text(), code="QT-01")
    audit = auditing.under_way()
    lines = auditing.ask(audit, *auditing.questions(audit))
    assert not any(each.changed for each in seen(auditing, audit))
    deciding.decide(Action.AMEND, text("Kiểm soát, lần 2", "Hai."), on=FIRST, code="QT-01")
    flagged = seen(auditing, audit)
    assert [each.line.id for each in flagged if each.changed] == lines
    assert flagged[0].now is not None
    assert flagged[0].now.number == 2
    assert flagged[0].line.revision is not None
    assert flagged[0].line.revision.number == 1
    db.session.rollback()
    audits = [queries.audit(db.session(), audit)]
    assert checklist_queries.changed_lines(db.session(), audits, FIRST) == {audit: len(lines)}


def test_what_changes_after_an_audit_closed_flags_nothing_in_it(
    auditing: Auditing, app: Flask
) -> None:
    deciding = Deciding(app, auditing.office, auditing.clock)
    deciding.decide(Action.ISSUE, text(), code="QT-01")
    audit = auditing.under_way()
    for line in auditing.ask(audit, *auditing.questions(audit)):
        auditing.answer(audit, line)
    auditing.meet(audit)
    auditing.conclude(audit)
    auditing.report(audit)
    auditing.close(audit)
    auditing.clock.go(LAST + timedelta(days=9))
    deciding.decide(
        Action.AMEND, text("Lần 2", "Hai."), on=LAST + timedelta(days=9), code="QT-01"
    )
    assert not any(each.changed for each in seen(auditing, audit))
    told = coverage.audited(db.session(), [auditing.office.units["song-lo"]], "9001:2015")
    assert set(told.document_audited.values()) == {LAST}
    assert told.clause_audited == {"7.5.3": LAST}
    room = coverage.audited(db.session(), [auditing.office.units["tu-phap"]], "9001:2015")
    assert room.clause_audited == {"7.5.3": LAST}
    other = coverage.audited(db.session(), [auditing.office.units["van-phong"]], "9001:2015")
    assert other.clause_audited == {}


def seen(auditing: Auditing, audit: int) -> list[checklist_queries.Seen]:
    db.session.rollback()
    today = auditing.act("danhgia").today
    return checklist_queries.checklist(db.session(), queries.audit(db.session(), audit), today)


def drop_line(auditing: Auditing, audit: int, line: int) -> None:
    with transaction() as session:
        found = queries.audit(session, audit)
        asked = checklist_queries.line(session, found, line)
        checklist_service.drop_line(session, auditing.act("danhgia"), found, asked)


def test_a_question_is_asked_once_and_dropped_only_before_its_answer(
    auditing: Auditing,
) -> None:
    audit = auditing.under_way()
    (line,) = auditing.ask(audit)
    assert auditing.ask(audit) == []
    auditing.answer(audit, line)
    with pytest.raises(RefusedError):
        drop_line(auditing, audit, line)
    (other,) = auditing.ask(audit, Question(Source.OWN, "Tự ghi", "Khác?"))
    drop_line(auditing, audit, other)
    with pytest.raises(NotFoundError):
        auditing.answer(audit, other)


def test_clauses_and_earlier_findings_become_questions(auditing: Auditing) -> None:
    asked = building.of_clauses(EDITIONS["9001:2015"], ["7.5.3", "99"])
    assert [each.clause for each in asked] == ["7.5.3"]
    audit = auditing.under_way()
    (line,) = auditing.ask(audit)
    auditing.answer(audit, line, Result.NONCONFORMING, "Thiếu.")
    auditing.find(audit, line)
    db.session.rollback()
    units = [auditing.office.units["tu-phap"]]
    found = finding_queries.earlier(db.session(), units, "audit/0", PERIOD)
    (question,) = building.of_findings(found, "9001:2015")
    assert question.source is Source.FINDING
    assert question.clause == "8.5.1"
    assert "Phiếu kiểm soát" in question.question


def test_who_takes_a_post_in_the_audited_unit_answers_no_more(auditing: Auditing) -> None:
    audit = auditing.under_way()
    first, second = auditing.ask(audit, auditing.question("Một?"), auditing.question("Hai?"))
    auditing.answer(audit, first, Result.NONCONFORMING, "Thiếu.")
    after = LAST + timedelta(days=1)
    with transaction() as session:
        accounts.give_post(
            session,
            replace(factories.installation(), at=auditing.clock.at),
            session.get_one(User, auditing.office.people["danhgia"]),
            unit(session, "tu-phap"),
            Role.STAFF,
            first_day=after,
        )
    auditing.answer(audit, second)
    auditing.clock.go(after)
    with pytest.raises(RefusedError, match="không đánh giá cuộc này được"):
        auditing.answer(audit, second, Result.CONFORM, "Đủ.")
    with pytest.raises(RefusedError, match="không đánh giá cuộc này được"):
        auditing.find(audit, first)
    allow(auditing, audit, "lanhdao", "danhgia")
    auditing.find(audit, first)


# ---------- two tablets ----------


def test_an_answer_sent_twice_is_one_answer(auditing: Auditing) -> None:
    audit = auditing.under_way()
    (line,) = auditing.ask(audit)
    first, merged = auditing.answer(audit, line, token="again")
    once_more, again = auditing.answer(audit, line, token="again")
    assert first.id == once_more.id
    assert not merged
    assert not again
    db.session.rollback()
    assert len(checklist_queries.history(db.session(), line)) == 1


def test_two_tablets_are_merged_the_graver_result_with_both_notes(auditing: Auditing) -> None:
    auditing.qualify("dgv-vp")
    auditing.qualify("danhgia")
    audit = auditing.plan()
    auditing.join(audit)
    auditing.join(audit, "dgv-vp", Duty.AUDITOR)
    auditing.decide(audit)
    auditing.hour(audit)
    auditing.notify(audit)
    auditing.clock.go(FIRST)
    auditing.begin(audit)
    (line,) = auditing.ask(audit)
    first, _ = auditing.answer(audit, line, Result.REMARK, "Sổ ghi tay.")
    stood, merged = auditing.answer(audit, line, Result.CONFORM, "Đủ hồ sơ.", who="dgv-vp")
    assert merged
    assert stood.result is Result.REMARK
    assert stood.note == "Sổ ghi tay.\nĐủ hồ sơ."
    assert stood.merges_id == first.id
    assert acts(f"audit/{audit}")[-1] == "audit.answers_merged"
    db.session.rollback()
    assert len(checklist_queries.history(db.session(), line)) == 3, "nothing is lost"
    mended, again = auditing.answer(audit, line, Result.CONFORM, "Đã xem lại.", basis=stood.id)
    assert not again
    assert mended.result is Result.CONFORM


def test_only_members_answer_and_only_while_the_audit_is_under_way(auditing: Auditing) -> None:
    audit = auditing.under_way()
    (line,) = auditing.ask(audit)
    with pytest.raises(NotAllowedError):
        auditing.answer(audit, line, who="thuky")
    with pytest.raises(InvalidError):
        auditing.answer(audit, line, Result.REMARK)
    planned = auditing.plan()
    (early,) = auditing.ask(planned)
    auditing.join(planned)
    with pytest.raises(RefusedError):
        auditing.answer(planned, early)


def test_a_device_whose_clock_is_ahead_says_no_answer_of_tomorrow(auditing: Auditing) -> None:
    audit = auditing.under_way()
    (line,) = auditing.ask(audit)
    ahead = auditing.clock.at + timedelta(days=3)
    kept, _ = auditing.answer(audit, line, at=ahead)
    assert kept.said_at == kept.came_at


def test_sampled_dossiers_stay_or_are_put_aside_with_a_reason(auditing: Auditing) -> None:
    audit = auditing.under_way()
    (line,) = auditing.ask(audit)
    days = Dossier(MONDAY, MONDAY + timedelta(days=3), None)
    number = auditing.sample(audit, line, days)
    with pytest.raises(InvalidError):
        auditing.sample(audit, line, replace(days, due=MONDAY - timedelta(days=1)))

    def drop(reason: str) -> None:
        with transaction() as session:
            found = queries.audit(session, audit)
            asked = checklist_queries.line(session, found, line)
            evidence_service.drop_sample(
                session, auditing.act("danhgia"), found, asked, number, reason
            )

    with pytest.raises(InvalidError):
        drop("")
    drop("Ghi nhầm số.")
    db.session.rollback()
    assert checklist_queries.samples_of(db.session(), line) == ()


def test_a_finding_is_raised_from_what_was_found_and_of_a_unit_of_the_audit(
    auditing: Auditing,
) -> None:
    audit = auditing.under_way()
    (line,) = auditing.ask(audit)
    auditing.answer(audit, line)
    with pytest.raises(RefusedError):
        auditing.find(audit, line)


# ---------- what the database itself keeps ----------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_answer SET note = 'x'",
        "DELETE FROM audit_answer",
        "DELETE FROM audit_line",
        "UPDATE audit_line SET question = 'x'",
        "DELETE FROM audit",
        "DELETE FROM audit_member",
    ],
)
def test_the_database_lets_nobody_rewrite_what_was_answered(
    auditing: Auditing, statement: str
) -> None:
    audit = auditing.under_way()
    (line,) = auditing.ask(audit)
    auditing.answer(audit, line)
    with pytest.raises(sa.exc.DBAPIError), transaction() as session:
        session.execute(sa.text(statement))
    assert db.session.scalar(sa.select(sa.func.count(Answer.id))) == 1


def test_meetings_are_written_down_with_who_was_there(auditing: Auditing) -> None:
    audit = auditing.under_way()
    auditing.meet(audit, Meeting.OPENING)
    auditing.meet(audit, Meeting.OPENING)
    db.session.rollback()
    held = queries.meetings(db.session(), audit)
    assert [each.name for each in held[Meeting.OPENING].people] == [
        "Bùi Ngọc Ánh",
        "Trần Văn Quyết",
    ]
    assert Meeting.CLOSING not in held


@sqlite_only
def test_somebody_sees_the_audits_of_the_office_the_unit_and_the_own_teams(
    auditing: Auditing, office: Office
) -> None:
    audit = auditing.plan()
    db.session.rollback()
    session = db.session()
    of_office = queries.Viewer(0, frozenset({office.units["song-lo"]}))
    of_unit = queries.Viewer(0, frozenset({office.units["tu-phap"]}))
    stranger = queries.Viewer(0, frozenset({office.units["tan-lap"]}))
    assert queries.audit(session, audit, of_office).id == audit
    assert queries.audit(session, audit, of_unit).id == audit
    with pytest.raises(NotFoundError):
        queries.audit(session, audit, stranger)
    auditing.qualify("danhgia")
    auditing.join(audit)
    db.session.rollback()
    borrowed = queries.Viewer(office.people["danhgia"], frozenset())
    assert queries.audit(db.session(), audit, borrowed).id == audit
