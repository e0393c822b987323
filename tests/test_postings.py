"""Places and what hangs there: who may, what is to replace, what is missing, what is certified."""

import io
from collections.abc import Callable, Mapping
from datetime import timedelta

import pypdfium2
import pytest
import segno
import sqlalchemy as sa
from flask import Flask
from PIL import Image

from qms import jobs
from qms.db import db, transaction
from qms.documents.kinds.text import Genre, WrittenText
from qms.documents.rules import Audience, RevisionText
from qms.job_rows import Job
from qms.notices.models import Copy, Place
from qms.postings import photos, service, watching
from qms.postings.models import Posting as Deeds
from qms.postings.models import Presence
from qms.trail import Act, Entry
from qms.units import service as units
from qms.units.queries import unit
from qms.units.rules import Level
from qms.web import pdf
from tests.engines import counted, sqlite_only
from tests.factories import Office
from tests.pages import Browser, Page
from tests.people import As
from tests.posting import Posting, directly, priced, procedure, world
from tests.when import MONDAY, Clock

BIRTH = "1.001193"
DEATH = "1.000656"
TUESDAY = MONDAY + timedelta(days=1)
MOST_QUERIES = 15
BOARD = "Bảng tin thôn 3"


@pytest.fixture
def office(app: Flask) -> Office:
    with app.app_context(), transaction() as session:
        return world(session)


@pytest.fixture
def posting(app: Flask, office: Office, clock: Clock) -> Posting:
    made = Posting(app, office, clock)
    made.issue({BIRTH: procedure("Đăng ký khai sinh"), DEATH: procedure("Đăng ký khai tử")})
    return made


def opened(browser: Browser, name: str = BOARD, kind: str = "board", **more: object) -> int:
    """Enter a place through the page; return its number."""
    form = {"name": name, "kind": kind, "note": "", **more}
    page = browser.post("postings.add", form, status=303, unit="song-lo")
    assert page.one("h1") == name
    with browser.client.application.app_context():
        query = sa.select(Place.id).where(Place.name == name)
        return db.session.scalars(query).one()


def printed(app: Flask, browser: Browser, place: int, code: str = BIRTH) -> str:
    """Print a copy for a place through the page; return its code."""
    before = _codes(app)
    form = {"place": str(place), "on": browser_day(browser)}
    browser.post(
        "postings.copies.make", form, unit="song-lo", kind="procedure", slug=code, status=303
    )
    (made,) = _codes(app) - before
    return made


def _codes(app: Flask) -> set[str]:
    with app.app_context():
        return set(db.session.scalars(sa.select(Copy.code)))


def browser_day(browser: Browser) -> str:
    page = browser.get("postings.copies.new", unit="song-lo", kind="procedure", slug=BIRTH)
    return page.attributes("input[name=on]", "value")[0]


def scanned(browser: Browser, code: str, status: int = 303) -> Page:
    """Scan a code on the walk."""
    return browser.post("postings.walk.scan", {"code": code}, status=status, unit="song-lo")


def deeds(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        rows = db.session.scalars(sa.select(Deeds).order_by(Deeds.id))
        return [(row.code, row.deed.value) for row in rows]


def run_jobs(app: Flask) -> None:
    with app.app_context():
        assert jobs.run_waiting()


def test_a_sheet_goes_from_print_to_wall_to_replacement(
    app: Flask, posting: Posting, signed_in: As, clock: Clock
) -> None:
    clerk, keeper = signed_in("chuyenvien"), signed_in("thuky")
    place = opened(keeper)
    old = printed(app, clerk, place)
    assert "Chưa làm" in clerk.get("postings.walk.index", unit="song-lo").text
    assert "Đã ghi treo tờ mới" in scanned(clerk, old).text
    hangs = clerk.get("postings.place", place_id=place)
    assert old in hangs.text

    posting.amend(
        BIRTH, procedure("Đăng ký khai sinh", methods=directly(priced(9_000))), TUESDAY
    )
    monday = clerk.get("postings.walk.index", unit="song-lo")
    assert "Ngày 04/08/2026 có 1 tờ phải thay." in monday.text
    clock.go(TUESDAY)
    clerk, keeper = signed_in("chuyenvien"), signed_in("thuky")
    walk = clerk.get("postings.walk.index", unit="song-lo")
    assert "Xong 0 trong 1 tờ" in walk.one("label[for=done]")
    assert "Đổi từ 04/08/2026" in walk.text
    new = printed(app, clerk, place)
    assert "Đã ghi gỡ tờ cũ" in scanned(clerk, f"https://vi-du.vn/k/{old}").text
    done = scanned(clerk, new.lower().replace("-", " "))
    assert "Xong 1 trong 1 tờ" in done.one("label[for=done]")
    assert deeds(app) == [(old, "posted"), (old, "taken_down"), (new, "posted")]

    before = clerk.get("postings.place", place_id=place, on="2026-08-03")
    assert old in before.text
    assert new not in before.text
    with app.app_context():
        acts = db.session.scalars(sa.select(Entry.action).order_by(Entry.seq)).all()
    assert [each for each in acts if each.startswith(("copy.", "place."))] == [
        *("place.opened", "copy.printed", "copy.posted"),
        *("copy.printed", "copy.taken_down", "copy.posted"),
    ]


@sqlite_only
def test_scanning_what_is_right_changes_nothing(
    app: Flask, posting: Posting, signed_in: As
) -> None:
    del posting
    clerk = signed_in("chuyenvien")
    code = printed(app, clerk, opened(signed_in("thuky")))
    scanned(clerk, code)
    assert "không phải làm gì" in scanned(clerk, code).text
    assert len(deeds(app)) == 1


@sqlite_only
def test_an_old_sheet_that_is_scanned_twice_comes_down_once(
    app: Flask, posting: Posting, signed_in: As, clock: Clock
) -> None:
    clerk = signed_in("chuyenvien")
    code = printed(app, clerk, opened(signed_in("thuky")))
    scanned(clerk, code)
    posting.withdraw(BIRTH, TUESDAY)
    clock.go(TUESDAY)
    clerk = signed_in("chuyenvien")
    assert "Đã ghi gỡ tờ cũ" in scanned(clerk, code).text
    assert (
        "Tờ này đã ghi gỡ lúc 09:00, 04/08/2026: không phải làm gì" in scanned(clerk, code).text
    )
    assert len(deeds(app)) == 2


@sqlite_only
def test_an_outdated_sheet_can_not_be_hung(
    app: Flask, posting: Posting, signed_in: As, clock: Clock
) -> None:
    clerk = signed_in("chuyenvien")
    code = printed(app, clerk, opened(signed_in("thuky")))
    posting.withdraw(BIRTH, TUESDAY)
    clock.go(TUESDAY)
    refused = scanned(signed_in("chuyenvien"), code, status=409)
    assert "không được treo" in refused.text
    assert deeds(app) == []


@sqlite_only
@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ("", 422, "Chưa điền ô này."),
        ("ZZZZ-ZZZZ", 404, "Không có bản in nào mang mã này."),
        ("https://nơi-khác.vn/?q=1", 404, "Không có bản in nào mang mã này."),
    ],
)
def test_a_code_nobody_printed_is_refused_in_words(
    posting: Posting, signed_in: As, typed: str, status: int, sentence: str, app: Flask
) -> None:
    del posting
    clerk = signed_in("chuyenvien")
    printed(app, clerk, opened(signed_in("thuky")))
    assert sentence in scanned(clerk, typed, status=status).text


@sqlite_only
def test_a_copy_of_another_office_is_not_known_here(
    app: Flask, posting: Posting, signed_in: As
) -> None:
    del posting
    clerk = signed_in("chuyenvien")
    place = opened(signed_in("thuky"))
    code = printed(app, clerk, place)
    theirs = signed_in("chuyenvien-tl")
    theirs.get("postings.place", place_id=place, status=404)
    theirs.get("postings.copies.show", code=code, status=404)
    theirs.get("postings.walk.index", unit="song-lo", status=403)
    page = theirs.post("postings.walk.scan", {"code": code}, status=404)
    assert "Không có bản in nào mang mã này." in page.text
    assert deeds(app) == []


@sqlite_only
def test_a_lost_sheet_stays_open_until_another_hangs(
    app: Flask, posting: Posting, signed_in: As, clock: Clock
) -> None:
    del posting
    clerk = signed_in("chuyenvien")
    place = opened(signed_in("thuky"))
    code = printed(app, clerk, place)
    scanned(clerk, code)
    clerk.post("postings.copies.do", {"deed": "lost"}, code=code, status=303)
    clock.go(TUESDAY)
    clerk = signed_in("chuyenvien")
    walk = clerk.get("postings.walk.index", unit="song-lo")
    assert "Mất tờ cũ" in walk.text
    scanned(clerk, printed(app, clerk, place))
    clock.go(TUESDAY + timedelta(days=1))
    after = signed_in("chuyenvien").get("postings.walk.index", unit="song-lo")
    assert "Mọi tờ đang treo đều đúng." in after.text


@sqlite_only
@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"deed": "taken_down"}, "không treo ở đâu"),
        ({"deed": "posted", "day": "04/08/2026"}, "Chỉ ghi việc đã làm"),
        ({"deed": "posted", "day": "02/08/2026"}, "trước ngày 03/08/2026"),
        ({"deed": "posted", "day": "31/02/2026"}, "31/02/2026"),
        ({"deed": "eaten"}, "Hãy chọn một mục trong danh sách."),
    ],
)
def test_a_deed_that_can_not_be_is_refused_and_changes_nothing(
    app: Flask, posting: Posting, signed_in: As, form: dict[str, str], sentence: str
) -> None:
    del posting
    clerk = signed_in("chuyenvien")
    code = printed(app, clerk, opened(signed_in("thuky")))
    answer = clerk.client.post(f"/postings/{code}", data=form)
    assert answer.status_code in {409, 422}
    assert sentence in answer.get_data(as_text=True)
    assert deeds(app) == []


@sqlite_only
def test_a_sheet_for_a_coming_day_hangs_on_that_day_and_not_before(
    app: Flask, posting: Posting, signed_in: As, clock: Clock
) -> None:
    posting.amend(BIRTH, procedure("Đăng ký khai sinh mới"), TUESDAY)
    clerk = signed_in("chuyenvien")
    place = opened(signed_in("thuky"))
    form = {"place": str(place), "on": "04/08/2026"}
    clerk.post(
        "postings.copies.make", form, unit="song-lo", kind="procedure", slug=BIRTH, status=303
    )
    with app.app_context():
        code = db.session.scalars(sa.select(Copy.code)).one()
    assert "Đến ngày ấy mới treo" in scanned(clerk, code, status=409).text
    clock.go(TUESDAY)
    assert "Đã ghi treo" in scanned(signed_in("chuyenvien"), code).text


@sqlite_only
def test_a_place_tells_what_is_there_missing_and_too_much(
    app: Flask, posting: Posting, signed_in: As
) -> None:
    posting.issue({"2.000815": procedure("Chứng thực bản sao", "Chứng thực")})
    keeper = signed_in("thuky")
    place = opened(keeper)
    keeper.post(
        "postings.ask_for",
        {"kind": "procedure", "topic": "Hộ tịch"},
        place_id=place,
        status=303,
    )
    for code in (BIRTH, "2.000815"):
        scanned(keeper, printed(app, keeper, place, code))
    page = keeper.get("postings.place", place_id=place)
    for words in ("Đủ: 1", "Thiếu: 1", "Thừa: 1", "Đăng ký khai tử"):
        assert words in page.text
    every = keeper.get("postings.index", unit="song-lo")
    assert "Đăng ký khai tử" in every.one("#nowhere")
    assert "Chứng thực bản sao" not in every.one("#nowhere")


@pytest.mark.pdf
@sqlite_only
def test_what_a_place_lacks_is_printed_at_once_and_waits_on_the_walk(
    app: Flask, posting: Posting, signed_in: As
) -> None:
    del posting
    keeper = signed_in("thuky")
    place = opened(keeper)
    keeper.post(
        "postings.ask_for", {"kind": "procedure", "topic": ""}, place_id=place, status=303
    )
    for _ in range(2):
        keeper.client.post(f"/postings/places/{place}/print")
        run_jobs(app)
    with app.app_context():
        assert len(db.session.scalars(sa.select(Copy)).all()) == 2
    walk = keeper.get("postings.walk.index", unit="song-lo")
    assert walk.text.count("Treo tờ mới rồi quét mã") == 2


@sqlite_only
def test_what_hangs_or_must_hang_is_made_ready_when_a_heading_is_confirmed(
    app: Flask, posting: Posting, signed_in: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []

    def render(_template: str, data: Mapping[str, object]) -> bytes:
        made.append(data["title"])
        return b"%PDF-"

    monkeypatch.setattr(pdf, "render_long", render)
    keeper = signed_in("thuky")
    hung, asking = opened(keeper, "Bảng A"), opened(keeper, "Bảng B")
    scanned(keeper, printed(app, keeper, hung))
    need = {"kind": "procedure", "topic": ""}
    keeper.post("postings.ask_for", need, place_id=asking, status=303)
    posting.issue({"3.1": procedure("Sổ đỏ", "Đất đai")}, on=TUESDAY)
    with app.app_context(), transaction() as session:
        heading = units.enter_heading(
            session,
            posting.act("thuky"),
            unit(session, "song-lo"),
            from_day=MONDAY,
            level=Level.COMMUNE,
            words={"name": "UBND xã Sông Lô mới"},
        ).id
    signed_in("lanhdao").post(
        "accounts.units.confirm_heading", {}, slug="song-lo", heading_id=heading, status=303
    )
    run_jobs(app)
    assert sorted(map(str, made)) == ["Sổ đỏ", "Đăng ký khai sinh", "Đăng ký khai tử"]


@pytest.mark.pdf
@sqlite_only
def test_all_sheets_of_a_walk_are_printed_into_one_file_in_its_order(
    app: Flask, posting: Posting, signed_in: As, clock: Clock
) -> None:
    keeper = signed_in("thuky")
    for name in ("Bảng B", "Bảng A"):
        place = opened(keeper, name)
        for code in (BIRTH, DEATH):
            scanned(keeper, printed(app, keeper, place, code))
    posting.amend(BIRTH, procedure("Đăng ký khai sinh", steps="Bước mới"), TUESDAY)
    clock.go(TUESDAY)
    keeper = signed_in("thuky")
    keeper.client.post("/postings/walk/print?unit=song-lo")
    run_jobs(app)
    with app.app_context():
        new = db.session.scalars(sa.select(Copy).where(Copy.day == TUESDAY)).all()
        assert sorted(each.place for each in new) == ["Bảng A", "Bảng B"]
        order = {each.place: each.code for each in new}
        (job,) = db.session.scalars(sa.select(Job).where(Job.kind == "postings.print"))
        name = job.result["page"][1]["printed"]
    answer = keeper.file("postings.walk.prints", unit="song-lo", name=name)
    paper = pypdfium2.PdfDocument(io.BytesIO(answer.data))
    words = [each.get_textpage().get_text_bounded() for each in paper]
    first = next(i for i, page in enumerate(words) if order["Bảng A"] in page)
    second = next(i for i, page in enumerate(words) if order["Bảng B"] in page)
    assert first < second
    signed_in("thuky-tl").file("postings.walk.prints", unit="song-lo", name=name, status=403)


@pytest.mark.pdf
@sqlite_only
def test_the_papers_of_a_place_name_codes_days_and_people(
    app: Flask, posting: Posting, signed_in: As, clock: Clock
) -> None:
    clerk = signed_in("chuyenvien")
    place = opened(signed_in("thuky"))
    code = printed(app, clerk, place)
    scanned(clerk, code)

    def words(endpoint: str, **values: object) -> str:
        made = clerk.file(endpoint, status=200, **values).data
        pages = pypdfium2.PdfDocument(io.BytesIO(made))
        return " ".join(" ".join(p.get_textpage().get_text_bounded() for p in pages).split())

    notice = words("postings.papers.notice", unit="song-lo")
    assert code in notice
    assert BOARD in notice
    posting.amend(BIRTH, procedure("Đăng ký khai sinh", steps="Bước mới"), TUESDAY)
    clock.go(TUESDAY)
    clerk = signed_in("chuyenvien")
    walk = words("postings.walk.paper", unit="song-lo")
    assert code in walk
    assert "Đổi nội dung từ 04/08/2026" in walk
    asked = {"place_id": place, "first": "03/08/2026", "last": "04/08/2026"}
    sure = words("postings.papers.certificate", **asked)
    for each in (code, "03/08/2026", "đang treo", "Người treo", "/GXN-UBND", "GIẤY XÁC NHẬN"):
        assert each in sure
    past = words("postings.papers.certificate", **{**asked, "last": "03/08/2026"})
    assert "còn treo hết 03/08/2026" in past
    assert "đang treo" not in past
    wrong = {**asked, "first": "05/08/2026"}
    page = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    asked_by_a_browser = clerk.client.get(
        f"/postings/places/{place}/certificate.pdf?first=05/08/2026&last=04/08/2026",
        headers=page,
    )
    assert "Ngày đầu không được sau" in clerk.check(asked_by_a_browser, 422).one("main")
    clerk.file("postings.papers.certificate", status=422, **wrong)


@sqlite_only
@pytest.mark.parametrize(
    ("first", "last", "status", "box", "words"),
    [
        ("32/08/2026", "04/08/2026", 422, "first", "Không có ngày 32/08/2026"),
        ("05/08/2026", "", 422, "last", "Chưa điền ô này."),
        ("04/08/2026", "03/08/2026", 422, "first", "Ngày đầu không được sau ngày cuối"),
        ("03/08/2026", "09/08/2026", 422, "last", "chỉ xác nhận đến hôm nay"),
        ("01/08/2026", "02/08/2026", 404, "last", "nơi này không treo tờ nào"),
    ],
)
def test_a_certificate_that_cannot_be_made_says_why_at_its_box_and_keeps_what_was_typed(
    signed_in: As, first: str, last: str, status: int, box: str, words: str
) -> None:
    keeper = signed_in("thuky")
    place = opened(keeper)
    page = keeper.get(
        "postings.papers.certificate", status=status, place_id=place, first=first, last=last
    )
    assert page.one("h1") == BOARD
    assert words in page.one(f"#{box}-wrong")
    typed = [page.attributes(f"#{each}", "value") for each in ("first", "last")]
    assert typed == [[first], [last]]


@sqlite_only
def test_a_sheet_that_is_not_found_leads_back_to_the_walk_and_says_so_on_its_page(
    app: Flask, posting: Posting, signed_in: As, clock: Clock
) -> None:
    keeper = signed_in("thuky")
    code = printed(app, keeper, opened(keeper))
    scanned(keeper, code)
    posting.amend(BIRTH, procedure("Đăng ký khai sinh", steps="Bước mới"), TUESDAY)
    clock.go(TUESDAY)
    keeper = signed_in("thuky")
    walk = keeper.post(
        "postings.copies.do", {"deed": "lost"}, code=code, back="walk", status=303
    )
    assert walk.one("h1").startswith("Đi thay giấy")
    assert "Không thấy từ 04/08/2026" in keeper.get("postings.copies.show", code=code).text


@sqlite_only
@pytest.mark.parametrize("account", ["chuyenvien", "lanhdao", "danhgia", "thuky-tl"])
def test_only_those_who_keep_places_open_them(
    posting: Posting, signed_in: As, app: Flask, account: str
) -> None:
    del posting
    form = {"name": BOARD, "kind": "board", "note": ""}
    signed_in(account).post("postings.add", form, status=403, unit="song-lo")
    with app.app_context():
        assert db.session.scalars(sa.select(Place)).all() == []


@sqlite_only
def test_a_place_closes_only_when_nothing_hangs_there(
    app: Flask, posting: Posting, signed_in: As, clock: Clock
) -> None:
    del posting
    keeper = signed_in("thuky")
    place = opened(keeper)
    code = printed(app, keeper, place)
    scanned(keeper, code)
    keeper.post("postings.close", {}, place_id=place, status=409)
    keeper.post("postings.copies.do", {"deed": "removed"}, code=code, status=303)
    clock.go(TUESDAY)
    keeper = signed_in("thuky")
    page = keeper.post("postings.close", {}, place_id=place, status=303)
    assert "1 nơi đã đóng" in page.text
    assert "đã đóng" in scanned(keeper, code, status=409).text


@sqlite_only
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Chưa điền ô này"),
        ("  \u200b ", "Chưa điền ô này"),
        ("x" * 201, "Nhiều nhất 200 chữ"),
    ],
)
def test_a_place_needs_a_name_that_fits(
    app: Flask, posting: Posting, signed_in: As, name: str, sentence: str
) -> None:
    del posting
    form = {"name": name, "kind": "board", "note": ""}
    page = signed_in("thuky").post("postings.add", form, status=422, unit="song-lo")
    assert sentence in " ".join(page.all(".field-wrong"))
    assert page.attributes("input[name=name]", "value") == [name.strip(" \u200b")]
    with app.app_context():
        assert db.session.scalars(sa.select(Place)).all() == []


@sqlite_only
def test_two_places_of_a_unit_have_two_names(posting: Posting, signed_in: As) -> None:
    del posting
    keeper = signed_in("thuky")
    opened(keeper)
    form = {"name": BOARD, "kind": "hall", "note": ""}
    page = keeper.post("postings.add", form, status=422, unit="song-lo")
    assert "đã có nơi niêm yết mang tên này" in page.text


def picture(kind: str = "JPEG", size: tuple[int, int] = (3000, 1000)) -> bytes:
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "nhà của tôi"
    Image.new("RGB", size, "white").save(made, kind, exif=exif)
    return made.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_small_and_tells_nothing_beside(kind: str) -> None:
    made = photos.smaller(picture(kind))
    with Image.open(io.BytesIO(made)) as found:
        assert max(found.size) == photos.LONGEST
        assert not found.getexif()
    assert "nhà của tôi".encode() not in made


@sqlite_only
@pytest.mark.parametrize("data", [b"no picture", b"<svg onload=alert(1)>", picture()[:500]])
def test_what_is_no_picture_is_refused(
    posting: Posting, signed_in: As, data: bytes, app: Flask
) -> None:
    del posting
    form = {"name": BOARD, "kind": "board", "note": "", "photo": (io.BytesIO(data), "a.jpg")}
    page = signed_in("thuky").post("postings.add", form, status=422, unit="song-lo")
    assert "không phải ảnh" in page.one("#photo-wrong")
    with app.app_context():
        assert db.session.scalars(sa.select(Place)).all() == []


@sqlite_only
def test_the_board_is_measured_by_the_system_itself(
    app: Flask, posting: Posting, signed_in: As, clock: Clock
) -> None:
    del posting
    for minutes in (0, 1, 2, 40, 41):
        at = clock.at + timedelta(minutes=minutes)
        with app.app_context(), transaction() as session:
            service.was_there(session, Act(None, at, MONDAY))
    with app.app_context():
        assert len(db.session.scalars(sa.select(Presence)).all()) == 2
    clock.at += timedelta(minutes=42)
    page = signed_in("thuky").get("postings.papers.outages")
    assert "38 phút" in page.text


@sqlite_only
def test_no_outage_is_claimed_only_since_the_board_is_measured(
    app: Flask, posting: Posting, signed_in: As, clock: Clock
) -> None:
    del posting
    with app.app_context(), transaction() as session:
        service.was_there(session, Act(None, clock.at, MONDAY))
    page = signed_in("thuky").get("postings.papers.outages")
    assert "Từ 03/08/2026 bảng điện tử không ngừng lần nào" in page.text


def test_an_address_that_does_not_answer_is_no_presence() -> None:
    assert not watching.answers("http://127.0.0.1:1/")
    assert not watching.answers("file:///etc/passwd")


@sqlite_only
def test_a_live_server_answers_itself(live: str, posting: Posting) -> None:
    del posting
    assert watching.answers(live)


def asked(ask: Callable[[], object]) -> int:
    with counted() as sent:
        ask()
    return len(sent)


def test_the_walk_asks_the_same_for_one_sheet_and_for_many(
    app: Flask, posting: Posting, signed_in: As, clock: Clock
) -> None:
    keeper = signed_in("thuky")
    codes = [f"9.{number}" for number in range(20)]
    posting.issue({code: procedure(f"Thủ tục {code}") for code in codes})
    place = opened(keeper)
    scanned(keeper, printed(app, keeper, place))
    clock.go(TUESDAY)
    keeper = signed_in("thuky")
    one = asked(lambda: keeper.get("postings.walk.index", unit="song-lo"))
    for code in codes:
        scanned(keeper, printed(app, keeper, place, code))
    many = asked(lambda: keeper.get("postings.walk.index", unit="song-lo"))
    assert many <= one <= MOST_QUERIES


@sqlite_only
def test_a_place_may_be_asked_for_one_text_alone(posting: Posting, signed_in: As) -> None:
    for code, title in (("CB-01", "Bản công bố sự phù hợp"), ("TB-01", "Lịch tiếp công dân")):
        text = WrittenText(genre=Genre.DECLARATION, body="Công bố.")
        posting.issue({code: RevisionText(title, text, audience=Audience.PUBLIC)})
    keeper = signed_in("thuky")
    place = opened(keeper)
    refused = keeper.post(
        "postings.ask_for", {"kind": "fees", "topic": "CB-01"}, place_id=place, status=422
    )
    assert "Loại tờ này không có mục đã chọn." in refused.text
    asked = {"kind": "text", "topic": "CB-01"}
    page = keeper.post("postings.ask_for", asked, place_id=place, status=303)
    (missing,) = page.all("#needs details li")
    assert missing == "Bản công bố sự phù hợp"


@sqlite_only
@pytest.mark.usefixtures("posting")
def test_the_server_reads_the_code_on_a_picture_where_the_phone_cannot(
    app: Flask, signed_in: As
) -> None:
    keeper = signed_in("thuky")
    code = printed(app, keeper, opened(keeper))
    blank = {"code": "", "seen": (io.BytesIO(picture("JPEG")), "a.jpg")}
    page = keeper.post("postings.walk.scan", blank, status=422, unit="song-lo")
    assert "gõ mã dưới ô QR" in page.one("#seen-wrong")
    nothing = keeper.post("postings.walk.scan", {"code": ""}, status=422, unit="song-lo")
    assert nothing.one("#code-wrong") == "Chưa điền ô này."
    drawn, shot = io.BytesIO(), io.BytesIO()
    segno.make(f"https://xa.vn/k/{code}").save(drawn, kind="png", scale=8)
    with Image.open(drawn) as qr:
        qr.convert("RGB").rotate(9, expand=True, fillcolor="gray").save(shot, "JPEG")
    sent = {"code": "", "seen": (io.BytesIO(shot.getvalue()), "a.jpg")}
    keeper.post("postings.walk.scan", sent, status=303, unit="song-lo")
    assert deeds(app) == [(code, "posted")]


@sqlite_only
@pytest.mark.usefixtures("posting")
def test_whoever_walks_may_add_a_picture_of_what_hangs(app: Flask, signed_in: As) -> None:
    keeper = signed_in("thuky")
    code = printed(app, keeper, opened(keeper))
    none = {"code": code, "photo": (io.BytesIO(b"%PDF-"), "a.jpg")}
    page = keeper.post("postings.walk.scan", none, status=422, unit="song-lo")
    assert "ảnh" in page.one("#photo-wrong")
    assert not deeds(app)
    shot = {"code": code, "photo": (io.BytesIO(picture("JPEG")), "a.jpg")}
    keeper.post("postings.walk.scan", shot, status=303, unit="song-lo")
    assert "Xem ảnh" in keeper.get("postings.copies.show", code=code).text
