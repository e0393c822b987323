"""What changed on a board: month by month, as a feed, for a field; signed, and never a draft."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from qms.db import transaction
from qms.documents.kinds.fee import FeeSchedule
from qms.documents.kinds.fees import FeeLine, Rate
from qms.documents.rules import Audience, RevisionText
from qms.documents.timeline import Action
from qms.following import rules
from qms.following.rules import Event
from tests.engines import counted
from tests.factories import Office
from tests.pages import Browser
from tests.posting import (
    FOR_COMMUNES,
    JULY,
    LATER,
    Posting,
    directly,
    priced,
    procedure,
    world,
)
from tests.when import MONDAY, Clock

BIRTH = "1.001193"
ATOM = {"a": "http://www.w3.org/2005/Atom"}
MOST_QUERIES = 20


@pytest.fixture
def office(app: Flask) -> Office:
    with app.app_context(), transaction() as session:
        return world(session)


@pytest.fixture
def posting(app: Flask, office: Office, clock: Clock) -> Posting:
    return Posting(app, office, clock)


def schedule(*lines: Mapping[str, Any]) -> RevisionText:
    """Return a fee schedule of the civil registry."""
    made = [FeeLine(name="Lệ phí", procedure=BIRTH, rate=Rate.AMOUNT, **line) for line in lines]
    return RevisionText("Biểu phí hộ tịch", FeeSchedule(field="Hộ tịch", lines=tuple(made)))


def feed(client: FlaskClient, address: str = "/feed.atom") -> list[dict[str, str]]:
    """Return the entries of a feed, which must be Atom as RFC 4287 has it."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.text[:500]
    assert answer.mimetype == "application/atom+xml"
    assert "Set-Cookie" not in answer.headers
    root = ET.fromstring(answer.data)  # noqa: S314 - our own
    for name in ("id", "title", "updated", "author/a:name", "link[@rel='self']"):
        assert root.find(f"a:{name}", ATOM) is not None, name
    found = []
    for entry in root.iterfind("a:entry", ATOM):
        said = {
            name: (entry.findtext(f"a:{name}", "", ATOM)) for name in ("id", "title", "summary")
        }
        said["updated"] = entry.findtext("a:updated", "", ATOM)
        datetime.fromisoformat(said["updated"])
        link = entry.find("a:link[@rel='alternate']", ATOM)
        assert link is not None
        said["page"] = link.get("href", "")
        found.append(said)
    ids = [each["id"] for each in found]
    assert all(each.startswith("urn:uuid:") for each in ids)
    assert len(set(ids)) == len(ids), "an entry has a name of its own"
    return found


def test_what_is_signed_for_a_coming_day_is_told_then_and_on_its_day(
    client: FlaskClient, posting: Posting, clock: Clock
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    first = feed(client)
    assert [each["title"] for each in first] == ["Mới: Đăng ký khai sinh"]
    posting.amend(
        BIRTH, procedure("Đăng ký khai sinh", summary="Bớt giấy.", methods=directly())
    )
    before = feed(client)
    assert before[0]["title"] == "Từ 01/09/2026, thay đổi: Đăng ký khai sinh"
    assert "Bớt giấy." in before[0]["summary"]
    assert "Theo Quyết định 02/QĐ-UBND" in before[0]["summary"]
    assert before[1] == first[0], "what was told stays as it was"

    clock.go(LATER)
    after = feed(client)
    assert after[0]["title"] == "Thay đổi: Đăng ký khai sinh"
    assert after[0]["updated"] == "2026-08-31T17:00:00Z", "the day begins at the office"
    assert after[1:] == before
    for each in after:
        page = each["page"].removeprefix("http://127.0.0.1:8000")
        assert client.get(page).status_code == 200, page


def test_prices_and_limits_stand_side_by_side(client: FlaskClient, posting: Posting) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    posting.issue({"2.1": procedure("Kết hôn"), "PHI-HT": schedule({"amount": 5_000})})
    posting.amend("PHI-HT", schedule({"amount": 8_000}), MONDAY)
    cheaper = directly(priced(4_000), days=1)
    posting.amend("2.1", procedure("Kết hôn", methods=cheaper), MONDAY)
    posting.amend(BIRTH, procedure("Đăng ký khai sinh", methods=cheaper), MONDAY)
    told = {each["title"]: each["summary"] for each in feed(client)}
    fee = told["Thay đổi: Biểu phí hộ tịch"]
    assert "Lệ phí, Đăng ký khai sinh: 5.000 đồng → 8.000 đồng" in fee
    married = told["Thay đổi: Kết hôn"]
    assert "Lệ phí (trực tiếp): 8.000 đồng → 4.000 đồng" in married
    assert "Thời hạn (trực tiếp): 03 ngày làm việc → 01 ngày làm việc" in married
    birth = told["Thay đổi: Đăng ký khai sinh"]
    assert "01 ngày làm việc" in birth
    assert "đồng" not in birth, "where a schedule answers, the catalogue's price is not told"


def test_a_price_that_changes_on_a_day_of_its_own_is_told_without_a_decision(
    client: FlaskClient, browser: Browser, posting: Posting, clock: Clock
) -> None:
    august = date(2026, 8, 31)
    lines = ({"amount": 5_000, "last_day": august}, {"amount": 8_000, "first_day": LATER})
    posting.issue({BIRTH: procedure("Đăng ký khai sinh"), "PHI-HT": schedule(*lines)})
    assert not [each for each in feed(client) if "mức thu" in each["title"]]
    clock.go(LATER)
    told = feed(client)[0]
    assert told["title"] == "Đổi mức thu: Biểu phí hộ tịch"
    assert "5.000 đồng → 8.000 đồng" in told["summary"]
    page = browser.get("following.index", unit="song-lo")
    assert "bỏ: 5.000 đồng → thêm: 8.000 đồng" in page.text
    assert "Tháng này không có gì" not in page.text


def test_a_change_that_is_called_off_or_moved_is_told(
    client: FlaskClient, posting: Posting
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh"), "2.1": procedure("Kết hôn")})
    posting.amend(BIRTH, procedure("Đăng ký khai sinh mới"))
    coming = posting.changes["song-lo", BIRTH]
    posting.decide({BIRTH: (Action.CANCEL, None)}, LATER, replaces=coming)
    posting.amend("2.1", procedure("Kết hôn nhanh"))
    october = date(2026, 10, 1)
    moved = posting.changes["song-lo", "2.1"]
    posting.decide({"2.1": (Action.AMEND, procedure("Kết hôn nhanh"))}, october, replaces=moved)
    told = {each["title"]: each["summary"] for each in feed(client)}
    assert "nội dung giữ như cũ" in told["Không thay đổi nữa: Đăng ký khai sinh mới"]
    assert "Trước đó đã định cho 01/09/2026." in told["Từ 01/10/2026, thay đổi: Kết hôn nhanh"]
    assert "Từ 01/09/2026, thay đổi: Kết hôn nhanh" not in told


def test_no_page_feed_or_answer_tells_a_draft(client: FlaskClient, posting: Posting) -> None:
    posting.issue(
        {BIRTH: procedure("Đăng ký khai sinh"), "PHI-HT": schedule({"amount": 5_000})}
    )
    addresses = (
        *("/feed.atom", "/b/song-lo/thay-doi", "/b/song-lo/thay-doi?month=2026-07"),
        *("/b/song-lo/linh-vuc/ho-tich/feed.atom", "/b/song-lo/theo-doi", "/sitemap.xml"),
        *("/b/song-lo/sitemap.xml", "/api", "/api/v1/units", "/api/v1/boards/song-lo"),
        f"/api/v1/boards/song-lo/procedures/{BIRTH}",
        *("/api/v1/boards/song-lo/fees", "/api/v1/boards/song-lo/forms"),
        *("/api/v1/boards/song-lo/changes", "/b/song-lo/board.json", "/b/song-lo/board.csv"),
        f"/b/song-lo/{BIRTH}",
    )
    before = {each: client.get(each).data for each in addresses}
    posting.draft(
        {
            BIRTH: (Action.AMEND, procedure("Mật mã dự thảo", "Lĩnh vực mật")),
            "9.9": (Action.ISSUE, procedure("Mật mã dự thảo")),
            "PHI-HT": (Action.AMEND, schedule({"amount": 77_000})),
        }
    )
    assert {each: client.get(each).data for each in addresses} == before
    posting.withdraw(BIRTH, MONDAY)
    assert client.get("/feed.atom").data != before["/feed.atom"], "the signed one shows"


def test_names_of_changes_do_not_depend_on_what_else_is_in_the_database(
    client: FlaskClient, posting: Posting
) -> None:
    made = rules.mark("song-lo", "procedure", BIRTH, "issue", JULY, "x", "y")
    assert made == rules.mark("song-lo", "procedure", BIRTH, "issue", JULY, "x", "y")
    posting.draft({"9.9": (Action.ISSUE, procedure("Dự thảo"))})
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    assert str(posting.changes["song-lo", BIRTH]) not in feed(client)[0]["id"].split(":")


def test_what_leaves_the_public_ends_for_it_and_says_no_more(
    client: FlaskClient, posting: Posting
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    secret = procedure("Chỉ cho nội bộ", audience=Audience.INTERNAL, summary="Mật.")
    posting.amend(BIRTH, secret, MONDAY)
    told = feed(client)
    assert told[0]["title"] == "Bãi bỏ: Đăng ký khai sinh"
    assert "nội bộ" not in str(told)
    assert "Mật" not in str(told)


def test_of_two_owners_the_nearer_one_is_told(client: FlaskClient, posting: Posting) -> None:
    shared = procedure("Của tỉnh", **FOR_COMMUNES)
    posting.issue({BIRTH: shared}, owner="phu-tho")
    posting.issue({BIRTH: procedure("Của xã")}, MONDAY)
    posting.amend(BIRTH, procedure("Của tỉnh, mới", **FOR_COMMUNES), owner="phu-tho")
    here = [each["title"] for each in feed(client, "/b/song-lo/feed.atom")]
    there = [each["title"] for each in feed(client, "/b/tan-lap/feed.atom")]
    assert here == ["Mới: Của xã", "Mới: Của tỉnh"]
    assert there == ["Từ 01/09/2026, thay đổi: Của tỉnh, mới", "Mới: Của tỉnh"]


def test_a_field_has_a_feed_and_a_page_of_its_own(
    client: FlaskClient, browser: Browser, posting: Posting
) -> None:
    posting.issue({BIRTH: procedure("Khai sinh"), "3.1": procedure("Sổ đỏ", "Đất đai")})
    assert [e["title"] for e in feed(client, "/b/song-lo/linh-vuc/dat-dai/feed.atom")] == [
        "Mới: Sổ đỏ"
    ]
    page = browser.open("/b/song-lo/linh-vuc/dat-dai/thay-doi?month=7/2026")
    assert page.all("section .rows a[lang]") == ["Sổ đỏ"]
    assert client.get("/b/song-lo/linh-vuc/khong-co/feed.atom").status_code == 404
    assert browser.open("/b/song-lo/linh-vuc/dat-dai").one("h1") == (
        "Danh mục thủ tục hành chính lĩnh vực Đất đai"
    )
    browser.open("/b/song-lo/linh-vuc/khong-co", status=404)


def test_months_lead_to_each_other_and_an_empty_one_says_so(
    browser: Browser, posting: Posting
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    posting.amend(BIRTH, procedure("Đăng ký khai sinh mới"), date(2026, 10, 1))
    empty = browser.get("following.index", unit="song-lo")
    assert "Tháng này không có gì thay đổi" in empty.text
    assert empty.attributes("nav a[rel=prev]", "href") == ["/b/song-lo/thay-doi?month=2026-07"]
    (later,) = empty.attributes("nav a[rel=next]", "href")
    coming = browser.open(later)
    assert "1 thay đổi theo quyết định" in coming.text
    assert "Từ 01/10/2026" in coming.text
    assert coming.all("a[href*=compare]") == ["Xem từng chữ đã đổi"]
    english = browser.get("following.index", unit="song-lo", month="2026-07", lang="en")
    assert "1 change by decision" in english.text


@pytest.mark.parametrize("typed", ["13/2026", "2026-00", "tháng 7", "07/26", "0000-01", "-"])
def test_a_month_that_is_none_is_named_beside_the_field(
    browser: Browser, posting: Posting, typed: str
) -> None:
    del posting
    page = browser.get("following.index", unit="song-lo", month=typed, status=422)
    assert page.one("#month-wrong") == "Hãy viết tháng như 09/2026."


def test_a_month_with_many_changes_is_paged(browser: Browser, posting: Posting) -> None:
    posting.issue({f"1.{n}": procedure(f"Thủ tục {n:03}") for n in range(45)})
    first = browser.get("following.index", unit="song-lo", month="2026-07")
    second = browser.get("following.index", unit="song-lo", month="2026-07", page=2)
    both = [*first.all("section .rows a[lang]"), *second.all("section .rows a[lang]")]
    assert both == [f"Thủ tục {n:03}" for n in range(45)]


def test_a_board_with_many_changes_asks_no_more_questions(
    client: FlaskClient, posting: Posting
) -> None:
    posting.issue({BIRTH: procedure("Một"), "PHI-HT": schedule({"amount": 5_000})})
    addresses = ("/feed.atom", "/b/song-lo/thay-doi?month=2026-07", "/b/song-lo/sitemap.xml")

    def asked() -> list[int]:
        counts = []
        for each in addresses:
            with counted() as statements:
                assert client.get(each).status_code == 200
            counts.append(len(statements))
        return counts

    few = asked()
    posting.issue({f"1.{n}": procedure(f"Thủ tục {n}") for n in range(60)})
    assert asked() == few
    assert max(few) <= MOST_QUERIES


def test_the_pages_of_a_unit_that_ended_say_who_followed(
    browser: Browser, posting: Posting
) -> None:
    posting.issue({BIRTH: procedure("Khai sinh")}, owner="tan-lap")
    posting.end("tan-lap", date(2026, 8, 2), "song-lo")
    page = browser.get("following.index", unit="tan-lap", month="2026-07")
    assert "kết thúc hoạt động ngày 02/08/2026" in page.text
    assert "UBND xã Sông Lô" in page.text
    assert page.all("section .rows a[lang]") == ["Khai sinh"]


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
AT = st.integers(0, 360 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def event(n: int, day: date, signed: datetime) -> Event:
    """Return a change of some document."""
    return Event(f"{n}", "procedure", f"{n}", f"{n}", f"Tên {n}", "", "amend", day, signed)


@given(st.lists(st.tuples(DAYS, AT), max_size=8), st.lists(AT, min_size=1, max_size=5))
def test_whoever_is_told_now_and_again_hears_of_every_change_and_of_none_twice_alike(
    made: list[tuple[date, datetime]], asked: list[datetime]
) -> None:
    events = [event(n, day, signed) for n, (day, signed) in enumerate(made)]
    told: list[tuple[str, bool]] = []
    since = datetime(2025, 12, 1, tzinfo=UTC)
    end = datetime(2027, 2, 1, tzinfo=UTC)
    for until in [*sorted(asked), end]:
        known = [each for each in events if each.signed_at and each.signed_at <= until]
        today = (until + timedelta(hours=7)).date()
        found = rules.entries(known, today, begins, lambda at: (at + timedelta(hours=7)).date())
        news = rules.news(found, since, until)
        told += [(each.event.mark, each.coming) for each in news]
        since = until
    assert len(told) == len(set(told)), "nothing is told twice alike"
    assert {mark for mark, coming in told if not coming} == {each.mark for each in events}


def begins(day: date) -> datetime:
    """Return when a day begins at the office."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=7)
