"""Which draft texts of a decision still lack a part they must have."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from qms.documents import queries, readiness_list
from qms.documents.kinds.editors import EDITORS
from qms.documents.models import Change, Revision

MOST: Final = 100
"""Texts that are looked through; of a longer decision the first so many."""


@dataclass(frozen=True)
class Gap:
    """A line whose text lacks something, and what it lacks."""

    change: Change
    lacks: tuple[readiness_list.Gap, ...]


def gaps(session: Session, found: Sequence[Change]) -> list[Gap]:
    """Return the lines whose draft texts lack a part they must have, in the order given."""
    drafts = [c for c in found if c.revision is not None and c.revision.number is None]
    ids = [change.revision_id for change in drafts[:MOST]]
    query = sa.select(Revision).where(Revision.id.in_(ids)).options(undefer(Revision.data))
    texts = {each.id: each for each in session.scalars(query)}
    told = []
    for change in drafts[:MOST]:
        content = queries.content(texts[change.revision_id or 0])
        missing = EDITORS[change.document.kind].missing(content)
        lacks = [readiness_list.Gap(*each) for each in missing]
        late = tuple(each for each in lacks if each.state == "late")
        if late:
            told.append(Gap(change, late))
    return told
