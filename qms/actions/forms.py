"""What the pages of findings and requests accept."""

from collections.abc import Collection, Iterable
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired, MultipleFileField
from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from qms.accounts.forms import choices
from qms.actions import rules
from qms.actions.lists import LATE, OPEN
from qms.actions.rules import Grade, Source, Step
from qms.web.forms import DayField, Form

LONGEST: Final = 10_000
NEEDED: Final = DataRequired()
ANY: Final = ("", _l("Tất cả"))
NONE_YET: Final = ("", _l("– chọn –"))

GRADE_WORDS: Final = {
    Grade.MAJOR: _l("Không phù hợp nặng"),
    Grade.MINOR: _l("Không phù hợp nhẹ"),
    Grade.REMARK: _l("Lưu ý"),
    Grade.OPPORTUNITY: _l("Cơ hội cải tiến"),
}
SOURCE_WORDS: Final = {
    Source.OBSERVATION: _l("Tự phát hiện"),
    Source.AUDIT: _l("Đánh giá nội bộ"),
    Source.INSPECTION: _l("Kiểm tra của tỉnh"),
    Source.COMPLAINT: _l("Phản ánh, kiến nghị, khiếu nại"),
    Source.LATE_WORK: _l("Hồ sơ trễ hạn"),
    Source.MANAGEMENT_REVIEW: _l("Xem xét của lãnh đạo"),
}
STATE_WORDS: Final = {state: _l(words) for state, words in rules.STATE_WORDS.items()}
STEP_WORDS: Final = {
    Step.ANALYSE.value: _l("Trình phê duyệt"),
    Step.SEND_BACK.value: _l("Trả lại kế hoạch"),
    Step.APPROVE.value: _l("Phê duyệt"),
    Step.BEGIN.value: _l("Bắt đầu thực hiện"),
    Step.REPLAN.value: _l("Lập lại kế hoạch"),
    Step.FINISH.value: _l("Gửi kiểm tra xác nhận"),
    Step.REJECT.value: _l("Chưa đạt, làm tiếp"),
    Step.VERIFY.value: _l("Xác nhận đã thực hiện"),
    Step.CLOSE.value: _l("Có hiệu lực, đóng phiếu"),
    Step.CARRY_ON.value: _l("Chưa có hiệu lực, lập phiếu mới"),
    Step.ANNUL.value: _l("Hủy"),
    "prove": _l("Thêm bằng chứng"),
    "draft": _l("Lập dự thảo quyết định"),
    "do": _l("Làm xong một hành động"),
    "write": _l("Viết phân tích, kế hoạch"),
    "correct": _l("Ghi khắc phục ngay"),
    "reopen": _l("Phải làm lại, cần bằng chứng mới"),
}
ONLY_WORDS: Final = {"": _l("Tất cả"), OPEN: _l("Còn mở"), LATE: _l("Quá hạn")}


def long_text(label: object, rows: int, hint: object = "", needed: Any = NEEDED) -> Any:  # noqa: ANN401 - WTForms has no types
    """Return a field for several lines."""
    return TextAreaField(
        label,
        [needed, Length(max=LONGEST)],
        description=hint,
        render_kw={"rows": rows},
    )


class ListForm(Form):
    """What a list is asked for; read from the address."""

    class Meta(Form.Meta):
        """Nothing is changed by it."""

        csrf = False

    unit = SelectField(_l("Đơn vị"))
    state = SelectField(_l("Tình trạng"), choices=choices([ANY, *STATE_WORDS.items()]))
    grade = SelectField(_l("Mức độ"), choices=choices([ANY, *GRADE_WORDS.items()]))
    source = SelectField(_l("Nguồn"), choices=choices([ANY, *SOURCE_WORDS.items()]))
    year = SelectField(_l("Năm"))
    only = SelectField(_l("Chỉ xem"), choices=choices(ONLY_WORDS.items()))

    @property
    def narrowed(self) -> bool:
        """Whether the list is asked for less than all."""
        return any(each.data for each in self)

    def offer(
        self,
        living: Iterable[tuple[int, str]],
        ended: Collection[tuple[int, str]],
        years: Iterable[int],
    ) -> None:
        """Offer units, those that ended in a group of their own, and years to choose among."""
        units = [ANY, *((str(each), words) for each, words in living)]
        over = choices((str(each), words) for each, words in ended)
        for each in over:
            each.optgroup = str(_l("Đơn vị đã kết thúc"))
        self.unit.choices = [*choices(units), *over]
        self.year.choices = choices([ANY, *((str(each), str(each)) for each in years)])


class FindingForm(Form):
    """A finding, as somebody raises it."""

    unit = SelectField(_l("Đơn vị có phát hiện"), [InputRequired()])
    source = SelectField(
        _l("Nguồn"),
        choices=choices(
            (each, words) for each, words in SOURCE_WORDS.items() if each is not Source.AUDIT
        ),
    )
    source_ref = StringField(
        _l("Số hiệu của nguồn"),
        [
            Length(max=120),
            Regexp("(?i)(?!audit/)", message=_l("Phát hiện của cuộc đánh giá lập từ phiếu.")),
        ],
        description=_l("Ví dụ: biên bản số 03/BB-KHCN, phản ánh số 12."),
    )
    grade = SelectField(
        _l("Mức độ"), [InputRequired()], choices=choices([NONE_YET, *GRADE_WORDS.items()])
    )
    clause = SelectField(_l("Điều khoản của tiêu chuẩn"), [InputRequired()])
    document = StringField(
        _l("Mã tài liệu liên quan"),
        [Length(max=100)],
        description=_l("Bản đang áp dụng hôm nay được ghi lại. Ví dụ: QT-11/TP."),
    )
    text = long_text(_l("Mô tả phát hiện"), 4, _l("Việc gì không đúng, so với yêu cầu nào."))
    evidence = long_text(_l("Bằng chứng"), 3, _l("Đã thấy gì, ở hồ sơ nào, ngày nào."))
    minutes_on = DayField(
        _l("Ngày ký biên bản kiểm tra"),
        description=_l("Chỉ với kiểm tra của tỉnh: hạn báo cáo là 2 tháng sau ngày này."),
    )
    due = DayField(
        _l("Hạn của phiếu khắc phục"),
        description=_l("Để trống là 30 ngày. Lưu ý và cơ hội cải tiến không cần phiếu."),
    )
    files = MultipleFileField(
        _l("Ảnh, bản chụp, tệp"), description=_l("PDF, JPEG, PNG, DOCX hoặc XLSX.")
    )


class AnswerForm(Form):
    """The answer to a remark or an opportunity."""

    answer = long_text(_l("Trả lời"), 3, _l("Đã làm gì, hoặc vì sao không cần làm."))


class ReasonForm(Form):
    """Why something is taken back."""

    reason = long_text(_l("Lý do"), 2)


class RegradeForm(Form):
    """What a finding weighs now, and why."""

    grade = SelectField(_l("Mức độ"), choices=choices(GRADE_WORDS.items()))
    reason = long_text(_l("Lý do đổi mức"), 2)
    due = DayField(
        _l("Hạn của phiếu khắc phục"),
        description=_l("Để trống là 30 ngày. Lưu ý và cơ hội cải tiến không cần phiếu."),
    )
    minutes_on = DayField(
        _l("Ngày ký biên bản kiểm tra"),
        description=_l("Chỉ với kiểm tra của tỉnh: hạn báo cáo là 2 tháng sau ngày này."),
    )


class HandForm(Form):
    """The unit that takes over a finding; the view sets which may."""

    unit = SelectField(_l("Đơn vị tiếp nhận"), [InputRequired()])
    reason = StringField(_l("Ghi chú"), [Length(max=1_000)])


class ScanForm(Form):
    """The scan of a signed paper."""

    scan = FileField(
        _l("Bản chụp tờ đã ký"),
        [FileRequired(_l("Hãy chọn tệp bản chụp."))],
        description=_l("PDF, JPEG hoặc PNG; đính kèm một lần, không thay được."),
    )


class DraftForm(Form):
    """The document that an action changes."""

    code = StringField(_l("Mã tài liệu phải sửa"), [DataRequired(), Length(max=100)])


class StepForm(Form):
    """What a step may need: words, a day, and what was not done after all."""

    words = long_text(_l("Ý kiến"), 2, needed=Optional())


class BackForm(Form):
    """A step back: why."""

    words = long_text(_l("Lý do"), 2)


class RejectForm(BackForm):
    """Work that is not done after all."""

    reopened = SelectMultipleField(_l("Hành động phải làm lại"), coerce=int)


class VerifyForm(Form):
    """That it was done, and when its effect can be judged."""

    words = long_text(_l("Đã xem gì, thấy gì"), 2)
    effect_due = DayField(
        _l("Ngày kiểm tra hiệu lực"),
        [InputRequired()],
        description=_l(
            "Một ngày sau này, khi đã đủ thời gian để biết sự việc có lặp lại không."
        ),
    )


class EffectForm(Form):
    """Whether it worked."""

    words = long_text(_l("Bằng chứng về hiệu lực"), 2)


class CarryOnForm(BackForm):
    """Why it did not work, and by when the next request is due."""

    due = DayField(_l("Hạn của phiếu mới"), description=_l("Để trống là 30 ngày."))


class TimeForm(Form):
    """A later day, and why."""

    until = DayField(_l("Xin lùi đến ngày"), [InputRequired()])
    reason = long_text(_l("Lý do"), 2)
