"""The list of a field as a sheet: what the procedures of a unit with this topic say in short."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from qms.documents.comparison import Section, Table, paragraphs
from qms.documents.kinds.fees import Channel, FeeLine
from qms.documents.kinds.procedure import TimeLimit, limit_words, rate_words
from qms.documents.models import Change
from qms.notices import reaching, sheets, stories
from qms.notices.course import AnySheet, Course, heading_section, heading_told
from qms.notices.printing import CHANNEL_NAMES, UNSAID, Paper, Stamp, office_data
from qms.notices.rules import Cause, Subject, text_of_day, without_fees
from qms.notices.seats import Seat
from qms.notices.stories import Story
from qms.notices.strands import Strand
from qms.notices.tellings import FieldList, Hashed, Row, digests_of, hashed, listed
from qms.text import address_word, slug, sort_key
from qms.units.rules import holds
from qms.vietnamese import money

HEAD: Final = ("Mã", "Thủ tục", "Thời hạn", "Phí, lệ phí", "Nộp hồ sơ")
VARIES: Final = "Tùy trường hợp"


@dataclass(frozen=True)
class Listed:
    """A procedure on a day: its line, None where it is not on the list, and what decides."""

    line: Hashed | None
    change: Change | None
    schedules: Sequence[Change] = ()


@dataclass(frozen=True, kw_only=True)
class ListSheet(AnySheet):
    """The list of a field on a day; ``listed`` is by number of the document."""

    sheet: FieldList
    listed: Mapping[int, Listed]

    @property
    def title(self) -> str:
        """What the list is called."""
        return title(self.sheet.topic)

    @property
    def topic(self) -> str:
        """The field."""
        return self.sheet.topic

    @property
    def rows(self) -> list[dict[str, object]]:
        """The procedures in the order of their names, in words."""
        found = sorted(self.sheet.rows, key=lambda each: sort_key(each.row["title"]))
        return [in_words(each.row) for each in found]

    def sections(self) -> list[Section]:
        """Return what it tells: who speaks, and a table."""
        rows = tuple(
            (
                str(row["code"]),
                str(row["title"]),
                str(row["limit"]),
                str(row["fee"]),
                "; ".join(filter(None, (str(row["ways"]), str(row["place"])))),
            )
            for row in self.rows
        )
        return [
            heading_section(self.sheet.heading),
            Section("title", "Tên danh mục", paragraphs(self.title)),
            Section("rows", "Thủ tục", (Table(HEAD, rows, key=0),)),
        ]

    def paper(self, stamp: Stamp, paper: Paper) -> tuple[str, Mapping[str, object]]:
        """Return the print template and what it needs; each row has the address of its page."""
        base = f"{stamp.base}/b/{self.sheet.unit}/"
        return "list.html", {
            "paper": paper.value,
            "office": office_data(self.sheet.heading),
            "stamp": stamp.data(),
            "title": self.title,
            "topic": self.sheet.topic,
            "rows": [row | {"address": f"{base}{slug(str(row['code']))}"} for row in self.rows],
        }

    def made_by(self, before: "ListSheet") -> tuple[Cause, Change | None]:
        """Return what made this list of the one before it, and the change where one did."""
        moved = [
            (then, each)
            for number, each in self.listed.items()
            for then in [before.listed.get(number, Listed(None, None))]
            if then.line != each.line
        ]
        decided = [each.change for then, each in moved if each.change is not then.change]
        if decided:
            return Cause.DECISION, decided[0]
        if not moved:
            return Cause.HEADING, None
        then, each = moved[0]
        return Cause.FEES, sheets.new_among(each.schedules, then.schedules)


class ListCourse(Course):
    """What the list of a field says over time."""

    def __init__(
        self, subject: Subject, seat: Seat, members: Mapping[int, Strand[Listed]]
    ) -> None:
        """Take what the procedures that ever had this topic have on it, by document."""
        self.subject, self.seat, self.members = subject, seat, members
        self.where, self.issuers = seat, seat.issuers

    @property
    def name(self) -> str:
        """What the list is called."""
        return title(self.subject.topic)

    @property
    def slug(self) -> str:
        """The field as it stands in addresses."""
        return address_word(self.subject.topic)

    def on_day(self, on: date) -> ListSheet | None:
        """Return the list of a day; None where it has no procedure."""
        if not holds(self.unit, on):
            return None
        found = {number: each.on(on) for number, each in self.members.items()}
        known = {number: each for number, each in found.items() if each is not None}
        lines = [each.line for each in known.values() if each.line]
        if not lines:
            return None
        sheet = FieldList(
            unit=self.unit.slug,
            heading=heading_told(self.heading(on)),
            topic=self.subject.topic,
            rows=tuple(sorted(lines, key=lambda each: str(each.row["code"]))),
        )
        digests = digests_of(sheet)
        return ListSheet(digests=digests, scheme=max(digests), sheet=sheet, listed=known)

    def days(self) -> set[date]:
        """Return all days on which it may begin to say something else."""
        return reaching.days(self.seat).union(*(each.days for each in self.members.values()))

    def instants(self) -> set[datetime]:
        """Return when anything that decides about it was signed or confirmed."""
        return self.seat.instants().union(*(each.instants for each in self.members.values()))

    def as_known(self, at: datetime) -> "ListCourse":
        """Return it as known at an instant."""
        members = {number: each.as_known(at) for number, each in self.members.items()}
        return ListCourse(self.subject, self.seat.as_known(at), members)

    def gone_by(self, since: date) -> tuple[Cause, Change | None]:
        """Return the decision that took the last procedure away."""
        changes = [each.change for m in self.members.values() if (each := m.on(since))]
        days = [(c.effective_on or date.min, c.id, c) for c in changes if c is not None]
        return Cause.DECISION, max(days)[2] if days else None


def member(told: Story, topic: str) -> Strand[Listed]:
    """Return what a procedure has on the list of a field over time."""
    return Strand(
        sheets.days(told),
        lambda day: _listed(told, topic, day),
        stories.instants(told),
        lambda at: member(told.as_known(at), topic),
    )


def title(topic: str) -> str:
    """Return what the list of a field is called."""
    where = f"lĩnh vực {topic}" if topic else "chưa xếp lĩnh vực"
    return f"Danh mục thủ tục hành chính {where}"


def in_words(row: Row) -> dict[str, object]:
    """Return a line of a list in the words of paper."""
    return {
        "code": row["code"],
        "slug": slug(row["code"]),
        "title": row["title"],
        "limit": _limit(row["limits"]),
        "fee": _fee(row["fees"], row["channels"]),
        "ways": _channels(row["channels"]).capitalize() or UNSAID,
        "place": row["place"],
    }


def _listed(told: Story, topic: str, on: date) -> Listed:
    change = sheets.standing_change(told, on)
    span = sheets.text_on(told, on)
    if span is None:
        return Listed(None, change)
    revision = told.changes[span.entry.id].revision
    if revision is None or revision.topic != topic:
        return Listed(None, change)
    around, said = sheets.beside_on(told, span, on), told.text(span.entry.id)
    text = without_fees(said) if around.fees else text_of_day(said, on)
    line = listed(told.document.code, told.title(span.entry.id), text, around.fees)
    return Listed(hashed(line), change, around.schedules)


def _limit(limits: Row) -> str:
    if limits["varies"]:
        return VARIES
    words = [
        each["note"] or limit_words(TimeLimit(count=each["count"], unit=each["unit"]))
        for each in limits["each"]
    ]
    if len(words) > 1:
        return f"{'; '.join(words)}, {VARIES.lower()}"
    return words[0] if words else UNSAID


def _fee(fees: Row, channels: Sequence[str]) -> str:
    if fees["varies"]:
        if fees["from"] is None:
            return VARIES
        unit = fees["unit"].removeprefix("đồng").strip()
        return f"Từ {money(fees['from'])} đến {money(fees['to'])}{unit}, {VARIES.lower()}"
    only = len(fees["each"]) == 1
    words = [_price(each, channels, only=only) for each in fees["each"]]
    return "\n".join(words) or UNSAID


def _price(price: Row, channels: Sequence[str], *, only: bool) -> str:
    said = {name: price[name] for name in ("rate", "amount", "steps", "cap", "unit")}
    rate = rate_words(FeeLine.model_validate({"name": price["label"], **said}))
    every = not price["channels"] or set(price["channels"]) >= set(channels)
    ways = "" if every else _channels(price["channels"])
    label = "" if only else price["label"]
    before = f"{label} ({ways})" if label and ways else label or ways.capitalize()
    return f"{before}: {rate}" if before else rate


def _channels(channels: Sequence[str]) -> str:
    return ", ".join(CHANNEL_NAMES[Channel(each)] for each in channels)
