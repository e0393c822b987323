"""Sheets of a procedure for a unit over time: what each day says, and how a paper compares."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from qms.documents import timeline
from qms.documents.comparison import Section, paragraphs
from qms.documents.kinds.fees import FeeLine
from qms.documents.kinds.procedure import Procedure
from qms.documents.kinds.registry import read
from qms.documents.models import Change, Decision, Document
from qms.documents.rules import Audience
from qms.documents.standing import Cover, cover_of, covers
from qms.documents.timeline import Action, Span
from qms.errors import RefusedError
from qms.notices import beside
from qms.notices.beside import Beside
from qms.notices.models import Copy
from qms.notices.rules import (
    Answer,
    DecisionRef,
    Heading,
    Sheet,
    days_of_change,
    sheet_digests,
    text_of_day,
    without_fees,
)
from qms.notices.stories import Story, Told, as_known, instants
from qms.units import models as units
from qms.units.rules import heading_on, holds, office_of

_FOR_STAFF: Final = frozenset({"keywords", "status", "sources", "certainty"})
"""Parts of a text that stand neither on paper nor on the board."""


@dataclass(frozen=True)
class DaySheet:
    """The sheet of a day: what it tells, its digests by scheme, and the change behind it."""

    sheet: Sheet
    digests: Mapping[int, str]
    scheme: int
    change: Change
    span: Span
    schedules: Sequence[Change] = ()
    blanks: Sequence[Change] = ()

    @property
    def digest(self) -> str:
        """The digest in the scheme it is printed in."""
        return self.digests[self.scheme]

    @property
    def content(self) -> Procedure:
        """The text of the day, read, with the prices and forms of the day in their places."""
        return beside.shown(procedure(self.sheet.text), self.sheet)

    @property
    def fee_lines(self) -> list[FeeLine]:
        """The lines of fee schedules that answer; none where the catalogue does."""
        return beside.lines(self.sheet)

    def sections(self) -> list[Section]:
        """Return what the sheet tells part by part, its heading first."""
        heading = self.sheet.heading
        lines = "\n".join(word for word in asdict(heading).values() if word)
        return [
            Section("heading", "Cơ quan", paragraphs(f"{lines}\n{self.sheet.feedback}")),
            *told_sections(self.sheet.title, self.content),
            Section("forms", "Biểu mẫu", paragraphs(_forms_told(self.sheet))),
        ]


@dataclass(frozen=True)
class Once:
    """What the sheet said from a day on as the story was known, until an instant."""

    answer: Answer
    known: Story
    until: datetime

    @property
    def sheet(self) -> DaySheet | None:
        """The sheet it was."""
        return on_day(self.known, self.answer.first_day)


def _forms_told(sheet: Sheet) -> str:
    """Return the forms one a line; the start of the digest tells one file from another."""
    return "\n".join(
        f"{each['code']} – {each['title']} (tệp {each['file'][:8]})" for each in sheet.forms
    )


def procedure(text: Mapping[str, object]) -> Procedure:
    """Read the JSON of a procedure."""
    content = read(json.dumps(text))
    if not isinstance(content, Procedure):
        raise TypeError("only procedures are posted as notices")
    return content


def told_sections(title: str, content: Procedure) -> list[Section]:
    """Return what a text tells its readers part by part, without what staff note beside it."""
    return [
        Section("title", "Tên thủ tục", paragraphs(title)),
        *(part for part in content.sections() if part.name not in _FOR_STAFF),
    ]


def on_day(told: Story, on: date) -> DaySheet | None:
    """Return the sheet of a day; None where nothing of it holds for the unit."""
    return _on_day(told, on, timeline.spans(told.entries))


def as_printed(told: Story, copy: Copy) -> DaySheet:
    """Return the sheet of a copy as long as its day still says what was printed.

    Raises:
        RefusedError: it says something else by now.

    """
    found = on_day(told, copy.day)
    if found is None or found.digests.get(copy.scheme) != copy.digest:
        raise RefusedError(
            "Nội dung của bản in này đã đổi. Hãy lập bản in mới từ trang thủ tục."
        )
    return replace(found, scheme=copy.scheme)


def answers(told: Story) -> list[Answer]:
    """Return what the sheet says from each day on which it may begin to say something else."""
    spans = timeline.spans(told.entries)
    days = {span.first_day for span in spans}
    days |= {row.from_day for row in told.headings if row.confirmed}
    days.add(told.unit.first_day)
    if told.unit.last_day is not None:
        days.add(told.unit.last_day + timedelta(days=1))
    for rival in told.rivals:
        days |= {span.first_day for span in timeline.spans(rival.entries)}
    for span in spans:
        if span.entry.revision is not None:
            within = days_of_change(_said(told.changes[span.entry.id])["content"])
            days |= {d for d in within if span.first_day <= d <= (span.last_day or date.max)}
    days |= beside.days(told)
    found: list[Answer] = []
    for day in sorted(days):
        sheet = _on_day(told, day, spans)
        digests = sheet.digests if sheet else {}
        if not found or found[-1].digests != digests:
            found.append(Answer(day, digests))
    return found


def cover_on(told: Story, on: date) -> Cover:
    """Return how texts reach the unit on a day."""
    office = office_of(told.places, told.unit.id)
    heading = heading_on([row for row in told.headings if row.unit_id == office], on)
    return cover_of(told.places, told.unit.id, heading.level if heading else None)


def standing_change(told: Story, on: date) -> Change | None:
    """Return the change that decides on a day: its own, or that of a nearer owner."""
    for rival in told.rivals:
        span = _at(timeline.spans(rival.entries), on)
        if span is not None and _nearer(told, rival, on):
            return rival.changes[span.entry.id]
    begun = [span for span in timeline.spans(told.entries) if span.first_day <= on]
    return told.changes[begun[-1].entry.id] if begun else None


def shown(told: Story) -> list[Span]:
    """Return the days on which a text of it is or was on the board, and those of its end.

    Texts the public may not read and days without the unit are left out.
    """
    found: list[Span] = []
    public = False
    for span in timeline.spans(told.entries):
        if span.entry.action is not Action.WITHDRAW:
            first = max(span.first_day, told.unit.first_day)
            public = _reaches(told, told.document, told.changes[span.entry.id], first)
        clipped = _while_there(told.unit, span)
        if public and clipped is not None:
            found.append(clipped)
    return found


def last_title(told: Story) -> str:
    """Return the title of the latest text the public may read; the code where there is none."""
    spans = [span for span in shown(told) if span.entry.revision is not None]
    revision = told.changes[spans[-1].entry.id].revision if spans else None
    return revision.title if revision else told.document.code


def once_said(told: Story) -> Iterator[Once]:
    """Return, the newest first, what the sheet said as it was known before.

    A correction, a move or another heading rewrites what a past or coming day says; a paper
    printed before it is then found here.
    """
    for at, until in reversed(list(pairwise(instants(told)))):
        known = as_known(told, at)
        yield from (Once(a, known, until) for a in reversed(answers(known)) if a.digests)


def slug_of(told: Story, change: Change) -> str:
    """Return the address word of the schedule that a change belongs to."""
    owners = {each.document.id: each.document.slug for each in told.schedules}
    return owners[change.document_id]


def office_heading(told: Story, on: date) -> units.Heading | None:
    """Return the heading for the unit's paper on a day: its own, else its office's."""
    office = office_of(told.places, told.unit.id)
    own = [row for row in told.headings if row.unit_id == told.unit.id]
    return heading_on(own, on) or heading_on(
        [row for row in told.headings if row.unit_id == office], on
    )


def _while_there(unit: units.Unit, span: Span) -> Span | None:
    """Return the part of a span that ends with the unit; None where nothing is left."""
    ends = [day for day in (span.last_day, unit.last_day) if day is not None]
    last = min(ends, default=None)
    before = last is not None and last < max(span.first_day, unit.first_day)
    return None if before else replace(span, last_day=last)


def _on_day(told: Story, on: date, spans: list[Span]) -> DaySheet | None:
    if not holds(told.unit, on):
        return None
    span = _at(spans, on)
    if span is None or not _reaches(told, told.document, told.changes[span.entry.id], on):
        return None
    if any(_nearer(told, rival, on) for rival in told.rivals):
        return None
    change = told.changes[span.entry.id]
    around = beside.beside(told, _said(change)["content"], on, _standing(told, on))
    sheet = _sheet(told, change, span, on, around)
    digests = sheet_digests(sheet)
    return DaySheet(sheet, digests, max(digests), change, span, around.schedules, around.blanks)


def _standing(told: Story, on: date) -> dict[int, Span]:
    """Return by document the stretches of schedules and forms that stand for the unit on a day.

    Of several with one code the nearest owner's stands.
    """
    order = cover_on(told, on).nearest_first
    rank = {owner: place for place, owner in enumerate(order)}
    nearest: dict[tuple[str, str], tuple[tuple[int, int], Span]] = {}
    for each in (*told.schedules, *told.blanks):
        span = _at(timeline.spans(each.entries), on)
        if span is None or not _reaches(told, each.document, each.changes[span.entry.id], on):
            continue
        name = (each.document.kind, each.document.code)
        place = (rank.get(each.document.owner_id, len(order)), each.document.id)
        if name not in nearest or place < nearest[name][0]:
            nearest[name] = (place, span)
    return {place[1]: span for place, span in nearest.values()}


def _at(spans: list[Span], on: date) -> Span | None:
    found = [span for span in spans if span.first_day <= on]
    return found[-1] if found and found[-1].entry.action is not Action.WITHDRAW else None


def _reaches(told: Story, document: Document, change: Change, on: date) -> bool:
    revision = change.revision
    if revision is None or revision.audience is not Audience.PUBLIC:
        return False
    seen = cover_on(told, on)
    return covers(
        seen,
        owner_id=document.owner_id,
        scope=revision.scope,
        scope_level=revision.scope_level,
        units={row.unit_id for row in revision.units},
    )


def _nearer(told: Story, rival: Told, on: date) -> bool:
    """Tell whether another document of this code stands nearer to the unit that day."""
    span = _at(timeline.spans(rival.entries), on)
    if span is None:
        return False
    if not _reaches(told, rival.document, rival.changes[span.entry.id], on):
        return False
    order = cover_on(told, on).nearest_first
    far = len(order)
    rank = {owner: place for place, owner in enumerate(order)}
    theirs = (rank.get(rival.document.owner_id, far), rival.document.id)
    return theirs < (rank.get(told.document.owner_id, far), told.document.id)


def _sheet(told: Story, change: Change, span: Span, on: date, around: Beside) -> Sheet:
    said = _said(change)
    text = without_fees(said["content"]) if around.fees else text_of_day(said["content"], on)
    heading = office_heading(told, on)
    decision = change.decision
    return Sheet(
        unit=told.unit.slug,
        heading=Heading(
            name=heading.name if heading else "",
            superior=heading.superior if heading else "",
            seat=heading.seat if heading else "",
            phone=heading.phone if heading else "",
            email=heading.email if heading else "",
            website=heading.website if heading else "",
        ),
        feedback=heading.feedback if heading else "",
        code=told.document.code,
        title=said["title"],
        text=text,
        decision=DecisionRef(
            number=decision.number or "",
            dated=decision.dated or span.first_day,
            issuer=issuer_name(told, decision),
            title=decision.title,
        ),
        first_day=span.first_day,
        fees=around.fees,
        forms=around.forms,
    )


def issuer_name(told: Story, decision: Decision) -> str:
    """Return the name of the body or unit that issued a decision, as on its day."""
    if decision.issuer_name:
        return decision.issuer_name
    rows = [row for row in told.issuers if row.unit_id == decision.issuer_id]
    heading = heading_on(rows, decision.dated or date.max)
    return heading.name if heading else (decision.issuer.slug if decision.issuer else "")


def _said(change: Change) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(change.revision.data) if change.revision else {}
    return said
