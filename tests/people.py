"""Fixtures: an office with its people, and a browser for each of them."""

from collections.abc import Callable

import pytest
from flask import Flask

from qms.accounts import sign_in_service
from qms.db import transaction
from qms.trail import Act, Via
from tests import factories
from tests.factories import Office
from tests.pages import Browser
from tests.when import Clock

As = Callable[[str], Browser]
"""Gives the browser of an account, signed in; of "" nobody's."""


@pytest.fixture
def office(app: Flask) -> Office:
    """Make two offices with their people."""
    with app.app_context(), transaction() as session:
        return factories.office(session)


@pytest.fixture
def signed_in(app: Flask, office: Office, clock: Clock) -> As:
    """Sign people in without the page, whose slow password check other tests look at."""

    def browser(account: str) -> Browser:
        client = app.test_client()
        if account:
            act = Act(None, clock.at, clock.at.date(), Via.WEB)
            with app.app_context(), transaction() as session:
                secret = sign_in_service.begin(
                    session, act, office.people[account], agent="test"
                )
            with client.session_transaction() as cookie:
                cookie["_user_id"] = secret
                cookie["_fresh"] = True
        return Browser(client)

    return browser
