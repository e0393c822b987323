"""Text out of Word files: what is kept, what is named as left out, what is refused."""

import io
import zipfile
from collections.abc import Callable

import docx
import pytest
from docx.shared import Pt
from flask import Flask

from qms.documents import word_reading
from qms.documents.html_markdown import markdown
from qms.documents.legacy import Encoding
from qms.documents.timeline import Action
from qms.errors import InvalidError
from tests.deciding import Deciding, text
from tests.engines import sqlite_only
from tests.factories import Office
from tests.pages import Page
from tests.people import As
from tests.test_document_pages import fields
from tests.when import Clock


def file(fill: Callable[[docx.document.Document], object]) -> bytes:
    document = docx.Document()
    fill(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def usual(document: docx.document.Document) -> None:
    document.add_heading("Mục đích", 1)
    document.add_paragraph("Kiểm soát ").add_run("tài liệu").bold = True
    for style, words in (
        ("List Number", "Soạn thảo"),
        ("List Number", "Xem xét"),
        ("List Bullet", "Tài liệu nội bộ"),
        ("List Bullet", "Sổ tay"),
    ):
        document.add_paragraph(words, style=style)
    table = document.add_table(rows=2, cols=3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "Tên | mẫu"
    for place, words in enumerate(("BM-01", "Phiếu", "5 năm")):
        table.cell(1, place).text = words
    document.sections[0].header.paragraphs[0].text = "Đầu trang"
    document.add_heading("Nội dung", 2)


OLD = {
    Encoding.TCVN3: (".VnTime", "Céng hßa x· héi chñ nghÜa ViÖt Nam", "tr­êng"),
    Encoding.VNI: ("VNI-Times", "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "tröôøng"),
}


def in_old_font(encoding: Encoding) -> bytes:
    font, words, school = OLD[encoding]

    def fill(document: docx.document.Document) -> None:
        document.styles["Normal"].font.name = font
        document.styles["Normal"].font.size = Pt(14)
        document.add_paragraph(words)
        document.add_paragraph(school)
        document.add_paragraph().add_run("Đã là Unicode").font.name = "Times New Roman"

    return file(fill)


def test_headings_lists_tables_and_bold_words_come_out_of_a_word_file() -> None:
    taken = word_reading.read(file(usual))
    assert taken.body == (
        "# Mục đích\n\nKiểm soát **tài liệu**\n\n1. Soạn thảo\n2. Xem xét\n\n"
        "- Tài liệu nội bộ\n- Sổ tay\n\n"
        "| Tên \\| mẫu |  |  |\n| --- | --- | --- |\n| BM-01 | Phiếu | 5 năm |\n\n## Nội dung"
    )
    assert taken.unicode == ""
    assert [(each.sentence, each.count) for each in taken.left] == [
        ("%(count)s đầu trang, chân trang có chữ", 1)
    ]


@pytest.mark.parametrize("encoding", Encoding)
def test_text_in_an_old_font_is_offered_as_it_was_meant_and_as_it_is(
    encoding: Encoding,
) -> None:
    taken = word_reading.read(in_old_font(encoding))
    assert taken.encodings == (encoding,)
    assert taken.unicode == "Cộng hòa xã hội chủ nghĩa Việt Nam\n\ntrường\n\nĐã là Unicode"
    assert taken.body.startswith(OLD[encoding][1])


def test_capitals_of_an_old_font_and_a_font_of_one_run_are_seen() -> None:
    def fill(document: docx.document.Document) -> None:
        paragraph = document.add_paragraph("Xã: ")
        paragraph.add_run("Quy tr×nh").font.name = ".VnTimeH"

    assert word_reading.read(file(fill)).unicode == "Xã: QUY TRÌNH"


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<p>a<script>alert(1)</script> <b>b</b></p>", "a **b**"),
        (
            "<ol start=3><li>ba<ul><li>x</li></ul></li><li>bốn</li></ol>",
            "3. ba\n   - x\n4. bốn",
        ),
        (
            "<p><a href='javascript:x'>xấu</a> <a href='https://a.vn'>tốt</a></p>",
            "xấu [tốt](https://a.vn)",
        ),
        ("<p>một<br>hai</p><p>***</p><p>2*3</p>", "một\\\nhai\n\n\\*\\*\\*\n\n2\\*3"),
        ("<table><tr><td><p>một ô</p></td></tr></table>", "một ô"),
        (
            "<table><tr><td rowspan=2>1</td><td>a</td></tr><tr><td>b</td></tr></table>",
            "| 1 | a |\n| --- | --- |\n|  | b |",
        ),
        ("<h2><b>Tên</b></h2>", "## Tên"),
        ("", ""),
    ],
)
def test_html_becomes_markdown_that_can_do_no_harm(html: str, said: str) -> None:
    assert markdown(html) == said


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "không phải tệp Word"),
        (b"%PDF-1.7", "không phải tệp Word"),
        (b"PK\x03\x04" + b"0" * 40, "không phải tệp Word"),
    ],
)
def test_what_is_no_word_file_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(InvalidError, match=words):
        word_reading.read(data)


def test_a_word_file_with_endless_text_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b" " * (word_reading.LONGEST + 1))
    with pytest.raises(InvalidError, match="quá 6 MB"):
        word_reading.read(out.getvalue())


@pytest.fixture
def line(app: Flask, office: Office, clock: Clock) -> int:
    """Draft one text; return its line."""
    with app.app_context():
        deciding = Deciding(app, office, clock)
        return deciding.add(deciding.open(), Action.ISSUE, text(body="Có sẵn."))


@sqlite_only
def test_a_file_is_shown_first_and_stands_in_the_field_only_when_taken(
    signed_in: As, line: int
) -> None:
    thuky = signed_in("thuky")

    def post(form: dict[str, object], do: str, status: int = 200) -> Page:
        sent = form | {"do": do}
        return thuky.post("documents.texts.edit", sent, status=status, change_id=line)

    form = fields(thuky.get("documents.texts.edit", change_id=line)) | {"summary": "Gõ dở"}
    page = post(
        form | {"word-file": (io.BytesIO(in_old_font(Encoding.TCVN3)), "a.docx")}, "word"
    )
    assert "Cộng hòa xã hội" in page.one(".taken")
    assert "Céng hßa" in page.text, "what stands in the file is shown too"
    assert page.one("#body").strip() == "Có sẵn."
    assert page.one("#summary").strip() == "Gõ dở"
    shown = fields(page) | {"word-as": "unicode", "word-how": "after"}
    page = post(shown, "word-take")
    assert page.one("#body").startswith("Có sẵn. Cộng hòa xã hội")
    page = post(shown | {"word-as": "body", "word-how": "replace"}, "word-take")
    assert page.one("#body").startswith("Céng hßa")
    assert "Chuyển những chỗ đó sang Unicode" in page.text
    page = post(fields(page), "unicode")
    assert page.one("#body").startswith("Cộng hòa xã hội chủ nghĩa Việt Nam tr")
    assert "Chuyển những chỗ đó" not in page.text
    assert thuky.get("documents.texts.edit", change_id=line).one("#body").strip() == "Có sẵn."


@sqlite_only
def test_a_file_that_is_no_word_file_is_refused_beside_its_field(
    signed_in: As, line: int
) -> None:
    thuky = signed_in("thuky")
    form = fields(thuky.get("documents.texts.edit", change_id=line)) | {"do": "word"}
    for sent, words in (
        ({}, "Hãy chọn một tệp Word"),
        ({"word-file": (io.BytesIO(b"<html>"), "a.docx")}, "trang web (HTML)"),
    ):
        page = thuky.post("documents.texts.edit", form | sent, status=422, change_id=line)
        assert words in page.one("#word-file-wrong")
