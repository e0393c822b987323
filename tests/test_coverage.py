"""The page of coverage: which clauses and procedures have documents and open findings."""

import pytest
from flask import Flask

from qms.db import transaction
from qms.documents.kinds.process import Process
from qms.documents.kinds.text import Genre, WrittenText
from qms.documents.rules import RevisionText
from qms.units.queries import unit
from tests import factories
from tests.correcting import Correcting
from tests.engines import counted, sqlite_only
from tests.factories import Office
from tests.people import As
from tests.posting import Posting, procedure, world
from tests.when import Clock

MOST_QUERIES = 15


@pytest.fixture
def office(app: Flask) -> Office:
    with app.app_context(), transaction() as session:
        made = world(session)
        home = unit(session, "song-lo")
        room = factories.unit(session, "van-phong", "Văn phòng", parent=home, office=False)
        return Office({**made.units, "van-phong": room.id}, made.people)


@pytest.fixture
def correcting(app: Flask, office: Office, signed_in: As, clock: Clock) -> Correcting:
    """Make an office whose texts say which clauses they answer to."""
    made = Posting(app, office, clock)
    made.issue({"1.001193": procedure("Đăng ký khai sinh")})
    written = WrittenText(
        genre=Genre.PROCEDURE, edition="9001:2015", clauses=("7.5.3", "7.5.2"), body="Giữ."
    )
    older = WrittenText(
        genre=Genre.PROCEDURE, edition="9001:2008", clauses=("4.2.3",), body="Giữ."
    )
    process = Process(procedures=("1.001193",), clauses=("8.5.1",), purpose="Làm đúng.")
    made.issue({"QT-01": RevisionText("Kiểm soát tài liệu", written)})
    made.issue({"QT-00": RevisionText("Kiểm soát tài liệu cũ", older)})
    made.issue({"QT-11": RevisionText("Khai sinh", process)})
    return Correcting(app, office, signed_in)


@sqlite_only
def test_a_clause_names_its_documents_and_what_is_open(
    correcting: Correcting, signed_in: As
) -> None:
    correcting.finding(clause="9001:2015/7.5.2", document="1.001193")
    page = signed_in("thuky").get("standards.index")
    rows = {each.split()[0]: each for each in page.all("tbody tr")}
    assert "QT-01" in rows["7.5.2"]
    assert rows["7.5.2"].endswith("1")
    assert "QT-11" in rows["8.5.1"]
    assert "QT-00" not in page.text
    (birth,) = [each for each in page.all("tbody tr") if "1.001193" in each]
    assert "QT-11" in birth
    assert birth.endswith("1")
    assert "/actions/findings?only=open&clause=7.5.2" in page.attributes("tbody a", "href")
    older = signed_in("thuky").get("standards.index", edition="9001:2008")
    assert "QT-00" in older.text


@sqlite_only
def test_a_link_of_the_page_lists_what_is_open_about_the_clause(
    correcting: Correcting, signed_in: As
) -> None:
    correcting.finding(clause="9001:2015/7.5.2", document="1.001193")
    correcting.finding(clause="9001:2015/7.5.3")
    page = signed_in("thuky").get("actions.findings.index", only="open", clause="7.5.2")
    assert "KPH-01/2026" in page.text
    assert "KPH-02/2026" not in page.text


@sqlite_only
def test_the_page_asks_few_questions(correcting: Correcting) -> None:
    browser = correcting.signed_in("thuky")
    with counted() as sent:
        browser.get("standards.index")
    assert len(sent) <= MOST_QUERIES


@sqlite_only
@pytest.mark.usefixtures("correcting")
def test_the_page_tells_how_much_was_audited_and_shows_gaps_only(
    signed_in: As,
) -> None:
    secretary = signed_in("thuky")
    page = secretary.get("standards.index")
    assert "Năm 2026 đã đánh giá 0/" in page.text
    assert "0/1 thủ tục." in page.text
    gaps = secretary.get("standards.index", gaps="1")
    rows = {each.split()[0] for each in gaps.all("tbody tr")}
    assert "7.5.3.1" in rows, "has a document, but nobody audited it"
    assert "7.5.3" not in rows
    assert len(gaps.all("tbody tr")) < len(page.all("tbody tr"))


@sqlite_only
def test_what_is_open_about_a_process_stands_beside_the_procedure_it_describes(
    correcting: Correcting, signed_in: As
) -> None:
    correcting.finding(clause="9001:2015/8.5.1", document="QT-11")
    page = signed_in("thuky").get("standards.index")
    (birth,) = [each for each in page.all("tbody tr") if "1.001193" in each]
    assert "QT-11: 1" in birth


@sqlite_only
def test_the_page_shows_one_unit(correcting: Correcting, signed_in: As) -> None:
    room = correcting.office.units["van-phong"]
    correcting.finding(clause="9001:2015/7.5.2")
    secretary = signed_in("thuky")

    def open_about(shown: str) -> str:
        page = secretary.get("standards.index", unit=shown)
        (row,) = [each for each in page.all("tbody tr") if each.startswith("7.5.2")]
        return row[-1]

    assert secretary.get("standards.index").all("#shown-unit option") == ["Tất cả", "Văn phòng"]
    assert open_about("") == "1"
    assert open_about(str(room)) == "0"
