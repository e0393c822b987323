"""A calendar as bytes: RFC 5545, with lines folded between letters and nothing to act on."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

MEDIA_TYPE: Final = "text/calendar"
_LONGEST: Final = 75
"""Octets of a line; what goes on begins with a space."""
_ESCAPED: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True)
class Event:
    """One event: whole days, both included, or from an instant to another."""

    uid: str
    begins: date | datetime
    ends: date | datetime
    summary: str
    stamp: datetime
    description: str = ""
    page: str = ""
    cancelled: bool = False


def write(name: str, events: Sequence[Event]) -> bytes:
    """Return a calendar with its events."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Hien Hanh//qms//VI",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        *(line for each in events for line in _event(each)),
        "END:VCALENDAR",
    ]
    return b"".join(part for line in lines for part in (*_folded(line), b"\r\n"))


def _event(event: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(event.uid)}"
    yield f"DTSTAMP:{_instant(event.stamp)}"
    yield f"DTSTART{_time(event.begins)}"
    last = event.ends
    # A day in a calendar ends where the next begins.
    yield f"DTEND{_time(last if isinstance(last, datetime) else last + timedelta(days=1))}"
    yield f"SUMMARY:{_text(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{_text(event.description)}"
    if event.page:
        yield f"URL:{event.page}"
    yield f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}"
    yield "END:VEVENT"


def _time(value: date | datetime) -> str:
    if isinstance(value, datetime):
        return f":{_instant(value)}"
    return f";VALUE=DATE:{value:%Y%m%d}"


def _instant(value: datetime) -> str:
    return f"{value.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    return words.translate(_ESCAPED)


def _folded(line: str) -> Iterable[bytes]:
    """Return a line in pieces that are short enough, cut between letters."""
    piece, room = b"", _LONGEST
    for letter in line:
        octets = letter.encode()
        if len(piece) + len(octets) > room:
            yield piece + b"\r\n "
            piece, room = b"", _LONGEST - 1
        piece += octets
    yield piece
