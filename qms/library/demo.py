"""A demonstration office: xã Sông Lô with its people, its procedures and decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from qms import paths
from qms.accounts.queries import people
from qms.documents import signing
from qms.documents.kinds.procedure import Procedure
from qms.documents.kinds.text import WrittenText
from qms.documents.models import Decision, Document
from qms.documents.queries import decision as decision_by_id
from qms.documents.registering import draft_documents
from qms.documents.rules import PAST_REASON, RevisionText, SignsFor, next_numbers
from qms.documents.service import Head, Line, add_lines, open_decision
from qms.documents.timeline import Action
from qms.errors import RefusedError
from qms.library import shelf
from qms.library.demo_changes import CHANGES, PROCEDURE_GROUNDS, TEXT_GROUNDS
from qms.library.demo_units import CARRIERS, CHANGE, UNITS
from qms.library.rules import Source, revision_text
from qms.trail import Act
from qms.units.models import Unit
from qms.units.service import end, enter_heading
from qms.units.service import found as found_unit

DECIDERS: Final = ("thuky", "truongphong", "lanhdao")
"""Who drafts, reviews and signs."""
LATER_FIELDS: Final = frozenset(
    {"Đất đai", "Hoạt động xây dựng", "Quy hoạch đô thị và nông thôn"}
)
"""Procedures of these fields begin with the last of the back-dated decisions."""
AMENDED_ON: Final = date(2026, 2, 9)
LATER_ON: Final = date(2026, 7, 31)


@dataclass(frozen=True)
class Staff:
    """The acts of the three who make a decision."""

    drafter: Act
    reviewer: Act
    signer: Act


def check_empty(session: Session) -> None:
    """Refuse a database that somebody works in."""
    if people(session):
        raise RefusedError(
            "Cơ sở dữ liệu này đang dùng; bản trình diễn chỉ lập trên cơ sở dữ liệu trống."
        )


def set_up_units(session: Session, act: Act) -> None:
    """Found the units of the district and those that followed, with their headings."""
    made: dict[str, Unit] = {}
    for each in UNITS:
        made[each.slug] = found_unit(
            session,
            act,
            slug=each.slug,
            first_day=each.first_day,
            parent=made[each.parent] if each.parent else None,
            office=each.office,
            note=each.note,
        )
        words = {
            "name": each.name,
            "superior": each.superior,
            "place": each.place,
            **each.words,
        }
        enter_heading(
            session,
            act,
            made[each.slug],
            from_day=each.first_day,
            level=each.level,
            words=words,
        )
    for each in UNITS:
        if each.last_day is not None:
            carrier = CARRIERS.get(each.slug)
            end(
                session,
                act,
                made[each.slug],
                last_day=each.last_day,
                successors=[made[slug] for slug in each.followed_by],
                carrier=made[carrier] if carrier else None,
                note=each.note,
            )


def procedures() -> list[Source]:
    """Read the procedures of the starter library, without those marked repealed."""
    root = paths.PROCEDURES / "tthc"
    return [each for each in shelf.read(root, shelf.paths(root)) if not each.file.status]


def iso_texts() -> list[Source]:
    """Read the texts of the quality system."""
    root = paths.PROCEDURES / "iso"
    return shelf.read(root, shelf.paths(root))


def enter_procedures(
    session: Session, staff: Staff, office: Unit, sources: Sequence[Source]
) -> None:
    """Bring the procedures into force by three decisions with days that have passed."""
    documents = documents_of(session, staff, office, sources)
    early = [s for s in sources if _topic(s) not in LATER_FIELDS]
    later = [s for s in sources if _topic(s) in LATER_FIELDS]
    first = {s.file.code: _before_2026(revision_text(s)) for s in early}
    decided(
        session,
        staff,
        office,
        Head(
            "Công bố thủ tục hành chính thực hiện tại xã Sông Lô",
            effective_on=CHANGE,
            grounds=PROCEDURE_GROUNDS,
        ),
        [Line(documents[code], Action.ISSUE, text) for code, text in first.items()],
        number="02/QĐ-UBND",
        day=CHANGE,
    )
    amended = [s for s in early if revision_text(s).content != first[s.file.code].content]
    decided(
        session,
        staff,
        office,
        Head(
            "Sửa đổi, bổ sung thủ tục hành chính thực hiện tại xã Sông Lô",
            effective_on=AMENDED_ON,
            grounds=PROCEDURE_GROUNDS,
        ),
        [
            Line(documents[s.file.code], Action.AMEND, _amendment(revision_text(s)))
            for s in amended
        ],
        number="09/QĐ-UBND",
        day=AMENDED_ON,
    )
    decided(
        session,
        staff,
        office,
        Head(
            "Công bố thủ tục hành chính đất đai, xây dựng thực hiện tại xã Sông Lô",
            effective_on=LATER_ON,
            grounds=PROCEDURE_GROUNDS,
        ),
        [Line(documents[s.file.code], Action.ISSUE, revision_text(s)) for s in later],
        number="31/QĐ-UBND",
        day=LATER_ON,
    )


def enter_texts(
    session: Session, staff: Staff, office: Unit, sources: Sequence[Source]
) -> None:
    """Bring the quality system's texts into force, one amended, one to come, two under way."""
    today = staff.drafter.today
    documents = documents_of(session, staff, office, sources)
    texts = {s.file.code: revision_text(s) for s in sources}
    begin = today - timedelta(days=90)
    decided(
        session,
        staff,
        office,
        Head(
            "Ban hành tài liệu của hệ thống quản lý chất lượng",
            effective_on=begin,
            grounds=TEXT_GROUNDS,
        ),
        [Line(documents[code], Action.ISSUE, text) for code, text in texts.items()],
        number="35/QĐ-UBND",
        day=begin,
    )
    for code, number, day, added, state in CHANGES:
        head = Head(
            f"Sửa đổi {texts[code].title}",
            effective_on=today + timedelta(days=day),
            grounds=TEXT_GROUNDS,
        )
        text = _with_sentence(texts[code], added)
        lines = [Line(documents[code], Action.AMEND, text)]
        if state == "signed":
            decided(
                session,
                staff,
                office,
                head,
                lines,
                number=number,
                day=head.effective_on or today,
            )
        else:
            made = _drafted(session, staff, office, head, lines)
            if state == "in_review":
                signing.submit(session, staff.drafter, made)


def documents_of(
    session: Session, staff: Staff, office: Unit, sources: Sequence[Source]
) -> Mapping[str, Document]:
    """Return the documents that files of one kind describe, by code; new where there is none."""
    kind = sources[0].file.kind
    codes = [source.file.code for source in sources]
    return draft_documents(session, staff.drafter, owner=office, kind=kind, codes=codes)


def _drafted(
    session: Session, staff: Staff, office: Unit, head: Head, lines: Sequence[Line]
) -> Decision:
    made = open_decision(session, staff.drafter, office, head)
    add_lines(session, staff.drafter, made, lines)
    return decision_by_id(session, made.id)


def decided(
    session: Session,
    staff: Staff,
    office: Unit,
    head: Head,
    lines: Sequence[Line],
    *,
    number: str,
    day: date,
) -> None:
    """Draft, review and sign a decision that brings lines into force on a day."""
    made = _drafted(session, staff, office, head, lines)
    signing.review(session, staff.reviewer, made)
    dated = min(day, staff.signer.today)
    paper = signing.Paper(
        number=number,
        effective_on=day,
        dated=dated,
        reason=PAST_REASON if day < staff.signer.today else "",
        signs_for=SignsFor.ON_BEHALF,
    )
    signing.sign(session, staff.signer, made, paper)


def _topic(source: Source) -> str:
    return source.file.content.topic()


def _before_2026(text: RevisionText) -> RevisionText:
    """Return a procedure as it read before the legal texts of 2026 were entered."""
    content = text.content
    if not isinstance(content, Procedure):
        return text
    kept = tuple(basis for basis in content.legal_basis if "/2026/" not in basis.number)
    return replace(text, content=content.model_copy(update={"legal_basis": kept}))


def _amendment(text: RevisionText) -> RevisionText:
    issue, amendment = next_numbers(text.issue_no, text.amendment_no, whole=False)
    return replace(
        text,
        issue_no=issue,
        amendment_no=amendment,
        summary="Bổ sung văn bản năm 2026 vào căn cứ pháp lý.",
        why="Cập nhật văn bản mới có hiệu lực.",
    )


def _with_sentence(text: RevisionText, added: str) -> RevisionText:
    """Return a text with one sentence more at the end of its first part."""
    content = text.content
    if not isinstance(content, WrittenText):
        return text
    head, mark, rest = content.body.partition("\n## 2.")
    body = f"{head.rstrip()}\n\n{added}\n{mark}{rest}"
    issue, amendment = next_numbers(text.issue_no, text.amendment_no, whole=False)
    return replace(
        text,
        content=content.model_copy(update={"body": body}),
        issue_no=issue,
        amendment_no=amendment,
        summary=f"Thêm: {added}",
    )
