"""Servers that tests talk to: ours on a real port, an S3 store, and a real Chromium."""

import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import boto3
import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from moto.server import ThreadedMotoServer
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, ViewportSize, sync_playwright
from waitress import create_server, wasyncore

from tests import machine

PHONE: ViewportSize = {"width": 390, "height": 844}
TABLET: ViewportSize = {"width": 820, "height": 1180}
DESK: ViewportSize = {"width": 1366, "height": 768}

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Chromium asks nobody but the page."""

S3 = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ALLOW_HTTP": "true",
}

_buckets = itertools.count(1)


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve ``app`` with waitress on a free port; lend its address."""
    sockets: dict[int, object] = {}
    server = create_server(app, host="127.0.0.1", port=0, map=sockets, threads=4)
    stop = threading.Event()

    def loop() -> None:
        while not stop.is_set():
            wasyncore.loop(timeout=0.05, map=sockets, count=1)

    thread = threading.Thread(target=loop, name="served")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        stop.set()
        thread.join()
        server.task_dispatcher.shutdown()
        wasyncore.close_all(sockets)


@pytest.fixture
def live(app: Flask) -> Iterator[str]:
    """Serve the application of this test; give its address."""
    with served(app) as address:
        app.config.update(PUBLIC_URL=address, WTF_CSRF_ENABLED=True)
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """Start one Chromium for all journeys."""
    path = machine.chromium()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield started
        started.close()


@pytest.fixture
def window(chromium: Chromium, live: str) -> Iterator[BrowserContext]:
    """Open a browser of its own, with no cookies, on an official's screen."""
    context = chromium.new_context(
        base_url=live, viewport=DESK, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
    )
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(window: BrowserContext) -> Page:
    """Open a tab that fails the test on any error in the page's console."""
    page = window.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"error in the page: {error}"))
    return page


def inaccessible(page: Page) -> list[str]:
    """Name what axe finds serious on a page."""
    return [
        f"{page.url}: {found['help']}: {[node['target'] for node in found['nodes']]}"
        for found in Axe().run(page).response["violations"]
        if found["impact"] in {"serious", "critical"}
    ]


def accessible(page: Page) -> None:
    """Refuse a page on which axe finds anything serious."""
    assert not inaccessible(page)


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """Start one S3 store for all tests; give its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make an empty bucket; give the setting that names it."""
    for name, value in S3.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_server)
    bucket = f"qms-{next(_buckets)}"
    boto3.client("s3").create_bucket(Bucket=bucket)
    return f"s3://{bucket}"
