"""Taking files and lists in: each import leaves one draft decision, whole or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from qms.blanks import intake
from qms.blanks import service as blanks
from qms.documents import queries
from qms.documents.models import Decision, Document
from qms.documents.registering import draft_documents
from qms.documents.rules import RevisionText
from qms.documents.service import Head, Line, add_lines, open_decision
from qms.documents.timeline import Action, living
from qms.errors import InvalidError
from qms.library.format import blank_of
from qms.library.masterlist import Row
from qms.library.rules import Source, listed_reason, listed_text, refuse_all, revision_text
from qms.trail import Act
from qms.units.models import Unit

SOURCE = "library"
"""How decisions left by an import of files are marked."""
LIST_SOURCE = "list"
"""How decisions left by an import of an office's list are marked."""


@dataclass(frozen=True)
class _Wish:
    kind: str
    code: str
    text: RevisionText
    day: date | None = None
    reason: str = ""


def keep_blanks(sources: Sequence[Source]) -> None:
    """Keep the files of forms, before any lock is taken."""
    for source in sources:
        blank = blank_of(source.file)
        if blank is not None and source.blank is not None:
            intake.keep(source.blank, blank)


def enter_blanks(session: Session, act: Act, sources: Sequence[Source]) -> None:
    """Enter the files of forms that were kept."""
    for source in sources:
        if blank := blank_of(source.file):
            blanks.enter(session, act, blank)


def take_in(
    session: Session, act: Act, owner: Unit, sources: Sequence[Source]
) -> Decision | None:
    """Draft one decision that brings the files into force; None where nothing would change.

    The files of forms are kept before; see :func:`keep_blanks`.

    Raises:
        NotAllowedError: no post of the person lets it draft for the owner.
        InvalidError: a code or a scope can't be used.

    """
    wishes = [
        _Wish(source.file.kind, source.file.code, revision_text(source)) for source in sources
    ]
    lines = _lines(session, act, owner, wishes)
    if not lines:
        return None
    head = Head(title="Ban hành tài liệu của thư viện")
    decision = open_decision(session, act, owner, head, source=SOURCE)
    add_lines(session, act, decision, lines)
    enter_blanks(session, act, sources)
    return decision


def take_in_list(session: Session, act: Act, owner: Unit, rows: Sequence[Row]) -> Decision:
    """Draft one decision that enters documents an office had in force, each from its day.

    Raises:
        NotAllowedError: no post of the person lets it draft for the owner.
        InvalidError: documents are known here already; one part for each.

    """
    wishes = []
    for row in rows:
        kind, text = listed_text(row)
        wishes.append(_Wish(kind, row.code, text, row.in_force, listed_reason(row)))
    lines = _lines(session, act, owner, wishes)
    known = {line.document.code for line in lines if line.action is Action.AMEND}
    known |= {row.code for row in rows} - {line.document.code for line in lines}
    refuse_all(
        InvalidError(
            "Dòng %(line)s: tài liệu %(code)s đã có trong hệ thống. Hãy bỏ dòng này.",
            line=row.line,
            code=row.code,
        )
        for row in rows
        if row.code in known
    )
    first = min(row.in_force for row in rows)
    head = Head(
        title="Nhập danh mục tài liệu đang áp dụng",
        effective_on=first,
        reason="Nhập bổ sung từ danh mục tài liệu của cơ quan.",
    )
    decision = open_decision(session, act, owner, head, source=LIST_SOURCE)
    add_lines(session, act, decision, lines)
    return decision


def _lines(session: Session, act: Act, owner: Unit, wishes: Sequence[_Wish]) -> list[Line]:
    """Return a line for each wish that differs from what is signed last."""
    documents = _documents(session, act, owner, wishes)
    signed = queries.entries(session, {document.id for document in documents.values()})
    lines: list[Line] = []
    for wish in wishes:
        document = documents[wish.kind, wish.code]
        timeline = living(signed[document.id])
        last = timeline[-1] if timeline else None
        action = Action.ISSUE
        if last is not None and last.action is not Action.WITHDRAW:
            action = Action.AMEND
            if last.revision is not None and _same(session, owner, wish, last.revision):
                continue
        lines.append(Line(document, action, wish.text, day=wish.day, reason=wish.reason))
    return lines


def _documents(
    session: Session, act: Act, owner: Unit, wishes: Sequence[_Wish]
) -> Mapping[tuple[str, str], Document]:
    found: dict[tuple[str, str], Document] = {}
    for kind in sorted({wish.kind for wish in wishes}):
        codes = [wish.code for wish in wishes if wish.kind == kind]
        made = draft_documents(session, act, owner=owner, kind=kind, codes=codes)
        found |= {(kind, code): made[code] for code in codes}
    return found


def _same(session: Session, owner: Unit, wish: _Wish, revision_id: int) -> bool:
    data = wish.text.data(owner=owner.slug, kind=wish.kind, code=wish.code)
    return queries.revision(session, revision_id).data == data
