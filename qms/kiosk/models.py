"""The screens in halls that an office looks after."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.db import Base
from qms.kiosk.rules import COUNTER_LENGTH, NAME_LENGTH, SHOWN_LENGTH, Heard
from qms.units.models import Unit


class Screen(Base):
    """One touch screen, with an address of its own so that the office knows what it shows.

    ``asked_at`` and ``shown`` are overwritten each minute; nothing grows while it runs.
    """

    __tablename__ = "screen"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(NAME_LENGTH), comment="where it stands")
    counter: Mapped[str] = mapped_column(
        sa.String(COUNTER_LENGTH),
        default="",
        comment="where people are sent while it shows nothing",
    )
    token: Mapped[str] = mapped_column(
        sa.String(40), unique=True, comment="last part of its address, not to be guessed"
    )
    made_by: Mapped[int | None]
    made_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None] = mapped_column(comment="when it last asked")
    shown: Mapped[str] = mapped_column(
        sa.String(SHOWN_LENGTH), default="", comment="version it showed then"
    )

    unit: Mapped[Unit] = relationship(lazy="raise")

    @property
    def heard(self) -> Heard:
        """When it last asked, and what it showed."""
        return Heard(self.asked_at, self.shown)
