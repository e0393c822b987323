"""What the pages of audits accept."""

from datetime import time
from typing import Any, Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    Field,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from qms.accounts.forms import choices
from qms.actions.forms import GRADE_WORDS
from qms.audits.answers import NOTE_LENGTH, Result, Source
from qms.audits.checklist_models import TOKEN_LENGTH
from qms.audits.models import REASON_LENGTH, TITLE_LENGTH
from qms.audits.papers import Name
from qms.audits.rules import Duty, Meeting, Session, State
from qms.errors import InvalidError
from qms.vietnamese import UnreadableError, parse_clock
from qms.web.forms import DayField, Form

STATE_WORDS: Final = {
    State.PLANNED: _l("Trong kế hoạch"),
    State.NOTIFIED: _l("Đã thông báo"),
    State.UNDER_WAY: _l("Đang đánh giá"),
    State.REPORTED: _l("Đã báo cáo"),
    State.CLOSED: _l("Đã đóng"),
    State.CANCELLED: _l("Đã hủy"),
}
STATE_LOOKS: Final = {
    State.PLANNED: "planned",
    State.NOTIFIED: "scheduled",
    State.UNDER_WAY: "in_review",
    State.REPORTED: "done",
    State.CLOSED: "old",
    State.CANCELLED: "cancelled",
}
DUTY_WORDS: Final = {
    Duty.LEAD: _l("Trưởng đoàn"),
    Duty.AUDITOR: _l("Đánh giá viên"),
    Duty.TRAINEE: _l("Đánh giá viên tập sự"),
}
SESSION_WORDS: Final = {
    Session.AUDIT: _l("Đánh giá"),
    Session.OPENING: _l("Họp mở đầu"),
    Session.TEAM: _l("Họp đoàn"),
    Session.CLOSING: _l("Họp kết thúc"),
}
MEETING_WORDS: Final = {
    Meeting.OPENING: _l("Họp mở đầu"),
    Meeting.CLOSING: _l("Họp kết thúc"),
}
RESULT_WORDS: Final = {
    Result.CONFORM: _l("Phù hợp"),
    Result.NONCONFORMING: _l("Không phù hợp"),
    Result.REMARK: _l("Lưu ý"),
    Result.NOT_CHECKED: _l("Không kiểm tra"),
}
RESULT_LOOKS: Final = {
    Result.CONFORM: "done",
    Result.NONCONFORMING: "gone",
    Result.REMARK: "review",
    Result.NOT_CHECKED: "unknown",
}
SOURCE_WORDS: Final = {
    Source.STEP: _l("Bước của quy trình"),
    Source.LIMIT: _l("Thời hạn"),
    Source.PROCEDURE: _l("Thủ tục"),
    Source.FORM: _l("Biểu mẫu"),
    Source.DOCUMENT: _l("Tài liệu"),
    Source.CLAUSE: _l("Điều khoản"),
    Source.FINDING: _l("Phát hiện trước"),
    Source.OBSERVATION: _l("Hệ thống nhận thấy"),
    Source.OWN: _l("Tự ghi"),
}
PAPER_WORDS: Final = {
    Name.PROGRAMME: _l("Chương trình đánh giá năm"),
    Name.TEAM: _l("Quyết định thành lập đoàn"),
    Name.PLAN: _l("Kế hoạch đánh giá"),
    Name.NOTICE: _l("Thông báo"),
    Name.CHECKLIST: _l("Phiếu đánh giá"),
    Name.ATTENDANCE: _l("Danh sách dự họp"),
    Name.REPORT: _l("Báo cáo tổng hợp"),
}
ANY: Final = ("", _l("Tất cả"))


class ClockField(Field):  # type: ignore[misc]  # WTForms has no types
    """A time of a day, typed as 08:30 or 8h30; what was typed stays in it when it is none."""

    widget = widgets.TextInput()
    data: Any

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.typed: str | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; the sentence of a mistake stands beside the field."""
        if not valuelist:
            return
        self.typed = valuelist[0].strip()
        self.data = None
        if self.typed:
            try:
                self.data = parse_clock(self.typed)
            except UnreadableError as error:
                raise ValueError(str(gettext(error.sentence))) from None

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return f"{self.data:%H:%M}" if isinstance(self.data, time) else ""


class TickedField(SelectMultipleField):  # type: ignore[misc]  # WTForms has no types
    """Several of a list, as boxes to tick."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class ReasonForm(Form):
    """A step that wants, or may want, a reason."""

    reason = TextAreaField(_l("Lý do"), [Length(max=REASON_LENGTH)], render_kw={"rows": 2})

    def said(self) -> str:
        """Return the reason, if any; raise InvalidError where it is too long."""
        if self.validate():
            return self.reason.data or ""
        raise InvalidError("Lý do dài nhất %(most)s chữ.", most=REASON_LENGTH)


class MeetingForm(Form):
    """A meeting as it was held."""

    day = DayField(_l("Ngày"), [InputRequired()])
    begins = ClockField(_l("Lúc"), [InputRequired()])
    place = StringField(_l("Tại"), [Length(max=TITLE_LENGTH)])
    people = TextAreaField(
        _l("Người dự"),
        [DataRequired(), Length(max=10_000)],
        description=_l("Mỗi người một dòng: họ tên, rồi dấu phẩy và chức vụ."),
        render_kw={"rows": 6},
    )
    minutes = TextAreaField(_l("Nội dung, ý kiến"), [Length(max=10_000)], render_kw={"rows": 3})

    def attendants(self) -> tuple[tuple[str, str], ...]:
        """Return who was there, by name and post."""
        lines = (line.strip() for line in (self.people.data or "").splitlines())
        parts = (line.partition(",") for line in lines if line)
        return tuple((name.strip()[:120], post.strip()[:300]) for name, _, post in parts)


class ConclusionForm(Form):
    """What the team concludes."""

    conclusion = TextAreaField(
        _l("Kết luận của đoàn"),
        [DataRequired(), Length(max=20_000)],
        description=_l(
            "Điểm mạnh, điểm cần cải tiến, mức độ phù hợp và hiệu lực của hệ thống."
        ),
        render_kw={"rows": 6},
    )


class QualificationForm(Form):
    """What makes somebody an auditor."""

    person = SelectField(_l("Người"), [InputRequired()])
    name = StringField(
        _l("Khóa đào tạo, chứng nhận"),
        [DataRequired(), Length(max=TITLE_LENGTH)],
        description=_l("Ví dụ: Đánh giá viên nội bộ ISO 9001:2015."),
    )
    issuer = StringField(_l("Nơi cấp"), [Length(max=TITLE_LENGTH)])
    number = StringField(_l("Số"), [Length(max=60)])
    first_day = DayField(_l("Có giá trị từ"), [InputRequired()])
    last_day = DayField(
        _l("Đến hết"), [Optional()], description=_l("Để trống nếu không ghi thời hạn.")
    )


class AnswerForm(Form):
    """What was found at a line."""

    token = StringField(_l("Mã gửi"), [InputRequired(), Length(max=TOKEN_LENGTH)])
    result = RadioField(_l("Kết quả"), [InputRequired()], choices=choices(RESULT_WORDS.items()))
    note = TextAreaField(
        _l("Bằng chứng, ghi chú"), [Length(max=NOTE_LENGTH)], render_kw={"rows": 2}
    )


class SampleForm(Form):
    """A dossier that was looked at."""

    token = StringField(_l("Mã gửi"), [InputRequired(), Length(max=TOKEN_LENGTH)])
    number = StringField(_l("Số hồ sơ"), [DataRequired(), Length(max=80)])
    received = DayField(_l("Ngày nhận"), [InputRequired()])
    due = DayField(_l("Ngày hẹn trả"), [Optional()])
    returned = DayField(_l("Ngày trả"), [Optional()])


class EvidenceForm(Form):
    """A file or picture."""

    token = StringField(_l("Mã gửi"), [InputRequired(), Length(max=TOKEN_LENGTH)])
    file = FileField(_l("Ảnh, tệp PDF, DOCX hoặc XLSX"))


class OwnQuestionForm(Form):
    """A question in the auditor's own words."""

    question = TextAreaField(
        _l("Câu hỏi"), [DataRequired(), Length(max=4_000)], render_kw={"rows": 2}
    )
    clause = StringField(_l("Điều khoản"), [Length(max=20)])


class FindingForm(Form):
    """A finding that a line leads to."""

    unit = SelectField(_l("Đơn vị"), [InputRequired()])
    grade = SelectField(_l("Mức độ"), choices=choices(GRADE_WORDS.items()))
    clause = SelectField(_l("Điều khoản"), [InputRequired()])
    text = TextAreaField(
        _l("Nội dung phát hiện"),
        [DataRequired(), Length(max=4_000)],
        description=_l("Điều gì không đúng với yêu cầu nào."),
        render_kw={"rows": 3},
    )
    evidence = TextAreaField(
        _l("Bằng chứng"), [DataRequired(), Length(max=4_000)], render_kw={"rows": 3}
    )


class ScanForm(Form):
    """The scan of a signed paper."""

    file = FileField(_l("Bản chụp đã ký (PDF, JPEG, PNG)"))
