"""Finding what is in force, and what was or will be, by code, name, field and text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import RowMapping
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, undefer

from qms.documents import queries, reading
from qms.documents.models import Change, Decision, Document, Revision
from qms.documents.queries import LIVING_COLUMNS
from qms.documents.reading import Reader
from qms.documents.rules import Audience
from qms.documents.search_models import WORDS_OF_BODY, SearchText
from qms.documents.search_rules import RANKED_UP_TO, Asked, Shelf
from qms.documents.standing import Cover, Row, covered, latest, standing_for
from qms.documents.timeline import Action
from qms.text import Segment, excerpt, fold


@dataclass(frozen=True)
class Hit(Row):
    """One text that was found."""

    shelf: Shelf


@dataclass(frozen=True)
class Found:
    """One page of hits, how many there are, and how many more are not in force."""

    hits: list[Hit]
    total: int
    others: int


@dataclass(frozen=True)
class Shelves:
    """Where to look on a day: among what stands, and what was or will be.

    ``others``: look among the second too.
    """

    on: date
    standing: sa.Subquery
    aside: sa.Subquery
    others: bool = False

    @property
    def asked(self) -> sa.Subquery:
        """The texts to look among; ``stands`` tells the two apart."""
        columns = ROW_NAMES
        both = [
            sa.select(*(shelf.c[name] for name in columns), sa.literal(stands).label("stands"))
            for shelf, stands in ((self.standing, 1), (self.aside, 0))
        ]
        return (sa.union_all(*both) if self.others else both[0]).subquery("shelf")


def board(seen: Cover, on: date, *, others: bool = False) -> Shelves:
    """Return the public procedures of a unit."""
    standing = standing_for(seen, on)
    wanted = (Document.kind == "procedure", Revision.audience == Audience.PUBLIC)
    return Shelves(on, standing, _aside(standing, *wanted, covered(seen)), others)


def readable(reader: Reader, on: date, *, others: bool = False) -> Shelves:
    """Return all texts that a person may read."""
    may = reading.readable(reader)
    standing = _texts(latest(on, None), may).subquery("standing")
    return Shelves(on, standing, _aside(standing, may), others)


def find(session: Session, shelves: Shelves, asked: Asked, *, page: int, size: int) -> Found:
    """Return one page of what is found, the nearest first; nothing for a query without words."""
    if not asked.words:
        return Found([], 0, 0)
    shelf = shelves.asked
    total = _count(session, shelf, asked)
    others = 0 if shelves.others else _count(session, shelves.aside, asked)
    if not total:
        return Found([], 0, others)
    query = _hit_on(session, shelf, asked, *shelf.c)
    if total <= RANKED_UP_TO:
        query = query.order_by(tier(asked), shelf.c.stands.desc())
    query = query.order_by(shelf.c.title_sort, shelf.c.code, shelf.c.document_id)
    rows = session.execute(query.offset((page - 1) * size).limit(size)).mappings()
    return Found([_hit(row, shelves.on) for row in rows], total, others)


def _hit(row: RowMapping, on: date) -> Hit:
    shelf = Shelf.COMING if row["first_day"] > on else Shelf.ENDED
    shown = {name: row[name] for name in Row.__dataclass_fields__}
    return Hit(**shown, shelf=Shelf.IN_FORCE if row["stands"] else shelf)


def _texts(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return (
        sa.select(*ROW_COLUMNS)
        .join(Document, Document.id == Change.document_id)
        .join(Revision, Revision.id == Change.revision_id)
        .join(Decision, Decision.id == Change.decision_id)
        .where(*conditions)
    )


def _aside(standing: sa.Subquery, *conditions: sa.ColumnElement[bool]) -> sa.Subquery:
    """Return the last text of each document of which none stands, nor one with its code."""
    later = aliased(Change)
    gives_text = (Action.ISSUE, Action.AMEND)
    newer = sa.select(later.id).where(
        later.document_id == Change.document_id,
        later.signed_at.is_not(None),
        later.replaced_by_id.is_(None),
        later.action.in_(gives_text),
        later.effective_on > Change.effective_on,
    )
    stands = sa.select(standing.c.document_id).where(
        standing.c.kind == Document.kind, standing.c.code == Document.code
    )
    last = (LIVING_COLUMNS, Change.action.in_(gives_text), ~newer.exists(), ~stands.exists())
    return _texts(*last, *conditions).subquery("aside")


def excerpts(session: Session, found: Sequence[Row], asked: Asked) -> dict[int, list[Segment]]:
    """Return the place where the words stand, in its own letters, by number of the revision.

    Only for texts whose name and field do not show all that was asked.
    """
    ids = [row.revision_id for row in found if not _is_shown(row, asked)]
    if not ids:
        return {}
    query = sa.select(Revision).where(Revision.id.in_(ids)).options(undefer(Revision.data))
    shown: dict[int, list[Segment]] = {}
    for revision in session.scalars(query):
        place = excerpt(_passage(queries.content(revision).words(), asked), asked.folded)
        if any(marked for marked, _ in place):
            shown[revision.id] = place
    return shown


def _is_shown(row: Row, asked: Asked) -> bool:
    said = f" {fold(f'{row.code} {row.title} {row.topic}')} "
    return all(f" {word}" in said for word in asked.words)


def hits(session: Session, asked: Asked) -> sa.ColumnElement[bool]:
    """Return the condition on :class:`SearchText` for the words and phrases asked."""
    if session.get_bind().dialect.name == "sqlite":
        match = sa.text("SELECT rowid FROM fts_search WHERE fts_search MATCH :fts_words")
        whole = match.bindparams(fts_words=_terms(asked, '"', " AND ", "*"))
        by_index: sa.ColumnElement[bool] = SearchText.revision_id.in_(whole)
    else:
        condition = f"{_QUALIFIED} @@ CAST(:fts_words AS tsquery)"
        words = _terms(asked, "'", " & ", ":*")
        by_index = sa.text(condition).bindparams(fts_words=words)  # type: ignore[assignment]
    phrases = [SearchText.body.contains(f" {phrase} ") for phrase in asked.phrases]
    return sa.and_(by_index, *phrases)


def tier(asked: Asked) -> sa.ColumnElement[int]:
    """Return how near a hit is: 0 the code itself, then name, field, text."""
    exact, folded = SearchText.title_exact, SearchText.title_fold
    return sa.case(
        (SearchText.code_key == asked.code, 0),
        (exact.contains(f" {asked.exact} "), 1),
        (exact.contains(f" {asked.exact}"), 2),
        (_all(exact, asked.exact_words), 3),
        (folded.contains(f" {asked.folded} "), 4),
        (folded.contains(f" {asked.folded}"), 5),
        (_all(folded, asked.words), 6),
        (_all(SearchText.topic_fold, asked.words), 7),
        else_=8,
    )


def _count(session: Session, shelf: sa.Subquery, asked: Asked) -> int:
    return session.scalar(_hit_on(session, shelf, asked, sa.func.count())) or 0


def _hit_on(
    session: Session, shelf: sa.Subquery, asked: Asked, *columns: sa.ColumnElement[Any]
) -> sa.Select[Any]:
    return (
        sa.select(*columns)
        .select_from(shelf)
        .join(SearchText, SearchText.revision_id == shelf.c.revision_id)
        .where(hits(session, asked))
    )


def _terms(asked: Asked, quote: str, both: str, beginning: str) -> str:
    """Write the words as an index wants them; the last may be the beginning of one."""
    quoted = [f"{quote}{word}{quote}" for word in asked.words]
    last = asked.folded.rpartition(" ")[2]
    return both.join(
        term + beginning if word == last else term
        for word, term in zip(asked.words, quoted, strict=True)
    )


def _all(column: InstrumentedAttribute[str], words: Sequence[str]) -> sa.ColumnElement[bool]:
    """Return the condition that every word stands in a text; the last may begin one."""
    *whole, last = words or ("",)
    return sa.and_(
        *(column.contains(f" {word} ") for word in whole), column.contains(f" {last}")
    )


def _passage(words: str, asked: Asked) -> str:
    """Return the line in which most of the words stand."""
    wanted = set(asked.words)
    lines = words.split("\n")
    return max(lines, key=lambda line: len(wanted & set(fold(line).split())), default="")


ROW_COLUMNS: Final[tuple[Any, ...]] = (
    Document.id.label("document_id"),
    Document.kind,
    Document.code,
    Document.slug,
    Document.owner_id,
    Revision.id.label("revision_id"),
    Revision.title,
    Revision.title_sort,
    Revision.topic,
    Revision.issue_no,
    Revision.amendment_no,
    Change.effective_on.label("first_day"),
    Decision.id.label("decision_id"),
    Decision.number.label("decision_number"),
)
ROW_NAMES: Final = (*Row.__dataclass_fields__, "title_sort")
_QUALIFIED: Final = WORDS_OF_BODY.replace("body", "search_text.body")
