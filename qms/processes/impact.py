"""What a decision does to processes: whose steps no longer add up to the time limit."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from qms.documents import queries
from qms.documents.impact import Matter
from qms.documents.kinds.base import Relation
from qms.documents.kinds.procedure import Procedure
from qms.documents.kinds.process import Process
from qms.documents.models import Change, Decision, Document, Link, Revision
from qms.documents.remarks import Ask, Remark
from qms.documents.standing import latest
from qms.errors import N_
from qms.processes import rules
from qms.units.queries import places
from qms.units.rules import Place, chain, office_of

_NAMED: Final = 10
_OURS: Final = N_(
    "%(count)s quy trình có các bước cộng lại không khớp thời hạn của thủ tục: %(codes)s."
)
_THEIRS: Final = N_(
    "%(count)s quy trình của đơn vị khác có các bước cộng lại không khớp thời hạn của thủ tục."
)

Texts = Mapping[tuple[int, str], Procedure]
"""Procedures by owner and code."""


def processes_that_differ(session: Session, matter: Matter) -> Sequence[Remark]:
    """Name the processes that a decision changes or leaves behind with steps that do not fit.

    One that the decision does not change is named where the decision made the difference.
    """
    decision, on = matter.decision, matter.on
    drafted = _processes(session, Change.decision_id == decision.id)
    left = _processes(session, _standing_on_changed(decision, on))
    if not drafted and not left:
        return []
    codes = {code for _, found in (*drafted, *left) for code in found.procedures}
    before = _procedures(session, latest(on, None), codes)
    after = {**before, **_procedures(session, Change.decision_id == decision.id, codes)}
    known = places(session)
    wrong = [each for each, content in drafted if _differs(known, each, content, after)]
    wrong += [
        each
        for each, content in left
        if _differs(known, each, content, after) - _differs(known, each, content, before)
    ]
    return _remarks(known, decision, wrong)


def _remarks(
    known: Mapping[int, Place], decision: Decision, wrong: Sequence[Document]
) -> list[Remark]:
    mine = office_of(known, decision.owner_id)
    ours = [each for each in wrong if office_of(known, each.owner_id) == mine]
    found = []
    if ours:
        codes = [each.code for each in ours[:_NAMED]]
        told = ", ".join(codes) + (", …" if len(ours) > _NAMED else "")
        found.append(Remark(_OURS, {"count": len(ours)}, {"codes": told}))
    if len(wrong) > len(ours):
        found.append(Remark(_THEIRS, {"count": len(wrong) - len(ours)}))
    return found


def _processes(
    session: Session, which: sa.ColumnElement[bool]
) -> list[tuple[Document, Process]]:
    """Return processes with the texts that changes give them, by code."""
    query = _texts(which).where(Document.kind == "process").order_by(Document.code, Document.id)
    return [
        (document, content)
        for document, data in session.execute(query)
        if isinstance(content := queries.content_in(data), Process)
    ]


def _standing_on_changed(decision: Decision, on: date) -> sa.ColumnElement[bool]:
    """Return the condition for texts in force that describe what a decision changes."""
    line = aliased(Change)
    named = aliased(Document)
    changed = sa.select(line.document_id).where(line.decision_id == decision.id)
    describes = (
        sa.select(Link.revision_id)
        .join(named, sa.and_(named.kind == Link.kind, named.code == Link.code))
        .where(Link.relation == Relation.DESCRIBES, named.id.in_(changed))
    )
    return sa.and_(
        latest(on, None),
        Change.revision_id.in_(describes),
        Change.document_id.not_in(changed),
    )


def _procedures(
    session: Session, which: sa.ColumnElement[bool], codes: Collection[str]
) -> dict[tuple[int, str], Procedure]:
    query = _texts(which).where(Document.kind == "procedure", Document.code.in_(codes))
    return {
        (document.owner_id, document.code): content
        for document, data in session.execute(query)
        if isinstance(content := queries.content_in(data), Procedure)
    }


def _texts(which: sa.ColumnElement[bool]) -> sa.Select[Document, bytes]:
    return (
        sa.select(Document, Revision.data)
        .join(Change, Change.document_id == Document.id)
        .join(Revision, Revision.id == Change.revision_id)
        .where(which)
    )


def _differs(
    known: Mapping[int, Place], document: Document, process: Process, texts: Texts
) -> set[tuple[str, str]]:
    """Return the procedures and cases whose limit the steps do not meet, nearest owner first."""
    owners = chain(known, document.owner_id)
    found = set()
    for code in process.procedures:
        procedure = next((texts[o, code] for o in owners if (o, code) in texts), None)
        if procedure is not None:
            found |= {(code, said) for said in _wrong(process, procedure)}
    return found


def _wrong(process: Process, procedure: Procedure) -> Iterable[str]:
    return (
        f"{each.about}: {rules.said(each)}"
        for each in rules.compare(process.phases, procedure.methods)
        if each.fit in rules.DIFFERS
    )


IMPACT: Final[tuple[Ask, ...]] = (processes_that_differ,)
