"""The public board: what is in force on a day, nearest owner first, and nothing else."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdfium2 import PdfDocument

from qms.db import transaction
from qms.documents.rules import Audience, Scope
from qms.documents.timeline import Action
from qms.errors import LateError
from qms.units.rules import Level
from qms.web import pdf
from tests.engines import counted, sqlite_only
from tests.factories import FOUNDED, Office
from tests.pages import Browser, Page
from tests.posting import FOR_COMMUNES, JULY, LATER, Posting, directly, priced, procedure, world
from tests.when import MONDAY, Clock

MOST_QUERIES = 15
BIRTH = "1.001193"
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def office(app: Flask) -> Office:
    with app.app_context(), transaction() as session:
        return world(session)


@pytest.fixture
def posting(app: Flask, office: Office, clock: Clock) -> Posting:
    return Posting(app, office, clock)


def listed(browser: Browser, unit: str = "song-lo", on: date | None = None) -> list[str]:
    """Return the titles on a board, in order."""
    return browser.get("notices.board", unit=unit, all=1, on=on).all("ol a")


def test_a_board_lists_what_is_in_force_on_the_day(browser: Browser, posting: Posting) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh"), "2.1": procedure("Đăng ký kết hôn")})
    posting.issue({"2.2": procedure("Ấp trứng")}, LATER)
    posting.amend(BIRTH, procedure("Đăng ký khai sinh mới"))
    posting.withdraw("2.1")

    june, before, after = date(2026, 6, 30), date(2026, 8, 31), LATER
    assert listed(browser, on=june) == []
    assert listed(browser) == ["Đăng ký kết hôn", "Đăng ký khai sinh"]
    assert listed(browser, on=before) == listed(browser)
    assert listed(browser, on=after) == ["Ấp trứng", "Đăng ký khai sinh mới"]
    front = browser.get("notices.home")
    assert front.all(".fields b") == ["2 thủ tục"]
    assert front.all("#soon ~ ul a") == ["Ấp trứng", "Đăng ký kết hôn", "Đăng ký khai sinh mới"]


def test_of_one_code_the_nearest_owner_stands(browser: Browser, posting: Posting) -> None:
    of_province = procedure("Của tỉnh", **FOR_COMMUNES)
    posting.issue({BIRTH: of_province}, owner="phu-tho")
    assert listed(browser) == listed(browser, "tan-lap") == ["Của tỉnh"]
    assert listed(browser, "phu-tho") == []

    posting.draft({BIRTH: (Action.ISSUE, procedure("Chưa ký"))})
    assert "Của tỉnh" in browser.get("notices.procedure", unit="song-lo", code=BIRTH).one("h1")
    posting.issue({BIRTH: procedure("Của xã")}, MONDAY)
    assert listed(browser) == ["Của xã"]
    assert listed(browser, "tan-lap") == ["Của tỉnh"]
    here: dict[str, Any] = {"unit": "song-lo", "code": BIRTH}
    assert browser.get("notices.procedure", **here).one("h1") == "Của xã"
    assert browser.get("notices.procedure", **here, on=JULY).one("h1") == "Của tỉnh"


def test_a_text_for_named_units_stands_only_there(browser: Browser, posting: Posting) -> None:
    named = procedure("Riêng", scope=Scope.UNITS, scope_units=("tan-lap",))
    posting.issue({BIRTH: named}, owner="phu-tho")
    assert listed(browser, "tan-lap") == ["Riêng"]
    assert listed(browser) == []
    browser.get("notices.procedure", unit="song-lo", code=BIRTH, status=404)


def test_fields_lists_and_searches_are_paged(browser: Browser, posting: Posting) -> None:
    texts = {f"3.{n:03}": procedure(f"Cấp giấy số {n:03}", "Đất đai") for n in range(45)}
    posting.issue({**texts, BIRTH: procedure("Đăng ký khai sinh")})

    assert browser.get("notices.home").all(".fields a") == [
        "Đất đai45 thủ tục",
        "Hộ tịch1 thủ tục",
    ]
    first = browser.get("notices.board", unit="song-lo", field="Đất đai")
    assert len(first.all("ol a")) == 20
    assert "1–20 trong 45" in first.text
    last = browser.get("notices.board", unit="song-lo", field="Đất đai", page=3)
    assert last.all("ol a") == [f"Cấp giấy số {n:03}" for n in range(40, 45)]
    for page in ("0", "-1", "x", "²", "9" * 30):
        browser.open(f"/b/song-lo?all=1&page={page}")
    found = browser.get("notices.board", unit="song-lo", q="khai sinh")
    assert found.all("ol a") == ["Đăng ký khai sinh"]
    assert browser.get("notices.board", unit="song-lo", q="KHAI SINH!").all("ol a")


@sqlite_only
def test_everyday_words_find_what_the_law_calls_otherwise(
    browser: Browser, posting: Posting
) -> None:
    copies = "Chứng thực bản sao từ bản chính giấy tờ"
    posting.issue(
        {
            "1.1": procedure("Nuôi con nuôi", steps="Sao y giấy khai sinh của trẻ."),
            "2.000815": procedure(copies),
        }
    )
    page = browser.get("notices.board", unit="song-lo", q="sao y")
    assert page.one("#meant") == "Ông, bà cần: chứng thực bản sao từ bản chính"
    assert page.all("a.hit") == [copies, "Nuôi con nuôi"]
    named = browser.get("notices.board", unit="song-lo", q="nuoi con nuoi")
    assert named.all("#meant") == [], "the law's own words need no explaining"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("31/02/2026", "tháng 2 năm 2026 có 28 ngày"),
        ("2026-13-01", "Tháng là số từ 1 đến 12"),
        ("0001-01-01", "ngoài khoảng 1900–2199"),
        ("9999-12-31", "ngoài khoảng 1900–2199"),
        ("05/03/18", "bốn chữ số của năm"),
        ("hôm nay", "ngày/tháng/năm"),
    ],
)
@sqlite_only
def test_a_day_that_is_none_is_refused_with_the_way_to_write_it(
    browser: Browser, posting: Posting, typed: str, sentence: str
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    for page in (
        browser.get("notices.board", unit="song-lo", on=typed, status=422),
        browser.get("notices.procedure", unit="song-lo", code=BIRTH, on=typed, status=422),
    ):
        assert page.one("#on-wrong").endswith("."), typed
        assert sentence in page.one("#on-wrong")
        assert page.attributes("input[name=on]", "value") == [typed]
        assert "hôm nay" in page.one(".dayline strong")
        assert "Đăng ký khai sinh" in page.text or page.all(".fields a")
    paper = browser.file(
        "notices.procedure_pdf", unit="song-lo", code=BIRTH, on=typed, status=422
    )
    assert sentence in paper.text


def test_before_its_first_day_a_unit_is_called_by_its_name(
    browser: Browser, posting: Posting
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    page = browser.get("notices.home", on=FOUNDED - timedelta(days=1))
    assert f"UBND xã Sông Lô hoạt động từ ngày {FOUNDED:%d/%m/%Y}." in page.text


@pytest.mark.parametrize("on", ["1900-01-01", "2199-12-31", "01/01/2027", ""])
def test_every_day_there_is_has_a_board(browser: Browser, posting: Posting, on: str) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    browser.get("notices.board", unit="song-lo", on=on)
    browser.get("notices.procedure", unit="song-lo", code=BIRTH, on=on)


@pytest.mark.pdf
@sqlite_only
def test_days_with_the_same_sheet_share_one_paper(
    app: Flask, browser: Browser, posting: Posting
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    posting.amend(BIRTH, procedure("Đăng ký khai sinh mới"))
    papers = [
        browser.file("notices.procedure_pdf", unit="song-lo", code=BIRTH, on=on)
        for on in (JULY, MONDAY, "2026-08-31", LATER, "2100-01-01")
    ]
    assert len({paper.data for paper in papers}) == 2
    kept = [each for each in Path(app.config["DATA_DIR"]).rglob("*.pdf") if each.is_file()]
    assert len([each for each in kept if "overprints" not in each.parts]) == 2
    again = browser.client.get(
        "/b/song-lo/1.001193.pdf", headers={"If-None-Match": papers[0].headers["ETag"]}
    )
    assert again.status_code == 304


@sqlite_only
def test_paper_that_took_too_long_for_one_is_there_for_the_next(
    browser: Browser, posting: Posting, monkeypatch: pytest.MonkeyPatch
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    keep = list[Callable[[bytes], None]]()

    def late(*_asked: object) -> bytes:
        raise LateError(pdf.BUSY, keep.append)

    monkeypatch.setattr(pdf, "render", late)
    asked: dict[str, Any] = {"unit": "song-lo", "code": BIRTH}
    browser.file("notices.procedure_pdf", status=503, **asked)
    (kept,) = keep
    kept(b"%PDF-late")
    assert browser.file("notices.procedure_pdf", **asked).data == b"%PDF-late"


@pytest.mark.pdf
@sqlite_only
def test_paper_of_another_day_says_on_each_page_that_it_does_not_hold_today(
    browser: Browser, posting: Posting, clock: Clock
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh", note="Dài. " * 2_000)})
    posting.amend(BIRTH, procedure("Đăng ký khai sinh mới"))

    def pages(on: date) -> list[str]:
        paper = browser.file("notices.procedure_pdf", unit="song-lo", code=BIRTH, on=on)
        read = [page.get_textpage().get_text_range() for page in PdfDocument(paper.data)]
        return [" ".join(words.split()) for words in read]

    assert all("hiệu lực. Áp dụng" not in page for page in pages(JULY))
    to_come = "Chưa có hiệu lực. Áp dụng từ 01/09/2026."
    assert all(to_come in page for page in pages(LATER))
    clock.go(LATER)
    assert all(to_come not in page for page in pages(LATER))
    past = pages(JULY)
    assert len(past) > 1
    stamp = "Có hiệu lực từ 01/07/2026 đến hết 31/08/2026. Bản này không còn áp dụng."
    assert all(stamp in page for page in past)


@pytest.mark.pdf
@sqlite_only
def test_paper_comes_in_four_sizes_and_no_other(browser: Browser, posting: Posting) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    here: dict[str, Any] = {"unit": "song-lo", "code": BIRTH}
    links = browser.get("notices.procedure", **here).attributes("a[href*='.pdf']", "href")
    assert links == [
        "/b/song-lo/1.001193.pdf",
        "/b/song-lo/1.001193.pdf?paper=a3",
        "/b/song-lo/1.001193.pdf?paper=large",
        "/b/song-lo/1.001193.pdf?paper=folder",
    ]
    papers = {browser.client.get(link).data for link in links}
    assert len(papers) == 4
    wrong = browser.file("notices.procedure_pdf", **here, paper="a5", status=422)
    assert "a4, a3" in wrong.text


def test_an_ended_unit_shows_who_took_over(browser: Browser, posting: Posting) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    last = date(2026, 7, 31)
    posting.end("song-lo", last, "tan-lap")

    page = browser.get("notices.board", unit="song-lo")
    assert "kết thúc hoạt động ngày 31/07/2026" in page.text
    assert "/b/tan-lap" in page.attributes("main a", "href")
    assert page.all("ol a") == []
    assert listed(browser, on=last) == ["Đăng ký khai sinh"]
    here: dict[str, Any] = {"unit": "song-lo", "code": BIRTH}
    gone = browser.get("notices.procedure", **here)
    assert "kết thúc hoạt động ngày 31/07/2026" in gone.text
    assert "/b/tan-lap" in gone.attributes("main a", "href")
    browser.file("notices.procedure_pdf", **here, status=404)
    before = browser.get("notices.procedure", **here, on=last)
    assert "Có hiệu lực đến hết 31/07/2026" in before.text
    assert "Đang có hiệu lực" not in before.text
    empty = browser.get("notices.board", unit="song-lo", on="2025-06-30")
    assert "hoạt động từ ngày 01/07/2025" in empty.text


@pytest.mark.parametrize("audience", [Audience.INTERNAL, Audience.RESTRICTED])
def test_what_is_not_for_the_public_is_not_there(
    browser: Browser, posting: Posting, audience: Audience
) -> None:
    posting.issue({BIRTH: procedure("Mật thư", audience=audience)})
    posting.draft({"2.1": (Action.ISSUE, procedure("Dự thảo"))})

    assert "Mật" not in browser.get("notices.home").text
    assert listed(browser) == []
    for code in (BIRTH, "2.1", "9.999"):
        page = browser.get("notices.procedure", unit="song-lo", code=code, status=404)
        assert "Mật thư" not in page.html
        paper = browser.file("notices.procedure_pdf", unit="song-lo", code=code, status=404)
        assert "Mật thư" not in paper.text


def test_a_text_that_became_internal_leaves_only_its_past(
    browser: Browser, posting: Posting
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    posting.amend(
        BIRTH, procedure("Mật thư", summary="Mật", audience=Audience.INTERNAL), MONDAY
    )
    page = browser.get("notices.procedure", unit="song-lo", code=BIRTH)
    assert page.one("h1") == "Đăng ký khai sinh"
    assert "không có hiệu lực ở đây" in page.text
    assert "Mật" not in page.html
    assert page.all(".line li") == ["01/07/2026 – 02/08/2026Quyết định 01/QĐ-UBND Xem bản này"]


def test_a_withdrawn_procedure_names_what_stands_in_for_it(
    browser: Browser, posting: Posting
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    posting.decide({"2.1": (Action.ISSUE, procedure("Khai sinh liên thông"))}, instead_of=BIRTH)
    secret = procedure("Mật thư", audience=Audience.INTERNAL)
    posting.decide({"2.2": (Action.ISSUE, secret)}, instead_of=BIRTH)
    posting.withdraw(BIRTH, MONDAY)

    page = browser.get("notices.procedure", unit="song-lo", code=BIRTH)
    assert "Thủ tục này đã bãi bỏ từ 03/08/2026" in page.text
    assert "Khai sinh liên thông" in page.text
    assert "Mật thư" not in page.html
    assert page.attributes("a[href$='.pdf']", "href") == []


@pytest.mark.parametrize("never", ["cancelled", "after the end"])
def test_the_end_of_a_text_bears_its_own_name_and_none_that_never_was(
    browser: Browser, posting: Posting, never: str
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh", summary="Bản đầu")})
    secret = procedure("Mật thư", summary="Mật", audience=Audience.INTERNAL)
    if never == "cancelled":
        for text in (procedure("Chưa từng có", summary="Bỏ"), secret):
            posting.amend(BIRTH, text)
            amended = posting.changes["song-lo", BIRTH]
            posting.decide({BIRTH: (Action.CANCEL, None)}, LATER, replaces=amended)
    posting.withdraw(BIRTH, TUESDAY)
    if never == "after the end":
        posting.issue({BIRTH: secret}, LATER)

    coming = browser.get("notices.home")
    assert coming.all("#soon ~ ul a") == ["Đăng ký khai sinh"]
    assert "Bản đầu" not in coming.all("#soon ~ ul")[0]
    posting.clock.go(TUESDAY)
    after = browser.get("notices.home")
    assert after.all("#recent ~ ul a") == ["Đăng ký khai sinh", "Đăng ký khai sinh"]
    for page in (coming, after):
        assert "Mật" not in page.html
        assert "Chưa từng có" not in page.html


def test_a_fee_of_the_past_is_shown_as_past(browser: Browser, posting: Posting) -> None:
    old = priced(8_000, last=date(2026, 7, 31))
    new = priced(5_000, first=date(2026, 8, 1))
    posting.issue({BIRTH: procedure("Đăng ký khai sinh", methods=directly(old, new))})
    here: dict[str, Any] = {"unit": "song-lo", "code": BIRTH}
    today, past = (browser.get("notices.procedure", **here, on=on) for on in (None, JULY))
    assert "5.000 đồng" in today.text
    assert "8.000 đồng" not in today.text
    assert "8.000 đồng" in past.text
    assert "nay không còn áp dụng" in past.text
    assert "Đang có hiệu lực từ" in today.text


def test_a_past_day_whose_answer_changed_later_says_so(
    browser: Browser, posting: Posting
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    posting.clock.go(date(2026, 8, 10))
    posting.correct(BIRTH, procedure("Đăng ký khai sinh, đã đính chính"))
    posting.amend(BIRTH, procedure("Đăng ký khai sinh mới"), date(2026, 8, 10))
    page = browser.get("notices.procedure", unit="song-lo", code=BIRTH, on=MONDAY)
    assert page.one("h1") == "Đăng ký khai sinh, đã đính chính"
    assert "Quyết định ký ngày 10/08/2026 đã sửa lại" in page.text


def test_a_past_day_whose_heading_was_put_behind_it_says_so(
    browser: Browser, posting: Posting
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    here: dict[str, Any] = {"unit": "song-lo", "code": BIRTH, "on": MONDAY}
    posting.clock.go(TUESDAY)
    sentence = "Tên hoặc địa chỉ của cơ quan cho ngày này được ghi nhận lại ngày 04/08/2026"
    posting.heading("song-lo", TUESDAY, Level.COMMUNE, name="UBND xã Sông Lô mới")
    assert "ghi nhận lại" not in browser.get("notices.procedure", **here).text
    posting.heading("song-lo", JULY, Level.COMMUNE, name="UBND xã Sông Lô", seat="Thôn 5")
    assert sentence in browser.get("notices.procedure", **here).text
    here["on"] = TUESDAY
    assert "ghi nhận lại" not in browser.get("notices.procedure", **here).text


def test_a_correction_of_what_still_holds_is_told_on_the_days_before_it(
    browser: Browser, posting: Posting
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    posting.clock.go(TUESDAY)
    posting.correct(BIRTH, procedure("Đăng ký khai sinh, đã đính chính"))
    here: dict[str, Any] = {"unit": "song-lo", "code": BIRTH}
    sentence = "Quyết định ký ngày 04/08/2026 đã sửa lại"
    assert sentence in browser.get("notices.procedure", **here, on=MONDAY).text
    for on in (TUESDAY, LATER, None):
        assert sentence not in browser.get("notices.procedure", **here, on=on).text


def test_a_text_is_compared_with_the_one_before_it(browser: Browser, posting: Posting) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    later = {
        "steps": "Bước 1: Nộp trực tuyến.\nBước 2: Nhận kết quả.",
        "summary": "Nộp qua mạng",
    }
    posting.amend(BIRTH, procedure("Đăng ký khai sinh", **later))
    posting.withdraw(BIRTH, date(2026, 10, 1))
    posting.issue({BIRTH: procedure("Khai sinh", **later)}, date(2026, 11, 1))

    page = browser.get("notices.procedure", unit="song-lo", code=BIRTH)
    links = page.attributes("a[href*='/compare']", "href")
    assert links == [
        f"/b/song-lo/1.001193/compare?on={day}" for day in ("2026-11-01", "2026-09-01")
    ]
    last, first = (browser.open(link) for link in links)
    assert first.all("main h2") == ["Trình tự thực hiện"]
    assert [first.all("main del")[-1], first.all("main ins")[-1]] == [
        "bỏ: hồ sơ tại quầy",
        "thêm: trực tuyến",
    ]
    assert "Nộp qua mạng" in first.text
    assert "tra cứu nội bộ" not in first.text
    assert "Quyết định 02/QĐ-UBND" in first.text
    assert last.all("main h2") == ["Tên thủ tục"]
    whole = browser.open(f"{links[0]}&all=1")
    assert "Luật Hộ tịch" in whole.text


def test_only_texts_of_the_public_are_compared(browser: Browser, posting: Posting) -> None:
    posting.issue({BIRTH: procedure("Mật thư", audience=Audience.INTERNAL)})
    posting.amend(BIRTH, procedure("Đăng ký khai sinh"), MONDAY)
    here: dict[str, Any] = {"unit": "song-lo", "code": BIRTH}
    page = browser.get("notices.procedure", **here)
    assert page.attributes("a[href*='/compare']", "href") == []
    for on in (MONDAY, JULY, None):
        refused = browser.get("notices.compare", **here, on=on, status=404)
        assert "Mật" not in refused.html


@sqlite_only
def test_what_is_not_there_is_not_found(browser: Browser, posting: Posting) -> None:
    del posting
    browser.get("notices.board", unit="khong-co", status=404)
    browser.get("notices.procedure", unit="khong-co", code=BIRTH, status=404)
    browser.get("notices.procedure", unit="song-lo", code="9.999", status=404)
    page = browser.get("notices.board", unit="song-lo", q="khong co gi")
    assert "Không thấy thủ tục nào" in page.text


@sqlite_only
def test_the_board_sets_no_cookie_and_may_be_kept(
    client: FlaskClient, posting: Posting
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    for address in (
        "/",
        "/b/song-lo?all=1",
        "/b/song-lo?q=khai&lang=en",
        "/b/song-lo/1.001193",
        "/b/song-lo/9.999",
        "/k",
        "/k/AAAA",
    ):
        answer = client.get(address)
        assert "Set-Cookie" not in answer.headers, address
        if answer.status_code == 200:
            assert answer.headers["Cache-Control"].startswith("public, max-age=0"), address
        assert "Cookie" not in answer.headers.get("Vary", ""), address


VIETNAMESE = set("ăâđêôơưạảãáàằắẳẵặầấẩẫậẹẻẽéèềếểễệịỉĩíìọỏõóòồốổỗộờớởỡợụủũúùừứửữựỳýỷỹỵ")


NAMES = re.compile(r"“[^”]*”|\d+/QĐ-UBND|UBND xã Sông Lô|Hiện Hành|\d đồng")
"""What stays Vietnamese inside an English sentence."""


def foreign(page: Page) -> list[str]:
    """Return the Vietnamese words of an English page that are no names, not marked or quoted."""

    def said(element: Element) -> Iterator[str]:
        if element.get("lang") != "vi" or element.tag == "html":
            yield element.text or ""
            for child in element:
                yield from said(child)
                yield child.tail or ""

    (body,) = page.root.query_all("body")
    words = NAMES.sub("", " ".join(said(body.etree_element))).split()
    return [word for word in words if set(word.lower()) & VIETNAMESE]


@sqlite_only
def test_the_english_frame_leaves_no_vietnamese_word_unmarked(
    browser: Browser, posting: Posting
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh", conditions="Có nơi cư trú")})
    posting.amend(BIRTH, procedure("Đăng ký khai sinh", summary="Bớt giấy tờ"))
    posting.issue({"2.1": procedure("Đăng ký kết hôn")})
    posting.withdraw("2.1", MONDAY)
    here: dict[str, Any] = {"unit": "song-lo", "lang": "en"}
    for page in (
        browser.get("notices.board", **here),
        browser.get("notices.board", **here, all=1),
        browser.get("notices.board", **here, q="birth"),
        browser.get("notices.board", **here, q="nothing"),
        browser.get("notices.board", **here, on=date(2025, 1, 1)),
        browser.get("notices.procedure", **here, code=BIRTH),
        browser.get("notices.procedure", **here, code=BIRTH, on=LATER),
        browser.get("notices.procedure", **here, code="2.1"),
        browser.get("notices.compare", **here, code=BIRTH, on=LATER),
        browser.get("notices.check_form", lang="en"),
        browser.get("notices.check", code="AAAA", lang="en", status=404),
    ):
        assert page.attributes("html", "lang") == ["en"]
        assert foreign(page) == [], page.address


def test_pages_cost_the_same_with_10_and_with_200_procedures(
    browser: Browser, posting: Posting
) -> None:
    def cost() -> list[int]:
        found = []
        for address in ("", "?all=1", "?field=H%E1%BB%99+t%E1%BB%8Bch", f"/{BIRTH}", compared):
            with counted() as sent:
                browser.open(f"/b/song-lo{address}")
            assert len(sent) <= MOST_QUERIES, "\n".join(sent)
            found.append(len(sent))
        return found

    posting.issue({f"3.{n:03}": procedure(f"Việc {n}") for n in range(9)})
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    posting.amend(BIRTH, procedure("Đăng ký khai sinh mới"))
    compared = f"/{BIRTH}/compare?on={LATER}"
    small = cost()
    posting.issue(
        {f"4.{n:03}": procedure(f"Việc {n}", f"Lĩnh vực {n % 30}") for n in range(190)}
    )
    assert cost() == small
