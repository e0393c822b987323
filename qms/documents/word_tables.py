"""Tables in Word files: which column says what, and what customary phrases in cells mean. Pure."""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from qms.documents.kinds.process import MOST_QUARTERS, QUARTERS, StepUnit, quarters_words
from qms.documents.kinds.typing import Typed
from qms.documents.word_blocks import Item, Line, Row
from qms.documents.word_sections import bare
from qms.text import fold

Columns = dict[str, list[int]]
"""The places of the columns by what they say."""

_LONGEST_HEAD: Final = 80
_NUMBERS: Final = r"tt|stt|so tt|so thu tu"
_FEWEST: Final = 2
_LEGAL: Final = re.compile(
    r"\b\d{1,4}(?:/\d{4})?/[A-ZĐ][A-ZĐ0-9]*(?:-[A-ZĐ0-9]+)*\b"
    r"|\b(?:TCVN\s+)?ISO(?:/[A-Z]+)?\s+\d{4,5}(?::\d{4})?"
)
_BEFORE_NUMBER: Final = re.compile(r"\s*\bsố:?\s*$", re.IGNORECASE)
_HOURS: Final = 8
_WORDS_AROUND: Final = r"(?:(?:tối đa|không quá|trong|chậm nhất|khoảng|là)\s+)*"
_ONE: Final = (
    r"(\d+/[1-9]\d?|\d+(?:[.,]\d+)?|[½¼¾])\s*(ngày làm việc|ngày|giờ làm việc|giờ|phút|buổi)"
)
_TIME: Final = re.compile(rf"{_WORDS_AROUND}{_ONE}(?:\s*(?:và|,)?\s*{_ONE})?")
_SIGNS: Final = {"½": "1/2", "¼": "1/4", "¾": "3/4"}
_IN_HOURS: Final = {"giờ làm việc": Fraction(1), "giờ": Fraction(1), "phút": Fraction(1, 60)}
_BOXES: Final = re.compile(r"\([^)]*\)")


def columns(row: Row, roles: Mapping[str, str]) -> Columns | None:
    """Return what each column says if a row is the head of a table with at least two of these."""
    found: Columns = {}
    roles = {"number": _NUMBERS, **roles}
    for place, cell in enumerate(row.cells):
        if len(cell.text) > _LONGEST_HEAD:
            return None
        said = fold(cell.text)
        role = next((r for r, each in roles.items() if re.fullmatch(each, said)), "")
        if role:
            found.setdefault(role, []).append(place)
    return found if len(found) >= _FEWEST else None


def cell(row: Row, where: Columns, role: str) -> str:
    """Return what a row says in the columns of a role, nothing twice."""
    said = (row.cells[place].text for place in where.get(role, ()) if place < len(row.cells))
    return "\n".join(dict.fromkeys(each for each in said if each))


def table(
    items: Sequence[Item], roles: Mapping[str, str], usual: Sequence[str]
) -> tuple[list[Typed], list[Item]]:
    """Return the rows of the tables in a part, and what stands beside them.

    ``usual`` is what the columns say where no head tells; a first column of numbers falls away.
    """
    found: list[Typed] = []
    beside: list[Item] = []
    where: Columns | None = None
    for item in items:
        if isinstance(item, Line):
            beside.append(item)
        elif (head := columns(item, roles)) is not None:
            where = head
        else:
            at = where or _usual(item, usual)
            row = {role: cell(item, at, role) for role in usual}
            if any(row.values()):
                found.append(row)
            else:
                beside.append(item)
    return found, beside


def _usual(row: Row, usual: Sequence[str]) -> Columns:
    first = row.cells[0].text.strip(" .")
    skipped = 1 if len(row.cells) > len(usual) or first.isdigit() or not first else 0
    return {role: [place + skipped] for place, role in enumerate(usual)}


def time_of(said: str) -> tuple[str, StepUnit] | None:
    """Return how long a cell says that a step takes, as it is typed; None where it is unclear."""
    bare_words = " ".join(_BOXES.sub(" ", said).lower().split()).strip(" .;")
    found = _TIME.fullmatch(bare_words)
    if found is None:
        return None
    pairs = [(found[1], found[2]), (found[3], found[4])]
    amounts = [(_amount(number), unit) for number, unit in pairs if number]
    if all(unit.startswith("ngày") for _, unit in amounts):
        days = sum((amount for amount, _ in amounts), Fraction(0))
        if (days * QUARTERS).denominator == 1:
            return _typed(days, StepUnit.WORKING_DAY)
    hours = sum((n * _IN_HOURS.get(u, _day(u)) for n, u in amounts), Fraction(0))
    return _typed(hours, StepUnit.HOUR)


def _day(unit: str) -> Fraction:
    return Fraction(_HOURS, 2) if unit == "buổi" else Fraction(_HOURS)


def _amount(number: str) -> Fraction:
    said = _SIGNS.get(number, number).replace(",", ".")
    over, _, under = said.partition("/")
    return Fraction(over) / Fraction(under or 1)


def _typed(amount: Fraction, unit: StepUnit) -> tuple[str, StepUnit] | None:
    quarters = amount * QUARTERS
    if quarters.denominator != 1 or not 1 <= quarters <= MOST_QUARTERS:
        return None
    return quarters_words(int(quarters)), unit


def references(items: Sequence[Item]) -> list[Typed]:
    """Return the legal texts that lines and rows name, with their numbers."""
    found = []
    for item in items:
        lines = item.text.split("\n") if isinstance(item, Line) else [_joined(item)]
        found += [_reference(bare(line)) for line in lines if line.strip(" -.;")]
    return [each for each in found if each["name"] or each["number"]]


_REFERENCE_HEADS: Final = {"so ky hieu", "ten van ban", "trich yeu", "co quan ban hanh"}


def _joined(row: Row) -> str:
    own = [each for each in row.own if not each.strip(" .").isdigit()]
    is_head = any(fold(each) in _REFERENCE_HEADS for each in own)
    return "" if is_head else " ".join(" ".join(own).split())


def _reference(line: str) -> Typed:
    said = " ".join(line.split()).strip(" ;.,")
    found = _LEGAL.search(said)
    if found is None:
        return {"number": "", "name": said, "document": ""}
    before = _BEFORE_NUMBER.sub("", said[: found.start()])
    name = " ".join(f"{before} {said[found.end() :]}".split()).strip(" ;.,:-–")
    return {"number": found[0], "name": name or said, "document": ""}
