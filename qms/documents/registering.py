"""Giving documents their identity: a code once given to one is never used again."""

from collections.abc import Mapping, Sequence
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.accounts.queries import require
from qms.accounts.rules import Permission
from qms.documents import queries
from qms.documents.kinds.registry import KINDS
from qms.documents.models import Change, Decision, Document, Predecessor
from qms.documents.rules import State
from qms.errors import InvalidError
from qms.text import nfc, slug
from qms.trail import Act
from qms.units.models import Unit

CODE_LENGTH: Final = 100


class CodeError(InvalidError):
    """A document cannot have this code; the sentence says what to do."""


def create_document(
    session: Session, act: Act, *, owner: Unit, kind: str, code: str
) -> Document:
    """Return a new document with this code; one that was given up unsigned counts as new.

    Raises:
        CodeError: the code can't be used, or is another document's.
        InvalidError: there is no such kind.

    """
    clean = nfc(code).strip()
    found = draft_documents(session, act, owner=owner, kind=kind, codes=[clean])[clean]
    _check_new(session, found)
    return found


def draft_documents(
    session: Session, act: Act, *, owner: Unit, kind: str, codes: Sequence[str]
) -> Mapping[str, Document]:
    """Return documents by code, those missing made at once.

    Raises:
        CodeError: a code can't be used, or its address is taken.
        InvalidError: there is no such kind.

    """
    require(session, act.actor, Permission.DECISION_DRAFT, owner.id, act.today)
    if kind not in KINDS:
        raise InvalidError("Không có loại tài liệu “%(kind)s”.", kind=kind)
    found = queries.documents_by_code(session, owner.id, kind, codes)
    missing = list(dict.fromkeys(code for code in codes if code not in found))
    taken = _taken(session, owner, kind, [slug(code) for code in missing])
    for code in missing:
        _check(code, taken)
        made = Document(
            owner_id=owner.id,
            kind=kind,
            code=code,
            slug=slug(code),
            created_at=act.at,
            created_by=act.actor,
        )
        taken[made.slug] = code
        found[code] = made
    session.add_all(found[code] for code in missing)
    session.flush()
    return found


def succeed(session: Session, found: Sequence[Change]) -> None:
    """Write which documents stand in for which, as signed lines say."""
    wanted = {pair for change in found for pair in change.successions}
    documents = sorted({document_id for document_id, _ in wanted})
    for start in range(0, len(documents), 500):
        query = sa.select(Predecessor.document_id, Predecessor.predecessor_id).where(
            Predecessor.document_id.in_(documents[start : start + 500])
        )
        wanted -= {(row.document_id, row.predecessor_id) for row in session.execute(query)}
    session.add_all(
        Predecessor(document_id=document_id, predecessor_id=before)
        for document_id, before in sorted(wanted)
    )


def _check_new(session: Session, document: Document) -> None:
    """Refuse a document that was signed once, or that a draft already issues."""
    query = (
        sa.select(Decision.state, Decision.title)
        .join(Change, Change.decision_id == Decision.id)
        .where(Change.document_id == document.id, Decision.state != State.CANCELLED)
    )
    found = session.execute(query).all()
    if any(row.state is State.SIGNED for row in found):
        raise CodeError(
            "Mã “%(code)s” là của một tài liệu đã ban hành. Hãy tìm tài liệu đó rồi chọn sửa đổi,"
            " hoặc đặt mã khác.",
            code=document.code,
        )
    if found:
        raise CodeError(
            "Mã “%(code)s” đã có trong dự thảo “%(title)s”. Hãy soạn tiếp ở dự thảo đó, hoặc đặt"
            " mã khác.",
            code=document.code,
            title=found[0].title,
        )


def _taken(session: Session, owner: Unit, kind: str, slugs: Sequence[str]) -> dict[str, str]:
    """Return which of the address words are in use, and by which code."""
    found: dict[str, str] = {}
    for start in range(0, len(slugs), 500):
        query = sa.select(Document.slug, Document.code).where(
            Document.owner_id == owner.id,
            Document.kind == kind,
            Document.slug.in_(slugs[start : start + 500]),
        )
        found |= {row.slug: row.code for row in session.execute(query)}
    return found


def _check(code: str, taken: Mapping[str, str]) -> None:
    if not code or len(code) > CODE_LENGTH or not slug(code):
        raise CodeError("Mã tài liệu cần từ 1 đến %(most)s ký tự.", most=CODE_LENGTH)
    if other := taken.get(slug(code)):
        raise CodeError(
            "Mã “%(code)s” có cùng địa chỉ với mã “%(other)s” đã dùng; hãy đặt mã khác.",
            code=code,
            other=other,
        )
