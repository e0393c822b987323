import pytest
from jinja2 import Environment, FileSystemLoader

from qms import paths
from qms.documents.comparison import Block, Paragraph, Section, Table, changed_only, compare


@pytest.fixture(scope="module")
def pages() -> Environment:
    found = Environment(
        loader=FileSystemLoader(paths.TEMPLATES), autoescape=True, trim_blocks=False
    )
    found.globals["_"] = lambda sentence: sentence
    return found


def redline(pages: Environment, old: Block, new: Block) -> str:
    template = pages.get_template("macros/redline.html")
    sides = [[Section("steps", "Trình tự <thực hiện>", (block,))] for block in (old, new)]
    return str(template.module.redline(changed_only(compare(*sides))))  # type: ignore[attr-defined]


def test_a_redline_says_in_words_what_went_and_what_came(pages: Environment) -> None:
    shown = redline(pages, Paragraph("Trong 07 ngày, <b>"), Paragraph("Trong 05 ngày, <b>"))
    assert "<h3>Trình tự &lt;thực hiện&gt;</h3>" in shown
    assert (
        '<p class="text-break">Trong <del><span class="visually-hidden">bỏ: </span>07</del> '
        '<ins><span class="visually-hidden">thêm: </span>05</ins> ngày, &lt;b&gt;</p>'
    ) in shown


def test_a_changed_cell_is_marked_and_its_row_keeps_its_name(pages: Environment) -> None:
    head = ("Hình thức", "Thời hạn", "Phí")
    old = Table(head, (("Trực tiếp", "07 ngày", "8.000"), ("Bưu chính", "08 ngày", "0")))
    new = Table(head, (("Trực tiếp", "05 ngày", "8.000"), ("Bưu chính", "08 ngày", "0")))
    shown = redline(pages, old, new)
    assert shown.count('class="changed"') == 1
    assert '<th role="rowheader" scope="row">Trực tiếp</th>' in shown
    assert '<td role="cell" data-label="Thời hạn" class="changed"><del>' in shown
    assert "Bưu chính" not in shown


def test_equal_documents_give_an_empty_redline(pages: Environment) -> None:
    assert not redline(pages, Paragraph("như cũ"), Paragraph("như  cũ")).strip()


def test_a_table_without_headings_shows_none(pages: Environment) -> None:
    shown = redline(pages, Table((), (("Phí", "8.000"),)), Table((), (("Phí", "9.000"),)))
    assert "<thead" not in shown
    assert '<td role="cell" class="changed">' in shown


def test_a_new_heading_names_its_column_on_a_phone(pages: Environment) -> None:
    shown = redline(
        pages, Table(("Mã", "Phí"), (("1", "2"),)), Table(("Mã", "Lệ phí"), (("1", "2"),))
    )
    assert '<th role="columnheader" scope="col" class="changed">' in shown
    gone = redline(pages, Table(("Mã", "Phí"), (("1", "2"),)), Table(("Mã",), (("1",),)))
    assert 'data-label="Phí" class="changed"' in gone
