"""What one citizen is told at the counter: papers, fee, day and forms of one case."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from qms.counter.calendar import Calendar
from qms.counter.rules import Promise, Term, late_hour, promise, said_of_time, term
from qms.documents import prices
from qms.documents.kinds.fees import Channel
from qms.documents.kinds.procedure import Procedure
from qms.documents.price_rules import Ground, Held, Question, reach
from qms.documents.standing import Cover
from qms.fees import asking
from qms.fees.asking import Shelf, Told
from qms.notices import answers as notice
from qms.notices.answers import Answers, Bring, Limit, Price
from qms.notices.sheets import DaySheet
from qms.text import search_key

MOST: Final = 1_000_000
"""Most pages or copies that one is asked for."""


@dataclass(frozen=True)
class Asked:
    """What the clerk chose; cases are empty where none was named.

    ``moment`` is when the dossier is received, by the office's clock.
    """

    moment: datetime
    channel: Channel | None = None
    place: int | None = None
    fee_case: str = ""
    limit_case: str = ""
    paper_case: str = ""
    pages: int = 1
    copies: int = 1


@dataclass(frozen=True)
class Charge:
    """One fee of a schedule: its answer, or those of its cases where none was chosen.

    ``later``: what it comes to if it is decided on the promised day and that is another amount.
    """

    told: Told
    by_case: tuple[tuple[str, Told], ...] = ()
    later: Told | None = None


@dataclass(frozen=True)
class Due:
    """One limit, and the day it promises."""

    limit: Limit
    promise: Promise


@dataclass(frozen=True)
class Served:
    """All that is told; ``charges`` answer, else ``catalogue`` has the catalogue's words.

    ``cases`` by what they tell apart: papers, limits, fees. ``quotes``: sentences of the
    procedure that speak of time.
    """

    sheet: DaySheet
    content: Procedure
    told: Answers
    asked: Asked
    channels: tuple[Channel, ...]
    places: Mapping[int, str]
    cases: Mapping[str, tuple[str, ...]]
    bring: Bring
    charges: tuple[Charge, ...]
    catalogue: tuple[Price, ...]
    dues: tuple[Due, ...]
    quotes: tuple[str, ...]


def serve(
    session: Session, seen: Cover, sheet: DaySheet, asked: Asked, days: Calendar
) -> Served:
    """Return what is told of a procedure for a case, a channel, a place and a moment."""
    content = sheet.content
    told = notice.answers(content, sheet.fee_lines)
    code, on = sheet.sheet.code, asked.moment.date()
    held = [
        each
        for each in prices.held_lines(session, seen, procedure=code)
        if each.line.procedure == code
    ]
    shelf = Shelf(seen, held, {code: sheet.sheet.title}, prices.ground(session))
    channels = told.channels or tuple(Channel)
    channel = asked.channel if asked.channel in channels else channels[0]
    places = _places(shelf.ground, seen.office_id, held, on)
    place = asked.place if asked.place in places else seen.office_id
    cases = {
        "papers": tuple(case.name for case in told.bring.cases if case.name),
        "limits": _distinct(limit.case for limit in told.limits if channel in limit.channels),
        "fees": _fee_cases(shelf, code, told, channel),
    }
    chosen = _chosen(replace(asked, channel=channel, place=place), cases)
    within = shelf.ground.around(seen.office_id) | shelf.ground.within(place)
    question = Question(code, channel, within, on, on, chosen.fee_case)
    dues = _dues(told, content, chosen, days)
    charges = tuple(_charges(shelf, question, chosen, dues))
    return Served(
        sheet=sheet,
        content=content,
        told=told,
        asked=chosen,
        channels=channels,
        places=places,
        cases=cases,
        bring=_bring(told.bring, chosen.paper_case),
        charges=charges,
        catalogue=() if charges else _catalogue(told.prices, chosen),
        dues=dues,
        quotes=tuple(_quotes(content, channel, known=any(due.promise.day for due in dues))),
    )


def _chosen(asked: Asked, cases: Mapping[str, Sequence[str]]) -> Asked:
    """Return what was chosen with cases that there are; one named once holds wherever it is."""
    given = {"papers": asked.paper_case, "limits": asked.limit_case, "fees": asked.fee_case}
    keys = {search_key(each) for each in given.values() if each}
    found = {}
    for about, known in cases.items():
        own = [case for case in known if search_key(case) == search_key(given[about])]
        shared = [case for case in known if search_key(case) in keys]
        found[about] = (own or (shared if not given[about] else []) or [""])[0]
    return replace(
        asked,
        paper_case=found["papers"],
        limit_case=found["limits"],
        fee_case=found["fees"],
    )


def _fee_cases(shelf: Shelf, code: str, told: Answers, channel: Channel) -> tuple[str, ...]:
    found = _distinct(shelf.cases(code))
    if found or not told.from_catalogue:
        return found
    several = [p.name for p in told.prices if not p.channels or channel in p.channels]
    return _distinct(several) if len(set(several)) > 1 else ()


def _places(ground: Ground, office: int, held: Sequence[Held], on: date) -> dict[int, str]:
    """Return the office and the places it took over, where prices of the day tell them apart."""
    found, waiting = dict[int, str](), [office]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found[each] = ground.words[each]
            waiting.extend(ground.before.get(each, ()))
    around = ground.around(office)
    reached = {tuple(reach(held, around | ground.within(each), on)) for each in found}
    return found if len(reached) > 1 else {office: ground.words[office]}


def _bring(all_of_it: Bring, case: str) -> Bring:
    """Return the papers of a case: what everybody brings, and what only that case does."""
    if not case:
        return all_of_it
    kept = tuple(each for each in all_of_it.cases if each.name in {"", case})
    return replace(all_of_it, cases=kept)


def _dues(told: Answers, content: Procedure, asked: Asked, days: Calendar) -> tuple[Due, ...]:
    late = late_hour(content)
    apt = [each for each in told.limits if asked.channel in each.channels]
    if asked.limit_case:
        apt = [each for each in apt if each.case in {"", asked.limit_case}]
    return tuple(Due(each, promise(_term(each), asked.moment, days, late)) for each in apt)


def _term(limit: Limit) -> Term:
    return term(limit.count, limit.unit, limit.words or limit.note)


def _charges(
    shelf: Shelf, question: Question, asked: Asked, dues: Sequence[Due]
) -> list[Charge]:
    """Return what each fee comes to; nothing where no schedule answers that day."""
    found = asking.tell(shelf, question, asked.pages, asked.copies)
    if not any(each.answer.lines or each.answer.cases for each in found):
        return []
    ends = {due.promise.day for due in dues if due.promise.day}
    end = max(ends, default=question.decision_day)
    then = replace(question, decision_day=end)
    later = {
        each.answer.name: each for each in asking.tell(shelf, then, asked.pages, asked.copies)
    }
    return [
        Charge(
            each,
            tuple(
                (case, one)
                for case in (each.answer.cases if not each.answer.lines else ())
                for one in asking.tell(
                    shelf, replace(question, case=case), asked.pages, asked.copies
                )
                if one.answer.name == each.answer.name
            ),
            _if_other(each, later.get(each.answer.name)),
        )
        for each in found
    ]


def _if_other(now: Told, later: Told | None) -> Told | None:
    if later is None or now.row is None or later.row is None:
        return None
    return later if later.row.rate != now.row.rate else None


def _catalogue(found: Sequence[Price], asked: Asked) -> tuple[Price, ...]:
    apt = [each for each in found if not each.channels or asked.channel in each.channels]
    if asked.fee_case:
        apt = [each for each in apt if each.name in {"", asked.fee_case}]
    return tuple(apt)


def _quotes(content: Procedure, channel: Channel, *, known: bool) -> list[str]:
    """Return what the procedure says of time beside its limit; its steps where no limit counts."""
    notes = [each.note for each in content.methods if each.channel is channel]
    return said_of_time(notes if known else [*notes, content.steps])


def _distinct(cases: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(case for case in cases if case))
