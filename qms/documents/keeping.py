"""Keeping what somebody types until they save or discard it; nobody else ever sees it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from qms.documents.keeping_models import WorkingCopy
from qms.documents.models import Revision

_INSERT: Final = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True)
class Kept:
    """What was typed, as a form sends it, and when it came."""

    fields: tuple[tuple[str, str], ...]
    at: datetime


def keep(
    session: Session,
    revision_id: int,
    user_id: int,
    fields: Iterable[tuple[str, str]],
    at: datetime,
) -> None:
    """Keep what a person has typed into a draft, in the place of what was kept before.

    What they had typed into texts that are signed by now falls away.
    """
    signed = sa.select(Revision.id).where(Revision.number.is_not(None))
    session.execute(
        sa.delete(WorkingCopy).where(
            WorkingCopy.user_id == user_id, WorkingCopy.revision_id.in_(signed)
        )
    )
    said = {"fields": json.dumps(list(fields), ensure_ascii=False), "kept_at": at}
    mine = {"revision_id": revision_id, "user_id": user_id}
    insert: Any = _INSERT[session.get_bind().dialect.name](WorkingCopy)
    insert = insert.values(**mine, **said)
    session.execute(insert.on_conflict_do_update(index_elements=list(mine), set_=said))


def kept(session: Session, revision_id: int, user_id: int) -> Kept | None:
    """Return what a person has typed into a draft and not saved; None if there is nothing."""
    query = sa.select(WorkingCopy.fields, WorkingCopy.kept_at).where(
        WorkingCopy.revision_id == revision_id, WorkingCopy.user_id == user_id
    )
    found = session.execute(query).first()
    if found is None:
        return None
    pairs = json.loads(found.fields)
    return Kept(tuple((name, value) for name, value in pairs), found.kept_at)


def drop(session: Session, revision_id: int, user_id: int) -> None:
    """Forget what a person has typed into a draft."""
    mine = WorkingCopy.revision_id == revision_id, WorkingCopy.user_id == user_id
    session.execute(sa.delete(WorkingCopy).where(*mine))
