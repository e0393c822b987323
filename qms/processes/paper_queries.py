"""What the printed process says of itself: numbers, days, signatures, amendments."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.accounts.models import User
from qms.documents import decision_queries, queries
from qms.documents.document_access import Event, Seen
from qms.documents.kinds.process import Process
from qms.documents.models import Change, Decision, Revision, Signature
from qms.documents.rules import Deed
from qms.documents.timeline import Action
from qms.errors import NotFoundError
from qms.processes.bound import bind
from qms.processes.paper import Amendment, Cover, Signer, process_data
from qms.processes.told import tell
from qms.units.queries import heading
from qms.vietnamese import day

Hour = Callable[[datetime], str]
"""Writes an instant as the clock on the office's wall shows it."""

DRAFT: Final = "DỰ THẢO – chưa ký, chưa có hiệu lực"


def data(
    session: Session,
    seen: Seen,
    revision: Revision,
    today: date,
    *,
    on: date | None,
    hour: Hour,
) -> dict[str, Any]:
    """Return what the paper of a text says, with its procedures as of a day.

    Without a day it is the one the text is asked for: today while it stands, else the first
    day still to come, else the last day it stood.

    Raises:
        NotFoundError: the text is no process.

    """
    content = queries.content(revision)
    if not isinstance(content, Process):
        raise NotFoundError("Tài liệu này không phải là quy trình nên không có bản in này.")
    spans = [e for e in seen.events if e.change.revision_id == revision.id and e.by is None]
    line = spans[0].change if spans else _line(seen, revision)
    asked = on or _day(spans, line, today)
    bindings = bind(session, content, seen.document.owner_id, asked, seen.who.reader)
    decision = line.decision if line is not None else None
    head = heading(session, seen.document.owner_id, asked)
    cover = Cover(
        superior=head.superior if head else "",
        office=head.name if head else seen.document.owner.slug,
        code=seen.document.code,
        title=revision.title,
        issue_no=revision.issue_no,
        amendment_no=revision.amendment_no,
        dated=decision.dated if decision and revision.number is not None else None,
        effective_on=line.effective_on if line is not None else None,
        decision=(decision.number or "") if decision else "",
        signers=_signers(session, decision, revision, hour),
        amendments=_amendments(seen, line),
        marked=_marked(spans, revision, today),
        printed_on=today,
    )
    return process_data(cover, tell(content, bindings))


def _line(seen: Seen, revision: Revision) -> Change | None:
    lines = (*seen.drafts, *seen.history)
    return next((each for each in lines if each.revision_id == revision.id), None)


def _day(spans: Sequence[Event], line: Change | None, today: date) -> date:
    held = [(e.change.effective_on or today, e.last_day) for e in spans]
    if any(first <= today <= (last or today) for first, last in held):
        return today
    coming = [first for first, _ in held if first > today]
    if coming:
        return min(coming)
    ended = [last for _, last in held if last is not None]
    if ended:
        return max(ended)
    planned = line.own_day or line.decision.effective_on if line is not None else None
    return planned or today


def _marked(spans: Sequence[Event], revision: Revision, today: date) -> str:
    """Return what stands across each page of a text that does not hold today."""
    if revision.number is None:
        return DRAFT
    states = {span.state(today) for span in spans}
    if "now" in states:
        return ""
    if "future" in states:
        first = min(e.change.effective_on for e in spans if e.change.effective_on)
        return f"CHƯA CÓ HIỆU LỰC – có hiệu lực từ {day(first)}"
    ended = [span.last_day for span in spans if span.last_day is not None]
    return f"HẾT HIỆU LỰC – từ sau ngày {day(max(ended))}" if ended else "HẾT HIỆU LỰC"


def _signers(
    session: Session, decision: Decision | None, revision: Revision, hour: Hour
) -> list[Signer]:
    """Return who wrote, reviewed and approved; of a draft only who wrote it."""
    if decision is None:
        return [Signer()] * 3
    if revision.number is None:
        return [_writer(session, decision, revision), Signer(), Signer()]
    names = queries.standing_signatures(queries.signatures(session, decision.id))
    drafted = _last(names, Deed.DRAFTED)
    signed = _last(names, Deed.SIGNED) or _last(names, Deed.CONFIRMED)
    reviewed = _last(names, Deed.REVIEWED)
    return [
        _signer(drafted, hour) if drafted else _writer(session, decision, revision),
        _signer(reviewed, hour) if reviewed else Signer(),
        _signer(signed, hour) if signed else Signer(),
    ]


def _last(names: Sequence[Signature], deed: Deed) -> Signature | None:
    return next((each for each in reversed(names) if each.deed is deed), None)


def _signer(signature: Signature, hour: Hour) -> Signer:
    note = f"Ký trên phần mềm\n{hour(signature.at)}"
    return Signer(signature.name, signature.title, note)


def _writer(session: Session, decision: Decision, revision: Revision) -> Signer:
    """Return who wrote a text last, else all who took part in its decision."""
    query = sa.select(User.name, User.title).where(User.id == revision.drafted_by)
    row = session.execute(query).first()
    if row is not None:
        return Signer(row.name, row.title)
    return Signer(", ".join(decision_queries.drafter_names(session, decision.id).values()))


def _amendments(seen: Seen, line: Change | None) -> list[Amendment]:
    """Return the timeline up to the text, as far as its texts may be read."""
    until = line.effective_on if line is not None else None
    found = [
        event.change
        for event in reversed(seen.events)
        if event.by is None
        and event.change.effective_on is not None
        and (until is None or event.change.effective_on <= until)
    ]
    return [
        _amendment(change, may_read=change.revision_id in seen.readable) for change in found
    ]


def _amendment(change: Change, *, may_read: bool) -> Amendment:
    text = change.revision if may_read else None
    plain = {
        Action.ISSUE: "Ban hành lần đầu" if text and text.issue_no == 1 else "Ban hành lại",
        Action.WITHDRAW: "Bãi bỏ",
    }
    what = text.summary if text and text.summary else plain.get(change.action, "Sửa đổi")
    decision = change.decision
    dated = f" ngày {day(decision.dated)}" if decision.dated else ""
    return Amendment(
        numbers=f"{text.issue_no:02d}/{text.amendment_no:02d}" if text else "–",
        on=day(change.effective_on) if change.effective_on else "",
        what=what,
        why=change.reason,
        decision=f"{decision.number}{dated}",
    )
