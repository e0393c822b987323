"""Putting a text into the rows of a draft revision."""

from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.digests import digest
from qms.documents import rules
from qms.documents.file_models import RevisionFile
from qms.documents.models import Document, Link, Revision, RevisionUnit
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


def _write_links(session: Session, revision: Revision, text: RevisionText) -> None:
    """Repeat in rows which documents a draft text names."""
    named = {(each.relation, each.kind, each.code): each for each in text.content.links()}
    rows = [Link(**asdict(each)) for each in named.values()]
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
