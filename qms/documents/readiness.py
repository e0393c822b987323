"""Whether a decision could be signed as it is, and what a signature covers of its lines."""

import json
from collections.abc import Mapping, Sequence
from datetime import date

from qms.digests import digest
from qms.documents import timeline
from qms.documents.models import Change, Document
from qms.documents.timeline import Action, Entry
from qms.errors import QmsError, RefusedError, StaleError


def line_values(found: Sequence[Change]) -> list[dict[str, object]]:
    """Return the lines as signatures cover them; who follows whom only where a line says so."""
    return [
        {
            "owner": change.document.owner.slug,
            "kind": change.document.kind,
            "code": change.document.code,
            "action": change.action.value,
            "day": change.own_day.isoformat() if change.own_day else None,
            "replaces": change.replaces_id,
            "reason": change.reason,
            "material": change.material,
            "revision": change.revision.digest if change.revision else None,
            **(
                {"kin": sorted(_name(each.document) for each in change.kin)}
                if change.kin
                else {}
            ),
        }
        for change in found
    ]


def _name(document: Document) -> list[str]:
    return [document.owner.slug, document.kind, document.code]


def covered(found: Sequence[Change]) -> list[str]:
    """Return the digest of each line, as signatures keep it."""
    return [digest(json.dumps(values).encode()) for values in line_values(found)]


def trouble(
    found: Sequence[Change],
    signed: Mapping[int, list[Entry]],
    day: date,
    today: date,
    *,
    reason: str = "",
) -> list[QmsError]:
    """Return, for the readiness list, what would stop a signature for ``day``.

    ``signed`` are the signed changes of every document the lines concern, ``reason`` what the
    decision gives for a day that has passed.
    """
    lines_of = proposed(found, day)
    codes = {change.document_id: change.document.code for change in found}
    refusals: list[QmsError] = stale(found, signed)
    for document_id, lines in lines_of.items():
        known = signed.get(document_id, [])
        for _, error in timeline.problems(known, lines, today, reason=reason):
            refusals.append(
                RefusedError("%(code)s: %(why)s", code=codes[document_id], why=error)
            )
    return refusals


def stale(found: Sequence[Change], signed: Mapping[int, list[Entry]]) -> list[QmsError]:
    """Return the lines whose document was changed since they were drawn up."""
    return [
        StaleError(
            "%(code)s: đã có %(count)s thay đổi được ký từ khi soạn dòng này.",
            code=change.document.code,
            count=len(signed.get(change.document_id, ())) - change.base_count,
        )
        for change in found
        if len(signed.get(change.document_id, ())) != change.base_count
    ]


def proposed(found: Sequence[Change], effective_on: date) -> dict[int, list[Entry]]:
    """Return the lines of a decision as the timeline sees them, by document."""
    by_document: dict[int, list[Entry]] = {}
    for change in found:
        day = None if change.action is Action.CANCEL else change.own_day or effective_on
        entry = Entry(
            change.id, change.action, day, change.revision_id, change.replaces_id, change.reason
        )
        by_document.setdefault(change.document_id, []).append(entry)
    return by_document
