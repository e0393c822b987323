"""What findings have to say beside a document: those that are open about it."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy.orm import Session

from qms.accounts.rules import Permission
from qms.actions import lists
from qms.actions.lists import OPEN, Wanted
from qms.actions.queries import Who
from qms.documents.panels import Ask, Looked, Panel
from qms.errors import N_


def open_findings(session: Session, looked: Looked) -> Sequence[Panel]:
    """Return the open findings about a document that the reader may see."""
    units = frozenset(looked.who.where(Permission.ACTION_READ))
    if looked.draft or not units:
        return []
    wanted = Wanted(
        Who(looked.who.user_id, units),
        looked.on,
        document_id=looked.document.id,
        only=OPEN,
    )
    rows = lists.findings(session, wanted)
    if not rows:
        return []
    return [Panel(N_("Phát hiện còn mở"), "actions/_open.html", {"rows": rows}, main=False)]


PANELS: Final[tuple[Ask, ...]] = (open_findings,)
