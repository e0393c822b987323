"""What goes into a checklist: documents, clauses, earlier findings, what the system saw amiss."""

from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

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
from flask_babel import ngettext

from qms import clock, observations
from qms.accounts.forms import choices
from qms.accounts.rules import Permission
from qms.actions.forms import GRADE_WORDS
from qms.actions.rules import Grade
from qms.audits import building, checklist_queries, checklist_service, finding_queries, queries
from qms.audits.access_views import names, the_audit, viewer
from qms.audits.answers import Result, Source
from qms.audits.building import Question
from qms.audits.forms import FindingForm, OwnQuestionForm
from qms.audits.team_queries import audited_units
from qms.db import db, transaction
from qms.documents.reading import visit
from qms.errors import QmsError
from qms.observations import Ask, Observation
from qms.standards.catalogue import EDITIONS
from qms.text import nfc, whole_number
from qms.units.queries import places
from qms.units.rules import chain
from qms.web.errors import sentence_of, status_of
from qms.web.forms import Form
from qms.web.guards import act, requires, visitor

if TYPE_CHECKING:
    from qms.audits.models import Audit

bp = Blueprint("choosing", __name__, url_prefix="/<int:audit_id>/checklist")

ARRANGES: Final = requires(Permission.AUDIT_PLAN, Permission.AUDIT_CONDUCT)
CONDUCTS: Final = requires(Permission.AUDIT_CONDUCT)
BACK: Final = timedelta(days=730)
"""How far back closed findings are offered."""
_ASKS: Final = "qms_observations"


def init_app(app: Flask, asks: Sequence[Ask]) -> None:
    """Hand in what each feature sees amiss."""
    app.extensions[_ASKS] = tuple(asks)


@bp.get("/add")
@ARRANGES
def choose(audit_id: int) -> ResponseReturnValue:
    """Offer what may be asked in this audit."""
    return _page(the_audit(audit_id), OwnQuestionForm(formdata=None))


@bp.post("/add")
@ARRANGES
def add(audit_id: int) -> ResponseReturnValue:
    """Put what was chosen into the checklist."""
    found, form = the_audit(audit_id), OwnQuestionForm()
    own = nfc(form.question.data or "").strip()
    if own and not form.validate_on_submit():
        return _page(found, form), HTTPStatus.UNPROCESSABLE_ENTITY
    questions = _chosen(found)
    if own:
        questions.append(
            Question(Source.OWN, _("Tự ghi"), own, (form.clause.data or "").strip())
        )
    if not questions:
        wrong = [_("Hãy đánh dấu ít nhất một nội dung, hoặc tự ghi một câu hỏi.")]
        return _page(found, form, wrong), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            kept = queries.audit(session, audit_id, viewer())
            made = len(checklist_service.add_lines(session, act(), kept, questions))
    except QmsError as error:
        wrong = [sentence_of(each) for each in (error, *error.parts)]
        return _page(the_audit(audit_id), form, wrong), status_of(error)
    flash(ngettext("Đã thêm %(num)d dòng.", "Đã thêm %(num)d dòng.", made))
    return redirect(url_for("audits.checklist.show", audit_id=audit_id), code=303)


@bp.get("/<int:line_id>/finding")
@CONDUCTS
def finding(audit_id: int, line_id: int) -> ResponseReturnValue:
    """Ask what a line leads to."""
    found = the_audit(audit_id)
    line = checklist_queries.line(db.session(), found, line_id)
    last = checklist_queries.last_answer(db.session(), line.id)
    if last is None:
        flash(
            _("Câu trả lời của dòng này chưa được gửi; gửi rồi mới lập được phát hiện."),
            "warning",
        )
        return redirect(_line_at(audit_id, line_id), code=303)
    grade = Grade.MINOR if last.result is Result.NONCONFORMING else Grade.REMARK
    form = FindingForm(
        formdata=None,
        unit=str(line.unit_id or ""),
        grade=grade.value,
        clause=line.clause,
        text=last.note,
        evidence=_evidence_words(line.id),
    )
    return _finding(found, line_id, form)


@bp.post("/<int:line_id>/finding")
@CONDUCTS
def raise_finding(audit_id: int, line_id: int) -> ResponseReturnValue:
    """Raise a finding from a line."""
    found, form = the_audit(audit_id), FindingForm()
    _offer(form, found)
    if not form.validate_on_submit():
        return _finding(found, line_id, form), HTTPStatus.UNPROCESSABLE_ENTITY
    said = checklist_service.Raising(
        int(form.unit.data),
        Grade(form.grade.data),
        form.clause.data,
        form.text.data,
        form.evidence.data,
    )
    try:
        with transaction() as session:
            kept = queries.audit(session, audit_id, viewer())
            line = checklist_queries.line(session, kept, line_id)
            checklist_service.raise_finding(session, act(), kept, line, said)
    except QmsError as error:
        form.form_errors.append(sentence_of(error))
        return _finding(the_audit(audit_id), line_id, form), status_of(error)
    flash(_("Đã lập phát hiện."))
    return redirect(_line_at(audit_id, line_id), code=303)


def _line_at(audit_id: int, line_id: int) -> str:
    return url_for("audits.checklist.show", audit_id=audit_id, _anchor=f"line-{line_id}")


def _page(found: "Audit", form: OwnQuestionForm, wrong: Sequence[str] = ()) -> str:
    session, today = db.session(), clock.today()
    typed = request.args.get("q", "").strip()
    units = audited_units(session, queries.unit_ids(found))
    there = checklist_queries.lines(session, found.id)
    return render_template(
        "audits/choose.html",
        audit=found,
        typed=typed,
        most=building.MOST,
        documents=building.choices(
            session,
            visit(session, visitor().id, today).reader,
            _owners(found),
            today,
            nfc(typed),
        ),
        asked={each.revision_id for each in there},
        refs={each.ref for each in there},
        edition=EDITIONS[found.edition],
        findings=finding_queries.earlier(session, units, found.ref, found.first_day - BACK),
        observations=_seen(found),
        grades=GRADE_WORDS,
        names=names(),
        form=form,
        plain=Form(),
        wrong=wrong,
    )


def _chosen(found: "Audit") -> list[Question]:
    """Return the questions that the boxes ticked lead to."""
    session, today = db.session(), clock.today()
    reader = visit(session, visitor().id, today).reader
    documents = [
        number
        for each in request.form.getlist("document")
        if (number := whole_number(each)) is not None
    ]
    wanted = set(request.form.getlist("observation"))
    numbers = set(request.form.getlist("finding"))
    units = audited_units(session, queries.unit_ids(found))
    earlier = finding_queries.earlier(session, units, found.ref, found.first_day - BACK)
    return [
        *building.of_documents(session, reader, documents, today, found.edition),
        *building.of_clauses(EDITIONS[found.edition], request.form.getlist("clause_number")),
        *building.of_findings(
            [each for each in earlier if str(each.id) in numbers], found.edition
        ),
        *building.of_observations(
            [each for each in _seen(found) if each.key in wanted] if wanted else [],
            found.edition,
        ),
    ]


def _seen(found: "Audit") -> list[Observation]:
    """Return what the features see amiss in audited units, those below them, and their office."""
    asks: tuple[Ask, ...] = current_app.extensions[_ASKS]
    units = {*audited_units(db.session(), queries.unit_ids(found)), found.owner_id}
    return observations.of_all(asks, db.session(), units, clock.today())


def _owners(found: "Audit") -> set[int]:
    """Return whose documents the units of an audit work by: their own, and those above."""
    placed = places(db.session())
    units = audited_units(db.session(), queries.unit_ids(found))
    return {each for unit in units for each in chain(placed, unit)}


def _finding(found: "Audit", line_id: int, form: FindingForm) -> str:
    _offer(form, found)
    line = checklist_queries.line(db.session(), found, line_id)
    return render_template("audits/finding.html", audit=found, line=line, form=form)


def _offer(form: FindingForm, found: "Audit") -> None:
    called = names()
    form.unit.choices = choices(
        (str(each), called.get(each, str(each))) for each in queries.unit_ids(found)
    )
    form.clause.choices = choices(
        (each.number, f"{each.number} {each.title}")
        for each in EDITIONS[found.edition].clauses.values()
    )


def _evidence_words(line_id: int) -> str:
    """Return the sampled dossiers of a line as a beginning of the evidence."""
    rows = checklist_queries.samples_of(db.session(), line_id)
    return "\n".join(
        _(
            "Hồ sơ %(number)s: nhận %(received)s, hẹn %(due)s, trả %(returned)s.",
            number=row.number,
            received=f"{row.received:%d/%m/%Y}",
            due=f"{row.due:%d/%m/%Y}" if row.due else "–",
            returned=f"{row.returned:%d/%m/%Y}" if row.returned else "–",
        )
        for row in rows
    )
