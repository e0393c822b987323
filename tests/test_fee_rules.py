"""What a fee costs on a day: exactly one line, or a word that says why not."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms.documents.kinds.fees import Channel, FeeLine, Picks, Rate, Step
from qms.documents.kinds.procedure import CHANNEL_WORDS, Method, Procedure
from qms.documents.price_checks import MOST, clashes, contradict, gaps
from qms.documents.price_rules import (
    Answer,
    Ground,
    Held,
    Question,
    Source,
    answer,
    cost,
    held,
)
from qms.documents.pricing import priced
from qms.text import fold
from qms.units.rules import Place
from tests import fee_model

DAY = date(2026, 8, 8)
BEFORE = DAY - timedelta(days=1)
SOURCE = Source(1, 1, "BP-01", "BP-01", "Biểu phí", "Hộ tịch", 1, 1, "01/NQ")
CODE = "1.001193"
EARLY = date(1997, 1, 1)
CHANGE = date(2025, 7, 1)

PAGES = FeeLine(
    name="Phí chứng thực bản sao",
    procedure=CODE,
    rate=Rate.STEPS,
    steps=(Step(from_unit=1, amount=2_000), Step(from_unit=3, amount=1_000)),
    cap=200_000,
    unit="đồng/trang",
)
LINE = FeeLine(name="Lệ phí hộ tịch", procedure=CODE, rate=Rate.AMOUNT, amount=8_000)
OFFICE = True
UNITED = Ground(
    {1: "hai-phong-cu", 2: "hai-phong", 3: "hai-duong-cu", 4: "vinh-bao", 5: "vinh-bao-cu"},
    {
        1: Place(1, None, OFFICE, EARLY, date(2025, 6, 30)),
        2: Place(2, None, OFFICE, CHANGE, None),
        3: Place(3, None, OFFICE, EARLY, date(2025, 6, 30)),
        4: Place(4, 2, OFFICE, CHANGE, None),
        5: Place(5, 1, OFFICE, EARLY, date(2025, 6, 30)),
    },
    {2: (1, 3), 4: (5,)},
)
"""A city that took in a province, and a commune of it with the one before."""


def ask(
    *lines: FeeLine,
    on: date = DAY,
    handed_in: date | None = None,
    case: str = "",
    channel: Channel = Channel.DIRECT,
    place: int = 2,
) -> list[Answer]:
    """Ask lines of a schedule in force since the beginning of 2016."""
    question = Question(CODE, channel, UNITED.within(place), handed_in or on, on, case)
    return answer(held(lines, SOURCE, date(2016, 1, 1), None), question)


def amounts(found: list[Answer]) -> list[int | None]:
    """Return the amounts of the lines that answer alone."""
    return [each.line.line.amount if each.line else None for each in found]


@pytest.mark.parametrize(
    ("pages", "costs"),
    [
        (1, 2_000),
        (2, 4_000),
        (3, 5_000),
        (5, 7_000),
        (197, 199_000),
        (198, 200_000),
        (250, 200_000),
    ],
)
def test_pages_cost_what_the_circular_says(pages: int, costs: int) -> None:
    assert cost(PAGES, pages) == costs


def test_unknown_costs_nobody_knows_what_and_free_costs_nought() -> None:
    unknown = LINE.model_copy(update={"rate": Rate.UNKNOWN, "amount": None})
    free = LINE.model_copy(update={"rate": Rate.NONE, "amount": None})
    assert (cost(unknown, 3), cost(free, 3), cost(LINE, 3)) == (None, 0, 24_000)


def test_steps_that_say_nothing_of_the_first_pages_have_no_price() -> None:
    late = PAGES.model_copy(update={"steps": (Step(from_unit=3, amount=1_000),)})
    assert cost(late, 5) is None


def test_a_last_day_still_counts_and_the_day_after_does_not() -> None:
    line = LINE.model_copy(update={"first_day": BEFORE, "last_day": DAY})
    told = [len(ask(line, on=BEFORE + timedelta(days=n))[0].lines) for n in (-1, 0, 1, 2)]
    assert told == [0, 1, 1, 0]


def test_a_line_without_a_first_day_counts_from_its_revision_and_is_marked() -> None:
    (found,) = held([LINE], SOURCE, date(2016, 1, 1), None)
    assert (found.first_day, found.first_day_known) == (date(2016, 1, 1), False)


def test_a_line_that_ended_before_its_revision_answers_never() -> None:
    over = LINE.model_copy(update={"last_day": date(2015, 12, 31)})
    assert held([over], SOURCE, date(2016, 1, 1), None) == []


def test_two_lines_for_one_day_are_an_error_that_names_both() -> None:
    other = LINE.model_copy(update={"amount": 9_000, "first_day": date(2026, 1, 1)})
    (found,) = ask(LINE, other)
    assert found.line is None
    assert found.refusal is not None
    assert [part.values["place"] for part in found.refusal.parts] == [1, 2]


def test_no_line_is_neither_nought_nor_unknown() -> None:
    later = LINE.model_copy(update={"first_day": DAY})
    unknown = LINE.model_copy(update={"name": "Phí khác", "rate": Rate.UNKNOWN, "amount": None})
    gap, found = ask(later, unknown, on=BEFORE)
    assert (gap.lines, gap.refusal) == ((), None)
    assert found.line is not None
    assert found.line.line.rate is Rate.UNKNOWN


def test_the_old_price_holds_for_a_dossier_handed_in_before() -> None:
    old = LINE.model_copy(update={"last_day": BEFORE})
    new = LINE.model_copy(update={"amount": 0, "first_day": DAY, "picked_by": Picks.SUBMISSION})
    assert amounts(ask(old, new, handed_in=BEFORE)) == [8_000]
    assert amounts(ask(old, new, handed_in=DAY)) == [0]
    by_decision = new.model_copy(update={"picked_by": Picks.DECISION})
    assert amounts(ask(old, by_decision, handed_in=BEFORE)) == [0]


def test_a_line_without_a_case_prices_every_case_and_one_with_a_case_only_that() -> None:
    late = LINE.model_copy(update={"case": "Đăng ký quá hạn", "name": "Lệ phí khác"})
    assert amounts(ask(LINE, late, case="dang ky QUÁ HẠN")) == [8_000, 8_000]
    assert amounts(ask(LINE, late, case="Đúng hạn")) == [8_000]
    assert [each.cases for each in ask(LINE, late)] == [(), ("Đăng ký quá hạn",)]


def test_a_channel_is_priced_by_lines_that_name_it_or_none() -> None:
    online = LINE.model_copy(update={"channels": (Channel.ONLINE,)})
    assert ask(online, channel=Channel.POSTAL) == []
    assert amounts(ask(online, channel=Channel.ONLINE)) == [8_000]


def test_a_price_of_an_ended_unit_holds_in_what_followed_it() -> None:
    former = LINE.model_copy(update={"units": ("hai-phong-cu",)})
    assert [len(ask(former, place=place)) for place in (1, 2, 3, 4, 5)] == [1, 1, 0, 1, 1]
    present = LINE.model_copy(update={"units": ("hai-phong",)})
    assert [len(ask(present, place=place)) for place in (1, 2, 3, 4, 5)] == [0, 1, 0, 1, 0]


def test_two_areas_that_one_city_united_do_not_contradict_but_a_part_and_the_whole_do() -> None:
    assert not UNITED.share(("hai-phong-cu",), ("hai-duong-cu",))
    assert UNITED.share(("hai-phong-cu",), ("hai-phong",))
    assert UNITED.share(("vinh-bao-cu",), ("hai-phong",))
    assert not UNITED.share(("vinh-bao",), ("hai-duong-cu",))
    assert UNITED.share((), ("hai-duong-cu",))


def test_a_schedule_with_two_lines_for_one_case_and_day_is_refused_naming_both() -> None:
    other = LINE.model_copy(update={"first_day": DAY, "case": "Quá hạn"})
    ((first, second, why),) = clashes([LINE, PAGES, other])
    assert (first, second) == (0, 2)
    assert "Dòng 1" in str(why)
    assert "dòng 3" in str(why)
    assert "08/08/2026" in str(why)
    ended = LINE.model_copy(update={"last_day": BEFORE})
    assert clashes([ended, PAGES, other]) == []


def test_of_hundreds_of_contradictions_the_first_hundred_are_told() -> None:
    assert len(clashes([LINE] * 300)) == MOST


def test_nested_territories_clash_once_the_units_are_known() -> None:
    part = LINE.model_copy(update={"units": ("vinh-bao",)})
    whole = LINE.model_copy(update={"units": ("hai-phong",)})
    assert clashes([part, whole]) == []
    assert len(clashes([part, whole], UNITED)) == 1


def test_days_that_no_line_answers_are_named() -> None:
    old = LINE.model_copy(update={"last_day": date(2026, 1, 31)})
    new = LINE.model_copy(update={"first_day": date(2026, 3, 1)})
    assert gaps([new, old]) == [(1, 0, date(2026, 2, 1), date(2026, 2, 28))]
    assert gaps([new.model_copy(update={"first_day": date(2026, 2, 1)}), old]) == []


def told(procedure: Procedure, *lines: FeeLine) -> list[list[str]]:
    """Return the cases that each way of a procedure is told prices for."""
    return [[line.case for line in way.fees] for way in priced(procedure, lines).methods]


def test_a_case_is_the_same_however_it_is_spelt() -> None:
    ways = [Method(channel=Channel.DIRECT, case=case) for case in ("Quá hạn:", "Đúng hạn")]
    late = LINE.model_copy(update={"case": "quá  hạn"})
    assert told(Procedure(methods=tuple(ways)), late) == [["quá  hạn"], []]


def test_prices_that_are_all_for_ways_a_procedure_lacks_are_told_with_their_names() -> None:
    online = LINE.model_copy(update={"channels": (Channel.ONLINE,)})
    counter = Procedure(methods=(Method(channel=Channel.DIRECT),))
    assert told(counter, online) == [[CHANNEL_WORDS[Channel.ONLINE]]]
    both = Procedure(methods=(Method(channel=Channel.DIRECT), Method(channel=Channel.ONLINE)))
    assert told(both, online) == [[], [""]]


DAYS = st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 1, 12)))


@st.composite
def lines(draw: st.DrawFn) -> FeeLine:
    """Return a line of a small world in which lines often meet."""
    first, last = draw(DAYS), draw(DAYS)
    if first and last and last < first:
        first, last = last, first
    rate = draw(st.sampled_from([Rate.AMOUNT, Rate.NONE, Rate.EXEMPT, Rate.UNKNOWN]))
    return FeeLine(
        name=draw(st.sampled_from(["Phí", "Lệ phí"])),
        procedure=CODE,
        case=draw(st.sampled_from(["", "Một", "Hai"])),
        channels=tuple(draw(st.sets(st.sampled_from(list(Channel)), max_size=2))),
        units=tuple(draw(st.sets(st.sampled_from(list(UNITED.words.values())), max_size=2))),
        rate=rate,
        amount=draw(st.integers(0, 10**9)) if rate is Rate.AMOUNT else None,
        first_day=first,
        last_day=last,
        picked_by=draw(st.sampled_from(list(Picks))),
    )


SCHEDULES = st.lists(lines(), min_size=1, max_size=6)
QUESTIONS = st.builds(
    Question,
    st.just(CODE),
    st.sampled_from(list(Channel)),
    st.sampled_from([UNITED.within(place) for place in UNITED.places]),
    st.dates(date(2025, 12, 31), date(2026, 1, 13)),
    st.dates(date(2025, 12, 31), date(2026, 1, 13)),
    st.sampled_from(["", "Một", "Hai", "Ba"]),
)


@given(SCHEDULES, QUESTIONS)
def test_each_fee_is_answered_once_by_one_line_or_in_words(
    schedule: list[FeeLine], asked: Question
) -> None:
    """INV-12: exactly one amount, or no line, or all that contradict each other."""
    found = answer(held(schedule, SOURCE, date(2025, 12, 31), None), asked)
    assert len({each.name for each in found}) == len(found)
    for each in found:
        assert (each.line is not None) + (each.refusal is not None) + (not each.lines) == 1
        assert all(line.holds(each.day) for line in each.lines)


LAND = fee_model.Land(
    {"vinh-bao": "hai-phong", "vinh-bao-cu": "hai-phong-cu"},
    [("hai-phong-cu", "hai-phong"), ("hai-duong-cu", "hai-phong"), ("vinh-bao-cu", "vinh-bao")],
)


@given(SCHEDULES, QUESTIONS, st.sampled_from(sorted(UNITED.places)))
def test_a_second_account_gives_the_same_answers(
    schedule: list[FeeLine], asked: Question, place: int
) -> None:
    begin = date(2025, 12, 31)
    asked = replace(asked, within=UNITED.within(place))
    found = answer(held(schedule, SOURCE, begin, None), asked)
    retold = [
        fee_model.Line(
            line.name,
            line.procedure,
            line.case,
            frozenset(line.channels),
            frozenset(line.units),
            line.first_day,
            line.last_day,
            line.picked_by is Picks.SUBMISSION,
        )
        for line in schedule
    ]
    question = fee_model.Asked(
        CODE,
        asked.case,
        asked.channel,
        UNITED.words[place],
        asked.submission_day,
        asked.decision_day,
    )
    assert {
        fold(each.name): sorted(("BP", line.place) for line in each.lines) for each in found
    } == (fee_model.says({"BP": [fee_model.Text(begin, retold)]}, LAND, question))


@given(SCHEDULES, QUESTIONS)
def test_lines_that_do_not_clash_never_refuse_an_answer_where_ground_is_one(
    schedule: list[FeeLine], asked: Question
) -> None:
    """Two areas united later are the one thing that only the place asked can tell apart."""
    kept: list[FeeLine] = []
    for line in schedule:
        if not clashes([*kept, line], UNITED):
            kept.append(line)
    for each in answer(held(kept, SOURCE, date(2025, 12, 31), None), asked):
        named = [line.line.units for line in each.lines]
        assert not any(UNITED.share(one, other) for one, other in combinations(named, 2))


@given(SCHEDULES, SCHEDULES, st.dates(date(2026, 1, 1), date(2026, 1, 12)), QUESTIONS)
def test_a_past_answer_never_changes_by_a_text_that_comes_later(
    old: list[FeeLine], new: list[FeeLine], day: date, asked: Question
) -> None:
    """INV-13, of the rules: what is amended from a day on answers as before until then."""
    asked = replace(
        asked,
        decision_day=min(asked.decision_day, day - timedelta(days=1)),
        submission_day=min(asked.submission_day, day - timedelta(days=1)),
    )
    begin = date(2025, 12, 31)
    before = answer(held(old, SOURCE, begin, None), asked)
    after = answer(
        [
            *held(old, SOURCE, begin, day - timedelta(days=1)),
            *held(new, replace(SOURCE, revision_id=2), day, None),
        ],
        asked,
    )
    told = {each.name: _said(each) for each in after if each.lines}
    assert told == {each.name: _said(each) for each in before if each.lines}


def test_two_schedules_contradict_from_the_first_day_they_share() -> None:
    other = replace(SOURCE, document_id=2, code="BP-02")
    one = Held(LINE, 0, SOURCE, date(2026, 1, 1), None)
    two = Held(LINE, 0, other, DAY, None)
    assert contradict(one, two, UNITED) == DAY
    assert contradict(replace(one, last_day=BEFORE), two, UNITED) is None


def _said(found: Answer) -> list[tuple[FeeLine, date]]:
    return [(each.line, each.first_day) for each in found.lines]
