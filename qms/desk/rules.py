"""In which order work is shown."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from qms.duties import Duty

_FIRST: Final = ("late", "today", "returned", "in_review", "review")


def in_order(duties: Iterable[Duty]) -> list[Duty]:
    """Return what is late first, then what others wait for, the longest waiting before."""
    return sorted(
        duties,
        key=lambda duty: (
            _FIRST.index(duty.state) if duty.state in _FIRST else len(_FIRST),
            duty.since or datetime.max.replace(tzinfo=UTC),
            duty.title,
        ),
    )
