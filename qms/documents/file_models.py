"""Files that are kept."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from qms.db import Base


class StoredFile(Base):
    """Bytes named by their SHA-256, with the media type found by looking at them."""

    __tablename__ = "file"

    sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    stored_at: Mapped[datetime]


class RevisionFile(Base):
    """A file that a revision hands out; found again by the bytes."""

    __tablename__ = "revision_file"

    revision_id: Mapped[int] = mapped_column(
        sa.ForeignKey("revision.id", ondelete="CASCADE"), primary_key=True
    )
    sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True, index=True)
