"""Copies.

Revision: e32621ee8c24, after 5e1f7c20ad36
"""

import sqlalchemy as sa
from alembic import op

revision = "e32621ee8c24"
down_revision = "5e1f7c20ad36"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "copy",
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column(
            "place", sa.String(length=200), nullable=False, comment="where it is to hang"
        ),
        sa.Column("day", sa.Date(), nullable=False, comment="the day it was printed for"),
        sa.Column(
            "scheme", sa.Integer(), nullable=False, comment="how the sheet was put into words"
        ),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("printed_by", sa.Integer(), nullable=True),
        sa.Column("printed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_copy_document_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_copy_unit_id")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_copy")),
    )
    with op.batch_alter_table("copy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_copy_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_copy_unit_id"), ["unit_id"], unique=False)

    for event in ("update", "delete"):
        guard = f"CREATE TRIGGER guard_copy_{event} BEFORE {event.upper()} ON copy FOR EACH ROW"
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"{guard} EXECUTE FUNCTION qms_refuse()")
        else:
            words = f"refused by guard copy_{event}"
            op.execute(f"{guard} BEGIN SELECT RAISE(ABORT, '{words}'); END")


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("copy", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_copy_unit_id"))
        batch_op.drop_index(batch_op.f("ix_copy_document_id"))

    op.drop_table("copy")
