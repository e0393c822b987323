"""What a list is asked for; read from the address."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from qms.documents.decision_forms import choices
from qms.documents.forms import ANY
from qms.web.forms import DayField, Form


class WantedForm(Form):
    """Unit, kind, field and days of a list."""

    class Meta(Form.Meta):
        """Nothing is changed by it."""

        csrf = False

    unit = SelectField(_l("Đơn vị"), choices=[])
    kind = SelectField(_l("Loại"), choices=choices(ANY))
    field = SelectField(_l("Lĩnh vực"), choices=choices(ANY))
    since = DayField(_l("Từ ngày"))
    on = DayField(_l("Vào ngày"))
    check = SelectField(
        _l("Rà soát"), choices=choices(ANY, ("1", _l("Chỉ văn bản đến hạn rà soát")))
    )
