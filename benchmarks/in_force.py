"""What "in force on day X" costs for one document among 1,000,000 changes.

On both engines the plan must be a search of one index, and the question at most 1/1000 of the
same question without an index as bare SQL, 1/100 through the query function. Each database is
the benchmark's own: filled in bulk, without guards and foreign keys.
"""

import random
import statistics
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.documents import queries
from tests.engines import both_migrated

DOCUMENTS: Final = 20_000
CHANGES: Final = 1_000_000
FIRST: Final = date(2000, 1, 1)
SIGNED: Final = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
ASKED: Final = 300
SCANS: Final = 5
GOALS: Final = {"bare SQL": 1_000, "query function": 100}
WRITE: Final = {"qms_write": "row"}
INDEX: Final = "ix_change_in_force"

DAY: Final = {
    "sqlite": "date('2000-01-01', '+' || (i / :documents * 100) || ' days')",
    "postgresql": "DATE '2000-01-01' + i / :documents * 100",
}
"""The day of the i-th change: each document changes every hundred days."""

NUMBERS: Final = (
    "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :most - 1) "
)
ROWS: Final = {
    "unit": (
        1,
        (
            "INSERT INTO unit (id, slug, office, first_day, signer_may_review, note)"
            " SELECT 1, 'song-lo', true, '2000-01-01', false, ''"
        ),
    ),
    "decision": (
        1,
        (
            "INSERT INTO decision (id, owner_id, issuer_id, issuer_name, issuer_key, title, grounds,"
            " reason, state, source, created_at, version)"
            " SELECT 1, 1, 1, '', 'unit:1', 'x', '', '', 'draft', '', :signed, 1"
        ),
    ),
    "document": (
        DOCUMENTS,
        (
            "INSERT INTO document (id, owner_id, kind, code, slug, created_at)"
            " {numbers}SELECT i + 1, 1, 'text', 'QT-' || i, 'qt-' || i, :signed FROM n"
        ),
    ),
    "revision": (
        DOCUMENTS,
        (
            "INSERT INTO revision (id, document_id, number, data, digest, title, title_sort, topic,"
            " topic_sort, issue_no, amendment_no, scope, audience, summary, version, drafted_at)"
            " {numbers}SELECT i + 1, i + 1, 1, :data, 'x', 'x', 'x', '', '', 1, 0, 'owner',"
            " 'public', '', 1, :signed FROM n"
        ),
    ),
    "change": (
        CHANGES,
        (
            "INSERT INTO change (id, decision_id, document_id, action, revision_id, reason, material,"
            " base_count, effective_on, signed_at) {numbers}SELECT i + 1, 1, i % :documents + 1,"
            " CASE WHEN i < :documents THEN 'issue' ELSE 'amend' END, i % :documents + 1, '', true,"
            " 0, {day}, :signed FROM n"
        ),
    ),
}


def unguarded(connection: sa.Connection) -> None:
    """Take away what makes single rows safe and a million of them slow."""
    if connection.dialect.name == "sqlite":
        names = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type='trigger'"
        )
        for name in names.scalars().all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        return
    for table in ROWS:
        connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for key in sa.inspect(connection).get_foreign_keys(table):
            connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {key['name']}")


def fill(engine: sa.Engine) -> None:
    """Make a million signed changes."""
    values = {"documents": DOCUMENTS, "signed": SIGNED, "data": b"{}"}
    with engine.execution_options(**WRITE).begin() as connection:
        unguarded(connection)
        for most, statement in ROWS.values():
            text = statement.format(numbers=NUMBERS, day=DAY[engine.dialect.name])
            given = {**values, "most": most}
            named = {key: value for key, value in given.items() if f":{key}" in text}
            connection.execute(sa.text(text), named)
    raw = engine.raw_connection()
    if engine.dialect.name == "postgresql":
        raw.driver_connection.autocommit = True  # type: ignore[union-attr]
        raw.cursor().execute("VACUUM ANALYZE change")
    raw.close()


def asked(engine: sa.Engine) -> tuple[list[float], list[tuple[str, Any]]]:
    """Ask the query function; return its seconds and the statements it sent with their values."""
    sent: list[tuple[str, Any]] = []

    def note(*event: Any) -> None:  # noqa: ANN401 - whatever SQLAlchemy tells
        if "FROM change" in event[2]:
            sent.append((event[2], event[3]))

    chance, seconds = random.Random(1), []  # noqa: S311 - repeatable questions, no secret
    with Session(engine) as session:
        session.connection()
        sa.event.listen(engine, "before_cursor_execute", note)
        for _ in range(ASKED):
            document = chance.randint(1, DOCUMENTS)
            day = FIRST + timedelta(days=chance.randrange(CHANGES // DOCUMENTS * 100))
            before = time.perf_counter()
            found = queries.in_force_id(session, document, day)
            seconds.append(time.perf_counter() - before)
            assert found == document
        sa.event.remove(engine, "before_cursor_execute", note)
    return seconds, sent


def bare(cursor: Any, questions: list[tuple[str, Any]]) -> list[float]:  # noqa: ANN401 - of any driver
    """Ask without SQLAlchemy."""
    seconds = []
    for statement, values in questions:
        before = time.perf_counter()
        cursor.execute(statement, values)
        assert len(cursor.fetchall()) == 1
        seconds.append(time.perf_counter() - before)
    return seconds


def together(cursor: Any, kind: str, questions: list[tuple[str, Any]]) -> list[float]:  # noqa: ANN401 - same
    """Ask without SQLAlchemy; a server is asked in one go, so that the way there counts once."""
    if kind == "sqlite":
        return bare(cursor, questions)
    before = time.perf_counter()
    cursor.executemany(questions[0][0], [values for _, values in questions], returning=True)
    seconds = time.perf_counter() - before
    answers = 1
    while cursor.nextset():
        answers += 1
    assert answers == len(questions)
    return [seconds / answers]


def scanned(cursor: Any, kind: str, questions: list[tuple[str, Any]]) -> list[float]:  # noqa: ANN401 - same
    """Ask without any index."""
    if kind == "sqlite":
        questions = [
            (text.replace("FROM change", "FROM change NOT INDEXED"), values)
            for text, values in questions
        ]
    else:
        for way in ("indexscan", "indexonlyscan", "bitmapscan"):
            cursor.execute(f"SET enable_{way} = off")
        cursor.execute("DISCARD PLANS")
    return bare(cursor, questions)


def plan(cursor: Any, kind: str, question: tuple[str, Any]) -> str:  # noqa: ANN401 - same
    """Return how the database goes about a question; it must go through the one index."""
    statement, values = question
    explain = "EXPLAIN QUERY PLAN" if kind == "sqlite" else "EXPLAIN (COSTS OFF)"
    cursor.execute(f"{explain} {statement}", values)
    told = "; ".join(str(row[-1]).strip() for row in cursor.fetchall())
    wanted = "SEARCH change USING COVERING INDEX" if kind == "sqlite" else "Index Only Scan"
    assert wanted in told, told
    assert INDEX in told, told
    assert "Sort" not in told, told
    assert "TEMP B-TREE" not in told, told
    return told


def measure(kind: str, url: str) -> None:
    engine = sa.create_engine(url)
    fill(engine)
    function, questions = asked(engine)
    raw = engine.raw_connection()
    cursor = raw.cursor()
    print(f"{kind}: {plan(cursor, kind, questions[0])}")
    fast = {"bare SQL": together(cursor, kind, questions), "query function": function}
    scan = statistics.median(scanned(cursor, kind, questions[:SCANS]))
    for way, seconds in fast.items():
        ratio = scan / statistics.median(seconds)
        print(f"{kind}: {way} is 1/{ratio:,.0f} of a full scan (at most 1/{GOALS[way]:,})")
    raw.close()
    engine.dispose()


def main() -> None:
    for kind, url in both_migrated():
        measure(kind, url)


if __name__ == "__main__":
    main()
