"""Whoever watches the server learns whether it lives and whether it can serve."""

from flask.testing import FlaskClient
from sqlalchemy import text

from qms.db import transaction


def test_a_running_server_says_so(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200


def test_a_server_without_its_tables_lives_but_is_not_ready(client: FlaskClient) -> None:
    with client.application.app_context(), transaction() as session:
        session.execute(text("ALTER TABLE trail RENAME TO elsewhere"))

    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
