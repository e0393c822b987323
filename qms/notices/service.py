"""Acts on the board: printing a copy for a place."""

from datetime import date

from sqlalchemy.orm import Session

from qms import trail
from qms.accounts.queries import require
from qms.accounts.rules import Permission
from qms.errors import InvalidError, NotFoundError
from qms.notices import codes, sheets
from qms.notices.models import PLACE_LENGTH, Copy
from qms.notices.stories import Story
from qms.text import nfc
from qms.trail import Act


def make_copy(
    session: Session, act: Act, told: Story, *, place: str, on: date, random: bytes
) -> Copy:
    """Enter a print of a day's sheet for a place and give it a code of its own.

    Raises:
        NotFoundError: nothing of the procedure holds for the unit that day.
        NotAllowedError: no post of the person lets it print copies here.

    """
    require(session, act.actor, Permission.COPY_PRINT, told.unit.id, act.today)
    place = nfc(place).strip()
    if not place or len(place) > PLACE_LENGTH:
        raise InvalidError("Hãy ghi nơi treo, không quá %(most)s ký tự.", most=PLACE_LENGTH)
    found = sheets.on_day(told, on)
    if found is None:
        raise NotFoundError("Thủ tục không có hiệu lực ở đơn vị này vào ngày đã chọn.")
    copy = Copy(
        code=codes.new_copy_code(random),
        unit_id=told.unit.id,
        document_id=told.document.id,
        place=place,
        day=on,
        scheme=found.scheme,
        digest=found.digest,
        printed_by=act.actor,
        printed_at=act.at,
    )
    session.add(copy)
    detail = {
        "document": copy.document_id,
        "digest": copy.digest,
        "day": on,
        "unit": copy.unit_id,
    }
    trail.record(
        session, act, action="copy.printed", subject=f"copy/{copy.code}", detail=detail
    )
    return copy
