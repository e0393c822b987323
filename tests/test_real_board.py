"""The whole national catalogue of a day on the board of a commune, page by page and as paper."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pypdfium2
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from qms import clock as qms_clock
from qms.db import db, transaction
from qms.documents.kinds.fee import FeeSchedule
from qms.documents.kinds.fees import FeeLine, Rate
from qms.documents.models import Document, Revision
from qms.documents.rules import RevisionText
from qms.notices import service as notices
from qms.notices import subjects
from qms.notices.rules import PlaceKind, SheetKind
from qms.postings import queries
from qms.postings import service as postings
from qms.postings.rules import Deed
from qms.units.queries import unit
from qms.web import pdf
from tests.engines import Postgres
from tests.factories import Office
from tests.pages import Page
from tests.posting import Posting
from tests.real_catalogue import PROCEDURES, province
from tests.when import MONDAY, Clock

PAPERS: Final = 50
LONGEST: Final = 12
"""So many of the papers are of the longest texts; the others lie evenly between."""

QUESTIONS: Final = ("Cần mang gì?", "Bao lâu?", "Bao nhiêu tiền?", "Nộp ở đâu?", "Mẫu nào?")


@pytest.fixture(scope="module")
def app(
    samples: Path,
    tmp_path_factory: pytest.TempPathFactory,
    migrated: Callable[[str], str],
    postgres: Callable[[], Postgres],
) -> Iterator[Flask]:
    """Let a province take the procedures of communes into force by one decision."""
    folder = tmp_path_factory.mktemp("real")
    with province(samples, folder, migrated("sqlite"), postgres) as made:
        yield made
    pdf.close()


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="module")
def addresses(client: FlaskClient) -> list[str]:
    """Return where the board of a commune leads, page after page."""
    found: list[str] = []
    address: str | None = "/b/song-lo?all=1"
    while address:
        answer = client.get(address)
        assert answer.status_code == 200
        page = Page(answer.status_code, answer.text, address)
        page.check()
        found += page.attributes("ol a", "href")
        address = next(iter(page.attributes("a[rel=next]", "href")), None)
    return found


def test_the_board_pages_through_every_procedure_once(
    client: FlaskClient, addresses: list[str]
) -> None:
    assert len(addresses) == len(set(addresses)) == PROCEDURES
    front = Page(200, client.get("/b/song-lo").text)
    front.check()
    counts = [
        int(words) for field in front.all(".fields b") for words in re.findall(r"\d+", field)
    ]
    assert sum(counts) == PROCEDURES
    assert client.get("/b/phu-tho?all=1").text.count('class="hit') == 0


def test_every_notice_answers_the_five_questions(
    app: Flask, client: FlaskClient, addresses: list[str]
) -> None:
    with app.app_context():
        codes = {each.slug: each.code for each in db.session.scalars(sa.select(Document))}
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        for words in (*QUESTIONS, codes[address.rsplit("/", 1)[-1]], "1200/QĐ-UBND"):
            assert words in answer.text, f"{address}: {words}"


@pytest.mark.pdf
def test_long_and_short_notices_become_paper_that_can_be_checked(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        query = sa.select(Document.slug, Document.code).join(Revision)
        longest = sa.func.length(Revision.data).desc()
        rows = db.session.execute(query.order_by(longest, Document.slug)).all()
    step = (len(rows) - LONGEST) // (PAPERS - LONGEST)
    chosen = [*rows[:LONGEST], *rows[LONGEST::step]][:PAPERS]
    assert len(chosen) == PAPERS
    for slug, code in chosen:
        answer = client.get(f"/b/song-lo/{slug}.pdf")
        assert answer.status_code == 200, f"{code}: {answer.text[:200]}"
        with pypdfium2.PdfDocument(io.BytesIO(answer.data)) as paper:
            assert len(paper) >= 1
            words = paper[0].get_textpage().get_text_bounded()
        assert code in words
        (check,) = re.findall(r"Mã kiểm tra: ([0-9A-Z-]+)", words)
        assert "Còn hiệu lực" in client.get(f"/k/{check}").text, code


KEEPERS: Final = {"song-lo": "thuky", "tan-lap": "thuky-tl", "cam-khe": "thuky-ck"}
PLACES: Final = {"song-lo": 14, "tan-lap": 13, "cam-khe": 13}
POSTINGS: Final = {"song-lo": 180, "tan-lap": 160, "cam-khe": 160}
PRICED: Final = 60


def hung(app: Flask, clock: Clock, slug: str) -> list[tuple[int, str]]:
    """Hang sheets at the places of a commune; return place and code of the procedure of each."""
    office: Office = app.extensions["office"]
    found: list[tuple[int, str]] = []
    with app.app_context(), transaction() as session:
        clock.at += timedelta(seconds=1)
        act, of = office.act(KEEPERS[slug], clock.at, MONDAY), unit(session, slug)
        places = [
            postings.open_place(session, act, of, kind=PlaceKind.BOARD, name=f"Bảng {n}")
            for n in range(PLACES[slug])
        ]
        board = [
            subject
            for subject, _, _ in subjects.on_board(session, of, MONDAY)
            if subject.kind is SheetKind.PROCEDURE
        ]
        chosen = board[:: len(board) // POSTINGS[slug]][: POSTINGS[slug]]
        assert len(chosen) == POSTINGS[slug]
        courses = subjects.courses(session, chosen)
        for number, subject in enumerate(chosen):
            place = places[number % len(places)]
            copy = notices.make_copy(
                session,
                act,
                courses[subject],
                place=place,
                on=MONDAY,
                random=number.to_bytes(4) + slug.encode()[:5],
            )
            postings.do(session, act, copy, Deed.POSTED, holds=True)
            found.append((place.id, courses[subject].code_words))
    return found


def to_see_to(app: Flask, slug: str, on: date) -> list[tuple[int, str]]:
    """Return place and code of what the walk list of a commune names."""
    with app.app_context():
        session = db.session()
        walk = queries.walk(session, unit(session, slug), on, on)
        return [
            (spot.place.id, walk.courses[task.sheet].code_words)
            for spot in walk.spots
            for task in spot.tasks
            if not task.done
        ]


def test_the_walk_names_exactly_the_sheets_that_a_decision_on_fees_touches(app: Flask) -> None:
    clock = qms_clock.now
    assert isinstance(clock, Clock)
    hanging = {slug: hung(app, clock, slug) for slug in KEEPERS}
    assert sum(map(len, hanging.values())) == 500
    for slug in KEEPERS:
        assert to_see_to(app, slug, MONDAY) == []

    codes = sorted({code for _, code in hanging["song-lo"]})[:PRICED]
    lines = tuple(
        FeeLine(name="Lệ phí", procedure=code, rate=Rate.AMOUNT, amount=12_000)
        for code in codes
    )
    tuesday = MONDAY + timedelta(days=1)
    office: Office = app.extensions["office"]
    fees = RevisionText("Lệ phí của xã", FeeSchedule(lines=lines))
    Posting(app, office, clock).issue({"PHI-01": fees}, tuesday)

    touched = sorted(each for each in hanging["song-lo"] if each[1] in codes)
    assert len(touched) == PRICED
    clock.go(tuesday)
    assert sorted(to_see_to(app, "song-lo", tuesday)) == touched
    for slug in ("tan-lap", "cam-khe"):
        assert to_see_to(app, slug, tuesday) == []
