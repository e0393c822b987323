"""What a text on the board changed against the one before it; only what the public may read."""

import json
from dataclasses import dataclass
from datetime import date

from qms.documents.comparison import Counts, Result, Section, compare, summary
from qms.documents.models import Change
from qms.documents.timeline import Span
from qms.notices import sheets
from qms.notices.stories import Story
from qms.units.rules import holds


@dataclass(frozen=True)
class Compared:
    """Two texts that followed each other, and what differs."""

    old: Span
    new: Span
    change: Change
    result: Result

    @property
    def counts(self) -> Counts:
        """How many places differ."""
        return summary(self.result)


def with_last(told: Story, on: date) -> Compared | None:
    """Compare the text of a day with the one before it; None where there are not two."""
    spans = [span for span in sheets.shown(told) if span.entry.revision is not None]
    at = next((i for i, span in enumerate(spans) if holds(span, on)), 0)
    if not at:
        return None
    old, new = spans[at - 1], spans[at]
    texts = (_sections(told.changes[span.entry.id]) for span in (old, new))
    return Compared(old, new, told.changes[new.entry.id], compare(*texts))


def _sections(change: Change) -> list[Section]:
    if change.revision is None:
        raise ValueError("a withdrawal has no text")
    said = json.loads(change.revision.data)
    return sheets.told_sections(said["title"], sheets.procedure(said["content"]))
