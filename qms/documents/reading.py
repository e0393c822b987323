"""Who may read a text, and what somebody who reads may do where."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.accounts.queries import posts
from qms.accounts.rules import GRANTS, Permission
from qms.documents.models import Document, Revision
from qms.documents.rules import Audience
from qms.documents.standing import Cover, cover_of, covered
from qms.units.models import Heading
from qms.units.queries import headings, places
from qms.units.rules import holds, office_of, reaches


@dataclass(frozen=True)
class Reader:
    """Somebody who reads: the units whose texts are theirs, and how others reach them.

    Their own are the texts of the units their posts reach, and of those above a post within
    the same office.
    """

    own: frozenset[int]
    covers: tuple[Cover, ...]


@dataclass(frozen=True)
class Visit:
    """Somebody who looks at documents: what is theirs to read, and their powers by unit."""

    user_id: int
    reader: Reader
    powers: Mapping[int, frozenset[Permission]]
    heads: Mapping[int, Heading]

    def may(self, permission: Permission, unit_id: int) -> bool:
        """Tell whether a post allows it in a unit."""
        return permission in self.powers.get(unit_id, frozenset())

    def where(self, permission: Permission) -> list[int]:
        """Return the units in which a post allows it."""
        return [unit_id for unit_id, found in self.powers.items() if permission in found]

    def name(self, unit_id: int, otherwise: str) -> str:
        """Return the name of a unit, as far as its heading was asked for."""
        return self.heads[unit_id].name if unit_id in self.heads else otherwise


def readable(who: Reader) -> sa.ColumnElement[bool]:
    """Return the condition on documents and revisions for what a person may read.

    Public texts are for everybody who works here, internal ones for the owner's people and
    for those in a unit the text reaches, restricted ones for the owner's people alone.
    """
    reached = sa.or_(sa.false(), *(covered(each) for each in who.covers))
    return sa.or_(
        Document.owner_id.in_(who.own),
        Revision.audience == Audience.PUBLIC,
        sa.and_(Revision.audience == Audience.INTERNAL, reached),
    )


def visit(session: Session, user_id: int, on: date, units: Collection[int] = ()) -> Visit:
    """Return how a person looks at documents on a day; ``units`` are those to be named."""
    placed = places(session)
    held = [post for post in posts(session, user_id) if holds(post, on)]
    powers = {
        unit_id: frozenset[Permission]().union(
            *(GRANTS[post.role] for post in held if reaches(placed, post.unit_id, unit_id))
        )
        for unit_id in placed
    }
    reading = {p.unit_id for p in held if Permission.DOCUMENT_READ in GRANTS[p.role]}
    offices = {unit_id: office_of(placed, unit_id) for unit_id in reading}
    heads = headings(session, on, sorted({*offices.values(), *units}))
    own = frozenset(
        each
        for each in placed
        for unit_id in reading
        if reaches(placed, unit_id, each) or reaches(placed, each, unit_id)
    )
    seen = tuple(
        cover_of(placed, unit_id, heads[office].level if office in heads else None)
        for unit_id, office in sorted(offices.items())
        if holds(placed[unit_id], on)
    )
    return Visit(user_id, Reader(own, seen), powers, heads)
