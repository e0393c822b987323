"""The only place that asks what time it is."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from flask import current_app


def now() -> datetime:
    """Return this instant, in UTC."""
    return datetime.now(UTC)


def is_zone(name: str) -> bool:
    """Tell whether there is a time zone of this name."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def local(instant: datetime) -> datetime:
    """Return ``instant`` as the clock on the office's wall shows it."""
    return instant.astimezone(ZoneInfo(current_app.config["TIMEZONE"]))


def day_of(instant: datetime) -> date:
    """Return the civil day at the office in which ``instant`` lies."""
    return local(instant).date()


def begins(day: date) -> datetime:
    """Return the instant at which a civil day begins at the office."""
    return datetime.combine(day, time.min, ZoneInfo(current_app.config["TIMEZONE"]))


def today() -> date:
    """Return the civil day at the office, which is what "in force from" refers to."""
    return day_of(now())


def at(day: date, hour: time) -> datetime:
    """Return the instant at which the office's clock shows a time on a day."""
    return datetime.combine(day, hour, ZoneInfo(current_app.config["TIMEZONE"]))
