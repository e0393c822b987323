"""Sheets as paper: made once for what they tell, kept, and handed out as they were kept."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from qms import files
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


def sheet(told: Story, found: DaySheet, paper: Paper, public_url: str, render: Render) -> bytes:
    """Return the print everybody gets: its code is derived, nothing is recorded."""
    code = codes.encode_sheet_code(told.unit.id, told.document.id, found.digest)
    name = f"{LAYOUT}/{paper.value}/{found.digest}/{code.lower()}.pdf"
    return _made(name, found, code, paper, public_url, render)


def copy(
    code: str, made_for: str, found: DaySheet, paper: Paper, public_url: str, render: Render
) -> bytes:
    """Return the print of a copy, with the code of its own; see :func:`made_for`."""
    name = f"{LAYOUT}/{paper.value}/{found.digest}/{code.lower()}.pdf"
    return _made(name, found, code, paper, public_url, render, made_for)


def made_for(place: str, on: date) -> str:
    """Return what the foot of a copy says after “In”."""
    shown = place if len(place) <= _PLACE_ROOM else f"{place[:_PLACE_ROOM].rstrip()}…"
    return f"ngày {day(on)} để treo tại {shown}"


def _made(
    name: str,
    found: DaySheet,
    code: str,
    paper: Paper,
    public_url: str,
    render: Render,
    printed: str = "",
) -> bytes:
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
    )
    data = render("notice.html", notice_data(found.sheet, found.content, stamp, paper))
    files.keep(name, data)
    return data
