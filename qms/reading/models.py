"""What an office asks its people to read, and who said that they have."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from qms.db import Base


class ReadingRule(Base):
    """What an office asks to be read. Rows are only ever added; of one day the last counts."""

    __tablename__ = "reading_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    first_day: Mapped[date] = mapped_column(comment="of the first texts it asks to be read")
    kinds: Mapped[str] = mapped_column(
        sa.String(100), comment="of documents, commas between; empty: nothing is asked"
    )
    days: Mapped[int] = mapped_column(comment="working days to read")
    set_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    set_at: Mapped[datetime]


class Reading(Base):
    """Somebody said once, for themselves, that they have read and understood a text."""

    __tablename__ = "reading"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    revision_id: Mapped[int] = mapped_column(
        sa.ForeignKey("revision.id"), primary_key=True, index=True
    )
    day: Mapped[date]
    at: Mapped[datetime]
