"""Pages of books: asking for one, following its making, and the list of those there are."""

from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request
from flask import url_for as url
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from qms import clock, files, jobs
from qms.accounts.forms import choices
from qms.accounts.queries import names
from qms.accounts.rules import Permission
from qms.books import building, contents, plans, queries, service
from qms.books.building import Press
from qms.books.contents import Where
from qms.books.forms import ALL, BOUND, SHAPE_WORDS, BookForm
from qms.books.plans import Plan
from qms.books.rules import Asked
from qms.db import db, transaction
from qms.errors import NotAllowedError, NotFoundError
from qms.notices.forms import PAPER_WORDS
from qms.notices.printing import Paper
from qms.text import file_name, whole_number
from qms.units.queries import entered_names, unit_by_id
from qms.web import pdf, presses
from qms.web.addresses import page_number
from qms.web.guards import act, requires, visitor
from qms.web.menu import Group, Item

if TYPE_CHECKING:
    from qms.units.models import Unit

bp = Blueprint("books", __name__, url_prefix="/books")

MENU = (Item(Group.NOTICES, _l("Sổ thủ tục"), "books.index", (Permission.COPY_PRINT,)),)

PRINTS: Final = requires(Permission.COPY_PRINT)
BIND: Final = "books.bind"
"""The kind of job that makes a book."""


@bp.get("")
@PRINTS
def index() -> ResponseReturnValue:
    """Ask for a book, and list those that were made."""
    form = BookForm(formdata=None, on=clock.today())
    return _index(form, _unit())


@bp.post("")
@PRINTS
def make() -> ResponseReturnValue:
    """Lead to the book where it is there already; else let a job make it, and follow that."""
    unit, form = _unit(), BookForm()
    form.field.choices = _fields(unit, form.on.data or clock.today())
    if not form.validate_on_submit():
        return _index(form, unit), HTTPStatus.UNPROCESSABLE_ENTITY
    asked = Asked(
        unit=unit.slug,
        field=form.field.data,
        on=form.on.data,
        paper=Paper(form.paper.data),
        bound=form.shape.data == BOUND,
        number=form.number.data or 0,
    )
    there = _there(unit, asked)
    if there is not None:
        flash(_("Sổ này không đổi từ lần lập trước nên dùng lại ngay."))
        return redirect(url(".show", book_id=there), code=303)
    with transaction() as session:
        service.may_bind(session, act(), unit)
        args = {
            "unit_id": unit.id,
            "field": asked.field,
            "on": asked.on.isoformat(),
            "paper": asked.paper.value,
            "bound": asked.bound,
            "number": asked.number,
        }
        job = jobs.enqueue(session, act(), BIND, args).id
    return redirect(url("jobs.show", job_id=job), code=303)


@bp.get("/<int:book_id>")
@PRINTS
def show(book_id: int) -> ResponseReturnValue:
    """Show one book and give its paper."""
    session = db.session()
    found = queries.book_in(session, book_id, _reached())
    return render_template(
        "books/show.html",
        book=found,
        unit_name=entered_names(session).get(found.unit_id, ""),
        paper=PAPER_WORDS[Paper(found.paper)],
        shape=SHAPE_WORDS[BOUND if found.bound else "sheets"],
        people=names(session, [found.made_by]),
    )


@bp.get("/<int:book_id>.pdf")
@PRINTS
def paper(book_id: int) -> ResponseReturnValue:
    """Hand out a book as it was bound."""
    session = db.session()
    found = queries.book_in(session, book_id, _reached())
    data = files.kept(plans.kept_as(found.digest))
    if data is None:
        raise NotFoundError("Tệp của sổ này không còn trong kho. Mời lập lại sổ.")
    title = file_name(f"so-thu-tuc {unit_by_id(session, found.unit_id).slug} {found.day}.pdf")
    answer = Response(data, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{title}"'
    return answer


@jobs.job(BIND, _l("Lập sổ thủ tục"))
def bind(
    progress: jobs.Progress,
    *,
    unit_id: int,
    field: str,
    on: str,
    paper: str,
    bound: bool,
    number: int,
) -> dict[str, object]:
    """Make a book for whoever asked; what was printed before it is stopped stays printed."""
    session, begun = db.session(), progress.act()
    unit = unit_by_id(session, unit_id)
    service.may_bind(session, begun, unit)
    asked = Asked(unit.slug, field, date.fromisoformat(on), Paper(paper), bound, number)
    plan = _plan(unit, asked)
    session.rollback()
    built = building.build(plan, Press(pdf.render_long, presses.render_all), progress.step)
    with transaction() as writing:
        made = service.enter(writing, progress.act(), unit_by_id(writing, unit_id), plan, built)
        return {"page": ["books.show", {"book_id": made.id}]}


def _plan(unit: "Unit", asked: Asked) -> Plan:
    where = Where(unit, current_app.config["PUBLIC_URL"], clock.today())
    return contents.plan(db.session(), where, asked)


def _there(unit: "Unit", asked: Asked) -> int | None:
    """Return the number of the book that was made before and still says the same."""
    before = queries.asked_before(db.session(), unit.id, asked)
    if before is None or _plan(unit, asked).digest != before.digest:
        return None
    return before.id if files.kept(plans.kept_as(before.digest)) else None


def _index(form: BookForm, unit: "Unit") -> str:
    session, page, reached = db.session(), page_number(), _reached()
    on = form.on.data or clock.today()
    form.field.choices = _fields(unit, on)
    found, total = queries.bound(session, reached, page=page)
    known = entered_names(session)
    return render_template(
        "books/index.html",
        form=form,
        unit=unit,
        unit_names={n: known[n] for n in known if n in reached},
        books=found,
        papers={each.value: words for each, words in PAPER_WORDS.items()},
        people=names(session, [each.made_by for each in found]),
        page=page,
        size=queries.PAGE,
        total=total,
    )


def _fields(unit: "Unit", on: date) -> list[object]:
    found = contents.fields(db.session(), unit, on)
    return choices([ALL, *((name, f"{name} ({count})") for name, count in found if name)])


def _unit() -> "Unit":
    """Return the unit whose book is asked for: the one named, else the person's own."""
    reached = _reached()
    own = next((each for each in visitor().units if each in reached), min(reached))
    asked = whole_number(request.args.get("unit")) or own
    if asked not in reached:
        raise NotAllowedError("Chức trách của ông, bà không cho phép việc này ở đơn vị này.")
    return unit_by_id(db.session(), asked)


def _reached() -> frozenset[int]:
    return visitor().reach.get(Permission.COPY_PRINT, frozenset())
