"""The fee table of a unit as a sheet: all prices that hold there on a day."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeVar

from qms.documents.comparison import Section, Table, paragraphs
from qms.documents.kinds.fees import Channel, FeeLine
from qms.documents.kinds.procedure import CHANNEL_WORDS, rate_words
from qms.documents.models import Change
from qms.documents.price_rules import lies_in
from qms.documents.timeline import Span
from qms.notices import reaching, sheets
from qms.notices.course import AnySheet, Course, heading_section, heading_told
from qms.notices.printing import Paper, Stamp, office_data
from qms.notices.rules import Cause, Subject, fee_told, holds_on, lines_change
from qms.notices.seats import Seat
from qms.notices.stories import Told
from qms.notices.strands import Strand
from qms.notices.tellings import FeeTable, Hashed, Row, digests_of, hashed
from qms.text import sort_key
from qms.units.rules import holds
from qms.vietnamese import day, formal_day

TITLE: Final = "Bảng phí, lệ phí"
EVERYWHERE: Final = frozenset({"", "Toàn quốc"})
EVERY_WAY: Final = "Mọi hình thức"
T = TypeVar("T")
HEAD: Final = ("Thủ tục", "Phí, lệ phí", "Hình thức", "Mức thu", "Áp dụng", "Căn cứ, ghi chú")


@dataclass(frozen=True)
class Priced:
    """The lines of one schedule that hold on a day, and the change that brought them."""

    rows: tuple[Hashed, ...]
    change: Change


@dataclass(frozen=True)
class Titled:
    """What a procedure is called on a day, and the change that named it so."""

    title: str
    change: Change


@dataclass(frozen=True, kw_only=True)
class FeeSheet(AnySheet):
    """The fee table of a day at a unit that began on ``begun``.

    ``schedules`` and ``names`` are the changes behind it.
    """

    sheet: FeeTable
    begun: date
    schedules: Sequence[Change]
    names: Sequence[Change]

    @property
    def title(self) -> str:
        """What it is called."""
        return TITLE

    @property
    def topic(self) -> str:
        """It is of no field."""
        return ""

    @property
    def first_day(self) -> date:
        """The first day on which all of its prices hold at the unit."""
        days = (date.fromisoformat(each.row["first_day"]) for each in self.sheet.rows)
        return max(self.begun, *days)

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The prices by field, in words; numbers run through."""
        found: dict[str, list[dict[str, Any]]] = {}
        ordered = sorted(self.sheet.rows, key=lambda each: _order(each.row))
        for number, each in enumerate(ordered, 1):
            said = in_words(each.row, self.sheet.titles) | {"number": number}
            found.setdefault(each.row["field"], []).append(said)
        return [{"name": name, "rows": rows} for name, rows in found.items()]

    def sections(self) -> list[Section]:
        """Return what it tells: who speaks, and a table for each field."""
        tables = [
            Section(f"field {name}", name or TITLE, (Table(HEAD, _rows(group["rows"])),))
            for group in self.groups
            for name in [group["name"]]
        ]
        return [
            heading_section(self.sheet.heading),
            Section("title", "Tên bảng", paragraphs(TITLE)),
            *tables,
        ]

    def paper(self, stamp: Stamp, paper: Paper) -> tuple[str, Mapping[str, object]]:
        """Return the print template and what it needs."""
        return "fee_table.html", {
            "paper": paper.value,
            "office": office_data(self.sheet.heading),
            "stamp": stamp.data(),
            "title": TITLE.upper(),
            "words": f"Mức thu áp dụng từ {formal_day(self.first_day)}",
            "groups": self.groups,
        }

    def made_by(self, before: "FeeSheet") -> tuple[Cause, Change | None]:
        """Return what made this table of the one before it, and the change where one did."""
        if self.sheet.rows != before.sheet.rows:
            return Cause.FEES, sheets.new_among(self.schedules, before.schedules)
        if self.sheet.titles != before.sheet.titles:
            return Cause.DECISION, sheets.new_among(self.names, before.names)
        return Cause.HEADING, None


class FeesCourse(Course):
    """What the fee table of a unit says over time."""

    def __init__(
        self,
        subject: Subject,
        seat: Seat,
        schedules: Mapping[str, Strand[Priced]],
        titles: Mapping[str, Strand[Titled]],
    ) -> None:
        """Take what schedules hold, and what procedures are called, by their codes."""
        self.subject, self.seat = subject, seat
        self.schedules, self.titles = schedules, titles
        self.where, self.issuers = seat, seat.issuers

    @property
    def name(self) -> str:
        """What it is called."""
        return TITLE

    def on_day(self, on: date) -> FeeSheet | None:
        """Return the table of a day; None where no price holds."""
        if not holds(self.unit, on):
            return None
        held = [h for each in self.schedules.values() if (h := each.on(on)) and h.rows]
        rows = [row for each in held for row in each.rows]
        if not rows:
            return None
        priced = {each.row["procedure"] for each in rows}
        named = {
            code: titled
            for code in sorted(priced & self.titles.keys())
            if (titled := self.titles[code].on(on))
        }
        sheet = FeeTable(
            unit=self.unit.slug,
            heading=heading_told(self.heading(on)),
            rows=tuple(rows),
            titles={code: each.title for code, each in named.items()},
        )
        digests = digests_of(sheet)
        return FeeSheet(
            digests=digests,
            scheme=max(digests),
            sheet=sheet,
            begun=self.unit.first_day,
            schedules=[each.change for each in held],
            names=[each.change for each in named.values()],
        )

    def days(self) -> set[date]:
        """Return all days on which it may begin to say something else."""
        schedules = (each.days for each in self.schedules.values())
        titles = (each.days for each in self.titles.values())
        return reaching.days(self.seat).union(*schedules, *titles)

    def instants(self) -> set[datetime]:
        """Return when anything that decides about it was signed or confirmed."""
        schedules = (each.instants for each in self.schedules.values())
        titles = (each.instants for each in self.titles.values())
        return self.seat.instants().union(*schedules, *titles)

    def as_known(self, at: datetime) -> "FeesCourse":
        """Return it as known at an instant."""
        return FeesCourse(
            self.subject,
            self.seat.as_known(at),
            {code: each.as_known(at) for code, each in self.schedules.items()},
            {code: each.as_known(at) for code, each in self.titles.items()},
        )

    def gone_by(self, since: date) -> tuple[Cause, Change | None]:
        """Return that prices ended."""
        del since
        return Cause.FEES, None


def schedule(seat: Seat, told: Sequence[Told]) -> Strand[Priced]:
    """Return what the schedules of one code hold at a unit over time."""
    found = reaching.days(seat)
    for each in told:
        for span in each.spans:
            within = lines_change(each.text(span.entry.id).get("lines", ()))
            last = span.last_day or date.max
            found |= {span.first_day, *(d for d in within if span.first_day <= d <= last)}
    return _strand(seat, told, found, _priced, schedule)


def titled(seat: Seat, told: Sequence[Told]) -> Strand[Titled]:
    """Return what the procedures of one code are called at a unit over time."""
    found = reaching.days(seat)
    found |= {span.first_day for each in told for span in each.spans}
    return _strand(seat, told, found, _titled, titled)


def in_words(row: Row, titles: Mapping[str, str]) -> dict[str, object]:
    """Return a line of the table in the words of paper."""
    line, code = _line(row), row["procedure"]
    first, last = f"từ {day(date.fromisoformat(row['first_day']))}", line.last_day
    said = first if line.first_day else f"{first} (ngày biểu có hiệu lực)"
    return {
        "procedure": titles.get(code, code),
        "code": code,
        "name": line.name,
        "case": line.case,
        "channels": ", ".join(CHANNEL_WORDS[Channel(c)] for c in line.channels) or EVERY_WAY,
        "rate": rate_words(line),
        "days": f"{said} đến hết {day(last)}" if last else said,
        "basis": line.legal_basis,
        "remarks": [
            words
            for words in (
                f"Địa bàn: {line.territory}" if line.territory not in EVERYWHERE else "",
                f"Miễn, giảm: {'; '.join(line.exemptions)}" if line.exemptions else "",
                line.transition,
                line.note,
            )
            if words
        ],
    }


def _line(row: Row) -> FeeLine:
    return FeeLine.model_validate(row["line"])


def _order(row: Row) -> tuple[str, str, int]:
    return sort_key(row["field"]), row["schedule"], row["place"]


def _rows(rows: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            row["procedure"]
            if row["procedure"] == row["code"]
            else f"{row['procedure']} ({row['code']})",
            "; ".join(filter(None, (row["name"], row["case"]))),
            row["channels"],
            row["rate"],
            row["days"],
            "; ".join(filter(None, (row["basis"], *row["remarks"]))),
        )
        for row in rows
    )


def _strand(
    seat: Seat,
    told: Sequence[Told],
    days: set[date],
    say: Callable[[Seat, Sequence[Told], date], T | None],
    again: Callable[[Seat, Sequence[Told]], Strand[T]],
) -> Strand[T]:
    signed = {e.signed_at for each in told for e in each.entries if e.signed_at}
    return Strand(
        days,
        lambda on: say(seat, told, on),
        signed | seat.instants(),
        lambda at: again(seat.as_known(at), [each.as_known(at) for each in told]),
    )


def _standing(seat: Seat, told: Sequence[Told], on: date) -> tuple[Told, Span] | None:
    """Return which of the documents of one code stands on a day, with its stretch."""
    found = reaching.standing(seat, told, on)
    return next(((t, found[t.document.id]) for t in told if t.document.id in found), None)


def _priced(seat: Seat, told: Sequence[Told], on: date) -> Priced | None:
    found = _standing(seat, told, on)
    if found is None:
        return None
    each, span = found
    change = each.changes[span.entry.id]
    rows = tuple(
        hashed(
            {
                "schedule": each.document.code,
                "place": place,
                "field": change.revision.topic if change.revision else "",
                "procedure": line["procedure"],
                "line": fee_told(line),
                "first_day": max(line["first_day"] or "", span.first_day.isoformat()),
            }
        )
        for place, line in enumerate(each.text(span.entry.id)["lines"])
        if holds_on(line, on) and lies_in(seat.within, line["units"])
    )
    return Priced(rows, change)


def _titled(seat: Seat, told: Sequence[Told], on: date) -> Titled | None:
    found = _standing(seat, told, on)
    if found is None:
        return None
    each, span = found
    change = each.changes[span.entry.id]
    return Titled(change.revision.title, change) if change.revision else None
