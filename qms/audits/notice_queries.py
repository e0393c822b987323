"""Who is told of an audit: the heads of its units, who of them had a letter, who received it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.accounts.models import Post, User
from qms.accounts.rules import GRANTS, Permission
from qms.audits import queries
from qms.audits.models import Audit, KeptNotice, NoticeLetter, Receipt
from qms.units.queries import places
from qms.units.rules import reaches

_HEADS = [role for role, grants in GRANTS.items() if Permission.DECISION_REVIEW in grants]


@dataclass(frozen=True)
class Addressee:
    """The head of some of the units of an audit, with the address letters go to if there is one."""

    user_id: int
    name: str
    email: str | None
    units: tuple[int, ...]


def notice(session: Session, audit: Audit) -> KeptNotice | None:
    """Return what was told of the days and to the units that an audit has now."""
    query = sa.select(KeptNotice).where(
        KeptNotice.audit_id == audit.id,
        *_of_days(KeptNotice, audit),
        KeptNotice.unit_ids == told_units(audit),
    )
    return session.scalar(query.order_by(KeptNotice.id.desc()).limit(1))


def any_kept(session: Session, audit: Audit) -> bool:
    """Tell whether a notice of an audit was kept, of whatever days."""
    query = sa.select(KeptNotice.id).where(KeptNotice.audit_id == audit.id)
    return session.scalar(query.limit(1)) is not None


def told_units(audit: Audit) -> str:
    """Return the units of an audit as a notice names them."""
    return ",".join(map(str, sorted(queries.unit_ids(audit))))


def receipts(session: Session, audit: Audit) -> dict[int, Receipt]:
    """Return which units received the notice of the days as they are now."""
    query = sa.select(Receipt).where(Receipt.audit_id == audit.id, *_of_days(Receipt, audit))
    return {row.unit_id: row for row in session.scalars(query)}


def letters(session: Session, audit: Audit) -> set[int]:
    """Return who had a letter that told of the days as they are now."""
    query = sa.select(NoticeLetter.user_id).where(
        NoticeLetter.audit_id == audit.id, *_of_days(NoticeLetter, audit)
    )
    return set(session.scalars(query))


def addressees(session: Session, audit: Audit, today: date) -> list[Addressee]:
    """Return the heads of the units of an audit."""
    query = (
        sa.select(User.id, User.name, User.email, Post.unit_id)
        .join(Post, Post.user_id == User.id)
        .where(Post.role.in_(_HEADS), Post.first_day <= today, User.closed_at.is_(None))
        .where(sa.or_(Post.last_day.is_(None), Post.last_day >= today))
        .order_by(User.id)
    )
    placed, wanted = places(session), queries.unit_ids(audit)
    people, reached = dict[int, tuple[str, str | None]](), dict[int, set[int]]()
    for row in session.execute(query):
        people[row.id] = row.name, row.email
        units = {each for each in wanted if reaches(placed, row.unit_id, each)}
        reached.setdefault(row.id, set()).update(units)
    return [
        Addressee(person, name, email, tuple(sorted(reached[person])))
        for person, (name, email) in people.items()
        if reached[person]
    ]


def untold(session: Session, audit: Audit, today: date) -> Sequence[Addressee]:
    """Return the heads with an address who had no letter of the days as they are now."""
    told = letters(session, audit)
    found = addressees(session, audit, today)
    return [each for each in found if each.email and each.user_id not in told]


def of_days(
    table: type[Receipt | NoticeLetter],
) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    """Return the condition that a row tells of the days that an audit has."""
    return table.first_day == Audit.first_day, table.last_day == Audit.last_day


def _of_days(
    table: type[Receipt | NoticeLetter | KeptNotice], audit: Audit
) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return table.first_day == audit.first_day, table.last_day == audit.last_day
