"""A province whose communes share the procedures of a real export of the national catalogue."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from flask import Flask

from qms import clock as qms_clock
from qms.accounts.rules import Role
from qms.db import db, transaction
from qms.units.queries import unit
from tests import factories
from tests.engines import Postgres, copied_database
from tests.factories import Office
from tests.posting import world
from tests.when import MONDAY, Clock

PROCEDURES: Final = 937
SCOPE: Final = ("--unit", "phu-tho", "--for", "xã", "--level", "xã", "--as", "thuky-pt")


@contextmanager
def province(
    samples: Path, folder: Path, original: str, postgres: Callable[[], Postgres]
) -> Iterator[Flask]:
    """Let a province take the procedures of three communes into force by one decision.

    ``app.extensions["office"]`` names units and people.
    """
    with (
        pytest.MonkeyPatch.context() as patch,
        copied_database(original, folder, postgres) as url,
    ):
        patch.setattr(qms_clock, "now", Clock())
        made = factories.application(url, folder / "var")
        with made.app_context(), transaction() as session:
            office = world(session)
            third = factories.unit(
                session, "cam-khe", "UBND xã Cẩm Khê", parent=unit(session, "phu-tho")
            )
            keeper = factories.user(session, "thuky-ck", third, Role.SECRETARY)
            people = {**office.people, keeper.account: keeper.id}
            units = {**office.units, "cam-khe": third.id}
        made.extensions["office"] = Office(units, people)
        said = run(made, "national", "import", str(samples / "2026-07-18.jsonl.gz"), *SCOPE)
        assert f"new {PROCEDURES}" in said
        (number,) = re.findall(r"decision (\d+)", said)
        run(made, "decision", "review", number, "--as", "truongphong-pt")
        paper = ("--number", "1200/QĐ-UBND", "--effective", f"{MONDAY}")
        run(made, "decision", "sign", number, "--as", "lanhdao-pt", *paper)
        yield made
        with made.app_context():
            db.session.remove()
            db.engine.dispose()


def run(app: Flask, *words: str) -> str:
    """Run a command that works; return what it prints."""
    result = app.test_cli_runner().invoke(args=list(words))
    assert result.exit_code == 0, result.output
    return str(result.stdout)
