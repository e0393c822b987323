"""Commands about sheets and copies."""

import secrets
from datetime import date, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from qms import clock
from qms.accounts.cli import acting
from qms.db import db, transaction
from qms.documents.cli import DAY
from qms.errors import InvalidError, NotFoundError
from qms.notices import checking, codes, prints, queries, service, sheets, stories, validity
from qms.notices.printing import Paper
from qms.notices.rules import Verdict
from qms.notices.stories import Story
from qms.text import slug as slug_of
from qms.units.queries import unit as unit_named
from qms.web import pdf

copies = AppGroup("copy", help="Look after printed copies.")

WORDS = {
    Verdict.IN_FORCE: "in force",
    Verdict.NOT_YET: "not yet in force",
    Verdict.REPLACED: "replaced",
    Verdict.WITHDRAWN: "withdrawn",
    Verdict.UNKNOWN: "unknown code",
}
CANNOT_CHECK = 3
"""Exit status when a paper can't be checked."""


@click.command()
@click.argument("code")
@click.option("--unit", "slug", default="", help="Address word; the default unit unless given.")
@click.option("--on", type=DAY, help="Day asked for; today unless given.")
@click.option(
    "--place", default="", help="Where it is to hang: makes a copy with its own code."
)
@click.option("--paper", type=click.Choice([each.value for each in Paper]), default="a4")
@click.option("--as", "account", default="", help="Who prints the copy.")
@click.option("-o", "target", type=click.Path(dir_okay=False, path_type=Path), required=True)
@with_appcontext
def notice(
    code: str,
    slug: str,
    on: datetime | None,
    place: str,
    paper: str,
    account: str,
    target: Path,
) -> None:
    """Print the sheet of procedure CODE into a PDF file."""
    today = clock.today()
    day = on.date() if on else today
    made = _made(slug, code, day, place, account) if place else None
    told = _story(slug, code, day)
    found = _found(told, day)
    base = current_app.config["PUBLIC_URL"]
    if made is None:
        remark = validity.remark(told, found, day, today)
        data = prints.sheet(told, found, Paper(paper), base, pdf.render, remark)
    else:
        made_for = prints.made_for(place, today)
        remark = validity.remark(told, found, day, max(day, today))
        data = prints.copy(made, made_for, found, Paper(paper), base, pdf.render, remark)
        click.echo(f"copy {made}")
    target.write_bytes(data)
    click.echo(f"{target}: {found.digest}")


@copies.command()
@click.argument("code")
def check(code: str) -> None:
    """Tell whether the paper with CODE is in force.

    Exit status: 0 if it is, 1 if not, 3 if it can't be checked.
    """
    try:
        checked = checking.check(db.session(), code, clock.today(), clock.day_of)
    except Exception as error:
        click.echo(f"cannot be checked: {error}", err=True)
        raise SystemExit(CANNOT_CHECK) from error
    since = checked.judgement.since
    click.echo(WORDS[checked.verdict] + (f" since {since:%d/%m/%Y}" if since else ""))
    if checked.verdict is not Verdict.IN_FORCE:
        raise SystemExit(1)


COMMANDS = (notice, copies)


def _made(slug: str, code: str, day: date, place: str, account: str) -> str:
    """Enter a copy and return its code."""
    if not account:
        raise InvalidError("Bản in để treo cần người in: thêm “--as TÀI-KHOẢN”.")
    with transaction() as session:
        act = acting(session, account)
        random = secrets.token_bytes(codes.COPY_BYTES)
        told = _story(slug, code, day)
        return service.make_copy(session, act, told, place=place, on=day, random=random).code


def _found(told: Story, day: date) -> sheets.DaySheet:
    found = sheets.on_day(told, day)
    if found is None:
        raise NotFoundError("Thủ tục không có hiệu lực ở đơn vị này vào ngày đã chọn.")
    return found


def _story(slug: str, code: str, day: date) -> Story:
    session = db.session()
    unit = (
        unit_named(session, slug)
        if slug
        else queries.default_unit(session, current_app.config["DEFAULT_UNIT"])
    )
    return stories.on_board(session, unit, slug_of(code), day)
