"""Choosing the edition by which an office works."""

from datetime import date

from sqlalchemy.orm import Session

from qms import trail
from qms.accounts.queries import require
from qms.accounts.rules import Permission
from qms.errors import InvalidError, RefusedError
from qms.standards import catalogue, queries
from qms.standards.models import OfficeEdition
from qms.trail import Act
from qms.units.models import Unit


def choose(session: Session, act: Act, office: Unit, edition: str, from_day: date) -> None:
    """Let an office work by an edition from a day on.

    Raises:
        InvalidError: there is no such edition, or the unit is no office.
        RefusedError: it works by it already that day.

    """
    require(session, act.actor, Permission.EDITION_CHOOSE, office.id, act.today)
    catalogue.edition(edition)
    if not office.office:
        raise InvalidError("Ấn bản của tiêu chuẩn do cơ quan có hệ thống riêng chọn.")
    stands = any(each.from_day <= from_day for each in queries.chosen(session, office.id))
    if stands and queries.edition_of(session, office.id, from_day) == edition:
        raise RefusedError("Từ ngày này cơ quan đã áp dụng ấn bản đó rồi.")
    session.add(
        OfficeEdition(
            unit_id=office.id,
            edition=edition,
            from_day=from_day,
            chosen_by=act.actor,
            chosen_at=act.at,
        )
    )
    trail.record(
        session,
        act,
        action="standard.chosen",
        subject=f"unit/{office.slug}",
        detail={"edition": edition, "from_day": from_day},
    )
