"""The programme of a year as a matrix: units and months, what is planned, done and due."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from qms.actions.progress import Progress
from qms.actions.rules import Grade
from qms.audits import finding_queries
from qms.audits.models import Audit, AuditUnit
from qms.audits.programme_models import OutOfScope, Programme, ProgrammeDrafter, Slot
from qms.audits.programme_rules import Short, Weight
from qms.audits.rules import TOOK_PLACE, State
from qms.documents.models import Change, Document, RevisionUnit
from qms.documents.queries import LIVING_COLUMNS
from qms.errors import NotFoundError
from qms.text import sort_key
from qms.units.queries import places
from qms.units.rules import office_of


@dataclass(frozen=True)
class Cell:
    """A month of a unit: whether it is planned, its audits, and whether it is over."""

    month: int
    planned: bool
    audits: Sequence[Audit]
    over: bool = False

    @property
    def late(self) -> bool:
        """Whether it was planned and went by without an audit."""
        return self.planned and self.over and self.state in {"planned", "scheduled"}

    @property
    def state(self) -> str:
        """Return how far the month has come: a state the look knows, empty where nothing is."""
        if any(each.state in {State.REPORTED, State.CLOSED} for each in self.audits):
            return "done"
        if any(each.state is State.UNDER_WAY for each in self.audits):
            return "in_review"
        if self.audits:
            return "scheduled"
        return "planned" if self.planned else ""


@dataclass(frozen=True)
class Row:
    """A unit in the programme: its months, what weighs for it, and why it is left out."""

    unit_id: int
    name: str
    cells: Sequence[Cell]
    weight: Weight
    left_out: str = ""

    @property
    def planned(self) -> int:
        """How often the programme audits the unit."""
        return sum(cell.planned for cell in self.cells)

    @property
    def short(self) -> bool:
        """Whether the year audits the unit less often than it should."""
        return not self.left_out and self.planned < self.weight.times


@dataclass(frozen=True)
class Matrix:
    """The programme of an office for a year."""

    owner_id: int
    year: int
    programme: Programme | None
    rows: Sequence[Row]
    others: Sequence[Audit] = field(default=())

    @property
    def scope(self) -> list[int]:
        """The units that the year has to audit."""
        return [row.unit_id for row in self.rows if not row.left_out]

    @property
    def planned(self) -> int:
        """How many audits of units the programme plans."""
        return sum(row.planned for row in self.rows)

    @property
    def progress(self) -> Progress:
        """How many of them took place, are under way or late."""
        cells = [cell for row in self.rows for cell in row.cells]
        return counted(self.owner_id, self.year, cells)

    @property
    def done(self) -> int:
        """How many of them took place or are under way."""
        return self.progress.done + self.progress.under_way

    @property
    def short(self) -> list[Short]:
        """The units of the scope that the programme audits less often than it should."""
        return [
            Short(row.name, row.planned, row.weight.times) for row in self.rows if row.short
        ]

    @property
    def missing(self) -> list[Row]:
        """The units of the scope that the programme audits at no time."""
        return [row for row in self.rows if not row.left_out and not row.planned]


def counted(owner_id: int, year: int, cells: Iterable[Cell]) -> Progress:
    """Return how far the planned months of a year have come."""
    planned = [each for each in cells if each.planned]
    states = Counter(each.state for each in planned)
    late = sum(each.late for each in planned)
    return Progress(owner_id, year, len(planned), states["done"], states["in_review"], late)


def over(year: int, month: int, today: date) -> bool:
    """Tell whether a month has ended."""
    return (year, month) < (today.year, today.month)


def programme(session: Session, owner_id: int, year: int) -> Programme | None:
    """Return the programme of an office for a year."""
    query = sa.select(Programme).where(Programme.owner_id == owner_id, Programme.year == year)
    return session.scalar(query.options(joinedload(Programme.owner)))


def programme_by_id(session: Session, programme_id: int, units: Collection[int]) -> Programme:
    """Return a programme of one of the offices.

    Raises:
        NotFoundError: there is none.

    """
    query = sa.select(Programme).where(
        Programme.id == programme_id, Programme.owner_id.in_(units)
    )
    found = session.scalar(query.options(joinedload(Programme.owner)))
    if found is None:
        raise NotFoundError("Không có chương trình đánh giá này.")
    return found


def drafters(session: Session, kept: Programme) -> set[int]:
    """Return everybody who changed a programme since it was last approved."""
    query = sa.select(ProgrammeDrafter.user_id).where(
        ProgrammeDrafter.programme_id == kept.id, ProgrammeDrafter.issue == kept.issue
    )
    return set(session.scalars(query))


def slots(session: Session, programme_id: int) -> Sequence[Slot]:
    """Return the months a programme plans."""
    query = sa.select(Slot).where(Slot.programme_id == programme_id)
    return session.scalars(query.order_by(Slot.unit_id, Slot.month)).all()


def left_out(session: Session, programme_id: int) -> dict[int, str]:
    """Return the units a programme leaves out, with the reasons."""
    query = sa.select(OutOfScope).where(OutOfScope.programme_id == programme_id)
    return {row.unit_id: row.reason for row in session.scalars(query)}


def units_of(session: Session, owner_id: int, year: int) -> list[int]:
    """Return the units of an office on some day of a year; the office itself if it has none."""
    placed = places(session)
    first, last = date(year, 1, 1), date(year, 12, 31)
    found = [
        each.id
        for each in placed.values()
        if office_of(placed, each.id) == owner_id
        and each.first_day <= last
        and (each.last_day is None or each.last_day >= first)
    ]
    inner = [each for each in found if each != owner_id]
    return inner or found


def matrix(
    session: Session,
    owner_id: int,
    year: int,
    names: Mapping[int, str],
    *,
    today: date | None = None,
) -> Matrix:
    """Return the programme of an office for a year: a fixed number of questions.

    ``names``: what units are called; ``today``: from when months are over.
    """
    kept = programme(session, owner_id, year)
    planned = slots(session, kept.id) if kept else ()
    out = left_out(session, kept.id) if kept else {}
    months = {(each.unit_id, each.month) for each in planned}
    unit_ids = units_of(session, owner_id, year)
    unit_ids += sorted({each.unit_id for each in planned} - set(unit_ids))
    held = _held(session, owner_id, year)
    before = {
        unit_id
        for (of_year, unit_id, _month), audits in held.items()
        if of_year < year and any(each.state in TOOK_PLACE for each in audits)
    }
    weights = _weights(session, unit_ids, before, year)
    rows = [
        Row(
            unit_id,
            names.get(unit_id, str(unit_id)),
            [
                Cell(
                    month,
                    (unit_id, month) in months,
                    held.get((year, unit_id, month), ()),
                    over=today is not None and over(year, month, today),
                )
                for month in range(1, 13)
            ],
            weights[unit_id],
            out.get(unit_id, ""),
        )
        for unit_id in unit_ids
    ]
    return Matrix(
        owner_id, year, kept, sorted(rows, key=lambda row: (sort_key(row.name), row.unit_id))
    )


def outside(
    session: Session, owner_id: int, year: int, unit_ids: Collection[int], *, but: int | None
) -> list[int]:
    """Return the units for which the approved programme of a year has no audit left.

    ``but``: an audit that is not counted, since it is the one that is asked about.
    """
    kept = programme(session, owner_id, year)
    if kept is None or kept.approved_at is None:
        return []
    left = Counter(each.unit_id for each in slots(session, kept.id))
    query = (
        sa.select(AuditUnit.unit_id, sa.func.count())
        .join(Audit, Audit.id == AuditUnit.audit_id)
        .where(Audit.owner_id == owner_id, Audit.year == year, Audit.id != (but or 0))
        .where(Audit.state != State.CANCELLED, Audit.outside_reason.is_(None))
        .group_by(AuditUnit.unit_id)
    )
    left.subtract({row[0]: row[1] for row in session.execute(query)})
    return [each for each in unit_ids if left[each] <= 0]


def not_audited(session: Session, owner_id: int, year: int) -> list[int]:
    """Return the units of an office's scope that no audit of a year has looked at."""
    kept = programme(session, owner_id, year)
    out = left_out(session, kept.id) if kept else {}
    query = (
        sa.select(AuditUnit.unit_id)
        .join(Audit, Audit.id == AuditUnit.audit_id)
        .where(Audit.owner_id == owner_id, Audit.year == year, Audit.state.in_(TOOK_PLACE))
    )
    seen = set(session.scalars(query))
    return [
        each
        for each in units_of(session, owner_id, year)
        if each not in seen and each not in out
    ]


def _held(
    session: Session, owner_id: int, year: int
) -> dict[tuple[int, int, int], list[Audit]]:
    """Return the audits of a year and of the one before by year, unit and month."""
    query = (
        sa.select(AuditUnit.unit_id, Audit)
        .join(Audit, Audit.id == AuditUnit.audit_id)
        .where(Audit.owner_id == owner_id, Audit.year.in_((year - 1, year)))
        .where(Audit.state != State.CANCELLED)
        .order_by(Audit.first_day, Audit.id)
    )
    found: dict[tuple[int, int, int], list[Audit]] = {}
    for unit_id, row in session.execute(query):
        found.setdefault((row.year, unit_id, row.first_day.month), []).append(row)
    return found


def _weights(
    session: Session, unit_ids: Collection[int], before: Collection[int], year: int
) -> Mapping[int, Weight]:
    """Return what the year before says for auditing each unit more often."""
    first, last = date(year - 1, 1, 1), date(year - 1, 12, 31)
    grades = finding_queries.graded(session, unit_ids, first, last)
    changes = _changes(session, unit_ids, first, last)
    return {
        each: Weight(
            major=grades.get((each, Grade.MAJOR), 0),
            minor=grades.get((each, Grade.MINOR), 0),
            remarks=grades.get((each, Grade.REMARK), 0),
            changes=changes.get(each, 0),
            audited=each in before,
        )
        for each in unit_ids
    }


def _changes(
    session: Session, unit_ids: Collection[int], first: date, last: date
) -> dict[int, int]:
    """Return how many documents of each unit, or for it by name, changed between two days."""
    days = (LIVING_COLUMNS, Change.effective_on.between(first, last))
    owned = (
        sa.select(Document.owner_id.label("unit_id"), Document.id.label("document_id"))
        .join(Change, Change.document_id == Document.id)
        .where(Document.owner_id.in_(unit_ids), *days)
    )
    named = (
        sa.select(RevisionUnit.unit_id, Change.document_id)
        .join(Change, Change.revision_id == RevisionUnit.revision_id)
        .where(RevisionUnit.unit_id.in_(unit_ids), *days)
    )
    both = sa.union(owned, named).subquery()
    query = sa.select(both.c.unit_id, sa.func.count()).group_by(both.c.unit_id)
    return {row[0]: row[1] for row in session.execute(query)}
