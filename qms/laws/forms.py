"""Forms about legal texts."""

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from qms.documents import rules as documents
from qms.documents.decision_forms import choices
from qms.documents.forms import ANY, IntoForm
from qms.documents.kinds.legal import TYPE_WORDS
from qms.laws.rules import Event, Verdict
from qms.web.forms import DayField, Form

EVENT_WORDS: Final = {
    Event.BEGINS: _l("có hiệu lực"),
    Event.ENDS: _l("hết hiệu lực"),
    Event.AMENDED: _l("được sửa đổi"),
}
VERDICT_WORDS: Final = {
    Verdict.CURRENT: _l("Đã rà soát, còn đúng"),
    Verdict.CHANGED: _l("Đã rà soát, đã đổi"),
}
LONG: Final = 2_000
OVERDUE: Final = "overdue"


class NewForm(IntoForm):
    """What tells one legal text from another, and the decision that takes its record in."""

    owner = SelectField(_l("Đơn vị quản lý"), choices=[])
    type = SelectField(
        _l("Loại văn bản"),
        choices=choices(*((each.value, _l(words)) for each, words in TYPE_WORDS.items())),
    )
    number = StringField(
        _l("Số, ký hiệu"),
        validators=[DataRequired(), Length(max=60)],
        description=_l("Như trên văn bản, ví dụ 85/2019/TT-BTC."),
    )
    issuer = StringField(_l("Cơ quan ban hành"), validators=[DataRequired(), Length(max=300)])
    dated = DayField(_l("Ngày ban hành"), validators=[InputRequired()])
    title = StringField(
        _l("Tên văn bản"), validators=[DataRequired(), Length(max=documents.TITLE_LENGTH)]
    )
    in_force_from = DayField(_l("Có hiệu lực từ ngày"))


class FileForm(Form):
    """The scan of a legal text."""

    version = HiddenField()
    file = FileField(_l("Tệp văn bản (PDF, JPEG hoặc PNG)"))


class WaiveForm(Form):
    """Why a document needs no new text."""

    reason = TextAreaField(
        _l("Vì sao không cần sửa"), validators=[DataRequired(), Length(max=LONG)]
    )


class CheckForm(Form):
    """What the yearly check of a record found."""

    verdict = RadioField(
        _l("Kết quả rà soát"),
        choices=choices(*((each.value, words) for each, words in VERDICT_WORDS.items())),
        validators=[InputRequired()],
    )
    note = TextAreaField(_l("Đã đổi gì, hoặc văn bản nào thay"), validators=[Length(max=LONG)])


class DutiesForm(Form):
    """Which open duties are listed; read from the address."""

    class Meta(Form.Meta):
        """Nothing is changed by it."""

        csrf = False

    unit = SelectField(_l("Đơn vị"), choices=choices(ANY))
    only = SelectField(
        _l("Thời hạn"), choices=choices(ANY, (OVERDUE, _l("Chỉ việc đã quá hạn")))
    )
