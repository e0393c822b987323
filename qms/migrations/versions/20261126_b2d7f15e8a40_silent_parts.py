"""Note on the way of which parts an export says nothing.

Revision: b2d7f15e8a40, after e4b6a9135c7d
"""

import sqlalchemy as sa
from alembic import op

revision = "b2d7f15e8a40"
down_revision = "e4b6a9135c7d"


def upgrade() -> None:
    """Go forward."""
    op.add_column(
        "national_stage",
        sa.Column(
            "silent",
            sa.Text(),
            nullable=False,
            server_default="",
            comment="parts the export says nothing of, by blank",
        ),
    )
    with op.batch_alter_table("national_stage") as batch:
        batch.alter_column("silent", server_default=None)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("national_stage") as batch:
        batch.drop_column("silent")
