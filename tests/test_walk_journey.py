"""A morning on the walk with a phone: print, hang, a change, take down, hang the new one."""

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from qms import jobs
from qms.db import db, transaction
from qms.notices.models import Copy
from tests.engines import sqlite_only
from tests.factories import PASSWORD, Office
from tests.posting import Posting, directly, priced, procedure, world
from tests.servers import PHONE, accessible
from tests.when import MONDAY, Clock

BIRTH: Final = "1.001193"
TUESDAY: Final = MONDAY + timedelta(days=1)
BOARD: Final = "Bảng tin thôn Đồng Thịnh"

pytestmark = [pytest.mark.browser, pytest.mark.pdf]


@pytest.fixture
def office(app: Flask) -> Office:
    with app.app_context(), transaction() as session:
        return world(session)


@pytest.fixture
def posting(app: Flask, office: Office, clock: Clock) -> Posting:
    made = Posting(app, office, clock)
    made.issue({BIRTH: procedure("Đăng ký khai sinh")})
    return made


@pytest.fixture
def phone(chromium: Chromium, live: str, posting: Posting) -> Iterator[Page]:
    """Sign the secretary in on a phone; an error in the page fails the test."""
    del posting
    context = chromium.new_context(
        base_url=live, viewport=PHONE, has_touch=True, locale="vi-VN"
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"error in the page: {error}"))
    enter(page)
    yield page
    context.close()


def enter(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_label("Tên đăng nhập").fill("thuky")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Việc của tôi")


def codes(posting: Posting) -> list[str]:
    with posting.app.app_context():
        query = sa.select(Copy.code).order_by(Copy.printed_at, Copy.code)
        return list(db.session.scalars(query))


def scan(page: Page, code: str) -> None:
    page.get_by_label("Mã kiểm tra").fill(code)
    page.get_by_role("button", name="Ghi", exact=True).tap()


@sqlite_only
def test_a_sheet_is_printed_hung_and_replaced_on_a_phone(
    phone: Page, posting: Posting, clock: Clock
) -> None:
    phone.goto("/postings/places")
    phone.get_by_role("link", name="Thêm nơi niêm yết").first.tap()
    phone.get_by_label("Tên nơi niêm yết").fill(BOARD)
    phone.get_by_role("button", name="Lưu").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text(BOARD)
    accessible(phone)

    phone.goto(f"/b/song-lo/{BIRTH}")
    phone.get_by_role("link", name="in bản để treo").tap()
    phone.get_by_role("button", name="Lập bản in").tap()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Bản in")
    (old,) = codes(posting)
    phone.goto("/postings/walk")
    scan(phone, old)
    expect(phone.get_by_text(f"Đã ghi treo tờ mới tại {BOARD}.")).to_be_visible()

    posting.amend(
        BIRTH, procedure("Đăng ký khai sinh", methods=directly(priced(9_000))), TUESDAY
    )
    clock.go(TUESDAY)
    enter(phone)
    phone.goto("/postings/walk")
    expect(phone.get_by_text("Xong 0 trong 1 tờ, còn 1 nơi")).to_be_visible()
    accessible(phone)
    phone.get_by_role("button", name="In 1 tờ chưa in").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("In các tờ phải thay")
    with posting.app.app_context():
        jobs.run_waiting()
    expect(phone.get_by_role("link", name="mở tệp các tờ mới (PDF)")).to_be_visible()
    scan(phone, old)
    expect(phone.get_by_text("Đã gỡ tờ cũ")).to_be_visible()
    (new,) = set(codes(posting)) - {old}
    scan(phone, new)
    expect(phone.get_by_text("Xong 1 trong 1 tờ, còn 0 nơi")).to_be_visible()

    for code, words in ((old, "Đã có bản mới"), (new, "Còn hiệu lực")):
        phone.goto(f"/k/{code}")
        expect(phone.get_by_role("heading", level=1)).to_contain_text(words)


def test_a_phone_that_cannot_scan_sends_a_picture_as_soon_as_it_is_taken(phone: Page) -> None:
    phone.goto("/postings/walk")
    expect(phone.get_by_role("button", name="Quét bằng máy ảnh")).to_be_hidden()
    shot = io.BytesIO()
    Image.new("RGB", (200, 200), "white").save(shot, "PNG")
    phone.get_by_label("Chụp mã bằng máy ảnh").set_input_files(
        {"name": "anh.png", "mimeType": "image/png", "buffer": shot.getvalue()}
    )
    expect(phone.locator("#seen-wrong")).to_contain_text("Không đọc được mã trong ảnh.")
    accessible(phone)
