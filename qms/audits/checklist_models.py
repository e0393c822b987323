"""What auditors ask, what they found, in which dossiers, and with which files."""

from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.actions.models import Finding
from qms.audits.answers import NOTE_LENGTH, Result, Source
from qms.audits.models import Audit
from qms.db import Base
from qms.documents.models import Document, Revision

TOKEN_LENGTH: Final = 40
"""Letters of the name a device gives to what it sends, so that sending twice changes nothing."""


class Line(Base):
    """One question of a checklist, with the text it asks about; dropped, never deleted."""

    __tablename__ = "audit_line"
    __table_args__ = (
        sa.CheckConstraint(
            "(document_id IS NULL) = (revision_id IS NULL)", name="text_of_document"
        ),
        sa.Index("ix_audit_line_audit_place", "audit_id", "place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(sa.ForeignKey("audit.id"))
    place: Mapped[int] = mapped_column(comment="order within the checklist")
    source: Mapped[Source]
    topic: Mapped[str] = mapped_column(sa.String(300), comment="what the line is grouped under")
    question: Mapped[str] = mapped_column(sa.Text)
    clause: Mapped[str] = mapped_column(sa.String(20), default="", comment="of the standard")
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    document_id: Mapped[int | None] = mapped_column(sa.ForeignKey("document.id"), index=True)
    revision_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("revision.id"), index=True, comment="the text it asks about"
    )
    ref: Mapped[str] = mapped_column(
        sa.String(200), default="", comment="the finding or observation it takes up"
    )
    added_by: Mapped[int | None]
    added_at: Mapped[datetime]
    dropped_at: Mapped[datetime | None]

    audit: Mapped[Audit] = relationship(lazy="raise")
    document: Mapped[Document | None] = relationship(lazy="raise")
    revision: Mapped[Revision | None] = relationship(lazy="raise")


class LineReview(Base):
    """What became of a line whose text changed: another asks about the new one, or it stays so.

    Rows are only ever added.
    """

    __tablename__ = "audit_line_review"
    __table_args__ = (
        sa.CheckConstraint("next_id IS NOT NULL OR reason <> ''", name="reasoned"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(sa.ForeignKey("audit_line.id"), index=True)
    now_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("revision.id"), comment="the text that stood; none: no longer"
    )
    next_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("audit_line.id"), unique=True, comment="the line that asks about it"
    )
    reason: Mapped[str] = mapped_column(sa.String(1_000), default="")
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime]

    line: Mapped[Line] = relationship(lazy="raise", foreign_keys=[line_id])


class Answer(Base):
    """What somebody answered, as it came in; rows are only ever added, the last one stands."""

    __tablename__ = "audit_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(sa.ForeignKey("audit_line.id"), index=True)
    token: Mapped[str] = mapped_column(sa.String(TOKEN_LENGTH), unique=True)
    result: Mapped[Result]
    note: Mapped[str] = mapped_column(sa.String(NOTE_LENGTH))
    answered_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    said_at: Mapped[datetime] = mapped_column(comment="by the clock of the device")
    came_at: Mapped[datetime]
    basis_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("audit_answer.id"), comment="the answer its device had seen"
    )
    merges_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("audit_answer.id"), comment="the answer of another device it joins"
    )


class Sample(Base):
    """A dossier that was looked at for a line; put aside with a reason, never deleted."""

    __tablename__ = "audit_sample"
    __table_args__ = (
        sa.CheckConstraint("due IS NULL OR due >= received", name="due"),
        sa.CheckConstraint("returned IS NULL OR returned >= received", name="returned"),
        sa.CheckConstraint(
            "(dropped_at IS NULL) = (drop_reason IS NULL)", name="dropped_with_a_reason"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(sa.ForeignKey("audit_line.id"), index=True)
    token: Mapped[str] = mapped_column(sa.String(TOKEN_LENGTH), unique=True)
    number: Mapped[str] = mapped_column(sa.String(80))
    received: Mapped[date]
    due: Mapped[date | None]
    returned: Mapped[date | None]
    added_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    added_at: Mapped[datetime]
    dropped_at: Mapped[datetime | None]
    drop_reason: Mapped[str | None] = mapped_column(sa.String(300))


class Evidence(Base):
    """A file or picture kept with a line; rows are only ever added."""

    __tablename__ = "audit_evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(sa.ForeignKey("audit_line.id"), index=True)
    token: Mapped[str] = mapped_column(sa.String(TOKEN_LENGTH), unique=True)
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    added_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    added_at: Mapped[datetime]


class RaisedFinding(Base):
    """A finding that was raised from a line; rows are only ever added."""

    __tablename__ = "audit_raised"

    finding_id: Mapped[int] = mapped_column(
        sa.ForeignKey("finding.id"), primary_key=True, autoincrement=False
    )
    line_id: Mapped[int] = mapped_column(sa.ForeignKey("audit_line.id"), index=True)

    finding: Mapped[Finding] = relationship(lazy="raise")


class SignedPaper(Base):
    """The scan of a signed paper of an audit or a programme: attached once."""

    __tablename__ = "audit_paper"

    subject: Mapped[str] = mapped_column(
        sa.String(60), primary_key=True, comment="audit/12, programme/3"
    )
    paper: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    name: Mapped[str] = mapped_column(sa.String(200))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    attached_by: Mapped[int | None]
    attached_at: Mapped[datetime]


class CalendarKey(Base):
    """Opens the feed of a person's audits to calendar programs; only its hash is kept."""

    __tablename__ = "audit_calendar_key"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    secret_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    made_at: Mapped[datetime]


class PaperForm(Base):
    """The office's own form on which a paper is made: its code and numbers stand on it."""

    __tablename__ = "audit_paper_form"

    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True)
    paper: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"))
