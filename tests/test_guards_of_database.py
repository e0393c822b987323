"""The database itself refuses what must not change, whoever asks and however cleverly.

Each statement is one an insider with a database client might try; none goes through our
services.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from qms import db as database
from qms.db import db, transaction
from qms.documents.timeline import Action
from qms.units import service as units
from qms.units.queries import unit
from qms.units.rules import Level
from tests import factories
from tests.deciding import Deciding, after, text
from tests.engines import Postgres, copied_database, postgres_only, sqlite_only
from tests.factories import Office
from tests.when import MONDAY, Clock

KEPT = (
    *("trail", "signature", "drafter", "document", "predecessor", "succession", "file"),
    *("copy", "kin", "posting", "reading", "reading_rule"),
)
NEVER_REMOVED = (*KEPT, "heading", "decision", "unit", "person", "post")
SOME_COLUMN = {
    "trail": "subject",
    "signature": "words",
    "drafter": "user_id",
    "document": "code",
    "predecessor": "document_id",
    "succession": "carries",
    "file": "size",
    "copy": "place",
    "posting": "remark",
    "kin": "document_id",
    "reading": "day",
    "reading_rule": "days",
}


def set_up(app: Flask, office: Office, clock: Clock) -> Deciding:
    """Bring QT-01 into force, QT-02 in its place to come, and QT-03 to review."""
    found = Deciding(app, office, clock)
    found.decide(Action.ISSUE, text("Một"), code="QT-01")
    coming = found.open()
    found.add(coming, Action.ISSUE, text("Hai"), code="QT-02", kin=(1,))
    found.review(coming)
    found.sign(coming, on=after(5))
    draft = found.open()
    found.add(draft, Action.ISSUE, text("Ba"), code="QT-03", kin=(2,))
    found.review(draft)
    with transaction() as session:
        old = units.found(
            session, found.act("quantri"), slug="cu", first_day=MONDAY, office=True
        )
        heir = unit(session, "song-lo")
        units.end(session, found.act("quantri"), old, last_day=MONDAY, successors=[heir])
        units.enter_heading(
            session,
            found.act("thuky"),
            heir,
            from_day=MONDAY,
            level=Level.COMMUNE,
            words={"name": "UBND xã Sông Lô"},
        )
        session.execute(
            sa.text(
                "INSERT INTO place (id, unit_id, kind, name, note, first_day)"
                " VALUES (1, 1, 'board', 'Bảng tin', '', '2026-08-03')"
            )
        )
        session.execute(
            sa.text(
                "INSERT INTO copy (code, unit_id, kind, document_id, topic, place_id, place,"
                " day, scheme, digest, printed_at) VALUES ('c', 1, 'procedure', 1, '', 1,"
                " 'Bảng tin', '2026-08-03', 1, 'x', '2026-08-03')"
            )
        )
        session.execute(
            sa.text(
                "INSERT INTO posting (code, deed, day, done_at, remark)"
                " VALUES ('c', 'posted', '2026-08-03', '2026-08-03', '')"
            )
        )
        session.execute(
            sa.text(
                "INSERT INTO file (sha256, media_type, size, stored_at)"
                " VALUES ('aa', 'text/plain', 1, '2026-08-03 00:00:00')"
            )
        )
        session.execute(
            sa.text(
                "INSERT INTO reading_rule (unit_id, first_day, kinds, days, set_by, set_at)"
                " VALUES (1, '2026-08-03', 'text', 7, 1, '2026-08-03')"
            )
        )
        session.execute(
            sa.text(
                "INSERT INTO reading (user_id, revision_id, day, at)"
                " VALUES (1, 1, '2026-08-03', '2026-08-03')"
            )
        )
    return found


@pytest.fixture(scope="module")
def kept(
    engine: str,
    tmp_path_factory: pytest.TempPathFactory,
    migrated: Callable[[str], str],
    postgres: Callable[[], Postgres],
) -> Iterator[None]:
    """Lend one office to all who only try: what is refused changes nothing."""
    folder = tmp_path_factory.mktemp("kept")
    with copied_database(migrated(engine), folder, postgres) as url:
        app = factories.application(url, folder)
        with app.app_context():
            with transaction() as session:
                office = factories.office(session)
            set_up(app, office, Clock())
            yield
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def desk(app: Flask, office: Office, clock: Clock) -> Iterator[Deciding]:
    """Lend an office of one's own."""
    with app.app_context():
        yield set_up(app, office, clock)


def run(statement: str) -> int:
    """Run a statement as an insider would; return how many rows it touched."""
    with transaction() as session:
        result = session.connection().exec_driver_sql(statement)
        return result.rowcount


def refused(statement: str) -> bool:
    """Tell whether the database refuses a statement; should it pass, it is undone at once."""
    try:
        with transaction() as session:
            session.connection().exec_driver_sql(statement)
            session.rollback()
    except sa.exc.DBAPIError as error:
        said = str(error.orig)
        return "refused by guard" in said or "constraint" in said.lower()
    return False


@pytest.mark.usefixtures("kept")
def test_what_harms_nothing_is_not_refused() -> None:
    assert not refused("UPDATE unit SET note = 'khác'")
    assert db.session.scalar(sa.text("SELECT count(*) FROM unit WHERE note = 'khác'")) == 0


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("table", KEPT)
def test_rows_that_are_kept_for_ever_are_not_changed(table: str) -> None:
    column = SOME_COLUMN[table]
    assert refused(f"UPDATE {table} SET {column} = {column}")


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("table", NEVER_REMOVED)
def test_rows_that_are_kept_for_ever_are_not_removed(table: str) -> None:
    assert db.session.scalar(sa.text(f"SELECT count(*) FROM {table}")) > 0
    assert refused(f"DELETE FROM {table}")


@sqlite_only
@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("table", [*NEVER_REMOVED, "change", "revision"])
def test_rows_that_are_kept_for_ever_are_not_put_in_again(table: str) -> None:
    assert refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} ORDER BY 1 LIMIT 1")


@postgres_only
@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("table", [*NEVER_REMOVED, "change", "revision", "revision_unit"])
def test_tables_are_not_emptied_at_one_stroke(table: str) -> None:
    assert refused(f"TRUNCATE {table} CASCADE")


CLEVER = {
    "unsign a change": "UPDATE change SET signed_at = NULL, effective_on = NULL WHERE id = 2",
    "date a change back": "UPDATE change SET effective_on = '2026-08-01' WHERE id = 2",
    "date a signature back": "UPDATE change SET signed_at = '2026-08-01 00:00:00' WHERE id = 1",
    "say it was never said why": "UPDATE change SET reason = 'khác' WHERE id = 1",
    "put another text in force": "UPDATE change SET revision_id = 2 WHERE id = 1",
    "hide a change behind another": "UPDATE change SET replaced_by_id = 1 WHERE id = 2",
    "hide a change behind a draft": "UPDATE change SET replaced_by_id = 3 WHERE id = 2",
    "give a change to another decision": "UPDATE change SET decision_id = 1 WHERE id = 2",
    "slip a line into a signed decision": (
        "UPDATE change SET decision_id = 1, effective_on = '2026-08-03',"
        " signed_at = (SELECT signed_at FROM decision WHERE id = 1) WHERE id = 3"
    ),
    "sign a line alone": (
        "UPDATE change SET effective_on = '2026-08-03', signed_at = '2026-08-03' WHERE id = 3"
    ),
    "put in a change already signed": (
        "INSERT INTO change (decision_id, document_id, action, reason, material, base_count,"
        " effective_on, signed_at) SELECT decision_id, document_id, 'withdraw', '', material, 1,"
        " '2026-08-10', signed_at FROM change WHERE id = 1"
    ),
    "put a new line into a signed decision": (
        "INSERT INTO change (decision_id, document_id, action, reason, material, base_count)"
        " SELECT decision_id, document_id, 'withdraw', '', material, 1 FROM change WHERE id = 1"
    ),
    "change a line in review": "UPDATE change SET own_day = '2026-08-01' WHERE id = 3",
    "take out a line in review": "DELETE FROM change WHERE id = 3",
    "take out a signed line": "DELETE FROM change WHERE id = 1",
    "change a text in review": "UPDATE revision SET audience = 'internal' WHERE id = 3",
    "number a draft text": "UPDATE revision SET number = 7 WHERE id = 3",
    "put in a text already numbered": (
        "INSERT INTO revision (document_id, number, data, digest, title, title_sort, topic,"
        " topic_sort, issue_no, amendment_no, scope, audience, summary, version, drafted_at)"
        " SELECT document_id, 9, data, digest, title, title_sort, topic, topic_sort, issue_no,"
        " amendment_no, scope, audience, summary, version, drafted_at FROM revision WHERE id = 1"
    ),
    "change a signed text": "UPDATE revision SET title = 'khác' WHERE id = 1",
    "take the number off a signed text": "UPDATE revision SET number = NULL WHERE id = 1",
    "give a text to another document": "UPDATE revision SET document_id = 1 WHERE id = 3",
    "take out a signed text": "DELETE FROM revision WHERE id = 1",
    "widen the scope of a signed text": "INSERT INTO revision_unit VALUES (1, 1)",
    "change a signed decision": "UPDATE decision SET title = 'khác' WHERE id = 1",
    "number a signed decision anew": "UPDATE decision SET number = '9' WHERE id = 1",
    "let a signed decision be found by other words, with its scan": (
        "UPDATE decision SET title_fold = 'khac', scan_sha256 = 'aa', scan_name = 'a' WHERE id = 1"
    ),
    "free a number for another decision, with the scan": (
        "UPDATE decision SET number_key = 'x', scan_sha256 = 'aa', scan_name = 'a' WHERE id = 1"
    ),
    "make a document the successor of another": "INSERT INTO predecessor VALUES (1, 2)",
    "make a successor of what a draft proposes": "INSERT INTO predecessor VALUES (3, 2)",
    "propose a successor in a signed line": "INSERT INTO kin VALUES (1, 2)",
    "propose a successor in review": "INSERT INTO kin VALUES (3, 1)",
    "take back a successor in review": "DELETE FROM kin WHERE change_id = 3",
    "open a signed decision again": (
        "UPDATE decision SET state = 'draft', signed_at = NULL WHERE id = 1"
    ),
    "give a decision to another owner": "UPDATE decision SET owner_id = 2 WHERE id = 3",
    "say somebody else drafted it": "UPDATE decision SET created_by = 1 WHERE id = 3",
    "put in a decision already signed": (
        "INSERT INTO decision (owner_id, issuer_id, issuer_name, issuer_key, title, grounds,"
        " number, dated, year, effective_on, reason, state, source, created_at, signed_at,"
        " digest, version) SELECT owner_id, issuer_id, issuer_name, issuer_key, title, grounds,"
        " '99', dated, year, effective_on, reason, state, source, created_at, signed_at, digest,"
        " version FROM decision WHERE id = 1"
    ),
    "sign without a signature": (
        "UPDATE decision SET state = 'signed', number = '9', dated = '2026-08-03', year = 2026,"
        " effective_on = '2026-08-03', signed_at = '2026-08-03', digest = 'x' WHERE id = 3"
    ),
    "take a drafter away to sign oneself": "DELETE FROM drafter WHERE decision_id = 3",
    "put another drafter in one's place": "UPDATE drafter SET user_id = 1 WHERE decision_id = 3",
    "void a return": "DELETE FROM signature WHERE decision_id = 3",
    "let a line of the trail pass": (
        "INSERT INTO trail SELECT 999, at, actor, via, action, subject, detail, mac"
        " FROM trail WHERE seq = 1"
    ),
    "rename a unit": "UPDATE unit SET slug = 'khac' WHERE id = 1",
    "let a unit begin earlier": "UPDATE unit SET first_day = '2000-01-01' WHERE id = 1",
    "give an account to somebody else": "UPDATE person SET account = 'khac' WHERE id = 1",
    "promote oneself": "UPDATE post SET role = 'leader' WHERE role <> 'leader'",
    "let a post begin earlier": "UPDATE post SET first_day = '2000-01-01'",
    "rewrite a heading": "UPDATE heading SET name = 'khác'",
    "confirm one's own heading": (
        "UPDATE heading SET confirmed_by = entered_by, confirmed_at = '2026-08-03'"
        " WHERE entered_by IS NOT NULL"
    ),
    "confirm the heading of somebody else as one's own": (
        "UPDATE heading SET entered_by = 1, confirmed_by = 2, confirmed_at = '2026-08-03'"
        " WHERE entered_by IS NOT NULL"
    ),
    "put in a heading already confirmed": (
        "INSERT INTO heading (unit_id, from_day, name, level, superior, seat, phone, email,"
        " website, feedback, place, entered_by, entered_at, confirmed_by, confirmed_at)"
        " SELECT unit_id, from_day, 'khác', level, superior, seat, phone, email, website,"
        " feedback, place, entered_by, entered_at, 1, entered_at FROM heading"
        " WHERE entered_by IS NOT NULL"
    ),
}


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("wish", CLEVER)
def test_an_insider_cannot(wish: str) -> None:
    assert refused(CLEVER[wish])


@pytest.mark.usefixtures("desk")
def test_a_scan_is_added_to_a_signed_decision_once() -> None:
    assert run("UPDATE decision SET scan_sha256 = 'aa', scan_name = 'a.pdf' WHERE id = 1") == 1
    assert refused("UPDATE decision SET scan_sha256 = 'bb' WHERE id = 1")
    assert refused("UPDATE decision SET scan_sha256 = NULL WHERE id = 1")


def test_a_successor_is_written_once(desk: Deciding) -> None:
    moved = desk.decide(Action.ISSUE, code="QT-02", on=after(7), replaces=2)
    assert refused(f"UPDATE change SET replaced_by_id = {moved} WHERE id = 2")
    assert refused("UPDATE change SET replaced_by_id = NULL WHERE id = 2")
    assert desk.title_on(after(6), "QT-02") is None


def test_two_living_changes_of_one_day_are_impossible(desk: Deciding) -> None:
    """INV-01 holds without us: the index refuses even where every guard is content."""
    draft = desk.open()
    desk.add(draft, Action.AMEND, text("Bốn"), code="QT-01")
    desk.review(draft)
    with pytest.raises(sa.exc.IntegrityError), transaction() as session:  # noqa: PT012
        session.execute(
            sa.text(
                "INSERT INTO signature (decision_id, deed, user_id, name, title, signs_for,"
                " words, at, via, digest, covered) SELECT :d, 'signed', user_id, name, title,"
                " signs_for, words, :at, via, 'x', covered FROM signature WHERE deed = 'signed'"
                " LIMIT 1"
            ),
            {"d": draft, "at": "2026-08-03 05:00:00"},
        )
        session.execute(
            sa.text(
                "UPDATE decision SET state = 'signed', number = '9', dated = '2026-08-03',"
                " year = 2026, effective_on = '2026-08-03', signed_at = :at, digest = 'x'"
                " WHERE id = :d"
            ),
            {"d": draft, "at": "2026-08-03 05:00:00"},
        )
        session.execute(
            sa.text(
                "UPDATE revision SET number = 2 WHERE id ="
                " (SELECT revision_id FROM change WHERE decision_id = :d)"
            ),
            {"d": draft},
        )
        session.execute(
            sa.text(
                "UPDATE change SET effective_on = '2026-08-03', signed_at = :at"
                " WHERE decision_id = :d"
            ),
            {"d": draft, "at": "2026-08-03 05:00:00"},
        )


@pytest.mark.usefixtures("kept")
def test_reading_opens_no_door_for_writing() -> None:
    db.session.rollback()
    with pytest.raises(sa.exc.DBAPIError, match=r"(?i)read.?only"):
        db.session.execute(sa.text("DELETE FROM revision_unit"))
    db.session.rollback()


@pytest.mark.parametrize(
    ("version", "journal"),
    [
        ((3, 40, 1), ("journal_mode = DELETE", "synchronous = EXTRA")),
        ((3, 51, 2), ("journal_mode = DELETE", "synchronous = EXTRA")),
        ((3, 51, 3), ("journal_mode = WAL", "synchronous = FULL")),
    ],
)
def test_the_log_ahead_is_used_only_where_it_loses_nothing(
    version: tuple[int, ...], journal: tuple[str, str]
) -> None:
    assert database._journal(version) == journal  # noqa: SLF001 - depends on no machine here


def test_sqlite_is_opened_so_that_no_commit_and_no_guard_is_lost(tmp_path: Path) -> None:
    opened = sqlite3.connect(tmp_path / "office.sqlite")
    with closing(opened):
        database._prepare(opened, None)  # noqa: SLF001 - tests themselves are in no hurry to disk
        found = {
            name: opened.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
        }
    wal = sqlite3.sqlite_version_info >= database.WAL_FIXED_IN
    assert found == {
        "journal_mode": "wal" if wal else "delete",
        "synchronous": 2 if wal else 3,
        "foreign_keys": 1,
        "recursive_triggers": 1,
    }
