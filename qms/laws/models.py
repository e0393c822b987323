"""What people said of legal texts: that they looked, and that nothing had to be changed."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from qms.db import Base
from qms.laws.rules import Verdict


class Waiver(Base):
    """A document needs no new text for what happened to a law on a day. Never changed."""

    __tablename__ = "law_waiver"
    __table_args__ = (sa.UniqueConstraint("document_id", "law_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"))
    law_id: Mapped[int] = mapped_column(
        sa.ForeignKey("document.id"), comment="the record of the law"
    )
    day: Mapped[date] = mapped_column(comment="on which something happened to the law")
    reason: Mapped[str] = mapped_column(sa.Text)
    by: Mapped[int | None] = mapped_column(comment="person")
    at: Mapped[datetime]


class Check(Base):
    """Somebody looked whether a record still says what holds. Never changed."""

    __tablename__ = "law_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), index=True)
    verdict: Mapped[Verdict]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    day: Mapped[date] = mapped_column(comment="the civil day of the check")
    by: Mapped[int | None] = mapped_column(comment="person")
    at: Mapped[datetime]
