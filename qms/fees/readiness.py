"""What a fee schedule that somebody writes lacks, as far as other records tell."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from qms.documents.kinds.fee import FeeSchedule
from qms.documents.models import Change
from qms.documents.prices import ground
from qms.documents.readiness_list import Gap
from qms.documents.rules import RevisionText
from qms.errors import N_


def unknown_units(
    session: Session, change: Change, text: RevisionText, today: date
) -> Sequence[Gap]:
    """Name the units of territories that there are none of: such a line answers nowhere there."""
    del change, today
    content = text.content
    if not isinstance(content, FeeSchedule) or not any(line.units for line in content.lines):
        return []
    known = set(ground(session).words.values())
    return [
        Gap(
            "review",
            N_("Dòng %(place)s: không có đơn vị nào có địa chỉ “%(unit)s”."),
            f"lines-{place - 1}-units",
            {"place": place, "unit": unit},
        )
        for place, line in enumerate(content.lines, 1)
        for unit in line.units
        if unit not in known
    ]


READINESS: Final = (unknown_units,)
