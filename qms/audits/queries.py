"""What is asked about audits: which there are for whom, their teams, plans and meetings."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from qms.audits.models import (
    Attendant,
    Audit,
    AuditUnit,
    Exemption,
    HeldMeeting,
    Member,
    PlanHour,
    Qualification,
)
from qms.audits.rules import COMING, Days, Duty, Hour, Meeting, State
from qms.errors import NotFoundError
from qms.text import whole_number
from qms.units.queries import entered_names, headings

PAGE_SIZE = 25


@dataclass(frozen=True)
class Viewer:
    """Somebody who looks at audits: those of units within reach, and those of the own teams."""

    user_id: int
    units: frozenset[int]

    def sees(self) -> sa.ColumnElement[bool]:
        """Return the condition for the audits this person may open."""
        audited = sa.select(AuditUnit.audit_id).where(AuditUnit.unit_id.in_(self.units))
        mine = sa.select(Member.audit_id).where(
            Member.user_id == self.user_id, Member.left_at.is_(None)
        )
        return sa.or_(Audit.owner_id.in_(self.units), Audit.id.in_(audited), Audit.id.in_(mine))


@dataclass(frozen=True)
class Wanted:
    """Which audits a list is asked for."""

    year: int | None = None
    state: State | None = None
    unit_id: int | None = None
    mine: bool = False


def audit(session: Session, audit_id: int, who: Viewer | None = None) -> Audit:
    """Return an audit with its office and units, if this person may open it.

    Raises:
        NotFoundError: there is none, or not for this person.

    """
    query = sa.select(Audit).where(Audit.id == audit_id)
    if who is not None:
        query = query.where(who.sees())
    query = query.options(joinedload(Audit.owner), selectinload(Audit.units))
    found = session.scalar(query)
    if found is None:
        raise NotFoundError("Không có cuộc đánh giá này, hoặc không thuộc phạm vi của ông, bà.")
    return found


def by_refs(
    session: Session, refs: Collection[str], who: Viewer
) -> Sequence[tuple[Audit, bool]]:
    """Return the audits that references name, and whether this person may open them."""
    numbers = {whole_number(ref.removeprefix("audit/")) for ref in refs} - {None}
    if not numbers:
        return ()
    query = sa.select(Audit, who.sees()).where(Audit.id.in_(numbers))
    return [(audit, bool(opens)) for audit, opens in session.execute(query)]


def audits(
    session: Session, who: Viewer, wanted: Wanted, *, page: int
) -> tuple[Sequence[Audit], int]:
    """Return one page of audits, those to come and under way first, and how many there are."""
    query = sa.select(Audit).where(who.sees())
    if wanted.year is not None:
        query = query.where(Audit.year == wanted.year)
    if wanted.state is not None:
        query = query.where(Audit.state == wanted.state)
    if wanted.unit_id is not None:
        of_unit = sa.select(AuditUnit.audit_id).where(AuditUnit.unit_id == wanted.unit_id)
        query = query.where(Audit.id.in_(of_unit))
    if wanted.mine:
        mine = sa.select(Member.audit_id).where(
            Member.user_id == who.user_id, Member.left_at.is_(None)
        )
        query = query.where(Audit.id.in_(mine))
    total = session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    query = query.options(selectinload(Audit.units)).order_by(
        Audit.first_day.desc(), Audit.id.desc()
    )
    shown = session.scalars(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    return shown, total


def audits_between(
    session: Session, who: Viewer, first: date, last: date, *, with_cancelled: bool = False
) -> Sequence[Audit]:
    """Return the audits with a day between two days, in the order of their days."""
    query = sa.select(Audit).where(who.sees(), Audit.first_day <= last, Audit.last_day >= first)
    if not with_cancelled:
        query = query.where(Audit.state != State.CANCELLED)
    query = query.options(selectinload(Audit.units)).order_by(Audit.first_day, Audit.id)
    return session.scalars(query).all()


def years(session: Session, who: Viewer) -> list[int]:
    """Return the years in which there were audits, the latest first."""
    query = sa.select(Audit.year).where(who.sees()).distinct()
    return list(session.scalars(query.order_by(Audit.year.desc())))


def next_number(session: Session, owner_id: int, year: int) -> int:
    """Return the next number of an office's audits in a year."""
    query = sa.select(sa.func.max(Audit.number)).where(
        Audit.owner_id == owner_id, Audit.year == year
    )
    return (session.scalar(query) or 0) + 1


def unit_names(session: Session, on: date) -> Mapping[int, str]:
    """Return what every unit is called on a day, else was last entered as."""
    said = {unit_id: head.name for unit_id, head in headings(session, on).items()}
    return entered_names(session) | said


def days_of(found: Audit) -> Days:
    """Return the days of an audit as the rules see them."""
    return Days(found.first_day, found.last_day, found.period_first, found.period_last)


def unit_ids(found: Audit) -> list[int]:
    """Return the units that an audit looks at."""
    return [each.unit_id for each in found.units]


# ---------- teams ----------


def team(session: Session, audit_ids: Collection[int]) -> dict[int, list[Member]]:
    """Return the members of some teams with their people, the lead first."""
    rank = sa.case({duty.value: n for n, duty in enumerate(Duty)}, value=Member.duty)
    query = (
        sa.select(Member)
        .where(Member.audit_id.in_(audit_ids), Member.left_at.is_(None))
        .options(joinedload(Member.user))
        .order_by(rank, Member.id)
    )
    found: dict[int, list[Member]] = {each: [] for each in audit_ids}
    for row in session.scalars(query):
        found[row.audit_id].append(row)
    return found


def member(session: Session, audit_id: int, user_id: int | None) -> Member | None:
    """Return what somebody is in the team of an audit."""
    query = sa.select(Member).where(
        Member.audit_id == audit_id, Member.user_id == user_id, Member.left_at.is_(None)
    )
    return session.scalar(query.options(joinedload(Member.user)))


def exemptions(session: Session, audit_id: int) -> Sequence[Exemption]:
    """Return the exceptions that a leader allowed for an audit."""
    query = sa.select(Exemption).where(Exemption.audit_id == audit_id)
    query = query.options(joinedload(Exemption.document))
    return session.scalars(query.order_by(Exemption.id)).all()


def qualifications(
    session: Session, user_ids: Collection[int]
) -> dict[int, list[Qualification]]:
    """Return what qualifies people as auditors, the latest first."""
    query = sa.select(Qualification).where(Qualification.user_id.in_(user_ids))
    found: dict[int, list[Qualification]] = {each: [] for each in user_ids}
    for row in session.scalars(query.order_by(Qualification.first_day.desc())):
        found[row.user_id].append(row)
    return found


# ---------- plans and meetings ----------


def hours(session: Session, audit_ids: Collection[int]) -> dict[int, list[PlanHour]]:
    """Return the plans of some audits by the hour."""
    query = (
        sa.select(PlanHour)
        .where(PlanHour.audit_id.in_(audit_ids))
        .options(selectinload(PlanHour.auditors))
        .order_by(PlanHour.day, PlanHour.begins, PlanHour.id)
    )
    found: dict[int, list[PlanHour]] = {each: [] for each in audit_ids}
    for row in session.scalars(query):
        found[row.audit_id].append(row)
    return found


def as_hour(row: PlanHour) -> Hour:
    """Return a line of a plan as the rules see it."""
    return Hour(
        row.day,
        row.begins,
        row.ends,
        row.session,
        row.unit_id,
        frozenset(each.user_id for each in row.auditors),
    )


def meetings(session: Session, audit_id: int) -> dict[Meeting, HeldMeeting]:
    """Return the meetings that were held, with who was there."""
    query = sa.select(HeldMeeting).where(HeldMeeting.audit_id == audit_id)
    found = session.scalars(query.options(selectinload(HeldMeeting.people)))
    return {row.meeting: row for row in found}


def attendance(session: Session, audit_id: int) -> dict[Meeting, int]:
    """Return how many people were at each meeting that was held."""
    query = (
        sa.select(HeldMeeting.meeting, sa.func.count(Attendant.id))
        .outerjoin(Attendant, Attendant.meeting_id == HeldMeeting.id)
        .where(HeldMeeting.audit_id == audit_id)
        .group_by(HeldMeeting.meeting)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def audited_before(
    session: Session, user_ids: Collection[int], unit_ids: Collection[int], year: int, but: int
) -> list[tuple[int, int]]:
    """Return who audited which of the units in a year, in another audit."""
    query = (
        sa.select(Member.user_id, AuditUnit.unit_id)
        .join(Audit, Audit.id == Member.audit_id)
        .join(AuditUnit, AuditUnit.audit_id == Audit.id)
        .where(Member.user_id.in_(user_ids), Member.left_at.is_(None))
        .where(Member.duty != Duty.TRAINEE, AuditUnit.unit_id.in_(unit_ids))
        .where(Audit.year == year, Audit.id != but, Audit.state.not_in(_NOT_HELD))
        .distinct()
        .order_by(Member.user_id, AuditUnit.unit_id)
    )
    return [(row.user_id, row.unit_id) for row in session.execute(query)]


_NOT_HELD = (*sorted(COMING), State.CANCELLED)


def qualification(session: Session, qualification_id: int) -> Qualification | None:
    """Return one thing that qualifies somebody."""
    return session.get(Qualification, qualification_id)
