"""Fee schedules: what a thing cost on a day, asked by people who work here."""

from datetime import date
from http import HTTPStatus

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from qms import clock
from qms.accounts.rules import Permission
from qms.db import db
from qms.documents.decision_forms import choices
from qms.documents.decision_views import said
from qms.documents.kinds.fees import Channel
from qms.documents.kinds.procedure import CHANNEL_WORDS
from qms.documents.price_rules import Question
from qms.documents.search_rules import LONGEST_QUERY
from qms.documents.standing import Cover
from qms.errors import NotAllowedError
from qms.fees import asking, queries
from qms.fees.asking import Shelf
from qms.fees.forms import QuestionForm
from qms.text import sort_key
from qms.units.queries import entered_names, places
from qms.units.rules import office_of
from qms.vietnamese import day
from qms.web.addresses import page_number
from qms.web.guards import requires, visitor
from qms.web.menu import Group, Item

bp = Blueprint("fees", __name__)

MENU = (
    Item(Group.DOCUMENTS, _l("Tra phí, lệ phí"), "fees.index", (Permission.DOCUMENT_READ,)),
)


@bp.get("/fees")
@requires(Permission.DOCUMENT_READ)
def index() -> ResponseReturnValue:
    """Ask what a procedure costs, for a case, a channel, a place and two days."""
    session, today = db.session(), clock.today()
    office = _office()
    form = QuestionForm(request.args)
    words = (form.q.data or "")[:LONGEST_QUERY]
    found = asking.shelf(session, office, today)
    offered = (
        [] if form.procedure.data or not words else asking.offered(session, found, words, today)
    )
    code = form.procedure.data or (offered[0][0] if len(offered) == 1 else "")
    _offer(form, found, code, office)
    valid = form.validate() if request.args else True
    told = None
    if code and valid:
        decision = form.decision.data or form.submission.data or today
        question = Question(
            procedure=code,
            channel=Channel(form.channel.data),
            within=found.ground.within(int(form.unit.data)),
            submission_day=form.submission.data or decision,
            decision_day=decision,
            case=form.case.data or "",
        )
        told = asking.tell(found, question, form.units.data or 1, form.copies.data or 1)
    page = render_template(
        "fees/index.html",
        form=form,
        words=words,
        offered=offered,
        code=code,
        title=found.titles.get(code, "") or dict(offered).get(code, ""),
        told=told,
        refusals=[
            said(each.answer.refusal) if each.answer.refusal else None for each in told or ()
        ],
        units=form.units.data or 1,
        copies=form.copies.data or 1,
        **({} if words or code else _schedules(found.seen, today)),
    )
    return page, HTTPStatus.OK if valid else HTTPStatus.UNPROCESSABLE_ENTITY


def _office() -> int:
    """Return the office in which the visitor works."""
    who = visitor()
    if not who.units:
        raise NotAllowedError("Ông, bà chưa có vị trí ở đơn vị nào.")
    return office_of(places(db.session()), who.units[0])


def _schedules(seen: Cover, today: date) -> dict[str, object]:
    """Return one page of the schedules that hold in the office today."""
    number = page_number()
    rows, total = queries.schedules(db.session(), seen, today, page=number)
    return {"schedules": rows, "page": number, "size": queries.PAGE, "total": total}


def _offer(form: QuestionForm, found: Shelf, code: str, office: int) -> None:
    """Fill the lists, and what is not said with the day and the place at hand."""
    form.procedure.data = code
    form.channel.choices = choices(*((each.value, CHANNEL_WORDS[each]) for each in Channel))
    form.case.choices = choices(
        ("", _("Không nêu trường hợp")), *((case, case) for case in found.cases(code))
    )
    names = entered_names(db.session())
    named = (
        (str(each), _place_name(names.get(each, word), found.ground.places[each].last_day))
        for each, word in found.ground.words.items()
    )
    form.unit.choices = choices(*sorted(named, key=lambda each: sort_key(each[1])))
    today = clock.today()
    if "channel" not in request.args:
        form.channel.data = asking.channel(form.q.data or "").value
    if "unit" not in request.args:
        form.unit.data = str(office)
    for field in (form.submission, form.decision):
        if field.name not in request.args:
            field.data = today
    if "units" not in request.args:
        form.units.data = asking.counted(form.q.data or "")
    if "copies" not in request.args:
        form.copies.data = 1


def _place_name(name: str, last_day: date | None) -> str:
    """Tell an ended unit from the one that bears its name today."""
    return _("%(name)s (đến hết %(day)s)", name=name, day=day(last_day)) if last_day else name
