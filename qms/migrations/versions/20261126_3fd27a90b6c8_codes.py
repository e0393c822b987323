"""Find documents by kind and code, as links name them, whoever owns them.

Revision: 3fd27a90b6c8, after 91c7f3ab2e58
"""

from alembic import op

revision = "3fd27a90b6c8"
down_revision = "91c7f3ab2e58"


def upgrade() -> None:
    """Go forward."""
    op.create_index("ix_document_kind_code", "document", ["kind", "code"])


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_document_kind_code", "document")
