"""Background work.

A job is a row, written in the transaction of whoever starts it; the queue is only told that
there is one. What the queue forgets, the keeper finds: it tells the queue of jobs that wait,
notes how far those of this process are, and takes up those whose process is gone.

The function of a job gets a :class:`Progress` and the arguments it was enqueued with, runs
with the application at hand, opens its own transactions, and asks for permission again in
the name of whoever started it (:meth:`Progress.act`). It may be begun a second time after a
crash, so it must be able to find what it has already done. What it returns is kept as the
job's result; ``page`` in it, ``[endpoint, values]``, is where whoever follows it is led.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar, cast

import structlog
from flask import Flask, current_app
from sqlalchemy import event
from sqlalchemy.orm import Session

from qms import clock, job_rows, minutes
from qms.db import db, touch
from qms.errors import BusyError, QmsError
from qms.job_queue import Queue
from qms.job_rows import GENERIC, Job, JobState
from qms.trail import Act, Via

BEAT_SECONDS: Final = 1
"""How often the keeper looks."""

_HEARTBEAT: Final = timedelta(seconds=10)
_TELL_AGAIN: Final = timedelta(seconds=30)
_TRIES_TO_END: Final = 3
_QUEUE: Final = "qms_queue"
_TOLD: Final = "qms_jobs"
_LOG = structlog.get_logger()

Function = TypeVar("Function", bound=Callable[..., Mapping[str, Any] | None])


class CancelledError(Exception):
    """Whoever started the job wants it to stop; raised where it says how far it is."""


@dataclass
class Progress:
    """How far a job of this process is, and in whose name it runs."""

    job_id: int
    kind: str
    attempt: int
    started_by: int | None
    via: Via
    done: int = 0
    total: int = 0
    message: list[Any] = field(default_factory=list)
    noted: tuple[object, ...] = ()
    noted_at: datetime | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    leaving: bool = False

    def step(self, done: int, total: int, message: str = "", **values: object) -> None:
        """Say how far the job is, as often as you like; the keeper writes it down.

        Raises:
            CancelledError: it is to stop; what is not committed is undone.

        """
        self.done, self.total = done, total
        if message:
            self.message = [message, values]
        if self.stop.is_set():
            raise CancelledError

    def let_wait(self) -> None:
        """Let the job wait again from where it next says how far it is."""
        self.leaving = True
        self.stop.set()

    def act(self) -> Act:
        """Return who acts: the person who started the job, now."""
        return Act(self.started_by, clock.now(), clock.today(), self.via)

    @property
    def seen(self) -> dict[str, Any]:
        """What is written down."""
        return {"done": self.done, "total": self.total, "message": self.message}


@dataclass(frozen=True)
class Kind:
    """One kind of job: what does it, what it is called in a list, whether nobody waits for it."""

    name: str
    title: object
    run: Callable[..., Mapping[str, Any] | None]
    patient: bool = False


KINDS: Final[dict[str, Kind]] = {}
"""All kinds of jobs by name; filled where their functions are written."""

_running: Final[dict[int, Progress]] = {}
"""The jobs this process is working on."""


def job(name: str, title: object, *, patient: bool = False) -> Callable[[Function], Function]:
    """Register a function as a kind of job; ``title`` is a lazy sentence.

    A ``patient`` one, for which nobody waits, lets every other job go first: it stops at its
    next step and is begun again behind them.
    """

    def register(run: Function) -> Function:
        if name in KINDS:
            raise ValueError(f"There are two jobs {name}.")
        KINDS[name] = Kind(name, title, run, patient)
        return run

    return register


def enqueue(session: Session, act: Act, kind: str, args: Mapping[str, Any]) -> Job:
    """Write a job in the transaction under way; it begins after the commit.

    ``args`` must be fit for JSON.
    """
    if kind not in KINDS:
        raise ValueError(f"There is no job {kind}.")
    made = Job(
        kind=kind,
        args=dict(args),
        started_by=act.actor,
        via=act.via,
        created_at=act.at,
        state=JobState.WAITING,
    )
    session.add(made)
    session.flush()
    session.info.setdefault(_TOLD, []).append(made.id)
    return made


def run(job_id: int) -> None:
    """Do a job now, in this thread, unless somebody else does."""
    with touch() as session:
        begun = job_rows.claim(session, job_id, clock.now())
        if begun is None:
            return
        args = begun.args
        progress = Progress(job_id, begun.kind, begun.attempts, begun.started_by, begun.via)
    _running[job_id] = progress
    try:
        _end(progress, **_outcome(progress, args))
    finally:
        _running.pop(job_id, None)


def run_waiting() -> int:
    """Do all jobs that wait in this thread, one after the other; return how many there were."""
    found = job_rows.waiting(db.session())
    for job_id in found:
        run(job_id)
    return len(found)


def _patient(kind: str) -> bool:
    return kind in KINDS and KINDS[kind].patient


def _outcome(progress: Progress, args: Mapping[str, Any]) -> dict[str, object]:
    try:
        result = KINDS[progress.kind].run(progress, **args)
    except CancelledError:
        if progress.leaving:
            begun_before = progress.attempt - 1
            return {"state": JobState.WAITING, "attempts": begun_before, "finished_at": None}
        return {"state": JobState.CANCELLED}
    except QmsError as error:
        return {"state": JobState.FAILED, "faults": job_rows.faults_of(error)}
    except Exception:  # noqa: BLE001 - whatever it is, the rest goes on
        _LOG.exception("job failed", job=progress.job_id, kind=progress.kind)
        return {"state": JobState.FAILED, "faults": [(GENERIC, {})]}
    return {"state": JobState.DONE, "result": dict(result or {})}


def _end(progress: Progress, **outcome: object) -> None:
    """Write down how a job ended; the database may be busy just then."""
    for _ in range(_TRIES_TO_END - 1):
        try:
            return _write_end(progress, outcome)
        except BusyError:
            _LOG.warning("busy at the end of a job", job=progress.job_id)
    return _write_end(progress, outcome)


def _write_end(progress: Progress, outcome: Mapping[str, object]) -> None:
    with touch() as session:
        values = {**progress.seen, **outcome}
        job_rows.end(session, progress.job_id, progress.attempt, clock.now(), **values)


class Keeper:
    """Looks after the jobs: one for each process that works on them."""

    def __init__(self, tell: Callable[[int], object]) -> None:
        """Tell the queue by ``tell``."""
        self._tell = tell
        self._told: dict[int, datetime] = {}

    def turn(self) -> None:
        """Write down how far jobs are, take up what was left behind, tell what waits."""
        now = clock.now()
        for progress in list(_running.values()):
            self._note(progress, now)
        left = job_rows.stale(db.session(), now, list(_running))
        if left:
            with touch() as session:
                for job_id in left:
                    job_rows.take_up(session, job_id, now)
        found = job_rows.waiting(db.session())
        if not all(_patient(kind) for kind in found.values()):
            for progress in list(_running.values()):
                if _patient(progress.kind):
                    progress.let_wait()
        self._told = {job_id: self._told[job_id] for job_id in found if job_id in self._told}
        for job_id in found:
            if job_id not in self._told or now - self._told[job_id] > _TELL_AGAIN:
                self._told[job_id] = now
                self._tell(job_id)

    def _note(self, progress: Progress, now: datetime) -> None:
        seen = progress.seen
        mark = tuple(map(str, seen.values()))
        fresh = progress.noted_at is not None and now - progress.noted_at < _HEARTBEAT
        if job_rows.is_cancelled(db.session(), progress.job_id):
            progress.stop.set()
        if fresh and mark == progress.noted:
            return
        with touch() as session:
            if job_rows.beat(session, progress.job_id, progress.attempt, now, seen):
                progress.stop.set()
        progress.noted, progress.noted_at = mark, now


class Worker:
    """Works on jobs in threads of this process until it is stopped."""

    def __init__(self, *, threads: int = 1) -> None:
        """Work for the application at hand."""
        self._app, self._stop = _app(), threading.Event()
        queue = _queue(self._app)
        self._consumer = queue.consumer(threads, BEAT_SECONDS)
        self._keeper = Keeper(queue.tell)
        work = {"qms-keeper": self._keep, "qms-minutes": self._mind}
        self._threads = [threading.Thread(target=work[n], name=n, daemon=True) for n in work]

    def start(self) -> None:
        """Begin."""
        self._consumer.start()
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let the jobs under way wait again from where they next say how far they are; end."""
        for progress in list(_running.values()):
            progress.let_wait()
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self._consumer.stop(graceful=True)

    def _keep(self) -> None:
        while not self._stop.wait(BEAT_SECONDS):
            with self._app.app_context():
                try:
                    self._keeper.turn()
                except BusyError:
                    _LOG.info("busy; jobs are looked after at the next turn")
                except Exception:  # noqa: BLE001 - whatever it is, the rest goes on
                    _LOG.exception("jobs could not be looked after")

    def _mind(self) -> None:
        while not self._stop.wait(minutes.SECONDS):
            with self._app.app_context():
                minutes.turn()


def init_app(app: Flask) -> None:
    """Take jobs for ``app``; the queue is opened when it is first needed."""
    app.extensions[_QUEUE] = None


def in_process(app: Flask) -> bool:
    """Tell whether the server itself works on the jobs."""
    return not app.config["JOBS_URL"]


def _app() -> Flask:
    """Return the application at hand itself, for threads that know no other."""
    return cast("Flask", current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001


def _queue(app: Flask) -> Queue:
    def work(job_id: int) -> None:
        with app.app_context():
            run(job_id)

    if app.extensions[_QUEUE] is None:
        app.extensions[_QUEUE] = Queue(str(app.config["JOBS_URL"]), work)
    return cast("Queue", app.extensions[_QUEUE])


@event.listens_for(Session, "after_commit")
def _tell_the_queue(session: Session) -> None:
    for job_id in session.info.pop(_TOLD, []):
        try:
            _queue(_app()).tell(job_id)
        except Exception:  # noqa: BLE001 - whatever it is, the rest goes on
            _LOG.exception("the queue could not be told; the keeper will", job=job_id)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_TOLD, None)
