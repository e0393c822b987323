"""Putting a text into the rows of a draft revision."""

from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, undefer

from qms.digests import digest
from qms.documents import rules
from qms.documents.file_models import RevisionFile
from qms.documents.kinds.base import Content
from qms.documents.models import Change, Document, Link, Revision, RevisionUnit
from qms.documents.queries import content
from qms.documents.rules import RevisionText, Scope
from qms.text import sort_key
from qms.units.models import Unit
from qms.units.queries import unit


def write(
    session: Session, revision: Revision, document: Document, owner: Unit, text: RevisionText
) -> None:
    """Put a text into a draft revision and its columns."""
    rules.check_text(text)
    revision.data = text.data(owner=owner.slug, kind=document.kind, code=document.code)
    revision.digest = digest(revision.data)
    revision.title = text.title
    revision.title_sort = sort_key(text.title)
    revision.topic = text.content.topic()
    revision.topic_sort = sort_key(revision.topic)[:400]
    revision.issue_no = text.issue_no
    revision.amendment_no = text.amendment_no
    revision.scope = text.scope
    revision.scope_level = text.scope_level
    revision.audience = text.audience
    revision.review_months = text.review_months
    revision.summary = text.summary
    session.add(revision)
    _write_links(session, revision, text)
    _write_files(session, revision, text)
    if text.scope is Scope.UNITS or (revision.id is not None and revision.version > 1):
        session.flush()
        session.execute(sa.delete(RevisionUnit).where(RevisionUnit.revision_id == revision.id))
        for each in text.scope_units:
            session.add(RevisionUnit(revision_id=revision.id, unit_id=unit(session, each).id))


def relink(session: Session, decision_id: int) -> None:
    """Repeat anew which documents the draft texts of a decision name, after a bulk of them.

    Texts that came from outside name none; only those of documents of which an earlier text
    names some are read.
    """
    earlier = aliased(Revision)
    naming = (
        sa.select(earlier.document_id)
        .join(Link, Link.revision_id == earlier.id)
        .where(earlier.document_id == Revision.document_id)
    )
    query = (
        sa.select(Revision)
        .join(Change, Change.revision_id == Revision.id)
        .where(Change.decision_id == decision_id, Revision.number.is_(None), naming.exists())
        .options(undefer(Revision.data))
        .execution_options(populate_existing=True)
    )
    for revision in session.scalars(query):
        session.execute(sa.delete(Link).where(Link.revision_id == revision.id))
        rows = _named(content(revision))
        for row in rows:
            row.revision_id = revision.id
        session.add_all(rows)


def _named(said: Content) -> list[Link]:
    named = {(each.relation, each.kind, each.code): each for each in said.links()}
    return [Link(**asdict(each)) for each in named.values()]


def _write_links(session: Session, revision: Revision, text: RevisionText) -> None:
    """Repeat in rows which documents a draft text names."""
    rows = _named(text.content)
    if not sa.inspect(revision).persistent:
        revision.links = rows
        return
    session.execute(sa.delete(Link).where(Link.revision_id == revision.id))
    for row in rows:
        row.revision_id = revision.id
    session.add_all(rows)


def _write_files(session: Session, revision: Revision, text: RevisionText) -> None:
    """Repeat in rows which files a draft text hands out."""
    files = text.content.files()
    if sa.inspect(revision).persistent:
        of_revision = RevisionFile.revision_id == revision.id
        session.execute(sa.delete(RevisionFile).where(of_revision))
    elif files:
        session.flush()
    session.add_all(RevisionFile(revision_id=revision.id, sha256=each) for each in files)
