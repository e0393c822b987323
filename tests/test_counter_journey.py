"""A clerk serves a citizen with the keyboard alone, on a desk and on a phone, with script and without."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from qms.accounts import sign_in_service
from qms.counter.calendar import by_law
from qms.db import transaction
from qms.documents.kinds.fees import Channel
from qms.documents.kinds.procedure import LimitUnit, Method, TimeLimit
from qms.trail import Act, Via
from tests.engines import sqlite_only
from tests.factories import Office
from tests.posting import Posting, procedure, world
from tests.servers import DESK, PHONE, accessible
from tests.when import Clock

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
ONLINE = TimeLimit(count=3, unit=LimitUnit.WORKING_DAY)


@pytest.fixture
def office(app: Flask) -> Office:
    with app.app_context(), transaction() as session:
        return world(session)


@pytest.fixture
def posting(app: Flask, office: Office, clock: Clock) -> Posting:
    by_law(2026)  # the package takes its time, once a process
    made = Posting(app, office, clock)
    ways = (
        Method(channel=Channel.DIRECT, limit=TimeLimit(unit=LimitUnit.SAME_DAY)),
        Method(channel=Channel.ONLINE, limit=ONLINE),
    )
    births = {f"3.{n}": procedure(f"Đăng ký khai sinh kiểu {n}") for n in range(4)}
    made.issue({"1.001193": procedure("Đăng ký khai sinh", methods=ways), **births})
    return made


@pytest.fixture
def clerk(
    app: Flask, office: Office, posting: Posting, clock: Clock, chromium: Chromium, live: str
) -> Iterator[Open]:
    """Open the counter in the clerk's name; an error in the page fails the test."""
    del posting
    opened: list[BrowserContext] = []

    def open_(size: ViewportSize = DESK, *, script: bool = True) -> Page:
        act = Act(None, clock.at, clock.at.date(), Via.WEB)
        with app.app_context(), transaction() as session:
            who = office.people["chuyenvien"]
            secret = sign_in_service.begin(session, act, who, agent="test")
        with app.test_client() as client:
            with client.session_transaction() as cookie:
                cookie["_user_id"], cookie["_fresh"] = secret, True
            found = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
        assert found is not None
        context = chromium.new_context(
            base_url=live, viewport=size, locale="vi-VN", java_script_enabled=script
        )
        opened.append(context)
        context.add_cookies([{"name": found.key, "value": found.value, "url": live}])
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"error in the page: {error}"))
        page.goto("/counter")
        return page

    yield open_
    for each in opened:
        each.close()


@sqlite_only
def test_a_clerk_serves_with_the_keyboard_alone(clerk: Open) -> None:
    page = clerk()
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("lam khai sinh cho con")
    first = page.locator("#counter-found a.hit").first
    expect(first).to_have_text("Đăng ký khai sinh")
    page.keyboard.press("ArrowDown")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#chosen")).to_have_text("Đăng ký khai sinh")
    expect(page.locator("#due .answer")).to_have_text("thứ Hai, 03/08/2026")
    expect(page.locator("#channel")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#due .answer")).to_have_text("thứ Năm, 06/08/2026")
    expect(page.locator("#channel")).to_be_focused()
    assert "channel=online" in page.url
    assert "channel=online" in (page.locator("#print-slip").get_attribute("href") or "")
    accessible(page)
    page.keyboard.press("Escape")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("khong co viec nay")
    expect(page.locator("#counter-found")).to_contain_text("Không thấy thủ tục nào")
    expect(page.locator("#served")).to_have_count(0)


@sqlite_only
def test_a_phone_without_script_does_the_same_step_by_step(clerk: Open) -> None:
    page = clerk(PHONE, script=False)
    page.locator("#q").fill("khai sinh cho con")
    page.keyboard.press("Enter")
    expect(page.locator("#counter-found a.hit").first).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("#channel").select_option("online")
    page.locator("#counter-again").click()
    expect(page.locator("#due .answer")).to_have_text("thứ Năm, 06/08/2026")
    width = page.locator("html").evaluate("each => each.scrollWidth")
    assert width <= PHONE["width"]
