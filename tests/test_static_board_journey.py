"""A citizen at a folder of static files that a plain file server hands out."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, Request, expect

from qms.db import transaction
from tests.engines import sqlite_only
from tests.factories import Office
from tests.posting import LATER, Posting, procedure, world
from tests.servers import DESK, PHONE, accessible
from tests.test_static_board import BIRTH, FORM, fees, form
from tests.when import MONDAY, Clock

pytestmark = [pytest.mark.browser, pytest.mark.pdf, sqlite_only]


class Quiet(SimpleHTTPRequestHandler):
    """Python's file server without its log."""

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@contextmanager
def handed_out(folder: Path) -> Iterator[str]:
    """Serve a folder as any web host does; lend its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, name="files")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def board(app: Flask, clock: Clock, runner: FlaskCliRunner, tmp_path: Path) -> Path:
    """Export a board below a prefix, with its papers."""
    with app.app_context(), transaction() as session:
        office: Office = world(session)
    posting = Posting(app, office, clock)
    posting.issue({FORM: form(app, "tờ khai"), "PHI-HT": fees(8_000)})
    posting.issue({BIRTH: procedure("Đăng ký khai sinh"), "2.1": procedure("Chứng thực sao y")})
    posting.amend(BIRTH, procedure("Đăng ký khai sinh mới"), LATER)
    target = tmp_path / "www/xa/song-lo"
    done = runner.invoke(args=["board", "export", str(target)])
    assert done.exit_code == 0, done.output
    return target


CUT_OFF = ("net::ERR_ABORTED", "net::ERR_CONNECTION_RESET", "net::ERR_CONNECTION_REFUSED")


@pytest.fixture
def phone(chromium: Chromium) -> Iterator[Page]:
    """Open a tab on a phone; anything the browser complains of fails the test."""
    yield from _tab(chromium, PHONE)


def _tab(chromium: Chromium, size: object, *, scripts: bool = True) -> Iterator[Page]:
    context = chromium.new_context(
        viewport=size,  # type: ignore[arg-type]
        locale="vi-VN",
        timezone_id="America/New_York",
        java_script_enabled=scripts,
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(f"{said.type}: {said.text}"))
    page.on("requestfailed", lambda asked: complaints.extend(_failed(asked)))
    page.clock.set_fixed_time(f"{MONDAY}T09:00:00+07:00")
    yield page
    context.close()
    assert complaints == []


def _failed(asked: Request) -> list[str]:
    """Name what could not be fetched; the icon may be cut off by the next page."""
    icon = asked.url.endswith("/icon.svg")
    return [] if icon and asked.failure in CUT_OFF else [f"failed: {asked.url} {asked.failure}"]


def test_a_citizen_searches_without_accents_reads_and_takes_paper_and_form_along(
    board: Path, phone: Page
) -> None:
    heading = phone.get_by_role("heading", level=1)
    with handed_out(board.parents[1]) as address:
        phone.goto(f"{address}/xa/song-lo/")
        phone.get_by_role("searchbox").fill("khai sinh dang ky")
        phone.get_by_role("button", name="Tìm", exact=True).click()
        expect(phone.locator("#found")).to_contain_text("“khai sinh dang ky”")
        accessible(phone)
        wide = phone.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"]
        phone.get_by_role("link", name="Đăng ký khai sinh", exact=True).click()
        expect(heading).to_have_text("Đăng ký khai sinh")
        expect(phone.locator(".dayline")).to_contain_text("đến hết ngày 31/08/2026")
        expect(phone.get_by_text("có thể không còn đúng")).to_be_hidden()
        paper = phone.request.get(
            phone.evaluate("document.querySelector('a[href$=\".pdf\"]').href")
        )
        assert paper.headers["content-type"] == "application/pdf"
        assert paper.body().startswith(b"%PDF-")
        phone.get_by_role("link", name="Bảng niêm yết").first.click()
        phone.get_by_role("link", name="Biểu mẫu", exact=True).click()
        phone.get_by_role("link", name="Tờ khai đăng ký khai sinh").click()
        with phone.expect_download() as taken:
            phone.get_by_role("link", name="Tải tệp").click()
        assert Path(taken.value.path()).read_bytes().startswith(b"PK")
        phone.get_by_role("link", name="English").click()
        expect(phone.get_by_role("link", name="Download the file")).to_be_visible()


def test_what_is_typed_is_found_in_any_spelling(board: Path, phone: Page) -> None:
    with handed_out(board) as address:
        for typed in ("SAO Y", "sao i", "chứng thực", "Chung Thuc", "2.1", "chung thuc xyz"):
            phone.goto(f"{address}/b/song-lo/tim/?q={typed}")
            expect(phone.locator("#found a").first).to_have_text("Chứng thực sao y")
        phone.goto(f"{address}/b/song-lo/tim/?q=<b>zzz")
        expect(phone.locator("#found h2")).to_have_text("Không thấy mục nào có “<b>zzz”")
        expect(phone.get_by_text("Thử cách nói khác")).to_be_visible()


def test_a_page_warns_once_its_days_are_over_at_the_office(board: Path, phone: Page) -> None:
    warning = phone.get_by_text("có thể không còn đúng")
    with handed_out(board) as address:
        for page in (f"b/song-lo/{BIRTH}/", "b/song-lo/danh-sach/", ""):
            phone.clock.set_fixed_time("2026-08-31T23:59:00+07:00")
            phone.goto(f"{address}/{page}", wait_until="networkidle")
            expect(warning).to_be_hidden()
            phone.clock.set_fixed_time("2026-09-01T00:01:00+07:00")
            phone.goto(f"{address}/{page}", wait_until="networkidle")
            expect(warning).to_be_visible()


def test_the_folder_can_be_read_from_a_disk(board: Path, phone: Page) -> None:
    phone.goto(f"file://{board}/index.html")
    phone.get_by_role("searchbox").fill("sao y")
    phone.get_by_role("button", name="Tìm", exact=True).click()
    phone.locator("#found a").first.click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Chứng thực sao y")
    phone.get_by_role("link", name="Hộ tịch").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Hộ tịch")


def test_without_a_script_the_fields_lead_to_everything(
    board: Path, chromium: Chromium
) -> None:
    for page in _tab(chromium, DESK, scripts=False):
        with handed_out(board) as address:
            page.goto(f"{address}/b/song-lo/tim/?q=x")
            expect(page.get_by_text("không chạy được phần tìm kiếm")).to_be_visible()
            page.get_by_role("link", name="Hộ tịch").click()
            page.get_by_role("link", name="Chứng thực sao y").click()
            expect(page.get_by_role("heading", level=1)).to_have_text("Chứng thực sao y")
            page.wait_for_load_state("networkidle")
