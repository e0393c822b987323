"""Notices as they were told, and the titles of those who decided, as they were then.

Revision: b2e67c0d4f19, after 9f3c61ad27b8
"""

import sqlalchemy as sa
from alembic import op

from qms.migrations import guarding

revision = "b2e67c0d4f19"
down_revision = "9f3c61ad27b8"

GUARDS = {
    "audit_notice_update": ("audit_notice", "update", ""),
    "audit_notice_delete": ("audit_notice", "delete", ""),
}
TITLES = (
    ("audit", "team_title", "team_decided_by", "of whoever decided, as it was then"),
    (
        "audit_programme",
        "approved_title",
        "approved_by",
        "of whoever approved, as it was then",
    ),
)


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "audit_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False, comment="the days it told of"),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("unit_ids", sa.Text(), nullable=False, comment="whom it told, in order: 2,5"),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column(
            "said", sa.Text(), nullable=False, comment="JSON of qms.audits.kept_notices.Notice"
        ),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.id"], name=op.f("fk_audit_notice_audit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_notice")),
    )
    op.create_index(op.f("ix_audit_notice_audit_id"), "audit_notice", ["audit_id"])
    for table, column, who, comment in TITLES:
        op.add_column(
            table,
            sa.Column(column, sa.String(length=120), nullable=True, comment=comment),
        )
        op.execute(
            f"UPDATE {table} SET {column} ="
            f" (SELECT title FROM person WHERE person.id = {table}.{who})"
        )
    postgres = op.get_bind().dialect.name == "postgresql"
    for statement in (
        *guarding.put(GUARDS, postgres=postgres),
        *guarding.put_truncate(("audit_notice",), postgres=postgres),
    ):
        op.execute(statement)


def downgrade() -> None:
    """Go back."""
    postgres = op.get_bind().dialect.name == "postgresql"
    for statement in (
        *guarding.drop_truncate(("audit_notice",), postgres=postgres),
        *guarding.drop(GUARDS, postgres=postgres),
    ):
        op.execute(statement)
    for table, column, *_more in TITLES:
        op.drop_column(table, column)
    op.drop_table("audit_notice")
