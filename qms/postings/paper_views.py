"""Papers of places: the posting notice, the certificate of posting; outages of the web board."""

from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from qms import clock
from qms.accounts.queries import names
from qms.accounts.rules import Permission
from qms.db import db
from qms.errors import InvalidError, NotFoundError, QmsError
from qms.notices import checking, subjects
from qms.notices import queries as notices
from qms.notices.day_views import asked_day
from qms.postings import papers, queries, rules
from qms.postings.forms import CertificateForm, NeedForm
from qms.postings.place_views import page
from qms.postings.queries import Hanging
from qms.postings.reach_views import reached, the_unit
from qms.postings.rules import Stretch
from qms.units import queries as units
from qms.units.rules import office_of
from qms.vietnamese import day as said_day
from qms.web import downloads, pdf
from qms.web.errors import sentence_of, status_of
from qms.web.guards import requires

if TYPE_CHECKING:
    from qms.notices.models import Place
    from qms.units.models import Unit

bp = Blueprint("papers", __name__)

PRINTS: Final = requires(Permission.COPY_PRINT)
LOOKED_BACK: Final = timedelta(days=90)
"""How far back outages are shown."""


@bp.get("/notice.pdf")
@PRINTS
def notice() -> Response:
    """Give the notice of what was hung at the places of a unit on a day."""
    unit, day = the_unit(), asked_day()
    if unit is None:
        raise NotFoundError("Ông, bà chưa có đơn vị nào để niêm yết.")
    session = db.session()
    placed = queries.places_of(session, [unit.id])
    hung = [
        each
        for each in queries.stays(session, [each.id for each in placed], day, day)
        if each.first.day == day
    ]
    if not hung:
        raise NotFoundError(
            "Ngày %(day)s không treo tờ nào. Hãy chọn ngày khác.", day=said_day(day)
        )
    where = {each.id: each.name for each in placed}
    data = _data(unit) | {
        "on": day,
        "places": [
            {"name": name, "rows": _rows([h for h in hung if h.copy.place_id == place_id], day)}
            for place_id, name in where.items()
            if any(each.copy.place_id == place_id for each in hung)
        ],
        "total": len(hung),
    }
    made = pdf.render("posting_notice.html", data)
    return downloads.paper(made, f"thong-bao-niem-yet-{unit.slug}-{day}")


@bp.get("/places/<int:place_id>/certificate.pdf")
@PRINTS
def certificate(place_id: int) -> ResponseReturnValue:
    """Certify what hung at a place between two days, who did it, and when the web was away."""
    session, form, today = db.session(), CertificateForm(request.args), clock.today()
    place = queries.place(session, place_id, reached())
    if not form.validate():
        return page(place, NeedForm(None), form), HTTPStatus.UNPROCESSABLE_ENTITY
    first, last = form.first.data, form.last.data
    try:
        hung = _hung(place, first, last)
    except QmsError as error:
        box = form.first if first > last else form.last
        box.errors = [*box.errors, sentence_of(error)]
        return page(place, NeedForm(None), form), status_of(error)
    data = _data(place.unit) | {
        "place": place.name,
        "first": first,
        "last": last,
        "days": papers.days_between(first, last),
        "rows": _rows(hung, last),
        "who": papers.by_whom(
            hung,
            names(
                session,
                [p.done_by for each in hung for p in (each.first, each.last) if p],
            ),
        ),
        "gaps": papers.gaps(_outages(first, last)),
        "measured": _measured_since(first, last),
        "on": today,
    }
    made = pdf.render("posting_certificate.html", data)
    return downloads.paper(made, f"xac-nhan-niem-yet-{place.id}-{first}-{last}")


def _hung(place: "Place", first: date, last: date) -> list[Hanging]:
    if not first <= last <= clock.today():
        raise InvalidError("Ngày đầu không được sau ngày cuối, và chỉ xác nhận đến hôm nay.")
    hung = queries.stays(db.session(), [place.id], first, last)
    if not hung:
        raise NotFoundError("Trong những ngày đã chọn, nơi này không treo tờ nào.")
    return hung


@bp.get("/outages")
@PRINTS
def outages() -> ResponseReturnValue:
    """Show when the web board did not answer, as the system itself measured it."""
    today = clock.today()
    first = today - LOOKED_BACK
    measured = queries.presences(db.session(), clock.begins(first), clock.now())
    return render_template(
        "postings/outages.html",
        found=[stretch for stretch, _, _ in reversed(_outages(first, today))],
        first=max(first, clock.day_of(measured[0].first_at)) if measured else None,
        since=measured[0].first_at if measured else None,
        last=measured[-1].last_at if measured else None,
        address=current_app.config["WATCH_URL"] or current_app.config["PUBLIC_URL"],
    )


def _outages(first: date, last: date) -> list[tuple[Stretch, str, str]]:
    begin = clock.begins(first)
    end = min(clock.begins(last + timedelta(days=1)), clock.now())
    present = queries.presences(db.session(), begin, end)
    return [
        (each, _said(each.first_at), _said(each.last_at))
        for each in rules.outages(present, begin, end)
    ]


def _measured_since(first: date, last: date) -> str:
    """Return since when the web board was watched, where not from the first day on."""
    begin, end = clock.begins(first), clock.begins(last + timedelta(days=1))
    present = queries.presences(db.session(), begin, end)
    if not present:
        return "never"
    return _said(present[0].first_at) if present[0].first_at > begin else ""


def _said(at: datetime) -> str:
    local = clock.local(at)
    return f"{local:%H:%M} {said_day(local.date())}"


def _data(unit: "Unit") -> dict[str, object]:
    session, today = db.session(), clock.today()
    office = notices.office(session, unit, today)
    heading = units.heading(session, office_of(units.places(session), unit.id), today)
    return {
        "office": papers.head(office),
        "locality": heading.place if heading else "",
        "by": papers.body_mark(office.name),
        "web": f"{_base()}/b/{unit.slug}",
        "check": f"{_where()}/k",
    }


def _rows(hung: list[Hanging], on: date) -> list[dict[str, object]]:
    wanted = {checking.subject_of(each.copy) for each in hung}
    return papers.rows(hung, subjects.courses(db.session(), wanted), on)


def _base() -> str:
    return str(current_app.config["PUBLIC_URL"]).rstrip("/")


def _where() -> str:
    return _base().split("://")[-1]
