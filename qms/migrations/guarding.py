"""Guards as each engine spells them, for the migrations that put them up or take them down."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

Guards: TypeAlias = Mapping[str, tuple[str, str, str]]
"""Name of a guard: table, event, and when it refuses; without a condition it always does."""


def differs(*columns: str) -> str:
    """Return the condition that one of the columns would change."""
    return "(" + " OR ".join(f"NEW.{c} IS DISTINCT FROM OLD.{c}" for c in columns) + ")"


def with_text(table: str) -> Guards:
    """Return the guards of rows that repeat a text: they go with a draft, and stay once signed."""
    signed = (
        "EXISTS (SELECT 1 FROM revision r WHERE r.id = {}.revision_id AND r.number IS NOT NULL)"
    )
    return {
        f"{table}_signed_insert": (table, "insert", signed.format("NEW")),
        f"{table}_update": (table, "update", ""),
        f"{table}_signed_delete": (table, "delete", signed.format("OLD")),
    }


def put(guards: Guards, *, postgres: bool) -> Iterator[str]:
    """Give the statements that put up guards.

    PostgreSQL lets only a function of its own look at other rows.
    """
    for name, (table, event, when) in guards.items():
        head = f"CREATE TRIGGER guard_{name} BEFORE {event.upper()} ON {table} FOR EACH ROW"
        condition = f" WHEN ({when})" if when else ""
        if postgres and "SELECT" in when:
            row = "OLD" if event == "delete" else "NEW"
            yield (
                f"CREATE FUNCTION qms_{name}() RETURNS trigger LANGUAGE plpgsql AS"
                f" $$ BEGIN IF {when} THEN RAISE EXCEPTION 'refused by guard {name}';"
                f" END IF; RETURN {row}; END $$"
            )
            yield f"{head} EXECUTE FUNCTION qms_{name}()"
        elif postgres:
            yield f"{head}{condition} EXECUTE FUNCTION qms_refuse()"
        else:
            condition = condition.replace("IS DISTINCT FROM", "IS NOT")
            yield (
                f"{head}{condition} BEGIN SELECT RAISE(ABORT, 'refused by guard {name}'); END"
            )


def drop(guards: Guards, *, postgres: bool) -> Iterator[str]:
    """Give the statements that take guards down."""
    for name, (table, _, when) in guards.items():
        yield f"DROP TRIGGER guard_{name}" + (f" ON {table}" if postgres else "")
        if postgres and "SELECT" in when:
            yield f"DROP FUNCTION qms_{name}()"


def put_truncate(tables: Iterable[str], *, postgres: bool) -> Iterator[str]:
    """Give the statements that keep tables from being emptied at one stroke.

    SQLite knows no such stroke.
    """
    for table in tables if postgres else ():
        yield (
            f"CREATE TRIGGER guard_{table}_truncate BEFORE TRUNCATE ON {table}"
            " EXECUTE FUNCTION qms_refuse()"
        )


def drop_truncate(tables: Iterable[str], *, postgres: bool) -> Iterator[str]:
    """Give the statements that take them down."""
    for table in tables if postgres else ():
        yield f"DROP TRIGGER guard_{table}_truncate ON {table}"
