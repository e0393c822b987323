"""Acts on units and their headings."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms import trail
from qms.errors import InvalidError, NotFoundError, RefusedError
from qms.text import nfc
from qms.trail import Act
from qms.units import queries, rules
from qms.units.models import Heading, Succession, Unit

HEADING_FIELDS: Final = (
    "name",
    "superior",
    "seat",
    "phone",
    "email",
    "website",
    "feedback",
    "place",
)


def found(
    session: Session,
    act: Act,
    *,
    slug: str,
    first_day: date,
    parent: Unit | None = None,
    office: bool = False,
    note: str = "",
) -> Unit:
    """Set up a unit that exists from ``first_day``.

    Raises:
        InvalidError: the address word is not one, or was used before.

    """
    rules.check_slug(slug)
    if session.scalar(sa.select(Unit.id).where(Unit.slug == slug)):
        raise InvalidError(
            "Địa chỉ “%(slug)s” đã có đơn vị dùng, kể cả đơn vị đã kết thúc.", slug=slug
        )
    unit = Unit(
        slug=slug,
        first_day=first_day,
        office=office,
        note=note,
        signer_may_review=False,
        parent_id=parent.id if parent else None,
    )
    session.add(unit)
    session.flush()
    detail = {"slug": slug, "first_day": first_day, "office": office, "parent": unit.parent_id}
    trail.record(session, act, action="unit.founded", subject=f"unit/{slug}", detail=detail)
    return unit


def end(
    session: Session,
    act: Act,
    unit: Unit,
    *,
    last_day: date,
    successors: Sequence[Unit],
    carrier: Unit | None = None,
    note: str = "",
) -> None:
    """End a unit with ``last_day`` and name who takes over; ``carrier`` signs for it after."""
    rules.check_days(unit.first_day, last_day)
    if unit.last_day is not None:
        raise RefusedError("Đơn vị đã kết thúc ngày %(day)s.", day=f"{unit.last_day:%d/%m/%Y}")
    unit.last_day = last_day
    unit.note = note or unit.note
    for each in successors:
        carries = each is carrier or (carrier is None and len(successors) == 1)
        session.add(Succession(predecessor_id=unit.id, successor_id=each.id, carries=carries))
    detail = {
        "last_day": last_day,
        "successors": [each.slug for each in successors],
        "note": note,
    }
    trail.record(session, act, action="unit.ended", subject=f"unit/{unit.slug}", detail=detail)


def enter_heading(
    session: Session,
    act: Act,
    unit: Unit,
    *,
    from_day: date,
    level: rules.Level,
    words: Mapping[str, str],
) -> Heading:
    """Enter what stands at the head of paper from a day on; it waits for a second person.

    ``words`` holds any of :data:`HEADING_FIELDS`. Rows of the installation itself (no actor)
    stand at once.
    """
    clean = {key: nfc(words.get(key, "")).strip() for key in HEADING_FIELDS}
    if not clean["name"]:
        raise InvalidError("Hãy ghi tên cơ quan.")
    row = Heading(
        unit_id=unit.id,
        from_day=from_day,
        level=level,
        entered_by=act.actor,
        entered_at=act.at,
        **clean,
    )
    session.add(row)
    session.flush()
    detail = {"from_day": from_day, "level": level, "id": row.id, "name": clean["name"]}
    trail.record(
        session, act, action="heading.entered", subject=f"unit/{unit.slug}", detail=detail
    )
    return row


def confirm_heading(session: Session, act: Act, heading_id: int) -> Heading:
    """Confirm a heading that somebody else entered.

    Raises:
        RefusedError: it was entered by the same person, or is confirmed already.

    """
    row = session.get(Heading, heading_id)
    if row is None:
        raise NotFoundError("Không có phần đầu giấy tờ này.")
    if row.confirmed:
        raise RefusedError("Phần đầu giấy tờ này đã được xác nhận.")
    if row.entered_by == act.actor:
        raise RefusedError("Người nhập không tự xác nhận được; cần người thứ hai.")
    row.confirmed_by, row.confirmed_at = act.actor, act.at
    unit = queries.unit_by_id(session, row.unit_id)
    detail = {"id": row.id, "from_day": row.from_day}
    trail.record(
        session, act, action="heading.confirmed", subject=f"unit/{unit.slug}", detail=detail
    )
    return row


def let_signer_review(session: Session, act: Act, unit: Unit, *, allowed: bool) -> None:
    """Set whether one person may review and sign, for offices of three people."""
    unit.signer_may_review = allowed
    detail = {"signer_may_review": allowed}
    trail.record(
        session, act, action="unit.review_rule", subject=f"unit/{unit.slug}", detail=detail
    )
