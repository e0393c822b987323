"""Programmes are sent and returned by everybody's draft; so is the decision about a team.

Revision: 9f3c61ad27b8, after b3c94d17e560
"""

import sqlalchemy as sa
from alembic import op

from qms.migrations import guarding

revision = "9f3c61ad27b8"
down_revision = "b3c94d17e560"

GUARDS = {
    f"{table}_{event}": (table, event, "")
    for table in ("audit_programme_drafter", "audit_plan_change")
    for event in ("update", "delete")
}
EXEMPTION = {
    f"audit_exemption_{event}": ("audit_exemption", event, "") for event in ("update", "delete")
}
ONCE = ("audit_id", "user_id", "ground")
KEPT = ("audit_programme_drafter", "audit_plan_change")
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
    plan_changes()
    op.execute(
        "INSERT INTO audit_programme_drafter (programme_id, issue, user_id)"
        " SELECT id, issue, drafted_by FROM audit_programme WHERE drafted_by IS NOT NULL"
    )
    op.execute(
        "UPDATE audit_programme SET sent_by = drafted_by, sent_at = drafted_at"
        " WHERE approved_at IS NOT NULL"
    )
    postgres = op.get_bind().dialect.name == "postgresql"
    exempt(postgres=postgres)
    for statement in (
        *guarding.put(GUARDS, postgres=postgres),
        *guarding.put_truncate(KEPT, postgres=postgres),
    ):
        op.execute(statement)


def plan_changes() -> None:
    """Make the table of hours that were added or dropped after the notice."""
    op.create_table(
        "audit_plan_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Integer(),
            nullable=True,
            comment="whose hour it is; none: of all units",
        ),
        sa.Column("added", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("begins", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_audit_plan_change_reasoned")),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.id"], name=op.f("fk_audit_plan_change_audit_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_audit_plan_change_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_plan_change")),
    )
    op.create_index(op.f("ix_audit_plan_change_audit_id"), "audit_plan_change", ["audit_id"])


def exempt(*, postgres: bool) -> None:
    """Let an exception name the unit or the document it is granted for."""
    _unguard(postgres=postgres)
    with op.batch_alter_table("audit_exemption", schema=None) as batch_op:
        for name, target, comment in (
            ("unit_id", "unit", "of the post it is granted for"),
            ("document_id", "document", "worked on, for which it is granted"),
        ):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True, comment=comment))
            batch_op.create_foreign_key(
                op.f(f"fk_audit_exemption_{name}"), target, [name], ["id"]
            )
        batch_op.drop_constraint(
            op.f("uq_audit_exemption_audit_id_user_id_ground"), type_="unique"
        )
        batch_op.create_unique_constraint(
            op.f("uq_audit_exemption_audit_id_user_id_ground_unit_id_document_id"),
            [*ONCE, "unit_id", "document_id"],
        )
        batch_op.create_check_constraint(
            op.f("ck_audit_exemption_one_subject"), "unit_id IS NULL OR document_id IS NULL"
        )
    _guard(postgres=postgres)


def _unguard(*, postgres: bool) -> None:
    for statement in (
        *guarding.drop_truncate(["audit_exemption"], postgres=postgres),
        *guarding.drop(EXEMPTION, postgres=postgres),
    ):
        op.execute(statement)


def _guard(*, postgres: bool) -> None:
    for statement in (
        *guarding.put(EXEMPTION, postgres=postgres),
        *guarding.put_truncate(["audit_exemption"], postgres=postgres),
    ):
        op.execute(statement)


def downgrade() -> None:
    """Go back; of several exceptions from one ground the first stays."""
    postgres = op.get_bind().dialect.name == "postgresql"
    _unguard(postgres=postgres)
    op.execute(
        "DELETE FROM audit_exemption WHERE id NOT IN (SELECT MIN(e.id) FROM audit_exemption e"
        " GROUP BY e.audit_id, e.user_id, e.ground)"
    )
    with op.batch_alter_table("audit_exemption", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_audit_exemption_one_subject"), type_="check")
        batch_op.drop_constraint(
            op.f("uq_audit_exemption_audit_id_user_id_ground_unit_id_document_id"),
            type_="unique",
        )
        for name in ("document_id", "unit_id"):
            batch_op.drop_constraint(op.f(f"fk_audit_exemption_{name}"), type_="foreignkey")
            batch_op.drop_column(name)
        batch_op.create_unique_constraint(
            op.f("uq_audit_exemption_audit_id_user_id_ground"), list(ONCE)
        )
    _guard(postgres=postgres)
    for statement in (
        *guarding.drop_truncate(KEPT, postgres=postgres),
        *guarding.drop(GUARDS, postgres=postgres),
    ):
        op.execute(statement)
    op.drop_table("audit_plan_change")
    op.drop_table("audit_programme_drafter")
    for table, columns in COLUMNS.items():
        for name, _kind, _comment in reversed(columns):
            op.drop_column(table, name)
