"""Sheets, their codes and verdicts: pure rules, no database and no paper."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms.notices import codes
from qms.notices.codes import CopyCode, MarkedCode, SheetCode
from qms.notices.rules import (
    Answer,
    DecisionRef,
    Heading,
    Judgement,
    Printed,
    Sheet,
    Verdict,
    days_of_change,
    judge,
    sheet_digests,
    text_of_day,
)

DAY = date(2026, 7, 1)
LINE = {"name": "Lệ phí", "rate": "amount", "amount": 8000, "first_day": None, "last_day": None}
OLD = {**LINE, "last_day": "2026-06-30"}
NEW = {**LINE, "amount": 5000, "first_day": "2026-07-01"}
SHEET = Sheet(
    unit="song-lo",
    heading=Heading("Ủy ban nhân dân xã Sông Lô", seat="thôn Đồng Thịnh"),
    feedback="",
    code="1.000001",
    title="Đăng ký thử nghiệm",
    text={"kind": "procedure", "schema": 1, "methods": [{"channel": "direct", "fees": [LINE]}]},
    decision=DecisionRef("45/QĐ-UBND", date(2026, 6, 20), "UBND xã Sông Lô", "Về việc công bố"),
    first_day=DAY,
)
SHEET_1 = "4c080112a46e206e5025a8f441e9ee31ff202299abb7e7f0886a2ef75bf52da3"
"""Printed on paper in scheme 1: this digest must never come out otherwise."""

PRINTED = "05C9-G402-4N4D-RGRH"
"""The code of that sheet for unit 5 and document 12, as paper bears it."""

MARKS = st.text("0123456789abcdef", min_size=5, max_size=5)
DIGESTS = st.text("0123456789abcdef", min_size=64, max_size=64)
UNITS = st.integers(0, 2**20 - 1)
DOCUMENTS = st.integers(0, 2**30 - 1)


def test_a_sheet_of_scheme_1_keeps_its_digest_for_ever() -> None:
    assert sheet_digests(SHEET)[1] == SHEET_1


@pytest.mark.parametrize(
    "other",
    [
        replace(SHEET, unit="lap-thach"),
        replace(SHEET, title="Đăng ký khác"),
        replace(SHEET, feedback="Điện thoại 0210 000 000"),
        replace(SHEET, heading=replace(SHEET.heading, phone="0210 000 000")),
        replace(SHEET, decision=replace(SHEET.decision, number="46/QĐ-UBND")),
        replace(SHEET, first_day=date(2026, 7, 2)),
        replace(SHEET, text={**SHEET.text, "label": "dữ liệu mẫu"}),
    ],
)
def test_whatever_the_reader_is_told_is_in_the_digest(other: Sheet) -> None:
    theirs, ours = sheet_digests(other), sheet_digests(SHEET)
    assert all(theirs[scheme] != ours[scheme] for scheme in ours)


def test_only_the_fee_lines_of_the_day_stand_on_the_sheet() -> None:
    text: dict[str, object] = {"methods": [{"channel": "direct", "fees": [OLD, NEW]}]}
    june, july = (text_of_day(text, on) for on in (date(2026, 6, 30), DAY))
    assert june == {"methods": [{"channel": "direct", "fees": [OLD]}]}
    assert july == {"methods": [{"channel": "direct", "fees": [NEW]}]}


def test_a_text_without_methods_is_the_same_every_day() -> None:
    assert text_of_day({"body": "Chính sách"}, DAY) == {"body": "Chính sách"}
    without_fees = {"methods": [{"channel": "direct"}]}
    assert text_of_day(without_fees, DAY) == without_fees
    assert days_of_change({"body": "Chính sách"}) == []


def test_a_sheet_changes_when_a_fee_line_begins_and_after_it_ends() -> None:
    ends = {**LINE, "last_day": "2026-07-31"}
    text: dict[str, object] = {"methods": [{"fees": [OLD, NEW]}, {"fees": [ends, LINE]}]}
    assert days_of_change(text) == [DAY, date(2026, 8, 1)]
    for_ever = {"methods": [{"fees": [{**LINE, "last_day": str(date.max)}]}]}
    assert days_of_change(for_ever) == []


@given(UNITS, DOCUMENTS, DIGESTS)
def test_a_sheet_code_tells_what_went_into_it(unit: int, document: int, digest: str) -> None:
    code = codes.encode_sheet_code(unit, document, digest)
    found = codes.decode(code)
    assert isinstance(found, SheetCode)
    assert (found.unit_id, found.document_id) == (unit, document)
    assert digest.startswith(found.prefix)
    assert len(found.prefix) >= 10
    assert {len(group) for group in code.split("-")} == {4}


@given(UNITS, DOCUMENTS, DIGESTS)
def test_a_code_may_be_typed_carelessly(unit: int, document: int, digest: str) -> None:
    code = codes.encode_sheet_code(unit, document, digest)
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert codes.decode(f" {typed}\n") == codes.decode(code)


@given(UNITS, DOCUMENTS, DIGESTS, st.data())
def test_one_wrong_character_is_always_found(
    unit: int, document: int, digest: str, data: st.DataObject
) -> None:
    code = codes.encode_sheet_code(unit, document, digest).replace("-", "")
    place = data.draw(st.integers(0, len(code) - 1))
    wrong = data.draw(st.sampled_from([c for c in codes.ALPHABET if c != code[place]]))
    assert codes.decode(code[:place] + wrong + code[place + 1 :]) is None


@given(st.binary(min_size=codes.COPY_BYTES, max_size=codes.COPY_BYTES))
def test_a_copy_code_is_never_taken_for_a_sheet_code(random: bytes) -> None:
    code = codes.new_copy_code(random)
    assert codes.decode(code) == CopyCode(code)
    assert codes.decode(code.lower().replace("-", "")) == CopyCode(code)


@given(UNITS, MARKS, DIGESTS)
def test_the_code_of_a_sheet_of_no_document_tells_what_went_into_it(
    unit: int, mark: str, digest: str
) -> None:
    code = codes.encode_marked_code(unit, mark, digest)
    found = codes.decode(code.lower().replace("-", ""))
    assert isinstance(found, MarkedCode)
    assert (found.unit_id, found.mark) == (unit, mark)
    assert digest.startswith(found.prefix)
    assert len(found.prefix) >= 10
    assert {len(group) for group in code.split("-")} == {4}


@given(UNITS, MARKS, DIGESTS, st.data())
def test_one_wrong_character_of_such_a_code_is_always_found(
    unit: int, mark: str, digest: str, data: st.DataObject
) -> None:
    code = codes.encode_marked_code(unit, mark, digest).replace("-", "")
    place = data.draw(st.integers(0, len(code) - 1))
    wrong = data.draw(st.sampled_from([c for c in codes.ALPHABET if c != code[place]]))
    assert codes.decode(code[:place] + wrong + code[place + 1 :]) is None


def test_codes_printed_before_there_were_marks_are_read_as_they_were() -> None:
    code = codes.encode_sheet_code(5, 12, SHEET_1)
    assert code == PRINTED
    assert codes.decode(PRINTED) == SheetCode(5, 12, SHEET_1[:13])


def test_a_copy_code_keeps_65_bits_of_chance() -> None:
    low, high = codes.new_copy_code(bytes(9)), codes.new_copy_code(b"\xff" * 9)
    assert low.replace("-", "")[1:14] == "0" * 13
    assert high.replace("-", "")[1:14] == "Z" * 13


def test_too_little_chance_makes_no_copy_code() -> None:
    with pytest.raises(ValueError, match="9 random bytes"):
        codes.new_copy_code(b"12345678")


@pytest.mark.parametrize(("unit", "document"), [(2**20, 1), (1, 2**30), (-1, 1)])
def test_a_number_that_does_not_fit_makes_no_code(unit: int, document: int) -> None:
    with pytest.raises(ValueError, match=r"fit|negative"):
        codes.encode_sheet_code(unit, document, "ab" * 32)


@given(st.text(max_size=40))
def test_anything_may_be_typed_and_nothing_breaks(typed: str) -> None:
    found = codes.decode(typed)
    assert found is None or isinstance(found, SheetCode | CopyCode)


def from_day(first_day: date, words: str | None) -> Answer:
    """Say in scheme 1 from a day on; None: nothing holds."""
    return Answer(first_day, {1: words} if words else {})


def plain_answer(answers: Sequence[Answer], on: date) -> str | None:
    """Return what the sheet says on a day, the slow and simple way."""
    held = [answer.digests.get(1) for answer in answers if answer.first_day <= on]
    return held[-1] if held else None


@st.composite
def histories(draw: st.DrawFn) -> list[Answer]:
    days = sorted(draw(st.sets(st.integers(-5, 5), max_size=6)))
    words = st.sampled_from(["aa", "bb", "cc", None])
    return [from_day(DAY + timedelta(days=d), draw(words)) for d in days]


@given(histories(), st.sampled_from(["aa", "bb", "dd"]), st.none() | st.integers(-6, 6))
def test_a_paper_is_in_force_exactly_when_it_says_what_holds_today(
    answers: list[Answer], printed: str, ahead: int | None
) -> None:
    made_for = None if ahead is None else DAY + timedelta(days=ahead)
    found = judge(Printed(printed, day=made_for), answers, DAY)
    holds = plain_answer(answers, DAY) == printed
    assert (found.verdict is Verdict.IN_FORCE) == holds
    if found.verdict is Verdict.NOT_YET:
        assert found.since is not None
        assert found.since > DAY
        assert plain_answer(answers, found.since) == printed
    if found.verdict is Verdict.WITHDRAWN:
        assert plain_answer(answers, max(DAY, made_for or DAY)) is None or (
            plain_answer(answers, DAY) is None
        )


@given(histories(), st.sampled_from(["aa", "bb"]))
def test_a_replaced_paper_names_the_first_day_it_differs(
    answers: list[Answer], printed: str
) -> None:
    found = judge(Printed(printed), answers, DAY)
    if found.verdict is Verdict.REPLACED and found.since is not None:
        assert plain_answer(answers, found.since) != printed
        assert plain_answer(answers, found.since - timedelta(days=1)) == printed
        days = (found.since + timedelta(days=n) for n in range((DAY - found.since).days + 1))
        assert printed not in [plain_answer(answers, on) for on in days]


OVER_TIME = [
    from_day(date(2026, 1, 1), "aa11"),
    from_day(date(2026, 5, 1), "bb22"),
    from_day(date(2026, 9, 1), "cc33"),
    from_day(date(2026, 12, 1), None),
]


@pytest.mark.parametrize(
    ("printed", "today", "verdict", "since"),
    [
        ("bb22", DAY, Verdict.IN_FORCE, date(2026, 5, 1)),
        ("bb", DAY, Verdict.IN_FORCE, date(2026, 5, 1)),
        ("aa", DAY, Verdict.REPLACED, date(2026, 5, 1)),
        ("cc", DAY, Verdict.NOT_YET, date(2026, 9, 1)),
        ("cc", date(2027, 1, 1), Verdict.WITHDRAWN, date(2026, 12, 1)),
        ("dd", DAY, Verdict.REPLACED, None),
        ("dd", date(2025, 1, 1), Verdict.UNKNOWN, None),
        ("", DAY, Verdict.REPLACED, None),
    ],
)
def test_the_verdict_names_its_day(
    printed: str, today: date, verdict: Verdict, since: date | None
) -> None:
    found = judge(Printed(printed), OVER_TIME, today)
    assert (found.verdict, found.since) == (verdict, since)


def test_a_paper_in_force_names_what_follows_as_far_as_it_is_signed() -> None:
    autumn = date(2026, 10, 1)
    replaced = Judgement(Verdict.REPLACED, date(2026, 9, 1))
    withdrawn = Judgement(Verdict.WITHDRAWN, date(2026, 12, 1))
    assert judge(Printed("bb"), OVER_TIME, DAY).then == replaced
    assert judge(Printed("cc"), OVER_TIME, autumn).then == withdrawn
    assert judge(Printed("cc"), OVER_TIME[:3], autumn).then is None


def test_a_copy_for_a_coming_day_whose_text_was_changed_again_is_replaced() -> None:
    found = judge(Printed("dd", day=date(2026, 9, 1)), OVER_TIME, DAY)
    assert (found.verdict, found.since) == (Verdict.REPLACED, date(2026, 9, 1))


def test_a_paper_for_a_return_of_old_words_is_not_yet_in_force() -> None:
    answers = [*OVER_TIME[:2], from_day(date(2026, 9, 1), "aa11")]
    copy = judge(Printed("aa", day=date(2026, 9, 1)), answers, DAY)
    assert (copy.verdict, copy.since) == (Verdict.NOT_YET, date(2026, 9, 1))
    assert judge(Printed("aa"), answers, DAY).verdict is Verdict.REPLACED


def test_no_answer_is_never_a_yes() -> None:
    assert judge(Printed("aa"), None, DAY).verdict is Verdict.CANNOT_CHECK
    assert judge(Printed("aa"), [], DAY).verdict is Verdict.UNKNOWN


TWO_SCHEMES = [
    Answer(date(2026, 1, 1), {1: "aa11", 2: "cc33"}),
    Answer(date(2026, 5, 1), {1: "bb22", 2: "aa11"}),
]


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [
        (Printed("bb22", scheme=1), Verdict.IN_FORCE),
        (Printed("aa11", scheme=1), Verdict.REPLACED),
        (Printed("aa11", scheme=2), Verdict.IN_FORCE),
        (Printed("cc33", scheme=2), Verdict.REPLACED),
        (Printed("bb22", scheme=2), Verdict.REPLACED),
        (Printed("bb"), Verdict.IN_FORCE),
        (Printed("cc"), Verdict.REPLACED),
    ],
)
def test_a_copy_is_held_to_its_own_scheme_and_a_print_for_everybody_to_any(
    printed: Printed, verdict: Verdict
) -> None:
    assert judge(printed, TWO_SCHEMES, DAY).verdict is verdict
