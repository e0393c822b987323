"""Writing a process: what is typed, what is said beside it, and what it still lacks."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from qms.db import db
from qms.documents import queries
from qms.documents.kinds import process_editor, typing
from qms.documents.kinds.parts import LegalReference
from qms.documents.kinds.process import (
    FormUse,
    Phase,
    Process,
    ProcessStep,
    RecordKept,
    StepUnit,
    Term,
)
from qms.documents.rules import Audience, RevisionText
from qms.documents.timeline import Action
from tests.engines import sqlite_only
from tests.factories import Office
from tests.pages import Page
from tests.people import As
from tests.test_document_pages import Hands, edited, fields
from tests.when import MONDAY, Clock

STEP = ProcessStep(what="Tiếp nhận", who="Bộ phận một cửa", quarters=1)
PROCESS = Process(
    field="Hộ tịch",
    procedures=("1.004873",),
    purpose="Thống nhất cách làm.",
    applies_to="Toàn xã.",
    references=(LegalReference(name="Luật Hộ tịch", number="60/2014/QH13"),),
    clauses=("8.5.1", "7.5.3"),
    terms=(Term(term="UBND", meaning="Ủy ban nhân dân"),),
    phases=(
        Phase(
            name="I. Cấp xã",
            steps=(
                STEP,
                ProcessStep(
                    what="Thẩm tra",
                    who="Tư pháp",
                    case="Cần xác minh",
                    quarters=6,
                    unit=StepUnit.HOUR,
                ),
                ProcessStep(what="Trả", who="Một cửa", unit=StepUnit.HOUR, result="Giấy"),
            ),
        ),
        Phase(name="II. Cấp tỉnh", steps=(ProcessStep(what="Duyệt", who="Sở", quarters=28),)),
    ),
    forms=(FormUse(code="BM.01", name="Phiếu"),),
    records=(RecordKept(name="Sổ", keeper="Văn phòng", retention="05 năm"),),
    distribution="Lãnh đạo\nVăn phòng",
)


@pytest.fixture
def hands(office: Office, clock: Clock) -> Hands:
    return Hands(office, clock)


def drafted(hands: Hands, content: Process = PROCESS) -> int:
    text = RevisionText("Xác nhận", content, audience=Audience.INTERNAL)
    _, _, line = hands.draft(
        text, code="QT-13/TP", kind="process", action=Action.ISSUE, day=MONDAY
    )
    return line


def saved(line: int) -> Process:
    db.session.rollback()
    revision = queries.line(db.session(), line).revision
    assert revision is not None
    content = queries.text_of(revision).content
    assert isinstance(content, Process)
    return content


WORDS = st.text("aăđ 1,", max_size=8).map(str.strip)
STEPS = st.builds(
    ProcessStep,
    what=WORDS,
    who=WORDS,
    case=WORDS,
    quarters=st.none() | st.integers(1, 40_000),
    unit=st.sampled_from(StepUnit),
    form_code=WORDS,
    result=WORDS,
)


@given(
    st.builds(
        Process,
        phases=st.lists(
            st.builds(Phase, name=WORDS, steps=st.lists(STEPS, max_size=3).map(tuple)),
            max_size=3,
        ).map(tuple),
        procedures=st.lists(WORDS.filter(bool), max_size=2).map(tuple),
        records=st.lists(
            st.builds(RecordKept, name=WORDS, order=WORDS, disposal=WORDS), max_size=2
        ).map(tuple),
        note=WORDS,
    )
)
def test_what_is_shown_is_read_back_as_the_same_process(content: Process) -> None:
    read, faults = process_editor.read(process_editor.typed(content), Process())
    assert (read, faults) == (content, {})


def test_saving_what_was_not_changed_changes_nothing(
    app: Flask, signed_in: As, hands: Hands
) -> None:
    with app.app_context():
        line = drafted(hands)
    page = edited(signed_in("thuky"), line, status=303)
    assert "Đã lưu bản thảo." in page.text
    with app.app_context():
        assert saved(line) == PROCESS


def test_a_process_is_written_row_by_row_and_its_steps_number_themselves(
    app: Flask, signed_in: As, hands: Hands
) -> None:
    with app.app_context():
        line = drafted(hands, Process())
    thuky = signed_in("thuky")

    def press(page: Page, do: str, **typed: str) -> Page:
        form = fields(page) | {name.replace("__", "-"): said for name, said in typed.items()}
        status = 303 if do == "save" else 200
        return thuky.post(
            "documents.texts.edit", form | {"do": do}, status=status, change_id=line
        )

    page = thuky.get("documents.texts.edit", change_id=line)
    assert "Chưa ghi quy trình mô tả thủ tục nào." in page.text
    assert "Chưa ghi các bước xử lý." in page.text
    page = press(page, "procedures-add")
    page = press(page, "phases-add", procedures__0__code="1.004873", purpose="Thống nhất")
    page = press(page, "phases-0-steps-add", phases__0__name="I. Cấp xã")
    first = {
        "phases__0__steps__0__what": "Tiếp nhận",
        "phases__0__steps__0__who": "Một cửa",
        "phases__0__steps__0__time": "0,25",
    }
    page = press(page, "phases-0-steps-add", **first)
    second = {
        "phases__0__steps__1__what": "Trả kết quả",
        "phases__0__steps__1__who": "Một cửa",
        "phases__0__steps__1__untimed": "y",
    }
    page = press(page, "phases-add", **second)
    page = press(page, "phases-1-steps-add")
    assert "Trong quy trình là bước 3" in page.text
    page = press(page, "phases-0-steps-1-up")
    assert fields(page)["phases-0-steps-0-what"] == "Trả kết quả"
    page = press(page, "phases-1-remove")
    page = press(page, "save")
    with app.app_context():
        content = saved(line)
    assert content.procedures == ("1.004873",)
    assert [(s.what, s.quarters) for s in content.phases[0].steps] == [
        ("Trả kết quả", None),
        ("Tiếp nhận", 1),
    ]
    assert "Chưa ghi các bước xử lý." not in page.text


@sqlite_only
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"time": "0,3"}, "“0,3” không rơi vào phần tư nào."),
        ({"time": "nửa ngày"}, "Hãy ghi thời gian bằng số"),
        ({"time": ""}, "hoặc đánh dấu “Không tính thời gian”"),
        ({"time": "1", "untimed": "y"}, "bỏ dấu “Không tính thời gian”"),
    ],
)
def test_time_that_cannot_be_read_is_said_beside_its_step_and_kept(
    app: Flask, signed_in: As, hands: Hands, typed: dict[str, str], sentence: str
) -> None:
    with app.app_context():
        line = drafted(hands)
    path = "phases__0__steps__1__"
    page = edited(
        signed_in("thuky"), line, status=422, **{path + name: v for name, v in typed.items()}
    )
    assert sentence in page.one("#phases-0-steps-1-time-wrong")
    assert "Giai đoạn 1, Bước 2: " in page.one("[role=alert]")
    assert fields(page)["phases-0-steps-1-time"] == typed["time"]
    with app.app_context():
        assert saved(line) == PROCESS


def test_a_process_names_what_it_lacks() -> None:
    said = {words for _, words, _ in process_editor.missing(Process(phases=(Phase(),)))}
    assert "Chưa ghi bước nào." in said
    assert "Chưa ghi mục đích." in said
    nameless = Process(phases=(Phase(steps=(ProcessStep(what=" "),)), Phase()), label="mẫu")
    said = {words for _, words, _ in process_editor.missing(nameless)}
    assert {
        "Có bước chưa ghi nội dung công việc.",
        "Có bước chưa ghi người chịu trách nhiệm.",
        "Có giai đoạn chưa ghi bước nào.",
        "Còn nhãn cần đối chiếu; đối chiếu xong thì xóa nhãn.",
    } <= said
    assert process_editor.missing(PROCESS) == []


def test_an_unknown_unit_is_a_fault_of_its_field() -> None:
    typed = process_editor.typed(Process(phases=(Phase(steps=(STEP,)),)))
    typed["phases"][0]["steps"][0]["unit"] = "năm"
    content, faults = process_editor.read(typing.Typed(typed), Process())
    assert content is None
    assert list(faults) == ["phases-0-steps-0-unit"]
