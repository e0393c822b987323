"""Which bytes a browser gets: packed where it takes that, and none where it has them already."""

import gzip
from functools import lru_cache
from typing import Final

BEST: Final = 9
SMALLEST: Final = 400
"""Bytes below which packing gains nothing."""

PACKED_TYPES: Final = (
    "text/",
    "application/json",
    "application/xml",
    "application/atom+xml",
    "application/ld+json",
    "application/manifest+json",
    "image/svg+xml",
)
"""Media types (their beginnings) that are worth packing; pictures and PDFs are packed already."""


def packed(data: bytes, media_type: str) -> bytes | None:
    """Return the bytes packed as gzip, the same every time; None where that gains nothing."""
    if len(data) < SMALLEST or not media_type.startswith(PACKED_TYPES):
        return None
    smaller = gzip.compress(data, BEST, mtime=0)
    return smaller if len(smaller) < len(data) else None


@lru_cache(maxsize=256)
def takes_gzip(accepted: str) -> bool:
    """Tell whether ``Accept-Encoding`` allows gzip."""
    wanted = {}
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        wanted[name.strip()] = weight.replace(" ", "")
    said = wanted.get("gzip", wanted.get("x-gzip", wanted.get("*")))
    return said is not None and said not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}


def has(if_none_match: str, tag: str) -> bool:
    """Tell whether ``If-None-Match`` names a tag (with its quotes), weakly or strongly."""
    return if_none_match.strip() == "*" or any(
        each.strip().removeprefix("W/") == tag for each in if_none_match.split(",")
    )
