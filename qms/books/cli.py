"""The command that binds a book."""

import sys
from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from qms import clock, files
from qms.books import building, contents, plans, rules
from qms.books.building import Press
from qms.books.contents import Where
from qms.books.rules import Asked
from qms.db import db
from qms.documents.cli import DAY
from qms.errors import InvalidError
from qms.notices import queries
from qms.notices.cli import warn_of_codes
from qms.notices.printing import Paper
from qms.text import nfc
from qms.units.queries import unit as unit_named
from qms.web import pdf, presses


@click.command()
@click.option("--unit", "slug", default="", help="Address word; the default unit unless given.")
@click.option("--field", default="", help="Only the procedures of this field.")
@click.option("--on", type=DAY, help="Day asked for; today unless given.")
@click.option("--paper", type=click.Choice([each.value for each in Paper]), default="a4")
@click.option(
    "--sheets", is_flag=True, help="Only the sheets, one after the other: no cover, no forms."
)
@click.option(
    "--number",
    type=click.IntRange(0, rules.MOST_COPIES),
    default=0,
    help="Stamp it as this controlled copy; else it is stamped as uncontrolled.",
)
@click.option("-o", "target", type=click.Path(dir_okay=False, path_type=Path), required=True)
@with_appcontext
def book(
    slug: str,
    field: str,
    on: datetime | None,
    paper: str,
    sheets: bool,  # noqa: FBT001 - a flag of the command line
    number: int,
    target: Path,
) -> None:
    """Bind the procedures of a unit, or of one of its fields, into a PDF file.

    Sheets that did not change come from the store; stopped with Ctrl-C, what was printed stays.
    """
    session, today = db.session(), clock.today()
    unit = (
        unit_named(session, slug)
        if slug
        else queries.default_unit(session, current_app.config["DEFAULT_UNIT"])
    )
    asked = Asked(
        unit=unit.slug,
        field=nfc(field).strip(),
        on=on.date() if on else today,
        paper=Paper(paper),
        bound=not sheets,
        number=number,
    )
    where = Where(unit, current_app.config["PUBLIC_URL"], today)
    plan = contents.plan(session, where, asked)
    session.rollback()
    data = files.kept(plans.kept_as(plan.digest))
    if data is None:
        data = _built(plan)
    try:
        target.write_bytes(data)
    except OSError as error:
        raise InvalidError(
            "Không ghi được tệp %(name)s: %(why)s.", name=str(target), why=error.strerror or ""
        ) from error
    click.echo(f"{target}: {plan.digest}")
    warn_of_codes()


def _built(plan: plans.Plan) -> bytes:
    """Bind it before the eyes of whoever asked."""
    with click.progressbar(length=1, file=sys.stderr) as bar:

        def step(done: int, total: int, words: str = "") -> None:
            bar.label, bar.length = words, total
            bar.update(done - bar.pos)

        press = Press(pdf.render_long, presses.render_all)
        return building.build(plan, press, step).data


COMMANDS = (book,)
