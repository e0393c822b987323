"""Letters about changes: asked for, confirmed, one a day, and out with one press."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from qms import mail, settings
from qms.db import db, transaction
from qms.errors import InvalidError
from qms.following import rules, service
from qms.following.models import FollowAsk, Follower, Subscription
from qms.trail import Entry
from qms.units.queries import unit as unit_named
from tests.factories import Office
from tests.mailing import Box
from tests.pages import Browser
from tests.posting import LATER, Posting, procedure, world
from tests.when import MONDAY, Clock

BIRTH = "1.001193"
ADDRESS = "ba.hanh@example.com"


@pytest.fixture
def office(app: Flask) -> Office:
    with app.app_context(), transaction() as session:
        return world(session)


@pytest.fixture
def posting(app: Flask, office: Office, clock: Clock) -> Posting:
    made = Posting(app, office, clock)
    made.issue({BIRTH: procedure("Đăng ký khai sinh"), "3.1": procedure("Sổ đỏ", "Đất đai")})
    return made


def ask(
    client: FlaskClient, email: str = ADDRESS, field: str = "*", unit: str = "song-lo"
) -> int:
    """Ask for letters; return the status of the answer."""
    form = {"email": email, "field": field}
    return client.post(f"/b/{unit}/theo-doi", data=form).status_code


def follow(client: FlaskClient, box: Box, **asked: str) -> None:
    """Ask for letters and confirm it."""
    assert ask(client, **asked) == 303
    assert client.post(box.link()).status_code == 200


def remind(runner: FlaskCliRunner, status: int = 0) -> str:
    """Send the daily letters; return what the command says."""
    done = runner.invoke(args=["remind"])
    assert done.exit_code == status, (done.output, done.exception)
    return done.output


def held(app: Flask) -> tuple[int, int, int]:
    """Return how many followers, subscriptions and requests are kept."""
    with app.app_context():
        counts = [
            db.session.scalar(sa.select(sa.func.count()).select_from(each)) or 0
            for each in (Follower, Subscription, FollowAsk)
        ]
        db.session.rollback()
    return counts[0], counts[1], counts[2]


def test_nothing_is_sent_before_the_address_agrees_and_looking_at_the_link_is_no_yes(
    client: FlaskClient, browser: Browser, posting: Posting, box: Box, runner: FlaskCliRunner
) -> None:
    assert ask(client) == 303
    (question,) = box.letters
    assert question["To"] == ADDRESS
    assert question["From"] == "bang@songlo.example"
    assert question["Subject"] == "Xác nhận nhận thư: UBND xã Sông Lô"
    path = box.link()
    page = browser.open(path)
    assert page.one("button") == "Đồng ý nhận thư"
    posting.amend(BIRTH, procedure("Đăng ký khai sinh mới"))
    remind(runner)
    assert len(box.letters) == 1, "a scanner that opens links is no follower"

    answer = client.post(path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer.headers
    assert "Đã bật thư báo thay đổi" in browser.open(path).text
    remind(runner)
    assert len(box.letters) == 1, "what was signed before is no news"


def test_a_follower_is_told_once_a_day_when_something_is_signed_and_when_it_comes(
    client: FlaskClient, posting: Posting, box: Box, runner: FlaskCliRunner, clock: Clock
) -> None:
    follow(client, box)
    assert remind(runner) == "sent 0\n"
    posting.amend(BIRTH, procedure("Đăng ký khai sinh", summary="Bớt giấy."))
    assert remind(runner) == "sent 1\n"
    letter, said = box.letters[-1], box.text()
    assert letter["Subject"] == "1 thay đổi: UBND xã Sông Lô"
    assert "Từ 01/09/2026, thay đổi: Đăng ký khai sinh" in said
    assert "Bớt giấy." in said
    assert f"http://127.0.0.1:8000/b/song-lo/{BIRTH}?on=2026-09-01" in said
    posting.withdraw("3.1", MONDAY)
    assert remind(runner) == "sent 0\n", "one letter a day, however often it runs"

    clock.go(MONDAY + timedelta(days=1))
    assert remind(runner) == "sent 1\n"
    assert "Bãi bỏ: Sổ đỏ" in box.text()
    assert "khai sinh" not in box.text(), "what was told is not told again"
    clock.go(LATER)
    assert remind(runner) == "sent 1\n"
    assert "Thay đổi: Đăng ký khai sinh" in box.text()
    clock.go(LATER + timedelta(days=1))
    assert remind(runner) == "sent 0\n"


def test_one_press_in_the_mail_program_ends_all_and_deletes_the_address(
    app: Flask, client: FlaskClient, posting: Posting, box: Box, runner: FlaskCliRunner
) -> None:
    follow(client, box)
    follow(client, box, field="dat-dai")
    follow(client, box, unit="tan-lap")
    posting.amend(BIRTH, procedure("Đăng ký khai sinh mới"))
    remind(runner)
    letter = box.letters[-1]
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = letter["List-Unsubscribe"].strip("<>")
    assert address in box.text()
    path = address.removeprefix("http://127.0.0.1:8000")
    assert client.get(path).status_code == 200
    assert held(app)[:2] == (1, 3), "looking ends nothing"
    app.config["WTF_CSRF_ENABLED"] = True
    one_click = {"List-Unsubscribe": "One-Click"}
    assert client.post(path, data=one_click).status_code == 200
    assert held(app)[:2] == (0, 0)
    assert client.post(path, data=one_click).status_code == 200, "pressed twice is pressed once"
    assert client.get(path).status_code == 404


def test_one_of_several_things_followed_may_be_left_alone(
    app: Flask, browser: Browser, posting: Posting, box: Box, runner: FlaskCliRunner
) -> None:
    follow(browser.client, box)
    follow(browser.client, box, unit="tan-lap")
    posting.amend(BIRTH, procedure("Đăng ký khai sinh mới"))
    remind(runner)
    path = box.link()
    page = browser.open(path)
    assert page.all(".rows button") == ["Thôi nhận", "Thôi nhận"]
    (number, _) = page.attributes("input[name=only]", "value")
    left = browser.check(browser.client.post(path, data={"only": number}), 200)
    assert "UBND xã Tân Lập" in left.text
    assert held(app)[:2] == (1, 1)
    gone = browser.check(browser.client.post(path), 200)
    assert gone.one("h1") == "Đã thôi nhận thư"


def test_a_follower_of_several_boards_has_one_letter_about_all(
    client: FlaskClient, posting: Posting, box: Box, runner: FlaskCliRunner
) -> None:
    follow(client, box, field="dat-dai")
    follow(client, box, unit="tan-lap")
    posting.amend(BIRTH, procedure("Đăng ký khai sinh mới"))
    assert remind(runner) == "sent 0\n", "another field"
    posting.withdraw("3.1")
    posting.issue({"7.1": procedure("Của Tân Lập")}, MONDAY, owner="tan-lap")
    assert remind(runner) == "sent 1\n"
    said = box.text()
    assert "UBND XÃ SÔNG LÔ – ĐẤT ĐAI" in said
    assert "UBND XÃ TÂN LẬP" in said


def test_what_nobody_confirms_is_forgotten(
    app: Flask,
    client: FlaskClient,
    posting: Posting,
    box: Box,
    runner: FlaskCliRunner,
    clock: Clock,
) -> None:
    del posting
    assert ask(client) == 303
    path = box.link()
    assert held(app) == (1, 1, 1)
    clock.go(MONDAY + timedelta(days=rules.UNCONFIRMED_DAYS + 1))
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404
    assert "forgotten 1" in remind(runner)
    assert held(app) == (0, 0, 0)


def test_nobody_can_be_bombed_with_letters_nor_told_whether_an_address_follows(
    app: Flask, posting: Posting, box: Box, clock: Clock
) -> None:
    del posting
    answers = []
    for place in range(6):
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"10.0.0.{place}"
        form = {"email": ADDRESS.upper(), "field": "*"}
        answer = client.post("/b/song-lo/theo-doi", data=form)
        answers.append((answer.status_code, answer.location))
    assert len(box.letters) == rules.ASKS_AN_ADDRESS
    assert len(set(answers)) == 1, "whoever asks is told no difference"
    clock.at += timedelta(days=1, minutes=1)
    assert ask(app.test_client()) == 303
    assert len(box.letters) == rules.ASKS_AN_ADDRESS + 1


def test_one_place_can_not_ask_for_everybody(app: Flask, posting: Posting, box: Box) -> None:
    del posting
    client = app.test_client()
    found = [ask(client, f"nguoi{n}@example.com") for n in range(rules.ASKS_A_PLACE + 2)]
    assert found == [303] * rules.ASKS_A_PLACE + [429, 429]
    assert len(box.letters) == rules.ASKS_A_PLACE


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "khong-phai-thu",
        "a@b",
        "a@example.com\r\nBcc: het@example.com",
        "a@example.com\nSubject: x",
        "a@example.com,b@example.com",
        "<a@example.com>",
        '"a b"@example.com',
        "a@[127.0.0.1]",
        "a\x00@example.com",
        "é@example.com",
        "a" * 300 + "@example.com",
    ],
)
def test_a_hostile_address_is_refused_beside_its_field(
    app: Flask, browser: Browser, posting: Posting, box: Box, typed: str
) -> None:
    del posting
    form = {"email": typed, "field": "*"}
    page = browser.check(browser.client.post("/b/song-lo/theo-doi", data=form), 422)
    assert page.all("#email-wrong")
    assert box.letters == []
    assert held(app) == (0, 0, 0)


def test_no_header_of_a_letter_can_be_broken_open(app: Flask) -> None:
    app.config.update(MAIL_URL="smtp://127.0.0.1:1", MAIL_FROM="bang@songlo.example")
    with app.app_context():
        for to, subject in (("a@b.vn\nBcc: c@d.vn", "x"), ("a@b.vn", "x\r\nBcc: c@d.vn")):
            with pytest.raises(ValueError, match=r"linefeed|newline"):
                mail.written(mail.Letter(to, subject, "x"))


def test_a_letter_that_the_server_refuses_is_tried_again_and_the_address_is_not_lost(
    app: Flask, client: FlaskClient, posting: Posting, box: Box, runner: FlaskCliRunner
) -> None:
    follow(client, box)
    posting.withdraw("3.1", MONDAY)
    box.refuses = "452 no room"
    assert "sent 0" in remind(runner, status=1)
    box.refuses = ""
    assert remind(runner) == "sent 1\n"
    assert held(app)[:2] == (1, 1)


def test_a_letter_that_may_have_been_taken_is_not_sent_again_that_day_but_told_the_next(
    client: FlaskClient,
    posting: Posting,
    box: Box,
    runner: FlaskCliRunner,
    clock: Clock,
) -> None:
    follow(client, box)
    posting.withdraw("3.1", MONDAY)
    box.hangs = 1
    remind(runner, status=1)
    assert remind(runner) == "sent 0\n"
    clock.go(MONDAY + timedelta(days=1))
    assert remind(runner) == "sent 1\n"
    assert "Bãi bỏ: Sổ đỏ" in box.text()


def test_a_line_that_broke_is_opened_again_for_the_next_letter(
    client: FlaskClient, posting: Posting, box: Box, runner: FlaskCliRunner
) -> None:
    for who in ("mot@example.com", "hai@example.com"):
        follow(client, box, email=who)
    posting.withdraw("3.1", MONDAY)
    box.hangs = 1
    assert "sent 1" in remind(runner, status=1)
    assert box.letters[-1]["To"] == "hai@example.com"


def test_two_that_remind_at_once_send_one_letter(
    app: Flask, client: FlaskClient, posting: Posting, box: Box
) -> None:
    del posting
    follow(client, box)
    with app.app_context(), transaction() as session:
        number = session.scalars(sa.select(Follower.id)).one()
        assert service.claim(session, number, MONDAY, "x")
        assert not service.claim(session, number, MONDAY, "y")


def test_an_office_that_lost_its_key_still_sends_letters_with_a_way_out(
    app: Flask, client: FlaskClient, posting: Posting, box: Box, runner: FlaskCliRunner
) -> None:
    follow(client, box)
    app.secret_key = b"another key of this office, as long as the first"
    posting.withdraw("3.1", MONDAY)
    remind(runner)
    assert client.get(box.link()).status_code == 200
    assert client.post(box.link()).status_code == 200
    assert held(app)[:2] == (0, 0)


def test_the_database_keeps_no_secret_and_the_trail_no_address(
    app: Flask, client: FlaskClient, posting: Posting, box: Box, runner: FlaskCliRunner
) -> None:
    follow(client, box)
    asked = box.link().rpartition("/")[2]
    posting.withdraw("3.1", MONDAY)
    remind(runner)
    out = box.link().rpartition("/")[2]
    client.post(f"/theo-doi/thoi/{out}")
    follow(client, box)
    with app.app_context():
        rows = [
            str(value)
            for table in (Follower, Subscription, FollowAsk)
            for row in db.session.execute(sa.select(table.__table__))
            for value in row
        ]
        lines = db.session.scalars(sa.select(Entry)).all()
        told = [f"{each.action} {each.subject} {each.detail}" for each in lines]
    assert asked not in rows
    assert out not in rows
    assert rows.count(ADDRESS) == 1
    assert not [each for each in told if "example.com" in each or ADDRESS in each]
    assert [each for each in told if each.startswith("following.")] == [
        "following.confirmed unit/song-lo {}",
        "following.ended unit/song-lo {}",
        "following.confirmed unit/song-lo {}",
    ]


def test_where_no_mail_is_set_the_page_offers_the_feed_alone(
    browser: Browser, posting: Posting, runner: FlaskCliRunner
) -> None:
    del posting
    page = browser.get("following.letters.follow", unit="song-lo")
    assert "Cơ quan chưa mở gửi thư." in page.text
    assert page.all("form[method=post]") == []
    assert "feed.atom" in page.text
    assert ask(browser.client) == 422
    assert "QMS_MAIL_URL" in remind(runner)


def test_a_mail_server_that_is_away_says_so_and_nothing_is_lost(
    app: Flask, browser: Browser, posting: Posting
) -> None:
    del posting
    app.config.update(MAIL_URL="smtp://127.0.0.1:1", MAIL_FROM="bang@songlo.example")
    form = {"email": ADDRESS, "field": "*"}
    page = browser.check(browser.client.post("/b/song-lo/theo-doi", data=form), 503)
    assert "Máy chủ thư không nhận thư lúc này" in page.text
    assert page.attributes("#email", "value") == [ADDRESS]


def test_an_english_reader_has_english_letters(
    client: FlaskClient, posting: Posting, box: Box, runner: FlaskCliRunner
) -> None:
    form = {"email": ADDRESS, "field": "*"}
    assert client.post("/b/song-lo/theo-doi?lang=en", data=form).status_code == 303
    assert box.letters[-1]["Subject"] == "Confirm letters: UBND xã Sông Lô"
    client.post(box.link())
    posting.withdraw("3.1", MONDAY)
    remind(runner)
    assert "Withdrawn: Sổ đỏ" in box.text()


@pytest.mark.parametrize(
    ("url", "sender"),
    [("http://x", "a@b.vn"), ("smtp://", "a@b.vn"), ("smtp://x:y", "a@b.vn"), ("smtp://x", "")],
)
def test_mail_settings_that_can_not_be_used_are_named_without_their_password(
    app: Flask, url: str, sender: str
) -> None:
    with pytest.raises(InvalidError, match="QMS_MAIL"):
        settings.load(
            Flask("x"),
            {"DATA_DIR": app.config["DATA_DIR"], "MAIL_URL": url, "MAIL_FROM": sender},
        )


def test_a_unit_that_ended_still_lets_its_followers_go(
    app: Flask,
    client: FlaskClient,
    posting: Posting,
    box: Box,
    runner: FlaskCliRunner,
    clock: Clock,
) -> None:
    follow(client, box, unit="tan-lap")
    posting.end("tan-lap", date(2026, 8, 31), "song-lo")
    clock.go(LATER)
    assert remind(runner) == "sent 0\n"
    with app.app_context(), transaction() as session:
        assert unit_named(session, "tan-lap").last_day
        salt = session.scalars(sa.select(Follower.salt)).one()
        key = app.secret_key
        assert isinstance(key, bytes | str)
        out = service.way_out(key if isinstance(key, bytes) else key.encode(), salt)
    assert client.post(f"/theo-doi/thoi/{out}").status_code == 200
    assert held(app)[:2] == (0, 0)
