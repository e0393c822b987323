"""What the paper of a yearly programme says. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from qms.actions.progress import Progress
from qms.audits.papers import Bar, Block, Name, Paper, Table
from qms.documents.paper import PaperSigner
from qms.vietnamese import formal_day

_MONTHS: Final = tuple(f"T{month}" for month in range(1, 13))


@dataclass(frozen=True)
class Approved:
    """What a programme says of its approval, aims and changes."""

    number: str
    decided_on: date | None
    purpose: str
    change_reason: str


def programme(
    year: int,
    rows: Sequence[tuple[str, Sequence[str], str]],
    approved: Approved,
    progress: Progress,
    signers: Sequence[PaperSigner],
    today: date,
) -> Paper:
    """Return the programme of a year: units and months with their marks, and how far it came."""
    words = [
        f"Phê duyệt theo Quyết định số {approved.number} {formal_day(approved.decided_on)}."
        if approved.decided_on
        else "Dự thảo, chưa phê duyệt.",
        *([f"Mục tiêu: {approved.purpose}"] if approved.purpose else []),
        *([f"Lý do điều chỉnh: {approved.change_reason}"] if approved.change_reason else []),
    ]
    table = Table(
        (("Đơn vị", 32), *((month, 4) for month in _MONTHS), ("Ghi chú", 20)),
        [(name, *marks, note) for name, marks, note in rows],
    )
    foot = (
        "x: theo kế hoạch; ●: đã đánh giá; ○: đang đánh giá hoặc đã lập cuộc đánh giá;"
        " !: đã qua tháng theo kế hoạch mà chưa đánh giá."
    )
    come = (
        f"Tiến độ đến {formal_day(today)}: đã đánh giá {progress.done}/{progress.planned} lượt"
        f" ({progress.share}%); đang đánh giá {progress.under_way}; chậm {progress.late};"
        f" còn lại {progress.left}."
    )
    blocks: list[Block] = [*words, table, foot]
    if progress.planned:
        blocks += [come, Bar(progress)]
    return Paper(
        Name.PROGRAMME,
        "Chương trình đánh giá nội bộ",
        f"Năm {year}",
        blocks,
        signers,
        wide=True,
    )
