"""The demonstration's forms: what citizens fill in, and the slips of the quality system."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from qms import paths
from qms.documents.rules import Audience
from qms.documents.service import Head, Line
from qms.documents.timeline import Action
from qms.library import demo, service, shelf
from qms.library.demo import Staff
from qms.library.demo_changes import PROCEDURE_GROUNDS, TEXT_GROUNDS
from qms.library.demo_units import CHANGE
from qms.library.rules import Source, revision_text
from qms.units.models import Unit

PUBLIC_NUMBER: Final = "03/QĐ-UBND"
SLIPS_NUMBER: Final = "36/QĐ-UBND"
DAYS_AGO: Final = 88


def forms() -> list[Source]:
    """Read the forms of the starter library and keep their files."""
    root = paths.PROCEDURES / "bieu-mau"
    found = shelf.read(root, shelf.paths(root))
    service.keep_blanks(found)
    return found


def enter_forms(
    session: Session, staff: Staff, office: Unit, sources: Sequence[Source]
) -> None:
    """Bring the forms into force: for citizens since the office began, the slips lately."""
    public = [s for s in sources if s.file.audience == Audience.PUBLIC]
    slips = [s for s in sources if s not in public]
    lately = staff.drafter.today - timedelta(days=DAYS_AGO)
    first = Head(
        "Ban hành biểu mẫu dùng khi thực hiện thủ tục hành chính",
        effective_on=CHANGE,
        grounds=PROCEDURE_GROUNDS,
    )
    second = Head(
        "Ban hành biểu mẫu của hệ thống quản lý chất lượng",
        effective_on=lately,
        grounds=TEXT_GROUNDS,
    )
    for head, part, number, day in (
        (first, public, PUBLIC_NUMBER, CHANGE),
        (second, slips, SLIPS_NUMBER, lately),
    ):
        documents = demo.documents_of(session, staff, office, part)
        lines = [Line(documents[s.file.code], Action.ISSUE, revision_text(s)) for s in part]
        demo.decided(session, staff, office, head, lines, number=number, day=day)
    service.enter_blanks(session, staff.drafter, sources)
