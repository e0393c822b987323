"""Everyday procedures at the counter, on the demonstration office and on a real catalogue."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from qms import clock as qms_clock
from qms.accounts import sign_in_service
from qms.accounts.queries import user
from qms.db import transaction
from qms.trail import Act, Via
from tests.engines import Postgres, sqlite_only
from tests.pages import Browser
from tests.real_catalogue import province

NONE: Final = "Chưa hẹn được"
TODAY: Final = "thứ Hai, 03/08/2026"

SAID: Final = (
    ("khai sinh cho con", "1.001193"),
    ("lam giay chung tu", "1.000656"),
    ("dang ky ket hon", "1.000894"),
    ("sao y", "2.000815"),
    ("xac nhan chu ky", "2.000884"),
    ("trich luc khai sinh", "2.000635"),
    ("mat giay khai sinh", "1.004884"),
    ("lam lai giay ket hon", "1.004746"),
    ("nhan con nuoi", "2.001263"),
    ("giam ho cho chau", "1.004837"),
    ("sua ten trong giay khai sinh", "1.004859"),
    ("giay khuyet tat", "1.001699"),
    ("mo quan an", "1.001612"),
    ("nhap khau cho con", "1.004222"),
    ("tien nguoi gia", "1.014027"),
    ("lap di chuc", "2.001019"),
)
"""What citizens say, and the procedure they mean, in both offices."""

ONLY_DEMO: Final = (
    ("xac nhan doc than", "1.004873"),
    ("dang ky o tro", "1.004194"),
    ("xin lai giay chung tu", "1.005461"),
)
"""What the export at hand does not have."""

DEMO: Final = {
    "1.001193": (TODAY, "Miễn"),
    "1.000894": (TODAY, "Miễn"),
    "2.000815": (TODAY, "2.000 đồng"),
    "2.000635": (TODAY, "8.000 đồng"),
    "1.001699": ("thứ Tư, 09/09/2026", "Không thu"),
}
"""Day promised at nine on Monday 03/08/2026, and the first amount, by code."""

REAL: Final = {
    "1.001193": (NONE, "Không thu"),
    "2.000815": (NONE, "2.000 đồng/trang"),
    "2.000908": ("thứ Ba, 04/08/2026", "Không thu"),
    "1.001699": ("thứ Tư, 09/09/2026", ""),
    "1.001653": ("thứ Hai, 10/08/2026", ""),
    "1.001731": ("thứ Năm, 06/08/2026", ""),
    "1.011607": ("thứ Ba, 18/08/2026", ""),
    "1.013225": ("thứ Hai, 17/08/2026", ""),
}


def clerk(app: Flask, account: str) -> Browser:
    client = app.test_client()
    with app.app_context(), transaction() as session:
        now = qms_clock.now()
        act = Act(None, now, qms_clock.day_of(now), Via.WEB)
        secret = sign_in_service.begin(session, act, user(session, account).id, agent="test")
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = secret, True
    return Browser(client)


def holds(browser: Browser, said: str, code: str) -> None:
    """Refuse a search that does not offer the procedure first."""
    offered = browser.get("counter.index", q=said).all("ol.rows .num")
    assert offered[:1] == [code], (said, offered[:4])


def answers(browser: Browser, code: str) -> tuple[str, list[str]]:
    page = browser.get("counter.index", procedure=code)
    return (page.all("#due .answer") or [""])[0], page.all("#fees .answer")


@sqlite_only
def test_the_demonstration_serves_everyday_procedures(
    app: Flask, demonstration: FlaskCliRunner
) -> None:
    del demonstration
    browser = clerk(app, "chuyenvien")
    for said, code in (*SAID, *ONLY_DEMO):
        holds(browser, said, code)
    for code, (day, amount) in DEMO.items():
        told, fees = answers(browser, code)
        assert (told, fees[0] if amount else "") == (day, amount), (code, told, fees)


@pytest.fixture(scope="module")
def real(
    samples: Path,
    tmp_path_factory: pytest.TempPathFactory,
    migrated: Callable[[str], str],
    postgres: Callable[[], Postgres],
) -> Iterator[Flask]:
    """Let a province take the procedures of communes into force by one decision."""
    folder = tmp_path_factory.mktemp("counter")
    with province(samples, folder, migrated("sqlite"), postgres) as made:
        yield made


def test_a_real_catalogue_serves_everyday_procedures(real: Flask) -> None:
    browser = clerk(real, "chuyenvien")
    for said, code in SAID:
        holds(browser, said, code)
    for code, (day, amount) in REAL.items():
        told, fees = answers(browser, code)
        assert (told, fees[0] if amount else "") == (day, amount), (code, told, fees)
        assert "0 đồng" not in fees, "what the catalogue calls nought is unknown"
