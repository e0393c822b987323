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
