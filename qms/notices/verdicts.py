"""What the check page says about a paper, in the shapes its template names."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from qms.documents.comparison import Cell, Result, RowResult, SectionResult, TableResult
from qms.documents.models import Change
from qms.documents.wording import Segment
from qms.notices import checking, pages
from qms.notices.course import Course
from qms.notices.rules import Cause, SheetKind, Verdict
from qms.notices.sheets import ProcedureCourse

Link = Callable[[SheetKind, str, date | None], str]
"""From the kind and address word of a sheet and a day (None: today) to its page."""

_BRIEF: Final = 400
"""Characters of a difference, both sides together, that the page shows at once."""
_NEXT: Final = "\x1f"
"""Between the cells of a row while it is put together; no text holds it."""
_CELL: Final = 120
"""Characters of a cell that did not change, beside one that did."""
_FOLDED_NEVER: Final = frozenset({"Thời hạn", "Phí, lệ phí"})
"""Columns whose change comes first, however long it is."""


def verdict(
    session: Session, checked: checking.Checked, today: date, link: Link
) -> dict[str, object]:
    """Return what the check page says about a paper."""
    shown: dict[str, object] = {"state": checked.verdict.value}
    course = checked.course
    if course is None or checked.verdict is Verdict.UNKNOWN:
        return shown
    since, then = checked.judgement.since, checked.judgement.then
    holds_today = course.on_day(today) is not None
    result = checking.differences(checked) if checked.verdict is Verdict.REPLACED else None
    of_paper = checked.printed or checked.current
    ended = checked.cause is Cause.UNIT

    def page(on: date | None) -> str:
        return link(course.subject.kind, course.slug, on)

    return shown | {
        "title": of_paper.title if of_paper else course.name,
        "code": course.code_words,
        "url": page(None) if holds_today else "",
        "new_url": page(since) if since and since > today else "",
        "since": since or today,
        "last_day_of_it": then.since - timedelta(days=1) if then and then.since else None,
        "then_url": page(then.since) if then else "",
        "days_left": (since - today).days if since else 0,
        "cause": checked.cause.value if checked.cause else "",
        "decision": _decision(course, checked.change),
        "latest": _latest(course, checked),
        "signed_on": checked.signed_on,
        "last_day": course.unit.last_day,
        "place": checked.place,
        "differences": _differences(result),
        "only_heading": result is not None
        and all(part.name == "heading" for part in result if part.state != "equal"),
        "unchanged": [
            part.label
            for part in result or ()
            if part.state == "equal" and part.blocks and part.name != "label"
        ],
        "successors": [
            {"title": each["title"], "url": link(SheetKind.PROCEDURE, each["slug"], None)}
            for each in _successors(session, course, today)
        ],
        "boards": pages.ended(session, course.unit)["successors"] if ended else [],
    }


def _decision(course: Course, change: Change | None) -> dict[str, object] | None:
    return pages.decision(change, course.issuers) if change else None


def _latest(course: Course, checked: checking.Checked) -> dict[str, object] | None:
    """Return what last changed beside the text of a paper that holds."""
    if checked.latest is None:
        return None
    cause, change = checked.latest
    return {"cause": cause.value, "decision": _decision(course, change)}


def _successors(session: Session, course: Course, on: date) -> list[dict[str, str]]:
    """Return the procedures to look at instead; a sheet of many has none."""
    if not isinstance(course, ProcedureCourse):
        return []
    return pages.successors(session, course.told, on)


def _differences(result: Result | None) -> list[dict[str, object]]:
    """Return what differs: times and amounts first, each alone, then part by part."""
    parts = [part for part in result or () if part.state != "equal"]
    told = _together(each for part in parts for each in _amounts(part))
    rest = [
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
        for urgent, label, old, new in (*told, *rest)
        if old or new
    ]


def _together(found: Iterable[tuple[str, str, str, str]]) -> list[tuple[bool, str, str, str]]:
    """Tell once what changed alike in several rows, with what each row is about."""
    rows: dict[tuple[str, str, str], list[str]] = {}
    for head, of, old, new in found:
        rows.setdefault((head, old, new), []).append(of)
    return [
        (True, f"{head}: {'; '.join(of)}" if all(of) else head, old, new)
        for (head, old, new), of in rows.items()
    ]


def _amounts(part: SectionResult) -> Iterator[tuple[str, str, str, str]]:
    """Give the times and amounts that changed in rows of which nothing else did.

    Each is the column, what the row is about, what stood there and what stands there.
    """
    tables = [block for block in part.blocks if isinstance(block, TableResult)]
    for table, row in [(each, row) for each in tables for row in each.rows]:
        if not _only_amounts(table, row):
            continue
        named = [_words(cell, "=") for cell in row.cells[:2] if not cell.changed]
        of = ", ".join(each for each in named if 0 < len(each) <= _CELL)
        for head, cell in zip(_heads(table), row.cells, strict=True):
            if cell.changed:
                yield head, of, _words(cell, "-"), _words(cell, "+")


def _only_amounts(table: TableResult, row: RowResult) -> bool:
    changed = {
        head for head, cell in zip(_heads(table), row.cells, strict=True) if cell.changed
    }
    return row.state == "changed" and bool(changed) and changed <= _FOLDED_NEVER


def _heads(table: TableResult) -> list[str]:
    return [_words(head, "+") for head in table.head]


def _words(cell: Cell, mark: str) -> str:
    return "".join(said for sign, said in cell.segments if sign in {"=", mark}).strip()


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
                tuple(s for cell in row.cells for s in (*_beside(cell), ("=", _NEXT)))
                for row in block.rows
                if row.state != "equal" and not _only_amounts(block, row)
            ]
        )
        for segments in cells:
            words = "".join(said for sign, said in segments if sign in {"=", mark})
            lines.append(" · ".join(filter(None, map(str.strip, words.split(_NEXT)))))
    return "\n".join(filter(None, lines))
