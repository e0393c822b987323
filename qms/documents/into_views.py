"""Which units somebody drafts for, and which open draft takes a new line."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wtforms import SelectField

from qms import clock
from qms.accounts.rules import Permission
from qms.db import db
from qms.documents import decision_queries
from qms.documents.decision_forms import choices
from qms.units.queries import headings, units
from qms.web.guards import visitor

if TYPE_CHECKING:
    from qms.documents.forms import IntoForm

FIRST = 5
"""Owners whose open drafts are offered."""


def offer_owners(field: SelectField) -> list[int]:
    """Offer the units a person drafts for, offices first; return them."""
    session, today = db.session(), clock.today()
    powers = decision_queries.powers(session, visitor().id, today)
    owners = [
        each
        for each in units(session, today)
        if Permission.DECISION_DRAFT in powers.get(each.id, frozenset())
    ]
    owners.sort(key=lambda each: (not each.office, each.slug))
    heads = headings(session, today, [each.id for each in owners]) if owners else {}
    field.choices = choices(
        *((o.slug, heads[o.id].name if o.id in heads else o.slug) for o in owners)
    )
    return [each.id for each in owners]


def offer_drafts(form: "IntoForm", owners: Sequence[int]) -> None:
    """Offer the open drafts of units besides a new one."""
    found = [
        each
        for owner_id in owners[:FIRST]
        for each in decision_queries.open_drafts(db.session(), owner_id)
    ]
    form.into.choices += choices(*((str(each.id), each.title[:120]) for each in found))
