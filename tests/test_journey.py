"""The main job from end to end, in a real browser over a demonstration office."""

import io
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

import docx
import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, expect

from qms import jobs
from qms.vietnamese import day as written
from tests.demonstration import LATER, PASSWORD, run
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


PROCESS = """kind: process
code: QT-90/TP
title: Sao lục sổ đinh
issue: 1
amendment: 0
scope: owner
audience: internal
procedures:
  - '9.900006'
purpose: Thống nhất cách sao lục.
phases:
  - steps:
      - what: Nhận và trả kết quả.
        who: Bộ phận một cửa
        quarters: 4
"""


def a_word_file(words: str) -> bytes:
    """Return a file of Word with one paragraph."""
    document, made = docx.Document(), io.BytesIO()
    document.add_paragraph(words)
    document.save(made)
    return made.getvalue()


def fill_new(page: Page, *, decision: str = "", **values: str) -> None:
    """Fill the short form that opens a draft, and open it."""
    for name, value in values.items():
        box = page.locator(f"[name='new-{name}']")
        if box.evaluate("each => each.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)
    if decision:
        page.locator("[name='new-into']").select_option(label=decision)
    page.get_by_role("button", name="Mở bản thảo").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Soạn:")


def save(page: Page) -> None:
    page.locator("form[data-keep='text']").get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_text("Đã lưu bản thảo.")).to_be_visible()


def fill(page: Page, values: Mapping[str, str]) -> None:
    """Fill fields of an editor by their paths; folded parts open for it."""
    for path, value in values.items():
        box = page.locator(f"[id='{path}']")
        box.evaluate(
            "each => { const part = each.closest('details'); if (part) part.open = true }"
        )
        box.fill(value)


@pytest.mark.browser
@pytest.mark.pdf
@pytest.mark.usefixtures("working")
def test_a_fee_a_form_and_a_decree_come_into_force_on_one_day_and_not_before(  # noqa: PLR0915
    demonstration: FlaskCliRunner,
    chromium: Chromium,
    live: str,
    clock: Clock,
    signed_in_page: SignedIn,
    tmp_path: Path,
) -> None:
    comes = clock.at.date() + timedelta(days=7)
    (tmp_path / "quy-trinh").mkdir()
    (tmp_path / "quy-trinh/QT-90-TP.yaml").write_text(PROCESS, "utf-8")
    made = ("library", "import", str(tmp_path), "--unit", "song-lo", "--as", "thuky")
    number = run(demonstration, *made).rsplit(maxsplit=1)[-1]
    run(demonstration, "decision", "review", number, "--as", "truongphong")
    paper = ("--number", "48/QĐ-UBND", "--effective", f"{clock.at:%Y-%m-%d}")
    run(demonstration, "decision", "sign", number, "--as", "lanhdao", *paper)

    secretary = signed_in_page("thuky")
    title = "Thi hành Nghị quyết 45/2026/NQ-HĐND"
    secretary.goto("/documents/new")
    fill_new(
        secretary,
        owner="song-lo",
        kind="fee",
        code="PHI-SD",
        title="Lệ phí sao lục sổ đinh",
        decision_title=title,
        effective_on=written(comes),
    )
    secretary.get_by_role("button", name="Thêm dòng").click()
    fill(
        secretary,
        {
            "lines-0-name": "Lệ phí sao lục",
            "lines-0-procedure": CODE,
            "lines-0-amount": "12.000",
            "lines-0-unit": "đồng/bản",
            "lines-0-legal_basis": "Nghị quyết 45/2026/NQ-HĐND",
        },
    )
    save(secretary)

    secretary.goto("/documents/new")
    fill_new(
        secretary,
        decision=title,
        owner="song-lo",
        kind="form",
        code="BM-SD",
        title="Đơn sao lục",
    )
    secretary.locator("#blank").set_input_files(
        {
            "name": "don-sao-luc.docx",
            "mimeType": "",
            "buffer": a_word_file("Đơn đề nghị sao lục"),
        }
    )
    secretary.get_by_role("button", name="Tải tệp lên và lưu").click()
    expect(secretary.get_by_text("BM-SD.docx").first).to_be_visible()

    secretary.goto("/laws/new")
    fill_new(
        secretary,
        decision=title,
        owner="song-lo",
        type="decree",
        number="99/2026/NĐ-CP",
        issuer="Chính phủ",
        dated="30/07/2026",
        title="Nghị định về sổ đinh",
        in_force_from=written(comes),
    )
    save(secretary)

    secretary.goto(f"/documents?q={CODE}")
    secretary.get_by_role("link", name=TITLE).first.click()
    secretary.get_by_role("link", name="Soạn sửa đổi").click()
    secretary.locator("[name='amend-into']").select_option(label=title)
    secretary.get_by_role("button", name="Mở bản thảo").click()
    fill(secretary, {"dossier-0-form_code": "BM-SD", "summary": "Thêm biểu mẫu và căn cứ."})
    legal = secretary.locator("#legal_basis fieldset").count()
    secretary.get_by_role("button", name="Thêm văn bản").click()
    fill(
        secretary,
        {
            f"legal_basis-{legal}-number": "99/2026/NĐ-CP",
            f"legal_basis-{legal}-name": "Nghị định về sổ đinh",
            f"legal_basis-{legal}-document": "99/2026/NĐ-CP",
        },
    )
    save(secretary)

    secretary.get_by_role("link", name="Về quyết định").click()
    main = secretary.get_by_role("main")
    expect(main).to_contain_text("Tài liệu chịu ảnh hưởng")
    expect(main).to_contain_text(f"mô tả thủ tục {CODE}")
    accessible(secretary)
    secretary.get_by_role("button", name="Gửi xem xét").click()
    decide(signed_in_page, secretary.url, comes)

    citizen = chromium.new_context(base_url=live, viewport=PHONE, locale="vi-VN").new_page()
    citizen.set_default_timeout(15_000)

    def seen() -> list[bool]:
        """Tell of notice, its paper, the list of fees, the form and the process what is new."""
        citizen.goto(f"/b/song-lo/{CODE}")
        citizen.reload()
        notice = citizen.get_by_role("main").inner_text()
        link = citizen.get_by_role("link", name="In tờ này (PDF)").get_attribute("href") or ""
        printed = citizen.request.get(link)
        with pypdfium2.PdfDocument(printed.body()) as pdf:
            sheet = "".join(page.get_textpage().get_text_bounded() for page in pdf)
        citizen.goto("/b/song-lo/phi?q=sao+luc")
        citizen.reload()
        fees = citizen.get_by_role("main").inner_text()
        form = citizen.request.get("/b/song-lo/bm/BM-SD")
        clerk = signed_in_page("chuyenvien")
        clerk.goto("/documents?q=QT-90")
        clerk.get_by_role("link", name="Sao lục sổ đinh").first.click()
        process = clerk.get_by_role("main").inner_text()
        return [
            "12.000" in notice,
            "99/2026/NĐ-CP" in notice,
            "12.000" in sheet,
            "BM-SD" in sheet,
            "12.000" in fees,
            form.ok and form.body().startswith(b"PK"),
            "BM-SD" in process,
            "99/2026/NĐ-CP" in process,
            "12.000" in process,
        ]

    assert seen() == [False] * 9
    clock.go(comes - timedelta(days=1))
    assert seen() == [False] * 9
    clock.go(comes)
    assert seen() == [True] * 9
    citizen.context.close()
