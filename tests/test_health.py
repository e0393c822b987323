"""Whoever watches the server learns whether it lives and whether it can serve."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from qms import cli, keys
from qms.app import create_app
from qms.db import transaction

NOBODY_THERE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"


@pytest.fixture
def cut_off(tmp_path: Path) -> Flask:
    """Make an application whose database does not answer."""
    for key in ("secret.key", "trail.key"):
        keys.make(tmp_path / "keys" / key)
    return create_app({"DATA_DIR": str(tmp_path), "DATABASE_URL": NOBODY_THERE})


def test_a_running_server_says_so(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200


def test_a_server_without_its_tables_lives_but_is_not_ready(client: FlaskClient) -> None:
    with client.application.app_context(), transaction() as session:
        session.execute(text("ALTER TABLE trail RENAME TO elsewhere"))

    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503


def test_a_database_of_another_version_is_named_and_not_served(client: FlaskClient) -> None:
    app = client.application
    with app.app_context(), transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '5ac0f17e93d4'"))

    answer = client.get("/readyz")
    assert (answer.status_code, "qms db upgrade" in answer.text) == (503, True)
    result = app.test_cli_runner().invoke(cli.Program(create_app=lambda: app), ["serve"])
    assert result.exit_code == 1
    assert "qms db upgrade" in result.stderr


def test_without_its_database_a_page_asks_for_patience(cut_off: Flask) -> None:
    answer = cut_off.test_client().get("/", headers={"Accept": "text/html"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "Cơ sở dữ liệu không trả lời" in answer.text
    assert "127.0.0.1" not in answer.text


def test_without_its_database_a_command_says_what_to_run(cut_off: Flask) -> None:
    program = cli.Program(create_app=lambda: cut_off)
    command = ("decision", "submit", "1", "--as", "thuky")
    result = cut_off.test_cli_runner().invoke(program, command)
    assert result.exit_code == 1
    assert "Cơ sở dữ liệu không dùng được" in result.stderr
    assert "qms init" in result.stderr
