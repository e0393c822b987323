"""The daily letters."""

from datetime import datetime

import click
import structlog
from flask import current_app
from flask.cli import with_appcontext

from qms import clock, mail
from qms.db import db, touch, transaction
from qms.errors import RefusedError
from qms.following import changes, events, letters_views, queries, rules, service
from qms.following.follow_views import secret_key
from qms.following.letters_views import Told
from qms.following.models import Follower, Subscription
from qms.mail import Letter, Send, UncertainError, UndeliveredError
from qms.notices.queries import office

MOST = 200
"""Changes of one board that a letter looks at."""

_LOG = structlog.get_logger()


@click.command()
@with_appcontext
def remind() -> None:
    """Send the daily letters: to each follower at most one, if anything is new to them.

    Safe to run twice: who had a letter today gets no other. Exit status: 0 if all letters were
    sent, 1 if some could not be.
    """
    with transaction() as session:
        forgotten = service.forget_unconfirmed(session, clock.now())
    if forgotten:
        click.echo(f"forgotten {forgotten}")
    if not mail.configured():
        click.echo("no mail server is set (QMS_MAIL_URL): no letters")
        return
    waiting = queries.waiting(db.session(), clock.today())
    sent = failed = 0
    if not waiting:
        click.echo("sent 0")
        return
    with mail.door() as send:
        for follower_id in waiting:
            try:
                sent += _one(send, follower_id)
            except UndeliveredError:
                _LOG.warning("letter not sent", follower=follower_id)
                failed += 1
    click.echo(f"sent {sent}")
    if failed:
        raise RefusedError("%(count)s thư chưa gửi được; chạy lại để gửi.", count=failed)


COMMANDS = (remind,)


def _one(send: Send, follower_id: int) -> bool:
    """Send one follower what is new to them; tell whether anything was.

    The day is noted before and the news after: whatever breaks, nobody has two letters a day,
    and what could not be told is told with the next.
    """
    now, today = clock.now(), clock.today()
    follower = queries.follower(db.session(), follower_id)
    if follower is None:
        return False
    out = service.way_out(secret_key(), follower.salt)
    letter, before = _letter(follower, now, out), follower.mailed_on
    if letter is None:
        return False
    with touch() as session:
        if not service.claim(session, follower_id, today, out):
            return False
    try:
        send(letter)
    except UncertainError:
        raise
    except UndeliveredError:
        with touch() as session:
            service.give_back(session, follower_id, before)
        raise
    with touch() as session:
        service.told(session, follower_id, now)
    return True


def _letter(follower: Follower, now: datetime, out: str) -> Letter | None:
    """Return what is new to somebody since their last letter; None where nothing is."""
    base = current_app.config["PUBLIC_URL"]
    asked = {"lang": follower.language} if follower.language != "vi" else None
    with current_app.test_request_context("/", base_url=base, query_string=asked):
        told = [
            part
            for each in follower.subscriptions
            if each.confirmed_at is not None
            for part in [_told(each, now)]
            if part.news
        ]
        if not told:
            return None
        return letters_views.news(follower.email, out, told)


def _told(subscription: Subscription, now: datetime) -> Told:
    session, today = db.session(), clock.today()
    of, since = subscription.unit, subscription.told_until
    board = changes.board(session, of, today)
    fields = changes.fields(session, board.seen)
    if subscription.field:
        topics = fields.get(subscription.field, [])
        board = changes.board(session, of, today, topics)
    day = clock.day_of(since)
    found = events.events(board, changes.since(board, since, day, MOST))
    found += [each for each in events.price_events(board) if day <= each.day <= today]
    told = rules.entries(found, today, clock.begins, clock.day_of)
    return Told(
        unit=of.slug,
        name=office(session, of, max(today, of.first_day)).name,
        field=subscription.field,
        topic=fields.get(subscription.field, [subscription.field])[0],
        news=rules.news(told, since, now),
    )
