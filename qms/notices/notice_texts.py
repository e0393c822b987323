"""A written text of the office that is posted, as a sheet: a declaration, a notice, a policy."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from qms.documents.comparison import Section, paragraphs
from qms.documents.exporting import body_pieces
from qms.documents.kinds.registry import read
from qms.documents.kinds.text import WrittenText
from qms.documents.models import Change
from qms.documents.timeline import Span
from qms.notices import sheets
from qms.notices.course import AnySheet, heading_section, heading_told
from qms.notices.printing import Paper, Stamp, office_data
from qms.notices.rules import Cause
from qms.notices.sheets import ProcedureCourse
from qms.notices.tellings import NoticeText, digests_of


@dataclass(frozen=True, kw_only=True)
class TextSheet(AnySheet):
    """The text of a day, and the change behind it."""

    sheet: NoticeText
    change: Change
    span: Span

    @property
    def title(self) -> str:
        """What it is called."""
        return self.sheet.title

    @property
    def topic(self) -> str:
        """It is of no field."""
        return ""

    @property
    def first_day(self) -> date:
        """The first day in force."""
        return self.sheet.first_day

    @property
    def content(self) -> WrittenText:
        """The text, read."""
        return written(self.sheet.text)

    def sections(self) -> list[Section]:
        """Return what it tells part by part, its heading first."""
        return [
            heading_section(self.sheet.heading),
            Section("name", "Tên văn bản", paragraphs(self.title)),
            *self.content.sections(),
        ]

    def paper(self, stamp: Stamp, paper: Paper) -> tuple[str, Mapping[str, object]]:
        """Return the print template and what it needs."""
        return "posted_text.html", {
            "paper": paper.value,
            "office": office_data(self.sheet.heading),
            "stamp": stamp.data(),
            "label": self.content.label,
            "code": self.sheet.code,
            "title": self.title,
            "pieces": [asdict(piece) for piece in body_pieces(self.content)],
            "decision": asdict(self.sheet.decision),
            "first_day": self.first_day,
        }

    def made_by(self, before: "TextSheet") -> tuple[Cause, Change | None]:
        """Return what made this sheet of the one before it, and the change where one did."""
        if self.change.id != before.change.id:
            return Cause.DECISION, self.change
        return Cause.HEADING, None


class TextCourse(ProcedureCourse):
    """What the sheet of a written text says over time."""

    def on_day(self, on: date) -> TextSheet | None:
        """Return the sheet of a day; None where nothing of it holds for the unit."""
        told = self.told
        span = sheets.text_on(told, on)
        if span is None:
            return None
        change = told.changes[span.entry.id]
        sheet = NoticeText(
            unit=told.unit.slug,
            heading=heading_told(self.heading(on)),
            code=told.document.code,
            title=told.title(span.entry.id),
            text=told.text(span.entry.id),
            decision=sheets.decision_told(change, span, told.issuers),
            first_day=span.first_day,
        )
        digests = digests_of(sheet)
        return TextSheet(
            digests=digests, scheme=max(digests), sheet=sheet, change=change, span=span
        )


def written(text: Mapping[str, object]) -> WrittenText:
    """Read the JSON of a written text."""
    content = read(json.dumps(text))
    if not isinstance(content, WrittenText):
        raise TypeError("only written texts are posted as notices")
    return content
