"""Acts about reading: what an office asks, and that somebody has read a text."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from qms import trail
from qms.accounts.queries import posts, require
from qms.accounts.rules import Permission, since
from qms.errors import InvalidError, NotAllowedError
from qms.reading import queries, rules
from qms.reading.models import Reading, ReadingRule
from qms.trail import Act
from qms.units.models import Unit


def ask(
    session: Session, act: Act, office: Unit, *, kinds: Collection[str], days: int
) -> ReadingRule:
    """Ask the people of an office to read what takes effect from today on; no kinds: no more.

    Raises:
        NotAllowedError: no post of the actor allows it there.
        InvalidError: the unit is no office, or the kinds or days are none.

    """
    post = require(session, act.actor, Permission.READING_ASK, office.id, act.today)
    if not office.office:
        raise InvalidError("Yêu cầu đọc tài liệu do cơ quan có hệ thống riêng đặt.")
    rules.check_rule(kinds, days)
    made = ReadingRule(
        unit_id=office.id,
        first_day=act.today,
        kinds=",".join(each for each in rules.KIND_WORDS if each in kinds),
        days=days,
        set_by=post.user_id,
        set_at=act.at,
    )
    session.add(made)
    session.flush()
    detail = {"first_day": act.today, "kinds": queries.kinds_of(made), "within": days}
    trail.record(
        session, act, action="reading.asked", subject=f"unit/{office.slug}", detail=detail
    )
    return made


def confirm(session: Session, act: Act, revision_id: int) -> Reading:
    """Say for oneself that one has read and understood a text; said again it is the same.

    Raises:
        RefusedError: the text is not in force.
        NotAllowedError: nobody stands behind the act, or the text is not asked of the person.

    """
    if act.actor is None:
        raise NotAllowedError("Việc này cần một người đứng tên.")
    revision = queries.text(session, revision_id)
    said = queries.reading(session, act.actor, revision_id)
    if said is not None:
        return said
    holding, first_day = queries.holding(session, revision, act.today)
    works = since(posts(session, act.actor), act.today)
    mine = queries.asked_of(session, works, act.today)
    rules.check_confirmable(
        first_day,
        act.today,
        holds=holding == revision_id,
        asked=any(each.revision_id == revision_id for each in mine),
    )
    made = Reading(user_id=act.actor, revision_id=revision_id, day=act.today, at=act.at)
    session.add(made)
    session.flush()
    trail.record(
        session,
        act,
        action="reading.confirmed",
        subject=f"document/{revision.document_id}",
        detail={"number": revision.number},
    )
    return made
