"""The law makes documents due: for three months, until a later text or a reason is signed."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from qms.db import db, transaction
from qms.documents import queries as documents
from qms.documents.kinds.legal import LegalText, LegalType
from qms.documents.kinds.parts import LegalReference
from qms.documents.kinds.text import Genre, WrittenText
from qms.documents.readiness_list import Gap
from qms.documents.registering import draft_documents
from qms.documents.rules import Audience, RevisionText, months_later
from qms.documents.service import Line, add_lines
from qms.documents.timeline import Action
from qms.errors import InvalidError, NotAllowedError, RefusedError
from qms.laws import queries, readiness, rules, service
from qms.laws.models import Check, Waiver
from qms.laws.queries import Due, Wanted
from qms.laws.rules import Event, Record, Verdict
from qms.units.queries import unit
from tests.deciding import Deciding, after
from tests.engines import counted
from tests.factories import Office, document_by_code
from tests.people import As
from tests.when import MONDAY, Clock

OLD, NEW = "23/2015/NĐ-CP", "280/2025/NĐ-CP"
LONG_AGO = date(2025, 7, 1)


@pytest.fixture
def deciding(app: Flask, office: Office, clock: Clock) -> Iterator[Deciding]:
    with app.app_context():
        yield Deciding(app, office, clock)


def law(number: str, **said: object) -> RevisionText:
    """Return the record of a decree."""
    values = {"type": LegalType.DECREE, "number": number, "issuer": "Chính phủ", **said}
    return RevisionText(
        f"Nghị định {number}", LegalText.model_validate(values), audience=Audience.INTERNAL
    )


def based_on(*codes: str, body: str = "Một.") -> RevisionText:
    """Return a text of the office that rests on legal texts on record here."""
    basis = tuple(LegalReference(name=code, number=code, document=code) for code in codes)
    content = WrittenText(genre=Genre.PROCEDURE, body=body, legal_basis=basis)
    return RevisionText("Chứng thực", content)


def put(
    deciding: Deciding,
    said: RevisionText,
    *codes: str,
    on: date,
    action: Action = Action.ISSUE,
    material: bool = True,
) -> None:
    """Draft, review and sign a text under some codes, dated like the day it begins where past."""
    kind = str(said.content.model_dump()["kind"])
    with deciding.app.app_context():
        decision = deciding.open(reason="nhập bổ sung")
        with transaction() as session:
            act = deciding.act("thuky")
            owner = unit(session, "song-lo")
            made = draft_documents(session, act, owner=owner, kind=kind, codes=codes)
            lines = [Line(made[code], action, said, material=material) for code in codes]
            add_lines(session, act, documents.decision(session, decision), lines)
        deciding.review(decision)
        dated = min(on, deciding.act("thuky").today)
        deciding.sign(decision, on=on, dated=dated, reason="nhập bổ sung")


def due(deciding: Deciding, on: date, **wanted: object) -> list[Due]:
    """Return what is due at xã Sông Lô on a day."""
    session = db.session()
    session.rollback()
    asked = Wanted([deciding.office.units["song-lo"]], on, **wanted)  # type: ignore[arg-type]
    found, _total = queries.dues(session, asked)
    session.rollback()
    return found


def told(found: list[Due]) -> list[tuple[str, str, date, tuple[Event, ...]]]:
    return [(each.code, each.law.name, each.day, each.events) for each in found]


def number_of(deciding: Deciding, kind: str, code: str) -> int:
    session = db.session()
    session.rollback()
    found = document_by_code(session, [deciding.office.units["song-lo"]], kind, code)
    assert found
    number = found.id
    session.rollback()
    return number


# ---------- the rules, without a database ----------

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@given(DAYS)
def test_three_months_later_is_the_same_day_or_the_end_of_a_shorter_month(day: date) -> None:
    later = rules.update_due(day)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == 3
    end = (later + timedelta(days=1)).day == 1
    assert later.day == day.day or (end and later.day < day.day)


@given(DAYS, DAYS)
def test_what_happened_first_is_due_first(one: date, other: date) -> None:
    assert (one <= other) <= (rules.update_due(one) <= rules.update_due(other))


def record(
    code: str, number: int = 1, amended: tuple[date, ...] = (), **said: object
) -> Record:
    content = LegalText.model_validate({"number": code, **said})
    return Record(number, 1, code, code, content, amended=amended)


@given(st.none() | DAYS, st.none() | DAYS, st.lists(DAYS, max_size=3), DAYS)
def test_only_what_has_happened_counts_and_a_last_day_ends_the_day_after(
    first: date | None, last: date | None, amended: list[date], on: date
) -> None:
    if first and last and last < first:
        first, last = last, first
    found = rules.events(
        record("A", amended=tuple(amended), in_force_from=first, last_day=last), on
    )
    assert all(day <= on for day in found)
    happened = {(day, event) for day, events in found.items() for event in events}
    begins = {(first, Event.BEGINS)} if first and first <= on else set()
    ends = {(last + timedelta(days=1), Event.ENDS)} if last and last < on else set()
    assert happened == begins | ends | {(day, Event.AMENDED) for day in amended if day <= on}


def test_a_law_concerns_those_who_cite_what_it_amends_or_replaces() -> None:
    amending = record("C", 3, in_force_from=MONDAY, amends=[{"name": "A", "document": "A"}])
    known = {
        "A": record("A", 1),
        "B": record("B", 2, replaced_by=[{"name": "C", "document": "C"}]),
        "C": amending,
    }
    found = rules.causes(known, MONDAY)
    assert [(each.code, each.law_id, each.day) for each in found] == [
        ("A", 3, MONDAY),
        ("B", 3, MONDAY),
        ("C", 3, MONDAY),
    ]
    assert rules.causes(known, MONDAY - timedelta(days=1)) == []


def test_two_councils_may_give_the_same_number_to_two_resolutions() -> None:
    one = LegalText(
        number="08/2025/NQ-HĐND", issuer="HĐND thành phố Hải Phòng", dated=date(2025, 6, 17)
    )
    other = LegalText(
        number="08/2025/NQ-HĐND", issuer="HĐND tỉnh Hải Dương", dated=date(2025, 6, 26)
    )
    assert one.identity != other.identity
    first = rules.code_for(one, [])
    second = rules.code_for(other, [first])
    assert (first, second) == (
        "08/2025/NQ-HĐND",
        "08/2025/NQ-HĐND HĐND tỉnh Hải Dương 26/06/2025",
    )
    spelt = one.model_copy(update={"number": "08 / 2025/nq-hđnd", "issuer": "Hđnd TP"})
    assert spelt.identity
    assert one.identity
    assert spelt.identity[0] == one.identity[0]


@given(st.text(min_size=1, max_size=60), st.text(max_size=300), st.none() | DAYS)
def test_a_code_never_outgrows_its_column(number: str, issuer: str, dated: date | None) -> None:
    content = LegalText(number=number, issuer=issuer, dated=dated)
    assert len(rules.code_for(content, [number])) <= rules.LONGEST_CODE


def test_a_number_that_two_records_bear_is_never_guessed() -> None:
    content = based_on().content.model_copy(
        update={
            "legal_basis": (
                LegalReference(name="một", number="08/2025/NQ-HĐND"),
                LegalReference(name="hai", number=" 85/2019/TT-BTC"),
                LegalReference(name="ba", number="99/2099/TT-BTC"),
                LegalReference(name="bốn"),
            )
        }
    )
    twins = [record("x", 1), record("y", 2)]
    for each in twins:
        object.__setattr__(each, "content", LegalText(number="08/2025/NQ-HĐND"))
    found = rules.offers(content, rules.numbered([*twins, record("85/2019/TT-BTC", 3)]))
    assert [(each.reference.name, each.clear is not None) for each in found] == [
        ("một", False),
        ("hai", True),
    ]


# ---------- with a database ----------


def test_a_law_that_takes_effect_makes_its_documents_due_for_three_months(
    deciding: Deciding,
) -> None:
    begins = after(-10)
    put(deciding, law(OLD, in_force_from=begins), OLD, on=LONG_AGO)
    put(deciding, based_on(OLD), "QT-11", on=LONG_AGO)
    put(deciding, based_on(), "QT-12", on=LONG_AGO)

    assert due(deciding, begins - timedelta(days=1)) == []
    (found,) = due(deciding, begins)
    assert told([found]) == [("QT-11", OLD, begins, (Event.BEGINS,))]
    assert found.due == months_later(begins, 3)
    assert due(deciding, found.due, overdue=True) == []
    assert due(deciding, found.due + timedelta(days=1), overdue=True) == [found]

    put(deciding, based_on(OLD, body="Hai."), "QT-11", on=MONDAY, action=Action.AMEND)
    assert due(deciding, MONDAY) == []


def test_a_text_entered_late_for_a_day_long_past_does_not_know_the_new_law(
    deciding: Deciding,
) -> None:
    put(deciding, law(OLD, in_force_from=after(-10)), OLD, on=LONG_AGO)
    put(deciding, based_on(OLD), "QT-11", on=after(-40))
    put(deciding, based_on(OLD), "QT-12", on=after(-10))
    assert [each.code for each in due(deciding, MONDAY)] == ["QT-11"]


def test_ending_amending_and_replacing_make_documents_due_too(deciding: Deciding) -> None:
    put(deciding, law(OLD, in_force_from=date(2015, 4, 10)), OLD, on=LONG_AGO)
    put(deciding, based_on(OLD), "QT-11", on=LONG_AGO)
    put(
        deciding,
        law(
            NEW,
            in_force_from=after(-5),
            amends=[{"name": OLD, "number": OLD, "document": OLD}],
        ),
        NEW,
        on=LONG_AGO,
    )
    assert told(due(deciding, MONDAY)) == [("QT-11", NEW, after(-5), (Event.BEGINS,))]
    put(
        deciding,
        law(OLD, in_force_from=date(2015, 4, 10), last_day=after(-2)),
        OLD,
        on=after(-3),
        action=Action.AMEND,
        material=False,
    )
    assert told(due(deciding, MONDAY))[1:] == [("QT-11", OLD, after(-1), (Event.ENDS,))]
    put(deciding, law(OLD, note="Đính chính."), OLD, on=MONDAY, action=Action.AMEND)
    assert told(due(deciding, MONDAY))[1:] == [("QT-11", OLD, MONDAY, (Event.AMENDED,))]


def test_a_reason_ends_what_is_due_and_nobody_can_take_it_back(deciding: Deciding) -> None:
    begins = after(-10)
    put(deciding, law(OLD, in_force_from=begins), OLD, on=LONG_AGO)
    put(deciding, based_on(OLD), "QT-11", on=LONG_AGO)
    text, legal = number_of(deciding, "text", "QT-11"), number_of(deciding, "legal", OLD)

    def waive(who: str, reason: str) -> None:
        with transaction() as session:
            service.waive(
                session,
                deciding.act(who),
                documents.document(session, text),
                documents.document(session, legal),
                begins,
                reason,
            )

    with pytest.raises(InvalidError):
        waive("thuky", "  ")
    with pytest.raises(NotAllowedError):
        waive("chuyenvien", "Không liên quan.")
    waive("thuky", "Chỉ sửa phần không áp dụng ở xã.")
    assert due(deciding, MONDAY) == []
    with pytest.raises(RefusedError):
        waive("thuky", "Lần nữa.")
    for guarded in (sa.delete(Waiver), sa.update(Waiver).values(reason="khác")):
        with pytest.raises(sa.exc.DatabaseError, match="guard"), transaction() as session:
            session.execute(guarded)


def test_a_record_is_looked_at_once_a_year_and_the_look_stays(deciding: Deciding) -> None:
    put(deciding, law(OLD), OLD, on=LONG_AGO)
    owner, legal = deciding.office.units["song-lo"], number_of(deciding, "legal", OLD)
    year = months_later(MONDAY, 12)

    def late(on: date) -> list[tuple[int, date]]:
        db.session.rollback()
        found = queries.overdue_checks(db.session(), [owner], on)
        db.session.rollback()
        return found

    assert late(year - timedelta(days=1)) == []
    assert late(year) == [(legal, year)]
    with transaction() as session:
        act = deciding.act("thuky")
        law_ = queries.law_document(session, legal)
        with pytest.raises(InvalidError):
            service.check(session, act, law_, Verdict.CHANGED, "")
    deciding.clock.go(after(100))
    with transaction() as session:
        law_ = queries.law_document(session, legal)
        service.check(session, deciding.act("thuky"), law_, Verdict.CURRENT, "")
    assert late(year) == []
    for guarded in (sa.delete(Check), sa.update(Check).values(note="khác")):
        with pytest.raises(sa.exc.DatabaseError, match="guard"), transaction() as session:
            session.execute(guarded)


def test_what_is_due_costs_the_same_for_one_document_and_for_many(
    app: Flask, office: Office, clock: Clock, signed_in: As
) -> None:
    deciding = Deciding(app, office, clock)
    put(deciding, law(OLD, in_force_from=after(-10)), OLD, on=LONG_AGO)
    put(deciding, based_on(OLD), "QT-11", on=LONG_AGO)
    browser = signed_in("thuky")
    browser.get("laws.index")
    with counted() as few:
        browser.get("laws.index")
    put(deciding, based_on(OLD), *(f"QT-{number}" for number in range(12, 24)), on=LONG_AGO)
    with counted() as many:
        browser.get("laws.index")
    assert len(few) == len(many) <= 15
    assert len(browser.get("laws.index").all("tbody tr")) == 13


# ---------- what a draft lacks towards the law ----------


def lacking(deciding: Deciding, said: RevisionText, code: str) -> list[str]:
    """Return what a draft that takes effect in ten days lacks towards the law."""
    with deciding.app.app_context():
        decision = deciding.open()
        line = deciding.add(decision, Action.ISSUE, said, code=code, day=after(10))
        change, session = deciding.change(line), db.session()
        found = [
            gap for ask in readiness.READINESS for gap in ask(session, change, said, MONDAY)
        ]
        return [str(each[1]) % each[3] for each in map(Gap._make, found)]


def test_a_law_in_force_before_its_record_is_told(deciding: Deciding) -> None:
    early = law(NEW, in_force_from=after(5))
    (said,) = lacking(deciding, early, NEW)
    assert "Văn bản có hiệu lực từ 08/08/2026 nhưng dòng này có hiệu lực từ 13/08/2026" in said
    assert lacking(deciding, law(OLD, in_force_from=after(10)), OLD) == []


def test_a_number_on_record_that_is_not_linked_is_told(deciding: Deciding) -> None:
    put(deciding, law(OLD), OLD, on=MONDAY)
    loose = tuple(LegalReference(name="NĐ", number=each) for each in (OLD, "1/1900/NĐ-CP"))
    content = WrittenText(genre=Genre.PROCEDURE, body="Một.", legal_basis=loose)
    (said,) = lacking(deciding, RevisionText("Chứng thực", content), "QT-98")
    assert said.startswith(f"{OLD} có trong danh mục")
    assert lacking(deciding, based_on(OLD), "QT-99") == []
