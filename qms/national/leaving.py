"""New procedures that an office does not want: left out of the open draft, and taken back."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from qms import trail
from qms.accounts.queries import require
from qms.accounts.rules import Permission
from qms.documents import bulk
from qms.documents import service as decisions
from qms.documents.models import Decision, Document, Revision
from qms.documents.queries import text_of
from qms.documents.service import Line
from qms.documents.timeline import Action
from qms.errors import RefusedError
from qms.national import queries, service
from qms.national.answers import Answer, Found
from qms.national.models import Import, Item
from qms.trail import Act


def choose_new(
    session: Session, act: Act, run: Import, item_ids: Sequence[int], answer: Answer
) -> int:
    """Leave new procedures out of the open draft (no), or take them back (yes); return how many.

    Raises:
        NotAllowedError: no post of the person lets it draft for the owner.
        RefusedError: nothing fitting was chosen, or the open draft is being reviewed.

    """
    require(session, act.actor, Permission.DECISION_DRAFT, run.owner_id, act.today)
    decision = service.open_draft(session, run.owner_id)
    items = _items(session, run, item_ids, left_out=answer is Answer.YES)
    if answer is Answer.YES:
        _take_back(session, act, run, decision, items)
    else:
        items = _leave_out(session, act, run, decision, items)
    if not items:
        raise RefusedError("Hãy chọn ít nhất một thủ tục mới bỏ ra hoặc lấy lại được.")
    for item in items:
        item.answer, item.answered_by, item.answered_at = answer, act.actor, act.at
    detail = {"answer": answer.value, "items": [item.id for item in items]}
    trail.record(session, act, action="national.new_chosen", subject=run.ref, detail=detail)
    return len(items)


def _items(
    session: Session, run: Import, item_ids: Sequence[int], *, left_out: bool
) -> list[Item]:
    found: list[Item] = []
    ids = sorted(set(item_ids))
    state = queries.left_out() if left_out else ~queries.left_out()
    for start in range(0, len(ids), 500):
        query = sa.select(Item).where(
            Item.id.in_(ids[start : start + 500]),
            Item.import_id == run.id,
            Item.found == Found.NEW,
            state,
            ~queries.asked_again(),
        )
        found += session.scalars(query.options(undefer(Item.after)).order_by(Item.code))
    return found


def _leave_out(
    session: Session, act: Act, run: Import, decision: Decision | None, items: Sequence[Item]
) -> list[Item]:
    """Drop the lines of these procedures; each keeps its text, to be taken back."""
    if decision is None:
        return []
    documents = {item.document_id for item in items if item.document_id}
    places = queries.positions(session, run.owner_id, decision.id, documents)
    mine = [
        (item, place)
        for item in items
        if (place := places.get(item.code)) and place.line_id and place.draft
    ]
    for item, place in mine:
        if place.draft is not None:
            item.after = session.get_one(Revision, place.draft.id).data
    if mine:
        dropped = [place.line_id for _, place in mine if place.line_id]
        bulk.drop(session, act, decision, dropped)
    return [item for item, _ in mine]


def _take_back(
    session: Session, act: Act, run: Import, decision: Decision | None, items: Sequence[Item]
) -> None:
    if not items:
        return
    decision = decision or service.open_new(session, act, run.owner)
    lines = [
        Line(
            session.get_one(Document, item.document_id),
            Action.ISSUE,
            text_of(Revision(data=item.after)),
        )
        for item in items
    ]
    made = decisions.add_lines(session, act, decision, lines)
    service.follow(session, {change.document_id: change.revision_id for change in made})
