"""Commands about decisions: the same acts and rules as in the browser."""

from datetime import date, datetime

import click
from flask import current_app
from flask.cli import AppGroup

from qms import clock
from qms.accounts.cli import acting
from qms.db import db, transaction
from qms.documents import (
    decision_access,
    queries,
    rules,
    search_index,
    signing,
)
from qms.documents.rules import SignsFor
from qms.errors import NotAllowedError
from qms.web import afterwards

decisions = AppGroup("decision", help="Submit, review, sign and show decisions.")
search = AppGroup("search", help="Look after what is searched.")
COMMANDS = (decisions, search)

DAY = click.DateTime(["%Y-%m-%d", "%d/%m/%Y"])
AS = click.option("--as", "account", required=True, help="Account of the person who acts.")


@decisions.command()
@click.argument("number", type=int, metavar="ID")
@AS
def submit(number: int, account: str) -> None:
    """Hand draft decision ID over for review."""
    with transaction() as session:
        signing.submit(session, acting(session, account), queries.decision(session, number))
    click.echo(f"decision {number} submitted")


@decisions.command()
@click.argument("number", type=int, metavar="ID")
@click.option("--words", default="", help="What the reviewer wants to say.")
@AS
def review(number: int, words: str, account: str) -> None:
    """Review decision ID; a draft is submitted first in its drafter's name."""
    with transaction() as session:
        act = acting(session, account)
        signing.review(session, act, queries.decision(session, number), words=words)
    click.echo(f"decision {number} reviewed")


@decisions.command("return")
@click.argument("number", type=int, metavar="ID")
@click.option("--reason", required=True)
@AS
def send_back(number: int, reason: str, account: str) -> None:
    """Return decision ID to its drafter with a reason."""
    with transaction() as session:
        act = acting(session, account)
        signing.send_back(session, act, queries.decision(session, number), reason=reason)
    click.echo(f"decision {number} returned")


@decisions.command()
@click.argument("decision_id", type=int, metavar="ID")
@click.option("--number", required=True, help="Number on the paper, such as 12/QĐ-UBND.")
@click.option("--effective", required=True, type=DAY)
@click.option("--dated", type=DAY, help="Day on the paper; today unless given.")
@click.option("--reason", default="", help="For a day that has passed.")
@click.option("--supplement", is_flag=True, help="A further record of the same outside paper.")
@AS
def sign(
    decision_id: int,
    number: str,
    effective: datetime,
    dated: datetime | None,
    reason: str,
    supplement: bool,  # noqa: FBT001 - Click hands options over by name
    account: str,
) -> None:
    """Sign decision ID: its lines come into force on their days."""
    if str(current_app.config["CLI_SIGN"]).lower() == "off":
        raise NotAllowedError(
            "Ký bằng dòng lệnh đã bị tắt (QMS_CLI_SIGN=off). Hãy ký trên trang."
        )
    today = clock.today()
    day = effective.date()
    with transaction() as session:
        act = acting(session, account)
        paper = signing.Paper(
            number=number,
            effective_on=day,
            dated=dated.date() if dated else today,
            reason=reason or (rules.PAST_REASON if day < today else ""),
            signs_for=SignsFor.ON_BEHALF,
            words=f"bằng dòng lệnh, tài khoản {account}",
            supplement=supplement,
        )
        decision = queries.decision(session, decision_id)
        signing.sign(session, act, decision, paper)
        afterwards.begin(session, act)
    click.echo(f"decision {decision_id} signed, in force on {_day(day)}")


@decisions.command()
@click.argument("number", type=int, metavar="ID")
@AS
def show(number: int, account: str) -> None:
    """Show decision ID: its head, its lines, its signatures."""
    session = db.session()
    act = acting(session, account)
    seen = decision_access.look(session, number, act.actor or 0, act.today)
    decision = seen.decision
    issuer = decision.issuer.slug if decision.issuer else decision.issuer_name
    click.echo(f"decision {decision.id}: {decision.title}")
    click.echo(f"state {rules.STATE_WORDS[decision.state]}, issuer {issuer}")
    if decision.number and decision.dated and decision.effective_on:
        click.echo(
            f"number {decision.number}, dated {_day(decision.dated)},"
            f" in force on {_day(decision.effective_on)}"
        )
    for change in queries.lines(session, number):
        title = change.revision.title if change.revision else ""
        own = f" from {_day(change.own_day)}" if change.own_day else ""
        click.echo(f"  {change.action.value} {change.document.code}{own} {title}")
    for name in seen.names:
        click.echo(f"  {name.deed.value} by {name.name} {clock.local(name.at):%d/%m/%Y %H:%M}")


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


@search.command()
def rebuild() -> None:
    """Make all that is searched again from the signed texts; they themselves stay as they are."""
    with transaction() as session, click.progressbar(length=1, label="Index") as bar:

        def step(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        found = search_index.rebuild(session, step)
    click.echo(f"{found} texts can be found.")
