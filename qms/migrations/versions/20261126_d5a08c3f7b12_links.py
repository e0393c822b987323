"""Keep in rows which documents a text names.

Revision: d5a08c3f7b12, after b2d7f15e8a40
"""

import sqlalchemy as sa
from alembic import op

from qms.migrations import guarding

revision = "d5a08c3f7b12"
down_revision = "b2d7f15e8a40"

RELATIONS = (
    *("uses_form", "charges", "based_on", "describes", "records_on", "amends", "replaced_by"),
)
GUARDS = guarding.with_text("link")


def upgrade() -> None:
    """Go forward."""
    postgres = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "link",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column(
            "relation",
            sa.Enum(
                *RELATIONS,
                name="relation",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column(
            "part", sa.String(length=40), nullable=False, comment="of the text that names it"
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["revision.id"],
            name=op.f("fk_link_revision_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "revision_id", "relation", "kind", "code", name=op.f("pk_link")
        ),
    )
    op.create_index("ix_link_kind_code", "link", ["kind", "code", "revision_id"])
    for statement in (
        *guarding.put(GUARDS, postgres=postgres),
        *guarding.put_truncate(["link"], postgres=postgres),
    ):
        op.execute(statement)


def downgrade() -> None:
    """Go back."""
    postgres = op.get_bind().dialect.name == "postgresql"
    for statement in (
        *guarding.drop_truncate(["link"], postgres=postgres),
        *guarding.drop(GUARDS, postgres=postgres),
    ):
        op.execute(statement)
    op.drop_table("link")
