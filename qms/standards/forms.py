"""What the page of the standard accepts."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired

from qms.accounts.forms import choices
from qms.standards.catalogue import EDITIONS
from qms.web.forms import DayField, Form


class EditionForm(Form):
    """The edition an office works by, from a day on."""

    edition = SelectField(
        _l("Ấn bản"), choices=choices((key, each.name) for key, each in EDITIONS.items())
    )
    from_day = DayField(_l("Áp dụng từ ngày"), [InputRequired()])
