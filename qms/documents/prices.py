"""The fee lines that reach a unit, and what would contradict them if a decision were signed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, selectinload, undefer

from qms.documents import queries, timeline
from qms.documents.kinds.base import Relation
from qms.documents.kinds.fee import FeeSchedule
from qms.documents.kinds.fees import FeeLine
from qms.documents.models import Change, Decision, Document, Link, Revision
from qms.documents.price_checks import alike, clashes, contradict
from qms.documents.price_rules import Ground, Held, Source, held, in_words, lies_in
from qms.documents.readiness import proposed
from qms.documents.rules import Audience
from qms.documents.standing import PUBLIC, Cover, cover_of, covered, covers
from qms.errors import N_, QmsError, RefusedError
from qms.units.models import Succession, Unit
from qms.units.queries import headings, level, places
from qms.units.rules import office_of
from qms.vietnamese import day as day_words

Stretch = tuple[date, date | None]


# Built once, for every page that tells a price.
_WORDS: Final = sa.select(Unit.id, Unit.slug)
_SUCCESSIONS: Final = sa.select(Succession.successor_id, Succession.predecessor_id)


def ground(session: Session) -> Ground:
    """Return all units as territories see them."""
    words = session.execute(_WORDS)
    before: dict[int, list[int]] = {}
    for row in session.execute(_SUCCESSIONS):
        before.setdefault(row.successor_id, []).append(row.predecessor_id)
    return Ground({row.id: row.slug for row in words}, places(session), before)


def cover_near(session: Session, unit_id: int, on: date) -> Cover:
    """Return how texts reach a unit on a day, or on the nearest day on which it exists."""
    known = places(session)
    place = known[unit_id]
    nearest = min(max(on, place.first_day), place.last_day or date.max)
    return cover_of(known, unit_id, level(session, office_of(known, unit_id), nearest))


def held_lines(
    session: Session,
    seen: Cover,
    *,
    procedure: str = "",
    audiences: Collection[Audience] = PUBLIC,
    known_at: datetime | None = None,
) -> list[Held]:
    """Return all fee lines that reach a unit, over the whole timeline, in one question.

    With the code of a procedure only the schedules that price it; of two schedules with one
    code the nearer owner's stands.
    """
    living = queries.LIVING_COLUMNS if known_at is None else queries.known(known_at)
    ends = sa.func.lead(Change.effective_on, type_=sa.Date()).over(
        partition_by=Change.document_id, order_by=Change.effective_on
    )
    stretch = (
        sa.select(Change.id, ends.label("next_day"))
        .join(Document, Document.id == Change.document_id)
        .where(Document.kind == "fee", living, *_pricing(procedure))
        .subquery("stretch")
    )
    query = (
        sa.select(Revision, Document, Change.effective_on, stretch.c.next_day, Decision)
        .join(stretch, stretch.c.id == Change.id)
        .join(Document, Document.id == Change.document_id)
        .join(Revision, Revision.id == Change.revision_id)
        .join(Decision, Decision.id == Change.decision_id)
        .where(Revision.audience.in_(audiences), covered(seen))
        .order_by(Document.code, Change.effective_on)
        .options(undefer(Revision.data))
    )
    nearness = {owner: rank for rank, owner in enumerate(seen.nearest_first)}
    rows = sorted(
        session.execute(query).all(),
        key=lambda row: (nearness.get(row[1].owner_id, len(nearness)), row[1].id),
    )
    taken: dict[str, list[tuple[int, Stretch]]] = {}
    found: list[Held] = []
    for revision, document, first, following, decision in rows:
        mine = (first, _before(following))
        others = [s for owner, s in taken.get(document.code, ()) if owner != document.owner_id]
        taken.setdefault(document.code, []).append((document.owner_id, mine))
        source = _source(document, revision, decision)
        for begins, until in _free(mine, others):
            found += held(_lines(revision), source, begins, until)
    return sorted(found, key=lambda each: (each.source.code, each.first_day, each.place))


def stops(session: Session, found: Sequence[Change], day: date) -> list[QmsError]:
    """Return the prices that would contradict each other if the lines were signed for ``day``.

    Compared are the texts of the decision with themselves, with each other, and with all
    schedules that reach a common unit, on the days from the first change on.
    """
    changed = {c.document_id for c in found if c.document.kind == "fee"}
    return _Market(session, found, day, frozenset(changed)).stops() if changed else []


@dataclass
class _Market:
    """The schedules as they would be."""

    session: Session
    found: Sequence[Change]
    day: date
    changed: frozenset[int]
    around: dict[int, frozenset[str]] = field(default_factory=dict)

    def stops(self) -> list[QmsError]:
        """Return a sentence for each two lines that would answer the same question."""
        new = {
            c.revision_id for c in self.found if c.revision_id and c.document_id in self.changed
        }
        found: list[QmsError] = []
        for revision_id in sorted(new):
            found += self._inside(self.texts[revision_id])
        by_name: dict[tuple[str, str], dict[str, list[Held]]] = {}
        for each in self.held:
            cases = by_name.setdefault((each.line.procedure, each.name_key), {})
            cases.setdefault(each.case_key, []).append(each)
        for cases in by_name.values():
            for one, other in alike(cases):
                if self._may_contradict(one.source, other.source):
                    found += self._between(one, other)
        return found

    def _inside(self, text: Revision) -> list[QmsError]:
        code = self.documents[text.document_id].code
        return [
            RefusedError("%(code)s: %(why)s", code=code, why=error)
            for _, _, error in clashes(_lines(text), self.ground)
        ]

    def _may_contradict(self, one: Source, other: Source) -> bool:
        """Tell whether both schedules stand beside each other and one of them is new here."""
        if one.document_id == other.document_id or one.code == other.code:
            return False
        return one.document_id in self.changed or other.document_id in self.changed

    def _between(self, one: Held, other: Held) -> list[QmsError]:
        day = contradict(one, other, self.ground)
        if day is None or not self._meet(one, other):
            return []
        sentence = N_(
            "%(code)s, dòng %(place)s (%(line)s) và %(other_code)s, dòng %(other_place)s "
            "(%(other)s) cùng trả lời một trường hợp từ ngày %(day)s."
        )
        if one.source.owner_id != other.source.owner_id:
            sentence = N_(
                "%(code)s, dòng %(place)s (%(line)s) và %(other_code)s, dòng %(other_place)s "
                "(%(other)s) của đơn vị khác cùng trả lời một trường hợp từ ngày %(day)s. Muốn "
                "thay biểu của cấp trên ở đơn vị mình thì ban hành biểu cùng mã với biểu đó."
            )
        return [
            RefusedError(
                sentence,
                code=one.source.code,
                place=one.place + 1,
                line=in_words(one.line),
                other_code=other.source.code,
                other_place=other.place + 1,
                other=in_words(other.line),
                day=day_words(day),
            )
        ]

    def _meet(self, one: Held, other: Held) -> bool:
        """Tell whether both lines hold in one unit that both texts reach."""
        return any(
            lies_in(self._within(unit_id), one.line.units)
            and lies_in(self._within(unit_id), other.line.units)
            for unit_id in self._reached(one) & self._reached(other)
        )

    def _within(self, unit_id: int) -> frozenset[str]:
        if unit_id not in self.around:
            self.around[unit_id] = self.ground.within(unit_id)
        return self.around[unit_id]

    def _reached(self, each: Held) -> set[int]:
        """Return the units that a text reaches."""
        text = self.texts[each.source.revision_id]
        named = {row.unit_id for row in text.units}
        return {
            seen.unit_id
            for seen in self.covers
            if covers(
                seen,
                owner_id=each.source.owner_id,
                scope=text.scope,
                scope_level=text.scope_level,
                units=named,
            )
        }

    @cached_property
    def ground(self) -> Ground:
        return ground(self.session)

    @cached_property
    def covers(self) -> list[Cover]:
        known = places(self.session)
        heads = headings(self.session, date.max)
        levels = {unit_id: head.level for unit_id, head in heads.items()}
        return [
            cover_of(known, unit_id, levels.get(office_of(known, unit_id))) for unit_id in known
        ]

    @cached_property
    def spans(self) -> list[tuple[int, int, date, date | None]]:
        """Document, text, first and last day, from the first change on."""
        lines = proposed(self.found, self.day)
        signed = queries.entries(self.session, self.changed | self._beside())
        firsts = (timeline.first_touched(signed[each], lines[each]) for each in self.changed)
        since = min((each for each in firsts if each), default=self.day)
        return [
            (document_id, span.entry.revision, max(span.first_day, since), span.last_day)
            for document_id, known in signed.items()
            for span in timeline.spans([*known, *lines.get(document_id, ())])
            if span.entry.revision is not None
            and (span.last_day is None or span.last_day >= since)
        ]

    @cached_property
    def texts(self) -> Mapping[int, Revision]:
        ids = {revision_id for _, revision_id, _, _ in self.spans}
        query = sa.select(Revision).where(Revision.id.in_(ids))
        query = query.options(undefer(Revision.data), selectinload(Revision.units))
        return {row.id: row for row in self.session.scalars(query)}

    @cached_property
    def documents(self) -> Mapping[int, Document]:
        ids = {document_id for document_id, _, _, _ in self.spans}
        query = sa.select(Document).where(Document.id.in_(ids))
        return {row.id: row for row in self.session.scalars(query)}

    @cached_property
    def held(self) -> list[Held]:
        return [
            each
            for document_id, revision_id, first, last in self.spans
            for each in held(
                _lines(self.texts[revision_id]),
                _source(self.documents[document_id], self.texts[revision_id]),
                first,
                last,
            )
        ]

    def _beside(self) -> set[int]:
        """Return the other schedules that price a procedure which a changed one prices."""
        mine, theirs = aliased(Link), aliased(Link)
        changed, other = aliased(Revision), aliased(Change)
        query = (
            sa.select(other.document_id)
            .join(theirs, theirs.revision_id == other.revision_id)
            .join(mine, sa.and_(mine.code == theirs.code, mine.kind == theirs.kind))
            .join(changed, changed.id == mine.revision_id)
            .where(changed.document_id.in_(self.changed), mine.relation == Relation.CHARGES)
            .where(theirs.relation == Relation.CHARGES, other.signed_at.is_not(None))
        )
        return set(self.session.scalars(query.distinct()))


def _pricing(procedure: str) -> list[sa.ColumnElement[bool]]:
    """Return the condition for schedules that bear the code of one which prices a procedure."""
    if not procedure:
        return []
    named = aliased(Document)
    codes = (
        sa.select(named.code)
        .join(Revision, Revision.document_id == named.id)
        .join(Link, Link.revision_id == Revision.id)
        .where(Link.relation == Relation.CHARGES, Link.kind == "procedure")
        .where(Link.code == procedure, named.kind == "fee")
    )
    return [Document.code.in_(codes)]


def _lines(revision: Revision) -> Sequence[FeeLine]:
    content = queries.content(revision)
    return content.lines if isinstance(content, FeeSchedule) else ()


def _source(document: Document, revision: Revision, decision: Decision | None = None) -> Source:
    return Source(
        document_id=document.id,
        owner_id=document.owner_id,
        code=document.code,
        slug=document.slug,
        title=revision.title,
        topic=revision.topic,
        revision_id=revision.id,
        decision_id=decision.id if decision else 0,
        decision_number=(decision.number or "") if decision else "",
    )


def _before(day: date | None) -> date | None:
    return day - timedelta(days=1) if day else None


def _free(mine: Stretch, taken: Iterable[Stretch]) -> list[Stretch]:
    """Return what is left of a stretch of days without those that are taken."""
    left = [mine]
    for first, last in taken:
        parts: list[Stretch] = []
        for begins, ends in left:
            until = ends or date.max
            if first > until or (last is not None and last < begins):
                parts.append((begins, ends))
                continue
            if begins < first:
                parts.append((begins, _before(first)))
            if last is not None and last < until:
                parts.append((last + timedelta(days=1), ends))
        left = parts
    return left
