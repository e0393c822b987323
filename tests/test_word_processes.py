"""Processes out of Word files: what is understood, what is left out and named, what is taken."""

import io

import pytest
from flask import Flask

from qms.documents import word_blocks, word_process, word_reading
from qms.documents.kinds.process import Process
from qms.documents.rules import Audience, RevisionText
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
    assert found.left[-2].text == "Công chức Tư pháp thi hành."
    assert {each.sentence.partition("s ")[2]: each.count for each in found.notes} == {
        "bước chưa đọc được thời gian; hãy ghi lại ở ô thời gian.": 1,
        "mã biểu mẫu được tách ra khỏi cột kết quả.": 1,
        "bước ghi “ngày”, được hiểu là ngày làm việc.": 1,
    }


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
