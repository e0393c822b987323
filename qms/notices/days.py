"""The days on which what the public sees changes by an act: those that links on pages name."""

from datetime import date, timedelta

import sqlalchemy as sa

from qms.db import db
from qms.documents.models import Change
from qms.units.models import Heading, Unit


def of_change() -> frozenset[date]:
    """Return the days of all signed changes, confirmed headings, and units that begin or end."""
    session = db.session()
    signed = sa.select(Change.effective_on).where(Change.signed_at.is_not(None)).distinct()
    stands = sa.or_(Heading.confirmed_at.is_not(None), Heading.entered_by.is_(None))
    headed = sa.select(Heading.from_day).where(stands).distinct()
    found = {*session.scalars(signed), *session.scalars(headed)}
    for first, last in session.execute(sa.select(Unit.first_day, Unit.last_day)):
        found |= {first} if last is None else {first, last + timedelta(days=1)}
    return frozenset(day for day in found if day is not None)
