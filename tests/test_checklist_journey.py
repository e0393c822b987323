"""Two auditors with tablets, one of them without network for a while: nothing is lost."""

import re
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
def auditing(app: Flask, office: Office, clock: Clock) -> Auditing:
    with app.app_context():
        return Auditing(app, more_people(office), clock)


@pytest.fixture
def audit(app: Flask, auditing: Auditing, clock: Clock) -> tuple[int, list[int]]:
    """Take an audit with two auditors to its first day; return it with its three questions."""
    with app.app_context():
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


def progress(page: Page) -> Locator:
    return page.locator("[data-progress]")


def stands(page: Page, number: int) -> Locator:
    return line(page, number).locator("[data-stands]")


def test_the_page_counts_and_shows_each_answer_at_once_with_and_without_network(
    tablet: Callable[[str], Page], audit: tuple[int, list[int]]
) -> None:
    number, (papers, late, board) = audit
    mine = tablet("danhgia")
    expect(progress(mine)).to_have_text("Đã trả lời 0/3 dòng")
    say(mine, papers, "Phù hợp", "Đã xem 5 hồ sơ.")
    expect(mine.locator("[data-checklist]")).to_contain_text("Đã gửi hết.")
    expect(progress(mine)).to_have_text("Đã trả lời 1/3 dòng")
    expect(stands(mine, papers).locator(".st")).to_have_text("Phù hợp")
    expect(stands(mine, papers)).to_contain_text("Bùi Ngọc Ánh")
    expect(line(mine, papers).get_by_role("button", name="Bỏ câu hỏi")).to_be_hidden()

    mine.context.set_offline(True)
    say(mine, late, "Không phù hợp", "HS-2 trễ.")
    line(mine, board).get_by_label("Bằng chứng, ghi chú").fill("Chưa xem xong.")
    expect(progress(mine)).to_have_text("Đã trả lời 2/3 dòng · chờ gửi: 1")
    expect(stands(mine, late)).to_have_text("Không phù hợp chờ gửi")
    mine.reload()
    expect(progress(mine)).to_have_text("Đã trả lời 2/3 dòng · chờ gửi: 1")
    expect(stands(mine, papers)).to_contain_text("Bùi Ngọc Ánh")
    expect(stands(mine, late)).to_have_text("Không phù hợp chờ gửi")
    expect(stands(mine, board)).to_have_text("")

    mine.context.set_offline(False)
    expect(progress(mine)).to_have_text("Đã trả lời 2/3 dòng")
    expect(stands(mine, late)).to_contain_text("Bùi Ngọc Ánh")
    mine.goto(f"/audits/{number}/checklist")
    expect(progress(mine)).to_have_text("Đã trả lời 2/3 dòng")


def refused(page: Page) -> Locator:
    return page.locator("[data-barred]").get_by_role("listitem")


def test_an_answer_to_a_line_dropped_meanwhile_is_shown_copied_and_discarded(
    app: Flask,
    auditing: Auditing,
    tablet: Callable[[str], Page],
    audit: tuple[int, list[int]],
) -> None:
    number, (papers, late, board) = audit
    mine = tablet("danhgia")
    mine.context.set_offline(True)
    say(mine, papers, "Phù hợp", "Đã xem 5 hồ sơ.")
    say(mine, late, "Không phù hợp", "HS-2 trễ hai ngày.")
    line(mine, board).get_by_label("Bằng chứng, ghi chú").fill("Chưa xem xong.")
    with app.app_context():
        auditing.drop(number, late)
        auditing.drop(number, board)

    mine.context.set_offline(False)
    status = mine.locator("[data-checklist]")
    expect(status).to_contain_text("Máy chủ không nhận: 2.")
    expect(status).not_to_contain_text("chờ gửi")
    expect(refused(mine)).to_have_count(2)
    entry = refused(mine).filter(has_text="Đúng hẹn?")
    expect(entry).to_contain_text("Dòng này đã được bỏ khỏi phiếu.")
    expect(entry.get_by_label("Nội dung đã ghi")).to_have_value(
        "Không phù hợp\nHS-2 trễ hai ngày."
    )
    accessible(mine)
    mine.context.grant_permissions(["clipboard-read", "clipboard-write"])
    entry.get_by_role("button", name="Chép nội dung").click()
    copied = "Không phù hợp\nHS-2 trễ hai ngày."
    mine.wait_for_function(
        "async (text) => (await navigator.clipboard.readText()) === text", arg=copied
    )
    assert count(app, Answer) == 1
    mine.reload()
    expect(refused(mine)).to_have_count(2)
    for _ in range(2):
        refused(mine).first.get_by_role("button", name="Bỏ").click()
    expect(refused(mine)).to_have_count(0)
    expect(status).to_contain_text("Đã gửi hết.")
    mine.reload()
    expect(status).to_contain_text("Đã gửi hết.")
    expect(refused(mine)).to_have_count(0)


def test_who_left_the_team_meanwhile_finds_what_was_written_on_the_list_of_audits(
    app: Flask,
    auditing: Auditing,
    tablet: Callable[[str], Page],
    audit: tuple[int, list[int]],
) -> None:
    number, (papers, late, _board) = audit
    mine = tablet("dgv-vp")
    mine.context.set_offline(True)
    say(mine, papers, "Phù hợp", "Đã xem 5 hồ sơ.")
    line(mine, late).get_by_label("Ảnh, tệp PDF, DOCX hoặc XLSX").set_input_files(
        {"name": "so.png", "mimeType": "image/png", "buffer": PIXEL}
    )
    expect(mine.locator("[data-checklist]")).to_contain_text("chờ gửi: 2.")
    with app.app_context():
        auditing.leave(number, "dgv-vp")
    mine.context.set_offline(False)
    mine.goto("/audits")
    expect(refused(mine)).to_have_count(2)
    expect(refused(mine).first).to_contain_text(
        "Chỉ thành viên của đoàn trả lời được phiếu này."
    )
    expect(refused(mine).first).to_contain_text(
        "Phiếu của cuộc đánh giá số 1 năm 2026 · Hồ sơ đủ?"
    )
    with mine.expect_download() as saved:
        refused(mine).last.get_by_role("link", name="Lưu tệp về máy").click()
    assert saved.value.suggested_filename == "so.png"
    assert count(app, Answer) == 0

    with app.app_context():
        auditing.join(number, "dgv-vp", Duty.AUDITOR)
    mine.goto(f"/audits/{number}/checklist")
    expect(mine.locator("[data-checklist]")).to_contain_text("Đã gửi hết.")
    expect(refused(mine)).to_have_count(0)
    assert count(app, Answer) == 1
    assert count(app, Evidence) == 1


def test_a_dossier_says_at_its_box_what_is_missing_or_wrong(
    app: Flask, tablet: Callable[[str], Page], audit: tuple[int, list[int]]
) -> None:
    _number, (papers, *_others) = audit
    mine = tablet("danhgia")
    sample = line(mine, papers)
    sample.get_by_text("Hồ sơ lấy mẫu").click()
    sample.get_by_label("Ngày hẹn trả").fill("05/08/2026")
    sample.get_by_role("button", name="Thêm hồ sơ").click()
    number, received = sample.get_by_label("Số hồ sơ"), sample.get_by_label("Ngày nhận")
    for box in (number, received):
        expect(box).to_have_accessible_description("Chưa điền ô này.")
    expect(number).to_be_focused()
    number.fill("HS-2")
    received.fill("32/08/2026")
    sample.get_by_role("button", name="Thêm hồ sơ").click()
    expect(received).to_have_value("32/08/2026")
    expect(received).to_have_accessible_description(re.compile("Không có ngày 32/08/2026"))
    expect(number).to_have_accessible_description("")
    received.fill("31/07/2026")
    sample.get_by_role("button", name="Thêm hồ sơ").click()
    expect(sample).to_contain_text("HS-2: trễ")
    expect(mine.locator("[data-checklist]")).to_contain_text("Đã gửi hết.")
    assert count(app, Sample) == 1


def test_an_answer_that_says_too_little_does_not_wait_but_says_so_until_it_is_mended(
    app: Flask, tablet: Callable[[str], Page], audit: tuple[int, list[int]]
) -> None:
    _number, (papers, *_others) = audit
    mine = tablet("danhgia")
    status = mine.locator("[data-checklist]")
    line(mine, papers).get_by_label("Lưu ý", exact=True).check()
    for _ in range(2):
        expect(status).to_contain_text("ghi chưa đúng: 1.")
        expect(line(mine, papers)).to_contain_text("Hãy ghi đã thấy gì")
        expect(progress(mine)).to_have_text("Đã trả lời 0/3 dòng")
        mine.reload()
    line(mine, papers).get_by_label("Bằng chứng, ghi chú").fill("Sổ ghi tay.")
    expect(status).to_contain_text("Đã gửi hết.")
    expect(progress(mine)).to_have_text("Đã trả lời 1/3 dòng")
    assert count(app, Answer) == 1
