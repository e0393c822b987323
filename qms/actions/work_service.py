"""Acts on the actions of a request: evidence, what was done, a draft it begins, more time."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from qms import refusals, trail
from qms.accounts.queries import require
from qms.accounts.rules import Permission
from qms.actions import queries, request_service, rules, time_rules, work_rules
from qms.actions.models import ActionFile, Extension, Finding, Request, Task
from qms.actions.rules import Step
from qms.documents import replacing
from qms.documents import service as documents
from qms.documents.file_models import StoredFile
from qms.documents.models import Decision, Document
from qms.documents.scans import Scan
from qms.documents.service import Head, Line
from qms.errors import InvalidError, RefusedError
from qms.text import nfc
from qms.trail import Act
from qms.units.queries import unit_by_id

MOST_FILES: Final = 50
"""Files of one action or finding."""


def prove(
    session: Session,
    act: Act,
    request: Request,
    task: Task,
    scans: Sequence[Scan],
    result: str = "",
) -> None:
    """Add evidence that an action is done, and what came of it so far; by it the work has begun.

    Raises:
        RefusedError: the plan is not approved, or the work is handed in.

    """
    _works(session, act, request, task)
    if len(task.files) + len(scans) > MOST_FILES:
        raise RefusedError("Đã đủ %(most)s tệp.", most=MOST_FILES)
    sheet = queries.sheet_of(session, request, act.today)
    after = work_rules.prove(sheet, task.id, act.actor or 0)
    task.result = nfc(result).strip() or task.result
    _begin(session, act, request)
    for scan in scans:
        keep(session, act, scan, task=task)
        request_service.note(session, act, request, "prove", scan.name, task)
        trail.record(
            session,
            act,
            action="request.proved",
            subject=request.ref,
            detail={"task": task.id, "file": scan.sha256},
        )
    request_service.write(session, request, after)
    session.expire(task, ["files"])
    session.expire(request, ["steps"])
    queries.request(session, request.id)


def do(session: Session, act: Act, request: Request, task: Task, result: str) -> None:
    """Record that an action was done, with what came of it.

    Raises:
        RefusedError: there is no evidence, it is done, or this is not the time.

    """
    _works(session, act, request, task)
    sheet = queries.sheet_of(session, request, act.today)
    with refusals.on_record(session, act, request.ref):
        after = work_rules.do(sheet, task.id, act.actor or 0, act.today)
    task.result = nfc(result).strip()
    _begin(session, act, request)
    request_service.write(session, request, after)
    request_service.note(session, act, request, "do", task.result, task)
    trail.record(
        session,
        act,
        action="request.task_done",
        subject=request.ref,
        detail={"task": task.id},
    )


def begin_draft(
    session: Session, act: Act, request: Request, task: Task, document: Document
) -> Decision:
    """Begin a draft decision that changes a document, as an action of a request wants it.

    Raises:
        RefusedError: the action has begun one, or the plan is not approved.
        NotAllowedError: the person may not draft for the owner of the document.

    """
    _works(session, act, request, task)
    if request.state not in rules.AT_WORK:
        raise RefusedError(
            "Phiếu %(state)s nên chưa lập dự thảo được.", state=rules.in_sentence(request.state)
        )
    if task.decision_id is not None:
        raise RefusedError("Hành động này đã có dự thảo quyết định rồi.")
    action, text = replacing.amendment(session, document, act.today)
    owner = unit_by_id(session, document.owner_id)
    head = Head(f"Sửa đổi {document.code} theo phiếu {request.code}")
    made = documents.open_decision(session, act, owner, head)
    documents.add_lines(session, act, made, [Line(document, action, text, reason=request.code)])
    task.decision_id = made.id
    request_service.note(session, act, request, "draft", head.title, task)
    trail.record(
        session,
        act,
        action="request.draft_begun",
        subject=request.ref,
        detail={"task": task.id, "decision": made.id, "document": document.id},
    )
    return made


def ask_for_time(
    session: Session, act: Act, request: Request, until: date, reason: str
) -> Extension:
    """Ask for a later day, with a reason; somebody else says yes or no.

    Raises:
        RefusedError: none can be given, or an answer is still awaited.
        InvalidError: the day is not later, or there is no reason.

    """
    sheet = queries.sheet_of(session, request, act.today)
    if not request_service.owns(sheet, act.actor):
        require(session, act.actor, Permission.ACTION_ANSWER, request.unit_id, act.today)
    time_rules.check_extension(sheet, request.finding.source, until, reason)
    if until <= act.today:
        raise InvalidError("Hạn mới phải sau hôm nay.")
    if any(each.granted is None for each in request.extensions):
        raise RefusedError("Phiếu đang có một đề nghị gia hạn chờ trả lời.")
    made = Extension(
        request_id=request.id,
        until=until,
        reason=nfc(reason).strip(),
        asked_by=act.actor,
        asked_on=act.today,
    )
    session.add(made)
    session.flush()
    trail.record(
        session,
        act,
        action="request.extension_asked",
        subject=request.ref,
        detail={"due": until, "reason": made.reason},
    )
    return made


def answer_for_time(
    session: Session, act: Act, request: Request, extension: Extension, *, granted: bool
) -> None:
    """Say yes or no to more time; what is not done moves to the new day.

    Raises:
        NotAllowedError: the person asked for it, or may not approve here.
        RefusedError: the request needs no time any more.

    """
    require(session, act.actor, Permission.ACTION_APPROVE, request.unit_id, act.today)
    with refusals.on_record(session, act, request.ref):
        time_rules.check_other(act.actor or 0, extension.asked_by)
    sheet = queries.sheet_of(session, request, act.today)
    if granted:
        time_rules.check_extension(
            sheet, request.finding.source, extension.until, extension.reason
        )
        request.due = extension.until
        for each in request.tasks:
            if each.done_on is None and each.dropped_on is None:
                each.due = extension.until
    extension.granted = granted
    extension.decided_by, extension.decided_on = act.actor, act.today
    detail = {"due": extension.until}
    if granted:
        trail.record(
            session, act, action="request.extended", subject=request.ref, detail=detail
        )
    else:
        trail.record(
            session, act, action="request.extension_refused", subject=request.ref, detail=detail
        )


def attach_scan(session: Session, act: Act, paper: Finding | Request, scan: Scan) -> None:
    """Attach the scan of a signed paper, once.

    Raises:
        RefusedError: it has one.

    """
    require(session, act.actor, Permission.ACTION_VERIFY, paper.unit_id, act.today)
    if paper.scan_sha256 is not None:
        raise RefusedError("Đã có bản chụp; mỗi tờ chỉ đính kèm một lần.")
    store(session, act, scan)
    paper.scan_sha256, paper.scan_name = scan.sha256, scan.name
    detail = {"file": scan.sha256}
    if isinstance(paper, Finding):
        trail.record(
            session, act, action="finding.scan_added", subject=paper.ref, detail=detail
        )
    else:
        trail.record(
            session, act, action="request.scan_added", subject=paper.ref, detail=detail
        )


def keep(
    session: Session,
    act: Act,
    scan: Scan,
    *,
    finding: Finding | None = None,
    task: Task | None = None,
) -> None:
    """Enter a file that shows a finding, or that an action was done."""
    store(session, act, scan)
    made = ActionFile(
        finding_id=finding.id if finding else None,
        task_id=task.id if task else None,
        sha256=scan.sha256,
        name=scan.name,
        media_type=scan.media_type,
        size=scan.size,
        added_by=act.actor,
        added_at=act.at,
    )
    session.add(made)
    session.flush()


def store(session: Session, act: Act, scan: Scan) -> None:
    """Enter the bytes of a file that are kept."""
    if session.get(StoredFile, scan.sha256) is None:
        session.add(
            StoredFile(
                sha256=scan.sha256,
                media_type=scan.media_type,
                size=scan.size,
                stored_at=act.at,
            )
        )


def _begin(session: Session, act: Act, request: Request) -> None:
    """Say in the course of a request that work began, where it did by what comes now."""
    if request.state is rules.State.APPROVED:
        request_service.note(session, act, request, Step.BEGIN.value)
        trail.record(session, act, action="request.begin", subject=request.ref, detail={})


def _works(session: Session, act: Act, request: Request, task: Task) -> None:
    """Refuse who neither answers for an action nor for the work of the unit."""
    if task.owner_id != act.actor:
        require(session, act.actor, Permission.ACTION_ANSWER, request.unit_id, act.today)
