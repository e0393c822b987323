"""Editions of the standard, findings, and requests for corrective action.

Revision: 4c1e9a7d52b3, after 5ac0f17e93d4
"""

import sqlalchemy as sa
from alembic import op

from qms.migrations import guarding

revision = "4c1e9a7d52b3"
down_revision = "5ac0f17e93d4"

STATES = (
    *("proposed", "analysed", "approved", "in_progress", "done", "verified"),
    *("closed", "carried_on", "annulled"),
)
SOURCES = (
    *("audit", "inspection", "complaint", "late_work", "management_review", "observation"),
)
KEPT = ("office_edition", "action_step", "action_file")
TABLES = (*KEPT, "finding", "action_request", "action_task", "action_extension")
NOT_DONE = (
    "NOT EXISTS (SELECT 1 FROM action_task t WHERE t.request_id = NEW.id"
    " AND t.dropped_on IS NULL)"
    " OR EXISTS (SELECT 1 FROM action_task t WHERE t.request_id = NEW.id"
    " AND t.dropped_on IS NULL AND (t.done_on IS NULL OR (t.decision_id IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM action_file f WHERE f.task_id = t.id))))"
    " OR EXISTS (SELECT 1 FROM action_task t WHERE t.request_id = NEW.id"
    " AND t.dropped_on IS NULL AND t.owner_id IN (NEW.verified_by, NEW.effect_by))"
    " OR EXISTS (SELECT 1 FROM action_step s WHERE s.request_id = NEW.id"
    " AND s.deed IN ('do', 'prove', 'draft', 'finish') AND s.by IN (NEW.verified_by, NEW.effect_by))"
)
"""A plan whose actions are not all done with evidence, or judged by one of those who did them."""

GUARDS = {
    **{f"{table}_update": (table, "update", "") for table in KEPT},
    **{f"{table}_delete": (table, "delete", "") for table in TABLES},
    "finding_raised_update": (
        "finding",
        "update",
        guarding.differs(
            *("id", "office_id", "unit_id", "year", "number", "source", "source_ref", "grade"),
            *("edition", "clause", "revision_id", "text", "evidence", "raised_by"),
            *("raised_on", "raised_at", "lead_id"),
        ),
    ),
    "finding_ended_update": (
        "finding",
        "update",
        "(OLD.annulled_on IS NOT NULL OR OLD.closed_on IS NOT NULL) AND "
        + guarding.differs(
            *("answer", "answered_by", "answered_on", "closed_by", "closed_on"),
            *("annulled_by", "annulled_on", "annulled_why"),
        ),
    ),
    "finding_insert_open": (
        "finding",
        "insert",
        "NEW.closed_on IS NOT NULL OR NEW.annulled_on IS NOT NULL",
    ),
    "finding_scan_update": (
        "finding",
        "update",
        "OLD.scan_sha256 IS NOT NULL AND " + guarding.differs("scan_sha256", "scan_name"),
    ),
    "action_request_insert_proposed": (
        "action_request",
        "insert",
        "NEW.state <> 'proposed'",
    ),
    "action_request_raised_update": (
        "action_request",
        "update",
        guarding.differs(
            *("id", "finding_id", "predecessor_id", "office_id", "unit_id", "year", "number"),
            *("raised_by", "raised_on", "minutes_on"),
        ),
    ),
    "action_request_ended_update": (
        "action_request",
        "update",
        "OLD.state IN ('closed', 'carried_on', 'annulled') AND "
        + guarding.differs(
            *("state", "due", "correction", "corrected_by", "corrected_on", "extent", "cause"),
            *("analysed_by", "analysed_on", "approved_by", "approved_on", "done_by", "done_on"),
            *("verified_by", "verified_on", "verified_words", "effect_due", "effect_by"),
            *("effect_on", "effect_words"),
        ),
    ),
    "action_request_edges": (
        "action_request",
        "update",
        "NEW.state IN ('closed', 'carried_on') AND OLD.state NOT IN ('verified', NEW.state)",
    ),
    "action_request_closed_after_work": (
        "action_request",
        "update",
        "NEW.state IN ('closed', 'carried_on') AND OLD.state = 'verified' AND ("
        + NOT_DONE
        + ")",
    ),
    "action_request_scan_update": (
        "action_request",
        "update",
        "OLD.scan_sha256 IS NOT NULL AND " + guarding.differs("scan_sha256", "scan_name"),
    ),
    "action_task_identity_update": (
        "action_task",
        "update",
        guarding.differs("id", "request_id"),
    ),
    "action_extension_asked_update": (
        "action_extension",
        "update",
        "OLD.granted IS NOT NULL OR "
        + guarding.differs("id", "request_id", "until", "reason", "asked_by", "asked_on"),
    ),
}


def enum(name: str, *values: str) -> sa.Enum:
    """Return the type of a column that holds one of some words."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)


def number(name: str, *, null: bool = False, comment: str | None = None) -> sa.Column[int]:
    """Return a column of whole numbers."""
    return sa.Column(name, sa.Integer(), nullable=null, comment=comment)


def day(name: str, *, null: bool = False, comment: str | None = None) -> sa.Column[object]:
    """Return a column of days."""
    return sa.Column(name, sa.Date(), nullable=null, comment=comment)


def words(name: str, *, comment: str | None = None) -> sa.Column[str]:
    """Return a column of a text of any length."""
    return sa.Column(name, sa.Text(), nullable=False, comment=comment)


def short(
    name: str, length: int, *, null: bool = False, comment: str | None = None
) -> sa.Column[str]:
    """Return a column of a short text."""
    return sa.Column(name, sa.String(length=length), nullable=null, comment=comment)


def refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    """Return a foreign key with its usual name."""
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    """Return a condition with its usual name."""
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def scan() -> tuple[sa.Column[str], sa.Column[str]]:
    """Return the columns of a signed scan."""
    return (
        short("scan_sha256", 64, null=True, comment="added once, later"),
        short("scan_name", 200, null=True),
    )


def editions() -> None:
    """Make the table of editions."""
    op.create_table(
        "office_edition",
        number("id"),
        number("unit_id"),
        short("edition", 20),
        day("from_day"),
        number("chosen_by", null=True, comment="person; empty: the installation"),
        sa.Column("chosen_at", sa.DateTime(), nullable=False),
        refers("office_edition", "unit_id", "unit.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_edition")),
    )
    op.create_index(op.f("ix_office_edition_unit_id"), "office_edition", ["unit_id"])


def findings() -> None:
    """Make the table of findings."""
    op.create_table(
        "finding",
        number("id"),
        number("office_id"),
        number("unit_id"),
        number("year"),
        number("number", comment="1, 2, 3 within office and year"),
        sa.Column("source", enum("source", *SOURCES), nullable=False),
        short("source_ref", 120, comment="such as audit/12"),
        sa.Column(
            "grade", enum("grade", "major", "minor", "remark", "opportunity"), nullable=False
        ),
        short("edition", 20),
        short("clause", 20),
        number("revision_id", null=True),
        words("text", comment="what does not conform, and to what"),
        words("evidence"),
        number("raised_by", null=True, comment="person"),
        day("raised_on"),
        sa.Column("raised_at", sa.DateTime(), nullable=False),
        number(
            "lead_id", null=True, comment="the person who alone closes it where words settle it"
        ),
        words("answer"),
        number("answered_by", null=True),
        day("answered_on", null=True),
        number("closed_by", null=True),
        day("closed_on", null=True),
        number("annulled_by", null=True),
        day("annulled_on", null=True),
        words("annulled_why"),
        *scan(),
        check(
            "finding",
            "annulled_is_complete",
            "(annulled_on IS NULL) = (annulled_by IS NULL)"
            " AND (annulled_on IS NULL) = (annulled_why = '')",
        ),
        check("finding", "answered_is_complete", "(answered_on IS NULL) = (answer = '')"),
        check("finding", "one_end", "closed_on IS NULL OR annulled_on IS NULL"),
        check(
            "finding",
            "answered_before_closed",
            "closed_on IS NULL OR grade IN ('major', 'minor')"
            " OR (answered_on IS NOT NULL AND closed_by <> answered_by)",
        ),
        refers("finding", "office_id", "unit.id"),
        refers("finding", "revision_id", "revision.id"),
        refers("finding", "unit_id", "unit.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint(
            "office_id", "year", "number", name=op.f("uq_finding_office_id_year_number")
        ),
    )
    op.create_index("ix_finding_unit_id_clause", "finding", ["unit_id", "edition", "clause"])
    op.create_index("ix_finding_source_ref", "finding", ["source_ref"])
    op.create_index(op.f("ix_finding_revision_id"), "finding", ["revision_id"])
    op.create_index(op.f("ix_finding_raised_by"), "finding", ["raised_by"])


def requests() -> None:
    """Make the table of requests."""
    op.create_table(
        "action_request",
        number("id"),
        number("finding_id"),
        number("predecessor_id", null=True, comment="the one that had no effect"),
        number("office_id"),
        number("unit_id", comment="the finding's"),
        number("year"),
        number("number", comment="1, 2, 3 within office and year"),
        sa.Column("state", enum("state", *STATES), nullable=False),
        number("raised_by", null=True),
        day("raised_on"),
        day("minutes_on", null=True, comment="minutes of an inspection"),
        day("due"),
        words("correction", comment="done at once"),
        number("corrected_by", null=True),
        day("corrected_on", null=True),
        words("extent", comment="do similar ones exist"),
        words("cause", comment="one a line, a hyphen for each step of asking why"),
        *(
            column
            for name in ("analysed", "approved", "done", "verified")
            for column in (number(f"{name}_by", null=True), day(f"{name}_on", null=True))
        ),
        words("verified_words"),
        day("effect_due", null=True, comment="when its effect can be judged"),
        number("effect_by", null=True),
        day("effect_on", null=True),
        words("effect_words"),
        number("version", comment="counts saves of the analysis"),
        *scan(),
        check(
            "action_request",
            "due_after_raised",
            "minutes_on IS NOT NULL OR due >= raised_on",
        ),
        check("action_request", "approved_by_another", "approved_by <> analysed_by"),
        check(
            "action_request",
            "four_eyes",
            "(verified_by IS NULL OR done_by IS NULL OR verified_by <> done_by)"
            " AND (effect_by IS NULL OR done_by IS NULL OR effect_by <> done_by)",
        ),
        check("action_request", "verified_after_done", "verified_on >= done_on"),
        check("action_request", "effect_on_a_later_day", "effect_due > verified_on"),
        check("action_request", "effect_in_its_time", "effect_on >= effect_due"),
        check(
            "action_request",
            "closed_is_complete",
            "state NOT IN ('closed', 'carried_on') OR (cause <> '' AND extent <> ''"
            " AND analysed_by IS NOT NULL AND approved_by IS NOT NULL AND done_on IS NOT NULL"
            " AND verified_by IS NOT NULL AND effect_by IS NOT NULL AND effect_on IS NOT NULL)",
        ),
        refers("action_request", "finding_id", "finding.id"),
        refers("action_request", "office_id", "unit.id"),
        refers("action_request", "predecessor_id", "action_request.id"),
        refers("action_request", "unit_id", "unit.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_request")),
        sa.UniqueConstraint(
            "office_id", "year", "number", name=op.f("uq_action_request_office_id_year_number")
        ),
        sa.UniqueConstraint("predecessor_id", name=op.f("uq_action_request_predecessor_id")),
    )
    op.create_index(op.f("ix_action_request_finding_id"), "action_request", ["finding_id"])
    op.create_index(
        "ix_action_request_unit_id_state_due", "action_request", ["unit_id", "state", "due"]
    )


def work() -> None:
    """Make the tables of what is planned, done, proved and put off."""
    op.create_table(
        "action_task",
        number("id"),
        number("request_id"),
        words("words"),
        number("owner_id"),
        day("due"),
        words("result"),
        number("done_by", null=True),
        day("done_on", null=True),
        number("decision_id", null=True, comment="the draft it began"),
        day("dropped_on", null=True),
        refers("action_task", "decision_id", "decision.id"),
        refers("action_task", "owner_id", "person.id"),
        refers("action_task", "request_id", "action_request.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_task")),
    )
    op.create_index(op.f("ix_action_task_owner_id"), "action_task", ["owner_id"])
    op.create_index(op.f("ix_action_task_request_id"), "action_task", ["request_id"])
    op.create_table(
        "action_step",
        number("id"),
        number("request_id"),
        number("task_id", null=True),
        short("deed", 20, comment="a step, or prove, or do"),
        number("by", null=True, comment="person"),
        day("day"),
        sa.Column("at", sa.DateTime(), nullable=False),
        words("words"),
        refers("action_step", "request_id", "action_request.id"),
        refers("action_step", "task_id", "action_task.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_step")),
    )
    op.create_index(op.f("ix_action_step_request_id"), "action_step", ["request_id"])
    op.create_table(
        "action_extension",
        number("id"),
        number("request_id"),
        day("until"),
        words("reason"),
        number("asked_by", null=True),
        day("asked_on"),
        sa.Column("granted", sa.Boolean(), nullable=True),
        number("decided_by", null=True),
        day("decided_on", null=True),
        check("action_extension", "four_eyes", "decided_by <> asked_by"),
        check(
            "action_extension",
            "decided_is_complete",
            "(granted IS NULL) = (decided_by IS NULL)"
            " AND (granted IS NULL) = (decided_on IS NULL)",
        ),
        refers("action_extension", "request_id", "action_request.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_extension")),
    )
    op.create_index(op.f("ix_action_extension_request_id"), "action_extension", ["request_id"])
    op.create_table(
        "action_file",
        number("id"),
        number("finding_id", null=True),
        number("task_id", null=True),
        short("sha256", 64),
        short("name", 200),
        short("media_type", 100),
        number("size"),
        number("added_by", null=True),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        check("action_file", "of_one_thing", "(finding_id IS NULL) <> (task_id IS NULL)"),
        refers("action_file", "finding_id", "finding.id"),
        refers("action_file", "task_id", "action_task.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_file")),
    )
    op.create_index(op.f("ix_action_file_finding_id"), "action_file", ["finding_id"])
    op.create_index(op.f("ix_action_file_task_id"), "action_file", ["task_id"])


def upgrade() -> None:
    """Go forward."""
    postgres = op.get_bind().dialect.name == "postgresql"
    editions()
    findings()
    requests()
    work()
    for statement in (
        *guarding.put(GUARDS, postgres=postgres),
        *guarding.put_truncate(TABLES, postgres=postgres),
    ):
        op.execute(statement)


def downgrade() -> None:
    """Go back; findings and what was done about them have no place in the older database."""
    postgres = op.get_bind().dialect.name == "postgresql"
    for statement in (
        *guarding.drop_truncate(TABLES, postgres=postgres),
        *guarding.drop(GUARDS, postgres=postgres),
    ):
        op.execute(statement)
    for table in (
        *("action_file", "action_extension", "action_step", "action_task"),
        *("action_request", "finding", "office_edition"),
    ):
        op.drop_table(table)
