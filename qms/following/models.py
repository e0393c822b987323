"""Who wants letters about what. Addresses are personal data: kept while somebody follows, no longer."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.db import Base
from qms.units.models import Unit


class Follower(Base):
    """An address that letters go to. The secret of its way out is made of ``salt``, never kept."""

    __tablename__ = "follower"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    language: Mapped[str] = mapped_column(sa.String(2), default="vi", server_default="vi")
    salt: Mapped[str] = mapped_column(sa.String(64), comment="random, of the way out")
    out_hash: Mapped[str] = mapped_column(
        sa.String(64), unique=True, comment="SHA-256 of the secret that ends it"
    )
    mailed_on: Mapped[date | None] = mapped_column(comment="day of the last letter with news")

    subscriptions: Mapped[list["Subscription"]] = relationship(
        back_populates="follower",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="Subscription.id",
        lazy="raise",
    )


class Subscription(Base):
    """One board, or one field of it, that somebody follows once they confirmed it."""

    __tablename__ = "subscription"
    __table_args__ = (sa.UniqueConstraint("follower_id", "unit_id", "field"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    follower_id: Mapped[int] = mapped_column(
        sa.ForeignKey("follower.id", ondelete="CASCADE"), index=True
    )
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    field: Mapped[str] = mapped_column(
        sa.String(200), default="", comment="address word of the field; empty: all"
    )
    confirm_hash: Mapped[str] = mapped_column(
        sa.String(64), unique=True, comment="SHA-256 of the secret that confirms it"
    )
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    told_until: Mapped[datetime] = mapped_column(
        comment="all until then was told, or was before"
    )

    follower: Mapped[Follower] = relationship(back_populates="subscriptions", lazy="raise")
    unit: Mapped[Unit] = relationship(lazy="raise")


class FollowAsk(Base):
    """A request to follow, counted for a day: marks made with a key, so that nobody is named."""

    __tablename__ = "follow_ask"
    __table_args__ = (
        sa.Index("ix_follow_ask_address_at", "address_mark", "at"),
        sa.Index("ix_follow_ask_place_at", "place_mark", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    address_mark: Mapped[str] = mapped_column(sa.String(64))
    place_mark: Mapped[str] = mapped_column(
        sa.String(64), comment="where the request came from"
    )
    at: Mapped[datetime] = mapped_column(index=True)
