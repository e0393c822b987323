"""What a screen is told, what the office knows of it, and that no draft gets there."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from qms.db import db, transaction
from qms.documents.timeline import Action
from qms.kiosk import content, service
from qms.kiosk.models import Screen
from qms.units.queries import unit
from qms.units.rules import Level
from tests.engines import sqlite_only
from tests.factories import Office
from tests.pages import Browser
from tests.people import As
from tests.posting import FOR_COMMUNES, LATER, Posting, directly, priced, procedure, world
from tests.when import MONDAY, Clock

BIRTH = "1.001193"
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def office(app: Flask) -> Office:
    with app.app_context(), transaction() as session:
        return world(session)


@pytest.fixture
def posting(app: Flask, office: Office, clock: Clock) -> Posting:
    made = Posting(app, office, clock)
    made.issue({BIRTH: procedure("Đăng ký khai sinh"), "2.1": procedure("Đăng ký kết hôn")})
    return made


@pytest.fixture
def told(client: FlaskClient) -> Callable[..., Any]:
    """Ask for something that a screen asks for."""

    def ask(what: str, status: int = 200) -> Any:  # noqa: ANN401 - whatever the JSON holds
        answer = client.get(f"/kiosk/{what}")
        assert answer.status_code == status, answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        return answer.json if status == 200 else None

    return ask


def everything(told: Callable[..., Any], where: str = "song-lo") -> str:
    board = told(f"{where}/content")
    parts = [told(f"{where}/notices/{part}")["notices"] for part in range(board["parts"])]
    return json.dumps([board, parts], ensure_ascii=False)


def test_a_screen_is_told_the_board_and_each_notice_of_today(
    posting: Posting, told: Callable[..., Any]
) -> None:
    posting.amend(BIRTH, procedure("Đăng ký khai sinh", summary="Bớt giấy tờ"), MONDAY)
    posting.withdraw("2.1", TUESDAY)
    board = told("song-lo/content")
    assert [each["title"] for each in board["procedures"]] == [
        "Đăng ký kết hôn",
        "Đăng ký khai sinh",
    ]
    assert board["fields"] == [{"name": "Hộ tịch", "count": 2}]
    words = [(each["title"], each["words"], each["summary"]) for each in board["changes"]]
    assert ("Đăng ký khai sinh", "Đã thay đổi từ 03/08/2026", "Bớt giấy tờ") in words
    assert ("Đăng ký kết hôn", "Sắp bãi bỏ, từ 04/08/2026", "") in words
    part = told("song-lo/notices/0")
    assert part["version"] == board["version"] == told("song-lo/state")["version"]
    html = part["notices"]["1.001193"]["html"]
    for question in ("Cần mang gì?", "Bao lâu?", "Bao nhiêu tiền?", "Nộp ở đâu?", "Mẫu nào?"):
        assert question in html
    assert "8.000 đồng" in html
    assert "<a " not in html, "there is nowhere to go from a screen"
    assert "bị bãi bỏ" in part["notices"]["2.1"]["html"]


def test_no_draft_reaches_a_screen(posting: Posting, told: Callable[..., Any]) -> None:
    before = everything(told)
    posting.draft({"9.1": (Action.ISSUE, procedure("Chưa ký"))})
    posting.draft({BIRTH: (Action.AMEND, procedure("Cũng chưa ký"))})
    assert everything(told) == before


def test_another_version_tells_of_all_that_may_change_a_board(
    posting: Posting, told: Callable[..., Any]
) -> None:
    known = {told("song-lo/state")["version"]}

    def is_another() -> bool:
        before = len(known)
        known.add(told("song-lo/state")["version"])
        return len(known) > before

    posting.amend(BIRTH, procedure("Đăng ký khai sinh mới"))
    assert is_another(), "a signature for a day to come"
    posting.issue({"3.1": procedure("Của tỉnh", **FOR_COMMUNES)}, owner="phu-tho")
    assert is_another(), "a signature of the province"
    posting.end("tan-lap", LATER)
    assert is_another(), "the end of a unit"
    posting.clock.go(TUESDAY)
    assert is_another(), "a new day"
    posting.clock.at += timedelta(minutes=5)
    assert not is_another(), "time alone is no change"


def test_a_new_day_brings_the_fees_of_that_day(
    posting: Posting, told: Callable[..., Any]
) -> None:
    fees = (priced(5_000, last=MONDAY), priced(7_000, first=TUESDAY))
    posting.issue({"4.1": procedure("Chứng thực", methods=directly(*fees))})
    assert "5.000 đồng" in told("song-lo/notices/0")["notices"]["4.1"]["html"]
    posting.clock.go(TUESDAY, hour=0)
    assert "7.000 đồng" in told("song-lo/notices/0")["notices"]["4.1"]["html"]


def test_the_state_says_time_day_and_how_long_it_lasts(
    posting: Posting, told: Callable[..., Any]
) -> None:
    posting.clock.go(MONDAY, hour=23)
    posting.clock.at += timedelta(minutes=59, seconds=50)
    state = told("song-lo/state?echo=abc")
    assert (state["time"], state["day"], state["left"]) == ("23:59", "thứ Hai, 03/08/2026", 10)
    assert state["echo"] == "abc", "an answer kept on the way proves nothing"
    assert state["open"] is True


def test_a_unit_that_ended_has_nothing_to_show(
    browser: Browser, posting: Posting, told: Callable[..., Any]
) -> None:
    posting.end("tan-lap", MONDAY, "song-lo")
    posting.clock.go(TUESDAY)
    assert told("tan-lap/state")["open"] is False
    told("tan-lap/content", status=404)
    assert "Mời ông, bà đến" in browser.get("kiosk.show", unit="tan-lap").text


@sqlite_only
def test_an_address_that_nobody_gave_opens_nothing(
    browser: Browser, posting: Posting, told: Callable[..., Any]
) -> None:
    del posting
    browser.get("kiosk.show", unit="khong-co", status=404)
    browser.get("kiosk.screen", unit="song-lo", screen="0" * 20, status=404)
    told("song-lo/0000/state", status=404)
    assert told("song-lo/notices/999")["notices"] == {}


@sqlite_only
def test_a_page_without_its_module_sends_people_to_the_counter(
    browser: Browser, posting: Posting
) -> None:
    posting.heading(
        "song-lo", MONDAY, Level.COMMUNE, name="UBND xã Sông Lô", seat="Thôn 1", phone="0210"
    )
    page = browser.get("kiosk.show", unit="song-lo")
    assert "Mời ông, bà đến Thôn 1" in page.text
    assert "0210" in page.text
    assert "Đăng ký khai sinh" not in page.html
    english = browser.get("kiosk.show", unit="song-lo", lang="en")
    assert english.attributes("html", "lang") == ["en"]


def test_the_office_sees_what_each_of_its_screens_shows(
    app: Flask, posting: Posting, signed_in: As, told: Callable[..., Any]
) -> None:
    staff = signed_in("chuyenvien")
    assert "Chưa có màn hình nào" in staff.get("kiosk.screens.index").text
    page = staff.post(
        "kiosk.screens.set_up",
        {"name": "Sảnh tầng 1", "counter": "Quầy số 1", "unit": str(_unit(app, "song-lo"))},
        status=303,
    )
    assert page.one("h1") == "Sảnh tầng 1"
    assert "Chưa mở lần nào" in page.text
    where = next(link for link in page.attributes("main a", "href") if "/kiosk/" in link)
    shell = staff.open(where)
    assert "Mời ông, bà đến Quầy số 1" in shell.text

    version = told("song-lo/state")["version"]
    ask = f"{where.removeprefix('/kiosk/')}/state"
    told(f"{ask}?shown={version}")
    assert "Nội dung mới nhất" in staff.get("kiosk.screens.index").text
    assert "lúc 09:00, 03/08/2026" in staff.get("kiosk.screens.index").text
    told(f"{ask}?shown=neutral")
    assert "hiện trang mời đến quầy" in staff.get("kiosk.screens.index").text
    assert "Chưa đúng bản mới nhất" in staff.get("kiosk.screens.index").text
    told(f"{ask}?shown={version}")
    posting.amend(BIRTH, procedure("Đăng ký khai sinh mới"))
    assert "Chưa đúng bản mới nhất" in staff.get("kiosk.screens.index").text
    posting.clock.at += timedelta(minutes=11)
    assert "Im lặng, không hiện nội dung" in staff.get("kiosk.screens.index").text

    gone = staff.post("kiosk.screens.take_away", {}, status=303, screen_id=1)
    assert "Sảnh tầng 1" not in gone.text
    told(ask, status=404)


def _unit(app: Flask, slug: str) -> int:
    with app.app_context():
        return unit(db.session(), slug).id


@pytest.fixture
def screen(app: Flask, posting: Posting) -> str:
    """Set a screen up; give its address below /kiosk/."""
    with app.app_context(), transaction() as session:
        made = service.set_up(
            session,
            posting.act("thuky"),
            unit(session, "song-lo"),
            name="Sảnh",
            counter="",
            random=bytes(range(10)),
        )
        return f"song-lo/{made.token}"


def _heard(app: Flask) -> tuple[Any, str]:
    with app.app_context():
        found = db.session.get_one(Screen, 1)
        return found.asked_at, found.shown


def test_asking_is_noted_once_a_minute_and_leaves_no_line_in_the_trail(
    app: Flask, clock: Clock, screen: str, told: Callable[..., Any]
) -> None:
    with app.app_context():
        before = db.session.execute(sa.text("SELECT count(*) FROM trail")).scalar_one()
    noted = set()
    for _half_minute in range(4):
        told(f"{screen}/state?shown=abc")
        noted.add(_heard(app))
        clock.at += timedelta(seconds=30)
    assert len(noted) == 2
    told(f"{screen}/state?shown={'x' * 500}")
    assert _heard(app)[1] == "x" * 16
    with app.app_context():
        after = db.session.execute(sa.text("SELECT count(*) FROM trail")).scalar_one()
    assert after == before


@sqlite_only
def test_a_screen_is_answered_though_nothing_can_be_written(
    app: Flask, screen: str, told: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object) -> None:
        raise sa.exc.OperationalError("UPDATE", {}, Exception("disk full"))

    monkeypatch.setattr(service, "heard", full)
    assert told(f"{screen}/state?shown=abc")["version"]
    assert _heard(app) == (None, "")


@sqlite_only
def test_only_those_who_look_after_what_hangs_set_screens_up_and_only_at_home(
    app: Flask, posting: Posting, signed_in: As
) -> None:
    del posting
    form = {"name": "Sảnh", "counter": "", "unit": str(_unit(app, "tan-lap"))}
    page = signed_in("thuky").post("kiosk.screens.set_up", form, status=422)
    assert "Hãy chọn một mục trong danh sách" in page.text
    empty = {"name": " ", "counter": "", "unit": str(_unit(app, "song-lo"))}
    assert (
        "Chưa điền ô này"
        in signed_in("thuky").post("kiosk.screens.set_up", empty, status=422).text
    )


def test_a_part_costs_the_same_however_many_notices_it_has(
    app: Flask, posting: Posting, client: FlaskClient
) -> None:
    def asked() -> int:
        with app.app_context():
            engine = db.engine
        seen: list[str] = []

        def note(*given: Any) -> None:  # noqa: ANN401 - as SQLAlchemy calls it
            seen.append(given[2])

        sa.event.listen(engine, "before_cursor_execute", note)
        assert client.get("/kiosk/song-lo/notices/0").status_code == 200
        sa.event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    asked()
    few = asked()
    posting.issue({f"5.{n}": procedure(f"Thủ tục {n}") for n in range(content.PART)})
    assert asked() == few
