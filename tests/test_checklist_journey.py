"""Two auditors with tablets, one of them without network for a while: nothing is lost."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from qms.audits.checklist_models import Answer, Evidence, Sample
from qms.audits.rules import Duty
from qms.db import db
from tests.auditing import FIRST, PIXEL, Auditing, more_people
from tests.engines import sqlite_only
from tests.factories import PASSWORD, Office
from tests.servers import TABLET, accessible
from tests.when import Clock

expect.set_options(timeout=20_000)

pytestmark = [pytest.mark.browser, sqlite_only]


@pytest.fixture
def audit(app: Flask, office: Office, clock: Clock) -> tuple[int, list[int]]:
    """Take an audit with two auditors to its first day; return it with its three questions."""
    with app.app_context():
        auditing = Auditing(app, more_people(office), clock)
        for each in ("danhgia", "dgv-vp"):
            auditing.qualify(each)
        number = auditing.plan()
        auditing.join(number)
        auditing.join(number, "dgv-vp", Duty.AUDITOR)
        auditing.decide(number)
        auditing.hour(number)
        auditing.notify(number)
        clock.go(FIRST)
        auditing.begin(number)
        lines = [
            line
            for question in ("Hồ sơ đủ?", "Đúng hẹn?", "Niêm yết đúng?")
            for line in auditing.ask(number, auditing.question(question))
        ]
        return number, lines


@pytest.fixture
def tablet(
    chromium: Chromium, live: str, audit: tuple[int, list[int]]
) -> Iterator[Callable[[str], Page]]:
    """Lend tablets; each opens the checklist in somebody's name."""
    contexts: list[BrowserContext] = []

    def opened(account: str) -> Page:
        context = chromium.new_context(base_url=live, viewport=TABLET, locale="vi-VN")
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"error in the page: {error}"))
        page.goto("/sign-in")
        page.get_by_label("Tên đăng nhập").fill(account)
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Việc của tôi")
        page.goto(f"/audits/{audit[0]}/checklist")
        expect(page.locator("[data-checklist]")).to_contain_text("Đã gửi hết.")
        expect(page.locator("[data-checklist]")).to_contain_text("Mất mạng vẫn mở lại được")
        return page

    yield opened
    for context in contexts:
        context.close()


def line(page: Page, number: int) -> Locator:
    return page.locator(f"#line-{number}")


def say(page: Page, number: int, result: str, note: str) -> None:
    line(page, number).get_by_label("Bằng chứng, ghi chú").fill(note)
    line(page, number).get_by_label(result, exact=True).check()


def count(app: Flask, kind: type[Answer | Sample | Evidence]) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(kind)) or 0


def test_what_is_written_without_network_is_sent_later_and_joined(
    app: Flask,
    tablet: Callable[[str], Page],
    audit: tuple[int, list[int]],
) -> None:
    number, (papers, late, board) = audit
    mine, theirs = tablet("danhgia"), tablet("dgv-vp")
    accessible(mine)
    say(mine, papers, "Phù hợp", "Đã xem 5 hồ sơ.")
    expect(mine.locator("[data-checklist]")).to_contain_text("Đã gửi hết.")

    mine.context.set_offline(True)
    say(mine, late, "Không phù hợp", "HS-2 trễ hai ngày.")
    sample = line(mine, late)
    sample.get_by_text("Hồ sơ lấy mẫu").click()
    sample.get_by_label("Số hồ sơ").fill("HS-2")
    sample.get_by_label("Ngày nhận").fill("03/08/2026")
    sample.get_by_label("Ngày hẹn trả").fill("05/08/2026")
    sample.get_by_label("Ngày trả").fill("07/08/2026")
    sample.get_by_role("button", name="Thêm hồ sơ").click()
    line(mine, late).get_by_label("Ảnh, tệp PDF, DOCX hoặc XLSX").set_input_files(
        {"name": "so.png", "mimeType": "image/png", "buffer": PIXEL}
    )
    expect(mine.locator("[data-checklist]")).to_contain_text("chờ gửi: 3")
    mine.reload()
    expect(mine.locator("[data-checklist]")).to_contain_text("Chưa có mạng")
    expect(line(mine, late).get_by_label("Bằng chứng, ghi chú")).to_have_value(
        "HS-2 trễ hai ngày."
    )
    assert count(app, Answer) == 1

    say(theirs, late, "Phù hợp", "Sổ ghi đúng hẹn.")
    expect(theirs.locator("[data-checklist]")).to_contain_text("Đã gửi hết.")

    mine.context.set_offline(False)
    expect(mine.locator("[data-checklist]")).to_contain_text("Đã gửi hết.")
    expect(line(mine, late)).to_contain_text("trả lời trên máy khác")
    expect(line(mine, late).get_by_label("Bằng chứng, ghi chú")).to_have_value(
        "Sổ ghi đúng hẹn.\nHS-2 trễ hai ngày."
    )
    expect(line(mine, late)).to_contain_text("trễ 2 ngày làm việc")
    assert count(app, Answer) == 4, "one before, one of each tablet, and the two joined"
    assert count(app, Sample) == 1
    assert count(app, Evidence) == 1

    mine.goto(f"/audits/{number}/checklist")
    expect(line(mine, late)).to_contain_text("gộp từ hai máy")
    expect(line(mine, late).get_by_role("link", name="Lập phát hiện")).to_be_visible()
    expect(line(mine, board).get_by_role("radio").first).not_to_be_checked()

    assert "audits" in mine.evaluate("caches.keys()")
    mine.get_by_role("button", name="Đăng xuất").click()
    expect(mine.get_by_role("heading", level=1)).to_have_text("Đăng nhập")
    mine.wait_for_function("caches.keys().then((names) => !names.includes('audits'))")


def test_words_without_a_result_and_what_is_refused_stay_in_hand(
    app: Flask, tablet: Callable[[str], Page], audit: tuple[int, list[int]]
) -> None:
    _number, (papers, late, _board) = audit
    mine = tablet("danhgia")
    status = mine.locator("[data-checklist]")
    line(mine, papers).get_by_label("Bằng chứng, ghi chú").fill("Đã xem 5 hồ sơ.")
    expect(status).to_contain_text("chưa chọn kết quả hoặc ghi chưa đúng: 1.")
    sample = line(mine, late)
    sample.get_by_text("Hồ sơ lấy mẫu").click()
    sample.get_by_label("Số hồ sơ").fill("HS-2")
    sample.get_by_label("Ngày nhận").fill("03/08/2026")
    sample.get_by_label("Ngày trả", exact=True).fill("01/08/2026")
    sample.get_by_role("button", name="Thêm hồ sơ").click()
    expect(sample).to_contain_text("Ngày trả không thể trước ngày nhận.")

    mine.reload()
    expect(status).to_contain_text("ghi chưa đúng: 2.")
    note = line(mine, papers).get_by_label("Bằng chứng, ghi chú")
    expect(note).to_have_value("Đã xem 5 hồ sơ.")
    expect(sample).to_contain_text("Ngày trả không thể trước ngày nhận.")
    expect(sample.get_by_label("Số hồ sơ")).to_have_value("HS-2")
    sample.get_by_label("Ngày trả", exact=True).fill("04/08/2026")
    sample.get_by_role("button", name="Thêm hồ sơ").click()
    line(mine, papers).get_by_label("Phù hợp", exact=True).check()
    expect(status).to_contain_text("Đã gửi hết.")
    assert count(app, Answer) == 1
    assert count(app, Sample) == 1


def test_what_is_typed_while_an_answer_is_on_its_way_is_another_answer(
    app: Flask, tablet: Callable[[str], Page], audit: tuple[int, list[int]]
) -> None:
    _number, (papers, *_others) = audit
    mine = tablet("danhgia")
    status, held = mine.locator("[data-checklist]"), list[Route]()

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    mine.route("**/answer", hold_the_first)
    with mine.expect_request("**/answer"):
        say(mine, papers, "Phù hợp", "Đã xem")
    note = line(mine, papers).get_by_label("Bằng chứng, ghi chú")
    note.fill("Đã xem 5 hồ sơ.")
    held[0].continue_()
    expect(status).to_contain_text("Đã gửi hết.")
    expect(note).to_have_value("Đã xem 5 hồ sơ.")
    assert count(app, Answer) == 2
    with app.app_context():
        first, second = db.session.scalars(sa.select(Answer).order_by(Answer.id))
        assert (first.note, second.note) == ("Đã xem", "Đã xem 5 hồ sơ.")
        assert second.basis_id == first.id, "nobody else's words are joined to one's own"
