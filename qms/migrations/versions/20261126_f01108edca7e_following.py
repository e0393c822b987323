"""Keep who wants letters about what changes on a board.

Revision: f01108edca7e, after b00c5a7e91d3
"""

import sqlalchemy as sa
from alembic import op

revision = "f01108edca7e"
down_revision = "b00c5a7e91d3"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "follower",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=2), server_default="vi", nullable=False),
        sa.Column(
            "salt", sa.String(length=64), nullable=False, comment="random, of the way out"
        ),
        sa.Column(
            "out_hash",
            sa.String(length=64),
            nullable=False,
            comment="SHA-256 of the secret that ends it",
        ),
        sa.Column(
            "mailed_on", sa.Date(), nullable=True, comment="day of the last letter with news"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follower")),
        sa.UniqueConstraint("email", name=op.f("uq_follower_email")),
        sa.UniqueConstraint("out_hash", name=op.f("uq_follower_out_hash")),
    )
    op.create_table(
        "subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("follower_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "field",
            sa.String(length=200),
            nullable=False,
            comment="address word of the field; empty: all",
        ),
        sa.Column(
            "confirm_hash",
            sa.String(length=64),
            nullable=False,
            comment="SHA-256 of the secret that confirms it",
        ),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.Column(
            "told_until",
            sa.DateTime(),
            nullable=False,
            comment="all until then was told, or was before",
        ),
        sa.ForeignKeyConstraint(
            ["follower_id"],
            ["follower.id"],
            name=op.f("fk_subscription_follower_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_subscription_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("confirm_hash", name=op.f("uq_subscription_confirm_hash")),
        sa.UniqueConstraint(
            "follower_id",
            "unit_id",
            "field",
            name=op.f("uq_subscription_follower_id_unit_id_field"),
        ),
    )
    op.create_index(op.f("ix_subscription_follower_id"), "subscription", ["follower_id"])
    op.create_index(op.f("ix_subscription_unit_id"), "subscription", ["unit_id"])
    op.create_table(
        "follow_ask",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address_mark", sa.String(length=64), nullable=False),
        sa.Column(
            "place_mark",
            sa.String(length=64),
            nullable=False,
            comment="where the request came from",
        ),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ask")),
    )
    op.create_index(op.f("ix_follow_ask_address_at"), "follow_ask", ["address_mark", "at"])
    op.create_index(op.f("ix_follow_ask_place_at"), "follow_ask", ["place_mark", "at"])
    op.create_index(op.f("ix_follow_ask_at"), "follow_ask", ["at"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("follow_ask")
    op.drop_table("subscription")
    op.drop_table("follower")
