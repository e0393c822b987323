"""A process on the page of its document: bound to its procedures, in place of its plain parts."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.documents import panels
from qms.documents.kinds.process import Process
from qms.documents.models import Change
from qms.documents.panels import Looked, Panel
from qms.errors import N_
from qms.processes import chart
from qms.processes.bound import bind
from qms.processes.told import tell


def process(session: Session, looked: Looked) -> Sequence[Panel]:
    """Show a process with what it takes from its procedures that day."""
    content = looked.content
    if not isinstance(content, Process):
        return []
    bindings = bind(session, content, looked.document.owner_id, looked.on, looked.who.reader)
    told = tell(content, bindings)
    return [
        Panel(
            N_("Nội dung"),
            "processes/_process.html",
            {
                "told": told,
                "wide": chart.draw(told.bands),
                "narrow": chart.draw(told.bands, chart.PHONE),
                "document_id": looked.document.id,
                "text": _named(session, looked),
                "title": looked.revision.title,
                "whole": chart.whole,
            },
            instead=True,
        )
    ]


def _named(session: Session, looked: Looked) -> str:
    """Return the name of the text in addresses: its number, or ``d`` and the line of a draft."""
    if not looked.draft:
        return str(looked.revision.number)
    query = sa.select(Change.id).where(Change.revision_id == looked.revision.id)
    return f"d{session.scalar(query)}"


PANELS: Final[tuple[panels.Ask, ...]] = (process,)
