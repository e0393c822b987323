"""The question what something costs, as a person asks it, and the answer they read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from qms.documents import prices, search
from qms.documents.price_rules import Answer, Ground, Held, Question, answer, cost
from qms.documents.search_rules import asked
from qms.documents.standing import Cover
from qms.fees.queries import READABLE, titles
from qms.fees.rules import Row
from qms.text import search_key
from qms.vietnamese import amount_in_words

MOST = 12
"""Procedures that are offered at once."""


@dataclass(frozen=True)
class Told:
    """One fee: the row that answers, what it comes to, or why there is no answer."""

    answer: Answer
    row: Row | None
    total: int | None

    @property
    def total_in_words(self) -> str:
        """The total in words."""
        return "" if self.total is None else amount_in_words(self.total)


@dataclass(frozen=True)
class Shelf:
    """The prices of an office on a day, and the procedures they are for."""

    seen: Cover
    held: Sequence[Held]
    titles: dict[str, str]
    ground: Ground

    def cases(self, procedure: str) -> list[str]:
        """Return the cases that have a price of their own, each once."""
        found = (each.line.case for each in self.held if each.line.procedure == procedure)
        return [case for case in dict.fromkeys(found) if case]


def shelf(session: Session, unit_id: int, on: date) -> Shelf:
    """Return all prices that reach an office, over the whole timeline."""
    seen = prices.cover_near(session, unit_id, on)
    held = prices.held_lines(session, seen, audiences=READABLE)
    named = titles(session, seen, on, {each.line.procedure for each in held})
    return Shelf(seen, held, named, prices.ground(session))


def offered(session: Session, found: Shelf, words: str, on: date) -> list[tuple[str, str]]:
    """Return codes and titles of procedures that fit: those with a price first."""
    wanted = search_key(words).split()
    codes = dict.fromkeys(each.line.procedure for each in found.held)
    if words.strip() in codes:
        return [(words.strip(), found.titles.get(words.strip(), ""))]
    said = {
        code: " ".join((code, found.titles.get(code, ""), *_names(found.held, code)))
        for code in codes
    }
    mine = {
        code: found.titles.get(code, "")
        for code in codes
        if all(word in search_key(said[code]) for word in wanted)
    }
    hits = search.find(
        session, search.board(found.seen, on), asked(words), page=1, size=MOST
    ).hits
    others = {hit.code: hit.title for hit in hits if hit.code not in mine}
    return [*mine.items(), *others.items()][:MOST]


def tell(found: Shelf, question: Question, units: int, copies: int) -> list[Told]:
    """Return what each fee of a procedure comes to."""
    return [
        Told(
            each,
            Row(each.line, found.titles.get(question.procedure, "")) if each.line else None,
            _total(each, units, copies),
        )
        for each in answer(found.held, question)
    ]


def _total(found: Answer, units: int, copies: int) -> int | None:
    one = cost(found.line.line, units) if found.line else None
    return None if one is None else one * copies


def _names(held: Iterable[Held], code: str) -> list[str]:
    return list(dict.fromkeys(each.line.name for each in held if each.line.procedure == code))
