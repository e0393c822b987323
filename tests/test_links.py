"""Links are found for the day asked and drawn both ways; a decision tells what it touches."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from qms.db import db, transaction
from qms.documents import bulk, impact, queries
from qms.documents.kinds.fee import FeeSchedule
from qms.documents.kinds.fees import FeeLine, Rate
from qms.documents.kinds.form import FormBlank
from qms.documents.kinds.legal import LegalText
from qms.documents.kinds.parts import FileRef, LegalReference
from qms.documents.kinds.procedure import DossierItem, Procedure
from qms.documents.kinds.process import Process
from qms.documents.models import Document, Link
from qms.documents.rules import RevisionText
from qms.documents.timeline import Action
from tests.deciding import Deciding, after
from tests.engines import counted
from tests.factories import Office
from tests.people import As
from tests.when import MONDAY, Clock

FILE = FileRef(sha256="ab" * 32, name="to-khai.docx", media_type="application/pdf", size=9)
LAW, NEW_LAW, FORM, FEE = "60/2014/QH13", "01/2026/QH15", "BM-01", "PHI-01"
BIRTH, DEATH, PROCESS = "1.001193", "1.000656", "QT-11"


def legal(*codes: str) -> tuple[LegalReference, ...]:
    return tuple(LegalReference(name="Luật", number=c, document=c) for c in codes)


def text(title: str, content: object) -> RevisionText:
    return RevisionText(title, content)  # type: ignore[arg-type]


def procedure(title: str, *, form: str = "", law: str = "") -> RevisionText:
    dossier = (DossierItem(name="Tờ khai", form_code=form),) if form else ()
    basis = legal(law) if law else ()
    return text(title, Procedure(dossier=dossier, legal_basis=basis))


def schedule(*procedures: str, law: str = "") -> RevisionText:
    lines = tuple(
        FeeLine(name="Lệ phí hộ tịch", procedure=each, rate=Rate.AMOUNT, amount=8_000)
        for each in procedures
    )
    return text(
        "Lệ phí hộ tịch", FeeSchedule(lines=lines, legal_basis=legal(law) if law else ())
    )


@pytest.fixture
def desk(app: Flask, office: Office, clock: Clock) -> Iterator[Deciding]:
    """Bring a law, a form, a fee, two procedures and a process into force."""
    with app.app_context():
        found = Deciding(app, office, clock)
        decision = found.open()
        for code, said in (
            (LAW, text("Luật Hộ tịch", LegalText(number=LAW))),
            (FORM, text("Tờ khai", FormBlank(file=FILE))),
            (FEE, schedule(DEATH, law=LAW)),
            (BIRTH, procedure("Khai sinh", form=FORM)),
            (DEATH, procedure("Khai tử")),
            (PROCESS, text("Quy trình khai tử", Process(procedures=(DEATH,)))),
        ):
            found.add(decision, Action.ISSUE, said, code=code)
        found.review(decision)
        found.sign(decision)
        yield found


def touched_by(decision: int) -> dict[str, str]:
    """Return what a decision touches: code, and by which document."""
    session = db.session()
    session.rollback()
    changed = impact.changed_by(session, decision)
    found = impact.matter(session, queries.decision(session, decision), changed, MONDAY).touched
    codes = {row.id: row.code for row in session.execute(sa.select(Document.id, Document.code))}
    return {codes[each.document_id]: each.by for each in found}


def drafted(
    desk: Deciding, said: RevisionText, code: str, action: Action = Action.AMEND
) -> int:
    decision = desk.open()
    desk.add(decision, action, said, code=code)
    return decision


def test_a_form_touches_the_procedure_that_uses_it(desk: Deciding) -> None:
    decision = drafted(desk, text("Tờ khai mới", FormBlank(file=FILE)), FORM)
    assert touched_by(decision) == {BIRTH: FORM}


def test_a_law_touches_the_fee_the_procedure_it_prices_and_its_process(desk: Deciding) -> None:
    decision = drafted(desk, text("Luật Hộ tịch", LegalText(number=LAW, note="sửa")), LAW)
    assert touched_by(decision) == {FEE: LAW, DEATH: FEE, PROCESS: DEATH}


def test_a_law_that_amends_another_touches_what_rests_on_the_other(desk: Deciding) -> None:
    said = text("Luật mới", LegalText(number=NEW_LAW, amends=legal(LAW)))
    decision = drafted(desk, said, NEW_LAW, Action.ISSUE)
    assert touched_by(decision) == {LAW: NEW_LAW, FEE: LAW, DEATH: FEE, PROCESS: DEATH}


def test_a_fee_touches_what_its_draft_prices_and_what_it_priced_before(desk: Deciding) -> None:
    decision = drafted(desk, schedule(BIRTH, law=LAW), FEE)
    assert touched_by(decision) == {BIRTH: FEE, DEATH: FEE, PROCESS: DEATH}


def test_what_stopped_naming_a_document_is_not_touched(desk: Deciding) -> None:
    desk.decide(Action.AMEND, procedure("Khai sinh"), code=BIRTH, on=after(1))
    decision = desk.open()
    desk.add(decision, Action.AMEND, text("Tờ khai", FormBlank(file=FILE)), code=FORM)
    with desk.app.test_request_context():
        session = db.session()
        session.rollback()
        found = queries.decision(session, decision)
        document = impact.changed_by(session, found.id)
        assert impact.touched(session, document, after(1)) == []


def test_the_page_of_a_decision_tells_what_it_touches(desk: Deciding, signed_in: As) -> None:
    decision = drafted(desk, text("Luật Hộ tịch", LegalText(number=LAW, note="sửa")), LAW)
    browser = signed_in("thuky")
    page = browser.get("documents.decisions.show", decision_id=decision)
    for words in ("Tài liệu chịu ảnh hưởng", DEATH, f"mức thu theo {FEE}", PROCESS):
        assert words in page.text
    whole = browser.get("documents.links.touched", decision_id=decision)
    assert f"mô tả thủ tục {DEATH}" in whole.text


@pytest.mark.usefixtures("desk")
def test_links_are_drawn_both_ways(signed_in: As) -> None:
    browser = signed_in("thuky")
    numbers = {
        row.code: row.id for row in db.session().execute(sa.select(Document.code, Document.id))
    }
    db.session.rollback()
    birth = browser.get("documents.pages.show", document_id=numbers[BIRTH])
    assert "Biểu mẫu dùng kèm" in birth.text
    assert FORM in birth.text
    form = browser.get("documents.pages.show", document_id=numbers[FORM])
    assert "Dùng biểu mẫu này" in form.text
    assert BIRTH in form.text
    listed = browser.get("documents.links.naming", document_id=numbers[FORM])
    assert "Khai sinh" in listed.text
    before = browser.get(
        "documents.pages.show", document_id=numbers[FORM], on=after(-1).isoformat()
    )
    assert "Dùng biểu mẫu này" not in before.text


@pytest.mark.parametrize("many", [2, 40])
def test_what_a_law_touches_costs_the_same_with_many_documents(
    desk: Deciding, many: int
) -> None:
    decision = desk.open()
    for number in range(many):
        said = procedure(f"Thủ tục {number}", law=LAW)
        desk.add(decision, Action.ISSUE, said, code=f"2.{number:06}")
    desk.review(decision)
    desk.sign(decision)
    changing = drafted(desk, text("Luật Hộ tịch", LegalText(number=LAW, note="sửa")), LAW)
    with counted() as statements:
        found = touched_by(changing)
    assert len(found) == many + 3
    assert len(statements) <= QUESTIONS


QUESTIONS = 20
"""Four waves of at most four questions, and what is asked around them."""


def test_what_a_text_lacks_is_told_before_it_is_signed(desk: Deciding, signed_in: As) -> None:
    decision = drafted(desk, procedure("Khai sinh"), "1.000001", Action.ISSUE)
    page = signed_in("lanhdao").get("documents.decisions.show", decision_id=decision)
    assert "1.000001: Chưa ghi lĩnh vực. Chưa ghi trình tự thực hiện. và" in page.text
    draft = text("Lệ phí", FeeSchedule(lines=(FeeLine(name="Lệ phí", rate=Rate.UNKNOWN),)))
    decision = drafted(desk, draft, FEE, Action.ISSUE)
    page = signed_in("lanhdao").get("documents.decisions.show", decision_id=decision)
    assert f"{FEE}: Chưa ghi đơn vị thu. Chưa ghi phương thức thu. và 4 chỗ nữa" in page.text


def test_links_follow_texts_that_are_written_many_at_once(desk: Deciding) -> None:
    decision = desk.open()
    line = desk.add(decision, Action.AMEND, procedure("Khai sinh", form=FORM), code=BIRTH)
    with transaction() as session:
        change = queries.line(session, line)
        assert change.revision is not None
        said = procedure("Khai sinh", law=LAW)
        columns = bulk.columns(said, owner="song-lo", kind="procedure", code=BIRTH)
        wanted = bulk.Rewriting(line, change.revision.id, change.revision.version, columns)
        found = queries.decision(session, decision)
        bulk.rewrite(session, desk.act("thuky"), found, [wanted])
        named = session.scalars(
            sa.select(Link.code).where(Link.revision_id == change.revision.id)
        )
        assert set(named) == {LAW}
