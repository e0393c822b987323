"""Keep in rows which files a text hands out.

Revision: a94c5e7d1b60, after d5a08c3f7b12
"""

import sqlalchemy as sa
from alembic import op

from qms.migrations import guarding

revision = "a94c5e7d1b60"
down_revision = "d5a08c3f7b12"

GUARDS = guarding.with_text("revision_file")


def upgrade() -> None:
    """Go forward."""
    postgres = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "revision_file",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["revision.id"],
            name=op.f("fk_revision_file_revision_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("revision_id", "sha256", name=op.f("pk_revision_file")),
    )
    op.create_index(op.f("ix_revision_file_sha256"), "revision_file", ["sha256"])
    for statement in (
        *guarding.put(GUARDS, postgres=postgres),
        *guarding.put_truncate(["revision_file"], postgres=postgres),
    ):
        op.execute(statement)


def downgrade() -> None:
    """Go back."""
    postgres = op.get_bind().dialect.name == "postgresql"
    for statement in (
        *guarding.drop_truncate(["revision_file"], postgres=postgres),
        *guarding.drop(GUARDS, postgres=postgres),
    ):
        op.execute(statement)
    op.drop_table("revision_file")
