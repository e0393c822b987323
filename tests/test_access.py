"""Every route, every role: who passes the door, and what the door lets through."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.routing import IntegerConverter, Rule

from qms.accounts.models import SignIn, User
from qms.accounts.rules import GRANTS, ROLE_WORDS, Permission, Role
from qms.db import Base, db, transaction
from qms.web.marks import MARK
from tests import factories
from tests.access import EVERYBODY, expected
from tests.engines import sqlite_only
from tests.factories import SIX, Office
from tests.people import As
from tests.when import MONDAY, NINE, Clock

PAGE = Path(__file__).parent.parent / "docs/permissions.md"
WRITES = ("POST", "PUT", "PATCH", "DELETE")
FOREIGN = {"Origin": "https://evil.example"}

VALUES: dict[str, object] = {
    "unit": "song-lo",
    "slug": "song-lo",
    "code": "QT-01",
    "file_type": "docx",
    "list_type": "xlsx",
}
NUMBER = 1


def rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))


def methods(rule: Rule) -> list[str]:
    return sorted(set(rule.methods or ()) - {"HEAD", "OPTIONS"})


def address(app: Flask, rule: Rule) -> str:
    """Return an address the rule answers, with things that exist where we know of some."""
    converters = rule._converters  # noqa: SLF001 - werkzeug tells it no other way
    values: dict[str, object] = {
        name: NUMBER
        if isinstance(converters[name], IntegerConverter)
        else VALUES.get(name, "x")
        for name in rule.arguments
    }
    with app.test_request_context():
        return url_for(rule.endpoint, **values)  # type: ignore[arg-type]


def stub(view: Callable[..., object]) -> Callable[..., str]:
    """Return a view that does nothing, behind the same door."""

    def opened(**_values: object) -> str:
        return "opened"

    if hasattr(view, MARK):
        setattr(opened, MARK, getattr(view, MARK))
    return opened


@pytest.fixture
def doors(app: Flask) -> Flask:
    """Take the rooms away and leave the doors."""
    for endpoint, view in app.view_functions.items():
        app.view_functions[endpoint] = stub(view)
    return app


def record(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    """Return all that the tables hold, but what mere asking leaves: a touch, no act."""
    with app.app_context():
        found = {}
        for table in Base.metadata.sorted_tables:
            if table.name == "unknown_code":
                continue
            columns = [
                c for c in table.columns if (table.name, c.name) != ("sign_in", "seen_at")
            ]
            rows = db.session.execute(sa.select(*columns).order_by(*table.primary_key))
            found[table.name] = [tuple(row) for row in rows]
        db.session.rollback()
    return found


@sqlite_only
def test_somebody_has_said_of_every_route_who_may_open_it(app: Flask) -> None:
    unsaid = [rule.endpoint for rule in rules(app) if expected(rule.endpoint) is None]
    assert not unsaid, "say in tests/access.py who may open these"


@sqlite_only
@pytest.mark.parametrize("account", ["", *SIX, "quantri-tl"])
def test_each_role_passes_the_doors_of_the_table_and_no_other(
    doors: Flask, signed_in: As, account: str
) -> None:
    client = signed_in(account).client
    role = account.removesuffix("-tl")
    for rule in rules(doors):
        allowed = expected(rule.endpoint)
        if allowed is None:
            continue
        for method in methods(rule):
            answer = client.open(address(doors, rule), method=method)
            where = f"{account or 'nobody'}: {method} {rule.rule} → {answer.status_code}"
            if allowed == EVERYBODY or role in allowed:
                assert answer.text == "opened", where
            elif account:
                assert answer.status_code == 403, where
            elif method == "GET":
                assert answer.status_code == 303, where
                assert answer.location.startswith("/sign-in"), where
            else:
                assert answer.status_code == 401, where


@sqlite_only
def test_a_view_that_says_nothing_is_closed_to_everybody(app: Flask, signed_in: As) -> None:
    app.add_url_rule("/forgotten", view_func=lambda: "opened", endpoint="forgotten")
    for account in SIX:
        assert signed_in(account).client.get("/forgotten").status_code == 403, account
    assert app.test_client().get("/forgotten").status_code == 303


@sqlite_only
def test_a_session_is_noted_as_used_once_a_minute(
    app: Flask, clock: Clock, signed_in: As
) -> None:
    client, seen = signed_in("thuky").client, sa.select(SignIn.seen_at)
    noted = []
    for seconds in (59, 2, 59, 3):
        clock.at += timedelta(seconds=seconds)
        assert client.get("/desk").status_code == 200
        with app.app_context():
            noted.append(db.session.scalar(seen))
    begun = clock.at - timedelta(seconds=123)
    minute = begun + timedelta(seconds=61)
    assert noted == [begun, minute, minute, clock.at]


@sqlite_only
def test_an_account_that_is_closed_opens_nothing_whatever_sessions_are_left(
    app: Flask, clock: Clock, office: Office, signed_in: As
) -> None:
    client = signed_in("thuky").client
    with app.app_context(), transaction() as session:
        session.get_one(User, office.people["thuky"]).closed_at = clock.at
    assert client.get("/desk").status_code == 303


@sqlite_only
def test_addresses_are_kebab_case_and_their_numbers_are_numbers(app: Flask) -> None:
    for rule in rules(app):
        fixed = re.sub(r"<[^>]+>", "x", rule.rule)
        assert re.fullmatch(r"/|(/[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?)+", fixed), rule.rule
        for name in rule.arguments:
            if name.endswith("_id"):
                assert f"<int:{name}>" in rule.rule, f"{rule.rule}: {name} is a number"


@pytest.mark.parametrize("account", ["", *SIX])
def test_looking_changes_nothing_on_the_record(
    app: Flask, office: Office, signed_in: As, account: str
) -> None:
    with app.app_context(), transaction() as session:
        first = factories.draft(session, office, "QT-01", NINE, MONDAY)
        factories.sign(session, office, first, NINE, MONDAY)
        factories.draft(session, office, "QT-02", NINE, MONDAY)
    client = signed_in(account).client
    before = record(app)
    for rule in rules(app):
        if "GET" in methods(rule):
            where = address(app, rule)
            status = client.get(where).status_code
            assert status < 500 or status == 503, f"{where}: {status}"
            assert record(app) == before, where


def posts(app: Flask) -> Iterator[tuple[str, str]]:
    for rule in rules(app):
        for method in methods(rule):
            if method in WRITES:
                yield method, address(app, rule)


TOKENLESS = {
    "/b/song-lo/theo-doi": {422},
    "/theo-doi/xac-nhan/x": {404},
    "/theo-doi/thoi/x": {200},
}
"""Forms of people without a session, what each answers where nothing is known of the secret:
a way out always says that no more letters come, which is then true."""


def send(client: FlaskClient, method: str, where: str, **more: object) -> int:
    return client.open(where, method=method, **more).status_code  # type: ignore[arg-type]


@sqlite_only
@pytest.mark.parametrize("account", ["", "quantri", "thuky"])
def test_no_form_is_taken_without_its_token(app: Flask, signed_in: As, account: str) -> None:
    client = signed_in(account).client
    app.config["WTF_CSRF_ENABLED"] = True
    before = record(app)
    for method, where in posts(app):
        status = send(client, method, where, data={"name": "x"})
        refused = {400} if account else {400, 401}
        assert status in TOKENLESS.get(where, refused), f"{where}: {status}"
    assert record(app) == before


@sqlite_only
@pytest.mark.parametrize("account", ["", "quantri", "thuky"])
def test_no_form_is_taken_from_another_site(app: Flask, signed_in: As, account: str) -> None:
    client = signed_in(account).client
    before = record(app)
    for method, where in posts(app):
        for headers in (FOREIGN, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
            status = send(client, method, where, headers=headers, data={"name": "x"})
            assert status == 403, f"{where} {headers}: {status}"
    assert record(app) == before


@sqlite_only
def test_what_is_behind_the_door_is_kept_by_nobody(signed_in: As) -> None:
    client = signed_in("quantri").client
    for where in ("/desk", "/account", "/admin/people", "/admin/units"):
        answer = client.get(where)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Cookie" in answer.headers["Vary"]


@sqlite_only
def test_an_administrator_sees_only_the_people_of_the_own_office(
    office: Office, signed_in: As
) -> None:
    theirs = signed_in("quantri-tl")
    assert "thuky-tl" in theirs.get("accounts.people.index").text
    assert "chuyenvien" not in theirs.get("accounts.people.index").text
    theirs.get("accounts.people.person", person_id=office.people["thuky"], status=403)


def permissions_page() -> str:
    """Write the table of permissions as a page of the documentation."""
    roles = list(Role)
    lines = [
        "# Who may do what",
        "",
        "Made from `GRANTS` in `qms/accounts/rules.py` by `python -m tests.test_access`; a test",
        "compares them. A post allows these in its unit and the units below, down to but not",
        "into the next unit marked `office`. Services ask again in the transaction of each act.",
        "",
        "| permission | " + " | ".join(ROLE_WORDS[role] for role in roles) + " |",
        "|---" * (len(roles) + 1) + "|",
    ]
    for permission in sorted(Permission):
        ticks = ["✓" if permission in GRANTS[role] else "" for role in roles]
        lines.append(f"| `{permission.value}` | " + " | ".join(ticks) + " |")
    return "\n".join(lines) + "\n"


def test_the_page_about_permissions_tells_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == permissions_page()


if __name__ == "__main__":
    PAGE.write_text(permissions_page(), encoding="utf-8")
