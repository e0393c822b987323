"""A unit with all that decides who speaks for it, and how texts reach it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from qms.notices.stories import confirmations, standing_by
from qms.units.models import Heading, Unit
from qms.units.rules import Place


@dataclass(frozen=True)
class Seat:
    """A unit, the headings of it and its office, and those of whoever decides for it.

    ``within`` are the address words of all that the unit lies in.
    """

    unit: Unit
    places: Mapping[int, Place]
    headings: Sequence[Heading]
    issuers: Sequence[Heading] = ()
    within: frozenset[str] = frozenset()

    def instants(self) -> set[datetime]:
        """Return when the headings were confirmed."""
        return confirmations((*self.headings, *self.issuers))

    def as_known(self, at: datetime) -> "Seat":
        """Return it as known at an instant."""
        return replace(
            self,
            headings=standing_by(self.headings, at),
            issuers=standing_by(self.issuers, at),
        )
