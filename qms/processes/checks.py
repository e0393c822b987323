"""What a draft process lacks that only its procedures can tell: whether its steps fit the limit."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from qms.documents import queries, readiness_list
from qms.documents.kinds.procedure import Procedure
from qms.documents.kinds.process import Process
from qms.documents.models import Change, Document, Revision
from qms.documents.readiness_list import Gap
from qms.documents.rules import RevisionText
from qms.documents.standing import cover
from qms.errors import N_
from qms.processes import rules
from qms.processes.bound import procedures_on

_DIFFERS: Final = N_("%(about)s: các bước cộng lại %(sum)s, thời hạn của thủ tục %(limit)s.")


def sums(session: Session, change: Change, text: RevisionText, today: date) -> Sequence[Gap]:
    """Return where the steps of a draft do not add up to the limit of its procedures.

    A procedure that the same decision changes is read as it will be.
    """
    content = text.content
    if not isinstance(content, Process) or not content.procedures:
        return []
    on = change.own_day or change.decision.effective_on or today
    told = _drafted(session, change, content.procedures)
    rest = [code for code in dict.fromkeys(content.procedures) if code not in told]
    seen = cover(session, change.document.owner_id, on)
    if seen is not None and rest:
        bound = procedures_on(session, seen, rest, on, None)
        told |= {each.code: each.content for each in bound if each.content is not None}
    return [
        Gap(
            "review",
            _DIFFERS,
            "phases",
            {**found.values, "about": ", ".join(x for x in (code, found.about) if x)},
        )
        for code, procedure in told.items()
        for found in rules.compare(content.phases, procedure.methods)
        if found.fit in rules.DIFFERS
    ]


def _drafted(session: Session, change: Change, codes: Sequence[str]) -> dict[str, Procedure]:
    """Return the procedures with these codes that the decision of a line changes too."""
    query = (
        sa.select(Document.code, Revision)
        .join(Change, Change.document_id == Document.id)
        .join(Revision, Revision.id == Change.revision_id)
        .where(Change.decision_id == change.decision_id)
        .where(Document.kind == "procedure", Document.code.in_(codes))
        .options(undefer(Revision.data))
    )
    found = {code: queries.content(text) for code, text in session.execute(query)}
    return {code: each for code, each in found.items() if isinstance(each, Procedure)}


READINESS: Final[tuple[readiness_list.Ask, ...]] = (sums,)
