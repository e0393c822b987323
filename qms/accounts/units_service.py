"""Acts of people on units: whether they may, then the act of the earlier feature."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from qms.accounts.queries import require
from qms.accounts.rules import Permission
from qms.errors import InvalidError, NotFoundError, RefusedError
from qms.trail import Act
from qms.units import queries, service
from qms.units.models import Heading, Unit
from qms.units.rules import Level


def found(
    session: Session,
    act: Act,
    *,
    parent: Unit,
    slug: str,
    first_day: date,
    office: bool,
    level: Level,
    name: str,
) -> Unit:
    """Set up a unit below another, with a heading that waits for a second person.

    Raises:
        NotAllowedError: no post of the actor reaches the unit above.

    """
    require(session, act.actor, Permission.UNIT_MANAGE, parent.id, act.today)
    if parent.last_day is not None and parent.last_day < first_day:
        raise RefusedError("Đơn vị cấp trên đã kết thúc trước ngày đó.")
    unit = service.found(
        session, act, slug=slug, first_day=first_day, parent=parent, office=office
    )
    service.enter_heading(
        session, act, unit, from_day=first_day, level=level, words={"name": name}
    )
    return unit


def end(
    session: Session,
    act: Act,
    unit: Unit,
    *,
    last_day: date,
    successors: Sequence[Unit],
    carrier: Unit | None,
    note: str,
) -> None:
    """End a unit and name who takes over.

    Raises:
        NotAllowedError: no post of the actor reaches it.
        InvalidError: a successor is none, or of several nobody carries on.

    """
    require(session, act.actor, Permission.UNIT_MANAGE, unit.id, act.today)
    for each in successors:
        if each.id == unit.id or (each.last_day is not None and each.last_day <= last_day):
            raise InvalidError("Đơn vị tiếp nhận phải còn hoạt động sau ngày đó.")
    if len(successors) > 1 and carrier not in successors:
        raise InvalidError("Có nhiều đơn vị tiếp nhận thì phải nêu đơn vị ký thay.")
    service.end(
        session,
        act,
        unit,
        last_day=last_day,
        successors=successors,
        carrier=carrier,
        note=note,
    )


def enter_heading(
    session: Session,
    act: Act,
    unit: Unit,
    *,
    from_day: date,
    level: Level,
    words: Mapping[str, str],
) -> Heading:
    """Enter what stands at the head of a unit's paper; it waits for a second person."""
    require(session, act.actor, Permission.HEADING_ENTER, unit.id, act.today)
    if from_day < unit.first_day:
        raise InvalidError("Đơn vị chưa có trước ngày đó.")
    return service.enter_heading(
        session, act, unit, from_day=from_day, level=level, words=words
    )


def confirm_heading(session: Session, act: Act, heading_id: int) -> Heading:
    """Confirm a heading that somebody else entered."""
    row = queries.heading_row(session, heading_id)
    if row is None:
        raise NotFoundError("Không có phần đầu giấy tờ này.")
    require(session, act.actor, Permission.HEADING_CONFIRM, row.unit_id, act.today)
    return service.confirm_heading(session, act, heading_id)


def let_signer_review(session: Session, act: Act, unit: Unit, *, allowed: bool) -> None:
    """Set whether one person may review and sign."""
    require(session, act.actor, Permission.UNIT_MANAGE, unit.id, act.today)
    service.let_signer_review(session, act, unit, allowed=allowed)
