"""Commands that take the library in and out."""

import os
import secrets
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from qms import clock
from qms.accounts.cli import acting
from qms.db import db, transaction
from qms.documents.cli import AS, DAY
from qms.errors import InvalidError
from qms.installing import prepare
from qms.library import (
    demo,
    demo_fees,
    demo_forms,
    demo_laws,
    demo_people,
    demo_processes,
    masterlist,
    queries,
    service,
    shelf,
)
from qms.library.demo_additions import Addition
from qms.library.rules import refuse_all
from qms.library.workbook import LARGEST
from qms.trail import Act
from qms.units.queries import unit

_ADDED: Final = "qms_demo"

library = AppGroup("library", help="Take documents in from files and out to files.")

PLACE = click.Path(path_type=Path)


@library.command("import")
@click.argument("path", type=PLACE)
@click.option("--unit", "slug", required=True, help="Address word of the owner.")
@AS
def take_in(path: Path, slug: str, account: str) -> None:
    """Read PATH (a folder, a file, or a list in .xlsx) into one draft decision."""
    if path.suffix.lower() in {".xlsx", ".xlsm", ".xls"}:
        _take_in_list(path, slug, account)
        return
    found = shelf.paths(path)
    with click.progressbar(found, label=f"{len(found)} files", file=sys.stderr) as shown:
        sources = shelf.read(path, shown)
    for source in sources:
        if source.file.status:
            click.echo(
                f"{source.name}: {source.file.code} is marked {source.file.status}", err=True
            )
    service.keep_blanks(sources)
    with transaction() as session:
        act = acting(session, account)
        decision = service.take_in(session, act, unit(session, slug), sources)
        made = decision.id if decision else None
    click.echo(f"decision {made or 'none'}")


@library.command()
@click.argument("path", type=PLACE)
@click.option("--unit", "slug", default="", help="Address word of the owner.")
@click.option("--on", type=DAY, help="Day asked for; today unless given.")
def export(path: Path, slug: str, on: datetime | None) -> None:
    """Write what is in force at a unit into the folder PATH."""
    session = db.session()
    owner = unit(session, slug or str(current_app.config["DEFAULT_UNIT"]))
    day = on.date() if on else clock.today()
    files = shelf.write(path, queries.in_force(session, owner.id, day))
    with click.progressbar(files, label="files", file=sys.stderr) as shown:
        names = list(shown)
    click.echo(f"files {len(names)}")
    for name in shelf.left_over(path, names):
        click.echo(f"{name}: not in force, left as it is", err=True)


def _take_in_list(path: Path, slug: str, account: str) -> None:
    if not path.is_file():
        raise InvalidError("Không có tệp %(path)s.", path=str(path))
    with path.open("rb") as opened:
        found = masterlist.read(path.name, opened.read(LARGEST + 1))
    refuse_all(found.problems)
    with transaction() as session:
        act = acting(session, account)
        decision = service.take_in_list(session, act, unit(session, slug), found.rows)
        made = decision.id
    click.echo(f"decision {made}")


@click.command("demo")
@with_appcontext
def demonstrate() -> None:
    """Set up a demonstration office on an empty database and print its sign-ins."""
    prepare()
    demo.check_empty(db.session())
    password = os.environ.get("QMS_DEMO_PASSWORD") or secrets.token_urlsafe(12)
    at, today = clock.now(), clock.today()
    system = Act(None, at, today)
    blanks = demo_forms.forms()
    with transaction() as session:
        demo.set_up_units(session, system)
        users = demo_people.set_up_people(session, system, password)
        staff = demo.Staff(*(Act(users[who].id, at, today) for who in demo.DECIDERS))
        click.echo("Đơn vị và tài khoản: xong.", err=True)
        demo_laws.enter_laws(session, staff, unit(session, "song-lo"), demo_laws.legal_texts())
        click.echo("Văn bản pháp luật: xong.", err=True)
        demo_forms.enter_forms(session, staff, unit(session, "song-lo"), blanks)
        click.echo("Biểu mẫu: xong.", err=True)
        demo.enter_procedures(session, staff, unit(session, "song-lo"), demo.procedures())
        click.echo("Thủ tục hành chính: xong.", err=True)
        demo.enter_texts(session, staff, unit(session, "song-lo"), demo.iso_texts())
        click.echo("Tài liệu ISO: xong.", err=True)
        demo_processes.enter_processes(session, staff, unit(session, "song-lo"))
        click.echo("Quy trình: xong.", err=True)
        demo_laws.enter_change(session, staff, unit(session, "song-lo"))
        demo_fees.enter_fees(session, system)
        click.echo("Biểu phí, lệ phí: xong.", err=True)
        for words, add in current_app.extensions[_ADDED]:
            add(session, staff, unit(session, "song-lo"))
            click.echo(f"{words}: xong.", err=True)
    click.echo(f"{current_app.config['PUBLIC_URL']}/  (xã Sông Lô)")
    for account, name, title, _role in demo_people.PEOPLE:
        click.echo(f"  {account:<12} {password}  {name}, {title}")


def init_app(app: Flask, added: Sequence[Addition]) -> None:
    """Hand in what later features add to the demonstration."""
    app.extensions[_ADDED] = tuple(added)


COMMANDS = (library, demonstrate)
