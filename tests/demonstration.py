"""The demonstration office, made as people make it: at the command line."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from qms import clock, keys, trail
from qms.db import db
from tests import engines, factories
from tests.engines import Postgres
from tests.when import Clock

EARLIER = Path(__file__).parent / "data/catalogue.jsonl"
LATER = Path(__file__).parent / "data/catalogue-later.jsonl"
PASSWORD = "mật khẩu của một cơ quan mẫu"  # opens nothing but a test


def run(runner: FlaskCliRunner, *command: str) -> str:
    """Run a command that must succeed; return what it says."""
    done = runner.invoke(args=command)
    assert done.exit_code == 0, (done.output, str(done.exception))
    return done.output


def take_in(runner: FlaskCliRunner, file: Path) -> str:
    """Import a national catalogue; return the number of its draft decision."""
    said = run(runner, "national", "import", str(file), "--unit", "song-lo", "--as", "thuky")
    found = re.search(r"decision (\d+)", said)
    assert found, said
    return found[1]


def set_up(runner: FlaskCliRunner) -> None:
    """Set up the demonstration office, with an invented catalogue in force since today."""
    run(runner, "demo")
    number = take_in(runner, EARLIER)
    run(runner, "decision", "submit", number, "--as", "thuky")
    run(runner, "decision", "review", number, "--as", "truongphong")
    paper = ("--number", "60/QĐ-UBND", "--effective", "2026-08-03")
    run(runner, "decision", "sign", number, "--as", "lanhdao", *paper)


def closed(app: Flask) -> None:
    """Let go of the database of an application."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def prepared(
    tmp_path_factory: pytest.TempPathFactory,
    migrated: Callable[[str], str],
    postgres: Callable[[], Postgres],
) -> Iterator[Callable[[str], tuple[str, Path]]]:
    """Set the demonstration up once on each kind of database; give the latter and its folder."""
    with ExitStack() as stack:
        built: dict[str, tuple[str, Path]] = {}

        def build(engine: str) -> tuple[str, Path]:
            if engine not in built:
                folder = tmp_path_factory.mktemp("demonstration")
                copied = engines.copied_database(migrated(engine), folder, postgres)
                url = stack.enter_context(copied)
                with pytest.MonkeyPatch.context() as meanwhile:
                    meanwhile.setattr(clock, "now", Clock())
                    meanwhile.setenv("QMS_DEMO_PASSWORD", PASSWORD)
                    app = factories.application(url, folder / "var")
                    set_up(app.test_cli_runner())
                    closed(app)
                built[engine] = url, folder / "var"
            return built[engine]

        yield build


@pytest.fixture
def demonstration(
    app: Flask,
    runner: FlaskCliRunner,
    engine: str,
    prepared: Callable[[str], tuple[str, Path]],
    postgres: Callable[[], Postgres],
) -> FlaskCliRunner:
    """Open a copy of the demonstration; what is done to it vanishes."""
    url, folder = prepared(engine)
    closed(app)
    engines.overwrite(app.config["SQLALCHEMY_DATABASE_URI"], url, postgres)
    shutil.copytree(folder, app.config["DATA_DIR"], dirs_exist_ok=True)
    trail.init_app(app, keys.read(app.config["TRAIL_KEY_FILE"]))
    return runner
