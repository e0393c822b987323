"""Sheets as paper: made once for what they tell, kept, and handed out as they were kept."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from qms import files
from qms.digests import digest
from qms.notices import codes
from qms.notices.printing import Paper, Stamp, notice_data
from qms.notices.sheets import DaySheet
from qms.notices.stories import Story
from qms.vietnamese import day

Render = Callable[[str, Mapping[str, object]], bytes]
"""From a print template and its data to a PDF."""

_PLACE_ROOM: Final = 60
"""Characters of a place that the foot has room for."""

LAYOUT: Final = 2
"""Number of the layout; a new one is a new print of the same sheet."""


def sheet(
    told: Story,
    found: DaySheet,
    paper: Paper,
    public_url: str,
    render: Render,
    remark: str = "",
) -> bytes:
    """Return the print everybody gets: its code is derived, nothing is recorded.

    ``remark`` is stamped on each page; see :func:`qms.notices.validity.remark`.
    """
    code = codes.encode_sheet_code(told.unit.id, told.document.id, found.digest)
    return _made(found, code, paper, public_url, render, remark=remark)


def copy(
    code: str,
    made_for: str,
    found: DaySheet,
    paper: Paper,
    public_url: str,
    render: Render,
    remark: str = "",
) -> bytes:
    """Return the print of a copy, with the code of its own; see :func:`made_for`."""
    return _made(found, code, paper, public_url, render, printed=made_for, remark=remark)


def tag(found: DaySheet, paper: Paper, remark: str) -> str:
    """Return what tells one print for everybody from another, for those who keep it."""
    return f"{LAYOUT}-{found.digest[:32]}-{paper}{_mark(remark)}"


def made_for(place: str, on: date) -> str:
    """Return what the foot of a copy says after “In”."""
    shown = place if len(place) <= _PLACE_ROOM else f"{place[:_PLACE_ROOM].rstrip()}…"
    return f"ngày {day(on)} để treo tại {shown}"


def _mark(remark: str) -> str:
    """Return what a stamp adds to the name of a print; nothing where there is none."""
    return f"-{digest(remark.encode())[:16]}" if remark else ""


def _made(
    found: DaySheet,
    code: str,
    paper: Paper,
    public_url: str,
    render: Render,
    *,
    printed: str = "",
    remark: str = "",
) -> bytes:
    name = f"{LAYOUT}/{paper.value}/{found.digest}/{code.lower()}{_mark(remark)}.pdf"
    kept = files.kept(name)
    if kept is not None:
        return kept
    base = public_url.rstrip("/")
    stamp = Stamp(
        code=code,
        address=f"{base}/k/{code}",
        where=f"{base.split('://')[-1]}/k",
        digest=found.digest,
        printed=printed,
        remark=remark,
    )
    data = render("notice.html", notice_data(found.sheet, found.content, stamp, paper))
    files.keep(name, data)
    return data
