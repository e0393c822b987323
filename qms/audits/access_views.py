"""Whoever looks at audits, the office a page is about, and what is offered in forms."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from flask import g, request

from qms import clock
from qms.accounts.rules import Permission
from qms.audits import queries
from qms.audits.queries import Viewer
from qms.db import db
from qms.errors import NotAllowedError
from qms.text import sort_key, whole_number
from qms.units.queries import lines_of_descent, places, unit_by_id
from qms.units.rules import office_of
from qms.web.guards import visitor

if TYPE_CHECKING:
    from qms.audits.models import Audit
    from qms.units.models import Unit


_NAMES: Final = "audit_unit_names"
_SEEN: Final = "audit_units_seen"


def viewer() -> Viewer:
    """Return who looks, with the units whose audits are theirs to see."""
    return Viewer(visitor().id, seen())


def seen() -> frozenset[int]:
    """Return the units whose audits the visitor may read, and those that they carry on."""
    if _SEEN not in g:
        mine = visitor().reach.get(Permission.AUDIT_READ, frozenset())
        setattr(g, _SEEN, frozenset(lines_of_descent(db.session(), mine, carrying=True)))
    found: frozenset[int] = getattr(g, _SEEN)
    return found


def the_audit(audit_id: int) -> "Audit":
    """Return an audit that the visitor may open."""
    return queries.audit(db.session(), audit_id, viewer())


def plans(audit: "Audit") -> bool:
    """Tell whether the visitor plans audits in the office of this one."""
    return audit.owner_id in visitor().reach.get(Permission.AUDIT_PLAN, frozenset())


def approves(audit: "Audit") -> bool:
    """Tell whether the visitor decides on audits in the office of this one."""
    return audit.owner_id in visitor().reach.get(Permission.AUDIT_APPROVE, frozenset())


def offices() -> list[tuple[int, str]]:
    """Return the offices whose programmes the visitor may see, by name."""
    who, placed = visitor(), places(db.session())
    found = {office_of(placed, each) for each in (*who.units, *seen()) if each in placed}
    called = names()
    named = [(each, called.get(each, str(each))) for each in found]
    return sorted(named, key=lambda pair: (sort_key(pair[1]), pair[0]))


def the_office() -> "Unit":
    """Return the office asked for with ``?unit=``, else the visitor's own.

    Raises:
        NotAllowedError: the visitor works in none, or asks for another's.

    """
    who, session = visitor(), db.session()
    known = {each for each, _name in offices()}
    asked = whole_number(request.args.get("unit"))
    own = next((office_of(places(session), each) for each in who.units), None)
    wanted = asked if asked is not None else own
    if wanted is None or wanted not in known:
        raise NotAllowedError("Cơ quan này không thuộc phạm vi của ông, bà.")
    return unit_by_id(session, wanted)


def names() -> Mapping[int, str]:
    """Return what units are called today, asked once for a page."""
    if _NAMES not in g:
        setattr(g, _NAMES, queries.unit_names(db.session(), clock.today()))
    found: Mapping[int, str] = getattr(g, _NAMES)
    return found
