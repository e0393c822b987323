"""Acts on legal texts: taken in, looked at, found to need no new text, named by others."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from qms import trail
from qms.accounts.queries import require
from qms.accounts.rules import Permission
from qms.blanks.service import enter
from qms.documents import queries as documents
from qms.documents.kinds.legal import LegalText
from qms.documents.kinds.parts import FileRef
from qms.documents.models import Change, Document
from qms.documents.registering import create_document
from qms.documents.rules import Audience, RevisionText
from qms.documents.scans import Scan
from qms.documents.service import Head, Line, add_lines, edit_text, open_decision
from qms.documents.timeline import Action
from qms.errors import InvalidError, RefusedError
from qms.laws import queries, records, rules
from qms.laws.models import Check, Waiver
from qms.laws.rules import Verdict
from qms.text import nfc
from qms.trail import Act
from qms.units.models import Unit
from qms.vietnamese import day as day_words


@dataclass(frozen=True)
class Into:
    """The draft decision that takes a record in: one by its number, or a new one."""

    decision_id: int | None = None
    title: str = ""
    effective_on: date | None = None


def open_law(
    session: Session, act: Act, owner: Unit, title: str, content: LegalText, into: Into
) -> Change:
    """Begin the record of a legal text in a draft decision; its code comes from what it is.

    Raises:
        RefusedError: there is a record with this number, issuer and date.

    """
    known = records.said_of_laws(session, owner.id)
    for _, code, other in known:
        if other.identity == content.identity:
            raise RefusedError(
                "Văn bản số %(number)s của %(issuer)s ngày %(day)s đã có, mã %(code)s. Hãy mở"
                " bản ghi đó mà sửa.",
                number=content.number,
                issuer=content.issuer,
                day=day_words(content.dated) if content.dated else "…",
                code=code,
            )
    code = rules.code_for(content, [code for _, code, _ in known])
    made = create_document(session, act, owner=owner, kind=records.KIND, code=code)
    text = RevisionText(title, content, audience=Audience.INTERNAL)
    if into.decision_id is not None:
        decision = documents.decision(session, into.decision_id)
    else:
        head = Head(into.title, effective_on=into.effective_on)
        decision = open_decision(session, act, owner, head)
    (line,) = add_lines(session, act, decision, [Line(made, Action.ISSUE, text)])
    return line


def attach_file(
    session: Session, act: Act, change: Change, scan: Scan, *, version: int
) -> None:
    """Put the scan of a legal text into its draft record, in the place of any before.

    Raises:
        StaleError: somebody saved the draft in the meantime.
        RefusedError: it is no draft of a legal text.

    """
    if change.revision is None or change.revision.number is not None:
        raise RefusedError("Dòng này không có dự thảo để sửa.")
    text = documents.text_of(change.revision)
    if not isinstance(text.content, LegalText):
        raise RefusedError("Chỉ văn bản pháp luật mới có tệp chụp ở đây.")
    file = FileRef(
        sha256=scan.sha256, name=scan.name, media_type=scan.media_type, size=scan.size
    )
    enter(session, act, file)
    content = text.content.model_copy(update={"file": file})
    edit_text(session, act, change, replace(text, content=content), version=version)


def waive(
    session: Session, act: Act, document: Document, law: Document, day: date, reason: str
) -> None:
    """Record why a document needs no new text for what happened to a law on a day.

    Raises:
        InvalidError: no reason is given.
        RefusedError: nothing is due, or somebody said so before.

    """
    require(session, act.actor, Permission.DECISION_DRAFT, document.owner_id, act.today)
    words = nfc(reason).strip()
    if not words:
        raise InvalidError("Hãy ghi vì sao tài liệu không cần sửa.")
    wanted = queries.Wanted(
        [document.owner_id], act.today, law_id=law.id, document_id=document.id
    )
    if day not in {each.day for each in queries.groups(session, wanted)}:
        raise RefusedError("Việc cập nhật này không còn chờ nữa; hãy xem lại trang tài liệu.")
    session.add(
        Waiver(
            document_id=document.id,
            law_id=law.id,
            day=day,
            reason=words,
            by=act.actor,
            at=act.at,
        )
    )
    detail = {"law": law.code, "day": day, "reason": words}
    subject = f"document/{document.id}"
    trail.record(session, act, action="law.update_waived", subject=subject, detail=detail)


def check(session: Session, act: Act, law: Document, verdict: Verdict, note: str) -> None:
    """Record that somebody looked whether a record still says what holds.

    Raises:
        InvalidError: something changed and nobody says what.

    """
    require(session, act.actor, Permission.DECISION_DRAFT, law.owner_id, act.today)
    words = nfc(note).strip()
    if verdict is Verdict.CHANGED and not words:
        raise InvalidError("Hãy ghi văn bản đã đổi gì, hoặc văn bản nào thay.")
    session.add(
        Check(
            document_id=law.id,
            verdict=verdict,
            note=words,
            day=act.today,
            by=act.actor,
            at=act.at,
        )
    )
    detail = {"verdict": verdict.value, "note": words}
    subject = f"document/{law.id}"
    trail.record(session, act, action="law.checked", subject=subject, detail=detail)


def link(
    session: Session, act: Act, change: Change, chosen: Mapping[str, str], *, version: int
) -> int:
    """Let references of a draft text name the records chosen, by place; return how many did.

    Raises:
        StaleError: somebody saved the draft in the meantime.
        RefusedError: the line bears no draft.

    """
    if change.revision is None or change.revision.number is not None:
        raise RefusedError("Dòng này không có dự thảo để sửa.")
    text = documents.text_of(change.revision)
    content = rules.linked(text.content, chosen)
    if content == text.content:
        return 0
    edit_text(session, act, change, replace(text, content=content), version=version)
    before, after = len(text.content.links()), len(content.links())
    return max(after - before, 1)
