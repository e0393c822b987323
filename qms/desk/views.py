"""My work: what waits for whoever signed in, from all features."""

from collections.abc import Sequence
from typing import Final

from flask import Blueprint, Flask, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from qms import clock
from qms.accounts.rules import Permission
from qms.db import db
from qms.desk import trail_views
from qms.duties import Ask, in_order
from qms.web.guards import signed_in, visitor
from qms.web.menu import Group, Item, lines

bp = Blueprint("desk", __name__)
bp.register_blueprint(trail_views.bp)

MENU = (
    Item(Group.MINE, _l("Việc của tôi"), "desk.index"),
    Item(Group.SYSTEM, _l("Nhật ký"), "desk.trail.index", (Permission.TRAIL_READ,)),
)

_ASKS: Final = "qms_duties"


def init_app(app: Flask, asks: Sequence[Ask]) -> None:
    """Hand in what each feature asks about duties."""
    app.extensions[_ASKS] = tuple(asks)


@bp.get("/desk")
@signed_in
def index() -> ResponseReturnValue:
    """Show what waits for me, the longest first, and the ways on."""
    asks: tuple[Ask, ...] = current_app.extensions[_ASKS]
    who, today = visitor(), clock.today()
    found = in_order(duty for ask in asks for duty in ask(db.session(), who, today))
    groups = lines(who)
    return render_template(
        "desk/index.html",
        duties=found,
        count=sum(duty.count for duty in found),
        menu=_counted(groups, len(found)),
        ways=[(words, [line for line in shown if not line[2]]) for words, shown in groups],
    )


def _counted(
    groups: list[tuple[str, list[tuple[str, str, bool, int]]]], count: int
) -> list[tuple[str, list[tuple[str, str, bool, int]]]]:
    """Put the number of duties beside the line one is on."""
    return [
        (words, [(label, url, here, count if here else 0) for label, url, here, _ in shown])
        for words, shown in groups
    ]
