"""What is pasted from Word becomes clean text, and rows change without a page load."""

from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from qms.documents.kinds import text_page
from qms.documents.kinds.legal import LegalText
from qms.documents.rules import RevisionText
from qms.documents.timeline import Action
from tests.deciding import Deciding, text
from tests.engines import sqlite_only
from tests.factories import Office
from tests.servers import accessible
from tests.test_keeping import enter
from tests.when import Clock

WORD: Final = Path(__file__).parent / "data" / "pasted"
PASTE: Final = """([area, html]) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/html", html);
    clipboardData.setData("text/plain", "bản thường");
    const event = new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true});
    area.focus();
    return area.dispatchEvent(event);
}"""


@pytest.fixture
def line(app: Flask, office: Office, clock: Clock) -> int:
    """Draft one text; return its line."""
    with app.app_context():
        deciding = Deciding(app, office, clock)
        return deciding.add(deciding.open(), Action.ISSUE, text(body=""))


@sqlite_only
@pytest.mark.browser
def test_what_is_pasted_from_word_keeps_its_parts_and_nothing_dirty(
    page: Page, line: int
) -> None:
    enter(page)
    page.goto(f"/decisions/lines/{line}/text")
    html = (WORD / "word.html").read_text("utf-8")
    wanted = (WORD / "word.md").read_text("utf-8").strip()
    body = page.get_by_label("Nội dung", exact=True)
    handle = body.element_handle()
    assert not page.evaluate(PASTE, [handle, html]), "the browser's own paste is stopped"
    assert body.input_value().split("\n") == wanted.split("\n")
    assert not page.evaluate("window.wasRun"), "nothing that is pasted runs"
    shown = text_page.html(wanted)
    for part in ("<h2>1. Mục đích</h2>", "<li>Sổ tay</li>", "BM-01 Phiếu", "Biểu | mẫu"):
        assert part in shown
    body.fill("")
    google = (
        '<b style="font-weight:normal"><h2>Phạm vi</h2><p>Mọi <span style="font-weight:700">'
        "đơn vị</span></p><ul><li>Một<ol start=3><li>Ba</li></ol></li><li>Hai</li></ul></b>"
    )
    page.evaluate(PASTE, [handle, google])
    assert body.input_value() == "## Phạm vi\n\nMọi **đơn vị**\n\n- Một\n  3. Ba\n- Hai"
    reason = page.get_by_label("Vì sao sửa")
    page.evaluate(PASTE, [reason.element_handle(), html])
    assert reason.input_value().startswith("1. Mục đích\nQuy định việc kiểm soát tài liệu.\n")
    assert "- Tài liệu nội bộ\n  - Sổ tay\n" in reason.input_value()
    assert "TT | Biểu / mẫu" in reason.input_value()
    assert page.evaluate(PASTE, [handle, "<img src=x>"]), "without text, the browser pastes"


@sqlite_only
@pytest.mark.browser
def test_rows_are_added_moved_and_removed_in_place_and_by_keyboard(
    page: Page, line: int
) -> None:
    enter(page)
    page.goto(f"/decisions/lines/{line}/text")
    page.evaluate("window.wasHere = true")
    said = page.locator("[data-rows-said]")
    page.get_by_label("Nội dung", exact=True).fill("Đang viết dở")
    for place, number in enumerate(("1/2026", "2/2026", "3/2026")):
        page.get_by_role("button", name="Thêm văn bản").click()
        field = page.locator(f"[name=legal_basis-{place}-number]")
        expect(field).to_be_focused()
        page.keyboard.type(number)
    expect(said).to_have_text("Đã thêm: Văn bản 3")
    page.keyboard.press("Enter")
    expect(page.locator("[name=legal_basis-2-name]")).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    expect(said).to_have_text("Đã chuyển lên: Văn bản 2")
    expect(page.locator("[name=legal_basis-1-name]")).to_be_focused()
    expect(page.locator("[name=legal_basis-1-number]")).to_have_value("3/2026")
    page.get_by_role("button", name="Chuyển xuống: Văn bản 1").press("Enter")
    expect(page.get_by_role("button", name="Chuyển xuống: Văn bản 2")).to_be_focused()
    page.get_by_role("button", name="Bỏ: Văn bản 1").click()
    expect(said).to_have_text("Đã bỏ: Văn bản 1")
    numbers = page.locator("[name$=-number]").evaluate_all("all => all.map(each => each.value)")
    assert numbers == ["1/2026", "2/2026"]
    page.locator("[name=legal_basis-1-document]").press("Enter")
    expect(page.get_by_role("button", name="Thêm văn bản")).to_be_focused()
    for _ in numbers:
        page.get_by_role("button", name="Bỏ: Văn bản 1").click()
    expect(page.get_by_role("button", name="Thêm văn bản")).to_be_focused()
    assert page.evaluate("window.wasHere"), "the page was never loaded anew"
    expect(page.get_by_label("Nội dung", exact=True)).to_have_value("Đang viết dở")


@sqlite_only
@pytest.mark.browser
def test_a_document_is_chosen_with_the_keyboard_alone(
    app: Flask, office: Office, clock: Clock, page: Page, line: int
) -> None:
    with app.app_context():
        deciding = Deciding(app, office, clock)
        for code, name in (("60/2014/QH13", "Luật Hộ tịch"), ("1/2020/TT", "Thông tư hộ tịch")):
            deciding.decide(Action.ISSUE, RevisionText(name, LegalText()), code=code)
    enter(page)
    page.goto(f"/decisions/lines/{line}/text")
    page.get_by_role("button", name="Thêm văn bản").click()
    field = page.get_by_role("combobox", name="Văn bản trong danh mục")
    expect(page.get_by_role("button", name="Tìm tài liệu")).to_be_hidden()
    field.type("ho tich")
    offered = page.get_by_role("listbox", name="Văn bản trong danh mục").get_by_role("option")
    expect(offered).to_have_count(2)
    accessible(page)
    page.keyboard.press("ArrowDown")
    expect(offered.and_(page.locator("[aria-selected=true]"))).to_contain_text("60/2014/QH13")
    page.keyboard.press("Enter")
    expect(field).to_have_value("60/2014/QH13")
    expect(offered.first).to_be_hidden()
    expect(page.locator("#legal_basis-0-document-title")).to_have_text("Luật Hộ tịch")
    field.fill("70/2014/QH13")
    expect(page.locator("#legal_basis-0-document-title")).to_have_text(
        "Không tìm thấy tài liệu nào."
    )
