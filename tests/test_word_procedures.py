"""Procedures out of Word files: parts of the law into fields, what is doubtful named."""

import io

import docx
import pytest
from flask import Flask

from qms.documents import word_blocks, word_procedure, word_reading
from qms.documents.kinds import procedure_editor
from qms.documents.kinds.fees import Channel, Rate
from qms.documents.kinds.procedure import LimitUnit, Procedure
from qms.documents.rules import RevisionText
from qms.documents.timeline import Action
from qms.documents.word_sections import Understood
from tests import word_process_files as files
from tests.deciding import Deciding
from tests.engines import sqlite_only
from tests.factories import Office
from tests.pages import Page
from tests.people import As
from tests.test_document_pages import fields
from tests.when import Clock


def understood(data: bytes) -> Understood:
    return word_procedure.understand(word_blocks.items(word_reading.read(data).html))


@pytest.fixture(scope="module")
def usual() -> Understood:
    document = docx.Document()
    files.procedure(document)
    return understood(files.saved(document))


def read(found: Understood) -> Procedure:
    content, faults = procedure_editor.read(found.fields, Procedure())
    assert content is not None, faults
    return content


def test_the_parts_of_the_law_are_understood(usual: Understood) -> None:
    content = read(usual)
    assert content.field == "Hộ tịch"
    assert content.steps.startswith("Bước 1: Người yêu cầu nộp hồ sơ.\nBước 2:")
    assert (content.applicants, content.result) == ("Cá nhân", "Giấy xác nhận")
    assert content.handled_by == "Ủy ban nhân dân cấp xã"
    assert content.conditions == "", "“Không” is no condition"
    assert content.sets == 1
    assert [(each.number, each.name) for each in content.legal_basis] == [
        ("60/2014/QH13", "Luật Hộ tịch ngày 20/11/2014"),
        ("", "Văn bản khác"),
    ]


def test_papers_have_their_numbers_and_what_is_only_shown_is_marked(usual: Understood) -> None:
    papers = read(usual).dossier
    assert [(each.name, each.originals, each.copies) for each in papers] == [
        ("Tờ khai", 1, 0),
        ("Quyết định ly hôn (nếu có)", None, 1),
        ("Thẻ căn cước (01 bản chính)", 1, None),
    ]
    assert [each.shown_only for each in papers] == [False, False, True]
    assert [each.optional for each in papers] == [False, True, False]
    assert papers[0].form == "Mẫu số 04"


def test_each_way_has_the_limit_and_the_price(usual: Understood) -> None:
    direct, online = read(usual).methods
    assert (direct.channel, online.channel) == (Channel.DIRECT, Channel.ONLINE)
    for way in (direct, online):
        assert way.limit is not None
        assert (way.limit.count, way.limit.unit) == (3, LimitUnit.WORKING_DAY)
        assert way.limit.note == "03 (ba) ngày làm việc kể từ ngày nhận hồ sơ."
        (fee,) = way.fees
        assert (fee.rate, fee.amount, fee.unit) == (Rate.AMOUNT, 15_000, "/lần")


def test_what_the_editor_has_no_field_for_is_named(usual: Understood) -> None:
    assert [each.title for each in usual.left] == [
        "",
        "Mã thủ tục",
        "Tên mẫu đơn, mẫu tờ khai",
    ]
    assert [(each.sentence, each.count) for each in usual.notes] == [
        ("%(count)s căn cứ chưa đọc được số, ký hiệu.", 1)
    ]


def one_line(*lines: str) -> Understood:
    document = docx.Document()
    for each in lines:
        document.add_paragraph(each)
    return understood(files.saved(document))


@pytest.mark.parametrize(
    ("said", "count", "unit"),
    [
        ("05 ngày làm việc", 5, LimitUnit.WORKING_DAY),
        ("Không quá 15 ngày", 15, LimitUnit.DAY),
        ("Trong ngày làm việc", None, LimitUnit.SAME_DAY),
        (
            "Trong ngày; nếu nhận sau 15 giờ thì trả vào ngày làm việc tiếp theo",
            None,
            LimitUnit.SAME_DAY,
        ),
        ("03 ngày làm việc; cần xác minh: 08 ngày làm việc", None, LimitUnit.OTHER),
        ("Theo giấy hẹn", None, LimitUnit.OTHER),
    ],
)
def test_a_limit_is_a_number_only_where_the_words_say_one(
    said: str, count: int | None, unit: LimitUnit
) -> None:
    (way,) = read(one_line(f"Thời hạn giải quyết: {said}")).methods
    assert way.limit is not None
    assert (way.limit.count, way.limit.unit) == (count, unit)
    assert way.limit.note == ("" if said == "05 ngày làm việc" else said)


@pytest.mark.parametrize(
    ("said", "rate", "amount"),
    [
        ("Không", Rate.NONE, None),
        ("Miễn lệ phí", Rate.EXEMPT, None),
        ("8.000 đồng/bản", Rate.AMOUNT, 8_000),
        ("Không quy định", Rate.UNKNOWN, None),
        ("Theo nghị quyết của Hội đồng nhân dân", Rate.UNKNOWN, None),
        ("5.000 đồng, 8.000 đồng", Rate.UNKNOWN, None),
        ("Trong hạn: không; quá hạn: 5.000 đồng", Rate.UNKNOWN, None),
        ("8.000 đồng; miễn cho trẻ em", Rate.UNKNOWN, None),
    ],
)
def test_a_price_that_is_not_plain_is_unknown_and_never_nought(
    said: str, rate: Rate, amount: int | None
) -> None:
    (way,) = read(one_line(f"Lệ phí: {said}")).methods
    (fee,) = way.fees
    assert (fee.rate, fee.amount) == (rate, amount)
    if rate is Rate.UNKNOWN:
        assert fee.note == said


def test_a_table_with_parts_in_its_first_column_and_ways_by_row_is_understood() -> None:
    document = docx.Document()
    files.add_table(
        document,
        (
            ("Trình tự thực hiện", "Nộp hồ sơ.\nNhận kết quả."),
            ("Đối tượng thực hiện", "Tổ chức"),
            ("Cách thức thực hiện", ""),
        ),
    )
    document.add_paragraph("Cách thức thực hiện")
    files.add_table(
        document,
        (
            ("Trường hợp", "Hình thức nộp", "Thời hạn giải quyết", "Phí, lệ phí", "Mô tả"),
            ("Cấp mới", "Trực tiếp", "5 Ngày làm việc", "Phí: 20.000 Đồng", "Tại một cửa"),
            ("", "Dịch vụ bưu chính", "5 Ngày làm việc", "", ""),
        ),
    )
    content = read(understood(files.saved(document)))
    assert content.steps == "Nộp hồ sơ.\nNhận kết quả."
    assert content.applicants == "Tổ chức"
    assert [
        (each.channel, each.limit.count if each.limit else None, len(each.fees), each.note)
        for each in content.methods
    ] == [(Channel.DIRECT, 5, 1, "Tại một cửa"), (Channel.POSTAL, 5, 0, "")]
    assert content.methods[0].fees[0].amount == 20_000
    assert [each.case for each in content.methods] == ["Cấp mới", ""]


@sqlite_only
def test_a_procedure_is_taken_into_the_fields_of_its_editor(
    app: Flask, office: Office, clock: Clock, signed_in: As
) -> None:
    with app.app_context():
        deciding = Deciding(app, office, clock)
        told = RevisionText(title="Xác nhận", content=Procedure(applicants="Có sẵn"))
        line = deciding.add(deciding.open(), Action.ISSUE, told, code="1.004873")
    thuky = signed_in("thuky")

    def post(form: dict[str, object], do: str, status: int = 200) -> Page:
        sent = form | {"do": do}
        return thuky.post("documents.texts.edit", sent, status=status, change_id=line)

    document = docx.Document()
    files.procedure(document)
    form = fields(thuky.get("documents.texts.edit", change_id=line))
    sent = form | {"word-file": (io.BytesIO(files.saved(document)), "tthc.docx")}
    page = post(fields(post(sent, "word")), "word-take")
    assert page.one("#applicants").strip() == "Cá nhân"
    assert page.attributes("#methods-1-limit_count", "value") == ["3"]
    assert page.attributes("#methods-1-fees-0-amount", "value") == ["15.000"]
    post(fields(page), "save", 303)
    page = thuky.get("documents.texts.edit", change_id=line)
    assert page.one("#dossier-1-name").strip() == "Quyết định ly hôn (nếu có)"
