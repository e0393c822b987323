"""Finding the document that a text is to name: by its code, or by words of its title."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.accounts.rules import Permission
from qms.documents.models import Change, Decision, Document, Revision
from qms.documents.reading import Visit, readable
from qms.documents.rules import State
from qms.documents.search_models import SearchText
from qms.documents.search_rules import code_key
from qms.documents.standing import latest
from qms.text import search_key

MOST: Final = 10
"""How many are offered at once."""

_AT_ONCE: Final = 500


@dataclass(frozen=True)
class Offered:
    """A document that may be named. ``first_day`` is its text's; None where nobody signed it."""

    code: str
    title: str
    first_day: date | None


def offer(session: Session, who: Visit, kind: str, typed: str, today: date) -> list[Offered]:
    """Return what fits: the same code first, then codes that begin so, then the rest by title.

    Offered is what stands or will stand and may be read, and what is drafted in an office of
    this person.
    """
    code, words = code_key(typed), search_key(typed).split()
    if not code:
        return []
    signed = _signed(who, kind, today).where(_fits(code, words))
    near = sa.case(
        (SearchText.code_key == code, 0), (SearchText.code_key.startswith(code), 1), else_=2
    )
    order = (near, Revision.title_sort, Document.code, Change.effective_on)
    found = [Offered(*row) for row in session.execute(signed.order_by(*order).limit(2 * MOST))]
    drafts = (
        each
        for each in _drafted(session, who, kind)
        if code in code_key(each.code) or _stand(words, search_key(each.title))
    )
    ranked = sorted((*found, *drafts), key=lambda each: _nearness(code, each.code))
    return list({each.code: each for each in reversed(ranked)}.values())[::-1][:MOST]


def titles(
    session: Session, who: Visit, kind: str, codes: Collection[str], today: date
) -> dict[str, str]:
    """Return what the documents of a kind with these codes are called, as far as there are any."""
    named: dict[str, str] = {}
    for part in _parts(sorted(codes)):
        named |= {
            each.code: each.title
            for each in _drafted(session, who, kind, Document.code.in_(part))
        }
        query = _signed(who, kind, today).where(Document.code.in_(part))
        rows = session.execute(query.order_by(Change.effective_on.desc()))
        named |= {row.code: row.title for row in rows}
    return named


def _signed(who: Visit, kind: str, today: date) -> sa.Select[*tuple[Any, ...]]:
    """Return the texts of a kind that stand today or will in the end."""
    return (
        sa.select(Document.code, Revision.title, Change.effective_on)
        .join(Document, Document.id == Change.document_id)
        .join(Revision, Revision.id == Change.revision_id)
        .join(SearchText, SearchText.revision_id == Revision.id)
        .where(Document.kind == kind, readable(who.reader))
        .where(sa.or_(latest(today, None), latest(date.max, None)))
    )


def _drafted(
    session: Session, who: Visit, kind: str, *conditions: sa.ColumnElement[bool]
) -> Iterator[Offered]:
    query = (
        sa.select(Document.code, Revision.title)
        .join(Change, Change.document_id == Document.id)
        .join(Revision, Revision.id == Change.revision_id)
        .join(Decision, Decision.id == Change.decision_id)
        .where(Document.kind == kind, Revision.number.is_(None), *conditions)
        .where(Decision.state.in_((State.DRAFT, State.IN_REVIEW)))
        .where(Document.owner_id.in_(who.where(Permission.DECISION_READ)))
        .order_by(Revision.title_sort, Document.code)
    )
    return (Offered(row.code, row.title, None) for row in session.execute(query))


def _fits(code: str, words: Sequence[str]) -> sa.ColumnElement[bool]:
    in_title = (SearchText.title_fold.contains(f" {word}", autoescape=True) for word in words)
    in_code = SearchText.code_key.contains(code, autoescape=True)
    return sa.or_(in_code, sa.and_(sa.true(), *in_title)) if words else in_code


def _stand(words: Sequence[str], title: str) -> bool:
    return bool(words) and all(f" {word}" in f" {title}" for word in words)


def _nearness(asked: str, code: str) -> int:
    key = code_key(code)
    return 0 if key == asked else 1 if key.startswith(asked) else 2


def _parts(codes: Sequence[str]) -> Iterator[Sequence[str]]:
    return (codes[at : at + _AT_ONCE] for at in range(0, len(codes), _AT_ONCE))
