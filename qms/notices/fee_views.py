"""What things cost, for citizens: the prices of a unit on a day, and one schedule."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from qms import clock, overprints
from qms.db import db
from qms.digests import canonical, digest
from qms.documents.search_rules import LONGEST_QUERY
from qms.errors import NotFoundError
from qms.fees import queries as fees
from qms.fees.papers import schedule_data
from qms.fees.rules import Row, matching
from qms.notices import pages, prints, subjects
from qms.notices.day_views import asked_day, asked_on, office
from qms.notices.rules import SheetKind, Subject
from qms.notices.sheet_views import sheet_pdf
from qms.overprints import Overprint
from qms.text import file_name, nfc, sort_key
from qms.units.queries import unit as unit_named
from qms.units.rules import holds
from qms.vietnamese import day as said_day
from qms.web import headers, pdf
from qms.web.addresses import page_number
from qms.web.marks import cached, public

if TYPE_CHECKING:
    from qms.units.models import Unit

bp = Blueprint("fees", __name__)

PAGE: Final = 50
"""Prices on one page."""
LAYOUT: Final = 1
"""Number of the layout on paper; a new one is a new print of the same prices."""
FOR_READING: Final = Overprint(
    corner=overprints.UNCONTROLLED,
    remark="Bản để đọc, không dùng để treo; tờ treo có mã kiểm tra",
)


@bp.get("/b/<unit>/phi")
@cached("on", "field", "page")
@public
def index(unit: str) -> ResponseReturnValue:
    """Show all prices that hold at a unit on a day, or those a search finds."""
    on, today, page = asked_on(), clock.today(), page_number()
    of = unit_named(db.session(), unit)
    frame = {"office": office(of, on.day), "day": on.day, "today": today, "asked": on}
    if not holds(of, on.day):
        ended = pages.ended(db.session(), of)
        return render_template("notices/board_ended.html", **frame, **ended), on.status
    field, q = request.args.get("field"), nfc(request.args.get("q", "")[:LONGEST_QUERY]).strip()
    every = fees.on_day(db.session(), of.id, on.day).rows
    found = matching(every, q, field)
    shown = found[(page - 1) * PAGE : page * PAGE]
    if not shown:
        headers.not_kept()
    body = render_template(
        "notices/fees.html",
        **frame,
        q=q,
        field=field,
        fields=_fields(every),
        rows=shown,
        page=page,
        size=PAGE,
        total=len(found),
    )
    return body, on.status


@bp.get("/b/<unit>/phi.pdf")
@public
def table(unit: str) -> ResponseReturnValue:
    """Give all prices of a unit on a day as paper."""
    of = unit_named(db.session(), unit)
    return sheet_pdf(subjects.of(db.session(), Subject(of.id, SheetKind.FEES)))


@bp.get("/b/<unit>/phi/<code>")
@cached("on")
@public
def schedule(unit: str, code: str) -> ResponseReturnValue:
    """Show one schedule on a day, with all that the law wants told of it."""
    on, today = asked_on(), clock.today()
    of = unit_named(db.session(), unit)
    found = _schedule(of, code, on.day)
    after = [day for day in found.days if day > on.day]
    body = render_template(
        "notices/fee.html",
        office=office(of, on.day),
        day=on.day,
        today=today,
        asked=on,
        slug=code,
        found=found,
        coming=after[0] if after else None,
    )
    return body, on.status


@bp.get("/b/<unit>/phi/<code>.pdf")
@public
def schedule_pdf(unit: str, code: str) -> ResponseReturnValue:
    """Give one schedule on a day as paper."""
    day, of = asked_day(), unit_named(db.session(), unit)
    found = _schedule(of, code, day)
    if found.text is None:
        raise NotFoundError(
            "Biểu phí không có hiệu lực ở đơn vị này ngày %(day)s.", day=said_day(day)
        )
    return _paper(schedule_data(_head(of, day), found), found.code)


def _schedule(of: "Unit", code: str, day: date) -> fees.Shown:
    found = fees.schedule(db.session(), of.id, code, day)
    if found is None:
        raise NotFoundError("Không có biểu phí nào mang mã “%(code)s” ở đây.", code=code)
    return found


def _fields(found: Sequence[Row]) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for row in found:
        counts[row.held.source.topic] = counts.get(row.held.source.topic, 0) + 1
    return sorted(counts.items(), key=lambda each: sort_key(each[0]))


def _head(of: "Unit", day: date) -> dict[str, str]:
    said = office(of, day)
    return {"above": said.superior, "name": said.name}


def _paper(data: Mapping[str, object], name: str) -> Response:
    mark = digest(canonical(data))
    wanted = prints.Print(f"phi/{LAYOUT}/{mark}.pdf", lambda: ("fees.html", data))
    made = prints.kept_or_made(wanted, pdf.render)
    printed = overprints.stamped(made, FOR_READING, pdf.render)
    response = Response(printed, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{file_name(name)}.pdf"'
    response.set_etag(f"{mark[:32]}-{overprints.LAYOUT}")
    response.make_conditional(request)
    return response
