"""What an office asks its people to read, and who said that they have.

Revision: b3c94d17e560, after e83a5b1c9d47
"""

import sqlalchemy as sa
from alembic import op

from qms.migrations import guarding

revision = "b3c94d17e560"
down_revision = "e83a5b1c9d47"

KEPT = ("reading_rule", "reading")
GUARDS = {
    f"{table}_{event}": (table, event, "") for table in KEPT for event in ("update", "delete")
}


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "reading_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "first_day",
            sa.Date(),
            nullable=False,
            comment="of the first texts it asks to be read",
        ),
        sa.Column(
            "kinds",
            sa.String(length=100),
            nullable=False,
            comment="of documents, commas between; empty: nothing is asked",
        ),
        sa.Column("days", sa.Integer(), nullable=False, comment="working days to read"),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_reading_rule_set_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_reading_rule_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_rule")),
    )
    op.create_index(op.f("ix_reading_rule_unit_id"), "reading_rule", ["unit_id"])
    op.create_table(
        "reading",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_reading_revision_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_reading_user_id")),
        sa.PrimaryKeyConstraint("user_id", "revision_id", name=op.f("pk_reading")),
    )
    op.create_index(op.f("ix_reading_revision_id"), "reading", ["revision_id"])
    postgres = op.get_bind().dialect.name == "postgresql"
    for statement in (
        *guarding.put(GUARDS, postgres=postgres),
        *guarding.put_truncate(KEPT, postgres=postgres),
    ):
        op.execute(statement)


def downgrade() -> None:
    """Go back."""
    postgres = op.get_bind().dialect.name == "postgresql"
    for statement in (
        *guarding.drop_truncate(KEPT, postgres=postgres),
        *guarding.drop(GUARDS, postgres=postgres),
    ):
        op.execute(statement)
    for table in reversed(KEPT):
        op.drop_table(table)
