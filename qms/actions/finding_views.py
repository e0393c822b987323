"""Pages of findings: the list, raising one, and what becomes of it."""

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms import clock
from qms.accounts.forms import choices
from qms.accounts.queries import names
from qms.accounts.rules import Permission
from qms.actions import (
    change_rules,
    change_service,
    evidence,
    lists,
    queries,
    rules,
    service,
    texts,
    work_service,
)
from qms.actions.file_views import uploaded
from qms.actions.forms import (
    GRADE_WORDS,
    NONE_YET,
    SOURCE_WORDS,
    STATE_WORDS,
    AnswerForm,
    FindingForm,
    HandForm,
    ReasonForm,
    RegradeForm,
    ScanForm,
)
from qms.actions.rules import Grade, Source
from qms.actions.service import Raised
from qms.actions.source_views import named
from qms.actions.who_views import asked, filters, may, reached, who
from qms.db import db, transaction
from qms.documents import scans
from qms.errors import QmsError
from qms.standards import catalogue
from qms.standards.queries import edition_of
from qms.text import whole_number
from qms.units.queries import entered_names
from qms.web.addresses import page_number
from qms.web.errors import sentence_of, status_of
from qms.web.forms import Form
from qms.web.guards import act, requires, visitor
from qms.web.i18n import DEFAULT, language

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from qms.actions.models import Finding

bp = Blueprint("findings", __name__, url_prefix="/findings")

READS: Final = requires(Permission.ACTION_READ)
RAISES: Final = requires(Permission.ACTION_RAISE)
ANSWERS: Final = requires(Permission.ACTION_ANSWER)
VERIFIES: Final = requires(Permission.ACTION_VERIFY)
HANDS_ON: Final = requires(Permission.ACTION_HAND_ON)


@bp.get("")
@READS
def index() -> ResponseReturnValue:
    """List findings, the newest first."""
    session, today, page = db.session(), clock.today(), page_number()
    wanted, units = asked(today, page), entered_names(session)
    rows = lists.findings(session, wanted)
    return render_template(
        "actions/findings.html",
        form=filters(units),
        rows=rows,
        total=lists.count_findings(session, wanted),
        page=page,
        size=lists.PAGE_SIZE,
        names=units,
        wanted=wanted,
        grades=GRADE_WORDS,
        sources=SOURCE_WORDS,
        led=named(*(each.source_ref for each in rows)),
        may_raise=visitor().may(Permission.ACTION_RAISE),
    )


@bp.get("/new")
@RAISES
def new() -> ResponseReturnValue:
    """Ask for a new finding."""
    return _new(_form())


@bp.post("/new")
@RAISES
def add() -> ResponseReturnValue:
    """Raise a finding."""
    form = _form()
    if not form.validate_on_submit():
        return _new(form), HTTPStatus.UNPROCESSABLE_ENTITY
    unit_id, today = int(form.unit.data), clock.today()
    edition, _dot, clause = str(form.clause.data).rpartition("/")
    try:
        revision = texts.text_named(db.session(), unit_id, form.document.data or "", today)
        shown = [evidence.keep(*each) for each in uploaded(form.files)]
        with transaction() as session:
            made = service.raise_finding(
                session,
                act(),
                Raised(
                    unit_id=unit_id,
                    source=Source(form.source.data),
                    source_ref=form.source_ref.data or "",
                    grade=Grade(form.grade.data),
                    edition=edition,
                    clause=clause,
                    revision_id=revision,
                    text=form.text.data,
                    evidence=form.evidence.data,
                    files=tuple(shown),
                    due=form.due.data,
                    minutes_on=form.minutes_on.data,
                ),
            )
            number = made.id
    except QmsError as error:
        form.form_errors.append(sentence_of(error))
        return _new(form), status_of(error)
    flash(_("Đã ghi phát hiện."))
    return redirect(url_for(".show", finding_id=number), code=303)


@bp.get("/<int:finding_id>")
@READS
def show(finding_id: int) -> ResponseReturnValue:
    """Show one finding, what shows it, and what becomes of it."""
    return _page(finding_id)


@bp.post("/<int:finding_id>/answer")
@ANSWERS
def answer(finding_id: int) -> ResponseReturnValue:
    """Answer a remark or an opportunity."""
    form = AnswerForm()
    return _done(
        finding_id,
        form,
        lambda session, found: service.answer(session, act(), found, form.answer.data),
        _("Đã ghi trả lời."),
    )


@bp.post("/<int:finding_id>/close")
@VERIFIES
def close(finding_id: int) -> ResponseReturnValue:
    """Close what was answered."""
    return _done(
        finding_id,
        Form(),
        lambda session, found: service.close(session, act(), found),
        _("Đã đóng phát hiện."),
    )


@bp.post("/<int:finding_id>/annul")
@VERIFIES
def annul(finding_id: int) -> ResponseReturnValue:
    """Annul what was no finding."""
    form = ReasonForm(prefix="annul-")
    return _done(
        finding_id,
        form,
        lambda session, found: service.annul(session, act(), found, form.reason.data),
        _("Đã hủy phát hiện; lý do còn trên hồ sơ."),
    )


@bp.post("/<int:finding_id>/grade")
@READS
def regrade(finding_id: int) -> ResponseReturnValue:
    """Let a finding weigh more or less, for a reason."""
    form = RegradeForm(prefix="regrade-")

    def regraded(session: "Session", found: "Finding") -> None:
        now = change_service.Regraded(
            Grade(form.grade.data), form.reason.data, form.due.data, form.minutes_on.data
        )
        change_service.regrade(session, act(), found, now)

    return _done(finding_id, form, regraded, _("Đã đổi mức; mức cũ còn trên hồ sơ."))


@bp.post("/<int:finding_id>/unit")
@HANDS_ON
def hand_on(finding_id: int) -> ResponseReturnValue:
    """Take over a finding of a unit that ended."""
    form = _hand_form(queries.finding(db.session(), finding_id, who()))
    return _done(
        finding_id,
        form,
        lambda session, found: change_service.hand_on(
            session, act(), found, int(form.unit.data), form.reason.data or ""
        ),
        _("Đã chuyển phát hiện cho đơn vị tiếp nhận."),
    )


@bp.post("/<int:finding_id>/scan")
@VERIFIES
def attach(finding_id: int) -> ResponseReturnValue:
    """Attach the scan of the signed report, once."""
    form = ScanForm(prefix="scan-")

    def attached(session: "Session", found: "Finding") -> None:
        (data, name), *_rest = uploaded(form.scan)
        work_service.attach_scan(session, act(), found, scans.keep(data, name))

    return _done(finding_id, form, attached, _("Đã đính kèm bản chụp."))


def _done(
    finding_id: int,
    form: Form,
    deed: Callable[["Session", "Finding"], None],
    words: str,
) -> ResponseReturnValue:
    """Do something with a finding, or show its page again with what is wrong."""
    queries.finding(db.session(), finding_id, who())
    if not form.validate_on_submit():
        return _page(finding_id, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            deed(session, queries.finding(session, finding_id, who()))
    except QmsError as error:
        return _page(finding_id, form, error), status_of(error)
    flash(words)
    return redirect(url_for(".show", finding_id=finding_id), code=303)


def _page(finding_id: int, given: Form | None = None, refused: QmsError | None = None) -> str:
    session = db.session()
    found = queries.finding(session, finding_id, who())
    text = texts.texts(session, [found.revision_id])
    me, lead = visitor().id, found.lead_id
    forms = {
        "answer": given if isinstance(given, AnswerForm) else AnswerForm(formdata=None),
        "annul": given
        if isinstance(given, ReasonForm)
        else ReasonForm(formdata=None, prefix="annul-"),
        "scan": given
        if isinstance(given, ScanForm)
        else ScanForm(formdata=None, prefix="scan-"),
    }
    fresh = RegradeForm(formdata=None, prefix="regrade-", grade=found.grade)
    forms["regrade"] = given if isinstance(given, RegradeForm) else fresh
    forms["hand"] = given if isinstance(given, HandForm) else _hand_form(found, given=False)
    shown: tuple[int | None, ...] = (
        found.raised_by,
        found.answered_by,
        found.closed_by,
        found.annulled_by,
        lead,
    )
    return render_template(
        "actions/finding.html",
        finding=found,
        clause=catalogue.clause(found.edition, found.clause),
        text=text.get(found.revision_id or 0),
        files=queries.files(session, found.id),
        people=names(session, (*shown, *(each.by for each in found.changes))),
        units=entered_names(session),
        plain=Form(formdata=None),
        refused=sentence_of(refused) if refused else "",
        grades=GRADE_WORDS,
        sources=SOURCE_WORDS,
        led=named(found.source_ref),
        states=STATE_WORDS,
        in_words=found.grade not in rules.NEED_REQUEST,
        may_answer=may(Permission.ACTION_ANSWER, found.unit_id),
        may_close=me == lead
        or (
            may(Permission.ACTION_VERIFY, found.unit_id)
            and queries.is_unled(session, finding_id)
        ),
        may_regrade=me in {found.raised_by, lead} and not found.settled,
        early=change_rules.EARLY.issuperset(each.state for each in found.requests),
        may_annul=may(Permission.ACTION_VERIFY, found.unit_id),
        me=me,
        **forms,
    )


def _hand_form(found: "Finding", *, given: bool = True) -> HandForm:
    """Return the form that offers the own units that took over from the one of a finding."""
    form = HandForm(prefix="hand-") if given else HandForm(formdata=None, prefix="hand-")
    heirs = queries.heirs(db.session(), found, clock.today())
    form.unit.choices = choices(
        (str(each), words)
        for each, words in reached(Permission.ACTION_HAND_ON)
        if each in heirs and not found.settled
    )
    return form


def _form() -> FindingForm:
    session, form = db.session(), FindingForm()
    units = reached(Permission.ACTION_RAISE)
    form.unit.choices = choices((str(each), words) for each, words in units)
    chosen = whole_number(form.unit.data)
    own = next((each for each in visitor().units if each in dict(units)), None)
    unit_id = chosen if chosen in dict(units) else own
    if form.unit.data in {None, "None"} and own is not None:
        form.unit.data = str(own)
    keys = [edition_of(session, unit_id)] if unit_id else [catalogue.USUAL]
    keys += [key for key in catalogue.EDITIONS if key not in keys]
    clauses = (
        (f"{key}/{number}", f"ISO {key}, {number} {_said(clause)}")
        for key in keys
        for number, clause in catalogue.EDITIONS[key].clauses.items()
    )
    form.clause.choices = choices([NONE_YET, *clauses])
    return form


def _said(clause: catalogue.Clause) -> str:
    return clause.title if language() == DEFAULT else clause.title_en


def _new(form: FindingForm) -> str:
    return render_template("actions/new.html", form=form)
