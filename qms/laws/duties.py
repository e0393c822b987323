"""What waits because of the law: documents to bring up to it, records to look through."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from qms.accounts.rules import Permission
from qms.duties import Ask, Bearer, Duty
from qms.errors import N_
from qms.laws import queries


def updates_due(session: Session, who: Bearer, today: date) -> Sequence[Duty]:
    """Return what happened to laws and has to be taken up in documents of this person's units."""
    mine = who.reach.get(Permission.DECISION_DRAFT, frozenset())
    if not mine:
        return []
    return [
        Duty(
            kind=N_("Cập nhật tài liệu theo pháp luật"),
            title=f"{each.law.name} – {each.law.title}",
            link=f"/laws/duties?law={each.law.document_id}",
            state="late" if each.due < today else "review",
            count=each.count,
            due=each.due,
        )
        for each in queries.groups(session, queries.Wanted(sorted(mine), today))
    ]


def checks_due(session: Session, who: Bearer, today: date) -> Sequence[Duty]:
    """Return how many records of this person's units are to be looked through again."""
    mine = who.reach.get(Permission.DECISION_DRAFT, frozenset())
    late = queries.overdue_checks(session, mine, today) if mine else []
    if not late:
        return []
    return [
        Duty(
            kind=N_("Rà soát văn bản bên ngoài"),
            title="Danh mục tài liệu bên ngoài",
            link="/registers/external?check=1",
            state="late" if late[0][1] < today else "today",
            count=len(late),
            due=late[0][1],
        )
    ]


DUTIES: Final[tuple[Ask, ...]] = (updates_due, checks_due)
