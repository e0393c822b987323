"""Fee lines of the catalogue: amounts, what their notes say, and the doubts that follow.

Pure. An amount under an open doubt is kept as unknown, with the catalogue's words in the note;
the doubt remembers the line that a yes puts back. Unknown is never nought.
"""

import re
from dataclasses import dataclass
from typing import Final

from qms.documents.kinds.fees import FeeLine, FeeType, Rate
from qms.documents.kinds.procedure import Procedure
from qms.national import words
from qms.national.doubts import Doubt, DoubtKind, doubt
from qms.national.words import SAID, meaning
from qms.vietnamese import money

MOST: Final = 10**15
"""Đồng above which a number is no price."""

SMALLEST: Final = 1_000
"""Đồng below which no price is charged today; smaller ones are thousands or dollars."""

_NUMBER: Final = r"(?<![\d.,/])(\d{1,3}(?:[. ]\d{3}){1,4}|\d{1,15})(?:,(\d{1,9}))?"
_UNIT: Final = r"(nghìn đồng|ngàn đồng|triệu đồng|đồng|vnđ|vnd|nghìn|ngàn|triệu|đ(?!\w))"
_AMOUNT: Final = re.compile(rf"{_NUMBER}\s*(?:/\s*)?{_UNIT}", re.IGNORECASE)
_BARE: Final = re.compile(r"(?<![\d.,/])(\d{1,3}(?:\.\d{3}){1,4})(?![\d.,]{0,20}[\d/]\d)")
_DOLLARS: Final = re.compile(rf"{_NUMBER}\s*(?:usd|đô la|us\$)|\$\s*(\d{1, 15})", re.IGNORECASE)
_PERCENT: Final = re.compile(r"\d\s*%")
_COUNCIL: Final = re.compile(r"hội\s+đồng\s+nhân\s+dân|hđnd", re.IGNORECASE)
_RESOLUTION: Final = re.compile(r"nghị\s+quyết|\d/NQ", re.IGNORECASE)
_FREE: Final = re.compile(
    r"\W*(đồng|không|không (có|thu|quy định|mất|phải nộp)|miễn phí)"
    r"(\W*(phí|lệ phí|phí,? lệ phí|đồng))?\W*|\W*không thu\b.*",
    re.IGNORECASE | re.DOTALL,
)
_WAIVED: Final = re.compile(
    r"\W*miễn (thu )?(lệ )?phí\s*[.)\n].*|\W*miễn (thu )?(lệ )?phí\W*",
    re.IGNORECASE | re.DOTALL,
)
_PER: Final = re.compile(r"/\s*[^\W\d_][^.;:(/]{0,60}")
_CHARGE: Final = re.compile(r"lệ\s+phí", re.IGNORECASE)
_FEE: Final = re.compile(r"(?<!lệ )\bphí\b", re.IGNORECASE)
_LONG: Final = 1_000
_TIMES: Final = {"nghìn": 1_000, "ngàn": 1_000, "triệu": 1_000_000}
_NAMES: Final = {FeeType.FEE: "Phí", FeeType.CHARGE: "Lệ phí", FeeType.UNSAID: "Phí, lệ phí"}


@dataclass(frozen=True, slots=True)
class Price:
    """A price as an export has it; ``amount`` is None where it names none."""

    amount: int | None
    currency: str
    note: str


def read_price(price: Price, where: str) -> tuple[FeeLine, Doubt | None]:
    """Return the fee line to keep, and the doubt about it if there is one."""
    found = _doubted(price)
    if price.amount:
        said = _line(price, Rate.AMOUNT)
    elif price.amount is None:
        said = _line(price, Rate.UNKNOWN)
    else:
        said = _line(price, Rate.EXEMPT if _is(_WAIVED, price.note) else Rate.NONE)
    if found is None:
        return said, None
    kind, suggestion = found
    told = " – ".join(part for part in (_said(price), price.note) if part)
    return _unknown(said, told), doubt(kind, where, told, suggestion, restore=said)


def doubted_again(content: Procedure, said: Doubt, line: FeeLine | None) -> Procedure:
    """Return a content in which ``line``, put there by an answer, is as unknown as before."""
    base = said.restore
    if base is None or line is None:
        return content
    unknown = _unknown(base, said.said)
    methods = tuple(
        method.model_copy(
            update={"fees": tuple(unknown if fee == line else fee for fee in method.fees)}
        )
        for method in content.methods
    )
    return content.model_copy(update={"methods": methods})


def _unknown(line: FeeLine, told: str) -> FeeLine:
    changes = {"rate": Rate.UNKNOWN, "amount": None, "unit": "", "note": SAID + told}
    return line.model_copy(update=changes)


def confirmed(content: Procedure, said: Doubt) -> Procedure:
    """Return a content with the fee lines of a doubt as the catalogue has them.

    Lines are found by their words, so their order may have changed since. Other doubts change
    nothing when they are confirmed, but for levels, where the shorter list is then taken.
    """
    if said.kind is DoubtKind.LEVELS_SHORTER:
        return content.model_copy(update={"levels": words.levels(said.suggestion)})
    if said.restore is None:
        return content
    methods = tuple(
        method.model_copy(
            update={
                "fees": tuple(_confirmed(line, said.said, said.restore) for line in method.fees)
            }
        )
        for method in content.methods
    )
    return content.model_copy(update={"methods": methods})


def _confirmed(line: FeeLine, said: str, restore: FeeLine) -> FeeLine:
    doubted = line.rate is Rate.UNKNOWN and line.note == SAID + said
    return restore if doubted else line


def key(line: FeeLine) -> tuple[object, ...]:
    """Return what two lines share that say the same price, doubted or not."""
    note, amount = line.unit.removeprefix("đồng") + line.note, line.amount
    if line.rate is Rate.UNKNOWN and note.startswith(SAID):
        said, _, note = note.removeprefix(SAID).partition(" – ")
        return ("", _digits(said), meaning(note))
    if line.rate in {Rate.NONE, Rate.EXEMPT}:
        amount = 0
    place = (line.name, line.case, line.channels, line.territory, line.steps, line.cap)
    rest = (line.first_day, line.last_day, line.exemptions, line.legal_basis, line.transition)
    plain_line = place[1:] == ("", (), "", (), None) and rest == (None, None, (), "", "")
    extra = "" if plain_line else repr((place, rest))
    return (extra, amount, meaning(note))


def amounts(note: str) -> set[int]:
    """Return the amounts in đồng that a note names."""
    found = set[int]()
    for match in _AMOUNT.finditer(note):
        whole, part, unit = match.groups()
        times = _TIMES.get(unit.split()[0].lower(), 1)
        number = float(f"{_digits(whole)}.{part or 0}") * times
        found.add(round(number))
    return found


def dollars(note: str) -> set[int]:
    """Return the whole amounts in dollars that a note names."""
    return {_digits(m[1] or m[3]) or 0 for m in _DOLLARS.finditer(note) if not m[2]}


def _doubted(price: Price) -> tuple[DoubtKind, str] | None:
    """Tell what looks wrong about a price, and what may have been meant."""
    amount, note = price.amount, price.note
    if amount is None:
        return None
    if price.currency and price.currency.casefold() not in {"vnđ", "vnd", "đồng", "đ"}:
        return DoubtKind.FEE_AMOUNT, f"{amount} {price.currency}"
    named = amounts(note)
    if amount == 0:
        named_elsewhere = (
            named or dollars(note) or _PERCENT.search(note) or _COUNCIL.search(note)
        )
        nothing_to_pay = not note or _is(_FREE, note) or _is(_WAIVED, note)
        if nothing_to_pay and not named_elsewhere:
            return None
        return DoubtKind.FEE_ZERO, _only(named)
    if amount in named:
        return None
    if amount in dollars(note):
        return DoubtKind.FEE_AMOUNT, f"{amount} USD"
    if named and amount not in _bare(note):
        return DoubtKind.FEE_AMOUNT, _only({n for n in named if n == amount * 1_000} or named)
    undecided = _COUNCIL.search(note) and not _RESOLUTION.search(note)
    return (DoubtKind.FEE_AMOUNT, "") if amount < SMALLEST or undecided else None


def _line(price: Price, rate: Rate) -> FeeLine:
    """Return a line; an amount per something ("/bản") has that as its unit."""
    amount = price.amount if rate is Rate.AMOUNT else None
    note, unit = price.note, "đồng" if amount else ""
    if amount and _PER.fullmatch(note):
        unit, note = f"đồng{note}", ""
    kind = _type(price.note)
    return FeeLine(name=_NAMES[kind], type=kind, rate=rate, amount=amount, unit=unit, note=note)


def _said(price: Price) -> str:
    amount = price.amount or 0
    currency = price.currency.casefold()
    if currency and currency not in {"vnđ", "vnd", "đồng", "đ"}:
        return f"{amount} {price.currency}"
    return money(amount)


def _type(note: str) -> FeeType:
    charge, fee = bool(_CHARGE.search(note)), bool(_FEE.search(note))
    if charge == fee:
        return FeeType.UNSAID
    return FeeType.CHARGE if charge else FeeType.FEE


def _is(form: re.Pattern[str], note: str) -> bool:
    """Tell whether a note has a form; a long one explains more than that."""
    return len(note) <= _LONG and form.fullmatch(note) is not None


def _only(found: set[int]) -> str:
    """Return the amount, if it is the only one."""
    return money(next(iter(found))) if len(found) == 1 else ""


def _bare(note: str) -> set[int]:
    """Return the grouped numbers of a note that bear no unit."""
    return {_digits(match[1]) or 0 for match in _BARE.finditer(note)}


def _digits(text: str) -> int | None:
    digits = re.sub(r"\D", "", text)
    return int(digits) if digits else None
