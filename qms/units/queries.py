"""What is asked about units."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Final
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.orm import Session, SessionTransaction, joinedload

from qms.errors import NotFoundError
from qms.units.models import Heading, Succession, Unit
from qms.units.rules import Level, Place, heading_on, holds, line_of, office_of

_KNOWN: Final[WeakKeyDictionary[SessionTransaction, dict[int, Place]]] = WeakKeyDictionary()


# What every page asks is built once.
_UNIT: Final = sa.select(Unit).where(Unit.slug == sa.bindparam("slug"))
_PLACES: Final = sa.select(Unit.id, Unit.parent_id, Unit.office, Unit.first_day, Unit.last_day)
_HEADINGS: Final = sa.select(Heading).where(Heading.unit_id == sa.bindparam("unit"))


def unit(session: Session, slug: str) -> Unit:
    """Return the unit with this address word.

    Raises:
        NotFoundError: there never was one.

    """
    found = session.scalar(_UNIT, {"slug": slug})
    if found is None:
        raise NotFoundError("Không có đơn vị nào có địa chỉ “%(slug)s”.", slug=slug)
    return found


def unit_by_id(session: Session, unit_id: int) -> Unit:
    """Return a unit by its number."""
    found = session.get(Unit, unit_id)
    if found is None:
        raise NotFoundError("Không có đơn vị số %(number)s.", number=unit_id)
    return found


def places(session: Session) -> dict[int, Place]:
    """Return all units as the rules see them, asked once in a transaction that only reads."""
    reading = not session.connection().get_execution_options().get("qms_write")
    transaction = session.get_transaction()
    if reading and transaction is not None and transaction in _KNOWN:
        return _KNOWN[transaction]
    found = line_of([Place(*row) for row in session.execute(_PLACES)])
    if reading and transaction is not None:
        _KNOWN[transaction] = found
    return found


def units(session: Session, on: date | None = None) -> Sequence[Unit]:
    """Return all units by address word, or those that exist on a day."""
    found = session.scalars(sa.select(Unit).order_by(Unit.slug)).all()
    return [each for each in found if on is None or holds(each, on)]


def heading(session: Session, unit_id: int, on: date) -> Heading | None:
    """Return what stands at the head of a unit's paper on a day; None before anyone said."""
    rows = session.scalars(_HEADINGS, {"unit": unit_id}).all()
    return heading_on(rows, on)


def headings(session: Session, on: date, unit_ids: Sequence[int] = ()) -> dict[int, Heading]:
    """Return the headings of all (or some) units on a day, by unit."""
    query = sa.select(Heading).where(Heading.from_day <= on)
    if unit_ids:
        query = query.where(Heading.unit_id.in_(unit_ids))
    by_unit: dict[int, list[Heading]] = {}
    for row in session.scalars(query):
        by_unit.setdefault(row.unit_id, []).append(row)
    found = {unit_id: heading_on(rows, on) for unit_id, rows in by_unit.items()}
    return {unit_id: row for unit_id, row in found.items() if row is not None}


def level(session: Session, unit_id: int, on: date) -> Level | None:
    """Return the level a unit has on a day."""
    found = heading(session, unit_id, on)
    return found.level if found else None


def successors(session: Session, unit_id: int) -> Sequence[Succession]:
    """Return who took over from an ended unit."""
    query = sa.select(Succession).where(Succession.predecessor_id == unit_id)
    return session.scalars(query.order_by(Succession.successor_id)).all()


def predecessors(session: Session, unit_id: int) -> Sequence[Succession]:
    """Return the units this one took over from."""
    query = sa.select(Succession).where(Succession.successor_id == unit_id)
    return session.scalars(query.order_by(Succession.predecessor_id)).all()


def line_of_descent(session: Session, unit_id: int, *, carrying: bool = False) -> set[int]:
    """Return the unit and all units before it; with ``carrying`` those it signs for."""
    return lines_of_descent(session, [unit_id], carrying=carrying)


def lines_of_descent(
    session: Session, unit_ids: Iterable[int], *, carrying: bool = False
) -> set[int]:
    """Return some units and all units before them; with ``carrying`` those they sign for."""
    links: dict[int, list[int]] = {}
    query = sa.select(Succession.successor_id, Succession.predecessor_id)
    for row in session.execute(query.where(Succession.carries) if carrying else query):
        links.setdefault(row.successor_id, []).append(row.predecessor_id)
    found, waiting = set[int](), list(unit_ids)
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting.extend(links.get(each, ()))
    return found


def heading_row(session: Session, heading_id: int) -> Heading | None:
    """Return one heading, confirmed or not."""
    return session.get(Heading, heading_id)


def heading_rows(session: Session, unit_id: int) -> Sequence[Heading]:
    """Return all headings of a unit, the latest day first, those that wait included."""
    query = sa.select(Heading).where(Heading.unit_id == unit_id)
    return session.scalars(query.order_by(Heading.from_day.desc(), Heading.id.desc())).all()


def entered_names(session: Session) -> dict[int, str]:
    """Return the last name that was entered for each unit: for lists of those without paper."""
    query = sa.select(Heading.unit_id, Heading.name).order_by(Heading.from_day, Heading.id)
    return {row.unit_id: row.name for row in session.execute(query)}


def last_name(unit_id: sa.SQLColumnExpression[int]) -> sa.ScalarSelect[str]:
    """Return the last name that was entered for the unit of a row, as a column of its query."""
    query = sa.select(Heading.name).where(Heading.unit_id == unit_id)
    return query.order_by(Heading.from_day.desc(), Heading.id.desc()).limit(1).scalar_subquery()


def names_in_office(session: Session, unit_id: int) -> Sequence[str]:
    """Return every name ever entered for the office of a unit and for the units within it."""
    placed = places(session)
    office = office_of(placed, unit_id)
    within = [each for each in placed if office_of(placed, each) == office]
    query = sa.select(Heading.name).where(Heading.unit_id.in_(within))
    return session.scalars(query.distinct()).all()


def waiting_headings(session: Session) -> dict[int, int]:
    """Return how many headings of each unit wait for a second person."""
    query = sa.select(Heading.unit_id, sa.func.count()).where(
        Heading.confirmed_at.is_(None), Heading.entered_by.is_not(None)
    )
    return {row[0]: row[1] for row in session.execute(query.group_by(Heading.unit_id))}


def unconfirmed_headings(session: Session, unit_ids: Collection[int]) -> Sequence[Heading]:
    """Return the headings of the units that wait for a second person, with their units."""
    query = sa.select(Heading).where(
        Heading.confirmed_at.is_(None),
        Heading.entered_by.is_not(None),
        Heading.unit_id.in_(sorted(unit_ids)),
    )
    return session.scalars(
        query.options(joinedload(Heading.unit)).order_by(Heading.entered_at)
    ).all()
