"""Commands about people, and who acts when a command does."""

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from qms import clock
from qms.accounts import queries, service
from qms.accounts.rules import Role
from qms.db import transaction
from qms.errors import NotAllowedError
from qms.trail import Act, Via
from qms.units.queries import unit, units
from qms.units.rules import Level
from qms.units.service import enter_heading, found

people = AppGroup("person", help="Look after accounts.")
COMMANDS = (people,)


def acting(session: Session, account: str) -> Act:
    """Return the act of somebody named on the command line.

    Raises:
        NotAllowedError: the account is closed.

    """
    user = queries.user(session, account)
    if user.closed_at is not None:
        raise NotAllowedError("Tài khoản “%(account)s” đã khóa.", account=account)
    return Act(user.id, clock.now(), clock.today(), Via.COMMAND_LINE)


def first_administrator(session: Session, act: Act, *, office: str, name: str) -> str | None:
    """Set up the office and account of an installation; return the secret of the first link.

    Returns None where somebody is there already.
    """
    if queries.people(session):
        return None
    if not units(session):
        root = found(session, act, slug=office, first_day=act.today, office=True)
        enter_heading(
            session, act, root, from_day=act.today, level=Level.COMMUNE, words={"name": name}
        )
    user = service.add(session, act, account="quantri", name="Quản trị hệ thống")
    root = units(session)[0]
    service.give_post(session, act, user, root, Role.ADMINISTRATOR, first_day=act.today)
    return service.link(session, act, user)


@people.command()
@click.argument("account")
@click.option("--name", required=True)
@click.option("--title", default="")
@click.option("--unit", "slug", required=True)
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
def add(account: str, name: str, title: str, slug: str, role: str) -> None:
    """Open ACCOUNT with one post and print the link for its first password."""
    act = Act(None, clock.now(), clock.today(), Via.COMMAND_LINE)
    with transaction() as session:
        user = service.add(session, act, account=account, name=name, title=title)
        service.give_post(
            session, act, user, unit(session, slug), Role(role), first_day=act.today
        )
        secret = service.link(session, act, user)
    click.echo(f"{current_app.config['PUBLIC_URL']}/first-password/{secret}")


@people.command()
@click.argument("account")
def link(account: str) -> None:
    """Print a new one-time link for the password of ACCOUNT."""
    act = Act(None, clock.now(), clock.today(), Via.COMMAND_LINE)
    with transaction() as session:
        secret = service.link(session, act, queries.user(session, account))
    click.echo(f"{current_app.config['PUBLIC_URL']}/first-password/{secret}")
