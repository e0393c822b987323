"""Sheets for the wall that are no procedures: the list of a field, feedback, notice texts."""

from functools import partial
from typing import TYPE_CHECKING

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from qms import clock
from qms.db import db
from qms.documents.kinds.text_page import html
from qms.notices import finding, pages, subjects, validity
from qms.notices.address_views import address, copy_address, paper_address
from qms.notices.course import Course
from qms.notices.day_views import AskedDay, asked_day, asked_on, office
from qms.notices.notice_texts import TextSheet
from qms.notices.rules import SheetKind, Subject
from qms.notices.sheet_views import sheet_pdf
from qms.units.queries import unit as unit_named
from qms.units.rules import holds
from qms.web.marks import cached, public

if TYPE_CHECKING:
    from qms.units.models import Unit

bp = Blueprint("wall", __name__)


@bp.get("/b/<unit>/linh-vuc/<slug>")
@cached("on")
@public
def field(unit: str, slug: str) -> ResponseReturnValue:
    """Show the list of a field as it hangs on walls."""
    on, of = asked_on(), unit_named(db.session(), unit)
    return _page(of, finding.field(db.session(), of, slug, on.day), on)


@bp.get("/b/<unit>/linh-vuc/<slug>.pdf")
@public
def field_pdf(unit: str, slug: str) -> ResponseReturnValue:
    """Give the list of a field as paper."""
    day = asked_day()
    return sheet_pdf(finding.field(db.session(), unit_named(db.session(), unit), slug, day))


@bp.get("/b/<unit>/phan-anh")
@cached("on")
@public
def feedback(unit: str) -> ResponseReturnValue:
    """Show where to send reflections and proposals."""
    of = unit_named(db.session(), unit)
    return _page(of, _whole(of, SheetKind.FEEDBACK), asked_on())


@bp.get("/b/<unit>/phan-anh.pdf")
@public
def feedback_pdf(unit: str) -> ResponseReturnValue:
    """Give it as paper."""
    return sheet_pdf(_whole(unit_named(db.session(), unit), SheetKind.FEEDBACK))


@bp.get("/b/<unit>/thong-bao/<code>")
@cached("on")
@public
def text(unit: str, code: str) -> ResponseReturnValue:
    """Show a notice text as it stands on a day."""
    on, of = asked_on(), unit_named(db.session(), unit)
    return _page(of, finding.text(db.session(), of, code, on.day), on)


@bp.get("/b/<unit>/thong-bao/<code>.pdf")
@public
def text_pdf(unit: str, code: str) -> ResponseReturnValue:
    """Give a notice text as paper."""
    day = asked_day()
    return sheet_pdf(finding.text(db.session(), unit_named(db.session(), unit), code, day))


def _whole(of: "Unit", kind: SheetKind) -> Course:
    return subjects.of(db.session(), Subject(of.id, kind))


def _page(of: "Unit", course: Course, on: AskedDay) -> ResponseReturnValue:
    day, today = on.day, clock.today()
    frame = {"office": office(of, day), "day": day, "today": today, "asked": on}
    if not holds(of, day):
        ended = pages.ended(db.session(), of)
        return render_template("notices/board_ended.html", **frame, **ended), on.status
    found = course.on_day(day)
    page = render_template(
        "notices/wall.html",
        **frame,
        kind=course.subject.kind.value,
        title=found.title if found else course.name,
        code=course.code_words,
        found=found,
        state=validity.state(course, found, day, today),
        begins=validity.begun(course, day) if found else None,
        decision=pages.decision(found.change, course.issuers)
        if found and found.change
        else None,
        body=html(found.content.body) if isinstance(found, TextSheet) else "",
        copy_url=copy_address(of.slug, course),
        page_url=address(of.slug, course.subject.kind, course.slug),
        pdf_url=partial(
            paper_address,
            of.slug,
            course.subject.kind,
            course.slug,
            None if day == today else day,
        ),
    )
    return page, on.status
