"""Many papers on several print processes at once: for background work.

They are not the processes that single papers wait for, so nobody stands behind a book.
"""

import pickle
from collections import deque
from collections.abc import Generator, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any, Final

from qms.web import pdf

PROCESSES: Final = 2
"""Print processes that one piece of background work may use."""

PATIENCE: Final = 600.0
"""Seconds one paper may take: nobody stands and waits, and the machine may be busy."""

_AHEAD: Final = 2
"""Papers asked for beyond those under way, so that no process waits for data."""


def render_all(
    wanted: Iterable[tuple[str, Mapping[str, object]]], processes: int = PROCESSES
) -> Generator[bytes]:
    """Return the paper of each template with its data, in their order; see :func:`pdf.render`.

    Data are asked for as they are needed. The processes end with the iterator.
    """
    workers = [pdf.Worker(PATIENCE) for _ in range(processes)]
    idle: SimpleQueue[pdf.Worker] = SimpleQueue()
    for each in workers:
        idle.put(each)

    def ask(template: str, data: bytes) -> tuple[str, Any]:
        worker = idle.get()
        try:
            return worker.ask(template, data)
        finally:
            idle.put(worker)

    pool = ThreadPoolExecutor(processes, thread_name_prefix="presses")
    asked: deque[Future[tuple[str, Any]]] = deque()
    try:
        for template, data in wanted:
            asked.append(pool.submit(ask, template, pickle.dumps(dict(data))))
            if len(asked) >= processes + _AHEAD:
                yield pdf.paper(asked.popleft(), PATIENCE)
        while asked:
            yield pdf.paper(asked.popleft(), PATIENCE)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for each in workers:
            if each.process is not None:
                each.process.kill()
        pool.shutdown()
        for each in workers:
            each.stop()
