"""Keep yearly checks of legal texts, and why a document needed no update.

Revision: 6b0e4d92c1f7, after a94c5e7d1b60
"""

import sqlalchemy as sa
from alembic import op

from qms.migrations import guarding

revision = "6b0e4d92c1f7"
down_revision = "a94c5e7d1b60"

TABLES = ("law_waiver", "law_check")
GUARDS = {
    f"{table}_{event}": (table, event, "") for table in TABLES for event in ("update", "delete")
}


def upgrade() -> None:
    """Go forward."""
    postgres = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "law_waiver",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("law_id", sa.Integer(), nullable=False, comment="the record of the law"),
        sa.Column(
            "day", sa.Date(), nullable=False, comment="on which something happened to the law"
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True, comment="person"),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_law_waiver_document_id")
        ),
        sa.ForeignKeyConstraint(["law_id"], ["document.id"], name=op.f("fk_law_waiver_law_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_law_waiver")),
        sa.UniqueConstraint(
            "document_id", "law_id", "day", name=op.f("uq_law_waiver_document_id_law_id_day")
        ),
    )
    op.create_table(
        "law_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "current",
                "changed",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False, comment="the civil day of the check"),
        sa.Column("by", sa.Integer(), nullable=True, comment="person"),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_law_check_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_law_check")),
    )
    op.create_index("ix_law_check_document_id", "law_check", ["document_id"])
    for statement in (
        *guarding.put(GUARDS, postgres=postgres),
        *guarding.put_truncate(TABLES, postgres=postgres),
    ):
        op.execute(statement)


def downgrade() -> None:
    """Go back."""
    postgres = op.get_bind().dialect.name == "postgresql"
    for statement in (
        *guarding.drop_truncate(TABLES, postgres=postgres),
        *guarding.drop(GUARDS, postgres=postgres),
    ):
        op.execute(statement)
    for table in reversed(TABLES):
        op.drop_table(table)
