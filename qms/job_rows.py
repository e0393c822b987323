"""Jobs as rows: what is to be done in the background, how far it is, how it ended."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from qms.db import Base
from qms.errors import NotFoundError, QmsError
from qms.trail import Via

Said = tuple[str, Mapping[str, object]]
"""A sentence, which is the key of its translation, and the values set into it."""

ATTEMPTS: Final = 3
"""How often a job is begun before it is given up; more than once only after a crash."""

STALE: Final = timedelta(seconds=60)
"""A job nobody was seen working on for so long is taken up by somebody else."""

GENERIC: Final = "Việc này dừng vì lỗi trong chương trình; lỗi đã được ghi lại. Mời thử lại."
LOST: Final = "Việc này bị ngắt %(times)s lần giữa chừng nên không chạy lại nữa."


class JobState(StrEnum):
    """Where a job stands; the last three are for good."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(Base):
    """One piece of background work, started by somebody."""

    __tablename__ = "job"
    __table_args__ = (sa.Index("ix_job_started_by", "started_by", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(60))
    args: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    state: Mapped[JobState] = mapped_column(default=JobState.WAITING, index=True)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0, comment="0 while nobody knows")
    message: Mapped[list[Any]] = mapped_column(
        sa.JSON, default=list, comment="sentence, values"
    )
    faults: Mapped[list[Any]] = mapped_column(
        sa.JSON, default=list, comment="why it failed: sentences with their values"
    )
    result: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    started_by: Mapped[int | None]
    via: Mapped[Via]
    created_at: Mapped[datetime]
    heartbeat_at: Mapped[datetime | None] = mapped_column(comment="last seen being worked on")
    finished_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    cancel_asked: Mapped[bool] = mapped_column(default=False)

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state not in {JobState.WAITING, JobState.RUNNING}


def own_job(session: Session, job_id: int, person_id: int) -> Job:
    """Return a job to whoever started it.

    Raises:
        NotFoundError: there is none, or somebody else started it.

    """
    found = session.get(Job, job_id)
    if found is None or found.started_by != person_id:
        raise NotFoundError("Không có việc nền này.")
    return found


def own_jobs(
    session: Session, person_id: int, *, page: int, size: int
) -> tuple[Sequence[Job], int]:
    """Return one page of a person's jobs, newest first, and how many there are."""
    mine = Job.started_by == person_id
    total = session.scalar(sa.select(sa.func.count()).select_from(Job).where(mine)) or 0
    query = sa.select(Job).where(mine).order_by(Job.id.desc())
    return session.scalars(query.offset((page - 1) * size).limit(size)).all(), total


def waiting(session: Session) -> dict[int, str]:
    """Return the jobs nobody has begun with their kinds, the oldest first."""
    query = sa.select(Job.id, Job.kind).where(Job.state == JobState.WAITING).order_by(Job.id)
    return {row.id: row.kind for row in session.execute(query)}


def stale(session: Session, now: datetime, own: Collection[int]) -> Sequence[int]:
    """Return the jobs that seem to be worked on, though nobody was seen at it lately."""
    query = sa.select(Job.id).where(
        Job.state == JobState.RUNNING, Job.heartbeat_at < now - STALE, Job.id.not_in(own)
    )
    return session.scalars(query).all()


def claim(session: Session, job_id: int, now: datetime) -> Job | None:
    """Begin a job that waits; None where somebody else was faster or it ended."""
    begun = session.execute(
        sa.update(Job)
        .where(Job.id == job_id, Job.state == JobState.WAITING)
        .values(state=JobState.RUNNING, attempts=Job.attempts + 1, heartbeat_at=now)
        .execution_options(synchronize_session=False)
        .returning(Job.id)
    ).all()
    return session.get(Job, job_id, populate_existing=True) if begun else None


def is_cancelled(session: Session, job_id: int) -> bool:
    """Tell whether somebody wants the job to stop."""
    return bool(session.scalar(sa.select(Job.cancel_asked).where(Job.id == job_id)))


def beat(
    session: Session, job_id: int, attempt: int, now: datetime, seen: Mapping[str, Any]
) -> bool:
    """Note how far a job is; tell whether it is to stop."""
    found = session.execute(
        _mine(job_id, attempt).values(heartbeat_at=now, **seen).returning(Job.cancel_asked)
    ).scalar_one_or_none()
    return found is None or found


def end(session: Session, job_id: int, attempt: int, now: datetime, **values: object) -> None:
    """Note how a job ended, unless somebody else has taken it up meanwhile."""
    noted = {"finished_at": now, "heartbeat_at": now, **values}
    session.execute(_mine(job_id, attempt).values(**noted))


def _mine(job_id: int, attempt: int) -> sa.Update:
    return (
        sa.update(Job)
        .where(Job.id == job_id, Job.state == JobState.RUNNING, Job.attempts == attempt)
        .execution_options(synchronize_session=False)
    )


def take_up(session: Session, job_id: int, now: datetime) -> None:
    """Let a job whose worker is gone wait again, or give it up."""
    found = session.get(Job, job_id, populate_existing=True, with_for_update=True)
    if found is None or found.state is not JobState.RUNNING:
        return
    if found.heartbeat_at is not None and found.heartbeat_at >= now - STALE:
        return
    if found.cancel_asked:
        found.state, found.finished_at = JobState.CANCELLED, now
    elif found.attempts >= ATTEMPTS:
        found.state, found.finished_at = JobState.FAILED, now
        found.faults = [[LOST, {"times": found.attempts}]]
    else:
        found.state = JobState.WAITING


def ask_to_cancel(found: Job, now: datetime) -> None:
    """Cancel a job: at once while it waits, else as soon as it looks up from its work."""
    if found.state is JobState.WAITING:
        found.state, found.finished_at = JobState.CANCELLED, now
    elif found.state is JobState.RUNNING:
        found.cancel_asked = True


def faults_of(error: QmsError) -> list[Said]:
    """Return what a refusal says, sentence by sentence, as it can be stored."""
    values = {name: _plain(value) for name, value in error.values.items()}
    return [
        (error.sentence, values),
        *(each for part in error.parts for each in faults_of(part)),
    ]


def _plain(value: object) -> object:
    return value if isinstance(value, int | float | str) else str(value)
