"""What an auditor may take up about processes: steps that do not add up to the time limit."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from qms.documents import queries
from qms.documents.kinds.procedure import Procedure
from qms.documents.kinds.process import Process
from qms.documents.models import Change, Document, Revision
from qms.documents.standing import cover, latest
from qms.errors import N_
from qms.observations import CARE, Ask, Observation
from qms.processes import rules
from qms.processes.bound import procedures_on

MOST: Final = 50
"""Most things of one sort that an auditor is shown."""

_DIFFERS: Final = N_(
    "%(code)s: các bước cộng lại %(sum)s, thời hạn của thủ tục %(about)s là %(limit)s."
)


def times_differ(session: Session, unit_ids: Collection[int], today: date) -> list[Observation]:
    """Return the processes in force whose steps take longer or shorter than their procedures."""
    query = (
        sa.select(Document.id, Document.code, Document.owner_id, Revision)
        .join(Change, Change.document_id == Document.id)
        .join(Revision, Revision.id == Change.revision_id)
        .where(Document.kind == "process", Document.owner_id.in_(unit_ids))
        .where(latest(today, None))
        .options(undefer(Revision.data))
        .order_by(Document.code)
    )
    read = [
        (number, code, owner, text.id, content)
        for number, code, owner, text in session.execute(query).all()
        if isinstance(content := queries.content(text), Process)
    ]
    told = _procedures(session, read, today)
    return [
        Observation(
            f"times/{number}/{text}/{procedure}/{found.about}",
            _DIFFERS,
            {
                "code": code,
                "sum": found.values["sum"],
                "limit": found.values["limit"],
                "about": ", ".join(part for part in (procedure, found.about) if part),
            },
            CARE,
            owner,
            number,
            text,
            f"/documents/{number}",
        )
        for number, code, owner, text, process in read
        for procedure in process.procedures
        if (owner, procedure) in told
        for found in rules.compare(process.phases, told[owner, procedure].methods)
        if found.fit in rules.DIFFERS
    ][:MOST]


def _procedures(
    session: Session, read: Sequence[tuple[int, str, int, int, Process]], today: date
) -> dict[tuple[int, str], Procedure]:
    """Return the procedures that the processes describe, by owner of the process and code."""
    wanted: dict[int, set[str]] = {}
    for _number, _code, owner, _text, process in read:
        wanted.setdefault(owner, set()).update(process.procedures)
    found: dict[tuple[int, str], Procedure] = {}
    for owner, codes in wanted.items():
        seen = cover(session, owner, today)
        if seen is not None and codes:
            for each in procedures_on(session, seen, sorted(codes), today, None):
                if each.content is not None:
                    found[owner, each.code] = each.content
    return found


OBSERVATIONS: Final[Sequence[Ask]] = (times_differ,)
