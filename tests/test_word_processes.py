"""Processes out of Word files: what is understood, what is left out and named, what is taken."""

import io
from datetime import UTC, datetime

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from qms.documents import word_blocks, word_process, word_reading, word_tables
from qms.documents.comparison import Paragraph, Table
from qms.documents.exporting import Sheet, pieces
from qms.documents.kinds import process_editor
from qms.documents.kinds.process import Process, StepUnit
from qms.documents.kinds.typing import strings
from qms.documents.rules import Audience, RevisionText
from qms.documents.timeline import Action
from qms.documents.word_blocks import Line
from qms.documents.word_sections import Understood, split
from qms.documents.word_writing import docx_of
from tests import word_process_files as files
from tests.deciding import Deciding
from tests.engines import sqlite_only
from tests.factories import Office
from tests.pages import Page
from tests.people import As
from tests.test_document_pages import fields
from tests.test_process_editor import PROCESS
from tests.when import Clock


def understood(data: bytes) -> Understood:
    return word_process.understand(word_blocks.items(word_reading.read(data).html))


def steps(found: Understood) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Return the steps of each phase: what, who and how long as it is typed."""
    return [
        (
            phase["name"],
            [
                (s["what"], s["who"], "–" if s["untimed"] else f"{s['time']} {s['unit']}")
                for s in phase["steps"]
            ],
        )
        for phase in found.fields["phases"]
    ]


def test_the_customary_parts_of_a_process_are_understood() -> None:
    said = understood(files.usual()).fields
    assert said["purpose"] == "Quy định trình tự xác nhận tình trạng hôn nhân (1.004873)."
    assert said["applies_to"] == "Áp dụng tại Ủy ban nhân dân các xã."
    assert said["conditions"] == "Đủ tuổi kết hôn."
    assert said["procedures"] == [{"code": "1.004873"}]
    assert [(each["number"], each["name"]) for each in said["references"]] == [
        ("TCVN ISO 9001:2015", "Tiêu chuẩn quốc gia"),
        ("123/2015/NĐ-CP", "Nghị định ngày 15/11/2015 của Chính phủ"),
    ]
    assert [(each["term"], each["meaning"]) for each in said["terms"]] == [
        ("UBND", "Ủy ban nhân dân"),
        ("TTHC", "Thủ tục hành chính"),
    ]
    assert said["forms"] == [{"code": "BM.TP.13.01", "name": "Giấy tiếp nhận hồ sơ"}]
    assert [(each["name"], each["retention"]) for each in said["records"]] == [
        ("Tờ khai", "05 năm"),
        ("Giấy xác nhận", "05 năm"),
    ]
    assert said["records"][0]["keeper"] == "bộ phận Tư pháp"
    assert said["records"][0]["disposal"].startswith("Sau khi hết hạn, chuyển hồ sơ")
    assert said["distribution"] == "Lãnh đạo UBND\nBộ phận một cửa"


def test_steps_stand_in_their_phases_with_their_time_as_it_is_typed() -> None:
    assert steps(understood(files.usual())) == [
        (
            "I. Cấp xã",
            [
                ("Nộp hồ sơ", "Tổ chức, cá nhân", "Giờ hành chính working_day"),
                ("Tiếp nhận, kiểm tra hồ sơ", "Bộ phận một cửa", "0,5 working_day"),
                ("Thẩm định", "Công chức Tư pháp", "4 hour"),
            ],
        ),
        (
            "II. Cấp tỉnh",
            [
                ("Ký duyệt", "Lãnh đạo Sở", "1 working_day"),
                ("Trả kết quả", "Bộ phận một cửa", "–"),
            ],
        ),
    ]


def test_what_is_not_taken_is_named_with_the_reason_and_nothing_falls_away_unsaid() -> None:
    found = understood(files.usual())
    assert [(each.title, each.why) for each in found.left] == [
        ("", "Đứng trước phần đầu tiên: trang bìa, bảng ký, mục lục."),
        ("SỬA ĐỔI TÀI LIỆU", "Đứng trước phần đầu tiên: trang bìa, bảng ký, mục lục."),
        ("Cơ sở pháp lý", "Lấy từ thủ tục hành chính được mô tả, không chép vào quy trình."),
        ("Thành phần hồ sơ", "Lấy từ thủ tục hành chính được mô tả, không chép vào quy trình."),
        ("TRÁCH NHIỆM THI HÀNH", "Không khớp phần nào của tài liệu ở đây."),
        ("Tổng thời gian", "Dòng tổng tự cộng từ các bước."),
    ]
    assert "QT-13/TP" in found.left[0].text
    assert "Sửa mẫu" in found.left[0].text, "a table of amendments is no table of steps"
    assert found.left[-2].text == "Công chức Tư pháp thi hành."
    assert {each.sentence.partition("s ")[2]: each.count for each in found.notes} == {
        "bước chưa đọc được thời gian; hãy ghi lại ở ô thời gian.": 1,
        "mã biểu mẫu được tách ra khỏi cột kết quả.": 1,
        "bước ghi “ngày”, được hiểu là ngày làm việc.": 1,
    }


def test_steps_in_one_great_table_with_merged_cells_and_cut_in_two_are_understood() -> None:
    found = understood(files.in_one_table())
    assert steps(found) == [
        (
            "",
            [
                ("Tiếp nhận", "Một cửa", "0,5 working_day"),
                ("Thẩm tra", "Chuyên viên", "1,5 working_day"),
                ("Trình ký", "Trưởng phòng", "–"),
                ("Ký\nvà đóng dấu", "Chủ tịch", "0,5 hour"),
            ],
        )
    ], "a time over two steps counts once; a row without a number goes on with the step above"
    assert [each.title for each in found.left][2:] == [
        "Cơ sở pháp lý",
        "Thành phần hồ sơ",
        "Số lượng hồ sơ",
    ]
    assert [each["name"] for each in found.fields["records"]] == ["Tờ khai", "Giấy xác nhận"]


def test_headings_numbered_by_word_and_steps_in_sentences_are_understood() -> None:
    found = understood(files.numbered_by_word())
    assert found.fields["purpose"] == "Thống nhất.\n- Rõ trách nhiệm"
    assert found.fields["terms"] == [{"term": "HĐND", "meaning": "Hội đồng nhân dân"}]
    assert found.fields["forms"] == [
        {"code": "BM.01", "name": "Phiếu tiếp nhận"},
        {"code": "", "name": "Phiếu trình"},
    ]
    assert [what for _, rows in steps(found) for what, *_ in rows] == [
        "Tiếp nhận hồ sơ",
        "Trả kết quả",
    ]
    assert [each.title for each in found.left] == ["TRÁCH NHIỆM"]


def test_a_process_in_an_old_font_is_understood_as_it_was_meant() -> None:
    said = understood(files.in_old_font()).fields
    assert said == {"purpose": "Thống nhất cách làm.", "applies_to": "Toàn xã."}


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("0,5 ngày làm việc", ("0,5", StepUnit.WORKING_DAY)),
        ("Tối đa 02 ngày (16 giờ)", ("2", StepUnit.WORKING_DAY)),
        ("1/2 ngày", ("0,5", StepUnit.WORKING_DAY)),
        ("¼ ngày", ("0,25", StepUnit.WORKING_DAY)),
        ("01 buổi", ("4", StepUnit.HOUR)),
        ("1 ngày 4 giờ", ("12", StepUnit.HOUR)),
        ("45 phút", ("0,75", StepUnit.HOUR)),
        ("4 giờ làm việc.", ("4", StepUnit.HOUR)),
        ("10 phút", None),
        ("1 - 2 ngày", None),
        ("0 ngày", None),
        ("1/0 ngày", None),
        ("3 tháng", None),
        ("Giờ hành chính", None),
        ("", None),
    ],
)
def test_a_time_is_read_only_where_it_is_one_on_a_quarter(
    said: str, typed: tuple[str, StepUnit] | None
) -> None:
    assert word_tables.time_of(said) == typed


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("1. MỤC ĐÍCH", "purpose"),
        ("Mục 1. Mục đích, yêu cầu", "purpose"),
        ("2/ Phạm vi và đối tượng áp dụng:", "applies_to"),
        ("III. TÀI LIỆU VIỆN DẪN", "references"),
        ("4. Thuật ngữ, định nghĩa và chữ viết tắt", "terms"),
        ("Định nghĩa/viết tắt", "terms"),
        ("5.0 Điều kiện thực hiện TTHC", "conditions"),
        ("5.7 Quy trình xử lý công việc", "phases"),
        ("Trình tự giải quyết", "phases"),
        ("6. Biểu mẫu sử dụng", "forms"),
        ("7- HỒ SƠ CẦN LƯU TRỮ", "records"),
        ("Nơi nhận (ghi rõ nơi nhận rồi đánh dấu X)", "distribution"),
        ("5.4. Thời gian xử lý: 03 ngày", "bound"),
        ("Mục đích của cuộc họp", ""),
        ("Hồ sơ gồm có", ""),
    ],
)
def test_a_heading_is_known_by_its_words_whatever_stands_before(
    heading: str, part: str
) -> None:
    assert split([Line(heading)], word_process.KNOWN)[-1].key == part


HEADINGS = ("1. MỤC ĐÍCH", "2. Phạm vi", "3. ĐỊNH NGHĨA", "5.1 Cơ sở pháp lý", "7. TRÁCH NHIỆM")
LINES = tuple(f"điều thứ {number}" for number in ("nhất", "hai", "ba", "tư", "năm"))


@given(st.lists(st.sampled_from((*HEADINGS, *LINES))))
def test_no_line_of_a_file_falls_away_unsaid(lines: list[str]) -> None:
    found = word_process.understand([Line(each) for each in lines])
    said = "\n".join((*strings(found.fields), *(each.text for each in found.left))).split("\n")
    assert sorted(each for each in said if each in LINES) == sorted(
        each for each in lines if each in LINES
    )


def test_a_process_handed_out_as_word_comes_back_as_it_was() -> None:
    phases = tuple(
        phase.model_copy(update={"steps": tuple(step for step in phase.steps if not step.case)})
        for phase in PROCESS.phases
    )
    content = PROCESS.model_copy(update={"phases": phases})
    sheet = Sheet(*["x"] * 10, pieces=pieces(content))  # type: ignore[misc, arg-type]
    found = understood(docx_of(sheet, datetime(2026, 8, 3, tzinfo=UTC)))
    read, faults = process_editor.read(found.fields, Process())
    assert not faults
    assert read is not None
    assert read.sections() == content.sections()


@pytest.fixture
def line(app: Flask, office: Office, clock: Clock) -> int:
    """Draft one process; return its line."""
    with app.app_context():
        deciding = Deciding(app, office, clock)
        told = RevisionText(
            title="Quy trình", content=Process(purpose="Có sẵn."), audience=Audience.INTERNAL
        )
        return deciding.add(
            deciding.open(), Action.ISSUE, told, code="QT-13/TP", kind="process"
        )


@sqlite_only
def test_the_parts_chosen_stand_in_their_fields_to_be_checked_and_saved(
    signed_in: As, line: int
) -> None:
    thuky = signed_in("thuky")

    def post(form: dict[str, object], do: str, status: int = 200) -> Page:
        sent = form | {"do": do}
        return thuky.post("documents.texts.edit", sent, status=status, change_id=line)

    form = fields(thuky.get("documents.texts.edit", change_id=line)) | {"summary": "Gõ dở"}
    page = post(form | {"word-file": (io.BytesIO(files.usual()), "qt.docx")}, "word")
    assert "thay nội dung đang có" in page.text
    assert page.one("#purpose").strip() == "Có sẵn."
    shown = fields(page)
    del shown["word-part-purpose"]
    page = post(shown, "word-take")
    assert page.one("#purpose").strip() == "Có sẵn.", "what was not chosen stays as it was"
    assert page.one("#applies_to").strip() == "Áp dụng tại Ủy ban nhân dân các xã."
    assert page.one("#phases-1-steps-0-what").strip() == "Ký duyệt"
    assert page.attributes("#phases-0-steps-0-time", "value") == ["Giờ hành chính"]
    taken = fields(page)
    page = post(taken, "save", status=422)
    assert "Hãy ghi thời gian bằng số" in page.one("#phases-0-steps-0-time-wrong")
    post(taken | {"phases-0-steps-0-time": "", "phases-0-steps-0-untimed": "y"}, "save", 303)
    page = thuky.get("documents.texts.edit", change_id=line)
    assert page.attributes("#phases-0-steps-1-form_code", "value") == ["BM.TP.13.01"]


@sqlite_only
def test_what_a_browser_sends_instead_of_a_file_read_is_refused_in_words(
    signed_in: As, line: int
) -> None:
    thuky = signed_in("thuky")
    form = fields(thuky.get("documents.texts.edit", change_id=line)) | {"do": "word-take"}
    deep = "<table><tr><td>" * 2_000
    page = thuky.post(
        "documents.texts.edit", form | {"word-html": deep}, status=422, change_id=line
    )
    assert "Không đọc được tệp Word này" in page.one("#word-file-wrong")


def test_steps_are_shown_by_phase_with_times_nobody_can_read_marked() -> None:
    (told,) = [
        e for e in word_process.told(understood(files.usual()).fields) if e.name == "phases"
    ]
    first, table, second, _ = told.blocks
    assert isinstance(first, Paragraph)
    assert isinstance(second, Paragraph)
    assert (first.text, second.text) == ("I. Cấp xã", "II. Cấp tỉnh")
    assert isinstance(table, Table)
    assert [row[3] for row in table.rows] == [
        "“Giờ hành chính” (chưa đọc được)",
        "0,5 ngày làm việc",
        "4 giờ",
    ]
