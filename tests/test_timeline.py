"""The rules of the timeline agree with a second account of it, whatever is signed when."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qms.documents.timeline import (
    Action,
    Entry,
    Span,
    changed_later,
    in_force,
    kept_action,
    living,
    misfits,
    problems,
    spans,
)
from tests.timeline_model import Fact, Paper, calendar, fits, may_be_signed, text_on

TODAY = date(2026, 8, 3)
START = datetime(2026, 8, 3, 2, 0, tzinfo=UTC)
DAYS = range(-8, 9)


def on(day: int) -> date:
    return TODAY + timedelta(days=day)


def entry(fact: Fact) -> Entry:
    """Translate a fact of the model."""
    return Entry(
        fact.id,
        Action(fact.action),
        None if fact.day is None else on(fact.day),
        int(fact.text) if fact.text else None,
        fact.replaces,
        fact.reason,
        START + timedelta(seconds=fact.at) if fact.at else None,
    )


def entries(facts: Sequence[Fact]) -> list[Entry]:
    return [entry(fact) for fact in facts]


@st.composite
def lines(draw: st.DrawFn, signed: Sequence[Fact], first_id: int) -> list[Fact]:
    """Draw the lines of one decision: mostly sensible, some not."""
    made = []
    for number in range(first_id, first_id + draw(st.integers(1, 3))):
        old = draw(st.none() | st.sampled_from(signed)) if signed else None
        action = draw(st.sampled_from([a.value for a in Action]))
        if old is not None and draw(st.booleans()) and action != "cancel":
            action = old.action
        day = draw(st.sampled_from(DAYS))
        if old is not None and old.day is not None and draw(st.booleans()):
            day = old.day
        made.append(
            Fact(
                number,
                action,
                None if action == "cancel" else day,
                str(number) if action in {"issue", "amend"} else None,
                old.id if old else None,
                draw(st.sampled_from(["", "nêu lý do"])),
            )
        )
    return made


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Fact], list[tuple[list[Fact], Paper, bool]]]:
    """Draw decisions one after another; those that may be signed are. Return all attempts."""
    signed: list[Fact] = []
    attempts: list[tuple[list[Fact], Paper, bool]] = []
    today = draw(st.integers(-3, 3))
    for at in range(1, draw(st.integers(2, 9))):
        wanted = draw(lines(signed, at * 10))
        today += draw(st.integers(0, 2))
        paper = Paper(today, draw(st.sampled_from(["", "nhập bổ sung"])))
        good = may_be_signed(signed, wanted, paper)
        found = problems(entries(signed), entries(wanted), on(today), reason=paper.reason)
        assert bool(found) != good, (signed, wanted, paper, [str(e) for _, e in found])
        attempts.append((list(wanted), paper, good))
        if good:
            signed += [Fact(**{**line.__dict__, "at": at}) for line in wanted]
    return signed, attempts


@settings(max_examples=200, deadline=None)
@given(histories())
def test_what_may_be_signed_and_what_is_in_force_agree_with_the_model(
    drawn: tuple[list[Fact], list[tuple[list[Fact], Paper, bool]]],
) -> None:
    signed, _ = drawn
    told = entries(signed)
    assert fits(signed)
    assert misfits(living(told)) == []
    for at in [None, *sorted({fact.at for fact in signed})]:
        instant = None if at is None else START + timedelta(seconds=at)
        assert [e.id for e in living(told, instant)] == [
            fact.id for _, fact in sorted(calendar(signed, at).items())
        ]
        for day in DAYS:
            found = in_force(told, on(day), instant)
            wanted = text_on(signed, day, at)
            assert (str(found.revision) if found else None) == wanted


@settings(max_examples=100, deadline=None)
@given(histories())
def test_an_answer_as_known_at_an_instant_never_changes_afterwards(
    drawn: tuple[list[Fact], list[tuple[list[Fact], Paper, bool]]],
) -> None:
    signed, _ = drawn
    for at in {fact.at for fact in signed}:
        by_then = entries([fact for fact in signed if fact.at <= at])
        instant = START + timedelta(seconds=at)
        for day in DAYS:
            assert in_force(entries(signed), on(day), instant) == in_force(by_then, on(day))


@settings(max_examples=100, deadline=None)
@given(histories(), st.integers(0, 9))
def test_an_answer_says_when_it_was_changed_last(
    drawn: tuple[list[Fact], list[tuple[list[Fact], Paper, bool]]], settled: int
) -> None:
    signed, _ = drawn
    told = entries(signed)
    instants = [e.signed_at for e in told if e.signed_at]
    for day in DAYS:
        turned = [
            fact.at
            for fact in signed
            if fact.at > settled
            and text_on(signed, day, fact.at) != text_on(signed, day, fact.at - 1)
        ]
        assert changed_later(
            lambda at, day=day: in_force(told, on(day), at),  # type: ignore[misc]
            instants,
            START + timedelta(seconds=settled),
        ) == (START + timedelta(seconds=max(turned)) if turned else None)


@settings(max_examples=100, deadline=None)
@given(histories())
def test_the_stretches_cover_every_day_once_from_the_first_change_on(
    drawn: tuple[list[Fact], list[tuple[list[Fact], Paper, bool]]],
) -> None:
    told = entries(drawn[0])
    found = spans(told)
    for day in DAYS:
        asked = on(day)
        holding = [
            span
            for span in found
            if span.first_day <= asked and (span.last_day is None or asked <= span.last_day)
        ]
        standing = in_force(told, asked)
        assert len(holding) <= 1
        assert [s.entry for s in holding if s.entry.action is not Action.WITHDRAW] == (
            [standing] if standing else []
        )


@settings(max_examples=100, deadline=None)
@given(histories(), st.data())
def test_a_correction_or_move_keeps_its_action_unless_another_is_needed(
    drawn: tuple[list[Fact], list[tuple[list[Fact], Paper, bool]]], data: st.DataObject
) -> None:
    signed, _ = drawn
    standing = list(calendar(signed).values())
    if not standing:
        return
    old = data.draw(st.sampled_from(standing))
    taken = {fact.day for fact in standing if fact.id != old.id}
    day = data.draw(st.sampled_from([day for day in DAYS if day not in taken]))
    action = kept_action(entries(signed), entry(old), on(day))
    if old.action == "withdraw":
        assert action is Action.WITHDRAW
        return
    others = [fact for fact in standing if fact.id != old.id]
    before = text_on(others, day - 1)
    assert action is (Action.ISSUE if before is None else Action.AMEND)


# Sentences about single rules, by example.

ISSUED = Entry(1, Action.ISSUE, on(-5), 1, signed_at=START)


def refusals(signed: list[Entry], *proposed: Entry) -> list[str]:
    return [str(error) for _, error in problems(signed, proposed, TODAY)]


def test_nothing_is_in_force_before_the_first_day() -> None:
    assert in_force([ISSUED], on(-6)) is None
    assert in_force([ISSUED], on(-5)) == ISSUED


def test_the_last_day_of_a_stretch_is_the_day_before_the_next() -> None:
    withdrawn = Entry(2, Action.WITHDRAW, on(3), signed_at=START)
    assert spans([withdrawn, ISSUED]) == [
        Span(ISSUED, on(-5), on(2)),
        Span(withdrawn, on(3), None),
    ]


def test_a_withdrawal_that_is_moved_stays_a_withdrawal() -> None:
    withdrawn = Entry(2, Action.WITHDRAW, on(3), signed_at=START)
    assert kept_action([ISSUED, withdrawn], withdrawn, on(5)) is Action.WITHDRAW


def test_days_are_civil_days_and_know_no_summer_time() -> None:
    """Every hour of a day gives one answer, also in years when Vietnam moved its clocks."""
    for year in (1945, 1959, 1967, 1975, 2026):
        day = date(year, 6, 13)
        told = [Entry(1, Action.ISSUE, day, 1, signed_at=START)]
        assert spans(told)[0].first_day == day
        assert in_force(told, day - timedelta(days=1)) is None
        assert in_force(told, day) == told[0]


def test_an_answer_that_went_and_came_back_was_changed_all_the_same() -> None:
    """Whoever asked in between was told otherwise; who asked before the day ended was not."""
    hours = [START + timedelta(hours=n) for n in range(4)]
    said = dict(zip(hours, ["a", "b", "a", "a"], strict=True))
    assert changed_later(said.__getitem__, hours, hours[0]) == hours[2]
    assert changed_later(said.__getitem__, hours, hours[1]) == hours[2]
    assert changed_later(said.__getitem__, hours, hours[2]) is None
    assert changed_later(said.__getitem__, [], hours[0]) is None


def test_a_cancel_names_what_it_cancels() -> None:
    assert refusals([ISSUED], Entry(9, Action.CANCEL, None)) == [
        "Dòng hủy phải nêu rõ thay đổi nào bị hủy."
    ]


def test_what_is_in_force_can_be_corrected_but_neither_moved_nor_cancelled() -> None:
    moved = Entry(9, Action.ISSUE, on(4), 2, replaces=1, reason="dời")
    cancelled = Entry(9, Action.CANCEL, None, replaces=1, reason="hủy")
    corrected = Entry(9, Action.ISSUE, on(-5), 2, replaces=1, reason="sai chính tả")
    assert "chỉ đính chính được" in refusals([ISSUED], moved)[0]
    assert "chỉ đính chính được" in refusals([ISSUED], cancelled)[0]
    assert refusals([ISSUED], corrected) == []


def test_a_change_can_be_moved_to_today_but_not_before() -> None:
    future = Entry(2, Action.AMEND, on(5), 2, signed_at=START)
    today = Entry(9, Action.AMEND, on(0), 2, replaces=2)
    yesterday = Entry(9, Action.AMEND, on(-1), 2, replaces=2, reason="dời")
    assert refusals([ISSUED, future], today) == []
    assert "ngày đã qua" in refusals([ISSUED, future], yesterday)[0]


def test_on_its_own_day_a_change_is_corrected_only() -> None:
    starting = Entry(2, Action.AMEND, on(0), 2, signed_at=START)
    cancelled = Entry(9, Action.CANCEL, None, replaces=2)
    assert "chỉ đính chính được" in refusals([ISSUED, starting], cancelled)[0]


def test_a_line_before_one_to_come_restates_or_cancels_it() -> None:
    future = Entry(2, Action.AMEND, on(5), 2, signed_at=START)
    between = Entry(9, Action.AMEND, on(1), 3)
    cancelled = Entry(10, Action.CANCEL, None, replaces=2)
    restated = Entry(10, Action.AMEND, on(5), 4, replaces=2, reason="nêu lại")
    assert "phải nêu lại hoặc hủy" in refusals([ISSUED, future], between)[0]
    assert refusals([ISSUED, future], between, cancelled) == []
    assert refusals([ISSUED, future], between, restated) == []


def test_a_line_behind_what_is_in_force_gives_a_reason() -> None:
    standing = Entry(2, Action.AMEND, on(-1), 2, signed_at=START)
    behind = Entry(9, Action.AMEND, on(-3), 3)
    assert "phải nêu lý do" in refusals([ISSUED, standing], behind)[0]
    assert problems([ISSUED, standing], [behind], TODAY, reason="nhập bổ sung") == []


def test_a_day_that_is_taken_is_refused_before_the_database_has_to() -> None:
    assert (
        "đã có một thay đổi đã ký" in refusals([ISSUED], Entry(9, Action.AMEND, on(-5), 2))[0]
    )


def test_two_lines_cannot_replace_the_same_change() -> None:
    future = Entry(2, Action.AMEND, on(5), 2, signed_at=START)
    first = Entry(9, Action.CANCEL, None, replaces=2)
    second = Entry(10, Action.AMEND, on(6), 2, replaces=2)
    assert "thay cùng thay đổi này" in refusals([ISSUED, future], first, second)[0]


def test_only_a_signed_change_with_a_day_is_replaced() -> None:
    unknown = Entry(9, Action.AMEND, on(7), 2, replaces=8)
    assert "đã ký và có ngày hiệu lực" in refusals([ISSUED], unknown)[0]


def test_a_replaced_change_cannot_be_replaced_again() -> None:
    future = Entry(2, Action.AMEND, on(5), 2, signed_at=START)
    moved = Entry(3, Action.AMEND, on(6), 2, replaces=2, signed_at=START)
    again = Entry(9, Action.AMEND, on(7), 2, replaces=2)
    assert "đã có quyết định khác thay" in refusals([ISSUED, future, moved], again)[0]


def test_a_correction_turns_no_text_into_a_withdrawal() -> None:
    turned = Entry(9, Action.WITHDRAW, on(-5), replaces=1, reason="nhầm")
    assert "không đổi bãi bỏ thành ban hành" in refusals([ISSUED], turned)[0]


def test_two_lines_of_a_decision_for_one_day_are_refused() -> None:
    first, second = Entry(9, Action.AMEND, on(1), 2), Entry(10, Action.AMEND, on(1), 3)
    assert "một dòng khác" in refusals([ISSUED], first, second)[0]


@pytest.mark.parametrize(
    ("signed", "action", "words"),
    [
        ([ISSUED], Action.ISSUE, "Không ban hành mới"),
        ([], Action.AMEND, "Không sửa đổi"),
        ([], Action.WITHDRAW, "Không bãi bỏ"),
    ],
)
def test_a_line_that_does_not_fit_says_why(
    signed: list[Entry], action: Action, words: str
) -> None:
    line = Entry(9, action, on(1), 2 if action is not Action.WITHDRAW else None)
    assert words in refusals(signed, line)[0]


def test_a_line_that_makes_a_later_one_unfit_names_the_later_one() -> None:
    """A withdrawal put behind an amendment in force leaves that amendment without a base."""
    amended = Entry(2, Action.AMEND, on(-1), 2, signed_at=START)
    withdrawn = Entry(9, Action.WITHDRAW, on(-3), reason="nhập bổ sung")
    found = problems([ISSUED, amended], [withdrawn], TODAY)
    assert [number for number, _ in found] == [2]
