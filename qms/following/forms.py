"""What somebody types who wants letters."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, SelectField
from wtforms.validators import DataRequired, Length, ValidationError

from qms import mail
from qms.errors import InvalidError
from qms.web.errors import sentence_of
from qms.web.forms import Form


class FollowForm(Form):
    """An address and a field. No cookie is set for it, so it carries no token.

    Forms of other sites are refused at the door; what this one starts is a letter that asks.
    """

    email = EmailField(
        _l("Địa chỉ thư của ông, bà"),
        [DataRequired(), Length(max=mail.LONGEST_ADDRESS)],
        description=_l("Chỉ dùng để gửi thông báo này; thôi nhận là xóa ngay."),
        render_kw={"autocomplete": "email", "spellcheck": "false"},
    )
    field = SelectField(_l("Muốn biết thay đổi của"))

    class Meta(Form.Meta):
        """No token, see above."""

        csrf = False

    def validate_email(self, field: EmailField) -> None:
        """Take the one spelling of an address, or say how to write one."""
        try:
            field.data = mail.address(field.data)
        except InvalidError as error:
            raise ValidationError(sentence_of(error)) from None
