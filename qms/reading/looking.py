"""One text as the person sees it who is to read it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from qms.documents.document_access import Seen, look
from qms.documents.models import Revision
from qms.duties import Bearer
from qms.errors import NotFoundError
from qms.reading import queries
from qms.reading.queries import Asked
from qms.registers.rules import numbers


@dataclass(frozen=True)
class Looked:
    """A text, what is asked about it of the person, and on which day they said it was read.

    ``present`` is the text of the same document that is in force and may be read;
    ``first_day`` the day from which this one is or was.
    """

    revision: Revision
    seen: Seen
    asked: Asked | None
    read_on: date | None
    present: int | None
    first_day: date | None

    @property
    def code(self) -> str:
        """The code of the document."""
        return self.seen.document.code

    @property
    def printed(self) -> str:
        """How often it was issued and amended."""
        return numbers(self.revision.issue_no, self.revision.amendment_no)

    @property
    def holds(self) -> bool:
        """Whether it is in force."""
        return self.present == self.revision.id

    @property
    def may_confirm(self) -> bool:
        """Whether the person is still to say that they read it."""
        return self.asked is not None and self.read_on is None


def open_text(session: Session, revision_id: int, who: Bearer, today: date) -> Looked:
    """Return a text as a person sees it.

    Raises:
        NotFoundError: there is none, or it is not for this person.

    """
    revision = queries.text(session, revision_id)
    seen = look(session, revision.document_id, who.id, today)
    if revision_id not in seen.readable:
        raise NotFoundError("Không có bản này.")
    mine = queries.asked_of(session, who.since, today)
    asked = next((each for each in mine if each.revision_id == revision_id), None)
    read = queries.read_by(session, [who.id], [asked] if asked else [])
    own = queries.reading(session, who.id, revision_id)
    days = [each.day for each in (*read.values(), own) if each is not None]
    present, first_day = queries.holding(session, revision, today)
    return Looked(
        revision=revision,
        seen=seen,
        asked=asked,
        read_on=min(days, default=None),
        present=present if present in seen.readable else None,
        first_day=first_day,
    )
