"""One document as the visitor sees it, with what their work elsewhere opens to them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from flask import Flask, current_app

from qms import clock
from qms.db import db
from qms.documents import document_access
from qms.documents.document_access import Lends, Seen
from qms.web.guards import visitor

_ASKS: Final = "qms_lent"


def init_app(app: Flask, asks: Sequence[Lends]) -> None:
    """Hand in what each feature lends."""
    app.extensions[_ASKS] = tuple(asks)


def opened(
    document_id: int, *, on: date | None = None, known_at: datetime | None = None
) -> Seen:
    """Return a document as the visitor sees it.

    Raises:
        NotFoundError: there is none, or none of its texts is for the visitor.

    """
    session, me, today = db.session(), visitor().id, clock.today()
    return document_access.look(
        session, document_id, me, today, on=on, known_at=known_at, lent=_lent
    )


def _lent() -> frozenset[int]:
    asks: tuple[Lends, ...] = current_app.extensions[_ASKS]
    session, me = db.session(), visitor().id
    return frozenset(each for ask in asks for each in ask(session, me))
