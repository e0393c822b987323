"""The demonstration's internal processes: how the office handles some of its procedures."""

from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from qms import paths
from qms.documents.service import Head, Line
from qms.documents.timeline import Action
from qms.library import demo, shelf
from qms.library.demo import Staff
from qms.library.demo_changes import TEXT_GROUNDS
from qms.library.rules import Source, revision_text
from qms.units.models import Unit

NUMBER: Final = "37/QĐ-UBND"
DAYS_AGO: Final = 60


def processes() -> list[Source]:
    """Read the processes of the starter library."""
    root = paths.PROCEDURES / "quy-trinh"
    return shelf.read(root, shelf.paths(root))


def enter_processes(session: Session, staff: Staff, office: Unit) -> None:
    """Bring the processes into force by one decision with a day that has passed."""
    sources = processes()
    documents = demo.documents_of(session, staff, office, sources)
    begin = staff.drafter.today - timedelta(days=DAYS_AGO)
    head = Head(
        "Ban hành quy trình nội bộ giải quyết thủ tục hành chính",
        effective_on=begin,
        grounds=TEXT_GROUNDS,
    )
    lines = [
        Line(documents[source.file.code], Action.ISSUE, revision_text(source))
        for source in sources
    ]
    demo.decided(session, staff, office, head, lines, number=NUMBER, day=begin)
