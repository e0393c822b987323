"""The unit a page of places is about, among those in which a person may print copies."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from flask import request

from qms.accounts.rules import Permission
from qms.db import db
from qms.errors import NotAllowedError
from qms.postings import queries
from qms.text import sort_key
from qms.units.queries import unit as unit_named
from qms.units.queries import unit_by_id
from qms.web.guards import visitor

if TYPE_CHECKING:
    from qms.units.models import Unit


def reached(permission: Permission = Permission.COPY_PRINT) -> Collection[int]:
    """Return the units in which whoever is signed in may do this."""
    return visitor().reach.get(permission, frozenset())


def the_unit() -> "Unit | None":
    """Return the unit asked for with ``?unit=``, else the first one with places, else the own.

    Raises:
        NotAllowedError: it is out of reach.

    """
    session, mine = db.session(), reached()
    asked = request.args.get("unit", "")
    if asked:
        return unit_within(asked)
    first = queries.first_unit(session, mine) or next(
        (each for each in visitor().units if each in mine), None
    )
    return unit_by_id(session, first) if first else None


def unit_within(slug: str) -> "Unit":
    """Return a unit by its address word.

    Raises:
        NotAllowedError: it is out of reach.

    """
    found = unit_named(db.session(), slug)
    if found.id not in reached():
        raise NotAllowedError("Chức trách của ông, bà không cho phép việc này ở đơn vị này.")
    return found


def unit_choices() -> list[tuple[str, str]]:
    """Return address word and name of the units to choose among: offices, and who has places."""
    found = queries.with_walls(db.session(), reached())
    return sorted(found.items(), key=lambda each: sort_key(each[1]))
