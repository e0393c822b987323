"""People, their posts, their sign-ins."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.accounts.rules import Role
from qms.db import Base
from qms.units.models import Unit


class User(Base):
    """A person with an account; never deleted, only closed."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(sa.String(60), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    title: Mapped[str] = mapped_column(sa.String(120), default="", comment="Chủ tịch, …")
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    closed_at: Mapped[datetime | None]
    email: Mapped[str | None] = mapped_column(sa.String(254))

    posts: Mapped[list["Post"]] = relationship(
        back_populates="user", order_by="Post.first_day", lazy="raise"
    )


class Post(Base):
    """A role held in a unit from a day to a day."""

    __tablename__ = "post"
    __table_args__ = (
        sa.CheckConstraint("last_day IS NULL OR last_day >= first_day", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    role: Mapped[Role]
    first_day: Mapped[date]
    last_day: Mapped[date | None]

    user: Mapped[User] = relationship(back_populates="posts", lazy="raise")
    unit: Mapped[Unit] = relationship(lazy="raise")


class OneTimeLink(Base):
    """Lets a person set a password once; only the hash of its secret is kept."""

    __tablename__ = "one_time_link"

    secret_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    made_by: Mapped[int | None]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignIn(Base):
    """A session: good until it is ended, too old or too long unused."""

    __tablename__ = "sign_in"

    secret_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    agent: Mapped[str] = mapped_column(sa.String(200), default="")


class FailedSignIn(Base):
    """A failed sign-in, counted by account and by address for a while."""

    __tablename__ = "failed_sign_in"
    __table_args__ = (
        sa.Index("ix_failed_sign_in_account_at", "account", "at"),
        sa.Index("ix_failed_sign_in_address_at", "address", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(sa.String(60))
    address: Mapped[str] = mapped_column(sa.String(60))
    at: Mapped[datetime]
