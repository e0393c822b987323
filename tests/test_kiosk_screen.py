"""The touch screen itself, in a real browser whose clocks can be set: people, idleness, outages."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Final

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import ConsoleMessage, Page, ViewportSize, expect

from qms.db import transaction
from qms.kiosk import service
from qms.kiosk.rules import IDLE_SECONDS, STALE_SECONDS, WARN_SECONDS
from qms.units.queries import unit
from tests.engines import sqlite_only
from tests.factories import Office
from tests.posting import LATER, Posting, procedure, world
from tests.servers import accessible, served
from tests.when import MONDAY, Clock

BIRTH: Final = "1.001193"
HALL: Final[ViewportSize] = {"width": 1080, "height": 1920}
DAY: Final = 24 * 3600
PATIENCE: Final = 20_000
"""Milliseconds until a busy machine must have shown something."""
CLOCKS: Final = """
const [wall, run] = [Date.now.bind(Date), performance.now.bind(performance)];
globalThis.ahead = { wall: 0, run: 0 };
Date.now = () => wall() + ahead.wall;
performance.now = () => run() + ahead.run;
"""
"""Lets a test set both clocks of the screen forward and back, without waiting."""

pytestmark = [pytest.mark.browser, sqlite_only]


@pytest.fixture
def office(app: Flask) -> Office:
    with app.app_context(), transaction() as session:
        return world(session)


@pytest.fixture
def posting(app: Flask, office: Office, clock: Clock) -> Posting:
    made = Posting(app, office, clock)
    made.issue({BIRTH: procedure("Đăng ký khai sinh"), "2.1": procedure("Đăng ký kết hôn")})
    made.issue({"2.2": procedure("Chứng thực chữ ký", "Chứng thực")})
    made.amend(BIRTH, procedure("Đăng ký khai sinh", summary="Bớt giấy tờ"), MONDAY)
    return made


class Hall:
    """A screen in a hall: its page, its network, its clocks."""

    def __init__(self, app: Flask, chromium: Chromium) -> None:
        self.app, self.chromium, self.network = app, chromium, ExitStack()
        self.address = self.network.enter_context(served(app))
        self.context = chromium.new_context(
            base_url=self.address, viewport=HALL, has_touch=True, locale="vi-VN"
        )
        self.context.set_default_timeout(15_000)
        self.context.add_init_script(CLOCKS)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: pytest.fail(f"error in the page: {error}"))
        self.page.on("console", self.refuse)

    @staticmethod
    def refuse(message: ConsoleMessage) -> None:
        assert "Content Security Policy" not in message.text, message.text

    def open(self, where: str = "song-lo") -> Page:
        self.page.goto(f"/kiosk/{where}")
        return self.page

    def cut(self) -> None:
        """Take the network away: nobody listens any more."""
        self.network.close()

    def pass_by(self, seconds: float, *, wall: float | None = None) -> None:
        """Let time pass on both clocks, or otherwise on the one that can be set."""
        told = {"run": seconds, "wall": seconds if wall is None else wall}
        self.page.evaluate(
            "(more) => { for (const name in more) ahead[name] += more[name] * 1000; }", told
        )

    def type(self, words: str) -> None:
        for letter in words:
            self.page.locator(f'[data-key="{letter}"]').tap()


@pytest.fixture
def hall(app: Flask, chromium: Chromium, posting: Posting) -> Iterator[Hall]:
    del posting
    made = Hall(app, chromium)
    yield made
    made.context.close()
    made.network.close()


def fresh(page: Page) -> None:
    expect(page.locator("[data-as-of]")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("Màn hình chưa hiện được nội dung")).to_be_hidden()


def neutral(page: Page) -> None:
    """Hold the page to showing where to go and nothing of the board."""
    lost = page.get_by_role("heading", name="Màn hình chưa hiện được nội dung")
    expect(lost).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("Mời ông, bà đến")).to_be_visible()
    expect(page.get_by_text("Nội dung lúc")).to_be_hidden()
    for name in ("Đăng ký khai sinh", "Đăng ký kết hôn"):
        expect(page.get_by_text(name).locator("visible=true")).to_have_count(0)


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words, timeout=PATIENCE)


def test_somebody_finds_a_procedure_by_touch_alone(hall: Hall) -> None:
    page = hall.open()
    heading(page, "Ông, bà cần làm thủ tục gì?")
    fresh(page)
    accessible(page)
    hall.type("ket hon")
    hits = page.locator("[data-hits]")
    expect(hits).to_contain_text("Thấy 1 thủ tục")
    expect(hits.locator("mark")).to_have_text(["kết", "hôn"])
    hall.type("x")
    expect(hits).to_contain_text("Thấy 1 thủ tục")
    page.get_by_role("button", name="Xóa hết").tap()
    hall.type("lam khai sinh cho con")
    page.get_by_role("button", name="Đăng ký khai sinh").tap()
    heading(page, "Đăng ký khai sinh")
    for words in ("Cần mang gì?", "Bao lâu?", "Bao nhiêu tiền?", "Nộp ở đâu?", "Mẫu nào?"):
        expect(page.get_by_role("heading", name=words)).to_be_visible()
    for words in (
        "Tờ khai theo mẫu",
        "03 ngày làm việc",
        "8.000 đồng",
        "Mang theo trên điện thoại",
    ):
        expect(page.locator("[data-notice]")).to_contain_text(words)
    expect(page.get_by_role("img", name="Mã QR mở thủ tục này trên điện thoại")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Quay lại").tap()
    expect(page.locator("#q")).to_have_value("lam khai sinh cho con")
    page.get_by_role("button", name="Xóa hết").tap()
    page.get_by_role("button", name="Chứng thực 1").tap()
    page.get_by_role("button", name="Chứng thực chữ ký").tap()
    heading(page, "Chứng thực chữ ký")
    page.get_by_role("button", name="Về trang đầu").tap()
    heading(page, "Ông, bà cần làm thủ tục gì?")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_targets_are_large_and_no_other_keyboard_comes_up(hall: Hall) -> None:
    page = hall.open()
    fresh(page)
    assert page.locator("#q").get_attribute("inputmode") == "none"
    small = page.evaluate(
        """() => [...document.querySelectorAll("button")].filter((b) => b.offsetParent)
        .map((b) => b.getBoundingClientRect()).filter((r) => r.width < 44 || r.height < 44)"""
    )
    assert small == []
    page.locator("#q").focus()
    page.keyboard.type("kết hôn")
    expect(page.locator("[data-hits]")).to_contain_text("Đăng ký kết hôn")
    page.keyboard.press("Enter")
    hall.type("x")
    page.get_by_role("button", name="Xóa một chữ").tap()
    expect(page.locator("#q")).to_have_value("kết hôn")


def test_it_asks_then_forgets_what_was_typed_when_nobody_is_there(hall: Hall) -> None:
    page = hall.open()
    fresh(page)
    hall.type("ket hon")
    hall.pass_by(IDLE_SECONDS)
    still = page.get_by_role("button", name="Tôi còn xem")
    still.tap()
    expect(still).to_be_hidden()
    expect(page.locator("#q")).to_have_value("ket hon")
    hall.pass_by(IDLE_SECONDS + WARN_SECONDS)
    expect(page.locator("#q")).to_have_value("")
    expect(page.locator("[data-hits]")).to_be_hidden()


def test_it_shows_what_is_new_while_nobody_uses_it(hall: Hall) -> None:
    page = hall.open()
    fresh(page)
    hall.pass_by(IDLE_SECONDS)
    heading(page, "Mới và thay đổi")
    seen = set()
    for _slide in range(4):
        seen.add(page.locator("[data-slide-title]").inner_text())
        before = page.locator(".slide").inner_text()
        hall.pass_by(10)
        expect(page.locator(".slide")).not_to_have_text(before, use_inner_text=True)
    assert {"Đăng ký khai sinh", "Đăng ký kết hôn", "Chứng thực chữ ký"} <= seen
    page.locator(".slide").tap()
    expect(page.get_by_role("button", name="Về trang đầu")).to_be_visible()


def test_without_network_it_goes_on_for_ten_minutes_and_then_shows_nothing(
    hall: Hall,
) -> None:
    page = hall.open()
    fresh(page)
    hall.cut()
    hall.pass_by(STALE_SECONDS - 60)
    hall.type("khai sinh")
    page.get_by_role("button", name="Đăng ký khai sinh").tap()
    heading(page, "Đăng ký khai sinh")
    expect(page.locator("[data-notice]")).to_contain_text("8.000 đồng")
    expect(page.locator("[data-time]")).to_have_text("09:00")
    hall.pass_by(70)
    neutral(page)
    expect(page.get_by_text("Từ 09:00 chưa kiểm tra được")).to_be_visible()
    accessible(page)


@pytest.mark.parametrize(
    ("run", "wall"),
    [(STALE_SECONDS, -3 * DAY), (5, STALE_SECONDS), (STALE_SECONDS, 0), (0, 400 * DAY)],
    ids=["clock set back", "machine slept", "clock stood still", "clock set far ahead"],
)
def test_a_wrong_clock_never_makes_old_content_look_fresh(
    hall: Hall, run: int, wall: int
) -> None:
    page = hall.open()
    fresh(page)
    hall.cut()
    hall.pass_by(run, wall=wall)
    neutral(page)
    expect(page.locator("[data-as-of]")).to_be_hidden()


def test_a_clock_that_is_days_wrong_changes_nothing(hall: Hall) -> None:
    hall.context.add_init_script(f"ahead.wall = {-40 * DAY * 1000}")
    page = hall.open()
    fresh(page)
    expect(page.locator("[data-day]")).to_have_text("thứ Hai, 03/08/2026")
    expect(page.locator("[data-time]")).to_have_text("09:00")
    hall.pass_by(31, wall=5 * DAY)
    fresh(page)
    expect(page.locator("[data-day]")).to_have_text("thứ Hai, 03/08/2026")


def test_at_midnight_yesterdays_content_is_gone(hall: Hall, posting: Posting) -> None:
    posting.clock.go(MONDAY, hour=23)
    posting.clock.at += timedelta(minutes=59)
    page = hall.open()
    fresh(page)
    hall.cut()
    hall.pass_by(61)
    neutral(page)
    expect(page.locator("[data-as-of]")).to_be_hidden()


def test_what_comes_into_force_at_midnight_is_there(hall: Hall, posting: Posting) -> None:
    posting.amend("2.2", procedure("Chứng thực chữ ký mới", "Chứng thực"), LATER)
    page = hall.open()
    fresh(page)
    page.get_by_role("button", name="Chứng thực 1").tap()
    expect(page.get_by_role("button", name="Chứng thực chữ ký", exact=True)).to_be_visible()
    posting.clock.go(LATER, hour=0)
    hall.pass_by(31)
    expect(page.get_by_role("button", name="Chứng thực chữ ký mới")).to_be_visible()
    expect(page.locator("[data-day]")).to_have_text("thứ Ba, 01/09/2026")


def test_a_signature_reaches_the_screen_within_a_minute(hall: Hall, posting: Posting) -> None:
    page = hall.open()
    fresh(page)
    posting.withdraw("2.1", MONDAY)
    posting.issue({"6.1": procedure("Đăng ký nhận nuôi")}, MONDAY)
    hall.pass_by(31)
    hall.type("nhan nuoi")
    expect(page.get_by_role("button", name="Đăng ký nhận nuôi")).to_be_visible()
    page.get_by_role("button", name="Xóa hết").tap()
    hall.type("ket hon")
    expect(page.locator("[data-hits]")).not_to_contain_text("Đăng ký kết hôn")


def test_an_answer_that_somebody_kept_on_the_way_confirms_nothing(hall: Hall) -> None:
    page = hall.open()
    fresh(page)
    kept = page.request.get("/kiosk/song-lo/state?echo=kept").body()
    page.route(
        "**/state?*", lambda route: route.fulfill(body=kept, content_type="application/json")
    )
    hall.pass_by(STALE_SECONDS)
    neutral(page)
    page.unroute("**/state?*")
    fresh(page)


def test_started_without_network_it_sends_people_to_the_counter(
    app: Flask, hall: Hall, posting: Posting
) -> None:
    with app.app_context(), transaction() as session:
        token = service.set_up(
            session,
            posting.act("thuky"),
            unit(session, "song-lo"),
            name="Sảnh",
            counter="Quầy Hướng dẫn, cửa số 1",
            random=bytes(10),
        ).token
    page = hall.open(f"song-lo/{token}")
    fresh(page)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    hall.cut()
    page.reload()
    neutral(page)
    expect(page.get_by_text("Mời ông, bà đến Quầy Hướng dẫn, cửa số 1")).to_be_visible()


@pytest.mark.parametrize("size", [(1080, 1920), (1366, 768), (390, 844)], ids=str)
def test_it_fits_every_screen(hall: Hall, size: tuple[int, int]) -> None:
    hall.page.set_viewport_size({"width": size[0], "height": size[1]})
    page = hall.open()
    fresh(page)
    hall.type("khai")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Đăng ký khai sinh").tap()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    accessible(page)


def test_it_speaks_english_until_nobody_is_there(hall: Hall) -> None:
    page = hall.open()
    fresh(page)
    page.get_by_role("link", name="English").tap()
    heading(page, "Which procedure do you need?")
    hall.pass_by(IDLE_SECONDS + WARN_SECONDS)
    heading(page, "Ông, bà cần làm thủ tục gì?")
    expect(page.locator("html")).to_have_attribute("lang", "vi")
