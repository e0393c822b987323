"""How values look on a page, and the strictness of templates."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final

from flask import Flask
from flask.json.provider import DefaultJSONProvider
from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString
from jinja2 import StrictUndefined
from markupsafe import Markup, escape

from qms import clock, text, vietnamese
from qms.web.i18n import DEFAULT, language

WEEKDAYS: Final = (
    lazy_gettext("thứ Hai"),
    lazy_gettext("thứ Ba"),
    lazy_gettext("thứ Tư"),
    lazy_gettext("thứ Năm"),
    lazy_gettext("thứ Sáu"),
    lazy_gettext("thứ Bảy"),
    lazy_gettext("Chủ nhật"),
)

STATE_CLASSES: Final = {
    "now": "is-now",
    "in_force": "is-now",
    "done": "is-now",
    "confirmed": "is-now",
    "signed": "is-now",
    "soon": "is-soon",
    "future": "is-soon",
    "not_yet": "is-soon",
    "scheduled": "is-soon",
    "review": "is-review",
    "in_review": "is-review",
    "cannot_check": "is-review",
    "today": "is-review",
    "draft": "is-draft",
    "planned": "is-draft",
    "old": "is-old",
    "past": "is-old",
    "replaced": "is-old",
    "superseded": "is-old",
    "gone": "is-gone",
    "withdrawn": "is-gone",
    "withdraw": "is-gone",
    "cancel": "is-gone",
    "cancelled": "is-gone",
    "returned": "is-gone",
    "late": "is-late",
    "overdue": "is-late",
    "missing": "is-late",
    "add": "is-add",
    "issue": "is-add",
    "new": "is-add",
    "amend": "is-amend",
    "changed": "is-amend",
    "unknown": "is-unknown",
    "none": "is-unknown",
}

_DEPTHS: Final = {"-": 1, "–": 1, "•": 1, "+": 2}

_ACTIONS: Final = {
    "issue": lazy_gettext("Mới"),
    "amend": lazy_gettext("Sửa đổi"),
    "withdraw": lazy_gettext("Bãi bỏ"),
    "cancel": lazy_gettext("Hủy"),
}


def state_class(state: object) -> str:
    """Return the class that gives a state its colour and shape; unknown states get a dash."""
    return STATE_CLASSES.get(str(state), "is-unknown")


def action_word(action: object) -> str:
    """Say what a line of a decision does."""
    return str(_ACTIONS.get(str(action), action))


def day(value: date | None) -> str:
    """Write a day as 05/03/2018; nothing for no day."""
    return "" if value is None else vietnamese.day(value)


def weekday_day(value: date) -> str:
    """Write a day with its weekday in the language of the page."""
    if language() == DEFAULT:
        return vietnamese.weekday_day(value)
    return f"{WEEKDAYS[value.weekday()]} {vietnamese.day(value)}"


def formal_day(value: date) -> str:
    """Write a day the formal way of the language of the page."""
    if language() == DEFAULT:
        return vietnamese.formal_day(value)
    return f"{value.day} {value:%B} {value.year}"


def moment(instant: datetime) -> str:
    """Write an instant as the office's clock shows it: 08:15, 23/11/2026."""
    local = clock.local(instant)
    return f"{local:%H:%M}, {vietnamese.day(local.date())}"


def highlight(value: str, query: str) -> Markup:
    """Mark in ``value`` what answers ``query``, whatever the accents."""
    return marked(text.highlight(value, query))


def marked(segments: Iterable[text.Segment]) -> Markup:
    """Show pieces of a text, those found being marked."""
    return Markup("").join(
        Markup("<mark>{}</mark>").format(piece) if found else escape(piece)
        for found, piece in segments
    )


def outline(value: str) -> list[tuple[int, str]]:
    """Return the lines of a text that hold something, with the depth their bullets mean."""
    lines = (line.strip() for line in value.splitlines())
    return [(_DEPTHS.get(line[0], 0), line) for line in lines if line]


def flatten_errors(errors: object) -> list[str]:
    """Return the sentences among a field's errors, however deep its parts nest them."""
    if isinstance(errors, Mapping):
        errors = errors.values()
    if isinstance(errors, Iterable) and not isinstance(errors, str | LazyString):
        return [sentence for part in errors for sentence in flatten_errors(part)]
    return [str(errors)]


def yes_no(value: object) -> str:
    """Say yes or no."""
    return str(gettext("Có") if value else gettext("Không"))


def init_app(app: Flask) -> None:
    """Teach Jinja these, and make it stop at a misspelt name."""
    if isinstance(app.json, DefaultJSONProvider):
        app.json.ensure_ascii = False  # every letter of ours would travel as six
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.filters.update(
        money=vietnamese.money,
        number=vietnamese.number,
        address_word=text.address_word,
        file_size=vietnamese.file_size,
        day=day,
        weekday_day=weekday_day,
        formal_day=formal_day,
        moment=moment,
        highlight=highlight,
        marked=marked,
        flatten_errors=flatten_errors,
        outline=outline,
        yes_no=yes_no,
        state_class=state_class,
        action_word=action_word,
    )
