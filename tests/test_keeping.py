"""What somebody types is kept before they save it, and is theirs alone."""

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from qms.db import db, touch, transaction
from qms.documents import keeping, queries, service
from qms.documents.keeping_models import WorkingCopy
from qms.documents.timeline import Action
from qms.trail import Entry
from tests.deciding import Deciding, text
from tests.engines import sqlite_only
from tests.factories import PASSWORD, Office
from tests.people import As
from tests.servers import accessible
from tests.test_document_pages import fields
from tests.when import Clock


@pytest.fixture
def line(app: Flask, office: Office, clock: Clock) -> int:
    """Draft one text; return its line."""
    with app.app_context():
        deciding = Deciding(app, office, clock)
        return deciding.add(deciding.open(), Action.ISSUE, text(body="Đã lưu."))


def test_a_working_copy_is_one_for_each_person_and_goes_with_its_draft(
    app: Flask, office: Office, line: int, clock: Clock
) -> None:
    thuky, head = office.people["thuky"], office.people["truongphong"]
    with app.app_context():
        draft = queries.line(db.session(), line).revision_id
        assert draft
        for who, said in ((thuky, "một"), (head, "hai"), (thuky, "ba")):
            with touch() as session:
                keeping.keep(session, draft, who, [("body", said), ("u", "1")], clock.at)
        found = keeping.kept(db.session(), draft, thuky)
        assert found == keeping.Kept((("body", "ba"), ("u", "1")), clock.at)
        with touch() as session:
            keeping.drop(session, draft, thuky)
        assert keeping.kept(db.session(), draft, thuky) is None
        with transaction() as session:
            change = queries.line(session, line)
            session.delete(change)
            session.flush()
            session.execute(sa.text("DELETE FROM revision WHERE id = :id"), {"id": draft})
        assert keeping.kept(db.session(), draft, head) is None


def test_what_was_typed_into_a_text_that_is_signed_falls_away(
    app: Flask, office: Office, line: int, clock: Clock
) -> None:
    with app.app_context():
        deciding = Deciding(app, office, clock)
        change = queries.line(db.session(), line)
        signed, decision, thuky = change.revision_id, change.decision_id, office.people["thuky"]
        later = deciding.add(deciding.open(), Action.ISSUE, text(), code="QT-02")
        other = queries.line(db.session(), later).revision_id
        assert signed
        assert other
        with touch() as session:
            keeping.keep(session, signed, thuky, [("body", "một")], clock.at)
        deciding.review(decision)
        deciding.sign(decision)
        with touch() as session:
            keeping.keep(session, other, thuky, [("body", "hai")], clock.at)
        left = db.session.scalars(sa.select(WorkingCopy.revision_id)).all()
        assert left == [other]


@sqlite_only
def test_a_working_copy_changes_no_draft_and_writes_no_line_of_the_trail(
    app: Flask, signed_in: As, line: int
) -> None:
    thuky = signed_in("thuky")
    with app.app_context():
        before = _digest(line), _trail()
    form = fields(thuky.get("documents.texts.edit", change_id=line)) | {
        "body": "",
        "title": "B",
    }
    said = thuky.client.post(f"/decisions/lines/{line}/copy", data=form).get_json()
    assert said["said"] == "Đã giữ lúc 09:00"
    assert ["is-late", "Chưa viết nội dung.", "body"] in said["gaps"]
    with app.app_context():
        assert (_digest(line), _trail()) == before
    page = thuky.get("documents.texts.edit", change_id=line)
    assert page.one("#body").strip() == "Đã lưu."
    assert "Ông, bà còn bản gõ dở, giữ lúc 09:00 ngày 03/08/2026" in page.text
    assert "Tên tài liệu: Kiểm soát tài liệu B" in page.text
    assert (
        "bản gõ dở"
        not in signed_in("thuky").get("documents.texts.preview", change_id=line).text
    )


@sqlite_only
def test_a_working_copy_is_taken_up_saved_or_discarded(signed_in: As, line: int) -> None:
    thuky, address = signed_in("thuky"), f"/decisions/lines/{line}/copy"
    form = fields(thuky.get("documents.texts.edit", change_id=line))
    typed = form | {"body": "Gõ dở.", "legal_basis-0-number": "1/2026"}
    thuky.client.post(address, data=typed)
    page = thuky.open(f"/decisions/lines/{line}/text?copy=1")
    assert page.one("#body").strip() == "Gõ dở."
    assert page.attributes("[name=legal_basis-0-number]", "value") == ["1/2026"]
    page = thuky.post(
        "documents.texts.edit", fields(page) | {"do": "save"}, status=303, change_id=line
    )
    assert page.one("#body").strip() == "Gõ dở."
    assert "gõ dở, giữ lúc" not in page.text
    thuky.client.post(address, data=fields(page) | {"body": "Lại gõ."})
    page = thuky.post("documents.keeping.drop", {}, status=303, change_id=line)
    assert page.one("#body").strip() == "Gõ dở."
    assert "gõ dở, giữ lúc" not in page.text


@sqlite_only
def test_a_copy_that_nobody_chose_about_outlives_what_is_saved_beside_it(
    signed_in: As, line: int
) -> None:
    thuky, address = signed_in("thuky"), f"/decisions/lines/{line}/copy"
    form = fields(thuky.get("documents.texts.edit", change_id=line))
    thuky.client.post(address, data=form | {"body": "Gõ dở."})
    beside = fields(thuky.get("documents.texts.edit", change_id=line)) | {"do": "save"}
    wrong = thuky.post(
        "documents.texts.edit", beside | {"title": ""}, status=422, change_id=line
    )
    assert wrong.attributes("form[data-keep-url]", "action") == []
    beside = fields(wrong) | {"do": "save", "title": "Khác"}
    page = thuky.post("documents.texts.edit", beside, status=303, change_id=line)
    assert "gõ dở, giữ lúc" in page.text
    taken = thuky.open(f"/decisions/lines/{line}/text?copy=1")
    assert taken.one("#body").strip() == "Gõ dở."


@sqlite_only
def test_a_copy_of_an_older_draft_is_compared_before_it_replaces_what_others_saved(
    app: Flask, office: Office, signed_in: As, line: int, clock: Clock
) -> None:
    thuky = signed_in("thuky")
    form = fields(thuky.get("documents.texts.edit", change_id=line))
    thuky.client.post(f"/decisions/lines/{line}/copy", data=form | {"body": "Của tôi."})
    with app.app_context(), transaction() as session:
        act = Deciding(app, office, clock).act("thuky")
        service.edit_text(
            session, act, queries.line(session, line), text(body="Trước."), version=1
        )
    page = thuky.open(f"/decisions/lines/{line}/text?copy=1")
    assert "Từ khi ấy dự thảo đã được lưu lại" in page.text
    page = thuky.post(
        "documents.texts.edit", fields(page) | {"do": "save"}, status=409, change_id=line
    )
    assert "Của tôi." in page.text


@sqlite_only
@pytest.mark.browser
def test_typing_is_kept_on_the_server_and_offered_on_another_machine(
    page: Page, window: BrowserContext, line: int
) -> None:
    enter(page)
    page.clock.install()
    page.goto(f"/decisions/lines/{line}/text")
    page.get_by_label("Nội dung", exact=True).fill("Gõ trên máy thứ nhất.")
    page.clock.run_for(4_000)
    expect(page.locator("[data-kept]")).to_contain_text("Đã giữ lúc")
    page.get_by_label("Nội dung", exact=True).fill("")
    page.clock.run_for(25_000)
    expect(page.locator("[data-gaps]")).to_contain_text("Chưa viết nội dung.")
    page.get_by_role("link", name="Chưa viết nội dung.").click()
    expect(page.get_by_label("Nội dung", exact=True)).to_be_focused()
    page.get_by_label("Nội dung", exact=True).fill("Gõ xong một nửa.")
    page.clock.run_for(4_000)
    expect(page.locator("[data-unkept]")).to_have_text("")

    assert window.browser
    other = window.browser.new_context(base_url=page.url.split("/decisions")[0])
    elsewhere = other.new_page()
    enter(elsewhere)
    elsewhere.goto(f"/decisions/lines/{line}/text")
    expect(elsewhere.get_by_text("Ông, bà còn bản gõ dở")).to_be_visible()
    accessible(elsewhere)
    elsewhere.get_by_role("link", name="Lấy lại bản gõ dở").click()
    expect(elsewhere.get_by_label("Nội dung", exact=True)).to_have_value("Gõ xong một nửa.")
    elsewhere.get_by_role("button", name="Lưu", exact=True).last.click()
    expect(elsewhere.get_by_text("Đã lưu bản thảo.")).to_be_visible()
    other.close()


@sqlite_only
@pytest.mark.browser
def test_a_session_that_ends_while_somebody_types_loses_no_text(page: Page, line: int) -> None:
    enter(page)
    page.clock.install()
    page.goto(f"/decisions/lines/{line}/text")
    page.context.clear_cookies()
    page.get_by_label("Nội dung", exact=True).fill("Gõ khi phiên đã hết.")
    page.clock.run_for(4_000)
    expect(page.locator("[data-unkept]")).to_contain_text("vẫn được giữ trong trình duyệt này")
    page.on("dialog", lambda dialog: dialog.accept())
    enter(page)
    page.goto(f"/decisions/lines/{line}/text")
    page.get_by_role("button", name="Lấy lại nội dung đó").click()
    expect(page.get_by_label("Nội dung", exact=True)).to_have_value("Gõ khi phiên đã hết.")


def enter(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_label("Tên đăng nhập").fill("thuky")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Việc của tôi")


def _digest(line: int) -> str:
    db.session.rollback()
    revision = queries.line(db.session(), line).revision
    assert revision
    return revision.digest


def _trail() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Entry)) or 0
