"""Small things the printed page needs: lists in raw text, law numbers kept whole, QR codes."""

import re
from typing import Final, TypedDict

import segno
from markupsafe import Markup, escape

_LISTED: Final = re.compile(
    r"(?P<marker>[-–—+*•]|\([ivx]{1,5}\)|\(\d{1,2}\)|[a-eđghik-vxy]\)|\d{1,2}[.)])"
    r"(?:\s+(?=\S)|(?<=[-–—+*•])(?=[^\W\d_]))"
)
_LAW: Final = re.compile(r"\b\d{1,4}/(?:\d{4}/)?[A-ZĐ][A-ZĐ0-9-]{1,14}\b")
_STEP: Final = re.compile(r"Bước \d+(?:[.:]\s*|\s+)(?=\S)")


class Qr(TypedDict):
    """A drawing: side in modules, quiet zone included, and the path of the dark ones."""

    side: int
    path: str


def lines(text: str) -> list[tuple[int, str, str]]:
    """Return raw text as (depth, marker, words), at most three deep; words are never changed.

    Depth 0 has at most "Bước 1:" for a marker. A kind of marker that is already open closes
    what stands below it, a new kind goes one deeper; a line that begins with a small letter
    continues the sentence before it.
    """
    found: list[tuple[int, str, str]] = []
    open_kinds: list[str] = []
    for raw in text.split("\n"):
        words = " ".join(raw.split())
        if not words:
            continue
        if hit := _LISTED.match(words):
            marker = hit["marker"]
            open_kinds = _opened(open_kinds, _kind(marker))
            found.append((len(open_kinds), marker, words[hit.end() :]))
        elif found and words[0].islower():
            depth, marker, before = found[-1]
            found[-1] = depth, marker, f"{before} {words}"
        elif step := _STEP.match(words):
            open_kinds = []
            found.append((0, step[0].strip(), words[step.end() :]))
        else:
            found.append((len(open_kinds), "", words))
    return found


def whole(text: str) -> Markup:
    """Keep the number of a legal text on one line: 281/2016/TT-BTC, 15/QĐ-UBND."""
    return Markup(  # noqa: S704 - the text is escaped before the tags are set around numbers
        _LAW.sub(r'<span class="nowrap">\g<0></span>', str(escape(text)))
    )


def quads(digest: str, groups: int = 4) -> str:
    """Return the start of a digest in groups of four, to be compared by eye."""
    return " ".join(digest[i : i + 4] for i in range(0, 4 * groups, 4))


def qr(address: str) -> Qr:
    """Return the QR code of an address as runs of modules, four modules of quiet around."""
    rows = segno.make(address, error="m", micro=False, boost_error=False).matrix
    runs = [
        f"M{run.start() + 4} {y + 4}h{len(run[0])}v1h-{len(run[0])}z"
        for y, row in enumerate(rows)
        for run in re.finditer("1+", "".join(map(str, row)))
    ]
    return {"side": len(rows) + 8, "path": "".join(runs)}


def _kind(marker: str) -> str:
    if re.match(r"\([ivx]+\)$", marker):
        return "(i)"
    if any(character.isdigit() for character in marker):
        return re.sub(r"\d+", "1", marker)
    return marker[-1]


def _opened(open_kinds: list[str], kind: str) -> list[str]:
    if kind in open_kinds:
        return open_kinds[: open_kinds.index(kind) + 1]
    return [*open_kinds[:2], kind]
