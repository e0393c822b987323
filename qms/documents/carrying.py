"""Carrying over: an ended unit's successor issues its documents anew and withdraws the old."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, undefer

from qms.documents import queries, service
from qms.documents.decision_lists import escaped
from qms.documents.models import Change, Decision, Document, Revision
from qms.documents.registering import draft_documents
from qms.documents.rules import RevisionText
from qms.documents.service import Line
from qms.documents.standing import latest
from qms.documents.timeline import Action
from qms.errors import RefusedError
from qms.trail import Act
from qms.units.models import Unit
from qms.units.queries import headings, line_of_descent, unit_by_id

MOST: Final = 300
"""Documents carried over at once, so that others need not wait long."""

_CARRIED: Final = "Tiếp nhận từ {name}."
_GIVEN: Final = "{name} đã kết thúc hoạt động; {heir} kế thừa."


@dataclass(frozen=True)
class Waiting:
    """A document of an ended unit whose text still stands."""

    document: Document
    revision_id: int
    title: str
    since: date | None


@dataclass(frozen=True)
class Filter:
    """Which of the waiting documents are meant: all, those with some words, or one."""

    words: str = ""
    document_id: int | None = None


def waiting(
    session: Session,
    decision: Decision,
    wanted: Filter,
    today: date,
    *,
    limit: int,
    offset: int = 0,
) -> tuple[list[Waiting], int]:
    """Return some documents that a decision could still carry over, and how many there are."""
    mine = sa.select(Change.document_id).where(Change.decision_id == decision.id)
    query = (
        sa.select(Document, Revision.id, Revision.title, Change.effective_on)
        .join(Change, Change.document_id == Document.id)
        .join(Revision, Revision.id == Change.revision_id)
        .where(
            Document.owner_id.in_(_ended(session, decision.owner_id, today)),
            latest(decision.effective_on or today, None),
            Document.id.not_in(mine),
        )
        .options(joinedload(Document.owner))
    )
    if wanted.document_id is not None:
        query = query.where(Document.id == wanted.document_id)
    for word in wanted.words.split():
        like = f"%{escaped(word)}%"
        query = query.where(
            sa.or_(
                Document.code.ilike(like, escape="\\"), Revision.title.ilike(like, escape="\\")
            )
        )
    total = session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(Document.kind, Document.code, Change.effective_on.desc())
    rows = session.execute(ordered.order_by(Document.id).limit(limit).offset(offset))
    return [Waiting(*row) for row in rows], total


def carry_over(session: Session, act: Act, decision: Decision, wanted: Filter) -> int:
    """Let a draft carry over documents of ended units; return how many.

    Each is issued anew as the owner's and withdrawn where it was. Of several with one kind and
    code the latest text is taken. Where the owner's own stands, or this draft issues it, the old
    one only gives way to it.

    Raises:
        NotAllowedError: no post of the person lets it draft for the owner.
        RefusedError: nothing is left to carry over, or the decision is no draft.

    """
    chosen, _ = waiting(session, decision, wanted, act.today, limit=MOST)
    if not chosen:
        raise RefusedError("Không còn tài liệu nào như vậy để tiếp nhận.")
    heir = unit_by_id(session, decision.owner_id)
    groups: dict[tuple[str, str], list[Waiting]] = {}
    for each in chosen:
        groups.setdefault((each.document.kind, each.document.code), []).append(each)
    ours = _ours(session, act, heir, groups)
    settled = _settled(session, decision, act.today, {each.id for each in ours.values()})
    texts = _texts(
        session,
        [olds[0].revision_id for key, olds in groups.items() if ours[key].id not in settled],
    )
    given = _issues_given(session, {each.id for each in ours.values()})
    names = _names(session, {heir.id, *(each.document.owner_id for each in chosen)}, act.today)
    lines = []
    for key, olds in groups.items():
        mine, latest_old = ours[key], olds[0]
        if mine.id not in settled:
            text = replace(
                _moved(texts[latest_old.revision_id], olds, heir),
                issue_no=given.get(mine.id, 0) + 1,
                amendment_no=0,
                summary=_CARRIED.format(name=names[latest_old.document.owner_id]),
                why="",
            )
            kin = tuple(each.document.id for each in olds)
            lines.append(Line(mine, Action.ISSUE, text, kin=kin))
        for each in olds:
            reason = _GIVEN.format(name=names[each.document.owner_id], heir=names[heir.id])
            kin = (mine.id,) if mine.id in settled else ()
            lines.append(Line(each.document, Action.WITHDRAW, reason=reason, kin=kin))
    service.add_lines(session, act, decision, lines)
    return len(chosen)


def _ended(session: Session, owner_id: int, today: date) -> list[int]:
    """Return the units that have ended and for which this one signs."""
    before = line_of_descent(session, owner_id, carrying=True) - {owner_id}
    query = sa.select(Unit.id).where(Unit.id.in_(before), Unit.last_day < today)
    return list(session.scalars(query))


def _ours(
    session: Session, act: Act, heir: Unit, keys: Collection[tuple[str, str]]
) -> dict[tuple[str, str], Document]:
    """Return the successor's own documents by kind and code, those missing made."""
    found: dict[tuple[str, str], Document] = {}
    for kind in {kind for kind, _ in keys}:
        codes = [code for each, code in keys if each == kind]
        made = draft_documents(session, act, owner=heir, kind=kind, codes=codes)
        found |= {(kind, code): made[code] for code in codes}
    return found


def _settled(
    session: Session, decision: Decision, today: date, ids: Collection[int]
) -> set[int]:
    """Return which documents stand on the decision's day or get a line with a text in it."""
    stands = latest(decision.effective_on or today, None)
    drawn = sa.and_(Change.decision_id == decision.id, Change.revision_id.is_not(None))
    query = sa.select(Change.document_id).where(
        Change.document_id.in_(ids), sa.or_(stands, drawn)
    )
    return set(session.scalars(query))


def _texts(session: Session, ids: Sequence[int]) -> dict[int, RevisionText]:
    query = sa.select(Revision).where(Revision.id.in_(ids)).options(undefer(Revision.data))
    return {each.id: queries.text_of(each) for each in session.scalars(query)}


def _moved(text: RevisionText, olds: Sequence[Waiting], heir: Unit) -> RevisionText:
    """Return a text that holds in the successor where it held in the units that ended."""
    ended = {each.document.owner.slug for each in olds}
    units = [heir.slug if each in ended else each for each in text.scope_units]
    return replace(text, scope_units=tuple(dict.fromkeys(units)))


def _issues_given(session: Session, ids: Collection[int]) -> dict[int, int]:
    """Return the last issue number of documents that were issued before."""
    query = sa.select(Revision.document_id, sa.func.max(Revision.issue_no)).where(
        Revision.document_id.in_(ids), Revision.number.is_not(None)
    )
    return {row[0]: row[1] for row in session.execute(query.group_by(Revision.document_id))}


def _names(session: Session, ids: Collection[int], today: date) -> dict[int, str]:
    heads = headings(session, today, sorted(ids))
    return {
        each: heads[each].name if each in heads else unit_by_id(session, each).slug
        for each in ids
    }
