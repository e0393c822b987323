"""The parts of a Word file, known by the words of their headings. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from qms.documents.kinds.typing import Typed
from qms.documents.word_blocks import Cell, Item, Line, Row, words
from qms.errors import N_
from qms.text import fold

COVER: Final = N_("Đứng trước phần đầu tiên: trang bìa, bảng ký, mục lục.")
UNKNOWN: Final = N_("Không khớp phần nào của tài liệu ở đây.")
ALREADY: Final = N_("Đã có ở phần khác của bản soạn, không lấy từ tệp.")
UNREAD: Final = N_("Nằm trong phần có bảng nhưng không thành dòng của bảng.")

SKIPPED: Final = "skipped"
"""The name of parts that belong to the cover wherever they stand."""

_TAIL: Final = r"(?: (?:cua )?(?:thu tuc hanh chinh|thu tuc|tthc|quy trinh)| ap dung)*"
_NUMBER: Final = re.compile(
    r"[-–+*•\s]*(?:(?:phần|mục)\s+(?=\d|[ivxlc]+\b))?"
    r"(?:\d{1,2}(?:\.\d{1,2})*(?:\s*[.):/-]+\s*|\s+)(?!\d)|(?:[ivxlc]{1,5}|[a-zđ])\s*[.):/-]+\s*)?",
    re.IGNORECASE,
)
_ONLY_NUMBER: Final = re.compile(r"(?:\d{1,3}(?:\.\d{1,2})*|[IVX]{1,5}|[A-Za-zĐđ])[.)]?")
_HEAD_OF_NUMBERS: Final = {"tt", "stt", "so tt", "buoc", "b"}
_SUB: Final = re.compile(
    r"\b(?:cap (?:xa|tinh|huyen|so|bo|trung uong)|giai doan|truong hop|doi voi|"
    r"tai (?:ubnd|uy ban|so|phong|bo phan|trung tam|cap))\b"
)
_LONGEST: Final = 110
_DEEP: Final = 9
_FEW: Final = 2


@dataclass(frozen=True)
class Left:
    """What is not taken: the name it goes by, why, and what it says."""

    title: str
    why: str
    text: str = ""


@dataclass(frozen=True)
class Note:
    """Something to check among what was understood: a sentence with its number."""

    sentence: str
    count: int


@dataclass(frozen=True)
class Understood:
    """What a file says in the fields of an editor, what to check of it, and what is left out."""

    fields: Typed
    notes: tuple[Note, ...] = ()
    left: tuple[Left, ...] = ()


@dataclass
class Part:
    """What stands under one heading; ``key`` is empty where nobody knows the heading."""

    key: str
    title: str
    rank: int
    items: list[Item] = field(default_factory=list)


def headings(phrases: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    """Return patterns of headings without accents, with the tails they customarily have."""
    return {key: re.compile(f"(?:{each}){_TAIL}") for key, each in phrases.items()}


def split(items: Sequence[Item], known: Mapping[str, re.Pattern[str]]) -> list[Part]:
    """Return the parts of a file in its order; the first is what stands before any heading."""
    parts = [Part("", "", 0)]
    for item in items:
        now = parts[-1]
        begun = _begun(item, now, known)
        if begun is None:
            now.items.append(item)
        else:
            parts.append(begun)
    return parts


def bare(text: str) -> str:
    """Return a line without the number or bullet before it."""
    return _NUMBER.sub("", text, count=1) or text


def left(part: Part, why: str) -> Left:
    """Return a part that is not taken."""
    return Left(part.title, why, words(part.items))


def _key(text: str, known: Mapping[str, re.Pattern[str]]) -> str:
    folded = fold(text)
    return next((key for key, each in known.items() if each.fullmatch(folded)), "")


def _begun(item: Item, now: Part, known: Mapping[str, re.Pattern[str]]) -> Part | None:
    if isinstance(item, Row):
        return _by_row(item, now, known)
    return _by_line(item, known) or _unknown(item, now)


def _by_line(line: Line, known: Mapping[str, re.Pattern[str]]) -> Part | None:
    first, _, more = line.text.partition("\n")
    head, colon, rest = bare(first).partition(":")
    if len(head) > _LONGEST or not (key := _key(head, known)):
        return None
    said = [Line(each) for each in (rest.strip() if colon else "", *more.split("\n")) if each]
    return Part(key, head.strip(" .:"), _rank(line), list(said))


def _by_row(row: Row, now: Part, known: Mapping[str, re.Pattern[str]]) -> Part | None:
    """Return the part a row begins: its first cell is a heading, the others what it says."""
    own = row.own
    if not own or fold(own[0]) in _HEAD_OF_NUMBERS:
        return None
    number = own.pop(0) if len(own) > 1 and _ONLY_NUMBER.fullmatch(own[0]) else ""
    begun = _by_line(Line(own[0], mark=number), known)
    dotted = "." in number.rstrip(".")
    if begun is None or (begun.key == now.key and len(own) > 1 and not dotted):
        return None
    if len(own) > _FEW and not dotted:
        return None
    begun.rank = number.count(".") + 1 if number else _DEEP
    rest = [Cell()] * bool(number) + [Cell(begun.title), *(Cell(each) for each in own[1:])]
    if len(own) > _FEW:
        begun.items.append(Row(row.cells, row.table))
    elif len(own) == _FEW:
        begun.items += [Line(each) for each in rest[-1].text.split("\n")]
    return begun


def _unknown(line: Line, now: Part) -> Part | None:
    """Return the part that a heading nobody knows begins, unless it stands below the last one."""
    text = bare(line.text)
    rank = _rank(line)
    if not now.rank or rank > now.rank or len(text) > _LONGEST or "\n" in text:
        return None
    looks = line.level or line.bold or text.isupper()
    if not looks or text.endswith((";", ",", ".")) or _SUB.search(fold(text)):
        return None
    return Part("", text.strip(" :"), rank)


def _rank(line: Line) -> int:
    """Return how deep a heading stands: by its style, its number or its capitals."""
    numbered = re.match(r"[-+\s]*(?:(\d{1,2}(?:\.\d{1,2})*)|([IVXLC]{1,5}))[.)\s]", line.text)
    if numbered and numbered[1]:
        return numbered[1].count(".") + 1
    if numbered or (line.text.isupper() and not line.level):
        return 1
    if line.level:
        return line.level
    return _FEW if line.mark[:1].isdigit() else _DEEP
