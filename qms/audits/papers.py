"""What the papers of audits say, as blocks that become paper or a workbook. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import Final, TypeAlias

from qms.actions.progress import Progress
from qms.documents.paper import PaperSigner
from qms.text import fold
from qms.vietnamese import day as day_words
from qms.vietnamese import formal_day

Cell: TypeAlias = str | int | date | None


class Name(StrEnum):
    """The papers there are."""

    PROGRAMME = "programme"
    TEAM = "team"
    PLAN = "plan"
    NOTICE = "notice"
    CHECKLIST = "checklist"
    ATTENDANCE = "attendance"
    REPORT = "report"


_TITLES: Final = ("danh gia", "du hop", "hop mo dau", "hop ket thuc")
"""What titles of forms for audits say, without accents."""

OF_AUDIT: Final = tuple(each for each in Name if each is not Name.PROGRAMME)

LEAD: Final = "Trưởng đoàn"
CHIEF: Final = PaperSigner("", "Thủ trưởng")
"""Who signs for an office of no known kind."""


@dataclass(frozen=True)
class Table:
    """A table: headings with widths in hundredths, rows, and words between title and rows."""

    columns: tuple[tuple[str, int], ...]
    rows: Sequence[tuple[Cell, ...]]
    title: str = ""
    words: Sequence[str] = ()


@dataclass(frozen=True)
class Bar:
    """How far a programme has come, drawn."""

    progress: Progress


Block: TypeAlias = str | Table | Bar
"""A paragraph, a table or a drawing."""


def is_of_audit(title: str) -> bool:
    """Tell whether a form of this title is one on which audits are recorded."""
    return any(words in fold(title) for words in _TITLES)


@dataclass(frozen=True)
class Paper:
    """A paper before it is set: what it is called, about what, its blocks, who signs.

    A paper with grounds is a decision: ``authority`` takes it, and its articles follow them.
    """

    name: Name
    title: str
    about: str
    blocks: Sequence[Block]
    signers: Sequence[PaperSigner]
    number: str = ""
    on: date | None = None
    wide: bool = False
    authority: str = ""
    grounds: Sequence[str] = ()
    receivers: Sequence[str] = field(default=())


@dataclass(frozen=True)
class Person:
    """Somebody in a team as paper names them."""

    name: str
    duty: str
    title: str = ""
    qualified: str = ""


@dataclass(frozen=True)
class Head:
    """What every paper of an audit says of it."""

    words: str
    title: str
    scope: str
    criteria: str
    first: date
    last: date
    period_first: date
    period_last: date
    units: Sequence[str]
    team: Sequence[Person]
    team_number: str = ""
    team_dated: date | None = None
    chief: PaperSigner = CHIEF
    outside: str = ""

    @property
    def named(self) -> str:
        """Name it above a paper, also when it is outside the programme."""
        outside = " (ngoài chương trình)" if self.outside else ""
        return f"{self.words[:1].upper()}{self.words[1:]}{outside}: {self.title}"

    @property
    def lead(self) -> PaperSigner:
        """Who signs for the team."""
        name = next((each.name for each in self.team if each.duty == LEAD), "")
        return PaperSigner("", LEAD, name)

    @property
    def days(self) -> str:
        """Say on which days it takes place."""
        if self.first == self.last:
            return formal_day(self.first)
        return f"từ {formal_day(self.first)} đến {formal_day(self.last)}"

    @property
    def sign(self) -> str:
        """Return the sign of the office as the number of the team's decision has it."""
        return self.team_number.rpartition("-")[2] or "……"

    @property
    def period(self) -> str:
        """Say the work of which days it looks at."""
        return f"từ {day_words(self.period_first)} đến {day_words(self.period_last)}"


@dataclass(frozen=True)
class HourRow:
    """A line of the plan as paper tells it."""

    day: date
    begins: time
    ends: time
    what: str
    unit: str
    subject: str
    auditors: str


@dataclass(frozen=True)
class LineRow:
    """A line of the checklist as paper tells it."""

    topic: str
    question: str
    clause: str
    text: str
    result: str
    note: str
    flag: str = ""


@dataclass(frozen=True)
class FindingRow:
    """A finding as the report tells it."""

    code: str
    unit: str
    clause: str
    grade: str
    text: str
    evidence: str


@dataclass(frozen=True)
class Ruling:
    """Who sets up a team, on which grounds beside the law, and who signs."""

    office: str
    authority: str
    grounds: Sequence[str]
    signer: PaperSigner


def team(head: Head, ruling: Ruling) -> Paper:
    """Return the decision that sets up the team."""
    members = Table(
        (("Họ và tên", 34), ("Chức vụ, đơn vị", 36), ("Nhiệm vụ trong đoàn", 30)),
        [(each.name, each.title, each.duty) for each in head.team],
    )
    return Paper(
        Name.TEAM,
        "Quyết định",
        f"Về việc thành lập đoàn đánh giá nội bộ ({head.title})",
        [
            f"Điều 1. Thành lập đoàn đánh giá nội bộ của {head.words}, gồm các ông, bà:",
            members,
            (
                f"Điều 2. Đoàn đánh giá {listed(head.units)}, {head.days}; kỳ được đánh giá"
                f" {head.period}.\nPhạm vi: {head.scope}\nChuẩn mực: {head.criteria}"
            ),
            (
                "Điều 3. Đánh giá viên không đánh giá đơn vị và công việc của chính mình. Đoàn lập"
                " kế hoạch, ghi phiếu đánh giá, báo cáo kết quả và tự giải tán khi hoàn thành."
            ),
            (
                f"Điều 4. Quyết định có hiệu lực từ ngày ký. Đoàn đánh giá và các đơn vị có liên quan"
                f" của {ruling.office} chịu trách nhiệm thi hành."
            ),
        ],
        [ruling.signer],
        number=f"Số: {head.team_number or '……/QĐ-……'}",
        on=head.team_dated,
        authority=ruling.authority,
        grounds=[
            (
                "Căn cứ Quyết định số 19/2014/QĐ-TTg ngày 05 tháng 3 năm 2014 của Thủ tướng Chính"
                " phủ về việc áp dụng Hệ thống quản lý chất lượng theo TCVN ISO 9001;"
            ),
            *ruling.grounds,
            "Theo đề nghị của Thư ký ISO.",
        ],
        receivers=["Như Điều 4;", "Lưu: VT, hồ sơ ISO."],
    )


def plan(head: Head, hours: Sequence[HourRow]) -> Paper:
    """Return the plan by the hour."""
    return Paper(
        Name.PLAN,
        "Kế hoạch đánh giá nội bộ",
        head.named,
        [*about(head), _hours(hours)],
        [head.lead, head.chief],
        number=f"Số: ……/KH-{head.sign}",
        wide=True,
    )


def notice(head: Head, hours: Sequence[HourRow], *, told_on: date | None, reason: str) -> Paper:
    """Return the notice to the units."""
    aim = (
        f"Đánh giá ngoài chương trình năm vì: {head.outside.rstrip('.')}"
        if head.outside
        else "Thực hiện chương trình đánh giá nội bộ"
    )
    return Paper(
        Name.NOTICE,
        "Thông báo",
        "Về việc đánh giá nội bộ hệ thống quản lý chất lượng",
        [
            f"Kính gửi: {listed(head.units)}.",
            (
                f"{aim}, đoàn đánh giá làm việc với đơn vị"
                f" {head.days}. Đề nghị trưởng đơn vị bố trí người làm việc, chuẩn bị tài liệu,"
                f" hồ sơ của kỳ được đánh giá ({head.period})."
            ),
            *([f"Thông báo gửi muộn hơn thường lệ vì: {reason}"] if reason else []),
            *asked(head),
            _hours(hours),
        ],
        [head.chief],
        number=f"Số: ……/TB-{head.sign}",
        on=told_on,
        receivers=["Như trên;", "Đoàn đánh giá;", "Lưu: VT, hồ sơ ISO."],
    )


def about(head: Head) -> Iterator[str]:
    """Give what most papers of an audit begin with."""
    yield f"Đơn vị được đánh giá: {listed(head.units)}."
    yield f"Thời gian: {head.days}. Kỳ được đánh giá: {head.period}."
    yield from asked(head)


def asked(head: Head) -> Iterator[str]:
    """Give what is looked at, by which measure, and by whom."""
    yield f"Phạm vi: {head.scope}"
    yield f"Chuẩn mực: {head.criteria}"
    if head.team:
        people = "; ".join(f"{each.name} ({each.duty.lower()})" for each in head.team)
        yield f"Đoàn đánh giá: {people}."


def _hours(hours: Sequence[HourRow]) -> Table:
    return Table(
        (
            ("Ngày", 16),
            ("Giờ", 17),
            ("Việc", 13),
            ("Đơn vị", 18),
            ("Nội dung", 20),
            ("Người đánh giá", 16),
        ),
        [
            (
                each.day,
                f"{each.begins:%H:%M}–{each.ends:%H:%M}",
                each.what,
                each.unit,
                each.subject,
                each.auditors,
            )
            for each in hours
        ],
        title="Lịch làm việc",
    )


def listed(names: Sequence[str]) -> str:
    """Name several things in one line."""
    return "; ".join(names)
