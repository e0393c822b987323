"""What an auditor may take up about processes: steps that do not add up to the time limit."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from qms.documents import queries
from qms.documents.kinds.process import Process
from qms.documents.models import Change, Document, Revision
from qms.documents.standing import cover, latest
from qms.errors import N_
from qms.observations import CARE, Ask, Observation
from qms.processes import rules
from qms.processes.bound import Bound, procedures_on
from qms.vietnamese import day

MOST: Final = 50
"""Most things of one sort that an auditor is shown."""

_DIFFERS: Final = N_(
    "Từ %(day)s, các bước của %(code)s cộng lại %(sum)s, khác thời hạn %(limit)s của thủ tục"
    " %(about)s."
)


@dataclass(frozen=True)
class _Read:
    document_id: int
    code: str
    owner_id: int
    first_day: date
    text_id: int
    process: Process


def times_differ(session: Session, unit_ids: Collection[int], today: date) -> list[Observation]:
    """Return the processes in force whose steps take longer or shorter than their procedures."""
    query = (
        sa.select(Document.id, Document.code, Document.owner_id, Change.effective_on, Revision)
        .join(Change, Change.document_id == Document.id)
        .join(Revision, Revision.id == Change.revision_id)
        .where(Document.kind == "process", Document.owner_id.in_(unit_ids))
        .where(latest(today, None))
        .options(undefer(Revision.data))
        .order_by(Document.code)
    )
    read = [
        _Read(number, code, owner, first, text.id, content)
        for number, code, owner, first, text in session.execute(query).all()
        if first is not None and isinstance(content := queries.content(text), Process)
    ]
    told = _procedures(session, read, today)
    return [
        Observation(
            f"times/{each.document_id}/{each.text_id}/{code}/{found.about}",
            _DIFFERS,
            {
                "code": each.code,
                "sum": found.values["sum"],
                "limit": found.values["limit"],
                "about": ", ".join(part for part in (code, found.about) if part),
                "day": day(max(each.first_day, bound.day or each.first_day)),
            },
            CARE,
            each.owner_id,
            each.document_id,
            each.text_id,
            f"/documents/{each.document_id}",
        )
        for each in read
        for code in each.process.procedures
        if (bound := told.get((each.owner_id, code))) is not None and bound.content is not None
        for found in rules.compare(each.process.phases, bound.content.methods)
        if found.fit in rules.DIFFERS
    ][:MOST]


def _procedures(
    session: Session, read: Sequence[_Read], today: date
) -> dict[tuple[int, str], Bound]:
    """Return the procedures that the processes describe, by owner of the process and code."""
    wanted: dict[int, set[str]] = {}
    for each in read:
        wanted.setdefault(each.owner_id, set()).update(each.process.procedures)
    found: dict[tuple[int, str], Bound] = {}
    for owner, codes in wanted.items():
        seen = cover(session, owner, today)
        if seen is not None and codes:
            for bound in procedures_on(session, seen, sorted(codes), today, None):
                found[owner, bound.code] = bound
    return found


OBSERVATIONS: Final[Sequence[Ask]] = (times_differ,)
