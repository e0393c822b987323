"""Review and signature: the acts that take a decision into force."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from qms import trail
from qms.accounts.models import Post
from qms.accounts.queries import person, require
from qms.accounts.rules import Permission
from qms.documents import queries, registering, rules, search_index
from qms.documents.models import Change, Decision, Revision, Signature
from qms.documents.readiness import covered, line_values, stale, trouble
from qms.documents.rules import Deed, SignsFor, State, Step
from qms.documents.service import took_part
from qms.documents.stops import stops
from qms.documents.timeline import Action
from qms.errors import InvalidError, QmsError, RefusedError, StaleError
from qms.text import nfc
from qms.trail import Act, Via
from qms.units.queries import unit_by_id


@dataclass(frozen=True)
class Paper:
    """What the signer settles: number, days, and the words of the signature."""

    number: str
    effective_on: date
    dated: date
    reason: str = ""
    signs_for: SignsFor = SignsFor.OWN
    words: str = ""
    supplement: bool = False


def submit(session: Session, act: Act, decision: Decision) -> None:
    """Hand a draft over for review; what its day and lines lack is said at once."""
    post = require(session, act.actor, Permission.DECISION_DRAFT, decision.owner_id, act.today)
    decision.state = rules.advance(decision.state, Step.SUBMIT)
    found = queries.lines(session, decision.id)
    if not found:
        raise RefusedError("Quyết định chưa có dòng nào.")
    _check_bases(session, found)
    took_part(session, act, decision)
    _put_name(session, act, decision, Deed.DRAFTED, post, found)
    trail.record(session, act, action="decision.submitted", subject=decision.ref, detail={})


def review(session: Session, act: Act, decision: Decision, *, words: str = "") -> None:
    """Put a reviewer's name to a decision; the command line hands a draft over first.

    Raises:
        NotAllowedError: the person drafted, or no post allows it.
        RefusedError: nobody has handed it over.

    """
    post = require(session, act.actor, Permission.DECISION_REVIEW, decision.owner_id, act.today)
    rules.check_reviewer(act.actor, queries.drafters(session, decision.id))
    _hand_over(session, act, decision)
    if decision.state is not State.IN_REVIEW:
        raise RefusedError(
            "Quyết định %(state)s nên không xem xét được.",
            state=rules.STATE_WORDS[decision.state],
        )
    found = queries.lines(session, decision.id)
    signature = _put_name(session, act, decision, Deed.REVIEWED, post, found, words=words)
    detail = {"digest": signature.digest}
    trail.record(session, act, action="decision.reviewed", subject=decision.ref, detail=detail)


def send_back(session: Session, act: Act, decision: Decision, *, reason: str) -> None:
    """Return a decision to draft with a reason; all its signatures lapse.

    Reviewers, signers and those who may draft (to take it back) may do so.
    """
    if not reason.strip():
        raise InvalidError("Hãy ghi lý do trả lại.")
    post = _any_post(session, act, decision)
    decision.state = rules.advance(decision.state, Step.SEND_BACK)
    decision.version += 1
    found = queries.lines(session, decision.id)
    _put_name(session, act, decision, Deed.RETURNED, post, found, words=reason)
    detail = {"reason": nfc(reason)}
    trail.record(session, act, action="decision.returned", subject=decision.ref, detail=detail)


def sign(session: Session, act: Act, decision: Decision, paper: Paper) -> None:
    """Sign: every line comes into force on its day, all of them or none.

    Where the issuer is outside the office this one act confirms the transcription.

    Raises:
        NotAllowedError: the person drafted or reviewed, or no post allows it.
        RefusedError: the timeline that would result is none; each line says why.
        StaleError: a document was changed since a line was drawn up.

    """
    post = require(session, act.actor, Permission.DECISION_SIGN, decision.owner_id, act.today)
    names = queries.standing_signatures(queries.signatures(session, decision.id))
    reviewers = {each.user_id for each in names if each.deed is Deed.REVIEWED}
    rules.check_signer(
        act.actor,
        queries.drafters(session, decision.id),
        act.actor if act.actor in reviewers else next(iter(reviewers), None),
        outside=decision.outside,
        may_review=unit_by_id(session, decision.owner_id).signer_may_review,
    )
    if decision.outside:
        _hand_over(session, act, decision)
    signed = rules.advance(decision.state, Step.SIGN)
    found = queries.lines(session, decision.id)
    _check_covered(session, decision, found, names)
    _settle(session, act, decision, paper, found)
    _check_timelines(session, act, decision, found)
    deed = Deed.CONFIRMED if decision.outside else Deed.SIGNED
    decision.digest = rules.signed_digest(
        decision.title,
        decision.issuer_key,
        line_values(found),
        number=decision.number or "",
        dated=paper.dated,
        effective_on=paper.effective_on,
    )
    _put_name(session, act, decision, deed, post, found, paper=paper)
    session.flush()
    decision.state, decision.signed_at = signed, act.at
    session.flush()
    _take_into_force(session, act, decision, found)
    detail = {
        "number": decision.number,
        "dated": decision.dated,
        "effective_on": decision.effective_on,
        "digest": decision.digest,
        "lines": len(found),
    }
    trail.record(session, act, action="decision.signed", subject=decision.ref, detail=detail)


def attach_scan(
    session: Session, act: Act, decision: Decision, *, sha256: str, name: str
) -> None:
    """Attach the scan of the signed paper, once."""
    require(session, act.actor, Permission.DECISION_DRAFT, decision.owner_id, act.today)
    if decision.state is not State.SIGNED:
        raise RefusedError("Chỉ đính kèm bản chụp khi quyết định đã ký.")
    if decision.scan_sha256 is not None:
        raise RefusedError("Quyết định đã có bản chụp; bản chụp chỉ đính kèm một lần.")
    decision.scan_sha256, decision.scan_name = sha256, nfc(name)[:200]
    detail = {"sha256": sha256}
    trail.record(
        session, act, action="decision.scan_added", subject=decision.ref, detail=detail
    )


def _hand_over(session: Session, act: Act, decision: Decision) -> None:
    """Submit a draft in its drafter's name; in the browser nobody puts another's name to it."""
    if decision.state is not State.DRAFT:
        return
    if act.via is Via.WEB:
        raise RefusedError("Quyết định còn là dự thảo; người soạn phải gửi xem xét trước.")
    submit(session, Act(decision.created_by, act.at, act.today, act.via), decision)


def _check_bases(session: Session, found: Sequence[Change]) -> None:
    """Refuse lines whose document was changed since they were drawn up."""
    signed = queries.entries(session, {change.document_id for change in found})
    if moved := stale(found, signed):
        raise StaleError(
            "Có tài liệu đã thay đổi từ khi soạn. Hãy so với bản mới rồi cập nhật các dòng sau.",
            parts=moved,
        )


def _check_covered(
    session: Session, decision: Decision, found: Sequence[Change], names: Sequence[Signature]
) -> None:
    """Refuse when what was reviewed, the stored bytes and the lines disagree (INV-08)."""
    now = rules.lines_digest(decision.title, decision.issuer_key, line_values(found))
    if any(each.digest != now for each in names):
        raise StaleError("Nội dung đã khác với bản được xem xét. Hãy trả lại để xem xét lại.")
    ids = [change.revision_id for change in found if change.revision_id is not None]
    for start in range(0, len(ids), 200):
        query = sa.select(Revision).where(Revision.id.in_(ids[start : start + 200]))
        for revision in session.scalars(query.options(undefer(Revision.data))):
            if not queries.is_whole(revision):
                raise StaleError("Nội dung lưu trữ không còn nguyên vẹn. Chưa ký gì.")


def _settle(
    session: Session, act: Act, decision: Decision, paper: Paper, found: Sequence[Change]
) -> None:
    """Put number and days on the decision."""
    number = nfc(paper.number).strip()
    key = rules.number_key(number)
    if not key or len(number) > rules.NUMBER_LENGTH:
        raise InvalidError("Hãy ghi số, ký hiệu của quyết định.")
    reason = nfc(paper.reason).strip() or decision.reason
    rules.check_days(
        effective=paper.effective_on,
        dated=paper.dated,
        today=act.today,
        reason=reason,
        days=[change.own_day for change in found if change.own_day],
    )
    same = session.scalar(
        sa.select(Decision.id).where(
            Decision.owner_id == decision.owner_id,
            Decision.issuer_key == decision.issuer_key,
            Decision.year == paper.dated.year,
            Decision.number_key == key,
            Decision.supplements_id.is_(None),
        )
    )
    if same is not None and not (paper.supplement and decision.outside):
        raise RefusedError(
            "Số %(number)s năm %(year)s đã dùng cho một quyết định khác.",
            number=number,
            year=paper.dated.year,
        )
    decision.supplements_id = same
    decision.number, decision.number_key = number, key
    decision.dated, decision.year = paper.dated, paper.dated.year
    decision.effective_on, decision.reason = paper.effective_on, reason


def _check_timelines(
    session: Session, act: Act, decision: Decision, found: Sequence[Change]
) -> None:
    """Refuse when a base is stale or a timeline that would result is none."""
    signed = queries.entries(session, {change.document_id for change in found})
    if moved := stale(found, signed):
        raise StaleError(
            "Có tài liệu đã thay đổi từ khi soạn. Hãy so với bản mới rồi cập nhật các dòng sau.",
            parts=moved,
        )
    day = decision.effective_on or act.today
    refusals = trouble(found, signed, day, act.today, reason=decision.reason)
    refusals = refusals or stops(session, found, day)
    if refusals:
        raise RefusedError("Chưa ký được, vì:", parts=refusals)


def _take_into_force(
    session: Session, act: Act, decision: Decision, found: Sequence[Change]
) -> None:
    """Write numbers, days and successors: the only columns a signature fills."""
    ordered = sorted(
        found, key=lambda c: (c.own_day or decision.effective_on or act.today, c.id)
    )
    last = _last_numbers(session, {change.document_id for change in found})
    for change in ordered:
        if change.revision is not None and change.revision.number is None:
            last[change.document_id] = last.get(change.document_id, 0) + 1
            change.revision.number = last[change.document_id]
    session.flush()
    replaced = {c.replaces_id: c.id for c in found if c.replaces_id is not None}
    olds = [old for old in replaced if old is not None]
    for start in range(0, len(olds), 500):
        query = sa.select(Change).where(Change.id.in_(olds[start : start + 500]))
        for old in session.scalars(query):
            old.replaced_by_id = replaced[old.id]
    session.flush()
    for change in found:
        change.signed_at = act.at
        if change.action is not Action.CANCEL:
            change.effective_on = change.own_day or decision.effective_on
    session.flush()
    registering.succeed(session, found)
    search_index.add(session, {c.revision_id for c in found if c.revision_id is not None})


def _last_numbers(session: Session, document_ids: set[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    ids = sorted(document_ids)
    for start in range(0, len(ids), 500):
        query = (
            sa.select(Revision.document_id, sa.func.max(Revision.number))
            .where(
                Revision.document_id.in_(ids[start : start + 500]), Revision.number.is_not(None)
            )
            .group_by(Revision.document_id)
        )
        found.update({row[0]: row[1] or 0 for row in session.execute(query)})
    return found


def _any_post(session: Session, act: Act, decision: Decision) -> Post:
    """Return a post that lets the person give the decision back."""
    allowed = (Permission.DECISION_REVIEW, Permission.DECISION_SIGN)
    try:
        return require(session, act.actor, allowed[0], decision.owner_id, act.today)
    except QmsError:
        pass
    try:
        return require(session, act.actor, allowed[1], decision.owner_id, act.today)
    except QmsError:
        return require(
            session, act.actor, Permission.DECISION_DRAFT, decision.owner_id, act.today
        )


def _put_name(
    session: Session,
    act: Act,
    decision: Decision,
    deed: Deed,
    post: Post,
    found: Sequence[Change],
    *,
    words: str = "",
    paper: Paper | None = None,
) -> Signature:
    """Add a signature over the decision as it is."""
    who = person(session, act.actor or 0)
    lines = line_values(found)
    over_lines = {str(c.id): mark for c, mark in zip(found, covered(found), strict=True)}
    over = decision.digest if paper else None
    signature = Signature(
        decision_id=decision.id,
        deed=deed,
        user_id=who.id,
        post_id=post.id,
        name=who.name,
        title=who.title,
        signs_for=paper.signs_for if paper else SignsFor.OWN,
        words=nfc(paper.words if paper else words),
        at=act.at,
        via=act.via,
        digest=over or rules.lines_digest(decision.title, decision.issuer_key, lines),
        covered=json.dumps(over_lines, sort_keys=True),
    )
    session.add(signature)
    return signature
