"""The procedure a citizen means, found by everyday words as well as by those of the law."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from qms.documents import search
from qms.documents.search import Hit
from qms.documents.search_rules import Asked, asked
from qms.documents.standing import Cover
from qms.fees.asking import plainly
from qms.notices import meant as meaning
from qms.text import search_key

MOST: Final = 12
"""Procedures that are offered at once."""

_A_PRICE: Final = ("bao nhieu", "gia bao")


@dataclass(frozen=True)
class Found:
    """What fits, the likeliest first; ``names``: what the everyday words were taken for."""

    hits: Sequence[Hit]
    total: int
    names: tuple[str, ...] = ()


def find(session: Session, seen: Cover, on: date, words: str) -> Found:
    """Return the procedures on the board of a day that a citizen's words fit."""
    key = search_key(words)
    wanted = asked(plainly(words) if any(each in key for each in _A_PRICE) else words)
    shelves = search.board(seen, on)
    meant = meaning.meant(session, shelves, words)
    literal = search.find(session, shelves, wanted, page=1, size=MOST)
    first = [] if meant.whole else [hit for hit in literal.hits if _is_said(hit, wanted)]
    others = [hit for hit in literal.hits if hit.named or not meant.hits]
    order = {hit.document_id: hit for hit in (*first, *meant.hits, *others)}
    return Found(
        list(order.values())[:MOST],
        len(order) if meant.hits else literal.total,
        meant.names,
    )


def _is_said(hit: Hit, wanted: Asked) -> bool:
    """Tell whether all that was typed stands in one piece in the name, or is the code."""
    whole = f" {search_key(wanted.needed)} "
    return whole in f" {search_key(hit.title)} " or wanted.code in search_key(hit.code)
