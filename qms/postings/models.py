"""What was done with copies at their places, what each place must show, and when the web did not."""

from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.db import Base
from qms.notices.models import Copy, Place
from qms.notices.rules import SheetKind
from qms.postings.rules import Deed

REMARK_LENGTH: Final = 500


class Posting(Base):
    """A copy hung up, taken down, or found gone; rows are only ever added."""

    __tablename__ = "posting"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.ForeignKey("copy.code"), index=True)
    deed: Mapped[Deed]
    day: Mapped[date] = mapped_column(index=True)
    done_at: Mapped[datetime]
    done_by: Mapped[int | None]
    photo: Mapped[str | None] = mapped_column(sa.String(64), comment="SHA-256 of the picture")
    remark: Mapped[str] = mapped_column(sa.String(REMARK_LENGTH))

    copy: Mapped[Copy] = relationship(lazy="raise")


class Need(Base):
    """What a place must show: sheets of a kind, of one field or (with no topic) of all."""

    __tablename__ = "place_need"

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(sa.ForeignKey("place.id"), index=True)
    kind: Mapped[SheetKind]
    topic: Mapped[str] = mapped_column(sa.String(300), comment="one field; empty: every one")
    first_day: Mapped[date]
    last_day: Mapped[date | None] = mapped_column(comment="no longer asked for after it")

    place: Mapped[Place] = relationship(lazy="raise")


class Presence(Base):
    """A stretch of time in which the web board answered, told by the system itself."""

    __tablename__ = "board_presence"

    id: Mapped[int] = mapped_column(primary_key=True)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)
