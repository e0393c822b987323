"""Ask about known values the catalogue would take away; note what it does not have at all.

Revision: e4b6a9135c7d, after c95e2b70d418
"""

from alembic import op

revision = "e4b6a9135c7d"
down_revision = "c95e2b70d418"

KINDS = (
    *("fee_zero", "fee_amount", "time_unit", "channels", "decision", "name_long", "code"),
    *("dossier_twice", "legal_number", "levels_shorter", "code_twice"),
)
FOUND = ("new", "changed", "gone", "unchanged", "refused")


def among(column: str, values: tuple[str, ...]) -> str:
    """Return the condition that a column holds one of the values."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def put(table: str, name: str, condition: str) -> None:
    """Put another condition in the place of the one of that name."""
    named = op.f(f"ck_{table}_{name}")
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(named, type_="check")
        batch.create_check_constraint(named, condition)


def upgrade() -> None:
    """Go forward."""
    put("national_doubt", "doubtkind", among("kind", (*KINDS, "lost")))
    put("national_item", "found", among("found", (*FOUND, "absent")))


def downgrade() -> None:
    """Go back."""
    op.execute("DELETE FROM national_doubt WHERE kind = 'lost'")
    op.execute("DELETE FROM national_item WHERE found = 'absent'")
    put("national_doubt", "doubtkind", among("kind", KINDS))
    put("national_item", "found", among("found", FOUND))
