"""Answers to what an import asks: whether things are gone, and what the doubts mean."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms import trail
from qms.accounts.queries import require
from qms.accounts.rules import Permission
from qms.documents import bulk, service
from qms.documents.kinds.procedure import Procedure
from qms.documents.models import Decision, Document
from qms.documents.queries import documents_by_code
from qms.documents.rules import RevisionText, State, next_numbers
from qms.documents.service import Line
from qms.documents.timeline import Action
from qms.errors import RefusedError
from qms.national import answers, queries
from qms.national.answers import Answer, Found
from qms.national.doubts import DoubtKind
from qms.national.landing import TITLE
from qms.national.models import Followed, Import, Item, Question
from qms.national.queries import KIND, SOURCE, Position, doubt_of
from qms.trail import Act
from qms.units.models import Unit
from qms.vietnamese import day

_GONE: Final = "Cơ sở dữ liệu quốc gia không còn thủ tục này."
_RENUMBERED: Final = "Cơ sở dữ liệu quốc gia nay ghi thủ tục này dưới mã {code}."
_TITLE: Final = "Xử lý nghi vấn của danh mục quốc gia nhập ngày {day}"
_SETTLED: Final = "Xử lý nghi vấn của danh mục quốc gia."


@dataclass(frozen=True)
class Settled:
    """How many doubts were settled, of how many procedures, and in which draft texts changed."""

    places: int
    procedures: int
    decision_id: int | None


def answer_gone(
    session: Session, act: Act, run: Import, item_ids: Sequence[int], answer: Answer
) -> int | None:
    """Answer proposals to withdraw; a yes becomes lines of the open draft, whose number it is.

    Raises:
        NotAllowedError: no post of the person lets it confirm that.
        RefusedError: nothing was chosen, or the open draft is being reviewed.

    """
    require(session, act.actor, Permission.DECISION_CONFIRM_GONE, run.owner_id, act.today)
    items = _gone_items(session, run, item_ids)
    if not items:
        raise RefusedError("Hãy chọn ít nhất một thủ tục còn chờ trả lời.")
    made = None
    if answer is Answer.YES:
        made = _withdraw(session, act, run, items)
    else:
        answer = Answer.NO
    for item in items:
        item.answer, item.answered_by, item.answered_at = answer, act.actor, act.at
    detail = {"answer": answer.value, "items": [item.id for item in items], "decision": made}
    trail.record(session, act, action="national.gone_answered", subject=run.ref, detail=detail)
    return made


def answer_doubts(
    session: Session,
    act: Act,
    owner: Unit,
    question_ids: Sequence[int],
    answer: Answer,
    value: str,
    imported: date,
) -> Settled:
    """Settle doubts; texts in draft are saved, signed ones get a line in the open draft.

    Doubts of the same procedure in the same words are settled with them; those without a
    suggestion stay open where it is to be followed, and so does what would be lost where it
    is to be left unknown. A new draft is called after the day the catalogue was ``imported``.

    Raises:
        InvalidError: the answer does not fit the doubts.
        NotAllowedError: no post of the person lets it draft for the owner.
        RefusedError: nothing open was chosen, or the open draft is being reviewed.

    """
    require(session, act.actor, Permission.DECISION_DRAFT, owner.id, act.today)
    asked = _with_twins(session, owner.id, question_ids)
    if not asked:
        raise RefusedError("Hãy chọn ít nhất một nghi vấn còn mở.")
    if answer is Answer.SUGGESTED:
        asked = [each for each in asked if each.suggestion]
    if answer is Answer.UNKNOWN:
        asked = [each for each in asked if each.kind is not DoubtKind.LOST]
    answers.check(answer, frozenset(each.kind for each in asked), value)
    decision = open_draft(session, owner.id)

    def change(content: Procedure, question: Question) -> Procedure:
        return answers.apply(content, doubt_of(question), answer, value)

    changed = _changed(session, owner.id, decision, asked, change)
    if changed and decision is None:
        decision = open_new(session, act, owner, _TITLE.format(day=day(imported)))
    _save(session, act, owner, decision, changed)
    for each in asked:
        each.answer, each.value = answer, value if answer is Answer.OWN else ""
        each.answered_by, each.answered_at = act.actor, act.at
    detail = {"answer": answer.value, "doubts": [each.id for each in asked]}
    subject = f"unit/{owner.slug}"
    trail.record(
        session, act, action="national.doubts_answered", subject=subject, detail=detail
    )
    procedures = len({each.document_id for each in asked})
    return Settled(len(asked), procedures, decision.id if decision and changed else None)


def reopen_doubts(session: Session, act: Act, owner: Unit, question_ids: Sequence[int]) -> int:
    """Take answers back while what they made is a draft; return how many.

    Raises:
        NotAllowedError: no post of the person lets it draft for the owner.
        RefusedError: nothing answered was chosen, or what came of it is signed or in review.

    """
    require(session, act.actor, Permission.DECISION_DRAFT, owner.id, act.today)
    asked = _with_twins(session, owner.id, question_ids, answered=True)
    if not asked:
        raise RefusedError("Hãy chọn ít nhất một nghi vấn đã xử lý.")
    decision = open_draft(session, owner.id)

    def change(content: Procedure, question: Question) -> Procedure:
        answer = question.answer or Answer.AS_SAID
        return answers.undo(content, doubt_of(question), answer, question.value)

    changed = _changed(session, owner.id, decision, asked, change)
    if decision is None or any(position.draft is None for position, _ in changed):
        raise RefusedError(
            "Câu trả lời đã được ký trong quyết định nên không mở lại được. Hãy sửa thủ tục đó"
            " bằng một dự thảo khác."
        )
    _save(session, act, owner, decision, changed)
    for each in asked:
        each.answer, each.value, each.answered_by, each.answered_at = None, "", None, None
    detail = {"doubts": [each.id for each in asked]}
    subject = f"unit/{owner.slug}"
    trail.record(
        session, act, action="national.doubts_reopened", subject=subject, detail=detail
    )
    return len(asked)


def _changed(
    session: Session,
    owner_id: int,
    decision: Decision | None,
    asked: Sequence[Question],
    change: Callable[[Procedure, Question], Procedure],
) -> list[tuple[Position, RevisionText]]:
    """Return the texts that are others after ``change``, with where they stand."""
    by_document: dict[int, list[Question]] = {}
    for each in asked:
        by_document.setdefault(each.document_id, []).append(each)
    number = decision.id if decision else None
    places = queries.positions(session, owner_id, number, by_document.keys())
    texts = queries.read_texts(session, {each.text.id for each in places.values() if each.text})
    changed: list[tuple[Position, RevisionText]] = []
    for position in places.values():
        before = texts[position.text.id] if position.text else None
        if before is not None and isinstance(before.content, Procedure):
            content = before.content
            for each in by_document[position.document_id]:
                content = change(content, each)
            if content != before.content:
                changed.append((position, replace(before, content=content)))
    return changed


def _save(
    session: Session,
    act: Act,
    owner: Unit,
    decision: Decision | None,
    settled: Sequence[tuple[Position, RevisionText]],
) -> None:
    """Save texts in the open draft, and give signed ones a line there."""
    if not settled or decision is None:
        return
    rewritten = [
        bulk.Rewriting(
            position.line_id or 0,
            position.draft.id,
            position.draft.version,
            bulk.columns(text, owner=owner.slug, kind=KIND, code=position.code),
        )
        for position, text in settled
        if position.draft is not None
    ]
    if rewritten:
        bulk.rewrite(session, act, decision, rewritten)
    signed = [each for each in settled if each[0].draft is None]
    if signed:
        documents = _documents(session, [position for position, _ in signed])
        lines = [
            Line(documents[position.document_id], Action.AMEND, _amended(text))
            for position, text in signed
        ]
        made = service.add_lines(session, act, decision, lines)
        follow(session, {change.document_id: change.revision_id for change in made})


def _amended(text: RevisionText) -> RevisionText:
    issue, amendment = next_numbers(text.issue_no, text.amendment_no, whole=False)
    return replace(text, issue_no=issue, amendment_no=amendment, summary=_SETTLED, why="")


def follow(session: Session, texts: Mapping[int, int | None]) -> None:
    """Let the answered texts be those that came of the catalogue's last words."""
    query = sa.select(Followed).where(Followed.document_id.in_(sorted(texts)))
    for each in session.scalars(query):
        each.revision_id = texts[each.document_id]


def _with_twins(
    session: Session, owner_id: int, question_ids: Sequence[int], *, answered: bool = False
) -> list[Question]:
    """Return the open doubts, and those of the same procedure that say the same."""
    state = Question.answer.is_not(None) if answered else Question.answer.is_(None)
    chosen: dict[int, Question] = {}
    ids = sorted(set(question_ids))
    for start in range(0, len(ids), 500):
        query = sa.select(Question).where(
            Question.id.in_(ids[start : start + 500]),
            Question.owner_id == owner_id,
            state,
        )
        chosen |= {each.id: each for each in session.scalars(query)}
    said = {(each.document_id, each.kind, each.said) for each in chosen.values()}
    documents = sorted({each.document_id for each in chosen.values()})
    for start in range(0, len(documents), 500):
        query = sa.select(Question).where(
            Question.document_id.in_(documents[start : start + 500]),
            Question.owner_id == owner_id,
            state,
        )
        for each in session.scalars(query):
            if (each.document_id, each.kind, each.said) in said:
                chosen[each.id] = each
    return list(chosen.values())


def _gone_items(session: Session, run: Import, item_ids: Sequence[int]) -> list[Item]:
    found: list[Item] = []
    ids = sorted(set(item_ids))
    for start in range(0, len(ids), 500):
        query = sa.select(Item).where(
            Item.id.in_(ids[start : start + 500]),
            Item.import_id == run.id,
            Item.found == Found.GONE,
            sa.or_(Item.answer.is_(None), Item.answer == Answer.NO),
            ~queries.asked_again(),
        )
        found += session.scalars(query.order_by(Item.code))
    return found


def _withdraw(session: Session, act: Act, run: Import, items: Sequence[Item]) -> int | None:
    """Put lines that withdraw into the open draft; drop lines of what was never signed."""
    decision = open_draft(session, run.owner_id)
    places = queries.positions(
        session,
        run.owner_id,
        decision.id if decision else None,
        {item.document_id for item in items if item.document_id},
    )
    mine = [(item, places[item.code]) for item in items if item.code in places]
    dropped = [p.line_id for _, p in mine if p.line_id and not p.withdrawn]
    if dropped and decision is not None:
        bulk.drop(session, act, decision, dropped)
    signed = [(i, p) for i, p in mine if p.signed and not p.withdrawn]
    if signed:
        decision = decision or open_new(session, act, run.owner)
        documents = _documents(session, [position for _, position in signed])
        codes = [item.pair_code for item, _ in signed if item.pair_code]
        heirs = documents_by_code(session, run.owner_id, KIND, codes)
        lines = [
            Line(
                documents[position.document_id],
                Action.WITHDRAW,
                reason=_RENUMBERED.format(code=item.pair_code) if item.pair_code else _GONE,
                kin=(heirs[item.pair_code].id,) if item.pair_code in heirs else (),
            )
            for item, position in signed
        ]
        service.add_lines(session, act, decision, lines)
    never = [p.document_id for _, p in mine if not p.signed]
    session.execute(
        sa.delete(Followed).where(Followed.document_id.in_(never)),
        execution_options={"synchronize_session": False},
    )
    return decision.id if decision else None


def _documents(session: Session, places: Sequence[Position]) -> dict[int, Document]:
    ids = sorted(each.document_id for each in places)
    found: dict[int, Document] = {}
    for start in range(0, len(ids), 500):
        query = sa.select(Document).where(Document.id.in_(ids[start : start + 500]))
        found |= {each.id: each for each in session.scalars(query)}
    return found


def open_draft(session: Session, owner_id: int) -> Decision | None:
    """Return the open import's draft; refuse while it is being reviewed."""
    decision = queries.open_import(session, owner_id)
    if decision is not None and decision.state is not State.DRAFT:
        raise RefusedError(
            "Dự thảo %(number)s của đợt nhập trước đang được xem xét. Hãy ký hoặc rút lại dự thảo"
            " đó rồi trả lời tiếp.",
            number=decision.id,
        )
    return decision


def open_new(session: Session, act: Act, owner: Unit, title: str = TITLE) -> Decision:
    """Open a draft of the catalogue for an owner that has none."""
    return service.open_decision(session, act, owner, service.Head(title=title), source=SOURCE)
