"""One document as one person sees it: its texts, its history, and what may be done with it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, undefer

from qms.accounts.rules import Permission
from qms.documents import queries, timeline
from qms.documents.models import Change, Document, Predecessor, Revision
from qms.documents.reading import Visit, readable, visit
from qms.documents.timeline import Action, Entry
from qms.errors import NotFoundError

Lends = Callable[[Session, int], Collection[int]]
"""A feature's answer: the texts that somebody may read for the sake of work done there."""


@dataclass(frozen=True)
class Event:
    """A signed change in the history; ``by`` took its place, ``cancelled`` without another."""

    change: Change
    last_day: date | None
    by: Change | None

    @property
    def cancelled(self) -> bool:
        """Whether nothing came in its place."""
        return self.by is not None and self.by.action is Action.CANCEL

    def state(self, today: date) -> str:
        """Return the name of its colour and shape on a day."""
        first = self.change.effective_on
        if self.by is not None:
            return "gone" if self.cancelled else "old"
        if first is not None and first > today:
            return "future"
        if self.change.action is Action.WITHDRAW:
            return "withdraw"
        return "old" if self.last_day is not None and self.last_day < today else "now"


@dataclass(frozen=True)
class Related:
    """A document this one stands in for, or one that stands in for it."""

    id: int
    code: str
    before: bool


@dataclass(frozen=True)
class Seen:
    """A document and all that its page tells, as of a day and as known at an instant."""

    document: Document
    who: Visit
    history: Sequence[Change]
    readable: frozenset[int]
    drafts: Sequence[Change]
    on: date
    known_at: datetime | None

    @property
    def known(self) -> list[Change]:
        """The signed changes, as far as they were known."""
        at = self.known_at
        return [c for c in self.history if at is None or (c.signed_at and c.signed_at <= at)]

    @property
    def stands(self) -> Change | None:
        """The change that stands on the day, a withdrawal included."""
        begun = [e for e in self._living if e.day is not None and e.day <= self.on]
        return self._change(begun[-1]) if begun else None

    @property
    def comes(self) -> Change | None:
        """The first change after the day."""
        later = [e for e in self._living if e.day is not None and e.day > self.on]
        return self._change(later[0]) if later else None

    @property
    def latest(self) -> Revision | None:
        """The signed text with the highest number that may be read."""
        texts = [
            c.revision for c in self.history if c.revision and c.revision.id in self.readable
        ]
        return max(texts, key=lambda text: text.number or 0, default=None)

    @property
    def title(self) -> str:
        """What the document is called on the day, else what it was or will be called."""
        stands, comes = self.stands, self.comes
        for change in (stands, comes):
            if change and change.revision and change.revision_id in self.readable:
                return change.revision.title
        if self.latest:
            return self.latest.title
        texts = [change.revision for change in self.drafts if change.revision]
        return texts[-1].title if texts else self.document.code

    @property
    def may_draft(self) -> bool:
        """Whether this person may draft for the owner."""
        return self.who.may(Permission.DECISION_DRAFT, self.document.owner_id)

    def opens(self, change: Change) -> bool:
        """Whether this person may open the decision that holds a change."""
        return self.who.may(Permission.DECISION_READ, change.decision.owner_id)

    def may_compare(self, revision: Revision) -> bool:
        """Whether a text has one before it and this person may read that too."""
        before = (revision.number or 0) - 1
        texts = (c.revision for c in self.history if c.revision and c.revision.number == before)
        return any(text.id in self.readable for text in texts)

    @property
    def events(self) -> list[Event]:
        """The history, newest day first; a cancellation is told where it struck."""
        ends = {span.entry.id: span.last_day for span in timeline.spans(_entries(self.known))}
        by = {c.replaces_id: c for c in self.known if c.replaces_id is not None}
        found = [
            Event(change, ends.get(change.id), by.get(change.id))
            for change in self.known
            if change.effective_on is not None
        ]
        found.sort(key=lambda e: (e.change.effective_on, e.change.id), reverse=True)
        return found

    def changed_later(self, settled: datetime) -> Change | None:
        """Return the last change signed after an instant that gave the day another answer."""
        entries = _entries(self.history)
        at = timeline.changed_later(
            lambda known_at: timeline.in_force(entries, self.on, known_at),
            [entry.signed_at for entry in entries if entry.signed_at],
            settled,
        )
        return next((c for c in reversed(self.history) if c.signed_at == at), None)

    @property
    def _living(self) -> list[Entry]:
        return timeline.living(_entries(self.history), self.known_at)

    def _change(self, entry: Entry) -> Change:
        return next(change for change in self.history if change.id == entry.id)


def look(
    session: Session,
    document_id: int,
    user_id: int,
    today: date,
    *,
    on: date | None = None,
    known_at: datetime | None = None,
    lent: Callable[[], Collection[int]] = frozenset,
) -> Seen:
    """Return a document as a person sees it.

    ``lent`` tells which texts are open to them beside their own; it is asked where one is not.

    Raises:
        NotFoundError: there is none, or none of its texts is for this person.

    """
    document = queries.document(session, document_id)
    who = visit(session, user_id, today, [document.owner_id])
    history, read = _history(session, document_id, who)
    texts = {each.revision_id for each in history if each.revision_id is not None}
    if texts - read:
        read |= texts.intersection(lent())
    drafts = [
        change
        for change in queries.drafts_of(session, document_id)
        if who.may(Permission.DECISION_READ, change.decision.owner_id)
    ]
    if not read and not drafts and document.owner_id not in who.reader.own:
        raise NotFoundError("Không có tài liệu này.")
    return Seen(
        document=document,
        who=who,
        history=history,
        readable=read,
        drafts=drafts,
        on=on or today,
        known_at=known_at,
    )


def texts(session: Session, seen: Seen, names: Sequence[str]) -> list[Revision]:
    """Return texts with their bytes: signed ones by number, drafts by ``d`` and the line.

    Raises:
        NotFoundError: there is no such text, or it is not for this person.

    """
    known = {
        str(change.revision.number): change.revision.id
        for change in seen.history
        if change.revision and change.revision.id in seen.readable
    } | {f"d{change.id}": change.revision_id for change in seen.drafts if change.revision_id}
    wanted = [known.get(name) for name in names]
    if None in wanted:
        raise NotFoundError("Tài liệu này không có bản được hỏi.")
    query = sa.select(Revision).where(Revision.id.in_(wanted)).options(undefer(Revision.data))
    found = {each.id: each for each in session.scalars(query)}
    return [found[each] for each in wanted if each is not None]


def _entries(changes: Sequence[Change]) -> list[Entry]:
    return [
        Entry(
            c.id, c.action, c.effective_on, c.revision_id, c.replaces_id, c.reason, c.signed_at
        )
        for c in changes
    ]


def _history(
    session: Session, document_id: int, who: Visit
) -> tuple[list[Change], frozenset[int]]:
    """Return all signed changes, oldest first, and which of their texts may be read."""
    query = (
        sa.select(Change, readable(who.reader))
        .join(Change.document)
        .outerjoin(Change.revision)
        .where(Change.document_id == document_id, Change.signed_at.is_not(None))
        .options(
            joinedload(Change.decision),
            contains_eager(Change.revision),
            contains_eager(Change.document),
        )
        .order_by(Change.signed_at, Change.id)
    )
    rows = [(row[0], bool(row[1])) for row in session.execute(query)]
    read = {c.revision_id for c, may in rows if may and c.revision_id is not None}
    return [change for change, _ in rows], frozenset(read)


def related(session: Session, seen: Seen) -> list[Related]:
    """Return the documents this one stands in for, and those that stand in for it.

    Those of which the person may read neither a text nor a draft are left out.
    """
    before, after = aliased(Predecessor), aliased(Predecessor)
    number, who = seen.document.id, seen.who
    text = (
        sa.select(Revision.id)
        .where(Revision.document_id == Document.id, Revision.number.is_not(None))
        .where(readable(who.reader))
        .correlate(Document)
    )
    query = (
        sa.select(Document.id, Document.code, after.document_id.is_not(None).label("before"))
        .outerjoin(
            after,
            sa.and_(after.predecessor_id == Document.id, after.document_id == number),
        )
        .outerjoin(
            before,
            sa.and_(before.document_id == Document.id, before.predecessor_id == number),
        )
        .where(sa.or_(after.document_id.is_not(None), before.document_id.is_not(None)))
        .where(
            sa.or_(text.exists(), Document.owner_id.in_(who.where(Permission.DECISION_READ)))
        )
        .order_by(Document.code)
    )
    return [Related(row.id, row.code, bool(row.before)) for row in session.execute(query)]
