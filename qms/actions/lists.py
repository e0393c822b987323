"""Lists of findings and requests, filtered and paged by the database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.actions.models import Finding, Request
from qms.actions.queries import Who, visible
from qms.actions.rules import ENDS, NEED_REQUEST, WORKING, Grade, Source, State
from qms.documents.models import Revision
from qms.text import sort_key
from qms.units.models import Unit

PAGE_SIZE: Final = 50
OPEN: Final = "open"
LATE: Final = "late"


@dataclass(frozen=True)
class Wanted:
    """What a list is asked for; ``page`` is None for all of it.

    ``only``: :data:`OPEN`, :data:`LATE` or all. ``year``: when it was raised.
    """

    who: Who
    today: date
    unit_id: int | None = None
    state: State | None = None
    grade: Grade | None = None
    source: Source | None = None
    clause: str = ""
    document_id: int | None = None
    year: int | None = None
    only: str = ""
    page: int | None = 1


@dataclass(frozen=True)
class RequestLine:
    """A request as a list shows it."""

    id: int
    number: int
    year: int
    unit_id: int
    state: State
    raised_on: date
    due: date
    done_on: date | None
    effect_due: date | None
    effect_on: date | None
    grade: Grade
    source: Source
    edition: str
    clause: str
    text: str
    cause: str
    late: bool

    @property
    def code(self) -> str:
        """Its number as it stands on paper."""
        return f"HĐKP-{self.number:02}/{self.year}"


@dataclass(frozen=True)
class FindingLine:
    """A finding as a list shows it."""

    id: int
    number: int
    year: int
    unit_id: int
    grade: Grade
    source: Source
    source_ref: str
    edition: str
    clause: str
    text: str
    raised_on: date
    answered_on: date | None
    closed_on: date | None
    annulled_on: date | None

    @property
    def code(self) -> str:
        """Its number as it stands on paper."""
        return f"KPH-{self.number:02}/{self.year}"


def is_late(today: date) -> sa.ColumnElement[bool]:
    """Return the condition that work, or the look at its effect, is late."""
    return sa.or_(
        sa.and_(Request.state.in_(WORKING), Request.due < today),
        sa.and_(Request.state == State.VERIFIED, Request.effect_due < today),
    )


def requests(session: Session, wanted: Wanted) -> list[RequestLine]:
    """Return requests, the newest first."""
    late = is_late(wanted.today).label("late")
    of_request = (
        *(Request.id, Request.number, Request.year, Request.unit_id, Request.state),
        *(Request.raised_on, Request.due, Request.done_on, Request.effect_due),
        Request.effect_on,
    )
    of_finding = (Finding.grade, Finding.source, Finding.edition, Finding.clause, Finding.text)
    query = sa.select(*of_request, *of_finding, Request.cause, late)
    query = query.join(Finding, Finding.id == Request.finding_id).where(*_requests(wanted))
    ordered = query.order_by(
        Request.raised_on.desc(), Request.office_id, Request.number.desc(), Request.id.desc()
    )
    return [RequestLine(*row) for row in session.execute(_paged(ordered, wanted))]


def count_requests(session: Session, wanted: Wanted) -> int:
    """Return how many requests a list has."""
    query = sa.select(sa.func.count()).select_from(Request)
    query = query.join(Finding, Finding.id == Request.finding_id).where(*_requests(wanted))
    return session.scalar(query) or 0


def findings(session: Session, wanted: Wanted) -> list[FindingLine]:
    """Return findings, the newest first."""
    columns = [getattr(Finding, name) for name in FindingLine.__dataclass_fields__]
    query = sa.select(*columns).where(*_findings(wanted))
    ordered = query.order_by(
        Finding.raised_on.desc(), Finding.office_id, Finding.number.desc(), Finding.id.desc()
    )
    return [FindingLine(*row) for row in session.execute(_paged(ordered, wanted))]


def count_findings(session: Session, wanted: Wanted) -> int:
    """Return how many findings a list has."""
    query = sa.select(sa.func.count()).select_from(Finding).where(*_findings(wanted))
    return session.scalar(query) or 0


def units(session: Session, who: Who, today: date) -> dict[int, bool]:
    """Return the units with findings that a person may see, and whether each has ended."""
    query = sa.select(Finding.unit_id, Unit.last_day).join(Unit, Unit.id == Finding.unit_id)
    found = session.execute(query.where(visible(who)).distinct())
    return {row.unit_id: row.last_day is not None and row.last_day < today for row in found}


def years(session: Session, who: Who) -> Sequence[int]:
    """Return the years in which findings were raised, the latest first."""
    query = sa.select(Finding.year).where(visible(who)).distinct()
    return session.scalars(query.order_by(Finding.year.desc())).all()


def _requests(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found = _common(wanted)
    if wanted.state is not None:
        found.append(Request.state == wanted.state)
    if wanted.only == OPEN:
        found.append(Request.state.not_in(ENDS))
    if wanted.only == LATE:
        found.append(is_late(wanted.today))
    if wanted.year is not None:
        found.append(Request.year == wanted.year)
    return found


def _findings(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found = _common(wanted)
    open_ = sa.and_(Finding.closed_on.is_(None), Finding.annulled_on.is_(None))
    if wanted.only == OPEN:
        found.append(open_)
    if wanted.only == LATE:
        late = sa.select(Request.finding_id).where(is_late(wanted.today))
        found += [open_, Finding.grade.in_(NEED_REQUEST), Finding.id.in_(late)]
    if wanted.year is not None:
        found.append(Finding.year == wanted.year)
    return found


def _common(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found = [visible(wanted.who)]
    if wanted.unit_id is not None:
        found.append(Finding.unit_id == wanted.unit_id)
    if wanted.grade is not None:
        found.append(Finding.grade == wanted.grade)
    if wanted.source is not None:
        found.append(Finding.source == wanted.source)
    if wanted.clause:
        found.append(Finding.clause == wanted.clause)
    if wanted.document_id is not None:
        of_document = sa.select(Revision.id).where(Revision.document_id == wanted.document_id)
        found.append(Finding.revision_id.in_(of_document))
    return found


def _paged(query: sa.Select[*tuple[Any, ...]], wanted: Wanted) -> sa.Select[*tuple[Any, ...]]:
    if wanted.page is None:
        return query
    return query.limit(PAGE_SIZE).offset((wanted.page - 1) * PAGE_SIZE)


def grouped(
    names: dict[int, str], ended: Collection[int]
) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Return units by name: those that live, and those that ended."""
    ordered = by_name(names)
    living = [each for each in ordered if each[0] not in ended]
    return living, [each for each in ordered if each[0] in ended]


def by_name(names: dict[int, str]) -> list[tuple[int, str]]:
    """Return units or people with their names, in the order of the alphabet."""
    return sorted(names.items(), key=lambda pair: sort_key(pair[1]))
