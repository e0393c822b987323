"""How long a screen may show what it was told, and how it stands with a screen."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from qms.digests import digest

ASK_SECONDS: Final = 30
"""How often a screen asks whether what it shows still holds."""

STALE_SECONDS: Final = 600
"""How long it may show what nobody confirmed."""

IDLE_SECONDS: Final = 75
"""How long nobody touches it before it asks whether somebody is there."""

WARN_SECONDS: Final = 15
"""How long it waits for the answer before it forgets what was typed."""

SLIDE_SECONDS: Final = 10
"""How long each change stands on a screen that nobody uses."""

NOTED_EVERY: Final = timedelta(seconds=50)
"""What a screen shows is written down at most so often, unless it shows something else."""

NEUTRAL: Final = "neutral"
"""What a screen says that it shows while it shows no content."""

SHOWN_LENGTH: Final = 16
"""Digits of a version of what a board tells."""

NAME_LENGTH: Final = 120
COUNTER_LENGTH: Final = 200

_LATE: Final = timedelta(seconds=4 * ASK_SECONDS)


class Standing(StrEnum):
    """How it stands with a screen."""

    NEW = "new"
    FRESH = "fresh"
    STALE = "stale"
    SILENT = "silent"


def content_version(today: date, record: str) -> str:
    """Return what tells one state of the board from another: the day and the public record."""
    return digest(f"{today} {record}".encode())[:SHOWN_LENGTH]


@dataclass(frozen=True)
class Heard:
    """When a screen last asked, and what it showed then."""

    at: datetime | None
    shown: str


def standing(heard: Heard, current: str, now: datetime) -> Standing:
    """Tell how it stands with a screen, ``current`` being the version that holds now.

    A screen that has not asked for so long that it shows nothing any more is silent; one that
    shows another version, or nothing, or is late, is stale.
    """
    if heard.at is None:
        return Standing.NEW
    age = now - heard.at
    if age >= timedelta(seconds=STALE_SECONDS):
        return Standing.SILENT
    return Standing.FRESH if heard.shown == current and age < _LATE else Standing.STALE


def worth_noting(heard: Heard, shown: str, now: datetime) -> bool:
    """Tell whether what a screen says is written down, so that asking costs no write each time."""
    return heard.at is None or heard.shown != shown or abs(now - heard.at) >= NOTED_EVERY
