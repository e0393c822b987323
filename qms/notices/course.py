"""What every sheet is, of whatever kind: what it tells on a day, and over time."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from functools import cached_property
from itertools import pairwise
from typing import Protocol, Self

from qms.documents.comparison import Section, paragraphs
from qms.documents.models import Change
from qms.errors import RefusedError
from qms.notices import reaching
from qms.notices.models import Copy
from qms.notices.printing import Paper, Stamp
from qms.notices.reaching import Where
from qms.notices.rules import Answer, Cause, Heading, Subject
from qms.units import models as units


@dataclass(frozen=True, kw_only=True)
class AnySheet(ABC):
    """The sheet of a day: what it tells, and its digests by scheme.

    ``change`` is the one that brought its text, where it is the text of one document.
    """

    digests: Mapping[int, str]
    scheme: int
    change: Change | None = None

    @property
    def digest(self) -> str:
        """The digest in the scheme it is printed in."""
        return self.digests[self.scheme]

    @property
    @abstractmethod
    def title(self) -> str:
        """What it is called."""

    @property
    @abstractmethod
    def topic(self) -> str:
        """The field of work it belongs to; empty where it has none."""

    @property
    def first_day(self) -> date | None:
        """The first day that it tells itself; None where it tells none."""
        return None

    @abstractmethod
    def sections(self) -> list[Section]:
        """Return what it tells part by part, its heading first."""

    @abstractmethod
    def paper(self, stamp: Stamp, paper: Paper) -> tuple[str, Mapping[str, object]]:
        """Return the print template and what it needs."""

    @abstractmethod
    def made_by(self, before: Self) -> tuple[Cause, Change | None]:
        """Return what made this sheet of the one before it, and the change where one did."""

    def in_scheme(self, scheme: int) -> Self:
        """Return the sheet as it was printed in a scheme."""
        return replace(self, scheme=scheme)


@dataclass(frozen=True)
class Once:
    """What a sheet said from a day on as it was known, until an instant."""

    answer: Answer
    known: "Course"
    until: datetime

    @property
    def sheet(self) -> AnySheet | None:
        """The sheet it was."""
        return self.known.on_day(self.answer.first_day)


class Course(ABC):
    """What one sheet says over time."""

    subject: Subject
    where: Where
    """The unit, and what decides who speaks for it and how texts reach it."""
    issuers: Sequence[units.Heading]
    """Headings of the units whose decisions stand behind it."""
    documents: Collection[int] = ()
    """Documents whose signed changes it is told from."""

    @property
    @abstractmethod
    def name(self) -> str:
        """What it was called last."""

    @property
    def code_words(self) -> str:
        """The code of the document it shows; empty where it is of none."""
        return ""

    @property
    def slug(self) -> str:
        """What names it in addresses beside its kind; empty where its kind alone does."""
        return ""

    @abstractmethod
    def on_day(self, on: date) -> AnySheet | None:
        """Return the sheet of a day; None where nothing of it holds for the unit."""

    @property
    def unit(self) -> units.Unit:
        """The unit on whose board it stands."""
        return self.where.unit

    def heading(self, on: date) -> units.Heading | None:
        """Return the heading of its paper on a day."""
        return reaching.office_heading(self.where, on)

    @abstractmethod
    def days(self) -> set[date]:
        """Return all days on which it may begin to say something else."""

    @abstractmethod
    def instants(self) -> set[datetime]:
        """Return when anything that decides about it was signed or confirmed."""

    @abstractmethod
    def as_known(self, at: datetime) -> "Course":
        """Return it as known at an instant, without what was signed or confirmed later."""

    @abstractmethod
    def gone_by(self, since: date) -> tuple[Cause, Change | None]:
        """Return why nothing of it holds from a day on, and the change where one did it."""

    def answers(self) -> list[Answer]:
        """Return what it says from each day on which it begins to say something else."""
        return self._answers

    def once_said(self) -> Iterator[Once]:
        """Return, the newest first, what it said as it was known before.

        A correction, a move or another heading rewrites what a past or coming day says; a
        paper printed before it is then found here.
        """
        for at, until in reversed(list(pairwise(sorted(self.instants())))):
            known = self.as_known(at)
            yield from (Once(a, known, until) for a in reversed(known.answers()) if a.digests)

    def as_printed(self, copy: Copy) -> AnySheet:
        """Return the sheet of a copy as long as its day still says what was printed.

        Raises:
            RefusedError: it says something else by now.

        """
        found = self.on_day(copy.day)
        if found is None or found.digests.get(copy.scheme) != copy.digest:
            raise RefusedError(
                "Nội dung của bản in này đã đổi. Hãy lập bản in mới từ trang thủ tục."
            )
        return found.in_scheme(copy.scheme)

    @cached_property
    def _answers(self) -> list[Answer]:
        return over_time(self.days(), self.on_day)


class Digested(Protocol):
    """Anything with digests by scheme."""

    @property
    def digests(self) -> Mapping[int, str]:
        """The digests by scheme."""


def over_time(days: Iterable[date], on_day: Callable[[date], Digested | None]) -> list[Answer]:
    """Return what is said from each of the days on which it differs from the one before."""
    found: list[Answer] = []
    for day in sorted(days):
        sheet = on_day(day)
        digests = sheet.digests if sheet else {}
        if not found or found[-1].digests != digests:
            found.append(Answer(day, digests))
    return found


def heading_told(row: units.Heading | None) -> Heading:
    """Return what stands at the head of a paper; nothing where nobody has said."""
    if row is None:
        return Heading("")
    return Heading(
        name=row.name,
        superior=row.superior,
        seat=row.seat,
        phone=row.phone,
        email=row.email,
        website=row.website,
    )


def heading_section(heading: Heading, *more: str) -> Section:
    """Return who speaks, and where to be found, as a part."""
    said = [*asdict(heading).values(), *more]
    return Section("heading", "Cơ quan", paragraphs("\n".join(word for word in said if word)))
