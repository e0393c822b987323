"""What changed on a board, month by month and as a feed."""

import uuid
from http import HTTPStatus
from itertools import groupby
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms import clock
from qms.db import db
from qms.errors import NotFoundError
from qms.following import atom, changes, events, follow_views, rules, telling_views
from qms.following.changes import Board
from qms.following.rules import Entry
from qms.following.telling_views import absolute
from qms.notices import pages, queries
from qms.notices.day_views import office
from qms.units.queries import unit as unit_named
from qms.web import headers
from qms.web.addresses import page_number, public_url
from qms.web.marks import cached, public

if TYPE_CHECKING:
    from qms.units.models import Unit

bp = Blueprint("following", __name__)
bp.register_blueprint(follow_views.bp)

ENTRIES: Final = 40
"""Most entries of a feed; the page of changes has all."""

_NAMES: Final = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
"""The name space of addresses (RFC 4122), in which entries get their names."""


@bp.get("/feed.atom")
@cached()
@public
def home_feed() -> ResponseReturnValue:
    """Give the feed of the default unit."""
    found = queries.default_unit(db.session(), current_app.config["DEFAULT_UNIT"])
    return _feed(found, "")


@bp.get("/b/<unit>/feed.atom")
@cached()
@public
def feed(unit: str) -> ResponseReturnValue:
    """Give the feed of a unit."""
    return _feed(unit_named(db.session(), unit), "")


@bp.get("/b/<unit>/linh-vuc/<field>/feed.atom")
@cached()
@public
def field_feed(unit: str, field: str) -> ResponseReturnValue:
    """Give the feed of one field of a unit."""
    return _feed(unit_named(db.session(), unit), field)


@bp.get("/b/<unit>/thay-doi")
@cached("month", "page")
@public
def index(unit: str) -> ResponseReturnValue:
    """Show what changed on a board in a month, and what will."""
    return _month(unit_named(db.session(), unit), "")


@bp.get("/b/<unit>/linh-vuc/<field>/thay-doi")
@cached("month", "page")
@public
def field_changes(unit: str, field: str) -> ResponseReturnValue:
    """Show what changed in one field."""
    return _month(unit_named(db.session(), unit), field)


def board_of(of: "Unit", field: str) -> tuple[Board, dict[str, list[str]]]:
    """Return the board of a unit, of one field where one is named, and its fields.

    Raises:
        NotFoundError: no text on the board ever had this field.

    """
    whole = changes.board(db.session(), of, clock.today())
    fields = changes.fields(db.session(), whole.seen)
    if not field:
        return whole, fields
    if field not in fields:
        raise NotFoundError("Ở đây không có lĩnh vực nào có địa chỉ “%(word)s”.", word=field)
    return changes.board(db.session(), of, clock.today(), fields[field]), fields


def _month(of: "Unit", field: str) -> ResponseReturnValue:
    today, page = clock.today(), page_number()
    wrong = ""
    try:
        month = rules.month_of(request.args.get("month", "").strip(), today)
    except ValueError:
        month, wrong = rules.month_of("", today), _("Hãy viết tháng như 09/2026.")
    board, fields = board_of(of, field)
    after = rules.month_after(month)
    rows, total = changes.between(board, month, after, page=page)
    found = events.events(board, rows)
    prices = [each for each in events.price_events(board) if month <= each.day < after]
    before, later = events.days_around(board, month, after)
    typed = request.args.get("month", "")
    if (typed and typed != f"{month:%Y-%m}") or not (found or prices):
        headers.not_kept()
    body = render_template(
        "following/changes.html",
        office=office(of, today),
        today=today,
        field=field,
        topic=fields[field][0] if field else "",
        fields=[(slug, names[0]) for slug, names in fields.items()],
        month=month,
        wrong=wrong,
        events=found,
        groups=[list(each) for _of, each in groupby(found, lambda e: (e.day, e.number))],
        prices=prices if page == 1 else [],
        total=total,
        page=page,
        size=changes.PAGE,
        before=before,
        later=later,
        ended=pages.ended(db.session(), of) if of.last_day and of.last_day < today else None,
        what=telling_views.what,
        page_of=telling_views.page_of,
    )
    return body, HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK


def _feed(of: "Unit", field: str) -> Response:
    board, fields = board_of(of, field)
    today = clock.today()
    found = events.events(board, changes.newest(board, ENTRIES))
    found += [each for each in events.price_events(board) if each.day <= today][-ENTRIES:]
    told = rules.entries(found, today, clock.begins, clock.day_of)[:ENTRIES]
    name = office(of, today).name
    where = {"unit": of.slug} | ({"field": field} if field else {})
    here = absolute("following.field_feed" if field else "following.feed", **where)
    made = atom.write(
        atom.Feed(
            id=_name(of.slug, field),
            title=_("Thay đổi trên bảng niêm yết: %(name)s", name=name)
            + (f" – {fields[field][0]}" if field else ""),
            subtitle=_("Thủ tục, phí và biểu mẫu đã đổi hoặc đã ký để đổi."),
            updated=told[0].at if told else clock.begins(of.first_day),
            author=name,
            here=here,
            page=absolute("following.field_changes" if field else "following.index", **where),
            items=[_item(of.slug, each) for each in told],
        )
    )
    response = Response(made, mimetype=atom.MEDIA_TYPE)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _item(unit: str, entry: Entry) -> atom.Item:
    event = entry.event
    compare = url_for("notices.compare", unit=unit, code=event.slug, on=event.day)
    compares = event.kind == "procedure" and event.compares
    return atom.Item(
        id=_name(unit, event.mark, "signed" if entry.coming else "holds"),
        title=telling_views.headline(entry),
        updated=entry.at,
        published=entry.at,
        summary="\n".join(telling_views.lines(event)),
        page=public_url(telling_views.page_of(unit, event)),
        topic=event.topic,
        links=[("related", public_url(compare))] if compares else [],
    )


def _name(*what: str) -> str:
    """Return a name for ever, whatever the address of this site becomes."""
    return uuid.uuid5(_NAMES, "/".join(("hien-hanh", *what))).urn
