"""Which lines of the trail are for whom, and what they are about.

One trail serves all offices of a database. A reader sees what the people of the units within
reach did while they were there, and nothing of what they did for another office.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from qms.accounts.models import Post, User
from qms.actions.models import Finding, Request
from qms.audits.models import Audit
from qms.audits.programme_models import Programme
from qms.books.models import Book
from qms.documents.models import Decision, Document
from qms.kiosk.models import Screen
from qms.national.models import Import
from qms.notices.models import Copy, Place
from qms.trail import Entry, details
from qms.units.models import Unit
from qms.units.queries import headings, places
from qms.units.rules import reaches

PAGE: Final = 25
"""Lines on one page."""

SYSTEM: Final = 0
"""The number by which one asks for lines that name no person."""

Begins = Callable[[date], datetime]
"""Tells at which instant a day begins at the office."""


@dataclass(frozen=True)
class Wanted:
    """What the trail is asked for: from an instant, before another, by whom, what, on what."""

    since: datetime | None = None
    until: datetime | None = None
    actor: int | None = None
    action: str = ""
    subject: str = ""


@dataclass(frozen=True)
class Circle:
    """The units within reach, and all posts of everybody who holds or held one there."""

    units: frozenset[int]
    posts: Sequence[Post]
    elsewhere: frozenset[int]

    @property
    def people(self) -> dict[int, User]:
        """Everybody who holds or held a post within reach."""
        return {post.user_id: post.user for post in self.posts}

    @property
    def shared(self) -> frozenset[int]:
        """Those who also belong or belonged to somewhere else."""
        return frozenset(post.user_id for post in self.posts if post.unit_id not in self.units)


@dataclass(frozen=True)
class Lines:
    """One page of the trail, newest first, and from which lines the pages beside it go on."""

    entries: Sequence[Entry] = ()
    newer_than: int | None = None
    older_than: int | None = None


@dataclass(frozen=True)
class Subject:
    """What a line is about: its name if it has one, and the units it belongs to."""

    kind: str
    key: str
    name: str = ""
    units: frozenset[int] = frozenset()


def circle(session: Session, units: frozenset[int]) -> Circle:
    """Return the people of some units, with what they are elsewhere."""
    mine = sa.select(Post.user_id).where(Post.unit_id.in_(sorted(units)))
    query = sa.select(Post).where(Post.user_id.in_(mine)).options(joinedload(Post.user))
    posts = session.scalars(query.order_by(Post.id)).all()
    placed = places(session)
    others = {post.unit_id for post in posts} - units
    reached = {each for unit in others for each in placed if reaches(placed, unit, each)}
    return Circle(units, posts, frozenset(reached - units))


def lines(
    session: Session,
    of: Circle,
    wanted: Wanted,
    begins: Begins,
    *,
    before: int | None = None,
    after: int | None = None,
) -> Lines:
    """Return the newest lines a reader may see, or those right before or after some line."""
    query = sa.select(Entry).where(_visible(of, begins), *_asked(wanted))
    if after is not None:
        rising = query.where(Entry.seq > after).order_by(Entry.seq).limit(PAGE + 1)
        found = session.scalars(rising).all()
        return _page(found[:PAGE][::-1], newer=len(found) > PAGE, older=True)
    if before is not None:
        query = query.where(Entry.seq < before)
    found = session.scalars(query.order_by(Entry.seq.desc()).limit(PAGE + 1)).all()
    return _page(found[:PAGE], newer=before is not None, older=len(found) > PAGE)


def subjects(session: Session, refs: Iterable[str]) -> dict[str, Subject]:
    """Return what the references of some lines mean."""
    found = {ref: Subject(*ref.partition("/")[::2]) for ref in refs}
    keys: dict[str, set[str]] = {}
    for each in found.values():
        keys.setdefault(each.kind, set()).add(each.key)
    owners: dict[str, set[int]] = {}
    names: dict[str, str] = {}
    parts = [_of_kind(kind, some) for kind, some in sorted(keys.items()) if kind in KINDS]
    for ref, unit_id, name in session.execute(sa.union_all(*parts)) if parts else ():
        owners.setdefault(ref, set()).update({unit_id} - {None})
        names[ref] = name or ""
    return {
        ref: Subject(each.kind, each.key, names.get(ref, ""), frozenset(owners.get(ref, ())))
        for ref, each in found.items()
    }


def known(
    session: Session, entries: Sequence[Entry], on: date
) -> dict[tuple[str, object], str]:
    """Return the codes of documents and names of units that some lines mention."""
    held = [details(entry) for entry in entries]
    document_ids = [each["document"] for each in held if "document" in each]
    codes = sa.select(Document.id, Document.code).where(Document.id.in_(document_ids))
    found: dict[tuple[str, object], str] = {
        ("document", row.id): row.code for row in session.execute(codes)
    }
    place_ids = [each["place"] for each in held if isinstance(each.get("place"), int)]
    if place_ids:
        names = sa.select(Place.id, Place.name).where(Place.id.in_(place_ids))
        found |= {("place", row.id): row.name for row in session.execute(names)}
    mentioned = {each[key] for each in held for key in ("owner", "unit") if key in each}
    about = [entry.subject.partition("/") for entry in entries]
    mentioned.update(key for kind, _, key in about if kind == "unit")
    numbers = [each for each in mentioned if isinstance(each, int)]
    slugs = [each for each in mentioned if isinstance(each, str)]
    query = sa.select(Unit.id, Unit.slug).where(Unit.id.in_(numbers) | Unit.slug.in_(slugs))
    units = {row.id: row.slug for row in session.execute(query)}
    heads = headings(session, on, list(units)) if units else {}
    for number, head in heads.items():
        found["unit", number] = found["unit", units[number]] = head.name
    return found


def _page(entries: Sequence[Entry], *, newer: bool, older: bool) -> Lines:
    return Lines(
        entries,
        newer_than=entries[0].seq if entries and newer else None,
        older_than=entries[-1].seq if entries and older else None,
    )


def _visible(of: Circle, begins: Begins) -> sa.ColumnElement[bool]:
    """Return the condition for the lines of a circle of people.

    Of somebody who also belongs elsewhere only the days of the posts within reach count, and
    nothing about what is the other place's. Lines of nobody count if they are about something
    within reach.
    """
    within = Entry.subject.in_(_refs(of.units))
    without = Entry.subject.in_(_refs(of.elsewhere))
    days = [
        sa.and_(Entry.actor == post.user_id, *_days(post, begins))
        for post in of.posts
        if post.user_id in of.shared and post.unit_id in of.units
    ]
    return sa.or_(
        Entry.actor.in_(sorted(of.people.keys() - of.shared)),
        sa.and_(sa.or_(sa.false(), *days), sa.or_(~without, within)),
        sa.and_(Entry.actor.is_(None), within),
    )


def _days(post: Post, begins: Begins) -> list[sa.ColumnElement[bool]]:
    after = [Entry.at < begins(post.last_day + timedelta(days=1))] if post.last_day else []
    return [Entry.at >= begins(post.first_day), *after]


def _asked(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.since:
        found.append(Entry.at >= wanted.since)
    if wanted.until:
        found.append(Entry.at < wanted.until)
    if wanted.actor is not None:
        actor = wanted.actor
        found.append(Entry.actor.is_(None) if actor == SYSTEM else Entry.actor == actor)
    if wanted.action:
        found.append(Entry.action == wanted.action)
    if wanted.subject:
        found.append(Entry.subject == wanted.subject)
    return found


KINDS: Final[Mapping[str, tuple[Any, Any, Any, Any]]] = {
    "audit": (
        Audit.id,
        Audit.owner_id,
        sa.cast(Audit.number, sa.String) + "/" + sa.cast(Audit.year, sa.String),
        Audit,
    ),
    "book": (Book.id, Book.unit_id, Book.field, Book),
    "copy": (
        Copy.code,
        Copy.unit_id,
        sa.func.coalesce(Document.code, Copy.topic),
        sa.outerjoin(Copy, Document, Copy.document_id == Document.id),
    ),
    "decision": (Decision.id, Decision.owner_id, Decision.number, Decision),
    "document": (Document.id, Document.owner_id, Document.code, Document),
    "finding": (
        Finding.id,
        Finding.unit_id,
        sa.cast(Finding.number, sa.String) + "/" + sa.cast(Finding.year, sa.String),
        Finding,
    ),
    "national": (Import.id, Import.owner_id, Import.file_name, Import),
    "place": (Place.id, Place.unit_id, Place.name, Place),
    "programme": (
        Programme.id,
        Programme.owner_id,
        sa.cast(Programme.year, sa.String),
        Programme,
    ),
    "request": (
        Request.id,
        Request.unit_id,
        sa.cast(Request.number, sa.String) + "/" + sa.cast(Request.year, sa.String),
        Request,
    ),
    "screen": (Screen.id, Screen.unit_id, Screen.name, Screen),
    "person": (User.id, Post.unit_id, User.name, sa.outerjoin(User, Post)),
    "unit": (Unit.slug, Unit.id, Unit.slug, Unit),
}
"""What lines are about: key, the unit it belongs to, name, and where these stand."""


def _of_kind(kind: str, keys: Collection[str]) -> sa.Select[Any]:
    """Return the references of some things of a kind, with their units and names."""
    key, unit_id, name, table = KINDS[kind]
    wanted = [int(each) for each in keys] if isinstance(key.type, sa.Integer) else keys
    return sa.select(_ref(kind, key), unit_id, name).select_from(table).where(key.in_(wanted))


def _refs(units: Collection[int]) -> sa.CompoundSelect[Any]:
    """Return the references of all that belongs to some units."""
    return sa.union_all(
        *(
            sa.select(_ref(kind, key)).select_from(table).where(unit_id.in_(sorted(units)))
            for kind, (key, unit_id, _name, table) in KINDS.items()
        )
    )


def _ref(kind: str, key: Any) -> sa.ColumnElement[str]:  # noqa: ANN401 - a column of any kind
    return sa.literal(f"{kind}/", sa.String) + sa.cast(key, sa.String)
