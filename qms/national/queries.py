"""What imports ask before they read: where each procedure stands, what is known of it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload, undefer

from qms.documents.kinds.fees import FeeLine
from qms.documents.models import Change, Decision, Document, Revision
from qms.documents.queries import entries, text_of
from qms.documents.rules import RevisionText, Scope, State
from qms.documents.timeline import Action, living
from qms.errors import NotFoundError
from qms.national.answers import Answer, Found, Phase
from qms.national.doubts import Doubt, DoubtKind
from qms.national.losses import Loss
from qms.national.models import Followed, Import, Item, Question
from qms.units.rules import Level

SOURCE = "national"
"""How decisions left by an import of the catalogue are marked."""

KIND = "procedure"


@dataclass(frozen=True, slots=True)
class Text:
    """A text as lists know it."""

    id: int
    title: str
    topic: str
    version: int
    scope: Scope
    scope_level: Level | None


@dataclass(slots=True)
class Position:
    """Where one procedure of an owner stands: signed last, and in the open import."""

    document_id: int
    code: str
    slug: str
    count: int = 0
    signed: Text | None = None
    line_id: int | None = None
    line_action: Action | None = None
    draft: Text | None = None
    followed: Followed | None = None
    answered: list[Question] = field(default_factory=list)
    losing: list[Question] = field(default_factory=list)
    left_out: bool = False

    @property
    def text(self) -> Text | None:
        """The text that a row is compared with."""
        return self.draft or self.signed

    @property
    def withdrawn(self) -> bool:
        """Whether the open import withdraws it."""
        return self.line_action is Action.WITHDRAW


def open_import(session: Session, owner_id: int) -> Decision | None:
    """Return the newest decision of an owner that an import left and nobody signed or gave up."""
    query = sa.select(Decision).where(
        Decision.owner_id == owner_id,
        Decision.source == SOURCE,
        Decision.state.in_((State.DRAFT, State.IN_REVIEW)),
    )
    return session.scalar(query.order_by(Decision.id.desc()).limit(1))


def positions(
    session: Session,
    owner_id: int,
    decision_id: int | None,
    document_ids: Collection[int] | None = None,
) -> dict[str, Position]:
    """Return, by code, where the procedures of an owner stand (all, or some of them)."""
    query = sa.select(Document.id, Document.code, Document.slug).where(
        Document.owner_id == owner_id, Document.kind == KIND
    )
    if document_ids is not None:
        query = query.where(Document.id.in_(document_ids))
    by_id = {row.id: Position(row.id, row.code, row.slug) for row in session.execute(query)}
    signed = _signed(session, by_id)
    lines = _lines(session, decision_id, by_id)
    texts = _texts(session, {*signed.values(), *lines.values()})
    for document_id, revision_id in signed.items():
        by_id[document_id].signed = texts[revision_id]
    for document_id, revision_id in lines.items():
        by_id[document_id].draft = texts[revision_id]
    for each in session.scalars(sa.select(Followed).where(Followed.owner_id == owner_id)):
        if each.document_id in by_id:
            by_id[each.document_id].followed = each
    chosen = (
        sa.select(Item.document_id, Item.answer)
        .join(Import, Import.id == Item.import_id)
        .where(Import.owner_id == owner_id, Item.found == Found.NEW, Item.answer.is_not(None))
    )
    for row in session.execute(chosen.order_by(Item.id)):
        if row.document_id in by_id:
            by_id[row.document_id].left_out = row.answer is Answer.NO
    asked = sa.select(Question).where(
        Question.owner_id == owner_id,
        sa.or_(Question.answer.is_not(None), Question.kind == DoubtKind.LOST),
    )
    for question in session.scalars(asked.order_by(Question.id)):
        if (position := by_id.get(question.document_id)) is not None:
            open_ = question.answer is None
            (position.losing if open_ else position.answered).append(question)
    return {each.code: each for each in by_id.values()}


def _signed(session: Session, by_id: dict[int, Position]) -> dict[int, int]:
    """Return the text signed last of each document, in force or to come."""
    found: dict[int, int] = {}
    for document_id, rows in entries(session, by_id.keys()).items():
        by_id[document_id].count = len(rows)
        timeline = living(rows)
        last = timeline[-1].revision if timeline else None
        if last is not None:
            found[document_id] = last
    return found


def _lines(
    session: Session, decision_id: int | None, by_id: dict[int, Position]
) -> dict[int, int]:
    """Note the lines of the open import; return its texts by document."""
    found: dict[int, int] = {}
    query = sa.select(Change.document_id, Change.id, Change.action, Change.revision_id).where(
        Change.decision_id == decision_id
    )
    for row in session.execute(query):
        position = by_id.get(row.document_id)
        if position is not None:
            position.line_id, position.line_action = row.id, row.action
            if row.revision_id is not None:
                found[row.document_id] = row.revision_id
    return found


def _texts(session: Session, revision_ids: set[int]) -> dict[int, Text]:
    found: dict[int, Text] = {}
    for some in _some(sorted(revision_ids)):
        query = sa.select(
            Revision.id,
            Revision.title,
            Revision.topic,
            Revision.version,
            Revision.scope,
            Revision.scope_level,
        ).where(Revision.id.in_(some))
        found |= {row.id: Text(*row) for row in session.execute(query)}
    return found


def read_texts(session: Session, revision_ids: Collection[int]) -> dict[int, RevisionText]:
    """Return all that some revisions say."""
    found: dict[int, RevisionText] = {}
    for some in _some(sorted(revision_ids)):
        query = sa.select(Revision).where(Revision.id.in_(some))
        for each in session.scalars(query.options(undefer(Revision.data))):
            found[each.id] = text_of(each)
            session.expunge(each)
    return found


def _some(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + 500] for start in range(0, len(ids), 500))


def doubt_of(question: Question) -> Doubt:
    """Return a stored doubt as the rules see it."""
    lost = question.kind is DoubtKind.LOST
    kept = question.restore
    return Doubt(
        question.kind,
        question.place,
        question.said,
        question.suggestion,
        question.group_key,
        FeeLine.model_validate_json(kept) if kept and not lost else None,
        Loss.model_validate_json(kept) if lost else None,
    )


def answered_gone(session: Session, owner_id: int, leaving: Collection[int]) -> dict[int, Item]:
    """Return, by document, the proposals to withdraw whose answer still holds.

    A no holds for good, a yes as long as the open draft withdraws (``leaving``).
    """
    query = (
        sa.select(Item)
        .join(Import, Import.id == Item.import_id)
        .where(
            Import.owner_id == owner_id,
            Import.phase == Phase.DONE,
            Item.found == Found.GONE,
            Item.answer.is_not(None),
        )
        .order_by(Item.id)
    )
    last = {each.document_id: each for each in session.scalars(query) if each.document_id}
    return {
        document: each
        for document, each in last.items()
        if each.answer is Answer.NO or document in leaving
    }


def left_out() -> sa.ColumnElement[bool]:
    """Tell of an item whether it is a new procedure that the office left out."""
    return sa.and_(Item.found == Found.NEW, Item.answer.is_not_distinct_from(Answer.NO))


def asked_again() -> sa.ColumnElement[bool]:
    """Tell of an item whether a later import looked at its procedure as well."""
    later = aliased(Item)
    return sa.exists().where(
        later.document_id == Item.document_id,
        later.import_id > Item.import_id,
        later.import_id == Import.id,
        Import.phase == Phase.DONE,
    )


def one(session: Session, import_id: int) -> Import:
    """Return an import that is done, with owner and decision.

    Raises:
        NotFoundError: there is none.

    """
    query = sa.select(Import).where(Import.id == import_id, Import.phase == Phase.DONE)
    options = (joinedload(Import.owner), joinedload(Import.decision))
    found = session.scalar(query.options(*options))
    if found is None:
        raise NotFoundError("Không có đợt nhập này.")
    return found


def unsettled_in(session: Session, decision_id: int) -> tuple[int, int]:
    """Return how many procedures of a draft are open to doubt, and at how many places."""
    lines = sa.select(Change.document_id).where(Change.decision_id == decision_id)
    query = sa.select(sa.func.count(sa.distinct(Question.document_id)), sa.func.count()).where(
        Question.document_id.in_(lines), Question.answer.is_(None)
    )
    procedures, places = session.execute(query).one()
    return procedures, places
