"""What speaks against somebody auditing: posts held, documents worked on; and who may be asked."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.accounts.models import Post, User
from qms.accounts.rules import GRANTS, Permission
from qms.audits import independence, queries
from qms.audits.checklist_models import Line
from qms.audits.independence import Conflict, Held, Key, Part, Work
from qms.audits.models import Audit
from qms.documents.models import Change, Document, Drafter, Revision, Signature
from qms.documents.queries import entries
from qms.documents.rules import Deed
from qms.documents.timeline import spans
from qms.units.queries import line_of_descent, places
from qms.units.rules import Place, holds, reaches

_PARTS: Mapping[Deed, Part] = {
    Deed.DRAFTED: Part.DRAFTED,
    Deed.REVIEWED: Part.REVIEWED,
    Deed.RETURNED: Part.REVIEWED,
    Deed.SIGNED: Part.SIGNED,
    Deed.CONFIRMED: Part.SIGNED,
}


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be asked into a team, and what speaks against it."""

    user_id: int
    name: str
    conflicts: tuple[Conflict, ...]
    qualified: bool
    again: bool


def audited_units(session: Session, unit_ids: Iterable[int]) -> frozenset[int]:
    """Return units with those below them within their office, and those they came from."""
    placed = places(session)
    found = set[int]()
    for unit_id in unit_ids:
        below = [each for each in placed if reaches(placed, unit_id, each)]
        for each in below:
            found |= line_of_descent(session, each)
    return frozenset(found)


def conflicts(
    session: Session, audit: Audit, user_ids: Collection[int], *, also: Collection[int] = ()
) -> dict[int, list[Conflict]]:
    """Return what keeps each of some people from an audit.

    ``also``: revisions that are about to be asked about beside those of the checklist.
    """
    units = audited_units(session, queries.unit_ids(audit))
    days = queries.days_of(audit).spans
    asked = {*_asked(session, audit.id), *also}
    revisions = _in_period(session, asked, audit.period_first, audit.last_day)
    posts = _held(session, user_ids, audit.last_day)
    works = _works(session, user_ids, revisions)
    return {
        each: independence.conflicts(
            posts.get(each, ()), works.get(each, ()), units=units, spans=days
        )
        for each in user_ids
    }


def own_units(session: Session, audit: Audit, user_id: int, today: date) -> list[Conflict]:
    """Return what posts held up to today keep somebody from an audit that is under way."""
    units = audited_units(session, queries.unit_ids(audit))
    days = (*queries.days_of(audit).spans, (audit.first_day, max(today, audit.last_day)))
    posts = _held(session, [user_id], audit.last_day)
    return independence.conflicts(posts.get(user_id, ()), (), units=units, spans=days)


def excepted(session: Session, audit_id: int) -> dict[int, set[Key]]:
    """Return the units and documents for which a leader exempted people, by person."""
    found: dict[int, set[Key]] = {}
    for row in queries.exemptions(session, audit_id):
        if row.key is not None:
            found.setdefault(row.user_id, set()).add(row.key)
    return found


def candidates(session: Session, audit: Audit, team: Collection[int]) -> list[Candidate]:
    """Return who may be asked into the team of an audit: auditors of any office, by name."""
    held = auditors(session, audit.first_day, audit.last_day)
    people = {each: name for each, name in held if each not in team}
    found = conflicts(session, audit, list(people))
    known = queries.qualifications(session, list(people))
    again = _again(session, audit, people)
    return [
        Candidate(
            each,
            name,
            tuple(found[each]),
            any(
                row.first_day <= audit.first_day
                and (row.last_day is None or row.last_day >= audit.last_day)
                for row in known[each]
            ),
            each in again,
        )
        for each, name in people.items()
    ]


def auditors(session: Session, first: date, last: date | None = None) -> list[tuple[int, str]]:
    """Return who holds a post as an auditor on some days, by name."""
    roles = [role for role, granted in GRANTS.items() if Permission.AUDIT_CONDUCT in granted]
    auditing = sa.select(Post.user_id).where(
        Post.role.in_(roles),
        Post.first_day <= first,
        sa.or_(Post.last_day.is_(None), Post.last_day >= (last or first)),
    )
    query = sa.select(User.id, User.name).where(User.id.in_(auditing), User.closed_at.is_(None))
    return [(row.id, row.name) for row in session.execute(query.order_by(User.name, User.id))]


def again(session: Session, audit: Audit, user_ids: Collection[int]) -> list[tuple[int, int]]:
    """Return who of some people audited which of the units last year too."""
    return queries.audited_before(
        session, user_ids, queries.unit_ids(audit), audit.year - 1, audit.id
    )


def _again(session: Session, audit: Audit, user_ids: Collection[int]) -> set[int]:
    return {user_id for user_id, _unit in again(session, audit, user_ids)}


def conducts(session: Session, user_id: int, first: date, last: date) -> bool:
    """Tell whether some post lets a person audit from one day to another."""
    query = sa.select(Post).where(Post.user_id == user_id)
    return any(
        Permission.AUDIT_CONDUCT in GRANTS[post.role]
        and holds(post, first)
        and holds(post, last)
        for post in session.scalars(query)
    )


def _asked(session: Session, audit_id: int) -> list[int]:
    query = sa.select(Line.revision_id).where(
        Line.audit_id == audit_id, Line.dropped_at.is_(None), Line.revision_id.is_not(None)
    )
    return [each for each in session.scalars(query) if each is not None]


def _in_period(
    session: Session, asked: Collection[int], first: date, last: date
) -> dict[int, tuple[int, str]]:
    """Return the texts asked about and those of the same documents that held in the period."""
    query = (
        sa.select(Revision.id, Document.id.label("document_id"), Document.code)
        .join(Document, Document.id == Revision.document_id)
        .where(Revision.id.in_(asked))
    )
    found = {row.id: (row.document_id, row.code) for row in session.execute(query)}
    named = dict(found.values())
    for document_id, signed in entries(session, list(named)).items():
        for span in spans(signed):
            text, until = span.entry.revision, span.last_day
            if text and span.first_day <= last and (until is None or until >= first):
                found[text] = document_id, named[document_id]
    return found


def _held(session: Session, user_ids: Collection[int], on: date) -> dict[int, list[Held]]:
    placed, names = places(session), queries.unit_names(session, on)
    found: dict[int, list[Held]] = {}
    for post in session.scalars(sa.select(Post).where(Post.user_id.in_(user_ids))):
        found.setdefault(post.user_id, []).append(
            Held(
                post.unit_id,
                names.get(post.unit_id, str(post.unit_id)),
                post.role,
                post.first_day,
                post.last_day,
                _reached(placed, post.unit_id),
            )
        )
    return found


def _reached(placed: Mapping[int, Place], unit_id: int) -> frozenset[int]:
    return frozenset(each for each in placed if reaches(placed, unit_id, each))


def _works(
    session: Session, user_ids: Collection[int], revisions: Mapping[int, tuple[int, str]]
) -> dict[int, list[Work]]:
    """Return what people did to some texts: wrote them, or put a name to their decisions."""
    texts, people = list(revisions), list(user_ids)
    wrote = sa.select(Revision.id, Revision.drafted_by).where(
        Revision.id.in_(texts), Revision.drafted_by.in_(people)
    )
    edited = (
        sa.select(Change.revision_id, Drafter.user_id)
        .join(Drafter, Drafter.decision_id == Change.decision_id)
        .where(Change.revision_id.in_(texts), Drafter.user_id.in_(people))
    )
    named = (
        sa.select(Change.revision_id, Signature.user_id, Signature.deed)
        .join(Signature, Signature.decision_id == Change.decision_id)
        .where(Change.revision_id.in_(texts), Signature.user_id.in_(people))
        .order_by(Signature.id)
    )
    done = {
        *((row[0], row[1], Part.DRAFTED) for row in session.execute(wrote)),
        *((row[0], row[1], Part.DRAFTED) for row in session.execute(edited)),
        *((row[0], row[1], _PARTS[row[2]]) for row in session.execute(named)),
    }
    found: dict[int, list[Work]] = {}
    for text, user_id, part in sorted(done, key=str):
        if text is not None and user_id is not None:
            document_id, code = revisions[text]
            found.setdefault(user_id, []).append(Work(document_id, code, part))
    return found
