"""One line of a decision as a person sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from qms.documents import comparison, decision_queries, queries, readiness
from qms.documents.comparison import SectionResult
from qms.documents.models import Change, Revision
from qms.documents.rules import State
from qms.errors import NotFoundError


@dataclass(frozen=True)
class LineSeen:
    """A line, the text before it, what differs, and whether the document moved on meanwhile.

    ``result`` is None where the line bears no text; without an ``old`` text it is the whole.
    """

    line: Change
    title: str
    old: Revision | None
    result: Sequence[SectionResult] | None
    stale: bool
    linked: dict[int, Change]


def line_of(session: Session, decision_id: int, line_id: int) -> Change:
    """Return a line of this decision and of no other.

    Raises:
        NotFoundError: there is none.

    """
    found = queries.line(session, line_id)
    if found.decision_id != decision_id:
        raise NotFoundError("Không có dòng này trong quyết định.")
    return found


def look_at(session: Session, decision_id: int, line_id: int, today: date) -> LineSeen:
    """Return a line with all that its page shows."""
    line = line_of(session, decision_id, line_id)
    old = decision_queries.text_before(session, line, today)
    titles = decision_queries.titles(session, [line.document_id])
    return LineSeen(
        line=line,
        title=line.revision.title if line.revision else titles.get(line.document_id, ""),
        old=old,
        result=_redline(line, old),
        stale=_is_stale(session, line),
        linked=decision_queries.replacing(session, [line]),
    )


def replaceable(
    session: Session, decision_id: int, line_id: int | None, today: date
) -> list[Change]:
    """Return the line that is to be replaced, or all that have still to come into force."""
    if line_id is not None:
        return [line_of(session, decision_id, line_id)]
    return [
        change
        for change in queries.lines(session, decision_id)
        if change.replaced_by_id is None
        and change.effective_on is not None
        and change.effective_on > today
    ]


def _redline(line: Change, old: Revision | None) -> Sequence[SectionResult] | None:
    if line.revision is None:
        return None
    new = queries.content(line.revision).sections()
    if old is None:
        return comparison.compare(new, new)
    result = comparison.compare(queries.content(old).sections(), new)
    return comparison.changed_only(result)


def _is_stale(session: Session, line: Change) -> bool:
    if line.decision.state not in {State.DRAFT, State.IN_REVIEW}:
        return False
    return bool(readiness.stale([line], queries.entries(session, [line.document_id])))
