"""The flow chart of a process as SVG: who, the step in its box, how long and with which form.

A drawing is a stack of rows, a band for a phase and a step with the arrow above it, so that
paper may break between any two rows and any number of steps fits. SVG does not wrap text:
lines are broken here by the widths of the type with which paper is set. Pure.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from markupsafe import Markup

TYPE: Final = 3.7
"""Height of the letters; a drawing counts in millimetres of paper."""
LINE: Final = 4.7
GAP: Final = 6.5
"""Room for the arrow between two boxes."""
INSIDE: Final = 2.5
"""Between an edge and the words beside it."""
LOWEST: Final = 11.0
BAND: Final = 7.5

_WIDTHS: Final = {
    width: frozenset(letters)
    for width, letters in {
        0.28: "ijlt/;:!|",
        0.25: " .,",
        0.34: "frsI()-[]J",
        0.72: "AHDKNGOQVXYUwCR&",
        0.56: "PSEFTLZB",
        0.9: "mMW%…",
    }.items()
}
_USUAL: Final = 0.5
_BOLD: Final = 1.07
"""How much wider bold letters run."""


@dataclass(frozen=True)
class Box:
    """A step to be drawn; ``beside`` stands to its right: time, form, result."""

    number: int
    what: str
    who: str
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Band:
    """The steps of one phase; a phase without a name has no band."""

    name: str
    boxes: Sequence[Box]


@dataclass(frozen=True)
class Lanes:
    """Widths of the three columns; without those at the sides all words stand in the box."""

    who: float
    work: float
    beside: float

    @property
    def width(self) -> float:
        """The width of the whole drawing."""
        return self.who + self.work + self.beside

    @property
    def middle(self) -> float:
        """Where the arrows run."""
        return self.who + self.work / 2


PAPER: Final = Lanes(40, 79, 46)
"""165 mm: between the margins of an A4 page."""
PHONE: Final = Lanes(0, 84, 0)


@dataclass(frozen=True)
class Row:
    """A strip of the drawing, as high as its longest words need."""

    lanes: Lanes
    height: float
    drawn: Markup
    told: str
    band: bool = False


def draw(bands: Sequence[Band], lanes: Lanes = PAPER) -> list[Row]:
    """Return the strips of a flow chart from top to bottom."""
    count = sum(len(band.boxes) for band in bands)
    rows: list[Row] = []
    drawn = 0
    for band in bands:
        if band.name and band.boxes:
            rows.append(_band(band.name, lanes, first=not rows))
        for box in band.boxes:
            drawn += 1
            ends = drawn in {1, count}
            row = _step(box, lanes, first=not rows, ends=ends)
            rows.append(replace(row, height=row.height + INSIDE) if drawn == count else row)
    return rows


def strip(row: Row) -> Markup:
    """Return one strip as a picture of its own, for a row of a table on paper."""
    return Markup('<svg viewBox="0 0 {} {}" role="img"><title>{}</title>{}</svg>').format(
        _n(row.lanes.width), _n(row.height), row.told, row.drawn
    )


def whole(rows: Sequence[Row], title: str, described: str) -> Markup:
    """Return all strips as one picture, with its title and where its words stand again."""
    if not rows:
        return Markup("")
    parts, top = Markup(""), 0.0
    for row in rows:
        parts += Markup('<g transform="translate(0 {})">{}</g>').format(_n(top), row.drawn)
        top += row.height
    return Markup(
        '<svg viewBox="0 0 {} {}" role="img"><title>{}</title><desc>{}</desc>{}</svg>'
    ).format(_n(rows[0].lanes.width), _n(top), title, described, parts)


def wrap(words: str, room: float, size: float = TYPE) -> list[str]:
    """Break words into lines no wider than ``room``; a word that is wider is broken too."""
    lines: list[str] = []
    for paragraph in words.split("\n"):
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}" if line else word
            if width(longer, size) <= room:
                line = longer
                continue
            if line:
                lines.append(line)
            *full, line = _pieces(word, room, size)
            lines += full
        if line:
            lines.append(line)
    return lines


def width(words: str, size: float = TYPE) -> float:
    """Return how wide words are, accents left out of account."""
    plain = unicodedata.normalize("NFD", words)
    return size * sum(_letter(each) for each in plain if not unicodedata.combining(each))


def _letter(letter: str) -> float:
    found = next((w for w, letters in _WIDTHS.items() if letter in letters), None)
    if found is not None:
        return found
    return 0.72 if letter.isupper() else _USUAL if letter.isascii() or letter == "đ" else 0.6


def _pieces(word: str, room: float, size: float) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and width(pieces[-1] + letter, size) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _band(name: str, lanes: Lanes, *, first: bool) -> Row:
    lines = wrap(name, (lanes.width - 2 * INSIDE) / _BOLD)
    top = 0 if first else GAP / 2
    high = max(BAND, len(lines) * LINE + 2)
    drawn = Markup("") if first else _path(f"M{_n(lanes.middle)} 0v{_n(top)}")
    drawn += Markup(
        '<rect x=".2" y="{}" width="{}" height="{}" fill="#ececec" stroke="currentColor"'
        ' stroke-width=".3"/>'
    ).format(_n(top + 0.2), _n(lanes.width - 0.4), _n(high - 0.4))
    drawn += _words(lines, lanes.width / 2, top + high / 2, "middle", bold=True, ink="#000")
    return Row(lanes, top + high, drawn, name, band=True)


def _step(box: Box, lanes: Lanes, *, first: bool, ends: bool) -> Row:
    apart = lanes.who > 0
    room = lanes.work - 4 * INSIDE
    inside = wrap(f"{box.number}. {box.what}", room if apart else room / _BOLD)
    who = wrap(box.who, (lanes.who or lanes.work - 2 * INSIDE) - 2 * INSIDE)
    room = (lanes.beside or lanes.work - 2 * INSIDE) - 2 * INSIDE
    beside = [line for part in box.beside for line in wrap(part, room)]
    within = inside if apart else [*inside, *who, *beside]
    tallest = max(len(inside), len(who), len(beside)) if apart else len(within)
    high = max(LOWEST, tallest * LINE + 2 * INSIDE)
    top = INSIDE if first else GAP
    middle = top + high / 2
    left, wide = lanes.who + INSIDE, lanes.work - 2 * INSIDE
    drawn = Markup("") if first else _arrow(lanes.middle, top)
    drawn += Markup(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="{}" fill="none" stroke="currentColor"'
        ' stroke-width=".3"/>'
    ).format(_n(left), _n(top), _n(wide), _n(high), _n(min(high / 2, 6) if ends else 0))
    if apart:
        drawn += _words(inside, lanes.middle, middle, "middle")
        drawn += _words(who, INSIDE, middle, "start")
        drawn += _words(beside, lanes.who + lanes.work + INSIDE, middle, "start")
    else:
        drawn += _words(within, lanes.middle, middle, "middle", bold_until=len(inside))
    told = ". ".join(
        part for part in (f"{box.number}. {box.what}", box.who, *box.beside) if part
    )
    return Row(lanes, top + high, drawn, told.replace("\n", " "))


def _arrow(at: float, tip: float) -> Markup:
    head = Markup('<path d="M{} {}l-1.3 -2.8h2.6z" fill="currentColor"/>').format(
        _n(at), _n(tip)
    )
    return _path(f"M{_n(at)} 0v{_n(tip - 2)}") + head


def _path(d: str) -> Markup:
    return Markup('<path d="{}" fill="none" stroke="currentColor" stroke-width=".3"/>').format(
        d
    )


def _words(
    lines: Sequence[str],
    at: float,
    middle: float,
    anchor: str,
    *,
    bold: bool = False,
    bold_until: int = 0,
    ink: str = "currentColor",
) -> Markup:
    first = middle + TYPE * 0.35 - (len(lines) - 1) / 2 * LINE
    found = Markup("")
    for number, line in enumerate(lines):
        heavy = bold or number < bold_until
        found += Markup(
            '<text x="{}" y="{}" text-anchor="{}" font-size="{}" fill="{}"'
            ' font-family="Liberation Serif, Times New Roman, serif"{}>{}</text>'
        ).format(
            _n(at),
            _n(first + number * LINE),
            anchor,
            TYPE,
            ink,
            Markup(' font-weight="bold"') if heavy else "",
            line,
        )
    return found


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
