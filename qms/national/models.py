"""Imports of the national catalogue: what each found, what is asked, and what was answered."""

import json
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.db import Base
from qms.documents.models import Decision
from qms.documents.rules import Audience, Scope
from qms.documents.timeline import Action
from qms.national.answers import Answer, Deed, Found, Phase
from qms.national.doubts import DoubtKind
from qms.units.models import Unit
from qms.units.rules import Level


class Import(Base):
    """One export that was read for one owner. While it is being read nobody sees it."""

    __tablename__ = "national_import"
    __table_args__ = (sa.Index("ix_national_import_owner", "owner_id", "phase", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    phase: Mapped[Phase]
    for_level: Mapped[Level | None] = mapped_column(comment="whose texts they become")
    level: Mapped[str] = mapped_column(sa.String(100), default="", comment="filter")
    field: Mapped[str] = mapped_column(sa.String(300), default="", comment="filter")
    file_name: Mapped[str] = mapped_column(sa.String(200))
    sha256: Mapped[str] = mapped_column(sa.String(64), comment="of the file as it came")
    new: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    gone: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    doubtful: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    filled: Mapped[int] = mapped_column(
        default=0, comment="of the unchanged those that got parts no export had before"
    )
    mended: Mapped[int] = mapped_column(default=0, comment="texts whose letters were mended")
    decision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("decision.id"))
    by: Mapped[int | None] = mapped_column(comment="person")
    at: Mapped[datetime]

    owner: Mapped[Unit] = relationship(lazy="raise")
    decision: Mapped[Decision | None] = relationship(lazy="raise")

    @property
    def ref(self) -> str:
        """The reference used in the trail."""
        return f"national/{self.id}"


class Item(Base):
    """What an import found about one procedure, or a line that gave none."""

    __tablename__ = "national_item"
    __table_args__ = (
        sa.Index("ix_national_item_import_found", "import_id", "found", "code"),
        sa.Index("ix_national_item_import_code", "import_id", "code"),
        sa.Index("ix_national_item_document_id", "document_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(sa.ForeignKey("national_import.id"))
    line_no: Mapped[int] = mapped_column(comment="in the file; 0 for what is gone")
    code: Mapped[str] = mapped_column(sa.String(100), default="")
    name: Mapped[str] = mapped_column(sa.String(2000), default="")
    words: Mapped[str] = mapped_column(
        sa.Text, default="", comment="without accents, to find it"
    )
    field: Mapped[str] = mapped_column(sa.String(1000), default="")
    found: Mapped[Found]
    document_id: Mapped[int | None] = mapped_column(sa.ForeignKey("document.id"))
    changed: Mapped[str] = mapped_column(sa.Text, default="", comment="parts, by comma")
    filled: Mapped[str] = mapped_column(sa.Text, default="", comment="parts, by comma")
    why: Mapped[str] = mapped_column(sa.Text, default="", comment="JSON: sentence, values")
    before: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)
    after: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)
    pair_code: Mapped[str] = mapped_column(
        sa.String(100), default="", comment="of what is gone: the new code with its name"
    )
    answer: Mapped[Answer | None]
    answered_by: Mapped[int | None]
    answered_at: Mapped[datetime | None]

    @property
    def refusal(self) -> tuple[str, dict[str, object]]:
        """The sentence that says why a line was refused, for gettext, and its values."""
        sentence, values = json.loads(self.why)
        return sentence, values


class Stage(Base):
    """One row on its way into a draft decision; taken away when the import has landed."""

    __tablename__ = "national_stage"

    import_id: Mapped[int] = mapped_column(
        sa.ForeignKey("national_import.id"), primary_key=True
    )
    code: Mapped[str] = mapped_column(sa.String(100), primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(100))
    document_id: Mapped[int | None] = mapped_column(sa.ForeignKey("document.id"))
    deed: Mapped[Deed]
    change_id: Mapped[int | None] = mapped_column(comment="the line of the open draft")
    revision_id: Mapped[int | None] = mapped_column(comment="the text it was compared with")
    signed_id: Mapped[int | None] = mapped_column(comment="the latest signed text")
    version: Mapped[int] = mapped_column(comment="of that text when it was read")
    base_count: Mapped[int]
    action: Mapped[Action]
    fingerprint: Mapped[str] = mapped_column(sa.String(40))
    said: Mapped[str] = mapped_column(sa.Text, comment="keys that exports had, by blank")
    silent: Mapped[str] = mapped_column(
        sa.Text, comment="parts the export says nothing of, by blank"
    )
    levels: Mapped[str] = mapped_column(sa.Text, comment="one a line")
    doubts: Mapped[str] = mapped_column(sa.Text, comment="JSON")
    data: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)
    digest: Mapped[str] = mapped_column(sa.String(64), default="")
    title: Mapped[str] = mapped_column(sa.String(2000), default="")
    title_sort: Mapped[str] = mapped_column(sa.Text, default="")
    topic: Mapped[str] = mapped_column(sa.String(1000), default="")
    topic_sort: Mapped[str] = mapped_column(sa.String(400), default="")
    issue_no: Mapped[int] = mapped_column(default=1)
    amendment_no: Mapped[int] = mapped_column(default=0)
    scope: Mapped[Scope] = mapped_column(default=Scope.OWNER)
    scope_level: Mapped[Level | None]
    audience: Mapped[Audience] = mapped_column(default=Audience.PUBLIC)
    review_months: Mapped[int | None]
    summary: Mapped[str] = mapped_column(sa.Text, default="")


class Followed(Base):
    """A procedure that came from the catalogue, and what its last export said of it."""

    __tablename__ = "national_followed"

    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), primary_key=True)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    fingerprint: Mapped[str] = mapped_column(sa.String(40))
    said: Mapped[str] = mapped_column(sa.Text, comment="keys that its exports had, by blank")
    levels: Mapped[str] = mapped_column(sa.Text, comment="one a line")
    field: Mapped[str] = mapped_column(sa.String(1000))
    revision_id: Mapped[int | None] = mapped_column(
        comment="the text that came of it; while it stands the same row changes nothing"
    )


class Question(Base):
    """A doubt about one procedure: open until somebody answers."""

    __tablename__ = "national_doubt"
    __table_args__ = (
        sa.Index("ix_national_doubt_open", "owner_id", "answer", "kind", "group_key"),
        sa.Index("ix_national_doubt_document_id", "document_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    import_id: Mapped[int] = mapped_column(sa.ForeignKey("national_import.id"))
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"))
    kind: Mapped[DoubtKind]
    place: Mapped[str] = mapped_column(sa.String(200), comment="in the content")
    said: Mapped[str] = mapped_column(sa.Text)
    suggestion: Mapped[str] = mapped_column(sa.Text, default="")
    group_key: Mapped[str] = mapped_column(sa.String(60))
    restore: Mapped[str] = mapped_column(sa.Text, default="", comment="JSON: the fee line said")
    answer: Mapped[Answer | None]
    value: Mapped[str] = mapped_column(sa.Text, default="", comment="what was typed as answer")
    answered_by: Mapped[int | None]
    answered_at: Mapped[datetime | None]
