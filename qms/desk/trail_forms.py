"""What the page of the trail may be asked for."""

import re
from collections.abc import Iterable
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import Length, Optional, Regexp, ValidationError

from qms.desk.trail_acts import ACTIONS
from qms.desk.trail_queries import SYSTEM
from qms.desk.trail_words import NOBODY_WORDS
from qms.trail import Via
from qms.web.forms import DayField, Form

_REFERENCE: Final = re.compile(r"[a-z]+/\S+")


class FilterForm(Form):
    """Which lines are wanted; read from the address."""

    class Meta(Form.Meta):
        """Nothing is changed by it."""

        csrf = False

    since = DayField(_l("Từ ngày"), [Optional()])
    until = DayField(_l("Đến ngày"), [Optional()])
    who = SelectField(_l("Người"), default="")
    action = SelectField(_l("Việc"), default="")
    subject = StringField(
        _l("Đối tượng"),
        [
            Optional(),
            Length(max=120),
            Regexp(
                _REFERENCE, message=_l("Hãy viết như trong cột Đối tượng, ví dụ decision/8.")
            ),
        ],
    )

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        """Offer the people whose lines are shown, and all acts by what they are about."""
        anybody = SelectChoice(value="", label=_("Tất cả"))
        nobody = SelectChoice(value=str(SYSTEM), label=_(NOBODY_WORDS[Via.SYSTEM]))
        named = [SelectChoice(value=str(number), label=name) for number, name in people]
        self.who.choices = [anybody, nobody, *named]
        self.action.choices = [anybody] + [
            SelectChoice(value=action, label=_(words), optgroup=_(group))
            for group, acts in ACTIONS.items()
            for action, words in acts.items()
        ]

    def validate_until(self, field: Any) -> None:  # noqa: ANN401 - WTForms has no types
        """Refuse a span that ends before it begins."""
        if self.since.data and field.data and field.data < self.since.data:
            raise ValidationError(_("Ngày cuối không thể trước ngày đầu."))
