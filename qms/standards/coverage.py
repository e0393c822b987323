"""What later features know of clauses and documents: when audited, what is open.

Each feature that knows answers one question; the page that asks knows none of them.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
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
