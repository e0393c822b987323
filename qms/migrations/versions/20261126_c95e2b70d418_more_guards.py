"""Guard copies against TRUNCATE, headings against one pair of eyes, texts as they are numbered.

Revision: c95e2b70d418, after a81f3c6d0e57
"""

from alembic import op

from qms.migrations import guarding
from qms.migrations.guarding import differs

revision = "c95e2b70d418"
down_revision = "a81f3c6d0e57"

NEW = {
    "heading_insert_unconfirmed": (
        "heading",
        "insert",
        "NEW.entered_by IS NOT NULL AND NEW.confirmed_by IS NOT NULL",
    ),
}
BEFORE = (
    *("data", "digest", "title", "issue_no", "amendment_no", "scope", "scope_level"),
    *("audience", "review_months", "summary", "drafted_by", "drafted_at"),
)


def numbered(*columns: str) -> guarding.Guards:
    """Return the guard of a text that gets its number, over these columns."""
    condition = (
        f"OLD.number IS NULL AND NEW.number IS NOT NULL AND ({differs(*columns)}"
        " OR NOT EXISTS (SELECT 1 FROM change c JOIN decision d ON d.id = c.decision_id"
        " WHERE c.revision_id = NEW.id AND c.signed_at IS NULL AND d.state = 'signed'))"
    )
    return {"revision_numbered_by_its_decision": ("revision", "update", condition)}


def upgrade() -> None:
    """Go forward."""
    postgres = op.get_bind().dialect.name == "postgresql"
    columns = (*BEFORE, "title_sort", "topic", "topic_sort", "version")
    for statement in (
        *guarding.put_truncate(["copy"], postgres=postgres),
        *guarding.drop(numbered(*BEFORE), postgres=postgres),
        *guarding.put(NEW | numbered(*columns), postgres=postgres),
    ):
        op.execute(statement)


def downgrade() -> None:
    """Go back."""
    postgres = op.get_bind().dialect.name == "postgresql"
    for statement in (
        *guarding.drop(NEW | numbered(*BEFORE), postgres=postgres),
        *guarding.put(numbered(*BEFORE), postgres=postgres),
        *guarding.drop_truncate(["copy"], postgres=postgres),
    ):
        op.execute(statement)
