"""What the papers of an audit under way and after it say: checklist, attendance, report. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from qms.audits.papers import (
    Block,
    Cell,
    FindingRow,
    Head,
    LineRow,
    Name,
    Paper,
    Table,
    about,
    listed,
)
from qms.audits.rules import Meeting
from qms.documents.paper import PaperSigner

MEETINGS: Final = {Meeting.OPENING: "Họp mở đầu", Meeting.CLOSING: "Họp kết thúc"}
_DOSSIER: Final = ("Ngày nhận", "Ngày hẹn trả", "Ngày trả", "Trễ (ngày làm việc)")


@dataclass(frozen=True)
class Told:
    """What a report tells beside who audited whom.

    ``gone`` are the clauses that had findings in the year before and have none in this one.
    """

    year: int
    meetings: Sequence[tuple[Cell, ...]]
    dossiers: Sequence[tuple[Cell, ...]]
    findings: Sequence[FindingRow]
    by_unit: Sequence[tuple[Cell, ...]]
    by_clause: Sequence[tuple[Cell, ...]]
    gone: Sequence[str]
    exceptions: Sequence[str]
    changed: Sequence[str]
    counts: Mapping[str, int]
    conclusion: str
    reported_on: date | None


def checklist(
    head: Head,
    lines: Sequence[LineRow],
    samples: Sequence[tuple[Cell, ...]],
    auditors: Sequence[str],
) -> Paper:
    """Return the checklist, to be filled in by hand or as its auditors answered it."""
    table = Table(
        (
            ("Nội dung", 18),
            ("Câu hỏi", 31),
            ("Điều khoản", 7),
            ("Bản được hỏi", 12),
            ("Kết quả", 10),
            ("Bằng chứng, ghi chú", 22),
        ),
        [
            (
                each.topic,
                each.question,
                each.clause,
                "\n".join(filter(None, (each.text, each.flag))),
                each.result,
                each.note,
            )
            for each in lines
        ],
    )
    dossiers = Table(
        (("Số hồ sơ", 22), *((each, 14) for each in _DOSSIER), ("Câu hỏi số", 22)),
        samples,
        title="Hồ sơ lấy mẫu",
    )
    alone = auditors[0] if len(auditors) == 1 else ""
    return Paper(
        Name.CHECKLIST,
        "Phiếu đánh giá nội bộ",
        head.named,
        [
            f"Đơn vị được đánh giá: {listed(head.units)}. Thời gian: {head.days}.",
            f"Đánh giá viên: {listed(auditors)}.",
            table,
            *([dossiers] if samples else []),
        ],
        [PaperSigner("", "Đánh giá viên", alone), PaperSigner("", "Đại diện đơn vị")],
        wide=True,
    )


def attendance(
    head: Head, meetings: Sequence[tuple[str, str, str, Sequence[tuple[str, str]]]], writer: str
) -> Paper:
    """Return the lists of who was at the meetings: title, when and where, minutes, people."""
    blocks = [
        Table(
            (("Họ và tên", 34), ("Chức vụ, đơn vị", 40), ("Ký tên", 26)),
            [(name, post, "") for name, post in people] or [("", "", "")] * 8,
            title=title,
            words=[each for each in (where, minutes) if each],
        )
        for title, where, minutes, people in meetings
    ]
    return Paper(
        Name.ATTENDANCE,
        "Danh sách tham dự họp",
        head.named,
        blocks,
        [PaperSigner("", "Người ghi", writer), head.lead],
    )


def report(head: Head, told: Told) -> Paper:
    """Return the summary report: findings by unit, clause and grade, beside the year before."""
    blocks: list[Block] = [
        *about(replace(head, team=())),
        Table(
            (("Họ và tên", 34), ("Nhiệm vụ", 26), ("Chứng nhận đánh giá viên", 40)),
            [(each.name, each.duty, each.qualified) for each in head.team],
            title="Đoàn đánh giá",
        ),
        Table(
            (("Cuộc họp", 22), ("Thời gian", 28), ("Địa điểm", 36), ("Số người dự", 14)),
            told.meetings,
            title="Các cuộc họp",
        ),
        "Kết quả phiếu đánh giá: "
        + "; ".join(f"{words.lower()} {count}" for words, count in told.counts.items())
        + ".",
        Table(
            (("Số hồ sơ", 28), *((each, 18) for each in _DOSSIER)),
            told.dossiers,
            title="Hồ sơ lấy mẫu",
        ),
        *_findings(told),
    ]
    if told.changed:
        blocks += [
            "Tài liệu đã thay đổi trong khi đánh giá:",
            *(f"- {each}" for each in told.changed),
        ]
    if told.exceptions:
        blocks += [
            "Ngoại lệ về tính độc lập do lãnh đạo cho phép:",
            *(f"- {each}" for each in told.exceptions),
        ]
    blocks.append(f"Kết luận: {told.conclusion}" if told.conclusion else "Kết luận: chưa viết.")
    return Paper(
        Name.REPORT,
        "Báo cáo tổng hợp kết quả đánh giá nội bộ",
        head.named,
        blocks,
        [head.lead, head.chief],
        number=f"Số: ……/BC-{head.sign}",
        on=told.reported_on,
    )


def _findings(told: Told) -> Iterator[Block]:
    graded = (
        ("Nặng", 10),
        ("Nhẹ", 9),
        ("Lưu ý", 11),
        ("Cơ hội", 12),
        (f"Cộng năm {told.year}", 12),
        (f"Năm {told.year - 1}", 10),
    )
    yield Table((("Đơn vị", 36), *graded), told.by_unit, title="Phát hiện theo đơn vị")
    yield Table(
        (("Điều khoản", 36), *graded), told.by_clause, title="Phát hiện theo điều khoản"
    )
    if told.gone:
        yield (
            f"Điều khoản có phát hiện năm {told.year - 1}, không có trong cuộc này:"
            f" {listed(told.gone)}."
        )
    yield Table(
        (
            ("Số", 20),
            ("Đơn vị", 15),
            ("Điều khoản", 10),
            ("Mức độ", 11),
            ("Nội dung", 23),
            ("Bằng chứng", 21),
        ),
        [(e.code, e.unit, e.clause, e.grade, e.text, e.evidence) for e in told.findings],
        title="Các phát hiện",
    )
