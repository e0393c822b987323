"""What else stops a signature, besides a timeline that would not hold."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from qms.documents import dangling, prices, twin_laws
from qms.documents.models import Change
from qms.errors import QmsError


def stops(session: Session, found: Sequence[Change], day: date) -> list[QmsError]:
    """Return what would point at nothing, cost two things at once or be one law twice."""
    return [
        *dangling.dangling(session, found, day),
        *prices.stops(session, found, day),
        *twin_laws.twins(session, found),
    ]
