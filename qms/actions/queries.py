"""What is asked about one finding or one request, and about the people it concerns."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from qms.accounts import models as accounts
from qms.accounts.rules import Role
from qms.actions import causes, eyes, proofs, rules
from qms.actions.models import ActionFile, Extension, Finding, Handing, Request, StepTaken, Task
from qms.actions.rules import Sheet
from qms.documents.models import Decision, Drafter
from qms.errors import NotFoundError
from qms.units.models import Succession
from qms.units.queries import places, successors
from qms.units.rules import office_of

WORKED = ("correct", "do", "prove", "draft", "finish")
"""Deeds that make somebody a worker on a request."""

_WHOLE: Final = (
    joinedload(Request.finding).selectinload(Finding.requests),
    selectinload(Request.tasks).selectinload(Task.files),
    selectinload(Request.steps),
    selectinload(Request.extensions),
)


@dataclass(frozen=True)
class Who:
    """Somebody who looks: a person, and the units whose findings are theirs to see."""

    person: int
    units: frozenset[int]


def visible(who: Who) -> sa.ColumnElement[bool]:
    """Return the condition on findings for what a person may see.

    Findings of the own units, open ones of units they took over from, what one raised oneself,
    and where one has something to do.
    """
    own = aliased(Request)
    mine = (
        sa.select(own.finding_id)
        .join(Task, Task.request_id == own.id)
        .where(Task.owner_id == who.person)
    )
    return sa.or_(
        Finding.unit_id.in_(sorted(who.units)),
        sa.and_(is_open(), Finding.unit_id.in_(ended_before(who.units))),
        Finding.raised_by == who.person,
        Finding.lead_id == who.person,
        Finding.id.in_(mine),
    )


def is_open() -> sa.ColumnElement[bool]:
    """Return the condition that a finding is neither closed nor annulled."""
    return sa.and_(Finding.closed_on.is_(None), Finding.annulled_on.is_(None))


def ended_before(units: Collection[int]) -> sa.Select[int]:
    """Return the units that some units took over from."""
    return sa.select(Succession.predecessor_id).where(
        Succession.successor_id.in_(sorted(units))
    )


def unled() -> sa.ColumnElement[bool]:
    """Return the condition for findings that no lead auditor closes: others have to.

    There never was one, it went to a unit that took over, or the lead's account is closed.
    """
    left = sa.select(accounts.User.id).where(accounts.User.closed_at.is_not(None))
    handed = sa.exists().where(Handing.finding_id == Finding.id)
    return sa.or_(Finding.lead_id.is_(None), handed, Finding.lead_id.in_(left))


def is_unled(session: Session, finding_id: int) -> bool:
    """Tell whether no lead auditor closes a finding."""
    query = sa.select(Finding.id).where(Finding.id == finding_id, unled())
    return session.scalar(query) is not None


def heirs(session: Session, found: Finding, on: date) -> set[int]:
    """Return the units that took over from the unit of a finding, if that has ended."""
    ended = places(session)[found.unit_id].last_day
    if ended is None or ended >= on:
        return set()
    return {each.successor_id for each in successors(session, found.unit_id)}


def finding(session: Session, finding_id: int, who: Who | None = None) -> Finding:
    """Return a finding with its requests, if it is for the person who looks.

    Raises:
        NotFoundError: it is not, or there is none.

    """
    query = sa.select(Finding).where(Finding.id == finding_id)
    if who is not None:
        query = query.where(visible(who))
    whole = (Finding.requests, Finding.gradings, Finding.handings)
    found = session.scalar(query.options(*(selectinload(each) for each in whole)))
    if found is None:
        raise NotFoundError("Không có phát hiện này, hoặc không thuộc đơn vị của ông, bà.")
    return found


def request(session: Session, request_id: int, who: Who | None = None) -> Request:
    """Return a request with all that belongs to it, if it is for the person who looks.

    Raises:
        NotFoundError: it is not, or there is none.

    """
    query = sa.select(Request).join(Finding).where(Request.id == request_id)
    if who is not None:
        query = query.where(visible(who))
    found = session.scalar(query.options(*_WHOLE))
    if found is None:
        raise NotFoundError("Không có phiếu này, hoặc không thuộc đơn vị của ông, bà.")
    return found


def task(found: Request, task_id: int) -> Task:
    """Return one of the actions of a request.

    Raises:
        NotFoundError: it has none of this number, or it was dropped.

    """
    for each in found.tasks:
        if each.id == task_id and each.dropped_on is None:
            return each
    raise NotFoundError("Phiếu không có hành động này.")


def extension(found: Request, extension_id: int) -> Extension:
    """Return what somebody asked of a request, still without an answer.

    Raises:
        NotFoundError: there is none such.

    """
    for each in found.extensions:
        if each.id == extension_id and each.granted is None:
            return each
    raise NotFoundError("Phiếu không có đề nghị gia hạn nào đang chờ.")


def decisions(session: Session, found: Request) -> Mapping[int, Decision]:
    """Return the decisions that actions of a request began, by number."""
    ids = [each.decision_id for each in found.tasks if each.decision_id is not None]
    if not ids:
        return {}
    query = sa.select(Decision).where(Decision.id.in_(ids))
    return {each.id: each for each in session.scalars(query)}


def drafters(session: Session, begun: Collection[int]) -> set[int]:
    """Return who wrote the decisions that actions began."""
    if not begun:
        return set()
    query = sa.select(Drafter.user_id).where(Drafter.decision_id.in_(sorted(begun)))
    return set(session.scalars(query))


def sheet_of(session: Session, found: Request, on: date) -> Sheet:
    """Return a request as the rules see it on a day."""
    begun = decisions(session, found)
    tasks = tuple(
        rules.Task(
            id=each.id,
            owner=each.owner_id,
            due=each.due,
            done_by=each.done_by,
            done_on=each.done_on,
            proven=proofs.holds(each, found.steps, begun.get(each.decision_id or 0), on),
        )
        for each in found.tasks
        if each.dropped_on is None
    )
    worked = {each.by for each in found.steps if each.deed in WORKED}
    hands = worked | {found.corrected_by} | drafters(session, begun)
    return Sheet(
        raised_on=found.raised_on,
        due=found.due,
        state=found.state,
        correction=bool(found.correction),
        cause=bool(causes.whys(found.cause)),
        extent=bool(found.extent),
        tasks=tasks,
        workers=frozenset(each for each in hands if each is not None),
        writers=frozenset(each.by for each in found.steps if each.deed == "write" and each.by),
        analysed_by=found.analysed_by,
        analysed_on=found.analysed_on,
        approved_by=found.approved_by,
        approved_on=found.approved_on,
        done_by=found.done_by,
        done_on=found.done_on,
        verified_by=found.verified_by,
        verified_on=found.verified_on,
        effect_due=found.effect_due,
        effect_by=found.effect_by,
        effect_on=found.effect_on,
    )


def heads_of_unit(session: Session, unit_id: int, since: date, until: date) -> set[int]:
    """Return who led a unit on some day between two."""
    post = accounts.Post
    query = sa.select(post.user_id, post.unit_id, post.role).where(
        post.first_day <= until,
        sa.or_(post.last_day.is_(None), post.last_day >= since),
        post.role.in_((Role.HEAD, Role.LEADER)),
    )
    held = (eyes.Post(*row) for row in session.execute(query))
    placed = places(session)
    return {each.person for each in held if eyes.leads(each, unit_id, placed)}


def heads(
    session: Session, people: Collection[int], since: date, until: date
) -> dict[int, frozenset[int]]:
    """Return the heads of the units of some people, over all posts from one day to another."""
    if not people:
        return {}
    post = accounts.Post
    query = sa.select(post.user_id, post.unit_id, post.role).where(
        post.first_day <= until,
        sa.or_(post.last_day.is_(None), post.last_day >= since),
        sa.or_(post.user_id.in_(sorted(people)), post.role.in_((Role.HEAD, Role.LEADER))),
    )
    held = [eyes.Post(*row) for row in session.execute(query)]
    return eyes.heads_of(held, people, places(session))


def workable(session: Session, unit_id: int, on: date) -> dict[int, str]:
    """Return who may answer for an action in a unit: people with a post in its office."""
    placed = places(session)
    office = office_of(placed, unit_id)
    units = [each for each in placed if office_of(placed, each) == office]
    post, user = accounts.Post, accounts.User
    query = (
        sa.select(user.id, user.name)
        .join(post, post.user_id == user.id)
        .where(post.unit_id.in_(units), user.closed_at.is_(None), post.first_day <= on)
        .where(sa.or_(post.last_day.is_(None), post.last_day >= on))
        .where(post.role != Role.ADMINISTRATOR)
        .distinct()
    )
    return {row.id: row.name for row in session.execute(query)}


def next_number(
    session: Session, table: type[Finding | Request], office: int, year: int
) -> int:
    """Return the next number of a finding or request of an office in a year."""
    query = sa.select(sa.func.max(table.number)).where(
        table.office_id == office, table.year == year
    )
    return (session.scalar(query) or 0) + 1


def of_source(session: Session, source_ref: str) -> Sequence[Finding]:
    """Return the findings that something led to, such as an audit, in their order."""
    query = sa.select(Finding).where(Finding.source_ref == source_ref)
    return session.scalars(
        query.options(selectinload(Finding.requests)).order_by(Finding.id)
    ).all()


def files(session: Session, finding_id: int) -> Sequence[ActionFile]:
    """Return the files that show a finding."""
    query = sa.select(ActionFile).where(ActionFile.finding_id == finding_id)
    return session.scalars(query.order_by(ActionFile.id)).all()


def file(session: Session, file_id: int) -> tuple[ActionFile, int]:
    """Return a file and the number of the finding it belongs to.

    Raises:
        NotFoundError: there is none.

    """
    query = (
        sa.select(ActionFile, sa.func.coalesce(ActionFile.finding_id, Request.finding_id))
        .outerjoin(Task, Task.id == ActionFile.task_id)
        .outerjoin(Request, Request.id == Task.request_id)
        .where(ActionFile.id == file_id)
    )
    row = session.execute(query).first()
    if row is None:
        raise NotFoundError("Không có tệp này.")
    return row[0], row[1]


def people_of(found: Request) -> set[int | None]:
    """Return everybody whom a request names."""
    named = {
        *(found.raised_by, found.corrected_by, found.analysed_by, found.approved_by),
        *(found.done_by, found.verified_by, found.effect_by, found.finding.raised_by),
        *(each.by for each in found.steps),
    }
    for each in found.tasks:
        named |= {each.owner_id, each.done_by}
    for asked in found.extensions:
        named |= {asked.asked_by, asked.decided_by}
    return named


def last_words(steps: Iterable[StepTaken], deed: str) -> str:
    """Return what was said when a step was last taken."""
    return next((each.words for each in reversed(list(steps)) if each.deed == deed), "")
