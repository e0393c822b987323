"""What a phone gets of the board: little, at once, and nothing that jumps."""

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Response

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


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_board_is_light_whole_without_scripts_and_stands_still(
    app: Flask, chromium: Chromium, live: str, clock: Clock, *, scripts: bool
) -> None:
    with app.app_context(), transaction() as session:
        office = world(session)
    texts = {
        f"1.{number:06}": procedure(f"Đăng ký việc thứ {number}", f"Lĩnh vực {number % 25}")
        for number in range(60)
    }
    Posting(app, office, clock).issue(texts)
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
