"""The catalogue's own prices: what each procedure's newest text says, and what is doubted of it."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, undefer

from qms.documents.kinds.base import Relation
from qms.documents.kinds.fees import FeeLine
from qms.documents.kinds.procedure import CHANNEL_WORDS, Procedure, rate_words
from qms.documents.models import Change, Document, Link, Revision
from qms.documents.queries import LIVING_COLUMNS, content
from qms.documents.standing import Cover, covered
from qms.national.doubts import DoubtKind
from qms.national.models import Followed, Item, Question
from qms.national.page_queries import PAGE_SIZE, READ
from qms.text import fold

PRICES = (DoubtKind.FEE_ZERO, DoubtKind.FEE_AMOUNT, DoubtKind.LOST)
"""The kinds of doubts that concern prices."""


@dataclass(frozen=True)
class Inline:
    """One price as the catalogue words it, with the ways of handing in it is given for."""

    line: FeeLine
    channels: str

    @property
    def rate(self) -> str:
        """How much, in figures or in one word."""
        return rate_words(self.line)


@dataclass(frozen=True)
class Priced:
    """A procedure of the catalogue: its prices, the open doubts, whether a schedule answers."""

    document_id: int
    code: str
    name: str
    field: str
    answered: bool
    prices: list[Inline]
    doubts: list[Question]


@dataclass(frozen=True)
class Asked:
    """What the list is filtered by; empty means all."""

    words: str = ""
    only: str = ""


def priced(
    session: Session, seen: Cover, owner_id: int, asked: Asked, *, page: int
) -> tuple[list[Priced], int]:
    """Return one page of an owner's catalogue procedures by code, and how many there are.

    ``asked.only`` may be ``unanswered`` (no schedule prices it) or ``doubtful`` (a price is
    open to doubt). A schedule counts where it reaches the owner, today or to come.
    """
    newest = _newest(Revision.id, Revision.document_id)
    item = _newest(Item.id, Item.document_id, Item.found.in_(READ))
    answered = _answered(seen).label("answered")
    query = (
        sa.select(Document.id, Document.code, Item.name, Item.field, answered, newest)
        .join(Followed, Followed.document_id == Document.id)
        .join(Item, Item.id == item)
        .where(Followed.owner_id == owner_id)
        .where(*(Item.words.contains(word, autoescape=True) for word in _words(asked)))
    )
    if asked.only == "unanswered":
        query = query.where(~_answered(seen))
    if asked.only == "doubtful":
        query = query.where(_doubted().exists())
    total = session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    rows = session.execute(
        query.order_by(Document.code).offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE)
    ).all()
    texts = _texts(session, [row[5] for row in rows])
    doubts = _doubts(session, [row[0] for row in rows])
    found = [
        Priced(*row[:5], prices=texts.get(row[5], []), doubts=doubts.get(row[0], []))
        for row in rows
    ]
    return found, total


def _newest(
    number: InstrumentedAttribute[int],
    document: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
    *conditions: sa.ColumnElement[bool],
) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.max(number))
        .where(document == Document.id, *conditions)
        .correlate(Document)
        .scalar_subquery()
    )


def _words(asked: Asked) -> list[str]:
    return fold(asked.words).split()


def _answered(seen: Cover) -> sa.ColumnElement[bool]:
    """Return whether some schedule that reaches the owner prices the procedure."""
    schedules = (
        sa.select(Revision.id)
        .join(Document, Document.id == Revision.document_id)
        .join(Change, Change.revision_id == Revision.id)
        .where(Document.kind == "fee", LIVING_COLUMNS, covered(seen))
        .correlate(None)
    )
    return (
        sa.select(Link.revision_id)
        .where(Link.relation == Relation.CHARGES, Link.kind == "procedure")
        .where(Link.code == Document.code, Link.revision_id.in_(schedules))
        .correlate(Document)
        .exists()
    )


def _doubted() -> sa.Select[int]:
    return sa.select(Question.id).where(
        Question.document_id == Document.id,
        Question.kind.in_(PRICES),
        Question.answer.is_(None),
    )


def _texts(session: Session, ids: list[int]) -> Mapping[int, list[Inline]]:
    query = sa.select(Revision).where(Revision.id.in_(ids)).options(undefer(Revision.data))
    found = {}
    for revision in session.scalars(query):
        said = content(revision)
        found[revision.id] = _inline(said) if isinstance(said, Procedure) else []
    return found


def _inline(said: Procedure) -> list[Inline]:
    """Return each price once, with all ways of handing in that have it."""
    ways: dict[FeeLine, list[str]] = {}
    for method in said.methods:
        for line in method.fees:
            told = ways.setdefault(line, [])
            if CHANNEL_WORDS[method.channel] not in told:
                told.append(CHANNEL_WORDS[method.channel])
    return [Inline(line, ", ".join(channels)) for line, channels in ways.items()]


def _doubts(session: Session, ids: list[int]) -> Mapping[int, list[Question]]:
    query = sa.select(Question).where(
        Question.document_id.in_(ids), Question.kind.in_(PRICES), Question.answer.is_(None)
    )
    found: dict[int, list[Question]] = {}
    for each in session.scalars(query.order_by(Question.id)):
        found.setdefault(each.document_id, []).append(each)
    return found
