"""What pages ask about decisions: lists, who may read, what stood before, what changed since."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload, undefer

from qms.accounts.models import User
from qms.accounts.queries import posts
from qms.accounts.rules import GRANTS, Permission
from qms.documents import queries
from qms.documents.decision_lists import PAGE_SIZE, escaped, revoked
from qms.documents.models import Change, Decision, Document, Drafter, Revision, Signature
from qms.documents.readiness import covered
from qms.documents.rules import Deed, State
from qms.documents.timeline import Action, Entry
from qms.errors import NotAllowedError
from qms.units.queries import places
from qms.units.rules import holds, reaches


def powers(session: Session, user_id: int, on: date) -> dict[int, frozenset[Permission]]:
    """Return what a person may do in each unit on a day."""
    placed = places(session)
    held = [post for post in posts(session, user_id) if holds(post, on)]
    return {
        unit_id: frozenset[Permission]().union(
            *(GRANTS[post.role] for post in held if reaches(placed, post.unit_id, unit_id))
        )
        for unit_id in placed
    }


def check_reader(decision: Decision, allowed: Mapping[int, frozenset[Permission]]) -> None:
    """Refuse somebody who reads no decisions of its owner, also if they drafted it once."""
    if Permission.DECISION_READ not in allowed.get(decision.owner_id, frozenset()):
        raise NotAllowedError("Quyết định này thuộc đơn vị khác; ông, bà không đọc được.")


def is_revoked(session: Session, decision_id: int) -> bool:
    """Tell whether every change of a signed decision has been cancelled."""
    query = sa.select(revoked()).select_from(Decision).where(Decision.id == decision_id)
    return bool(session.scalar(query))


def line_counts(session: Session, decision_id: int) -> dict[str, int]:
    """Return how many lines of each group a decision has, in the order they are shown."""
    query = (
        sa.select(Change.action, sa.func.count())
        .where(Change.decision_id == decision_id)
        .group_by(Change.action)
    )
    found = {row[0]: row[1] for row in session.execute(query)}
    return {action.value: found[action] for action in Action if action in found}


@dataclass(frozen=True)
class LineRow:
    """A line with the title of its document, also where it bears no text."""

    change: Change
    title: str


def line_rows(
    session: Session, decision_id: int, action: Action | None = None, *, page: int | None = None
) -> list[LineRow]:
    """Return the lines, grouped by what they do; one page of them, or all."""
    last = (
        sa.select(Revision.title)
        .where(Revision.document_id == Change.document_id, Revision.number.is_not(None))
        .order_by(Revision.number.desc())
        .limit(1)
        .correlate(Change)
        .scalar_subquery()
    )
    title = sa.case((Change.revision_id.is_(None), last), else_="")
    query = sa.select(Change, title).where(Change.decision_id == decision_id)
    if action is not None:
        query = query.where(Change.action == action)
    order = sa.case({each: place for place, each in enumerate(Action)}, value=Change.action)
    query = query.order_by(order, Change.id).options(*_LINE)
    if page is not None:
        query = query.limit(PAGE_SIZE).offset((max(page, 1) - 1) * PAGE_SIZE)
    return [
        LineRow(change, change.revision.title if change.revision else said or "")
        for change, said in session.execute(query)
    ]


def replacing(session: Session, changes: Sequence[Change]) -> dict[int, Change]:
    """Return the signed changes that took the place of these, by the number of the old one."""
    ids = [change.replaced_by_id for change in changes if change.replaced_by_id is not None]
    ids += [change.replaces_id for change in changes if change.replaces_id is not None]
    query = sa.select(Change).where(Change.id.in_(ids)).options(joinedload(Change.decision))
    return {each.id: each for each in session.scalars(query)} if ids else {}


def titles(session: Session, document_ids: Collection[int]) -> dict[int, str]:
    """Return the latest signed title of documents: for lines that bear no text."""
    if not document_ids:
        return {}
    last = (
        sa.select(sa.func.max(Revision.number))
        .where(Revision.document_id == Document.id)
        .correlate(Document)
        .scalar_subquery()
    )
    query = (
        sa.select(Revision.document_id, Revision.title)
        .join(Document)
        .where(Document.id.in_(document_ids), Revision.number == last)
    )
    return {row.document_id: row.title for row in session.execute(query)}


def around(session: Session, decision_id: int) -> tuple[dict[int, list[Entry]], dict[int, str]]:
    """Return, for the documents of a decision, their signed changes and the other open drafts.

    One question whatever the number of lines.
    """
    line, other = aliased(Change), aliased(Change)
    documents = sa.select(line.document_id).where(line.decision_id == decision_id)
    query = (
        sa.select(
            other.document_id,
            other.id,
            other.action,
            other.effective_on,
            other.revision_id,
            other.replaces_id,
            other.reason,
            other.signed_at,
            Decision.id.label("decision_id"),
            Decision.title,
        )
        .join(Decision, Decision.id == other.decision_id)
        .where(other.document_id.in_(documents), other.decision_id != decision_id)
        .where(Decision.state != State.CANCELLED)
    )
    signed: dict[int, list[Entry]] = {}
    drafts: dict[int, str] = {}
    for row in session.execute(query):
        if row.signed_at is None:
            drafts[row.decision_id] = row.title
        else:
            signed.setdefault(row.document_id, []).append(Entry(*row[1:8]))
    return signed, drafts


def text_before(session: Session, change: Change, today: date) -> Revision | None:
    """Return the signed text a line starts from, with its bytes: what a redline compares."""
    if change.replaces_id is not None:
        replaced = queries.line(session, change.replaces_id)
        if replaced.revision is not None and replaced.revision_id != change.revision_id:
            return replaced.revision
    day = change.effective_on or change.own_day or change.decision.effective_on or today
    query = (
        sa.select(Change)
        .where(
            Change.document_id == change.document_id,
            Change.id != change.id,
            queries.LIVING_COLUMNS,
            Change.revision_id.is_not(None),
            Change.effective_on <= day,
        )
        .order_by(Change.effective_on.desc())
        .limit(1)
        .options(joinedload(Change.revision).undefer(Revision.data))
    )
    found = session.scalar(query)
    return found.revision if found else None


def texts_before(session: Session, decision: Decision, today: date) -> dict[int, Revision]:
    """Return, by document, the texts in force the day before a decision works, with bytes."""
    day = decision.effective_on or today
    line, other = aliased(Change), aliased(Change)
    documents = sa.select(line.document_id).where(line.decision_id == decision.id)
    last = (
        sa.select(sa.func.max(Change.effective_on))
        .where(
            Change.document_id == other.document_id,
            Change.decision_id != decision.id,
            queries.LIVING_COLUMNS,
            Change.effective_on < day,
        )
        .correlate(other)
        .scalar_subquery()
    )
    query = (
        sa.select(Revision)
        .join(other, other.revision_id == Revision.id)
        .where(other.document_id.in_(documents), other.effective_on == last)
        .where(other.replaced_by_id.is_(None), other.signed_at.is_not(None))
    )
    found = session.scalars(query.options(undefer(Revision.data)))
    return {each.document_id: each for each in found}


def drafter_names(session: Session, decision_id: int) -> dict[int, str]:
    """Return everybody who took part in a draft, by number."""
    query = sa.select(User.id, User.name).join(Drafter, Drafter.user_id == User.id)
    rows = session.execute(query.where(Drafter.decision_id == decision_id).order_by(User.id))
    return {row.id: row.name for row in rows}


def open_drafts(session: Session, owner_id: int, *, but: int = 0) -> Sequence[Decision]:
    """Return the newest drafts of an owner that can take more lines."""
    query = sa.select(Decision).where(
        Decision.owner_id == owner_id, Decision.state == State.DRAFT, Decision.id != but
    )
    return session.scalars(query.order_by(Decision.id.desc()).limit(20)).all()


def changed_since(
    found: Sequence[Change], names: Sequence[Signature], user_id: int
) -> tuple[list[Change], int] | None:
    """Return the lines that differ from what a reviewer last looked at, and how many are gone.

    None where nobody looked before.
    """
    looked = [each for each in names if each.deed in {Deed.REVIEWED, Deed.RETURNED}]
    mine = [each for each in looked if each.user_id == user_id] or looked
    if not mine:
        return None
    before: dict[str, str] = json.loads(mine[-1].covered)
    now = {str(c.id): digest for c, digest in zip(found, covered(found), strict=True)}
    fresh = [change for change in found if before.get(str(change.id)) != now[str(change.id)]]
    return fresh, len(before.keys() - now.keys())


def documents(
    session: Session, owners: Collection[int], words: str, *, page: int = 1
) -> tuple[list[tuple[Document, str]], int]:
    """Return one page of documents of some owners by code or title, and how many there are."""
    last = (
        sa.select(sa.func.max(Revision.number))
        .where(Revision.document_id == Document.id)
        .correlate(Document)
        .scalar_subquery()
    )
    title = aliased(Revision)
    base = (
        sa.select(Document, title.title)
        .join(title, sa.and_(title.document_id == Document.id, title.number == last))
        .where(Document.owner_id.in_(owners))
    )
    for word in words.split():
        like = f"%{escaped(word)}%"
        base = base.where(
            sa.or_(Document.code.ilike(like, escape="\\"), title.title.ilike(like, escape="\\"))
        )
    total = session.scalar(sa.select(sa.func.count()).select_from(base.subquery())) or 0
    query = base.order_by(Document.kind, Document.code).limit(CHOICE_SIZE)
    rows = session.execute(query.offset((max(page, 1) - 1) * CHOICE_SIZE))
    return [(row[0], row[1]) for row in rows], total


CHOICE_SIZE: Final = 20
"""Documents offered at once to be put into a decision."""

_LINE = (
    joinedload(Change.document).joinedload(Document.owner),
    joinedload(Change.revision),
    queries.WITH_KIN,
)
