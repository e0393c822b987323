"""Pages of legal texts: the short form, the editor, the scan, links by number, reasons, checks."""

from datetime import date
from io import BytesIO

import pytest
from flask import Flask
from pikepdf import Name, String

from qms import jobs
from qms.db import db, transaction
from qms.documents import queries as documents
from qms.documents.kinds import legal_editor
from qms.documents.kinds.legal import LegalText
from qms.documents.kinds.parts import LegalReference
from qms.documents.kinds.text import Genre, WrittenText
from qms.documents.registering import draft_documents
from qms.documents.rules import RevisionText
from qms.documents.service import Line, add_lines
from qms.documents.timeline import Action
from qms.units.queries import unit
from tests.blanks import a_pdf, acting_pdf
from tests.deciding import Deciding, after
from tests.factories import Office, document_by_code
from tests.pages import Browser, Page
from tests.people import As
from tests.test_laws import LONG_AGO, NEW, OLD, based_on, law, put
from tests.when import Clock

PDF = a_pdf()


@pytest.fixture
def deciding(app: Flask, office: Office, clock: Clock) -> Deciding:
    return Deciding(app, office, clock)


def number_of(deciding: Deciding, kind: str, code: str) -> int:
    with deciding.app.app_context():
        session, owner = db.session(), deciding.office.units["song-lo"]
        found = document_by_code(session, [owner], kind, code)
        assert found
        return found.id


def enter(browser: Browser, status: int = 303, **said: str) -> Page:
    """Fill in the short form of a resolution."""
    values = {
        "owner": "song-lo",
        "type": "resolution",
        "number": "08/2025/NQ-HĐND",
        "issuer": "HĐND thành phố Hải Phòng",
        "dated": "17/06/2025",
        "title": "Nghị quyết về phí",
        "into": "",
        **said,
    }
    form = {f"new-{name}": value for name, value in values.items()}
    return browser.post("laws.texts.new", form, status=status)


def test_three_facts_tell_one_legal_text_from_another(
    deciding: Deciding, signed_in: As
) -> None:
    browser = signed_in("thuky")
    assert browser.get("documents.texts.new").attributes("main a[href='/laws/new']", "href")
    page = enter(browser)
    assert page.attributes("[name=issuer]", "value") == ["HĐND thành phố Hải Phòng"]
    page = enter(browser, 409, number="08/2025/nq-hđnd", issuer="Hđnd Thành phố Hải Phòng")
    assert "đã có, mã 08/2025/NQ-HĐND" in page.one("[role=alert]")
    enter(browser, issuer="HĐND tỉnh Hải Dương", dated="26/06/2025")
    number_of(deciding, "legal", "08/2025/NQ-HĐND HĐND tỉnh Hải Dương 26/06/2025")
    page = enter(browser, 422, number="", dated="31/02/2025")
    assert len(page.all(".field-wrong")) == 2


def typed(**said: str) -> tuple[LegalText | None, dict[str, str]]:
    found, faults = legal_editor.read({"type": "decree", **said}, LegalText())
    return found, {path: str(fault) for path, fault in faults.items()}


def test_both_wordings_of_an_end_mean_the_same_last_day() -> None:
    last, ended = typed(last_day="07/08/2026"), typed(ended_on="8/8/2026")
    assert last[0] == ended[0] == typed(last_day="07/08/2026", ended_on="08/08/2026")[0]
    assert last[0]
    assert last[0].last_day == date(2026, 8, 7)
    none, faults = typed(last_day="08/08/2026", ended_on="08/08/2026")
    assert none is None
    assert "07/08/2026" in faults["ended_on"]


def test_the_editor_refuses_what_no_law_can_say_and_keeps_what_it_does_not_show() -> None:
    _, faults = typed(address="http://vbpl.vn/1", in_force_from="1/1/2020", last_day="1/1/2019")
    assert set(faults) == {"address", "last_day"}
    assert typed(address="javascript:alert(1)")[1].keys() == {"address"}
    assert typed(dated="02/01/2020", in_force_from="01/01/2020")[1].keys() == {"in_force_from"}
    assert typed(dated="31/02/2020")[1].keys() == {"dated"}
    content = LegalText(
        number=OLD,
        last_day=date(2026, 8, 7),
        address="https://vbpl.vn/1",
        replaced_by=(LegalReference(name="mới", number=NEW, document=NEW),),
    )
    assert legal_editor.read(legal_editor.typed(content), content) == (content, {})


def test_a_scan_goes_in_with_the_draft_and_comes_out_with_the_record(
    deciding: Deciding, signed_in: As
) -> None:
    browser = signed_in("thuky")
    page = enter(browser)
    (way,) = page.attributes("main a[href$='/file']", "href")
    version = browser.open(way).attributes("[name=version]", "value")[0]
    acting = acting_pdf(S=Name.JavaScript, JS=String("app.alert(1)"))
    for bad, name in ((b"MZ", "a.exe"), (acting, "nghi-quyet.pdf")):
        answer = browser.client.post(
            way, data={"version": version, "file": (BytesIO(bad), name)}
        )
        assert answer.status_code == 422
    file = (BytesIO(PDF), "Nghị quyết.pdf")
    answer = browser.client.post(way, data={"version": version, "file": file})
    assert answer.status_code == 303
    with deciding.app.app_context():
        decision = documents.decision(db.session(), 1).id
    with deciding.app.app_context():
        deciding.review(decision)
        deciding.sign(decision)
    legal = number_of(deciding, "legal", "08/2025/NQ-HĐND")
    (way,) = browser.get("documents.pages.show", document_id=legal).attributes(
        "main a[href$='/file']", "href"
    )
    answer = browser.client.get(way)
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    signed_in("thuky-tl").open(way, status=404)


def test_a_reason_is_given_on_a_page_and_shown_with_its_name(
    deciding: Deciding, signed_in: As
) -> None:
    begins = after(-10)
    put(deciding, law(OLD, in_force_from=begins, address="https://vbpl.vn/1"), OLD, on=LONG_AGO)
    put(deciding, based_on(OLD), "QT-11", on=LONG_AGO)
    text, legal = number_of(deciding, "text", "QT-11"), number_of(deciding, "legal", OLD)
    browser = signed_in("thuky")
    assert OLD in browser.get("desk.index").one("tbody th a")
    page = browser.get("documents.pages.show", document_id=legal)
    assert "QT-11" in page.text
    assert page.attributes("a[href='https://vbpl.vn/1']", "rel") == [
        "noopener noreferrer external"
    ]
    page = browser.get("documents.pages.show", document_id=text)
    (way,) = page.attributes("main a[href*='/laws/duties/']", "href")
    browser.post("laws.waive", {}, status=422, document_id=text, law_id=legal, day=begins)
    reason = {"reason": "Chỉ đổi mức phạt."}
    page = browser.post(
        "laws.waive", reason, status=303, document_id=text, law_id=legal, day=begins
    )
    assert page.address == "/laws/duties"
    page = browser.get("documents.pages.show", document_id=text)
    assert "Chỉ đổi mức phạt." in page.text
    assert "Nguyễn Thị Hạnh" in page.text
    assert "Chỉ đổi mức phạt." in browser.open(way).text
    assert not browser.get("laws.index").all("tbody tr")
    assert not browser.get("desk.index").all("tbody th a")
    browser.get("laws.waive", document_id=text, law_id=legal, day="hôm nay", status=422)
    browser.get("laws.waive", document_id=text, law_id=legal, day=after(0), status=404)


def test_a_year_later_the_desk_asks_for_a_check(
    deciding: Deciding, signed_in: As, clock: Clock
) -> None:
    put(deciding, law(OLD), OLD, on=LONG_AGO)
    legal = number_of(deciding, "legal", OLD)
    clock.go(after(370))
    browser = signed_in("thuky")
    (way,) = browser.get("desk.index").attributes("tbody th a", "href")
    assert len(browser.open(way).all("tbody tr")) == 1
    page = browser.post("laws.check", {"verdict": "changed"}, status=422, document_id=legal)
    assert "Hãy ghi văn bản đã đổi gì" in page.one("[role=alert]")
    form = {"verdict": "current"}
    page = browser.post("laws.check", form, status=303, document_id=legal)
    assert page.address == "/registers/external"
    page = browser.get("documents.pages.show", document_id=legal)
    assert "Nguyễn Thị Hạnh" in page.text
    assert not browser.open(way).all("tbody tr")


def drafted(deciding: Deciding, count: int) -> int:
    """Open a draft decision of texts that cite laws by number alone; return its number."""
    basis = tuple(LegalReference(name="n", number=number) for number in (" 23/2015/nđ-cp", NEW))
    text = RevisionText("T", WrittenText(genre=Genre.PROCEDURE, legal_basis=basis))
    with deciding.app.app_context():
        decision = deciding.open()
        with transaction() as session:
            act, codes = deciding.act("thuky"), [f"QT-{n:03}" for n in range(count)]
            owner = unit(session, "song-lo")
            made = draft_documents(session, act, owner=owner, kind="text", codes=codes)
            lines = [Line(made[code], Action.ISSUE, text) for code in codes]
            add_lines(session, act, documents.decision(session, decision), lines)
    return decision


def links_in(deciding: Deciding, decision: int) -> list[list[str]]:
    with deciding.app.app_context():
        return [
            [link.code for link in documents.text_of(revision).content.links()]
            for line in documents.lines(db.session(), decision)
            if line.revision
            for revision in [documents.revision(db.session(), line.revision.id)]
        ]


def test_references_are_linked_by_number_and_twins_are_never_guessed(
    deciding: Deciding, signed_in: As
) -> None:
    put(deciding, law(OLD), OLD, on=LONG_AGO)
    put(deciding, law(NEW), NEW, f"{NEW} khác", on=LONG_AGO)
    decision = drafted(deciding, 1)
    browser = signed_in("thuky")
    page = browser.get("laws.links.index", decision_id=decision)
    (tick,) = page.attributes("main section.sheet > h2 ~ .tick input", "name")
    (choice,) = page.attributes("main select", "name")
    (version,) = [
        name for name in page.attributes("input[type=hidden]", "name") if name[0] == "v"
    ]
    form = {tick: OLD, choice: "", version: "1"}
    assert links_in(deciding, decision) == [[]]
    form |= {choice: "lạ"}
    browser.post("laws.links.accept", form, status=303, decision_id=decision)
    assert links_in(deciding, decision) == [[OLD]]
    form = {choice: f"{NEW} khác", version: "1"}
    browser.post("laws.links.accept", form, status=409, decision_id=decision)
    form |= {version: "2"}
    browser.post("laws.links.accept", form, status=303, decision_id=decision)
    assert links_in(deciding, decision) == [[OLD, f"{NEW} khác"]]
    signed_in("thuky-tl").get("laws.links.index", decision_id=decision, status=403)


def test_a_long_draft_is_linked_by_a_job(deciding: Deciding, signed_in: As) -> None:
    put(deciding, law(OLD), OLD, on=LONG_AGO)
    decision = drafted(deciding, 120)
    browser = signed_in("thuky")
    browser.post("laws.links.accept_all", {}, status=303, decision_id=decision)
    with deciding.app.app_context():
        assert jobs.run_waiting() == 1
    assert links_in(deciding, decision) == [[OLD]] * 120
    page = browser.get("laws.links.index", decision_id=decision, page=3)
    assert not page.all("main fieldset")
