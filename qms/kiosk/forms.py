"""What the pages of screens accept."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length

from qms.kiosk.rules import COUNTER_LENGTH, NAME_LENGTH
from qms.web.forms import Form


class ScreenForm(Form):
    """Where a screen stands, and where it sends people while it shows nothing."""

    unit = SelectField(_l("Đơn vị"), [DataRequired()])
    name = StringField(
        _l("Nơi đặt màn hình"),
        [DataRequired(), Length(max=NAME_LENGTH)],
        description=_l("Ví dụ: Sảnh tầng 1, cạnh cửa chính."),
    )
    counter = StringField(
        _l("Quầy hướng dẫn gần nhất"),
        [Length(max=COUNTER_LENGTH)],
        description=_l(
            "Màn hình mời người dân đến đây khi mất kết nối. Ví dụ: Quầy Hướng dẫn, cửa số 1."
        ),
    )
