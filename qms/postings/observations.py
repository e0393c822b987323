"""What an auditor may take up about places: paper that hangs and no longer holds."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.documents.standing import in_force_ids
from qms.errors import N_
from qms.notices.models import Place
from qms.observations import DOCUMENTS, Ask, Observation
from qms.postings import queries
from qms.units.models import Unit

MOST: Final = 50
"""Most things of one sort that an auditor is shown."""

_OLD: Final = N_("Ở %(place)s còn treo tờ “%(sheet)s” (mã %(code)s) không còn hiệu lực.")


def old_paper(session: Session, unit_ids: Collection[int], today: date) -> list[Observation]:
    """Return the sheets that hang at places of some units and say what no longer holds."""
    placed = sa.select(Place.unit_id).where(Place.unit_id.in_(unit_ids))
    units = session.scalars(sa.select(Unit).where(Unit.id.in_(placed)).order_by(Unit.id)).all()
    hung = [
        (unit, spot.place, walk.courses[task.sheet].name, task.sheet.document_id, copy.code)
        for unit in units
        for walk in [queries.walk(session, unit, today, today)]
        for spot in walk.spots
        for task in spot.tasks
        for copy in task.old
        if copy.hangs
    ][:MOST]
    texts = in_force_ids(session, {each[3] for each in hung if each[3] is not None}, today)
    return [
        Observation(
            f"copy/{code}",
            _OLD,
            {"place": place.name, "sheet": name, "code": code},
            DOCUMENTS,
            unit.id,
            document_id if document_id in texts else None,
            texts.get(document_id) if document_id is not None else None,
            f"/postings/{code}",
        )
        for unit, place, name, document_id, code in hung
    ]


OBSERVATIONS: Final[Sequence[Ask]] = (old_paper,)
