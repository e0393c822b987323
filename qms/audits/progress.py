"""How far the programmes of a year have come, for the dashboard: two questions for all offices."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.actions.progress import Ask, Progress
from qms.audits.models import Audit, AuditUnit
from qms.audits.programme_models import Programme, Slot
from qms.audits.programme_queries import Cell, counted, over
from qms.audits.rules import State


def programmes(session: Session, units: Collection[int], today: date) -> Sequence[Progress]:
    """Return how far the programmes of some offices have come this year."""
    query = (
        sa.select(Programme.owner_id, Slot.unit_id, Slot.month)
        .join(Slot, Slot.programme_id == Programme.id)
        .where(Programme.owner_id.in_(sorted(units)), Programme.year == today.year)
        .order_by(Programme.owner_id, Slot.unit_id, Slot.month)
    )
    slots = session.execute(query).all()
    if not slots:
        return []
    held: dict[tuple[int, int, int], list[Audit]] = {}
    audits = (
        sa.select(AuditUnit.unit_id, Audit)
        .join(Audit, Audit.id == AuditUnit.audit_id)
        .where(Audit.owner_id.in_({row.owner_id for row in slots}), Audit.year == today.year)
        .where(Audit.state != State.CANCELLED)
    )
    for unit_id, audit in session.execute(audits):
        key = (audit.owner_id, unit_id, audit.first_day.month)
        held.setdefault(key, []).append(audit)
    cells: dict[int, list[Cell]] = {}
    for owner, unit_id, month in slots:
        there = held.get((owner, unit_id, month), ())
        cell = Cell(month, planned=True, audits=there, over=over(today.year, month, today))
        cells.setdefault(owner, []).append(cell)
    return [counted(owner, today.year, found) for owner, found in cells.items()]


PROGRESS: Final[tuple[Ask, ...]] = (programmes,)
