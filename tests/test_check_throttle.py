"""Guessing codes: who asks about too many that nobody knows has to wait; nobody else does."""

import string
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from qms.db import db, touch_if_possible, transaction
from qms.notices import checking, codes, sheets, stories, throttling
from qms.units.queries import unit
from tests.engines import counted, sqlite_only
from tests.posting import Posting, procedure, world
from tests.when import MONDAY, Clock

BIRTH = "1.001193"
NEIGHBOUR = {"REMOTE_ADDR": "10.0.0.2"}
WORDS = ("Mời đợi một phút", "Chưa biết")


@pytest.fixture
def posting(app: Flask, clock: Clock) -> Posting:
    with app.app_context(), transaction() as session:
        made = Posting(app, world(session), clock)
    made.issue({BIRTH: procedure("Đăng ký khai sinh")})
    return made


@pytest.fixture
def code(app: Flask, posting: Posting) -> str:
    """Return the code on a paper that holds."""
    del posting
    with app.app_context():
        session = db.session()
        told = stories.on_board(session, unit(session, "song-lo"), BIRTH, MONDAY)
        found = sheets.on_day(told, MONDAY)
        assert found is not None
        return codes.encode_sheet_code(told.unit.id, told.document.id, found.digest)


def unknown(number: int) -> str:
    return codes.new_copy_code(number.to_bytes(2) * codes.COPY_BYTES)


def rows(app: Flask) -> int:
    with app.app_context():
        return int(
            db.session.execute(sa.text("SELECT count(*) FROM unknown_code")).scalar_one()
        )


def guess(client: FlaskClient, times: int) -> list[TestResponse]:
    return [client.get(f"/k/{unknown(number)}") for number in range(times)]


def test_random_codes_are_refused_after_so_many_a_minute(
    app: Flask, client: FlaskClient, clock: Clock, code: str
) -> None:
    asked: list[str] = []

    def note(*given: object) -> None:
        asked.append(str(given[1]))

    found = guess(client, throttling.ALLOWED)
    assert {each.status_code for each in found} == {404}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(checking, "check", note)
        refused = guess(client, 50)
    assert {each.status_code for each in refused} == {429}
    assert not asked, "who has to wait is not even looked up"
    assert all(words in refused[0].text for words in WORDS)
    assert 0 < int(refused[0].headers["Retry-After"]) <= 60
    assert refused[0].headers["Cache-Control"] == "no-store"
    assert rows(app) == 1
    assert client.get(f"/k/{code}").status_code == 429, "else a yes could be told from a no"
    assert client.get(f"/k/{code}", environ_base=NEIGHBOUR).status_code == 200
    clock.at += timedelta(minutes=1)
    assert client.get(f"/k/{code}").status_code == 200


@sqlite_only
def test_of_ten_thousand_codes_in_a_minute_few_are_looked_up(app: Flask, clock: Clock) -> None:
    looked_up = 0
    with app.app_context():
        for _guess in range(10_000):
            if not throttling.wait(db.session(), "10.0.0.1", clock.at):
                looked_up += touch_if_possible(
                    lambda session: throttling.count(session, "10.0.0.1", clock.at)
                )
    assert looked_up == throttling.ALLOWED


def test_whoever_checks_what_hangs_is_never_kept_waiting(
    app: Flask, client: FlaskClient, code: str
) -> None:
    for _sheet in range(throttling.ALLOWED + 10):
        assert client.get(f"/k/{code}").status_code == 200
    assert rows(app) == 0


def test_several_workers_count_together_and_rows_do_not_grow(
    app: Flask, client: FlaskClient, clock: Clock, posting: Posting
) -> None:
    del posting
    with counted() as sent:
        guess(client, 1)
    assert not [each for each in sent if "trail" in each.lower()], "asking is no act"
    other = app.test_client()
    for _half in range(throttling.ALLOWED // 2):
        client.get("/k/AAAA")
        other.get("/k/AAAA")
    assert other.get("/k/AAAA").status_code == 429
    for minutes in (-70, 3, -1, 5_000):
        clock.at += timedelta(minutes=minutes)
        for number in range(5):
            client.get("/k/AAAA", environ_base={"REMOTE_ADDR": f"10.0.0.{number}"})
        assert rows(app) == 5, "only those of this minute are kept, wherever the clock goes"


@sqlite_only
def test_behind_a_proxy_it_is_the_browser_that_counts(
    app: Flask, posting: Posting, monkeypatch: pytest.MonkeyPatch
) -> None:
    del posting, monkeypatch
    client = app.test_client()
    for number in range(throttling.ALLOWED + 1):
        forged = {"X-Forwarded-For": f"9.9.9.{number}"}
        status = client.get("/k/AAAA", headers=forged).status_code
    assert status == 429, "without a trusted proxy nobody is believed"


@sqlite_only
def test_a_count_that_cannot_be_written_keeps_nobody_from_an_answer(
    app: Flask, client: FlaskClient, posting: Posting, monkeypatch: pytest.MonkeyPatch
) -> None:
    del posting

    def full(*_given: object) -> None:
        raise sa.exc.OperationalError("UPDATE", {}, Exception("disk full"))

    monkeypatch.setattr(throttling, "count", full)
    assert {each.status_code for each in guess(client, 3)} == {404}
    assert rows(app) == 0


HOSTILE = (
    "%00",
    "A%00B",
    "A" * 4_000,
    "%F0%9F%92%A9" * 50,
    "%E2%80%AE%C4%90%C4%91",
    "%C5%BF%C4%B1%EF%BC%91",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "..%2f..%2fetc%2fpasswd",
    "%27%20OR%201=1--",
    "{{7*7}}",
    "%ff%fe",
    "%0d%0aSet-Cookie:x=1",
)


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_codes_are_unknown_and_nothing_more(
    client: FlaskClient, posting: Posting, typed: str
) -> None:
    del posting
    answer = client.get(f"/k/{typed}")
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text
    assert "\0" not in answer.text
    assert "Set-Cookie" not in answer.headers
    assert len(answer.text) < 10_000, "what was typed is not sent back whole"
    asked = client.get(f"/k?k={typed}")
    assert asked.status_code in {200, 303}


@given(st.integers(0, 2**65 - 1), st.data())
def test_a_slip_of_one_character_is_no_code(number: int, data: st.DataObject) -> None:
    good = codes.new_copy_code((number << 7).to_bytes(codes.COPY_BYTES))
    at = data.draw(st.sampled_from([i for i, each in enumerate(good) if each != "-"]))
    wrong = data.draw(st.sampled_from([c for c in codes.ALPHABET if c != good[at]]))
    found = codes.decode(good[:at] + wrong + good[at + 1 :])
    assert found is None or isinstance(found, codes.SheetCode)
    assert not isinstance(found, codes.CopyCode)


def test_a_slip_tells_nothing_of_the_code_that_was_meant(
    client: FlaskClient, clock: Clock, code: str
) -> None:
    for at, right in enumerate(code):
        if right == "-":
            continue
        for wrong in {"0", "9", "Z", "7"} - {right}:
            clock.at += timedelta(minutes=1)
            answer = client.get(f"/k/{code[:at]}{wrong}{code[at + 1 :]}")
            assert answer.status_code == 404
            assert code not in answer.text
            assert "khai sinh" not in answer.text


@given(st.text(string.printable + "ĐßſıÅ１", max_size=60))
def test_any_text_is_a_code_with_right_check_characters_or_none(typed: str) -> None:
    read = codes.decode(typed)
    if isinstance(read, codes.CopyCode):
        assert codes.decode(read.code) == read
    else:
        assert read is None or len(read.prefix) >= 8


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("unix:", ""),
        ("", ""),
    ],
)
def test_one_subscriber_is_counted_as_one(address: str, counted_as: str) -> None:
    assert throttling.whose(address) == counted_as
