"""Documents in the browser: the list, one document, its texts, and writing a draft."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from qms.db import db, transaction
from qms.documents import document_access, queries, reading, registering, service
from qms.documents.kinds import procedure_editor, text_page, typing
from qms.documents.kinds.fees import Channel, FeeLine, Picks, Rate, Step
from qms.documents.kinds.parts import LegalReference, Mark
from qms.documents.kinds.procedure import (
    DossierItem,
    LimitUnit,
    Method,
    Procedure,
    TimeLimit,
)
from qms.documents.kinds.text import Genre, WrittenText
from qms.documents.models import Change, Document, Revision
from qms.documents.rules import Audience, RevisionText, Scope
from qms.documents.signing import Paper, review, sign
from qms.documents.timeline import Action
from qms.errors import NotFoundError
from qms.trail import Act
from qms.units.queries import unit
from tests.deciding import Deciding, after, internal, text
from tests.engines import sqlite_only
from tests.factories import Office
from tests.pages import Browser, Page
from tests.people import As
from tests.when import MONDAY, Clock

FRIDAY = date(2026, 8, 7)

PROCEDURE = Procedure(
    field="Hộ tịch",
    steps="Bước 1\nBước 2",
    methods=(
        Method(
            channel=Channel.DIRECT,
            limit=TimeLimit(count=3, unit=LimitUnit.WORKING_DAY),
            fees=(
                FeeLine(name="Lệ phí", rate=Rate.AMOUNT, amount=8_000, territory="xa"),
                FeeLine(
                    name="Sao", rate=Rate.STEPS, steps=(Step(from_unit=1, amount=2_000),), cap=9
                ),
            ),
        ),
        Method(channel=Channel.ONLINE, note="Qua Cổng"),
    ),
    dossier=(DossierItem(name="Tờ khai", originals=1), DossierItem(name="Giấy chứng sinh")),
    legal_basis=(LegalReference(name="Luật Hộ tịch", number="60/2014/QH13"),),
)


def written(body: str = "## Mục đích\n\nMột hai ba", **changes: object) -> RevisionText:
    text = RevisionText("Kiểm soát tài liệu", WrittenText(genre=Genre.PROCEDURE, body=body))
    return RevisionText(**{**text.__dict__, **changes})


def revision_of(line: int) -> Revision:
    found = queries.line(db.session(), line).revision
    assert found is not None
    return found


def text_of_line(change: Change) -> RevisionText:
    assert change.revision is not None
    return queries.text_of(change.revision)


def _procedure(text: RevisionText) -> Procedure:
    assert isinstance(text.content, Procedure)
    return text.content


@pytest.fixture
def hands(office: Office, clock: Clock) -> "Hands":
    return Hands(office, clock)


class Hands:
    """The people of the office, who draft and sign without pages."""

    def __init__(self, office: Office, clock: Clock) -> None:
        self.office = office
        self.clock = clock
        self.number = 0

    def act(self, account: str) -> Act:
        return self.office.act(account, self.clock.at, self.clock.at.date())

    def draft(
        self,
        text: RevisionText | None,
        *,
        code: str,
        kind: str,
        action: Action,
        day: date,
        kin: tuple[int, ...] = (),
    ) -> tuple[int, int, int]:
        with transaction() as session:
            owner = unit(session, "song-lo")
            head = service.Head(f"Về {code}", effective_on=day, reason="nhập bổ sung")
            made = service.open_decision(session, self.act("thuky"), owner, head)
            document = registering.draft_documents(
                session, self.act("thuky"), owner=owner, kind=kind, codes=[code]
            )[code]
            line = service.Line(document, action, text, reason="bổ sung", kin=kin)
            change = service.add_lines(session, self.act("thuky"), made, [line])[0]
            return made.id, document.id, change.id

    def take(self, decision_id: int, day: date) -> None:
        self.number += 1
        with transaction() as session:
            review(session, self.act("truongphong"), queries.decision(session, decision_id))
        with transaction() as session:
            paper = Paper(f"{self.number}/QĐ", day, self.clock.at.date(), reason="nhập bổ sung")
            sign(session, self.act("lanhdao"), queries.decision(session, decision_id), paper)

    def signed(
        self,
        text: RevisionText | None,
        *,
        code: str = "QT-01",
        kind: str = "text",
        action: Action = Action.ISSUE,
        day: date = MONDAY,
        kin: tuple[int, ...] = (),
    ) -> int:
        decision_id, document_id, _ = self.draft(
            text, code=code, kind=kind, action=action, day=day, kin=kin
        )
        self.take(decision_id, day)
        return document_id


def fields(page: Page) -> dict[str, object]:
    """Return what the browser would send of the editor as it stands."""
    found: dict[str, object] = {}
    for wrapper in page.root.query_all("form[data-keep] [name]"):
        element = wrapper.etree_element
        name, kind = element.get("name", ""), element.get("type", "")
        if name == "do" or (kind == "checkbox" and element.get("checked") is None):
            continue
        if element.tag == "textarea":
            found[name] = "".join(element.itertext())
        elif element.tag == "select":
            chosen = [
                option.get("value", "")
                for option in element.iter("option")
                if option.get("selected") is not None
            ]
            if "multiple" in element.attrib:
                found |= {name: chosen} if chosen else {}
            else:
                found[name] = chosen[0] if chosen else ""
        else:
            found[name] = element.get("value", "y" if kind == "checkbox" else "")
    return found


def edited(
    browser: Browser, change_id: int, do: str = "save", *, status: int, **typed: object
) -> Page:
    page = browser.get("documents.texts.edit", change_id=change_id)
    form = fields(page) | {name.replace("__", "-"): value for name, value in typed.items()}
    return browser.post(
        "documents.texts.edit", form | {"do": do}, status=status, change_id=change_id
    )


def line_in(page: Page) -> int:
    return int(page.address.split("/")[3])


def test_a_document_is_begun_written_signed_and_amended_by_pages(
    app: Flask, signed_in: As, hands: Hands
) -> None:
    thuky = signed_in("thuky")
    form = {
        "new-owner": "song-lo",
        "new-kind": "procedure",
        "new-code": "1.001193",
        "new-title": "Đăng ký khai sinh",
        "new-into": "",
        "new-effective_on": "03/08/2026",
    }
    page = thuky.post("documents.texts.new", form, status=303)
    line = line_in(page)
    assert "Chưa ghi lĩnh vực." in page.text
    page = edited(thuky, line, status=303, field="Hộ tịch", steps="Bước 1\r\nBước 2")
    assert "Đã lưu bản thảo." in page.text
    assert "Chưa ghi lĩnh vực." not in page.text
    with app.app_context():
        change = queries.line(db.session(), line)
        decision_id, document_id = change.decision_id, change.document_id
        assert _procedure(text_of_line(change)).steps == "Bước 1\nBước 2"
        hands.take(decision_id, MONDAY)
    page = thuky.get("documents.pages.show", document_id=document_id)
    assert "Hiện hành" in page.text
    form = {"amend-into": "", "amend-effective_on": "07/08/2026"}
    page = thuky.post("documents.texts.amend", form, status=303, document_id=document_id)
    line = line_in(page)
    page = edited(thuky, line, status=303, field="Hộ tịch, chứng thực", summary="Đổi lĩnh vực")
    assert page.attributes("#amendment_no", "value") == ["1"]
    page = thuky.get("documents.pages.compare", document_id=document_id)
    assert (
        page.one("ins:not(p > ins:first-of-type)").endswith(", chứng thực")
        or "chứng thực" in page.text
    )


@sqlite_only
def test_a_code_in_force_begins_no_second_document(
    app: Flask, signed_in: As, hands: Hands
) -> None:
    with app.app_context():
        hands.signed(written())
    form = {
        "new-owner": "song-lo",
        "new-kind": "text",
        "new-code": " QT-01 ",
        "new-title": "Một quy trình khác",
        "new-into": "",
        "new-effective_on": "07/08/2026",
    }
    thuky = signed_in("thuky")
    page = thuky.post("documents.texts.new", form, status=422)
    assert "Hãy tìm tài liệu đó rồi chọn sửa đổi" in page.one("#new-code-wrong")
    assert page.attributes("#new-title", "value") == ["Một quy trình khác"]
    assert len(thuky.get("documents.decisions.index").all("tbody tr")) == 1, "none was opened"


def test_rows_are_added_moved_and_removed_by_buttons_and_nothing_typed_is_lost(
    app: Flask, signed_in: As, hands: Hands
) -> None:
    with app.app_context():
        text = RevisionText("Khai sinh", PROCEDURE)
        _, _, line = hands.draft(
            text, code="1.1", kind="procedure", action=Action.ISSUE, day=MONDAY
        )
    thuky = signed_in("thuky")
    page = edited(thuky, line, "dossier-0-down", status=200, dossier__0__name="Tờ khai mới")
    assert page.all("textarea[name^=dossier][name$=-name]") == [
        "Giấy chứng sinh",
        "Tờ khai mới",
    ]
    page = edited(thuky, line, "methods-0-fees-add", status=200)
    assert len(page.all("fieldset fieldset")) == 3
    page = edited(thuky, line, "legal_basis-0-remove", status=200)
    assert not page.all("textarea[name^=legal_basis]")
    with app.app_context():
        assert text_of_line(queries.line(db.session(), line)).content == PROCEDURE


def test_saving_what_was_not_changed_changes_nothing(
    app: Flask, signed_in: As, hands: Hands
) -> None:
    with app.app_context():
        text = RevisionText("Khai sinh", PROCEDURE)
        _, _, line = hands.draft(
            text, code="1.1", kind="procedure", action=Action.ISSUE, day=MONDAY
        )
        before = revision_of(line).digest
    edited(signed_in("thuky"), line, status=303)
    with app.app_context():
        assert revision_of(line).digest == before


@sqlite_only
@pytest.mark.parametrize(
    ("typed", "path", "sentence"),
    [
        (
            {"methods__0__fees__0__amount": "8,000"},
            "methods-0-fees-0-amount",
            "Hãy dùng dấu chấm",
        ),
        (
            {"methods__0__fees__0__first_day": "31/02/2026"},
            "methods-0-fees-0-first_day",
            "có 28 ngày",
        ),
        ({"sets": "hai"}, "sets", "Hãy viết một số nguyên"),
        ({"field": "x" * 1_001}, "field", "Nhiều nhất 1.000 chữ."),
        ({"steps": "x" * 200_001}, "steps", "Nhiều nhất 200.000 chữ."),
        ({"title": "x" * 2_001}, "title", "Nhiều nhất 2000 chữ."),
    ],
)
def test_what_cannot_be_read_is_said_beside_the_field_and_kept(
    app: Flask, signed_in: As, hands: Hands, typed: dict[str, str], path: str, sentence: str
) -> None:
    with app.app_context():
        text = RevisionText("Khai sinh", PROCEDURE)
        _, _, line = hands.draft(
            text, code="1.1", kind="procedure", action=Action.ISSUE, day=MONDAY
        )
    page = edited(signed_in("thuky"), line, status=422, **typed)
    assert sentence in page.one(f"#{path}-wrong")
    if "fees-0" in path:
        assert "Cách thức 1, Mức thu 1: " in page.one("[role=alert]")
    assert fields(page)[path] == next(iter(typed.values()))
    with app.app_context():
        assert revision_of(line).version == 1


def test_a_stale_save_shows_both_texts_and_can_be_saved_anew(
    app: Flask, signed_in: As, hands: Hands
) -> None:
    with app.app_context():
        _, _, line = hands.draft(
            written(), code="QT-01", kind="text", action=Action.ISSUE, day=MONDAY
        )
    thuky = signed_in("thuky")
    mine = fields(thuky.get("documents.texts.edit", change_id=line))
    edited(thuky, line, status=303, body="## Mục đích\n\nMột hai bốn")
    form = mine | {"body": "## Mục đích\n\nMột hai năm", "retention": "5 năm", "do": "save"}
    page = thuky.post("documents.texts.edit", form, status=409, change_id=line)
    assert "Thời hạn lưu: – 5 năm" in page.text
    assert "bỏ: bốn" in page.all("#theirs del")
    assert "thêm: năm" in page.all("#theirs ins")
    assert fields(page)["body"] == form["body"]
    page = thuky.post(
        "documents.texts.edit", fields(page) | {"do": "save"}, status=303, change_id=line
    )
    assert fields(page)["body"] == form["body"]


@sqlite_only
def test_a_draft_of_another_office_is_refused_with_a_sentence(
    app: Flask, signed_in: As, hands: Hands
) -> None:
    with app.app_context():
        _, document_id, line = hands.draft(
            written(), code="QT-01", kind="text", action=Action.ISSUE, day=MONDAY
        )
    theirs = signed_in("thuky-tl")
    page = theirs.get("documents.texts.edit", change_id=line, status=403)
    assert "thuộc đơn vị khác" in page.text
    theirs.post("documents.texts.edit", {"do": "save"}, status=403, change_id=line)
    theirs.get("documents.pages.show", document_id=document_id, status=404)
    signed_in("chuyenvien").get("documents.texts.edit", change_id=line, status=403)


@sqlite_only
def test_a_preview_shows_what_is_typed_without_saving(
    app: Flask, signed_in: As, hands: Hands
) -> None:
    with app.app_context():
        _, _, line = hands.draft(
            written(), code="QT-01", kind="text", action=Action.ISSUE, day=MONDAY
        )
    thuky = signed_in("thuky")
    page = edited(thuky, line, "preview", status=200, body="# Phần\n\n**đậm**")
    assert page.all("#preview strong") == ["đậm"]
    assert "Một hai ba" in thuky.get("documents.texts.preview", change_id=line).text


def test_what_was_known_on_a_past_day_can_still_be_asked(
    app: Flask, signed_in: As, hands: Hands, clock: Clock
) -> None:
    with app.app_context():
        document_id = hands.signed(written("Bản đầu"))
        clock.go(date(2026, 8, 10))
        hands.signed(written("Bản lùi ngày"), action=Action.AMEND, day=date(2026, 8, 5))
    thuky = signed_in("thuky")
    page = thuky.get("documents.pages.show", document_id=document_id, on="2026-08-06")
    assert "Bản lùi ngày" in page.text
    assert "đã làm câu trả lời cho ngày này khác đi" in page.text
    page = thuky.get(
        "documents.pages.show",
        document_id=document_id,
        on="2026-08-06",
        known="23:59, 06/08/2026",
    )
    assert "Bản đầu" in page.text
    assert "Bản lùi ngày" not in page.text
    thuky.get("documents.pages.show", document_id=document_id, on="31/02/2026", status=422)
    thuky.get("documents.pages.show", document_id=document_id, known="hôm qua", status=422)


@sqlite_only
def test_an_old_text_says_that_it_is_out_of_force_and_is_compared(
    app: Flask, signed_in: As, hands: Hands, clock: Clock
) -> None:
    with app.app_context():
        document_id = hands.signed(written("Giữ hồ sơ năm năm"))
        clock.go(FRIDAY)
        hands.signed(written("Giữ hồ sơ mười năm"), action=Action.AMEND, day=FRIDAY)
    staff = signed_in("chuyenvien")
    page = staff.get("documents.pages.revision", document_id=document_id, number=1)
    assert "Bản này không còn hiệu lực." in page.text
    page = staff.get("documents.pages.compare", document_id=document_id, a=1, b=2)
    assert "năm" in page.all("section del")[0]
    assert "mười" in page.all("section ins")[0]
    staff.get("documents.pages.compare", document_id=document_id, a=1, b=9, status=404)
    staff.get("documents.pages.revision", document_id=document_id, number=9, status=404)


def test_the_list_is_asked_for_a_day_by_state_and_words(
    app: Flask, signed_in: As, hands: Hands
) -> None:
    with app.app_context():
        hands.signed(written(title="Ăn ở"), code="QT-02")
        hands.signed(written(title="Ấn chỉ"), code="QT-03", day=FRIDAY)
        hands.draft(
            written(title="Ba"), code="QT-04", kind="text", action=Action.ISSUE, day=FRIDAY
        )
    thuky = signed_in("thuky")

    def codes(**asked: str) -> list[str]:
        address = f"/documents?{urlencode(asked)}"
        return thuky.open(address).all("tbody td:first-child")

    assert codes() == ["QT-02", "QT-03", "QT-04"]
    assert codes(sort="-code") == ["QT-04", "QT-03", "QT-02"]
    assert codes(state="in_force") == ["QT-02"]
    assert codes(state="in_force", on="07/08/2026") == ["QT-02", "QT-03"]
    assert codes(state="coming") == ["QT-03"]
    assert codes(state="draft") == ["QT-04"]
    assert codes(q="an o") == ["QT-02"]
    assert codes(q="qt-03") == ["QT-03"]
    assert signed_in("chuyenvien").get("documents.pages.index").all("tbody td:first-child") == [
        "QT-02",
        "QT-03",
    ]


READERS = {
    Audience.PUBLIC: {
        "thuky",
        "truongphong",
        "lanhdao",
        "chuyenvien",
        "danhgia",
        "quantri",
        "thuky-tl",
    },
    Audience.INTERNAL: {"thuky", "truongphong", "lanhdao", "chuyenvien", "danhgia", "quantri"},
    Audience.RESTRICTED: {
        "thuky",
        "truongphong",
        "lanhdao",
        "chuyenvien",
        "danhgia",
        "quantri",
    },
}


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("scope", [Scope.OWNER, Scope.UNITS])
def test_each_role_reads_what_its_audience_allows_by_list_and_by_page(
    app: Flask, office: Office, hands: Hands, audience: Audience, scope: Scope
) -> None:
    units = ("tan-lap",) if scope is Scope.UNITS else ()
    expected = set(READERS[audience])
    if scope is Scope.UNITS and audience is Audience.INTERNAL:
        expected.add("thuky-tl")
    with app.app_context():
        document_id = hands.signed(written(audience=audience, scope=scope, scope_units=units))
        session = db.session()
        for account in READERS[Audience.PUBLIC]:
            who = reading.visit(session, office.people[account], MONDAY)
            may = account in expected
            query = sa.select(Revision.id).join(Document).where(reading.readable(who.reader))
            assert bool(session.scalar(query)) == may, account
            try:
                document_access.look(session, document_id, office.people[account], MONDAY)
            except NotFoundError:
                assert not may, account
            else:
                assert may, account


@pytest.mark.parametrize(
    ("account", "named"),
    [("thuky", ["QT-02", "QT-03"]), ("chuyenvien", ["QT-02"]), ("thuky-tl", [])],
)
def test_a_document_names_only_those_beside_it_that_the_reader_may_know(
    app: Flask, signed_in: As, hands: Hands, account: str, named: list[str]
) -> None:
    with app.app_context():
        here = hands.signed(written(audience=Audience.PUBLIC))
        hands.signed(written(audience=Audience.INTERNAL), code="QT-02", kin=(here,))
        _, draft, _ = hands.draft(
            written(), code="QT-03", kind="text", action=Action.ISSUE, day=MONDAY
        )
        hands.signed(None, action=Action.WITHDRAW, day=FRIDAY, kin=(draft,))
    page = signed_in(account).get("documents.pages.show", document_id=here)
    assert page.all("ul.rows a[href^='/documents/']") == named
    assert ("Được thay bằng" in page.text) == bool(named)


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not re.match(r"PRAGMA|BEGIN|SET |SAVEPOINT|RELEASE", statement):
            found.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_page_costs_the_same_with_ten_and_with_five_hundred_documents(
    app: Flask, signed_in: As, hands: Hands
) -> None:
    thuky = signed_in("thuky")
    with app.app_context():
        document_id = hands.signed(written())

    def fill(first: int, last: int) -> None:
        with app.app_context():
            with transaction() as session:
                owner = unit(session, "song-lo")
                act = hands.act("thuky")
                made = service.open_decision(
                    session, act, owner, service.Head("Nhiều", effective_on=MONDAY)
                )
                codes = [f"N-{n}" for n in range(first, last)]
                found = registering.draft_documents(
                    session, act, owner=owner, kind="text", codes=codes
                )
                lines = [
                    service.Line(found[code], Action.ISSUE, written(title=code))
                    for code in codes
                ]
                service.add_lines(session, act, made, lines)
                decision_id = made.id
            hands.take(decision_id, MONDAY)

    def cost() -> list[int]:
        costs = []
        for endpoint, values in (
            ("documents.pages.index", {}),
            ("documents.pages.show", {"document_id": document_id}),
            ("documents.pages.compare", {"document_id": document_id}),
        ):
            with counted(app) as statements:
                thuky.get(endpoint, **values)
            costs.append(len(statements))
        return costs

    fill(0, 9)
    few = cost()
    fill(9, 499)
    assert cost() == few
    assert max(few) <= 15, few


@given(st.text(), st.integers(0, 10**9), st.lists(st.text(max_size=30), max_size=4))
def test_a_procedure_comes_back_from_its_fields_as_it_went(
    steps: str, amount: int, papers: list[str]
) -> None:
    told = typing.gather({"steps": steps})["steps"]
    content = PROCEDURE.model_copy(
        update={
            "steps": told,
            "dossier": tuple(
                DossierItem(name=typing.gather({"n": p})["n"], form_code="BM-01")
                for p in papers
            ),
            "legal_basis": (
                LegalReference(name="Luật", number="60/2014/QH13", document="60/2014/QH13"),
            ),
            "methods": (
                Method(
                    channel=Channel.POSTAL,
                    fees=(
                        FeeLine(
                            name="",
                            rate=Rate.AMOUNT,
                            amount=amount,
                            units=("song-lo",),
                            picked_by=Picks.SUBMISSION,
                            mark=Mark.FOUND,
                            source="Công báo",
                        ),
                    ),
                ),
            ),
        }
    )
    again, faults = procedure_editor.read(procedure_editor.typed(content), content)
    assert not faults
    assert again == content


def test_markdown_brings_no_tags_of_its_own_and_no_scripts() -> None:
    made = text_page.html("# Phần\n\n<script>x</script> [a](javascript:x) ![b](c.png)")
    assert "<h2>Phần</h2>" in made
    assert "<script" not in made
    assert "javascript:x" not in re.findall(r'href="([^"]*)"', made)
    assert "<img" not in made


def test_a_withdrawn_document_is_listed_by_the_text_that_held(
    app: Flask, office: Office, clock: Clock, signed_in: As
) -> None:
    with app.app_context():
        deciding = Deciding(app, office, clock)
        deciding.decide(Action.ISSUE, text("Bản từng có hiệu lực"))
        coming = deciding.decide(Action.AMEND, internal("Bản chưa bao giờ có"), on=after(30))
        deciding.decide(Action.CANCEL, replaces=coming, reason="thôi")
        clock.go(after(1))
        deciding.decide(Action.WITHDRAW, on=after(1), reason="bãi bỏ")
    page = signed_in("chuyenvien").get("documents.pages.index")
    assert "Bản từng có hiệu lực" in page.text
    assert "Bản chưa bao giờ có" not in page.text
