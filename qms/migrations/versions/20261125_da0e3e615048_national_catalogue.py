"""National catalogue.

Revision: da0e3e615048, after a7f1c0de5eac
"""

import sqlalchemy as sa
from alembic import op

revision = "da0e3e615048"
down_revision = "a7f1c0de5eac"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "national_followed",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=40), nullable=False),
        sa.Column(
            "said", sa.Text(), nullable=False, comment="keys that its exports had, by blank"
        ),
        sa.Column("levels", sa.Text(), nullable=False, comment="one a line"),
        sa.Column("field", sa.String(length=1000), nullable=False),
        sa.Column(
            "revision_id",
            sa.Integer(),
            nullable=True,
            comment="the text that came of it; while it stands the same row changes nothing",
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_national_followed_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["unit.id"], name=op.f("fk_national_followed_owner_id")
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_national_followed")),
    )
    with op.batch_alter_table("national_followed", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_national_followed_owner_id"), ["owner_id"], unique=False
        )

    op.create_table(
        "national_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column(
            "phase",
            sa.Enum(
                "reading",
                "done",
                name="phase",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "for_level",
            sa.Enum(
                "bo",
                "tinh",
                "huyen",
                "xa",
                "phong",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
            comment="whose texts they become",
        ),
        sa.Column("level", sa.String(length=100), nullable=False, comment="filter"),
        sa.Column("field", sa.String(length=300), nullable=False, comment="filter"),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column(
            "sha256", sa.String(length=64), nullable=False, comment="of the file as it came"
        ),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("doubtful", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column(
            "filled",
            sa.Integer(),
            nullable=False,
            comment="of the unchanged those that got parts no export had before",
        ),
        sa.Column(
            "mended", sa.Integer(), nullable=False, comment="texts whose letters were mended"
        ),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("by", sa.Integer(), nullable=True, comment="person"),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_national_import_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["unit.id"], name=op.f("fk_national_import_owner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_national_import")),
    )
    with op.batch_alter_table("national_import", schema=None) as batch_op:
        batch_op.create_index(
            "ix_national_import_owner", ["owner_id", "phase", "id"], unique=False
        )

    op.create_table(
        "national_doubt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "fee_zero",
                "fee_amount",
                "time_unit",
                "channels",
                "decision",
                "name_long",
                "code",
                "dossier_twice",
                "legal_number",
                "levels_shorter",
                "code_twice",
                name="doubtkind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("place", sa.String(length=200), nullable=False, comment="in the content"),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("suggestion", sa.Text(), nullable=False),
        sa.Column("group_key", sa.String(length=60), nullable=False),
        sa.Column("restore", sa.Text(), nullable=False, comment="JSON: the fee line said"),
        sa.Column(
            "answer",
            sa.Enum(
                "as_said",
                "suggested",
                "own",
                "unknown",
                "yes",
                "no",
                name="answer",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("value", sa.Text(), nullable=False, comment="what was typed as answer"),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_national_doubt_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["national_import.id"], name=op.f("fk_national_doubt_import_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["unit.id"], name=op.f("fk_national_doubt_owner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_national_doubt")),
    )
    with op.batch_alter_table("national_doubt", schema=None) as batch_op:
        batch_op.create_index("ix_national_doubt_document_id", ["document_id"], unique=False)
        batch_op.create_index(
            "ix_national_doubt_open", ["owner_id", "answer", "kind", "group_key"], unique=False
        )

    op.create_table(
        "national_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column(
            "line_no", sa.Integer(), nullable=False, comment="in the file; 0 for what is gone"
        ),
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=2000), nullable=False),
        sa.Column("words", sa.Text(), nullable=False, comment="without accents, to find it"),
        sa.Column("field", sa.String(length=1000), nullable=False),
        sa.Column(
            "found",
            sa.Enum(
                "new",
                "changed",
                "gone",
                "unchanged",
                "refused",
                name="found",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("changed", sa.Text(), nullable=False, comment="parts, by comma"),
        sa.Column("filled", sa.Text(), nullable=False, comment="parts, by comma"),
        sa.Column("why", sa.Text(), nullable=False, comment="JSON: sentence, values"),
        sa.Column("before", sa.LargeBinary(), nullable=True),
        sa.Column("after", sa.LargeBinary(), nullable=True),
        sa.Column(
            "pair_code",
            sa.String(length=100),
            nullable=False,
            comment="of what is gone: the new code with its name",
        ),
        sa.Column(
            "answer",
            sa.Enum(
                "as_said",
                "suggested",
                "own",
                "unknown",
                "yes",
                "no",
                name="answer",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_national_item_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["national_import.id"], name=op.f("fk_national_item_import_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_national_item")),
    )
    with op.batch_alter_table("national_item", schema=None) as batch_op:
        batch_op.create_index("ix_national_item_document_id", ["document_id"], unique=False)
        batch_op.create_index(
            "ix_national_item_import_code", ["import_id", "code"], unique=False
        )
        batch_op.create_index(
            "ix_national_item_import_found", ["import_id", "found", "code"], unique=False
        )

    op.create_table(
        "national_stage",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column(
            "deed",
            sa.Enum(
                "nothing",
                "line",
                "update",
                "drop",
                name="deed",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "change_id", sa.Integer(), nullable=True, comment="the line of the open draft"
        ),
        sa.Column(
            "revision_id", sa.Integer(), nullable=True, comment="the text it was compared with"
        ),
        sa.Column("signed_id", sa.Integer(), nullable=True, comment="the latest signed text"),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="of that text when it was read"
        ),
        sa.Column("base_count", sa.Integer(), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "issue",
                "amend",
                "withdraw",
                "cancel",
                name="action",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("fingerprint", sa.String(length=40), nullable=False),
        sa.Column("said", sa.Text(), nullable=False, comment="keys that exports had, by blank"),
        sa.Column("levels", sa.Text(), nullable=False, comment="one a line"),
        sa.Column("doubts", sa.Text(), nullable=False, comment="JSON"),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=2000), nullable=False),
        sa.Column("title_sort", sa.Text(), nullable=False),
        sa.Column("topic", sa.String(length=1000), nullable=False),
        sa.Column("topic_sort", sa.String(length=400), nullable=False),
        sa.Column("issue_no", sa.Integer(), nullable=False),
        sa.Column("amendment_no", sa.Integer(), nullable=False),
        sa.Column(
            "scope",
            sa.Enum(
                "owner",
                "units",
                "level",
                name="scope",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "scope_level",
            sa.Enum(
                "bo",
                "tinh",
                "huyen",
                "xa",
                "phong",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column(
            "audience",
            sa.Enum(
                "public",
                "internal",
                "restricted",
                name="audience",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("review_months", sa.Integer(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_national_stage_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["national_import.id"], name=op.f("fk_national_stage_import_id")
        ),
        sa.PrimaryKeyConstraint("import_id", "code", name=op.f("pk_national_stage")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("national_stage")
    with op.batch_alter_table("national_item", schema=None) as batch_op:
        batch_op.drop_index("ix_national_item_import_found")
        batch_op.drop_index("ix_national_item_import_code")
        batch_op.drop_index("ix_national_item_document_id")

    op.drop_table("national_item")
    with op.batch_alter_table("national_doubt", schema=None) as batch_op:
        batch_op.drop_index("ix_national_doubt_open")
        batch_op.drop_index("ix_national_doubt_document_id")

    op.drop_table("national_doubt")
    with op.batch_alter_table("national_import", schema=None) as batch_op:
        batch_op.drop_index("ix_national_import_owner")

    op.drop_table("national_import")
    with op.batch_alter_table("national_followed", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_national_followed_owner_id"))

    op.drop_table("national_followed")
