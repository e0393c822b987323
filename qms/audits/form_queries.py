"""The scans of signed papers, and the office's own forms on which papers are made."""

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.audits.checklist_models import PaperForm, SignedPaper
from qms.audits.papers import Name, is_of_audit
from qms.documents.kinds.base import Relation
from qms.documents.models import Change, Document, Link, Revision
from qms.documents.standing import latest
from qms.errors import NotFoundError
from qms.vietnamese import day as day_words


def signed(session: Session, ref: str, name: Name) -> SignedPaper:
    """Return the scan of a signed paper.

    Raises:
        NotFoundError: there is none.

    """
    found = session.get(SignedPaper, (ref, name.value))
    if found is None:
        raise NotFoundError("Giấy tờ này chưa có bản chụp đã ký.")
    return found


def scanned(session: Session, ref: str) -> set[str]:
    """Return which papers of an audit or a programme have their scan."""
    query = sa.select(SignedPaper.paper).where(SignedPaper.subject == ref)
    return set(session.scalars(query))


def forms(session: Session, owner_id: int) -> dict[str, int]:
    """Return the office's own forms by paper."""
    query = sa.select(PaperForm).where(PaperForm.owner_id == owner_id)
    return {row.paper: row.document_id for row in session.scalars(query)}


def form_choices(
    session: Session, owner_id: int, on: date, chosen: Collection[int]
) -> list[tuple[int, str, str]]:
    """Return the office's forms in force that audits use: number, code and title.

    ``chosen``: those on which papers are made, which stay whatever they are called.
    """
    used = sa.exists().where(
        Link.relation == Relation.USES_FORM, Link.kind == "form", Link.code == Document.code
    )
    query = (
        sa.select(Document.id, Document.code, Revision.title, used.label("used"))
        .join(Change, Change.document_id == Document.id)
        .join(Revision, Revision.id == Change.revision_id)
        .where(Document.kind == "form", Document.owner_id == owner_id, latest(on, None))
        .order_by(Document.code)
    )
    return [
        (row.id, row.code, row.title)
        for row in session.execute(query)
        if row.id in chosen or (not row.used and is_of_audit(row.title))
    ]


def form_words(session: Session, owner_id: int, name: Name, on: date) -> str:
    """Say on which of its own forms an office makes a paper, as it stands on a day."""
    query = (
        sa.select(Document.code, Revision.issue_no, Revision.amendment_no, Change.effective_on)
        .join(PaperForm, PaperForm.document_id == Document.id)
        .join(Change, Change.document_id == Document.id)
        .join(Revision, Revision.id == Change.revision_id)
        .where(PaperForm.owner_id == owner_id, PaperForm.paper == name.value)
        .where(latest(on, None))
    )
    row = session.execute(query).first()
    if row is None:
        return ""
    return (
        f"Mã hiệu: {row.code} · Lần ban hành: {row.issue_no:02} · Lần sửa đổi:"
        f" {row.amendment_no:02} · Ngày hiệu lực: {day_words(row.effective_on)}"
    )
