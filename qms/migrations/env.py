"""How Alembic reaches the database: by the address given, else as the application does."""

from typing import Literal

import sqlalchemy as sa
from alembic import context

from qms import app
from qms.db import Base, UtcDateTime, db

__all__ = ["app"]  # importing the application loads every model


def plain_type(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write plain types: an old migration must not change when the program does."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime()"
    return False


def of_models(name: str | None, kind: str, _parents: object) -> bool:
    """Leave out what no model says: indexes over words, what lies behind them, the queue."""
    return kind not in {"table", "index"} or not (name or "").startswith(("fts_", "huey_"))


url = context.config.attributes.get("url")
engine = sa.create_engine(url, poolclass=sa.NullPool) if url else db.engine
with engine.execution_options(qms_write="chain").begin() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=plain_type,
        include_name=of_models,
        compare_type=True,
    )
    context.run_migrations()
