"""What the public pages show, in the shapes their templates name."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from qms.documents import queries as documents
from qms.documents import timeline
from qms.documents.comparison import Result
from qms.documents.models import Document
from qms.documents.search import Hit
from qms.documents.search_rules import Shelf
from qms.documents.standing import Row
from qms.documents.timeline import Action, Entry, Span
from qms.notices import checking, sheets
from qms.notices.rules import Verdict
from qms.notices.sheets import DaySheet, Story
from qms.text import Segment
from qms.units.models import Unit
from qms.units.queries import heading, unit_by_id
from qms.units.queries import successors as followers
from qms.vietnamese import day as day_words

Link = Callable[[str, date | None], str]
"""From the address word of a procedure and a day (None: today) to its page."""

LATEST_DAY = date(9999, 1, 1)


def changes(found: Iterable[Any]) -> list[dict[str, object]]:
    """Return coming or recent changes for the board."""
    return [
        {
            "first_day": row.first_day,
            "action": row.action.value,
            "code": row.code,
            "slug": row.slug,
            "title": row.title,
            "summary": row.summary,
        }
        for row in found
    ]


def entry(row: Row) -> dict[str, object]:
    """Return one procedure of a list."""
    return {
        "code": row.code,
        "slug": row.slug,
        "title": row.title,
        "field": row.topic,
        "first_day": row.first_day,
        "decision_number": row.decision_number,
        "shelf": Shelf.IN_FORCE.value,
        "place": [],
    }


def hit(found: Hit, place: Sequence[Segment]) -> dict[str, object]:
    """Return one procedure that a search found, with the place in its text if that is why."""
    return {**entry(found), "shelf": found.shelf.value, "place": place}


def notice(told: Story, found: DaySheet | None, on: date, today: date) -> dict[str, object]:
    """Return one procedure on a day with its history, newest first."""
    spans = timeline.spans(told.entries)
    standing = _standing(spans, on)
    change = told.changes[standing.entry.id] if standing else None
    return {
        "code": told.document.code,
        "slug": told.document.slug,
        "title": found.sheet.title if found else last_title(told),
        "content": found.content if found else None,
        "first_day": standing.first_day if standing else None,
        "last_day": standing.last_day if standing else None,
        "decision": _decision(change, told) if change else None,
        "state": _state(found, standing, on, today, spans),
        "history": [_past(told, span) for span in reversed(spans)],
    }


def last_title(told: Story) -> str:
    """Return the title of the latest signed text; the code where there is none to show."""
    titles = [c.revision.title for c in told.changes.values() if c.revision is not None]
    return titles[-1] if titles else told.document.code


def successors(session: Session, document_id: int) -> list[dict[str, str]]:
    """Return the procedures to look at instead."""
    return [
        {"code": each.code, "slug": each.slug, "title": _title(session, each)}
        for each in documents.successors(session, document_id)
    ]


def changed_later(told: Story, on: date) -> date | None:
    """Return the day a later signature changed the answer for a day that has passed."""
    now = timeline.in_force(told.entries, on)
    signed = [entry for entry in told.entries if entry.signed_at is not None]
    late = [
        entry
        for entry in signed
        if entry.signed_at is not None
        and entry.signed_at.date() > on
        and timeline.in_force(_before(signed, entry), on) != now
    ]
    first = min(late, key=lambda entry: (entry.signed_at, entry.id), default=None)
    if first is None or first.signed_at is None or len(_before(signed, first)) == 0:
        return None
    return first.signed_at.date()


def verdict(
    session: Session, checked: checking.Checked, today: date, link: Link
) -> dict[str, object]:
    """Return what the check page says about a paper."""
    shown: dict[str, object] = {"state": checked.verdict.value}
    told = checked.story
    if told is None or checked.verdict is Verdict.UNKNOWN:
        return shown
    since = checked.judgement.since
    holds_today = sheets.on_day(told, today) is not None
    result = checking.differences(checked) if checked.verdict is Verdict.REPLACED else None
    return shown | {
        "title": (checked.printed or checked.current or _Title(last_title(told))).sheet.title,
        "code": told.document.code,
        "url": link(told.document.slug, None) if holds_today else "",
        "new_url": link(told.document.slug, since) if since and since > today else "",
        "since": since or today,
        "days_left": (since - today).days if since else 0,
        "reason": _reason(checked),
        "place": checked.place,
        "differences": _differences(result),
        "unchanged": [
            part.label for part in result or () if part.state == "equal" and part.blocks
        ],
        "successors": [
            {"title": each["title"], "url": link(each["slug"], None)}
            for each in successors(session, told.document.id)
        ],
    }


def ended(session: Session, unit: Unit) -> dict[str, object]:
    """Return until when a unit was there and who took over."""
    rows = [unit_by_id(session, row.successor_id) for row in followers(session, unit.id)]
    return {
        "unit": unit,
        "successors": [
            {"slug": each.slug, "name": found.name if found else each.slug}
            for each in rows
            for found in [heading(session, each.id, each.first_day)]
        ],
    }


class _Title:
    """Stands in for a sheet of which only the title is known."""

    def __init__(self, title: str) -> None:
        self.sheet = self
        self.title = title


def _before(signed: Sequence[Entry], entry: Entry) -> list[Entry]:
    return [
        e for e in signed if e.signed_at and entry.signed_at and e.signed_at < entry.signed_at
    ]


def _standing(spans: Sequence[Span], on: date) -> Span | None:
    begun = [span for span in spans if span.first_day <= on]
    return begun[-1] if begun else None


def _state(
    found: DaySheet | None, standing: Span | None, on: date, today: date, spans: Sequence[Span]
) -> str:
    if found is not None:
        holds_today = _standing(spans, today) == standing
        if holds_today:
            return "now"
        return "future" if on > today else "past"
    if standing is not None and standing.entry.action is Action.WITHDRAW:
        return "withdrawn"
    return "none"


def _decision(change: Any, told: Story) -> dict[str, object]:  # noqa: ANN401 - a model
    decision = change.decision
    return {
        "id": decision.id,
        "number": decision.number,
        "dated": decision.dated,
        "issuer": sheets.issuer_name(told, decision),
        "title": decision.title,
        "slug": decision.id,
    }


def _past(told: Story, span: Span) -> dict[str, object]:
    change = told.changes[span.entry.id]
    return {
        "first_day": span.first_day,
        "last_day": span.last_day,
        "action": span.entry.action.value,
        "decision_number": change.decision.number,
        "summary": change.revision.summary if change.revision else change.reason,
    }


def _title(session: Session, document: Document) -> str:
    texts = [c.revision for c in documents.history(session, document.id) if c.revision]
    return texts[-1].title if texts else document.code


def _reason(checked: checking.Checked) -> str:
    """Say what ended the paper: the end of the unit, or the decision behind what holds now."""
    told = checked.story
    if told is None:
        return ""
    if told.unit.last_day is not None and checked.verdict is Verdict.WITHDRAWN:
        since = checked.judgement.since
        if since == told.unit.last_day + timedelta(days=1):
            return f"Đơn vị kết thúc ngày {day_words(told.unit.last_day)}."
    change = checked.current.change if checked.current else None
    if change is None and checked.verdict is Verdict.WITHDRAWN:
        spans = timeline.spans(told.entries)
        standing = _standing(spans, checked.judgement.since or LATEST_DAY)
        change = told.changes[standing.entry.id] if standing else None
    if change is None or change.decision.dated is None:
        return ""
    return f"Quyết định {change.decision.number} ngày {day_words(change.decision.dated)}"


def _differences(result: Result | None) -> list[dict[str, str]]:
    return [
        {"label": part.label, "old": _side(part.blocks, "-"), "new": _side(part.blocks, "+")}
        for part in result or ()
        if part.state != "equal"
    ]


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
                tuple(s for cell in row.cells for s in (*cell.segments, ("=", " · ")))
                for row in block.rows
                if row.state != "equal"
            ]
        )
        for segments in cells:
            words = "".join(said for sign, said in segments if sign in {"=", mark})
            if any(sign == mark for sign, _ in segments):
                lines.append(words.strip(" ·"))
    return "\n".join(lines)
