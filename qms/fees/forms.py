"""The form of the question what something costs."""

from typing import Final

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import NumberRange
from wtforms.validators import Optional as MayBeEmpty

from qms.documents.kinds.fees import Channel
from qms.web.forms import DayField, Form

MOST: Final = 1_000_000
_COUNT: Final = (MayBeEmpty(), NumberRange(1, MOST))


class QuestionForm(Form):
    """A procedure found by words or code; then case, channel, place, days and pages."""

    class Meta(Form.Meta):
        """It asks and changes nothing."""

        csrf = False

    q = StringField(
        _l("Thủ tục"), description=_l("Mã, hoặc vài chữ của tên, có dấu hay không.")
    )
    procedure = HiddenField()
    case = SelectField(_l("Trường hợp"), validate_choice=False)
    channel = SelectField(_l("Hình thức nộp"), default=Channel.DIRECT.value)
    unit = SelectField(_l("Địa bàn"))
    submission = DayField(_l("Ngày nộp hồ sơ"))
    decision = DayField(_l("Ngày giải quyết"))
    units = IntegerField(_l("Số trang hoặc số lượng"), default=1, validators=_COUNT)
    copies = IntegerField(_l("Số bản"), default=1, validators=_COUNT)
