"""Choosing the document a text names: by search while typing, and without JavaScript."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from qms.db import db
from qms.documents import picking, reading
from qms.documents.kinds.legal import LegalText
from qms.documents.rules import RevisionText
from qms.documents.timeline import Action
from tests.deciding import Deciding, after, internal, text
from tests.engines import sqlite_only
from tests.factories import Office
from tests.pages import Page
from tests.people import As
from tests.when import MONDAY, Clock


def law(title: str) -> RevisionText:
    return RevisionText(title, LegalText())


@pytest.fixture
def deciding(app: Flask, office: Office, clock: Clock) -> Iterator[Deciding]:
    with app.app_context():
        yield Deciding(app, office, clock)


def offered(session: Session, who: int, kind: str, typed: str) -> list[tuple[str, str]]:
    session.rollback()
    seen = reading.visit(session, who, MONDAY)
    return [(e.code, e.title) for e in picking.offer(session, seen, kind, typed, MONDAY)]


def test_documents_are_offered_by_code_first_then_by_words_without_accents(
    office: Office, deciding: Deciding
) -> None:
    session, thuky = db.session(), office.people["thuky"]
    deciding.decide(Action.ISSUE, law("Nghị định về hộ tịch"), code="123/2015/NĐ-CP")
    deciding.decide(Action.ISSUE, law("Nghị định số 123 cũ"), code="9/2001/NĐ-CP")
    deciding.decide(Action.ISSUE, law("Luật Hộ tịch"), code="60/2014/QH13", on=after(9))
    deciding.decide(Action.ISSUE, text("Sổ hộ tịch"), code="QT-123")
    deciding.add(deciding.open(), Action.ISSUE, law("Thông tư hộ tịch"), code="15/2015/TT-BTP")

    assert offered(session, thuky, "legal", "123") == [
        ("123/2015/NĐ-CP", "Nghị định về hộ tịch"),
        ("9/2001/NĐ-CP", "Nghị định số 123 cũ"),
    ]
    assert [code for code, _ in offered(session, thuky, "legal", "ho tich")] == [
        *("60/2014/QH13", "123/2015/NĐ-CP", "15/2015/TT-BTP"),
    ], "what stands, what will, and what is drafted here; no other kind"
    assert offered(session, thuky, "legal", "60/2014/qh13")[0][1] == "Luật Hộ tịch"
    assert offered(session, thuky, "legal", "  ") == []
    assert offered(session, thuky, "legal", "100%") == []
    assert offered(session, office.people["thuky-tl"], "legal", "15/2015") == []


def test_a_document_is_offered_once_with_the_title_of_today_and_none_that_ended(
    office: Office, deciding: Deciding
) -> None:
    session, thuky = db.session(), office.people["thuky"]
    deciding.decide(Action.ISSUE, text("Tên hôm nay"))
    deciding.decide(Action.AMEND, text("Tên mai sau"), on=after(5))
    deciding.add(deciding.open(), Action.AMEND, text("Tên dự thảo"))
    deciding.decide(Action.ISSUE, text("Tên đã bỏ"), code="QT-02")
    deciding.clock.go(after(1))
    deciding.decide(Action.WITHDRAW, code="QT-02", on=after(1), reason="bỏ")
    seen = reading.visit(session, thuky, after(1))
    found = picking.offer(session, seen, "text", "ten", after(1))
    assert [(each.code, each.title) for each in found] == [("QT-01", "Tên hôm nay")]
    assert picking.titles(session, seen, "text", ["QT-01", "QT-02", "QT-03"], after(1)) == {
        "QT-01": "Tên hôm nay"
    }


def test_nobody_is_offered_what_they_may_not_read(office: Office, deciding: Deciding) -> None:
    session = db.session()
    deciding.decide(Action.ISSUE, internal("Mật của Sông Lô"))
    assert offered(session, office.people["thuky"], "text", "mat")
    assert offered(session, office.people["thuky-tl"], "text", "mat") == []
    seen = reading.visit(session, office.people["thuky-tl"], MONDAY)
    assert picking.titles(session, seen, "text", ["QT-01"], MONDAY) == {}


@sqlite_only
def test_the_field_is_filled_without_javascript_and_nothing_typed_is_lost(
    app: Flask, signed_in: As, office: Office, clock: Clock
) -> None:
    with app.app_context():
        deciding = Deciding(app, office, clock)
        deciding.decide(Action.ISSUE, law("Luật Hộ tịch"), code="60/2014/QH13")
        line = deciding.add(deciding.open(), Action.ISSUE, text(), code="QT-07")
    thuky = signed_in("thuky")
    page = thuky.get("documents.texts.edit", change_id=line)
    form = {
        **_head(page),
        "body": "Đang viết dở",
        "legal_basis-0-document": "ho tich",
    }
    do = "legal_basis-0-document-find-legal"
    page = thuky.post("documents.texts.edit", form | {"do": do}, status=200, change_id=line)
    assert "60/2014/QH13 Luật Hộ tịch" in page.text
    assert page.one("#body").strip() == "Đang viết dở"
    assert "Chưa có tài liệu nào mang mã này." in page.one("#legal_basis-0-document-title")
    chosen = form | {"legal_basis-0-document-choice": "60/2014/QH13"}
    page = thuky.post(
        "documents.texts.edit", chosen | {"do": "save"}, status=303, change_id=line
    )
    assert page.attributes("#legal_basis-0-document", "value") == ["60/2014/QH13"]
    assert page.one("#legal_basis-0-document-title") == "Luật Hộ tịch"


@sqlite_only
def test_a_field_asks_for_suggestions_by_address(
    app: Flask, signed_in: As, office: Office, clock: Clock
) -> None:
    with app.app_context():
        deciding = Deciding(app, office, clock)
        deciding.decide(Action.ISSUE, law("Luật Hộ tịch"), code="60/2014/QH13", on=after(2))
    said = signed_in("chuyenvien").file("documents.picking.index", kind="legal", q="hộ").json
    assert said == {
        "found": [{"code": "60/2014/QH13", "title": "Luật Hộ tịch", "note": "từ 05/08/2026"}]
    }
    said = signed_in("chuyenvien").file("documents.picking.index", kind="none", q="hộ").json
    assert said == {"found": []}


def _head(page: Page) -> dict[str, str]:
    values = {"genre": "procedure", "audience": "public", "scope": "owner", "scope_level": ""}
    for name in ("version", "issue_no", "amendment_no"):
        values |= {name: page.attributes(f"[name={name}]", "value")[0]}
    return values | {"title": page.one("#title")}
