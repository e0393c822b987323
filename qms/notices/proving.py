"""Whether the rows behind an answer still say what was signed, before a paper is told that it holds.

A row may be damaged by a disk, a repair by hand or a fault of ours. What several rows say of one
thing (bytes and their digest, a line and its signature, a decision and its line of the trail) is
compared; where two of them differ nobody knows which is right, and the paper cannot be checked.
The chain of the trail itself is proved by ``qms trail verify``.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from qms import trail
from qms.digests import DIGITS
from qms.documents.models import Change, Decision, Document, Revision, Signature
from qms.documents.queries import WITH_KIN, is_whole
from qms.documents.readiness import covered
from qms.documents.rules import Deed, State
from qms.documents.timeline import Action
from qms.notices.models import Copy


class DamagedError(Exception):
    """Rows that belong together do not say the same, so nothing can be said of a paper."""


def prove(session: Session, documents: Collection[int]) -> None:
    """Compare all that a sheet told from these documents rests on: a fixed number of queries.

    Raises:
        DamagedError: something of it is not as it was signed.

    """
    query = (
        sa.select(Change)
        .where(Change.document_id.in_(documents))
        .options(
            joinedload(Change.document).joinedload(Document.owner),
            joinedload(Change.revision).undefer(Revision.data),
            joinedload(Change.decision),
            WITH_KIN,
        )
    )
    changes = [c for c in session.scalars(query) if c.decision.state is State.SIGNED]
    _texts(session, documents, changes)
    _lines(session, changes)
    _decisions(session, {change.decision for change in changes})


def prove_copy(session: Session, copy: Copy) -> None:
    """Compare a copy with the line of the trail about its printing.

    Raises:
        DamagedError: they differ.

    """
    told = _trail(session, "copy.printed", [f"copy/{copy.code}"]).get(f"copy/{copy.code}", {})
    said = {
        "document": copy.document_id,
        "digest": copy.digest,
        "day": str(copy.day),
        "unit": copy.unit_id,
    }
    _same(said.items() <= told.items() and len(copy.digest) == DIGITS, f"copy {copy.code}")


def _texts(session: Session, documents: Iterable[int], changes: Sequence[Change]) -> None:
    """Hold texts to their digests, and every text with a number to a change that brings it."""
    revisions = {change.revision for change in changes if change.revision is not None}
    for revision in revisions:
        _same(is_whole(revision), f"revision {revision.id}")
    numbered = sa.select(Revision.id).where(
        Revision.document_id.in_(documents), Revision.number.is_not(None)
    )
    _same(
        set(session.scalars(numbered)) == {revision.id for revision in revisions},
        "texts without a signature",
    )


def _lines(session: Session, changes: Sequence[Change]) -> None:
    """Hold lines to what was signed, their days to those of their decisions."""
    marks = _marks(session, {change.decision_id for change in changes})
    for change, mark in zip(changes, covered(changes), strict=True):
        signed = marks.get(change.decision_id, {})
        day = change.own_day or change.decision.effective_on
        _same(
            mark == signed.get(str(change.id))
            and change.signed_at == change.decision.signed_at
            and change.effective_on == (None if change.action is Action.CANCEL else day),
            f"line {change.id}",
        )


def _marks(session: Session, decisions: Iterable[int]) -> dict[int, Mapping[str, str]]:
    """Return by decision the digests of the lines that its signer signed."""
    query = sa.select(Signature.decision_id, Signature.covered).where(
        Signature.decision_id.in_(decisions), Signature.deed.in_((Deed.SIGNED, Deed.CONFIRMED))
    )
    return {row.decision_id: json.loads(row.covered) for row in session.execute(query)}


def _decisions(session: Session, decisions: Iterable[Decision]) -> None:
    """Hold number, days and digest of decisions to what the trail says of their signing."""
    by_ref = {decision.ref: decision for decision in decisions}
    told = _trail(session, "decision.signed", by_ref)
    for ref, decision in by_ref.items():
        said = {
            "number": decision.number,
            "dated": str(decision.dated),
            "effective_on": str(decision.effective_on),
            "digest": decision.digest,
        }
        _same(said.items() <= told.get(ref, {}).items(), ref)


def _trail(
    session: Session, action: str, subjects: Iterable[str]
) -> dict[str, Mapping[str, Any]]:
    query = sa.select(trail.Entry).where(
        trail.Entry.subject.in_(list(subjects)), trail.Entry.action == action
    )
    return {entry.subject: trail.details(entry) for entry in session.scalars(query)}


def _same(holds: bool, what: str) -> None:  # noqa: FBT001 - the answer to a comparison
    if not holds:
        raise DamagedError(what)
