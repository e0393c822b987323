"""The programme of a year: its months, what it leaves out, who drafted it, how far it came."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.audits.models import REASON_LENGTH
from qms.db import Base
from qms.units.models import Unit


class Programme(Base):
    """The audits an office plans for a year, approved by decision of its leader."""

    __tablename__ = "audit_programme"
    __table_args__ = (
        sa.UniqueConstraint("owner_id", "year"),
        sa.CheckConstraint(
            "(approved_at IS NULL) = (approved_by IS NULL)"
            " AND (approved_at IS NULL) = (decision_number IS NULL)"
            " AND (approved_at IS NULL) = (decided_on IS NULL)",
            name="approved_is_complete",
        ),
        sa.CheckConstraint("approved_by <> drafted_by", name="four_eyes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    year: Mapped[int]
    issue: Mapped[int] = mapped_column(default=1, comment="counts approvals asked for")
    purpose: Mapped[str] = mapped_column(sa.Text, default="")
    drafted_by: Mapped[int | None] = mapped_column(comment="who changed it last")
    drafted_at: Mapped[datetime]
    sent_by: Mapped[int | None] = mapped_column(comment="who sent it for approval")
    sent_at: Mapped[datetime | None]
    returned_by: Mapped[int | None]
    returned_at: Mapped[datetime | None]
    return_reason: Mapped[str | None] = mapped_column(sa.String(REASON_LENGTH))
    approved_by: Mapped[int | None]
    approved_at: Mapped[datetime | None]
    decision_number: Mapped[str | None] = mapped_column(sa.String(60))
    decided_on: Mapped[date | None]
    approved_title: Mapped[str | None] = mapped_column(
        sa.String(120), comment="of whoever approved, as it was then"
    )
    change_reason: Mapped[str] = mapped_column(
        sa.String(REASON_LENGTH), default="", comment="why it was opened again; printed"
    )

    owner: Mapped[Unit] = relationship(lazy="raise")

    @property
    def ref(self) -> str:
        """The reference used in the trail."""
        return f"programme/{self.id}"


class ProgrammeDrafter(Base):
    """Somebody who changed a programme since it was last approved; rows are only ever added."""

    __tablename__ = "audit_programme_drafter"

    programme_id: Mapped[int] = mapped_column(
        sa.ForeignKey("audit_programme.id"), primary_key=True
    )
    issue: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)


class Slot(Base):
    """A month of the programme in which a unit is to be audited."""

    __tablename__ = "audit_slot"
    __table_args__ = (sa.CheckConstraint("month BETWEEN 1 AND 12", name="month"),)

    programme_id: Mapped[int] = mapped_column(
        sa.ForeignKey("audit_programme.id"), primary_key=True
    )
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)


class OutOfScope(Base):
    """A unit that the programme of a year leaves out, and why."""

    __tablename__ = "audit_out_of_scope"

    programme_id: Mapped[int] = mapped_column(
        sa.ForeignKey("audit_programme.id"), primary_key=True
    )
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(sa.String(REASON_LENGTH))
