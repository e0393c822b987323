"""Who looks at findings: a person, and the units that are theirs."""

from datetime import date
from typing import Any, Final

from flask import g, request

from qms import clock
from qms.accounts.rules import Permission
from qms.actions import lists
from qms.actions.forms import ListForm
from qms.actions.lists import Wanted
from qms.actions.queries import Who
from qms.actions.rules import Grade, Source, State
from qms.db import db
from qms.text import whole_number
from qms.units.queries import entered_names, lines_of_descent
from qms.web.guards import visitor

_WHO: Final = "actions_who"


def who() -> Who:
    """Return who looks, at what their units found and those that they carry on."""
    if _WHO not in g:
        mine = visitor().reach.get(Permission.ACTION_READ, frozenset())
        seen = lines_of_descent(db.session(), mine, carrying=True)
        setattr(g, _WHO, Who(visitor().id, frozenset(seen)))
    found: Who = getattr(g, _WHO)
    return found


def may(permission: Permission, unit_id: int) -> bool:
    """Tell whether a post of the visitor allows something in a unit."""
    return unit_id in visitor().reach.get(permission, frozenset())


def reached(permission: Permission) -> list[tuple[int, str]]:
    """Return the units in which the visitor may do something, by name."""
    mine = visitor().reach.get(permission, frozenset())
    names = entered_names(db.session())
    return lists.by_name({each: names[each] for each in mine if each in names})


def asked(today: date, page: int | None) -> Wanted:
    """Return what the address asks of a list; anything odd asks for nothing."""
    args = request.args
    return Wanted(
        who=who(),
        today=today,
        unit_id=whole_number(args.get("unit")),
        state=_one_of(State, "state"),
        grade=_one_of(Grade, "grade"),
        source=_one_of(Source, "source"),
        clause=args.get("clause", ""),
        document_id=whole_number(args.get("document")),
        year=whole_number(args.get("year")),
        only=args.get("only", ""),
        page=page,
    )


def values(wanted: Wanted) -> dict[str, Any]:
    """Return what an address needs to ask for the same."""
    found = {
        "unit": wanted.unit_id,
        "state": wanted.state,
        "grade": wanted.grade,
        "source": wanted.source,
        "clause": wanted.clause,
        "document": wanted.document_id,
        "year": wanted.year,
        "only": wanted.only,
    }
    return {name: str(value) for name, value in found.items() if value}


def filters(names: dict[int, str]) -> ListForm:
    """Return the form of a list with what there is to choose among."""
    session, form = db.session(), ListForm(request.args)
    seen = lists.units(session, who(), clock.today())
    shown = {each: names.get(each, str(each)) for each in seen}
    living, ended = lists.grouped(shown, [each for each, is_over in seen.items() if is_over])
    form.offer(living, ended, lists.years(session, who()) or [clock.today().year])
    return form


def _one_of(kind: Any, name: str) -> Any:  # noqa: ANN401 - any of the enumerations
    typed = request.args.get(name, "")
    return kind(typed) if typed in set(kind) else None
