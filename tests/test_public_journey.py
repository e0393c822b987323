"""A citizen with a phone: finds a procedure, reads it, its past, and whether a paper holds."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from qms.db import db, transaction
from qms.documents.kinds.procedure import DossierItem
from qms.notices import checking, codes, sheets, stories
from qms.units.queries import unit
from tests.engines import sqlite_only
from tests.factories import Office
from tests.posting import JULY, LATER, Posting, procedure, world
from tests.servers import PHONE, accessible
from tests.when import MONDAY, Clock

BIRTH: Final = "1.001193"
LONG: Final = "Xác nhận " + "tình-trạng-hôn-nhân-của-công-dân-Việt-Nam-" * 4

pytestmark = pytest.mark.browser


@pytest.fixture
def office(app: Flask) -> Office:
    with app.app_context(), transaction() as session:
        return world(session)


@pytest.fixture
def posting(app: Flask, office: Office, clock: Clock) -> Posting:
    """Sign what a citizen may meet: texts in force, past, coming, withdrawn, very long."""
    made = Posting(app, office, clock)
    made.issue({BIRTH: procedure("Đăng ký khai sinh"), "2.1": procedure("Đăng ký kết hôn")})
    made.issue({"2.2": procedure(LONG, LONG, steps=LONG)})
    made.withdraw("2.1", MONDAY)
    fewer = (DossierItem(name="Tờ khai mới", form="TK-02", originals=1),)
    made.amend(
        BIRTH, procedure("Đăng ký khai sinh", dossier=fewer, summary="Bớt giấy tờ"), MONDAY
    )
    made.amend(BIRTH, procedure("Đăng ký khai sinh mới"), LATER)
    made.end("tan-lap", MONDAY - timedelta(days=1), "song-lo")
    return made


@pytest.fixture
def phone(chromium: Chromium, live: str, posting: Posting) -> Iterator[Page]:
    """Open a tab on a citizen's phone; an error in the page fails the test."""
    del posting
    context = chromium.new_context(
        base_url=live, viewport=PHONE, has_touch=True, locale="vi-VN"
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"error in the page: {error}"))
    yield page
    context.close()


def paper_of(posting: Posting, code: str) -> str:
    """Return the code printed on the sheet that held in July."""
    with posting.app.app_context():
        session = db.session()
        song_lo = unit(session, "song-lo")
        told = stories.on_board(session, song_lo, code, JULY)
        found = sheets.on_day(told, JULY)
        assert found is not None
        return codes.encode_sheet_code(song_lo.id, told.document.id, found.digest)


@sqlite_only
def test_a_citizen_finds_reads_and_compares_a_procedure_on_a_phone(phone: Page) -> None:
    heading = phone.get_by_role("heading", level=1)
    phone.goto("/")
    phone.get_by_role("searchbox", name="Tìm thủ tục").fill("khai sinh")
    phone.get_by_role("button", name="Tìm", exact=True).tap()
    phone.get_by_role("link", name="Đăng ký khai sinh").tap()

    expect(heading).to_have_text("Đăng ký khai sinh")
    answers = phone.locator(".ask")
    for question in (
        "Cần mang gì?",
        "Bao lâu?",
        "Bao nhiêu tiền?",
        "Nộp ở đâu?",
        "Mẫu nào?",
    ):
        expect(answers.get_by_role("heading", name=question)).to_be_visible()
    for answer in ("Tờ khai mới", "03 ngày làm việc", "8.000 đồng", "UBND xã Sông Lô", "TK-02"):
        expect(answers).to_contain_text(answer)

    history = phone.locator("#history")
    history.get_by_role("link", name="Xem bản này").last.tap()
    expect(phone.get_by_role("status")).to_contain_text("bản của ngày 01/07/2026")
    expect(answers).to_contain_text("Thẻ căn cước")
    phone.get_by_role("link", name="bản đang có hiệu lực").tap()
    expect(answers).to_contain_text("Tờ khai mới")
    history.get_by_role("link", name="So với lần trước").last.tap()
    expect(heading).to_have_text("Lần này đổi những gì?")
    expect(phone.locator("main del", has_text="Thẻ căn cước").first).to_be_visible()
    expect(phone.locator("main ins", has_text="Tờ khai mới").first).to_be_visible()

    phone.get_by_role("link", name="English").tap()
    expect(heading).to_have_text("What changed this time?")
    phone.get_by_role("link", name="Notice board").tap()
    expect(heading).to_have_text("Which procedure do you need?")
    phone.get_by_role("link", name="Check a posted sheet").tap()
    phone.get_by_label("Code under the QR").fill("khong phai ma")
    phone.get_by_role("button", name="Check").tap()
    expect(heading).to_have_text("No such code")


@sqlite_only
def test_every_public_page_is_accessible_and_fits_a_narrow_phone(
    phone: Page, posting: Posting, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = paper_of(posting, BIRTH)
    pages = (
        "/",
        "/?on=2026-09-01",
        "/b/tan-lap",
        "/b/song-lo?all=1",
        "/b/song-lo?q=khai+sinh&all=1",
        "/b/song-lo?q=khong+co+gi",
        "/b/song-lo/1.001193",
        "/b/song-lo/1.001193?on=2026-07-01",
        "/b/song-lo/1.001193?on=2026-09-01",
        "/b/song-lo/1.001193/compare?on=2026-08-03&all=1",
        "/b/song-lo/2.1",
        "/b/song-lo/2.2",
        "/b/song-lo/9.999",
        "/?on=31/02/2026",
        "/k",
        f"/k/{old}",
        f"/k/{paper_of(posting, '2.2')}",
        f"/k/{paper_of(posting, '2.1')}",
        "/k/AAAA",
    )
    for address in pages:
        for language in ("vi", "en"):
            phone.set_viewport_size(PHONE)
            phone.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
            assert phone.locator("html").get_attribute("lang") == language
            accessible(phone)
            phone.set_viewport_size({"width": 320, "height": 640})
            wide = phone.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"{phone.url} is {wide} px too wide"

    monkeypatch.setattr(checking, "check", None)
    phone.goto(f"/k/{old}")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Chưa kiểm tra được")
    accessible(phone)


@sqlite_only
def test_the_keyboard_alone_reaches_everything_on_a_notice(phone: Page) -> None:
    phone.goto("/b/song-lo/1.001193")
    reachable = "a[href], button, input:not([type=hidden]), summary"
    wanted = phone.locator(reachable).evaluate_all(
        "all => all.filter(e => e.checkVisibility()).map(e => e.outerHTML)"
    )
    reached = []
    for _ in range(len(wanted) + 2):
        phone.keyboard.press("Tab")
        reached.append(phone.evaluate("document.activeElement.outerHTML"))
    assert set(wanted) <= set(reached)

    phone.goto("/")
    phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    phone.keyboard.press("Tab")
    phone.keyboard.type("khai sinh")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("có “khai sinh”")
