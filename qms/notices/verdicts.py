"""What the check page says about a paper, in the shapes its template names."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from qms.documents.comparison import Cell, Result, SectionResult, TableResult
from qms.documents.wording import Segment
from qms.notices import checking, pages, sheets
from qms.notices.checking import Cause
from qms.notices.rules import Verdict

Link = Callable[[str, date | None], str]
"""From the address word of a procedure and a day (None: today) to its page."""

_BRIEF: Final = 400
"""Characters of a difference, both sides together, that the page shows at once."""
_CELL: Final = 120
"""Characters of a cell that did not change, beside one that did."""
_FOLDED_NEVER: Final = frozenset({"Thời hạn", "Phí, lệ phí"})
"""Columns whose change comes first, however long it is."""


def verdict(
    session: Session, checked: checking.Checked, today: date, link: Link
) -> dict[str, object]:
    """Return what the check page says about a paper."""
    shown: dict[str, object] = {"state": checked.verdict.value}
    told = checked.story
    if told is None or checked.verdict is Verdict.UNKNOWN:
        return shown
    since, then = checked.judgement.since, checked.judgement.then
    holds_today = sheets.on_day(told, today) is not None
    result = checking.differences(checked) if checked.verdict is Verdict.REPLACED else None
    of_paper = checked.printed or checked.current
    ended = checked.cause is Cause.UNIT
    return shown | {
        "title": of_paper.sheet.title if of_paper else sheets.last_title(told),
        "code": told.document.code,
        "url": link(told.document.slug, None) if holds_today else "",
        "new_url": link(told.document.slug, since) if since and since > today else "",
        "since": since or today,
        "last_day_of_it": then.since - timedelta(days=1) if then and then.since else None,
        "then_url": link(told.document.slug, then.since) if then else "",
        "days_left": (since - today).days if since else 0,
        "cause": checked.cause.value if checked.cause else "",
        "decision": pages.decision(checked.change, told) if checked.change else None,
        "signed_on": checked.signed_on,
        "last_day": told.unit.last_day,
        "place": checked.place,
        "differences": _differences(result),
        "unchanged": [
            part.label
            for part in result or ()
            if part.state == "equal" and part.blocks and part.name != "label"
        ],
        "successors": [
            {"title": each["title"], "url": link(each["slug"], None)}
            for each in pages.successors(session, told, today)
        ],
        "boards": pages.ended(session, told.unit)["successors"] if ended else [],
    }


def _differences(result: Result | None) -> list[dict[str, object]]:
    parts = [part for part in result or () if part.state != "equal"]
    found = [
        (_urgent(part), part.label, _side(part.blocks, "-"), _side(part.blocks, "+"))
        for part in sorted(parts, key=_urgent, reverse=True)
    ]
    return [
        {
            "label": label,
            "old": old,
            "new": new,
            "long": not urgent and len(old) + len(new) > _BRIEF,
        }
        for urgent, label, old, new in found
    ]


def _urgent(part: SectionResult) -> bool:
    """Tell whether the time it takes or the money it costs changed."""
    return any(
        cell.changed
        for block in part.blocks
        if isinstance(block, TableResult)
        for row in block.rows
        for head, cell in zip(block.head, row.cells, strict=True)
        if not _FOLDED_NEVER.isdisjoint(words for _, words in head.segments)
    )


def _beside(cell: Cell) -> tuple[Segment, ...]:
    """Return a cell for a row in which another changed."""
    if cell.changed:
        return cell.segments
    words = "".join(said for _, said in cell.segments)
    shown = words if len(words) <= _CELL else f"{words[:_CELL].rstrip()}…"
    return (("=", shown),)


def _side(blocks: Iterable[Any], mark: str) -> str:
    """Return the changed paragraphs and rows of one side as lines."""
    lines = []
    for block in blocks:
        if block.state == "equal":
            continue
        cells = (
            [block.segments]
            if block.kind == "paragraph"
            else [
                tuple(s for cell in row.cells for s in (*_beside(cell), ("=", " · ")))
                for row in block.rows
                if row.state != "equal"
            ]
        )
        for segments in cells:
            words = "".join(said for sign, said in segments if sign in {"=", mark})
            if any(sign == mark for sign, _ in segments):
                lines.append(words.strip(" ·"))
    return "\n".join(lines)
