"""Findings, the requests they lead to, what was planned and done, and the evidence of it."""

from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.actions.rules import Grade, Source, State
from qms.db import Base

WORDS: Final = 300
"""Letters of a short text."""


class Finding(Base):
    """What somebody found. Never deleted: it is closed, or annulled with a reason."""

    __tablename__ = "finding"
    __table_args__ = (
        sa.UniqueConstraint("office_id", "year", "number"),
        sa.CheckConstraint(
            "(annulled_on IS NULL) = (annulled_by IS NULL)"
            " AND (annulled_on IS NULL) = (annulled_why = '')",
            name="annulled_is_complete",
        ),
        sa.CheckConstraint(
            "(answered_on IS NULL) = (answer = '')", name="answered_is_complete"
        ),
        sa.CheckConstraint("closed_on IS NULL OR annulled_on IS NULL", name="one_end"),
        sa.CheckConstraint(
            "closed_on IS NULL OR grade IN ('major', 'minor')"
            " OR (answered_on IS NOT NULL AND closed_by <> answered_by)",
            name="answered_before_closed",
        ),
        sa.Index("ix_finding_unit_id_clause", "unit_id", "edition", "clause"),
        sa.Index("ix_finding_source_ref", "source_ref"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    year: Mapped[int]
    number: Mapped[int] = mapped_column(comment="1, 2, 3 within office and year")
    source: Mapped[Source]
    source_ref: Mapped[str] = mapped_column(sa.String(120), comment="such as audit/12")
    grade: Mapped[Grade]
    edition: Mapped[str] = mapped_column(sa.String(20))
    clause: Mapped[str] = mapped_column(sa.String(20))
    revision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("revision.id"), index=True)
    text: Mapped[str] = mapped_column(sa.Text, comment="what does not conform, and to what")
    evidence: Mapped[str] = mapped_column(sa.Text)
    raised_by: Mapped[int | None] = mapped_column(index=True, comment="person")
    raised_on: Mapped[date]
    raised_at: Mapped[datetime]
    lead_id: Mapped[int | None] = mapped_column(
        comment="the person who alone closes it where words settle it"
    )
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_by: Mapped[int | None]
    answered_on: Mapped[date | None]
    closed_by: Mapped[int | None]
    closed_on: Mapped[date | None]
    annulled_by: Mapped[int | None]
    annulled_on: Mapped[date | None]
    annulled_why: Mapped[str] = mapped_column(sa.Text, default="")
    scan_sha256: Mapped[str | None] = mapped_column(sa.String(64), comment="added once, later")
    scan_name: Mapped[str | None] = mapped_column(sa.String(200))

    requests: Mapped[list["Request"]] = relationship(
        back_populates="finding", order_by="Request.id", lazy="raise"
    )
    gradings: Mapped[list["Grading"]] = relationship(order_by="Grading.id", lazy="raise")
    handings: Mapped[list["Handing"]] = relationship(order_by="Handing.id", lazy="raise")

    @property
    def ref(self) -> str:
        """The reference used in the trail."""
        return f"finding/{self.id}"

    @property
    def code(self) -> str:
        """Its number as it stands on paper."""
        return f"KPH-{self.number:02}/{self.year}"

    @property
    def changes(self) -> list["Grading | Handing"]:
        """What became of its grade and its unit, in the order of time."""
        found: list[Grading | Handing] = [*self.gradings, *self.handings]
        return sorted(found, key=lambda each: each.at)

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do about it."""
        return self.closed_on is not None or self.annulled_on is not None


class Grading(Base):
    """That a finding weighs more or less than was thought; rows are only ever added."""

    __tablename__ = "finding_grading"

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(sa.ForeignKey("finding.id"), index=True)
    was: Mapped[str] = mapped_column(sa.String(20), comment="the grade before")
    grade: Mapped[Grade]
    reason: Mapped[str] = mapped_column(sa.Text)
    by: Mapped[int | None] = mapped_column(comment="person")
    day: Mapped[date]
    at: Mapped[datetime]


class Handing(Base):
    """That a finding of a unit that ended went to one that took over; rows are only ever added."""

    __tablename__ = "finding_handing"

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(sa.ForeignKey("finding.id"), index=True)
    from_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    to_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    reason: Mapped[str] = mapped_column(sa.Text)
    by: Mapped[int | None] = mapped_column(comment="person")
    day: Mapped[date]
    at: Mapped[datetime]


_FOUR_EYES: Final = (
    "(verified_by IS NULL OR done_by IS NULL OR verified_by <> done_by)"
    " AND (effect_by IS NULL OR done_by IS NULL OR effect_by <> done_by)"
)


class Request(Base):
    """A request for corrective action, from proposal to verified effect."""

    __tablename__ = "action_request"
    __table_args__ = (
        sa.UniqueConstraint("office_id", "year", "number"),
        sa.CheckConstraint(
            "minutes_on IS NOT NULL OR due >= raised_on", name="due_after_raised"
        ),
        sa.CheckConstraint("approved_by <> analysed_by", name="approved_by_another"),
        sa.CheckConstraint(_FOUR_EYES, name="four_eyes"),
        sa.CheckConstraint("verified_on >= done_on", name="verified_after_done"),
        sa.CheckConstraint("effect_due > verified_on", name="effect_on_a_later_day"),
        sa.CheckConstraint("effect_on >= effect_due", name="effect_in_its_time"),
        sa.CheckConstraint(
            "state NOT IN ('closed', 'carried_on') OR (cause <> '' AND extent <> ''"
            " AND analysed_by IS NOT NULL AND approved_by IS NOT NULL AND done_on IS NOT NULL"
            " AND verified_by IS NOT NULL AND effect_by IS NOT NULL AND effect_on IS NOT NULL)",
            name="closed_is_complete",
        ),
        sa.Index("ix_action_request_unit_id_state_due", "unit_id", "state", "due"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(sa.ForeignKey("finding.id"), index=True)
    predecessor_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("action_request.id"), unique=True, comment="the one that had no effect"
    )
    office_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), comment="the finding's")
    year: Mapped[int]
    number: Mapped[int] = mapped_column(comment="1, 2, 3 within office and year")
    state: Mapped[State] = mapped_column(default=State.PROPOSED)
    raised_by: Mapped[int | None]
    raised_on: Mapped[date]
    minutes_on: Mapped[date | None] = mapped_column(comment="minutes of an inspection")
    due: Mapped[date]
    correction: Mapped[str] = mapped_column(sa.Text, default="", comment="done at once")
    corrected_by: Mapped[int | None]
    corrected_on: Mapped[date | None]
    extent: Mapped[str] = mapped_column(sa.Text, default="", comment="do similar ones exist")
    cause: Mapped[str] = mapped_column(
        sa.Text, default="", comment="one a line, a hyphen for each step of asking why"
    )
    analysed_by: Mapped[int | None]
    analysed_on: Mapped[date | None]
    approved_by: Mapped[int | None]
    approved_on: Mapped[date | None]
    done_by: Mapped[int | None]
    done_on: Mapped[date | None]
    verified_by: Mapped[int | None]
    verified_on: Mapped[date | None]
    verified_words: Mapped[str] = mapped_column(sa.Text, default="")
    effect_due: Mapped[date | None] = mapped_column(comment="when its effect can be judged")
    effect_by: Mapped[int | None]
    effect_on: Mapped[date | None]
    effect_words: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(default=1, comment="counts saves of the analysis")
    scan_sha256: Mapped[str | None] = mapped_column(sa.String(64), comment="added once, later")
    scan_name: Mapped[str | None] = mapped_column(sa.String(200))

    finding: Mapped[Finding] = relationship(back_populates="requests", lazy="raise")
    tasks: Mapped[list["Task"]] = relationship(
        back_populates="request", order_by="Task.id", lazy="raise"
    )
    steps: Mapped[list["StepTaken"]] = relationship(order_by="StepTaken.id", lazy="raise")
    extensions: Mapped[list["Extension"]] = relationship(order_by="Extension.id", lazy="raise")

    @property
    def ref(self) -> str:
        """The reference used in the trail."""
        return f"request/{self.id}"

    @property
    def code(self) -> str:
        """Its number as it stands on paper."""
        return f"HĐKP-{self.number:02}/{self.year}"


class Task(Base):
    """One action of a plan, with who answers for it and by when. Dropped, never deleted."""

    __tablename__ = "action_task"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("action_request.id"), index=True)
    words: Mapped[str] = mapped_column(sa.Text)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    due: Mapped[date]
    result: Mapped[str] = mapped_column(sa.Text, default="")
    done_by: Mapped[int | None]
    done_on: Mapped[date | None]
    decision_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("decision.id"), comment="the draft it began"
    )
    dropped_on: Mapped[date | None]

    request: Mapped[Request] = relationship(back_populates="tasks", lazy="raise")
    files: Mapped[list["ActionFile"]] = relationship(order_by="ActionFile.id", lazy="raise")


class StepTaken(Base):
    """A step of a request, or a deed on one of its actions; rows are only ever added."""

    __tablename__ = "action_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("action_request.id"), index=True)
    task_id: Mapped[int | None] = mapped_column(sa.ForeignKey("action_task.id"))
    deed: Mapped[str] = mapped_column(sa.String(20), comment="a step, or prove, or do")
    by: Mapped[int | None] = mapped_column(comment="person")
    day: Mapped[date]
    at: Mapped[datetime]
    words: Mapped[str] = mapped_column(sa.Text, default="")


class Extension(Base):
    """More time that somebody asked for, with the answer of another."""

    __tablename__ = "action_extension"
    __table_args__ = (
        sa.CheckConstraint("decided_by <> asked_by", name="four_eyes"),
        sa.CheckConstraint(
            "(granted IS NULL) = (decided_by IS NULL)"
            " AND (granted IS NULL) = (decided_on IS NULL)",
            name="decided_is_complete",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("action_request.id"), index=True)
    until: Mapped[date]
    reason: Mapped[str] = mapped_column(sa.Text)
    asked_by: Mapped[int | None]
    asked_on: Mapped[date]
    granted: Mapped[bool | None]
    decided_by: Mapped[int | None]
    decided_on: Mapped[date | None]


class ActionFile(Base):
    """A file that shows a finding, or that an action was done; rows are only ever added."""

    __tablename__ = "action_file"
    __table_args__ = (
        sa.CheckConstraint("(finding_id IS NULL) <> (task_id IS NULL)", name="of_one_thing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int | None] = mapped_column(sa.ForeignKey("finding.id"), index=True)
    task_id: Mapped[int | None] = mapped_column(sa.ForeignKey("action_task.id"), index=True)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    name: Mapped[str] = mapped_column(sa.String(200))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    added_by: Mapped[int | None]
    added_at: Mapped[datetime]
