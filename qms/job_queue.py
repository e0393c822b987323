"""The queue that says to workers which job waits; the only module that knows its library."""

from collections.abc import Callable
from typing import Final

from huey import Huey, MemoryHuey, PostgresHuey, RedisHuey
from huey.consumer import Consumer

from qms.errors import RefusedError

_PATIENCE_SECONDS: Final = 20


class _Guest(Consumer):  # type: ignore[misc]  # huey has no types
    """A consumer inside a process that minds its signals itself."""

    def _set_signal_handlers(self) -> None:
        """Leave the signals to the host."""


class Queue:
    """The queue of one application."""

    def __init__(self, url: str, work: Callable[[int], None]) -> None:
        """Open the queue at ``url``; ``work`` does a job by its number.

        Raises:
            RefusedError: there is no such kind of queue.

        """
        self._huey = _huey(url)
        self._task = self._huey.task(name="job")(work)

    def tell(self, job_id: int) -> None:
        """Say that a job waits; said twice it is done once."""
        self._task(job_id)

    def consumer(self, threads: int, beat: int) -> Consumer:
        """Return what works on the jobs told of, looking every ``beat`` seconds."""
        return _Guest(
            self._huey,
            workers=threads,
            periodic=False,
            max_delay=beat,
            shutdown_timeout=_PATIENCE_SECONDS,
        )


def _huey(url: str) -> Huey:
    scheme = url.partition(":")[0].partition("+")[0]
    if not url:
        return MemoryHuey("qms", results=False)
    if scheme in {"postgresql", "postgres"}:
        return PostgresHuey("qms", dsn=scheme + url[url.index(":") :], results=False)
    if scheme in {"redis", "rediss"}:
        return RedisHuey("qms", url=url, results=False)
    raise RefusedError("JOBS_URL phải bắt đầu bằng postgresql:// hoặc redis://.")
