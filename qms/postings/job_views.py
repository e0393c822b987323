"""Background work at the places: printing, and looking whether the web board answers."""

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from flask import current_app
from flask_babel import lazy_gettext as _l

from qms import clock, jobs, minutes
from qms.db import db, touch
from qms.notices import codes
from qms.postings import rendering, service, walking, watching
from qms.postings.walking import Hand
from qms.trail import Act
from qms.web import pdf

PRINT: Final = "postings.print"
MISSING: Final = "postings.print_missing"


@jobs.job(PRINT, _l("In các tờ phải thay"))
def print_walk(
    progress: jobs.Progress, *, unit: str, on: str, again: bool = False
) -> Mapping[str, Any]:
    """Make the copies of a walk and join them in its order."""
    name = walking.print_walk(progress, unit, date.fromisoformat(on), _hand(), again=again)
    return {"page": ["postings.walk.index", {"unit": unit, "on": on, "printed": name}]}


@jobs.job(MISSING, _l("In các tờ còn thiếu"))
def print_missing(progress: jobs.Progress, *, place_id: int, on: str) -> Mapping[str, Any]:
    """Make copies of what a place lacks and join them."""
    unit, name = walking.print_missing(progress, place_id, date.fromisoformat(on), _hand())
    return {"page": ["postings.walk.index", {"unit": unit, "printed": name}]}


@jobs.job(rendering.KIND, _l("In sẵn các tờ đang treo"), patient=True)
def render(progress: jobs.Progress) -> Mapping[str, Any]:
    """Make ready as paper what hangs somewhere."""
    return {"sheets": rendering.render(db.session(), progress, _hand())}


@minutes.each_minute
def look() -> None:
    """Open the board as a citizen would; a minute without an answer leaves a gap."""
    if watching.answers(
        str(current_app.config["WATCH_URL"] or current_app.config["PUBLIC_URL"])
    ):
        with touch() as session:
            service.was_there(session, Act(None, clock.now(), clock.today()))


def _hand() -> Hand:
    return Hand(
        today=clock.today(),
        base=current_app.config["PUBLIC_URL"],
        render=pdf.render_long,
        random=lambda: secrets.token_bytes(codes.COPY_BYTES),
        day_of=clock.day_of,
    )
