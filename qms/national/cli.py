"""Commands about the national catalogue."""

import hashlib
import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from qms.accounts.cli import acting
from qms.db import db
from qms.documents.cli import AS
from qms.errors import InvalidError
from qms.national import importing, weighing
from qms.national.weighing import Plan
from qms.units.queries import unit

national = AppGroup("national", help="Take in the national catalogue of procedures.")
COMMANDS = (national,)


@national.command("import")
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--unit", "slug", required=True, help="Address word of the owner.")
@click.option(
    "--for", "for_level", default="", help="Level below whose units the texts are for."
)
@click.option("--level", default="", help="Take only procedures of this level, such as xã.")
@click.option("--field", "field_name", default="", help="Take only procedures of this field.")
@AS
def take_in(
    path: Path, slug: str, for_level: str, level: str, field_name: str, account: str
) -> None:
    """Read FILE (JSON Lines, packed with gzip or not) into the owner's draft decision.

    Prints how many procedures are new, changed, gone, unchanged, doubtful and refused, then
    the number of the decision.
    """
    if not path.is_file():
        raise InvalidError("Không có tệp %(path)s.", path=str(path))
    session = db.session()
    act = acting(session, account)
    owner = unit(session, slug)
    with path.open("rb") as file:
        plan = Plan(
            owner_id=owner.id,
            owner=owner.slug,
            for_level=weighing.unit_level(for_level) if for_level else None,
            filters=importing.check_filters(level, field_name),
            file_name=path.name,
            sha256=hashlib.file_digest(file, "sha256").hexdigest(),
        )
        file.seek(0)
        with click.progressbar(length=1, label=path.name, file=sys.stderr) as bar:

            def step(done: int, total: int, _words: str) -> None:
                bar.length = max(total, 1)
                bar.update(done - bar.pos)

            _, tally, decision = importing.run(act, plan, file, step)
    for name in ("new", "changed", "gone", "unchanged", "doubtful", "refused"):
        click.echo(f"{name} {getattr(tally, name)}")
    click.echo(f"decision {decision or 'none'}")
