"""Acts on screens: setting one up, taking it away; and noting what it shows, which is no act."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms import trail
from qms.accounts.queries import require
from qms.accounts.rules import Permission
from qms.errors import InvalidError
from qms.kiosk.models import Screen
from qms.kiosk.rules import COUNTER_LENGTH, NAME_LENGTH, SHOWN_LENGTH
from qms.text import nfc
from qms.trail import Act
from qms.units.models import Unit

TOKEN_BYTES = 10
"""Random bytes of an address that cannot be guessed."""


def set_up(
    session: Session, act: Act, unit: Unit, *, name: str, counter: str, random: bytes
) -> Screen:
    """Enter a screen of a unit and give it an address of its own.

    Raises:
        NotAllowedError: no post of the person lets it look after what hangs here.

    """
    require(session, act.actor, Permission.COPY_PRINT, unit.id, act.today)
    name, counter = nfc(name).strip(), nfc(counter).strip()
    if not name or len(name) > NAME_LENGTH:
        raise InvalidError("Hãy ghi nơi đặt, không quá %(most)s ký tự.", most=NAME_LENGTH)
    if len(counter) > COUNTER_LENGTH:
        raise InvalidError("Hãy ghi quầy không quá %(most)s ký tự.", most=COUNTER_LENGTH)
    if len(random) < TOKEN_BYTES:
        raise ValueError(f"An address needs {TOKEN_BYTES} random bytes.")
    screen = Screen(
        unit_id=unit.id,
        name=name,
        counter=counter,
        token=random.hex(),
        made_by=act.actor,
        made_at=act.at,
    )
    session.add(screen)
    session.flush()
    _record(session, act, screen, "screen.set_up")
    return screen


def take_away(session: Session, act: Act, screen: Screen) -> None:
    """End the address of a screen; what it showed last stays known."""
    require(session, act.actor, Permission.COPY_PRINT, screen.unit_id, act.today)
    screen.removed_at = act.at
    _record(session, act, screen, "screen.taken_away")


def heard(session: Session, screen_id: int, shown: str, at: datetime) -> None:
    """Note that a screen asked and what it showed; a touch, so no line of the trail."""
    session.execute(
        sa.update(Screen)
        .where(Screen.id == screen_id)
        .values(asked_at=at, shown=shown[:SHOWN_LENGTH])
    )


def _record(session: Session, act: Act, screen: Screen, action: str) -> None:
    subject = f"screen/{screen.id}"
    detail = {"unit": screen.unit_id}
    trail.record(session, act, action=action, subject=subject, detail=detail)
