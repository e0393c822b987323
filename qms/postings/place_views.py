"""The page of one place: what hangs, what must, and the papers that can be made."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from flask import render_template

from qms import clock
from qms.accounts.queries import names
from qms.accounts.rules import Permission
from qms.db import db
from qms.notices import checking, subjects
from qms.notices.day_views import asked_day
from qms.notices.rules import SheetKind
from qms.postings import queries
from qms.postings.forms import (
    ALL_TOPICS,
    PLACE_WORDS,
    SHEET_WORDS,
    CertificateForm,
    NeedForm,
)
from qms.text import sort_key
from qms.web.forms import Form
from qms.web.guards import visitor

if TYPE_CHECKING:
    from qms.notices.models import Place


def page(found: "Place", form: NeedForm, certificate: CertificateForm | None = None) -> str:
    """Show a place on a day; ``certificate`` is the form that could not be followed."""
    session, day, today = db.session(), asked_day(), clock.today()
    hung = queries.hanging(session, [found.id], day)
    judged = checking.judged_copies(session, [each.copy for each in hung], day, clock.day_of)
    topics = topics_of(found)
    form.topic.choices = offered(topics)
    cover = queries.coverage(session, found.unit, today)
    shown = next((shown for each, _, shown in cover.spots if each.id == found.id), None)
    there = queries.hanging(session, [found.id], today)
    old = {
        checking.subject_of(each)
        for each in checking.outdated(session, [each.copy for each in there], today)
    }
    return render_template(
        "postings/place.html",
        place=found,
        day=day,
        today=today,
        hung=list(zip(hung, judged, strict=True)),
        people=names(session, [each.first.done_by for each in hung]),
        needs=queries.needs(session, [found.id], today)[found.id],
        shown=shown,
        right=sum(each not in old for each in shown.complete) if shown else 0,
        titles=cover.titles,
        form=form,
        certificate=certificate or CertificateForm(None, first=found.first_day, last=today),
        plain=Form(),
        kinds=PLACE_WORDS,
        sheets=SHEET_WORDS,
        texts=topics[SheetKind.TEXT],
        may_keep=found.unit_id in visitor().reach.get(Permission.PLACE_KEEP, frozenset()),
    )


def topics_of(found: "Place") -> dict[SheetKind, dict[str, str]]:
    """Return of which fields, and of which posted texts, a place may be asked to show sheets."""
    board = subjects.on_board(db.session(), found.unit, clock.today())
    texts = {topic: title for each, title, topic in board if each.kind is SheetKind.TEXT}
    fields = {topic for each, _, topic in board if each.kind is SheetKind.LIST}
    named = {each: each for each in sorted(fields, key=sort_key)}
    return {SheetKind.PROCEDURE: named, SheetKind.LIST: named, SheetKind.TEXT: texts}


def offered(topics: Mapping[SheetKind, Mapping[str, str]]) -> list[tuple[str, object]]:
    """Return what the form of a need lets choose."""
    return [ALL_TOPICS, *topics[SheetKind.LIST].items(), *topics[SheetKind.TEXT].items()]
