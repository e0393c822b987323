"""The trail as people of an office read it: who did what to which thing, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms import clock, trail
from qms.accounts import units_views
from qms.accounts.rules import Permission
from qms.db import db
from qms.desk import trail_queries
from qms.desk.trail_forms import FilterForm
from qms.desk.trail_queries import Circle, Lines, Subject, Wanted
from qms.desk.trail_words import (
    ACTION_WORDS,
    NOBODY_WORDS,
    SUBJECT_WORDS,
    VIA_WORDS,
    Known,
    facts,
    short,
)
from qms.text import sort_key
from qms.trail import Entry
from qms.web.guards import requires, visitor

bp = Blueprint("trail", __name__, url_prefix="/trail")

MOST_LINES: Final = 2**31 - 1
"""Highest number of a line that an address may name."""

_PAGES: Final[Mapping[str, tuple[tuple[Permission, ...], str, str]]] = {
    "book": ((Permission.COPY_PRINT,), "books.show", "book_id"),
    "copy": ((Permission.COPY_PRINT,), "postings.copies.show", "code"),
    "place": ((Permission.COPY_PRINT,), "postings.place", "place_id"),
    "decision": ((Permission.DECISION_READ,), "documents.decisions.show", "decision_id"),
    "document": ((Permission.DOCUMENT_READ,), "documents.pages.show", "document_id"),
    "audit": ((Permission.AUDIT_READ,), "audits.show", "audit_id"),
    "finding": ((Permission.ACTION_READ,), "actions.findings.show", "finding_id"),
    "request": ((Permission.ACTION_READ,), "actions.requests.show", "request_id"),
    "national": ((Permission.NATIONAL_IMPORT,), "national.show", "import_id"),
    "screen": ((Permission.COPY_PRINT,), "kiosk.screens.show", "screen_id"),
    "person": ((Permission.ACCOUNT_MANAGE,), "accounts.people.person", "person_id"),
    "unit": (units_views.ANY, "accounts.units.unit", "slug"),
}
"""Where the things that lines are about have a page, and what opens it in their unit."""


@dataclass(frozen=True)
class Row:
    """One line as the page shows it."""

    entry: Entry
    who: str
    account: str
    via: str
    action: str
    subject: str
    link: str
    facts: list[tuple[str, str]]
    mac: str


@bp.get("")
@requires(Permission.TRAIL_READ)
def index() -> ResponseReturnValue:
    """Show the lines a person may see, newest first."""
    session = db.session()
    circle = trail_queries.circle(session, _reached((Permission.TRAIL_READ,)))
    form = FilterForm(request.args)
    named = [(each.id, f"{each.name} ({each.account})") for each in circle.people.values()]
    form.offer(sorted(named, key=lambda pair: sort_key(pair[1])))
    readable = form.validate()
    found = Lines()
    if readable:
        before, after = _line("before"), _line("after")
        found = trail_queries.lines(
            session, circle, _wanted(form), clock.begins, before=before, after=after
        )
    body = render_template(
        "desk/trail.html",
        form=form,
        rows=_rows(found, circle, clock.today()),
        newer=found.newer_than,
        older=found.older_than,
        head=trail.head(session),
    )
    return body, HTTPStatus.OK if readable else HTTPStatus.UNPROCESSABLE_ENTITY


def _wanted(form: FilterForm) -> Wanted:
    since, until = form.since.data, form.until.data
    return Wanted(
        since=clock.begins(since) if since else None,
        until=clock.begins(until + timedelta(days=1)) if until else None,
        actor=int(form.who.data) if form.who.data else None,
        action=form.action.data,
        subject=form.subject.data or "",
    )


def _line(name: str) -> int | None:
    """Return the line from which the address goes on; anything odd means the newest."""
    number = request.args.get(name, type=int)
    return number if number is not None and 0 <= number <= MOST_LINES else None


def _rows(found: Lines, circle: Circle, today: date) -> list[Row]:
    session, people = db.session(), circle.people
    about = trail_queries.subjects(session, {entry.subject for entry in found.entries})
    known = trail_queries.known(session, found.entries, today)
    rows = []
    for entry in found.entries:
        person = people.get(entry.actor or 0)
        subject = about[entry.subject]
        rows.append(
            Row(
                entry,
                who=person.name if person else _(NOBODY_WORDS[entry.via]),
                account=person.account if person else "",
                via=_(VIA_WORDS[entry.via]),
                action=_(ACTION_WORDS.get(entry.action, entry.action)),
                subject=_subject(subject, known),
                link=_link(subject),
                facts=facts(trail.details(entry), known, _),
                mac=short(entry.mac),
            )
        )
    return rows


def _subject(subject: Subject, known: Known) -> str:
    name = known.get((subject.kind, subject.key), subject.name)
    named, nameless = SUBJECT_WORDS.get(subject.kind, ("", ""))
    if not named:
        return name
    return str(_(named, name=name) if name else _(nameless))


def _link(subject: Subject) -> str:
    """Return the address of what a line is about; nothing where the visitor may not open it."""
    permissions, endpoint, argument = _PAGES.get(subject.kind, ((), "", ""))
    if not subject.units & _reached(permissions):
        return ""
    values: dict[str, Any] = {argument: subject.key}
    return url_for(endpoint, **values)


def _reached(permissions: tuple[Permission, ...]) -> frozenset[int]:
    reach = visitor().reach
    return frozenset().union(*(reach.get(each, frozenset()) for each in permissions))
