"""The papers of audits say what an office prints, and are set without fault."""

from collections.abc import Iterator
from datetime import date, timedelta

import pypdfium2
import pytest
import sqlalchemy as sa
from flask import Flask

from qms import files
from qms.accounts.models import User
from qms.actions.models import Finding
from qms.actions.rules import Grade, Source
from qms.audits import (
    notice_service,
    paper_queries,
    papers,
    printing,
    programme_paper,
    queries,
    team_service,
)
from qms.audits.answers import Dossier, Result
from qms.audits.independence import Ground
from qms.audits.papers import Name, Paper, Table
from qms.audits.printing import Frame
from qms.audits.rules import Days, Duty
from qms.blanks.rules import DOCX
from qms.db import db, transaction
from qms.documents.kinds.form import FormBlank
from qms.documents.kinds.parts import FileRef
from qms.documents.kinds.process import FormUse, Process
from qms.documents.rules import RevisionText
from qms.documents.timeline import Action
from qms.web import pdf
from tests import reports
from tests.auditing import FIRST, PERIOD, YEAR, Auditing, more_people, said
from tests.deciding import Deciding
from tests.engines import sqlite_only
from tests.factories import Office
from tests.people import As
from tests.when import MONDAY, Clock

OFFICE = "UBND xã Sông Lô"
LATER_HOUR = "Đơn vị xin đổi giờ."
FRAME = Frame("HUYỆN SÔNG LÔ", OFFICE, "Sông Lô", "Mã hiệu: BM.01.03")


@pytest.fixture
def auditing(app: Flask, office: Office, clock: Clock) -> Iterator[Auditing]:
    with app.app_context():
        yield Auditing(app, more_people(office), clock)


def paper(auditing: Auditing, audit: int, name: Name) -> Paper:
    db.session.rollback()
    session = db.session()
    found = queries.audit(session, audit)
    return paper_queries.of_audit(session, found, name, OFFICE, auditing.act("danhgia").today)


def programme_of(auditing: Auditing) -> Paper:
    """Return the paper of the year's programme."""
    db.session.rollback()
    home, today = auditing.office.units["song-lo"], auditing.act("thuky").today
    return programme_paper.of_programme(db.session(), home, YEAR, today)


def last_year(auditing: Auditing, clause: str) -> Finding:
    """Return a finding that an audit raised in the department the year before."""
    return Finding(
        office_id=auditing.office.units["song-lo"],
        unit_id=auditing.office.units["tu-phap"],
        year=YEAR - 1,
        number=1,
        source=Source.AUDIT,
        source_ref="",
        grade=Grade.MINOR,
        edition="9001:2015",
        clause=clause,
        text="Hồ sơ lưu thiếu.",
        evidence="Hồ sơ HS-1.",
        raised_on=date(YEAR - 1, 6, 1),
        raised_at=auditing.clock.at,
    )


def words(made: Paper) -> str:
    """Return all that a paper says, tables included."""
    said = [made.title, made.about, *made.grounds]
    for block in made.blocks:
        if isinstance(block, Table):
            said += [block.title, *(str(cell) for row in block.rows for cell in row)]
        else:
            said.append(str(block))
    return "\n".join(said)


def in_print(made: Paper) -> str:
    """Return the text of the PDF of a paper."""
    data = pdf.render(printing.TEMPLATE, printing.data(made, FRAME))
    document = pypdfium2.PdfDocument(data)
    try:
        return " ".join(
            " ".join(page.get_textpage().get_text_range() for page in document).split()
        )
    finally:
        document.close()


@sqlite_only
def test_the_report_tells_findings_exceptions_and_what_the_team_concludes(
    auditing: Auditing,
) -> None:
    audit = auditing.under_way()
    (line,) = auditing.ask(audit)
    auditing.answer(audit, line, Result.NONCONFORMING, "Trễ hai ngày.")
    auditing.sample(audit, line, Dossier(MONDAY, MONDAY, FIRST), "HS-7")
    with transaction() as session:
        team_service.allow(
            session,
            auditing.act("lanhdao"),
            queries.audit(session, audit),
            auditing.office.people["dgv-tp"],
            (Ground.OWN_UNIT, auditing.office.units["tu-phap"]),
            reason="Cơ quan chỉ có ba người.",
        )
    auditing.conclude(audit, "Hệ thống được duy trì.")
    said = words(paper(auditing, audit, Name.REPORT))
    assert "Cơ quan chỉ có ba người." in said
    assert "đánh giá đơn vị của chính mình (Tư pháp); Phạm Minh Đức cho phép" in said
    assert "Kết luận: Hệ thống được duy trì." in said
    assert "không phù hợp 1" in said
    checklist = words(paper(auditing, audit, Name.CHECKLIST))
    assert "Trễ hai ngày." in checklist
    assert "HS-7" in checklist
    late = [
        row
        for block in paper(auditing, audit, Name.CHECKLIST).blocks
        if isinstance(block, Table) and block.title
        for row in block.rows
    ]
    assert late[0][4] == 5, "working days"


@sqlite_only
def test_the_decision_names_the_team_and_the_programme_it_rests_on(auditing: Auditing) -> None:
    auditing.programme(("tu-phap", 8), ("van-phong", 9))
    auditing.approve()
    audit = auditing.under_way()
    made = paper(auditing, audit, Name.TEAM)
    assert made.number == "Số: 15/QĐ-UBND"
    assert any("01/QĐ-UBND" in ground for ground in made.grounds)
    assert "Bùi Ngọc Ánh" in words(made)
    assert "Trưởng đoàn" in words(made)


@sqlite_only
def test_the_papers_of_an_audit_outside_the_programme_say_so_and_do_not_cite_it(
    auditing: Auditing,
) -> None:
    auditing.programme(("tu-phap", 8), ("van-phong", 9))
    auditing.approve()
    auditing.plan()
    audit = auditing.notified(said(auditing.office, outside="Có phản ánh của dân."))
    decision = paper(auditing, audit, Name.TEAM)
    assert not any("01/QĐ-UBND" in ground for ground in decision.grounds)
    assert any("ngoài chương trình: Có phản ánh của dân;" in each for each in decision.grounds)
    notice = words(paper(auditing, audit, Name.NOTICE))
    assert "Đánh giá ngoài chương trình năm vì: Có phản ánh của dân, đoàn" in notice
    for name in (Name.PLAN, Name.CHECKLIST, Name.REPORT, Name.ATTENDANCE):
        assert paper(auditing, audit, name).about == (
            "Cuộc đánh giá số 2 năm 2026 (ngoài chương trình): Đánh giá nội bộ đợt 1"
        )


@sqlite_only
def test_the_decision_is_taken_by_the_head_and_rests_on_the_standard_the_office_works_by(
    auditing: Auditing,
) -> None:
    made = paper(auditing, auditing.under_way(), Name.TEAM)
    assert made.authority == "Chủ tịch Ủy ban nhân dân xã Sông Lô"
    assert any("TCVN ISO 9001:2015" in ground for ground in made.grounds[1:])
    (second,) = [each for each in made.blocks if str(each).startswith("Điều 2.")]
    article, scope, criteria = str(second).split("\n")
    assert article.endswith(".")
    assert scope == "Phạm vi: Tiếp nhận và giải quyết hồ sơ hộ tịch."
    assert criteria.startswith("Chuẩn mực: ")


@sqlite_only
@pytest.mark.parametrize("month", [7, 9])
def test_the_decision_does_not_rest_on_a_programme_that_the_audit_is_not_in(
    auditing: Auditing, month: int
) -> None:
    auditing.programme(("tu-phap", month), ("van-phong", 8))
    auditing.approve()
    made = paper(auditing, auditing.under_way(), Name.TEAM)
    assert not any("Chương trình đánh giá" in ground for ground in made.grounds)


@sqlite_only
def test_who_signed_keeps_the_title_of_that_day(auditing: Auditing) -> None:
    leader = sa.update(User).where(User.id == auditing.office.people["lanhdao"])
    with transaction() as session:
        session.execute(leader.values(title="Phó Chủ tịch"))
    auditing.programme(("tu-phap", 8), ("van-phong", 9))
    auditing.approve()
    audit = auditing.under_way()
    with transaction() as session:
        session.execute(leader.values(title="Chủ tịch"))
    (decided,) = paper(auditing, audit, Name.TEAM).signers
    _writer, approved = programme_of(auditing).signers
    for signer in (decided, approved):
        assert (signer.power, signer.title) == ("KT. Chủ tịch", "Phó Chủ tịch")


@sqlite_only
def test_the_report_lists_meetings_and_dossiers_and_names_its_years(auditing: Auditing) -> None:
    audit = auditing.under_way()
    (line,) = auditing.ask(audit)
    auditing.answer(audit, line, Result.NONCONFORMING, "Trễ hai ngày.")
    auditing.sample(audit, line, Dossier(MONDAY, MONDAY, FIRST), "HS-7")
    auditing.find(audit, line)
    auditing.meet(audit)
    with transaction() as session:
        session.add(last_year(auditing, "7.5.3"))
    made = paper(auditing, audit, Name.REPORT)
    tables = {each.title: each for each in made.blocks if isinstance(each, Table)}
    held = tables["Các cuộc họp"].rows
    assert [row[0] for row in held] == ["Họp mở đầu", "Họp kết thúc"]
    assert held[0][1:] == ("08:00, 10/08/2026", "Hội trường", 2)
    assert tables["Hồ sơ lấy mẫu"].rows == [("HS-7", MONDAY, MONDAY, FIRST, 5)]
    labels = [label for label, _width in tables["Phát hiện theo đơn vị"].columns]
    assert labels[-2:] == ["Cộng năm 2026", "Năm 2025"]
    assert [row[0] for row in tables["Phát hiện theo điều khoản"].rows] == ["8.5.1"]
    assert tables["Phát hiện theo đơn vị"].rows[0][-1] == 1, "the year before is still told"
    assert "Điều khoản có phát hiện năm 2025, không có trong cuộc này: 7.5.3 (1)." in words(
        made
    )


@sqlite_only
def test_a_notice_is_printed_again_as_it_was_told(auditing: Auditing) -> None:
    auditing.qualify("dgv-vp")
    audit = auditing.notified()
    told = paper(auditing, audit, Name.NOTICE)
    auditing.clock.go(MONDAY + timedelta(days=2))
    auditing.receive(audit)
    auditing.join(audit, "dgv-vp", Duty.AUDITOR)
    auditing.hour(audit, 14, reason=LATER_HOUR)
    assert paper(auditing, audit, Name.NOTICE) == told
    assert told.on == MONDAY
    assert "Trần Văn Quyết" not in words(told), "who received it is not on it"
    assert "14:00–16:00" in words(paper(auditing, audit, Name.PLAN))


@sqlite_only
def test_a_notice_from_before_notices_were_kept_stays_of_its_day(
    auditing: Auditing, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(notice_service, "keep", lambda *_: None)
        audit = auditing.notified()
    auditing.clock.go(MONDAY + timedelta(days=2))
    assert paper(auditing, audit, Name.NOTICE).on == MONDAY
    auditing.receive(audit)
    assert paper(auditing, audit, Name.NOTICE).on == MONDAY


@sqlite_only
def test_a_notice_of_other_days_tells_what_stands_when_it_reaches_its_units(
    auditing: Auditing,
) -> None:
    audit = auditing.notified()
    later = Days(FIRST + timedelta(days=7), FIRST + timedelta(days=8), PERIOD, FIRST)
    auditing.change(audit, said(auditing.office, days=later))
    auditing.hour(audit, reason=LATER_HOUR)
    auditing.clock.go(MONDAY + timedelta(days=1))
    auditing.receive(audit)
    auditing.hour(audit, 14, reason=LATER_HOUR)
    made = paper(auditing, audit, Name.NOTICE)
    assert made.on == MONDAY + timedelta(days=1)
    assert "17/08/2026" in words(made) or "ngày 17 tháng 8 năm 2026" in words(made)
    assert "08:00–10:00" in words(made)
    assert "14:00–16:00" not in words(made)


@sqlite_only
def test_the_checklist_names_who_answers_and_the_lists_who_wrote_them(
    auditing: Auditing,
) -> None:
    audit = auditing.notified()
    auditing.qualify("dgv-vp")
    auditing.join(audit, "dgv-vp", Duty.AUDITOR)
    auditing.decide(audit)
    auditing.clock.go(FIRST)
    auditing.begin(audit)
    (line,) = auditing.ask(audit)
    before = paper(auditing, audit, Name.CHECKLIST)
    assert "Đánh giá viên: Bùi Ngọc Ánh; DGV-VP." in words(before)
    assert before.signers[0].name == "", "one of two"
    auditing.answer(audit, line, who="dgv-vp")
    after = paper(auditing, audit, Name.CHECKLIST)
    assert "Đánh giá viên: DGV-VP." in words(after)
    assert after.signers[0].name == "DGV-VP"
    assert paper(auditing, audit, Name.ATTENDANCE).signers[0].name == ""
    auditing.meet(audit)
    assert paper(auditing, audit, Name.ATTENDANCE).signers[0].name == "Bùi Ngọc Ánh"


@sqlite_only
@pytest.mark.pdf
@pytest.mark.parametrize("name", papers.OF_AUDIT)
def test_each_paper_is_set(auditing: Auditing, name: Name) -> None:
    audit = auditing.under_way()
    (line,) = auditing.ask(audit)
    auditing.answer(audit, line, Result.REMARK, "Sổ ghi tay.")
    auditing.meet(audit)
    text = in_print(paper(auditing, audit, name))
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "BM.01.03" in text
    assert "Tư pháp" in text or name is Name.ATTENDANCE


@sqlite_only
@pytest.mark.pdf
def test_the_programme_is_set_with_its_months(auditing: Auditing) -> None:
    auditing.programme(("tu-phap", 8), ("van-phong", 9))
    db.session.rollback()
    made = programme_paper.of_programme(
        db.session(), auditing.office.units["song-lo"], YEAR, auditing.act("thuky").today
    )
    text = in_print(made)
    assert "Năm 2026" in text
    assert "T12" in text
    assert "Tư pháp" in text


@pytest.mark.pdf
def test_a_report_of_120_findings_prints_every_one_and_heads_every_page() -> None:
    made = printing.data(reports.of(reports.FINDINGS), FRAME)
    with pypdfium2.PdfDocument(pdf.render(printing.TEMPLATE, made)) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    text = "\n".join(pages)
    assert all(f"KPH-{n:03}/2026" in text for n in range(reports.FINDINGS))
    assert f"{len(pages)}/{len(pages)}" in pages[-1], "pages are counted as on every such paper"
    of_findings = [each for each in pages if "KPH-" in each]
    assert len(of_findings) > 2
    assert all("Bằng chứng" in each for each in of_findings)


@sqlite_only
def test_papers_are_made_on_forms_of_audits_only(
    auditing: Auditing, app: Flask, signed_in: As
) -> None:
    deciding = Deciding(app, auditing.office, auditing.clock)
    file = FileRef(sha256=files.put(b"mau"), name="mau.docx", media_type=DOCX, size=3)
    titles = {
        "BM.09.01": "Phiếu đánh giá nội bộ",
        "BM.09.02": "Danh sách dự họp",
        "BM.01.01": "Phiếu yêu cầu ban hành tài liệu",
        "BM.02.01": "Đơn đề nghị đánh giá hồ sơ",
    }
    decision = deciding.open()
    for code, title in titles.items():
        blank = RevisionText(title, FormBlank(file=file))
        deciding.add(decision, Action.ISSUE, blank, code=code, kind="form")
    process = Process(forms=(FormUse(code="BM.02.01", name="Đơn"),), purpose="Làm đúng.")
    deciding.add(
        decision, Action.ISSUE, RevisionText("Hộ tịch", process), code="QT-02", kind="process"
    )
    deciding.review(decision)
    deciding.sign(decision, on=MONDAY)
    page = signed_in("thuky").get("audits.papers.forms")
    offered = set(page.all("#form-plan option"))
    assert {each.split()[0] for each in offered} == {"không", "BM.09.01", "BM.09.02"}
