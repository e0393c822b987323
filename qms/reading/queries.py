"""What has to be read where and by whom; nothing of it is stored but what was read."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.counter.calendar import Calendar
from qms.counter.queries import calendar_of
from qms.documents.models import Change, Decision, Document, Revision, RevisionUnit
from qms.documents.queries import LIVING_COLUMNS, in_force_id
from qms.documents.rules import Audience, Scope
from qms.documents.standing import Cover, cover_of, covers
from qms.errors import NotFoundError
from qms.reading.models import Reading, ReadingRule
from qms.reading.rules import Rule, Stands, Step, rule_on, stands
from qms.registers.rules import numbers
from qms.units.queries import headings, places
from qms.units.rules import holds, office_of

PAGE = 20
"""Texts on one page."""


@dataclass(frozen=True)
class Asked:
    """A text in force that the people of a unit are asked to read, and by when.

    ``since`` is the day from which there is something to read; having read any of ``texts``
    is enough.
    """

    unit_id: int
    document_id: int
    revision_id: int
    code: str
    title: str
    printed: str
    first_day: date
    since: date
    due: date
    texts: frozenset[int]


@dataclass(frozen=True)
class _Text:
    """The text of a document that stands on a day, with the row of the change behind it."""

    stands: Stands
    row: Any
    units: frozenset[int]


def rules_of(session: Session, office_ids: Iterable[int]) -> dict[int, list[ReadingRule]]:
    """Return the rules that offices set, the earliest first."""
    query = sa.select(ReadingRule).where(ReadingRule.unit_id.in_(sorted(set(office_ids))))
    found: dict[int, list[ReadingRule]] = {}
    for row in session.scalars(query.order_by(ReadingRule.first_day, ReadingRule.id)):
        found.setdefault(row.unit_id, []).append(row)
    return found


def kinds_of(row: ReadingRule) -> list[str]:
    """Return the kinds that a rule names."""
    return [each for each in row.kinds.split(",") if each]


def asked(session: Session, unit_ids: Collection[int], on: date) -> list[Asked]:
    """Return the texts that people of some units are asked to have read, the first due first."""
    placed = places(session)
    offices = {each: office_of(placed, each) for each in unit_ids if holds(placed[each], on)}
    rules = {
        office: [Rule(row.first_day, frozenset(kinds_of(row)), row.days) for row in rows]
        for office, rows in rules_of(session, offices.values()).items()
    }
    seen = _covers(session, {u: o for u, o in offices.items() if o in rules}, on)
    texts = _texts(session, seen, [each for rows in rules.values() for each in rows], on)
    if not texts:
        return []
    calendars = {office: calendar_of(session, office) for office in rules}
    found = [
        made
        for unit_id, cover in seen.items()
        for text in _nearest(cover, texts)
        if (made := _asked(unit_id, text, rules[cover.office_id], calendars[cover.office_id]))
    ]
    return sorted(found, key=lambda each: (each.due, each.code, each.unit_id))


def asked_of(session: Session, since: Mapping[int, date], on: date) -> list[Asked]:
    """Return the texts that one person is asked to have read, each once.

    ``since`` tells from which day on they work in which unit; what came before is not asked.
    """
    found: dict[int, Asked] = {}
    for each in asked(session, since, on) if since else ():
        if since[each.unit_id] <= each.since:
            found.setdefault(each.revision_id, each)
    return list(found.values())


def waiting(session: Session, user_id: int, since: Mapping[int, date], on: date) -> list[Asked]:
    """Return the texts that one person is still to read."""
    mine = asked_of(session, since, on)
    read = read_by(session, [user_id], mine)
    return [each for each in mine if not any((user_id, text) in read for text in each.texts)]


def read_by(
    session: Session, user_ids: Collection[int], texts: Iterable[Asked]
) -> dict[tuple[int, int], Reading]:
    """Return what some people said of some texts, by person and text."""
    wanted = frozenset[int]().union(*(each.texts for each in texts))
    if not wanted:
        return {}
    query = sa.select(Reading).where(
        Reading.user_id.in_(user_ids), Reading.revision_id.in_(wanted)
    )
    return {(row.user_id, row.revision_id): row for row in session.scalars(query)}


def lately(session: Session, user_id: int) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """Return what one person read last: what they said, of which text, of which code."""
    query = (
        sa.select(Reading, Revision, Document.code)
        .join(Revision, Revision.id == Reading.revision_id)
        .join(Document, Document.id == Revision.document_id)
        .where(Reading.user_id == user_id)
        .order_by(Reading.at.desc(), Document.code)
        .limit(PAGE)
    )
    return session.execute(query).all()


def text(session: Session, revision_id: int) -> Revision:
    """Return a signed text.

    Raises:
        NotFoundError: there is none.

    """
    found = session.get(Revision, revision_id)
    if found is None or found.number is None:
        raise NotFoundError("Không có bản này.")
    return found


def reading(session: Session, user_id: int, revision_id: int) -> Reading | None:
    """Return what a person said of a text."""
    return session.get(Reading, (user_id, revision_id))


def holding(session: Session, revision: Revision, on: date) -> tuple[int | None, date | None]:
    """Return which text of the same document holds, and from which day on this one may yet."""
    query = sa.select(sa.func.max(Change.effective_on)).where(
        LIVING_COLUMNS, Change.revision_id == revision.id
    )
    return in_force_id(session, revision.document_id, on), session.scalar(query)


def _covers(session: Session, offices: Mapping[int, int], on: date) -> dict[int, Cover]:
    """Return how texts reach some units, given with their offices."""
    placed = places(session)
    heads = headings(session, on, sorted(set(offices.values()))) if offices else {}
    return {
        unit_id: cover_of(placed, unit_id, heads[office].level if office in heads else None)
        for unit_id, office in offices.items()
    }


def _texts(
    session: Session, seen: Mapping[int, Cover], rules: Sequence[Rule], on: date
) -> list[_Text]:
    """Return the texts that reach units, of every code that changed while there was a rule."""
    if not seen:
        return []
    owners = {each for cover in seen.values() for each in cover.nearest_first}
    own = {each for cover in seen.values() for each in cover.own}
    kinds = frozenset[str]().union(*(each.kinds for each in rules))
    named = (
        sa.select(Revision.document_id)
        .join(RevisionUnit, RevisionUnit.revision_id == Revision.id)
        .where(RevisionUnit.unit_id.in_(own))
    )
    changed = (
        sa.select(Document.code)
        .join(Change, Change.document_id == Document.id)
        .where(Document.kind.in_(kinds), Change.signed_at.is_not(None))
        .where(Change.effective_on.between(min(each.first_day for each in rules), on))
    )
    query = (
        sa.select(Change, Document.owner_id, Document.kind, Document.code, Revision, Decision)
        .join(Document, Document.id == Change.document_id)
        .join(Decision, Decision.id == Change.decision_id)
        .outerjoin(Revision, Revision.id == Change.revision_id)
        .where(Change.signed_at.is_not(None), Change.effective_on <= on)
        .where(Document.kind.in_(kinds), Document.code.in_(changed))
        .where(Document.owner_id.in_(owners) | Document.id.in_(named))
    )
    rows = {row.Change.id: row for row in session.execute(query)}
    steps: dict[int, list[Step]] = {}
    for row in rows.values():
        steps.setdefault(row.Change.document_id, []).append(_step(row))
    standing = [found for each in steps.values() if (found := stands(each, on)) is not None]
    units = _named(session, [rows[each.step.id].Revision for each in standing])
    return [
        _Text(each, row, units.get(row.Revision.id, frozenset()))
        for each in standing
        for row in [rows[each.step.id]]
    ]


def _step(row: Any) -> Step:  # noqa: ANN401 - a row of `_texts`
    """Return a change as the rules see it.

    People can know of their own office's paper from its date, of another's once it is entered.
    """
    change, decision = row.Change, row.Decision
    told = change.signed_at.date() if decision.outside else decision.dated
    return Step(
        id=change.id,
        day=change.effective_on,
        known_on=max(change.effective_on, told),
        revision_id=change.revision_id,
        replaces_id=change.replaces_id,
        material=change.material,
        living=change.replaced_by_id is None,
    )


def _named(session: Session, texts: Iterable[Revision]) -> dict[int, frozenset[int]]:
    """Return the units that texts name in their scope."""
    wanted = [each.id for each in texts if each.scope is Scope.UNITS]
    if not wanted:
        return {}
    query = sa.select(RevisionUnit).where(RevisionUnit.revision_id.in_(wanted))
    found: dict[int, frozenset[int]] = {}
    for row in session.scalars(query):
        found[row.revision_id] = found.get(row.revision_id, frozenset()) | {row.unit_id}
    return found


def _nearest(cover: Cover, texts: Iterable[_Text]) -> list[_Text]:
    """Return the texts that hold in a unit: of one kind and code the nearest owner's alone."""
    ranks = {owner: rank for rank, owner in enumerate(cover.nearest_first)}
    found: dict[tuple[str, str], tuple[int, int, _Text]] = {}
    for each in texts:
        row = each.row
        if covers(
            cover,
            owner_id=row.owner_id,
            scope=row.Revision.scope,
            scope_level=row.Revision.scope_level,
            units=each.units,
        ):
            rank = (ranks.get(row.owner_id, len(ranks)), row.Change.document_id)
            known = found.get((row.kind, row.code))
            if known is None or rank < known[:2]:
                found[row.kind, row.code] = (*rank, each)
    return [
        each
        for *_, each in found.values()
        if each.row.Revision.audience is not Audience.RESTRICTED
        or each.row.owner_id in cover.own
    ]


def _asked(
    unit_id: int, text: _Text, rules: Sequence[Rule], calendar: Calendar
) -> Asked | None:
    since, row = text.stands.since, text.row
    rule = rule_on(rules, since.day)
    if rule is None or row.kind not in rule.kinds:
        return None
    return Asked(
        unit_id=unit_id,
        document_id=row.Change.document_id,
        revision_id=row.Revision.id,
        code=row.code,
        title=row.Revision.title,
        printed=numbers(row.Revision.issue_no, row.Revision.amendment_no),
        first_day=text.stands.step.day,
        since=since.day,
        due=calendar.after(since.known_on, rule.days),
        texts=text.stands.texts,
    )
