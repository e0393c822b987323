"""Fixtures: a database per test on both engines, a clock, pages that check themselves."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy.orm import Session

from qms import clock as qms_clock
from qms.db import db, upgrade
from tests import engines, factories, machine
from tests.engines import BOTH, Postgres
from tests.pages import Browser
from tests.when import Clock

pytest_plugins = ("tests.servers", "tests.people", "tests.demonstration", "tests.mailing")

FOR_TESTS = ("QMS_TEST_", "QMS_REQUIRE_", "QMS_SAMPLES", "QMS_CHROMIUM")


def pytest_configure() -> None:
    """Forget the settings of the office whose shell this is."""
    for name in [name for name in os.environ if name.startswith("QMS_")]:
        if not name.startswith(FOR_TESTS):
            del os.environ[name]


@sa.event.listens_for(sa.Engine, "connect")
def _in_no_hurry_to_disk(connection: object, _record: object) -> None:
    """Let SQLite leave the writing to the system: tests outlive no power loss."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous = OFF")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what makes paper where no paper can be made."""
    if item.get_closest_marker("pdf"):
        machine.need_paper()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], Postgres]]:
    """Start PostgreSQL when the first test asks for it, and once."""
    with ExitStack() as stack:
        started: list[Postgres] = []

        def start() -> Postgres:
            if not started:
                started.append(Postgres(stack.enter_context(engines.postgres_server())))
            return started[0]

        yield start


@pytest.fixture(scope="session", params=BOTH)
def engine(request: pytest.FixtureRequest) -> str:
    """Name the kind of database: every test that touches one runs on both."""
    return str(request.param)


@pytest.fixture(scope="session")
def migrated(
    tmp_path_factory: pytest.TempPathFactory, postgres: Callable[[], Postgres]
) -> Iterator[Callable[[str], str]]:
    """Build each kind of database once, by the migrations a real office runs."""
    with ExitStack() as stack:
        built: dict[str, str] = {}

        def build(engine: str) -> str:
            if engine not in built:
                folder = tmp_path_factory.mktemp("db")
                url = stack.enter_context(engines.empty_database(engine, folder, postgres))
                upgrade(url)
                built[engine] = url
            return built[engine]

        yield build


@pytest.fixture
def empty_url(engine: str, tmp_path: Path, postgres: Callable[[], Postgres]) -> Iterator[str]:
    """Lend the address of a database without tables."""
    with engines.empty_database(engine, tmp_path, postgres) as url:
        yield url


@pytest.fixture
def database_url(
    engine: str,
    tmp_path: Path,
    migrated: Callable[[str], str],
    postgres: Callable[[], Postgres],
) -> Iterator[str]:
    """Give each test its own copy of the migrated database; commits are real and vanish."""
    with engines.copied_database(migrated(engine), tmp_path, postgres) as url:
        yield url


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Stop the clock on a Monday at nine; ``clock.go(day)`` puts it forward."""
    frozen = Clock()
    monkeypatch.setattr(qms_clock, "now", frozen)
    return frozen


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    """Make the application over the test's own database and folder."""
    del clock
    app = factories.application(database_url, tmp_path / "var")
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """Lend a session outside any request."""
    with app.app_context():
        yield db.session()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """Run commands of the program."""
    return app.test_cli_runner()


@pytest.fixture
def browser(client: FlaskClient) -> Browser:
    """Visit pages as nobody in particular; see :meth:`Browser.sign_in`."""
    return Browser(client)


@pytest.fixture(scope="session")
def samples() -> Path:
    """Return the folder of real exports of the national catalogue."""
    named = os.environ.get("QMS_SAMPLES")
    if not named:
        pytest.skip("QMS_SAMPLES names no folder with exports of the national catalogue")
    return Path(named)
