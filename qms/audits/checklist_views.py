"""The checklist of an audit on a tablet: answers, dossiers, files, late and twice if need be."""

from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import (
    Blueprint,
    Response,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from qms import clock, files
from qms.accounts.passwords import new_secret
from qms.accounts.queries import names as people_names
from qms.accounts.rules import Permission
from qms.actions import evidence
from qms.actions.forms import GRADE_WORDS
from qms.audits import (
    answers,
    checklist_queries,
    checklist_service,
    evidence_service,
    queries,
    standing,
)
from qms.audits.access_views import names, plans, the_audit, viewer
from qms.audits.answers import Dossier, Result
from qms.audits.checklist_queries import Seen
from qms.audits.forms import (
    RESULT_LOOKS,
    RESULT_WORDS,
    SOURCE_WORDS,
    AnswerForm,
    EvidenceForm,
    ReasonForm,
    SampleForm,
)
from qms.audits.rules import COMING, OPEN, State
from qms.counter.queries import calendar_of
from qms.db import db, transaction
from qms.documents import scans
from qms.errors import InvalidError, QmsError
from qms.postings import photos
from qms.text import whole_number
from qms.web.downloads import attachment
from qms.web.errors import sentence_of, status_of
from qms.web.filters import moment
from qms.web.forms import Form
from qms.web.guards import act, requires, visitor

if TYPE_CHECKING:
    from qms.audits.checklist_models import Answer, Sample
    from qms.audits.models import Audit

bp = Blueprint("checklist", __name__, url_prefix="/<int:audit_id>/checklist")

READS: Final = requires(Permission.AUDIT_READ, Permission.AUDIT_CONDUCT)
CONDUCTS: Final = requires(Permission.AUDIT_CONDUCT)
ARRANGES: Final = requires(Permission.AUDIT_PLAN, Permission.AUDIT_CONDUCT)
_PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF")


@bp.get("")
@READS
def show(audit_id: int) -> ResponseReturnValue:
    """Show the checklist: each question with the text it asks about and what was answered."""
    return _page(the_audit(audit_id))


@bp.get("/state")
@READS
def state(audit_id: int) -> ResponseReturnValue:
    """Tell a tablet that comes back who is signed in and what stands, with a new token.

    Where the visitor may not answer, it says why.
    """
    session, who = db.session(), visitor().id
    try:
        found = the_audit(audit_id)
        standing.auditor(session, who, found)
    except QmsError as error:
        return jsonify(user=who, token=generate_csrf(), open=False, wrong=sentence_of(error))
    lines = [each.id for each in checklist_queries.lines(session, found.id)]
    stands = checklist_queries.last_answers(session, lines)
    people = people_names(session, [each.answered_by for each in stands.values()])
    return jsonify(
        user=who,
        token=generate_csrf(),
        open=True,
        lines=lines,
        answers={str(line): _told(row, people) for line, row in stands.items()},
    )


@bp.post("/<int:line_id>/answer")
@CONDUCTS
def answer(audit_id: int, line_id: int) -> ResponseReturnValue:
    """Answer a line; from a tablet that was away the answer may come late, and once more."""
    form = AnswerForm()
    if not form.validate_on_submit():
        return _wrong(audit_id, form)
    given = checklist_service.Answered(
        form.token.data,
        Result(form.result.data),
        form.note.data or "",
        _said_at(),
        whole_number(request.form.get("basis")),
    )
    try:
        with transaction() as session:
            kept = queries.audit(session, audit_id, viewer())
            line = checklist_queries.line(session, kept, line_id)
            row, merged = checklist_service.answer(session, act(), kept, line, given)
            told = _told(row, people_names(session, [row.answered_by]))
            with_whom = _with_whom(row) if merged else ""
    except QmsError as error:
        return refused(audit_id, error)
    if with_whom:
        told["merged"] = with_whom
    if _wants_json():
        return jsonify(told)
    if with_whom:
        flash(with_whom, "warning")
    return redirect(_back(audit_id, line_id), code=303)


@bp.post("/<int:line_id>/samples")
@CONDUCTS
def sample(audit_id: int, line_id: int) -> ResponseReturnValue:
    """Add a dossier that was looked at."""
    form = SampleForm()
    if not form.validate_on_submit():
        return _wrong(audit_id, form)
    given = evidence_service.Sampled(
        form.token.data,
        form.number.data,
        Dossier(form.received.data, form.due.data, form.returned.data),
    )
    try:
        with transaction() as session:
            kept = queries.audit(session, audit_id, viewer())
            line = checklist_queries.line(session, kept, line_id)
            row = evidence_service.sample(session, act(), kept, line, given)
            told = {"id": row.id, "words": _sample_words(kept, row)}
    except QmsError as error:
        return refused(audit_id, error)
    return jsonify(told) if _wants_json() else redirect(_back(audit_id, line_id), code=303)


@bp.post("/<int:line_id>/samples/<int:sample_id>/drop")
@CONDUCTS
def drop_sample(audit_id: int, line_id: int, sample_id: int) -> ResponseReturnValue:
    """Put a dossier aside that was entered by mistake."""
    reason = ReasonForm().said()
    with transaction() as session:
        kept = queries.audit(session, audit_id, viewer())
        line = checklist_queries.line(session, kept, line_id)
        evidence_service.drop_sample(session, act(), kept, line, sample_id, reason)
    return redirect(_back(audit_id, line_id), code=303)


@bp.post("/<int:line_id>/files")
@CONDUCTS
def attach(audit_id: int, line_id: int) -> ResponseReturnValue:
    """Keep a picture or a file with a line."""
    form = EvidenceForm()
    if not form.validate_on_submit():
        return _wrong(audit_id, form)
    try:
        if not form.file.data:
            raise InvalidError("Hãy chọn ảnh hoặc tệp.")
        scan = _kept(form.file.data.read(), form.file.data.filename or "")
        with transaction() as session:
            kept = queries.audit(session, audit_id, viewer())
            line = checklist_queries.line(session, kept, line_id)
            row = evidence_service.attach(session, act(), kept, line, form.token.data, scan)
            told = {"id": row.id, "name": row.name}
    except QmsError as error:
        return refused(audit_id, error)
    return jsonify(told) if _wants_json() else redirect(_back(audit_id, line_id), code=303)


@bp.get("/files/<int:evidence_id>")
@READS
def file(audit_id: int, evidence_id: int) -> Response:
    """Give a file of a line."""
    found = the_audit(audit_id)
    row = checklist_queries.evidence(db.session(), found.id, evidence_id)
    return attachment(
        files.get(row.sha256), media_type=row.media_type, name=row.name, tag=row.sha256
    )


@bp.post("/<int:line_id>/drop")
@ARRANGES
def drop(audit_id: int, line_id: int) -> ResponseReturnValue:
    """Take a line out of the checklist that nobody answered yet."""
    with transaction() as session:
        kept = queries.audit(session, audit_id, viewer())
        line = checklist_queries.line(session, kept, line_id)
        checklist_service.drop_line(session, act(), kept, line)
    return redirect(url_for(".show", audit_id=audit_id), code=303)


def _page(found: "Audit", wrong: str = "") -> str:
    session, today = db.session(), clock.today()
    seen = checklist_queries.checklist(session, found, today)
    team = queries.team(session, [found.id])[found.id]
    mine = any(each.user_id == visitor().id for each in team)
    return render_template(
        "audits/checklist.html",
        audit=found,
        groups=_groups(seen),
        total=len(seen),
        answered=sum(each.answer is not None for each in seen),
        changed=sum(each.changed for each in seen),
        late=_lateness(found, seen),
        people=people_names(session, [who for each in seen for who in each.people]),
        names=names(),
        results=RESULT_WORDS,
        looks=RESULT_LOOKS,
        sources=SOURCE_WORDS,
        grades=GRADE_WORDS,
        answering=mine and found.state is State.UNDER_WAY,
        arranging=(mine or plans(found)) and found.state in {*COMING, State.UNDER_WAY},
        deciding=(mine or plans(found)) and found.state in OPEN,
        keeping=visitor().may(Permission.AUDIT_CONDUCT),
        user=visitor().id,
        fresh=_fresh,
        plain=Form(),
        wrong=wrong,
    )


def _fresh(kind: str) -> str:
    """Return a name for what a page without scripts may send once."""
    return f"{kind}-{new_secret()}"[:40]


def _groups(seen: list[Seen]) -> list[tuple[str, list[Seen]]]:
    groups: dict[str, list[Seen]] = {}
    for each in seen:
        groups.setdefault(each.line.topic, []).append(each)
    return list(groups.items())


def _lateness(found: "Audit", seen: list[Seen]) -> dict[int, int]:
    works = calendar_of(db.session(), found.owner_id).works
    until = found.closed_on or clock.today()
    return {
        row.id: answers.days_late(Dossier(row.received, row.due, row.returned), works, until)
        for each in seen
        for row in each.samples
    }


def _sample_words(found: "Audit", row: "Sample") -> str:
    works = calendar_of(db.session(), found.owner_id).works
    late = answers.days_late(Dossier(row.received, row.due, row.returned), works, clock.today())
    if late:
        return str(_("%(number)s: trễ %(count)s ngày làm việc", number=row.number, count=late))
    return str(_("%(number)s: không trễ", number=row.number))


def _told(row: "Answer", people: Any) -> dict[str, object]:  # noqa: ANN401 - names by number
    return {
        "answer": row.id,
        "result": row.result.value,
        "note": row.note,
        "who": people.get(row.answered_by, ""),
        "at": moment(row.came_at),
        "merged": "",
    }


def _with_whom(row: "Answer") -> str:
    """Say that two tablets answered the same line, and what stands now."""
    last = checklist_queries.answer_by_id(db.session(), row.merges_id)
    people = people_names(db.session(), [last.answered_by] if last else [])
    words = _(
        "Dòng này đã được %(name)s trả lời trên máy khác lúc %(at)s. Hai câu trả lời được gộp:"
        " giữ kết quả nặng hơn và cả hai ghi chú.",
        name=people.get(last.answered_by, "") if last else "",
        at=moment(last.came_at) if last else "",
    )
    return str(words)


def _said_at() -> datetime:
    """Return when the device says it was answered; now where it says nothing readable."""
    try:
        said = datetime.fromisoformat(request.form.get("said", ""))
    except ValueError:
        return clock.now()
    return said if said.tzinfo is not None else clock.now()


def _kept(data: bytes, name: str) -> scans.Scan:
    """Keep a picture small and without what a camera notes beside, a PDF or office file as it is."""
    if data.startswith(_PICTURES):
        made = photos.smaller(data)
        stem = name.rpartition(".")[0] or "anh"
        return scans.keep(made, f"{stem}.jpg")
    return evidence.keep(data, name)


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _wrong(audit_id: int, form: Form) -> ResponseReturnValue:
    fields = {name: " ".join(map(str, errors)) for name, errors in form.errors.items()}
    said = " ".join(f"{form[name].label.text}: {words}" for name, words in fields.items())
    if _wants_json():
        return jsonify(wrong=said, fields=fields), HTTPStatus.UNPROCESSABLE_ENTITY
    return _page(the_audit(audit_id), said), HTTPStatus.UNPROCESSABLE_ENTITY


def refused(audit_id: int, error: QmsError) -> ResponseReturnValue:
    """Return why something cannot be done, on the page or for the tablet."""
    if _wants_json():
        return jsonify(wrong=sentence_of(error)), status_of(error)
    return _page(the_audit(audit_id), sentence_of(error)), status_of(error)


def _back(audit_id: int, line_id: int) -> str:
    return url_for("audits.checklist.show", audit_id=audit_id, _anchor=f"line-{line_id}")
