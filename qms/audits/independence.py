"""Who may audit what: nobody their own unit or their own work. Pure.

Source: ISO 9001:2008, 8.2.2 (auditors shall not audit their own work); ISO 9001:2015, 9.2.2 c
(objectivity and impartiality of the audit process).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeAlias

from qms.accounts.rules import Role
from qms.errors import InvalidError, QmsError, RefusedError
from qms.gates import Gate
from qms.standards.catalogue import Edition
from qms.vietnamese import day as day_words

IN_CHARGE: Final = frozenset({Role.HEAD, Role.LEADER})
"""Posts whose holders answer for the units that they reach."""


class Ground(StrEnum):
    """Why somebody may not audit."""

    OWN_UNIT = "own_unit"
    OWN_WORK = "own_work"


Key: TypeAlias = tuple[Ground, int]
"""A ground with the number of the unit, or of the document, that it is about."""


class Part(StrEnum):
    """What somebody did to a document."""

    DRAFTED = "drafted"
    REVIEWED = "reviewed"
    SIGNED = "signed"


@dataclass(frozen=True)
class Held:
    """A post that somebody held or holds: in a unit, which units it reaches, from when to when."""

    unit_id: int
    unit_name: str
    role: Role
    first_day: date
    last_day: date | None
    reaches: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Work:
    """A document that somebody drafted, reviewed or signed."""

    document_id: int
    code: str
    part: Part


@dataclass(frozen=True)
class Conflict:
    """One reason why somebody may not audit, as a sentence; ``subject``: the unit, the document."""

    ground: Ground
    subject: int
    refusal: QmsError

    @property
    def key(self) -> Key:
        """Return what an exception has to name to open it."""
        return self.ground, self.subject


def conflicts(
    posts: Iterable[Held],
    works: Iterable[Work],
    *,
    units: Collection[int],
    spans: Sequence[tuple[date, date]],
) -> list[Conflict]:
    """Return all that keeps somebody from an audit.

    ``units`` are the units audited with those below and before them; a post in one of them on
    any day of a span makes it the person's own, and so does a post in charge of one.
    """
    found = [
        Conflict(Ground.OWN_UNIT, post.unit_id, _unit(post))
        for post in posts
        if _own(post, units, spans)
    ]
    parts: dict[tuple[int, str], list[Part]] = {}
    for work in works:
        done = parts.setdefault((work.document_id, work.code), [])
        if work.part not in done:
            done.append(work.part)
    found += [
        Conflict(Ground.OWN_WORK, number, _work(code, done))
        for (number, code), done in parts.items()
    ]
    return found


def overlaps(first: date, last: date | None, spans: Iterable[tuple[date, date]]) -> bool:
    """Tell whether a stretch of days has one in common with some of the spans."""
    return any(first <= end and (last is None or begin <= last) for begin, end in spans)


def left(found: Iterable[Conflict], excepted: Collection[Key]) -> list[Conflict]:
    """Return the conflicts that no exception opens."""
    return [each for each in found if each.key not in excepted]


def check(
    name: str, found: Sequence[Conflict], excepted: Collection[Key], edition: Edition
) -> None:
    """Refuse an auditor whom some conflict keeps out and no exception lets in.

    Raises:
        RefusedError: the sentence holds each reason, and whether a leader may open the way.

    """
    kept = left(found, excepted if edition.impartial else ())
    if not kept:
        return
    parts = [each.refusal for each in kept]
    if edition.impartial:
        parts.append(
            RefusedError(
                "Hãy chọn người khác, hoặc trình lãnh đạo cho phép ngoại lệ kèm lý do."
            )
        )
    else:
        parts.append(
            RefusedError(
                "%(edition)s không cho ngoại lệ; hãy chọn người khác.", edition=edition.name
            )
        )
    raise RefusedError(
        "%(name)s không đánh giá cuộc này được:",
        parts=parts,
        gate=Gate.NOT_INDEPENDENT,
        name=name,
    )


def check_exception(edition: Edition, reason: str, *, own: bool) -> None:
    """Refuse an exception where the edition knows none, without a reason, or for oneself."""
    if not edition.impartial:
        raise RefusedError(
            "%(edition)s không cho ngoại lệ; hãy chọn người khác.", edition=edition.name
        )
    if own:
        raise RefusedError(
            "Không ai tự cho phép ngoại lệ cho chính mình.", gate=Gate.OWN_EXCEPTION
        )
    if not reason:
        raise InvalidError("Hãy ghi lý do; lý do được in trong báo cáo.")


def check_qualified(
    name: str, held: Iterable[tuple[date, date | None]], first: date, last: date
) -> None:
    """Refuse an auditor who is not qualified on every day of the audit."""
    for begins, ends in held:
        if begins <= first and (ends is None or last <= ends):
            return
    raise RefusedError(
        "%(name)s chưa có chứng nhận đánh giá viên còn giá trị từ %(first)s đến %(last)s.",
        name=name,
        first=day_words(first),
        last=day_words(last),
    )


def _own(post: Held, units: Collection[int], spans: Sequence[tuple[date, date]]) -> bool:
    works_there = post.unit_id in units
    answers_for = post.role in IN_CHARGE and not post.reaches.isdisjoint(units)
    return (works_there or answers_for) and overlaps(post.first_day, post.last_day, spans)


def _unit(post: Held) -> RefusedError:
    if post.last_day is None:
        return RefusedError(
            "Có chức trách ở %(unit)s từ %(first)s.",
            unit=post.unit_name,
            first=day_words(post.first_day),
        )
    return RefusedError(
        "Có chức trách ở %(unit)s từ %(first)s đến %(last)s.",
        unit=post.unit_name,
        first=day_words(post.first_day),
        last=day_words(post.last_day),
    )


def _work(code: str, parts: Sequence[Part]) -> RefusedError:
    sentences = {
        Part.DRAFTED: RefusedError("Đã soạn %(code)s, nằm trong phiếu đánh giá.", code=code),
        Part.REVIEWED: RefusedError(
            "Đã xem xét %(code)s, nằm trong phiếu đánh giá.", code=code
        ),
        Part.SIGNED: RefusedError("Đã ký %(code)s, nằm trong phiếu đánh giá.", code=code),
    }
    return sentences[parts[0]]
