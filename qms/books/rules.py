"""Which book is asked for, and on which page its parts begin.

Pages are counted from the cover, which is page 1, through the whole book.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Final

from qms.notices.printing import Paper

MOST_COPIES: Final = 999


@dataclass(frozen=True)
class Asked:
    """Which book: of a unit or one field of it, of a day, on a paper, as which numbered copy.

    Without ``bound`` the sheets only follow each other; number 0 is a print nobody tracks.
    """

    unit: str
    field: str
    on: date
    paper: Paper
    bound: bool = True
    number: int = 0

    @property
    def leaves_apart(self) -> bool:
        """Whether each part begins on a leaf of its own, so that it can be taken out."""
        return self.paper is Paper.FOLDER


def even(pages: int) -> int:
    """Return how many sides that many pages take when the next part begins on a new leaf."""
    return pages + pages % 2


def starts(front: int, counts: Sequence[int], *, apart: bool) -> list[int]:
    """Return the page on which each part begins, after ``front`` pages of cover and contents."""
    taken = [even(n) if apart else n for n in (front, *counts)]
    return [before + 1 for before in accumulate(taken)][: len(counts)]
