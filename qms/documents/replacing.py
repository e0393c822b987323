"""Changing what is signed: moves, corrections and cancellations, as lines of a draft decision."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from qms.documents import queries, rules, service
from qms.documents.models import Change, Decision, Document
from qms.documents.rules import RevisionText
from qms.documents.service import Head, Line
from qms.documents.timeline import Action, kept_action
from qms.errors import InvalidError, RefusedError
from qms.trail import Act
from qms.units.queries import unit_by_id
from qms.vietnamese import day as day_words


class Remedy(StrEnum):
    """What is done to a signed change: another day, other words on the same day, nothing."""

    MOVE = "move"
    CORRECT = "correct"
    CANCEL = "cancel"


TITLES = {
    Remedy.MOVE: "Đổi ngày có hiệu lực của Quyết định số %(number)s ngày %(day)s",
    Remedy.CORRECT: "Đính chính Quyết định số %(number)s ngày %(day)s",
    Remedy.CANCEL: "Hủy nội dung chưa có hiệu lực của Quyết định số %(number)s ngày %(day)s",
}


def replace(
    session: Session,
    act: Act,
    changes: Sequence[Change],
    remedy: Remedy,
    *,
    reason: str,
    day: date | None = None,
    into: Decision | None = None,
) -> Decision:
    """Put lines that replace signed ones into a draft decision, a new one unless given.

    Raises:
        RefusedError: a change is not signed, is replaced already, or has come into force
            (only a correction may follow then).
        InvalidError: a reason or the new day is missing.

    """
    if not changes:
        raise RefusedError("Không có dòng nào còn thay được.")
    if not reason.strip():
        raise InvalidError("Hãy ghi lý do.")
    if remedy is Remedy.MOVE and day is None:
        raise InvalidError("Hãy ghi ngày hiệu lực mới.")
    for change in changes:
        _check(change, remedy, act.today)
    of = queries.decision(session, changes[0].decision_id)
    if into is None:
        owner = unit_by_id(session, of.owner_id)
        title = TITLES[remedy] % {"number": of.number, "day": day_words(of.dated or act.today)}
        into = service.open_decision(
            session, act, owner, Head(title, effective_on=day or act.today, reason="")
        )
    lines = [_line(session, change, remedy, day, reason) for change in changes]
    service.add_lines(session, act, into, lines)
    return into


def amendment(
    session: Session, document: Document, on: date, *, whole: bool = False
) -> tuple[Action, RevisionText]:
    """Return the line that changes a document from a day, with its present text to edit.

    Where nothing is in force that day it is issued anew from the latest text there was.
    """
    standing = queries.in_force_id(session, document.id, on)
    if standing is not None:
        return Action.AMEND, _next(
            queries.text_of(queries.revision(session, standing)), whole=whole
        )
    signed = [change for change in queries.history(session, document.id) if change.revision]
    if not signed or signed[-1].revision_id is None:
        raise RefusedError("Tài liệu này chưa có bản đã ký để sửa đổi.")
    latest = queries.revision(session, signed[-1].revision_id)
    return Action.ISSUE, _next(queries.text_of(latest), whole=True)


def _next(text: RevisionText, *, whole: bool) -> RevisionText:
    issue_no, amendment_no = rules.next_numbers(text.issue_no, text.amendment_no, whole=whole)
    return RevisionText(
        **{
            **text.__dict__,
            "issue_no": issue_no,
            "amendment_no": amendment_no,
            "summary": "",
            "why": "",
        }
    )


def _check(change: Change, remedy: Remedy, today: date) -> None:
    if change.signed_at is None or change.effective_on is None:
        raise RefusedError("Chỉ thay được một thay đổi đã ký và có ngày hiệu lực.")
    if change.replaced_by_id is not None:
        raise RefusedError(
            "Thay đổi của ngày %(day)s đã có quyết định khác thay.",
            day=day_words(change.effective_on),
        )
    if remedy is not Remedy.CORRECT and change.effective_on <= today:
        raise RefusedError(
            "Thay đổi đã có hiệu lực từ %(day)s thì không dời hay hủy được nữa; chỉ đính chính được.",
            day=day_words(change.effective_on),
        )


def _line(
    session: Session, change: Change, remedy: Remedy, day: date | None, reason: str
) -> Line:
    document = queries.document(session, change.document_id)
    if remedy is Remedy.CANCEL:
        return Line(document, Action.CANCEL, replaces=change, reason=reason)
    own = change.effective_on if remedy is Remedy.CORRECT or day is None else day
    signed = queries.entries(session, [document.id])[document.id]
    replaced = next(entry for entry in signed if entry.id == change.id)
    action = change.action
    if action is not Action.WITHDRAW and own is not None:
        action = kept_action(signed, replaced, own)
    text = None
    if remedy is Remedy.CORRECT and change.revision_id is not None:
        text = queries.text_of(queries.revision(session, change.revision_id))
    return Line(document, action, text, day=own, replaces=change, reason=reason)
