"""Copies: the prints that staff make for a place."""

from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.db import Base
from qms.documents.models import Document
from qms.units.models import Unit

PLACE_LENGTH: Final = 200


class Copy(Base):
    """One print of a sheet for a place, with a code of its own that can't be guessed."""

    __tablename__ = "copy"

    code: Mapped[str] = mapped_column(sa.String(30), primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), index=True)
    place: Mapped[str] = mapped_column(sa.String(PLACE_LENGTH), comment="where it is to hang")
    day: Mapped[date] = mapped_column(comment="the day it was printed for")
    scheme: Mapped[int] = mapped_column(comment="how the sheet was put into words")
    digest: Mapped[str] = mapped_column(sa.String(64))
    printed_by: Mapped[int | None]
    printed_at: Mapped[datetime]

    unit: Mapped[Unit] = relationship(lazy="raise")
    document: Mapped[Document] = relationship(lazy="raise")
