"""Notices about working days.

Revision: 8d41c7b0e2a5, after 7be2c94d1f06
"""

import sqlalchemy as sa
from alembic import op

from qms.migrations import guarding
from qms.migrations.guarding import differs

revision = "8d41c7b0e2a5"
down_revision = "7be2c94d1f06"

GUARDS: guarding.Guards = {
    "days_notice_entered_update": (
        "days_notice",
        "update",
        "OLD.confirmed_by IS NOT NULL OR "
        + differs("id", "unit_id", "year", "basis", "days", "entered_by", "entered_at"),
    ),
    "days_notice_confirmed_insert": (
        "days_notice",
        "insert",
        "NEW.confirmed_by IS NOT NULL OR NEW.confirmed_at IS NOT NULL",
    ),
    "days_notice_delete": ("days_notice", "delete", ""),
}


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "days_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Integer(),
            nullable=False,
            comment="it holds here and in all units below",
        ),
        sa.Column(
            "year",
            sa.Integer(),
            nullable=True,
            comment="the year whose holidays it settles; empty: some days only",
        ),
        sa.Column(
            "basis",
            sa.String(length=300),
            nullable=False,
            comment="number, date and issuer of the paper",
        ),
        sa.Column("days", sa.Text(), nullable=False, comment="canonical JSON: day to kind"),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True, comment="another person"),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)",
            name=op.f("ck_days_notice_confirmed_is_complete"),
        ),
        sa.CheckConstraint("confirmed_by <> entered_by", name=op.f("ck_days_notice_four_eyes")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_days_notice_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_days_notice")),
    )
    with op.batch_alter_table("days_notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_days_notice_unit_id"), ["unit_id"], unique=False)
    postgres = op.get_bind().dialect.name == "postgresql"
    for statement in guarding.put(GUARDS, postgres=postgres):
        op.execute(statement)
    for statement in guarding.put_truncate(["days_notice"], postgres=postgres):
        op.execute(statement)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("days_notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_days_notice_unit_id"))

    op.drop_table("days_notice")
