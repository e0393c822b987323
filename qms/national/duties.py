"""What waits because of the catalogue: doubts about signed texts that nobody has settled."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from qms.accounts.rules import Permission
from qms.documents import remarks
from qms.documents.impact import Matter
from qms.documents.remarks import Remark
from qms.duties import Ask, Bearer, Duty
from qms.errors import N_
from qms.national.page_queries import unsettled
from qms.national.queries import SOURCE, unsettled_in


def doubts_to_settle(session: Session, who: Bearer, today: date) -> Sequence[Duty]:
    """Return the open doubts about signed texts of the units this person imports for."""
    del today
    mine = who.reach.get(Permission.NATIONAL_IMPORT, frozenset())
    if not mine:
        return []
    return [
        Duty(
            kind=N_("Thủ tục đã ký còn nghi vấn của danh mục quốc gia"),
            title=run.file_name,
            link=f"/national/{run.id}?show=doubtful",
            state="review",
            count=procedures,
            since=run.at,
        )
        for run, procedures in unsettled(session, mine)
    ]


def doubts_in_draft(session: Session, matter: Matter) -> Sequence[Remark]:
    """Return how much of a draft that came from the catalogue is open to doubt."""
    decision = matter.decision
    if decision.source != SOURCE:
        return []
    procedures, places = unsettled_in(session, decision.id)
    if not places:
        return []
    sentence = N_(
        "%(procedures)s thủ tục của dự thảo còn %(places)s chỗ nghi vấn; mức thu còn nghi vấn in"
        " là “chưa xác định”."
    )
    return [Remark(sentence, {"procedures": procedures, "places": places})]


IMPACT: Final[tuple[remarks.Ask, ...]] = (doubts_in_draft,)
DUTIES: Final[tuple[Ask, ...]] = (doubts_to_settle,)
