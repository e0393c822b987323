"""Let a signature make a document the successor of another; a draft only proposes it.

Revision: 7c20e5b9a134, after 3d90be1f4c27
"""

import sqlalchemy as sa
from alembic import op

from qms.migrations import guarding

revision = "7c20e5b9a134"
down_revision = "3d90be1f4c27"

OPEN = (
    "EXISTS (SELECT 1 FROM decision d WHERE d.id = c.decision_id"
    " AND d.state IN ('draft', 'in_review'))"
)
SIGNED = (
    "EXISTS (SELECT 1 FROM change s WHERE s.document_id = p.document_id"
    " AND s.signed_at IS NOT NULL)"
)
PROPOSED = (
    "INSERT INTO kin (change_id, document_id) SELECT c.id, p.predecessor_id"
    " FROM predecessor p JOIN change c ON c.document_id = p.document_id"
    f" WHERE c.action IN ('issue', 'amend') AND {OPEN} AND NOT {SIGNED}",
    "INSERT INTO kin (change_id, document_id) SELECT c.id, p.document_id"
    " FROM predecessor p JOIN change c ON c.document_id = p.predecessor_id"
    f" WHERE c.action = 'withdraw' AND {OPEN} AND {SIGNED}",
    f"DELETE FROM predecessor AS p WHERE NOT {SIGNED}",
)
"""What drafts had written becomes what their lines propose; what no line says falls away."""

WRITTEN = (
    "INSERT INTO predecessor (document_id, predecessor_id)"
    " SELECT c.document_id, k.document_id FROM kin k JOIN change c ON c.id = k.change_id"
    f" WHERE c.action <> 'withdraw' AND {OPEN} ON CONFLICT DO NOTHING",
    "INSERT INTO predecessor (document_id, predecessor_id)"
    " SELECT k.document_id, c.document_id FROM kin k JOIN change c ON c.id = k.change_id"
    f" WHERE c.action = 'withdraw' AND {OPEN} ON CONFLICT DO NOTHING",
)
"""The way back."""

NOT_IN_DRAFT = (
    "EXISTS (SELECT 1 FROM change c JOIN decision d ON d.id = c.decision_id"
    " WHERE c.id = {row}.change_id AND d.state <> 'draft')"
)
GUARDS = {
    "kin_only_in_draft_insert": ("kin", "insert", NOT_IN_DRAFT.format(row="NEW")),
    "kin_only_in_draft_delete": ("kin", "delete", NOT_IN_DRAFT.format(row="OLD")),
    "kin_update": ("kin", "update", ""),
    "predecessor_insert_signed": (
        "predecessor",
        "insert",
        "NOT EXISTS (SELECT 1 FROM kin k JOIN change c ON c.id = k.change_id"
        " WHERE c.signed_at IS NOT NULL AND ((c.action <> 'withdraw'"
        " AND c.document_id = NEW.document_id AND k.document_id = NEW.predecessor_id)"
        " OR (c.action = 'withdraw'"
        " AND c.document_id = NEW.predecessor_id AND k.document_id = NEW.document_id)))",
    ),
}
KEPT = {"predecessor_delete": ("predecessor", "delete", "")}
"""Down while the proposals of drafts are moved, then up again."""


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "kin",
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["change.id"], name=op.f("fk_kin_change_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_kin_document_id")
        ),
        sa.PrimaryKeyConstraint("change_id", "document_id", name=op.f("pk_kin")),
    )
    postgres = op.get_bind().dialect.name == "postgresql"
    for statement in (
        *guarding.drop(KEPT, postgres=postgres),
        *PROPOSED,
        *guarding.put(KEPT | GUARDS, postgres=postgres),
        *guarding.put_truncate(["kin"], postgres=postgres),
    ):
        op.execute(statement)


def downgrade() -> None:
    """Go back."""
    postgres = op.get_bind().dialect.name == "postgresql"
    for statement in (*guarding.drop(GUARDS, postgres=postgres), *WRITTEN):
        op.execute(statement)
    op.drop_table("kin")
