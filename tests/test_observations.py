"""What the system itself sees amiss, for an auditor to take up."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from qms import app as application
from qms import observations
from qms.audits import building
from qms.audits import observations as audits
from qms.db import db, transaction
from qms.documents import dangling
from qms.documents import observations as documents
from qms.documents.kinds.form import FormBlank
from qms.documents.kinds.parts import FileRef
from qms.documents.kinds.procedure import DossierItem, Procedure
from qms.documents.kinds.process import Phase, Process, ProcessStep, StepUnit
from qms.documents.models import Document
from qms.documents.rules import RevisionText
from qms.documents.standing import in_force_ids
from qms.documents.timeline import Action
from qms.laws import observations as laws
from qms.notices import subjects
from qms.notices.models import Place
from qms.notices.rules import SheetKind
from qms.observations import Observation
from qms.postings import observations as postings
from qms.postings import service
from qms.postings.rules import Deed
from qms.processes import observations as processes
from qms.units.queries import unit
from tests.auditing import FIRST, Auditing, more_people
from tests.deciding import Deciding, after, text
from tests.factories import Office
from tests.posting import Posting, directly, place_for, procedure, world
from tests.test_laws import LONG_AGO, OLD, based_on, law, put
from tests.when import MONDAY, Clock

FILE = FileRef(sha256="ab" * 32, name="to-khai.docx", media_type="application/pdf", size=9)


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def test_each_thing_is_told_once_with_words_a_clause_and_a_name_for_ever() -> None:
    same = Observation("form/1", "%(code)s", {"code": "QT-01"}, {"9001:2015": "7.5.3"})

    def ask(*_asked: object) -> list[Observation]:
        return [same, same]

    found = observations.of_all([ask, ask], db.session(), [], MONDAY)
    assert found == [same]
    assert same.words == "QT-01"
    (question,) = building.of_observations(found, "9001:2015")
    assert question.clause == "7.5.3"
    assert question.ref == "observation/form/1"
    assert Observation("x", "Không có gì.").words == "Không có gì."


def keeps_its_text(found: Observation, revision_id: int | None) -> None:
    """Hold a question about something amiss to the text that was in force."""
    (question,) = building.of_observations([found], "9001:2015")
    assert revision_id is not None
    assert (question.revision_id, question.document_id) == (revision_id, found.document_id)
    assert question.question.startswith(found.words)
    assert found.link.startswith("/")


def text_of(code: str, on: date) -> int | None:
    """Return the revision of a document in force on a day."""
    (document_id,) = db.session.scalars(sa.select(Document.id).where(Document.code == code))
    return in_force_ids(db.session(), [document_id], on).get(document_id)


def test_nothing_is_amiss_in_an_office_that_has_just_begun(office: Office) -> None:
    units = [office.units["song-lo"]]
    assert observations.of_all(application.OBSERVATIONS, db.session(), units, MONDAY) == []


def test_a_unit_that_the_year_has_not_audited_is_named_until_it_is(
    app: Flask, office: Office, clock: Clock
) -> None:
    auditing = Auditing(app, more_people(office), clock)
    units = [auditing.office.units[name] for name in ("tu-phap", "van-phong")]

    def named() -> set[int | None]:
        db.session.rollback()
        return {each.unit_id for each in audits.not_audited(db.session(), units, FIRST)}

    assert named() == set(units)
    auditing.under_way()
    assert named() == {units[1]}


def test_a_review_is_overdue_from_the_day_after_its_interval(
    app: Flask, office: Office, clock: Clock
) -> None:
    said = text()
    reviewed = RevisionText(said.title, said.content, review_months=12)
    Deciding(app, office, clock).decide(Action.ISSUE, reviewed, on=MONDAY)
    units, due = [office.units["song-lo"]], date(MONDAY.year + 1, MONDAY.month, MONDAY.day)
    assert documents.reviews_overdue(db.session(), units, due) == []
    (found,) = documents.reviews_overdue(db.session(), units, due + timedelta(days=1))
    assert found.words == "QT-01 quá hạn xem xét định kỳ: hạn 03/08/2027."
    keeps_its_text(found, text_of("QT-01", due))


def test_a_text_that_uses_a_form_without_a_text_in_force_is_named_with_the_day(
    app: Flask, office: Office, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dangling, "dangling", lambda *_asked: [])
    deciding, units = Deciding(app, office, clock), [office.units["song-lo"]]
    papers = tuple(DossierItem(name=code, form_code=code) for code in ("BM-01", "BM-02"))
    decision = deciding.open()
    used = RevisionText("Khai sinh", Procedure(dossier=papers))
    deciding.add(decision, Action.ISSUE, used, code="1.001193")
    form = RevisionText("Tờ khai", FormBlank(file=FILE))
    deciding.add(decision, Action.ISSUE, form, code="BM-01")
    deciding.review(decision)
    deciding.sign(decision)
    decision = deciding.open()
    deciding.add(decision, Action.WITHDRAW, code="BM-01", kind="form", reason="Thôi dùng.")
    deciding.review(decision)
    deciding.sign(decision, on=after(3))
    db.session.rollback()
    never, ended = (
        "Từ 03/08/2026, 1.001193 dùng biểu mẫu BM-02 mà không có bản nào có hiệu lực.",
        "1.001193 vẫn dùng biểu mẫu BM-01 đã hết hiệu lực từ 06/08/2026.",
    )

    def told(on: date) -> list[str]:
        return [each.words for each in documents.forms_out_of_force(db.session(), units, on)]

    assert told(after(2)) == [never]
    assert told(after(3)) == [ended, never]
    for each in documents.forms_out_of_force(db.session(), units, after(3)):
        keeps_its_text(each, text_of("1.001193", MONDAY))


def test_a_text_three_months_behind_the_law_is_named_with_the_law_and_its_day(
    app: Flask, office: Office, clock: Clock
) -> None:
    deciding, units = Deciding(app, office, clock), [office.units["song-lo"]]
    put(deciding, law(OLD), OLD, on=LONG_AGO)
    put(deciding, based_on(OLD), "QT-01", on=LONG_AGO)
    ended = law(OLD, last_day=MONDAY - timedelta(days=1))
    put(deciding, ended, OLD, on=MONDAY, action=Action.AMEND)
    update = date(2026, 11, 3)
    db.session.rollback()
    assert laws.not_updated(db.session(), units, update) == []
    (found,) = laws.not_updated(db.session(), units, update + timedelta(days=1))
    assert found.words == (
        f"{OLD} thay đổi từ 03/08/2026, đã quá 3 tháng mà QT-01 chưa được cập nhật."
    )
    keeps_its_text(found, text_of("QT-01", update))


def test_a_record_of_the_law_that_nobody_looked_through_for_a_year_is_named(
    app: Flask, office: Office, clock: Clock
) -> None:
    deciding, units = Deciding(app, office, clock), [office.units["song-lo"]]
    put(deciding, law(OLD), OLD, on=LONG_AGO)
    due = date(2027, 8, 3)
    db.session.rollback()
    assert laws.not_checked(db.session(), units, due - timedelta(days=1)) == []
    (found,) = laws.not_checked(db.session(), units, due)
    assert found.words == (f"Bản ghi văn bản {OLD} quá hạn rà soát hằng năm: hạn 03/08/2027.")
    keeps_its_text(found, text_of(OLD, due))


@pytest.fixture
def posting(app: Flask, clock: Clock) -> Posting:
    with transaction() as session:
        there = world(session)
    return Posting(app, there, clock)


def process(*quarters: int) -> RevisionText:
    """Return a process of one step for each number of quarters of a day."""
    steps = tuple(
        ProcessStep(what=f"Bước {n}", quarters=each, unit=StepUnit.WORKING_DAY)
        for n, each in enumerate(quarters)
    )
    content = Process(procedures=("1.001193",), phases=(Phase(steps=steps),))
    return RevisionText("Quy trình đăng ký khai sinh", content)


@pytest.mark.parametrize(("quarters", "amiss"), [((4, 8), 0), ((4, 12), 1), ((4,), 1)])
def test_steps_that_do_not_add_up_to_the_limit_are_named(
    posting: Posting, quarters: tuple[int, ...], amiss: int
) -> None:
    posting.issue({"1.001193": procedure("Đăng ký khai sinh", methods=directly(days=3))})
    posting.issue({"QT-11/TP": process(*quarters)})
    units = [posting.office.units["song-lo"]]
    found = processes.times_differ(db.session(), units, MONDAY)
    assert len(found) == amiss
    for each in found:
        assert each.words.startswith("Từ 01/07/2026, các bước của QT-11/TP cộng lại ")
        assert each.words.endswith(", khác thời hạn 03 ngày làm việc của thủ tục 1.001193.")
        assert each.clauses["9001:2015"] == "8.5.1"
        keeps_its_text(each, text_of("QT-11/TP", MONDAY))


def test_paper_that_hangs_and_no_longer_holds_is_named(posting: Posting, app: Flask) -> None:
    posting.issue({"1.001193": procedure("Đăng ký khai sinh")})
    number = hang(posting, app)
    units = [posting.office.units["song-lo"]]
    db.session.rollback()
    assert postings.old_paper(db.session(), units, MONDAY) == []
    db.session.rollback()
    posting.amend("1.001193", procedure("Đăng ký khai sinh, lần 2"), on=MONDAY)
    db.session.rollback()
    (found,) = postings.old_paper(db.session(), units, MONDAY)
    assert found.words == (
        f"Ở Bảng tin còn treo tờ “Đăng ký khai sinh, lần 2” (mã {number}), không còn hiệu lực từ"
        " 03/08/2026."
    )
    assert found.link == f"/postings/{number}"
    keeps_its_text(found, text_of("1.001193", MONDAY))


def hang(posting: Posting, app: Flask) -> str:
    """Print a sheet for a place and hang it; return its code."""
    place = int(place_for(app, "Bảng tin"))
    with transaction() as session:
        where = session.get_one(Place, place)
        home = unit(session, "song-lo")
        (subject,) = [
            each
            for each, _title, _topic in subjects.on_board(session, home, MONDAY)
            if each.kind is SheetKind.PROCEDURE
        ]
        course = subjects.courses(session, [subject])[subject]
        act = posting.act("thuky")
        copy = service.print_copy(
            session, act, course, place=where, on=MONDAY, random=b"0123456789abcdef"
        )
        service.do(session, posting.act("thuky"), copy, Deed.POSTED, holds=True)
        return copy.code
