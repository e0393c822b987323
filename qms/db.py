"""The database: base of all models, the one place that commits, and what guards the rows."""

import enum
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any, ClassVar, Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from sqlalchemy.orm import DeclarativeBase, Session

from qms import paths
from qms.errors import BusyError, QmsError, RefusedError

CHAIN_LOCK: Final = 0x48_69_65_6E
"""Number of PostgreSQL's advisory lock that puts writing acts in one order."""

WAIT_SECONDS: Final = 10
"""How long an act waits for its turn."""

_SQLITE_LOCKED: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_POSTGRES_LOCKED: Final = frozenset({"55P03", "40P01", "40001"})
_OPEN: Final = "qms_writing"
_STILL: Final = "qms_even_if_refused"

WAL_FIXED_IN: Final = (3, 51, 3)
"""First SQLite whose write-ahead log can't lose commits."""


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An instant. Refuses a time without a zone, so a wrong one cannot be stored."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store as UTC without a zone."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant needs a time zone.")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back as UTC with a zone."""
        del dialect
        return value and value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Base of all models. Constraints get predictable names, so a migration can drop them."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime(),
        enum.Enum: sa.Enum(
            enum.Enum,
            native_enum=False,
            create_constraint=True,
            length=20,
            values_callable=lambda kind: [member.value for member in kind],
        ),
    }


db = SQLAlchemy(metadata=Base.metadata)
"""Engine and session for the application; models are plain SQLAlchemy and extend Base."""

migrate = Migrate(render_as_batch=True, compare_type=True)


@contextmanager
def transaction() -> Iterator[Session]:
    """Take the chain's lock, commit when the block ends well, undo all of it when not.

    What :func:`even_if_refused` was told is written after a refusal, in a turn of its own.

    Raises:
        BusyError: another act held the lock for too long.

    """
    try:
        with _writing(chain=True) as session:
            yield session
    except QmsError:
        _write_still()
        raise
    finally:
        db.session().info.pop(_STILL, None)


def even_if_refused(session: Session, write: Callable[[Session], object]) -> None:
    """Ask for something to be written should the act under way end in a refusal."""
    session.info.setdefault(_STILL, []).append(write)


def _write_still() -> None:
    writes = db.session().info.pop(_STILL, ())
    if writes:
        with _writing(chain=True) as session:
            for write in writes:
                write(session)


@contextmanager
def touch() -> Iterator[Session]:
    """Write what is no act: a last-seen, a failed sign-in, a job's progress. No chain lock."""
    with _writing(chain=False) as session:
        yield session


def touch_if_possible(write: Callable[[Session], object]) -> bool:
    """Touch where the database takes it; tell whether it did. Keeps nobody from an answer."""
    try:
        with touch() as session:
            write(session)
    except (BusyError, SQLAlchemyError):
        return False
    return True


def let_go() -> None:
    """End the reading, so that nobody who signs has to wait; what was read stays readable.

    Within an act it does nothing: that ends with the act.
    """
    session = db.session()
    if not session.info.get(_OPEN):
        session.expunge_all()
        session.rollback()


@contextmanager
def _writing(*, chain: bool) -> Iterator[Session]:
    session = db.session()
    if session.info.get(_OPEN):
        raise RuntimeError("An act is under way; it would be undone by a second one inside it.")
    session.rollback()
    try:
        session.connection(execution_options={"qms_write": "chain" if chain else "row"})
    except NoConnectionError as error:
        session.rollback()
        raise _busy() from error
    except OperationalError as error:
        session.rollback()
        if _waited_in_vain(error.orig):
            raise _busy() from error
        raise
    session.info[_OPEN] = True
    try:
        yield session
        session.commit()
    except OperationalError as error:
        session.rollback()
        if _waited_in_vain(error.orig):
            raise _busy() from error
        raise
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(_OPEN)


def _waited_in_vain(error: BaseException | None) -> bool:
    """Tell whether a lock did not come in time, or two waited for each other."""
    code = getattr(error, "sqlite_errorcode", None)
    return (code is not None and code & 0xFF in _SQLITE_LOCKED) or (
        getattr(error, "sqlstate", None) in _POSTGRES_LOCKED
    )


def _busy() -> BusyError:
    return BusyError(
        "Hệ thống đang bận ghi việc khác. Chưa có gì thay đổi, xin thử lại sau ít phút."
    )


@event.listens_for(Engine, "connect")
def _prepare(connection: object, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout = {WAIT_SECONDS * 1000}",
            "foreign_keys = ON",
            "recursive_triggers = ON",
            *_journal(sqlite3.sqlite_version_info),
        ):
            connection.execute(f"PRAGMA {pragma}")


def _journal(version: tuple[int, ...]) -> tuple[str, str]:
    """Return how SQLite of this version keeps commits through a power loss."""
    if version >= WAL_FIXED_IN:
        return "journal_mode = WAL", "synchronous = FULL"
    return "journal_mode = DELETE", "synchronous = EXTRA"


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """Open for reading only, unless :func:`transaction` or :func:`touch` asked to write."""
    purpose = connection.get_execution_options().get("qms_write")
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if purpose else 'ON'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if purpose else "BEGIN")
    elif not purpose:
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
    else:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'")
        if purpose == "chain":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({CHAIN_LOCK})")


def migrations(url: str) -> Config:
    """Return Alembic's settings for the database at ``url``."""
    config = Config()
    config.set_main_option("script_location", str(paths.MIGRATIONS))
    config.attributes["url"] = url
    return config


@cache
def newest() -> str | None:
    """Return the revision of the database that this program is made for."""
    return ScriptDirectory.from_config(migrations("")).get_current_head()


def is_current(session: Session) -> bool:
    """Tell whether the database is at the revision that this program is made for."""
    found = session.execute(sa.text("SELECT version_num FROM alembic_version"))
    return found.scalars().all() == [newest()]


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at ``url`` to a revision, the newest by default."""
    command.upgrade(migrations(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Take the database at ``url`` back to a revision."""
    command.downgrade(migrations(url), revision)


def check(url: str) -> None:
    """Refuse a database that is not at the newest revision or differs from the models.

    Raises:
        RefusedError: it does; the sentence holds what differs.

    """
    try:
        command.check(migrations(url))
    except CommandError as error:
        raise RefusedError(
            "Cơ sở dữ liệu không đúng như chương trình cần: %(differences)s",
            differences=error,
        ) from error
