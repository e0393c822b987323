"""The door: who gets in, how often one may try, and what is not lost on the way."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from qms.accounts import passwords, queries, rules, service
from qms.db import transaction
from qms.errors import InvalidError
from qms.web import kept
from tests.engines import sqlite_only
from tests.factories import PASSWORD, Office, password_hash
from tests.pages import Browser, Page
from tests.people import As
from tests.when import Clock

HOME = {"Origin": "http://localhost"}
WRONG = "không phải mật khẩu này"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let accounts that do not exist answer as fast as those of the tests."""
    monkeypatch.setattr(passwords, "_NOBODY", password_hash())


def enter(client: FlaskClient, account: str, password: str, **more: str) -> Page:
    answer = client.post("/sign-in", data={"account": account, "password": password, **more})
    return Page(answer.status_code, answer.text, answer.location or "")


@pytest.mark.usefixtures("office")
def test_who_knows_the_password_gets_to_the_desk(browser: Browser) -> None:
    page = browser.sign_in("thuky", PASSWORD)
    assert page.one("h1") == "Việc của tôi"
    assert "Nguyễn Thị Hạnh" in page.one("header")


@sqlite_only
@pytest.mark.usefixtures("office")
@pytest.mark.parametrize("typed", ["THUKY", " thuky ", "thuky\u200b"])
def test_the_account_is_found_however_it_is_typed(client: FlaskClient, typed: str) -> None:
    assert enter(client, typed, PASSWORD).status == 303


@sqlite_only
@pytest.mark.usefixtures("office")
def test_a_wrong_password_and_an_unknown_account_are_told_alike(client: FlaskClient) -> None:
    known, unknown = enter(client, "thuky", WRONG), enter(client, "nobody", WRONG)
    assert known.status == unknown.status == 422
    assert known.all(".field-wrong") == unknown.all(".field-wrong")
    assert "Còn 4 lần thử" in known.one(".field-wrong")
    assert known.attributes("#account", "value") == ["thuky"], "what was typed is kept"
    assert WRONG not in known.html


@pytest.mark.usefixtures("office")
def test_after_five_failures_an_account_waits_and_is_told_how_long(
    client: FlaskClient, clock: Clock
) -> None:
    for _ in range(rules.FAILURES_ALLOWED):
        assert enter(client, "thuky", WRONG).status == 422
    page = enter(client, "thuky", PASSWORD)
    assert page.status == 429
    assert "15 phút" in page.one(".field-wrong")
    assert enter(client, "lanhdao", PASSWORD).status == 303, "others are not kept waiting"
    clock.at += timedelta(minutes=15)
    assert enter(client, "thuky", PASSWORD).status == 303


@sqlite_only
@pytest.mark.usefixtures("office")
def test_an_unknown_account_waits_like_a_known_one(client: FlaskClient) -> None:
    for _ in range(rules.FAILURES_ALLOWED):
        enter(client, "nobody", WRONG)
    assert enter(client, "nobody", WRONG).status == 429


@sqlite_only
@pytest.mark.usefixtures("office", "quick")
def test_an_address_that_tries_many_accounts_waits(client: FlaskClient) -> None:
    for number in range(rules.ADDRESS_FAILURES_ALLOWED):
        assert enter(client, f"nguoi{number}", WRONG).status == 422
    assert enter(client, "thuky", PASSWORD).status == 429


@sqlite_only
@pytest.mark.usefixtures("office")
def test_getting_in_forgets_the_failures_before_it(client: FlaskClient) -> None:
    for _ in range(2):
        for _ in range(rules.FAILURES_ALLOWED - 1):
            enter(client, "thuky", WRONG)
        assert enter(client, "thuky", PASSWORD).status == 303


@sqlite_only
@pytest.mark.parametrize("data", [{}, {"account": "thuky"}, {"password": PASSWORD}])
@pytest.mark.usefixtures("office")
def test_half_a_form_is_answered_beside_the_field(
    client: FlaskClient, data: dict[str, str]
) -> None:
    answer = client.post("/sign-in", data=data)
    assert answer.status_code == 422
    assert "Chưa điền ô này." in answer.text


@sqlite_only
@pytest.mark.usefixtures("office")
@pytest.mark.parametrize("odd", ["\x00", "\ud800", "a" * 60 + "\u0301", "' OR 1=1 --", "%"])
def test_odd_accounts_are_only_wrong(client: FlaskClient, odd: str) -> None:
    data = {"account": odd.encode("utf-8", "surrogatepass"), "password": WRONG}
    assert client.post("/sign-in", data=data).status_code == 422


def test_signing_out_ends_the_session_on_the_server(signed_in: As) -> None:
    browser = signed_in("thuky")
    cookie = browser.client.get_cookie("qms")
    assert cookie is not None
    browser.post("accounts.sign_out", {}, status=303)
    browser.client.set_cookie("qms", cookie.value)
    assert browser.client.get("/desk").status_code == 303, "the old cookie opens nothing"


@sqlite_only
@pytest.mark.usefixtures("office")
def test_nothing_planted_before_signing_in_lives_on(client: FlaskClient) -> None:
    client.get("/sign-in")
    with client.session_transaction() as cookie:
        cookie["csrf_token"] = "planted"
        cookie["_user_id"] = "planted"
    assert enter(client, "thuky", PASSWORD).status == 303
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != "planted"
        assert cookie.get("csrf_token") != "planted"


@sqlite_only
def test_a_session_ends_when_unused_and_after_its_hours(signed_in: As, clock: Clock) -> None:
    client = signed_in("thuky").client
    for _ in range(12):
        clock.at += timedelta(minutes=50)
        assert client.get("/desk").status_code == 200
    clock.at += timedelta(minutes=1)
    assert client.get("/desk").status_code == 303, "ten hours are over"
    client = signed_in("thuky").client
    clock.at += timedelta(minutes=61)
    assert client.get("/desk").status_code == 303, "an hour unused"


@sqlite_only
def test_a_closed_account_is_out_at_once_and_stays_out(
    app: Flask, office: Office, signed_in: As, client: FlaskClient
) -> None:
    theirs = signed_in("chuyenvien").client
    signed_in("quantri").post(
        "accounts.people.close", {}, person_id=office.people["chuyenvien"], status=303
    )
    assert theirs.get("/desk").status_code == 303
    page = enter(client, "chuyenvien", PASSWORD)
    assert page.status == 422
    assert "chưa đúng" in page.one(".field-wrong"), "nothing is told about the account"
    assert app.test_client().get("/sign-in").status_code == 200


# ---- Where one is sent afterwards ----


@sqlite_only
@pytest.mark.usefixtures("office")
def test_one_gets_where_one_wanted_to_go(client: FlaskClient) -> None:
    sent = client.get("/account?lang=vi").location
    assert sent == "/sign-in?next=/account?lang%3Dvi"
    page = client.get(sent)
    (wanted,) = Page(200, page.text).attributes("input[name=next]", "value")
    assert enter(client, "thuky", PASSWORD, next=wanted).address == "/account?lang=vi"


HOSTILE = (
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https://evil.example/desk",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " /desk",
    "/desk\r\nSet-Cookie: a=b",
    "/%2F/evil.example\\",
    "http:///desk",
    "desk",
    "/no-such-page",
    "/sign-out",
    "/admin/people/1/close",
    "/sign-in",
    "/desk" + "?" + "x" * 2001,
)


@sqlite_only
@pytest.mark.usefixtures("office")
def test_nobody_is_sent_to_another_site(client: FlaskClient, app: Flask) -> None:
    for hostile in HOSTILE:
        with app.test_request_context():
            assert kept.own_address(hostile) == "", hostile
        page = client.get("/sign-in", query_string={"next": hostile})
        assert Page(200, page.text).attributes("input[name=next]", "value") == [""], hostile
    assert enter(client, "thuky", PASSWORD, next="//evil.example").address == "/desk"


# ---- What was typed is not lost ----

TYPED = {"name": "UBND xã “Sông Lô”", "feedback": "Dòng một\n  dòng hai <b>&", "level": "xa"}


@sqlite_only
@pytest.mark.usefixtures("office")
def test_a_save_without_a_session_keeps_every_word_and_is_offered_again(
    app: Flask, client: FlaskClient
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    where = "/admin/units/song-lo/headings/new?from=x"
    answer = client.post(where, data={**TYPED, "password": "secret words"}, headers=HOME)
    assert answer.status_code == 401
    page = Page(401, answer.text)
    page.check()
    assert "nội dung đã ghi còn nguyên" in page.text
    assert "secret words" not in page.html
    form = {"account": "thuky", "password": PASSWORD, "next": ""}
    for name in ("kept", "csrf_token"):
        (form[name],) = page.attributes(f"form input[name={name}]", "value")
    after = client.post("/sign-in", data=form, headers=HOME)
    assert after.status_code == 200
    offered = Page(200, after.text)
    offered.check()
    assert offered.attributes("main form", "action") == [where]
    names = offered.attributes("main form input", "name")
    values = offered.attributes("main form input", "value")
    again = dict(zip(names, values, strict=True))
    assert {name: again[name] for name in TYPED} == TYPED
    assert "password" not in again
    final = client.post(where, data={**again, "from_day": "01/09/2026"}, headers=HOME)
    assert final.status_code == 303, "the fresh token is good"


@sqlite_only
@pytest.mark.usefixtures("office")
def test_a_wrong_password_on_the_way_loses_no_word_either(client: FlaskClient) -> None:
    answer = client.post("/admin/units/new", data=TYPED, headers=HOME)
    (sealed,) = Page(401, answer.text).attributes("input[name=kept]", "value")
    page = enter(client, "thuky", WRONG, kept=sealed)
    assert page.attributes("input[name=kept]", "value") == [sealed]


@sqlite_only
def test_a_stale_token_keeps_every_word(app: Flask, signed_in: As) -> None:
    client = signed_in("thuky").client
    app.config["WTF_CSRF_ENABLED"] = True
    where = "/admin/units/song-lo/headings/new"
    answer = client.post(where, data={**TYPED, "csrf_token": "stale"}, headers=HOME)
    assert answer.status_code == 400
    page = Page(400, answer.text)
    page.check()
    names = page.attributes("main form input", "name")
    again = dict(zip(names, page.attributes("main form input", "value"), strict=True))
    assert {name: again[name] for name in TYPED} == TYPED
    good = client.post(where, data={**again, "from_day": "01/09/2026"}, headers=HOME)
    assert good.status_code == 303


@sqlite_only
@pytest.mark.usefixtures("office")
def test_nobody_else_can_put_words_into_a_form_that_is_offered(client: FlaskClient) -> None:
    for forged in ("x", '["https://evil.example",[["a","b"]],false]', "W10.x"):
        assert enter(client, "thuky", PASSWORD, kept=forged).address == "/desk"
    client.post("/sign-out")
    unproved = client.post("/admin/units/new", data=TYPED)
    assert Page(401, unproved.text).attributes("input[name=kept]", "value") == [""]


@sqlite_only
@pytest.mark.usefixtures("office")
def test_too_much_to_keep_is_said_to_be_lost(client: FlaskClient) -> None:
    answer = client.post("/admin/units/new", data={"name": "x" * kept.MOST}, headers=HOME)
    assert answer.status_code == 401
    assert "còn nguyên" not in answer.text


# ---- Passwords ----


def first_link(app: Flask, office: Office, clock: Clock, account: str) -> str:
    with app.app_context(), transaction() as session:
        act = office.act("quantri", clock.at, clock.at.date())
        user = queries.person(session, office.people[account])
        return service.link(session, act, user)


def test_a_link_sets_a_password_once(
    app: Flask, office: Office, clock: Clock, browser: Browser
) -> None:
    secret = first_link(app, office, clock, "thuky")
    browser.get("accounts.first_password", secret=secret)
    new = {"password": "một câu hoàn toàn mới", "again": "một câu hoàn toàn mới"}
    page = browser.post("accounts.set_first_password", new, secret=secret, status=303)
    assert "Đã đặt mật khẩu" in page.text
    assert enter(browser.client, "thuky", PASSWORD).status == 422, "the old one is gone"
    assert enter(browser.client, "thuky", new["password"]).status == 303
    browser.get("accounts.first_password", secret=secret, status=403)
    browser.post("accounts.set_first_password", new, secret=secret, status=403)


@sqlite_only
def test_a_link_lapses_with_time_with_the_next_one_and_with_the_account(
    app: Flask, office: Office, clock: Clock, browser: Browser, signed_in: As
) -> None:
    first = first_link(app, office, clock, "thuky")
    second = first_link(app, office, clock, "thuky")
    browser.get("accounts.first_password", secret=first, status=403)
    clock.at += timedelta(hours=rules.LINK_HOURS, seconds=1)
    browser.get("accounts.first_password", secret=second, status=403)
    third = first_link(app, office, clock, "thuky")
    signed_in("quantri").post(
        "accounts.people.close", {}, person_id=office.people["thuky"], status=303
    )
    browser.get("accounts.first_password", secret=third, status=403)


@sqlite_only
@pytest.mark.parametrize(
    ("password", "again", "says"),
    [
        ("ngắn", "ngắn", "ít nhất 12"),
        ("tên tôi là thuky nhé", "tên tôi là thuky nhé", "tên đăng nhập"),
        ("matkhau12345", "matkhau12345", "dễ đoán"),
        ("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "dễ đoán"),
        ("một câu dài và tốt", "một câu dài và khác", "phải giống nhau"),
        ("x" * 129, "x" * 129, "128"),
    ],
)
def test_a_poor_password_is_refused_and_the_link_stays_good(
    app: Flask,
    office: Office,
    clock: Clock,
    browser: Browser,
    password: str,
    again: str,
    says: str,
) -> None:
    secret = first_link(app, office, clock, "thuky")
    form = {"password": password, "again": again}
    page = browser.post("accounts.set_first_password", form, secret=secret, status=422)
    assert says in page.text
    assert page.attributes("input[type=password]", "value") == ["", ""]
    browser.get("accounts.first_password", secret=secret)


def test_another_password_ends_the_other_sessions(signed_in: As) -> None:
    here, elsewhere = signed_in("thuky"), signed_in("thuky")
    form = {"old": PASSWORD, "password": "câu mới dài hơn", "again": "câu mới dài hơn"}
    wrong = here.post("accounts.change_password", {**form, "old": WRONG}, status=422)
    assert "Mật khẩu đang dùng chưa đúng" in wrong.text
    same = {"old": PASSWORD, "password": PASSWORD, "again": PASSWORD}
    here.post("accounts.change_password", same, status=422)
    assert elsewhere.client.get("/desk").status_code == 200
    here.post("accounts.change_password", form, status=303)
    assert here.client.get("/desk").status_code == 200
    assert elsewhere.client.get("/desk").status_code == 303


@sqlite_only
def test_guessing_the_old_password_makes_one_wait_too(signed_in: As) -> None:
    here = signed_in("thuky")
    form = {"old": WRONG, "password": "câu mới dài hơn", "again": "câu mới dài hơn"}
    for _ in range(rules.FAILURES_ALLOWED):
        here.post("accounts.change_password", form, status=422)
    page = here.post("accounts.change_password", {**form, "old": PASSWORD}, status=403)
    assert "15 phút" in page.text


@sqlite_only
@pytest.mark.usefixtures("quick")
def test_strangers_at_the_door_keep_nobody_from_the_second_look(
    client: FlaskClient, office: Office, signed_in: As
) -> None:
    here = signed_in("thuky")
    for account in ("thuky", f"PERSON/{office.people['thuky']}"):
        for _ in range(rules.FAILURES_ALLOWED):
            assert enter(client, account, WRONG).status == 422
    for number in range(rules.ADDRESS_FAILURES_ALLOWED - 2 * rules.FAILURES_ALLOWED):
        enter(client, f"nguoi{number}", WRONG)
    assert enter(client, "lanhdao", PASSWORD).status == 429, "the address has to wait"
    form = {"old": PASSWORD, "password": "câu mới dài hơn", "again": "câu mới dài hơn"}
    here.post("accounts.change_password", form, status=303)


@sqlite_only
def test_second_looks_that_fail_keep_nobody_from_the_door(
    client: FlaskClient, signed_in: As
) -> None:
    form = {"old": WRONG, "password": "câu mới dài hơn", "again": "câu mới dài hơn"}
    here = signed_in("thuky")
    for _ in range(rules.FAILURES_ALLOWED):
        here.post("accounts.change_password", form, status=422)
    assert enter(client, "thuky", PASSWORD).status == 303
    here.post("accounts.change_password", {**form, "old": PASSWORD}, status=403)


def test_one_can_sign_out_everywhere(signed_in: As) -> None:
    here, elsewhere = signed_in("thuky"), signed_in("thuky")
    assert len(here.get("accounts.own").all("section[aria-labelledby=open] tbody tr")) == 2
    here.post("accounts.sign_out_everywhere", {}, status=303)
    assert here.client.get("/desk").status_code == 303
    assert elsewhere.client.get("/desk").status_code == 303


@given(st.text(max_size=140))
def test_a_password_that_is_taken_is_long_and_not_the_account(password: str) -> None:
    try:
        rules.check_password(password, "thuky")
    except InvalidError:
        return
    assert rules.PASSWORD_LENGTH <= len(password) <= rules.PASSWORD_MOST
    assert "thuky" not in password.lower()


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36", "Chrome, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Edg/130.0", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 14) Firefox/131.0", "Firefox, Android"),
        ("Mozilla/5.0 (iPhone; Mac OS X) Safari/604.1", "Safari, iPhone"),
        ("curl/8", ""),
    ],
)
def test_a_browser_is_named_in_two_words(agent: str, words: str) -> None:
    assert rules.browser_words(agent) == words
