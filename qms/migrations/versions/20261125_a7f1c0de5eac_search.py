"""Search.

Revision: a7f1c0de5eac, after e32621ee8c24
"""

import sqlalchemy as sa
from alembic import op

revision = "a7f1c0de5eac"
down_revision = "e32621ee8c24"

SQLITE = (
    "CREATE VIRTUAL TABLE fts_search USING fts5(body, content='search_text',"
    " content_rowid='revision_id', detail=none, columnsize=0,"
    " tokenize=\"ascii tokenchars '.'\")"
)
POSTGRESQL = (
    "CREATE INDEX fts_search ON search_text USING gin"
    " ((array_to_tsvector(string_to_array(btrim(body), ' '))))"
)


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "search_text",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("code_key", sa.Text(), nullable=False, comment="without dots and blanks"),
        sa.Column(
            "title_exact", sa.Text(), nullable=False, comment="in lower case, with accents"
        ),
        sa.Column("title_fold", sa.Text(), nullable=False, comment="without accents"),
        sa.Column("topic_fold", sa.Text(), nullable=False),
        sa.Column(
            "body", sa.Text(), nullable=False, comment="code, title, topic and text, folded"
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_search_text_revision_id")
        ),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_search_text")),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(sa.text(SQLITE if sqlite else POSTGRESQL))


def downgrade() -> None:
    """Go back."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(sa.text("DROP TABLE fts_search"))
    op.drop_table("search_text")
