"""Screens in halls, and unknown codes counted by who asked.

Revision: d81f4b6a07c3, after 8d41c7b0e2a5
"""

import sqlalchemy as sa
from alembic import op

revision = "d81f4b6a07c3"
down_revision = "8d41c7b0e2a5"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "screen",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False, comment="where it stands"),
        sa.Column(
            "counter",
            sa.String(length=200),
            nullable=False,
            comment="where people are sent while it shows nothing",
        ),
        sa.Column(
            "token",
            sa.String(length=40),
            nullable=False,
            comment="last part of its address, not to be guessed",
        ),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=True, comment="when it last asked"),
        sa.Column(
            "shown", sa.String(length=16), nullable=False, comment="version it showed then"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_screen_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screen")),
        sa.UniqueConstraint("token", name=op.f("uq_screen_token")),
    )
    with op.batch_alter_table("screen", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_screen_unit_id"), ["unit_id"], unique=False)
    op.create_table(
        "unknown_code",
        sa.Column(
            "whose",
            sa.String(length=45),
            nullable=False,
            comment="address, or network of IPv6",
        ),
        sa.Column("minute", sa.Integer(), nullable=False, comment="minutes since 1970"),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("whose", "minute", name=op.f("pk_unknown_code")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("unknown_code")
    with op.batch_alter_table("screen", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_screen_unit_id"))

    op.drop_table("screen")
