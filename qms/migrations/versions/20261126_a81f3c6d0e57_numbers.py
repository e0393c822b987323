"""Hold numbers of decisions apart however they are written, and guard every signed column.

Revision: a81f3c6d0e57, after 7c20e5b9a134
"""

import re

import sqlalchemy as sa
from alembic import op

from qms.migrations import guarding
from qms.text import fold

revision = "a81f3c6d0e57"
down_revision = "7c20e5b9a134"

SIGNED = sa.text("state = 'signed' AND supplements_id IS NULL")
BEFORE = (
    *("id", "owner_id", "issuer_id", "issuer_name", "issuer_key", "title", "grounds", "number"),
    *("dated", "year", "effective_on", "reason", "supplements_id", "state", "source"),
    *("created_by", "created_at", "signed_at", "digest", "version"),
)


def ended(*columns: str) -> guarding.Guards:
    """Return the guard of decisions that are signed or given up, over these columns."""
    condition = (
        "OLD.state IN ('signed', 'cancelled') AND (OLD.scan_sha256 IS NOT NULL"
        f" OR NEW.scan_sha256 IS NULL OR {guarding.differs(*columns)})"
    )
    return {"decision_ended_update": ("decision", "update", condition)}


def upgrade() -> None:
    """Go forward."""
    postgres = op.get_bind().dialect.name == "postgresql"
    for statement in guarding.drop(ended(*BEFORE), postgres=postgres):
        op.execute(statement)
    op.add_column(
        "decision",
        sa.Column(
            "number_key",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="the number however it is written, for its uniqueness",
        ),
    )
    fill()
    index("number_key")
    columns = (*BEFORE, "title_fold", "number_key")
    for statement in guarding.put(ended(*columns), postgres=postgres):
        op.execute(statement)


def downgrade() -> None:
    """Go back."""
    postgres = op.get_bind().dialect.name == "postgresql"
    for statement in guarding.drop(ended(*BEFORE), postgres=postgres):
        op.execute(statement)
    index("number")
    op.drop_column("decision", "number_key")
    for statement in guarding.put(ended(*BEFORE), postgres=postgres):
        op.execute(statement)


def index(number: str) -> None:
    """Build the index of numbers anew."""
    op.drop_index("ix_decision_number", "decision")
    op.create_index(
        "ix_decision_number",
        "decision",
        ["owner_id", "issuer_key", "year", number],
        unique=True,
        sqlite_where=SIGNED,
        postgresql_where=SIGNED,
    )


def fill() -> None:
    """Give each number its key; of those signed twice in two spellings the later one is marked."""
    decision = sa.table(
        "decision",
        *map(
            sa.column,
            ("id", "owner_id", "issuer_key", "year", "number", "number_key", "supplements_id"),
        ),
    )
    query = sa.select(decision).where(decision.c.number.is_not(None)).order_by(decision.c.id)
    taken = set()
    for row in op.get_bind().execute(query).all():
        words = re.sub(r"(?<!\d)0+(?=\d)", "", fold(row.number))
        key = re.sub(r"(?<!\d) | (?!\d)", "", words)
        place = (row.owner_id, row.issuer_key, row.year, key)
        if row.supplements_id is None and place in taken:
            key = f"{key}#{row.id}"
        taken.add(place)
        op.get_bind().execute(
            sa.update(decision).where(decision.c.id == row.id).values(number_key=key)
        )
