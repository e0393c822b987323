"""What an office asks to be read, as a page takes it."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from qms.reading.rules import KIND_WORDS, MOST_DAYS, USUAL_DAYS, USUAL_KINDS
from qms.web.forms import Form

_TEXT, _PROCESS, _PROCEDURE = map(_l, KIND_WORDS.values())


class RuleForm(Form):
    """Which kinds of documents are to be read, and in how many working days."""

    of_text = BooleanField(_TEXT, default="text" in USUAL_KINDS)
    of_process = BooleanField(_PROCESS, default="process" in USUAL_KINDS)
    of_procedure = BooleanField(
        _PROCEDURE,
        default="procedure" in USUAL_KINDS,
        description=_l("Mỗi đợt cập nhật danh mục quốc gia có thể đổi nhiều thủ tục cùng lúc."),
    )
    days = IntegerField(
        _l("Đọc trong số ngày làm việc"),
        [InputRequired(), NumberRange(1, MOST_DAYS)],
        default=USUAL_DAYS,
        description=_l("Tính từ ngày tài liệu có hiệu lực."),
        render_kw={"inputmode": "numeric"},
    )

    @property
    def ticked(self) -> list[str]:
        """The kinds that were ticked."""
        return [each for each in KIND_WORDS if self[f"of_{each}"].data]


class UnitForm(Form):
    """The unit whose people are shown; read from the address."""

    class Meta(Form.Meta):
        """Nothing is changed by it."""

        csrf = False

    unit = SelectField(_l("Đơn vị"), choices=[])
