"""The whole national catalogue of a day on the board of a commune, page by page and as paper."""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pypdfium2
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from qms import clock as qms_clock
from qms import keys
from qms.app import create_app
from qms.db import db, transaction
from qms.documents.models import Document, Revision
from qms.web import pdf
from tests.engines import Postgres, copied_database
from tests.pages import Page
from tests.posting import world
from tests.when import MONDAY, Clock

PROCEDURES: Final = 937
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
    for key in ("secret.key", "trail.key"):
        keys.make(folder / "var/keys" / key)
    original = migrated("sqlite")
    with (
        pytest.MonkeyPatch.context() as patch,
        copied_database(original, folder, postgres) as url,
    ):
        patch.setattr(qms_clock, "now", Clock())
        made = create_app(
            {"TESTING": True, "DATA_DIR": str(folder / "var"), "DATABASE_URL": url}
        )
        with made.app_context(), transaction() as session:
            world(session)
        said = run(made, "national", "import", str(samples / "2026-07-18.jsonl.gz"), *SCOPE)
        assert f"new {PROCEDURES}" in said
        (number,) = re.findall(r"decision (\d+)", said)
        run(made, "decision", "review", number, "--as", "truongphong-pt")
        paper = ("--number", "1200/QĐ-UBND", "--effective", f"{MONDAY}")
        run(made, "decision", "sign", number, "--as", "lanhdao-pt", *paper)
        yield made
        with made.app_context():
            db.session.remove()
            db.engine.dispose()
    pdf.close()


SCOPE: Final = ("--unit", "phu-tho", "--for", "xã", "--level", "xã", "--as", "thuky-pt")


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


def run(app: Flask, *words: str) -> str:
    result = app.test_cli_runner().invoke(args=list(words))
    assert result.exit_code == 0, result.output
    return result.stdout


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
