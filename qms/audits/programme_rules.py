"""Which units a year audits and how often, and who may approve its programme. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from qms.errors import InvalidError, RefusedError
from qms.gates import Gate

MONTHS: Final = range(1, 13)
MANY_FINDINGS: Final = 3
"""Points of earlier findings from which a unit is better audited twice."""
MANY_CHANGES: Final = 20
"""Changed documents of a year from which a unit is better audited twice."""


@dataclass(frozen=True)
class Weight:
    """What speaks for auditing a unit more often: points of findings, and changed documents."""

    major: int = 0
    minor: int = 0
    remarks: int = 0
    changes: int = 0
    audited: bool = True

    @property
    def points(self) -> int:
        """Return the findings of the year before as one number."""
        return 3 * self.major + 2 * self.minor + self.remarks

    @property
    def times(self) -> int:
        """Return how often the unit is better audited: once at least."""
        many = (self.points >= MANY_FINDINGS, self.changes >= MANY_CHANGES)
        return 1 + any(many)


@dataclass(frozen=True)
class Slot:
    """A month in which a unit is to be audited."""

    unit_id: int
    month: int


def missing(scope: Collection[int], slots: Iterable[Slot]) -> list[int]:
    """Return the units of the scope that the programme audits at no time of the year."""
    planned = {each.unit_id for each in slots}
    return [each for each in scope if each not in planned]


def check_whole(
    scope: Collection[int], slots: Sequence[Slot], names: Mapping[int, str]
) -> None:
    """Refuse to approve a programme that leaves out a unit of its scope.

    Source: Quyết định 19/2014/QĐ-TTg, Điều 4 khoản 4 điểm b (an audit a year).
    """
    if not scope:
        raise RefusedError("Chương trình chưa có đơn vị nào trong phạm vi.")
    left = missing(scope, slots)
    if left:
        raise RefusedError(
            "Mỗi đơn vị trong phạm vi được đánh giá ít nhất một lần trong năm. Còn thiếu:",
            parts=[RefusedError("%(unit)s", unit=names.get(each, str(each))) for each in left],
        )


def check_month(month: int) -> None:
    """Refuse a month that no year has."""
    if month not in MONTHS:
        raise InvalidError("Tháng là số từ 1 đến 12.")


@dataclass(frozen=True)
class Short:
    """A unit that a programme audits less often than it should."""

    name: str
    planned: int
    times: int


def check_enough(short: Sequence[Short], *, confirmed: bool) -> None:
    """Refuse to approve a programme that audits units too seldom, unless that is confirmed."""
    if short and not confirmed:
        raise RefusedError(
            "Có đơn vị được xếp ít lần hơn số lần nên có. Hãy đánh dấu xác nhận nếu vẫn phê"
            " duyệt:",
            parts=[
                RefusedError(
                    "%(unit)s: xếp %(planned)s lần, nên %(times)s lần",
                    unit=each.name,
                    planned=each.planned,
                    times=each.times,
                )
                for each in short
            ],
        )


def check_approver(actor: int | None, drafters: Collection[int]) -> None:
    """Refuse a leader who had a hand in the draft."""
    if actor in drafters:
        raise RefusedError(
            "Người lập chương trình không tự phê duyệt.", gate=Gate.OWN_PROGRAMME
        )
