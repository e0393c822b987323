"""Copies that staff print for a place: who may, what they say, and which must be replaced."""

import io
from datetime import date, timedelta

import pypdfium2
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskCliRunner

from qms.db import db, transaction
from qms.documents.rules import Audience
from qms.notices import rules
from qms.notices.models import Copy
from qms.trail import Entry
from tests.engines import counted, sqlite_only
from tests.factories import Office
from tests.pages import Browser, Page
from tests.people import As
from tests.posting import FOR_COMMUNES, LATER, Posting, place_for, procedure, world
from tests.when import MONDAY, Clock

BIRTH = "1.001193"
MOST_QUERIES = 15
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def office(app: Flask) -> Office:
    with app.app_context(), transaction() as session:
        return world(session)


@pytest.fixture
def posting(app: Flask, office: Office, clock: Clock) -> Posting:
    made = Posting(app, office, clock)
    made.issue({BIRTH: procedure("Đăng ký khai sinh")})
    return made


def printed(
    browser: Browser,
    place: str = "Bảng tin thôn 3",
    on: str = "03/08/2026",
    *,
    status: int = 303,
) -> Page:
    """Print a copy through the page."""
    named = place_for(browser.client.application, place) if place.strip("0") else place
    form = {"place": named, "on": on}
    return browser.post(
        "postings.copies.make",
        form,
        unit="song-lo",
        kind="procedure",
        slug=BIRTH,
        status=status,
    )


def stored(app: Flask) -> list[Copy]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Copy).order_by(Copy.printed_at)))


def test_a_copy_is_printed_for_a_place_and_stands_in_the_trail(
    app: Flask, posting: Posting, signed_in: As
) -> None:
    clerk = signed_in("chuyenvien")
    place_for(app, "Bảng tin thôn 3")
    board = clerk.get("notices.procedure", unit="song-lo", code=BIRTH)
    (link,) = board.attributes("a[href*='/postings/new']", "href")
    assert clerk.open(link).attributes("input[name=on]", "value") == ["03/08/2026"]

    page = printed(clerk)
    (copy,) = stored(app)
    assert (copy.place, copy.day) == ("Bảng tin thôn 3", MONDAY)
    assert copy.printed_by == posting.office.people["chuyenvien"]
    assert page.one("h1") == f"Bản in {copy.code}"
    assert "Còn hiệu lực từ 01/07/2026" in page.text
    with app.app_context():
        line = db.session.scalars(sa.select(Entry).order_by(Entry.seq.desc()).limit(1)).one()
        assert (line.action, line.subject) == ("copy.printed", f"copy/{copy.code}")
        assert line.actor == copy.printed_by
        assert copy.digest in line.detail
        assert "thôn 3" not in line.detail
    assert clerk.get("notices.check", code=copy.code).one("h1") == "Còn hiệu lực"


@pytest.mark.pdf
@sqlite_only
def test_the_paper_of_a_copy_bears_its_own_code_and_place(
    app: Flask, posting: Posting, signed_in: As
) -> None:
    del posting
    clerk = signed_in("chuyenvien")
    links = printed(clerk, "Nhà văn hóa " + "thôn Đồng Thịnh " * 11).attributes(
        "a[href*='.pdf']", "href"
    )
    (copy,) = stored(app)
    assert len(links) == 4
    for link in links:
        answer = clerk.client.get(link)
        paper = pypdfium2.PdfDocument(io.BytesIO(answer.data))
        words = " ".join(paper[0].get_textpage().get_text_bounded().split())
        assert copy.code in words
        assert "TÀI LIỆU KIỂM SOÁT Bản số 01" in words
        assert "In ngày 03/08/2026 để treo tại Nhà văn hóa thôn Đồng Thịnh" in words
    assert answer.headers["Cache-Control"] == "no-store"
    assert clerk.client.get(f"{links[0]}?paper=a5").status_code == 422


@pytest.mark.parametrize("account", ["thuky", "truongphong", "chuyenvien"])
@sqlite_only
def test_those_who_may_print_do(
    app: Flask, posting: Posting, signed_in: As, account: str
) -> None:
    del posting
    signed_in(account).get("postings.copies.new", unit="song-lo", kind="procedure", slug=BIRTH)
    printed(signed_in(account))
    assert len(stored(app)) == 1


@pytest.mark.parametrize("account", ["lanhdao", "quantri", "danhgia", "thuky-tl", "thuky-pt"])
@sqlite_only
def test_nobody_else_does_and_no_post_of_another_office(
    app: Flask, posting: Posting, signed_in: As, account: str
) -> None:
    del posting
    signed_in(account).get(
        "postings.copies.new", unit="song-lo", kind="procedure", slug=BIRTH, status=403
    )
    printed(signed_in(account), status=403)
    assert stored(app) == []


@sqlite_only
def test_copies_of_another_office_are_not_there(
    app: Flask, posting: Posting, signed_in: As
) -> None:
    del posting
    printed(signed_in("thuky"))
    (copy,) = stored(app)
    theirs = signed_in("thuky-tl")
    assert "Bảng tin thôn 3" not in theirs.get("postings.copies.index").text
    theirs.get("postings.copies.show", code=copy.code, status=404)
    theirs.file("postings.copies.paper", code=copy.code, status=404)


@pytest.mark.parametrize(
    ("place", "on", "sentence"),
    [
        ("", "03/08/2026", "Chưa điền ô này"),
        ("0", "03/08/2026", "Hãy chọn một mục trong danh sách."),
        ("Thôn 3", "31/02/2027", "có 28 ngày"),
        ("Thôn 3", "", "Chưa điền ô này"),
        ("Thôn 3", "02/08/2026", "hôm nay hoặc một ngày sắp tới"),
    ],
)
@sqlite_only
def test_bad_input_prints_nothing_and_keeps_what_was_typed(
    app: Flask, posting: Posting, signed_in: As, place: str, on: str, sentence: str
) -> None:
    del posting
    place_for(app, "Thôn 3")
    page = printed(signed_in("thuky"), place, on, status=422)
    assert sentence in " ".join(page.all(".field-wrong"))
    assert page.attributes("input[name=on]", "value") == [on]
    assert stored(app) == []


@sqlite_only
def test_a_day_on_which_nothing_holds_is_refused(
    app: Flask, posting: Posting, signed_in: As
) -> None:
    posting.withdraw(BIRTH, LATER)
    page = printed(signed_in("thuky"), on="01/09/2026", status=404)
    assert "không có hiệu lực ở đơn vị này ngày 01/09/2026" in page.text
    assert stored(app) == []


@sqlite_only
def test_what_is_no_public_procedure_cannot_be_printed(posting: Posting, signed_in: As) -> None:
    posting.issue({"2.1": procedure("Mật thư", audience=Audience.INTERNAL)})
    clerk = signed_in("chuyenvien")
    for code in ("2.1", "9.999"):
        clerk.get(
            "postings.copies.new", unit="song-lo", kind="procedure", slug=code, status=404
        )
    clerk.get("postings.copies.new", unit="khong-co", kind="procedure", slug=BIRTH, status=404)
    clerk.get("postings.copies.show", code="ZZZZ", status=404)


def test_the_list_tells_which_copies_must_be_replaced_or_taken_down(
    app: Flask, posting: Posting, signed_in: As
) -> None:
    posting.issue({"3.1": procedure("Của tỉnh", **FOR_COMMUNES)}, owner="phu-tho")
    clerk = signed_in("chuyenvien")
    posting.amend(BIRTH, procedure("Đăng ký khai sinh mới"), TUESDAY)
    for place, code, on in (
        ("A", BIRTH, MONDAY),
        ("B", BIRTH, TUESDAY),
        ("C", "3.1", MONDAY),
    ):
        posting.clock.at += timedelta(minutes=1)
        form = {"place": place_for(app, place), "on": f"{on:%d/%m/%Y}"}
        clerk.post(
            "postings.copies.make",
            form,
            unit="song-lo",
            kind="procedure",
            slug=code,
            status=303,
        )

    def states(day: date, **asked: object) -> dict[str, str]:
        posting.clock.go(day, hour=10)
        rows = signed_in("chuyenvien").get("postings.copies.index", **asked)  # type: ignore[arg-type]
        return {
            cells[0]: cells[2].split(" từ")[0]
            for row in range(len(rows.all("tbody tr")))
            for cells in [rows.all(f"tbody tr:nth-child({row + 1}) td")]
        }

    assert states(MONDAY) == {"C": "Còn hiệu lực", "B": "Chưa đến ngày", "A": "Còn hiệu lực"}
    assert states(TUESDAY) == {"C": "Còn hiệu lực", "B": "Còn hiệu lực", "A": "Phải thay"}
    posting.withdraw("3.1", TUESDAY + timedelta(days=1), owner="phu-tho")
    after = TUESDAY + timedelta(days=1)
    assert states(after)["C"] == "Phải gỡ"
    assert list(states(after, q="B")) == ["B"]
    assert list(states(after, q="3.1")) == ["C"]
    assert list(states(after, q="cua tinh")) == ["C"]
    code = next(copy.code for copy in stored(app) if copy.place == "B")
    assert list(states(after, q=code.lower())) == ["B"]
    assert list(states(after, unit=str(posting.office.units["song-lo"]))) == ["C", "B", "A"]
    old = next(copy for copy in stored(app) if copy.place == "A")
    page = signed_in("chuyenvien").get("postings.copies.show", code=old.code)
    assert "Phải thay từ 04/08/2026" in page.text
    assert page.attributes("a[href*='.pdf']", "href") == []


@pytest.mark.pdf
@sqlite_only
def test_the_paper_of_a_corrected_text_is_not_made_again(
    app: Flask, posting: Posting, signed_in: As
) -> None:
    clerk = signed_in("thuky")
    printed(clerk)
    posting.correct(BIRTH, procedure("Đăng ký khai sinh, đã đính chính"))
    (copy,) = stored(app)
    answer = clerk.file("postings.copies.paper", code=copy.code, status=409)
    assert "Hãy lập bản in mới" in answer.text


@pytest.mark.pdf
@sqlite_only
def test_the_paper_of_a_copy_keeps_the_digest_of_its_scheme_when_there_is_a_new_one(
    app: Flask, posting: Posting, signed_in: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    del posting
    clerk = signed_in("thuky")
    printed(clerk)

    def scheme_2(sheet: rules.Sheet) -> dict[str, object]:
        return {"scheme": 2, "told": rules.SCHEMES[1](sheet)}

    monkeypatch.setattr(rules, "SCHEMES", {**rules.SCHEMES, 2: scheme_2})
    printed(clerk, "Bảng tin thôn 5")
    old, new = sorted(stored(app), key=lambda copy: copy.scheme)
    assert (old.scheme, new.scheme) == (1, 2)
    for copy in (old, new):
        answer = clerk.file("postings.copies.paper", code=copy.code)
        page = pypdfium2.PdfDocument(io.BytesIO(answer.data))[0]
        words = "".join(page.get_textpage().get_text_bounded().split())
        assert copy.digest[:12] in words.replace(".", "").lower()


def test_the_list_costs_the_same_with_few_and_with_many_copies(
    posting: Posting, signed_in: As
) -> None:
    posting.issue({f"3.{n}": procedure(f"Việc {n}") for n in range(25)})
    clerk = signed_in("chuyenvien")

    def cost() -> int:
        with counted() as sent:
            clerk.get("postings.copies.index")
        assert len(sent) <= MOST_QUERIES, "\n".join(sent)
        return len(sent)

    printed(clerk)
    few = cost()
    for n in range(25):
        place = place_for(posting.app, f"Nơi {n}")
        form = {"place": place, "on": "03/08/2026"}
        clerk.post(
            "postings.copies.make",
            form,
            unit="song-lo",
            kind="procedure",
            slug=f"3.{n}",
            status=303,
        )
    assert cost() == few
    page = clerk.get("postings.copies.index", page=2)
    assert len(page.all("tbody tr")) == 6
    assert "21–26 trong 26" in page.text


@pytest.mark.pdf
@sqlite_only
def test_the_command_prints_a_copy_only_with_a_place_and_a_person(
    app: Flask, posting: Posting, runner: FlaskCliRunner
) -> None:
    del posting
    target = f"{app.config['DATA_DIR']}/to.pdf"
    words = ["notice", BIRTH, "--unit", "song-lo", "-o", target]
    plain = runner.invoke(args=words)
    assert plain.exit_code == 0
    assert "chỉ máy này mở được" in plain.stderr, "its code leads nowhere from a wall"
    assert stored(app) == []
    refused = runner.invoke(args=[*words, "--place", "Thôn 3"])
    assert "--as" in str(refused.exception)
    made = runner.invoke(args=[*words, "--place", "Thôn 3", "--as", "thuky"])
    assert made.exit_code == 0, made.output
    (copy,) = stored(app)
    assert f"copy {copy.code}" in made.stdout
    assert runner.invoke(args=["copy", "check", copy.code]).exit_code == 0
