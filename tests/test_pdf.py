"""The paper itself: glyphs, archive format, what it may open, how long it may be."""

import io
import re
import threading
import unicodedata
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import page as validator
import pikepdf
import pypdfium2
import pytest
import segno

from qms.documents import paper as decisions
from qms.documents.kinds.fees import Channel, FeeLine, Rate
from qms.documents.kinds.parts import LegalReference
from qms.documents.kinds.procedure import (
    DossierItem,
    LimitUnit,
    Method,
    Procedure,
    TimeLimit,
)
from qms.documents.kinds.registry import written
from qms.documents.paper import DecisionPaper, LineGroup, PaperLine, PaperSigner
from qms.errors import BusyError, LateError
from qms.notices.printing import Paper, Stamp, notice_data
from qms.notices.rules import DecisionRef, Heading, Sheet
from qms.web import pdf, pdf_needs, typeset

pytestmark = pytest.mark.pdf

VOWELS = "aáàảãạăắằẳẵặâấầẩẫậeéèẻẽẹêếềểễệiíìỉĩịoóòỏõọôốồổỗộơớờởỡợuúùủũụưứừửữựyýỳỷỹỵđ"
LETTERS = " ".join(re.findall(".{9}", VOWELS + VOWELS.upper()))
DIGEST = "0123456789abcdef" * 4
ADDRESS = "https://tthc.songlo.example/k/131S-8GSM-JVTY-1D4B"
STAMP = Stamp("131S-8GSM-JVTY-1D4B", ADDRESS, "tthc.songlo.example/k", DIGEST, "01/07/2026")
FALSE_ALARM = "METADATA-FILTER-001"
"""A rule of PDF/A-1 only, which the validator also reports for PDF/A-3."""


def a_procedure(**changes: object) -> Procedure:
    limit = TimeLimit(count=3, unit=LimitUnit.WORKING_DAY)
    priced = FeeLine(name="Lệ phí thử nghiệm", rate=Rate.AMOUNT, amount=8000)
    unknown = FeeLine(
        name="Phí bản sao", rate=Rate.UNKNOWN, note="Mức cụ thể do Hội đồng nhân dân quyết định"
    )
    plain = Procedure(
        field="Hộ tịch",
        levels=("Cấp xã",),
        announced_by="163/QĐ-BTP",
        steps="Bước 1: Nộp hồ sơ.\n- Kiểm tra hồ sơ;\n+ Ghi sổ\nBước 2: Trả kết quả.",
        methods=(
            Method(channel=Channel.DIRECT, limit=limit, fees=(priced, unknown)),
            Method(channel=Channel.ONLINE, limit=limit, fees=(priced, unknown)),
        ),
        dossier=(
            DossierItem(name="Tờ khai theo mẫu", originals=1, copies=0),
            DossierItem(name="Thẻ căn cước", originals=0, copies=1, shown_only=True),
        ),
        sets=1,
        applicants="Công dân Việt Nam",
        handled_by="Ủy ban nhân dân xã Sông Lô",
        result="Giấy chứng nhận",
        legal_basis=(LegalReference(name="Luật Hộ tịch", number="60/2014/QH13"),),
    )
    return plain.model_copy(update=changes)


def a_notice(
    title: str = "Đăng ký thử nghiệm",
    stamp: Stamp | None = STAMP,
    paper: Paper = Paper.A4,
    feedback: str = "",
    **changes: object,
) -> dict[str, object]:
    content = a_procedure(**changes)
    sheet = Sheet(
        unit="song-lo",
        heading=Heading("Ủy ban nhân dân\nxã Sông Lô"),
        feedback=feedback,
        code="1.000001",
        title=title,
        text={"as": written(content).decode()},
        decision=DecisionRef("45/QĐ-UBND", date(2026, 6, 20), "UBND xã Sông Lô", "Công bố"),
        first_day=date(2026, 7, 1),
    )
    return notice_data(sheet, content, stamp, paper)


def a_decision(*, draft: bool = False) -> DecisionPaper:
    cells = decisions.procedure_cells(a_procedure())
    return DecisionPaper(
        superior="Tỉnh Phú Thọ",
        issuer="Ủy ban nhân dân\nxã Sông Lô",
        place="Sông Lô",
        number="45/QĐ-UBND",
        dated=date(2026, 2, 5),
        title="Về việc công bố danh mục thủ tục hành chính",
        effective_on=date(2026, 3, 1),
        lines=[
            PaperLine(LineGroup.NEW, "1.000001", "Thủ tục mới", cells),
            PaperLine(LineGroup.AMENDED, "1.000002", "Thủ tục sửa", cells, on=date(2026, 4, 1)),
            PaperLine(
                LineGroup.WITHDRAWN, "1.000003", "Thủ tục cũ", cells, reason="Hết căn cứ"
            ),
            PaperLine(LineGroup.NEW, "QT-01/VP", "Kiểm soát tài liệu", issue=1, amendment=0),
        ],
        grounds=["Căn cứ Luật Tổ chức chính quyền địa phương;", "Theo đề nghị của Văn phòng"],
        signer=PaperSigner("TM. Ủy ban nhân dân", "Chủ tịch", "Nguyễn Văn Thử", "Đã ký"),
        draft=draft,
    )


@pytest.fixture(scope="module", autouse=True)
def no_process_left() -> Iterator[None]:
    yield
    pdf.close()


@pytest.fixture(scope="module")
def press() -> pdf.Press:
    return pdf.Press()


def words_on(data: bytes) -> str:
    """Return the text a reader copies out of the paper, on one line."""
    document = pypdfium2.PdfDocument(data)
    pages = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return " ".join(" ".join(pages).split())


def solid(text: str) -> str:
    return re.sub(r"\s", "", text)


def pages_of(data: bytes) -> int:
    with pikepdf.open(io.BytesIO(data)) as document:
        return len(document.pages)


def fonts_of(data: bytes) -> dict[str, bool]:
    """Return the name of each font, and whether it is embedded."""
    with pikepdf.open(io.BytesIO(data)) as document:
        found = [o for o in document.objects if isinstance(o, pikepdf.Dictionary)]
        return {
            str(o.FontName): "/FontFile2" in o or "/FontFile3" in o
            for o in found
            if o.get("/Type") == "/FontDescriptor"
        }


def test_every_vietnamese_letter_is_printed_and_can_be_copied_out() -> None:
    data = pdf.render("notice.html", a_notice(steps=LETTERS, conditions=LETTERS.upper()))
    text = words_on(data)
    assert LETTERS in text
    assert unicodedata.is_normalized("NFC", text)


def test_only_liberation_serif_is_used_and_it_is_embedded() -> None:
    fonts = fonts_of(pdf.render("notice.html", a_notice(label="dữ liệu mẫu", steps=LETTERS)))
    assert fonts
    assert all(fonts.values())
    assert {name.split("+")[-1].removeprefix("/").split("-")[0] for name in fonts} <= {
        "LiberationSerif",
        "Liberation",
    }


@pytest.mark.parametrize("paper", list(Paper))
def test_a_notice_is_an_archive_file_on_each_paper(paper: Paper) -> None:
    data = pdf.render("notice.html", a_notice(paper=paper))
    report = validator.validate_pdf_bytes(data, profile="pdfa3u")
    assert [f.rule_id for f in report.failures if FALSE_ALARM not in f.rule_id] == []


def test_a_decision_is_an_archive_file() -> None:
    data = pdf.render(decisions.FORM, decisions.decision_data(a_decision()))
    report = validator.validate_pdf_bytes(data, profile="pdfa3u")
    assert [f.rule_id for f in report.failures if FALSE_ALARM not in f.rule_id] == []


def test_the_same_data_gives_the_same_bytes_also_in_another_process() -> None:
    first = pdf.render("notice.html", a_notice())
    pdf.close()
    assert pdf.render("notice.html", a_notice()) == first


def test_a_notice_has_the_parts_of_the_law_in_their_order() -> None:
    text = words_on(pdf.render("notice.html", a_notice()))
    heads = re.findall(r"(?<!\S)(\d+)\. [A-ZĐ]", text)
    assert [int(number) for number in heads] == list(range(1, 12))


def test_a_part_nobody_filled_in_is_said_to_be_empty() -> None:
    data = a_notice(
        steps="",
        methods=(),
        dossier=(),
        sets=None,
        applicants="",
        handled_by="",
        result="",
        legal_basis=(),
    )
    text = words_on(pdf.render("notice.html", data))
    assert text.count("Không quy định.") == 11
    assert "đồng" not in text


def test_an_unknown_fee_is_never_a_number_and_keeps_the_note_of_the_catalogue() -> None:
    fees = (FeeLine(name="Phí", rate=Rate.UNKNOWN, note="Do HĐND tỉnh quyết định"),)
    text = words_on(
        pdf.render(
            "notice.html", a_notice(methods=(Method(channel=Channel.DIRECT, fees=fees),))
        )
    )
    assert "Chưa xác định" in text
    assert "Do HĐND tỉnh quyết định" in text
    assert "Không hiểu là không thu" in text
    assert "0 đồng" not in text


@pytest.mark.parametrize(
    ("rate", "words"), [(Rate.NONE, "Không thu"), (Rate.EXEMPT, "Miễn")], ids=["none", "exempt"]
)
def test_no_fee_and_an_exemption_are_different_words(rate: Rate, words: str) -> None:
    methods = (Method(channel=Channel.DIRECT, fees=(FeeLine(name="Phí", rate=rate),)),)
    assert f"10. Phí, lệ phí: {words}." in words_on(
        pdf.render("notice.html", a_notice(methods=methods))
    )


def test_the_foot_of_each_page_leads_to_the_check() -> None:
    text = words_on(pdf.render("notice.html", a_notice(steps="\n".join(["Một câu."] * 120))))
    pages = int(re.findall(r"Tờ này có (\d+) trang", text)[0])
    assert pages > 1
    assert text.count(f"Mã kiểm tra: {STAMP.code}") == pages
    assert text.count("gõ mã kiểm tra tại tthc.songlo.example/k") == pages
    assert text.count("0123 4567 89ab cdef …") == pages
    assert "Có hiệu lực từ ngày 01 tháng 7 năm 2026" in text
    assert "theo Quyết định số 45/QĐ-UBND ngày 20 tháng 6 năm 2026 của UBND xã Sông Lô" in text


def test_the_preview_of_a_draft_says_so_and_cannot_be_checked() -> None:
    data = a_notice(stamp=None)
    text = words_on(pdf.render("notice.html", data))
    assert "DỰ THẢO – không có giá trị niêm yết" in text
    assert "Mã kiểm tra" not in text
    assert "Quyết định số" not in text
    assert "<path" not in pdf.Press().html("notice.html", data)


def test_the_feedback_block_is_printed_only_when_it_is_known() -> None:
    known = words_on(pdf.render("notice.html", a_notice(feedback="Điện thoại: 0210 000 000")))
    assert "PHẢN ÁNH, KIẾN NGHỊ" in known
    assert "0210 000 000" in known
    assert "PHẢN ÁNH" not in words_on(pdf.render("notice.html", a_notice()))


def test_the_label_of_sample_data_stands_on_the_sheet() -> None:
    label = "dữ liệu mẫu – cần đối chiếu với quyết định công bố"
    data = pdf.render("notice.html", a_notice(label=label))
    assert words_on(data).count(label) == pages_of(data) + 1


def test_the_qr_is_the_address_module_by_module() -> None:
    drawn = typeset.qr(ADDRESS)
    dark = set()
    for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", drawn["path"]):
        dark |= {(int(x) - 4 + n, int(y) - 4) for n in range(int(run))}
    rows = segno.make(ADDRESS, error="m", micro=False, boost_error=False).matrix
    assert dark == {(x, y) for y, row in enumerate(rows) for x, bit in enumerate(row) if bit}
    assert drawn["side"] == len(rows) + 8
    assert drawn["path"] in pdf.Press().html("notice.html", a_notice())


def test_the_longest_texts_stay_inside_the_page() -> None:
    dossier = tuple(
        DossierItem(case="Trường hợp " + "rất dài " * 30, name=f"Giấy tờ số {n} " + "x" * 150)
        for n in range(60)
    )
    tall = DossierItem(name="Một giấy tờ kể rất dài dòng. " * 400)
    data = pdf.render(
        "notice.html", a_notice(title="Tên rất dài " * 60, dossier=(*dossier, tall))
    )
    text = solid(words_on(data))
    assert all(f"Giấytờsố{n}x" in text for n in range(60))
    assert text.count("Mộtgiấytờkểrấtdàidòng.") > 390
    document = pypdfium2.PdfDocument(data)
    for page in document:
        edge = page.get_width() - 14 / 25.4 * 72
        assert all(found.get_bounds()[2] <= edge for found in page.get_objects([1]))
    document.close()


def test_a_decision_has_the_layout_of_a_decision() -> None:
    text = words_on(pdf.render(decisions.FORM, decisions.decision_data(a_decision())))
    in_order = [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Sông Lô, ngày 05 tháng 02 năm 2026",
        "QUYẾT ĐỊNH",
        "Về việc công bố danh mục thủ tục hành chính",
        "Căn cứ Luật Tổ chức chính quyền địa phương;",
        "Theo đề nghị của Văn phòng.",
        "QUYẾT ĐỊNH:",
        "Điều 1.",
        "03 thủ tục hành chính (01 ban hành mới, 01 sửa đổi, bổ sung, 01 bãi bỏ)",
        "Điều 2.",
        "ngày 01 tháng 3 năm 2026",
        "Điều 3.",
    ]
    places = [text.find(words) for words in in_order]
    assert -1 not in places
    assert places == sorted(places)
    for words in (
        "Số: 45/QĐ-UBND",
        "Nơi nhận:",
        "TM. ỦY BAN NHÂN DÂN",
        "CHỦ TỊCH",
        "Nguyễn Văn Thử",
    ):
        assert words in text


def test_the_annex_lies_across_and_names_each_line_under_its_heading() -> None:
    data = pdf.render(decisions.FORM, decisions.decision_data(a_decision()))
    document = pypdfium2.PdfDocument(data)
    sizes = [page.get_size() for page in document]
    document.close()
    assert sizes[0][0] < sizes[0][1]
    assert all(width > height for width, height in sizes[1:])
    text = words_on(data)
    for words in (
        "A. Thủ tục hành chính ban hành mới (1)",
        "B. Thủ tục hành chính được sửa đổi, bổ sung (1)",
        "Có hiệu lực từ 01/04/2026",
        "C. Thủ tục hành chính bị bãi bỏ (1)",
        "Hết căn cứ",
        "D. Tài liệu ban hành mới (1)",
        "QT-01/VP",
    ):
        assert words in text


def test_a_draft_decision_has_no_number_and_says_it_is_a_draft() -> None:
    text = words_on(pdf.render(decisions.FORM, decisions.decision_data(a_decision(draft=True))))
    assert "DỰ THẢO – chưa ký, không có giá trị thi hành" in text
    assert "45/QĐ-UBND" not in text
    assert "Đã ký" not in text


# ---------- what the paper may open ----------


@pytest.fixture(scope="module")
def canary() -> Iterator[tuple[str, list[str]]]:
    """Serve, and write down who came."""
    came: list[str] = []

    class Canary(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            came.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            """Stay quiet."""

    server = HTTPServer(("127.0.0.1", 0), Canary)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/x", came
    server.shutdown()
    server.server_close()
    thread.join()


PAYLOADS = {
    "stylesheet": '<link rel="stylesheet" href="{0}">',
    "attachment": '<link rel="attachment" href="{0}">',
    "attached": '<a rel="attachment" href="{0}">a</a>',
    "import": "<style>@import url('{0}')</style>",
    "font": "<style>@font-face {{ font-family: x; src: url('{0}') }}</style><p style='font-family:x'>a",
    "background": "<p style=\"background: url('{0}')\">a</p>",
    "content": "<style>p::before {{ content: url('{0}') }}</style><p>a</p>",
    "image": '<img src="{0}">',
    "object": '<object data="{0}"></object>',
    "embed": '<embed src="{0}">',
    "svg image": '<svg width="9" height="9"><image href="{0}" width="9" height="9"/></svg>',
    "svg use": '<svg width="9" height="9"><use href="{0}#a"/></svg>',
    "nested svg": (
        "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'>"
        "<image href='{0}'/></svg>\">"
    ),
}


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_nothing_on_the_page_makes_the_press_open_an_address(
    press: pdf.Press, canary: tuple[str, list[str]], tmp_path: Path, payload: str
) -> None:
    address, came = canary
    secret = tmp_path / "secret.txt"
    secret.write_text("a-secret-of-the-office", encoding="utf-8")
    for reached in (address, secret.as_uri()):
        try:
            made = press.pdf(f"<title>t</title><p>a</p>{payload.format(reached)}")
        except pdf.PressError:
            continue
        assert b"a-secret-of-the-office" not in made
        with pikepdf.open(io.BytesIO(made)) as document:
            assert not document.attachments
    assert came == []


def test_tags_in_a_text_are_words_and_no_tags() -> None:
    text = words_on(
        pdf.render("notice.html", a_notice(result='<img src="file:///etc/passwd">'))
    )
    assert '<img src="file:///etc/passwd">' in text


# ---------- the process that makes it ----------


def test_a_process_that_died_is_started_again() -> None:
    first = pdf.render("notice.html", a_notice())
    running = pdf._worker.process  # noqa: SLF001 - there is no other way to hit it
    assert running is not None
    running.kill()
    running.wait()
    assert pdf.render("notice.html", a_notice()) == first


def test_who_waits_too_long_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "WAIT", 0)
    with pytest.raises(BusyError, match="đang bận"):
        pdf.render("notice.html", a_notice())


def test_paper_that_is_late_goes_on_and_is_handed_to_who_keeps_it() -> None:
    begun, kept = Future[tuple[str, Any]](), list[bytes]()
    begun.set_running_or_notify_cancel()
    with pytest.raises(LateError, match="đang bận") as late:
        pdf.paper(begun, 0)
    late.value.then(kept.append)
    begun.set_result(("pdf", b"%PDF-late"))
    assert kept == [b"%PDF-late"]


def test_of_paper_that_is_late_and_fails_nothing_is_kept() -> None:
    kept = list[bytes]()
    for ends in ("fault", "gone"):
        begun = Future[tuple[str, Any]]()
        begun.set_running_or_notify_cancel()
        with pytest.raises(LateError) as late:
            pdf.paper(begun, 0)
        late.value.then(kept.append)
        if ends == "gone":
            begun.set_exception(EOFError())
        else:
            begun.set_result((ends, "no such name"))
    assert kept == []


def test_paper_that_has_not_begun_in_time_is_given_up() -> None:
    waiting = Future[tuple[str, Any]]()
    with pytest.raises(BusyError) as busy:
        pdf.paper(waiting, 0)
    assert not isinstance(busy.value, LateError)
    assert waiting.cancelled()


def test_a_print_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    pdf.close()
    monkeypatch.setattr(pdf._worker, "limit", 0)  # noqa: SLF001 - there is no other way in
    with pytest.raises(BusyError, match="Chưa in được"):
        pdf.render("notice.html", a_notice())


def test_the_process_is_renewed_after_many_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    pdf.render("notice.html", a_notice())
    before = pdf._worker.process  # noqa: SLF001 - there is no other way to see it
    monkeypatch.setattr(pdf, "RENDERS", 0)
    pdf.render("notice.html", a_notice())
    assert pdf._worker.process is not before  # noqa: SLF001 - same


def test_a_name_missing_in_the_data_is_a_fault_of_the_program() -> None:
    with pytest.raises(pdf.PressError, match="UndefinedError"):
        pdf.render("notice.html", {"paper": "a4"})


def test_without_its_libraries_the_press_says_which_command_mends_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf_needs, "find_library", lambda _name: None)
    monkeypatch.setattr(pdf, "_ask", lambda *_: ("missing", "OSError"))
    with pytest.raises(BusyError, match="apt-get install -y libharfbuzz-subset0"):
        pdf.render("notice.html", a_notice())


def test_a_font_without_vietnamese_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_needs, "FONT", "No Such Serif")
    assert any(
        "apt-get install -y fonts-liberation2" in found for found in pdf_needs.problems()
    )


def test_this_machine_makes_good_paper() -> None:
    assert pdf_needs.problems() == []


def test_papers_for_every_case_do_not_stand_under_the_heading_of_the_case_before() -> None:
    dossier = tuple(
        DossierItem(name=name, case=case, originals=1, copies=0)
        for name, case in (
            ("Tờ khai", ""),
            ("Giấy ủy quyền", "Trường hợp ủy quyền"),
            ("Giấy chứng sinh", ""),
            ("Biên bản", "- "),
        )
    )
    text = words_on(pdf.render("notice.html", a_notice(dossier=dossier)))
    assert "1 Tờ khai 1 0 Trường hợp ủy quyền 2 Giấy ủy quyền 1 0" in text
    assert "Mọi trường hợp 3 Giấy chứng sinh 1 0 4 Biên bản 1 0" in text


def test_prices_told_apart_only_by_their_notes_stand_in_rows_of_their_own() -> None:
    fees = tuple(
        FeeLine(name="", rate=Rate.AMOUNT, amount=amount, note=note)
        for amount, note in ((100_000, "Đất dưới 500 m2"), (150_000, "Đất từ 500 m2"))
    )
    methods = tuple(Method(channel=channel, fees=fees) for channel in Channel)
    text = words_on(pdf.render("notice.html", a_notice(methods=methods)))
    order = ["Đất dưới 500 m2", "100.000 đồng", "Đất từ 500 m2", "150.000 đồng"]
    places = [text.find(words) for words in order]
    assert -1 not in places
    assert places == sorted(places)
    assert "Ghi chú:" not in text


def test_time_limits_of_one_channel_are_told_apart_by_the_words_of_each() -> None:
    methods = tuple(
        Method(
            channel=Channel.DIRECT,
            limit=TimeLimit(count=count, unit=LimitUnit.DAY),
            note=f"Nộp tại Trung tâm\n{case}",
        )
        for count, case in ((8, "Vùng thường"), (18, "Vùng đặc biệt khó khăn"))
    )
    text = words_on(pdf.render("notice.html", a_notice(methods=methods)))
    assert "Trực tiếp: Nộp tại Trung tâm 3." in text
    for words in ("Vùng thường 08 ngày", "Vùng đặc biệt khó khăn 18 ngày"):
        assert words in text
