"""Forms about units and what stands at the head of their paper."""

from typing import Final

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional

from qms.accounts.forms import choices
from qms.units.rules import Level
from qms.web.forms import DayField, Form

LEVEL_LABELS: Final = {
    Level.MINISTRY: _l("cấp bộ"),
    Level.PROVINCE: _l("cấp tỉnh"),
    Level.DISTRICT: _l("cấp huyện"),
    Level.COMMUNE: _l("cấp xã"),
    Level.INNER: _l("phòng, ban, trung tâm"),
}

_NEEDED: Final = DataRequired()
_DAY: Final = InputRequired()
_LEVELS: Final = choices((level.value, label) for level, label in LEVEL_LABELS.items())


class UnitForm(Form):
    """A new unit below another; the units are set by the view."""

    parent = SelectField(_l("Trực thuộc"), [_NEEDED])
    name = StringField(_l("Tên đơn vị"), [_NEEDED, Length(max=300)])
    slug = StringField(
        _l("Địa chỉ"),
        [_NEEDED, Length(max=60)],
        description=_l(
            "Một từ dùng mãi mãi trong địa chỉ trang: chữ thường không dấu, số, dấu gạch."
        ),
        render_kw={"autocapitalize": "none", "spellcheck": "false"},
    )
    level = SelectField(_l("Cấp"), [_NEEDED], choices=_LEVELS)
    first_day = DayField(_l("Hoạt động từ ngày"), [_DAY])
    office = BooleanField(
        _l("Có con dấu và hệ thống quản lý chất lượng riêng"),
        description=_l("Chức trách ở đơn vị cấp trên không với tới bên trong đơn vị này."),
    )


class EndUnitForm(Form):
    """The last day of a unit and who takes over; the units are set by the view."""

    last_day = DayField(_l("Ngày hoạt động cuối cùng"), [_DAY])
    successors = SelectMultipleField(
        _l("Đơn vị tiếp nhận"),
        description=_l("Chọn được nhiều đơn vị; để trống khi giải thể."),
    )
    carrier = SelectField(
        _l("Đơn vị ký tiếp tài liệu của đơn vị này"),
        description=_l("Cần khi có nhiều đơn vị tiếp nhận."),
    )
    note = StringField(_l("Ghi chú"), [Length(max=500)])


class HeadingForm(Form):
    """What stands at the head of paper from a day on."""

    from_day = DayField(_l("Từ ngày"), [_DAY])
    name = StringField(_l("Tên cơ quan"), [_NEEDED, Length(max=300)])
    level = SelectField(_l("Cấp"), [_NEEDED], choices=_LEVELS)
    superior = StringField(_l("Cơ quan cấp trên"), [Length(max=300)])
    place = StringField(
        _l("Địa danh"), [Length(max=60)], description=_l("Đứng trước ngày tháng trên giấy.")
    )
    seat = StringField(_l("Trụ sở"), [Length(max=300)])
    phone = StringField(_l("Điện thoại"), [Length(max=60)])
    email = StringField(_l("Thư điện tử"), [Optional(), Email(), Length(max=120)])
    website = StringField(_l("Trang thông tin"), [Length(max=200)])
    feedback = TextAreaField(
        _l("Nơi nhận phản ánh, kiến nghị"),
        [Length(max=2000)],
        description=_l("In ở cuối mỗi tờ niêm yết."),
        render_kw={"rows": 3},
    )
