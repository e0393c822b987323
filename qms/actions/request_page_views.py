"""The page of a request: its four parts, and what the visitor may do next."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask import render_template
from wtforms import SelectChoice

from qms import clock
from qms.accounts.forms import by_name
from qms.accounts.queries import names
from qms.accounts.rules import Permission
from qms.actions import causes, proofs, queries, rules, source_views, texts, time_rules
from qms.actions.forms import (
    GRADE_WORDS,
    SOURCE_WORDS,
    STATE_WORDS,
    STEP_WORDS,
    BackForm,
    CarryOnForm,
    DraftForm,
    EffectForm,
    RejectForm,
    ScanForm,
    StepForm,
    TimeForm,
    VerifyForm,
)
from qms.actions.rules import State, Step
from qms.actions.who_views import may, who
from qms.actions.work_forms import PlanForm, WorkForm, plan_values
from qms.db import db
from qms.errors import InvalidError, QmsError, StaleError
from qms.standards import catalogue
from qms.units.queries import entered_names
from qms.web.errors import sentence_of
from qms.web.forms import Form
from qms.web.guards import visitor

if TYPE_CHECKING:
    from qms.actions.models import Request

WAY = (
    *(State.PROPOSED, State.ANALYSED, State.APPROVED, State.IN_PROGRESS),
    *(State.DONE, State.VERIFIED, State.CLOSED),
)
"""The states in their order, as the page draws them."""


def page(
    request_id: int,
    given: Mapping[str, Form] | None = None,
    refused: QmsError | None = None,
) -> str:
    """Return the page of a request; ``given`` are forms with what was typed and what is wrong."""
    session, today, me = db.session(), clock.today(), visitor().id
    found = queries.request(session, request_id, who())
    sheet = queries.sheet_of(session, found, today)
    heads = queries.heads(session, sheet.hands, found.raised_on, today)
    text = texts.texts(session, [found.finding.revision_id])
    forms = {**_forms(found, text), **(given or {})}
    plan: Any = forms["plan"]
    plan.offer(owners(found))
    if isinstance(refused, StaleError):
        plan.catch_up(found)
    return render_template(
        "actions/request.html",
        request_=found,
        finding=found.finding,
        tasks=[each for each in found.tasks if each.dropped_on is None],
        proven={each.id: each.proven for each in sheet.tasks},
        superseded={
            file.id for each in found.tasks for file in proofs.superseded(each, found.steps)
        },
        chain=found.finding.requests,
        clause=catalogue.clause(found.finding.edition, found.finding.clause),
        text=text.get(found.finding.revision_id or 0),
        whys=causes.whys(found.cause),
        read=_read(plan),
        stale=isinstance(refused, StaleError),
        late=time_rules.overdue(sheet, today),
        decisions=queries.decisions(session, found),
        took_effect=proofs.took_effect,
        today=today,
        people=names(session, queries.people_of(found)),
        units=entered_names(session),
        way=WAY,
        forms=forms,
        opened=set(given or {}),
        refused=sentence_of(refused) if refused else "",
        parts=[sentence_of(each) for each in refused.parts] if refused else [],
        grades=GRADE_WORDS,
        sources=SOURCE_WORDS,
        led=source_views.named(found.finding.source_ref),
        states=STATE_WORDS,
        steps=STEP_WORDS,
        me=me,
        planner=me in sheet.planners,
        barred=me in rules.barred(sheet, heads),
        owner=any(each.owner == me for each in sheet.tasks),
        may={
            "answer": may(Permission.ACTION_ANSWER, found.unit_id),
            "approve": may(Permission.ACTION_APPROVE, found.unit_id),
            "verify": may(Permission.ACTION_VERIFY, found.unit_id),
            "draft": visitor().may(Permission.DECISION_DRAFT),
        },
    )


def owners(found: "Request") -> list[SelectChoice]:
    """Return who may answer for an action."""
    people = queries.workable(db.session(), found.unit_id, clock.today())
    return by_name((str(each), name) for each, name in people.items())


def _forms(found: "Request", text: Mapping[int, texts.Text]) -> dict[str, Form]:
    """Return all forms of the page, empty or with what is on record."""
    none: dict[str, Any] = {"formdata": None}
    reject = RejectForm(prefix="reject-", **none)
    reject.reopened.choices = [
        (each.id, each.words) for each in found.tasks if each.dropped_on is None
    ]
    plan = plan_values(found)
    plan["corrected_on"] = found.corrected_on or clock.today()
    named = text.get(found.finding.revision_id or 0)
    of_tasks: dict[str, Form] = {}
    for each in found.tasks:
        of_tasks[f"work-{each.id}"] = WorkForm(
            prefix=f"work-{each.id}-", result=each.result, **none
        )
        of_tasks[f"draft-{each.id}"] = DraftForm(
            prefix=f"draft-{each.id}-", code=named.code if named else "", **none
        )
    return {
        "plain": Form(**none),
        "plan": PlanForm(prefix="plan-", data=plan, **none),
        "time": TimeForm(prefix="time-", **none),
        "scan": ScanForm(prefix="scan-", **none),
        Step.APPROVE.value: StepForm(prefix="approve-", **none),
        Step.BEGIN.value: StepForm(prefix="begin-", **none),
        Step.FINISH.value: StepForm(prefix="finish-", **none),
        Step.SEND_BACK.value: BackForm(prefix="send_back-", **none),
        Step.REPLAN.value: BackForm(prefix="replan-", **none),
        Step.REJECT.value: reject,
        Step.VERIFY.value: VerifyForm(prefix="verify-", **none),
        Step.CLOSE.value: EffectForm(prefix="close-", **none),
        Step.CARRY_ON.value: CarryOnForm(prefix="carry_on-", **none),
        **of_tasks,
    }


def _read(plan: PlanForm) -> tuple[causes.Why, ...]:
    """Return the causes as they are understood; none where they go too deep."""
    try:
        return causes.whys(plan.cause.data or "")
    except InvalidError:
        return ()
