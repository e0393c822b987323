"""Background work: rows, progress, cancelling, failing in sentences, surviving a crash."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from qms import job_rows, jobs
from qms.db import db, transaction
from qms.errors import RefusedError
from qms.job_rows import ATTEMPTS, GENERIC, Job, JobState
from qms.jobs import CancelledError, Keeper, Progress
from qms.trail import Act, Via
from tests import factories
from tests.engines import sqlite_only
from tests.factories import Office
from tests.people import As
from tests.when import MONDAY, NINE, Clock

PATIENCE = 30
"""Seconds after which something that should have happened is taken not to."""

CRASHING = """
import sys, threading
from qms import job_rows, jobs
from qms.app import create_app

app = create_app({"DATA_DIR": sys.argv[1], "DATABASE_URL": sys.argv[2]})

@jobs.job("test.crash", "Việc thử")
def crash(progress):
    print("begun", flush=True)
    threading.Event().wait()

with app.app_context():
    jobs.run(int(sys.argv[3]))
"""


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    """Forget the kinds of jobs that a test registers."""
    before = dict(jobs.KINDS)
    yield
    jobs.KINDS.clear()
    jobs.KINDS.update(before)


def register(
    name: str = "test.work",
    *,
    raises: Exception | None = None,
    gives: Mapping[str, Any] | None = None,
) -> list[Progress]:
    """Register a job that gives or raises something; return a list of those who ran it."""
    ran: list[Progress] = []

    @jobs.job(name, "Việc thử")
    def work(progress: Progress, **args: object) -> Mapping[str, Any] | None:
        ran.append(progress)
        progress.step(1, 2, "Đang đọc %(name)s", name=args.get("name", "tệp"))
        if raises is not None:
            raise raises
        return gives

    return ran


def enqueue(actor: int | None = None, **args: object) -> int:
    with transaction() as session:
        act = Act(actor, NINE, MONDAY, Via.WEB)
        return jobs.enqueue(session, act, "test.work", args).id


def row(job_id: int) -> Job:
    db.session().rollback()
    found = db.session().get(Job, job_id, populate_existing=True)
    assert found is not None
    return found


def keeper(told: list[int] | None = None) -> Keeper:
    heard: list[int] = [] if told is None else told
    return Keeper(heard.append)


def test_a_job_runs_once_and_keeps_its_result(session: Session, clock: Clock) -> None:
    assert session.is_active
    ran = register(gives={"decision": 7})
    number = enqueue(5, name="danh mục")
    assert row(number).state is JobState.WAITING
    assert jobs.run_waiting() == 1
    jobs.run(number)
    found = row(number)
    assert (found.state, found.result) == (JobState.DONE, {"decision": 7})
    assert (found.done, found.total, found.attempts) == (1, 2, 1)
    assert found.message == ["Đang đọc %(name)s", {"name": "danh mục"}]
    assert len(ran) == 1
    assert ran[0].act() == Act(5, clock.at, MONDAY, Via.WEB)


def test_what_is_undone_was_never_enqueued(session: Session) -> None:
    register()

    def fail() -> None:
        with transaction() as rows:
            jobs.enqueue(rows, Act(None, NINE, MONDAY), "test.work", {})
            raise RefusedError("Không được.")

    with pytest.raises(RefusedError):
        fail()
    assert jobs.run_waiting() == 0
    assert not session.info.get("qms_jobs")


def test_a_refusal_is_kept_as_its_sentences(session: Session) -> None:
    assert session.is_active
    parts = [RefusedError("Dòng %(line)s sai.", line=3)]
    register(raises=RefusedError("Tệp hỏng vào %(day)s.", parts=parts, day=date(2026, 1, 2)))
    number = enqueue()
    jobs.run(number)
    found = row(number)
    assert found.state is JobState.FAILED
    assert found.faults == [
        ["Tệp hỏng vào %(day)s.", {"day": "2026-01-02"}],
        ["Dòng %(line)s sai.", {"line": 3}],
    ]


def test_a_mistake_in_the_program_shows_no_insides(session: Session) -> None:
    assert session.is_active
    register(raises=KeyError("mật khẩu"))
    number = enqueue()
    jobs.run(number)
    assert row(number).faults == [[GENERIC, {}]]
    assert row(number).state is JobState.FAILED


def test_the_keeper_writes_down_how_far_a_job_is_and_brings_it_to_a_stop(
    app: Flask, session: Session
) -> None:
    assert session.is_active
    reached, go_on = threading.Event(), threading.Event()

    @jobs.job("test.work", "Việc thử")
    def long(progress: Progress) -> None:
        progress.step(3, 10, "Đang đọc")
        reached.set()
        assert go_on.wait(PATIENCE)
        progress.step(4, 10)

    number = enqueue()

    def work() -> None:
        with app.app_context():
            jobs.run(number)

    thread = threading.Thread(target=work)
    thread.start()
    assert reached.wait(PATIENCE)
    watch = keeper()
    watch.turn()
    assert (row(number).state, row(number).done, row(number).total) == (JobState.RUNNING, 3, 10)
    with transaction():
        job_rows.ask_to_cancel(row_in_act(number), NINE)
    db.session().rollback()
    watch.turn()
    db.session().rollback()
    go_on.set()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert row(number).state is JobState.CANCELLED


def row_in_act(job_id: int) -> Job:
    found = db.session().get(Job, job_id, populate_existing=True)
    assert found is not None
    return found


def test_a_job_that_waits_is_cancelled_at_once(session: Session) -> None:
    assert session.is_active
    ran = register()
    number = enqueue()
    with transaction():
        job_rows.ask_to_cancel(row_in_act(number), NINE)
    assert row(number).state is JobState.CANCELLED
    jobs.run(number)
    assert not ran


def test_the_queue_is_told_again_of_what_it_forgot(session: Session, clock: Clock) -> None:
    assert session.is_active
    register()
    number = enqueue()
    told: list[int] = []
    watch = keeper(told)
    watch.turn()
    watch.turn()
    assert told == [number]
    clock.at += timedelta(minutes=1)
    db.session().rollback()
    watch.turn()
    assert told == [number, number]


def test_a_killed_process_leaves_its_job_to_another(
    app: Flask, session: Session, clock: Clock
) -> None:
    assert session.is_active
    ran = register("test.crash")
    with transaction() as rows:
        number = jobs.enqueue(rows, Act(None, NINE, MONDAY), "test.crash", {}).id
    arguments = [app.config["DATA_DIR"], app.config["SQLALCHEMY_DATABASE_URI"], number]
    program = [sys.executable, "-c", CRASHING, *map(str, arguments)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGKILL)
    assert row(number).state is JobState.RUNNING
    begun = row(number).heartbeat_at
    assert begun is not None
    clock.at = begun + timedelta(seconds=30)
    keeper().turn()
    assert row(number).state is JobState.RUNNING
    clock.at = begun + timedelta(seconds=61)
    told: list[int] = []
    keeper(told).turn()
    assert told == [number]
    jobs.run(number)
    assert (row(number).state, row(number).attempts) == (JobState.DONE, 2)
    assert len(ran) == 1


def test_a_job_that_is_lost_again_and_again_is_given_up(session: Session, clock: Clock) -> None:
    assert session.is_active
    register()
    number = enqueue()
    for _ in range(ATTEMPTS):
        with transaction() as rows:
            assert job_rows.claim(rows, number, clock.at)
        clock.at += timedelta(minutes=2)
        keeper().turn()
    found = row(number)
    assert found.state is JobState.FAILED
    assert found.faults[0][1] == {"times": ATTEMPTS}


def test_who_comes_back_from_the_dead_changes_nothing(session: Session, clock: Clock) -> None:
    assert session.is_active
    register()
    number = enqueue()
    with transaction() as rows:
        assert job_rows.claim(rows, number, clock.at)
    clock.at += timedelta(minutes=2)
    keeper().turn()
    jobs.run(number)
    with transaction() as rows:
        job_rows.end(rows, number, 1, clock.at, state=JobState.FAILED)
    assert (row(number).state, row(number).attempts) == (JobState.DONE, 2)


def test_a_worker_does_what_is_enqueued_and_leaves_the_rest_for_later(
    session: Session,
) -> None:
    assert session.is_active
    done, begun, never = threading.Event(), threading.Event(), threading.Event()

    @jobs.job("test.work", "Việc thử")
    def quick(progress: Progress) -> None:
        progress.step(1, 1)
        done.set()

    @jobs.job("test.long", "Việc dài")
    def long(progress: Progress) -> None:
        begun.set()
        while not progress.stop.wait(PATIENCE):
            raise AssertionError("nobody stopped it")
        progress.step(1, 2)
        never.set()

    enqueue()
    worker = jobs.Worker()
    worker.start()
    assert done.wait(PATIENCE), "what was enqueued before anybody worked is done too"
    with transaction() as rows:
        number = jobs.enqueue(rows, Act(None, NINE, MONDAY), "test.long", {}).id
    assert begun.wait(PATIENCE)
    worker.stop()
    assert not never.is_set()
    assert (row(number).state, row(number).attempts) == (JobState.WAITING, 0)


def test_what_nobody_waits_for_lets_others_go_first(session: Session) -> None:
    assert session.is_active
    order: list[str] = []
    begun, ended = threading.Event(), threading.Event()

    @jobs.job("test.idle", "Việc làm sẵn", patient=True)
    def idle(progress: Progress) -> None:
        order.append("idle")
        begun.set()
        if order.count("idle") == 1:
            assert progress.stop.wait(PATIENCE), "nobody asked it to give way"
        progress.step(1, 1)
        order.append("idle is done")
        ended.set()

    @jobs.job("test.work", "Việc có người chờ")
    def work(_progress: Progress) -> None:
        order.append("work")

    with transaction() as rows:
        number = jobs.enqueue(rows, Act(None, NINE, MONDAY), "test.idle", {}).id
    worker = jobs.Worker()
    worker.start()
    assert begun.wait(PATIENCE)
    enqueue()
    assert ended.wait(PATIENCE)
    worker.stop()
    assert order == ["idle", "work", "idle", "idle is done"]
    assert (row(number).state, row(number).attempts) == (JobState.DONE, 1)


def test_a_kind_stands_once_and_must_be_known(session: Session) -> None:
    register()
    with pytest.raises(ValueError, match="two jobs"):
        register()
    with pytest.raises(ValueError, match="no job"):
        jobs.enqueue(session, Act(None, NINE, MONDAY), "test.other", {})


def test_a_queue_of_an_unknown_kind_is_refused(app: Flask) -> None:
    app.config["JOBS_URL"] = "amqp://somewhere"
    with app.app_context(), pytest.raises(RefusedError, match="JOBS_URL"):
        jobs.Worker()


def test_a_step_inside_an_act_undoes_nothing(session: Session) -> None:
    assert session.is_active

    @jobs.job("test.work", "Việc thử")
    def acting(progress: Progress) -> None:
        with transaction() as rows:
            factories.unit(rows, "xa-moi", "Xã Mới")
            progress.step(1, 1)

    number = enqueue()
    jobs.run(number)
    assert row(number).state is JobState.DONE, row(number).faults


def test_cancelled_is_no_refusal() -> None:
    progress = Progress(1, "test.work", 1, None, Via.SYSTEM)
    progress.step(1, 2)
    progress.stop.set()
    with pytest.raises(CancelledError):
        progress.step(2, 2)


@sqlite_only
def test_whoever_started_a_job_follows_and_stops_it(
    app: Flask, office: Office, signed_in: As
) -> None:
    register(gives={"page": ["desk.index", {}]})
    with app.app_context():
        number = enqueue(office.people["thuky"])
        other = enqueue(office.people["thuky"])
    mine = signed_in("thuky")
    page = mine.get("jobs.show", job_id=number)
    assert "Đang chờ đến lượt" in page.text
    assert page.attributes("[data-job]", "data-job") == [f"/jobs/{number}.json"]
    assert "refresh" in page.html
    mine.post("jobs.cancel", {}, job_id=other, status=303)
    with app.app_context():
        jobs.run_waiting()
    told = mine.client.get(f"/jobs/{number}.json").json
    assert told == {"state": "done", "done": 1, "total": 2, "words": "Đã xong", "next": "/desk"}
    assert mine.client.get(f"/jobs/{number}").location == "/desk"
    assert "Đã dừng" in mine.get("jobs.show", job_id=other).text
    assert mine.get("jobs.index").all(".rows a") == ["Việc thử", "Việc thử"]


@sqlite_only
def test_nobody_follows_or_stops_the_job_of_another(
    app: Flask, office: Office, signed_in: As
) -> None:
    register()
    with app.app_context():
        number = enqueue(office.people["thuky"])
    other = signed_in("lanhdao")
    other.get("jobs.show", job_id=number, status=404)
    other.post("jobs.cancel", {}, job_id=number, status=404)
    assert other.get("jobs.index").all(".rows a") == []
    with app.app_context():
        assert row(number).state is JobState.WAITING


@sqlite_only
def test_a_page_says_why_a_job_failed(app: Flask, office: Office, signed_in: As) -> None:
    register(raises=RefusedError("Dòng %(line)s không đọc được.", line=12))
    with app.app_context():
        number = enqueue(office.people["thuky"])
        jobs.run_waiting()
    page = signed_in("thuky").get("jobs.show", job_id=number)
    assert "Dòng 12 không đọc được." in page.text
    assert not page.attributes("[data-job]", "data-job")
