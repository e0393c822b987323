"""Find decisions by the words of their title.

Revision: 5e1f7c20ad36, after c4d1a7e2f901
"""

import sqlalchemy as sa
from alembic import op

revision = "5e1f7c20ad36"
down_revision = "c4d1a7e2f901"


def upgrade() -> None:
    """Go forward."""
    op.add_column(
        "decision",
        sa.Column(
            "title_fold",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="the title without accents, to find it",
        ),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_column("decision", "title_fold")
