"""What is to do about the sheets at a place, what it must show, and when the web was away."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms.errors import RefusedError
from qms.notices.rules import SheetKind
from qms.postings.rules import (
    SILENT,
    Deed,
    Held,
    Step,
    Stretch,
    Wanted,
    compared,
    may_follow,
    next_deeds,
    nowhere,
    outages,
    tasks,
)

TODAY = date(2026, 12, 1)
YESTERDAY = TODAY - timedelta(days=1)
NOON = datetime(2026, 12, 1, 5, tzinfo=UTC)

deeds = st.sampled_from([None, *Deed])
copies = st.lists(
    st.builds(
        Held,
        code=st.integers(0, 99).map(str),
        sheet=st.sampled_from("abc"),
        holds=st.booleans(),
        deed=deeds,
        day=st.sampled_from([YESTERDAY, TODAY]),
        at=st.datetimes(datetime(2026, 11, 1), datetime(2026, 12, 1)).map(  # noqa: DTZ001
            lambda at: at.replace(tzinfo=UTC)
        ),
    ).map(lambda held: held if held.deed else replace(held, day=None, at=None)),
    max_size=8,
    unique_by=lambda held: held.code,
)
standing = st.sets(st.sampled_from("abc"))


def held(
    *, holds: bool, deed: Deed | None = None, day: date = YESTERDAY, code: str = "1"
) -> Held[str]:
    return Held(code, "a", holds, deed, day if deed else None, NOON if deed else None)


@given(copies, standing)
def test_every_outdated_sheet_that_hangs_is_to_be_taken_down(
    found: list[Held[str]], stands: set[str]
) -> None:
    due = {each.sheet for each in found if each.hangs and not each.holds}
    told = {task.sheet for task in tasks(found, stands, TODAY) if Step.TAKE_DOWN in task.steps}
    assert told == due


@given(copies, standing)
def test_a_sheet_that_hangs_and_holds_is_never_touched_while_it_is_alone(
    found: list[Held[str]], stands: set[str]
) -> None:
    for task in tasks(found, stands, TODAY):
        mine = [each for each in found if each.sheet == task.sheet]
        if mine and all(each.hangs and each.holds for each in mine):
            assert task.done


@given(copies)
def test_nothing_is_hung_or_printed_of_what_is_no_longer_in_force(
    found: list[Held[str]],
) -> None:
    gone = [replace(each, holds=False) for each in found]
    for task in tasks(gone, set(), TODAY):
        assert not {Step.PRINT, Step.POST} & set(task.steps)


@given(copies, standing)
def test_nothing_that_is_done_hides_what_is_left(
    found: list[Held[str]], stands: set[str]
) -> None:
    for task in tasks(found, stands, TODAY):
        assert task.done == (not task.steps)


def test_the_walk_goes_from_print_to_down_to_up_to_done() -> None:
    old = held(holds=False, deed=Deed.POSTED)
    (first,) = tasks([old], {"a"}, TODAY)
    assert first.steps == (Step.PRINT, Step.TAKE_DOWN)
    new = held(holds=True, code="2")
    (second,) = tasks([old, new], {"a"}, TODAY)
    assert second.steps == (Step.TAKE_DOWN, Step.POST)
    down = replace(old, deed=Deed.TAKEN_DOWN, day=TODAY)
    (third,) = tasks([down, new], {"a"}, TODAY)
    assert third.steps == (Step.POST,)
    up = replace(new, deed=Deed.POSTED, day=TODAY, at=NOON)
    (last,) = tasks([down, up], {"a"}, TODAY)
    assert last.done
    assert tasks([down, up], {"a"}, TODAY + timedelta(days=1)) == []


def test_what_was_hung_in_the_morning_and_changed_at_noon_is_not_begun() -> None:
    old = held(holds=False, deed=Deed.POSTED, day=TODAY)
    (task,) = tasks([old], {"a"}, TODAY)
    assert task.steps
    assert task.at is None, "nobody has done anything about it yet"


def test_what_was_taken_down_and_not_replaced_stays_open_on_the_next_day() -> None:
    (task,) = tasks([held(holds=False, deed=Deed.TAKEN_DOWN)], {"a"}, TODAY)
    assert task.steps == (Step.PRINT,)


def test_a_lost_sheet_is_still_to_be_replaced() -> None:
    (task,) = tasks([held(holds=True, deed=Deed.LOST)], {"a"}, TODAY)
    assert task.lost
    assert task.steps == (Step.PRINT,)


def test_what_was_removed_for_good_is_not_asked_for_again() -> None:
    assert tasks([held(holds=True, deed=Deed.REMOVED)], {"a"}, TODAY) == []
    (today,) = tasks([held(holds=True, deed=Deed.REMOVED, day=TODAY)], {"a"}, TODAY)
    assert today.done


def test_of_a_withdrawn_procedure_the_paper_only_comes_down() -> None:
    (task,) = tasks([held(holds=False, deed=Deed.POSTED)], set(), TODAY)
    assert task.steps == (Step.TAKE_DOWN,)


@pytest.mark.parametrize(
    ("last", "deed"),
    [
        (Deed.POSTED, Deed.POSTED),
        (None, Deed.TAKEN_DOWN),
        (Deed.LOST, Deed.LOST),
        (Deed.REMOVED, Deed.TAKEN_DOWN),
    ],
)
def test_nothing_is_hung_twice_nor_taken_from_where_it_does_not_hang(
    last: Deed | None, deed: Deed
) -> None:
    with pytest.raises(RefusedError):
        may_follow(last, deed)


BOARD = {
    "khai sinh": (SheetKind.PROCEDURE, "Hộ tịch"),
    "khai tử": (SheetKind.PROCEDURE, "Hộ tịch"),
    "chứng thực": (SheetKind.PROCEDURE, "Chứng thực"),
    "danh mục hộ tịch": (SheetKind.LIST, "Hộ tịch"),
    "phí": (SheetKind.FEES, ""),
}


def test_a_place_is_complete_where_all_it_must_show_hangs() -> None:
    shown = compared(
        BOARD,
        [Wanted(SheetKind.PROCEDURE, "Hộ tịch"), Wanted(SheetKind.FEES)],
        ["khai sinh", "chứng thực", "cũ"],
    )
    assert shown.complete == ("khai sinh",)
    assert shown.missing == ("khai tử", "phí")
    assert shown.surplus == ("chứng thực", "cũ")


def test_what_is_asked_for_and_nobody_has_said_yet_is_not_met() -> None:
    wanted = [Wanted(SheetKind.FEEDBACK), Wanted(SheetKind.LIST, "Đất đai")]
    assert compared(BOARD, wanted, []).unmet == tuple(wanted)
    assert compared(BOARD, [Wanted(SheetKind.FEES)], []).unmet == ()


def test_of_a_place_that_must_show_nothing_nothing_is_too_much() -> None:
    assert compared(BOARD, [], ["khai sinh"]).surplus == ()


def test_the_list_of_a_field_stands_for_its_procedures() -> None:
    assert nowhere(BOARD, ["danh mục hộ tịch"]) == ["chứng thực", "phí"]
    assert nowhere(BOARD, []) == ["khai sinh", "khai tử", "chứng thực", "phí"]


def stretch(first: int, last: int) -> Stretch:
    return Stretch(NOON + timedelta(minutes=first), NOON + timedelta(minutes=last))


def test_an_outage_lies_between_two_stretches_in_which_the_board_answered() -> None:
    found = outages([stretch(0, 10), stretch(40, 50)], NOON, NOON + timedelta(minutes=50))
    assert [each.minutes for each in found] == [30]


def test_a_board_that_is_away_right_now_counts() -> None:
    end = NOON + timedelta(minutes=30)
    assert outages([stretch(0, 10)], NOON, end) == [stretch(10, 30)]
    assert outages([stretch(0, 29)], NOON, end) == []


def test_nothing_is_said_of_the_time_before_anybody_measured() -> None:
    assert outages([], NOON, NOON + timedelta(days=9)) == []
    assert outages([stretch(60, 90)], NOON, NOON + timedelta(minutes=90)) == []


@given(
    st.lists(st.integers(1, 60), min_size=2, max_size=12),
    st.integers(0, 200),
    st.integers(0, 200),
)
def test_outages_never_reach_beyond_the_days_asked_for(
    lengths: list[int], first: int, more: int
) -> None:
    at, present = 0, []
    for index, length in enumerate(lengths):
        if index % 2 == 0:
            present.append(stretch(at, at + length))
        at += length + int(SILENT.total_seconds() // 60)
    begin, end = NOON + timedelta(minutes=first), NOON + timedelta(minutes=first + more)
    for each in outages(present, begin, end):
        assert begin <= each.first_at < each.last_at <= end


def test_only_what_can_follow_is_offered_and_what_is_old_is_not_hung() -> None:
    assert next_deeds(None, holds=True) == [Deed.POSTED]
    assert next_deeds(None, holds=False) == []
    assert Deed.POSTED not in next_deeds(Deed.POSTED, holds=True)
    assert next_deeds(Deed.TAKEN_DOWN, holds=False) == [Deed.REMOVED]
