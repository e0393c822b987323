"""Forms about people and the door."""

from collections.abc import Iterable
from typing import Final

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length

from qms.accounts.rules import LINK_HOURS, PASSWORD_LENGTH, PASSWORD_MOST, Role
from qms.text import sort_key
from qms.web.forms import DayField, Form

ROLE_LABELS: Final = {
    Role.ADMINISTRATOR: _l("Quản trị hệ thống"),
    Role.SECRETARY: _l("Thư ký ISO"),
    Role.HEAD: _l("Trưởng đơn vị"),
    Role.LEADER: _l("Lãnh đạo"),
    Role.STAFF: _l("Chuyên viên"),
    Role.AUDITOR: _l("Đánh giá viên nội bộ"),
}

_NEEDED: Final = DataRequired()
_DAY: Final = InputRequired()


def choices(pairs: Iterable[tuple[str, object]]) -> list[SelectChoice]:
    """Return what a list offers: values with their words."""
    return [SelectChoice(value=value, label=words) for value, words in pairs]


def by_name(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Return what a list offers, in the order of the words."""
    ordered = sorted(pairs, key=lambda pair: sort_key(pair[1]))
    return choices(ordered)


def _new_password(label: object) -> PasswordField:
    return PasswordField(
        label,
        [_NEEDED, Length(max=PASSWORD_MOST)],
        description=_l(
            "Ít nhất %(least)s ký tự; một câu ngắn dễ nhớ là tốt nhất.", least=PASSWORD_LENGTH
        ),
        render_kw={"autocomplete": "new-password"},
    )


class SignInForm(Form):
    """Who is there. ``next`` and ``kept`` carry on what was wanted before."""

    account = StringField(
        _l("Tên đăng nhập"),
        [_NEEDED, Length(max=60)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Mật khẩu"),
        [_NEEDED, Length(max=PASSWORD_MOST)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()
    kept = HiddenField()


class FirstPasswordForm(Form):
    """A password for an account that has none, twice."""

    password = _new_password(_l("Mật khẩu mới"))
    again = PasswordField(
        _l("Mật khẩu mới, lần nữa"),
        [_NEEDED, EqualTo("password")],
        render_kw={"autocomplete": "new-password"},
    )


class PasswordForm(FirstPasswordForm):
    """Another password for oneself."""

    old = PasswordField(
        _l("Mật khẩu đang dùng"),
        [_NEEDED, Length(max=PASSWORD_MOST)],
        render_kw={"autocomplete": "current-password"},
    )


class EmailForm(Form):
    """Where letters go to oneself."""

    email = StringField(
        _l("Địa chỉ thư"),
        [Length(max=254)],
        description=_l("Để trống nếu không muốn nhận thư."),
        render_kw={"autocomplete": "email", "inputmode": "email"},
    )


class PostForm(Form):
    """A role in a unit from a day on; the units are set by the view."""

    unit = SelectField(_l("Đơn vị"), [_NEEDED])
    role = SelectField(
        _l("Chức trách"),
        [_NEEDED],
        choices=choices((role.value, label) for role, label in ROLE_LABELS.items()),
        default=Role.STAFF.value,
    )
    first_day = DayField(_l("Từ ngày"), [_DAY], description=_l("Ví dụ 05/03/2026."))
    last_day = DayField(
        _l("Đến hết ngày"), description=_l("Để trống khi chưa biết ngày kết thúc.")
    )


class PersonForm(PostForm):
    """A new account with its first post."""

    account = StringField(
        _l("Tên đăng nhập"),
        [_NEEDED, Length(max=60)],
        description=_l("Chữ thường không dấu, số và dấu gạch, ví dụ nguyenvana."),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    name = StringField(_l("Họ và tên"), [_NEEDED, Length(max=120)])
    title = StringField(
        _l("Chức vụ"),
        [Length(max=120)],
        description=_l("Như in dưới chữ ký, ví dụ Chủ tịch."),
    )


class EndPostForm(Form):
    """The last day of a post."""

    last_day = DayField(_l("Đến hết ngày"), [_DAY])


class ActForm(Form):
    """A button that needs no words."""


LINK_DAYS: Final = LINK_HOURS // 24
