"""What is said of a file when it is handed out: whether it is in force, and since when not."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from qms.documents.document_access import Seen
from qms.documents.models import Revision
from qms.vietnamese import day

DRAFT: Final = "DỰ THẢO"
COMING: Final = "CHƯA CÓ HIỆU LỰC"
ENDED: Final = "HẾT HIỆU LỰC"


@dataclass(frozen=True)
class Handed:
    """How a file stands; ``words`` are stamped on a copy, ``why`` is the line below them."""

    words: str
    why: str = ""

    @property
    def in_force(self) -> bool:
        """Whether the file is the one to be used."""
        return not self.words

    def remark(self, at: datetime) -> str:
        """Return the line at the foot of a copy made at an instant of the office."""
        kept = "TÀI LIỆU LỖI THỜI – " if self.words == ENDED else ""
        printed = f"Bản in từ hệ thống lúc {at:%H:%M}, {day(at.date())}"
        return (
            f"{kept}TÀI LIỆU THAM KHẢO, KHÔNG KIỂM SOÁT. {self.why} {printed} – chỉ có giá trị"
            " khi đối chiếu với bản hiện hành."
        )


def handed(seen: Seen, revision: Revision, today: date) -> Handed:
    """Return how the file of a text stands on a day."""
    if revision.number is None:
        return Handed(DRAFT, "Dự thảo, chưa ký.")
    stands = seen.stands
    if stands is not None and stands.revision_id == revision.id:
        return Handed("")
    spans = [e for e in seen.events if e.change.revision_id == revision.id and e.by is None]
    coming = [e.change.effective_on for e in spans if (e.change.effective_on or today) > today]
    if coming and coming[-1]:
        return Handed(COMING, f"Có hiệu lực từ {day(coming[-1])}.")
    ends = [e.last_day for e in spans if e.last_day is not None]
    if ends:
        return Handed(ENDED, f"Hết hiệu lực từ {day(ends[0] + timedelta(days=1))}.")
    return Handed(ENDED, "Đã được đính chính hoặc hủy.")
