"""The touch screen in the hall: its page, and what it asks for while it runs."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog
from flask import Blueprint, Response, current_app, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from qms import clock
from qms.accounts.rules import Permission
from qms.db import db, touch_if_possible
from qms.documents.standing import Cover, cover
from qms.documents.timeline import Action
from qms.errors import NotFoundError
from qms.kiosk import content, queries, rules, screen_views, service
from qms.kiosk.content import Notice
from qms.notices.answers import answers
from qms.notices.day_views import office
from qms.units.queries import unit as unit_named
from qms.web import assets, typeset
from qms.web.filters import day as day_words
from qms.web.filters import weekday_day
from qms.web.marks import public
from qms.web.menu import Group, Item

if TYPE_CHECKING:
    from qms.kiosk.models import Screen
    from qms.units.models import Unit

bp = Blueprint("kiosk", __name__)
bp.register_blueprint(screen_views.bp)

MENU = (Item(Group.NOTICES, _l("Màn hình"), "kiosk.screens.index", (Permission.COPY_PRINT,)),)

_NEVER_KEPT = {"Cache-Control": "no-store"}
_LONGEST_ECHO = 40
_LOG = structlog.get_logger()


@bp.get("/kiosk/<unit>")
@public
def show(unit: str) -> ResponseReturnValue:
    """Open a screen that nobody set up: it works, but the office does not know of it."""
    return _page(unit_named(db.session(), unit))


@bp.get("/kiosk/<unit>/<screen>")
@public
def screen(unit: str, screen: str) -> ResponseReturnValue:
    """Open a screen that the office set up."""
    found = unit_named(db.session(), unit)
    return _page(found, queries.screen(db.session(), found.id, screen))


@bp.get("/kiosk/<unit>/state")
@public
def state(unit: str) -> ResponseReturnValue:
    """Say what holds now: what a screen must hear within ten minutes to go on showing."""
    return _state(unit_named(db.session(), unit))


@bp.get("/kiosk/<unit>/<screen>/state")
@public
def screen_state(unit: str, screen: str) -> ResponseReturnValue:
    """Say the same, and note that the screen asked and what it showed."""
    found = unit_named(db.session(), unit)
    known = queries.screen(db.session(), found.id, screen)
    answer = _state(found)
    _heard(known.id, known.heard, clock.now())
    return answer


@bp.get("/kiosk/<unit>/content")
@public
def board(unit: str) -> ResponseReturnValue:
    """Give what stands on the board today, but the notices themselves."""
    session, today, found = db.session(), clock.today(), unit_named(db.session(), unit)
    version = screen_views.version_on(session, today)
    seen = _cover(found)
    fields, rows = content.board(session, seen, today)
    shown = {row.slug for row in rows}
    return jsonify(
        version=version,
        parts=content.parts(len(rows)),
        fields=[{"name": name, "count": count} for name, count in fields],
        procedures=[
            {"slug": row.slug, "code": row.code, "title": row.title, "field": row.topic}
            for row in rows
        ],
        changes=[
            {
                "title": row.title,
                "words": _change_words(row.action, row.first_day, today),
                "summary": row.summary,
                "slug": row.slug if row.kind == "procedure" and row.slug in shown else "",
            }
            for row in content.changes(session, seen, today)
        ],
    ), _NEVER_KEPT


@bp.get("/kiosk/<unit>/notices/<int:part>")
@public
def notices(unit: str, part: int) -> ResponseReturnValue:
    """Give one part of the notices of today, as they stand on the screen."""
    session, today, found = db.session(), clock.today(), unit_named(db.session(), unit)
    version = screen_views.version_on(session, today)
    part_of = content.notices(session, found, _cover(found), today, part)
    return jsonify(version=version, notices=_told(found, part_of)), _NEVER_KEPT


@bp.get("/kiosk/worker.js")
@public
def worker() -> ResponseReturnValue:
    """Give the worker that opens the page of a screen while the network is away.

    It stands here because it may only look after addresses below its own.
    """
    response = Response(assets.modules()["kiosk-worker.js"].data, mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _page(unit: "Unit", screen: "Screen | None" = None) -> str:
    today = clock.today()
    asked = (
        url_for("kiosk.screen_state", unit=unit.slug, screen=screen.token)
        if screen
        else url_for("kiosk.state", unit=unit.slug)
    )
    return render_template(
        "kiosk/screen.html",
        office=office(unit, today),
        counter=screen.counter if screen else "",
        state_url=asked,
        rules=rules,
        program=_program(),
        qr=typeset.qr(_public_address("notices.board", unit=unit.slug)),
    )


def _state(unit: "Unit") -> Response:
    now = clock.now()
    today = clock.day_of(now)
    midnight = clock.begins(today + timedelta(days=1))
    response = jsonify(
        echo=request.args.get("echo", "")[:_LONGEST_ECHO],
        open=cover(db.session(), unit.id, today) is not None,
        version=screen_views.version_on(db.session(), today),
        program=_program(),
        time=f"{clock.local(now):%H:%M}",
        day=weekday_day(today),
        left=int((midnight - now).total_seconds()),
    )
    response.headers.update(_NEVER_KEPT)
    return response


def _heard(screen_id: int, before: rules.Heard, now: datetime) -> None:
    """Note what a screen shows; that it could not be written keeps no screen from its answer."""
    shown = request.args.get("shown", "")[: rules.SHOWN_LENGTH]
    if rules.worth_noting(before, shown, now) and not touch_if_possible(
        lambda session: service.heard(session, screen_id, shown, now)
    ):
        _LOG.warning("what a screen shows was not noted", screen=screen_id)


def _cover(unit: "Unit") -> Cover:
    seen = cover(db.session(), unit.id, clock.today())
    if seen is None:
        raise NotFoundError("Hôm nay đơn vị này không có bảng niêm yết.")
    return seen


def _told(unit: "Unit", found: Sequence[Notice]) -> dict[str, dict[str, str]]:
    """Return by address word how a notice stands on the screen, and what else finds it."""
    template = current_app.jinja_env.get_template("kiosk/_notice.html")
    head = office(unit, clock.today())
    return {
        each.row.slug: {
            "html": template.render(
                office=head,
                row=each.row,
                answers=answers(each.found.content, each.found.fee_lines),
                address=each.found.content.address,
                coming=each.coming,
                qr=typeset.qr(
                    _public_address("notices.procedure", unit=unit.slug, code=each.row.slug)
                ),
            ),
            "keys": each.found.content.keywords,
        }
        for each in found
    }


def _public_address(endpoint: str, **values: Any) -> str:  # noqa: ANN401 - as url_for has it
    path = url_for(endpoint, **values, lang=None)
    return f"{current_app.config['PUBLIC_URL'].rstrip('/')}{path}"


def _change_words(action: Action, first_day: date, today: date) -> str:
    on, begun = day_words(first_day), first_day <= today
    if action is Action.ISSUE:
        found = (
            _("Thủ tục mới, từ %(day)s", day=on)
            if begun
            else _("Sắp có: thủ tục mới từ %(day)s", day=on)
        )
    elif action is Action.WITHDRAW:
        found = (
            _("Đã bãi bỏ từ %(day)s", day=on) if begun else _("Sắp bãi bỏ, từ %(day)s", day=on)
        )
    else:
        found = (
            _("Đã thay đổi từ %(day)s", day=on)
            if begun
            else _("Sắp thay đổi, từ %(day)s", day=on)
        )
    return str(found)


def _program() -> str:
    """Return what is another after an update; a screen that runs for months opens anew then."""
    return f"{assets.style().digest}{assets.modules()['kiosk.js'].digest}"
