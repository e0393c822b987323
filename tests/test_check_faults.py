"""Whatever breaks while a paper is checked, none that does not hold is told to be in force.

Ten thousand checks on the address people scan, each with one fault, drawn from a seed: the
database fails at some query, some function on the way fails, a stored row is damaged, the clock
jumps, the file store is away. The truth is known from the same checks without a fault.
"""

import inspect
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import wraps
from time import process_time
from types import ModuleType
from typing import Any, Final

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from qms import clock as qms_clock
from qms import digests, files, text
from qms.db import db, transaction
from qms.documents import comparison, standing, timeline
from qms.documents import queries as documents
from qms.errors import BusyError, NotFoundError
from qms.notices import (
    beside,
    checking,
    codes,
    pages,
    proving,
    queries,
    rules,
    service,
    sheets,
    stories,
    verdicts,
)
from qms.notices.rules import Verdict
from qms.units import queries as units
from tests.engines import sqlite_only
from tests.posting import LATER, Posting, directly, priced, procedure, world
from tests.when import MONDAY, Clock

SEEDS: Final = range(4)
CHECKS: Final = 2_500
"""Of each seed: ten thousand in all, every tenth on its page."""

YES: Final = "<h1>Còn hiệu lực</h1>"
MODULES: Final[tuple[ModuleType, ...]] = (
    *(beside, checking, codes, pages, proving, queries, rules, sheets, stories, verdicts),
    *(comparison, digests, documents, standing, timeline, text, units),
)
"""Those whose functions a check passes through."""

ERRORS: Final[tuple[Callable[[], BaseException], ...]] = (
    *(ValueError, KeyError, TypeError, RuntimeError, RecursionError, MemoryError, OSError),
    *(AttributeError, IndexError, ZeroDivisionError, StopIteration, AssertionError),
    lambda: json.JSONDecodeError("broken", "{", 1),
    lambda: NotFoundError("Không có."),
    lambda: BusyError("Bận."),
)
FAILURES: Final[tuple[Callable[[], BaseException], ...]] = (
    lambda: OperationalError("SELECT", {}, Exception("the database is away")),
    lambda: DatabaseError("SELECT", {}, Exception("database disk image is malformed")),
    lambda: NoConnectionError("no connection in time"),
)
DAYS: Final = [MONDAY + timedelta(days=n) for n in (-60, -33, -1, 0, 1, 28, 29, 30, 60)]
BIRTH, MARRIAGE, GONE, PRICED, COMING = "1.1", "1.2", "1.3", "1.4", "1.5"


@dataclass
class Desk:
    """Papers of all kinds, and what is true of each on each day."""

    app: Flask
    clock: Clock
    draw: random.Random
    codes: list[str]
    truth: Mapping[date, Mapping[str, bool]]
    done: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)

    def check(self, code: str, fault: str) -> None:
        """Check one paper, one in ten on its page; a yes must be true on the day it is for."""
        self.done[fault] += 1
        if self.draw.randrange(10):
            self.ask(code, fault)
        else:
            self.open(code, fault)

    def open(self, code: str, fault: str) -> None:
        """Look at the page: a yes must be true on the day that stands on it."""
        answer = self.app.test_client().get(f"/k/{code}")
        self.answers[str(answer.status_code)] += 1
        if YES in answer.text:
            shown = next(d for d in self.truth if f"{d:%d/%m/%Y}</span>" in answer.text)
            assert self.truth[shown][code], f"{fault}: {code} on {shown}"

    def ask(self, code: str, fault: str) -> None:
        """Ask what the page asks."""
        with self.app.app_context():
            today = qms_clock.today()
            try:
                found = checking.check(db.session(), code, today, qms_clock.day_of).verdict
            except Exception:  # noqa: BLE001 - whatever it is, the page says that it can't
                self.answers["cannot be checked"] += 1
                return
        self.answers[found.value] += 1
        if found is Verdict.IN_FORCE:
            assert self.truth[today][code], f"{fault}: {code} on {today}"


@pytest.fixture
def posting(app: Flask, clock: Clock) -> Posting:
    """Sign texts that changed, were withdrawn, are to come, whose fees change by day."""
    with app.app_context(), transaction() as session:
        made = Posting(app, world(session), clock)
    made.issue({code: procedure(f"Thủ tục {code}") for code in (BIRTH, MARRIAGE, GONE, COMING)})
    fees = (priced(5_000, last=MONDAY - timedelta(days=1)), priced(7_000, first=MONDAY))
    made.issue({PRICED: procedure("Thủ tục có phí", methods=directly(*fees))})
    return made


def printed(posting: Posting, code: str, on: date, number: int) -> list[str]:
    """Print the sheet of a day, for everybody and for a place; return the codes."""
    with posting.app.app_context(), transaction() as session:
        unit = units.unit(session, "song-lo")
        told = stories.on_board(session, unit, code, on)
        found = sheets.on_day(told, on)
        assert found is not None
        random_bytes = bytes([number]) * codes.COPY_BYTES
        act = posting.act("thuky")
        course = sheets.ProcedureCourse(told)
        place = service.place_named(session, act, unit, "Sảnh")
        place.first_day = min(place.first_day, on)
        copy = service.make_copy(session, act, course, place=place, on=on, random=random_bytes)
        return [
            codes.encode_sheet_code(unit.id, told.document.id, found.digest),
            copy.code,
        ]


@pytest.fixture
def papers(posting: Posting) -> list[str]:
    july = MONDAY - timedelta(days=20)
    wanted = (BIRTH, MARRIAGE, GONE, PRICED, COMING)
    found = [c for n, each in enumerate(wanted) for c in printed(posting, each, july, n)]
    posting.amend(BIRTH, procedure("Thủ tục mới"), MONDAY)
    posting.withdraw(GONE, MONDAY)
    posting.amend(COMING, procedure("Thủ tục sắp tới"), LATER)
    found += printed(posting, COMING, LATER, 10)
    found += printed(posting, BIRTH, MONDAY, 11)
    found.append(codes.new_copy_code(b"\xaa" * codes.COPY_BYTES))
    return found


@pytest.fixture
def desk(app: Flask, clock: Clock, papers: list[str], request: pytest.FixtureRequest) -> Desk:
    client, truth = app.test_client(), {}
    app.logger.disabled = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    for day in DAYS:
        clock.go(day)
        truth[day] = {code: YES in client.get(f"/k/{code}").text for code in papers}
    clock.go(MONDAY)
    assert 0 < sum(truth[MONDAY].values()) < len(papers), "some hold, some do not"
    return Desk(app, clock, random.Random(request.param), papers, truth)  # noqa: S311


@contextmanager
def failing_query(place: int, error: BaseException) -> Iterator[list[int]]:
    """Let the query at a place fail; tell how many were sent."""
    sent = [0]

    def count(*_given: object) -> None:
        sent[0] += 1
        if sent[0] == place:
            raise error

    sa.event.listen(sa.Engine, "before_cursor_execute", count)
    try:
        yield sent
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", count)


class Functions:
    """All functions on the way, each of which may fail when it is its turn."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.called, self.place = 0, 0
        self.error: BaseException = ValueError()
        for module in MODULES:
            for name, function in vars(module).copy().items():
                if inspect.isfunction(function) and function.__module__.startswith("qms."):
                    monkeypatch.setattr(module, name, self.wrapped(function))

    def wrapped(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - whatever it takes and gives
            self.called += 1
            if self.called == self.place:
                raise self.error
            return function(*args, **kwargs)

        return call

    @contextmanager
    def failing(self, place: int, error: BaseException) -> Iterator[None]:
        self.called, self.place, self.error = 0, place, error
        try:
            yield
        finally:
            self.place = 0


def unguarded(app: Flask) -> None:
    """Take away what keeps rows from being damaged: a disk asks no trigger."""
    with app.app_context(), transaction() as session:
        for name in session.scalars(
            sa.text("SELECT name FROM sqlite_master WHERE type='trigger'")
        ):
            session.execute(sa.text(f"DROP TRIGGER {name}"))
    with app.app_context():
        connection = db.engine.raw_connection()
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.close()


DAMAGED: Final = {
    "revision": ("data", "digest", "number", "audience", "scope", "title", "document_id"),
    "change": ("action", "revision_id", "effective_on", "own_day", "signed_at", "replaces_id"),
    "decision": ("effective_on", "number", "dated", "digest", "title"),
    "copy": ("digest", "day", "document_id", "scheme", "unit_id"),
    "signature": ("covered", "digest", "deed"),
    "document": ("code", "owner_id", "kind"),
    "heading": ("name", "from_day", "unit_id"),
}
"""Columns that decide what a paper is told."""


@contextmanager
def damaged(desk: Desk) -> Iterator[str]:
    """Damage one value of one row as a disk or a careless hand would; mend it afterwards."""
    draw = desk.draw
    table = draw.choice(sorted(DAMAGED))
    column = draw.choice(DAMAGED[table])
    with desk.app.app_context(), transaction() as session:
        rows = session.execute(
            sa.text(f'SELECT rowid AS at, "{column}" AS value FROM "{table}"')
        ).all()
        row, other = draw.choice(rows), draw.choice(rows)
        changed = mangled(draw, row.value, other.value)
    statement = sa.text(f'UPDATE "{table}" SET "{column}" = :value WHERE rowid = :row')

    def put(value: object) -> None:
        with desk.app.app_context(), db.engine.connect() as connection:
            options = {"qms_write": "row"}
            with connection.execution_options(**options).begin():
                connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
                connection.execute(statement, {"value": value, "row": row.at})

    try:
        put(changed)
    except (OperationalError, DatabaseError):
        changed = row.value  # a unique index or a foreign key knew better
    try:
        yield f"damaged {table}.{column}"
    finally:
        put(row.value)


def mangled(draw: random.Random, value: Any, other: Any) -> Any:  # noqa: ANN401 - a stored value
    """Return what became of a value: another row's, nothing, cut, one character another."""
    kind = draw.randrange(4)
    if kind == 0 or value is None:
        return other
    if kind == 1 and isinstance(value, str | bytes):
        return value[: draw.randrange(len(value) + 1)]
    if kind == 2 and isinstance(value, bytes) and value:
        at = draw.randrange(len(value))
        return value[:at] + bytes([value[at] ^ (1 << draw.randrange(8))]) + value[at + 1 :]
    if isinstance(value, str) and value:
        at = draw.randrange(len(value))
        return value[:at] + draw.choice("0123456789abcdef") + value[at + 1 :]
    return value + draw.choice([-1, 1, 1000]) if isinstance(value, int) else other


class Faults:
    """One fault of each kind, drawn from the seed, and a check under it."""

    def __init__(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        self.desk, self.draw, self.monkeypatch = desk, desk.draw, monkeypatch
        self.functions = Functions(monkeypatch)
        with failing_query(0, ValueError()) as sent:
            desk.app.test_client().get(f"/k/{desk.codes[-2]}")
        self.sent, self.called = sent[0], self.functions.called
        unguarded(desk.app)

    def query(self) -> None:
        error = self.draw.choice(FAILURES)()
        with failing_query(self.draw.randint(1, self.sent + 2), error):
            self.desk.check(self.draw.choice(self.desk.codes), "a query fails")

    def function(self) -> None:
        place = min(self.draw.randint(1, self.called), self.draw.randint(1, self.called))
        with self.functions.failing(place, self.draw.choice(ERRORS)()):
            self.desk.check(self.draw.choice(self.desk.codes), "a function fails")

    def row(self) -> None:
        with damaged(self.desk) as fault:
            for code in self.draw.sample(self.desk.codes, 4):
                self.desk.check(code, fault)

    def jump(self) -> None:
        clock = self.desk.clock

        def now() -> datetime:
            clock.go(self.draw.choice(DAYS), self.draw.randrange(24))
            return clock.at

        with self.monkeypatch.context() as patched:
            patched.setattr(qms_clock, "now", now)
            self.desk.check(self.draw.choice(self.desk.codes), "the clock jumps")
        clock.go(MONDAY)

    def away(self) -> None:
        error = self.draw.choice(ERRORS)()

        def gone(*_given: object) -> None:
            raise error

        with self.monkeypatch.context() as patched:
            for name in ("get", "kept", "put", "keep"):
                patched.setattr(files, name, gone)
            self.desk.check(self.draw.choice(self.desk.codes), "the file store is away")


@sqlite_only
@pytest.mark.parametrize("desk", SEEDS, indirect=True)
def test_no_fault_whatever_makes_a_paper_hold_that_does_not(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    faults = Faults(desk, monkeypatch)
    kinds = (faults.query, faults.function, faults.row, faults.jump, faults.away)
    began = process_time()
    while sum(desk.done.values()) < CHECKS:
        desk.draw.choices(kinds, weights=(8, 8, 3, 2, 1))[0]()
    with capsys.disabled():
        done, spent = sum(desk.done.values()), process_time() - began
        print(f"\n{done} checks in {spent:.0f} s of the processor: {dict(desk.answers)}")  # noqa: T201
    assert desk.answers["200"], "some were answered all the same"
    assert desk.answers["cannot be checked"] > CHECKS // 5, "most faults were met"
