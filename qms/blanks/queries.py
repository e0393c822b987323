"""Which form stands where, and which forms hand out a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload, undefer

from qms.documents import queries
from qms.documents.file_models import RevisionFile
from qms.documents.kinds.form import FormBlank
from qms.documents.models import Change, Decision, Document, Revision
from qms.documents.queries import LIVING_COLUMNS
from qms.documents.rules import Audience
from qms.documents.standing import Cover, Row, covered, latest, rows, standing_for
from qms.documents.timeline import Action

KINDS: Final = ("form",)
PUBLIC_FORM: Final = (Document.kind == "form", Revision.audience == Audience.PUBLIC)


@dataclass(frozen=True)
class Standing:
    """A form in force: where it stands in a list, and what it says."""

    row: Row
    blank: FormBlank


def on_board(session: Session, seen: Cover, slug: str, on: date) -> Standing | None:
    """Return the public form with this address word that stands for a unit on a day."""
    standing = standing_for(seen, on, kinds=KINDS)
    found = rows(session, sa.select(standing).where(standing.c.slug == slug))
    if not found:
        return None
    return Standing(found[0], _blank(queries.revision(session, found[0].revision_id)))


def listed(
    session: Session, seen: Cover, on: date, *, page: int, size: int
) -> tuple[Sequence[Row], int]:
    """Return one page of the public forms that stand for a unit, and how many there are."""
    standing = standing_for(seen, on, kinds=KINDS)
    total = session.scalar(sa.select(sa.func.count()).select_from(standing)) or 0
    query = sa.select(standing).order_by(standing.c.title_sort, standing.c.code)
    return rows(session, query.offset((page - 1) * size).limit(size)), total


def known_on_board(session: Session, seen: Cover, slug: str) -> Sequence[Change]:
    """Return the living changes of the form with this address word, public for a unit.

    The nearest owner's, oldest first; a withdrawal comes without a text.
    """
    shown = (
        sa.select(Change.document_id)
        .join(Document, Document.id == Change.document_id)
        .join(Revision, Revision.id == Change.revision_id)
        .where(Document.slug == slug, LIVING_COLUMNS, covered(seen), *PUBLIC_FORM)
    )
    query = (
        sa.select(Change)
        .where(Change.document_id.in_(shown), LIVING_COLUMNS)
        .options(
            joinedload(Change.document),
            joinedload(Change.decision),
            joinedload(Change.revision),
        )
        .order_by(Change.effective_on)
    )
    found = session.scalars(query).all()
    rank = {owner: place for place, owner in enumerate(seen.nearest_first)}
    owners = {each.document.owner_id for each in found}
    nearest = min(owners, key=lambda owner: rank.get(owner, len(rank)), default=None)
    return [each for each in found if each.document.owner_id == nearest]


def handing_out(session: Session, sha256: str, on: date) -> FormBlank | None:
    """Return a public form in force on a day that hands out this file, whoever its owner is."""
    query = _naming(sha256).where(latest(on, None)).options(undefer(Revision.data))
    found = session.scalars(query.limit(1)).first()
    return _blank(found) if found else None


def once_handed_out(session: Session, sha256: str, on: date) -> Document | None:
    """Return a form that handed out this file to the public before or on a day.

    A change that was corrected on its own day held until then; one that was moved or
    cancelled before its day never did.
    """
    by = aliased(Change)
    corrected = sa.select(by.id).where(
        by.id == Change.replaced_by_id, by.effective_on == Change.effective_on
    )
    held = sa.or_(Change.replaced_by_id.is_(None), corrected.exists())
    query = (
        _naming(sha256)
        .where(Change.signed_at.is_not(None), Change.action != Action.CANCEL)
        .where(Change.effective_on <= on, held)
        .options(joinedload(Revision.document).joinedload(Document.owner))
        .order_by(Change.effective_on.desc(), Change.id.desc())
    )
    found = session.scalars(query.limit(1)).first()
    return found.document if found else None


def line_of(session: Session, revision_id: int) -> int | None:
    """Return the line that bears a draft text."""
    return session.scalar(sa.select(Change.id).where(Change.revision_id == revision_id))


def _naming(sha256: str) -> sa.Select[Any]:
    return (
        sa.select(Revision)
        .join(RevisionFile, RevisionFile.revision_id == Revision.id)
        .join(Change, Change.revision_id == Revision.id)
        .join(Decision, Decision.id == Change.decision_id)
        .join(Document, Document.id == Revision.document_id)
        .where(RevisionFile.sha256 == sha256, *PUBLIC_FORM)
    )


def _blank(revision: Revision) -> FormBlank:
    return cast("FormBlank", queries.content(revision))
