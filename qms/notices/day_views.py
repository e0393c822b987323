"""The day a public page is asked for, and who spoke for the unit on it."""

from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import request

from qms import clock
from qms.db import db
from qms.notices import queries
from qms.vietnamese import UnreadableError, parse_day
from qms.web.errors import sentence_of, status_of

if TYPE_CHECKING:
    from qms.units.models import Unit

LONGEST_DAY: Final = 40
"""Most letters of what was typed for a day that are shown again."""


@dataclass(frozen=True)
class AskedDay:
    """The day a page is for; where another was typed, that and why it is no day."""

    day: date
    typed: str = ""
    wrong: str = ""
    status: int = HTTPStatus.OK


def asked_on() -> AskedDay:
    """Return the day asked with ``?on=``; today where none is, or none that there is."""
    try:
        return AskedDay(asked_day())
    except UnreadableError as error:
        typed = request.args["on"].strip()[:LONGEST_DAY]
        return AskedDay(clock.today(), typed, sentence_of(error), status_of(error))


def asked_day() -> date:
    """Return the day asked with ``?on=``; today where none is.

    Raises:
        UnreadableError: what was typed is no day.

    """
    typed = request.args.get("on", "").strip()
    return parse_day(typed) if typed else clock.today()


def office(unit: "Unit", day: date) -> queries.Office:
    """Return who spoke for a unit on a day; before its first day, who did on that."""
    return queries.office(db.session(), unit, max(day, unit.first_day))
