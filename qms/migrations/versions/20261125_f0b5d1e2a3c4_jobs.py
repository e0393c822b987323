"""Jobs.

Revision: f0b5d1e2a3c4, after da0e3e615048
"""

import sqlalchemy as sa
from alembic import op

revision = "f0b5d1e2a3c4"
down_revision = "da0e3e615048"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "running",
                "done",
                "failed",
                "cancelled",
                name="jobstate",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False, comment="0 while nobody knows"),
        sa.Column("message", sa.JSON(), nullable=False, comment="sentence, values"),
        sa.Column(
            "faults",
            sa.JSON(),
            nullable=False,
            comment="why it failed: sentences with their values",
        ),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("started_by", sa.Integer(), nullable=True),
        sa.Column(
            "via",
            sa.Enum(
                "web",
                "cli",
                "system",
                name="via",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column(
            "heartbeat_at", sa.DateTime(), nullable=True, comment="last seen being worked on"
        ),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index(op.f("ix_job_started_by"), "job", ["started_by", "id"])
    op.create_index(op.f("ix_job_state"), "job", ["state"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("job")
