"""Processes: bound to their procedures for a day, on the page of the document and on paper."""

from datetime import date

import page as validator
import pypdfium2
import pytest
from flask import Flask

from qms import overprints
from qms.documents.kinds.fees import Channel, FeeLine, Rate
from qms.documents.kinds.parts import LegalReference
from qms.documents.kinds.procedure import (
    DossierItem,
    LimitUnit,
    Method,
    Procedure,
    TimeLimit,
)
from qms.documents.kinds.process import Phase, Process, ProcessStep, RecordKept
from qms.documents.rules import Audience, RevisionText
from qms.documents.timeline import Action
from qms.library import demo, demo_processes
from qms.overprints import Overprint
from qms.processes import paper, rules
from qms.processes.bound import Bindings, Bound, Stand
from qms.processes.rules import Fit
from qms.processes.told import tell
from qms.web import pdf
from tests.engines import sqlite_only
from tests.factories import Office
from tests.people import As
from tests.test_document_pages import Hands, edited
from tests.test_pdf import FALSE_ALARM, fonts_of
from tests.when import MONDAY, Clock

FRIDAY = date(2026, 8, 7)
CODE = "1.004873"


@pytest.fixture
def hands(office: Office, clock: Clock) -> Hands:
    return Hands(office, clock)


def a_procedure(count: int = 3, amount: int = 8_000) -> Procedure:
    fee = FeeLine(name="Phí", rate=Rate.AMOUNT, amount=amount)
    limit = TimeLimit(count=count, unit=LimitUnit.WORKING_DAY)
    return Procedure(
        methods=(Method(channel=Channel.DIRECT, limit=limit, fees=(fee,)),),
        dossier=(DossierItem(name="Tờ khai", originals=1),),
        sets=1,
        address="Trung tâm Phục vụ hành chính công",
        legal_basis=(LegalReference(name="Luật Hộ tịch", number="60/2014/QH13"),),
    )


def a_process(*codes: str, steps: int = 1, **changes: object) -> Process:
    rows = tuple(
        ProcessStep(what=f"Việc số {n}", who="Tư pháp", quarters=12 // steps or 1)
        for n in range(1, steps + 1)
    )
    return Process(
        procedures=codes or (CODE,),
        purpose="Thống nhất cách làm.",
        phases=(Phase(name="I. Cấp xã", steps=rows),),
        records=(RecordKept(name="Sổ cấp giấy", retention="Vĩnh viễn"),),
    ).model_copy(update=changes)


def text(title: str, content: Procedure | Process, **changes: object) -> RevisionText:
    public = isinstance(content, Procedure)
    audience = Audience.PUBLIC if public else Audience.INTERNAL
    return RevisionText(**{"title": title, "content": content, "audience": audience, **changes})  # type: ignore[arg-type]


def procedure_signed(hands: Hands, day: date = MONDAY, **said: int) -> int:
    return hands.signed(
        text("Xác nhận", a_procedure(**said)), code=CODE, kind="procedure", day=day
    )


def process_signed(hands: Hands, content: Process | None = None) -> int:
    told = text("Quy trình xác nhận", content or a_process())
    return hands.signed(told, code="QT-13/TP", kind="process")


def words_of(data: bytes) -> list[str]:
    with pypdfium2.PdfDocument(data) as printed:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in printed]


def test_a_process_says_what_its_procedure_says_on_the_day_asked(
    app: Flask, signed_in: As, hands: Hands
) -> None:
    with app.app_context():
        procedure = procedure_signed(hands)
        document = process_signed(hands)
        later = text("Xác nhận", a_procedure(count=5, amount=12_000))
        hands.signed(later, code=CODE, kind="procedure", action=Action.AMEND, day=FRIDAY)
    staff = signed_in("chuyenvien")
    page = staff.get("documents.pages.show", document_id=document)
    for said in ("60/2014/QH13", "Tờ khai", "01 bộ", "03 ngày làm việc", "8.000 đồng"):
        assert said in page.text
    assert "khớp thời hạn 03 ngày làm việc của thủ tục" in page.text
    assert f"/documents/{procedure}?on=2026-08-03" in page.attributes(".bound a", "href")[0]
    page = staff.get("documents.pages.show", document_id=document, on="2026-08-07")
    assert "12.000 đồng" in page.text
    assert "thiếu 2 ngày làm việc" in page.text
    assert "8.000 đồng" not in page.text


def test_a_procedure_that_does_not_stand_is_said_plainly(
    app: Flask, signed_in: As, hands: Hands
) -> None:
    def drafted(code: str, day: date) -> int:
        content = a_process(CODE, "1.000002", "1.000003")
        *_, line = hands.draft(
            text("Quy trình", content), code=code, kind="process", action=Action.ISSUE, day=day
        )
        return line

    with app.app_context():
        procedure_signed(hands)
        coming = text("Sắp tới", a_procedure())
        hands.signed(coming, code="1.000002", kind="procedure", day=FRIDAY)
        hands.signed(None, code=CODE, kind="procedure", action=Action.WITHDRAW, day=FRIDAY)
        before, after = drafted("QT-13/TP", MONDAY), drafted("QT-14/TP", FRIDAY)
    thuky = signed_in("thuky")
    page = thuky.get("documents.texts.preview", change_id=before)
    assert "Thủ tục 1.000002 chưa có hiệu lực; có hiệu lực từ 07/08/2026." in page.text
    assert "Ngày 03/08/2026 không có thủ tục 1.000003 ở đơn vị này." in page.text
    assert "60/2014/QH13" in page.text
    page = thuky.get("documents.texts.preview", change_id=after)
    assert "Thủ tục 1.004873 đã bãi bỏ từ 07/08/2026." in page.text
    assert "Sắp tới" in page.text


@sqlite_only
def test_a_procedure_kept_to_the_owner_is_not_told_to_others(
    app: Flask, signed_in: As, hands: Hands
) -> None:
    with app.app_context():
        kept = text("Kín", a_procedure(amount=77_000), audience=Audience.RESTRICTED)
        hands.signed(kept, code=CODE, kind="procedure")
        told = text("Quy trình", a_process(), audience=Audience.PUBLIC)
        document = hands.signed(told, code="QT-13/TP", kind="process")
    assert "77.000" in signed_in("thuky").get("documents.pages.show", document_id=document).text
    page = signed_in("thuky-tl").get("documents.pages.show", document_id=document)
    assert "Thủ tục 1.004873 chỉ dành cho người của đơn vị quản lý." in page.text
    assert "77.000" not in page.text


@sqlite_only
def test_the_page_tells_a_process_once_with_its_chart_and_the_table_beside(
    app: Flask, signed_in: As, hands: Hands
) -> None:
    with app.app_context():
        procedure_signed(hands)
        document = process_signed(hands, a_process(steps=3))
    page = signed_in("chuyenvien").get("documents.pages.show", document_id=document)
    assert page.all("h3")[:7] == [
        "1. Mục đích",
        "2. Phạm vi",
        "3. Tài liệu viện dẫn",
        "4. Định nghĩa, viết tắt",
        "5. Nội dung quy trình",
        "6. Biểu mẫu",
        "7. Hồ sơ cần lưu",
    ]
    assert page.all(".flow svg > title") == ["Lưu đồ quy trình: Quy trình xác nhận"] * 2
    for number in (1, 2, 3):
        assert f"{number}. Việc số {number}" in page.all(".flow .wide svg text")
        assert page.all("tbody th").count(f"Việc số {number}") == 1


@sqlite_only
def test_a_draft_is_told_where_its_steps_miss_the_limit_of_the_same_decision(
    app: Flask, signed_in: As, hands: Hands
) -> None:
    with app.app_context():
        procedure_signed(hands, count=7)
        draft = text("Quy trình", a_process())
        _, _, line = hands.draft(
            draft, code="QT-13/TP", kind="process", action=Action.ISSUE, day=FRIDAY
        )
    thuky = signed_in("thuky")
    page = thuky.get("documents.texts.edit", change_id=line)
    gap = "1.004873: các bước cộng lại 3 ngày làm việc, thời hạn của thủ tục 07 ngày làm việc."
    assert gap in page.text
    page = edited(thuky, line, status=303, phases__0__steps__0__time="7")
    assert "thời hạn của thủ tục" not in page.text
    page = thuky.get("documents.texts.preview", change_id=line)
    assert "khớp thời hạn 07 ngày làm việc của thủ tục" in page.text


@sqlite_only
@pytest.mark.pdf
def test_the_paper_has_cover_head_amendments_sections_and_chart(
    app: Flask, signed_in: As, hands: Hands, clock: Clock
) -> None:
    with app.app_context():
        procedure_signed(hands)
        document = process_signed(hands)
        clock.go(FRIDAY)
        changed = text(
            "Quy trình xác nhận",
            a_process(steps=40),
            amendment_no=1,
            summary="Chia nhỏ các bước.",
        )
        hands.signed(changed, code="QT-13/TP", kind="process", action=Action.AMEND, day=FRIDAY)
    staff = signed_in("chuyenvien")
    pages = words_of(staff.file("processes.paper", document_id=document).data)
    cover, first = pages[:2]
    for said in ("QUY TRÌNH", "QT-13/TP", "Có hiệu lực từ 07/08/2026", "SOẠN THẢO", "XEM XÉT"):
        assert said in cover
    for name in ("Nguyễn Thị Hạnh", "Trần Văn Quyết", "Phạm Minh Đức", "Ký trên phần mềm"):
        assert name in cover
    assert "BẢNG THEO DÕI SỬA ĐỔI" in first
    assert "Chia nhỏ các bước." in first
    assert "Ban hành lần đầu" in first
    for number, page in enumerate(pages[1:], 2):
        assert "Lần sửa đổi: 01" in page
        assert f"Trang: {number}/{len(pages)}" in page
        assert "HẾT HIỆU LỰC" not in page
    whole = " ".join(pages)
    for said in ("1. MỤC ĐÍCH", "5.2. Thành phần hồ sơ", "8.000 đồng", "7. HỒ SƠ CẦN LƯU"):
        assert said in whole
    for number in range(1, 41):
        assert whole.count(f"Việc số {number} ") >= 2, "in the chart and in the table"
    old = words_of(staff.file("processes.paper", document_id=document, text="1").data)
    assert all("HẾT HIỆU LỰC – từ sau ngày 06/08/2026" in page for page in old)
    assert "Chia nhỏ các bước." not in " ".join(old)


@sqlite_only
@pytest.mark.pdf
def test_the_paper_of_a_draft_says_so_on_each_page_and_goes_to_its_readers_alone(
    app: Flask, signed_in: As, hands: Hands
) -> None:
    with app.app_context():
        other = hands.signed(text("Thủ tục", a_procedure()), code=CODE, kind="procedure")
        draft = text("Quy trình", a_process())
        _, document, line = hands.draft(
            draft, code="QT-13/TP", kind="process", action=Action.ISSUE, day=FRIDAY
        )
    thuky, name = signed_in("thuky"), f"d{line}"
    pages = words_of(thuky.file("processes.paper", document_id=document, text=name).data)
    assert all("DỰ THẢO – chưa ký" in page for page in pages)
    assert "Ký trên phần mềm" not in pages[0]
    thuky.file("processes.paper", document_id=document, status=404)
    thuky.file("processes.paper", document_id=other, status=404)
    theirs = signed_in("thuky-tl")
    theirs.file("processes.paper", document_id=document, text=name, status=404)


@sqlite_only
def test_the_same_paper_is_printed_once_and_again_when_its_procedure_says_more(
    app: Flask, signed_in: As, hands: Hands, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[str] = []

    def render(template: str, _data: object) -> bytes:
        printed.append(template)
        return f"%PDF {len(printed)}".encode()

    def stamped(kept: bytes, over: Overprint, _render: object) -> bytes:
        assert over
        return kept

    monkeypatch.setattr(pdf, "render", render)
    monkeypatch.setattr(overprints, "stamped", stamped)
    with app.app_context():
        procedure_signed(hands)
        document = process_signed(hands)
        *_, line = hands.draft(
            text("Bản mới", a_process(steps=2), summary="Tách bước."),
            code="QT-13/TP",
            kind="process",
            action=Action.AMEND,
            day=FRIDAY,
        )
    thuky = signed_in("thuky")
    for _ in range(2):
        assert thuky.file("processes.paper", document_id=document).data == b"%PDF 1"
    with app.app_context():
        dearer = text("Xác nhận", a_procedure(amount=12_000), summary="Mức thu")
        hands.signed(dearer, code=CODE, kind="procedure", action=Action.AMEND, day=FRIDAY)
    clock.go(FRIDAY)
    thuky = signed_in("thuky")
    for _ in range(2):
        assert thuky.file("processes.paper", document_id=document).data == b"%PDF 2"
    for number in (3, 4):
        draft = thuky.file("processes.paper", document_id=document, text=f"d{line}")
        assert draft.data == f"%PDF {number}".encode()


@pytest.mark.pdf
def test_the_paper_is_an_archive_file_and_nothing_runs_over_its_edge() -> None:
    long = "Ủy ban nhân dân " * 20
    step = ProcessStep(what=long, who="x" * 90, result=long, quarters=1)
    content = a_process(phases=(Phase(name=long, steps=(step,) * 6),), distribution=long)
    bound = Bound(CODE, Stand.STANDS, title=long, content=a_procedure())
    cover = paper.Cover(
        superior="UBND tỉnh Phú Thọ",
        office="UBND xã Sông Lô",
        code="QT-13/TP",
        title=long,
        issue_no=1,
        amendment_no=0,
        dated=None,
        effective_on=MONDAY,
        decision="",
        signers=[paper.Signer(name=long)] * 3,
        amendments=[paper.Amendment("01/00", "03/08/2026", long, long, "1/QĐ-UBND")],
        marked="DỰ THẢO",
        printed_on=MONDAY,
    )
    told = tell(content, Bindings(MONDAY, (bound,)))
    data = pdf.render(paper.FORM, paper.process_data(cover, told))
    report = validator.validate_pdf_bytes(data, profile="pdfa3u")
    assert [f.rule_id for f in report.failures if FALSE_ALARM not in f.rule_id] == []
    assert {name.split("+")[-1].split("-")[0] for name in fonts_of(data)} <= {"Liberation"}
    with pypdfium2.PdfDocument(data) as printed:
        for page in printed:
            text_page = page.get_textpage()
            for at in range(text_page.count_chars()):
                left, _, right, _ = text_page.get_charbox(at)
                assert left >= 80
                assert right <= page.get_width() - 40


def test_the_processes_of_the_library_take_as_long_as_their_procedures_allow() -> None:
    procedures = {each.file.code: each.file.content for each in demo.procedures()}
    sources = demo_processes.processes()
    assert len(sources) >= 4
    fits = set()
    for source in sources:
        process = source.file.content
        assert isinstance(process, Process)
        for code in process.procedures:
            described = procedures[code]
            assert isinstance(described, Procedure)
            found = rules.compare(process.phases, described.methods)
            fits |= {each.fit for each in found}
            assert {each.fit for each in found} <= rules.AGREES, source.name
    assert fits == {Fit.MATCHES, Fit.WITHIN}
