"""What an auditor may take up about audits themselves: units that a year has not looked at."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from qms.audits import programme_queries, queries
from qms.errors import N_
from qms.observations import AUDITS, Ask, Observation
from qms.units.queries import places
from qms.units.rules import office_of

_NOT_YET: Final = N_("Năm %(year)s chưa đánh giá %(unit)s lần nào.")


def not_audited(session: Session, unit_ids: Collection[int], today: date) -> list[Observation]:
    """Return the units of the offices that no audit of this year has looked at."""
    placed = places(session)
    offices = {office_of(placed, each) for each in unit_ids}
    names = queries.unit_names(session, today)
    return [
        Observation(
            f"not-audited/{unit_id}/{today.year}",
            _NOT_YET,
            {"year": str(today.year), "unit": names.get(unit_id, str(unit_id))},
            AUDITS,
            unit_id,
            link=f"/audits/programme?year={today.year}&unit={office}",
        )
        for office in sorted(offices)
        for unit_id in programme_queries.not_audited(session, office, today.year)
        if unit_id in unit_ids
    ]


OBSERVATIONS: Final[Sequence[Ask]] = (not_audited,)
