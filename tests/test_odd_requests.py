"""Requests no page of ours would send get a sentence or no page, never the program's insides."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from qms.db import transaction
from qms.documents import queries
from tests import factories
from tests.access import SIGNED_IN
from tests.engines import sqlite_only
from tests.factories import Office
from tests.people import As
from tests.test_access import methods, rules
from tests.when import Clock

TOO_GREAT = "99999999999999999999"
VERY_LONG = "9" * 5_000


@pytest.fixture
def line_id(app: Flask, office: Office, clock: Clock) -> int:
    """Make a draft of the secretary with one text."""
    with app.app_context(), transaction() as session:
        made = factories.draft(session, office, "QT-01", clock.at, date(2026, 8, 10))
        return queries.lines(session, made.id)[0].id


@sqlite_only
def test_a_number_no_row_can_bear_leads_to_no_page(app: Flask, signed_in: As) -> None:
    clients = [signed_in(account).client for account in sorted(SIGNED_IN)]
    numbered = [rule for rule in rules(app) if "<int:" in rule.rule]
    assert numbered
    for rule in numbered:
        address = rule.rule
        for name in rule.arguments:
            address = address.replace(f"<int:{name}>", TOO_GREAT).replace(f"<{name}>", "x")
        for method in methods(rule):
            for client in clients:
                assert client.open(address, method=method).status_code in {403, 404, 405}, (
                    address
                )


@sqlite_only
@pytest.mark.parametrize("page", ["0", "-1", "²", "١", TOO_GREAT, VERY_LONG, "x"])
def test_an_odd_page_of_a_list_is_its_first_or_its_end(signed_in: As, page: str) -> None:
    for endpoint in ("documents.pages.index", "documents.decisions.index", "jobs.index"):
        signed_in("thuky").get(endpoint, page=page)


@sqlite_only
@pytest.mark.parametrize("version", ["", "²", "-1", "x", VERY_LONG])
def test_a_damaged_version_is_a_stale_save(line_id: int, signed_in: As, version: str) -> None:
    thuky = signed_in("thuky")
    typed = {
        "title": "Tên mới",
        "version": version,
        "genre": "procedure",
        "body": "Một.",
        "issue_no": "1",
        "amendment_no": "0",
        "audience": "internal",
        "scope": "owner",
        "scope_level": "",
    }
    page = thuky.post("documents.texts.edit", typed, status=409, change_id=line_id)
    assert "Tên mới" in page.html
    head = {"title": "Về việc mới", "version": version}
    page = thuky.post("documents.decisions.edit", head, status=409, decision_id=1)
    assert "Về việc mới" in page.html


@sqlite_only
@pytest.mark.parametrize("do", ["", "preview", "add", f"dossier-{VERY_LONG}-up", "x-²-up"])
def test_an_editor_bears_fields_that_are_missing(line_id: int, signed_in: As, do: str) -> None:
    client: FlaskClient = signed_in("thuky").client
    answer = client.post(f"/decisions/lines/{line_id}/text", data={"title": "Tên", "do": do})
    assert answer.status_code in {200, 409, 422}
