"""Finding what is in force, and what was or will be, by code, name, field and text."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import RowMapping
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, undefer

from qms.documents import queries, reading
from qms.documents.models import Change, Decision, Document, Revision
from qms.documents.queries import LIVING_COLUMNS
from qms.documents.reading import Reader
from qms.documents.rules import Audience
from qms.documents.search_models import WORDS_OF_BODY, SearchText
from qms.documents.search_rules import RANKED_UP_TO, Asked, Shelf, mended, passage
from qms.documents.search_rules import asked as read
from qms.documents.standing import Cover, Row, covered, latest, standing_for
from qms.documents.timeline import Action
from qms.text import Segment, excerpt


@dataclass(frozen=True)
class Hit(Row):
    """One text that was found. ``named``: by its name or code."""

    shelf: Shelf
    named: bool


@dataclass(frozen=True)
class Found:
    """One page of hits, how many there are, and where else some could be looked for."""

    asked: Asked
    """What was found: the query as it is, else without accents, else what of it can be found."""
    hits: Sequence[Hit] = ()
    total: int = 0
    others: int = 0
    """How many more are not in force."""
    unaccented: int = 0
    """How many there are if accents do not count; 0 where these are no more."""
    missing: Sequence[str] = ()
    """Words of the query that nothing has, and that were left out."""

    @property
    def groups(self) -> list[tuple[bool, list[Hit]]]:
        """The hits of this page: those found by their name, then those found by their text."""
        both = [
            (each, [hit for hit in self.hits if hit.named == each]) for each in (True, False)
        ]
        return [(named, hits) for named, hits in both if hits]


class Tier(IntEnum):
    """How near a hit is, the nearest first."""

    CODE = 0
    NAME = 1
    EDGE_OF_NAME = 2
    PHRASE_IN_NAME = 3
    WORDS_IN_NAME = 4
    BEGINNINGS_IN_NAME = 5
    FIELD = 6
    PHRASE_IN_TEXT = 7
    WORDS_IN_TEXT = 8
    BEGINNINGS_IN_TEXT = 9


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


def board(
    seen: Cover, on: date, *, others: bool = False, kinds: Sequence[str] = ("procedure",)
) -> Shelves:
    """Return the public procedures of a unit, or its texts of other kinds."""
    standing = standing_for(seen, on, kinds=kinds)
    wanted = (Document.kind.in_(kinds), Revision.audience == Audience.PUBLIC)
    return Shelves(on, standing, _aside(standing, *wanted, covered(seen)), others)


def readable(reader: Reader, on: date, *, others: bool = False) -> Shelves:
    """Return all texts that a person may read."""
    may = reading.readable(reader)
    standing = _texts(latest(on, None), may).subquery("standing")
    return Shelves(on, standing, _aside(standing, may), others)


def find(session: Session, shelves: Shelves, asked: Asked, *, page: int, size: int) -> Found:
    """Return one page of what is found, the nearest first; nothing for a query without words.

    Accents that were typed count if anything has them. If nothing has all the words, those
    that nothing has at all are left out.
    """
    if not asked.words:
        return Found(asked)
    _take_the_index(session)
    way, shelf = asked, shelves.asked
    total = unaccented = _count(session, shelf, way)
    if asked.accents:
        unaccented = _count(session, shelf, asked.loose())
    if asked.accents and not total:
        way = asked.misspelt()
        total = _count(session, shelf, way)
    others = 0 if shelves.others else _count(session, shelves.aside, way)
    if not unaccented and not others:
        return _nearest(session, shelves, asked.loose(), page, size)
    query = _hit_on(session, shelf, way, *shelf.c, _named(way).label("named"))
    query = query.order_by(*_order(shelf, way, ranked=total <= RANKED_UP_TO))
    rows = session.execute(query.offset((page - 1) * size).limit(size)).mappings()
    hits = [_hit(row, shelves.on) for row in rows]
    return Found(way, hits, total, others, unaccented if unaccented > total else 0)


def _take_the_index(session: Session) -> None:
    """Keep PostgreSQL from cutting every body into words anew, which it holds to be cheap."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("SET LOCAL enable_seqscan = off"))


def _nearest(session: Session, shelves: Shelves, asked: Asked, page: int, size: int) -> Found:
    """Return what is found without the words that nothing has."""
    if asked.phrases:
        return Found(asked)
    shelf = shelves.asked
    each = {word: replace(asked, words=(word,)) for word in asked.words}
    has = [_hit_on(session, shelf, way, sa.literal(1)).exists() for way in each.values()]
    row = session.execute(sa.select(*has)).one()
    missing = [word for word, there in zip(each, row, strict=True) if not there]
    if not missing:
        return Found(asked)
    joined = sa.func.replace(SearchText.title_fold, " ", "")
    names = session.scalars(
        sa.select(SearchText.title_fold)
        .join(shelf, SearchText.revision_id == shelf.c.revision_id)
        .where(sa.or_(*(joined.contains(word) for word in missing)))
        .order_by(sa.func.length(SearchText.title_fold), shelf.c.document_id)
        .limit(size)
    ).all()
    instead = mended(asked.typed, missing, names)
    if instead is None:
        return Found(asked)
    found = find(session, shelves, read(instead), page=page, size=size)
    return replace(found, missing=missing) if found.hits else Found(asked)


def _hit(row: RowMapping, on: date) -> Hit:
    shelf = Shelf.COMING if row["first_day"] > on else Shelf.ENDED
    shown = {name: row[name] for name in Row.__dataclass_fields__}
    shelf = Shelf.IN_FORCE if row["stands"] else shelf
    return Hit(**shown, shelf=shelf, named=bool(row["named"]))


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
        place = excerpt(passage(queries.content(revision).words(), asked), asked.needed)
        if any(marked for marked, _ in place):
            shown[revision.id] = place
    return shown


def _is_shown(row: Row, asked: Asked) -> bool:
    said = f" {asked.key(f'{row.code} {row.title} {row.topic}')} "
    return all(f" {word}" in said for word in asked.words)


def hits(session: Session, asked: Asked) -> sa.ColumnElement[bool]:
    """Return the condition on :class:`SearchText` for the words and phrases asked."""
    if session.get_bind().dialect.name == "sqlite":
        match = _FTS.c.fts_search.op("MATCH")(_terms(asked, '"', " AND ", "*"))
        by_index = SearchText.revision_id.in_(sa.select(_FTS.c.rowid).where(match))
    else:
        words = sa.cast(_terms(asked, "'", " & ", ":*"), TSQUERY)
        match = sa.literal_column(WORDS_OF_BODY).bool_op("@@")(words)
        matching = sa.select(_BY_WORDS.c.revision_id).where(match).cte()
        by_index = SearchText.revision_id.in_(
            sa.select(matching.prefix_with("MATERIALIZED").c.revision_id)
        )
    also = [SearchText.body.contains(f" {phrase} ") for phrase in asked.phrases]
    if asked.only_names:
        also.append(_name(asked).contains(f" {asked.needed} "))
    return sa.and_(by_index, *also)


def tier(asked: Asked) -> sa.ColumnElement[int]:
    """Return how near a hit is, as a :class:`Tier`."""
    name, body = _name(asked), SearchText.body
    said = [f" {each} " for each in dict.fromkeys((asked.whole, asked.needed))]
    edges = [test(each) for each in said for test in (name.startswith, name.endswith)]
    return sa.case(
        (_is_code(asked), Tier.CODE),
        (name.in_(said), Tier.NAME),
        (sa.or_(*edges), Tier.EDGE_OF_NAME),
        (sa.or_(*(name.contains(each) for each in said)), Tier.PHRASE_IN_NAME),
        (_stand(name, asked.words), Tier.WORDS_IN_NAME),
        (_stand(name, asked.words, opens=asked.opens), Tier.BEGINNINGS_IN_NAME),
        (_stand(SearchText.topic_fold, asked.words, opens=asked.opens), Tier.FIELD),
        (sa.or_(*(body.contains(each) for each in said)), Tier.PHRASE_IN_TEXT),
        (_stand(body, asked.words), Tier.WORDS_IN_TEXT),
        else_=Tier.BEGINNINGS_IN_TEXT,
    )


def _order(
    shelf: sa.Subquery, asked: Asked, *, ranked: bool
) -> tuple[sa.ColumnElement[Any], ...]:
    """Return the order of hits: tier, then all words in the name, then the shorter name."""
    by_title = (shelf.c.title_sort, shelf.c.code, shelf.c.document_id)
    if not ranked:
        return (_named(asked).desc(), *by_title)
    full = sa.case((_stand(_name(asked), asked.whole.split(), opens=asked.opens), 0), else_=1)
    length = sa.func.length(SearchText.title_fold)
    return (tier(asked), full, shelf.c.stands.desc(), length, *by_title)


def _named(asked: Asked) -> sa.ColumnElement[int]:
    in_name = _stand(_name(asked), asked.words, opens=asked.opens)
    return sa.case((sa.or_(_is_code(asked), in_name), 1), else_=0)


def _name(asked: Asked) -> InstrumentedAttribute[str]:
    return SearchText.title_exact if asked.accents else SearchText.title_fold


def _is_code(asked: Asked) -> sa.ColumnElement[bool]:
    """Return the condition that a code is what was typed, or begins or ends with it."""
    if not any(letter.isdigit() for letter in asked.code):
        return SearchText.code_key == asked.code
    code = SearchText.code_key
    return sa.or_(code.startswith(asked.code), code.endswith(asked.code))


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
    terms = [f"{quote}{word}{quote}" for word in asked.words]
    return both.join(terms) + (beginning if asked.opens else "")


def _stand(
    column: InstrumentedAttribute[str], words: Sequence[str], *, opens: bool = False
) -> sa.ColumnElement[bool]:
    """Return the condition that every word stands in a text; the last may begin one."""
    ends = [" "] * (len(words) - 1) + ["" if opens else " "]
    return sa.and_(
        sa.true(),
        *(column.contains(f" {word}{end}") for word, end in zip(words, ends, strict=True)),
    )


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
_BY_WORDS: Final = sa.table("search_text", sa.column("revision_id")).alias("by_words")
_FTS: Final = sa.table("fts_search", sa.column("rowid"), sa.column("fts_search"))
