"""Decisions in the browser: from the secretary through review to the signature, and after."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from urllib.parse import urlencode

import pypdfium2
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import event

from qms import jobs
from qms.accounts import queries as people
from qms.accounts import service as accounts
from qms.accounts.rules import Role
from qms.db import db, transaction
from qms.documents import paper_views, queries, registering, service
from qms.documents.kinds.procedure import Procedure
from qms.documents.kinds.text import Genre, WrittenText
from qms.documents.rules import RevisionText
from qms.documents.timeline import Action
from qms.errors import NotAllowedError
from qms.trail import Act
from qms.units import service as units
from qms.units.queries import unit
from tests.engines import sqlite_only
from tests.factories import PASSWORD, Office, document_by_code
from tests.pages import Browser, Page
from tests.people import As
from tests.when import MONDAY, NINE, Clock

TUESDAY = date(2026, 8, 4)
FRIDAY = date(2026, 8, 7)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


def a_head(**changes: object) -> dict[str, object]:
    words = {
        "owner": "song-lo",
        "title": "Về việc ban hành quy trình tiếp công dân",
        "issuer": "own",
        "grounds": "Căn cứ Luật Tiếp công dân",
        "effective_on": "07/08/2026",
    }
    return words | changes


def number_in(page: Page) -> int:
    """Return the number of the decision a page is about."""
    return int(page.address.split("/")[2])


def a_draft(browser: Browser, *codes: str, **head: object) -> int:
    """Open a draft that issues documents, through the pages."""
    made = number_in(browser.post("documents.decisions.new", a_head(**head), status=303))
    for code in codes:
        form = {"issue-kind": "text", "issue-code": code, "issue-title": f"Quy trình {code}"}
        browser.post("documents.lines.issue", form, status=303, decision_id=made)
    return made


def submitted(browser: Browser, *codes: str, **head: object) -> int:
    made = a_draft(browser, *codes, **head)
    browser.post("documents.signing.submit", {}, status=303, decision_id=made)
    return made


def a_signature(number: str = "12/QĐ-UBND", **changes: object) -> dict[str, object]:
    words = {
        "number": number,
        "dated": "03/08/2026",
        "effective_on": "07/08/2026",
        "signs_for": "TM.",
        "password": PASSWORD,
    }
    return {f"sign-{name}": value for name, value in (words | changes).items()}


def signed(signed_in: As, *codes: str, number: str = "12/QĐ-UBND", **days: object) -> int:
    """Take documents through all three hands."""
    made = submitted(signed_in("thuky"), *codes)
    signed_in("truongphong").post("documents.signing.review", {}, status=303, decision_id=made)
    signed_in("lanhdao").post(
        "documents.signing.sign", a_signature(number, **days), status=303, decision_id=made
    )
    return made


def lines_of(app: Flask, decision_id: int) -> list[int]:
    with app.app_context():
        return [each.id for each in queries.lines(db.session(), decision_id)]


def in_force(app: Flask, code: str, on: date) -> int | None:
    with app.app_context():
        session = db.session()
        owner = unit(session, "song-lo")
        found = document_by_code(session, [owner.id], "text", code)
        assert found is not None
        return queries.in_force_id(session, found.id, on)


def document_id(app: Flask, code: str) -> int:
    with app.app_context():
        session = db.session()
        found = document_by_code(session, [unit(session, "song-lo").id], "text", code)
        assert found is not None
        return found.id


def test_a_decision_goes_from_the_secretary_through_the_head_to_the_leader(
    app: Flask, signed_in: As
) -> None:
    made = submitted(signed_in("thuky"), "QT-16/VH")
    page = signed_in("truongphong").post(
        "documents.signing.review",
        {"review-words": "Đủ căn cứ."},
        status=303,
        decision_id=made,
    )
    assert "“Đủ căn cứ.”" in page.text
    page = signed_in("lanhdao").post(
        "documents.signing.sign", a_signature(), status=303, decision_id=made
    )
    assert "Đã ký Quyết định số 12/QĐ-UBND." in page.text
    assert "Đã ký, sắp có hiệu lực" in page.text
    assert in_force(app, "QT-16/VH", TUESDAY) is None
    assert in_force(app, "QT-16/VH", FRIDAY) is not None


def test_the_list_is_filtered_by_state_year_words_and_hand(signed_in: As, clock: Clock) -> None:
    signed(signed_in, "QT-01")
    a_draft(signed_in("thuky"), title="Về việc bãi bỏ sổ giấy")
    browser = signed_in("lanhdao")
    assert len(browser.get("documents.decisions.index").all("tbody tr")) == 2
    asked: list[tuple[dict[str, str], int]] = [
        ({"phase": "coming"}, 1),
        ({"phase": "draft"}, 1),
        ({"phase": "in_force"}, 0),
        ({"year": "2026"}, 1),
        ({"q": "bai bo so"}, 1),
        ({"q": "12/QĐ"}, 1),
        ({"q": "không có"}, 0),
        ({"mine": "y"}, 1),
    ]
    for wanted, count in asked:
        page = browser.open("/decisions?" + urlencode(wanted))
        assert len(page.all("tbody tr")) == count, wanted
    clock.go(FRIDAY)
    page = signed_in("lanhdao").get("documents.decisions.index", phase="in_force")
    assert len(page.all("tbody tr")) == 1


def a_second_post(app: Flask, office: Office, account: str, *accounts: str) -> None:
    """Give a person the posts of others as well."""
    with app.app_context(), transaction() as session:
        for other in accounts:
            session.execute(
                sa.text(
                    "INSERT INTO post (user_id, unit_id, role, first_day)"
                    " SELECT :me, unit_id, role, first_day FROM post WHERE user_id = :other"
                ),
                {"me": office.people[account], "other": office.people[other]},
            )


def test_a_drafter_neither_reviews_nor_signs_whatever_other_post_is_held(
    app: Flask, office: Office, signed_in: As
) -> None:
    a_second_post(app, office, "thuky", "truongphong", "lanhdao")
    thuky = signed_in("thuky")
    made = submitted(thuky, "QT-01")
    page = thuky.get("documents.decisions.show", decision_id=made)
    assert "Đồng ý, chuyển người ký" not in page.text
    assert "Người soạn thảo không ký văn bản của chính mình." in page.text
    page = thuky.post("documents.signing.review", {}, status=403, decision_id=made)
    assert "Người soạn thảo không xem xét" in page.text
    signed_in("truongphong").post("documents.signing.review", {}, status=303, decision_id=made)
    page = thuky.post("documents.signing.sign", a_signature(), status=403, decision_id=made)
    assert "Người soạn thảo không ký" in page.text


def test_the_reviewer_does_not_sign_as_well(app: Flask, office: Office, signed_in: As) -> None:
    a_second_post(app, office, "truongphong", "lanhdao")
    made = submitted(signed_in("thuky"), "QT-01")
    head = signed_in("truongphong")
    head.post("documents.signing.review", {}, status=303, decision_id=made)
    page = head.post("documents.signing.sign", a_signature(), status=403, decision_id=made)
    assert "Người xem xét và người ký phải là hai người." in page.text


def test_nobody_signs_what_nobody_reviewed(signed_in: As) -> None:
    made = submitted(signed_in("thuky"), "QT-01")
    page = signed_in("lanhdao").post(
        "documents.signing.sign", a_signature(), status=409, decision_id=made
    )
    assert "Chưa có người xem xét" in page.text


@pytest.mark.pdf
def test_an_office_of_three_lets_its_signer_review_and_prints_it(
    app: Flask, signed_in: As
) -> None:
    with app.app_context(), transaction() as session:
        act = Act(None, NINE, MONDAY)
        units.let_signer_review(session, act, unit(session, "song-lo"), allowed=True)
    made = submitted(signed_in("thuky"), "QT-01")
    leader = signed_in("lanhdao")
    leader.post("documents.signing.sign", a_signature(), status=303, decision_id=made)
    paper = leader.file("documents.papers.decision", decision_id=made)
    assert "Người ký đồng thời là người xem xét" in words_on(paper.data)


def test_a_returned_decision_loses_its_signatures_and_shows_the_reviewer_what_changed(
    app: Flask, signed_in: As
) -> None:
    thuky, head = signed_in("thuky"), signed_in("truongphong")
    made = submitted(thuky, "QT-01", "QT-02")
    head.post("documents.signing.review", {}, status=303, decision_id=made)
    page = signed_in("lanhdao").post(
        "documents.signing.send_back",
        {"return-reason": "QT-02 thiếu ngày riêng."},
        status=303,
        decision_id=made,
    )
    assert "hết giá trị vì đã trả lại" in page.text
    assert "“QT-02 thiếu ngày riêng.”" in page.text
    second = lines_of(app, made)[1]
    thuky.post(
        "documents.lines.edit",
        {"day": "10/08/2026", "reason": "", "material": "y"},
        status=303,
        decision_id=made,
        line_id=second,
    )
    thuky.post("documents.signing.submit", {}, status=303, decision_id=made)
    page = head.get("documents.decisions.show", decision_id=made)
    assert page.all("[aria-labelledby=since] li") == ["Mới QT-02 Quy trình QT-02"]
    head.post("documents.signing.review", {}, status=303, decision_id=made)


def test_a_reason_is_needed_to_give_it_back(signed_in: As) -> None:
    made = submitted(signed_in("thuky"), "QT-01")
    page = signed_in("truongphong").post(
        "documents.signing.send_back", {"return-reason": " "}, status=422, decision_id=made
    )
    assert "Lý do: Chưa điền ô này." in page.text


def test_a_stale_save_shows_both_versions_and_keeps_what_was_typed(signed_in: As) -> None:
    thuky = signed_in("thuky")
    made = a_draft(thuky)
    first = a_head(title="Bản của người thứ nhất", version="1")
    thuky.post("documents.decisions.edit", first, status=303, decision_id=made)
    second = a_head(title="Bản của người thứ hai", version="1")
    page = thuky.post("documents.decisions.edit", second, status=409, decision_id=made)
    assert "Bản của người thứ nhất" in page.text
    assert page.one("textarea[name=title]") == "Bản của người thứ hai"
    (version,) = page.attributes("input[name=version]", "value")
    again = a_head(title="Bản của người thứ hai", version=version)
    thuky.post("documents.decisions.edit", again, status=303, decision_id=made)


def test_editing_the_head_begins_with_what_is_saved(signed_in: As) -> None:
    thuky = signed_in("thuky")
    made = a_draft(thuky, issuer="outside", issuer_name="Ủy ban nhân dân tỉnh Phú Thọ")
    page = thuky.get("documents.decisions.edit", decision_id=made)
    assert page.attributes("[name=issuer][checked]", "value") == ["outside"]
    assert page.attributes("#issuer_name", "value") == ["Ủy ban nhân dân tỉnh Phú Thọ"]
    assert page.attributes("#effective_on", "value") == ["07/08/2026"]
    assert page.one("#grounds") == "Căn cứ Luật Tiếp công dân"


def test_wrong_words_in_the_head_are_said_beside_the_field_and_kept(signed_in: As) -> None:
    form = a_head(effective_on="31/02/2026", issuer="outside")
    page = signed_in("thuky").post("documents.decisions.new", form, status=422)
    assert page.attributes("#effective_on", "value") == ["31/02/2026"]
    assert page.one("#issuer_name-wrong") == "Hãy ghi tên cơ quan ban hành."
    assert page.one("textarea[name=title]") == form["title"]


@sqlite_only
@pytest.mark.parametrize(
    "named",
    [
        "UBND xã Sông Lô",
        "Ủy ban  nhân dân xã SÔNG LÔ.",
        "Ủy ban nhân dân xã Sông Lô, tỉnh Phú Thọ",
        "Chủ tịch UBND xã Sông Lô",
        "Tư pháp",
    ],
)
def test_nobody_spares_the_reviewer_by_calling_the_own_office_another_body(
    signed_in: As, named: str
) -> None:
    thuky = signed_in("thuky")
    form = a_head(issuer="outside", issuer_name=named)
    page = thuky.post("documents.decisions.new", form, status=422)
    assert "chính là cơ quan của đơn vị này" in page.one("#issuer_name-wrong")
    assert page.one("textarea[name=title]") == form["title"]
    made = a_draft(thuky)
    page = thuky.post(
        "documents.decisions.edit", form | {"version": "1"}, status=422, decision_id=made
    )
    assert "chính là cơ quan của đơn vị này" in page.one("#issuer_name-wrong")
    assert page.attributes("#issuer_name", "value") == [named]


def test_a_wrong_password_signs_nothing_and_too_many_have_to_wait(
    app: Flask, signed_in: As
) -> None:
    made = submitted(signed_in("thuky"), "QT-01")
    signed_in("truongphong").post("documents.signing.review", {}, status=303, decision_id=made)
    leader = signed_in("lanhdao")
    wrong = a_signature(password="không phải nó")
    for _ in range(5):
        page = leader.post("documents.signing.sign", wrong, status=422, decision_id=made)
        assert page.one("#sign-password-wrong") == "Mật khẩu không đúng. Chưa ký gì."
    assert page.attributes("#sign-number", "value") == ["12/QĐ-UBND"]
    page = leader.post("documents.signing.sign", a_signature(), status=422, decision_id=made)
    assert "nhiều lần" in page.one("#sign-password-wrong")
    assert in_force(app, "QT-01", FRIDAY) is None


@sqlite_only
def test_strangers_at_the_door_keep_nobody_from_signing(app: Flask, signed_in: As) -> None:
    made = submitted(signed_in("thuky"), "QT-01")
    signed_in("truongphong").post("documents.signing.review", {}, status=303, decision_id=made)
    leader, stranger = signed_in("lanhdao"), app.test_client()
    guess = {"account": "lanhdao", "password": "đoán mò"}
    assert [stranger.post("/sign-in", data=guess).status_code for _ in range(6)][-1] == 429
    leader.post("documents.signing.sign", a_signature(), status=303, decision_id=made)


def issued_again(app: Flask, office: Office, decision_id: int, *codes: str) -> None:
    """Let a draft issue what another draft issues too, as an import does."""
    act = office.act("thuky", NINE, MONDAY)
    with app.app_context(), transaction() as session:
        owner = unit(session, "song-lo")
        found = registering.draft_documents(session, act, owner=owner, kind="text", codes=codes)
        text = RevisionText("Quy trình", WrittenText(genre=Genre.PROCEDURE))
        lines = [service.Line(found[code], Action.ISSUE, text) for code in codes]
        service.add_lines(session, act, queries.decision(session, decision_id), lines)


def test_a_signature_is_refused_line_by_line(app: Flask, office: Office, signed_in: As) -> None:
    thuky = signed_in("thuky")
    made = submitted(thuky, "QT-01", "QT-02")
    other = a_draft(thuky, "QT-03")
    issued_again(app, office, other, "QT-01", "QT-02")
    thuky.post("documents.signing.submit", {}, status=303, decision_id=other)
    signed_in("truongphong").post("documents.signing.review", {}, status=303, decision_id=made)
    signed_in("truongphong").post("documents.signing.review", {}, status=303, decision_id=other)
    leader = signed_in("lanhdao")
    leader.post("documents.signing.sign", a_signature(), status=303, decision_id=made)
    page = leader.post(
        "documents.signing.sign", a_signature("13/QĐ-UBND"), status=409, decision_id=other
    )
    assert [words.split(":")[0] for words in page.all("[role=alert] li")] == ["QT-01", "QT-02"]
    assert page.attributes("#sign-number", "value") == ["13/QĐ-UBND"]


def test_a_used_number_is_refused(signed_in: As) -> None:
    signed(signed_in, "QT-01")
    made = submitted(signed_in("thuky"), "QT-02")
    signed_in("truongphong").post("documents.signing.review", {}, status=303, decision_id=made)
    page = signed_in("lanhdao").post(
        "documents.signing.sign", a_signature(), status=409, decision_id=made
    )
    assert "đã dùng cho một quyết định khác" in page.text


def through(signed_in: As, made: int, number: str, **days: object) -> Page:
    """Take a draft that is there through review and signature."""
    signed_in("thuky").post("documents.signing.submit", {}, status=303, decision_id=made)
    signed_in("truongphong").post("documents.signing.review", {}, status=303, decision_id=made)
    return signed_in("lanhdao").post(
        "documents.signing.sign", a_signature(number, **days), status=303, decision_id=made
    )


def test_a_whole_decision_is_cancelled_before_its_day_by_another(
    app: Flask, signed_in: As
) -> None:
    made = signed(signed_in, "QT-01", "QT-02")
    thuky = signed_in("thuky")
    page = thuky.post(
        "documents.lines.replace_all",
        {"remedy": "cancel", "reason": "Chưa đủ kinh phí", "into": "", "day": ""},
        status=303,
        decision_id=made,
    )
    assert page.all("tbody .st") == ["Hủy", "Hủy"]
    through(signed_in, number_in(page), "13/QĐ-UBND")
    assert in_force(app, "QT-01", FRIDAY) is None
    page = thuky.get("documents.decisions.show", decision_id=made)
    assert "đã bị thu hồi trước khi có hiệu lực" in page.text
    listed = thuky.get("documents.decisions.index", phase="revoked")
    assert listed.all("tbody tr td:first-child") == ["12/QĐ-UBND"]


def test_one_line_is_moved_to_another_day_with_the_same_text(app: Flask, signed_in: As) -> None:
    made = signed(signed_in, "QT-01", "QT-02")
    page = signed_in("thuky").post(
        "documents.lines.replace_line",
        {"remedy": "move", "day": "14/08/2026", "reason": "Chờ in mẫu", "into": ""},
        status=303,
        decision_id=made,
        line_id=lines_of(app, made)[0],
    )
    assert page.all("tbody .st") == ["Đổi ngày"]
    through(signed_in, number_in(page), "13/QĐ-UBND")
    assert in_force(app, "QT-01", FRIDAY) is None
    assert in_force(app, "QT-01", date(2026, 8, 14)) is not None
    assert in_force(app, "QT-02", FRIDAY) is not None
    page = signed_in("thuky").get("documents.decisions.show", decision_id=made)
    assert "Đã thay bởi Quyết định 13/QĐ-UBND" in page.text


def test_a_line_in_force_is_corrected_but_not_moved(
    app: Flask, signed_in: As, clock: Clock
) -> None:
    made = signed(signed_in, "QT-01")
    clock.go(date(2026, 8, 10))
    line = lines_of(app, made)[0]
    thuky = signed_in("thuky")
    form = {"remedy": "move", "day": "14/08/2026", "reason": "Dời", "into": ""}
    page = thuky.post(
        "documents.lines.replace_line", form, status=409, decision_id=made, line_id=line
    )
    assert "chỉ đính chính được" in page.text
    assert page.one("textarea[name=reason]") == "Dời"
    form = {"remedy": "correct", "reason": "Sai tên", "into": "", "day": ""}
    page = thuky.post(
        "documents.lines.replace_line", form, status=303, decision_id=made, line_id=line
    )
    before = in_force(app, "QT-01", FRIDAY)
    through(
        signed_in,
        number_in(page),
        "13/QĐ-UBND",
        dated="10/08/2026",
        effective_on="10/08/2026",
        reason="Đính chính",
    )
    assert in_force(app, "QT-01", FRIDAY) not in {before, None}


def test_a_document_is_withdrawn_with_a_reason(app: Flask, signed_in: As, clock: Clock) -> None:
    signed(signed_in, "QT-01")
    clock.go(date(2026, 8, 10))
    thuky = signed_in("thuky")
    made = a_draft(thuky, effective_on="12/08/2026")
    where = {"decision_id": made, "document_id": document_id(app, "QT-01")}
    page = thuky.post("documents.lines.withdraw", {"reason": ""}, status=422, **where)
    assert "Lý do: Chưa điền ô này." in page.text
    page = thuky.post(
        "documents.lines.withdraw", {"reason": "Không còn việc này"}, status=303, **where
    )
    assert page.all("tbody .st") == ["Bãi bỏ"]
    through(signed_in, made, "14/QĐ-UBND", dated="10/08/2026", effective_on="12/08/2026")
    assert in_force(app, "QT-01", date(2026, 8, 11)) is not None
    assert in_force(app, "QT-01", date(2026, 8, 12)) is None


def test_a_line_that_another_signature_overtook_is_rebased_and_reviewed_again(
    app: Flask, signed_in: As, clock: Clock
) -> None:
    signed(signed_in, "QT-01")
    clock.go(date(2026, 8, 10))
    thuky = signed_in("thuky")
    first = a_draft(thuky, effective_on="12/08/2026")
    second = a_draft(thuky, effective_on="14/08/2026")
    document = document_id(app, "QT-01")
    for made in (first, second):
        thuky.post(
            "documents.lines.amend", {}, status=303, decision_id=made, document_id=document
        )
    thuky.post("documents.signing.submit", {}, status=303, decision_id=second)
    days = {"dated": "10/08/2026", "effective_on": "12/08/2026"}
    through(signed_in, first, "14/QĐ-UBND", **days)
    page = thuky.get("documents.decisions.show", decision_id=second)
    assert "QT-01: đã có 1 thay đổi được ký từ khi soạn dòng này." in page.text
    line = lines_of(app, second)[0]
    page = thuky.get("documents.lines.show", decision_id=second, line_id=line)
    assert "So với bản 2" in page.text
    page = thuky.post(
        "documents.lines.rebase", {}, status=303, decision_id=second, line_id=line
    )
    assert "đã có thay đổi được ký" not in page.text
    page = thuky.get("documents.decisions.show", decision_id=second)
    assert "Dự thảo" in page.text
    days = {"dated": "10/08/2026", "effective_on": "14/08/2026"}
    through(signed_in, second, "15/QĐ-UBND", **days)


@sqlite_only
@pytest.mark.parametrize("issuer", ["own", "outside"])
def test_nobody_hands_over_the_unfinished_draft_of_another(
    app: Flask, signed_in: As, issuer: str
) -> None:
    made = a_draft(signed_in("thuky"), "QT-01", issuer=issuer, issuer_name="HĐND tỉnh Phú Thọ")
    head, leader = signed_in("truongphong"), signed_in("lanhdao")
    page = head.post("documents.signing.review", {}, status=409, decision_id=made)
    assert "còn là dự thảo; người soạn phải gửi xem xét trước" in page.one("[role=alert]")
    page = leader.post("documents.signing.sign", a_signature(), status=409, decision_id=made)
    assert ("còn là dự thảo" in page.text) is (issuer == "outside")
    assert (
        "Xác nhận bản ghi" not in leader.get("documents.decisions.show", decision_id=made).text
    )
    with app.app_context():
        assert not queries.signatures(db.session(), made)


@sqlite_only
def test_a_reason_that_the_head_gives_is_not_missed(
    app: Flask, signed_in: As, clock: Clock
) -> None:
    signed(signed_in, "QT-01")
    clock.go(date(2026, 8, 14))
    thuky = signed_in("thuky")
    document = document_id(app, "QT-01")

    def amended(**head: object) -> int:
        made = a_draft(thuky, **head)
        where = {"decision_id": made, "document_id": document}
        thuky.post("documents.lines.amend", {}, status=303, **where)
        return made

    today = amended(effective_on="14/08/2026")
    through(signed_in, today, "13/QĐ-UBND", dated="14/08/2026", effective_on="14/08/2026")
    for reason, missed in (("", True), ("Nhập bổ sung", False)):
        made = amended(effective_on="10/08/2026", reason=reason)
        page = thuky.get("documents.decisions.show", decision_id=made)
        assert ("nên phải nêu lý do" in page.text) is missed


def test_what_another_body_issued_is_confirmed_by_one_second_person(
    app: Flask, signed_in: As
) -> None:
    made = submitted(
        signed_in("thuky"),
        "QT-01",
        issuer="outside",
        issuer_name="Ủy ban nhân dân tỉnh Phú Thọ",
    )
    page = signed_in("lanhdao").post(
        "documents.signing.sign",
        a_signature("2770/QĐ-UBND", signs_for=""),
        status=303,
        decision_id=made,
    )
    assert "xác nhận bản ghi" in page.text
    assert in_force(app, "QT-01", FRIDAY) is not None


def test_a_draft_is_abandoned_with_a_reason(signed_in: As) -> None:
    thuky = signed_in("thuky")
    made = a_draft(thuky, "QT-01")
    page = thuky.post(
        "documents.decisions.abandon",
        {"abandon-reason": "Nhập nhầm"},
        status=303,
        decision_id=made,
    )
    assert "Đã bỏ" in page.all(".st")


@sqlite_only
def test_a_code_that_is_anothers_is_not_issued_as_new(signed_in: As) -> None:
    signed(signed_in, "QT-01")
    thuky = signed_in("thuky")
    first = a_draft(thuky, "QT-02", title="Về việc ban hành QT-02")
    second = a_draft(thuky)
    for code, told in (
        ("QT-01", "đã ban hành. Hãy tìm tài liệu đó rồi chọn sửa đổi"),
        ("QT-02", "đã có trong dự thảo “Về việc ban hành QT-02”"),
        ("QT-03", ""),
    ):
        form = {"issue-kind": "text", "issue-code": code, "issue-title": "Quy trình mới"}
        status = 422 if told else 303
        page = thuky.post("documents.lines.issue", form, status=status, decision_id=second)
        if told:
            assert told in page.one("#issue-code-wrong")
            assert page.attributes("#issue-code", "value") == [code]
            assert page.attributes("#issue-title", "value") == ["Quy trình mới"]
    page = thuky.get("documents.decisions.show", decision_id=second)
    assert len(page.all("tbody tr")) == 1
    form = {"abandon-reason": "Nhập nhầm"}
    thuky.post("documents.decisions.abandon", form, status=303, decision_id=first)
    form = {"issue-kind": "text", "issue-code": "QT-02", "issue-title": "Quy trình mới"}
    thuky.post("documents.lines.issue", form, status=303, decision_id=second)


def test_a_dropped_line_is_gone(app: Flask, signed_in: As) -> None:
    thuky = signed_in("thuky")
    made = a_draft(thuky, "QT-01", "QT-02")
    line = lines_of(app, made)[0]
    page = thuky.post("documents.lines.drop", {}, status=303, decision_id=made, line_id=line)
    assert len(page.all("tbody tr")) == 1


def test_the_scan_is_attached_once_and_comes_back_as_a_file(signed_in: As) -> None:
    made = signed(signed_in, "QT-01")
    thuky = signed_in("thuky")

    def attach(data: bytes, name: str, status: int) -> Page:
        form = {"scan-scan": (io.BytesIO(data), name)}
        return thuky.post("documents.signing.attach", form, status=status, decision_id=made)

    assert "PDF, JPEG hoặc PNG" in attach(b"MZ rubbish", "a.pdf", 422).text
    active = b"%PDF-1.7\n<< /OpenAction << /S /JavaScript >> >>"
    assert "phần tự chạy" in attach(active, "a.pdf", 422).text
    attach(PNG, "Bản chụp số 12.png", 303)
    answer = thuky.file("documents.papers.scan", decision_id=made)
    assert answer.data == PNG
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "chỉ đính kèm một lần" in attach(PNG, "b.png", 409).text


@pytest.mark.pdf
def test_the_paper_of_a_draft_says_so_and_the_signed_one_does_not(signed_in: As) -> None:
    thuky = signed_in("thuky")
    made = a_draft(thuky, "QT-16/VH")
    draft = words_on(thuky.file("documents.papers.decision", decision_id=made).data)
    assert "DỰ THẢO" in draft
    assert "QT-16/VH" in draft
    through(signed_in, made, "12/QĐ-UBND")
    answer = thuky.file("documents.papers.decision", decision_id=made)
    words = words_on(answer.data)
    assert "DỰ THẢO" not in words
    assert "Số: 12/QĐ-UBND" in words
    assert "TM. ỦY BAN NHÂN DÂN" in words.upper()
    assert thuky.file("documents.papers.decision", decision_id=made).data == answer.data


@pytest.mark.pdf
def test_long_paper_is_made_by_a_job_and_kept(
    app: Flask, signed_in: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper_views, "AT_ONCE", 0)
    thuky = signed_in("thuky")
    made = a_draft(thuky, "QT-01")
    answer = thuky.file("documents.papers.decision", status=303, decision_id=made)
    assert "vài phút" in thuky.open(answer.location).text
    thuky.post("documents.papers.make", {}, status=303, decision_id=made)
    with app.app_context():
        assert jobs.run_waiting() == 1
    paper = thuky.file("documents.papers.decision", decision_id=made)
    assert "QT-01" in words_on(paper.data)


def test_somebody_elses_draft_is_closed(signed_in: As) -> None:
    made = a_draft(signed_in("thuky"), "QT-01")
    other = signed_in("thuky-tl")
    for endpoint in ("documents.decisions.show", "documents.decisions.edit"):
        other.get(endpoint, status=403, decision_id=made)
    other.post("documents.signing.submit", {}, status=403, decision_id=made)
    other.post("documents.lines.issue", {}, status=403, decision_id=made)
    other.file("documents.papers.decision", status=403, decision_id=made)
    assert "Về việc" not in other.get("documents.decisions.index").text
    signed_in("chuyenvien").get("documents.decisions.index", status=403)


@sqlite_only
def test_who_has_left_the_office_reads_no_decision_of_it_not_even_what_he_drafted(
    app: Flask, office: Office, signed_in: As, clock: Clock, runner: FlaskCliRunner
) -> None:
    made = a_draft(signed_in("thuky"), "QT-01")
    shown = ("decision", "show", str(made), "--as", "thuky")
    assert "Về việc" in runner.invoke(args=shown).output
    with app.app_context(), transaction() as session:
        act = Act(None, NINE, MONDAY)
        (post,) = people.posts(session, office.people["thuky"])
        accounts.end_post(session, act, post, last_day=MONDAY)
        there, person = unit(session, "tan-lap"), people.user(session, "thuky")
        accounts.give_post(session, act, person, there, Role.SECRETARY, first_day=TUESDAY)
    clock.go(TUESDAY)
    gone = signed_in("thuky")
    gone.get("documents.decisions.show", status=403, decision_id=made)
    assert not gone.get("documents.decisions.index").all("tbody tr")
    refused = runner.invoke(args=shown)
    assert isinstance(refused.exception, NotAllowedError)
    assert not refused.output


@sqlite_only
def test_the_command_line_shows_decisions_to_those_who_read_them(
    signed_in: As, runner: FlaskCliRunner
) -> None:
    made = a_draft(signed_in("thuky"), "QT-01")
    for account, reads in (("danhgia", True), ("chuyenvien", False), ("thuky-tl", False)):
        shown = runner.invoke(args=("decision", "show", str(made), "--as", account))
        assert ("QT-01" in shown.output) is reads, account


def test_a_line_is_found_only_in_its_own_decision(app: Flask, signed_in: As) -> None:
    thuky = signed_in("thuky")
    one, two = a_draft(thuky, "QT-01"), a_draft(thuky, "QT-02")
    line = lines_of(app, two)[0]
    thuky.get("documents.lines.show", status=404, decision_id=one, line_id=line)
    thuky.post("documents.lines.drop", {}, status=404, decision_id=one, line_id=line)
    thuky.get("documents.decisions.show", status=404, decision_id=999)


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Collect what is asked of the database."""
    asked: list[str] = []

    def note(*args: object) -> None:
        if str(args[2]).lstrip().upper().startswith(("SELECT", "WITH")):
            asked.append(str(args[2]))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


ASKED = 24
"""Questions behind a draft decision: all that a signer has to know stands on its page."""


def many_lines(app: Flask, office: Office, count: int) -> int:
    """Open a draft decision that issues so many procedures."""
    act = office.act("thuky", NINE, MONDAY)
    with app.app_context(), transaction() as session:
        owner = unit(session, "song-lo")
        head = service.Head("Về việc công bố danh mục", effective_on=FRIDAY)
        made = service.open_decision(session, act, owner, head)
        codes = [f"{made.id}.{number:06d}" for number in range(count)]
        found = registering.draft_documents(
            session, act, owner=owner, kind="procedure", codes=codes
        )
        lines = [
            service.Line(found[code], Action.ISSUE, RevisionText("Thủ tục", Procedure()))
            for code in codes
        ]
        service.add_lines(session, act, made, lines)
        return made.id


def test_a_page_costs_the_same_with_10_and_with_900_lines(
    app: Flask, office: Office, signed_in: As
) -> None:
    small, large = many_lines(app, office, 10), many_lines(app, office, 900)
    for made in (small, large):
        signed_in("thuky").post("documents.signing.submit", {}, status=303, decision_id=made)
    for reader in ("thuky", "truongphong", "lanhdao"):
        browser = signed_in(reader)
        costs = []
        for made in (small, large):
            with counted(app) as asked:
                page = browser.get("documents.decisions.show", decision_id=made)
            costs.append(len(asked))
            assert len(page.all("tbody tr")) <= 50
        assert costs[0] == costs[1] <= ASKED, reader
        with counted(app) as asked:
            browser.get("documents.decisions.index")
        assert len(asked) <= 15, "\n\n".join(asked)


def words_on(data: bytes) -> str:
    """Return the text of a PDF on one line."""
    document = pypdfium2.PdfDocument(data)
    pages = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return " ".join(" ".join(pages).split())
