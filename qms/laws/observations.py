"""What an auditor may take up because of the law: documents not brought up to it in time."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from qms.documents.standing import in_force_ids
from qms.errors import N_
from qms.laws import queries
from qms.laws.queries import Wanted
from qms.observations import DOCUMENTS, Ask, Observation
from qms.vietnamese import day

_LATE: Final = N_("%(law)s thay đổi từ %(day)s, đã quá 3 tháng mà %(code)s chưa được cập nhật.")
_UNCHECKED: Final = N_("Bản ghi văn bản %(code)s quá hạn rà soát hằng năm: hạn %(day)s.")


def not_updated(session: Session, unit_ids: Collection[int], today: date) -> list[Observation]:
    """Return documents that lag behind the law by more than three months.

    Source: Quyết định 19/2014/QĐ-TTg, Điều 4 khoản 4 điểm a.
    """
    wanted = Wanted(sorted(unit_ids), today, overdue=True)
    found, _total = queries.dues(session, wanted)
    texts = in_force_ids(session, {each.document_id for each in found}, today)
    return [
        Observation(
            f"law/{each.law.document_id}/{each.document_id}/{each.day}",
            _LATE,
            {"law": each.law.name, "day": day(each.day), "code": each.code},
            DOCUMENTS,
            each.owner_id,
            each.document_id if each.document_id in texts else None,
            texts.get(each.document_id),
            f"/laws/duties?law={each.law.document_id}",
        )
        for each in found
    ]


def not_checked(session: Session, unit_ids: Collection[int], today: date) -> list[Observation]:
    """Return records of legal texts that nobody looked through within a year."""
    late = queries.overdue_checks(session, unit_ids, today)[: queries.PAGE_SIZE]
    codes = queries.codes(session, [document_id for document_id, _due in late])
    texts = in_force_ids(session, set(codes), today)
    return [
        Observation(
            f"record/{document_id}/{due}",
            _UNCHECKED,
            {"code": codes[document_id], "day": day(due)},
            DOCUMENTS,
            None,
            document_id if document_id in texts else None,
            texts.get(document_id),
            "/registers/external?check=1",
        )
        for document_id, due in late
    ]


OBSERVATIONS: Final[Sequence[Ask]] = (not_updated, not_checked)
