"""Books that were bound: which, of how many pages, by whom; their bytes lie in the store."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from qms.db import Base


class Book(Base):
    """One book as it was bound; the same asked for again unchanged is the same row."""

    __tablename__ = "book"
    __table_args__ = (sa.Index("ix_book_unit_made", "unit_id", "made_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    field: Mapped[str] = mapped_column(sa.Text, comment="empty: all fields of the board")
    day: Mapped[date] = mapped_column(comment="the day whose texts it holds")
    paper: Mapped[str] = mapped_column(sa.String(10))
    bound: Mapped[bool] = mapped_column(comment="with cover, contents, forms and prices")
    number: Mapped[int] = mapped_column(comment="of the controlled copy; 0 for none")
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    sheets: Mapped[int] = mapped_column(comment="procedures in it")
    pages: Mapped[int]
    size: Mapped[int] = mapped_column(comment="bytes")
    made_by: Mapped[int | None]
    made_at: Mapped[datetime]
