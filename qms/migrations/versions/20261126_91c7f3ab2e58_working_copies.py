"""Keep what somebody types into a draft until they save it.

Revision: 91c7f3ab2e58, after 6b0e4d92c1f7
"""

import sqlalchemy as sa
from alembic import op

revision = "91c7f3ab2e58"
down_revision = "6b0e4d92c1f7"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "working_copy",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False, comment="JSON: pairs of name and value"),
        sa.Column("kept_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["revision.id"],
            name=op.f("fk_working_copy_revision_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["person.id"], name=op.f("fk_working_copy_user_id")
        ),
        sa.PrimaryKeyConstraint("revision_id", "user_id", name=op.f("pk_working_copy")),
    )
    op.create_index(op.f("ix_working_copy_user_id"), "working_copy", ["user_id"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("working_copy")
