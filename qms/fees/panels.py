"""A fee schedule on the page of its document: its prices by procedure, in place of plain parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from qms.documents import links, panels
from qms.documents.kinds.base import Relation
from qms.documents.kinds.fee import FeeSchedule
from qms.documents.kinds.fees import FeeLine
from qms.documents.kinds.parts import Mark
from qms.documents.kinds.procedure import MARK_WORDS, rate_words
from qms.documents.links import Linked
from qms.documents.panels import Looked, Panel
from qms.errors import N_
from qms.vietnamese import amount_in_words


@dataclass(frozen=True)
class Price:
    """A line of a schedule as people read it; ``place`` counts from 1."""

    line: FeeLine
    place: int

    @property
    def rate(self) -> str:
        """How it answers."""
        return self.line.rate.value

    @property
    def words(self) -> str:
        """How much, in figures or in one word."""
        return rate_words(self.line)

    @property
    def in_words(self) -> str:
        """The amount in words; empty where the line has no single amount."""
        return "" if self.line.amount is None else amount_in_words(self.line.amount)

    @property
    def doubt(self) -> str:
        """How sure it is, where it is not from a source."""
        mark = self.line.mark
        return "" if mark in {None, Mark.FOUND} else MARK_WORDS[mark or Mark.FOUND]

    def state(self, on: date) -> str:
        """Tell whether the line's own days are over, to come, or under way."""
        if self.line.last_day and self.line.last_day < on:
            return "old"
        return "soon" if self.line.first_day and on < self.line.first_day else "now"


def by_procedure(lines: Sequence[FeeLine]) -> dict[str, list[Price]]:
    """Return the lines under the codes of their procedures, both in the order written."""
    found: dict[str, list[Price]] = {}
    for place, line in enumerate(lines, 1):
        found.setdefault(line.procedure, []).append(Price(line, place))
    return found


def schedule(session: Session, looked: Looked) -> Sequence[Panel]:
    """Show what a schedule sets, procedure by procedure."""
    text = looked.content
    if not isinstance(text, FeeSchedule):
        return []
    named = links.named_by(session, looked.who, looked.document, looked.revision, looked.on)
    values = {
        "text": text,
        "groups": by_procedure(text.lines),
        "procedures": _procedures(named),
        "on": looked.on,
    }
    return [Panel(N_("Nội dung"), "fees/_schedule.html", values, instead=True)]


def _procedures(named: Sequence[Linked]) -> dict[str, Linked]:
    return {each.code: each for each in named if each.relation is Relation.CHARGES}


PANELS: Final[tuple[panels.Ask, ...]] = (schedule,)
