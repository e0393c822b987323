"""How far the audits of a year have come, as later features tell the dashboard."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Progress:
    """The programme of an office: what it plans, and how much of that is done, under way or late."""

    owner_id: int
    year: int
    planned: int
    done: int
    under_way: int
    late: int

    @property
    def left(self) -> int:
        """How much is still to come in its time."""
        return self.planned - self.done - self.under_way - self.late

    @property
    def share(self) -> int:
        """How much is done, in hundredths."""
        return 100 * self.done // self.planned if self.planned else 0


Ask = Callable[[Session, Collection[int], date], Sequence[Progress]]
"""What is known of the programmes of some offices on a day."""
