"""What the pages on which audits are planned accept: programme, audit, hours, team."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from qms.accounts.forms import choices
from qms.audits.forms import (
    ANY,
    DUTY_WORDS,
    SESSION_WORDS,
    STATE_WORDS,
    ClockField,
    TickedField,
)
from qms.audits.models import REASON_LENGTH, TITLE_LENGTH
from qms.web.forms import DayField, Form


class ListForm(Form):
    """Which audits are listed; read from the address."""

    class Meta(Form.Meta):
        """Nothing is changed by it."""

        csrf = False

    year = SelectField(_l("Năm"), default="")
    state = SelectField(_l("Tình trạng"), choices=choices([ANY, *STATE_WORDS.items()]))
    unit = SelectField(_l("Đơn vị"), default="")


class CalendarForm(Form):
    """Whose audits the calendar shows; read from the address."""

    class Meta(Form.Meta):
        """Nothing is changed by it."""

        csrf = False

    unit = SelectField(_l("Đơn vị"), default="")


class AuditForm(Form):
    """What an audit is about."""

    title = StringField(
        _l("Tên cuộc đánh giá"),
        [DataRequired(), Length(max=TITLE_LENGTH)],
        description=_l("Ví dụ: Đánh giá nội bộ đợt 1 năm 2026."),
    )
    units = TickedField(
        _l("Đơn vị được đánh giá"), [InputRequired(_l("Hãy chọn ít nhất một đơn vị."))]
    )
    scope = TextAreaField(
        _l("Phạm vi"),
        [DataRequired(), Length(max=4_000)],
        description=_l("Quy trình, thủ tục, hoạt động nào."),
        render_kw={"rows": 3},
    )
    criteria = TextAreaField(
        _l("Chuẩn mực đánh giá"),
        [DataRequired(), Length(max=4_000)],
        description=_l("Tiêu chuẩn, tài liệu của hệ thống, văn bản pháp luật."),
        render_kw={"rows": 3},
    )
    first_day = DayField(_l("Đánh giá từ ngày"), [InputRequired()])
    last_day = DayField(_l("Đến hết ngày"), [InputRequired()])
    period_first = DayField(
        _l("Kỳ được đánh giá từ ngày"),
        [InputRequired()],
        description=_l("Công việc của những ngày nào được xem xét."),
    )
    period_last = DayField(_l("Kỳ được đánh giá đến ngày"), [InputRequired()])
    off_days = BooleanField(_l("Vẫn đánh giá vào ngày nghỉ, nếu có ngày nghỉ ở giữa."))
    outside_reason = TextAreaField(
        _l("Lý do đánh giá ngoài chương trình"),
        [Length(max=REASON_LENGTH)],
        description=_l(
            "Chỉ ghi khi chương trình đã phê duyệt không còn lượt cho đơn vị; được in trên giấy tờ."
        ),
        render_kw={"rows": 2},
    )

    def validate_last_day(self, field: Field) -> None:
        """Refuse an end before the beginning, at the end."""
        if self.first_day.data and field.data and field.data < self.first_day.data:
            raise ValidationError(gettext("Ngày kết thúc không thể trước ngày bắt đầu."))

    def validate_period_last(self, field: Field) -> None:
        """Refuse a period that ends before it begins, or after the audit, at its end."""
        if self.period_first.data and field.data and field.data < self.period_first.data:
            raise ValidationError(gettext("Kỳ được đánh giá phải kết thúc sau khi bắt đầu."))
        if self.last_day.data and field.data and field.data > self.last_day.data:
            raise ValidationError(
                gettext("Kỳ được đánh giá không thể kéo dài sau ngày đánh giá cuối cùng.")
            )


class HourForm(Form):
    """One line of the plan."""

    day = DayField(_l("Ngày"), [InputRequired()])
    begins = ClockField(_l("Từ giờ"), [InputRequired()])
    ends = ClockField(_l("Đến giờ"), [InputRequired()])
    session = SelectField(_l("Việc"), choices=choices(SESSION_WORDS.items()))
    unit = SelectField(_l("Đơn vị"), [Optional()])
    subject = StringField(
        _l("Nội dung"),
        [Length(max=TITLE_LENGTH)],
        description=_l("Quy trình, điều khoản được đánh giá."),
    )
    auditors = TickedField(_l("Người đánh giá"), [Optional()])
    why = StringField(
        _l("Lý do thay đổi sau thông báo"),
        [Length(max=REASON_LENGTH)],
        description=_l("Bắt buộc; trưởng đơn vị thấy thay đổi trong việc của mình."),
    )

    def validate_ends(self, field: Field) -> None:
        """Refuse an end before the beginning, at the end."""
        if self.begins.data and field.data and field.data <= self.begins.data:
            raise ValidationError(gettext("Giờ kết thúc phải sau giờ bắt đầu."))


class DecisionForm(Form):
    """The decision by which a leader approves: its number and its day."""

    number = StringField(
        _l("Số quyết định"),
        [DataRequired(), Length(max=60)],
        description=_l("Ví dụ: 15/QĐ-UBND."),
    )
    dated = DayField(_l("Ngày ký"), [InputRequired()])


class ApprovalForm(DecisionForm):
    """The decision by which a leader approves a programme, also one that audits too seldom."""

    confirmed = BooleanField(
        _l("Tôi đã xem những đơn vị được xếp ít lần hơn nên có và vẫn phê duyệt.")
    )


class MemberForm(Form):
    """Somebody to be taken into a team."""

    person = SelectField(_l("Người"), [InputRequired()])
    duty = SelectField(_l("Vai trò"), choices=choices(DUTY_WORDS.items()))


class ExceptionForm(Form):
    """A leader's exception from independence."""

    conflict = SelectField(_l("Ngoại lệ cho"), [InputRequired()])
    reason = TextAreaField(
        _l("Lý do"),
        [DataRequired(), Length(max=REASON_LENGTH)],
        description=_l("Được in trong báo cáo."),
        render_kw={"rows": 2},
    )
