"""What is asked about screens."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from qms.errors import NotFoundError
from qms.kiosk.models import Screen


def screen(session: Session, unit_id: int, token: str) -> Screen:
    """Return a screen that is in use by the last part of its address.

    Raises:
        NotFoundError: there is none, or no longer.

    """
    found = session.scalar(
        sa.select(Screen).where(
            Screen.token == token, Screen.unit_id == unit_id, Screen.removed_at.is_(None)
        )
    )
    if found is None:
        raise NotFoundError(
            "Không có màn hình nào có địa chỉ này. Hãy mở lại địa chỉ mới nhất."
        )
    return found


def screens(session: Session, unit_ids: Collection[int]) -> Sequence[Screen]:
    """Return the screens in use in some units, by where they stand."""
    query = sa.select(Screen).where(Screen.unit_id.in_(unit_ids), Screen.removed_at.is_(None))
    ordered = query.order_by(Screen.unit_id, Screen.name, Screen.id)
    return session.scalars(ordered.options(joinedload(Screen.unit))).all()


def screen_in(session: Session, screen_id: int, unit_ids: Collection[int]) -> Screen:
    """Return a screen in use in one of the units, with its unit.

    Raises:
        NotFoundError: there is none.

    """
    query = sa.select(Screen).where(
        Screen.id == screen_id, Screen.unit_id.in_(unit_ids), Screen.removed_at.is_(None)
    )
    found = session.scalar(query.options(joinedload(Screen.unit)))
    if found is None:
        raise NotFoundError("Không có màn hình này ở đơn vị của ông, bà.")
    return found
