"""Which state of the public record an answer was made from: read with one raw query.

The version is the newest line of the trail whose act changes what the public sees. Drafts,
reviews and sign-ins write other lines and leave it alone. Its hash covers all lines before, so
a database put back from a backup never passes for the one it replaced.
"""

import os
import threading
from functools import partial
from typing import Any, Final
from weakref import WeakSet

from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from qms.db import WAIT_SECONDS, db

PUBLIC_ACTS: Final = (
    "decision.signed",
    "heading.confirmed",
    "unit.founded",
    "unit.ended",
)
"""The acts after which a page of the public may say something else; no others do."""

_WHICH: Final = (
    *(f"action = '{act}'" for act in PUBLIC_ACTS),
    # What the installation itself enters stands at once, without a second person.
    "action = 'heading.entered' AND actor IS NULL",
)
_EACH: Final = " UNION ALL ".join(
    f"SELECT max(seq) AS seq FROM trail WHERE {which}"  # noqa: S608 - our own words
    for which in _WHICH
)
QUESTION: Final = (
    "SELECT seq, mac FROM trail "  # noqa: S608 - same
    f"WHERE seq = (SELECT max(seq) FROM ({_EACH}) AS newest)"
)
"""Each act is one step down an index; one question for all would walk the whole trail."""

Version = tuple[int, str]
"""Number and hash of a line; (0, "") before anything public was done."""

NOTHING: Final[Version] = (0, "")


def told(session: Session) -> str:
    """Return what is another after each public act, and may be shown to anybody.

    Unlike the version itself it is the same whatever is drafted in between.
    """
    query = f"SELECT count(*), max(at) FROM trail WHERE {' OR '.join(_WHICH)}"  # noqa: S608 - our own words
    count, at = session.execute(text(query)).one()
    return f"{count} {at}"


class _Line:
    """A connection to the database that only reads; closed when nobody holds it any more."""

    def __init__(self, engine: Engine) -> None:
        self.process = os.getpid()
        self.driver: Any = engine.dialect.loaded_dbapi
        arguments, settings = engine.dialect.create_connect_args(engine.url)
        self.connection: Any = self.driver.connect(*arguments, **settings)
        if engine.dialect.name == "sqlite":
            self.connection.isolation_level = None
            self.connection.execute(f"PRAGMA busy_timeout = {WAIT_SECONDS * 1000}")
            self.connection.execute("PRAGMA query_only = ON")
        else:
            self.connection.read_only = self.connection.autocommit = True

    def ask(self) -> Version | None:
        """Return the version; None where the line is dead."""
        try:
            row = self.connection.execute(QUESTION).fetchone()
        except self.driver.Error:
            return None
        return NOTHING if row is None else (row[0], row[1])

    def close(self) -> None:
        """Hang up, unless it is another process that holds the line."""
        if self.process == os.getpid():
            self.connection.close()

    def __del__(self) -> None:
        """Hang up when the thread ends."""
        if hasattr(self, "connection"):
            self.close()


class Versions:
    """Reads the version, each thread by a connection of its own."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._lent = threading.local()
        self._lines: WeakSet[_Line] = WeakSet()
        self._engine: Engine | None = None

    def read(self) -> Version | None:
        """Return the version of this instant; None where the database does not tell it."""
        line: _Line | None = getattr(self._lent, "line", None)
        # What a process had before it was forked belongs to the other one.
        found = line.ask() if line is not None and line.process == os.getpid() else None
        # A database that was started anew has hung up on us: once more, from the beginning.
        return self._anew() if found is None else found

    def close(self) -> None:
        """Hang up all lines; whoever asks next gets another."""
        _hang_up(self._lines)

    def _anew(self) -> Version | None:
        self._lent.line = None
        if self._engine is None:
            with self.app.app_context():
                self._engine = db.engine
            event.listen(self._engine, "engine_disposed", partial(_hang_up, self._lines))
        try:
            line = _Line(self._engine)
        except self._engine.dialect.loaded_dbapi.Error:
            return None
        self._lines.add(line)
        self._lent.line = line
        return line.ask()


def _hang_up(lines: WeakSet[_Line], *_event: object) -> None:
    """Close lines. Bound to no object: an engine that called one would keep its application."""
    for line in list(lines):
        line.close()
