"""The standard of an office: which documents answer to which clause, and what was looked at."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

from flask import (
    Blueprint,
    Flask,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from qms import clock
from qms.accounts.rules import Permission
from qms.db import db, transaction
from qms.documents import reading
from qms.documents.standing import cover
from qms.errors import NotFoundError, QmsError
from qms.standards import catalogue, coverage, queries, service
from qms.standards.catalogue import Clause, Edition
from qms.standards.coverage import Ask, Told
from qms.standards.forms import EditionForm
from qms.standards.queries import Answers, Named
from qms.text import sort_key, whole_number
from qms.units.queries import headings, places, unit_by_id
from qms.units.rules import holds, office_of, reaches
from qms.web.addresses import page_number
from qms.web.errors import sentence_of, status_of
from qms.web.guards import act, requires, visitor
from qms.web.menu import Group, Item

bp = Blueprint("standards", __name__, url_prefix="/standards")

MENU = (
    Item(
        Group.IMPROVEMENT,
        _l("Tiêu chuẩn và độ phủ"),
        "standards.index",
        (Permission.DOCUMENT_READ,),
    ),
)

_ASKS: Final = "qms_coverage"


def init_app(app: Flask, asks: Sequence[Ask]) -> None:
    """Hand in what each later feature knows of clauses and documents."""
    app.extensions[_ASKS] = tuple(asks)


@bp.get("")
@requires(Permission.DOCUMENT_READ)
def index() -> ResponseReturnValue:
    """Show clause by clause, and procedure by procedure, what there is and what is open."""
    return _page(EditionForm(formdata=None))


@bp.post("")
@requires(Permission.EDITION_CHOOSE)
def choose() -> ResponseReturnValue:
    """Let an office work by an edition from a day on."""
    form, office = EditionForm(), _office()
    if not form.validate_on_submit():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            unit = unit_by_id(session, office)
            service.choose(session, act(), unit, form.edition.data, form.from_day.data)
    except QmsError as error:
        form.edition.errors = [*form.edition.errors, sentence_of(error)]
        return _page(form), status_of(error)
    flash(_("Đã ghi ấn bản của tiêu chuẩn mà cơ quan áp dụng."))
    return redirect(url_for(".index", office=office), code=303)


def _page(form: EditionForm) -> str:
    session, today, page = db.session(), clock.today(), page_number()
    office, placed = _office(), places(session)
    chosen = queries.chosen(session, office)
    usual = queries.by_day(chosen, today)
    asked = request.args.get("edition", "")
    edition = catalogue.EDITIONS[asked if asked in catalogue.EDITIONS else usual]
    seen = cover(session, office, today)
    if seen is None:
        raise NotFoundError("Hôm nay không còn cơ quan này.")
    reader = reading.visit(session, visitor().id, today).reader
    answers = queries.answers(session, seen, reader, today, edition.key, usual)
    rows = queries.procedures(session, seen, reader, today)
    units = [each for each in placed if office_of(placed, each) == office]
    unit = whole_number(request.args.get("unit"))
    wanted = [each for each in units if unit not in units or reaches(placed, unit or 0, each)]
    told = _told(wanted, edition, answers, rows)
    figures = coverage.figures(
        told, edition.leaves, [each.document_id for each in rows], today.year
    )
    gaps = bool(request.args.get("gaps"))
    clauses = _clause_gaps(edition, answers, told) if gaps else edition.clauses
    if gaps:
        rows = _procedure_gaps(rows, answers, told)
    total, begin = len(rows), (page - 1) * queries.PAGE_SIZE
    names = headings(session, today, [*offices(), *units])
    if form.from_day.data is None:
        form.from_day.data = today
    return render_template(
        "standards/index.html",
        form=form,
        office_id=office,
        offices={each: names[each].name for each in offices() if each in names},
        edition=edition,
        usual=usual,
        editions=catalogue.EDITIONS,
        chosen=chosen,
        answers=answers,
        told=told,
        clauses=clauses,
        figures=figures,
        gaps=gaps,
        unit=unit,
        units=sorted(
            ((each, names[each].name) for each in units if each in names and each != office),
            key=lambda pair: sort_key(pair[1]),
        ),
        rows=rows[begin : begin + queries.PAGE_SIZE],
        total=total,
        page=page,
        size=queries.PAGE_SIZE,
        today=today,
        may_open=visitor().may(Permission.ACTION_READ),
        may_choose=office in visitor().reach.get(Permission.EDITION_CHOOSE, frozenset()),
    )


def _told(
    units: Sequence[int], edition: Edition, answers: Answers, rows: Sequence[Named]
) -> Told:
    """Return what later features know of some units, processes counted for procedures."""
    asks: Sequence[Ask] = current_app.extensions[_ASKS]
    found = coverage.together(ask(db.session(), units, edition.key) for ask in asks)
    by = {
        each.document_id: [one.document_id for one in answers.procedures.get(each.code, ())]
        for each in rows
    }
    return coverage.described(found, by)


def _clause_gaps(edition: Edition, answers: Answers, told: Told) -> dict[str, Clause]:
    """Return the clauses without a document, or not audited this year."""
    year = clock.today().year
    return {
        number: edition.clauses[number]
        for number in edition.leaves
        if not any(map(answers.clauses.get, coverage.upwards(number)))
        or not coverage.seen_in(coverage.last_audit(told, number), year)
    }


def _procedure_gaps(rows: Sequence[Named], answers: Answers, told: Told) -> list[Named]:
    """Return the procedures without a process, or not audited this year."""
    year = clock.today().year
    return [
        each
        for each in rows
        if not answers.procedures.get(each.code)
        or not coverage.seen_in(told.document_audited.get(each.document_id), year)
    ]


def offices() -> list[int]:
    """Return the offices there are today in which the visitor reads documents."""
    placed, today = places(db.session()), clock.today()
    mine = visitor().reach.get(Permission.DOCUMENT_READ, frozenset())
    found = {office_of(placed, each) for each in mine}
    return sorted(each for each in found if holds(placed[each], today))


def _office() -> int:
    """Return the office asked for, else the first that is the visitor's.

    Raises:
        NotFoundError: it is not the visitor's, or there is none.

    """
    mine = offices()
    asked = whole_number(request.args.get("office"))
    if not mine or (asked is not None and asked not in mine):
        raise NotFoundError("Cơ quan này không thuộc ông, bà.")
    return asked if asked is not None else _first(mine)


def _first(mine: Sequence[int]) -> int:
    placed = places(db.session())
    own = [office_of(placed, each) for each in visitor().units]
    return next((each for each in own if each in mine), mine[0])
