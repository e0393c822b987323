"""The command that writes the public board as static files."""

import hashlib
import platform
import sys
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from qms import clock, paths
from qms.db import db
from qms.errors import RefusedError
from qms.notices.cli import warn_of_codes
from qms.notices.queries import default_unit
from qms.static_board import exporting, folder, page_views, queries
from qms.static_board.exporting import Done
from qms.static_board.making import Wanted
from qms.units.queries import unit
from qms.web import pdf_needs

board = AppGroup("board", help="Hand out the public board.")
COMMANDS = (board,)

_SHOWN: Final = 20
_LIBRARIES: Final = ("babel", "flask", "flask-babel", "jinja2", "markupsafe", "pydantic")


@board.command()
@click.argument("target", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--unit", "slugs", multiple=True, help="Address word; may be given again. The default unit."
)
@click.option("--below", is_flag=True, help="Also the offices below each unit.")
@click.option("--no-pdf", is_flag=True, help="Leave the PDFs on the server.")
@with_appcontext
def export(target: Path, slugs: tuple[str, ...], *, below: bool, no_pdf: bool) -> None:
    """Write the public board into DIR, for any web server, file server or CDN.

    Again: rewrites only what changed and removes what left. DIR must be new, empty, or
    written by this command before.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    session = db.session()
    wanted = Wanted(
        units=_units(slugs, below=below),
        papers=not no_pdf,
        live=app.config["PUBLIC_URL"].rstrip("/"),
        zone=app.config["TIMEZONE"],
        program=program(),
        script=page_views.script(),
    )
    if problems := pdf_needs.problems() if wanted.papers else []:
        raise RefusedError("%(why)s\nHoặc thêm --no-pdf.", why="\n".join(problems))
    with (
        folder.locked(target) as found,
        click.progressbar(length=1, label=str(target), file=sys.stderr) as bar,
    ):

        def step(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        try:
            done = exporting.run(session, found, wanted, page_views.Inside(app), step)
        except KeyboardInterrupt as error:
            raise RefusedError(
                "Đã dừng giữa chừng. Bảng trong thư mục vẫn dùng được."
            ) from error
    _say(done)
    warn_of_codes()


@cache
def program() -> str:
    """Return one digest of all that decides how a page looks: our files and what draws them."""
    found = hashlib.sha256(platform.python_version().encode())
    for name in _LIBRARIES:
        found.update(f"{name}={version(name)};".encode())
    for root in (paths.PACKAGE, paths.TEMPLATES):
        for file in sorted(root.rglob("*")):
            if file.suffix in {".py", ".html", ".po", ".css", ".js", ".svg"}:
                found.update(f"{file.relative_to(root)}\0".encode())
                found.update(hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()


def _units(slugs: Sequence[str], *, below: bool) -> list[str]:
    session = db.session()
    named = [unit(session, slug) for slug in slugs]
    found = named or [default_unit(session, current_app.config["DEFAULT_UNIT"])]
    words = [each.slug for each in found]
    if below:
        words += [
            slug for each in found for slug in queries.below(session, each, clock.today())
        ]
    return list(dict.fromkeys(words))


def _say(done: Done) -> None:
    click.echo(f"day {done.day}")
    click.echo(f"valid until {done.last or 'unknown'}")
    click.echo(f"files {done.files}")
    click.echo(f"changed {len(done.changed)}")
    click.echo(f"removed {len(done.removed)}")
    for path in done.kept_back[:_SHOWN]:
        click.echo(f"{path}: not as we wrote it, left as it is", err=True)
    for address in done.left_out[:_SHOWN]:
        click.echo(f"{address}: no file can bear this name, left out", err=True)
