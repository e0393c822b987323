"""Who may read a text, and what somebody who reads may do where."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.accounts.queries import posts
from qms.accounts.rules import GRANTS, Permission
from qms.documents.models import Document, Revision
from qms.documents.readers import Reader
from qms.documents.readers import may_read as reached
from qms.documents.rules import Audience, Scope
from qms.documents.standing import cover_of, covers
from qms.units.models import Heading
from qms.units.queries import headings, places
from qms.units.rules import Level, holds, office_of, reaches


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


def may_read(
    who: Reader,
    *,
    owner_id: int,
    audience: Audience,
    scope: Scope,
    scope_level: Level | None,
    units: Collection[int] = (),
) -> bool:
    """Tell whether somebody may read a text.

    Public texts are for everybody who works here, internal ones for the owner's people and
    for those in a unit the text reaches, restricted ones for the owner's people alone.
    """
    if owner_id in who.own or audience is Audience.PUBLIC:
        return True
    return audience is Audience.INTERNAL and any(
        covers(each, owner_id=owner_id, scope=scope, scope_level=scope_level, units=units)
        for each in who.covers
    )


def readable(who: Reader) -> sa.ColumnElement[bool]:
    """Return the same rule as a condition on documents and revisions."""
    return sa.or_(
        Document.owner_id.in_(who.own), Revision.audience == Audience.PUBLIC, reached(who)
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
