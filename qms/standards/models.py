"""By which edition an office works, from a day on."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from qms.db import Base


class OfficeEdition(Base):
    """The edition an office chose. Rows are only ever added; of one day the last one counts."""

    __tablename__ = "office_edition"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    edition: Mapped[str] = mapped_column(sa.String(20))
    from_day: Mapped[date]
    chosen_by: Mapped[int | None] = mapped_column(comment="person; empty: the installation")
    chosen_at: Mapped[datetime]
