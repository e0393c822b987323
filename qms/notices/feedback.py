"""The notice of where to send reflections and proposals, as a sheet: the office's own words.

Source: Nghị định 20/2008/NĐ-CP, amended by Nghị định 92/2017/NĐ-CP (public posting of the
address, telephone, website and e-mail of whoever receives them).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from qms.documents.comparison import Section, paragraphs
from qms.documents.models import Change
from qms.notices import reaching
from qms.notices.course import AnySheet, Course, heading_section, heading_told
from qms.notices.printing import Paper, Stamp, office_data
from qms.notices.rules import Cause, Subject
from qms.notices.seats import Seat
from qms.notices.tellings import Feedback, digests_of
from qms.units.rules import holds

TITLE: Final = "Nội dung, địa chỉ tiếp nhận phản ánh, kiến nghị của cá nhân, tổ chức về quy định hành chính"


@dataclass(frozen=True, kw_only=True)
class FeedbackSheet(AnySheet):
    """The notice of a day."""

    sheet: Feedback

    @property
    def title(self) -> str:
        """What it is called."""
        return TITLE

    @property
    def topic(self) -> str:
        """It is of no field."""
        return ""

    def sections(self) -> list[Section]:
        """Return what it tells: who speaks, and the words."""
        words = Section(
            "feedback", "Nội dung, địa chỉ tiếp nhận", paragraphs(self.sheet.feedback)
        )
        return [heading_section(self.sheet.heading), words]

    def paper(self, stamp: Stamp, paper: Paper) -> tuple[str, Mapping[str, object]]:
        """Return the print template and what it needs."""
        return "feedback.html", {
            "paper": paper.value,
            "office": office_data(self.sheet.heading),
            "stamp": stamp.data(),
            "title": TITLE,
            "feedback": self.sheet.feedback,
        }

    def made_by(self, before: "FeedbackSheet") -> tuple[Cause, Change | None]:
        """Return what made this notice of the one before it: words of the office."""
        del before
        return Cause.HEADING, None


class FeedbackCourse(Course):
    """What the notice says over time; nothing while the office has not said where."""

    def __init__(self, subject: Subject, seat: Seat) -> None:
        """Take the unit with its headings."""
        self.subject, self.seat = subject, seat
        self.where, self.issuers = seat, seat.issuers

    @property
    def name(self) -> str:
        """What it is called."""
        return TITLE

    def on_day(self, on: date) -> FeedbackSheet | None:
        """Return the notice of a day; None where the office has not said where."""
        row = self.heading(on) if holds(self.unit, on) else None
        if row is None or not row.feedback.strip():
            return None
        sheet = Feedback(self.unit.slug, heading_told(row), row.feedback)
        digests = digests_of(sheet)
        return FeedbackSheet(digests=digests, scheme=max(digests), sheet=sheet)

    def days(self) -> set[date]:
        """Return all days on which it may begin to say something else."""
        return reaching.days(self.seat)

    def instants(self) -> set[datetime]:
        """Return when the office's words were confirmed."""
        return self.seat.instants()

    def gone_by(self, since: date) -> tuple[Cause, Change | None]:
        """Return that the office took its words back."""
        del since
        return Cause.HEADING, None

    def as_known(self, at: datetime) -> "FeedbackCourse":
        """Return it as known at an instant."""
        return FeedbackCourse(self.subject, self.seat.as_known(at))
