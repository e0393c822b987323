"""How long the steps of a process take together, and whether that is what the procedure allows.

A working day has eight hours. Time is added in quarters of an hour, so that nothing is rounded.
Pure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from qms.documents.kinds.fees import Channel
from qms.documents.kinds.procedure import (
    CHANNEL_WORDS,
    LimitUnit,
    Method,
    TimeLimit,
    limit_words,
)
from qms.documents.kinds.process import (
    Phase,
    ProcessStep,
    StepUnit,
    quarters_words,
    time_words,
)
from qms.errors import N_

HOURS: Final = 8
"""Hours of a working day."""

_QUARTERS_OF_HOUR: Final = {StepUnit.WORKING_DAY: HOURS, StepUnit.HOUR: 1}
"""Quarters of an hour in a quarter of a unit."""
_DAY: Final = 4 * HOURS
_LIMITS: Final = {LimitUnit.WORKING_DAY: _DAY, LimitUnit.HOUR: 4}


class Fit(StrEnum):
    """How the sum of steps stands to the time limit."""

    MATCHES = "matches"
    WITHIN = "within"
    LONGER = "longer"
    SHORTER = "shorter"
    NO_LIMIT = "no_limit"
    OTHER_UNIT = "other_unit"
    NO_TIME = "no_time"


SENTENCES: Final = {
    Fit.MATCHES: N_("Các bước cộng lại %(sum)s, khớp thời hạn %(limit)s của thủ tục."),
    Fit.WITHIN: N_("Các bước cộng lại %(sum)s, trong thời hạn ngay trong ngày của thủ tục."),
    Fit.LONGER: N_(
        "Các bước cộng lại %(sum)s, dài hơn thời hạn của thủ tục (%(limit)s): thừa %(gap)s."
    ),
    Fit.SHORTER: N_(
        "Các bước cộng lại %(sum)s, ngắn hơn thời hạn của thủ tục (%(limit)s): thiếu %(gap)s."
    ),
    Fit.NO_LIMIT: N_("Không so được: thủ tục chưa ghi thời hạn. Các bước cộng lại %(sum)s."),
    Fit.OTHER_UNIT: N_(
        "Không so được: thời hạn của thủ tục là “%(limit)s”, không tính bằng ngày làm việc "
        "hay giờ. Các bước cộng lại %(sum)s."
    ),
    Fit.NO_TIME: N_("Không so được: chưa bước nào tính thời gian."),
}
"""What each says, with the sum, the limit and the gap."""

AGREES: Final = frozenset({Fit.MATCHES, Fit.WITHIN})
DIFFERS: Final = frozenset({Fit.LONGER, Fit.SHORTER})


@dataclass(frozen=True)
class Total:
    """Time added up, in quarters of an hour; ``timed``: how many steps had any."""

    quarters: int
    timed: int
    in_hours: bool

    @property
    def words(self) -> str:
        """Say it: "10 ngày làm việc", "3,5 giờ", "2 ngày làm việc và 3 giờ"."""
        return duration(self.quarters, in_hours=self.in_hours) if self.timed else ""


@dataclass(frozen=True)
class Compared:
    """The steps of one case beside one limit of the procedure.

    ``gap`` is what lies between, in quarters of an hour; ``channels`` are those with this
    limit, none where all have it.
    """

    case: str
    channels: tuple[Channel, ...]
    limit: TimeLimit | None
    total: Total
    fit: Fit
    gap: int = 0

    @property
    def sentence(self) -> str:
        """Return what is to be said, a sentence for gettext."""
        return SENTENCES[self.fit]

    @property
    def values(self) -> dict[str, str]:
        """Return what stands in the sentence."""
        return {
            "sum": self.total.words,
            "limit": limit_words(self.limit),
            "gap": duration(self.gap, in_hours=self.total.in_hours),
        }

    @property
    def about(self) -> str:
        """Say which case and which ways it is about; empty where there is but one."""
        ways = ", ".join(CHANNEL_WORDS[each].lower() for each in self.channels)
        return ", ".join(part for part in (self.case, ways) if part)


def said(found: Compared) -> str:
    """Say in Vietnamese how the steps stand to the limit."""
    return found.sentence % found.values


def total(steps: Iterable[ProcessStep]) -> Total:
    """Add up steps; those without time are skipped."""
    timed = [(step.quarters, step.unit) for step in steps if step.quarters is not None]
    return Total(
        sum(quarters * _QUARTERS_OF_HOUR[unit] for quarters, unit in timed),
        len(timed),
        in_hours=bool(timed) and all(unit is StepUnit.HOUR for _, unit in timed),
    )


def duration(quarters: int, *, in_hours: bool = False) -> str:
    """Say quarters of an hour in working days, in hours, or in both where neither fits."""
    if in_hours:
        return time_words(quarters, StepUnit.HOUR)
    if quarters % HOURS == 0:
        return time_words(quarters // HOURS, StepUnit.WORKING_DAY)
    days, rest = divmod(quarters, _DAY)
    hours = f"{quarters_words(rest)} giờ"
    return f"{days} ngày làm việc và {hours}" if days else hours


def of_case(phases: Iterable[Phase], case: str) -> list[ProcessStep]:
    """Return the steps that a case goes through: its own and those of every case."""
    asked = _same(case)
    return [
        step
        for phase in phases
        for step in phase.steps
        if not step.case.strip() or _same(step.case) == asked
    ]


def cases(phases: Iterable[Phase]) -> list[str]:
    """Return the cases that steps name, in their order."""
    named = {
        _same(step.case): step.case.strip()
        for phase in phases
        for step in phase.steps
        if step.case.strip()
    }
    return list(named.values())


def compare(phases: Sequence[Phase], methods: Sequence[Method]) -> list[Compared]:
    """Set the sum of steps beside each limit of a procedure, case by case.

    Cases that only steps name are told too: there is no limit to set them beside.
    """
    limits = _limits(methods)
    known = {_same(case) for case, _, _ in limits}
    alone = [case for case in cases(phases) if _same(case) not in known]
    limits += [(case, (), None) for case in alone]
    if not limits:
        limits = [("", (), None)]
    found = []
    for case, channels, limit in limits:
        added = total(of_case(phases, case))
        fit, gap = _fit(added, limit)
        found.append(Compared(case, channels, limit, added, fit, gap))
    return found


def _limits(
    methods: Sequence[Method],
) -> list[tuple[str, tuple[Channel, ...], TimeLimit | None]]:
    """Return the limits of each case, with the channels where they are not all alike."""
    by_case: dict[str, dict[str, list[Method]]] = {}
    for method in methods:
        groups = by_case.setdefault(_same(method.case), {})
        groups.setdefault(limit_words(method.limit), []).append(method)
    return [
        (
            group[0].case.strip(),
            tuple(dict.fromkeys(each.channel for each in group)) if len(groups) > 1 else (),
            group[0].limit,
        )
        for groups in by_case.values()
        for group in groups.values()
    ]


def _fit(added: Total, limit: TimeLimit | None) -> tuple[Fit, int]:
    if not added.timed:
        return Fit.NO_TIME, 0
    if limit is None:
        return Fit.NO_LIMIT, 0
    if limit.unit is LimitUnit.SAME_DAY:
        over = added.quarters - _DAY
        return (Fit.LONGER, over) if over > 0 else (Fit.WITHIN, 0)
    if limit.unit not in _LIMITS or limit.count is None:
        return Fit.OTHER_UNIT, 0
    gap = added.quarters - limit.count * _LIMITS[limit.unit]
    if gap == 0:
        return Fit.MATCHES, 0
    return (Fit.LONGER if gap > 0 else Fit.SHORTER), abs(gap)


def _same(case: str) -> str:
    return " ".join(case.split()).casefold()
