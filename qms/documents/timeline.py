"""What is in force on a day, asked of the signed changes of one document.

The signed changes, ``cancel`` excepted, that no signed change replaces, ordered by day, are
the timeline. The change with the latest day not after the day asked stands; nothing is in
force before the first, and nothing from a withdrawal's day until a later issue.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise

from qms.errors import RefusedError
from qms.vietnamese import day as day_words


class Action(StrEnum):
    """What a line of a decision does to a document."""

    ISSUE = "issue"
    AMEND = "amend"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"


@dataclass(frozen=True)
class Entry:
    """One change. ``day`` is None for a cancel, ``signed_at`` None while only proposed."""

    id: int
    action: Action
    day: date | None
    revision: int | None = None
    replaces: int | None = None
    reason: str = ""
    signed_at: datetime | None = None


@dataclass(frozen=True)
class Span:
    """A stretch of days, both ends included, on which one change stands; None: no end yet."""

    entry: Entry
    first_day: date
    last_day: date | None


def first_touched(signed: Iterable[Entry], lines: Iterable[Entry]) -> date | None:
    """Return the first day whose answer proposed lines may change.

    A line that replaces a signed change touches the day of that one too: moved or cancelled, it
    is missing there.
    """
    proposed = list(lines)
    replaced = {each.replaces for each in proposed}
    days = [each.day for each in (*proposed, *(e for e in signed if e.id in replaced))]
    return min((day for day in days if day is not None), default=None)


def living(entries: Iterable[Entry], known_at: datetime | None = None) -> list[Entry]:
    """Return the timeline, by day, as known at an instant (None: all that is given)."""
    known = [
        entry
        for entry in entries
        if known_at is None or (entry.signed_at is not None and entry.signed_at <= known_at)
    ]
    replaced = {entry.replaces for entry in known}
    kept = [e for e in known if e.id not in replaced and e.day is not None]
    return sorted(kept, key=_day)


def in_force(
    entries: Iterable[Entry], on: date, known_at: datetime | None = None
) -> Entry | None:
    """Return the change whose revision is in force on a day; None if nothing is."""
    begun = [entry for entry in living(entries, known_at) if _day(entry) <= on]
    return begun[-1] if begun and begun[-1].action is not Action.WITHDRAW else None


def changed_later(
    answer: Callable[[datetime], object], instants: Iterable[datetime], settled: datetime
) -> datetime | None:
    """Return the last instant after ``settled`` that turned an answer into another one.

    ``answer`` gives what was known at an instant; ``instants`` are those of all signatures,
    and of all else the answer rests on.
    """
    found, before = None, answer(settled)
    for at in sorted({at for at in instants if at > settled}):
        after = answer(at)
        if after != before:
            found = at
        before = after
    return found


def spans(entries: Iterable[Entry]) -> list[Span]:
    """Return the stretches of the timeline, withdrawals included, earliest first."""
    kept = living(entries)
    days: list[date | None] = [_day(entry) for entry in kept]
    ends = [
        date.fromordinal(b.toordinal() - 1) if b else None for _, b in pairwise([*days, None])
    ]
    return [Span(entry, _day(entry), end) for entry, end in zip(kept, ends, strict=True)]


def misfits(kept: Sequence[Entry]) -> list[Entry]:
    """Return the changes of a timeline that do not fit the day before them.

    An issue needs nothing in force the day before; an amendment and a withdrawal something.
    """
    wrong, standing = [], False
    for entry in kept:
        if (entry.action is Action.ISSUE) == standing:
            wrong.append(entry)
        standing = entry.action is not Action.WITHDRAW
    return wrong


def problems(
    signed: Sequence[Entry], proposed: Sequence[Entry], today: date, *, reason: str = ""
) -> list[tuple[int, RefusedError]]:
    """Return why the lines of one document may not be signed: line number and sentence.

    ``signed`` are all its signed changes, ``proposed`` the lines of one decision with their
    days settled, ``reason`` what the decision gives for a day that has passed.
    """
    found = [(line.id, error) for line in proposed for error in _own(line, signed, today)]
    if found:
        return found
    found += _same_day(proposed)
    found += _same_target(proposed)
    found += [(p.id, e) for p in proposed if (e := _taken(p, signed, proposed))]
    found += [(p.id, e) for p in proposed if (e := _ahead(p, signed, proposed, today))]
    if not reason.strip():
        found += [(p.id, e) for p in proposed if (e := _behind(p, signed, today))]
    after = living([*signed, *proposed])
    found += [(entry.id, _misfit(entry)) for entry in misfits(after)]
    return found


def kept_action(
    signed: Sequence[Entry], replaced: Entry, day: date, proposed: Sequence[Entry] = ()
) -> Action:
    """Return the action a correction or move bears: the old one, unless it no longer fits."""
    if replaced.action is Action.WITHDRAW:
        return replaced.action
    trial = Entry(-1, replaced.action, day, replaced.revision, replaced.id)
    after = living([*signed, *proposed, trial])
    if trial not in misfits(after):
        return replaced.action
    return Action.AMEND if replaced.action is Action.ISSUE else Action.ISSUE


def _day(entry: Entry) -> date:
    return entry.day or date.min


def _own(line: Entry, signed: Sequence[Entry], today: date) -> list[RefusedError]:
    """Return what is wrong with one line by itself."""
    if line.action is Action.CANCEL and line.replaces is None:
        return [RefusedError("Dòng hủy phải nêu rõ thay đổi nào bị hủy.")]
    if line.replaces is None:
        return []
    target = next((entry for entry in signed if entry.id == line.replaces), None)
    if target is None or target.day is None:
        return [RefusedError("Chỉ thay được một thay đổi đã ký và có ngày hiệu lực.")]
    if any(entry.replaces == target.id for entry in signed):
        return [
            RefusedError(
                "Thay đổi của ngày %(day)s đã có quyết định khác thay.",
                day=day_words(target.day),
            )
        ]
    if line.day != target.day and today >= target.day:
        return [
            RefusedError(
                "Thay đổi đã có hiệu lực từ %(day)s thì không dời hay hủy được nữa; chỉ đính chính được.",
                day=day_words(target.day),
            )
        ]
    if line.day is not None and line.day != target.day and line.day < today:
        return [RefusedError("Không dời về ngày đã qua (%(day)s).", day=day_words(line.day))]
    if line.day == target.day and not line.reason.strip():
        return [RefusedError("Đính chính phải nêu lý do.")]
    return _other_deed(line, target)


def _other_deed(line: Entry, target: Entry) -> list[RefusedError]:
    """Refuse a correction or move that turns a text into a withdrawal or back."""
    withdrawals = (line.action is Action.WITHDRAW) + (target.action is Action.WITHDRAW)
    if line.action is Action.CANCEL or withdrawals != 1:
        return []
    return [
        RefusedError(
            "Đính chính hay dời ngày không đổi bãi bỏ thành ban hành, hay ngược lại. Hãy hủy dòng cũ và lập dòng mới."
        )
    ]


def _same_day(proposed: Sequence[Entry]) -> list[tuple[int, RefusedError]]:
    seen: set[date] = set()
    found = []
    for line in proposed:
        if line.day is not None and line.day in seen:
            text = "Quyết định đã có một dòng khác của tài liệu này cho ngày %(day)s."
            found.append((line.id, RefusedError(text, day=day_words(line.day))))
        if line.day is not None:
            seen.add(line.day)
    return found


def _same_target(proposed: Sequence[Entry]) -> list[tuple[int, RefusedError]]:
    """Refuse a second line that replaces what another line of the decision replaces."""
    seen: set[int] = set()
    found = []
    for line in proposed:
        if line.replaces is not None and line.replaces in seen:
            text = "Quyết định đã có một dòng khác thay cùng thay đổi này."
            found.append((line.id, RefusedError(text)))
        elif line.replaces is not None:
            seen.add(line.replaces)
    return found


def _taken(
    line: Entry, signed: Sequence[Entry], proposed: Sequence[Entry]
) -> RefusedError | None:
    """Refuse a day on which a signed change stands that the decision leaves as it is."""
    handled = {entry.replaces for entry in proposed}
    if any(entry.day == line.day and entry.id not in handled for entry in living(signed)):
        return RefusedError(
            "Ngày %(day)s tài liệu đã có một thay đổi đã ký. Muốn thay nội dung thì lập dòng đính chính thay đổi đó.",
            day=day_words(_day(line)),
        )
    return None


def _ahead(
    line: Entry, signed: Sequence[Entry], proposed: Sequence[Entry], today: date
) -> RefusedError | None:
    """Refuse a line before a change still to come that the decision leaves as it is."""
    if line.day is None:
        return None
    handled = {entry.replaces for entry in proposed}
    for entry in living(signed):
        if _day(entry) > max(today, line.day) and entry.id not in handled:
            return RefusedError(
                "Đã ký một thay đổi có hiệu lực từ %(day)s. Quyết định này phải nêu lại hoặc hủy thay đổi đó.",
                day=day_words(_day(entry)),
            )
    return None


def _behind(line: Entry, signed: Sequence[Entry], today: date) -> RefusedError | None:
    """Ask for a reason when a line goes behind what is in force today."""
    if line.day is None or line.reason.strip():
        return None
    if any(line.day < _day(entry) <= today for entry in living(signed)):
        return RefusedError("Dòng này đứng trước bản đang hiện hành nên phải nêu lý do.")
    return None


def _misfit(entry: Entry) -> RefusedError:
    """Say why an entry does not fit the timeline that would result."""
    texts = {
        Action.ISSUE: "Không ban hành mới từ %(day)s được: ngay trước đó tài liệu đang hiện hành.",
        Action.AMEND: "Không sửa đổi từ %(day)s được: ngay trước đó tài liệu không hiện hành.",
        Action.WITHDRAW: "Không bãi bỏ từ %(day)s được: ngay trước đó tài liệu không hiện hành.",
    }
    return RefusedError(texts[entry.action], day=day_words(_day(entry)))
