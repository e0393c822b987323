"""What is signed and still to come is told wherever what holds today is read."""

from datetime import date

import pytest
from flask import Flask

from qms.db import transaction
from qms.documents.rules import RevisionText
from qms.units.rules import Level
from tests.engines import sqlite_only
from tests.factories import Office
from tests.pages import Browser, Page
from tests.people import As
from tests.posting import LATER, Posting, directly, place_for, priced, procedure, world
from tests.when import MONDAY, Clock

BIRTH = "1.001193"

pytestmark = sqlite_only


@pytest.fixture
def office(app: Flask) -> Office:
    with app.app_context(), transaction() as session:
        return world(session)


@pytest.fixture
def posting(app: Flask, office: Office, clock: Clock) -> Posting:
    made = Posting(app, office, clock)
    made.issue({BIRTH: procedure("Đăng ký khai sinh")})
    return made


def a_copy(signed_in: As, place: str = "Bảng tin thôn 3") -> str:
    """Print a copy for today; return its code."""
    clerk = signed_in("chuyenvien")
    named = place_for(clerk.client.application, place)
    form = {"place": named, "on": f"{MONDAY:%d/%m/%Y}"}
    made = clerk.post(
        "postings.copies.make", form, unit="song-lo", kind="procedure", slug=BIRTH, status=303
    )
    return made.one("h1").removeprefix("Bản in ")


def notice(browser: Browser, on: date | None = None) -> Page:
    return browser.get("notices.procedure", unit="song-lo", code=BIRTH, on=on)


def test_todays_notice_leads_to_the_text_that_comes(browser: Browser, posting: Posting) -> None:
    assert notice(browser).all(".band") == []
    posting.amend(BIRTH, procedure("Đăng ký khai sinh mới"))
    band = ".band.is-soon"
    assert notice(browser).one(band).startswith("Từ 01/09/2026 thủ tục này thay đổi.")
    assert notice(browser).attributes(f"{band} a", "href") == [
        "/b/song-lo/1.001193?on=2026-09-01"
    ]
    assert "thay đổi" not in notice(browser, LATER).one(band)
    posting.clock.go(LATER)
    assert notice(browser).all(band) == []
    posting.withdraw(BIRTH, date(2026, 10, 1))
    assert "Từ 01/10/2026 thủ tục này bị bãi bỏ." in notice(browser).one(band)


def test_a_coming_heading_is_no_change_of_the_procedure_but_of_its_paper(
    browser: Browser, posting: Posting, signed_in: As
) -> None:
    code = a_copy(signed_in)
    words = {"name": "UBND xã Sông Lô", "seat": "Thôn 5, xã Sông Lô"}
    posting.heading("song-lo", LATER, Level.COMMUNE, **words)
    assert notice(browser).all(".band") == []
    assert "31/08/2026" in browser.get("notices.check", code=code).text


def test_a_paper_in_force_tells_its_last_day_where_that_is_signed(
    browser: Browser, posting: Posting, signed_in: As
) -> None:
    code = a_copy(signed_in)

    def seen() -> Page:
        return browser.get("notices.check", code=code)

    def listed() -> str:
        return signed_in("chuyenvien").get("postings.copies.index").one("tbody tr")

    assert "đến hết" not in seen().text
    assert "Phải" not in listed()
    posting.amend(BIRTH, procedure("Đăng ký khai sinh mới"))
    assert "Còn hiệu lực đến hết 31/08/2026." in seen().text
    assert "/b/song-lo/1.001193?on=2026-09-01" in seen().attributes("main a", "href")
    assert "Phải thay từ 01/09/2026" in listed()


def test_a_withdrawal_to_come_says_that_the_paper_must_come_down(
    posting: Posting, signed_in: As
) -> None:
    code = a_copy(signed_in)
    posting.withdraw(BIRTH)
    page = signed_in("chuyenvien").get("postings.copies.show", code=code)
    assert "Phải gỡ từ 01/09/2026" in page.text


def test_a_changed_fee_is_never_folded_away_and_stands_first(
    browser: Browser, posting: Posting, signed_in: As
) -> None:
    def text(amount: int, note: str, sets: int) -> RevisionText:
        (way,) = directly(priced(amount))
        methods = (way.model_copy(update={"note": note}),)
        label = "dữ liệu mẫu"
        return procedure("Đăng ký khai sinh", methods=methods, sets=sets, label=label)

    told = "Nộp tại Trung tâm phục vụ hành chính công. " * 30
    posting.correct(BIRTH, text(8_000, told, 1))
    code = a_copy(signed_in)
    posting.amend(BIRTH, text(9_000, told + "Hoặc trực tuyến. " * 30, 2))
    posting.clock.go(LATER)
    page = browser.get("notices.check", code=code)
    assert "Hết hiệu lực từ 01/09/2026" in page.text
    methods = "Cách thức, thời hạn, phí và lệ phí"
    assert page.all(".old-new h2") == [methods, "Số lượng hồ sơ"]
    assert "9.000 đồng" in page.all(".old-new ins")[0]
    assert "Không đổi:" in page.text
    assert "Nhãn" not in page.text


def test_the_board_lists_the_nearest_changes_and_leads_to_the_others(
    browser: Browser, posting: Posting
) -> None:
    coming = {f"2.{n}": procedure(f"Thủ tục số {n}") for n in range(5)}
    posting.issue(coming, LATER)
    front = browser.get("notices.home")
    assert front.all("#soon ~ ul a") == [f"Thủ tục số {n}" for n in range(5)]
    assert front.all("#soon ~ p:not(.no-print)") == []
    posting.issue({"2.8": procedure("Thủ tục số 8"), "2.9": procedure("Cuối")}, LATER)
    front = browser.get("notices.home")
    assert len(front.all("#soon ~ ul a")) == 5
    assert front.one("#soon ~ p:not(.no-print) a") == "và 2 thay đổi nữa"
    (link,) = front.attributes("#soon ~ p:not(.no-print) a", "href")
    assert len(browser.open(link).all("ol a")) == 8


@pytest.mark.usefixtures("posting")
def test_english_pages_say_once_that_the_text_is_vietnamese(browser: Browser) -> None:
    said = "The text is in Vietnamese, as signed."
    for address in ("/", "/b/song-lo?all=1", f"/b/song-lo/{BIRTH}"):
        assert browser.open(address).text.count("đúng như bản đã ký") == 0
        mark = "&" if "?" in address else "?"
        assert browser.open(f"{address}{mark}lang=en").text.count(said) == 1
