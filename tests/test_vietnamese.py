from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qms import vietnamese


@given(st.integers(0, vietnamese.LARGEST_AMOUNT))
def test_an_amount_written_is_read_as_the_same_amount(amount: int) -> None:
    assert vietnamese.parse_money(vietnamese.money(amount)) == amount
    assert vietnamese.parse_money(str(amount)) == amount
    assert vietnamese.parse_money(f"{amount:,}".replace(",", "\u00a0")) == amount


def test_money_and_numbers_are_written_the_vietnamese_way() -> None:
    assert vietnamese.money(8000) == "8.000 đồng"
    assert vietnamese.number(1234567) == "1.234.567"
    assert vietnamese.number(1234.5) == "1.234,5"
    assert vietnamese.number(70.0) == "70"
    assert vietnamese.number(Decimal("1234.50")) == "1.234,50"


@pytest.mark.parametrize(
    "typed", ["8.000", "8000", "8 000", "8.000 đồng", " 8.000đ ", "8000 VND"]
)
def test_eight_thousand_is_read_however_it_is_written(typed: str) -> None:
    assert vietnamese.parse_money(typed) == 8000


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("8,000", "“8,000” có thể là 8.000 đồng hoặc 8 đồng"),
        ("8,050", "có thể là 8.050 đồng hoặc 8,05 đồng"),
        ("8,5", "không phải số tiền nguyên đồng"),
        ("8.00", "không phải số tiền nguyên đồng"),
        ("1,234,000", "Hãy viết số tiền bằng chữ số"),
        ("1.000 000", "Hãy viết số tiền bằng chữ số"),
        ("tám nghìn", "Hãy viết số tiền bằng chữ số"),
        ("", "Hãy viết số tiền bằng chữ số"),
        ("-8.000", "không được âm"),
        ("9" * 40, "quá lớn"),
        ("٨٠٠٠", "Hãy viết số tiền bằng chữ số"),
    ],
)
def test_an_unclear_amount_is_refused_with_what_it_could_mean(typed: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        vietnamese.parse_money(typed)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Không đồng"),
        (8000, "Tám nghìn đồng"),
        (15_000, "Mười lăm nghìn đồng"),
        (14_010, "Mười bốn nghìn không trăm mười đồng"),
        (21_000, "Hai mươi mốt nghìn đồng"),
        (24_000, "Hai mươi tư nghìn đồng"),
        (50_020, "Năm mươi nghìn không trăm hai mươi đồng"),
        (105_000, "Một trăm linh năm nghìn đồng"),
        (110_000, "Một trăm mười nghìn đồng"),
        (1_005_000, "Một triệu không trăm linh năm nghìn đồng"),
        (1_000_000_005, "Một tỷ không trăm linh năm đồng"),
        (1_005_000_000_000, "Một nghìn không trăm linh năm tỷ đồng"),
    ],
)
def test_amounts_are_said_in_words(amount: int, words: str) -> None:
    assert vietnamese.amount_in_words(amount) == words


def test_an_amount_below_zero_has_no_words() -> None:
    with pytest.raises(ValueError, match="-1"):
        vietnamese.amount_in_words(-1)


@given(st.integers(0, 10**13), st.integers(0, 10**13))
def test_different_amounts_have_different_words(one: int, other: int) -> None:
    assume(one != other)
    assert vietnamese.amount_in_words(one) != vietnamese.amount_in_words(other)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_a_day_written_is_read_as_the_same_day(day: date) -> None:
    assert vietnamese.parse_day(vietnamese.day(day)) == day
    assert vietnamese.parse_day(day.isoformat()) == day
    assert vietnamese.parse_day(f" {day.day}/{day.month}/{day.year} ") == day


def test_days_are_written_as_official_papers_write_them() -> None:
    assert vietnamese.day(date(2018, 3, 5)) == "05/03/2018"
    assert vietnamese.formal_day(date(2018, 3, 5)) == "ngày 05 tháng 3 năm 2018"
    assert vietnamese.formal_day(date(2026, 2, 23)) == "ngày 23 tháng 02 năm 2026"
    assert vietnamese.weekday_day(date(2026, 11, 23)) == "thứ Hai, 23/11/2026"
    assert vietnamese.weekday_day(date(2026, 11, 29)) == "Chủ nhật, 29/11/2026"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("31/02/2018", "Không có ngày 31/02/2018: tháng 2 năm 2018 có 28 ngày."),
        ("0/1/2018", "Không có ngày 00/01/2018"),
        ("1/13/2018", "Không có tháng 13"),
        ("5/3/18", "đủ bốn chữ số của năm"),
        ("5/3/0218", "Năm 0218 nằm ngoài khoảng 1900–2199"),
        ("5/3-2018", "theo dạng ngày/tháng/năm"),
        ("hôm nay", "theo dạng ngày/tháng/năm"),
        ("", "theo dạng ngày/tháng/năm"),
    ],
)
def test_a_day_that_is_none_is_refused_with_how_to_write_it(typed: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        vietnamese.parse_day(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "08:15, 23/11/2026",
        "8h15 23/11/2026",
        "23/11/2026 8:15",
        "23-11-2026, 08:15",
        "2026-11-23T08:15",
    ],
)
def test_a_time_of_a_day_is_read_as_people_write_it(typed: str) -> None:
    assert vietnamese.parse_moment(typed) == datetime.fromisoformat("2026-11-23T08:15")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("23/11/2026", "Hãy viết giờ và ngày"),
        ("24:00, 23/11/2026", "Hãy viết giờ và ngày"),
        ("08:15", "theo dạng ngày/tháng/năm"),
        ("08:15, 31/02/2026", "Không có ngày 31/02/2026"),
        ("hôm qua", "Hãy viết giờ và ngày"),
    ],
)
def test_a_time_of_a_day_that_is_none_is_refused(typed: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        vietnamese.parse_moment(typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("08:30", time(8, 30)),
        ("8h30", time(8, 30)),
        ("8g30", time(8, 30)),
        ("8 giờ 30 phút", time(8, 30)),
        ("10h", time(10)),
        ("10 H", time(10)),
        ("0:05", time(0, 5)),
    ],
)
def test_an_hour_is_read_as_people_write_it(typed: str, meant: time) -> None:
    assert vietnamese.parse_clock(typed) == meant


@pytest.mark.parametrize("typed", ["8", "24h", "8h60", "8:3", "tám giờ", "8h30 sáng", ":30"])
def test_what_is_no_hour_is_refused(typed: str) -> None:
    with pytest.raises(vietnamese.UnreadableError, match="8h30"):
        vietnamese.parse_clock(typed)
