"""Sheets as paper: made once for what they tell, kept, and handed out with what is stamped on.

What is kept never bears a stamp: a print that is not what holds, and a copy with a number,
get theirs on the way out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from qms import files, overprints
from qms.db import let_go
from qms.digests import digest
from qms.errors import LateError
from qms.notices import tellings, validity
from qms.notices.checking import DayOf
from qms.notices.course import AnySheet, Course
from qms.notices.models import Copy
from qms.notices.printing import Paper, Stamp
from qms.overprints import Overprint
from qms.vietnamese import day

Render = Callable[[str, Mapping[str, object]], bytes]
"""From a print template and its data to a PDF."""


_PLACE_ROOM: Final = 60
"""Characters of a place that the foot has room for."""

LAYOUT: Final = 3
"""Number of the layout; a new one is a new print of the same sheet."""


@dataclass(frozen=True)
class Print:
    """A print that is kept under its name, and the template and data it is made of."""

    name: str
    made_of: Callable[[], tuple[str, Mapping[str, object]]]


def sheet(
    of: tellings.About,
    found: AnySheet,
    paper: Paper,
    public_url: str,
    render: Render,
    remark: str = "",
) -> bytes:
    """Return the print everybody gets: its code is derived, nothing is recorded.

    ``remark`` is stamped on each page; see :func:`qms.notices.validity.remark`.
    """
    made = kept_or_made(of_sheet(of, found, paper, public_url), render)
    return overprints.stamped(made, _remarked(remark), render)


def copy(
    of: Course,
    printed: Copy,
    number: int,
    paper: Paper,
    public_url: str,
    render: Render,
    *,
    today: date,
    day_of: DayOf,
) -> bytes:
    """Return the print of a copy, stamped with its number, or with why it does not hold.

    Raises:
        RefusedError: its day says something else by now than what was printed.

    """
    found = of.as_printed(printed)
    made_for = _made_for(printed.place, day_of(printed.printed_at))
    made = kept_or_made(
        _print(found, printed.code, paper, public_url, printed=made_for), render
    )
    remark = validity.remark(of, found, printed.day, max(printed.day, today))
    return overprints.stamped(made, _remarked(remark) or overprints.controlled(number), render)


def of_sheet(of: tellings.About, found: AnySheet, paper: Paper, public_url: str) -> Print:
    """Return the print everybody gets, unstamped, for those who make many at once."""
    code = tellings.code_of(of, found.digest)
    return _print(found, code, paper, public_url)


def kept_or_made(wanted: Print, render: Render) -> bytes:
    """Return a print from the store, where it is put if it is not there yet.

    Raises:
        LateError: it takes longer than anybody waits; whoever asks later finds it.

    """
    made = files.kept(wanted.name)
    if made is None:
        let_go()
        try:
            made = render(*wanted.made_of())
        except LateError as late:
            late.then(files.keep_later(wanted.name))
            raise
        files.keep(wanted.name, made)
    return made


def tag(found: AnySheet, paper: Paper, remark: str) -> str:
    """Return what tells one print for everybody from another, for those who keep it."""
    mark = f"-{overprints.LAYOUT}-{digest(remark.encode())[:16]}" if remark else ""
    return f"{LAYOUT}-{found.digest[:32]}-{paper}{mark}"


def _made_for(place: str, on: date) -> str:
    """Return what the foot of a copy says after “In”."""
    shown = place if len(place) <= _PLACE_ROOM else f"{place[:_PLACE_ROOM].rstrip()}…"
    return f"ngày {day(on)} để treo tại {shown}"


def _remarked(remark: str) -> Overprint:
    return overprints.not_in_force(remark) if remark else Overprint()


def _print(
    found: AnySheet, code: str, paper: Paper, public_url: str, *, printed: str = ""
) -> Print:
    base = public_url.rstrip("/")
    stamp = Stamp(
        code=code,
        address=f"{base}/k/{code}",
        where=f"{base.split('://')[-1]}/k",
        digest=found.digest,
        printed=printed,
    )
    return Print(
        f"{LAYOUT}/{paper.value}/{found.digest}/{code.lower()}-{digest(base.encode())[:8]}.pdf",
        lambda: found.paper(stamp, paper),
    )
