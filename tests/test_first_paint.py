"""What a phone gets of the board: little, at once, and nothing that jumps."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, Response

from qms.db import transaction
from tests.posting import Posting, procedure, world
from tests.servers import PHONE
from tests.when import Clock

MOST = 60 * 1024
"""Bytes over the wire, styles included."""

SHIFTS = """
() => new Promise(done => {
  let moved = 0;
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) moved += entry.value;
  }).observe({type: "layout-shift", buffered: true});
  requestAnimationFrame(() => requestAnimationFrame(() => done(moved)));
})
"""

STANDING = """
() => [...document.querySelectorAll("body *")].map(each => {
  const box = each.getBoundingClientRect();
  const words = [...each.childNodes].some(part => part.nodeType === 3 && part.data.trim());
  const drawn = words || each.matches("svg, input");
  return drawn && box.width ? [each.tagName, Math.round(box.x), Math.round(box.y)] : null;
})
"""
"""The left and upper edge, in CSS pixels, of each element that draws something; null of the others."""


def _office(app: Flask, clock: Clock, procedures: int) -> None:
    with app.app_context(), transaction() as session:
        office = world(session)
    texts = {
        f"1.{number:06}": procedure(f"Đăng ký việc thứ {number}", f"Lĩnh vực {number % 25}")
        for number in range(procedures)
    }
    Posting(app, office, clock).issue(texts)


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_board_is_light_whole_without_scripts_and_stands_still(
    app: Flask, chromium: Chromium, live: str, clock: Clock, *, scripts: bool
) -> None:
    _office(app, clock, 60)
    context = chromium.new_context(base_url=live, viewport=PHONE, java_script_enabled=scripts)
    got: list[Response] = []
    page = context.new_page()
    page.on("response", lambda response: got.append(response))  # noqa: PLW0108 - Playwright marks what it calls

    page.goto("/", wait_until="networkidle")

    sizes = {each.url: each.request.sizes() for each in got}
    wire = sum(s["responseBodySize"] + s["responseHeadersSize"] for s in sizes.values())
    assert wire <= MOST, sizes
    styles = [each for each in got if each.request.resource_type == "stylesheet"]
    assert len(styles) == 1
    assert all(each.status == 200 for each in got)
    assert page.get_by_role("heading", level=1).is_visible()
    assert page.get_by_role("searchbox").is_visible()
    assert page.get_by_text("Lĩnh vực 1", exact=True).first.is_visible()
    if scripts:
        assert page.evaluate(SHIFTS) == 0
    context.close()


@pytest.mark.browser
def test_what_a_slow_line_has_brought_of_the_board_stays_where_it_stands(
    app: Flask, page: Page, live: str, clock: Clock
) -> None:
    _office(app, clock, 60)
    page.set_viewport_size(PHONE)
    page.goto(live, wait_until="networkidle")
    address, whole = page.url, page.request.get(page.url).text()
    standing = page.evaluate(STANDING)
    first_screen = whole[: whole.index('class="fields"')]
    ends = [
        tag.end()
        for tag in re.finditer(r"<[^>]+>[^<]*", first_screen)
        if tag.end() > whole.index("<body")
    ]
    sent = [whole[:end] for end in ends]
    coming = iter(sent)
    page.route(
        address, lambda route: route.fulfill(body=next(coming), content_type="text/html")
    )

    for piece in sent:
        page.goto(address)
        came = page.evaluate(STANDING)
        moved = [
            (was, now)
            for was, now in zip(came, standing, strict=False)
            if was not in (None, now)
        ]
        assert not moved, piece[-80:]
