"""Pages of decisions: the list, one decision, its head, its paper."""

from collections.abc import Mapping, Sequence
from datetime import date
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms import clock
from qms.accounts.rules import Permission
from qms.db import db, transaction
from qms.documents import (
    decision_access,
    decision_lists,
    decision_queries,
    gaps,
    impact,
    queries,
    readiness,
    service,
    stops,
)
from qms.documents.decision_access import Seen
from qms.documents.decision_forms import (
    PHASE_WORDS,
    FilterForm,
    HeadForm,
    ReasonForm,
    ScanForm,
    SignForm,
    WordsForm,
    choices,
)
from qms.documents.decision_lists import PAGE_SIZE, Phase, Wanted
from qms.documents.decision_queries import LineRow
from qms.documents.link_views import impact_of
from qms.documents.remark_views import remarks
from qms.documents.rules import Audience, OwnIssuerError, Scope, State
from qms.documents.timeline import Action
from qms.errors import NotAllowedError, QmsError, StaleError
from qms.text import whole_number
from qms.units.queries import headings, unit, unit_by_id, units
from qms.web.addresses import page_number
from qms.web.errors import sentence_of, status_of
from qms.web.guards import act, requires, visitor

bp = Blueprint("decisions", __name__, url_prefix="/decisions")

READS: Final = requires(Permission.DECISION_READ)
DRAFTS: Final = requires(Permission.DECISION_DRAFT)


@bp.get("")
@READS
def index() -> ResponseReturnValue:
    """List the decisions a person may read."""
    session, who = db.session(), visitor()
    owners = owners_for(Permission.DECISION_READ)
    form = FilterForm(request.args)
    known = [(str(year), str(year)) for year in decision_lists.years(session, owners)]
    form.year.choices = choices(("", _("Tất cả")), *known)
    page = page_number()
    wanted = Wanted(
        phase=Phase(form.phase.data) if form.phase.data in set(Phase) else None,
        year=int(form.year.data) if form.year.data in dict(known) else None,
        words=form.q.data or "",
        mine=who.id if form.mine.data else None,
        sort=request.args.get("sort", "-id"),
    )
    rows, total = decision_lists.decisions(session, owners, wanted, clock.today(), page=page)
    ids = {each for row in rows for each in (row.decision.owner_id, row.decision.issuer_id)}
    return render_template(
        "decisions/index.html",
        form=form,
        rows=rows,
        total=total,
        page=page,
        size=PAGE_SIZE,
        wanted=wanted,
        names=headings(session, clock.today(), [each for each in ids if each]) if ids else {},
        phases=PHASE_WORDS,
        may_draft=who.may(Permission.DECISION_DRAFT),
    )


@bp.route("/new", methods=["GET", "POST"])
@DRAFTS
def new() -> ResponseReturnValue:
    """Open a draft decision."""
    form = HeadForm(effective_on=clock.today()) if request.method == "GET" else HeadForm()
    _offer_owners(form)
    if request.method == "GET" or not form.validate():
        return _head_page(form, None, status=_status(form))
    try:
        with transaction() as session:
            owner = unit(session, form.owner.data)
            made = service.open_decision(session, act(), owner, _head(form)).id
    except OwnIssuerError as error:
        form.issuer_name.errors = [said(error)[0]]
        return _head_page(form, None, status=status_of(error))
    except QmsError as error:
        return _head_page(form, None, refused=said(error), status=status_of(error))
    flash(_("Đã mở dự thảo. Hãy thêm các dòng."))
    return redirect(url_for("documents.decisions.show", decision_id=made), code=303)


@bp.get("/<int:decision_id>")
@READS
def show(decision_id: int) -> ResponseReturnValue:
    """Show one decision with its lines, hands and what may be done with it."""
    return decision_page(decision_id)


@bp.route("/<int:decision_id>/edit", methods=["GET", "POST"])
@DRAFTS
def edit(decision_id: int) -> ResponseReturnValue:
    """Change the head of a draft; a stale save shows both versions."""
    seen = look(decision_id)
    now = seen.decision
    if request.method == "GET":
        form = HeadForm(
            title=now.title,
            issuer="outside" if now.issuer_id is None else "own",
            issuer_name=now.issuer_name,
            grounds=now.grounds,
            effective_on=now.effective_on,
            reason=now.reason,
            version=now.version,
        )
    else:
        form = HeadForm()
    form.owner.choices = choices((now.owner.slug, seen.owner_name))
    form.owner.data = now.owner.slug
    if not seen.may_edit:
        raise NotAllowedError("Chỉ sửa được dự thảo, và chỉ người được soạn ở đơn vị này.")
    if request.method == "GET" or not form.validate():
        return _head_page(form, seen, status=_status(form))
    version = whole_number(form.version.data) or 0
    try:
        with transaction() as session:
            decision = queries.decision(session, decision_id)
            service.edit_decision(session, act(), decision, _head(form), version=version)
    except StaleError as error:
        seen = look(decision_id)
        form.version.raw_data, form.version.data = None, str(seen.decision.version)
        return _head_page(form, seen, refused=said(error), stale=True, status=status_of(error))
    except OwnIssuerError as error:
        form.issuer_name.errors = [said(error)[0]]
        return _head_page(form, look(decision_id), status=status_of(error))
    except QmsError as error:
        return _head_page(form, look(decision_id), refused=said(error), status=status_of(error))
    flash(_("Đã lưu."))
    return redirect(url_for("documents.decisions.show", decision_id=decision_id), code=303)


@bp.post("/<int:decision_id>/abandon")
@DRAFTS
def abandon(decision_id: int) -> ResponseReturnValue:
    """Give up a draft for good, with a reason."""
    look(decision_id)
    form = ReasonForm(prefix="abandon-")
    if not form.validate():
        return decision_page(decision_id, abandon=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        with transaction() as session:
            decision = queries.decision(session, decision_id)
            service.abandon(session, act(), decision, reason=form.reason.data)
    except QmsError as error:
        return decision_page(decision_id, abandon=form, refused=error)
    flash(_("Đã bỏ dự thảo."))
    return redirect(url_for("documents.decisions.show", decision_id=decision_id), code=303)


def look(decision_id: int) -> Seen:
    """Return a decision as the person signed in sees it, or refuse."""
    return decision_access.look(db.session(), decision_id, visitor().id, clock.today())


def said(error: QmsError) -> tuple[str, list[str]]:
    """Return what a refusal says in the language of the page, and its single refusals."""
    inner = {k: said(v)[0] if isinstance(v, QmsError) else v for k, v in error.values.items()}
    whole = sentence_of(QmsError(error.sentence)) % inner if inner else sentence_of(error)
    return whole, [said(part)[0] for part in error.parts]


def decision_page(
    decision_id: int,
    *,
    refused: QmsError | None = None,
    status: int = HTTPStatus.OK,
    **forms: Any,  # noqa: ANN401 - each act has its own form
) -> ResponseReturnValue:
    """Show a decision, with the form that was not taken as it was filled in."""
    session, seen, page = db.session(), look(decision_id), page_number()
    decision, today = seen.decision, clock.today()
    asked = request.args.get("action", "")
    action = Action(asked) if asked in set(Action) else None
    is_open = decision.state in {State.DRAFT, State.IN_REVIEW}
    if is_open:
        every = decision_queries.line_rows(session, decision_id)
        rows = [row for row in every if action in {None, row.change.action}]
        rows = rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        counts = _counts(every)
    else:
        every = []
        rows = decision_queries.line_rows(session, decision_id, action, page=page)
        counts = decision_queries.line_counts(session, decision_id)
    changes = [row.change for row in rows]
    revoked = not is_open and decision_queries.is_revoked(session, decision_id)
    body = render_template(
        "decisions/show.html",
        seen=seen,
        decision=decision,
        phase=decision_lists.phase(
            decision, today, revoked=revoked, reviewed=seen.reviewer is not None
        ),
        phases=PHASE_WORDS,
        rows=rows,
        counts=counts,
        total=counts.get(action.value, 0) if action else sum(counts.values()),
        action=action,
        page=page,
        size=PAGE_SIZE,
        linked=decision_queries.replacing(session, changes),
        stands=seen.standing,
        forms=_forms(seen, forms),
        refused=said(refused) if refused else None,
        touched=_touched(every),
        **_readiness(seen, every, today),
    )
    return body, status_of(refused) if refused else status


def _readiness(seen: Seen, rows: Sequence[LineRow], today: date) -> dict[str, object]:
    """Return what would stop a signature, and what differs since the reader looked."""
    if not rows:
        nothing: dict[str, object] = dict.fromkeys(("trouble", "remarks", "gaps"), ())
        return {**nothing, "drafts": {}, "since": None, "why_not": None, "impact": None}
    changes = sorted((row.change for row in rows), key=lambda change: change.id)
    signed, drafts = decision_queries.around(db.session(), seen.decision.id)
    day = seen.decision.effective_on or today
    found = readiness.trouble(changes, signed, day, today, reason=seen.decision.reason)
    found += stops.stops(db.session(), changes, day)
    why = seen.why_not_sign if seen.signs else None
    changed = [change.document for change in changes]
    matter = impact.matter(db.session(), seen.decision, changed, today)
    return {
        "trouble": [said(error)[0] for error in found],
        "drafts": drafts,
        "since": decision_queries.changed_since(changes, seen.names, seen.me),
        "why_not": said(why)[0] if why else None,
        "remarks": remarks(matter),
        "impact": impact_of(matter),
        "gaps": gaps.gaps(db.session(), changes),
    }


def _touched(rows: Sequence[LineRow]) -> dict[str, int]:
    """Return how many documents change for the public, for staff, and below the owner."""
    texts = [row.change.revision for row in rows if row.change.revision is not None]
    return {
        "public": sum(text.audience is Audience.PUBLIC for text in texts),
        "staff": sum(text.audience is not Audience.PUBLIC for text in texts),
        "below": sum(text.scope is not Scope.OWNER for text in texts),
        "gone": sum(row.change.action is Action.WITHDRAW for row in rows),
    }


def _forms(seen: Seen, given: Mapping[str, Any]) -> dict[str, Any]:
    today, decision = clock.today(), seen.decision
    return {
        "abandon": given.get("abandon") or ReasonForm(None, prefix="abandon-"),
        "review": given.get("review") or WordsForm(None, prefix="review-"),
        "send_back": given.get("send_back") or ReasonForm(None, prefix="return-"),
        "scan": given.get("scan") or ScanForm(None, prefix="scan-"),
        "sign": given.get("sign")
        or SignForm(
            None,
            prefix="sign-",
            dated=today,
            effective_on=decision.effective_on,
            reason=decision.reason,
        ),
    }


def _counts(rows: Sequence[LineRow]) -> dict[str, int]:
    found = dict.fromkeys((action.value for action in Action), 0)
    for row in rows:
        found[row.change.action.value] += 1
    return {name: count for name, count in found.items() if count}


def owners_for(permission: Permission) -> list[int]:
    """Return the units in which the person signed in may do something."""
    allowed = decision_queries.powers(db.session(), visitor().id, clock.today())
    return [unit_id for unit_id, found in allowed.items() if permission in found]


def _offer_owners(form: HeadForm) -> None:
    session, today = db.session(), clock.today()
    allowed = set(owners_for(Permission.DECISION_DRAFT))
    found = [each for each in units(session, today) if each.id in allowed]
    heads = headings(session, today, [each.id for each in found])
    ordered = sorted(found, key=lambda each: (not each.office, each.slug))
    form.owner.choices = choices(
        *(
            (each.slug, heads[each.id].name if each.id in heads else each.slug)
            for each in ordered
        )
    )
    if request.method == "GET":
        mine = [unit_by_id(session, each).slug for each in visitor().units]
        slugs = [each.slug for each in ordered]
        form.owner.data = next((slug for slug in mine if slug in slugs), None)


def _head(form: HeadForm) -> service.Head:
    return service.Head(
        title=form.title.data,
        issuer_name=form.issuer_name.data if form.issuer.data == "outside" else "",
        effective_on=form.effective_on.data,
        grounds=form.grounds.data or "",
        reason=form.reason.data or "",
    )


def _head_page(
    form: HeadForm,
    seen: Seen | None,
    *,
    refused: tuple[str, list[str]] | None = None,
    stale: bool = False,
    status: int = HTTPStatus.OK,
) -> ResponseReturnValue:
    body = render_template(
        "decisions/head.html", form=form, seen=seen, refused=refused, stale=stale
    )
    return body, status


def _status(form: HeadForm) -> int:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
