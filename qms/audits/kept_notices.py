"""What a notice told, kept word for word, so that it is printed again as it was. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter

from qms.audits.papers import Head, HourRow


@dataclass(frozen=True)
class Notice:
    """What the units were told: of whom and when, by which plan, and why late."""

    head: Head
    hours: Sequence[HourRow]
    reason: str


_TOLD: Final = TypeAdapter(Notice)


def written(notice: Notice) -> str:
    """Return a notice as it is kept."""
    return _TOLD.dump_json(notice).decode()


def read(said: str) -> Notice:
    """Return a notice that was kept."""
    return _TOLD.validate_json(said)
