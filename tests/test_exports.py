"""Any text as a Word file and on paper, marked with what the print is worth."""

import io
from dataclasses import replace
from datetime import date

import docx
import pypdfium2
import pytest
from flask import Flask

from qms.documents import exporting, word_reading
from qms.documents.exporting import DRAFT, UNCONTROLLED, Sheet, Standing
from qms.documents.kinds.fee import FeeSchedule
from qms.documents.kinds.fees import FeeLine, Rate
from qms.documents.kinds.text import Genre, WrittenText
from qms.documents.rules import Audience, RevisionText
from qms.documents.timeline import Action
from tests.deciding import Deciding, after
from tests.engines import sqlite_only
from tests.factories import Office
from tests.pages import Browser
from tests.people import As
from tests.test_document_pages import PROCEDURE
from tests.when import MONDAY, Clock

BODY = """# 1. Mục đích

Quy định **kiểm soát** *tài liệu*.

- Nội bộ
  - Sổ tay
- Bên ngoài

1. Soạn
2. Xem xét

Rồi:

5. Ký

## 2. Hồ sơ

| TT | Tên hồ sơ | Lưu |
| --- | --- | --- |
| 1 | Phiếu **đề nghị** ban hành, sửa đổi tài liệu | 5 năm |
"""


def written(body: str = BODY) -> RevisionText:
    text = WrittenText(genre=Genre.PROCEDURE, body=body, clauses=("7.5.2",))
    return RevisionText("Kiểm soát tài liệu", text, audience=Audience.INTERNAL)


def opened(browser: Browser, endpoint: str, **values: int) -> docx.document.Document:
    answer = browser.file(endpoint, status=200, file_type="docx", **values)
    return docx.Document(io.BytesIO(answer.data))


def words_of(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as paper:
        return [page.get_textpage().get_text_bounded() for page in paper]


@pytest.mark.parametrize(
    ("standing", "mark"),
    [
        (Standing(draft=True), DRAFT),
        (Standing(first=MONDAY), UNCONTROLLED),
        (Standing(first=MONDAY, last=MONDAY), UNCONTROLLED),
        (Standing(first=after(1)), "CHƯA CÓ HIỆU LỰC – có hiệu lực từ 04/08/2026"),
        (Standing(first=after(-9), last=after(-1)), "HẾT HIỆU LỰC từ 03/08/2026"),
        (Standing(), "KHÔNG CÒN GIÁ TRỊ – đã được đính chính hoặc hủy"),
    ],
)
def test_a_print_says_what_it_is_worth(standing: Standing, mark: str) -> None:
    assert standing.mark(MONDAY) == mark


def test_a_printed_text_keeps_its_headings_lists_and_tables() -> None:
    found = exporting.pieces(written().content)
    assert [(p.kind, p.level, p.number, p.first) for p in found] == [
        ("paragraph", 0, None, False),
        ("heading", 1, None, False),
        ("paragraph", 0, None, False),
        ("item", 1, None, True),
        ("item", 2, None, True),
        ("item", 1, None, False),
        ("item", 1, 1, True),
        ("item", 1, 2, False),
        ("paragraph", 0, None, False),
        ("item", 1, 5, True),
        ("heading", 2, None, False),
        ("table", 0, None, False),
    ]
    runs = [(run.text, run.bold, run.slanted) for run in found[2].words]
    assert ("kiểm soát", True, False) in runs
    assert ("tài liệu", False, True) in runs
    assert sum(found[-1].widths) <= 100
    assert found[-1].widths[1] > 3 * found[-1].widths[0]


def test_a_short_word_is_not_broken_in_a_narrow_column() -> None:
    row = f"| 1 | {'Thẩm tra hồ sơ ' * 20}| {'Chuyên viên ' * 20}| {'Kết quả ' * 20}|"
    body = f"| Bước | Việc | Ai | Kết quả |\n| --- | --- | --- | --- |\n{row}\n"
    (table,) = exporting.pieces(written(body).content)[1:]
    assert table.widths[0] >= len("Bước") * 2 + 2
    assert sum(table.widths) <= 100


@sqlite_only
def test_a_text_goes_out_as_word_and_comes_back_the_same(
    app: Flask, office: Office, signed_in: As, clock: Clock
) -> None:
    with app.app_context():
        document = _signed(app, office, clock, written())
    made = opened(
        signed_in("chuyenvien"), "documents.exports.revision", document_id=document, number=1
    )
    section = made.sections[0]
    margins = (section.left_margin, section.right_margin)
    assert [round(each.mm) for each in margins if each] == [30, 15]
    head = "\n".join(each.text for each in section.header.paragraphs)
    assert UNCONTROLLED in head
    assert (
        "QT-01  ·  Lần ban hành: 01  ·  Lần sửa đổi: 00  ·  Ngày hiệu lực: 03/08/2026" in head
    )
    assert made.styles["Normal"].font.name == "Times New Roman"
    assert made.core_properties.title == "Kiểm soát tài liệu"
    (table,) = made.tables
    (head_row, *rest) = table._element.xpath("./w:tr/w:trPr/w:tblHeader")  # noqa: SLF001
    assert head_row is not None, "the head is repeated on each page"
    assert not rest
    out = io.BytesIO()
    made.save(out)
    back = word_reading.read(out.getvalue()).body
    for line in ("# 1. Mục đích", "Quy định **kiểm soát** *tài liệu*.", "1. Soạn\n2. Xem xét"):
        assert line in back
    assert "| 1 | Phiếu **đề nghị** ban hành, sửa đổi tài liệu | 5 năm |" in back


@sqlite_only
def test_a_procedure_goes_out_whole_and_a_draft_only_to_its_office(
    app: Flask, office: Office, signed_in: As, clock: Clock
) -> None:
    with app.app_context():
        deciding = Deciding(app, office, clock)
        line = deciding.add(
            deciding.open(),
            Action.ISSUE,
            RevisionText("Khai sinh " * 60, PROCEDURE),
            code="1.001",
        )
        document = deciding.change(line).document_id
    where = {"document_id": document, "line_id": line}
    made = opened(signed_in("thuky"), "documents.exports.draft", **where)
    assert made.sections[0].header.paragraphs[0].text == DRAFT
    said = [each.text for each in made.paragraphs]
    assert "Bước 1" in said
    assert "8.000" in "".join(c.text for t in made.tables for row in t.rows for c in row.cells)
    signed_in("thuky-tl").file("documents.exports.draft", file_type="docx", status=404, **where)
    signed_in("thuky").file(
        "documents.exports.revision",
        file_type="pdf",
        status=404,
        document_id=document,
        number=1,
    )


@sqlite_only
@pytest.mark.pdf
def test_paper_bears_its_mark_on_every_page(
    app: Flask, office: Office, signed_in: As, clock: Clock
) -> None:
    with app.app_context():
        long = written(BODY + "\n\nMột đoạn văn dài để sang trang." * 120)
        document = _signed(app, office, clock, long)
        clock.go(after(3))
        deciding = Deciding(app, office, clock)
        deciding.numbers.append("")
        deciding.decide(Action.AMEND, written(), on=after(3))
    answer = signed_in("thuky").file(
        "documents.exports.revision", file_type="pdf", document_id=document, number=1
    )
    assert answer.headers["Content-Disposition"] == 'inline; filename="QT-01_01-00.pdf"'
    pages = words_of(answer.data)
    assert len(pages) > 2
    assert all("HẾT HIỆU LỰC từ 06/08/2026" in page for page in pages)
    assert "Phiếu đề nghị ban hành" in pages[0].replace("\r\n", " ")
    answer = signed_in("thuky").file(
        "documents.exports.revision", file_type="pdf", document_id=document, number=2
    )
    assert UNCONTROLLED in words_of(answer.data)[0]


def _signed(app: Flask, office: Office, clock: Clock, text: RevisionText) -> int:
    deciding = Deciding(app, office, clock)
    line = deciding.decide(Action.ISSUE, text)
    return deciding.change(line).document_id


def test_days_are_said_as_on_paper() -> None:
    assert Standing(first=date(2026, 1, 2), last=date(2026, 3, 4)).days() == (
        "02/01/2026, đến hết 04/03/2026"
    )


def test_a_wide_table_lies_on_its_side_without_the_columns_nobody_filled() -> None:
    line = FeeLine(name="Phí", procedure="2.000815", rate=Rate.AMOUNT, amount=2_000)
    told = {"territory": "Toàn quốc", "legal_basis": "Thông tư 1", "first_day": MONDAY}
    full = line.model_copy(update=told | {"case": "Lại", "last_day": MONDAY})
    found = exporting.pieces(FeeSchedule(lines=(line.model_copy(update=told),)))
    (table,) = (each for each in found if each.kind == "table")
    said = ["".join(run.text for run in cell) for cell in table.rows[0]]
    assert said == ["Tên phí, lệ phí", "Thủ tục", "Địa bàn", "Mức thu", "Từ ngày", "Căn cứ"]
    sheet = Sheet("", "", "", "", "", "", "", "", "", "", pieces=found)
    assert not sheet.wide
    assert replace(sheet, pieces=exporting.pieces(FeeSchedule(lines=(full,)))).wide
