"""The interface for programs: version 1, for reading only, and the board as one file."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import TooManyRequests

from qms import clock
from qms.api import building_views as build
from qms.api import description, finding_views, shapes, tables
from qms.api.queries import Shelf
from qms.db import db, touch_if_possible
from qms.documents.standing import cover
from qms.errors import BusyError, NotFoundError
from qms.following import changes as changing
from qms.following import events
from qms.following.views import board_of
from qms.notices import checking, queries, throttling, verdicts
from qms.notices.address_views import address
from qms.notices.day_views import asked_day, office
from qms.notices.rules import SheetKind, Verdict
from qms.text import address_word, slug
from qms.units.queries import headings
from qms.units.queries import unit as unit_named
from qms.units.queries import units as every_unit
from qms.vietnamese import YEARS, parse_day
from qms.web.addresses import page_number, public_url
from qms.web.marks import cached, public

if TYPE_CHECKING:
    from qms.units.models import Unit

bp = Blueprint("api", __name__)
bp.register_blueprint(finding_views.bp)

PAGE: Final = 100
"""Things on one page of a list."""
BACK: Final = timedelta(days=90)
"""How far changes reach back unless a day is named."""
_ALL: Final = 1_000_000


@bp.after_request
def _for_everybody(response: Response) -> Response:
    """Let programs of other sites read: there is nothing but what is public."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@bp.get("/api")
@public
def index() -> ResponseReturnValue:
    """Describe the interface to people, with examples that work."""
    of = queries.default_unit(db.session(), current_app.config["DEFAULT_UNIT"])
    on = clock.today()
    found = _shelf(of, on) if cover(db.session(), of.id, on) else None
    first = found.procedures(None, page=1, size=1)[0] if found else []
    form = found.forms(page=1, size=1)[0] if found else []
    given: dict[str, Any] = {"unit": of.slug}
    examples = [
        (each, url_for(each.endpoint, **(given if "{unit}" in each.path else {}), **code))
        for each in description.OPERATIONS
        for code in [_example(each.endpoint, first, form)]
        if code is not None
    ]
    return render_template(
        "api/index.html", office=office(of, on), today=on, unit=of.slug, examples=examples
    )


@bp.get("/api/v1/openapi.json")
@public
def openapi() -> ResponseReturnValue:
    """Describe the interface to programs."""
    said = {each.words for each in description.OPERATIONS} | {
        one.words for each in description.OPERATIONS for one in each.parameters
    }
    words = {each: str(_(each)) for each in said}
    title = _("Bảng niêm yết: giao diện cho chương trình")
    made = description.describe(public_url(""), title=title, words=words)
    return Response(json.dumps(made, ensure_ascii=False), mimetype=description.JSON)


@bp.get("/api/v1/units")
@cached()
@public
def units() -> ResponseReturnValue:
    """List the units that have a board."""
    session, today = db.session(), clock.today()
    heads = headings(session, today)
    return _json(
        shapes.Units(
            units=[
                build.unit_ref(each, heads.get(each.id))
                for each in every_unit(session)
                if each.office
            ]
        )
    )


@bp.get("/api/v1/boards/<unit>")
@cached("on", "field", "page")
@public
def board(unit: str) -> ResponseReturnValue:
    """List the procedures of a board on a day."""
    of, page = _asked(unit), page_number()
    asked = request.args.get("field", "").strip()
    fields = of.fields()
    names = [name for name, _count in fields if address_word(name) == asked] if asked else None
    if asked and not names:
        raise NotFoundError("Ở đây không có lĩnh vực nào có địa chỉ “%(word)s”.", word=asked)
    found, total = of.procedures(names, page=page, size=PAGE)
    return _json(
        shapes.Board(
            **_listed(of, page, total),
            fields=[
                shapes.FieldCount(slug=address_word(name), name=name, procedures=count)
                for name, count in fields
            ],
            procedures=[build.procedure_ref(of, row, _on(of)) for row in found],
        )
    )


@bp.get("/api/v1/boards/<unit>/procedures/<code>")
@cached("on")
@public
def procedure(unit: str, code: str) -> ResponseReturnValue:
    """Give one procedure with all its parts."""
    of = _asked(unit)
    row = of.one("procedure", slug(code))
    return _json(build.procedures(of, [row], _on(of))[0])


@bp.get("/api/v1/boards/<unit>/fees")
@cached("on", "page")
@public
def fees(unit: str) -> ResponseReturnValue:
    """List the prices that hold on a day."""
    of, page = _asked(unit), page_number()
    shown = of.prices[(page - 1) * PAGE : page * PAGE]
    return _json(
        shapes.Prices(
            **_listed(of, page, len(of.prices)), prices=build.prices(of, shown, _on(of))
        )
    )


@bp.get("/api/v1/boards/<unit>/forms")
@cached("on", "page")
@public
def forms(unit: str) -> ResponseReturnValue:
    """List the forms that stand on a day."""
    of, page = _asked(unit), page_number()
    found, total = of.forms(page=page, size=PAGE)
    return _json(
        shapes.Forms(**_listed(of, page, total), forms=build.forms(of, found, _on(of)))
    )


@bp.get("/api/v1/boards/<unit>/forms/<code>")
@cached("on")
@public
def form(unit: str, code: str) -> ResponseReturnValue:
    """Give one form."""
    of = _asked(unit)
    row = of.one("form", slug(code))
    return _json(build.forms(of, [row], _on(of))[0])


@bp.get("/api/v1/boards/<unit>/changes")
@public
def changes(unit: str) -> ResponseReturnValue:
    """List what changed from a day to a day, and what will."""
    page, today = page_number(), clock.today()
    of, _fields = board_of(
        unit_named(db.session(), unit), request.args.get("field", "").strip()
    )
    first, last = _day("first") or today - BACK, _day("last") or date(YEARS[-1], 12, 31)
    rows, total = changing.between(of, first, last + timedelta(days=1), page=page, size=PAGE)
    found = events.events(of, rows)
    if page == 1:
        found += [each for each in events.price_events(of) if first <= each.day <= last]
    return _json(
        shapes.Changes(
            unit=unit,
            first=first,
            last=last,
            total=total,
            page=page,
            pages=_pages(total),
            next=_next(page, total),
            changes=[build.change(unit, each) for each in found],
        )
    )


@bp.get("/api/v1/checks/<code>")
@public
def check(code: str) -> ResponseReturnValue:
    """Tell whether a printed sheet still holds; never yes where that can't be found out."""
    try:
        return _check(code)
    except TooManyRequests:
        raise
    except Exception as error:
        current_app.logger.exception("a paper could not be checked")
        raise BusyError("Lúc này chưa kiểm tra được. Mời thử lại sau ít phút.") from error


@bp.get("/b/<unit>/board.json")
@cached("on")
@public
def whole(unit: str) -> ResponseReturnValue:
    """Give a whole board as one file."""
    of = _asked(unit)
    on, heads = _on(of), headings(db.session(), of.on, [of.unit.id])
    procedures, _total = of.procedures(None, page=1, size=_ALL)
    every_form, _total = of.forms(page=1, size=_ALL)
    made = shapes.Whole(
        unit=build.unit_ref(of.unit, heads.get(of.unit.id)),
        on=of.on,
        procedures=build.procedures(of, procedures, on),
        prices=build.prices(of, of.prices, on),
        forms=build.forms(of, every_form, on),
    )
    return _file(_json(made), of, "json")


@bp.get("/b/<unit>/board.csv")
@cached("on")
@public
def table(unit: str) -> ResponseReturnValue:
    """Give a whole board as a table for a spreadsheet."""
    of = _asked(unit)
    found, _total = of.procedures(None, page=1, size=_ALL)
    made = tables.written(build.procedures(of, found, _on(of)))
    return _file(Response(made, mimetype="text/csv"), of, "csv")


def _check(code: str) -> Response:
    today, session = clock.today(), db.session()
    now, whose = clock.now(), throttling.whose(request.remote_addr or "")
    seconds = throttling.wait(session, whose, now)
    if seconds:
        raise TooManyRequests(retry_after=seconds)
    checked = checking.check(session, code, today, clock.day_of)
    if checked.verdict is Verdict.UNKNOWN:
        touch_if_possible(lambda session: throttling.count(session, whose, now))
    course = checked.course
    unit = course.unit.slug if course else ""

    def link(kind: SheetKind, word: str, on: date | None) -> str:
        return public_url(address(unit, kind, word, on))

    said: Mapping[str, Any] = verdicts.verdict(session, checked, today, link)
    found = shapes.Check(
        code=code,
        verdict=checked.verdict,
        checked_at=clock.now(),
        since=checked.judgement.since,
        last_day=said.get("last_day_of_it"),
        title=str(said.get("title", "")),
        procedure=course.code_words if course else "",
        unit=unit,
        differences=[build.difference(each) for each in said.get("differences", ())],
        page=build.absolute("notices.check", code=code),
        present=said.get("url") or None,
    )
    response = _json(found)
    response.headers["Cache-Control"] = "no-store"
    return response


def _shelf(of: "Unit", on: date) -> Shelf:
    session = db.session()
    seen = cover(session, of.id, on)
    if seen is None:
        raise NotFoundError("Ngày đã chọn, đơn vị này không hoạt động.")
    return Shelf(session, of, seen, on)


def _asked(unit: str) -> Shelf:
    return _shelf(unit_named(db.session(), unit), asked_day())


def _on(of: Shelf) -> date | None:
    """Return the day that addresses name; none for today."""
    return None if of.on == clock.today() else of.on


def _day(name: str) -> date | None:
    typed = request.args.get(name, "").strip()
    return parse_day(typed) if typed else None


def _pages(total: int) -> int:
    return max((total + PAGE - 1) // PAGE, 1)


def _next(page: int, total: int) -> str | None:
    if page >= _pages(total):
        return None
    asked = {**request.args.to_dict(), **(request.view_args or {}), "page": page + 1}
    return build.absolute(request.endpoint or "", **asked)


def _listed(of: Shelf, page: int, total: int) -> dict[str, Any]:
    return {
        "unit": of.unit.slug,
        "on": of.on,
        "total": total,
        "page": page,
        "pages": _pages(total),
        "next": _next(page, total),
    }


def _json(shape: shapes.Shape) -> Response:
    return Response(shape.model_dump_json(), mimetype=description.JSON)


def _file(response: Response, of: Shelf, extension: str) -> Response:
    name = f"bang-niem-yet-{of.unit.slug}-{of.on.isoformat()}.{extension}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _example(
    endpoint: str, first: Sequence[object], form: Sequence[object]
) -> dict[str, Any] | None:
    """Return the code in the address of an example; None where there is nothing to show."""
    of = {"api.procedure": first, "api.form": form}
    if endpoint not in of:
        return {"code": "0000-0000-0000"} if endpoint == "api.check" else {}
    return {"code": getattr(of[endpoint][0], "slug", "")} if of[endpoint] else None
