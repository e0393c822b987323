"""The page of one audit, also after a step that was refused."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from flask import render_template
from flask.typing import ResponseReturnValue

from qms import clock, mail
from qms.accounts.forms import choices
from qms.accounts.queries import names as people_names
from qms.accounts.rules import Permission
from qms.actions.forms import GRADE_WORDS
from qms.audits import (
    ahead_views,
    checklist_queries,
    form_queries,
    notice_queries,
    plan_changes,
    queries,
    rules,
    standing,
)
from qms.audits.access_views import approves, names, plans, the_audit
from qms.audits.forms import PAPER_WORDS, SESSION_WORDS, STATE_LOOKS, STATE_WORDS, ReasonForm
from qms.audits.papers import OF_AUDIT
from qms.audits.planning_forms import DecisionForm, HourForm
from qms.audits.rules import COMING, Duty, State
from qms.db import db
from qms.errors import QmsError
from qms.standards.catalogue import EDITIONS
from qms.web.errors import sentence_of, status_of
from qms.web.forms import Form
from qms.web.guards import visitor

if TYPE_CHECKING:
    from qms.audits.models import Audit, Member


TEAM_OPEN: Final = frozenset({*COMING, State.UNDER_WAY})
"""The states in which the team may still be decided."""


def page(found: "Audit", form: HourForm | None = None, wrong: Sequence[str] = ()) -> str:
    """Return the page of an audit; ``wrong`` says why a step was refused."""
    session, today = db.session(), clock.today()
    form = form or HourForm(formdata=None)
    team = queries.team(session, [found.id])[found.id]
    offer_hours(form, found)
    changed = checklist_queries.changed_lines(session, [found], today)
    allowed = queries.exemptions(session, found.id)
    received = notice_queries.receipts(session, found)
    heads = notice_queries.addressees(session, found, today) if plans(found) else []
    leading = standing.leads(session, visitor().id, found)
    return render_template(
        "audits/show.html",
        audit=found,
        team=team,
        hours=queries.hours(session, [found.id])[found.id],
        meetings=queries.meetings(session, found.id),
        counts=checklist_queries.counts(session, found.id),
        **_next(found, team, len(set(queries.unit_ids(found)) - received.keys())),
        changed=changed.get(found.id, 0) if found.state in rules.OPEN else 0,
        exemptions=allowed,
        people=people_names(
            session,
            [
                *(each.user_id for each in team),
                *(person for row in allowed for person in (row.user_id, row.allowed_by)),
                *(found.planned_by, found.notified_by, found.reported_by, found.closed_by),
                found.team_decided_by,
                *(row.received_by for row in received.values()),
            ],
        ),
        findings=standing.findings(session, found),
        names=names(),
        received=received,
        receives=visitor().reach.get(Permission.DECISION_REVIEW, frozenset()),
        heads=heads,
        told=notice_queries.letters(session, found) if heads else set(),
        letters=mail.configured(),
        states=STATE_WORDS,
        looks=STATE_LOOKS,
        order=[each for each in State if each is not State.CANCELLED],
        sessions=SESSION_WORDS,
        grades=GRADE_WORDS,
        papers=[(each, PAPER_WORDS[each]) for each in OF_AUDIT],
        scanned=form_queries.scanned(session, found.ref),
        edition=EDITIONS[found.edition],
        form=form,
        wrong=wrong,
        reason=ReasonForm(formdata=None),
        plain=Form(),
        notice_from=rules.notice_from(found.first_day),
        today=today,
        coming=found.state in COMING,
        may_plan=plans(found),
        leads=leading,
        in_team=any(each.user_id == visitor().id for each in team),
    )


def _next(found: "Audit", team: Sequence["Member"], unreceived: int) -> dict[str, Any]:
    """Return what the page says of the next step, and of changes of the plan."""
    session = db.session()
    lead = next((each.user.name for each in team if each.duty is Duty.LEAD), "")
    stands = standing.ready(session, found)
    return {
        "ahead": ahead_views.steps(found, stands, lead, unreceived)
        if found.state in rules.OPEN
        else [],
        "plan_changes": plan_changes.of_audit(session, found.id),
        "decision": DecisionForm(formdata=None),
        "may_decide": approves(found) and found.state in TEAM_OPEN and bool(team),
        "late_notice": (found.first_day - clock.today()).days < rules.NOTICE_LEAST,
    }


def refused(audit_id: int, error: QmsError) -> ResponseReturnValue:
    """Return the page of an audit with all that kept a step from being taken."""
    wrong = [sentence_of(each) for each in (error, *error.parts)]
    return page(the_audit(audit_id), wrong=wrong), status_of(error)


def offer_hours(form: HourForm, found: "Audit") -> None:
    """Let the plan choose among the units and the team of an audit."""
    called, session = names(), db.session()
    units = [(str(each), called.get(each, str(each))) for each in queries.unit_ids(found)]
    form.unit.choices = choices([("", "–"), *units])
    team = queries.team(session, [found.id])[found.id]
    form.auditors.choices = choices((str(each.user_id), each.user.name) for each in team)
