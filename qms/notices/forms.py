"""What the pages of printed copies accept."""

from typing import Final

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from qms.accounts.forms import choices
from qms.notices.models import PLACE_LENGTH
from qms.notices.printing import Paper
from qms.web.forms import DayField, Form

PAPER_WORDS: Final = {
    Paper.A4: _l("A4"),
    Paper.A3: _l("A3"),
    Paper.LARGE: _l("A4, chữ lớn"),
}
ANY: Final = ("", _l("Tất cả"))


class CopyForm(Form):
    """Where a sheet is to hang, and from which day it is read there."""

    place = StringField(
        _l("Nơi treo"),
        [DataRequired(), Length(max=PLACE_LENGTH)],
        description=_l("Ví dụ: Bảng tin nhà văn hóa thôn Đồng Thịnh."),
    )
    on = DayField(
        _l("Treo từ ngày"),
        [InputRequired()],
        description=_l("In nội dung có hiệu lực ngày này; có thể in trước khi đến ngày."),
    )


class ListForm(Form):
    """What the list of copies is asked for; read from the address."""

    class Meta(Form.Meta):
        """Nothing is changed by it."""

        csrf = False

    q = StringField(_l("Từ trong nơi treo hoặc mã thủ tục"))
    unit = SelectField(_l("Đơn vị"), choices=choices([ANY]))
