"""What somebody is typing and has not saved."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from qms.db import Base


class WorkingCopy(Base):
    """What one person has typed into the editor of a draft: theirs alone, and no act."""

    __tablename__ = "working_copy"

    revision_id: Mapped[int] = mapped_column(
        sa.ForeignKey("revision.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id"), primary_key=True, index=True
    )
    fields: Mapped[str] = mapped_column(sa.Text, comment="JSON: pairs of name and value")
    kept_at: Mapped[datetime]
