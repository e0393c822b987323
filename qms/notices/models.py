"""Places and copies: where sheets hang, and the prints that staff make for them."""

from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.db import Base
from qms.documents.models import Document
from qms.notices.rules import PlaceKind, SheetKind
from qms.units.models import Unit

PLACE_LENGTH: Final = 200
NOTE_LENGTH: Final = 500


class Place(Base):
    """A board, counter, hall or folder of a unit where sheets hang or lie."""

    __tablename__ = "place"
    __table_args__ = (sa.UniqueConstraint("unit_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    kind: Mapped[PlaceKind]
    name: Mapped[str] = mapped_column(sa.String(PLACE_LENGTH))
    note: Mapped[str] = mapped_column(sa.String(NOTE_LENGTH), comment="how to find it")
    photo: Mapped[str | None] = mapped_column(sa.String(64), comment="SHA-256 of the picture")
    first_day: Mapped[date]
    last_day: Mapped[date | None] = mapped_column(comment="closed after it")

    unit: Mapped[Unit] = relationship(lazy="raise")


class Copy(Base):
    """One print of a sheet for a place, with a code of its own that can't be guessed."""

    __tablename__ = "copy"

    code: Mapped[str] = mapped_column(sa.String(30), primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    kind: Mapped[SheetKind]
    document_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("document.id"), index=True, comment="of a procedure or a notice text"
    )
    topic: Mapped[str] = mapped_column(sa.String(300), comment="field of a list; else empty")
    place_id: Mapped[int] = mapped_column(sa.ForeignKey("place.id"), index=True)
    place: Mapped[str] = mapped_column(sa.String(PLACE_LENGTH), comment="where it is to hang")
    day: Mapped[date] = mapped_column(comment="the day it was printed for")
    scheme: Mapped[int] = mapped_column(comment="how the sheet was put into words")
    digest: Mapped[str] = mapped_column(sa.String(64))
    printed_by: Mapped[int | None]
    printed_at: Mapped[datetime]

    unit: Mapped[Unit] = relationship(lazy="raise")
    document: Mapped[Document | None] = relationship(lazy="raise")
    where: Mapped[Place] = relationship(lazy="raise")


class UnknownCode(Base):
    """How many codes that nobody knows came from one address in one minute."""

    __tablename__ = "unknown_code"

    whose: Mapped[str] = mapped_column(
        sa.String(45), primary_key=True, comment="address, or network of IPv6"
    )
    minute: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="minutes since 1970"
    )
    asked: Mapped[int]
