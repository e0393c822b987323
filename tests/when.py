"""The day the tests live on, and a clock that can be put forward."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

MONDAY = date(2026, 8, 3)
NINE = datetime(2026, 8, 3, 2, 0, tzinfo=UTC)
"""Nine in the morning of that Monday at the office."""

OFFICE = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass
class Clock:
    """Stands in for :func:`qms.clock.now`; stands still until it is put forward."""

    at: datetime = NINE

    def __call__(self) -> datetime:
        return self.at

    def go(self, day: date, hour: int = 9) -> None:
        """Make it ``hour`` o'clock at the office on ``day``."""
        self.at = datetime.combine(day, time(hour), OFFICE).astimezone(UTC)
