"""Sheets of a procedure for a unit over time: what each day says, and how a paper compares."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Final

from qms.documents.comparison import Section, paragraphs
from qms.documents.kinds.fees import FeeLine
from qms.documents.kinds.procedure import Procedure
from qms.documents.kinds.registry import read
from qms.documents.models import Change, Decision
from qms.documents.timeline import Action, Span
from qms.notices import beside, reaching
from qms.notices.beside import Beside
from qms.notices.course import (
    AnySheet,
    Course,
    heading_section,
    heading_told,
    over_time,
)
from qms.notices.printing import Paper, Stamp, notice_data
from qms.notices.rules import (
    Answer,
    Cause,
    DecisionRef,
    Sheet,
    days_of_change,
    sheet_digests,
    text_of_day,
    without_fees,
)
from qms.notices.stories import Story, instants
from qms.units import models as units
from qms.units.rules import heading_on, holds

_FOR_STAFF: Final = frozenset({"keywords", "status", "sources", "certainty"})
"""Parts of a text that stand neither on paper nor on the board."""


@dataclass(frozen=True, kw_only=True)
class DaySheet(AnySheet):
    """The sheet of a procedure on a day, and the changes behind it."""

    sheet: Sheet
    change: Change
    span: Span
    schedules: Sequence[Change] = ()
    blanks: Sequence[Change] = ()

    @property
    def title(self) -> str:
        """The name of the procedure."""
        return self.sheet.title

    @property
    def topic(self) -> str:
        """The field of the procedure."""
        return self.change.revision.topic if self.change.revision else ""

    @property
    def first_day(self) -> date:
        """The first day in force."""
        return self.sheet.first_day

    @cached_property
    def content(self) -> Procedure:
        """The text of the day, read, with the prices and forms of the day in their places."""
        return beside.shown(procedure(self.sheet.text), self.sheet)

    @property
    def fee_lines(self) -> list[FeeLine]:
        """The lines of fee schedules that answer; none where the catalogue does."""
        return beside.lines(self.sheet)

    def sections(self) -> list[Section]:
        """Return what the sheet tells part by part, its heading first."""
        return [
            heading_section(self.sheet.heading, self.sheet.feedback),
            *told_sections(self.sheet.title, self.content),
            Section("forms", "Biểu mẫu", paragraphs(_forms_told(self.sheet))),
        ]

    def paper(self, stamp: Stamp, paper: Paper) -> tuple[str, Mapping[str, object]]:
        """Return the print template and what it needs."""
        return "notice.html", notice_data(self.sheet, self.content, stamp, paper)

    def made_by(self, before: "DaySheet") -> tuple[Cause, Change | None]:
        """Return what made this sheet of the one before it, and the change where one did."""
        if self.change.id != before.change.id:
            return Cause.DECISION, self.change
        if (self.sheet.text, self.sheet.fees) != (before.sheet.text, before.sheet.fees):
            return Cause.FEES, new_among(self.schedules, before.schedules)
        if self.sheet.forms != before.sheet.forms:
            return Cause.FORM, new_among(self.blanks, before.blanks)
        return Cause.HEADING, None


class ProcedureCourse(Course):
    """What the sheet of a procedure says over time."""

    def __init__(self, told: Story) -> None:
        """Take the story it is told from."""
        self.told = told
        self.subject, self.where, self.issuers = told.subject, told, told.issuers

    @property
    def name(self) -> str:
        """The title of the latest text the public may read; the code where there is none."""
        return last_title(self.told)

    @property
    def code_words(self) -> str:
        """The code of the document."""
        return self.told.document.code

    @property
    def slug(self) -> str:
        """The code as it stands in addresses."""
        return self.told.document.slug

    def on_day(self, on: date) -> AnySheet | None:
        """Return the sheet of a day; None where nothing of it holds for the unit."""
        return on_day(self.told, on)

    def days(self) -> set[date]:
        """Return all days on which it may begin to say something else."""
        return days(self.told)

    def instants(self) -> set[datetime]:
        """Return when anything that decides about it was signed or confirmed."""
        return set(instants(self.told))

    def as_known(self, at: datetime) -> Course:
        """Return it as known at an instant."""
        return type(self)(self.told.as_known(at))

    def gone_by(self, since: date) -> tuple[Cause, Change | None]:
        """Return the decision that withdrew it, or put a nearer owner's text before it."""
        return Cause.DECISION, standing_change(self.told, since)


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
    if on not in told.told:
        told.told[on] = _on_day(told, on)
    found: DaySheet | None = told.told[on]
    return found


def _on_day(told: Story, on: date) -> DaySheet | None:
    span = text_on(told, on)
    if span is None:
        return None
    change = told.changes[span.entry.id]
    around = beside_on(told, span, on)
    sheet = _sheet(told, change, span, on, around)
    digests = sheet_digests(sheet)
    return DaySheet(
        digests=digests,
        scheme=max(digests),
        sheet=sheet,
        change=change,
        span=span,
        schedules=around.schedules,
        blanks=around.blanks,
    )


def text_on(told: Story, on: date) -> Span | None:
    """Return the stretch whose text stands on the board of the unit on a day."""
    span = reaching.text_on(told.spans, on) if holds(told.unit, on) else None
    if span is None or told.document.id not in reaching.standing(
        told, (told, *told.rivals), on
    ):
        return None
    return span


def beside_on(told: Story, span: Span, on: date) -> Beside:
    """Return what schedules and forms say on a day of the text that stands."""
    standing = reaching.standing(told, (*told.schedules, *told.blanks), on)
    return beside.beside(told, told.text(span.entry.id), on, standing)


def answers(told: Story) -> list[Answer]:
    """Return what the sheet says from each day on which it begins to say something else."""
    if answers not in told.told:
        told.told[answers] = over_time(days(told), lambda day: on_day(told, day))
    found: list[Answer] = told.told[answers]
    return found


def days(told: Story) -> set[date]:
    """Return all days on which the sheet may begin to say something else."""
    found = reaching.days(told) | beside.days(told)
    for each in (told, *told.rivals):
        found |= {span.first_day for span in each.spans}
    for span in told.spans:
        if span.entry.revision is not None:
            within = days_of_change(told.text(span.entry.id))
            found |= {d for d in within if span.first_day <= d <= (span.last_day or date.max)}
    return found


def standing_change(told: Story, on: date) -> Change | None:
    """Return the change that decides on a day: its own, or that of a nearer owner."""
    standing = reaching.standing(told, (told, *told.rivals), on)
    for rival in told.rivals:
        if rival.document.id in standing:
            return rival.changes[standing[rival.document.id].entry.id]
    span = reaching.begun(told.spans, on)
    return told.changes[span.entry.id] if span else None


def shown(told: Story) -> list[Span]:
    """Return the days on which a text of it is or was on the board, and those of its end.

    Texts the public may not read and days without the unit are left out.
    """
    found: list[Span] = []
    public = False
    for span in told.spans:
        if span.entry.action is not Action.WITHDRAW:
            first = max(span.first_day, told.unit.first_day)
            seen, change = reaching.cover_on(told, first), told.changes[span.entry.id]
            public = reaching.reaches(seen, told.document, change)
        clipped = _while_there(told.unit, span)
        if public and clipped is not None:
            found.append(clipped)
    return found


def last_title(told: Story) -> str:
    """Return the title of the latest text the public may read; the code where there is none."""
    spans = [span for span in shown(told) if span.entry.revision is not None]
    revision = told.changes[spans[-1].entry.id].revision if spans else None
    return revision.title if revision else told.document.code


def new_among(after: Sequence[Change], before: Sequence[Change]) -> Change | None:
    """Return the change that came; None where a day of a line's own did it."""
    known = {change.id for change in before}
    return next((change for change in after if change.id not in known), None)


def slug_of(told: Story, change: Change) -> str:
    """Return the address word of the schedule that a change belongs to."""
    owners = {each.document.id: each.document.slug for each in told.schedules}
    return owners[change.document_id]


def _while_there(unit: units.Unit, span: Span) -> Span | None:
    """Return the part of a span that ends with the unit; None where nothing is left."""
    ends = [day for day in (span.last_day, unit.last_day) if day is not None]
    last = min(ends, default=None)
    before = last is not None and last < max(span.first_day, unit.first_day)
    return None if before else replace(span, last_day=last)


def _sheet(told: Story, change: Change, span: Span, on: date, around: Beside) -> Sheet:
    said = told.text(span.entry.id)
    heading = reaching.office_heading(told, on)
    return Sheet(
        unit=told.unit.slug,
        heading=heading_told(heading),
        feedback=heading.feedback if heading else "",
        code=told.document.code,
        title=told.title(span.entry.id),
        text=without_fees(said) if around.fees else text_of_day(said, on),
        decision=decision_told(change, span, told.issuers),
        first_day=span.first_day,
        fees=around.fees,
        forms=around.forms,
    )


def decision_told(change: Change, span: Span, issuers: Sequence[units.Heading]) -> DecisionRef:
    """Return the decision that took a text into force, as its paper names it."""
    decision = change.decision
    return DecisionRef(
        number=decision.number or "",
        dated=decision.dated or span.first_day,
        issuer=issuer_name(issuers, decision),
        title=decision.title,
    )


def issuer_name(issuers: Sequence[units.Heading], decision: Decision) -> str:
    """Return the name of the body or unit that issued a decision, as on its day."""
    if decision.issuer_name:
        return decision.issuer_name
    rows = [row for row in issuers if row.unit_id == decision.issuer_id]
    heading = heading_on(rows, decision.dated or date.max)
    return heading.name if heading else (decision.issuer.slug if decision.issuer else "")
