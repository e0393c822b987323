"""What sheets tell that are not the notice of one procedure, and their words before hashing.

All is made of JSON as it was signed, never of a newer reading of it: a scheme once printed
stays computable for ever.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final, Protocol

from qms.digests import canonical, digest
from qms.notices.codes import MARK_DIGITS, encode_marked_code
from qms.notices.rules import DecisionRef, Heading, SheetKind, Subject

Row = Mapping[str, Any]
"""One line of a list or table, in JSON."""


_MOST: Final = 3
"""Most different limits or prices that a row of a list names one by one."""

_LABEL: Final = 80
"""Most characters of what tells one price of a row from another."""

_PLACE: Final = 160
"""Most characters of a place of handing in that a row has room for."""

_CHANNELS: Final = ("direct", "online", "postal")


@dataclass(frozen=True)
class Hashed:
    """A line with its digest, under which the sheet's own counts it."""

    row: Row
    digest: str


def hashed(row: Row) -> Hashed:
    """Return a line with its digest."""
    return Hashed(row, digest(canonical(row)))


@dataclass(frozen=True)
class FieldList:
    """The procedures of one field, in the order of their codes."""

    unit: str
    heading: Heading
    topic: str
    rows: tuple[Hashed, ...]


@dataclass(frozen=True)
class FeeTable:
    """All prices that hold at a unit, by schedule, and the titles of what they price by code."""

    unit: str
    heading: Heading
    rows: tuple[Hashed, ...]
    titles: Mapping[str, str]


@dataclass(frozen=True)
class Feedback:
    """Where to send reflections and proposals on administrative rules."""

    unit: str
    heading: Heading
    feedback: str


@dataclass(frozen=True)
class NoticeText:
    """A written text of the office that is posted; ``text`` is its JSON as it was signed."""

    unit: str
    heading: Heading
    code: str
    title: str
    text: Mapping[str, object]
    decision: DecisionRef
    first_day: date


class About(Protocol):
    """What is printed: a course, or the story of one."""

    @property
    def subject(self) -> Subject:
        """What the sheet is about."""

    @property
    def code_words(self) -> str:
        """The code of the document it shows; empty where it is of none."""


def mark_of(kind: str, name: str) -> str:
    """Return what tells a sheet from others of its unit: its kind, and its field or code.

    Nothing of it depends on the order in which documents were drafted. Several sheets may
    have one mark; the digest tells them apart.
    """
    return digest(canonical([kind, name]))[:MARK_DIGITS]


def code_of(about: About, digest: str) -> str:
    """Return the code that is the same on every print of a sheet."""
    subject = about.subject
    mark = mark_of(subject.kind.value, subject.topic or about.code_words)
    return encode_marked_code(subject.unit_id, mark, digest)


def digests_of(sheet: FieldList | FeeTable | Feedback | NoticeText) -> dict[int, str]:
    """Return by scheme the SHA-256 of all a sheet tells, in hexadecimal."""
    schemes = SCHEMES[type(sheet)]
    return {scheme: digest(canonical(words(sheet))) for scheme, words in schemes.items()}


def listed(
    code: str, title: str, text: Mapping[str, Any], fees: Sequence[Mapping[str, Any]]
) -> dict[str, object]:
    """Return what a list tells of a procedure.

    ``text`` is its JSON with the fee lines of the day only, ``fees`` the lines of schedules
    that answer in place of the catalogue's. Where there are more than a few different limits
    or prices, and no range tells them, ``varies`` is true. A price that nobody has said is
    unknown, never nought.
    """
    methods = text.get("methods", ())
    ways = [each["channel"] for each in methods]
    address = " ".join(str(text.get("address", "")).split())
    return {
        "code": code,
        "title": title,
        "limits": _limits(methods),
        "fees": _prices(_of_schedules(fees) if fees else _of_catalogue(methods)),
        "channels": [each for each in _CHANNELS if each in ways],
        "place": address if len(address) <= _PLACE else "",
    }


def _limits(methods: Iterable[Row]) -> dict[str, object]:
    """Return the different limits one by one, those in words too where they are short."""
    said = [_limit(each["limit"]) for each in methods if each.get("limit")]
    found = _distinct(each for each in said if each["unit"] or each["note"])
    varies = len(found) > _MOST or any(len(str(each["note"])) > _LABEL for each in found)
    return {"each": [] if varies else found, "varies": varies}


def _limit(limit: Row) -> dict[str, object]:
    counted = limit["count"] and limit["unit"] != "other"
    if counted or limit["unit"] == "same_day":
        return {"count": limit["count"], "unit": limit["unit"], "note": ""}
    return {"count": None, "unit": "", "note": limit.get("note", "").strip()}


def _of_schedules(fees: Iterable[Row]) -> list[dict[str, object]]:
    return [_price(line, line["channels"]) for line in fees]


def _of_catalogue(methods: Iterable[Row]) -> list[dict[str, object]]:
    """Return the catalogue's prices; a nought there is one that nobody filled in."""
    found = []
    for method in methods:
        for line in method.get("fees", ()):
            unsaid = line["rate"] == "amount" and not line["amount"]
            told = {**line, "rate": "unknown", "amount": None} if unsaid else line
            found.append(_price(told, [method["channel"]], method.get("case", "")))
    return found


def _price(line: Row, channels: Sequence[str], case: str = "") -> dict[str, object]:
    labels = [" ".join(each.split()) for each in (line.get("case", ""), case, line["name"])]
    short = next((each for each in labels if 0 < len(each) <= _LABEL), "")
    long = next(filter(None, labels), "")
    return {
        "label": short or _clipped(long),
        "channels": tuple(channels),
        "rate": line["rate"],
        "amount": line.get("amount"),
        "steps": line.get("steps", []),
        "cap": line.get("cap"),
        "unit": line.get("unit", ""),
    }


def _clipped(words: str) -> str:
    """Return the beginning of a long label: up to a bracket, else as many whole words as fit."""
    head, bracket, _ = words.partition(" (")
    if bracket and len(head) <= _LABEL:
        return head
    kept = words[:_LABEL].rpartition(" ")[0]
    return f"{kept}…" if kept else words[:_LABEL]


def _prices(lines: Sequence[Row]) -> dict[str, object]:
    """Return prices one by one; else, where all are amounts of one unit, from which to which."""
    ways: dict[bytes, set[str]] = {}
    apart: dict[bytes, Row] = {}
    for line in lines:
        key = canonical({**line, "channels": []})
        apart.setdefault(key, line)
        ways.setdefault(key, set()).update(line["channels"])
    found = [
        {**line, "channels": [each for each in _CHANNELS if each in ways[key]]}
        for key, line in apart.items()
    ]
    if len(found) <= _MOST:
        return {"each": found, "from": None, "to": None, "unit": "", "varies": False}
    amounts = [each["amount"] for each in found]
    ranged = None not in amounts and len({each["unit"] for each in found}) == 1
    return {
        "each": [],
        "from": min(amounts) if ranged else None,
        "to": max(amounts) if ranged else None,
        "unit": found[0]["unit"] if ranged else "",
        "varies": True,
    }


def _distinct(values: Iterable[dict[str, object]]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for value in values:
        if value not in found:
            found.append(value)
    return found


def _list_1(sheet: FieldList) -> dict[str, object]:
    return {
        "scheme": 1,
        "sheet": SheetKind.LIST.value,
        "unit": sheet.unit,
        "heading": asdict(sheet.heading),
        "topic": sheet.topic,
        "rows": [row.digest for row in sheet.rows],
    }


def _fees_1(sheet: FeeTable) -> dict[str, object]:
    return {
        "scheme": 1,
        "sheet": SheetKind.FEES.value,
        "unit": sheet.unit,
        "heading": asdict(sheet.heading),
        "rows": [row.digest for row in sheet.rows],
        "titles": dict(sheet.titles),
    }


def _feedback_1(sheet: Feedback) -> dict[str, object]:
    return {
        "scheme": 1,
        "sheet": SheetKind.FEEDBACK.value,
        "unit": sheet.unit,
        "heading": asdict(sheet.heading),
        "feedback": sheet.feedback,
    }


def _text_1(sheet: NoticeText) -> dict[str, object]:
    decision = sheet.decision
    return {
        "scheme": 1,
        "sheet": SheetKind.TEXT.value,
        "unit": sheet.unit,
        "heading": asdict(sheet.heading),
        "code": sheet.code,
        "title": sheet.title,
        "text": sheet.text,
        "decision": asdict(decision) | {"dated": decision.dated.isoformat()},
        "first_day": sheet.first_day.isoformat(),
    }


SCHEMES: Final[Mapping[type, Mapping[int, Callable[[Any], dict[str, object]]]]] = {
    FieldList: {1: _list_1},
    FeeTable: {1: _fees_1},
    Feedback: {1: _feedback_1},
    NoticeText: {1: _text_1},
}
"""How sheets of each kind are put into words before hashing; see ``rules.SCHEMES``."""
