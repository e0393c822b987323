"""A sheet put into the words and tables of the printed notice.

Source of the parts and their order: Nghị định 63/2010/NĐ-CP, Điều 8 khoản 2. What a paper
says is in Vietnamese whatever the language of the pages: it is the office's own act.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import groupby
from typing import Final

from qms.documents.kinds.fees import Channel, FeeLine, FeeType, Rate
from qms.documents.kinds.procedure import (
    CHANNEL_WORDS,
    DossierItem,
    Method,
    Procedure,
    limit_words,
    rate_words,
    sets_words,
)
from qms.notices.rules import Sheet
from qms.vietnamese import day

UNSAID: Final = "Không quy định"
DEPENDS: Final = "Tùy trường hợp, xem mục {}"
CHANNELS: Final = (Channel.DIRECT, Channel.ONLINE, Channel.POSTAL)
TYPES: Final = {FeeType.FEE: "Phí", FeeType.CHARGE: "Lệ phí", FeeType.UNSAID: "Phí, lệ phí"}

_CHANNELS_SHORT: Final = {
    Channel.DIRECT: "trực tiếp",
    Channel.ONLINE: "trực tuyến",
    Channel.POSTAL: "bưu chính",
}
_SHORT: Final = 60
"""Characters up to which words fit the strip at the head of the sheet."""


class Paper(StrEnum):
    """On what a notice is printed."""

    A4 = "a4"
    A3 = "a3"
    LARGE = "large"


@dataclass(frozen=True)
class Stamp:
    """What makes a print checkable: code, address in the QR, where to type, full digest."""

    code: str
    address: str
    where: str
    digest: str
    printed: str


def notice_data(
    sheet: Sheet, content: Procedure, stamp: Stamp | None, paper: Paper = Paper.A4
) -> dict[str, object]:
    """Return what ``notice.html`` needs; without ``stamp`` it is the preview of a draft.

    ``content`` is the reading of ``sheet.text``.
    """
    methods = content.methods
    fees = _fees(methods)
    return {
        "paper": paper.value,
        "office": _office(sheet),
        "stamp": asdict(stamp) if stamp else None,
        "label": content.label,
        "title": sheet.title,
        "code": sheet.code,
        "facts": _facts(sheet, content, draft=stamp is None),
        "glance": _glance(content),
        "steps": content.steps,
        "channels": _channels(content),
        "papers": _papers(content.dossier),
        "sets": sets_words(content.sets),
        "limits": _limits(methods),
        "applicants": content.applicants,
        "agencies": _agencies(content),
        "forms": _forms(content.dossier),
        "forms_in_dossier": any(_names_form(item) for item in content.dossier),
        "result": content.result,
        "conditions": content.conditions,
        "fees": fees,
        "only_rate": _only_rate(fees, methods),
        "fee_unknown": any(line.rate is Rate.UNKNOWN for m in methods for line in m.fees),
        "legal": [_legal(basis.number, basis.name) for basis in content.legal_basis],
        "note": content.note,
        "feedback": sheet.feedback,
        "decision": asdict(sheet.decision),
        "first_day": sheet.first_day,
    }


def _office(sheet: Sheet) -> dict[str, object]:
    heading = sheet.heading
    contacts = [
        (label, value)
        for label, value in (
            ("Địa chỉ", heading.seat),
            ("Điện thoại", heading.phone),
            ("Thư điện tử", heading.email),
            ("Trang thông tin", heading.website),
        )
        if value
    ]
    return {"above": heading.superior, "name": heading.name, "contacts": contacts}


def _facts(sheet: Sheet, content: Procedure, *, draft: bool) -> list[tuple[str, str]]:
    return [
        ("Mã thủ tục", sheet.code),
        ("Lĩnh vực", content.field or UNSAID),
        ("Cấp thực hiện", ", ".join(content.levels) or UNSAID),
        ("Quyết định công bố", content.announced_by or "Chưa ghi nhận"),
        ("Có hiệu lực từ", "Chưa có hiệu lực" if draft else day(sheet.first_day)),
        ("Loại thủ tục", content.category or UNSAID),
    ]


def _glance(content: Procedure) -> list[tuple[str, str]]:
    methods = content.methods
    limits = {_limit(m) for m in methods} - {""}
    rates = {rate_words(line) for m in methods for line in m.fees}
    items = [item for item in content.dossier if not _is_remark(item)]
    listed = f"{len(items)} loại giấy tờ" if items else UNSAID
    papers = "Xem mục 3" if len({item.case for item in items}) > 1 else listed
    sets = sets_words(content.sets)
    return [
        ("Thời hạn", _one(limits, DEPENDS.format(4))),
        ("Phí, lệ phí", _one(rates, DEPENDS.format(10))),
        ("Hồ sơ", f"{papers}; {sets}" if sets and items else papers),
        ("Nộp hồ sơ", _channel_names(methods) or UNSAID),
    ]


def _one(values: set[str], otherwise: str) -> str:
    if not values:
        return UNSAID
    only = next(iter(values))
    return only if len(values) == 1 and len(only) <= _SHORT else otherwise


def _channel_names(methods: Sequence[Method]) -> str:
    used = {m.channel for m in methods}
    return ", ".join(_CHANNELS_SHORT[c] for c in CHANNELS if c in used).capitalize()


def _channels(content: Procedure) -> list[dict[str, str]]:
    """Return each way once, with what is said of it; the address goes with the direct way.

    Where a table of time limits follows, what only one case says stands there.
    """
    methods = content.methods
    whole = len({_limit(m) for m in methods}) <= 1
    found = []
    for channel in CHANNELS:
        used = [m for m in methods if m.channel is channel]
        if used:
            notes = [m.note for m in used] if whole else ["\n".join(_common(used))]
            said = _distinct(notes)
            if channel is Channel.DIRECT and content.address:
                said.insert(0, content.address)
            found.append({"name": CHANNEL_WORDS[channel], "text": "\n".join(said)})
    return found


def _common(methods: Sequence[Method]) -> list[str]:
    """Return the lines that the notes of all methods of one channel have."""
    notes = [_note_lines(m) for m in methods]
    return [line for line in notes[0] if all(line in note for note in notes)]


def _note_lines(method: Method) -> list[str]:
    return [line.strip() for line in method.note.split("\n") if line.strip()]


def _case(method: Method, methods: Sequence[Method]) -> str:
    """Say what tells a method from the others of its channel: its case, else its own words."""
    if method.case:
        return method.case
    common = _common([m for m in methods if m.channel is method.channel])
    return "\n".join(line for line in _note_lines(method) if line not in common)


def _papers(dossier: Sequence[DossierItem]) -> list[dict[str, object]]:
    """Return neighbours of one case together; numbers run through the whole table.

    Remarks the source lists among the papers have no number and are not counted.
    """
    groups: list[dict[str, object]] = []
    number = 0
    for case, items in groupby(dossier, key=lambda item: item.case):
        rows: list[dict[str, object]] = []
        for item in items:
            number += not _is_remark(item)
            rows.append(_paper(0 if _is_remark(item) else number, item))
        groups.append({"case": _unmarked(case), "rows": rows})
    return groups


def _is_remark(item: DossierItem) -> bool:
    case = _unmarked(item.case).casefold()
    return case.startswith("lưu ý") and not item.originals and not item.copies


def _unmarked(text: str) -> str:
    """Take the bullet from a text of one line; in a table it says nothing."""
    return text if "\n" in text.strip() else text.strip().lstrip("-–+*• ")


def _paper(number: int, item: DossierItem) -> dict[str, object]:
    counted = bool(item.originals or item.copies)
    return {
        "number": number,
        "name": _unmarked(item.name),
        "originals": item.originals if counted and item.originals is not None else "–",
        "copies": item.copies if counted and item.copies is not None else "–",
        "remarks": [
            *(["Chỉ xuất trình"] if item.shown_only else []),
            *(["Nộp nếu có"] if item.optional else []),
            *([f"Mẫu: {item.form}"] if item.form else []),
            *([item.note] if item.note else []),
        ],
    }


@dataclass(frozen=True)
class _LimitRow:
    case: str
    cells: list[dict[str, object]]


def _limits(methods: Sequence[Method]) -> dict[str, object]:
    """Return one sentence where all is equal, else rows case × channel."""
    words = {_limit(m) for m in methods}
    if len(words) <= 1:
        return {"all": next(iter(words), ""), "rows": [], "same": True}
    rows = [
        _LimitRow(
            case="\n".join(_distinct(_case(m, methods) for m in row if m)),
            cells=_spans([_limit(m) if m else "" for m in row]),
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


def _limit(method: Method) -> str:
    if method.limit is None:
        return ""
    words, note = limit_words(method.limit), method.limit.note
    return words if not note or note == words else f"{words} ({note})" if words else note


def _spans(words: Sequence[str]) -> list[dict[str, object]]:
    """Return cells in which equal neighbours are one."""
    return [{"words": word, "span": len(list(same))} for word, same in groupby(words)]


def _agencies(content: Procedure) -> list[tuple[str, str]]:
    said = (
        ("Cơ quan thực hiện", content.handled_by),
        ("Cơ quan có thẩm quyền quyết định", content.decided_by),
        ("Cơ quan được ủy quyền", content.delegated_to),
        ("Cơ quan phối hợp", content.coordinated_with),
    )
    return [(label, words) for label, words in said if words]


def _forms(dossier: Sequence[DossierItem]) -> list[str]:
    return _distinct(item.form for item in dossier)


def _names_form(item: DossierItem) -> bool:
    words = item.name.casefold()
    return "mẫu" in words or "tờ khai" in words


def _fees(methods: Sequence[Method]) -> list[dict[str, object]]:
    """Return one row for each thing priced, its amounts by channel, and what is said of it."""
    lines = [(m, line) for m in methods for line in m.fees]
    keys = _distinct_pairs(_priced(m, line, methods) for m, line in lines)
    found: list[dict[str, object]] = []
    for key in keys:
        of_key = [(m.channel, line) for m, line in lines if _priced(m, line, methods) == key]
        used = [line for _, line in of_key]
        cells = [
            "\n".join(_distinct(rate_words(line) for c, line in of_key if c is channel))
            for channel in CHANNELS
        ]
        found.append(
            {
                "name": key[0],
                "case": key[1],
                "cells": _spans(cells),
                "remarks": _fee_remarks(used),
            }
        )
    return found


def _priced(method: Method, line: FeeLine, methods: Sequence[Method]) -> tuple[str, str]:
    """Say what a line prices: its name, and the case.

    A method without a case is told from the others of its channel only where they cost
    something else.
    """
    beside = [m for m in methods if m.channel is method.channel and not m.case]
    prices = {tuple(rate_words(x) for x in m.fees) for m in beside}
    case = _case(method, methods) if method.case or len(prices) > 1 else ""
    return line.name or TYPES[line.type], "\n".join(_distinct((case, line.case)))


def _only_rate(fees: Sequence[dict[str, object]], methods: Sequence[Method]) -> str:
    """Return the one rate that answers for all; empty where a table has to."""
    rates = {rate_words(line) for m in methods for line in m.fees}
    plain = all(m.fees for m in methods) and len(fees) == 1
    simple = plain and not fees[0]["case"] and not fees[0]["remarks"]
    return next(iter(rates)) if simple and len(rates) == 1 else ""


def _fee_remarks(lines: Sequence[FeeLine]) -> list[tuple[str, str]]:
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
    return _distinct_pairs(pair for pair in said if pair[1])


def _span_of_days(line: FeeLine) -> str:
    first = f"từ {day(line.first_day)}" if line.first_day else ""
    last = f"đến hết {day(line.last_day)}" if line.last_day else ""
    return " ".join(part for part in (first, last) if part)


def _legal(number: str, name: str) -> str:
    return f"{name} (số {number})" if number and number not in name else name


def _distinct(values: Iterable[str]) -> list[str]:
    return [value for value in dict.fromkeys(values) if value]


def _distinct_pairs(values: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return list(dict.fromkeys(values))
