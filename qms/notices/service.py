"""Acts on the board: printing a copy for a place."""

from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms import trail
from qms.accounts.queries import require
from qms.accounts.rules import Permission
from qms.errors import N_, InvalidError, NotFoundError, RefusedError
from qms.notices import codes
from qms.notices.course import Course
from qms.notices.models import PLACE_LENGTH, Copy, Place
from qms.notices.rules import PlaceKind, SheetKind
from qms.text import nfc
from qms.trail import Act
from qms.units.models import Unit
from qms.units.rules import holds
from qms.vietnamese import day as said_day

NOTHING: Final = {
    SheetKind.PROCEDURE: N_("Thủ tục không có hiệu lực ở đơn vị này ngày %(day)s."),
    SheetKind.LIST: N_("Lĩnh vực này không có thủ tục nào ở đơn vị này ngày %(day)s."),
    SheetKind.FEES: N_("Không có mức thu nào áp dụng ở đơn vị này ngày %(day)s."),
    SheetKind.FEEDBACK: N_(
        "Đơn vị chưa ghi nơi tiếp nhận phản ánh, kiến nghị cho ngày %(day)s."
    ),
    SheetKind.TEXT: N_("Văn bản không có hiệu lực ở đơn vị này ngày %(day)s."),
}
"""Why there is nothing to print."""


def make_copy(
    session: Session, act: Act, course: Course, *, place: Place, on: date, random: bytes
) -> Copy:
    """Enter a print of a day's sheet for a place and give it a code of its own.

    Raises:
        NotFoundError: nothing of it holds for the unit that day.
        NotAllowedError: no post of the person lets it print copies here.
        RefusedError: the place is another unit's, or is closed that day.

    """
    subject = course.subject
    require(session, act.actor, Permission.COPY_PRINT, subject.unit_id, act.today)
    if place.unit_id != subject.unit_id:
        raise RefusedError("Nơi niêm yết này thuộc đơn vị khác.")
    if not holds(place, on):
        raise RefusedError("Nơi niêm yết này không dùng ngày %(day)s.", day=said_day(on))
    found = course.on_day(on)
    if found is None:
        raise NotFoundError(NOTHING[subject.kind], day=said_day(on))
    copy = Copy(
        code=codes.new_copy_code(random),
        unit_id=subject.unit_id,
        kind=subject.kind,
        document_id=subject.document_id,
        topic=subject.topic,
        place_id=place.id,
        place=place.name,
        day=on,
        scheme=found.scheme,
        digest=found.digest,
        printed_by=act.actor,
        printed_at=act.at,
    )
    session.add(copy)
    detail = {
        "kind": copy.kind.value,
        "document": copy.document_id,
        "digest": copy.digest,
        "day": on,
        "unit": copy.unit_id,
    }
    trail.record(
        session, act, action="copy.printed", subject=f"copy/{copy.code}", detail=detail
    )
    return copy


def place_named(session: Session, act: Act, unit: Unit, name: str) -> Place:
    """Return the place of a unit with this name; a name nobody used yet makes a board."""
    name = nfc(name).strip()
    if not name or len(name) > PLACE_LENGTH:
        raise InvalidError("Hãy ghi nơi treo, không quá %(most)s ký tự.", most=PLACE_LENGTH)
    query = sa.select(Place).where(Place.unit_id == unit.id, Place.name == name)
    found = session.scalar(query)
    if found is not None:
        return found
    made = Place(unit_id=unit.id, kind=PlaceKind.BOARD, name=name, note="", first_day=act.today)
    session.add(made)
    session.flush()
    detail = {"unit": unit.id, "kind": made.kind.value}
    trail.record(session, act, action="place.opened", subject=f"place/{made.id}", detail=detail)
    return made
