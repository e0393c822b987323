"""Documents, their revisions, and the decisions that take them into force."""

from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.accounts.models import User
from qms.db import Base
from qms.documents.kinds.base import Relation
from qms.documents.rules import Audience, Deed, Scope, SignsFor, State
from qms.documents.timeline import Action
from qms.trail import Via
from qms.units.models import Unit
from qms.units.rules import Level

LIVING: Final = sa.text(
    "signed_at IS NOT NULL AND replaced_by_id IS NULL AND action <> 'cancel'"
)
"""The changes that make the timeline."""


class Document(Base):
    """The identity of a controlled thing. Nothing that can change with time stands here."""

    __tablename__ = "document"
    __table_args__ = (
        sa.UniqueConstraint("owner_id", "kind", "code"),
        sa.UniqueConstraint("owner_id", "kind", "slug"),
        sa.Index("ix_document_kind_slug", "kind", "slug"),
        sa.Index("ix_document_kind_code", "kind", "code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    kind: Mapped[str] = mapped_column(sa.String(20))
    code: Mapped[str] = mapped_column(sa.String(100), comment="never changed, never used again")
    slug: Mapped[str] = mapped_column(sa.String(100), comment="the code in addresses")
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]

    owner: Mapped[Unit] = relationship(lazy="raise")


class Predecessor(Base):
    """A document that stands in for an earlier one: renumbered, carried over, split."""

    __tablename__ = "predecessor"

    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), primary_key=True)
    predecessor_id: Mapped[int] = mapped_column(
        sa.ForeignKey("document.id"), primary_key=True, index=True
    )


class Revision(Base):
    """One text of a document. ``data`` is all it says; the other columns repeat it for lists.

    A draft may change; once it has a number nothing of it ever does.
    """

    __tablename__ = "revision"
    __table_args__ = (
        sa.UniqueConstraint("document_id", "number"),
        sa.CheckConstraint("(scope = 'level') = (scope_level IS NOT NULL)", name="scope_level"),
        sa.Index("ix_revision_topic", "topic_sort"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), index=True)
    number: Mapped[int | None] = mapped_column(comment="given at signing; a draft has none")
    data: Mapped[bytes] = mapped_column(
        sa.LargeBinary, deferred=True, comment="canonical JSON, stored as signed"
    )
    digest: Mapped[str] = mapped_column(sa.String(64), comment="SHA-256 of data")
    title: Mapped[str] = mapped_column(sa.String(2000))
    title_sort: Mapped[str] = mapped_column(sa.Text)
    topic: Mapped[str] = mapped_column(sa.String(1000), default="", comment="field of work")
    topic_sort: Mapped[str] = mapped_column(sa.String(400), default="")
    issue_no: Mapped[int]
    amendment_no: Mapped[int]
    scope: Mapped[Scope]
    scope_level: Mapped[Level | None]
    audience: Mapped[Audience]
    review_months: Mapped[int | None]
    summary: Mapped[str] = mapped_column(sa.Text, default="", comment="what changed")
    version: Mapped[int] = mapped_column(default=1, comment="counts saves of a draft")
    drafted_by: Mapped[int | None]
    drafted_at: Mapped[datetime]

    document: Mapped[Document] = relationship(lazy="raise")
    units: Mapped[list["RevisionUnit"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True
    )
    links: Mapped[list["Link"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True
    )


class RevisionUnit(Base):
    """A unit that a revision names in its scope."""

    __tablename__ = "revision_unit"

    revision_id: Mapped[int] = mapped_column(
        sa.ForeignKey("revision.id", ondelete="CASCADE"), primary_key=True
    )
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True, index=True)


class Link(Base):
    """A document that a revision names; found again by kind and code on the day asked."""

    __tablename__ = "link"
    __table_args__ = (sa.Index("ix_link_kind_code", "kind", "code", "revision_id"),)

    revision_id: Mapped[int] = mapped_column(
        sa.ForeignKey("revision.id", ondelete="CASCADE"), primary_key=True
    )
    relation: Mapped[Relation] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(100), primary_key=True)
    part: Mapped[str] = mapped_column(sa.String(40), comment="of the text that names it")

    @property
    def name(self) -> tuple[str, str]:
        """Kind and code of the document that is named."""
        return self.kind, self.code


class Decision(Base):
    """A set of changes under one number, one day and one signature."""

    __tablename__ = "decision"
    __table_args__ = (
        sa.CheckConstraint(
            "(state = 'signed') = (signed_at IS NOT NULL AND number IS NOT NULL"
            " AND dated IS NOT NULL AND effective_on IS NOT NULL AND digest IS NOT NULL"
            " AND year IS NOT NULL)",
            name="signed_is_complete",
        ),
        sa.CheckConstraint("(issuer_id IS NULL) = (issuer_name <> '')", name="one_issuer"),
        sa.Index(
            "ix_decision_number",
            "owner_id",
            "issuer_key",
            "year",
            "number_key",
            unique=True,
            sqlite_where=sa.text("state = 'signed' AND supplements_id IS NULL"),
            postgresql_where=sa.text("state = 'signed' AND supplements_id IS NULL"),
        ),
        sa.Index("ix_decision_owner_state", "owner_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    issuer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    issuer_name: Mapped[str] = mapped_column(sa.String(300), default="")
    issuer_key: Mapped[str] = mapped_column(
        sa.String(320), comment="the issuer in one word, for the uniqueness of numbers"
    )
    title: Mapped[str] = mapped_column(sa.Text)
    title_fold: Mapped[str] = mapped_column(
        sa.Text, default="", server_default="", comment="the title without accents, to find it"
    )
    grounds: Mapped[str] = mapped_column(sa.Text, default="", comment="căn cứ, one a line")
    number: Mapped[str | None] = mapped_column(sa.String(60))
    number_key: Mapped[str] = mapped_column(
        sa.Text,
        default="",
        server_default="",
        comment="the number however it is written, for its uniqueness",
    )
    dated: Mapped[date | None] = mapped_column(comment="day on the paper")
    year: Mapped[int | None] = mapped_column(comment="of dated")
    effective_on: Mapped[date | None] = mapped_column(comment="proposed, settled at signing")
    reason: Mapped[str] = mapped_column(sa.Text, default="", comment="for a past day; shown")
    supplements_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("decision.id"), comment="an earlier record of the same outside paper"
    )
    state: Mapped[State] = mapped_column(default=State.DRAFT)
    source: Mapped[str] = mapped_column(
        sa.String(40), default="", comment="national: left by an import of the catalogue"
    )
    created_by: Mapped[int | None]
    created_at: Mapped[datetime]
    signed_at: Mapped[datetime | None] = mapped_column(index=True)
    digest: Mapped[str | None] = mapped_column(sa.String(64), comment="what the signer signed")
    version: Mapped[int] = mapped_column(default=1, comment="counts saves of a draft")
    scan_sha256: Mapped[str | None] = mapped_column(sa.String(64), comment="added once, later")
    scan_name: Mapped[str | None] = mapped_column(sa.String(200))

    owner: Mapped[Unit] = relationship(lazy="raise", foreign_keys=[owner_id])
    issuer: Mapped[Unit | None] = relationship(lazy="raise", foreign_keys=[issuer_id])
    changes: Mapped[list["Change"]] = relationship(
        back_populates="decision", order_by="Change.id", lazy="raise"
    )

    @property
    def outside(self) -> bool:
        """Whether the paper was issued by a body that does not work here."""
        return self.issuer_id is None or self.issuer_id != self.owner_id

    @property
    def ref(self) -> str:
        """The reference used in the trail."""
        return f"decision/{self.id}"


class Change(Base):
    """One line of a decision: what happens to one document on one day."""

    __tablename__ = "change"
    __table_args__ = (
        sa.CheckConstraint(
            "(revision_id IS NOT NULL) = (action IN ('issue', 'amend'))", name="text_or_none"
        ),
        sa.CheckConstraint(
            "signed_at IS NULL OR (effective_on IS NULL) = (action = 'cancel')",
            name="signed_has_a_day",
        ),
        sa.CheckConstraint(
            "signed_at IS NOT NULL OR effective_on IS NULL", name="day_is_signed"
        ),
        sa.CheckConstraint(
            "action <> 'cancel' OR replaces_id IS NOT NULL", name="cancel_names_its_change"
        ),
        sa.CheckConstraint("replaces_id <> id", name="not_itself"),
        sa.Index(
            "ix_change_one_living_per_day",
            "document_id",
            "effective_on",
            unique=True,
            sqlite_where=LIVING,
            postgresql_where=LIVING,
        ),
        sa.Index(
            "ix_change_in_force",
            "document_id",
            "effective_on",
            "action",
            "revision_id",
            "id",
            "signed_at",
            "replaced_by_id",
            sqlite_where=LIVING,
            postgresql_where=LIVING,
        ),
        sa.Index(
            "ix_change_replaced_once",
            "replaces_id",
            unique=True,
            sqlite_where=sa.text("signed_at IS NOT NULL"),
            postgresql_where=sa.text("signed_at IS NOT NULL"),
        ),
        sa.Index("ix_change_decision_id", "decision_id"),
        sa.Index("ix_change_revision_id", "revision_id"),
        sa.Index("ix_change_effective_on", "effective_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(sa.ForeignKey("decision.id"))
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"))
    action: Mapped[Action]
    revision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("revision.id"))
    own_day: Mapped[date | None] = mapped_column(comment="only where not the decision's")
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("change.id"))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    material: Mapped[bool] = mapped_column(default=True)
    base_count: Mapped[int] = mapped_column(comment="signed changes when the line was drawn up")
    effective_on: Mapped[date | None] = mapped_column(comment="written by the signature")
    signed_at: Mapped[datetime | None]
    replaced_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("change.id"), comment="written by the signature of the replacing line"
    )

    decision: Mapped[Decision] = relationship(back_populates="changes", lazy="raise")
    document: Mapped[Document] = relationship(lazy="raise")
    revision: Mapped[Revision | None] = relationship(lazy="raise")
    kin: Mapped[list["Kin"]] = relationship(
        lazy="raise",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="Kin.document_id",
    )

    @property
    def successions(self) -> list[tuple[int, int]]:
        """The documents that the line makes successors, each with its predecessor."""
        if self.action is Action.WITHDRAW:
            return [(each.document_id, self.document_id) for each in self.kin]
        return [(self.document_id, each.document_id) for each in self.kin]


class Kin(Base):
    """The other document of a line about succession; the signature makes a Predecessor of it.

    A text stands in for it; it stands in for what is withdrawn.
    """

    __tablename__ = "kin"

    change_id: Mapped[int] = mapped_column(
        sa.ForeignKey("change.id", ondelete="CASCADE"), primary_key=True
    )
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), primary_key=True)

    document: Mapped[Document] = relationship(lazy="raise")


class Drafter(Base):
    """Somebody who edited a text or a line of a decision, or ran its import. Never removed."""

    __tablename__ = "drafter"

    decision_id: Mapped[int] = mapped_column(sa.ForeignKey("decision.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)


class Signature(Base):
    """Who drafted, reviewed, returned or signed, in which post, with which words, over what.

    A return voids the signatures before it; nothing is deleted.
    """

    __tablename__ = "signature"

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(sa.ForeignKey("decision.id"), index=True)
    deed: Mapped[Deed]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    post_id: Mapped[int | None] = mapped_column(sa.ForeignKey("post.id"))
    name: Mapped[str] = mapped_column(sa.String(120), comment="as printed")
    title: Mapped[str] = mapped_column(sa.String(120), default="")
    signs_for: Mapped[SignsFor] = mapped_column(default=SignsFor.OWN)
    words: Mapped[str] = mapped_column(sa.Text, default="")
    at: Mapped[datetime]
    via: Mapped[Via]
    digest: Mapped[str] = mapped_column(sa.String(64))
    covered: Mapped[str] = mapped_column(
        sa.Text, default="{}", comment="JSON: digest of each line, to show what changed since"
    )

    user: Mapped[User] = relationship(lazy="raise")
