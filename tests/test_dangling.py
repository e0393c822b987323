"""A text in force never points at nothing: what would is named, and not signed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from qms.db import transaction
from qms.documents.dangling import first_gap
from qms.documents.kinds.form import FormBlank
from qms.documents.kinds.legal import LegalText
from qms.documents.kinds.parts import FileRef, LegalReference
from qms.documents.kinds.procedure import DossierItem, Procedure
from qms.documents.kinds.process import Process
from qms.documents.rules import Audience, RevisionText, Scope
from qms.documents.timeline import Action
from qms.errors import RefusedError
from qms.units.rules import Level
from tests.deciding import Deciding, after
from tests.factories import Office
from tests.people import As
from tests.posting import Posting, world
from tests.when import MONDAY, Clock

FILE = FileRef(sha256="ab" * 32, name="to-khai.docx", media_type="application/pdf", size=9)


@pytest.fixture
def desk(app: Flask, office: Office, clock: Clock) -> Iterator[Deciding]:
    with app.app_context():
        yield Deciding(app, office, clock)


def form(title: str = "Tờ khai", audience: Audience = Audience.PUBLIC) -> RevisionText:
    return RevisionText(title, FormBlank(file=FILE), audience=audience)


def using(code: str, audience: Audience = Audience.PUBLIC) -> RevisionText:
    item = DossierItem(name="Tờ khai", form_code=code)
    return RevisionText("Khai sinh", Procedure(dossier=(item,)), audience=audience)


def based_on(code: str) -> RevisionText:
    basis = LegalReference(name="Luật Hộ tịch", number=code, document=code)
    return RevisionText("Khai sinh", Procedure(legal_basis=(basis,)))


def refused(desk: Deciding, decision: int, on: date = MONDAY) -> str:
    desk.review(decision)
    with pytest.raises(RefusedError) as caught:
        desk.sign(decision, on=on)
    return str(caught.value)


def test_a_form_that_is_nowhere_stops_the_signature(desk: Deciding) -> None:
    decision = desk.open()
    desk.add(decision, Action.ISSUE, using("BM-01"), code="1.001193")
    said = refused(desk, decision)
    assert "1.001193 dùng biểu mẫu BM-01" in said
    assert "không có tài liệu nào mang mã đó" in said


def test_a_form_issued_by_the_same_decision_is_there(desk: Deciding) -> None:
    decision = desk.open()
    desk.add(decision, Action.ISSUE, using("BM-01"), code="1.001193")
    desk.add(decision, Action.ISSUE, form(), code="BM-01")
    desk.review(decision)
    desk.sign(decision)
    assert desk.title_on(MONDAY, "1.001193", "procedure") == "Khai sinh"
    assert desk.title_on(MONDAY, "BM-01", "form") == "Tờ khai"


def test_a_form_that_comes_later_than_its_procedure_is_not_there_in_time(
    desk: Deciding,
) -> None:
    decision = desk.open()
    desk.add(decision, Action.ISSUE, using("BM-01"), code="1.001193")
    desk.add(decision, Action.ISSUE, form(), code="BM-01", day=after(3))
    assert "từ 03/08/2026 không có bản công khai nào" in refused(desk, decision)


def in_use(desk: Deciding, on: date = MONDAY) -> int:
    """Bring a procedure into force with the form it uses; return the line of the form."""
    decision = desk.open()
    line = desk.add(decision, Action.ISSUE, form(), code="BM-01")
    desk.add(decision, Action.ISSUE, using("BM-01"), code="1.001193")
    desk.review(decision)
    desk.sign(decision, on=on)
    return line


def test_a_form_in_use_is_not_withdrawn(desk: Deciding) -> None:
    in_use(desk)
    decision = desk.open()
    desk.add(decision, Action.WITHDRAW, code="BM-01", kind="form", reason="Thôi dùng.")
    said = refused(desk, decision, after(10))
    assert "1.001193 dùng biểu mẫu BM-01, nhưng từ 13/08/2026" in said


def test_a_form_is_withdrawn_together_with_the_last_text_that_uses_it(desk: Deciding) -> None:
    in_use(desk)
    decision = desk.open()
    desk.add(decision, Action.WITHDRAW, code="BM-01", kind="form", reason="Thôi dùng.")
    desk.add(decision, Action.AMEND, using(""), code="1.001193")
    desk.review(decision)
    desk.sign(decision, on=after(10))
    assert desk.title_on(after(9), "BM-01", "form") == "Tờ khai"
    assert desk.title_on(after(10), "BM-01", "form") is None
    assert desk.title_on(after(10), "1.001193", "procedure") == "Khai sinh"


def test_amending_a_form_in_use_stops_nothing(desk: Deciding) -> None:
    in_use(desk)
    decision = desk.open()
    desk.add(decision, Action.AMEND, form("Tờ khai mới"), code="BM-01")
    desk.review(decision)
    desk.sign(decision, on=after(10))
    assert desk.title_on(after(9), "BM-01", "form") == "Tờ khai"
    assert desk.title_on(after(10), "BM-01", "form") == "Tờ khai mới"


def test_the_public_is_never_sent_to_a_form_it_may_not_have(desk: Deciding) -> None:
    in_use(desk)
    decision = desk.open()
    hidden = form("Tờ khai", Audience.INTERNAL)
    desk.add(decision, Action.AMEND, hidden, code="BM-01")
    assert "không có bản công khai nào" in refused(desk, decision, after(10))


def test_a_form_to_come_is_not_called_off_when_a_text_to_come_uses_it(desk: Deciding) -> None:
    line = in_use(desk, after(20))
    calling_off = desk.open()
    desk.add(
        calling_off,
        Action.CANCEL,
        code="BM-01",
        kind="form",
        replaces=line,
        reason="Chưa xong.",
    )
    assert "1.001193 dùng biểu mẫu BM-01" in refused(desk, calling_off, after(20))


def test_a_form_is_not_moved_behind_the_text_that_uses_it(desk: Deciding) -> None:
    line = in_use(desk, after(20))
    moving = desk.open()
    moved = {"replaces": line, "day": after(40), "reason": "Chưa in xong."}
    desk.add(moving, Action.ISSUE, code="BM-01", kind="form", **moved)  # type: ignore[arg-type]
    assert "1.001193 dùng biểu mẫu BM-01, nhưng từ 23/08/2026" in refused(
        desk, moving, after(40)
    )


@pytest.fixture
def province(app: Flask, clock: Clock) -> Posting:
    with app.app_context(), transaction() as session:
        return Posting(app, world(session), clock)


def for_communes(said: RevisionText) -> RevisionText:
    return replace(said, scope=Scope.LEVEL, scope_level=Level.COMMUNE)


def test_what_a_province_lays_down_for_communes_uses_the_forms_it_has_for_them(
    province: Posting,
) -> None:
    texts = {"BM-01": form(), "1.001193": using("BM-01")}
    province.issue({code: for_communes(each) for code, each in texts.items()}, owner="phu-tho")
    with pytest.raises(RefusedError, match="dùng biểu mẫu BM-01"):
        province.amend("BM-01", form(), owner="phu-tho")


def test_a_form_for_one_commune_is_not_one_for_another(province: Posting) -> None:
    here = replace(form(), scope=Scope.UNITS, scope_units=("song-lo",))
    both = replace(using("BM-01"), scope=Scope.UNITS, scope_units=("song-lo", "tan-lap"))
    with pytest.raises(RefusedError, match="dùng biểu mẫu BM-01"):
        province.issue({"BM-01": here, "1.001193": both}, owner="phu-tho")


def test_a_form_without_a_file_is_not_signed(desk: Deciding) -> None:
    decision = desk.open()
    desk.add(decision, Action.ISSUE, RevisionText("Tờ khai", FormBlank()), code="BM-01")
    assert "BM-01: biểu mẫu chưa có tệp" in refused(desk, decision)


def test_a_law_that_is_named_has_its_record_but_may_have_ended(desk: Deciding) -> None:
    law = RevisionText("Luật", LegalText(number="60/2014/QH13", last_day=date(2020, 1, 1)))
    decision = desk.open()
    desk.add(decision, Action.ISSUE, law, code="60/2014/QH13")
    desk.add(decision, Action.ISSUE, based_on("60/2014/QH13"), code="1.001193")
    desk.review(decision)
    desk.sign(decision)
    other = desk.open()
    desk.add(other, Action.ISSUE, based_on("61/2014/QH13"), code="1.001194")
    assert "1.001194 căn cứ 61/2014/QH13" in refused(desk, other)


def test_a_process_does_not_outlive_the_procedure_it_describes(desk: Deciding) -> None:
    in_use(desk)
    described = RevisionText("Quy trình", Process(procedures=("1.001193",)))
    desk.decide(Action.ISSUE, described, code="QT-11")
    decision = desk.open()
    desk.add(decision, Action.WITHDRAW, code="1.001193", kind="procedure", reason="Bãi bỏ.")
    assert "QT-11 mô tả thủ tục 1.001193" in refused(desk, decision, after(5))


def test_the_links_of_a_draft_are_those_of_its_last_save(desk: Deciding) -> None:
    decision = desk.open()
    line = desk.add(decision, Action.ISSUE, using("BM-01"), code="1.001193")
    desk.edit(line, using("BM-02"))
    assert "BM-02" in refused(desk, decision)


DAYS = st.dates(date(2026, 1, 1), date(2026, 2, 10))
STRETCHES = st.lists(
    st.tuples(DAYS, st.none() | st.integers(0, 20)).map(
        lambda each: (each[0], None if each[1] is None else each[0] + timedelta(each[1]))
    ),
    max_size=6,
)


@given(DAYS, st.none() | st.integers(0, 30), STRETCHES)
def test_the_first_gap_is_the_first_day_that_nothing_holds(
    first: date, length: int | None, held: list[tuple[date, date | None]]
) -> None:
    last = None if length is None else first + timedelta(length)
    until = last or date(2026, 4, 1)
    days = [first + timedelta(n) for n in range((until - first).days + 1)]
    free = [d for d in days if not any(a <= d and (b is None or d <= b) for a, b in held)]
    assert first_gap(first, last, held) == (free[0] if free else None)


def test_what_dangles_is_told_with_the_decision_before_anybody_signs(
    desk: Deciding, signed_in: As
) -> None:
    decision = desk.open()
    desk.add(decision, Action.ISSUE, using("BM-01"), code="1.001193")
    page = signed_in("thuky").get("documents.decisions.show", decision_id=decision)
    assert "1.001193 dùng biểu mẫu BM-01" in page.text


def law(number: str, issuer: str = "Chính phủ") -> RevisionText:
    return RevisionText(number, LegalText(number=number, issuer=issuer, dated=MONDAY))


def test_one_legal_text_has_one_record(desk: Deciding) -> None:
    desk.decide(Action.ISSUE, law("08/2025/NQ-HĐND"), code="08/2025")
    decision = desk.open()
    desk.add(decision, Action.ISSUE, law("08/2025/nq-hđnd"), code="08/2025 hai")
    assert "08/2025 và 08/2025 hai cùng là một văn bản" in refused(desk, decision)


def test_one_number_of_two_issuers_is_two_texts(desk: Deciding) -> None:
    desk.decide(Action.ISSUE, law("08/2025/NQ-HĐND", "HĐND tỉnh A"), code="08/2025 A")
    desk.decide(Action.ISSUE, law("08/2025/NQ-HĐND", "HĐND tỉnh B"), code="08/2025 B")
    assert desk.title_on(MONDAY, "08/2025 A", "legal") == "08/2025/NQ-HĐND"
    assert desk.title_on(MONDAY, "08/2025 B", "legal") == "08/2025/NQ-HĐND"


def test_a_record_may_be_amended_without_becoming_another(desk: Deciding) -> None:
    desk.decide(Action.ISSUE, law("08/2025/NQ-HĐND"), code="08/2025")
    line = desk.decide(Action.AMEND, law("08/2025/NQ-HĐND"), code="08/2025", on=after(3))
    assert desk.change(line).effective_on == after(3)
