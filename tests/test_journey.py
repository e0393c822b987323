"""The main job from end to end, in a real browser over a demonstration office."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pypdfium2
import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, expect

from qms import jobs
from qms.vietnamese import day as written
from tests.demonstration import LATER, PASSWORD
from tests.servers import DESK, PHONE, accessible
from tests.when import Clock

CODE, TITLE = "9.900006", "Sao lục sổ đinh (dữ liệu bịa)"

SignedIn = Callable[[str], Page]


@pytest.fixture
def working(app: Flask) -> Iterator[None]:
    """Work on jobs beside the server, as the embedded default does."""
    with app.app_context():
        worker = jobs.Worker()
        worker.start()
        yield
        worker.stop()


@pytest.fixture
def signed_in_page(chromium: Chromium, live: str) -> Iterator[SignedIn]:
    """Give each person a browser of their own, signed in at the page."""
    opened: list[BrowserContext] = []

    def sign_in(account: str) -> Page:
        opened.append(chromium.new_context(base_url=live, viewport=DESK, locale="vi-VN"))
        opened[-1].set_default_timeout(15_000)
        page = opened[-1].new_page()
        page.goto("/sign-in")
        page.get_by_label("Tên đăng nhập").fill(account)
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Việc của tôi")
        return page

    yield sign_in
    for context in opened:
        context.close()


def paper_code(public: Page) -> str:
    """Print the notice that is open and return the code under its QR."""
    link = public.get_by_role("link", name="In tờ này (PDF)").get_attribute("href")
    paper = public.request.get(link or "")
    assert paper.ok, paper.status
    with pypdfium2.PdfDocument(paper.body()) as pdf:
        words = pdf[0].get_textpage().get_text_bounded()
    assert CODE in words
    found = re.search(r"Mã kiểm tra: (\S+)", words)
    assert found, words
    return found[1]


def decide(signed_in_page: SignedIn, address: str, effective: date) -> None:
    """Let the head review and the leader sign what is open at an address."""
    head = signed_in_page("truongphong")
    head.goto(address)
    head.get_by_role("button", name="Đồng ý, chuyển người ký").click()
    leader = signed_in_page("lanhdao")
    leader.goto(address)
    leader.get_by_label("Số", exact=False).first.fill("61/QĐ-UBND")
    leader.get_by_label("Hiệu lực", exact=False).first.fill(written(effective))
    leader.get_by_label("Mật khẩu", exact=False).fill(PASSWORD)
    leader.get_by_role("button", name="Ký quyết định").click()
    expect(leader.get_by_role("main")).to_contain_text("61/QĐ-UBND")


@pytest.mark.browser
@pytest.mark.pdf
@pytest.mark.usefixtures("demonstration", "working")
def test_from_the_catalogue_to_a_paper_on_the_wall_that_can_be_checked(
    chromium: Chromium, live: str, clock: Clock, signed_in_page: SignedIn
) -> None:
    comes = clock.at.date() + timedelta(days=7)
    citizen = chromium.new_context(base_url=live, viewport=PHONE, locale="vi-VN").new_page()
    citizen.set_default_timeout(15_000)

    citizen.goto("/")
    citizen.get_by_role("searchbox").fill("sao luc so dinh")
    citizen.keyboard.press("Enter")
    citizen.get_by_role("link", name=TITLE).click()
    expect(citizen.get_by_text("01 ngày làm việc").first).to_be_visible()
    old_paper = paper_code(citizen)
    citizen.goto(f"/k/{old_paper}")
    expect(citizen.get_by_role("heading", level=1)).to_have_text("Còn hiệu lực")

    secretary = signed_in_page("thuky")
    secretary.get_by_role("link", name="Danh mục quốc gia").first.click()
    secretary.get_by_label("Tệp danh mục").set_input_files(LATER)
    secretary.get_by_role("button", name="Đọc tệp").click()
    secretary.wait_for_url("**/national/*")
    expect(secretary.get_by_role("heading", level=1)).to_contain_text("Đợt nhập")
    secretary.goto(f"{secretary.url}?show=changed")
    secretary.get_by_role("link", name=TITLE).click()
    expect(secretary.locator("ins", has_text="2").first).to_be_visible()
    secretary.go_back()
    secretary.get_by_role("link", name="Mở dự thảo quyết định").click()
    secretary.get_by_role("button", name="Gửi xem xét").click()
    expect(secretary.get_by_role("main")).to_contain_text("Đang xem xét")
    decide(signed_in_page, secretary.url, comes)

    notice = f"/b/song-lo/{CODE}"
    citizen.goto(notice)
    expect(citizen.get_by_text("01 ngày làm việc").first).to_be_visible()
    citizen.goto(f"/k/{old_paper}")
    expect(citizen.get_by_role("heading", level=1)).to_have_text("Còn hiệu lực")

    clock.go(comes)
    citizen.goto(notice)
    citizen.reload()
    expect(citizen.get_by_text("02 ngày làm việc").first).to_be_visible()
    new_paper = paper_code(citizen)
    assert new_paper != old_paper
    citizen.goto(f"/k/{old_paper}")
    expect(citizen.get_by_role("heading", level=1)).to_have_text("Đã có bản mới")
    expect(citizen.get_by_role("main")).to_contain_text("61/QĐ-UBND")
    accessible(citizen)
    citizen.goto(f"/k/{new_paper}")
    expect(citizen.get_by_role("heading", level=1)).to_have_text("Còn hiệu lực")
    citizen.context.close()
