"""The ``qms`` command: what the person who runs the server asks for."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Final

import click
import waitress
from flask import Flask, current_app
from flask.cli import AppGroup, FlaskGroup, ScriptInfo
from sqlalchemy.exc import DBAPIError

from qms import clock, jobs, keys, trail
from qms import db as database
from qms.accounts.cli import first_administrator
from qms.db import db, transaction
from qms.errors import QmsError, RefusedError
from qms.installing import database_url, prepare
from qms.notices.cli import warn_of_codes
from qms.text import whole_number
from qms.trail import Act, Head
from qms.web import pdf_needs, serving

database_group = AppGroup("db", help="Look after the database.")
trail_group = AppGroup("trail", help="Prove the audit trail.")


class Program(FlaskGroup):
    """The command itself: a refusal becomes a sentence on stderr and exit status 1.

    So does a database that lacks its tables, or does not answer.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name all commands; Flask by itself would go on with a traceback and half of them."""
        with _in_a_sentence():
            ctx.ensure_object(ScriptInfo).load_app()
        return super().list_commands(ctx)

    def invoke(self, ctx: click.Context) -> object:
        """Run one command."""
        with _in_a_sentence():
            return super().invoke(ctx)


@contextmanager
def _in_a_sentence() -> Iterator[None]:
    """Let a refusal end the command with its sentence."""
    try:
        yield
    except QmsError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    except DBAPIError as error:
        why = RefusedError(
            "Cơ sở dữ liệu không dùng được: %(why)s. Đã chạy “qms init” hoặc “qms db upgrade” chưa?",
            why=str(error.orig).partition("\n")[0],
        )
        raise click.ClickException(str(why)) from error


@click.command()
@click.option("--office", default="co-quan", help="Address word of the office.")
@click.option("--name", default="Cơ quan", help="Name of the office.")
def init(office: str, name: str) -> None:
    """Make keys, database and the first administrator; again: change nothing."""
    prepare()
    act = Act(None, clock.now(), clock.today())
    with transaction() as session:
        secret = first_administrator(session, act, office=office, name=name)
    if secret:
        click.echo(f"{current_app.config['PUBLIC_URL']}/first-password/{secret}")
    else:
        click.echo("Đã cài đặt từ trước; không có gì thay đổi.")


UNSET: Final = "http://127.0.0.1:8000"
"""PUBLIC_URL where nobody has settled it."""


@click.command()
@click.option("--host", default="127.0.0.1")
@click.option("--port", default=8000)
@click.option("--threads", default=8)
def serve(host: str, port: int, threads: int) -> None:
    """Serve the office until stopped."""
    keys.read(current_app.config["SECRET_KEY_FILE"])
    keys.read(current_app.config["TRAIL_KEY_FILE"])
    current = database.is_current(db.session())
    db.session.remove()
    if not current:
        raise RefusedError(
            "Cơ sở dữ liệu không cùng phiên bản với chương trình. Hãy sao lưu, chạy"
            " “qms db upgrade” rồi mở lại."
        )
    for problem in pdf_needs.problems():
        click.echo(problem, err=True)
    click.echo(f"http://{host}:{port}/")
    signal.signal(signal.SIGTERM, _leave)
    named = f"[{host}]" if ":" in host else host
    here, config = f"http://{named}:{port}", current_app.config
    config["WATCH_URL"] = config["WATCH_URL"] or f"{here}/"
    if config["PUBLIC_URL"] == UNSET and host == "127.0.0.1":
        config["PUBLIC_URL"] = here
        warn_of_codes()
    with _working() if jobs.in_process(current_app) else nullcontext():
        waitress.serve(
            current_app.wsgi_app,
            host=host,
            port=port,
            threads=threads,
            ident=None,
            clear_untrusted_proxy_headers=not current_app.config["TRUSTED_PROXIES"],
            max_request_body_size=current_app.config["MAX_CONTENT_LENGTH"],
            _quiet=True,
            _server=serving.server,
        )


@click.command()
@click.option("--threads", default=2, help="How many jobs at a time.")
def worker(threads: int) -> None:
    """Work on jobs until stopped, beside servers that leave them to others."""
    signal.signal(signal.SIGTERM, _leave)
    with _working(threads), suppress(KeyboardInterrupt):
        threading.Event().wait()


@contextmanager
def _working(threads: int = 1) -> Iterator[None]:
    working = jobs.Worker(threads=threads)
    working.start()
    try:
        yield
    finally:
        working.stop()


def _leave(_number: int, _frame: object) -> None:
    raise SystemExit(0)


@database_group.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the database to REVISION (the newest by default)."""
    database.upgrade(database_url(), revision)
    click.echo(f"Database is at {revision}.")


@database_group.command()
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Take the database back to REVISION."""
    database.downgrade(database_url(), revision)
    click.echo(f"Database is at {revision}.")


@database_group.command()
def check() -> None:
    """Tell whether the database is what this program expects.

    Exit status: 0 if it is, 1 if not.
    """
    database.check(database_url())
    click.echo("Database is what the program expects.")


@trail_group.command()
@click.option("--anchor", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(anchor: Path | None) -> None:
    """Prove that no line of the trail was changed, added or lost.

    ANCHOR is a file of heads kept elsewhere, one "NUMBER HASH" a line. Exit status: 0 if the
    trail is whole, 1 if not.
    """
    said = anchor.read_text("utf-8", errors="replace") if anchor else ""
    anchors = [_head(line) for line in said.splitlines() if line]
    faults = list(trail.verify(db.session(), anchors))
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise SystemExit(1)
    click.echo(f"Nhật ký nguyên vẹn: {trail.head(db.session()).seq} dòng.")


@trail_group.command()
def head() -> None:
    """Print the newest line's number and hash, to be kept outside the database."""
    found = trail.head(db.session())
    click.echo(f"{found.seq} {found.mac}")


def init_app(app: Flask) -> None:
    """Offer the commands."""
    for command in (init, serve, worker, database_group, trail_group):
        app.cli.add_command(command)


def _head(line: str) -> Head:
    number, _, mac = line.partition(" ")
    seq = whole_number(number)
    if seq is None or len(mac) != len(trail.FIRST):
        raise RefusedError("“%(line)s” không phải là một mốc của nhật ký.", line=line)
    return Head(seq, mac)
