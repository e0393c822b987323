"""The counter: one page on which a clerk serves a citizen who waits."""

from collections.abc import Mapping
from datetime import datetime, time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from qms import clock
from qms.accounts.forms import choices
from qms.accounts.rules import Permission
from qms.counter import days_views, finding, queries, serving, slip
from qms.counter.days_views import own_office
from qms.counter.forms import CHANNEL_LABELS, ServeForm
from qms.counter.serving import Asked, Served
from qms.db import db
from qms.documents.decision_views import said
from qms.documents.kinds.fees import Channel
from qms.documents.search_rules import LONGEST_QUERY
from qms.documents.standing import cover
from qms.errors import InvalidError, NotFoundError
from qms.fees.asking import counted
from qms.notices import link_views, reaching, sheets, stories
from qms.text import file_name, nfc
from qms.units.queries import entered_names, unit_by_id
from qms.vietnamese import day as said_day
from qms.web import pdf
from qms.web.guards import requires
from qms.web.menu import Group, Item

if TYPE_CHECKING:
    from qms.notices.stories import Story

bp = Blueprint("counter", __name__)
bp.register_blueprint(days_views.bp)

MENU = (
    Item(Group.MINE, _l("Tại quầy"), "counter.index", (Permission.DOCUMENT_READ,)),
    Item(Group.NOTICES, _l("Ngày nghỉ, làm bù"), "counter.days.index", days_views.ANY),
)

MORNING: Final = time(8)
"""When a dossier of another day is taken to be received, unless an hour is said."""

_LONGEST_CHOICE: Final = 110


@bp.get("/counter")
@requires(Permission.DOCUMENT_READ)
def index() -> ResponseReturnValue:
    """Find the procedure a citizen means, and tell papers, fee, day and forms of one case."""
    form = ServeForm(request.args)
    valid, moment = form.validate(), _moment(form)
    words = nfc(request.args.get("q", "")[:LONGEST_QUERY]).strip()
    chosen = request.args.get("procedure", "").strip()
    page: dict[str, Any] = {"words": words, "form": form, "found": None, "served": None}
    page |= {"moment": moment, "now": clock.local(clock.now()), "title": ""}
    seen = cover(db.session(), own_office(), moment.date())
    if seen is None:
        page["found"] = finding.Found([], 0)
    elif chosen:
        page |= _case(form, chosen, moment, shown=valid)
    elif words:
        page["found"] = finding.find(db.session(), seen, moment.date(), words)
    status = HTTPStatus.OK if valid else HTTPStatus.UNPROCESSABLE_ENTITY
    return render_template("counter/index.html", **page), status


@bp.get("/counter/<code>/slip.pdf")
@requires(Permission.DOCUMENT_READ)
def paper(code: str) -> ResponseReturnValue:
    """Give the slip of a case as paper, on A5 unless A4 is asked for."""
    form = ServeForm(request.args)
    if not form.validate():
        raise InvalidError("Ngày hoặc giờ nhận hồ sơ chưa đúng. Hãy sửa trên trang rồi in lại.")
    moment = _moment(form)
    told, served = _served(form, code, moment)
    if served is None:
        raise NotFoundError(
            "Thủ tục không có hiệu lực ở đơn vị này ngày %(day)s.", day=said_day(moment.date())
        )
    size = slip.Paper.A4 if request.args.get("paper") == slip.Paper.A4 else slip.Paper.A5
    base = current_app.config["PUBLIC_URL"]
    data = pdf.render("slip.html", slip.data(told, served, base, size))
    response = Response(data, mimetype="application/pdf")
    name = f"phieu-{file_name(told.document.code)}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _moment(form: ServeForm) -> datetime:
    """Return when the dossier is received by the clock on the wall; now where nobody said."""
    now = clock.local(clock.now()).replace(tzinfo=None, second=0, microsecond=0)
    on = form.on.data if form.on.data and not form.on.errors else None
    at = form.clock if not form.at.errors else None
    if on is None and at is None:
        return now
    day = on or now.date()
    return datetime.combine(day, at or (now.time() if day == now.date() else MORNING))


def _served(form: ServeForm, code: str, moment: datetime) -> tuple["Story", Served | None]:
    session, office = db.session(), own_office()
    on = moment.date()
    told = stories.on_board(session, unit_by_id(session, office), code, on)
    found = sheets.on_day(told, on)
    if found is None:
        return told, None
    days = queries.calendar_of(session, office)
    seen = reaching.cover_on(told, on)
    return told, serving.serve(session, seen, found, _asked(form, moment), days)


def _asked(form: ServeForm, moment: datetime) -> Asked:
    channel, place = form.channel.data or "", form.place.data or ""
    words = request.args.get("q", "")
    return Asked(
        moment=moment,
        channel=Channel(channel) if channel in set(Channel) else None,
        place=int(place) if place.isdecimal() and place.isascii() else None,
        fee_case=form.fee_case.data or "",
        limit_case=form.limit_case.data or "",
        paper_case=form.paper_case.data or "",
        pages=(None if form.pages.errors else form.pages.data) or counted(words),
        copies=(None if form.copies.errors else form.copies.data) or 1,
    )


def _case(form: ServeForm, code: str, moment: datetime, *, shown: bool) -> Mapping[str, object]:
    """Return what the page shows of a procedure that was chosen."""
    told, served = _served(form, code, moment)
    title = served.sheet.sheet.title if served else sheets.last_title(told)
    public = url_for("notices.procedure", unit=told.unit.slug, code=told.document.slug)
    page = {"title": title, "code": told.document.code, "slug": told.document.slug}
    if served is None:
        return {**page, "public": public, "gone": True}
    _offer(form, served)
    names = {**form.data, "channel": served.asked.channel, "place": served.asked.place}
    kept: dict[str, Any] = {
        name: request.args[name]
        for name in names
        if name != "procedure" and request.args.get(name)
    }
    return {
        **page,
        "gone": False,
        "public": public,
        "served": served if shown else None,
        "refusals": [_refusal(each.told) for each in served.charges],
        "form_links": link_views.form_links(
            told, served.sheet, served.asked.moment.date(), clock.today()
        ),
        "slip": url_for("counter.paper", code=told.document.slug, **kept),
        "counts": any(each.told.row and _counts(each.told) for each in served.charges),
    }


def _counts(told: Any) -> bool:  # noqa: ANN401
    return bool(told.row.held.line.unit or told.row.held.line.steps)


def _refusal(told: Any) -> tuple[str, list[str]] | None:  # noqa: ANN401
    return said(told.answer.refusal) if told.answer.refusal else None


def _offer(form: ServeForm, served: Served) -> None:
    """Fill the lists with what the procedure tells apart, and say what was taken."""
    asked = served.asked
    for field, about, taken in (
        (form.paper_case, "papers", asked.paper_case),
        (form.limit_case, "limits", asked.limit_case),
        (form.fee_case, "fees", asked.fee_case),
    ):
        field.choices = choices(
            [("", _("Chưa chọn")), *((case, _short(case)) for case in served.cases[about])]
        )
        field.data = taken
    form.channel.choices = choices(
        (each.value, CHANNEL_LABELS[each]) for each in served.channels
    )
    form.channel.data = asked.channel.value if asked.channel else ""
    names = entered_names(db.session()) if len(served.places) > 1 else {}
    form.place.choices = choices(
        (str(each), names.get(each, word)) for each, word in served.places.items()
    )
    form.place.data = str(asked.place)
    for counting, number in ((form.pages, asked.pages), (form.copies, asked.copies)):
        counting.data = counting.data or number


def _short(case: str) -> str:
    return case if len(case) <= _LONGEST_CHOICE else f"{case[:_LONGEST_CHOICE].rstrip()}…"
