"""What waits for people because of decisions: to review, to sign, sent back to them."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.accounts.rules import Permission
from qms.documents.models import Decision, Drafter, Signature
from qms.documents.queries import standing_signatures
from qms.documents.rules import Deed, State
from qms.duties import Ask, Bearer, Duty
from qms.errors import N_
from qms.units.models import Unit

MOST: Final = 100
"""Most decisions of each kind that one desk lists."""


def to_review(session: Session, who: Bearer, today: date) -> Sequence[Duty]:
    """Return the decisions handed over that this person may review."""
    del today
    mine = who.reach.get(Permission.DECISION_REVIEW, frozenset())
    waiting = _in_review(session, mine, who)
    names = _names(session, [each.id for each in waiting])
    return [
        _duty(each, N_("Chờ xem xét"), "in_review", names.get(each.id, ()))
        for each in waiting
        if not each.outside and not _reviewer(names.get(each.id, ()))
    ]


def to_sign(session: Session, who: Bearer, today: date) -> Sequence[Duty]:
    """Return the decisions that this person may sign, or confirm as a true transcription."""
    del today
    mine = who.reach.get(Permission.DECISION_SIGN, frozenset())
    waiting = _in_review(session, mine, who)
    if not waiting:
        return []
    names = _names(session, [each.id for each in waiting])
    lenient = set(
        session.scalars(sa.select(Unit.id).where(Unit.id.in_(mine), Unit.signer_may_review))
    )
    found = []
    for each in waiting:
        put = names.get(each.id, ())
        reviewer = _reviewer(put)
        ready = reviewer is not None and reviewer != who.id
        if each.outside:
            found.append(_duty(each, N_("Chờ xác nhận bản ghi"), "in_review", put))
        elif ready or each.owner_id in lenient:
            found.append(_duty(each, N_("Chờ ký"), "in_review", put))
    return found


def sent_back(session: Session, who: Bearer, today: date) -> Sequence[Duty]:
    """Return the drafts of this person that were sent back, and those begun."""
    del today
    mine = who.reach.get(Permission.DECISION_DRAFT, frozenset())
    if not mine:
        return []
    drafted = sa.select(Drafter.decision_id).where(Drafter.user_id == who.id)
    query = sa.select(Decision).where(
        Decision.state == State.DRAFT,
        Decision.owner_id.in_(sorted(mine)),
        sa.or_(Decision.id.in_(drafted), Decision.created_by == who.id),
    )
    drafts = session.scalars(query.order_by(Decision.id).limit(MOST)).all()
    names = _names(session, [each.id for each in drafts])
    found = []
    for each in drafts:
        put = names.get(each.id, ())
        if put and put[-1].deed is Deed.RETURNED:
            found.append(_duty(each, N_("Bị trả lại, chờ sửa"), "returned", put))
        else:
            found.append(_duty(each, N_("Dự thảo đang soạn"), "draft", put))
    return found


DUTIES: Final[tuple[Ask, ...]] = (to_review, to_sign, sent_back)


def _in_review(session: Session, unit_ids: frozenset[int], who: Bearer) -> list[Decision]:
    """Return what is in review in the units and was not drafted by the person."""
    if not unit_ids:
        return []
    drafted = sa.select(Drafter.decision_id).where(Drafter.user_id == who.id)
    query = sa.select(Decision).where(
        Decision.state == State.IN_REVIEW,
        Decision.owner_id.in_(sorted(unit_ids)),
        Decision.id.not_in(drafted),
    )
    return list(session.scalars(query.order_by(Decision.id).limit(MOST)))


def _names(session: Session, decision_ids: Sequence[int]) -> dict[int, list[Signature]]:
    if not decision_ids:
        return {}
    query = sa.select(Signature).where(Signature.decision_id.in_(decision_ids))
    found: dict[int, list[Signature]] = {}
    for each in session.scalars(query.order_by(Signature.id)):
        found.setdefault(each.decision_id, []).append(each)
    return found


def _reviewer(names: Sequence[Signature]) -> int | None:
    """Return who reviewed and was not voided by a return."""
    reviews = [each for each in standing_signatures(names) if each.deed is Deed.REVIEWED]
    return reviews[-1].user_id if reviews else None


def _duty(decision: Decision, kind: str, state: str, names: Sequence[Signature]) -> Duty:
    last = names[-1] if names else None
    said = f"{last.name}: “{last.words}”" if last and last.words else ""
    return Duty(
        kind=kind,
        title=decision.title,
        link=f"/decisions/{decision.id}",
        state=state,
        words=said,
        since=last.at if last else decision.created_at,
    )
