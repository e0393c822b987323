"""How a procedure's ways, time limits and fees become tables of case × channel on paper."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Final

from qms.documents.kinds.fees import Channel, FeeLine, FeeType
from qms.documents.kinds.procedure import (
    CHANNEL_WORDS,
    Method,
    Procedure,
    limit_words,
    rate_words,
)
from qms.vietnamese import day

CHANNELS: Final = (Channel.DIRECT, Channel.ONLINE, Channel.POSTAL)
TYPES: Final = {FeeType.FEE: "Phí", FeeType.CHARGE: "Lệ phí", FeeType.UNSAID: "Phí, lệ phí"}


def channels(content: Procedure) -> list[dict[str, str]]:
    """Return each way once, with what is said of it; the address goes with the direct way.

    Where a table of time limits follows, what only one case says stands there.
    """
    methods = content.methods
    whole = len({limit(m) for m in methods}) <= 1
    found = []
    for channel in CHANNELS:
        used = [m for m in methods if m.channel is channel]
        if used:
            notes = [m.note for m in used] if whole else ["\n".join(_common(used))]
            said = distinct(notes)
            if channel is Channel.DIRECT and content.address:
                said.insert(0, content.address)
            text = unmarked("\n".join(said))
            found.append({"name": CHANNEL_WORDS[channel], "text": text})
    return found


def _common(methods: Sequence[Method]) -> list[str]:
    """Return the lines that the notes of all methods of one channel have."""
    notes = [_note_lines(m) for m in methods]
    return [line for line in notes[0] if all(line in note for note in notes)]


def _note_lines(method: Method) -> list[str]:
    return [line.strip() for line in method.note.split("\n") if line.strip()]


def case_of(method: Method, methods: Sequence[Method]) -> str:
    """Say what tells a method from the others of its channel: its case, else its own words."""
    if method.case:
        return method.case
    common = _common([m for m in methods if m.channel is method.channel])
    return "\n".join(line for line in _note_lines(method) if line not in common)


@dataclass(frozen=True)
class _LimitRow:
    case: str
    cells: list[dict[str, object]]


def limits(methods: Sequence[Method]) -> dict[str, object]:
    """Return one sentence where all is equal, else rows case × channel."""
    words = {limit(m) for m in methods}
    if len(words) <= 1:
        return {"all": next(iter(words), ""), "rows": [], "same": True}
    rows = [
        _LimitRow(
            case="\n".join(distinct(case_of(m, methods) for m in row if m)),
            cells=_spans([limit(m) if m else "" for m in row]),
        )
        for row in _rows(methods)
    ]
    same = all(len(row.cells) == 1 for row in rows)
    return {"all": "", "rows": [asdict(row) for row in rows], "same": same}


def _rows(methods: Sequence[Method]) -> list[list[Method | None]]:
    """Return a row for each case, and one more each time a channel stands there again."""
    found: list[list[Method | None]] = []
    for case in dict.fromkeys(m.case for m in methods):
        of_case = [[m for m in methods if m.case == case and m.channel is c] for c in CHANNELS]
        turns = max(len(used) for used in of_case)
        found += [
            [used[i] if i < len(used) else None for used in of_case] for i in range(turns)
        ]
    return found


def limit(method: Method) -> str:
    """Say how long one way takes; empty where nobody said."""
    if method.limit is None:
        return ""
    words, note = limit_words(method.limit), method.limit.note
    return words if not note or note == words else f"{words} ({note})" if words else note


def _spans(words: Sequence[str]) -> list[dict[str, object]]:
    """Return cells in which equal neighbours are one; where nobody said, each stays alone."""
    found: list[dict[str, object]] = []
    for word, same in groupby(words):
        span = len(list(same))
        found += [{"words": word, "span": span}] if word else [{"words": "", "span": 1}] * span
    return found


def fees(methods: Sequence[Method]) -> list[dict[str, object]]:
    """Return one row for each thing priced, its amounts by channel, and what is said of it."""
    lines = [(m, line) for m in methods for line in m.fees]
    keys = _distinct_pairs(_priced(m, line, methods) for m, line in lines)
    found: list[dict[str, object]] = []
    for key in keys:
        of_key = [(m.channel, line) for m, line in lines if _priced(m, line, methods) == key]
        cells = [
            "\n".join(distinct(rate_words(line) for c, line in of_key if c is channel))
            for channel in CHANNELS
        ]
        found.append(
            {
                "name": key[0],
                "case": key[1],
                "cells": _spans(cells),
                "remarks": _fee_remarks(key[1], [line for _, line in of_key]),
            }
        )
    return found


def _priced(method: Method, line: FeeLine, methods: Sequence[Method]) -> tuple[str, str]:
    """Say what a line prices: its name, and the case.

    A method without a case is told from the others of its channel only where they cost
    something else; one of several lines of the same name is told by its note.
    """
    beside = [m for m in methods if m.channel is method.channel and not m.case]
    prices = {tuple(rate_words(x) for x in m.fees) for m in beside}
    case = case_of(method, methods) if method.case or len(prices) > 1 else ""
    note = line.note if _told_by_note(method, line) else ""
    return line.name or TYPES[line.type], "\n".join(distinct((case, line.case, note)))


def _told_by_note(method: Method, line: FeeLine) -> bool:
    alike = [x for x in method.fees if (x.name, x.case) == (line.name, line.case)]
    return len(alike) > 1


def only_rate(fees: Sequence[dict[str, object]], methods: Sequence[Method]) -> str:
    """Return the one rate that answers for all; empty where a table has to."""
    rates = {rate_words(line) for m in methods for line in m.fees}
    plain = all(m.fees for m in methods) and len(fees) == 1
    simple = plain and not fees[0]["case"] and not fees[0]["remarks"]
    return next(iter(rates)) if simple and len(rates) == 1 else ""


def _fee_remarks(case: str, lines: Sequence[FeeLine]) -> list[tuple[str, str]]:
    said: list[tuple[str, str]] = []
    for line in lines:
        said += [
            ("Ghi chú", line.note),
            ("Miễn, giảm", "; ".join(line.exemptions)),
            ("Địa bàn", line.territory),
            ("Áp dụng", _span_of_days(line)),
            ("Chuyển tiếp", line.transition),
            ("Căn cứ", line.legal_basis),
        ]
    return _distinct_pairs(pair for pair in said if pair[1] and pair[1] not in case)


def _span_of_days(line: FeeLine) -> str:
    first = f"từ {day(line.first_day)}" if line.first_day else ""
    last = f"đến hết {day(line.last_day)}" if line.last_day else ""
    return " ".join(part for part in (first, last) if part)


def distinct(values: Iterable[str]) -> list[str]:
    """Return what is said, each once, in its order."""
    return [value for value in dict.fromkeys(values) if value]


def _distinct_pairs(values: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return list(dict.fromkeys(values))


def unmarked(text: str) -> str:
    """Take the bullet from a text of one line: beside a number or name it says nothing."""
    return text if "\n" in text.strip() else text.strip().lstrip("-–+*• ")
