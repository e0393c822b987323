"""Programmes, audits, teams, checklists and what was answered to them.

Revision: 7d20b3f8a6c1, after 4c1e9a7d52b3
"""

import sqlalchemy as sa
from alembic import op

from qms.migrations import guarding

revision = "7d20b3f8a6c1"
down_revision = "4c1e9a7d52b3"

KEPT = ("audit_answer", "audit_evidence", "audit_exemption", "audit_raised", "audit_paper")
TABLES = (*KEPT, "audit", "audit_line", "audit_member", "audit_sample", "auditor_qualification")
GUARDS = {
    **{f"{table}_update": (table, "update", "") for table in KEPT},
    **{f"{table}_delete": (table, "delete", "") for table in TABLES},
    "audit_identity_update": (
        "audit",
        "update",
        guarding.differs("id", "owner_id", "year", "number", "planned_by", "planned_at"),
    ),
    "audit_member_identity_update": (
        "audit_member",
        "update",
        guarding.differs("id", "audit_id", "user_id", "added_at"),
    ),
    "audit_sample_seen_update": (
        "audit_sample",
        "update",
        guarding.differs(
            *("id", "line_id", "token", "number", "received", "due", "returned", "added_by"),
            "added_at",
        ),
    ),
    "auditor_qualification_entered_update": (
        "auditor_qualification",
        "update",
        guarding.differs(
            *("id", "user_id", "name", "issuer", "number", "first_day", "entered_by"),
            "entered_at",
        ),
    ),
    "audit_line_asked_update": (
        "audit_line",
        "update",
        guarding.differs(
            *("id", "audit_id", "source", "question", "clause", "document_id", "revision_id"),
            *("ref", "added_by", "added_at"),
        ),
    ),
}
"""What was answered and shown stays; a question keeps the text it asks about."""


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "audit_paper",
        sa.Column(
            "subject",
            sa.String(length=60),
            nullable=False,
            comment="audit/12, programme/3",
        ),
        sa.Column("paper", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("attached_by", sa.Integer(), nullable=True),
        sa.Column("attached_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "paper", name=op.f("pk_audit_paper")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False, comment="the office"),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "number", sa.Integer(), nullable=False, comment="1, 2, 3 within office and year"
        ),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.Column(
            "edition",
            sa.String(length=20),
            nullable=False,
            comment="of the standard: 9001:2015",
        ),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column(
            "period_first", sa.Date(), nullable=False, comment="first day of the work looked at"
        ),
        sa.Column("period_last", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "notified",
                "under_way",
                "reported",
                "closed",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("planned_by", sa.Integer(), nullable=True),
        sa.Column("planned_at", sa.DateTime(), nullable=False),
        sa.Column(
            "team_number",
            sa.String(length=60),
            nullable=True,
            comment="of the decision that sets up the team",
        ),
        sa.Column("team_decided_on", sa.Date(), nullable=True),
        sa.Column("team_decided_by", sa.Integer(), nullable=True),
        sa.Column("notified_at", sa.DateTime(), nullable=True),
        sa.Column(
            "notified_on", sa.Date(), nullable=True, comment="the civil day of notified_at"
        ),
        sa.Column("notified_by", sa.Integer(), nullable=True),
        sa.Column(
            "notice_reason",
            sa.String(length=1000),
            nullable=False,
            comment="why the notice came late; printed",
        ),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("reported_at", sa.DateTime(), nullable=True),
        sa.Column(
            "reported_on", sa.Date(), nullable=True, comment="the civil day of reported_at"
        ),
        sa.Column("reported_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True, comment="the civil day of closed_at"),
        sa.Column("cancel_reason", sa.String(length=1000), nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL AND closed_on IS NOT NULL)",
            name=op.f("ck_audit_closed"),
        ),
        sa.CheckConstraint(
            "(state IN ('reported', 'closed')) = (reported_at IS NOT NULL)",
            name=op.f("ck_audit_reported"),
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'cancelled') OR notified_at IS NOT NULL",
            name=op.f("ck_audit_notified"),
        ),
        sa.CheckConstraint(
            "(team_number IS NULL) = (team_decided_on IS NULL) AND (team_number IS NULL) = (team_decided_by IS NULL)",
            name=op.f("ck_audit_team_is_decided"),
        ),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_audit_days")),
        sa.CheckConstraint(
            "period_last >= period_first AND period_last <= last_day",
            name=op.f("ck_audit_period"),
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["unit.id"], name=op.f("fk_audit_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sa.UniqueConstraint(
            "owner_id", "year", "number", name=op.f("uq_audit_owner_id_year_number")
        ),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_first_day"), ["first_day"], unique=False)
        batch_op.create_index(
            "ix_audit_owner_first_day", ["owner_id", "first_day"], unique=False
        )

    op.create_table(
        "audit_calendar_key",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["person.id"], name=op.f("fk_audit_calendar_key_user_id")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_audit_calendar_key")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_audit_calendar_key_secret_hash")),
    )
    op.create_table(
        "audit_programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False, comment="counts approvals asked for"),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("drafted_by", sa.Integer(), nullable=True, comment="who changed it last"),
        sa.Column("drafted_at", sa.DateTime(), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(), nullable=True),
        sa.Column("decision_number", sa.String(length=60), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column(
            "change_reason",
            sa.String(length=1000),
            nullable=False,
            comment="why it was opened again; printed",
        ),
        sa.CheckConstraint(
            "(approved_at IS NULL) = (approved_by IS NULL) AND (approved_at IS NULL) = (decision_number IS NULL) AND (approved_at IS NULL) = (decided_on IS NULL)",
            name=op.f("ck_audit_programme_approved_is_complete"),
        ),
        sa.CheckConstraint(
            "approved_by <> drafted_by", name=op.f("ck_audit_programme_four_eyes")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["unit.id"], name=op.f("fk_audit_programme_owner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_programme")),
        sa.UniqueConstraint("owner_id", "year", name=op.f("uq_audit_programme_owner_id_year")),
    )
    op.create_table(
        "auditor_qualification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "name", sa.String(length=300), nullable=False, comment="course or certificate"
        ),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "last_day IS NULL OR last_day >= first_day",
            name=op.f("ck_auditor_qualification_days"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["person.id"], name=op.f("fk_auditor_qualification_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auditor_qualification")),
    )
    with op.batch_alter_table("auditor_qualification", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_auditor_qualification_user_id"), ["user_id"], unique=False
        )

    op.create_table(
        "audit_exemption",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "ground",
            sa.Enum(
                "own_unit",
                "own_work",
                name="ground",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("allowed_by", sa.Integer(), nullable=False),
        sa.Column("allowed_at", sa.DateTime(), nullable=False),
        sa.Column("allowed_on", sa.Date(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_audit_exemption_reasoned")),
        sa.CheckConstraint(
            "allowed_by <> user_id", name=op.f("ck_audit_exemption_not_oneself")
        ),
        sa.ForeignKeyConstraint(
            ["allowed_by"], ["person.id"], name=op.f("fk_audit_exemption_allowed_by")
        ),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.id"], name=op.f("fk_audit_exemption_audit_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["person.id"], name=op.f("fk_audit_exemption_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_exemption")),
        sa.UniqueConstraint(
            "audit_id",
            "user_id",
            "ground",
            name=op.f("uq_audit_exemption_audit_id_user_id_ground"),
        ),
    )
    op.create_table(
        "audit_hour",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("begins", sa.Time(), nullable=False, comment="by the clock of the office"),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column(
            "session",
            sa.Enum(
                "opening",
                "audit",
                "team",
                "closing",
                name="session",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=300), nullable=False, comment="process, clause"),
        sa.CheckConstraint("ends > begins", name=op.f("ck_audit_hour_hours")),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.id"], name=op.f("fk_audit_hour_audit_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_audit_hour_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_hour")),
    )
    with op.batch_alter_table("audit_hour", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_hour_audit_id"), ["audit_id"], unique=False)

    op.create_table(
        "audit_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column(
            "meeting",
            sa.Enum(
                "opening",
                "closing",
                name="meeting",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("begins", sa.Time(), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.id"], name=op.f("fk_audit_meeting_audit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_meeting")),
        sa.UniqueConstraint(
            "audit_id", "meeting", name=op.f("uq_audit_meeting_audit_id_meeting")
        ),
    )
    op.create_table(
        "audit_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "duty",
            sa.Enum(
                "lead",
                "auditor",
                "trainee",
                name="duty",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("left_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.id"], name=op.f("fk_audit_member_audit_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["person.id"], name=op.f("fk_audit_member_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_member")),
    )
    with op.batch_alter_table("audit_member", schema=None) as batch_op:
        batch_op.create_index(
            "ix_audit_member_once",
            ["audit_id", "user_id"],
            unique=True,
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        )
        batch_op.create_index(
            "ix_audit_member_one_lead",
            ["audit_id"],
            unique=True,
            sqlite_where=sa.text("left_at IS NULL AND duty = 'lead'"),
            postgresql_where=sa.text("left_at IS NULL AND duty = 'lead'"),
        )
        batch_op.create_index(batch_op.f("ix_audit_member_user_id"), ["user_id"], unique=False)

    op.create_table(
        "audit_out_of_scope",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["audit_programme.id"],
            name=op.f("fk_audit_out_of_scope_programme_id"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_audit_out_of_scope_unit_id")
        ),
        sa.PrimaryKeyConstraint("programme_id", "unit_id", name=op.f("pk_audit_out_of_scope")),
    )
    op.create_table(
        "audit_paper_form",
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("paper", sa.String(length=20), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_audit_paper_form_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["unit.id"], name=op.f("fk_audit_paper_form_owner_id")
        ),
        sa.PrimaryKeyConstraint("owner_id", "paper", name=op.f("pk_audit_paper_form")),
    )
    op.create_table(
        "audit_slot",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.CheckConstraint("month BETWEEN 1 AND 12", name=op.f("ck_audit_slot_month")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["audit_programme.id"], name=op.f("fk_audit_slot_programme_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_audit_slot_unit_id")),
        sa.PrimaryKeyConstraint("programme_id", "unit_id", "month", name=op.f("pk_audit_slot")),
    )
    op.create_table(
        "audit_unit",
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.id"], name=op.f("fk_audit_unit_audit_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_audit_unit_unit_id")),
        sa.PrimaryKeyConstraint("audit_id", "unit_id", name=op.f("pk_audit_unit")),
    )
    with op.batch_alter_table("audit_unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_unit_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "audit_attendant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("post", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["audit_meeting.id"], name=op.f("fk_audit_attendant_meeting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_attendant")),
    )
    with op.batch_alter_table("audit_attendant", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_attendant_meeting_id"), ["meeting_id"], unique=False
        )

    op.create_table(
        "audit_hour_auditor",
        sa.Column("hour_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["hour_id"], ["audit_hour.id"], name=op.f("fk_audit_hour_auditor_hour_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["person.id"], name=op.f("fk_audit_hour_auditor_user_id")
        ),
        sa.PrimaryKeyConstraint("hour_id", "user_id", name=op.f("pk_audit_hour_auditor")),
    )
    op.create_table(
        "audit_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False, comment="order within the checklist"),
        sa.Column(
            "source",
            sa.Enum(
                "step",
                "limit",
                "procedure",
                "form",
                "document",
                "clause",
                "finding",
                "observation",
                "own",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "topic",
            sa.String(length=300),
            nullable=False,
            comment="what the line is grouped under",
        ),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("clause", sa.String(length=20), nullable=False, comment="of the standard"),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("revision_id", sa.Integer(), nullable=True, comment="the text it asks about"),
        sa.Column(
            "ref",
            sa.String(length=200),
            nullable=False,
            comment="the finding or observation it takes up",
        ),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("dropped_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(document_id IS NULL) = (revision_id IS NULL)",
            name=op.f("ck_audit_line_text_of_document"),
        ),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.id"], name=op.f("fk_audit_line_audit_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_audit_line_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_audit_line_revision_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_audit_line_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_line")),
    )
    with op.batch_alter_table("audit_line", schema=None) as batch_op:
        batch_op.create_index("ix_audit_line_audit_place", ["audit_id", "place"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_audit_line_document_id"), ["document_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_audit_line_revision_id"), ["revision_id"], unique=False
        )

    op.create_table(
        "audit_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column(
            "result",
            sa.Enum(
                "conform",
                "nonconforming",
                "remark",
                "not_checked",
                name="result",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=4000), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=False),
        sa.Column(
            "said_at", sa.DateTime(), nullable=False, comment="by the clock of the device"
        ),
        sa.Column("came_at", sa.DateTime(), nullable=False),
        sa.Column(
            "basis_id", sa.Integer(), nullable=True, comment="the answer its device had seen"
        ),
        sa.Column(
            "merges_id",
            sa.Integer(),
            nullable=True,
            comment="the answer of another device it joins",
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["person.id"], name=op.f("fk_audit_answer_answered_by")
        ),
        sa.ForeignKeyConstraint(
            ["basis_id"], ["audit_answer.id"], name=op.f("fk_audit_answer_basis_id")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["audit_line.id"], name=op.f("fk_audit_answer_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["merges_id"], ["audit_answer.id"], name=op.f("fk_audit_answer_merges_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_answer")),
        sa.UniqueConstraint("token", name=op.f("uq_audit_answer_token")),
    )
    with op.batch_alter_table("audit_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_answer_line_id"), ["line_id"], unique=False)

    op.create_table(
        "audit_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by"], ["person.id"], name=op.f("fk_audit_evidence_added_by")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["audit_line.id"], name=op.f("fk_audit_evidence_line_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_evidence")),
        sa.UniqueConstraint("token", name=op.f("uq_audit_evidence_token")),
    )
    with op.batch_alter_table("audit_evidence", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_evidence_line_id"), ["line_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_audit_evidence_sha256"), ["sha256"], unique=False)

    op.create_table(
        "audit_raised",
        sa.Column("finding_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["finding.id"], name=op.f("fk_audit_raised_finding_id")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["audit_line.id"], name=op.f("fk_audit_raised_line_id")
        ),
        sa.PrimaryKeyConstraint("finding_id", name=op.f("pk_audit_raised")),
    )
    with op.batch_alter_table("audit_raised", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_raised_line_id"), ["line_id"], unique=False)

    op.create_table(
        "audit_sample",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("received", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("returned", sa.Date(), nullable=True),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("dropped_at", sa.DateTime(), nullable=True),
        sa.Column("drop_reason", sa.String(length=300), nullable=True),
        sa.CheckConstraint(
            "(dropped_at IS NULL) = (drop_reason IS NULL)",
            name=op.f("ck_audit_sample_dropped_with_a_reason"),
        ),
        sa.CheckConstraint("due IS NULL OR due >= received", name=op.f("ck_audit_sample_due")),
        sa.CheckConstraint(
            "returned IS NULL OR returned >= received", name=op.f("ck_audit_sample_returned")
        ),
        sa.ForeignKeyConstraint(
            ["added_by"], ["person.id"], name=op.f("fk_audit_sample_added_by")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["audit_line.id"], name=op.f("fk_audit_sample_line_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_sample")),
        sa.UniqueConstraint("token", name=op.f("uq_audit_sample_token")),
    )
    with op.batch_alter_table("audit_sample", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_sample_line_id"), ["line_id"], unique=False)
    postgres = op.get_bind().dialect.name == "postgresql"
    for statement in (
        *guarding.put(GUARDS, postgres=postgres),
        *guarding.put_truncate(TABLES, postgres=postgres),
    ):
        op.execute(statement)


def downgrade() -> None:
    """Go back."""
    postgres = op.get_bind().dialect.name == "postgresql"
    for statement in (
        *guarding.drop_truncate(TABLES, postgres=postgres),
        *guarding.drop(GUARDS, postgres=postgres),
    ):
        op.execute(statement)
    with op.batch_alter_table("audit_sample", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_sample_line_id"))

    op.drop_table("audit_sample")
    with op.batch_alter_table("audit_raised", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_raised_line_id"))

    op.drop_table("audit_raised")
    with op.batch_alter_table("audit_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_evidence_sha256"))
        batch_op.drop_index(batch_op.f("ix_audit_evidence_line_id"))

    op.drop_table("audit_evidence")
    with op.batch_alter_table("audit_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_answer_line_id"))

    op.drop_table("audit_answer")
    with op.batch_alter_table("audit_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_line_revision_id"))
        batch_op.drop_index(batch_op.f("ix_audit_line_document_id"))
        batch_op.drop_index("ix_audit_line_audit_place")

    op.drop_table("audit_line")
    op.drop_table("audit_hour_auditor")
    with op.batch_alter_table("audit_attendant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_attendant_meeting_id"))

    op.drop_table("audit_attendant")
    with op.batch_alter_table("audit_unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_unit_unit_id"))

    op.drop_table("audit_unit")
    op.drop_table("audit_slot")
    op.drop_table("audit_paper_form")
    op.drop_table("audit_out_of_scope")
    with op.batch_alter_table("audit_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_member_user_id"))
        batch_op.drop_index(
            "ix_audit_member_one_lead",
            sqlite_where=sa.text("left_at IS NULL AND duty = 'lead'"),
            postgresql_where=sa.text("left_at IS NULL AND duty = 'lead'"),
        )
        batch_op.drop_index(
            "ix_audit_member_once",
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        )

    op.drop_table("audit_member")
    op.drop_table("audit_meeting")
    with op.batch_alter_table("audit_hour", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_hour_audit_id"))

    op.drop_table("audit_hour")
    op.drop_table("audit_exemption")
    with op.batch_alter_table("auditor_qualification", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_auditor_qualification_user_id"))

    op.drop_table("auditor_qualification")
    op.drop_table("audit_programme")
    op.drop_table("audit_calendar_key")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_owner_first_day")
        batch_op.drop_index(batch_op.f("ix_audit_first_day"))

    op.drop_table("audit")
    op.drop_table("audit_paper")
