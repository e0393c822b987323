"""Drafting: documents, decisions, their lines and texts, up to the hand-over for review."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms import trail
from qms.accounts.queries import require
from qms.accounts.rules import Permission
from qms.documents import queries, rules
from qms.documents.models import (
    Change,
    Decision,
    Document,
    Drafter,
    Kin,
    Link,
    Revision,
    RevisionUnit,
)
from qms.documents.rules import RevisionText, State, Step
from qms.documents.timeline import Action
from qms.documents.writing import write
from qms.errors import InvalidError, RefusedError, StaleError
from qms.text import fold, nfc
from qms.trail import Act
from qms.units.models import Unit
from qms.units.queries import line_of_descent, names_in_office, unit_by_id


@dataclass(frozen=True)
class Line:
    """What a line of a decision is to do, before it is one.

    ``kin`` are the documents its text stands in for, or those that stand in for what is withdrawn.
    """

    document: Document
    action: Action
    text: RevisionText | None = None
    day: date | None = None
    replaces: Change | None = None
    reason: str = ""
    material: bool = True
    kin: tuple[int, ...] = ()


@dataclass(frozen=True)
class Head:
    """What a draft decision says above its lines.

    ``issuer`` is a unit known here, ``issuer_name`` an outside body; with neither the owner
    issues it.
    """

    title: str
    issuer: Unit | None = None
    issuer_name: str = ""
    effective_on: date | None = None
    grounds: str = ""
    reason: str = ""


def open_decision(
    session: Session, act: Act, owner: Unit, head: Head, *, source: str = ""
) -> Decision:
    """Open a draft decision; without an issuer the owner issues it itself.

    Raises:
        NotAllowedError: no post of the person lets it draft for the owner.
        OwnIssuerError: the outside body that is named is the owner's own office.

    """
    require(session, act.actor, Permission.DECISION_DRAFT, owner.id, act.today)
    decision = Decision(
        owner_id=owner.id,
        state=State.DRAFT,
        source=source,
        created_by=act.actor,
        created_at=act.at,
        version=1,
    )
    _put_head(session, decision, owner, head)
    session.add(decision)
    session.flush()
    _is_drafter(session, act, decision)
    detail = {"owner": owner.slug, "issuer": decision.issuer_key}
    trail.record(session, act, action="decision.opened", subject=decision.ref, detail=detail)
    return decision


def edit_decision(
    session: Session, act: Act, decision: Decision, head: Head, *, version: int
) -> None:
    """Change the head of a draft decision, read as of ``version``.

    Raises:
        StaleError: somebody saved it in the meantime.
        OwnIssuerError: the outside body that is named is the owner's own office.

    """
    _may_edit(session, act, decision)
    if decision.version != version:
        raise StaleError("Quyết định vừa được người khác lưu. Hãy xem bản mới rồi sửa tiếp.")
    _put_head(session, decision, unit_by_id(session, decision.owner_id), head)
    decision.version += 1
    _is_drafter(session, act, decision)
    detail = {"version": decision.version, "effective_on": head.effective_on}
    trail.record(session, act, action="decision.edited", subject=decision.ref, detail=detail)


def add_lines(
    session: Session, act: Act, decision: Decision, wanted: Sequence[Line]
) -> list[Change]:
    """Put lines into a draft decision, each with its draft text.

    Raises:
        RefusedError: a document belongs to somebody else, or the decision is no draft.
        InvalidError: a text is missing or too much, or says what it may not.

    """
    _may_edit(session, act, decision)
    allowed = line_of_descent(session, decision.owner_id, carrying=True)
    owners = {each: unit_by_id(session, each) for each in {w.document.owner_id for w in wanted}}
    counts = queries.counts(session, {w.document.id for w in wanted})
    made = []
    for want in wanted:
        owner = owners[want.document.owner_id]
        if owner.id not in allowed or (
            owner.id != decision.owner_id and not _ended(owner, act.today)
        ):
            raise RefusedError(
                "Tài liệu %(code)s không thuộc đơn vị ra quyết định.", code=want.document.code
            )
        made.append(_line(session, act, decision, want, owner, counts[want.document.id]))
    decision.version += 1
    _is_drafter(session, act, decision)
    session.flush()
    session.add_all(
        Kin(change_id=change.id, document_id=each)
        for change, want in zip(made, wanted, strict=True)
        for each in want.kin
    )
    detail = {"lines": [[c.id, c.document_id, c.action.value] for c in made]}
    trail.record(
        session, act, action="decision.lines_added", subject=decision.ref, detail=detail
    )
    return made


def edit_line(
    session: Session,
    act: Act,
    change: Change,
    *,
    day: date | None,
    reason: str,
    material: bool,
) -> None:
    """Set the own day, the reason and the weight of a line."""
    _may_edit(session, act, change.decision)
    change.own_day = None if change.action is Action.CANCEL else day
    change.reason = nfc(reason).strip()
    change.material = material
    change.decision.version += 1
    _is_drafter(session, act, change.decision)
    detail = {"line": change.id, "day": day, "material": material}
    trail.record(
        session, act, action="decision.line_edited", subject=change.decision.ref, detail=detail
    )


def edit_text(
    session: Session, act: Act, change: Change, text: RevisionText, *, version: int
) -> Revision:
    """Save the draft text of a line, read as of ``version``.

    Raises:
        StaleError: somebody saved it in the meantime.
        RefusedError: the line bears a signed text or none.

    """
    _may_edit(session, act, change.decision)
    revision = change.revision
    if revision is None or revision.number is not None:
        raise RefusedError("Dòng này không có dự thảo để sửa.")
    if revision.version != version:
        raise StaleError("Dự thảo vừa được người khác lưu. Hãy so hai bản rồi lưu lại.")
    write(session, revision, change.document, change.document.owner, text)
    revision.version += 1
    _is_drafter(session, act, change.decision)
    detail = {"line": change.id, "digest": revision.digest, "version": revision.version}
    trail.record(
        session, act, action="revision.edited", subject=change.decision.ref, detail=detail
    )
    return revision


def drop_line(session: Session, act: Act, change: Change) -> None:
    """Take a line out of a draft decision, and its draft text with it."""
    decision = change.decision
    _may_edit(session, act, decision)
    detail = {"line": change.id, "document": change.document_id}
    revision = change.revision
    session.delete(change)
    session.flush()
    if revision is not None and revision.number is None:
        session.execute(sa.delete(RevisionUnit).where(RevisionUnit.revision_id == revision.id))
        session.execute(sa.delete(Link).where(Link.revision_id == revision.id))
        session.execute(sa.delete(Revision).where(Revision.id == revision.id))
    decision.version += 1
    _is_drafter(session, act, decision)
    trail.record(
        session, act, action="decision.line_dropped", subject=decision.ref, detail=detail
    )


def rebase(session: Session, act: Act, change: Change) -> None:
    """Let a line start from the document as it is signed now; its draft text stays.

    A decision in review goes back to draft and its signatures lapse; see ``signing.send_back``.
    """
    _may_edit(session, act, change.decision)
    change.base_count = queries.counts(session, [change.document_id])[change.document_id]
    change.decision.version += 1
    _is_drafter(session, act, change.decision)
    detail = {"line": change.id, "base_count": change.base_count}
    trail.record(
        session, act, action="decision.rebased", subject=change.decision.ref, detail=detail
    )


def abandon(session: Session, act: Act, decision: Decision, *, reason: str) -> None:
    """Give up a draft decision for good; its record stays."""
    _may_edit(session, act, decision)
    if not reason.strip():
        raise InvalidError("Hãy ghi lý do bỏ dự thảo.")
    decision.state = rules.advance(decision.state, Step.ABANDON)
    trail.record(
        session,
        act,
        action="decision.abandoned",
        subject=decision.ref,
        detail={"reason": reason},
    )


def took_part(session: Session, act: Act, decision: Decision) -> None:
    """Count the person among the drafters: for features that fill a draft themselves."""
    _is_drafter(session, act, decision)


def _ended(unit: Unit, today: date) -> bool:
    return unit.last_day is not None and unit.last_day < today


def _put_head(session: Session, decision: Decision, owner: Unit, head: Head) -> None:
    if not head.title.strip():
        raise InvalidError("Hãy ghi trích yếu của quyết định.")
    outside = nfc(head.issuer_name).strip()
    if outside:
        rules.check_outside(outside, names_in_office(session, owner.id))
    issuer = None if outside else (head.issuer or owner)
    decision.issuer_id = issuer.id if issuer else None
    decision.issuer_name = outside
    decision.issuer_key = f"unit:{issuer.id}" if issuer else f"body:{fold(outside)}"
    decision.title = nfc(head.title).strip()
    decision.title_fold = fold(decision.title)
    decision.effective_on = head.effective_on
    decision.grounds = nfc(head.grounds)
    decision.reason = nfc(head.reason).strip()


def _line(
    session: Session, act: Act, decision: Decision, want: Line, owner: Unit, count: int
) -> Change:
    revision = None
    with_text = want.action in (Action.ISSUE, Action.AMEND)
    if with_text and want.text is not None:
        revision = Revision(
            document_id=want.document.id, version=1, drafted_by=act.actor, drafted_at=act.at
        )
        write(session, revision, want.document, owner, want.text)
    elif with_text and want.replaces is not None and want.replaces.revision_id is not None:
        revision = queries.revision(session, want.replaces.revision_id)
    if with_text != (revision is not None) or (want.text is not None and not with_text):
        raise InvalidError("Ban hành và sửa đổi thì cần nội dung; bãi bỏ và hủy thì không.")
    if want.action is Action.CANCEL and want.replaces is None:
        raise InvalidError("Dòng hủy phải nêu rõ thay đổi nào bị hủy.")
    change = Change(
        decision_id=decision.id,
        document_id=want.document.id,
        action=want.action,
        revision=revision,
        own_day=None if want.action is Action.CANCEL else want.day,
        replaces_id=want.replaces.id if want.replaces else None,
        reason=nfc(want.reason).strip(),
        material=want.material,
        base_count=count,
    )
    session.add(change)
    return change


def _may_edit(session: Session, act: Act, decision: Decision) -> None:
    """Refuse an edit of what is no draft, or by somebody who may not draft for its owner."""
    require(session, act.actor, Permission.DECISION_DRAFT, decision.owner_id, act.today)
    if decision.state is not State.DRAFT:
        raise RefusedError(
            "Quyết định %(state)s nên không sửa được.", state=rules.STATE_WORDS[decision.state]
        )


def _is_drafter(session: Session, act: Act, decision: Decision) -> None:
    if act.actor is not None and session.get(Drafter, (decision.id, act.actor)) is None:
        session.add(Drafter(decision_id=decision.id, user_id=act.actor))
        session.flush()
