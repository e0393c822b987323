"""Lists of decisions: filtered, sorted and paged by the database."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload

from qms.documents.models import Change, Decision, Drafter, Signature
from qms.documents.rules import Deed, State
from qms.documents.timeline import Action
from qms.text import fold

PAGE_SIZE: Final = 50


class Phase(StrEnum):
    """Where a decision stands for a reader: its state, and for signed ones its day."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    TO_SIGN = "to_sign"
    COMING = "coming"
    IN_FORCE = "in_force"
    REVOKED = "revoked"
    ABANDONED = "abandoned"


@dataclass(frozen=True)
class Wanted:
    """What a list of decisions is asked for."""

    phase: Phase | None = None
    year: int | None = None
    words: str = ""
    mine: int | None = None
    sort: str = "-id"


@dataclass(frozen=True)
class Row:
    """A decision in a list."""

    decision: Decision
    lines: int
    phase: Phase


def decisions(
    session: Session,
    owners: Collection[int],
    wanted: Wanted,
    today: date,
    *,
    page: int = 1,
) -> tuple[list[Row], int]:
    """Return one page of the decisions of some owners, and how many there are."""
    conditions = [Decision.owner_id.in_(owners), *_asked(wanted, today)]
    total = session.scalar(sa.select(sa.func.count(Decision.id)).where(*conditions)) or 0
    count = (
        sa.select(sa.func.count(Change.id))
        .where(Change.decision_id == Decision.id)
        .scalar_subquery()
    )
    query = (
        sa.select(Decision, count, revoked(), reviewed())
        .where(*conditions)
        .options(joinedload(Decision.owner), joinedload(Decision.issuer))
        .order_by(*_order(wanted.sort))
        .limit(PAGE_SIZE)
        .offset((max(page, 1) - 1) * PAGE_SIZE)
    )
    rows = [
        Row(decision, lines, phase(decision, today, revoked=revoked, reviewed=reviewed))
        for decision, lines, revoked, reviewed in session.execute(query)
    ]
    return rows, total


def years(session: Session, owners: Collection[int]) -> list[int]:
    """Return the years of the papers of some owners, newest first."""
    query = sa.select(Decision.year).where(
        Decision.owner_id.in_(owners), Decision.year.is_not(None)
    )
    found = session.scalars(query.distinct().order_by(Decision.year.desc()))
    return [year for year in found if year is not None]


def phase(decision: Decision, today: date, *, revoked: bool, reviewed: bool) -> Phase:
    """Return where a decision stands on a day."""
    if decision.state is not State.SIGNED:
        return {
            State.DRAFT: Phase.DRAFT,
            State.IN_REVIEW: Phase.TO_SIGN if reviewed else Phase.IN_REVIEW,
            State.CANCELLED: Phase.ABANDONED,
        }[decision.state]
    if revoked:
        return Phase.REVOKED
    coming = decision.effective_on is not None and decision.effective_on > today
    return Phase.COMING if coming else Phase.IN_FORCE


def _asked(wanted: Wanted, today: date) -> list[sa.ColumnElement[bool]]:
    found = []
    if wanted.phase is not None:
        found.append(_in_phase(wanted.phase, today))
    if wanted.year is not None:
        found.append(Decision.year == wanted.year)
    if wanted.mine is not None:
        drafted = sa.select(Drafter.user_id).where(
            Drafter.decision_id == Decision.id, Drafter.user_id == wanted.mine
        )
        named = sa.select(Signature.id).where(
            Signature.decision_id == Decision.id, Signature.user_id == wanted.mine
        )
        found.append(sa.or_(drafted.exists(), named.exists()))
    for word in wanted.words.split():
        pieces = [f"%{escaped(piece)}%" for piece in fold(word).split()]
        titles = [Decision.title_fold.like(piece, escape="\\") for piece in pieces]
        number = Decision.number.ilike(f"%{escaped(word)}%", escape="\\")
        found.append(sa.or_(sa.and_(sa.true(), *titles), number) if titles else number)
    return found


def _in_phase(wanted: Phase, today: date) -> sa.ColumnElement[bool]:
    states = {
        Phase.DRAFT: State.DRAFT,
        Phase.ABANDONED: State.CANCELLED,
    }
    if wanted in {Phase.IN_REVIEW, Phase.TO_SIGN}:
        done = reviewed() if wanted is Phase.TO_SIGN else ~reviewed()
        return sa.and_(Decision.state == State.IN_REVIEW, done)
    if wanted in states:
        return Decision.state == states[wanted]
    signed = Decision.state == State.SIGNED
    if wanted is Phase.REVOKED:
        return sa.and_(signed, revoked())
    coming = Decision.effective_on > today
    return sa.and_(signed, ~revoked(), coming if wanted is Phase.COMING else ~coming)


def reviewed() -> sa.ColumnElement[bool]:
    """Return whether a decision was reviewed and not returned since."""
    agreed, back = aliased(Signature), aliased(Signature)
    returned = sa.select(back.id).where(
        back.decision_id == agreed.decision_id, back.deed == Deed.RETURNED, back.id > agreed.id
    )
    found = sa.select(agreed.id).where(
        agreed.decision_id == Decision.id, agreed.deed == Deed.REVIEWED, ~returned.exists()
    )
    return found.exists()


def revoked() -> sa.ColumnElement[bool]:
    """Return whether a decision had changes and each has been cancelled before its day."""
    line, kept, by = aliased(Change), aliased(Change), aliased(Change)
    had = sa.select(line.id).where(
        line.decision_id == Decision.id,
        line.action != Action.CANCEL,
        line.signed_at.is_not(None),
    )
    stands = (
        sa.select(kept.id)
        .outerjoin(by, by.id == kept.replaced_by_id)
        .where(kept.decision_id == Decision.id, kept.action != Action.CANCEL)
        .where(sa.or_(by.id.is_(None), by.action != Action.CANCEL))
    )
    return sa.and_(had.exists(), ~stands.exists())


def _order(sort: str) -> tuple[sa.UnaryExpression[Any], ...]:
    columns: dict[str, sa.ColumnElement[Any]] = {
        "dated": sa.type_coerce(Decision.dated, sa.Date()),
        "effective": sa.type_coerce(Decision.effective_on, sa.Date()),
        "title": sa.type_coerce(Decision.title_fold, sa.Text()),
    }
    column = columns.get(sort.removeprefix("-"))
    if column is None:
        return (Decision.id.desc(),)
    ordered = column.desc() if sort.startswith("-") else column.asc()
    return ordered.nulls_last(), Decision.id.desc()


def escaped(word: str) -> str:
    """Return a word as it stands in a LIKE pattern."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
