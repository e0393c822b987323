"""What an auditor may take up about reading: texts that people have not read in time."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from qms.errors import N_
from qms.observations import AWARENESS, Ask, Observation
from qms.reading.watching import by_unit
from qms.units.queries import entered_names
from qms.vietnamese import day

MOST: Final = 50
"""Most things of one sort that an auditor is shown."""

_UNREAD: Final = N_(
    "%(code)s: %(count)s trên %(all)s người của %(unit)s chưa xác nhận đã đọc, hạn %(day)s."
)


def unread(session: Session, unit_ids: Collection[int], today: date) -> list[Observation]:
    """Return the texts that people of some units should have read by now and have not."""
    late = [each for each in by_unit(session, unit_ids, today) if each.state(today) == "late"]
    names = entered_names(session) if late else {}
    return [
        Observation(
            f"reading/{each.text.revision_id}/{each.text.unit_id}",
            _UNREAD,
            {
                "code": each.text.code,
                "count": str(each.unread),
                "all": str(len(each.readers)),
                "unit": names.get(each.text.unit_id, ""),
                "day": day(each.text.due),
            },
            AWARENESS,
            each.text.unit_id,
            each.text.document_id,
            each.text.revision_id,
            f"/reading/{each.text.revision_id}/people",
        )
        for each in late[:MOST]
    ]


OBSERVATIONS: Final[Sequence[Ask]] = (unread,)
