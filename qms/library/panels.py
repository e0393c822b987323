"""What is offered beside a text: a fee schedule as a workbook."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy.orm import Session

from qms.documents.kinds.fee import FeeSchedule
from qms.documents.panels import Looked, Panel
from qms.errors import N_


def workbook(session: Session, looked: Looked) -> Sequence[Panel]:
    """Return the way to the workbook of a signed schedule."""
    del session
    if not isinstance(looked.content, FeeSchedule) or looked.draft:
        return []
    values = {"document_id": looked.document.id, "name": str(looked.revision.number)}
    return [Panel(N_("Tải về"), "fees/_workbook.html", values, main=False)]


PANELS: Final = (workbook,)
