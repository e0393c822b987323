"""What changes on a board, as followers are told of it; and how requests to follow are throttled."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from qms.digests import canonical, digest
from qms.documents.comparison import Section
from qms.documents.kinds.fees import Channel, FeeLine
from qms.documents.kinds.procedure import CHANNEL_WORDS, RATE_WORDS, Procedure, rate_words
from qms.documents.price_rules import Held, reach
from qms.notices.answers import answers
from qms.vietnamese import YEARS

Kind = Literal["procedure", "fee", "form"]
What = Literal["issue", "amend", "withdraw", "cancel", "prices"]

UNCONFIRMED_DAYS: Final = 3
"""Days after which an address that nobody confirmed is forgotten."""

ASKS_KEPT: Final = timedelta(days=1)
ASKS_AN_ADDRESS: Final = 3
"""Letters of confirmation to one address within a day, whoever asks."""
ASKS_A_PLACE: Final = 10
ASKS_IN_ALL: Final = 300
WHILE: Final = timedelta(hours=1)
"""How long requests from one place, and all together, are counted."""

_FIRST_OF_MONTH: Final = 1
_MARK: Final = 16


@dataclass(frozen=True)
class Side:
    """One thing that costs or takes something else, before and after; empty where it is not."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Event:
    """One change of what a board says of one document.

    ``action`` is issue, amend, withdraw, cancel (of a change still to come) or prices (a line's
    own day); ``day`` the first day it holds, of a cancelled change the day it would have held.
    ``signed_at`` is None where no decision was needed. ``parts`` are the labels of what differs.
    ``moved`` is the day it was signed for before, ``corrects`` says that it mends what was
    signed for the same day.
    """

    mark: str
    kind: Kind
    code: str
    slug: str
    title: str
    topic: str
    action: What
    day: date
    signed_at: datetime | None = None
    summary: str = ""
    number: str = ""
    dated: date | None = None
    issuer: str = ""
    moved: date | None = None
    corrects: bool = False
    compares: bool = False
    parts: tuple[str, ...] = ()
    sides: tuple[Side, ...] = ()


@dataclass(frozen=True)
class Entry:
    """What followers are told at an instant: that it was signed for a coming day, or holds."""

    event: Event
    coming: bool
    at: datetime


def mark(*what: object) -> str:
    """Return the name of a change for ever, made of what is public about it alone."""
    return digest(canonical([str(each) for each in what]))[:_MARK]


def entries(
    events: Iterable[Event],
    today: date,
    begins: Callable[[date], datetime],
    day_of: Callable[[datetime], date],
) -> list[Entry]:
    """Return what followers are told of some changes, the newest first."""
    found: list[Entry] = []
    for each in events:
        signed = each.signed_at
        if signed and (each.action == "cancel" or day_of(signed) < each.day):
            found.append(Entry(each, coming=True, at=signed))
        if each.day <= today and each.action != "cancel":
            found.append(
                Entry(each, coming=False, at=max(begins(each.day), signed or begins(each.day)))
            )
    return sorted(
        found,
        key=lambda entry: (entry.at, entry.event.day, entry.event.mark, not entry.coming),
        reverse=True,
    )


def news(found: Sequence[Entry], since: datetime, until: datetime) -> list[Entry]:
    """Return what is new to somebody who was told all until an instant, each change once."""
    told: dict[str, Entry] = {}
    for each in sorted(found, key=lambda entry: entry.coming):
        if since < each.at <= until:
            told.setdefault(each.event.mark, each)
    return sorted(
        told.values(), key=lambda entry: (entry.event.day, entry.event.title, entry.event.mark)
    )


def month_of(typed: str, today: date) -> date:
    """Return the first day of a month written as 2026-09 or 09/2026; of today's where none is.

    Raises:
        ValueError: there is no such month.

    """
    if not typed:
        return today.replace(day=_FIRST_OF_MONTH)
    year, month = typed.split("-") if "-" in typed else reversed(typed.split("/"))
    if not (year.isdecimal() and month.isdecimal() and len(year) == len("2026")):
        raise ValueError(typed)
    if int(year) not in YEARS or not 1 <= int(month) <= 12:  # noqa: PLR2004 - months of a year
        raise ValueError(typed)
    return date(int(year), int(month), _FIRST_OF_MONTH)


def month_after(month: date) -> date:
    """Return the first day of the month after."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=_FIRST_OF_MONTH)


def changed_parts(old: Sequence[Section], new: Sequence[Section]) -> tuple[str, ...]:
    """Return the labels of the parts that differ, in reading order."""
    before = {part.name: part for part in old}
    after = {part.name: part for part in new}
    return tuple(
        part.label
        for part in (*new, *(p for p in old if p.name not in after))
        if before.get(part.name) != after.get(part.name)
        and part.name != "label"
        and _blocks(before.get(part.name)) != _blocks(after.get(part.name))
    )


def text_sides(
    old: Procedure | None, new: Procedure | None, *, priced: bool
) -> tuple[Side, ...]:
    """Return time limits and catalogue prices that differ; no prices where a schedule answers."""
    sides = _sides(_limits(old), _limits(new))
    return sides if priced else (*sides, *_sides(_prices(old), _prices(new)))


def price_sides(
    held: Iterable[Held], within: frozenset[str], day: date, titles: Mapping[str, str]
) -> tuple[Side, ...]:
    """Return the prices at a place that a day makes others: those of the day before, and its own."""
    lines = list(held)
    before, after = (
        _joined(
            (_named(each.line, titles), rate_words(each.line))
            for each in reach(lines, within, on)
        )
        for on in (day - timedelta(days=1), day)
    )
    return _sides(before, after)


def turns(held: Iterable[Held], within: frozenset[str]) -> set[date]:
    """Return the days on which some price at a place begins to hold or ceases."""
    one = timedelta(days=1)
    here = [each for each in held if reach([each], within, each.first_day)]
    return {each.first_day for each in here} | {
        each.last_day + one for each in here if each.last_day
    }


def _blocks(part: Section | None) -> object:
    return part.blocks if part else ()


def _sides(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[Side, ...]:
    names = dict.fromkeys((*old, *new))
    return tuple(
        Side(name, old.get(name, ""), new.get(name, ""))
        for name in names
        if old.get(name, "") != new.get(name, "")
    )


def _limits(procedure: Procedure | None) -> dict[str, str]:
    if procedure is None:
        return {}
    return _joined(
        (_label("Thời hạn", each.case, each.channels), each.words or each.note)
        for each in answers(procedure).limits
    )


def _prices(procedure: Procedure | None) -> dict[str, str]:
    if procedure is None:
        return {}
    return _joined(
        (
            _label("", each.name or "Phí, lệ phí", each.channels),
            each.words or RATE_WORDS[each.rate],
        )
        for each in answers(procedure).prices
    )


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return what is said under each label, each once."""
    said: dict[str, dict[str, None]] = {}
    for label, words in pairs:
        said.setdefault(label, {})[" ".join(words.split())] = None
    return {label: "; ".join(words) for label, words in said.items()}


def _label(what: str, case: str, channels: Sequence[Channel]) -> str:
    short = " ".join(case.split())
    return (": ".join(part for part in (what, short) if part)) + _by(channels)


def _named(line: FeeLine, titles: Mapping[str, str]) -> str:
    what = titles.get(line.procedure, "")
    parts = [" ".join(word.split()) for word in (line.name, what, line.case, line.territory)]
    named = ", ".join(dict.fromkeys(part for part in parts if part))
    return named + _by(line.channels)


def _by(channels: Sequence[Channel]) -> str:
    """Name the ways of handing in, unless they are all."""
    few = len(set(channels)) < len(Channel) and channels
    return f" ({', '.join(CHANNEL_WORDS[each].lower() for each in channels)})" if few else ""
