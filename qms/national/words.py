"""How the exports of the national catalogue word things, and what means the same.

Pure. Two exports word level and kind differently throughout; both tables know both wordings.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from qms.text import nfc, plain

NOTHING: Final = "Không có thông tin"
"""The words with which the catalogue says that it says nothing."""

SAID: Final = "Danh mục ghi: "
"""How the note of a fee line begins whose amount is not vouched for."""

UNSAID_LIMIT: Final = "Chưa xác định – hỏi tại nơi tiếp nhận"
"""What everybody reads where the catalogue has a number of nothing for a time limit."""

LEVELS: Final[Mapping[str, str]] = {
    "cấp bộ": "Cấp Bộ",
    "cấp bộ/trung ương": "Cấp Bộ",
    "cấp trung ương": "Cấp Bộ",
    "bộ": "Cấp Bộ",
    "trung ương": "Cấp Bộ",
    "cấp tỉnh": "Cấp tỉnh",
    "tỉnh": "Cấp tỉnh",
    "cấp huyện": "Cấp huyện",
    "huyện": "Cấp huyện",
    "cấp xã": "Cấp xã",
    "xã": "Cấp xã",
    "cơ quan khác": "Cơ quan khác",
}
"""Every wording of a level, and the one under which we keep it."""

ASSIGNED: Final = "TTHC được luật giao quy định chi tiết"
NOT_ASSIGNED: Final = "TTHC không được luật giao cho địa phương quy định"
CATEGORIES: Final[Mapping[str, str]] = {
    "tthc được luật giao quy định chi tiết": ASSIGNED,
    "tthc được giao luật quy định chi tiết": ASSIGNED,
    "assigned_regulation": ASSIGNED,
    "tthc không được luật giao cho địa phương quy định": NOT_ASSIGNED,
    "not_assigned_regulation": NOT_ASSIGNED,
    "local_regulation": "TTHC do địa phương quy định",
    "central_regulation": "TTHC do trung ương quy định",
    "loại khác": "Loại khác",
    "other": "Loại khác",
}
"""Every wording of the kind of a procedure, and the one under which we keep it."""

_SILENT: Final = r"không\s+có\s+thông\s+tin|từ\s+kh(?:óa|oá)"
_FURNITURE: Final = re.compile(
    rf"(?:{_SILENT})[\s:.]*(?:(?:{_SILENT}|mô\s+tả)[\s:.]*)*"
    r"(?:chọn cơ quan thực hiện.*)?\Z",
    re.DOTALL | re.IGNORECASE,
)
"""Labels and menus of the catalogue's page that an export took for text."""


_STORED: Final = re.compile(
    "[\t\n\x20-\x7e\u00b0-\u00cf\u00d1-\u00ef\u00f1-\u0148\u1ea0-\u1ef9ƠơƯư‘’“”…–]*"
)
"""Letters and signs that never need mending."""

_HEAPED: Final = re.compile("[\u0300-\u036f]{30}")
TEXT_LIMIT: Final = 200_000
"""Characters of the longest text that is kept."""

_SHORT: Final = 500
_TAIL: Final = 500


class Mender:
    """Brings texts into their one stored form and counts those that were not in it."""

    def __init__(self) -> None:
        """Begin to count."""
        self.count = 0

    def text(self, value: object) -> str:
        """Return a text as it is kept: words untouched, empty where nothing is said.

        Raises:
            TypeError: the value is no text.
            ValueError: it is too long, or marks are heaped on its letters.

        """
        if value is None:
            return ""
        if not isinstance(value, str):
            raise TypeError
        if len(value) > TEXT_LIMIT:
            raise ValueError("too long")
        if _STORED.fullmatch(value):
            clean = value
        elif _HEAPED.search(value):
            raise ValueError("heaped marks")
        else:
            clean = nfc(value)
        self.count += clean != value
        clean = clean.strip()
        return "" if says_nothing(clean) else clean


def says_nothing(text: str) -> bool:
    """Tell whether a text is blank, or only says that there is nothing to say."""
    if len(text) > _TAIL:
        return False
    return not without_furniture(text).strip(" \t\n.:-+*•")


def without_furniture(text: str) -> str:
    """Return a text without the labels of the page that may stand behind it."""
    tail = text[-_TAIL:]
    said = tail.casefold()
    if ("thông" not in said or "tin" not in said) and "từ kh" not in said:
        return text
    kept = _FURNITURE.sub("", tail)
    return text if kept == tail else (text[:-_TAIL] + kept).rstrip()


def meaning(text: str) -> str:
    """Return the key that texts of the same meaning share."""
    return _remembered(text) if len(text) < _SHORT else plain(without_furniture(text))


@lru_cache(maxsize=4096)
def _remembered(text: str) -> str:
    return plain(without_furniture(text))


def pieces(text: str) -> frozenset[str]:
    """Return what a list by comma names, whatever the order."""
    found = (meaning(piece) for piece in re.split("[,;]", without_furniture(text)))
    return frozenset(piece for piece in found if piece)


def levels(text: str) -> tuple[str, ...]:
    """Return the levels a text names, in our wording and from the top down."""
    named = {level(part) for part in text.split(",") if part.strip()}
    order = list(dict.fromkeys(LEVELS.values()))
    known = [name for name in order if name in named]
    return (*known, *sorted(named.difference(known)))


def level(text: str) -> str:
    """Return one level in our wording; an unknown one as it is."""
    return _worded(text, LEVELS)


def category(text: str) -> str:
    """Return the kind of a procedure in our wording; an unknown one as it is."""
    return _worded(text, CATEGORIES)


def _worded(text: str, table: Mapping[str, str]) -> str:
    text = " ".join(text.split())
    return table.get(text.casefold(), text)
