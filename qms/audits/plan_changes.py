"""Changes of the plan by the hour after the units were told: each has a reason and is kept."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.audits import rules
from qms.audits.models import Audit, PlanChange, PlanHour
from qms.audits.rules import State
from qms.trail import Act


def note(
    session: Session, act: Act, audit: Audit, hour: PlanHour, *, added: bool, reason: str
) -> None:
    """Keep that an hour was added or dropped, once the units were told of the plan.

    Raises:
        InvalidError: no reason is given.

    """
    if audit.state is State.PLANNED:
        return
    rules.check_plan_change(reason)
    session.add(
        PlanChange(
            audit_id=audit.id,
            unit_id=hour.unit_id,
            added=added,
            day=hour.day,
            begins=hour.begins,
            ends=hour.ends,
            reason=reason,
            changed_by=act.actor,
            changed_on=act.today,
            changed_at=act.at,
        )
    )
    session.flush()


def of_audit(session: Session, audit_id: int) -> Sequence[PlanChange]:
    """Return how the plan of an audit changed after its notice, in order."""
    query = sa.select(PlanChange).where(PlanChange.audit_id == audit_id)
    return session.scalars(query.order_by(PlanChange.id)).all()
