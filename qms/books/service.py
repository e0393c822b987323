"""Acts on books: entering one that was bound."""

from sqlalchemy.orm import Session

from qms import trail
from qms.accounts.queries import require
from qms.accounts.rules import Permission
from qms.books import queries
from qms.books.building import Built
from qms.books.models import Book
from qms.books.plans import Plan
from qms.trail import Act
from qms.units.models import Unit


def may_bind(session: Session, act: Act, unit: Unit) -> None:
    """Refuse whoever may not print for a unit.

    Raises:
        NotAllowedError: no post of the person lets it.

    """
    require(session, act.actor, Permission.COPY_PRINT, unit.id, act.today)


def enter(session: Session, act: Act, unit: Unit, plan: Plan, built: Built) -> Book:
    """Enter a book that was bound; the same book again is the one that stands there."""
    may_bind(session, act, unit)
    found = queries.with_digest(session, plan.digest)
    if found is not None:
        return found
    asked = plan.asked
    made = Book(
        unit_id=unit.id,
        field=asked.field,
        day=asked.on,
        paper=asked.paper.value,
        bound=asked.bound,
        number=asked.number,
        digest=plan.digest,
        sheets=plan.sheets,
        pages=built.pages,
        size=len(built.data),
        made_by=act.actor,
        made_at=act.at,
    )
    session.add(made)
    session.flush()
    detail = {"unit": unit.id, "day": asked.on, "digest": plan.digest, "number": asked.number}
    trail.record(session, act, action="book.bound", subject=f"book/{made.id}", detail=detail)
    return made
