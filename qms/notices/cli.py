"""Commands about sheets and copies."""

import secrets
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.orm import Session

from qms import clock
from qms.accounts.cli import acting
from qms.db import db, transaction
from qms.documents.cli import DAY
from qms.errors import InvalidError, NotFoundError
from qms.notices import checking, codes, finding, prints, queries, service, subjects, validity
from qms.notices.course import Course
from qms.notices.models import Copy
from qms.notices.printing import Paper
from qms.notices.rules import SheetKind, Subject, Verdict
from qms.text import slug as slug_of
from qms.units.models import Unit
from qms.units.queries import unit as unit_named
from qms.vietnamese import day as said_day
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
@click.argument("code", default="")
@click.option("--list", "field", default="", help="The list of a field instead, by its name.")
@click.option("--fees", "kind", flag_value="fees", help="The fee table instead.")
@click.option("--feedback", "kind", flag_value="feedback", help="Where to send proposals.")
@click.option("--unit", "slug", default="", help="Address word; the default unit unless given.")
@click.option("--on", type=DAY, help="Day asked for; today unless given.")
@click.option(
    "--place", default="", help="Where it is to hang: makes a copy with its own code."
)
@click.option("--paper", type=click.Choice([each.value for each in Paper]), default="a4")
@click.option("--as", "account", default="", help="Who prints the copy.")
@click.option("-o", "target", type=click.Path(dir_okay=False, path_type=Path), required=True)
@with_appcontext
def notice(  # noqa: PLR0913, PLR0917 - one for each option
    code: str,
    field: str,
    kind: str | None,
    slug: str,
    on: datetime | None,
    place: str,
    paper: str,
    account: str,
    target: Path,
) -> None:
    """Print a sheet into a PDF file: that of procedure or notice text CODE, or another."""
    if bool(code) + bool(field) + bool(kind) != 1:
        raise click.UsageError("Name one sheet: CODE, --list, --fees or --feedback.")
    today = clock.today()
    day = on.date() if on else today

    def asked(session: Session) -> Course:
        unit = _unit(session, slug)
        if code:
            return finding.of_code(session, unit, slug_of(code), day)
        wanted = Subject(unit.id, SheetKind(kind or SheetKind.LIST), topic=field)
        return subjects.of(session, wanted)

    if not target.absolute().parent.is_dir():
        raise InvalidError("Không có thư mục “%(folder)s”.", folder=target.parent)
    made = _made(asked, day, place, account) if place else None
    course = asked(db.session())
    found = course.on_day(day)
    if found is None:
        raise NotFoundError(service.NOTHING[course.subject.kind], day=said_day(day))
    base = current_app.config["PUBLIC_URL"]
    if made:
        data = prints.copy(
            course,
            made,
            queries.copy_number(db.session(), made),
            Paper(paper),
            base,
            pdf.render,
            today=today,
            day_of=clock.day_of,
        )
        click.echo(f"copy {made.code}")
    else:
        remark = validity.remark(course, found, day, today)
        data = prints.sheet(course, found, Paper(paper), base, pdf.render, remark)
    target.write_bytes(data)
    click.echo(f"{target}: {found.digest}")
    warn_of_codes()


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


def warn_of_codes() -> None:
    """Say on stderr where the codes on paper made now lead to this machine alone."""
    base = str(current_app.config["PUBLIC_URL"])
    if urlsplit(base).hostname in {"127.0.0.1", "localhost", "::1"}:
        click.echo(
            f"Mã QR trên giấy in bây giờ dẫn tới {base}, chỉ máy này mở được. Trước khi in tờ"
            " treo tường, hãy đặt QMS_PUBLIC_URL.",
            err=True,
        )


def _made(asked: Callable[[Session], Course], day: date, place: str, account: str) -> Copy:
    """Enter a copy."""
    if not account:
        raise InvalidError("Bản in để treo cần người in: thêm “--as TÀI-KHOẢN”.")
    with transaction() as session:
        act, course = acting(session, account), asked(session)
        where = service.place_named(session, act, course.unit, place)
        random = secrets.token_bytes(codes.COPY_BYTES)
        return service.make_copy(session, act, course, place=where, on=day, random=random)


def _unit(session: Session, slug: str) -> Unit:
    if slug:
        return unit_named(session, slug)
    return queries.default_unit(session, current_app.config["DEFAULT_UNIT"])
