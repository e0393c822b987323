"""What programs are answered: as described, on any day, and without a trap for spreadsheets."""

import csv
import io
import json
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from playwright.sync_api import Page as Tab

from qms.api import description, tables
from qms.db import transaction
from tests.engines import counted, sqlite_only
from tests.factories import Office
from tests.pages import Browser
from tests.posting import JULY, LATER, Posting, directly, priced, procedure, world
from tests.test_following import BIRTH, schedule
from tests.when import MONDAY, Clock

MOST_QUERIES = 18


@pytest.fixture
def office(app: Flask) -> Office:
    with app.app_context(), transaction() as session:
        return world(session)


@pytest.fixture
def posting(app: Flask, office: Office, clock: Clock) -> Posting:
    return Posting(app, office, clock)


def answer(client: FlaskClient, address: str, status: int = 200) -> Any:  # noqa: ANN401 - JSON
    """Return an answer for programs of other sites, which sets no cookie."""
    found = client.get(address)
    assert found.status_code == status, f"{address}: {found.status_code} {found.text[:300]}"
    assert found.headers["Access-Control-Allow-Origin"] == "*"
    assert found.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Set-Cookie" not in found.headers
    kind = "application/json" if status == 200 else "application/problem+json"
    assert found.mimetype == kind
    return found.get_json()


def links(said: object) -> set[str]:
    """Return every address of this site that an answer names."""
    return set(re.findall(r'"http://127\.0\.0\.1:8000(/[^"]*)"', json.dumps(said)))


def test_every_answer_is_what_the_description_says(
    client: FlaskClient, posting: Posting
) -> None:
    del posting
    described = answer(client, "/api/v1/openapi.json")
    validate(described)
    rules = {
        re.sub(r"<([^>]+)>", r"{\1}", rule.rule): rule.endpoint
        for rule in client.application.url_map.iter_rules()
        if rule.endpoint.startswith("api.") and "/v1/" in rule.rule
    }
    del rules["/api/v1/openapi.json"]
    assert rules.items() <= {(each.path, each.endpoint) for each in description.OPERATIONS}


@sqlite_only
def test_the_demonstration_answers_as_described_and_every_link_leads_somewhere(
    app: Flask, demonstration: FlaskCliRunner
) -> None:
    del demonstration
    client = app.test_client()
    described = answer(client, "/api/v1/openapi.json")
    page = Browser(client).open("/api")
    asked = 0
    for each in description.OPERATIONS:
        schema = described["paths"][each.path]["get"]["responses"]["200"]["content"]
        reference = schema["application/json"]["schema"]
        validator = Draft202012Validator(
            {**reference, "components": described["components"]},
            format_checker=Draft202012Validator.FORMAT_CHECKER,
        )
        pattern = re.sub(r"\\{\w+\\}", "[^/?]+", re.escape(each.path))
        (example,) = [
            href for href in page.attributes("dd a", "href") if re.fullmatch(pattern, href)
        ]
        said = answer(client, example)
        assert not list(validator.iter_errors(said)), each.path
        if each.endpoint != "api.whole":
            for link in sorted(links(said))[:6]:
                wanted = {200, 404} if "/k/" in link else {200}
                assert ".pdf" in link or client.get(link).status_code in wanted, link
        asked += 1
    assert asked == len(description.OPERATIONS)


def test_a_procedure_is_answered_for_the_day_asked_with_the_prices_of_that_day(
    client: FlaskClient, posting: Posting
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh"), "2.1": procedure("Kết hôn")})
    posting.issue({"PHI-HT": schedule({"amount": 5_000})})
    posting.amend("PHI-HT", schedule({"amount": 8_000}))
    posting.amend("2.1", procedure("Kết hôn", methods=directly(priced(0))))
    where = f"/api/v1/boards/song-lo/procedures/{BIRTH}"
    now, then = answer(client, where), answer(client, f"{where}?on=2026-09-01")
    assert [(p["amount"], p["schedule"]) for p in now["prices"]] == [(5_000, "PHI-HT")]
    assert [(p["amount"], p["schedule"]) for p in then["prices"]] == [(8_000, "PHI-HT")]
    assert now["decision"]["issuer"] == "UBND xã Sông Lô"
    assert then["page"].endswith(f"/b/song-lo/{BIRTH}?on=2026-09-01")
    catalogue = answer(client, "/api/v1/boards/song-lo/procedures/2.1?on=2026-09-01")
    (price,) = catalogue["prices"]
    assert (price["rate"], price["amount"], price["schedule"]) == ("unknown", None, "")
    page = client.get(f"/b/song-lo/{BIRTH}").text
    assert "5.000 đồng" in page, "the board says the same"


def test_lists_are_paged_and_asked_by_field(client: FlaskClient, posting: Posting) -> None:
    posting.issue({f"1.{n}": procedure(f"Thủ tục {n:03}") for n in range(103)})
    posting.issue({"3.1": procedure("Sổ đỏ", "Đất đai")})
    first = answer(client, "/api/v1/boards/song-lo")
    assert (first["total"], first["pages"], len(first["procedures"])) == (104, 2, 100)
    second = answer(client, first["next"].removeprefix("http://127.0.0.1:8000"))
    assert second["next"] is None
    codes = {each["code"] for part in (first, second) for each in part["procedures"]}
    assert len(codes) == 104
    land = answer(client, "/api/v1/boards/song-lo?field=dat-dai")
    assert [each["title"] for each in land["procedures"]] == ["Sổ đỏ"]
    assert {"slug": "dat-dai", "name": "Đất đai", "procedures": 1} in first["fields"]


def test_changes_have_names_for_ever_and_what_costs_otherwise_side_by_side(
    client: FlaskClient, posting: Posting
) -> None:
    posting.issue({BIRTH: procedure("Khai sinh"), "PHI-HT": schedule({"amount": 5_000})})
    posting.amend("PHI-HT", schedule({"amount": 8_000}))
    told = answer(client, "/api/v1/boards/song-lo/changes?first=2026-08-01")
    (change,) = told["changes"]
    assert (change["day"], change["action"], change["kind"]) == ("2026-09-01", "amend", "fee")
    assert change["beside"] == [
        {"label": "Lệ phí, Khai sinh", "old": "5.000 đồng", "new": "8.000 đồng"}
    ]
    posting.issue({"9.9": procedure("Khác")}, MONDAY)
    again = answer(client, "/api/v1/boards/song-lo/changes?first=2026-08-01&last=2026-09-30")
    assert change["id"] in [each["id"] for each in again["changes"]]
    assert (
        answer(client, "/api/v1/boards/song-lo/changes?last=2026-06-30&first=2026-01-01")[
            "changes"
        ]
        == []
    )


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/v1/boards/khong-co", 404),
        ("/api/v1/boards/song-lo?on=2026-13-01", 422),
        ("/api/v1/boards/song-lo?on=1900-01-01", 404),
        ("/api/v1/boards/song-lo?field=khong-co", 404),
        ("/api/v1/boards/song-lo/procedures/khong-co", 404),
        ("/api/v1/boards/song-lo/forms/khong-co", 404),
        ("/api/v1/boards/song-lo/changes?first=hom-qua", 422),
        ("/api/v1/boards/song-lo/changes?field=khong-co", 404),
        ("/api/v1/khong-co", 404),
    ],
)
def test_what_can_not_be_answered_is_a_problem_in_words(
    client: FlaskClient, posting: Posting, address: str, status: int
) -> None:
    del posting
    said = answer(client, address, status)
    assert said["status"] == status
    assert said["title"]
    assert said["detail"]


def test_a_paper_is_checked_as_on_the_page_and_never_yes_when_it_can_not_be(
    client: FlaskClient, posting: Posting, monkeypatch: pytest.MonkeyPatch
) -> None:
    del posting
    said = answer(client, "/api/v1/checks/0000-0000-0000")
    assert said["verdict"] == "unknown"
    assert client.get("/api/v1/checks/x").headers["Cache-Control"] == "no-store"

    def broken(*_given: object) -> None:
        raise OSError

    monkeypatch.setattr("qms.notices.checking.check", broken)
    assert answer(client, "/api/v1/checks/0000-0000-0000", 503)["status"] == 503


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_the_table_is_a_formula(start: str) -> None:
    assert tables.harmless(f"{start}1+1") == f"'{start}1+1"
    assert tables.harmless("1+1") == "1+1"


def test_the_table_opens_in_a_spreadsheet_with_its_letters(
    client: FlaskClient, posting: Posting
) -> None:
    posting.issue({BIRTH: procedure("=HYPERLINK(1)", result='Giấy "khai sinh", một bản')})
    found = client.get("/b/song-lo/board.csv")
    assert found.data.startswith(b"\xef\xbb\xbf")
    assert "bang-niem-yet-song-lo-2026-08-03.csv" in found.headers["Content-Disposition"]
    (row,) = csv.DictReader(io.StringIO(found.data.decode("utf-8-sig"), newline=""))
    assert row["Tên thủ tục"] == "'=HYPERLINK(1)"
    assert row["Kết quả"] == 'Giấy "khai sinh", một bản'
    assert row["Phí, lệ phí"] == "Lệ phí: 8.000 đồng"
    assert row["Thời hạn"] == "03 ngày làm việc"


def test_a_larger_board_asks_no_more_questions(client: FlaskClient, posting: Posting) -> None:
    posting.issue({BIRTH: procedure("Một"), "PHI-HT": schedule({"amount": 5_000})})
    where = "/api/v1/boards/song-lo"
    addresses = (where, f"{where}/fees", f"{where}/forms", f"{where}/changes?first=2026-01-01")

    def asked() -> list[int]:
        counts = []
        for each in (*addresses, "/b/song-lo/board.json", "/b/song-lo/board.csv"):
            with counted() as statements:
                assert client.get(each).status_code == 200
            counts.append(len(statements))
        return counts

    few = asked()
    posting.issue({f"1.{n}": procedure(f"Thủ tục {n}") for n in range(60)})
    assert asked() == few
    assert max(few) <= MOST_QUERIES


def test_search_engines_find_what_stands_today_and_nothing_else(
    client: FlaskClient, posting: Posting
) -> None:
    posting.issue({BIRTH: procedure("Khai sinh"), "2.1": procedure("Kết hôn")})
    posting.withdraw("2.1", MONDAY)
    posting.issue({"3.1": procedure("Sắp có")}, LATER)
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in client.get("/robots.txt").text
    index = client.get("/sitemap.xml")
    assert index.mimetype == "application/xml"
    assert "http://127.0.0.1:8000/b/song-lo/sitemap.xml" in index.text
    found = ET.fromstring(client.get("/b/song-lo/sitemap.xml").data)  # noqa: S314 - our own
    pages = [str(each.text) for each in found.iter() if each.tag.endswith("loc")]
    words = [page.removeprefix("http://127.0.0.1:8000/b/song-lo") for page in pages]
    assert words == ["", "/phi", "/bm", "/thay-doi", "/linh-vuc/ho-tich", f"/{BIRTH}"]
    assert [client.get(f"/b/song-lo{word}").status_code for word in words] == [200] * 6


def test_a_notice_tells_machines_what_it_tells_people(
    browser: Browser, posting: Posting
) -> None:
    whole = procedure("Khai sinh </script><script>alert(1)</script>", applicants="Công dân")
    posting.issue({BIRTH: whole, "PHI-HT": schedule({"amount": 5_000})})
    page = browser.get("notices.procedure", unit="song-lo", code=BIRTH)
    said = json.loads(page.one("script[type='application/ld+json']"))
    assert said["@type"] == "GovernmentService"
    assert said["name"].startswith("Khai sinh </script>")
    assert said["url"] == f"http://127.0.0.1:8000/b/song-lo/{BIRTH}"
    assert [offer["price"] for offer in said["offers"]] == [5_000]
    assert page.attributes("link[rel=canonical]", "href") == [said["url"]]
    assert (
        "Thời hạn: 03 ngày làm việc" in page.attributes("meta[name=description]", "content")[0]
    )
    then = browser.get("notices.procedure", unit="song-lo", code=BIRTH, on=JULY)
    assert not then.all("script[type='application/ld+json']"), "only what holds today is marked"


@sqlite_only
@pytest.mark.browser
def test_a_real_browser_takes_the_marking_for_data_and_refuses_nothing(
    posting: Posting, page: Tab
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"/b/song-lo/{BIRTH}")
    script = page.locator("script[type='application/ld+json']")
    assert json.loads(script.text_content() or "")["identifier"] == BIRTH
    page.goto("/b/song-lo/thay-doi?month=2026-07")
    page.get_by_role("link", name="Theo dõi thay đổi").click()
    page.get_by_text("Cơ quan chưa mở gửi thư.").wait_for()
    assert complaints == []
