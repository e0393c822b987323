"""Notices about working days: the yearly one of the state, and what an office closes for."""

from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.db import Base
from qms.units.models import Unit

BASIS_LENGTH: Final = 300


class DaysNotice(Base):
    """One paper that turns days; rows are added, never changed, and hold once confirmed."""

    __tablename__ = "days_notice"
    __table_args__ = (
        sa.CheckConstraint("confirmed_by <> entered_by", name="four_eyes"),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed_is_complete"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(
        sa.ForeignKey("unit.id"), index=True, comment="it holds here and in all units below"
    )
    year: Mapped[int | None] = mapped_column(
        comment="the year whose holidays it settles; empty: some days only"
    )
    basis: Mapped[str] = mapped_column(
        sa.String(BASIS_LENGTH), comment="number, date and issuer of the paper"
    )
    days: Mapped[str] = mapped_column(sa.Text, comment="canonical JSON: day to kind")
    entered_by: Mapped[int]
    entered_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(comment="another person")
    confirmed_at: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship(lazy="raise")
