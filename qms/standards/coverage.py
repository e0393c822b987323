"""What later features know of clauses and documents: when audited, what is open.

Each feature that knows answers one question; the page that asks knows none of them.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Told:
    """What one feature knows of an office: by number of a clause, and by number of a document.

    ``where``: the address of the list of what is open.
    """

    clause_audited: Mapping[str, date] = field(default_factory=dict)
    document_audited: Mapping[int, date] = field(default_factory=dict)
    clause_open: Mapping[str, int] = field(default_factory=dict)
    document_open: Mapping[int, int] = field(default_factory=dict)
    where: str = ""


Ask = Callable[[Session, Collection[int], str], Told]
"""A feature's question: what of the clauses of an edition, and of documents, in some units?"""


def together(found: Iterable[Told]) -> Told:
    """Return what several features know: the last audit of each, and all that is open."""
    clause_audited: dict[str, date] = {}
    document_audited: dict[int, date] = {}
    clause_open: dict[str, int] = {}
    document_open: dict[int, int] = {}
    where = ""
    for each in found:
        for number, day in each.clause_audited.items():
            clause_audited[number] = max(day, clause_audited.get(number, day))
        for document, day in each.document_audited.items():
            document_audited[document] = max(day, document_audited.get(document, day))
        for number, count in each.clause_open.items():
            clause_open[number] = clause_open.get(number, 0) + count
        for document, count in each.document_open.items():
            document_open[document] = document_open.get(document, 0) + count
        where = where or each.where
    return Told(clause_audited, document_audited, clause_open, document_open, where)


def described(told: Told, by: Mapping[int, Collection[int]]) -> Told:
    """Count what was audited of processes for the procedures that they describe.

    ``by``: the processes that describe each procedure, all by number of the document.
    """
    found = dict(told.document_audited)
    for procedure, processes in by.items():
        days = [found[each] for each in (procedure, *processes) if each in found]
        if days:
            found[procedure] = max(days)
    return replace(told, document_audited=found)


@dataclass(frozen=True)
class Figures:
    """How much of an office was audited in a year, and how much there is."""

    year: int
    clauses: int
    all_clauses: int
    procedures: int
    all_procedures: int


def figures(
    told: Told, clauses: Collection[str], procedures: Collection[int], year: int
) -> Figures:
    """Return how many of some clauses and procedures were audited in a year."""
    return Figures(
        year,
        sum(seen_in(last_audit(told, each), year) for each in clauses),
        len(clauses),
        sum(seen_in(told.document_audited.get(each), year) for each in procedures),
        len(procedures),
    )


def upwards(number: str) -> list[str]:
    """Return the number of a clause, then of those that it divides: 7.5.3, 7.5, 7."""
    parts = number.split(".")
    return [".".join(parts[:length]) for length in range(len(parts), 0, -1)]


def last_audit(told: Told, number: str) -> date | None:
    """Return when a clause was last audited, or one that it divides."""
    days = [told.clause_audited.get(each) for each in upwards(number)]
    return max((day for day in days if day is not None), default=None)


def seen_in(day: date | None, year: int) -> bool:
    """Tell whether the last audit was in a year."""
    return day is not None and day.year == year
