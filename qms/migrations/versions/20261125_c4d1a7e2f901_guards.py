"""Guards: what the database itself refuses, whatever the program does.

Revision: c4d1a7e2f901, after b79cb358b976
"""

from alembic import op

from qms.migrations import guarding
from qms.migrations.guarding import differs

revision = "c4d1a7e2f901"
down_revision = "b79cb358b976"

NEVER = {
    "trail": ("update", "delete"),
    "signature": ("update", "delete"),
    "drafter": ("update", "delete"),
    "document": ("update", "delete"),
    "predecessor": ("update", "delete"),
    "succession": ("update", "delete"),
    "file": ("update", "delete"),
    "heading": ("delete",),
    "decision": ("delete",),
    "unit": ("delete",),
    "person": ("delete",),
    "post": ("delete",),
}
"""Rows of these are never changed, or never removed."""

TRUNCATED = (*NEVER, "change", "revision", "revision_unit")


WHEN = {
    "revision_signed_update": ("revision", "update", "OLD.number IS NOT NULL"),
    "revision_signed_delete": ("revision", "delete", "OLD.number IS NOT NULL"),
    "revision_identity_update": (
        "revision",
        "update",
        differs("id", "document_id"),
    ),
    "change_identity_update": (
        "change",
        "update",
        differs("id", "decision_id", "document_id"),
    ),
    "change_signed_delete": ("change", "delete", "OLD.signed_at IS NOT NULL"),
    "change_signed_update": (
        "change",
        "update",
        "OLD.signed_at IS NOT NULL AND (OLD.replaced_by_id IS NOT NULL"
        " OR NEW.replaced_by_id IS NULL OR "
        + differs(
            "id",
            "decision_id",
            "document_id",
            "action",
            "revision_id",
            "own_day",
            "replaces_id",
            "reason",
            "material",
            "base_count",
            "effective_on",
            "signed_at",
        )
        + ")",
    ),
    "decision_ended_update": (
        "decision",
        "update",
        "OLD.state IN ('signed', 'cancelled') AND (OLD.scan_sha256 IS NOT NULL"
        " OR NEW.scan_sha256 IS NULL OR "
        + differs(
            "id",
            "owner_id",
            "issuer_id",
            "issuer_name",
            "issuer_key",
            "title",
            "grounds",
            "number",
            "dated",
            "year",
            "effective_on",
            "reason",
            "supplements_id",
            "state",
            "source",
            "created_by",
            "created_at",
            "signed_at",
            "digest",
            "version",
        )
        + ")",
    ),
    "decision_edges": (
        "decision",
        "update",
        "OLD.state <> NEW.state AND (OLD.state || '>' || NEW.state) NOT IN"
        " ('draft>in_review', 'draft>cancelled', 'in_review>draft', 'in_review>signed')",
    ),
    "decision_identity_update": (
        "decision",
        "update",
        differs("id", "owner_id", "created_by", "created_at"),
    ),
    "unit_identity_update": ("unit", "update", differs("id", "slug", "first_day")),
    "person_identity_update": ("person", "update", differs("id", "account")),
    "post_identity_update": (
        "post",
        "update",
        differs("id", "user_id", "unit_id", "role", "first_day"),
    ),
    "heading_entered_update": (
        "heading",
        "update",
        "OLD.confirmed_by IS NOT NULL OR "
        + differs(
            "id",
            "unit_id",
            "from_day",
            "name",
            "level",
            "superior",
            "seat",
            "phone",
            "email",
            "website",
            "feedback",
            "place",
            "entered_by",
            "entered_at",
        ),
    ),
}
"""Name of the guard: table, event, and when it refuses."""

DRAFTERS = "(SELECT f.user_id FROM drafter f WHERE f.decision_id = NEW.id)"

ASKING = {
    "trail_insert_in_order": (
        "trail",
        "insert",
        "NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM trail)",
    ),
    "revision_unit_signed_insert": (
        "revision_unit",
        "insert",
        "EXISTS (SELECT 1 FROM revision r WHERE r.id = NEW.revision_id AND r.number IS NOT NULL)",
    ),
    "revision_unit_signed_update": (
        "revision_unit",
        "update",
        "EXISTS (SELECT 1 FROM revision r"
        " WHERE r.id IN (OLD.revision_id, NEW.revision_id) AND r.number IS NOT NULL)",
    ),
    "revision_unit_signed_delete": (
        "revision_unit",
        "delete",
        "EXISTS (SELECT 1 FROM revision r WHERE r.id = OLD.revision_id AND r.number IS NOT NULL)",
    ),
    "change_insert_unsigned": (
        "change",
        "insert",
        "NEW.signed_at IS NOT NULL OR NEW.replaced_by_id IS NOT NULL"
        " OR NOT EXISTS (SELECT 1 FROM decision d"
        " WHERE d.id = NEW.decision_id AND d.state = 'draft')",
    ),
    "change_only_in_draft_update": (
        "change",
        "update",
        "OLD.signed_at IS NULL AND "
        + differs(
            "action",
            "revision_id",
            "own_day",
            "replaces_id",
            "reason",
            "material",
            "base_count",
            "replaced_by_id",
        )
        + " AND NOT EXISTS (SELECT 1 FROM decision d"
        " WHERE d.id = NEW.decision_id AND d.state = 'draft')",
    ),
    "change_only_in_draft_delete": (
        "change",
        "delete",
        "NOT EXISTS (SELECT 1 FROM decision d"
        " WHERE d.id = OLD.decision_id AND d.state = 'draft')",
    ),
    "change_replaced_by_its_successor": (
        "change",
        "update",
        "OLD.signed_at IS NOT NULL AND NEW.replaced_by_id IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM change c JOIN decision d ON d.id = c.decision_id"
        " WHERE c.id = NEW.replaced_by_id AND c.replaces_id = NEW.id"
        " AND c.document_id = NEW.document_id AND c.signed_at IS NULL AND d.state = 'signed')",
    ),
    "change_signed_with_its_decision": (
        "change",
        "update",
        "OLD.signed_at IS NULL AND NEW.signed_at IS NOT NULL AND NOT ("
        "EXISTS (SELECT 1 FROM decision d WHERE d.id = NEW.decision_id AND d.state = 'signed'"
        " AND d.signed_at = NEW.signed_at AND (NEW.action = 'cancel'"
        " OR NEW.effective_on = coalesce(NEW.own_day, d.effective_on)))"
        " AND (NEW.revision_id IS NULL OR EXISTS (SELECT 1 FROM revision r"
        " WHERE r.id = NEW.revision_id AND r.document_id = NEW.document_id"
        " AND r.number IS NOT NULL))"
        " AND (NEW.replaces_id IS NULL OR EXISTS (SELECT 1 FROM change o"
        " WHERE o.id = NEW.replaces_id AND o.replaced_by_id = NEW.id)))",
    ),
    "revision_only_in_draft_update": (
        "revision",
        "update",
        "OLD.number IS NULL AND NEW.number IS NULL AND EXISTS"
        " (SELECT 1 FROM change c JOIN decision d ON d.id = c.decision_id"
        " WHERE c.revision_id = NEW.id AND d.state <> 'draft')",
    ),
    "revision_numbered_by_its_decision": (
        "revision",
        "update",
        "OLD.number IS NULL AND NEW.number IS NOT NULL AND ("
        + differs(
            "data",
            "digest",
            "title",
            "issue_no",
            "amendment_no",
            "scope",
            "scope_level",
            "audience",
            "review_months",
            "summary",
            "drafted_by",
            "drafted_at",
        )
        + " OR NOT EXISTS (SELECT 1 FROM change c JOIN decision d ON d.id = c.decision_id"
        " WHERE c.revision_id = NEW.id AND c.signed_at IS NULL AND d.state = 'signed'))",
    ),
    "revision_insert_draft": ("revision", "insert", "NEW.number IS NOT NULL"),
    "decision_insert_draft": ("decision", "insert", "NEW.state <> 'draft'"),
    "decision_four_eyes": (
        "decision",
        "update",
        "NEW.state = 'signed' AND OLD.state <> 'signed' AND NOT EXISTS"
        " (SELECT 1 FROM signature s WHERE s.decision_id = NEW.id"
        " AND s.at = NEW.signed_at AND s.digest = NEW.digest"
        f" AND s.user_id NOT IN {DRAFTERS} AND ("
        "(s.deed = 'confirmed' AND (NEW.issuer_id IS NULL OR NEW.issuer_id <> NEW.owner_id))"
        " OR (s.deed = 'signed' AND EXISTS"
        " (SELECT 1 FROM unit u WHERE u.id = NEW.owner_id AND u.signer_may_review))"
        " OR (s.deed = 'signed' AND EXISTS (SELECT 1 FROM signature v"
        " WHERE v.decision_id = NEW.id AND v.deed = 'reviewed' AND v.user_id <> s.user_id"
        f" AND v.user_id NOT IN {DRAFTERS} AND v.id > (SELECT coalesce(max(b.id), 0)"
        " FROM signature b WHERE b.decision_id = NEW.id AND b.deed = 'returned')))))",
    ),
}
"""The same, where the guard has to look at other rows."""


def upgrade() -> None:
    """Go forward."""
    postgres = op.get_bind().dialect.name == "postgresql"
    if postgres:
        op.execute(
            "CREATE FUNCTION qms_refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'refused by guard %', TG_NAME; END $$"
        )
    for statement in (
        *guarding.put_truncate(TRUNCATED, postgres=postgres),
        *guarding.put(guards(), postgres=postgres),
    ):
        op.execute(statement)


def guards() -> guarding.Guards:
    """Return all guards that stand on both engines."""
    never = {f"{t}_{e}": (t, e, "") for t, events in NEVER.items() for e in events}
    return never | WHEN | ASKING


def downgrade() -> None:
    """Go back."""
    postgres = op.get_bind().dialect.name == "postgresql"
    for statement in (
        *guarding.drop(guards(), postgres=postgres),
        *guarding.drop_truncate(TRUNCATED, postgres=postgres),
    ):
        op.execute(statement)
    if postgres:
        op.execute("DROP FUNCTION qms_refuse()")
