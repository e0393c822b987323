"""Refusals that stay on record: who tried to pass which gate, although the act is undone."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms import db, trail
from qms.errors import QmsError
from qms.trail import Act, Entry

AGAIN: Final = timedelta(minutes=1)
"""Within what time the same person at the same gate of the same thing is one line."""


@contextmanager
def on_record(session: Session, act: Act, subject: str) -> Iterator[None]:
    """Let a refusal by a gate about ``subject`` be written once the act it forbids is undone."""
    try:
        yield
    except QmsError as error:
        if error.gate:
            gate = error.gate
            db.even_if_refused(session, lambda later: _write(later, act, gate, subject))
        raise


def _write(session: Session, act: Act, gate: str, subject: str) -> None:
    same = sa.select(Entry).where(
        Entry.action == "gate.refused",
        Entry.subject == subject,
        Entry.actor == act.actor,
        Entry.at > act.at - AGAIN,
    )
    if any(trail.details(each)["gate"] == gate for each in session.scalars(same)):
        return
    trail.record(session, act, action="gate.refused", subject=subject, detail={"gate": gate})
