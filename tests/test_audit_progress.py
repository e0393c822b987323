"""How far a programme has come, on its page, its paper and the dashboard, and who signs for it."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from qms.accounts.models import User
from qms.actions.progress import Progress
from qms.audits import paper_queries, printing, programme_paper, progress, queries
from qms.audits.papers import Bar, Name, Table
from qms.audits.printing import Frame
from qms.db import db, transaction
from qms.web import pdf
from tests.auditing import YEAR, Auditing, more_people
from tests.engines import counted, sqlite_only
from tests.factories import Office
from tests.people import As
from tests.when import Clock

OFFICE = "UBND xã Sông Lô"
NOVEMBER = date(2026, 11, 3)


@pytest.fixture
def auditing(app: Flask, office: Office, clock: Clock) -> Auditing:
    with app.app_context():
        return Auditing(app, more_people(office), clock)


@pytest.fixture
def begun(auditing: Auditing) -> Auditing:
    """Plan four audits of units, of which one is under way in August; it is November now."""
    with auditing.app.app_context():
        auditing.programme(("tu-phap", 8), ("van-phong", 9), ("van-phong", 11), ("tu-phap", 12))
        auditing.approve()
        auditing.under_way()
        auditing.clock.go(NOVEMBER)
    return auditing


def told(auditing: Auditing) -> list[Progress]:
    db.session.rollback()
    home = auditing.office.units["song-lo"]
    return list(progress.programmes(db.session(), [home], NOVEMBER))


def test_a_programme_tells_what_is_done_under_way_late_and_to_come(begun: Auditing) -> None:
    home = begun.office.units["song-lo"]
    with begun.app.app_context():
        (found,) = told(begun)
        assert found == Progress(home, YEAR, planned=4, done=0, under_way=1, late=1)
        assert found.left == 2
        made = programme_paper.of_programme(db.session(), home, YEAR, NOVEMBER)
        assert Bar(found) in made.blocks
        (come,) = [each for each in made.blocks if str(each).startswith("Tiến độ")]
        assert "đã đánh giá 0/4 lượt (0%); đang đánh giá 1; chậm 1; còn lại 2" in str(come)
        (table,) = [each for each in made.blocks if isinstance(each, Table)]
        assert sorted("".join(map(str, row[1:13])) for row in table.rows) == ["!x", "○x"]
        names = [(each.power, each.title, each.name) for each in made.signers]
        db.session.rollback()
    assert names[0][:2] == ("", "Người lập")
    assert names[1][2], "the leader who approved it"


@pytest.mark.usefixtures("begun")
def test_the_dashboard_shows_it_to_those_who_may_see_audits(signed_in: As) -> None:
    words = "Tiến độ chương trình đánh giá năm 2026"
    page = signed_in("lanhdao").get("actions.dashboard")
    assert words in page.text
    assert "Chậm: 1" in page.text
    assert words not in signed_in("chuyenvien").get("actions.dashboard").text
    page = signed_in("thuky").get("audits.programme.index", year=YEAR)
    assert "Chậm: 1" in page.text


@sqlite_only
@pytest.mark.usefixtures("begun")
def test_the_dashboard_asks_few_questions(signed_in: As) -> None:
    browser = signed_in("lanhdao")
    browser.get("actions.dashboard")
    with counted() as sent:
        browser.get("actions.dashboard")
    assert len(sent) <= 15


@sqlite_only
@pytest.mark.pdf
def test_the_bar_is_drawn_on_paper(begun: Auditing, signed_in: As) -> None:
    home = begun.office.units["song-lo"]
    with begun.app.app_context():
        made = programme_paper.of_programme(db.session(), home, YEAR, NOVEMBER)
        page = printing.data(made, Frame("", OFFICE, "Sông Lô"))
        assert pdf.render(printing.TEMPLATE, page).startswith(b"%PDF")
        printing.workbook(made, Frame("", OFFICE, "Sông Lô"))
    answer = signed_in("lanhdao").client.get("/actions/dashboard.pdf")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("title", "power", "said"),
    [
        ("Chủ tịch", "", "Chủ tịch"),
        ("", "", "Chủ tịch"),
        ("Phó Chủ tịch", "KT. Chủ tịch", "Phó Chủ tịch"),
    ],
)
def test_a_deputy_signs_in_the_place_of_the_head_and_the_lead_for_the_team(
    auditing: Auditing, title: str, power: str, said: str
) -> None:
    with auditing.app.app_context():
        with transaction() as session:
            leader = auditing.office.people["lanhdao"]
            session.execute(sa.update(User).values(title=title).where(User.id == leader))
        audit, today = auditing.notified(), auditing.act("thuky").today
        papers = {
            name: paper_queries.of_audit(
                db.session(), queries.audit(db.session(), audit), name, OFFICE, today
            )
            for name in Name
            if name is not Name.PROGRAMME
        }
        (signer,) = papers[Name.TEAM].signers
        lead, chief = papers[Name.PLAN].signers
        (told_by,) = papers[Name.NOTICE].signers
        db.session.rollback()
    assert (signer.power, signer.title) == (power, said)
    assert signer.name
    assert lead.title == "Trưởng đoàn"
    assert lead.name
    assert [each.title for each in papers[Name.REPORT].signers] == ["Trưởng đoàn", "Chủ tịch"]
    assert (chief.power, chief.title, chief.name) == ("", "Chủ tịch", "")
    assert told_by == chief
