"""Programmes are sent and returned by everybody's draft; so is the decision about a team.

Revision: 9f3c61ad27b8, after e83a5b1c9d47
"""

import sqlalchemy as sa
from alembic import op

from qms.migrations import guarding

revision = "9f3c61ad27b8"
down_revision = "e83a5b1c9d47"

GUARDS = {
    f"audit_programme_drafter_{event}": ("audit_programme_drafter", event, "")
    for event in ("update", "delete")
}
KEPT = ("audit_programme_drafter",)
COLUMNS = {
    "audit_programme": (
        ("sent_by", sa.Integer(), "who sent it for approval"),
        ("sent_at", sa.DateTime(), None),
        ("returned_by", sa.Integer(), None),
        ("returned_at", sa.DateTime(), None),
        ("return_reason", sa.String(length=1000), None),
    ),
    "audit": (
        (
            "outside_reason",
            sa.String(length=1000),
            "why it is held outside the approved programme",
        ),
        ("team_returned_by", sa.Integer(), None),
        ("team_returned_at", sa.DateTime(), None),
        ("team_return_reason", sa.String(length=1000), None),
    ),
}


def upgrade() -> None:
    """Go forward; what is approved was sent by whoever changed it last."""
    for table, columns in COLUMNS.items():
        for name, kind, comment in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True, comment=comment))
    op.create_table(
        "audit_programme_drafter",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["audit_programme.id"],
            name=op.f("fk_audit_programme_drafter_programme_id"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["person.id"], name=op.f("fk_audit_programme_drafter_user_id")
        ),
        sa.PrimaryKeyConstraint(
            "programme_id", "issue", "user_id", name=op.f("pk_audit_programme_drafter")
        ),
    )
    op.execute(
        "INSERT INTO audit_programme_drafter (programme_id, issue, user_id)"
        " SELECT id, issue, drafted_by FROM audit_programme WHERE drafted_by IS NOT NULL"
    )
    op.execute(
        "UPDATE audit_programme SET sent_by = drafted_by, sent_at = drafted_at"
        " WHERE approved_at IS NOT NULL"
    )
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
    op.drop_table("audit_programme_drafter")
    for table, columns in COLUMNS.items():
        for name, _kind, _comment in reversed(columns):
            op.drop_column(table, name)
