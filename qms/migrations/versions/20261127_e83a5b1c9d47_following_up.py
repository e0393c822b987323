"""Notices that units received, lines asked anew, and findings graded anew or handed on.

Revision: e83a5b1c9d47, after 7d20b3f8a6c1
"""

import sqlalchemy as sa
from alembic import op

from qms.migrations import guarding

revision = "e83a5b1c9d47"
down_revision = "7d20b3f8a6c1"

KEPT = (
    *("audit_receipt", "audit_letter", "audit_line_review"),
    *("finding_grading", "finding_handing"),
)
RAISED = (
    *("id", "office_id", "unit_id", "year", "number", "source", "source_ref", "grade"),
    *("edition", "clause", "revision_id", "text", "evidence", "raised_by"),
    *("raised_on", "raised_at", "lead_id"),
)
OPENED = (
    *("id", "finding_id", "predecessor_id", "office_id", "unit_id", "year", "number"),
    *("raised_by", "raised_on", "minutes_on"),
)
CHANGING = frozenset({"unit_id", "grade"})
BEFORE = {
    "finding_raised_update": ("finding", "update", guarding.differs(*RAISED)),
    "action_request_raised_update": ("action_request", "update", guarding.differs(*OPENED)),
}
HANDED = (
    guarding.differs("unit_id") + " AND NOT EXISTS (SELECT 1 FROM finding_handing h"
    " WHERE h.finding_id = {} AND h.from_id = OLD.unit_id AND h.to_id = NEW.unit_id)"
)
ENDED = "(OLD.closed_on IS NOT NULL OR OLD.annulled_on IS NOT NULL)"
GUARDS = {
    **{f"{table}_update": (table, "update", "") for table in KEPT},
    **{f"{table}_delete": (table, "delete", "") for table in KEPT},
    "finding_raised_update": (
        "finding",
        "update",
        guarding.differs(*(each for each in RAISED if each not in CHANGING)),
    ),
    "action_request_raised_update": (
        "action_request",
        "update",
        guarding.differs(*(each for each in OPENED if each not in CHANGING)),
    ),
    "finding_settled_update": (
        "finding",
        "update",
        ENDED + " AND " + guarding.differs("unit_id", "grade"),
    ),
    "finding_graded_update": (
        "finding",
        "update",
        guarding.differs("grade") + " AND NOT EXISTS (SELECT 1 FROM finding_grading g"
        " WHERE g.finding_id = NEW.id AND g.was = OLD.grade AND g.grade = NEW.grade)",
    ),
    "finding_handed_update": ("finding", "update", HANDED.format("NEW.id")),
    "action_request_handed_update": (
        "action_request",
        "update",
        HANDED.format("NEW.finding_id"),
    ),
}
"""A finding changes its grade or its unit only with a line that says who wanted it and why."""

GRADES = ("major", "minor", "remark", "opportunity")


def upgrade() -> None:
    """Go forward."""
    op.add_column("person", sa.Column("email", sa.String(length=254), nullable=True))
    notices()
    op.create_table(
        "audit_line_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column(
            "now_id",
            sa.Integer(),
            nullable=True,
            comment="the text that stood; none: no longer",
        ),
        sa.Column(
            "next_id", sa.Integer(), nullable=True, comment="the line that asks about it"
        ),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "next_id IS NOT NULL OR reason <> ''", name=op.f("ck_audit_line_review_reasoned")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["audit_line.id"], name=op.f("fk_audit_line_review_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["next_id"], ["audit_line.id"], name=op.f("fk_audit_line_review_next_id")
        ),
        sa.ForeignKeyConstraint(
            ["now_id"], ["revision.id"], name=op.f("fk_audit_line_review_now_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_line_review")),
        sa.UniqueConstraint("next_id", name=op.f("uq_audit_line_review_next_id")),
    )
    op.create_index(op.f("ix_audit_line_review_line_id"), "audit_line_review", ["line_id"])
    findings()
    postgres = op.get_bind().dialect.name == "postgresql"
    for statement in (
        *guarding.drop(BEFORE, postgres=postgres),
        *guarding.put(GUARDS, postgres=postgres),
        *guarding.put_truncate(KEPT, postgres=postgres),
    ):
        op.execute(statement)


def notices() -> None:
    """Make the tables of notices sent and received."""
    days = (("first_day", "the days it told of"), ("last_day", None))
    for table, who in (("audit_receipt", "unit_id"), ("audit_letter", "user_id")):
        received = table == "audit_receipt"
        more = (
            [
                sa.Column("received_by", sa.Integer(), nullable=False),
                sa.Column("received_on", sa.Date(), nullable=False),
                sa.Column("received_at", sa.DateTime(), nullable=False),
                sa.ForeignKeyConstraint(
                    ["received_by"], ["person.id"], name=op.f(f"fk_{table}_received_by")
                ),
            ]
            if received
            else [sa.Column("sent_at", sa.DateTime(), nullable=False)]
        )
        op.create_table(
            table,
            sa.Column("audit_id", sa.Integer(), nullable=False),
            sa.Column(who, sa.Integer(), nullable=False),
            *(
                sa.Column(name, sa.Date(), nullable=False, comment=comment)
                for name, comment in days
            ),
            *more,
            sa.ForeignKeyConstraint(
                ["audit_id"], ["audit.id"], name=op.f(f"fk_{table}_audit_id")
            ),
            sa.ForeignKeyConstraint(
                [who],
                ["unit.id" if received else "person.id"],
                name=op.f(f"fk_{table}_{who}"),
            ),
            sa.PrimaryKeyConstraint(
                "audit_id", who, "first_day", "last_day", name=op.f(f"pk_{table}")
            ),
        )


def findings() -> None:
    """Make the tables of findings that changed their grade or their unit."""
    for table in ("finding_grading", "finding_handing"):
        graded = table == "finding_grading"
        what = (
            [
                sa.Column(
                    "was", sa.String(length=20), nullable=False, comment="the grade before"
                ),
                sa.Column(
                    "grade",
                    sa.Enum(
                        *GRADES,
                        name="grade",
                        native_enum=False,
                        create_constraint=True,
                        length=20,
                    ),
                    nullable=False,
                ),
            ]
            if graded
            else [
                *(
                    sa.Column(name, sa.Integer(), nullable=False)
                    for name in ("from_id", "to_id")
                ),
                *(
                    sa.ForeignKeyConstraint(
                        [name], ["unit.id"], name=op.f(f"fk_{table}_{name}")
                    )
                    for name in ("from_id", "to_id")
                ),
            ]
        )
        op.create_table(
            table,
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("finding_id", sa.Integer(), nullable=False),
            *what,
            sa.Column("reason", sa.Text(), nullable=False),
            sa.Column("by", sa.Integer(), nullable=True, comment="person"),
            sa.Column("day", sa.Date(), nullable=False),
            sa.Column("at", sa.DateTime(), nullable=False),
            sa.ForeignKeyConstraint(
                ["finding_id"], ["finding.id"], name=op.f(f"fk_{table}_finding_id")
            ),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_finding_id"), table, ["finding_id"])


def downgrade() -> None:
    """Go back."""
    postgres = op.get_bind().dialect.name == "postgresql"
    for statement in (
        *guarding.drop_truncate(KEPT, postgres=postgres),
        *guarding.drop(GUARDS, postgres=postgres),
        *guarding.put(BEFORE, postgres=postgres),
    ):
        op.execute(statement)
    for table in reversed(KEPT):
        op.drop_table(table)
    op.drop_column("person", "email")
