"""What the system itself sees amiss: the one shape in which every feature tells an auditor."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

Ask = Callable[[Session, Collection[int], date], Sequence["Observation"]]
"""A feature's question: what is amiss in these units on this day?"""


@dataclass(frozen=True)
class Observation:
    """One thing amiss that an auditor may take into a checklist.

    ``key`` names it for ever; ``sentence`` is one for gettext with ``values`` in it.
    ``clauses`` tells by edition of the standard which clause it touches. ``revision_id`` is the
    text in force that it is about, ``link`` an address of this site.
    """

    key: str
    sentence: str
    values: Mapping[str, str] = field(default_factory=dict)
    clauses: Mapping[str, str] = field(default_factory=dict)
    unit_id: int | None = None
    document_id: int | None = None
    revision_id: int | None = None
    link: str = ""

    @property
    def words(self) -> str:
        """Return what it says in Vietnamese, as paper says it."""
        return self.sentence % self.values if self.values else self.sentence


DOCUMENTS = {"9001:2008": "4.2.3", "9001:2015": "7.5.3"}
"""The clauses about keeping documents under control."""
CARE = {"9001:2008": "7.5.1", "9001:2015": "8.5.1"}
"""The clauses about doing the work under control."""
AWARENESS = {"9001:2008": "6.2.2", "9001:2015": "7.3"}
"""The clauses about people knowing what they work by."""
AUDITS = {"9001:2008": "8.2.2", "9001:2015": "9.2.2"}
"""The clauses about internal audits."""


def of_all(
    asks: Collection[Ask], session: Session, unit_ids: Collection[int], today: date
) -> list[Observation]:
    """Return what all features see amiss in some units, each thing once."""
    found = {each.key: each for ask in asks for each in ask(session, unit_ids, today)}
    return list(found.values())
