"""Places, copies of any sheet for them, and what is done with copies there.

Revision: 7be2c94d1f06, after 3fd27a90b6c8
"""

import sqlalchemy as sa
from alembic import op

from qms.migrations import guarding

revision = "7be2c94d1f06"
down_revision = "3fd27a90b6c8"

KINDS = ("procedure", "list", "fees", "feedback", "text")
COPY = {"copy_update": ("copy", "update", ""), "copy_delete": ("copy", "delete", "")}
POSTING = {
    "posting_update": ("posting", "update", ""),
    "posting_delete": ("posting", "delete", ""),
}


def enum(name: str, *values: str) -> sa.Enum:
    """Return the type of a column that holds one of some words."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)


def upgrade() -> None:
    """Go forward."""
    postgres = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", enum("placekind", "board", "counter", "hall", "folder"), nullable=False
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False, comment="how to find it"),
        sa.Column(
            "photo", sa.String(length=64), nullable=True, comment="SHA-256 of the picture"
        ),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True, comment="closed after it"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_place_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("unit_id", "name", name=op.f("uq_place_unit_id_name")),
    )
    op.execute(
        "INSERT INTO place (unit_id, kind, name, note, first_day)"
        " SELECT unit_id, 'board', place, '', MIN(day) FROM copy GROUP BY unit_id, place"
    )
    for statement in (
        *guarding.drop(COPY, postgres=postgres),
        *guarding.drop_truncate(["copy"], postgres=postgres),
    ):
        op.execute(statement)
    with op.batch_alter_table("copy", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "kind",
                enum("sheetkind", *KINDS),
                nullable=False,
                server_default="procedure",
            )
        )
        batch_op.add_column(
            sa.Column(
                "topic",
                sa.String(length=300),
                nullable=False,
                server_default="",
                comment="field of a list; else empty",
            )
        )
        batch_op.add_column(sa.Column("place_id", sa.Integer(), nullable=True))
        batch_op.alter_column(
            "document_id",
            existing_type=sa.Integer(),
            nullable=True,
            comment="of a procedure or a notice text",
        )
    op.execute(
        "UPDATE copy SET place_id = (SELECT p.id FROM place p"
        " WHERE p.unit_id = copy.unit_id AND p.name = copy.place)"
    )
    with op.batch_alter_table("copy", schema=None) as batch_op:
        batch_op.alter_column("kind", existing_type=sa.String(20), server_default=None)
        batch_op.alter_column("topic", existing_type=sa.String(300), server_default=None)
        batch_op.alter_column("place_id", existing_type=sa.Integer(), nullable=False)
        batch_op.create_foreign_key(op.f("fk_copy_place_id"), "place", ["place_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_copy_place_id"), ["place_id"], unique=False)
    op.create_table(
        "posting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column(
            "deed", enum("deed", "posted", "taken_down", "lost", "removed"), nullable=False
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=False),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.Column(
            "photo", sa.String(length=64), nullable=True, comment="SHA-256 of the picture"
        ),
        sa.Column("remark", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["code"], ["copy.code"], name=op.f("fk_posting_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
    )
    op.create_index(op.f("ix_posting_code"), "posting", ["code"])
    op.create_index(op.f("ix_posting_day"), "posting", ["day"])
    op.create_table(
        "place_need",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("kind", enum("sheetkind", *KINDS), nullable=False),
        sa.Column(
            "topic",
            sa.String(length=300),
            nullable=False,
            comment="one field; empty: every one",
        ),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True, comment="no longer asked for after it"),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.id"], name=op.f("fk_place_need_place_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_need")),
    )
    op.create_index(op.f("ix_place_need_place_id"), "place_need", ["place_id"])
    op.create_table(
        "board_presence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_presence")),
    )
    op.create_index(op.f("ix_board_presence_last_at"), "board_presence", ["last_at"])
    for statement in (
        *guarding.put(COPY | POSTING, postgres=postgres),
        *guarding.put_truncate(["copy", "posting"], postgres=postgres),
    ):
        op.execute(statement)


def downgrade() -> None:
    """Go back; copies of other sheets than procedures have no place in the older table."""
    postgres = op.get_bind().dialect.name == "postgresql"
    for statement in (
        *guarding.drop_truncate(["copy", "posting"], postgres=postgres),
        *guarding.drop(COPY | POSTING, postgres=postgres),
    ):
        op.execute(statement)
    for table in ("board_presence", "place_need", "posting"):
        op.drop_table(table)
    op.execute("DELETE FROM copy WHERE document_id IS NULL")
    with op.batch_alter_table("copy", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_copy_place_id"))
        batch_op.drop_constraint(op.f("fk_copy_place_id"), type_="foreignkey")
        batch_op.alter_column(
            "document_id", existing_type=sa.Integer(), nullable=False, comment=None
        )
        batch_op.drop_constraint(op.f("ck_copy_sheetkind"), type_="check")
        for column in ("place_id", "topic", "kind"):
            batch_op.drop_column(column)
    op.drop_table("place")
    for statement in (
        *guarding.put(COPY, postgres=postgres),
        *guarding.put_truncate(["copy"], postgres=postgres),
    ):
        op.execute(statement)
