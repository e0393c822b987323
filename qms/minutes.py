"""What each process that works on jobs does once a minute; short, and harmless done twice."""

from collections.abc import Callable
from typing import Final

import structlog

SECONDS: Final = 60
"""Between two turns."""

EVERY: Final[list[Callable[[], object]]] = []
"""What is done, in the order in which it was registered."""

_LOG = structlog.get_logger()


def each_minute(run: Callable[[], object]) -> Callable[[], object]:
    """Register what is done once a minute with the application at hand."""
    EVERY.append(run)
    return run


def turn() -> None:
    """Do all of it; what fails is logged and tried again at the next turn."""
    for each in EVERY:
        try:
            each()
        except Exception:  # noqa: BLE001 - whatever it is, the rest goes on
            _LOG.exception("not done this minute", what=each.__name__)
