"""Writing what texts are found by: when they are signed, or all of it again."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from qms.documents import queries, search_rules
from qms.documents.models import Document, Revision
from qms.documents.search_models import SearchText

AT_ONCE: Final = 200
"""Texts read and written together."""


def add(session: Session, revision_ids: Collection[int]) -> None:
    """Make signed texts findable; those that are already stay as they are."""
    for _done, part in _parts(sorted(revision_ids)):
        query = sa.select(SearchText.revision_id).where(SearchText.revision_id.in_(part))
        known = set(session.scalars(query))
        _write(session, [each for each in part if each not in known])


def rebuild(session: Session, step: Callable[[int, int], object]) -> int:
    """Make the whole index again from the signed texts; return how many there are.

    ``step`` is told how many are done, of how many.
    """
    signed = session.scalars(
        sa.select(Revision.id).where(Revision.number.is_not(None)).order_by(Revision.id)
    ).all()
    session.execute(sa.delete(SearchText))
    if _has_virtual_table(session):
        session.execute(sa.text("INSERT INTO fts_search(fts_search) VALUES('rebuild')"))
    for done, part in _parts(signed):
        _write(session, part)
        step(done, len(signed))
    return len(signed)


def _parts(ids: Sequence[int]) -> Iterator[tuple[int, Sequence[int]]]:
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]
        yield start + len(part), part


def _write(session: Session, ids: Sequence[int]) -> None:
    query = (
        sa.select(Revision, Document.code)
        .join(Document, Document.id == Revision.document_id)
        .where(Revision.id.in_(ids))
        .options(undefer(Revision.data))
    )
    rows = [_row(revision, code) for revision, code in session.execute(query)]
    if not rows:
        return
    session.execute(sa.insert(SearchText), rows)
    if _has_virtual_table(session):
        session.execute(
            sa.text("INSERT INTO fts_search(rowid, body) VALUES (:revision_id, :body)"),
            [{"revision_id": row["revision_id"], "body": row["body"]} for row in rows],
        )


def _row(revision: Revision, code: str) -> dict[str, object]:
    words = queries.content(revision).words()
    entry = search_rules.entry(code, revision.title, revision.topic, words)
    return {"revision_id": revision.id, **asdict(entry)}


def _has_virtual_table(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
