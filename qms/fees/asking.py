"""The question what something costs, as a person asks it, and the answer they read."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from qms.documents import prices, search
from qms.documents.kinds.fees import Channel
from qms.documents.price_rules import Answer, Ground, Held, Question, answer, cost
from qms.documents.search_rules import asked
from qms.documents.standing import Cover
from qms.fees.queries import READABLE, titles
from qms.fees.rules import Row
from qms.text import search_key
from qms.vietnamese import amount_in_words

MOST = 12
"""Procedures that are offered at once."""
_ASKING: Final = (
    *("het bao nhieu tien", "het bao nhieu", "bao nhieu tien", "bao nhieu", "gia bao nhieu"),
    *("mat bao nhieu", "muc thu", "le phi", "phi", "tien", "nop", "truc tuyen", "truc tiep"),
)
"""What people say besides the thing itself; the longer words first."""
_COUNTED: Final = re.compile(r"\b(\d{1,6}) (?:trang|to|ban|quyen|bo)\b")


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
    words = plainly(words)
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


def plainly(words: str) -> str:
    """Return a question of a citizen without the words that every such question has."""
    key = search_key(words)
    for each in _ASKING:
        key = f" {key} ".replace(f" {each} ", " ").strip()
    return " ".join(_COUNTED.sub(" ", key).split()) or words


def counted(words: str) -> int:
    """Return how many pages or pieces a question names; one where it names none."""
    found = _COUNTED.search(search_key(words))
    return max(int(found[1]), 1) if found else 1


def channel(words: str) -> Channel:
    """Return the channel that a question names; the counter where it names none."""
    return Channel.ONLINE if "truc tuyen" in search_key(words) else Channel.DIRECT


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
