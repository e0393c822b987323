"""Units, who followed whom, and what stands at the head of their paper from a day on."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.db import Base
from qms.units.rules import Level


class Unit(Base):
    """An office, department, centre or commune, from its first to its last day."""

    __tablename__ = "unit"
    __table_args__ = (
        sa.CheckConstraint("last_day IS NULL OR last_day >= first_day", name="days"),
        sa.CheckConstraint("parent_id <> id", name="not_its_own_parent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(
        sa.String(60), unique=True, comment="address word, unique for ever"
    )
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    office: Mapped[bool] = mapped_column(comment="has its own seal and quality system")
    signer_may_review: Mapped[bool] = mapped_column(
        default=False, comment="offices of three: one person reviews and signs"
    )
    first_day: Mapped[date]
    last_day: Mapped[date | None] = mapped_column(comment="the last day it exists")
    note: Mapped[str] = mapped_column(sa.Text, default="", comment="such as: day not verified")

    headings: Mapped[list["Heading"]] = relationship(
        back_populates="unit", order_by="Heading.from_day", lazy="raise"
    )


class Succession(Base):
    """A unit that ended and one that took over from it."""

    __tablename__ = "succession"

    predecessor_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True)
    successor_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True)
    carries: Mapped[bool] = mapped_column(
        default=True, comment="of several successors the one that signs for the ended unit"
    )


class Heading(Base):
    """Name, level, superior body, seat, contacts and feedback block from a day on."""

    __tablename__ = "heading"
    __table_args__ = (
        sa.CheckConstraint("confirmed_by <> entered_by", name="four_eyes"),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed_is_complete"
        ),
        sa.Index("ix_heading_unit_day", "unit_id", "from_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    from_day: Mapped[date]
    name: Mapped[str] = mapped_column(sa.String(300))
    level: Mapped[Level]
    superior: Mapped[str] = mapped_column(sa.String(300), default="")
    seat: Mapped[str] = mapped_column(sa.String(300), default="")
    phone: Mapped[str] = mapped_column(sa.String(60), default="")
    email: Mapped[str] = mapped_column(sa.String(120), default="")
    website: Mapped[str] = mapped_column(sa.String(200), default="")
    feedback: Mapped[str] = mapped_column(sa.Text, default="")
    place: Mapped[str] = mapped_column(
        sa.String(60), default="", comment="place word before the date on paper"
    )
    entered_by: Mapped[int | None] = mapped_column(comment="person; empty: the installation")
    entered_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(comment="another person")
    confirmed_at: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship(back_populates="headings", lazy="raise")

    @property
    def stands_since(self) -> datetime | None:
        """Since when it is known; the installation's own rows need no second person."""
        return self.entered_at if self.entered_by is None else self.confirmed_at

    @property
    def confirmed(self) -> bool:
        """Whether it stands on paper."""
        return self.stands_since is not None
