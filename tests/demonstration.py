"""The demonstration office, made as people make it: at the command line."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

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


@pytest.fixture
def demonstration(
    app: Flask, runner: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch
) -> FlaskCliRunner:
    """Set up the demonstration office, with an invented catalogue in force since today."""
    del app
    monkeypatch.setenv("QMS_DEMO_PASSWORD", PASSWORD)
    run(runner, "demo")
    number = take_in(runner, EARLIER)
    run(runner, "decision", "submit", number, "--as", "thuky")
    run(runner, "decision", "review", number, "--as", "truongphong")
    paper = ("--number", "60/QĐ-UBND", "--effective", "2026-08-03")
    run(runner, "decision", "sign", number, "--as", "lanhdao", *paper)
    return runner
