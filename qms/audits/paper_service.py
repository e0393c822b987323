"""Acts about papers: the scan of a signed one, and the office's own forms for them."""

from sqlalchemy.orm import Session

from qms import trail
from qms.accounts.queries import require
from qms.accounts.rules import Permission
from qms.audits.checklist_models import PaperForm, SignedPaper
from qms.audits.papers import Name
from qms.documents.file_models import StoredFile
from qms.documents.models import Document
from qms.documents.scans import Scan
from qms.errors import InvalidError, RefusedError
from qms.trail import Act
from qms.units.models import Unit


def attach(
    session: Session, act: Act, owner_id: int, subject: str, name: Name, scan: Scan
) -> SignedPaper:
    """Attach the scan of a signed paper to its record, once.

    Raises:
        RefusedError: it has its scan.

    """
    require(session, act.actor, Permission.AUDIT_PLAN, owner_id, act.today)
    if session.get(SignedPaper, (subject, name.value)) is not None:
        raise RefusedError("Giấy tờ này đã có bản chụp; bản chụp chỉ đính kèm một lần.")
    if session.get(StoredFile, scan.sha256) is None:
        session.add(
            StoredFile(
                sha256=scan.sha256,
                media_type=scan.media_type,
                size=scan.size,
                stored_at=act.at,
            )
        )
    made = SignedPaper(
        subject=subject,
        paper=name.value,
        sha256=scan.sha256,
        name=scan.name,
        media_type=scan.media_type,
        attached_by=act.actor,
        attached_at=act.at,
    )
    session.add(made)
    session.flush()
    trail.record(
        session,
        act,
        action="audit.scan_added",
        subject=subject,
        detail={"paper": name, "file": scan.sha256},
    )
    return made


def use_form(
    session: Session, act: Act, owner: Unit, name: Name, document: Document | None
) -> None:
    """Let a paper bear the code and numbers of one of the office's own forms, or of none."""
    require(session, act.actor, Permission.AUDIT_PLAN, owner.id, act.today)
    if document is not None and (document.kind != "form" or document.owner_id != owner.id):
        raise InvalidError("Hãy chọn một biểu mẫu của cơ quan.")
    kept = session.get(PaperForm, (owner.id, name.value))
    if document is None:
        if kept is not None:
            session.delete(kept)
    elif kept is None:
        session.add(PaperForm(owner_id=owner.id, paper=name.value, document_id=document.id))
    else:
        kept.document_id = document.id
    session.flush()
    trail.record(
        session,
        act,
        action="audit.form_chosen",
        subject=f"unit/{owner.slug}",
        detail={"paper": name, "document": document.id if document else None},
    )
