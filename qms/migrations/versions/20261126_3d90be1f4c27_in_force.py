"""Let one index answer what is in force, also where its condition is read again.

Revision: 3d90be1f4c27, after f0b5d1e2a3c4
"""

import sqlalchemy as sa
from alembic import op

revision = "3d90be1f4c27"
down_revision = "f0b5d1e2a3c4"

LIVING = "signed_at IS NOT NULL AND replaced_by_id IS NULL AND action <> 'cancel'"
ANSWER = ("document_id", "effective_on", "action", "revision_id", "id")
CONDITION = ("signed_at", "replaced_by_id")


def upgrade() -> None:
    """Go forward."""
    build(*ANSWER, *CONDITION)


def downgrade() -> None:
    """Go back."""
    build(*ANSWER)


def build(*columns: str) -> None:
    """Build the index anew over these columns."""
    op.drop_index("ix_change_in_force", table_name="change")
    op.create_index(
        "ix_change_in_force",
        "change",
        list(columns),
        sqlite_where=sa.text(LIVING),
        postgresql_where=sa.text(LIVING),
    )
