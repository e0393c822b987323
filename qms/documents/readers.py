"""Who may read which texts, as one condition for every list."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.accounts.queries import posts
from qms.accounts.rules import GRANTS, Permission
from qms.documents.models import Document, Revision
from qms.documents.rules import Audience
from qms.documents.standing import Cover, cover, covered
from qms.units.queries import places
from qms.units.rules import holds, reaches


@dataclass(frozen=True)
class Reader:
    """Somebody who reads: the units whose texts are theirs, and how others reach them."""

    own: frozenset[int]
    covers: tuple[Cover, ...]


def reader(session: Session, user_id: int, on: date) -> Reader:
    """Return what the posts of a person let them read on a day.

    Their own are the texts of the units their posts reach, and of those above a post within
    the same office.
    """
    placed = places(session)
    units = {
        post.unit_id
        for post in posts(session, user_id)
        if holds(post, on) and Permission.DOCUMENT_READ in GRANTS[post.role]
    }
    own = {
        each
        for each in placed
        for unit_id in units
        if reaches(placed, unit_id, each) or reaches(placed, each, unit_id)
    }
    covers = [cover(session, unit_id, on) for unit_id in sorted(units)]
    return Reader(frozenset(own), tuple(each for each in covers if each is not None))


def may_read(who: Reader) -> sa.ColumnElement[bool]:
    """Return the condition on documents and revisions for what a person may read.

    Restricted texts are for the owner's people; the others for everybody they reach.
    """
    reached = sa.or_(sa.false(), *(covered(each) for each in who.covers))
    return sa.or_(
        Document.owner_id.in_(who.own),
        sa.and_(Revision.audience != Audience.RESTRICTED, reached),
    )
