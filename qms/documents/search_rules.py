"""What is searched for and in what order it is shown. Pure.

Every database gets the same words and the same tiers, so that both find the same.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import chain
from typing import Final

from qms.text import fold, nfc, opens, plain, search_key, y_as_i

LONGEST_QUERY: Final = 200
"""Characters of a query that are looked at."""

MOST_WORDS: Final = 16
"""Different words of a query that are looked for; the rest is left out."""

RANKED_UP_TO: Final = 3_000
"""With more hits than this they come by title: each tier would have to be worked out first."""

LONGEST_WORD: Final = 100
"""Characters of a word that count; databases refuse words without an end."""

MOST_BYTES: Final = 400_000
"""Bytes of one document's words that can be found, without their accents and again with them;
PostgreSQL takes about a million."""

BETWEEN: Final = " | "
"""Keeps a phrase from running on from one part into the next; no query holds it."""

_PHRASE: Final = re.compile(r'["“”„«]([^"“”„«»]*)["“”»]')
_WORD: Final = re.compile(r"(?:[^\W_]|[\u0300-\u036f]|(?<=\d)\.(?=\d))+")


_EVERYBODY_TYPES: Final = (
    *("thủ tục", "hồ sơ", "giấy", "đơn", "xin", "làm", "cần", "muốn", "về"),
    *("thu tuc", "ho so", "giay"),
)
"""Words that need not be there, unless nothing else is asked. Without their accents only those
that say nothing else: ``lam`` may be Lâm, ``can`` is half of căn cước."""


class Shelf(StrEnum):
    """Whether a text that was found stands on the day asked."""

    IN_FORCE = "in_force"
    COMING = "scheduled"
    ENDED = "withdrawn"


@dataclass(frozen=True)
class Asked:
    """A query as it is looked for: its words with the accents that were typed, or without any."""

    typed: str
    accents: bool
    """Whether accents count; then a word typed without any stands for all of its letters."""
    words: tuple[str, ...]
    """Those that must be there; empty where nothing can be found."""
    phrases: tuple[str, ...]
    """What stood in quotes and must be there as it is."""
    whole: str
    """All that was typed."""
    needed: str
    """The same without the words everybody types."""
    opens: bool
    """Whether the last word may be the beginning of one."""
    code: str
    only_names: bool = False

    def loose(self) -> "Asked":
        """Return the same query without accents."""
        return _asked(self.typed, accents=False)

    @property
    def folded(self) -> str:
        """What to type to look for it without accents."""
        return _folded(self.typed)

    def misspelt(self) -> "Asked":
        """Return what stands for a query whose accents nothing has: names of those letters."""
        return replace(self.loose(), opens=False, only_names=True)

    def key(self, text: str) -> str:
        """Return a text as this query is compared with it."""
        return exact(text) if self.accents else _folded(text)


@dataclass(frozen=True)
class Entry:
    """What one text is found by. Field and body hold their words twice: the second time with accents."""

    code_key: str
    title_exact: str
    title_fold: str
    topic_fold: str
    body: str


def asked(typed: str) -> Asked:
    """Read what somebody typed: words, phrases in quotes, perhaps a code."""
    return _asked(typed[:LONGEST_QUERY], accents=True)


def _asked(typed: str, *, accents: bool) -> Asked:
    said = exact(typed)
    accents = accents and not said.isascii()
    key = exact if accents else _folded
    telling = " ".join(_GENERAL.sub(" ", f" {said} ").split())
    whole = key(typed)
    needed = key(telling) if telling and telling != said else whole
    phrases = [key(found) for found in _PHRASE.findall(typed)]
    return Asked(
        typed=typed,
        accents=accents,
        words=tuple(dict.fromkeys(needed.split()))[:MOST_WORDS],
        phrases=tuple(phrase for phrase in phrases if " " in phrase),
        whole=whole,
        needed=needed,
        opens=opens(typed),
        code=code_key(typed),
    )


def entry(code: str, title: str, topic: str, words: str) -> Entry:
    """Return what a text is found by: its code, name, field and words."""
    folded = [_code_words(code), *map(_folded, (title, topic, words))]
    accented = [*map(exact, (code, title, topic, words))]
    return Entry(
        code_key=code_key(code),
        title_exact=f" {accented[1]} ",
        title_fold=f" {folded[1]} ",
        topic_fold=f" {_joined(folded[2], accented[2])} ",
        body=f" {_joined(*(_cut(_joined(*parts)) for parts in (folded, accented)))} ",
    )


def exact(text: str) -> str:
    """Return the words in lower case with their accents, wherever the tone mark stands."""
    return " ".join(filter(None, map(_exact_word, _WORD.findall(nfc(text)))))


@lru_cache(maxsize=1 << 14)
def _exact_word(word: str) -> str:
    return nfc(y_as_i(plain(word)))[:LONGEST_WORD]


def passage(words: str, asked: Asked) -> str:
    """Return the line that has what was asked, or most of its words; with its accents if any."""
    lines = words.split("\n")
    for way in (asked.loose(), asked):
        near = [_nearness(line, way) for line in lines]
        nearest = max(near)
        lines = [line for line, each in zip(lines, near, strict=True) if each == nearest]
    return lines[0]


def _nearness(line: str, asked: Asked) -> tuple[bool, int]:
    said = asked.key(line)
    return f" {asked.needed} " in f" {said} ", len(set(asked.words) & set(said.split()))


def mended(typed: str, missing: Collection[str], names: Sequence[str]) -> str | None:
    """Return a query without the words that nothing has, or with a blank put where one is missing.

    None where less than half of it would remain.
    """
    pieces = typed.split()
    told = [_without(piece, missing, names) for piece in pieces]
    kept = [piece for piece in told if piece]
    return " ".join(kept) if len(pieces) <= 2 * len(kept) and kept != pieces else None


def _without(piece: str, missing: Collection[str], names: Sequence[str]) -> str:
    words = _folded(piece).split()
    if not words or not set(words) & set(missing):
        return piece
    run_together = re.compile(f"(?<= ){' ?'.join(map(re.escape, ''.join(words)))}(?= )")
    return next((found[0] for name in names if (found := run_together.search(name))), "")


def code_key(code: str) -> str:
    """Return a code without what people leave out when they type it."""
    return re.sub(r"[ .]", "", fold(code))


def _code_words(code: str) -> str:
    """Return the code whole, run together, and in pieces."""
    folded = search_key(code)
    pieces = (piece for word in folded.split() if "." in word for piece in word.split("."))
    return " ".join(dict.fromkeys(_short(chain((folded, code_key(code)), pieces))))


def _joined(*parts: str) -> str:
    return BETWEEN.join(part for part in parts if part)


def _folded(text: str) -> str:
    return " ".join(_short(search_key(text).split()))


def _short(words: Iterable[str]) -> Sequence[str]:
    return [word[:LONGEST_WORD] for word in words if word]


def _cut(body: str) -> str:
    data = body.encode()
    if len(data) <= MOST_BYTES:
        return body
    return data[:MOST_BYTES].decode(errors="ignore").rpartition(" ")[0]


_GENERAL: Final = re.compile(
    rf"(?<= )(?:{'|'.join(re.escape(exact(each)) for each in _EVERYBODY_TYPES)})(?= )"
)
