"""Forms for citizens: the list, one form, its file in force, and files by their digest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from qms import clock, files
from qms.blanks import previews
from qms.blanks import queries as blanks
from qms.blanks.queries import Standing
from qms.blanks.rules import PDF
from qms.db import db
from qms.documents import search
from qms.documents.rules import Audience
from qms.documents.search_rules import LONGEST_QUERY, asked
from qms.documents.standing import Cover, cover
from qms.documents.timeline import Action
from qms.errors import NotFoundError
from qms.notices import pages, queries
from qms.notices.day_views import asked_day, asked_on, office
from qms.text import nfc
from qms.units.queries import unit as unit_named
from qms.units.queries import unit_by_id
from qms.web import headers
from qms.web.addresses import page_number
from qms.web.downloads import attachment
from qms.web.marks import cached, public

if TYPE_CHECKING:
    from qms.documents.models import Change, Document
    from qms.units.models import Unit

bp = Blueprint("forms", __name__)

NO_STORE: Final = {"Cache-Control": "no-store"}


@bp.get("/b/<unit>/bm")
@cached("on", "page")
@public
def index(unit: str) -> ResponseReturnValue:
    """List the forms of a unit on a day, or find some."""
    session, on, page = db.session(), asked_on(), page_number()
    of = unit_named(session, unit)
    frame = {"office": office(of, on.day), "day": on.day, "today": clock.today(), "asked": on}
    seen = cover(session, of.id, on.day)
    if seen is None:
        return render_template(
            "notices/board_ended.html", **frame, **pages.ended(session, of)
        ), on.status
    q = nfc(request.args.get("q", "")[:LONGEST_QUERY]).strip()
    found = None
    if q:
        shelves = search.board(seen, on.day, kinds=blanks.KINDS)
        found = search.find(session, shelves, asked(q), page=page, size=queries.PAGE)
        entries, total = list(map(pages.entry, found.hits)), found.total
    else:
        rows, total = blanks.listed(session, seen, on.day, page=page, size=queries.PAGE)
        entries = list(map(pages.entry, rows))
        if not entries:
            headers.not_kept()
    body = render_template(
        "notices/forms.html",
        **frame,
        q=q,
        found=found,
        entries=entries,
        total=total,
        page=page,
        size=queries.PAGE,
    )
    return body, on.status


@bp.get("/b/<unit>/bm/<code>")
@public
def file(unit: str, code: str) -> ResponseReturnValue:
    """Lead to the file of the form in force on a day; to its page where it has none."""
    day = asked_day()
    of, seen = _seen(unit, day)
    found = blanks.on_board(db.session(), seen, code, day)
    if found is None or found.blank.file is None:
        on = None if day == clock.today() else day
        target = url_for(".show", unit=of.slug, code=code, on=on)
        if found is None and not blanks.known_on_board(db.session(), seen, code):
            raise _unknown(code)
    else:
        named = found.blank.file
        target = url_for(".download", sha256=named.sha256, name=named.name)
    response = redirect(target, code=HTTPStatus.SEE_OTHER)
    response.headers.update(NO_STORE)
    return response


@bp.get("/b/<unit>/bm/<code>/xem")
@cached("on")
@public
def show(unit: str, code: str) -> ResponseReturnValue:
    """Show one form on a day: how to fill it in, what it looks like, and its file."""
    on, today = asked_on(), clock.today()
    of, seen = _seen(unit, on.day)
    found = blanks.on_board(db.session(), seen, code, on.day)
    known = blanks.known_on_board(db.session(), seen, code)
    if found is None and not known:
        raise _unknown(code)
    present = found if on.day == today else _present(of, code)
    file = found.blank.file if found else None
    handed_out = bool(file and present and file == present.blank.file)
    body = render_template(
        "notices/form.html",
        office=office(of, on.day),
        day=on.day,
        today=today,
        asked=on,
        code=found.row.code if found else known[0].document.code,
        slug=code,
        title=_title(found, known, code),
        state=_state(found, present, known, on.day),
        found=found,
        file=file,
        handed_out=handed_out,
        pdf=bool(handed_out and file and file.media_type == PDF),
        lines=previews.lines(file) if handed_out and file else [],
        history=_history(known),
    )
    return body, on.status if found else HTTPStatus.NOT_FOUND


@bp.get("/b/<unit>/bm/<code>/xem.png")
@public
def picture(unit: str, code: str) -> ResponseReturnValue:
    """Show the first page of the form in force if it is a PDF; no other file is for everybody."""
    found = _present(unit_named(db.session(), unit), code)
    drawn = previews.picture(found.blank.file) if found and found.blank.file else b""
    if not drawn:
        raise NotFoundError("Biểu mẫu này không có hình xem trước.")
    return Response(drawn, mimetype="image/png")


@bp.get("/f/<sha256>/<name>")
@public
def download(sha256: str, name: str) -> ResponseReturnValue:
    """Hand out a file while a public form in force names it; later lead to the present one."""
    session, today = db.session(), clock.today()
    found = blanks.handing_out(session, sha256, today)
    if found is not None and found.file is not None:
        if name != found.file.name:
            target = url_for(".download", sha256=sha256, name=found.file.name)
            return redirect(target, code=HTTPStatus.SEE_OTHER)
        return attachment(
            files.get(sha256),
            media_type=found.file.media_type,
            name=found.file.name,
            tag=sha256,
        )
    once = blanks.once_handed_out(session, sha256, today)
    if once is None:
        raise NotFoundError("Không có tệp này.")
    of = _unit_of(once)
    page = render_template(
        "notices/form_gone.html",
        office=office(of, today),
        today=today,
        code=once.code,
        slug=once.slug,
        present=_present(of, once.slug),
    )
    return page, HTTPStatus.GONE, NO_STORE


def _seen(unit: str, day: date) -> "tuple[Unit, Cover]":
    """Return a unit and how texts reach it on a day; outside its days, as on its first."""
    session = db.session()
    of = unit_named(session, unit)
    seen = cover(session, of.id, day) or cover(session, of.id, of.first_day)
    if seen is None:
        raise NotFoundError("Không có đơn vị này.")
    return of, seen


def _present(of: "Unit", code: str) -> Standing | None:
    """Return the form that stands today."""
    session, today = db.session(), clock.today()
    seen = cover(session, of.id, today)
    return blanks.on_board(session, seen, code, today) if seen else None


def _unknown(code: str) -> NotFoundError:
    return NotFoundError("Không có biểu mẫu nào mang mã “%(code)s” ở đây.", code=code)


def _unit_of(document: "Document") -> "Unit":
    """Return the unit on whose pages a form is looked for: the default one if it reaches it."""
    session, today = db.session(), clock.today()
    default = queries.default_unit(session, current_app.config["DEFAULT_UNIT"])
    seen = cover(session, default.id, today)
    if seen is not None and blanks.known_on_board(session, seen, document.slug):
        return default
    return unit_by_id(session, document.owner_id)


@dataclass(frozen=True)
class _Past:
    """One change in the history of a form."""

    first_day: date
    last_day: date | None
    action: str
    number: str
    summary: str


def _history(known: "Sequence[Change]") -> list[_Past]:
    """Return what happened to a form, newest first, as far as the public may read it."""
    days = [each.effective_on for each in known if each.effective_on]
    ends = [day - timedelta(days=1) for day in days[1:]]
    return [
        _Past(
            day,
            last,
            each.action.value,
            each.decision.number or "",
            each.revision.summary if each.revision else each.reason,
        )
        for each, day, last in reversed(list(zip_longest(known, days, ends)))
        if each.revision is None or each.revision.audience is Audience.PUBLIC
    ]


def _state(
    found: Standing | None, present: Standing | None, known: "Sequence[Change]", day: date
) -> str:
    if found is not None:
        if present is not None and present.row.revision_id == found.row.revision_id:
            return "now"
        return "future" if day > clock.today() else "past"
    before = [each for each in known if each.effective_on and each.effective_on <= day]
    withdrawn = bool(before) and before[-1].action is Action.WITHDRAW
    return "withdrawn" if withdrawn else "none"


def _title(found: Standing | None, known: "Sequence[Change]", code: str) -> str:
    titles = [
        each.revision.title
        for each in known
        if each.revision and each.revision.audience is Audience.PUBLIC
    ]
    return found.row.title if found else (titles or [code])[-1]
