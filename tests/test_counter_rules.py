"""The promised day: what the law says of working days and limits, by example and by property."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms.counter.calendar import Calendar, DayKind, Turned, by_law
from qms.counter.rules import Silence, Term, late_hour, promise, said_of_time, term
from qms.documents import everyday
from qms.documents.kinds.fees import Channel
from qms.documents.kinds.procedure import LimitUnit, Method, Procedure, TimeLimit

BY_LAW = Calendar()
NOTICE = "Thông báo 9441/TB-BNV"
NINE = time(9)


def at(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """Return a moment by the clock on the office's wall."""
    return datetime.combine(date(year, month, day), time(hour, minute))


MOMENTS = st.datetimes(at(2020, 1, 1), at(2040, 12, 31))
TURNED = st.dictionaries(
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.builds(Turned, st.sampled_from(DayKind), st.just("văn bản")),
    max_size=12,
)
CALENDARS = st.builds(Calendar, TURNED)
COUNTS = st.integers(1, 60)
COUNTED = st.sampled_from([LimitUnit.WORKING_DAY, LimitUnit.DAY])
TERMS = st.one_of(
    st.builds(Term, COUNTS, COUNTED),
    st.builds(Term, st.integers(1, 14), st.just(LimitUnit.MONTH)),
    st.builds(Term, st.integers(1, 24), st.just(LimitUnit.HOUR)),
    st.just(Term(None, LimitUnit.SAME_DAY)),
)
LATE = st.none() | st.times(time(13), time(16, 30))


def due(
    received: date, count: int, unit: LimitUnit = LimitUnit.WORKING_DAY, days: Calendar = BY_LAW
) -> date | None:
    return promise(Term(count, unit), datetime.combine(received, NINE), days).day


@pytest.mark.parametrize(
    ("received", "count", "expected"),
    [
        pytest.param((2026, 11, 26), 1, (2026, 11, 27), id="the day of receipt is not counted"),
        pytest.param((2026, 11, 27), 1, (2026, 11, 30), id="over a weekend"),
        pytest.param((2026, 2, 13), 1, (2026, 2, 23), id="Tết 2026: 16 to 20 February"),
        pytest.param((2026, 2, 11), 5, (2026, 2, 25), id="five days across Tết 2026"),
        pytest.param(
            (2027, 2, 3), 1, (2027, 2, 11), id="Tết 2027 by the law: 4 to 10 February"
        ),
        pytest.param(
            (2026, 4, 24), 1, (2026, 4, 28), id="Giỗ Tổ on a Sunday: the Monday is off"
        ),
        pytest.param((2026, 4, 29), 1, (2026, 5, 4), id="30/4 and 1/5"),
        pytest.param((2027, 4, 29), 1, (2027, 5, 4), id="1/5 on a Saturday: the Monday is off"),
        pytest.param((2026, 8, 28), 1, (2026, 9, 3), id="2/9 with the day swapped for it"),
        pytest.param((2026, 8, 21), 1, (2026, 8, 22), id="the Saturday worked instead"),
        pytest.param((2026, 8, 21), 2, (2026, 8, 24), id="that Saturday, then the Monday"),
        pytest.param((2026, 11, 23), 1, (2026, 11, 25), id="Ngày Văn hóa Việt Nam"),
        pytest.param((2026, 12, 31), 1, (2027, 1, 4), id="New Year's Day"),
    ],
)
def test_working_days_pass_over_weekends_and_the_holidays_of_the_law(
    received: tuple[int, int, int], count: int, expected: tuple[int, int, int]
) -> None:
    assert due(date(*received), count) == date(*expected)


def test_a_notice_turns_days_off_and_days_worked() -> None:
    """The second of January 2026 was swapped for Saturday the tenth; the package knows neither."""
    eve = date(2025, 12, 31)
    turned = {
        date(2026, 1, 2): Turned(DayKind.OFF, NOTICE),
        date(2026, 1, 10): Turned(DayKind.WORKING, NOTICE),
    }
    assert due(eve, 1) == date(2026, 1, 2)
    assert due(eve, 1, days=Calendar(turned)) == date(2026, 1, 5)
    assert due(date(2026, 1, 9), 1, days=Calendar(turned)) == date(2026, 1, 10)
    back = {**turned, date(2026, 1, 2): Turned(DayKind.AS_LAW, "đính chính")}
    assert due(eve, 1, days=Calendar(back)) == date(2026, 1, 2)


def test_other_units_end_on_their_day_or_on_the_next_that_is_worked() -> None:
    assert due(date(2026, 11, 26), 15, LimitUnit.DAY) == date(2026, 12, 11)
    assert due(date(2026, 11, 26), 3, LimitUnit.DAY) == date(2026, 11, 30), "not a Sunday"
    assert due(date(2027, 1, 31), 1, LimitUnit.MONTH) == date(2027, 3, 1), "28/2 is a Sunday"
    assert due(date(2026, 8, 31), 6, LimitUnit.MONTH) == date(2027, 3, 3), "received on 3/9"
    assert due(date(2026, 11, 26), 2, LimitUnit.HOUR) == date(2026, 11, 26)
    found = promise(Term(2, LimitUnit.HOUR), at(2026, 11, 26, 9, 30), BY_LAW)
    assert found.at == at(2026, 11, 26, 11, 30)
    friday = promise(Term(24, LimitUnit.HOUR), at(2026, 11, 27, 9), BY_LAW)
    assert (friday.day, friday.at) == (date(2026, 11, 30), None)


def test_what_comes_on_a_day_off_counts_as_received_on_the_next_working_day() -> None:
    sunday = at(2026, 11, 29, 20)
    found = promise(Term(1, LimitUnit.WORKING_DAY), sunday, BY_LAW)
    assert (found.received, found.day) == (date(2026, 11, 30), date(2026, 12, 1))
    same = promise(Term(None, LimitUnit.SAME_DAY), sunday, BY_LAW, time(15))
    assert (same.day, same.late) == (date(2026, 11, 30), None)


def test_after_three_belongs_to_the_procedure_that_says_so() -> None:
    day = Term(None, LimitUnit.SAME_DAY)
    three, after = at(2026, 11, 27, 15), at(2026, 11, 27, 15, 1)
    assert promise(day, three, BY_LAW, time(15)).day == date(2026, 11, 27)
    late = promise(day, after, BY_LAW, time(15))
    assert (late.day, late.late) == (date(2026, 11, 30), time(15))
    assert promise(day, after, BY_LAW).day == date(2026, 11, 27)
    three_days = Term(3, LimitUnit.WORKING_DAY)
    assert promise(three_days, after, BY_LAW, time(15)) == promise(three_days, three, BY_LAW)
    evening = promise(day, at(2026, 11, 26, 21), BY_LAW)
    assert (evening.day, evening.closed) == (date(2026, 11, 27), True)


@pytest.mark.parametrize(
    ("said", "hour"),
    [
        ("nếu tiếp nhận hồ sơ sau 15 giờ thì trả trong ngày làm việc tiếp theo", time(15)),
        ("Trong ngày, hoặc ngày làm việc tiếp theo nếu tiếp nhận sau 15 giờ", time(15)),
        ("tiếp nhận sau 15h30 thì hẹn ngày làm việc kế tiếp", time(15, 30)),
        ("nhận sau 16:00 thì gửi trong ngày làm việc tiếp theo.", time(16)),
        ("Sau 15 giờ đóng cửa. Kết quả trả trong ngày làm việc tiếp theo.", None),
        ("Sau 15 ngày làm việc tiếp theo", None),
        ("Ngay trong ngày tiếp nhận.", None),
        ("", None),
    ],
)
def test_the_late_hour_is_read_from_the_procedures_own_words(
    said: str, hour: time | None
) -> None:
    assert late_hour(Procedure(steps=f"Bước 1: {said}")) == hour
    limit = TimeLimit(unit=LimitUnit.SAME_DAY, note=said)
    assert late_hour(Procedure(methods=(Method(channel=Channel.DIRECT, limit=limit),))) == hour


@pytest.mark.parametrize(
    ("limit", "silence"),
    [
        (term(None, LimitUnit.OTHER, ""), Silence.UNSAID),
        (term(None, LimitUnit.OTHER, "theo giấy hẹn"), Silence.WORDS),
        (term(0, LimitUnit.WORKING_DAY, "00 ngày làm việc"), Silence.WORDS),
        (term(None, LimitUnit.DAY, ""), Silence.UNSAID),
        (term(176, LimitUnit.HOUR, "176 giờ"), Silence.HOURS),
        (term(9_999, LimitUnit.MONTH, "9999 tháng"), Silence.WORDS),
    ],
)
def test_a_limit_nobody_can_count_promises_nothing(limit: Term, silence: Silence) -> None:
    found = promise(limit, at(2026, 11, 26, 9), BY_LAW)
    assert (found.day, found.silence) == (None, silence)


def test_holidays_no_notice_was_compared_with_are_named() -> None:
    """Tết 2027 may still be moved by the notice of its year."""
    limit, day = Term(10, LimitUnit.WORKING_DAY), at(2027, 1, 28, 9)
    assert promise(limit, day, BY_LAW).open_years == (2027,)
    assert promise(limit, day, Calendar({}, frozenset({2027}))).open_years == ()
    autumn = at(2026, 10, 1, 9)
    assert promise(limit, autumn, BY_LAW).open_years == ()
    names = [each.name for each in promise(limit, day, BY_LAW).holidays]
    assert "Tết Nguyên Đán" in " ".join(names)


@given(TERMS, MOMENTS, CALENDARS, LATE)
def test_the_promised_day_is_worked_and_never_before_that_of_receipt(
    limit: Term, moment: datetime, days: Calendar, late: time | None
) -> None:
    found = promise(limit, moment, days, late)
    assert found.day is not None
    assert days.works(found.day)
    assert days.works(found.received)
    assert moment.date() <= found.received <= found.day


@given(COUNTS, MOMENTS, CALENDARS)
def test_exactly_so_many_working_days_lie_after_the_day_of_receipt(
    count: int, moment: datetime, days: Calendar
) -> None:
    found = promise(Term(count, LimitUnit.WORKING_DAY), moment, days)
    assert found.day is not None
    way = (found.day - found.received).days
    worked = [n for n in range(1, way + 1) if days.works(found.received + timedelta(days=n))]
    assert len(worked) == count
    assert len(found.skipped) == way - count


@given(TERMS, MOMENTS, st.timedeltas(timedelta(), timedelta(days=40)), CALENDARS, LATE)
def test_who_comes_later_is_never_promised_an_earlier_day(
    limit: Term, moment: datetime, later: timedelta, days: Calendar, late: time | None
) -> None:
    first, second = (promise(limit, at, days, late).day for at in (moment, moment + later))
    assert first is not None
    assert second is not None
    assert first <= second


@given(COUNTS, COUNTS, COUNTED, MOMENTS, CALENDARS)
def test_a_longer_limit_never_ends_earlier(
    one: int, other: int, unit: LimitUnit, moment: datetime, days: Calendar
) -> None:
    short, long = sorted((one, other))
    ends = [promise(Term(n, unit), moment, days) for n in (short, long)]
    assert ends[0].day is not None
    assert ends[1].day is not None
    assert ends[0].day <= ends[1].day


@pytest.mark.parametrize("year", [2013, 2025, 2026, 2030, 2053, 2098])
def test_each_year_has_the_eleven_holidays_of_the_law(year: int) -> None:
    """Điều 112: one New Year, five Tết, one each for Giỗ Tổ, 30/4, 1/5, and two for 2/9 later."""
    named, _ = by_law(year)
    for month, day in ((1, 1), (4, 30), (5, 1), (9, 2)):
        assert date(year, month, day) in named
    assert sum("Tết" in name and "Dương" not in name for name in named.values()) >= 4


def test_sentences_that_speak_of_time_are_quoted_short_and_once() -> None:
    text = "Nộp hồ sơ. Trả kết quả ngay trong ngày; sau 15 giờ thì hẹn. " + "trong ngày " * 60
    assert said_of_time([text, text]) == ["Trả kết quả ngay trong ngày", "sau 15 giờ thì hẹn"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("khai sinh cho con", "đăng ký khai sinh"),
        ("lam giay chung tu", "đăng ký khai tử"),
        ("Giấy CHỨNG TỬ", "đăng ký khai tử"),
        ("xac nhan doc than", "xác nhận tình trạng hôn nhân"),
        ("sao y 12 trang", "chứng thực bản sao từ bản chính"),
        ("mat giay khai sinh", "đăng ký lại khai sinh"),
    ],
)
def test_everyday_words_are_taken_for_the_name_in_the_law(typed: str, name: str) -> None:
    assert everyday.read(typed).names[0] == name


def test_everyday_words_step_back_where_more_was_said() -> None:
    assert everyday.read("khai sinh cho con").whole
    assert not everyday.read("xóa đăng ký thường trú").whole
    assert everyday.read("kết hôn với người nước ngoài").names[0].endswith(everyday.FOREIGN)
    assert everyday.read("2.000815") == everyday.Everyday()
    assert everyday.read("") == everyday.Everyday()
