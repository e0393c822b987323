"""What an auditor may take up about places: paper that hangs and no longer holds."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.documents.standing import in_force_ids
from qms.errors import N_
from qms.notices.course import Course
from qms.notices.models import Place
from qms.notices.rules import Printed, judge
from qms.observations import DOCUMENTS, Ask, Observation
from qms.postings import queries
from qms.units.models import Unit
from qms.vietnamese import day

MOST: Final = 50
"""Most things of one sort that an auditor is shown."""

_OLD: Final = N_("Ở %(place)s còn treo tờ “%(sheet)s” (mã %(code)s) không còn hiệu lực.")
_SINCE: Final = N_(
    "Ở %(place)s còn treo tờ “%(sheet)s” (mã %(code)s), không còn hiệu lực từ %(day)s."
)


def old_paper(session: Session, unit_ids: Collection[int], today: date) -> list[Observation]:
    """Return the sheets that hang at places of some units and say what no longer holds."""
    placed = sa.select(Place.unit_id).where(Place.unit_id.in_(unit_ids))
    units = session.scalars(sa.select(Unit).where(Unit.id.in_(placed)).order_by(Unit.id)).all()
    hung = [
        (unit, spot.place, walk.courses[task.sheet], task.sheet.document_id, copy.code)
        for unit in units
        for walk in [queries.walk(session, unit, today, today)]
        for spot in walk.spots
        for task in spot.tasks
        for copy in task.old
        if copy.hangs
    ][:MOST]
    texts = in_force_ids(session, {each[3] for each in hung if each[3] is not None}, today)
    since = _since(session, {each[4]: each[2] for each in hung}, today)
    return [
        Observation(
            f"copy/{code}",
            _SINCE if code in since else _OLD,
            {
                "place": place.name,
                "sheet": course.name,
                "code": code,
                "day": since.get(code, ""),
            },
            DOCUMENTS,
            unit.id,
            document_id if document_id in texts else None,
            texts.get(document_id) if document_id is not None else None,
            f"/postings/{code}",
        )
        for unit, place, course, document_id, code in hung
    ]


def _since(session: Session, courses: Mapping[str, Course], today: date) -> dict[str, str]:
    """Return since when some copies no longer hold, as far as their sheets still tell it."""
    found = {}
    for copy in queries.copies_by_code(session, list(courses)):
        printed = Printed(copy.digest, copy.scheme, copy.day)
        answers = courses[copy.code].answers()
        since = judge(printed, answers, today).since
        if since is not None and any(printed.says(each) for each in answers):
            found[copy.code] = day(since)
    return found


OBSERVATIONS: Final[Sequence[Ask]] = (old_paper,)
