"""What is asked about findings: of an audit, of units in earlier years, by grade."""

from collections.abc import Collection, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from qms.actions.models import Finding
from qms.actions.rules import Grade, Source

MOST = 100
"""Most earlier findings that are offered at once."""


def graded(
    session: Session, unit_ids: Collection[int], first: date, last: date
) -> dict[tuple[int, Grade], int]:
    """Return how many findings of each grade were raised in units between two days."""
    query = (
        sa.select(Finding.unit_id, Finding.grade, sa.func.count())
        .where(Finding.unit_id.in_(unit_ids), Finding.raised_on.between(first, last))
        .where(Finding.annulled_on.is_(None))
        .group_by(Finding.unit_id, Finding.grade)
    )
    return {(row[0], row[1]): row[2] for row in session.execute(query)}


def open_of(session: Session, ref: str) -> int:
    """Return how many findings of an audit are neither closed nor annulled."""
    query = sa.select(sa.func.count(Finding.id)).where(
        Finding.source_ref == ref, Finding.closed_on.is_(None), Finding.annulled_on.is_(None)
    )
    return session.scalar(query) or 0


def any_open(audit_id: sa.ColumnElement[int] | InstrumentedAttribute[int]) -> sa.Exists:
    """Return the condition that a finding of an audit is neither closed nor annulled."""
    return sa.exists().where(
        Finding.source_ref == sa.literal("audit/") + sa.cast(audit_id, sa.String),
        Finding.closed_on.is_(None),
        Finding.annulled_on.is_(None),
    )


def of_audits(session: Session, refs: Collection[str]) -> Sequence[Finding]:
    """Return the findings of some audits that were not annulled, as they were raised."""
    query = sa.select(Finding).where(
        Finding.source_ref.in_(refs), Finding.annulled_on.is_(None)
    )
    return session.scalars(query.order_by(Finding.year, Finding.number, Finding.id)).all()


def earlier(
    session: Session, unit_ids: Collection[int], but: str, since: date
) -> list[Finding]:
    """Return findings of units from before an audit: open ones, and those raised since a day."""
    query = (
        sa.select(Finding)
        .where(Finding.unit_id.in_(unit_ids), Finding.source_ref != but)
        .where(Finding.annulled_on.is_(None))
        .where(sa.or_(Finding.closed_on.is_(None), Finding.raised_on >= since))
        .order_by(Finding.raised_on.desc(), Finding.id.desc())
    )
    return list(session.scalars(query.limit(MOST)))


def by_ids(session: Session, finding_ids: Collection[int]) -> dict[int, Finding]:
    """Return findings by number."""
    query = sa.select(Finding).where(Finding.id.in_(finding_ids))
    return {row.id: row for row in session.scalars(query)}


def last_year(session: Session, unit_ids: Collection[int], year: int) -> Sequence[Finding]:
    """Return the findings that audits raised in units in a year."""
    query = sa.select(Finding).where(
        Finding.unit_id.in_(unit_ids),
        Finding.source == Source.AUDIT,
        Finding.raised_on.between(date(year, 1, 1), date(year, 12, 31)),
        Finding.annulled_on.is_(None),
    )
    return session.scalars(query.order_by(Finding.id)).all()
