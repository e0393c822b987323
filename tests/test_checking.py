"""Does this paper still hold? Every answer of the check page, for prints and for copies."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy.orm import Session

from qms.db import db, transaction
from qms.documents.kinds.fee import FeeSchedule
from qms.documents.kinds.fees import Channel, FeeLine, Rate
from qms.documents.kinds.procedure import DossierItem, Method
from qms.documents.models import Document
from qms.documents.rules import RevisionText
from qms.documents.timeline import Action
from qms.notices import checking, codes, queries, rules, service, sheets, stories
from qms.units import service as units
from qms.units.queries import unit
from qms.units.rules import Level
from tests.engines import sqlite_only
from tests.factories import FOUNDED, Office
from tests.pages import Browser, Page
from tests.posting import FOR_COMMUNES, LATER, Posting, directly, priced, procedure, world
from tests.when import MONDAY, Clock

BIRTH = "1.001193"
TUESDAY = MONDAY + timedelta(days=1)
WEDNESDAY = MONDAY + timedelta(days=2)
BY_CODE = ("sheet", "copy")
"""A print for everybody, whose code is derived, and one for a place, whose code is its own."""


@pytest.fixture
def office(app: Flask) -> Office:
    with app.app_context(), transaction() as session:
        return world(session)


@pytest.fixture
def posting(app: Flask, office: Office, clock: Clock) -> Posting:
    return Posting(app, office, clock)


@pytest.fixture(params=BY_CODE)
def paper(request: pytest.FixtureRequest, posting: Posting) -> Callable[..., str]:
    """Print a day's sheet of a procedure; return the code on it."""
    number = iter(range(256))

    def made(on: date = MONDAY, code: str = BIRTH) -> str:
        with posting.app.app_context(), transaction() as session:
            song_lo = unit(session, "song-lo")
            document = _document(session, code)
            told = stories.story(session, song_lo, document)
            if request.param == "copy":
                act = posting.act("thuky")
                random = bytes([next(number)]) * codes.COPY_BYTES
                course = sheets.ProcedureCourse(told)
                where = service.place_named(session, act, song_lo, "Bảng tin thôn 3")
                copy = service.make_copy(
                    session, act, course, place=where, on=on, random=random
                )
                return copy.code
            found = sheets.on_day(told, on)
            assert found is not None
            return codes.encode_sheet_code(song_lo.id, document.id, found.digest)

    return made


def _document(session: Session, code: str) -> Document:
    found = queries.document(session, _number(session, code))
    assert found is not None
    return found


def _number(session: Session, code: str) -> int:
    rows = session.execute(sa.text("SELECT id FROM document WHERE code = :c"), {"c": code})
    return int(rows.scalar_one())


def checked(browser: Browser, code: str, *, status: int = 200, lang: str | None = None) -> Page:
    page = browser.get("notices.check", code=code, status=status, lang=lang)
    assert browser.client.get(f"/k/{code}").headers["Cache-Control"] == "no-store"
    return page


def test_a_paper_that_says_what_holds_is_in_force(
    browser: Browser, posting: Posting, paper: Callable[..., str]
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    page = checked(browser, paper())
    assert page.one("h1") == "Còn hiệu lực"
    assert "Đăng ký khai sinh" in page.text
    assert "01/07/2026" in page.text
    assert "Quyết định 01/QĐ-UBND ngày 01/07/2026 của UBND xã Sông Lô" in page.text
    assert checked(browser, paper().lower().replace("-", "").replace("0", "o")).one("h1")


def test_a_paper_for_a_coming_day_is_not_yet_in_force(
    browser: Browser, posting: Posting, paper: Callable[..., str]
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    posting.amend(BIRTH, procedure("Đăng ký khai sinh mới"))
    page = checked(browser, paper(LATER))
    assert page.one("h1") == "Chưa đến ngày áp dụng"
    assert "thứ Ba, 01/09/2026 – còn 29 ngày" in page.text
    links = page.attributes("main a", "href")
    assert "/b/song-lo/1.001193" in links
    assert "/b/song-lo/1.001193?on=2026-09-01" in links


def test_a_decision_replaces_a_paper_and_the_page_shows_what_differs(
    browser: Browser, posting: Posting, paper: Callable[..., str]
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    code = paper()
    fewer = (DossierItem(name="Tờ khai mới", originals=1),)
    posting.amend(BIRTH, procedure("Đăng ký khai sinh", dossier=fewer))
    assert checked(browser, code).one("h1") == "Còn hiệu lực"
    posting.clock.go(LATER)
    page = checked(browser, code)
    assert page.one("h1") == "Đã có bản mới"
    assert "Hết hiệu lực từ 01/09/2026" in page.text
    assert "Quyết định 02/QĐ-UBND" in page.text
    assert page.all(".old-new h2") == ["Thành phần hồ sơ"]
    assert "Thẻ căn cước" in page.one(".old-new del")
    assert "Tờ khai mới" in page.one(".old-new ins")
    assert "Không đổi:" in page.text
    assert "Trình tự thực hiện" in page.text


@sqlite_only
def test_times_and_amounts_that_changed_stand_side_by_side_and_alone(
    browser: Browser, posting: Posting, paper: Callable[..., str]
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    code = paper()
    dearer = directly(priced(12_000), days=5)
    posting.amend(BIRTH, procedure("Đăng ký khai sinh", methods=dearer), TUESDAY)
    posting.clock.go(TUESDAY)
    page = checked(browser, code)
    assert page.all(".old-new h2") == ["Thời hạn: Trực tiếp", "Phí, lệ phí: Trực tiếp"]
    assert page.all(".old-new del") == ["bỏ: 03 ngày làm việc", "bỏ: Lệ phí: 8.000 đồng"]
    assert page.all(".old-new ins") == ["thêm: 05 ngày làm việc", "thêm: Lệ phí: 12.000 đồng"]


@sqlite_only
def test_an_amount_that_changed_alike_for_every_way_in_is_told_once(
    browser: Browser, posting: Posting, paper: Callable[..., str]
) -> None:
    def ways(amount: int) -> tuple[Method, ...]:
        (direct,) = directly(priced(amount))
        return (direct, direct.model_copy(update={"channel": Channel.ONLINE}))

    posting.issue({BIRTH: procedure("Đăng ký khai sinh", methods=ways(8_000))})
    code = paper()
    posting.amend(BIRTH, procedure("Đăng ký khai sinh", methods=ways(12_000)), TUESDAY)
    posting.clock.go(TUESDAY)
    page = checked(browser, code)
    assert page.all(".old-new h2") == ["Phí, lệ phí: Trực tiếp; Trực tuyến"]
    assert page.all(".old-new ins") == ["thêm: Lệ phí: 12.000 đồng"]


def test_long_differences_are_folded_and_the_way_on_comes_first(
    browser: Browser, posting: Posting, paper: Callable[..., str]
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    code = paper()
    steps = "\n".join(f"Bước {n}: Nộp một giấy tờ nữa rồi chờ." for n in range(40))
    posting.amend(BIRTH, procedure("Đăng ký khai sinh mới", steps=steps), TUESDAY)
    posting.clock.go(TUESDAY)
    page = checked(browser, code)
    assert page.all(".old-new h2") == ["Tên thủ tục"]
    assert page.all("details summary") == ["Trình tự thực hiện"]
    assert page.attributes("main a", "href")[0] == "/b/song-lo/1.001193"


def test_a_decision_signed_after_its_day_tells_both_days(
    browser: Browser, posting: Posting, paper: Callable[..., str]
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    code = paper()
    posting.clock.go(date(2026, 8, 20), hour=6)
    posting.amend(BIRTH, procedure("Đăng ký khai sinh mới"), date(2026, 8, 10))
    page = checked(browser, code)
    assert "Hết hiệu lực từ 10/08/2026" in page.text
    assert "ký ngày 20/08/2026" in page.text
    assert page.all(".old-new h2") == ["Tên thủ tục"]


def test_a_correction_replaces_the_paper_since_it_was_signed(
    browser: Browser, posting: Posting, paper: Callable[..., str]
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sihn")})
    code = paper()
    posting.clock.go(TUESDAY, hour=6)
    posting.correct(BIRTH, procedure("Đăng ký khai sinh"))
    page = checked(browser, code)
    assert page.one("h1") == "Đã có bản mới"
    assert "Hết hiệu lực từ 04/08/2026" in page.text
    assert "Quyết định 02/QĐ-UBND" in page.text


def test_a_fee_that_changes_with_the_day_replaces_a_paper_without_a_decision(
    browser: Browser, posting: Posting, paper: Callable[..., str]
) -> None:
    fees = priced(8_000, last=date(2026, 8, 31)), priced(5_000, first=LATER)
    posting.issue({BIRTH: procedure("Đăng ký khai sinh", methods=directly(*fees))})
    code = paper()
    assert checked(browser, code).one("h1") == "Còn hiệu lực"
    posting.clock.go(LATER)
    page = checked(browser, code)
    assert "Hết hiệu lực từ 01/09/2026" in page.text
    assert "Mức thu đã đổi theo ngày" in page.text
    assert "8.000 đồng" in page.one(".old-new del")
    assert "5.000 đồng" in page.one(".old-new ins")
    assert "Quyết định" not in page.text


def test_a_paper_that_holds_names_its_text_and_what_changed_beside_it_last(
    browser: Browser, posting: Posting, paper: Callable[..., str]
) -> None:
    def charged(amount: int) -> RevisionText:
        line = FeeLine(name="Lệ phí", procedure=BIRTH, rate=Rate.AMOUNT, amount=amount)
        return RevisionText("Lệ phí hộ tịch", FeeSchedule(lines=(line,)))

    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    posting.issue({"PHI-HT": charged(8_000)})
    posting.amend("PHI-HT", charged(9_000), TUESDAY)
    posting.clock.go(TUESDAY)
    page = checked(browser, paper(TUESDAY))
    assert "Có hiệu lực từ 04/08/2026" in page.text
    assert "Quyết định 01/QĐ-UBND ngày 01/07/2026" in page.text
    assert "Từ 04/08/2026" in page.text
    assert "Mức thu đã đổi: Quyết định 03/QĐ-UBND" in page.text


def test_a_new_heading_replaces_a_paper(
    browser: Browser, posting: Posting, paper: Callable[..., str]
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    code = paper()
    words = {"name": "UBND xã Sông Lô", "seat": "Thôn 5, xã Sông Lô"}
    posting.heading("song-lo", TUESDAY, Level.COMMUNE, **words)
    assert checked(browser, code).one("h1") == "Còn hiệu lực"
    posting.clock.go(TUESDAY)
    page = checked(browser, code)
    assert "Hết hiệu lực từ 04/08/2026" in page.text
    assert "Tên hoặc địa chỉ của cơ quan" in page.text
    assert "Thôn 5" in page.one(".old-new ins")
    assert "các phần khác vẫn như trên tờ" in page.text
    assert "Đừng làm theo tờ này" not in page.text, "what it tells of the procedure is true"


def entered(posting: Posting, from_day: date, **words: str) -> int:
    """Let the secretary enter another heading, which waits for a second person."""
    with posting.app.app_context(), transaction() as session:
        where, act = unit(session, "song-lo"), posting.act("thuky")
        return units.enter_heading(
            session, act, where, from_day=from_day, level=Level.COMMUNE, words=words
        ).id


def confirmed(posting: Posting, heading: int) -> None:
    """Let the leader confirm a heading."""
    with posting.app.app_context(), transaction() as session:
        units.confirm_heading(session, posting.act("lanhdao"), heading)


def test_a_heading_corrected_for_its_own_day_replaces_the_paper_and_shows_what_differs(
    browser: Browser, posting: Posting, paper: Callable[..., str]
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    code = paper()
    posting.clock.go(TUESDAY)
    heading = entered(posting, FOUNDED, name="UBND xã Sông Lô", seat="Thôn 5")
    assert checked(browser, code).one("h1") == "Còn hiệu lực", "nobody has confirmed it"
    posting.clock.go(WEDNESDAY)
    confirmed(posting, heading)
    page = checked(browser, code)
    assert page.one("h1") == "Đã có bản mới"
    assert "Hết hiệu lực từ 05/08/2026" in page.text
    assert "Tên hoặc địa chỉ của cơ quan trên tờ giấy đã đổi." in page.text
    assert "Quyết định" not in page.text
    assert "Thôn 5" in page.one(".old-new ins")
    assert checked(browser, paper()).one("h1") == "Còn hiệu lực"


def test_a_heading_entered_for_a_past_day_tells_both_days(
    browser: Browser, posting: Posting, paper: Callable[..., str]
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    code = paper()
    posting.clock.go(WEDNESDAY)
    posting.heading("song-lo", TUESDAY, Level.COMMUNE, name="UBND xã Sông Lô mới")
    page = checked(browser, code)
    assert "Hết hiệu lực từ 04/08/2026" in page.text
    assert "Việc đổi được ghi nhận ngày 05/08/2026" in page.text


def test_the_name_of_the_issuer_may_be_corrected_and_the_paper_stays_known(
    browser: Browser, posting: Posting, paper: Callable[..., str]
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh", **FOR_COMMUNES)}, owner="phu-tho")
    code = paper()
    posting.clock.go(TUESDAY)
    posting.heading("phu-tho", FOUNDED, Level.PROVINCE, name="Ủy ban nhân dân tỉnh Phú Thọ")
    page = checked(browser, code)
    assert page.one("h1") == "Đã có bản mới"
    assert "Hết hiệu lực từ 04/08/2026" in page.text


def test_a_text_of_the_commune_put_behind_that_of_the_province_leaves_its_paper_known(
    browser: Browser, posting: Posting, paper: Callable[..., str]
) -> None:
    posting.issue({BIRTH: procedure("Của tỉnh", **FOR_COMMUNES)}, owner="phu-tho")
    code = paper()
    posting.issue({BIRTH: procedure("Của xã")})
    page = checked(browser, code)
    assert page.one("h1") == "Đã bãi bỏ"
    assert "không còn từ 03/08/2026" in page.text
    assert "Quyết định 02/QĐ-UBND ngày 01/07/2026 của UBND xã Sông Lô" in page.text


def test_papers_of_an_old_scheme_are_judged_by_it_when_there_is_a_new_one(
    browser: Browser,
    posting: Posting,
    paper: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    old = paper()

    def scheme_2(sheet: rules.Sheet) -> dict[str, object]:
        return {"scheme": 2, "told": rules.SCHEMES[1](sheet)}

    monkeypatch.setattr(rules, "SCHEMES", {**rules.SCHEMES, 2: scheme_2})
    new = paper()
    assert new != old
    for code in (old, new):
        assert checked(browser, code).one("h1") == "Còn hiệu lực"
    posting.amend(BIRTH, procedure("Đăng ký khai sinh mới"), TUESDAY)
    posting.clock.go(TUESDAY)
    for code in (old, new):
        assert "Hết hiệu lực từ 04/08/2026" in checked(browser, code).text


def test_a_withdrawn_paper_names_the_procedure_to_look_at(
    browser: Browser, posting: Posting, paper: Callable[..., str]
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    code = paper()
    posting.decide(
        {"2.1": (Action.ISSUE, procedure("Khai sinh liên thông"))}, TUESDAY, instead_of=BIRTH
    )
    posting.withdraw(BIRTH, TUESDAY)
    posting.clock.go(TUESDAY)
    page = checked(browser, code)
    assert page.one("h1") == "Đã bãi bỏ"
    assert "không còn từ 04/08/2026" in page.text
    assert "Quyết định 03/QĐ-UBND" in page.text
    assert "Khai sinh liên thông" in page.text


def test_the_end_of_a_unit_ends_its_papers_and_names_who_took_over(
    browser: Browser, posting: Posting, paper: Callable[..., str]
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    code = paper()
    posting.end("song-lo", MONDAY, "tan-lap")
    assert checked(browser, code).one("h1") == "Còn hiệu lực"
    posting.clock.go(TUESDAY)
    page = checked(browser, code)
    assert page.one("h1") == "Đã bãi bỏ"
    assert "Đơn vị kết thúc hoạt động ngày 03/08/2026" in page.text
    assert "/b/tan-lap" in page.attributes("main a", "href")
    assert "UBND xã Tân Lập" in page.text


def test_old_words_that_come_back_are_in_force_again(
    browser: Browser, posting: Posting, paper: Callable[..., str]
) -> None:
    fees = priced(1_000, first=TUESDAY, last=TUESDAY)
    posting.issue({BIRTH: procedure("Đăng ký khai sinh", methods=directly(fees))})
    code = paper()
    answers = []
    for day in range(3):
        posting.clock.go(MONDAY + timedelta(days=day))
        answers.append(checked(browser, code).one("h1"))
    assert answers == ["Còn hiệu lực", "Đã có bản mới", "Còn hiệu lực"]


def test_a_copy_whose_coming_text_was_moved_away_is_replaced(
    app: Flask, browser: Browser, posting: Posting
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    posting.amend(BIRTH, procedure("Đăng ký khai sinh mới"))
    with app.app_context(), transaction() as session:
        told = stories.story(session, unit(session, "song-lo"), _document(session, BIRTH))
        act, course = posting.act("thuky"), sheets.ProcedureCourse(told)
        where = service.place_named(session, act, told.unit, "Thôn 3")
        copy = service.make_copy(
            session, act, course, place=where, on=LATER, random=bytes(codes.COPY_BYTES)
        ).code
    posting.correct(BIRTH, procedure("Đăng ký khai sinh mới nữa"))
    page = checked(browser, copy)
    assert page.one("h1") == "Đã có bản mới"
    assert "Thôn 3" in page.text


@pytest.mark.parametrize("typed", ["AAAA", "x", "0" * 60, "../..", "Đ-Đ-Đ", "' OR 1=1"])
@sqlite_only
def test_a_code_that_is_none_is_never_a_yes(
    browser: Browser, posting: Posting, typed: str
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    answer = browser.client.get("/k", query_string={"k": typed}, follow_redirects=True)
    assert answer.status_code == 404
    assert "Còn hiệu lực" not in answer.text


def test_a_code_of_something_else_is_unknown(
    app: Flask, browser: Browser, posting: Posting, paper: Callable[..., str]
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    with app.app_context():
        session = db.session()
        song_lo, number = unit(session, "song-lo").id, _number(session, BIRTH)
    never = "ab" * 32
    for code in (
        codes.encode_sheet_code(song_lo, number, never),
        codes.encode_sheet_code(song_lo, number + 999, never),
        codes.encode_sheet_code(song_lo + 999, number, never),
        codes.new_copy_code(b"\xaa" * codes.COPY_BYTES),
        paper()[:-1] + "!",
    ):
        assert checked(browser, code, status=404).one("h1") == "Không có mã này"


def test_a_paper_that_cannot_be_checked_is_never_a_yes(
    browser: Browser,
    posting: Posting,
    paper: Callable[..., str],
    runner: FlaskCliRunner,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    code = paper()

    def away(*_given: object) -> None:
        raise sa.exc.OperationalError("SELECT 1", {}, Exception("the database is away"))

    monkeypatch.setattr(checking, "check", away)
    page = checked(browser, code, status=503)
    assert page.one("h1") == "Chưa kiểm tra được"
    assert browser.client.get(f"/k/{code}").headers["Retry-After"] == "60"
    result = runner.invoke(args=["copy", "check", code])
    assert result.exit_code == 3
    assert "cannot be checked" in result.stderr


def test_the_command_answers_0_1_or_3(
    posting: Posting, paper: Callable[..., str], runner: FlaskCliRunner
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    code = paper()

    def answer(typed: str) -> tuple[int, str]:
        result = runner.invoke(args=["copy", "check", typed])
        return result.exit_code, result.stdout.strip()

    assert answer(code) == (0, "in force since 01/07/2026")
    assert answer("AAAA") == (1, "unknown code")
    posting.amend(BIRTH, procedure("Đăng ký khai sinh mới"))
    assert answer(paper(LATER)) == (1, "not yet in force since 01/09/2026")
    posting.withdraw(BIRTH, LATER + timedelta(days=1))
    posting.clock.go(LATER)
    assert answer(code) == (1, "replaced since 01/09/2026")
    posting.clock.go(LATER + timedelta(days=1))
    assert answer(code) == (1, "withdrawn since 02/09/2026")


@sqlite_only
def test_english_words_stand_on_every_answer(
    browser: Browser, posting: Posting, paper: Callable[..., str]
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    code = paper()
    assert checked(browser, code, lang="en").one("h1") == "Still in force"
    posting.withdraw(BIRTH, TUESDAY)
    posting.clock.go(TUESDAY)
    gone = checked(browser, code, lang="en")
    assert gone.attributes("html", "lang") == ["en"]
    assert "Decision 02/QĐ-UBND of 03/08/2026 by UBND xã Sông Lô" in gone.text
