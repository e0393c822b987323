"""The migrations build what the models say on both engines, and each can be undone."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Flask

from qms.counter.models import DaysNotice
from qms.db import Base, db, downgrade, migrations, transaction, upgrade
from qms.documents import queries, service
from qms.documents.models import Change, Decision, Revision
from qms.documents.timeline import Action
from qms.units.models import Heading
from tests.deciding import Deciding, text
from tests.factories import Office
from tests.when import Clock

CONFIG = migrations("")
REVISIONS = [
    script.revision
    for script in reversed(list(ScriptDirectory.from_config(CONFIG).walk_revisions()))
]
WRITE = {"qms_write": "row"}

GUARDS = {
    *(f"guard_{table}_update" for table in ("trail", "signature", "drafter", "document")),
    *(f"guard_{table}_update" for table in ("predecessor", "succession", "file")),
    *(f"guard_{table}_delete" for table in ("trail", "signature", "drafter", "document")),
    *(f"guard_{table}_delete" for table in ("predecessor", "succession", "file", "heading")),
    *(f"guard_{table}_delete" for table in ("decision", "unit", "person", "post")),
    *(f"guard_{table}_update" for table in ("office_edition", "action_step", "action_file")),
    *(f"guard_{table}_delete" for table in ("office_edition", "action_step", "action_file")),
    *(f"guard_{table}_delete" for table in ("finding", "action_request", "action_task")),
    *(f"guard_audit_{table}_update" for table in ("answer", "evidence", "exemption", "raised")),
    *(f"guard_audit_{table}_delete" for table in ("answer", "evidence", "exemption", "raised")),
    *(f"guard_audit_{table}_delete" for table in ("line", "member", "sample", "paper")),
    *(
        f"guard_audit_{table}_update"
        for table in ("receipt", "letter", "line_review", "notice")
    ),
    *(
        f"guard_audit_{table}_delete"
        for table in ("receipt", "letter", "line_review", "notice")
    ),
    *(f"guard_finding_{table}_update" for table in ("grading", "handing", "graded", "handed")),
    *(f"guard_finding_{table}_delete" for table in ("grading", "handing")),
    "guard_finding_settled_update",
    "guard_action_request_handed_update",
    *(f"guard_audit_plan_change_{event}" for event in ("update", "delete")),
    *(f"guard_audit_programme_drafter_{event}" for event in ("update", "delete")),
    "guard_audit_delete",
    "guard_audit_identity_update",
    "guard_audit_line_asked_update",
    "guard_audit_member_identity_update",
    "guard_audit_paper_update",
    "guard_audit_sample_seen_update",
    "guard_auditor_qualification_delete",
    "guard_auditor_qualification_entered_update",
    "guard_action_extension_asked_update",
    "guard_action_extension_delete",
    "guard_action_request_closed_after_work",
    "guard_action_request_edges",
    "guard_action_request_ended_update",
    "guard_action_request_insert_proposed",
    "guard_action_request_raised_update",
    "guard_action_request_scan_update",
    "guard_action_task_identity_update",
    "guard_finding_ended_update",
    "guard_finding_insert_open",
    "guard_finding_raised_update",
    "guard_finding_scan_update",
    "guard_change_identity_update",
    "guard_change_insert_unsigned",
    "guard_change_only_in_draft_delete",
    "guard_change_only_in_draft_update",
    "guard_change_replaced_by_its_successor",
    "guard_change_signed_delete",
    "guard_copy_delete",
    "guard_copy_update",
    "guard_posting_delete",
    "guard_posting_update",
    "guard_change_signed_update",
    "guard_change_signed_with_its_decision",
    "guard_days_notice_confirmed_insert",
    "guard_days_notice_delete",
    "guard_days_notice_entered_update",
    "guard_decision_edges",
    "guard_decision_ended_update",
    "guard_decision_four_eyes",
    "guard_decision_identity_update",
    "guard_decision_insert_draft",
    "guard_heading_entered_update",
    "guard_heading_insert_unconfirmed",
    "guard_kin_only_in_draft_delete",
    "guard_kin_only_in_draft_insert",
    "guard_kin_update",
    *(f"guard_law_waiver_{event}" for event in ("update", "delete")),
    *(f"guard_law_check_{event}" for event in ("update", "delete")),
    *(f"guard_reading_{event}" for event in ("update", "delete")),
    *(f"guard_reading_rule_{event}" for event in ("update", "delete")),
    "guard_link_signed_delete",
    "guard_link_signed_insert",
    "guard_link_update",
    "guard_person_identity_update",
    "guard_post_identity_update",
    "guard_predecessor_insert_signed",
    "guard_revision_file_signed_delete",
    "guard_revision_file_signed_insert",
    "guard_revision_file_update",
    "guard_revision_identity_update",
    "guard_revision_insert_draft",
    "guard_revision_numbered_by_its_decision",
    "guard_revision_only_in_draft_update",
    "guard_revision_signed_delete",
    "guard_revision_signed_update",
    "guard_revision_unit_signed_delete",
    "guard_revision_unit_signed_insert",
    "guard_revision_unit_signed_update",
    "guard_trail_insert_in_order",
    "guard_unit_identity_update",
}
"""What the database must refuse; a batch migration on SQLite drops such guards silently."""

POSTGRES_SCHEMA = """
SELECT c.relname, 'column ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
    || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
    || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
    AND c.relnamespace = 'public'::regnamespace
UNION ALL
SELECT conrelid::regclass::text, conname || ' ' || pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
UNION ALL
SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'
"""
SQLITE_TRIGGERS = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
POSTGRES_TRIGGERS = """
SELECT t.tgname, t.tgrelid::regclass::text,
    pg_get_triggerdef(t.oid) || ' ' || pg_get_functiondef(t.tgfoid)
FROM pg_trigger t WHERE NOT t.tgisinternal
"""

SETTLED: Mapping[str, tuple[type[Base], set[str]]] = {
    "decision_ended_update": (Decision, {"scan_sha256", "scan_name"}),
    "change_signed_update": (Change, {"replaced_by_id"}),
    "heading_entered_update": (Heading, {"confirmed_by", "confirmed_at"}),
    "days_notice_entered_update": (DaysNotice, {"confirmed_by", "confirmed_at"}),
    "revision_numbered_by_its_decision": (Revision, {"id", "document_id", "number"}),
}
"""Guards of rows that may still change in a few columns, and in which."""


def connect(url: str) -> sa.Engine:
    return sa.create_engine(url, poolclass=sa.NullPool, execution_options=WRITE)


def rows(url: str, statement: str) -> list[tuple[Any, ...]]:
    with connect(url).connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(statement)]


def is_sqlite(url: str) -> bool:
    return sa.make_url(url).get_backend_name() == "sqlite"


def schema(url: str) -> Mapping[str, list[str]]:
    """Return the words each table is made of, so CHECK constraints are compared too."""
    if is_sqlite(url):
        found = rows(
            url,
            "SELECT name, sql FROM sqlite_master WHERE sql <> '' AND type <> 'trigger'"
            " AND name NOT LIKE 'sqlite_%'",
        )
        words = {name: sorted(re.findall(r"[\w.]+|[^\s\w,\"]", sql)) for name, sql in found}
    else:
        words = {}
        for table, line in rows(url, POSTGRES_SCHEMA):
            words.setdefault(table, []).append(line)
        words = {table: sorted(lines) for table, lines in words.items()}
    return {name: found for name, found in words.items() if "alembic_version" not in name}


def triggers(url: str) -> dict[str, tuple[str, str]]:
    """Return all guards in the database: by name the table and the words of each."""
    statement = SQLITE_TRIGGERS if is_sqlite(url) else POSTGRES_TRIGGERS
    return {name: (table, words) for name, table, words in rows(url, statement)}


def test_there_is_one_line_of_migrations() -> None:
    assert len(ScriptDirectory.from_config(CONFIG).get_heads()) == 1


def test_the_migrations_build_what_the_models_say(database_url: str, empty_url: str) -> None:
    engine = connect(empty_url)
    Base.metadata.create_all(engine)
    engine.dispose()
    built, said = schema(database_url), schema(empty_url)
    assert built.keys() == said.keys()
    for table, words in said.items():
        assert built[table] == words, table


def test_every_guard_stands(database_url: str) -> None:
    found = triggers(database_url)
    assert {name for name in found if not name.endswith("_truncate")} == GUARDS


def test_no_guarded_table_is_open_on_another_side(database_url: str) -> None:
    """Whoever may not change a row may not take it out, one by one or all at one stroke."""
    events = {"UPDATE", "DELETE"} | (set() if is_sqlite(database_url) else {"TRUNCATE"})
    asked: dict[str, set[str]] = {}
    for table, words in triggers(database_url).values():
        asked.setdefault(table, set()).add(words.split("BEFORE ")[1].split()[0])
    assert {t: events - found for t, found in asked.items() if events - found} == {}


@pytest.mark.parametrize("guard", SETTLED)
def test_a_settled_row_is_guarded_in_every_column(database_url: str, guard: str) -> None:
    model, free = SETTLED[guard]
    words = triggers(database_url)[f"guard_{guard}"][1].casefold()
    differs = r"new\.(\w+)(?:\)::text)? is (?:not|distinct from) \(?old\.\1\b"
    guarded = set(re.findall(differs, words))
    assert {column.key for column in sa.inspect(model).columns} - guarded == free


@pytest.mark.parametrize("revision", REVISIONS)
def test_each_revision_can_be_undone(empty_url: str, revision: str) -> None:
    if REVISIONS.index(revision):
        upgrade(empty_url, REVISIONS[REVISIONS.index(revision) - 1])
    before, guards = schema(empty_url), triggers(empty_url)
    upgrade(empty_url, revision)
    assert (schema(empty_url), triggers(empty_url)) != (before, guards)
    downgrade(empty_url, "-1")
    assert (schema(empty_url), triggers(empty_url)) == (before, guards)


# Migrations over what people have written.


@pytest.fixture
def desk(app: Flask, office: Office, clock: Clock) -> Deciding:
    return Deciding(app, office, clock)


def before(url: str, revision: str) -> None:
    """Take a database in use back to what stood before a revision."""
    db.session.remove()
    db.engine.dispose()
    downgrade(url, f"{revision}-1")


def write(url: str, *statements: str) -> None:
    with connect(url).begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_successors_that_nobody_signed_become_what_drafts_propose(
    desk: Deciding, database_url: str
) -> None:
    with desk.app.app_context():
        desk.decide(Action.ISSUE, text("Cũ"), code="QT-01")
        signed, waits, dropped = (desk.open() for _ in range(3))
        lines = {
            code: desk.add(draft, Action.ISSUE, text("Mới"), code=code, kin=(1,))
            for code, draft in (("QT-02", signed), ("QT-03", waits), ("QT-04", dropped))
        }
        gone = desk.open()
        taken_back = desk.add(gone, Action.WITHDRAW, code="QT-01", kin=(2,))
        for draft in (signed, waits):
            desk.review(draft)
        desk.sign(signed)
        with transaction() as session:
            line = queries.line(session, lines["QT-04"])
            service.drop_line(session, desk.act("thuky"), line)
        before(database_url, "7c20e5b9a134")
        told = set(rows(database_url, "SELECT document_id, predecessor_id FROM predecessor"))
        assert told == {(2, 1), (3, 1)}
        write(database_url, "INSERT INTO predecessor VALUES (4, 1)")
        upgrade(database_url)
        told = set(rows(database_url, "SELECT document_id, predecessor_id FROM predecessor"))
        assert told == {(2, 1)}, "signed"
        proposed = set(rows(database_url, "SELECT change_id, document_id FROM kin"))
        assert proposed == {(lines["QT-03"], 1), (taken_back, 2)}


def test_a_number_signed_in_two_spellings_does_not_stop_the_migration(
    desk: Deciding, database_url: str
) -> None:
    with desk.app.app_context():
        for code in ("QT-01", "QT-02", "QT-03"):
            desk.decide(Action.ISSUE, text(), code=code)
        before(database_url, "a81f3c6d0e57")
    again = "UPDATE decision SET number = '1 / qđ-ubnd' WHERE id = 2"
    if is_sqlite(database_url):
        guard = triggers(database_url)["guard_decision_ended_update"][1]
        write(database_url, "DROP TRIGGER guard_decision_ended_update", again, guard)
    else:
        off, on = (
            f"ALTER TABLE decision {word} TRIGGER USER" for word in ("DISABLE", "ENABLE")
        )
        write(database_url, off, again, on)
    upgrade(database_url)
    keys = rows(database_url, "SELECT number_key FROM decision ORDER BY id")
    assert keys == [("1qdubnd",), ("1qdubnd#2",), ("3qdubnd",)]
