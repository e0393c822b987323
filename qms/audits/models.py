"""Audits with their days and teams, their plans and meetings."""

from datetime import date, datetime, time
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.accounts.models import User
from qms.audits.independence import Ground, Key
from qms.audits.rules import Duty, Meeting, Session, State
from qms.db import Base
from qms.documents.models import Document
from qms.units.models import Unit

REASON_LENGTH: Final = 1_000
TITLE_LENGTH: Final = 300
NAME_LENGTH: Final = 120
STAYS: Final = sa.text("left_at IS NULL")
"""The members of a team who have not left it."""


class Audit(Base):
    """One audit: of which units, on what, on which days, by which standard, how far it came."""

    __tablename__ = "audit"
    __table_args__ = (
        sa.UniqueConstraint("owner_id", "year", "number"),
        sa.CheckConstraint("last_day >= first_day", name="days"),
        sa.CheckConstraint(
            "period_last >= period_first AND period_last <= last_day", name="period"
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'cancelled') OR notified_at IS NOT NULL", name="notified"
        ),
        sa.CheckConstraint(
            "(state IN ('reported', 'closed')) = (reported_at IS NOT NULL)", name="reported"
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL AND closed_on IS NOT NULL)",
            name="closed",
        ),
        sa.CheckConstraint(
            "(team_number IS NULL) = (team_decided_on IS NULL)"
            " AND (team_number IS NULL) = (team_decided_by IS NULL)",
            name="team_is_decided",
        ),
        sa.Index("ix_audit_owner_first_day", "owner_id", "first_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), comment="the office")
    year: Mapped[int]
    number: Mapped[int] = mapped_column(comment="1, 2, 3 within office and year")
    title: Mapped[str] = mapped_column(sa.String(TITLE_LENGTH))
    scope: Mapped[str] = mapped_column(sa.Text)
    criteria: Mapped[str] = mapped_column(sa.Text)
    edition: Mapped[str] = mapped_column(sa.String(20), comment="of the standard: 9001:2015")
    first_day: Mapped[date] = mapped_column(index=True)
    last_day: Mapped[date]
    period_first: Mapped[date] = mapped_column(comment="first day of the work looked at")
    period_last: Mapped[date]
    state: Mapped[State] = mapped_column(default=State.PLANNED)
    outside_reason: Mapped[str | None] = mapped_column(
        sa.String(REASON_LENGTH), comment="why it is held outside the approved programme"
    )
    planned_by: Mapped[int | None]
    planned_at: Mapped[datetime]
    team_number: Mapped[str | None] = mapped_column(
        sa.String(60), comment="of the decision that sets up the team"
    )
    team_decided_on: Mapped[date | None]
    team_decided_by: Mapped[int | None]
    team_returned_by: Mapped[int | None]
    team_returned_at: Mapped[datetime | None]
    team_return_reason: Mapped[str | None] = mapped_column(sa.String(REASON_LENGTH))
    team_title: Mapped[str | None] = mapped_column(
        sa.String(120), comment="of whoever decided, as it was then"
    )
    notified_at: Mapped[datetime | None]
    notified_on: Mapped[date | None] = mapped_column(comment="the civil day of notified_at")
    notified_by: Mapped[int | None]
    notice_reason: Mapped[str] = mapped_column(
        sa.String(REASON_LENGTH), default="", comment="why the notice came late; printed"
    )
    conclusion: Mapped[str] = mapped_column(sa.Text, default="")
    reported_at: Mapped[datetime | None]
    reported_on: Mapped[date | None] = mapped_column(comment="the civil day of reported_at")
    reported_by: Mapped[int | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None]
    closed_on: Mapped[date | None] = mapped_column(comment="the civil day of closed_at")
    cancel_reason: Mapped[str] = mapped_column(sa.String(REASON_LENGTH), default="")

    owner: Mapped[Unit] = relationship(lazy="raise")
    units: Mapped[list["AuditUnit"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="AuditUnit.unit_id"
    )

    @property
    def ref(self) -> str:
        """The reference used in the trail and by findings."""
        return f"audit/{self.id}"

    @property
    def words(self) -> str:
        """What lists call it: Số 03/2026."""
        return f"Số {self.number:02}/{self.year}"

    @property
    def called(self) -> str:
        """What sentences call it: cuộc đánh giá số 3 năm 2026."""
        return f"cuộc đánh giá số {self.number} năm {self.year}"


class AuditUnit(Base):
    """A unit that is audited."""

    __tablename__ = "audit_unit"

    audit_id: Mapped[int] = mapped_column(sa.ForeignKey("audit.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True, index=True)


class KeptNotice(Base):
    """What units were told of some days; rows are only ever added."""

    __tablename__ = "audit_notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(sa.ForeignKey("audit.id"), index=True)
    first_day: Mapped[date] = mapped_column(comment="the days it told of")
    last_day: Mapped[date]
    unit_ids: Mapped[str] = mapped_column(sa.Text, comment="whom it told, in order: 2,5")
    told_on: Mapped[date]
    said: Mapped[str] = mapped_column(sa.Text, comment="JSON of qms.audits.kept_notices.Notice")


class Receipt(Base):
    """That a unit received its notice of the days it told of; rows are only ever added."""

    __tablename__ = "audit_receipt"

    audit_id: Mapped[int] = mapped_column(sa.ForeignKey("audit.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True)
    first_day: Mapped[date] = mapped_column(primary_key=True, comment="the days it told of")
    last_day: Mapped[date] = mapped_column(primary_key=True)
    received_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    received_on: Mapped[date]
    received_at: Mapped[datetime]


class NoticeLetter(Base):
    """A letter that told a head of the days of an audit; rows are only ever added."""

    __tablename__ = "audit_letter"

    audit_id: Mapped[int] = mapped_column(sa.ForeignKey("audit.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    first_day: Mapped[date] = mapped_column(primary_key=True, comment="the days it told of")
    last_day: Mapped[date] = mapped_column(primary_key=True)
    sent_at: Mapped[datetime]


class Member(Base):
    """Somebody in the team of an audit; who leaves stays on record."""

    __tablename__ = "audit_member"
    __table_args__ = (
        sa.Index(
            "ix_audit_member_once",
            "audit_id",
            "user_id",
            unique=True,
            sqlite_where=STAYS,
            postgresql_where=STAYS,
        ),
        sa.Index(
            "ix_audit_member_one_lead",
            "audit_id",
            unique=True,
            sqlite_where=sa.text("left_at IS NULL AND duty = 'lead'"),
            postgresql_where=sa.text("left_at IS NULL AND duty = 'lead'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(sa.ForeignKey("audit.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    duty: Mapped[Duty]
    added_by: Mapped[int | None]
    added_at: Mapped[datetime]
    left_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="raise")


class Exemption(Base):
    """A leader's reasoned exception from independence; rows are only ever added."""

    __tablename__ = "audit_exemption"
    __table_args__ = (
        sa.UniqueConstraint("audit_id", "user_id", "ground", "unit_id", "document_id"),
        sa.CheckConstraint("unit_id IS NULL OR document_id IS NULL", name="one_subject"),
        sa.CheckConstraint("allowed_by <> user_id", name="not_oneself"),
        sa.CheckConstraint("reason <> ''", name="reasoned"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(sa.ForeignKey("audit.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    ground: Mapped[Ground]
    unit_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("unit.id"), comment="of the post it is granted for"
    )
    document_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("document.id"), comment="worked on, for which it is granted"
    )
    reason: Mapped[str] = mapped_column(sa.String(REASON_LENGTH))
    allowed_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    allowed_at: Mapped[datetime]
    allowed_on: Mapped[date]

    document: Mapped[Document | None] = relationship(lazy="raise")

    @property
    def key(self) -> Key | None:
        """What it opens; None for one granted before exceptions named a unit or a document."""
        subject = self.unit_id if self.unit_id is not None else self.document_id
        return None if subject is None else (self.ground, subject)


class Qualification(Base):
    """What makes somebody an auditor, from a day to a day; ended early, never deleted."""

    __tablename__ = "auditor_qualification"
    __table_args__ = (
        sa.CheckConstraint("last_day IS NULL OR last_day >= first_day", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(TITLE_LENGTH), comment="course or certificate")
    issuer: Mapped[str] = mapped_column(sa.String(TITLE_LENGTH), default="")
    number: Mapped[str] = mapped_column(sa.String(60), default="")
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    entered_by: Mapped[int | None]
    entered_at: Mapped[datetime]


class PlanHour(Base):
    """One line of the plan by the hour."""

    __tablename__ = "audit_hour"
    __table_args__ = (sa.CheckConstraint("ends > begins", name="hours"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(sa.ForeignKey("audit.id"), index=True)
    day: Mapped[date]
    begins: Mapped[time] = mapped_column(sa.Time, comment="by the clock of the office")
    ends: Mapped[time] = mapped_column(sa.Time)
    session: Mapped[Session]
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    subject: Mapped[str] = mapped_column(sa.String(TITLE_LENGTH), comment="process, clause")

    auditors: Mapped[list["HourAuditor"]] = relationship(
        lazy="raise", cascade="all, delete-orphan"
    )


class HourAuditor(Base):
    """A member of the team who audits in an hour of the plan."""

    __tablename__ = "audit_hour_auditor"

    hour_id: Mapped[int] = mapped_column(sa.ForeignKey("audit_hour.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)


class PlanChange(Base):
    """A line of the plan that was added or dropped after the notice; rows are only ever added."""

    __tablename__ = "audit_plan_change"
    __table_args__ = (sa.CheckConstraint("reason <> ''", name="reasoned"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(sa.ForeignKey("audit.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("unit.id"), comment="whose hour it is; none: of all units"
    )
    added: Mapped[bool]
    day: Mapped[date]
    begins: Mapped[time] = mapped_column(sa.Time)
    ends: Mapped[time] = mapped_column(sa.Time)
    reason: Mapped[str] = mapped_column(sa.String(REASON_LENGTH))
    changed_by: Mapped[int | None]
    changed_on: Mapped[date]
    changed_at: Mapped[datetime]


class HeldMeeting(Base):
    """The opening or the closing meeting of an audit, as it was held."""

    __tablename__ = "audit_meeting"
    __table_args__ = (sa.UniqueConstraint("audit_id", "meeting"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(sa.ForeignKey("audit.id"))
    meeting: Mapped[Meeting]
    day: Mapped[date]
    begins: Mapped[time] = mapped_column(sa.Time)
    place: Mapped[str] = mapped_column(sa.String(TITLE_LENGTH), default="")
    minutes: Mapped[str] = mapped_column(sa.Text, default="")
    recorded_by: Mapped[int | None]

    people: Mapped[list["Attendant"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="Attendant.id"
    )


class Attendant(Base):
    """Somebody who was at a meeting, as written on its list."""

    __tablename__ = "audit_attendant"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("audit_meeting.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(NAME_LENGTH))
    post: Mapped[str] = mapped_column(sa.String(TITLE_LENGTH), default="")
