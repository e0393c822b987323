"""Find the newest act of a kind in one step: the version of the public record.

Revision: 5ac0f17e93d4, after f01108edca7e
"""

from alembic import op

revision = "5ac0f17e93d4"
down_revision = "f01108edca7e"


def upgrade() -> None:
    """Go forward."""
    op.create_index(op.f("ix_trail_action_trail_seq"), "trail", ["action", "seq"])


def downgrade() -> None:
    """Go back."""
    op.drop_index(op.f("ix_trail_action_trail_seq"), table_name="trail")
