"""How long the steps of a process take together, and whether the procedure allows it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms.documents.kinds.fees import Channel, FeeLine, Rate
from qms.documents.kinds.procedure import LimitUnit, Method, Procedure, TimeLimit
from qms.documents.kinds.process import (
    Phase,
    Process,
    ProcessStep,
    StepUnit,
    parse_quarters,
    quarters_words,
    time_words,
)
from qms.processes.bound import Bindings, Bound, Stand
from qms.processes.rules import Fit, compare, duration, of_case, said, total
from qms.processes.told import tell
from qms.vietnamese import UnreadableError

MONDAY = date(2026, 8, 3)


def steps(
    *days: float | None, unit: StepUnit = StepUnit.WORKING_DAY
) -> tuple[ProcessStep, ...]:
    return tuple(
        ProcessStep(what="Làm", quarters=None if each is None else int(each * 4), unit=unit)
        for each in days
    )


def phase(*days: float | None) -> Phase:
    return Phase(steps=steps(*days))


def method(
    count: int | None, unit: LimitUnit = LimitUnit.WORKING_DAY, case: str = ""
) -> Method:
    return Method(channel=Channel.DIRECT, case=case, limit=TimeLimit(count=count, unit=unit))


@pytest.mark.parametrize(
    ("days", "sum_"),
    [
        ((0.5, 0.5, 7, 0.5, 1, 0.5), 10),
        ((0.25, 0.25, 1, 1, 0.25, 0.25), 3),
        ((0.5, 7, 1, 0.5, 0.5, 5, 0.5), 15),
    ],
    ids=str,
)
def test_the_steps_of_real_processes_add_up_to_the_limit(
    days: tuple[float, ...], sum_: int
) -> None:
    (found,) = compare([phase(*days, None)], [method(sum_)])
    assert (found.fit, found.total.words) == (Fit.MATCHES, f"{sum_} ngày làm việc")


def test_phases_are_added_and_untimed_steps_skipped() -> None:
    (found,) = compare([phase(0.5, 7, 1), phase(0.5, None, 5, 0.5)], [method(15)])
    assert found.fit is Fit.SHORTER
    assert (
        said(found)
        == "Các bước cộng lại 14,5 ngày làm việc, ngắn hơn thời hạn của thủ tục (15 ngày làm "
        "việc): thiếu 0,5 ngày làm việc."
    )


def test_a_working_day_has_eight_hours() -> None:
    mixed = Phase(steps=(*steps(1), *steps(6, unit=StepUnit.HOUR)))
    assert total(mixed.steps).words == "1,75 ngày làm việc"
    odd = Phase(steps=(*steps(2), *steps(0.25, unit=StepUnit.HOUR)))
    assert total(odd.steps).words == "2 ngày làm việc và 0,25 giờ"
    (found,) = compare([mixed], [method(14, LimitUnit.HOUR)])
    assert found.fit is Fit.MATCHES


def test_what_is_done_the_same_day_may_take_a_working_day_and_no_more() -> None:
    hours = Phase(steps=steps(3, 5, unit=StepUnit.HOUR))
    assert compare([hours], [method(None, LimitUnit.SAME_DAY)])[0].fit is Fit.WITHIN
    longer = Phase(steps=steps(3, 5.25, unit=StepUnit.HOUR))
    (found,) = compare([longer], [method(None, LimitUnit.SAME_DAY)])
    assert (found.fit, found.values["gap"]) == (Fit.LONGER, "0,25 giờ")


@pytest.mark.parametrize(
    ("methods", "days", "why"),
    [
        ([method(15, LimitUnit.DAY)], (15,), "thời hạn của thủ tục là “15 ngày”"),
        ([method(1, LimitUnit.MONTH)], (20,), "thời hạn của thủ tục là “01 tháng”"),
        ([Method(channel=Channel.DIRECT)], (1,), "thủ tục chưa ghi thời hạn"),
        ([], (1,), "thủ tục chưa ghi thời hạn"),
        ([method(3)], (None,), "chưa bước nào tính thời gian"),
    ],
)
def test_what_cannot_be_compared_is_said_and_never_guessed(
    methods: list[Method], days: tuple[float | None, ...], why: str
) -> None:
    (found,) = compare([phase(*days)], methods)
    assert said(found).startswith(f"Không so được: {why}")


def test_each_case_is_compared_with_its_own_limit() -> None:
    both, one, other = steps(1, 2, 4)
    phases = [
        Phase(
            steps=(
                both,
                one.model_copy(update={"case": "Cấp  xã"}),
                other.model_copy(update={"case": "Cấp tỉnh"}),
            )
        )
    ]
    found = compare(phases, [method(3, case="Cấp xã"), method(6, case="cấp tỉnh")])
    assert [(each.case, each.fit) for each in found] == [
        ("Cấp xã", Fit.MATCHES),
        ("cấp tỉnh", Fit.SHORTER),
    ]
    assert of_case(phases, "") == [both]


def test_a_case_the_procedure_does_not_know_is_told_apart() -> None:
    (step,) = steps(2)
    phases = [Phase(steps=(*steps(1), step.model_copy(update={"case": "Lạ"})))]
    found = compare(phases, [method(1)])
    assert [(each.case, each.fit) for each in found] == [
        ("", Fit.MATCHES),
        ("Lạ", Fit.NO_LIMIT),
    ]


def test_ways_with_limits_of_their_own_are_named() -> None:
    online = Method(
        channel=Channel.ONLINE, limit=TimeLimit(count=2, unit=LimitUnit.WORKING_DAY)
    )
    found = compare([phase(3)], [method(3), online])
    assert [(each.about, each.fit) for each in found] == [
        ("trực tiếp", Fit.MATCHES),
        ("trực tuyến", Fit.LONGER),
    ]


TIMES = st.lists(
    st.tuples(st.none() | st.integers(1, 40_000), st.sampled_from(StepUnit)), max_size=8
)


@given(st.lists(TIMES, max_size=4))
def test_the_sum_is_that_of_all_steps_whatever_the_phases(
    told: list[list[tuple[int | None, StepUnit]]],
) -> None:
    phases = [
        Phase(steps=tuple(ProcessStep(what="", quarters=q, unit=u) for q, u in each))
        for each in told
    ]
    hours = sum(
        (q or 0) / 4 * (8 if u is StepUnit.WORKING_DAY else 1) for each in told for q, u in each
    )
    (found,) = compare(phases, [method(1_000_000)])
    assert found.total.quarters == hours * 4
    assert (found.fit is Fit.NO_TIME) == (not any(q for each in told for q, _ in each))
    assert said(found)


@given(st.integers(1, 1_000), st.integers(1, 1_000))
def test_the_gap_is_what_must_be_added_or_taken_away(days: int, limit: int) -> None:
    (found,) = compare([phase(days)], [method(limit)])
    sign = {Fit.MATCHES: 0, Fit.LONGER: 1, Fit.SHORTER: -1}[found.fit]
    assert days - sign * found.gap / 32 == limit
    assert bool(found.gap) == (days != limit)


@given(st.integers(1, 40_000))
def test_time_is_read_as_it_is_written(quarters: int) -> None:
    assert parse_quarters(quarters_words(quarters)) == quarters


@pytest.mark.parametrize(
    ("typed", "quarters"),
    [("0,25", 1), ("0,5", 2), ("0.50", 2), (" 1 ", 4), ("7", 28), ("1.000,5", 4_002)],
)
def test_time_is_typed_as_people_write_it(typed: str, quarters: int) -> None:
    assert parse_quarters(typed) == quarters


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("0,3", "không rơi vào phần tư nào"),
        ("0,1", "không rơi vào phần tư nào"),
        ("0", "từ 0,25 đến 10.000"),
        ("10001", "từ 0,25 đến 10.000"),
        ("1,000", "Hãy ghi thời gian bằng số"),
        ("nửa ngày", "Hãy ghi thời gian bằng số"),
        ("-1", "Hãy ghi thời gian bằng số"),
        ("１", "Hãy ghi thời gian bằng số"),
        ("", "Hãy ghi thời gian bằng số"),
    ],
)
def test_time_off_the_quarters_is_refused_in_words(typed: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=why):
        parse_quarters(typed)


@given(st.integers(0, 10_000))
def test_a_duration_is_said_without_rounding(quarters: int) -> None:
    words = duration(quarters)
    assert ("ngày" in words) or ("giờ" in words)
    if quarters % 8 == 0:
        assert words == time_words(quarters // 8, StepUnit.WORKING_DAY)


def priced(*lines: FeeLine) -> tuple[str, ...]:
    content = Procedure(methods=(Method(channel=Channel.DIRECT, fees=lines),))
    bound = Bound("1.1", Stand.STANDS, content=content)
    return tell(Process(procedures=("1.1",)), Bindings(MONDAY, (bound,))).procedures[0].fees


def test_only_prices_that_hold_that_day_are_told() -> None:
    old = FeeLine(name="Cũ", rate=Rate.AMOUNT, amount=5_000, last_day=date(2026, 8, 2))
    new = FeeLine(name="Mới", rate=Rate.AMOUNT, amount=8_000, first_day=MONDAY)
    unknown = FeeLine(name="Khác", rate=Rate.UNKNOWN)
    assert priced(old, new, unknown) == ("Mới: 8.000 đồng", "Khác: Chưa xác định")
