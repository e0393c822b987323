"""Keep in rows which books were bound.

Revision: b00c5a7e91d3, after d81f4b6a07c3
"""

import sqlalchemy as sa
from alembic import op

revision = "b00c5a7e91d3"
down_revision = "d81f4b6a07c3"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "book",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False, comment="empty: all fields of the board"),
        sa.Column("day", sa.Date(), nullable=False, comment="the day whose texts it holds"),
        sa.Column("paper", sa.String(length=10), nullable=False),
        sa.Column(
            "bound",
            sa.Boolean(),
            nullable=False,
            comment="with cover, contents, forms and prices",
        ),
        sa.Column(
            "number", sa.Integer(), nullable=False, comment="of the controlled copy; 0 for none"
        ),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sheets", sa.Integer(), nullable=False, comment="procedures in it"),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False, comment="bytes"),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_book_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book")),
        sa.UniqueConstraint("digest", name=op.f("uq_book_digest")),
    )
    op.create_index("ix_book_unit_made", "book", ["unit_id", "made_at"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("book")
