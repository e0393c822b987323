"""How numbers, money and days are written and read in Vietnam. Pure."""

import calendar
import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from qms import text
from qms.errors import InvalidError

LARGEST_AMOUNT: Final = 10**15 - 1
"""In đồng; well inside what every database holds in a whole number."""
YEARS: Final = range(1900, 2200)
"""Years a day may lie in; anything else is a slip of the keyboard."""

_SWAPPED: Final = str.maketrans(",.", ".,")
_CURRENCY: Final = re.compile(r"\s*(?:đồng|đ|vnđ|vnd|₫)$", re.IGNORECASE)
_GROUPED: Final = re.compile(r"\d{1,3}(?:(?:\.\d{3})+|(?: \d{3})+)|\d+")
_UNCLEAR_COMMA: Final = re.compile(r"\d{1,3},\d{3}")
_WITH_FRACTION: Final = re.compile(r"[\d. ]*\d[.,]\d{1,2}")
_DAY: Final = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})|(\d{4})-(\d{1,2})-(\d{1,2})")
_SHORT_YEAR: Final = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{1,3})")
_CLOCK: Final = re.compile(r"(?<!\d)([01]?\d|2[0-3])[:h]([0-5]\d)(?!\d)")

_HOUR: Final = re.compile(
    r"([01]?[0-9]|2[0-3])(?::([0-5][0-9])|(?:giờ|h|g)([0-5][0-9])?(?:phút|p|')?)"
)
_DIGITS: Final = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_AFTER_TENS: Final = {1: "mốt", 4: "tư", 5: "lăm"}
_THOUSANDS: Final = ("", "nghìn", "triệu")
_BILLION: Final = 10**9
_KILO: Final = 1_024
_WEEKDAYS: Final = (
    "thứ Hai",
    "thứ Ba",
    "thứ Tư",
    "thứ Năm",
    "thứ Sáu",
    "thứ Bảy",
    "Chủ nhật",
)


class UnreadableError(InvalidError, ValueError):
    """What was typed is no amount or no day; the sentence says how to write it."""


def number(value: Decimal | float) -> str:
    """Write a number with Vietnamese separators: ``1.234,5``.

    A Decimal keeps the decimal places it has; a float shows the fewest that tell it apart.
    """
    if isinstance(value, float):
        value = int(value) if value.is_integer() else Decimal(repr(value))
    shown = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    return shown.translate(_SWAPPED)


def money(amount: int) -> str:
    """Write an amount in whole đồng: ``8.000 đồng``."""
    return f"{number(amount)} đồng"


def parse_money(typed: str) -> int:
    """Read whole đồng from ``8.000``, ``8000``, ``8 000`` or ``8.000 đồng``.

    Raises :class:`UnreadableError`, a ValueError, where the amount is unclear.
    """
    digits = _CURRENCY.sub("", " ".join(text.nfc(typed).split()))
    if digits.isascii() and _GROUPED.fullmatch(digits):
        amount = int(re.sub("[. ]", "", digits)[:20])
        if amount > LARGEST_AMOUNT:
            raise UnreadableError("Số tiền quá lớn. Hãy kiểm tra lại số chữ số 0.")
        return amount
    if _UNCLEAR_COMMA.fullmatch(digits):
        raise UnreadableError(
            "“%(typed)s” có thể là %(large)s đồng hoặc %(small)s đồng, vì dấu phẩy là dấu thập "
            "phân. Hãy dùng dấu chấm ở hàng nghìn, ví dụ %(large)s.",
            typed=digits,
            large=digits.replace(",", "."),
            small=digits.rstrip("0").rstrip(","),
        )
    if digits.startswith("-"):
        raise UnreadableError("Số tiền không được âm.")
    if _WITH_FRACTION.fullmatch(digits):
        raise UnreadableError(
            "“%(typed)s” không phải số tiền nguyên đồng. Dấu chấm ngăn từng nhóm ba chữ số, "
            "ví dụ 8.000; không viết phần lẻ.",
            typed=digits,
        )
    raise UnreadableError("Hãy viết số tiền bằng chữ số, ví dụ 8.000 hoặc 8000.")


def file_size(size: int) -> str:
    """Write how large a file is: ``980 byte``, ``24,5 KB``, ``3,1 MB``."""
    if size < _KILO:
        return f"{size} byte"
    units = size / _KILO
    if units < _KILO:
        return f"{number(round(units, 1))} KB"
    return f"{number(round(units / _KILO, 1))} MB"


def amount_in_words(amount: int) -> str:
    """Write an amount in đồng in words, the first letter capital: ``Tám nghìn đồng``.

    Raises ValueError for an amount below zero.
    """
    if amount < 0:
        raise ValueError(amount)
    words = " ".join(_in_words(amount, whole=True)) or _DIGITS[0]
    return f"{words[0].upper()}{words[1:]} đồng"


def _in_words(value: int, *, whole: bool) -> list[str]:
    """Return the words; ``whole`` where nothing stands before, so no leading zero is said."""
    words: list[str] = []
    if value >= _BILLION:
        words = [*_in_words(value // _BILLION, whole=whole), "tỷ"]
        value, whole = value % _BILLION, False
    for power in (2, 1, 0):
        group = value // 1000**power % 1000
        if group:
            words += _group_in_words(group, whole=whole)
            words += [_THOUSANDS[power]] if power else []
            whole = False
    return words


def _group_in_words(group: int, *, whole: bool) -> list[str]:
    hundreds, tens, ones = group // 100, group // 10 % 10, group % 10
    words: list[str] = []
    if hundreds or not whole:
        words = [_DIGITS[hundreds], "trăm"]
    if tens > 1:
        words += [_DIGITS[tens], "mươi"]
    elif tens == 1:
        words.append("mười")
    elif ones and words:
        words.append("linh")
    if ones:
        after_tens = tens > 1 or (tens == 1 and ones == 5)  # noqa: PLR2004 - mười lăm
        words.append(_AFTER_TENS.get(ones, _DIGITS[ones]) if after_tens else _DIGITS[ones])
    return words


def day(value: date) -> str:
    """Write a day: ``05/03/2018``."""
    return f"{value.day:02}/{value.month:02}/{value.year:04}"


def formal_day(value: date) -> str:
    """Write a day as official papers do: ``ngày 05 tháng 3 năm 2018``.

    Days below 10 and the months 1 and 2 get a zero, so that nobody can add a digit.
    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I.
    """
    month = f"{value.month:02}" if value.month in {1, 2} else str(value.month)
    return f"ngày {value.day:02} tháng {month} năm {value.year}"


def weekday_day(value: date) -> str:
    """Write a day with its weekday: ``thứ Hai, 23/11/2026``."""
    return f"{_WEEKDAYS[value.weekday()]}, {day(value)}"


def parse_moment(typed: str) -> datetime:
    """Read a time of a day from ``08:15, 23/11/2026``, ``23/11/2026 8:15`` or ``2026-11-23T08:15``.

    The office's clock is meant; the result says no zone. Raises :class:`UnreadableError`.
    """
    found = _CLOCK.search(typed)
    if found is None:
        raise UnreadableError("Hãy viết giờ và ngày, ví dụ 08:15, 23/11/2026.")
    rest = (typed[: found.start()] + typed[found.end() :]).strip(" ,T")
    return datetime.combine(parse_day(rest), time(int(found[1]), int(found[2])))


def parse_clock(typed: str) -> time:
    """Read a time of a day from ``08:30``, ``8h30``, ``8g30``, ``10h`` or ``10 giờ 15``.

    Raises :class:`UnreadableError`, a ValueError, where there is no such time.
    """
    found = _HOUR.fullmatch("".join(text.nfc(typed).casefold().split()))
    if found is None:
        raise UnreadableError("Hãy viết giờ như 08:30, 8h30 hoặc 10h.")
    return time(int(found[1]), int(found[2] or found[3] or 0))


def parse_day(typed: str) -> date:
    """Read a day from ``5/3/2018``, ``05/03/2018``, ``05-03-2018`` or ``2018-03-05``.

    Raises :class:`UnreadableError`, a ValueError, where there is no such day.
    """
    written = "".join(text.nfc(typed).split())
    found = _DAY.fullmatch(written) if written.isascii() else None
    if found is None:
        if _SHORT_YEAR.fullmatch(written):
            raise UnreadableError("Hãy viết đủ bốn chữ số của năm, ví dụ 05/03/2018.")
        raise UnreadableError("Hãy viết ngày theo dạng ngày/tháng/năm, ví dụ 05/03/2018.")
    day_, month, year = (int(found[n]) for n in ((1, 3, 4) if found[1] else (7, 6, 5)))
    if year not in YEARS:
        raise UnreadableError(
            "Năm %(year)s nằm ngoài khoảng %(first)s–%(last)s. Hãy kiểm tra lại năm.",
            year=f"{year:04}",
            first=YEARS[0],
            last=YEARS[-1],
        )
    if not 1 <= month <= 12:  # noqa: PLR2004 - months of a year
        raise UnreadableError("Không có tháng %(month)s. Tháng là số từ 1 đến 12.", month=month)
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day_ <= last:
        raise UnreadableError(
            "Không có ngày %(day)02d/%(month)02d/%(year)d: tháng %(month)d năm %(year)d "
            "có %(last)d ngày.",
            day=day_,
            month=month,
            year=year,
            last=last,
        )
    return date(year, month, day_)
