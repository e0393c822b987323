"""Forms about documents."""

from typing import Final

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from qms.documents import rules
from qms.documents.decision_forms import KIND_WORDS, choices
from qms.documents.master import Standing
from qms.documents.registering import CODE_LENGTH
from qms.documents.rules import Audience, Scope
from qms.units.rules import LEVEL_WORDS
from qms.web.forms import DayField, Form

STANDING_WORDS: Final = {
    Standing.IN_FORCE: _l("Hiện hành"),
    Standing.COMING: _l("Chờ hiệu lực"),
    Standing.WITHDRAWN: _l("Đã bãi bỏ"),
    Standing.DRAFT: _l("Dự thảo"),
}
AUDIENCE_WORDS: Final = {
    Audience.PUBLIC: _l("Công khai: ai cũng đọc được, có trên bảng niêm yết"),
    Audience.INTERNAL: _l("Nội bộ: người của đơn vị quản lý và các đơn vị áp dụng"),
    Audience.RESTRICTED: _l("Hạn chế: chỉ người của đơn vị quản lý"),
}
SCOPE_WORDS: Final = {
    Scope.OWNER: _l("Chỉ đơn vị quản lý"),
    Scope.UNITS: _l("Các đơn vị được chọn dưới đây"),
    Scope.LEVEL: _l("Mọi đơn vị trực thuộc ở một cấp"),
}
ANY: Final = ("", _l("Tất cả"))
LONG: Final = 20_000


class ListForm(Form):
    """What the master list is asked for; read from the address."""

    class Meta(Form.Meta):
        """Nothing is changed by it."""

        csrf = False

    q = StringField(_l("Từ trong mã hoặc tên"))
    kind = SelectField(_l("Loại"), choices=choices(ANY, *KIND_WORDS.items()))
    topic = SelectField(_l("Lĩnh vực"), choices=choices(ANY))
    owner = SelectField(_l("Đơn vị"), choices=choices(ANY))
    state = SelectField(_l("Tình trạng"), choices=choices(ANY, *STANDING_WORDS.items()))
    on = DayField(_l("Vào ngày"))


class IntoForm(Form):
    """Which draft decision takes a line: an open one, or a new one with this title."""

    into = SelectField(
        _l("Ghi vào quyết định"), choices=choices(("", _l("Một dự thảo quyết định mới")))
    )
    decision_title = StringField(
        _l("Trích yếu của quyết định mới"),
        validators=[Length(max=rules.TITLE_LENGTH)],
        description=_l("Để trống thì lấy theo tên tài liệu."),
    )
    effective_on = DayField(_l("Ngày có hiệu lực dự kiến của quyết định mới"))


class AmendForm(IntoForm):
    """How a document is to be changed."""

    whole = BooleanField(_l("Ban hành lại toàn bộ (lần ban hành mới, lần sửa đổi về 00)"))


class NewForm(IntoForm):
    """A new document and the decision that will issue it."""

    owner = SelectField(_l("Đơn vị quản lý"), choices=[])
    kind = SelectField(_l("Loại"), choices=choices(*KIND_WORDS.items()))
    code = StringField(
        _l("Mã"),
        validators=[DataRequired(), Length(max=CODE_LENGTH)],
        description=_l("Ví dụ: QT-16/VH. Mã đã dùng thì không đặt lại cho tài liệu khác."),
    )
    title = StringField(
        _l("Tên tài liệu"), validators=[DataRequired(), Length(max=rules.TITLE_LENGTH)]
    )


class TextForm(Form):
    """What a draft text says beside its content."""

    version = HiddenField()
    title = TextAreaField(
        _l("Tên tài liệu"), validators=[DataRequired(), Length(max=rules.TITLE_LENGTH)]
    )
    issue_no = IntegerField(
        _l("Lần ban hành"), validators=[InputRequired(), NumberRange(min=1, max=9_999)]
    )
    amendment_no = IntegerField(
        _l("Lần sửa đổi"), validators=[InputRequired(), NumberRange(min=0, max=9_999)]
    )
    audience = SelectField(_l("Ai được đọc?"), choices=choices(*AUDIENCE_WORDS.items()))
    scope = SelectField(_l("Áp dụng ở đâu?"), choices=choices(*SCOPE_WORDS.items()))
    scope_level = SelectField(
        _l("Cấp"), choices=choices(("", _l("Không chọn")), *LEVEL_WORDS.items())
    )
    scope_units = SelectMultipleField(_l("Các đơn vị áp dụng"), choices=[])
    review_months = IntegerField(
        _l("Xem xét lại sau mấy tháng"), validators=[Optional(), NumberRange(min=1, max=600)]
    )
    retention = StringField(_l("Thời hạn lưu"), validators=[Length(max=300)])
    summary = TextAreaField(
        _l("Sửa những gì"),
        validators=[Length(max=LONG)],
        description=_l("Người đọc thấy câu này trong lịch sử thay đổi."),
    )
    why = TextAreaField(_l("Vì sao sửa"), validators=[Length(max=LONG)])
