"""What is searched for and in what order it is shown. Pure.

Every database gets the same words and the same tiers, so that both find the same.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import Final

from qms.text import fold, nfc, plain

LONGEST_QUERY: Final = 200
"""Characters of a query that are looked at."""

MOST_WORDS: Final = 16
"""Different words of a query that are looked for; the rest is left out."""

RANKED_UP_TO: Final = 3_000
"""With more hits than this they come by title: each tier would have to be worked out first."""

LONGEST_WORD: Final = 100
"""Characters of a word that count; databases refuse words without an end."""

MOST_BYTES: Final = 800_000
"""Bytes of one document's words that can be found; PostgreSQL takes about a million."""

BETWEEN: Final = " | "
"""Keeps a phrase from running on from one part into the next; no query holds it."""

_PHRASE: Final = re.compile(r'["“”„«]([^"“”„«»]*)["“”»]')
_WORD: Final = re.compile(r"(?:[^\W_]|[\u0300-\u036f]|(?<=\d)\.(?=\d))+")


class Shelf(StrEnum):
    """Whether a text that was found stands on the day asked."""

    IN_FORCE = "in_force"
    COMING = "scheduled"
    ENDED = "withdrawn"


@dataclass(frozen=True)
class Asked:
    """A query as it is looked for. ``words`` is empty where nothing can be found."""

    words: tuple[str, ...]
    phrases: tuple[str, ...]
    folded: str
    exact: str
    code: str

    @property
    def exact_words(self) -> tuple[str, ...]:
        """The single words with their accents."""
        return tuple(dict.fromkeys(self.exact.split()))[:MOST_WORDS]


@dataclass(frozen=True)
class Entry:
    """What one text is found by."""

    code_key: str
    title_exact: str
    title_fold: str
    topic_fold: str
    body: str


def asked(typed: str) -> Asked:
    """Read what somebody typed: words, phrases in quotes, perhaps a code."""
    typed = typed[:LONGEST_QUERY]
    words = _short(fold(typed).split())
    phrases = [" ".join(_short(fold(found).split())) for found in _PHRASE.findall(typed)]
    return Asked(
        words=tuple(dict.fromkeys(words))[:MOST_WORDS],
        phrases=tuple(phrase for phrase in phrases if " " in phrase),
        folded=" ".join(words),
        exact=exact(typed),
        code=code_key(typed),
    )


def entry(code: str, title: str, topic: str, words: str) -> Entry:
    """Return what a text is found by: its code, name, field and words."""
    title_fold, topic_fold = _folded(title), _folded(topic)
    parts = (_code_words(code), title_fold, topic_fold, _folded(words))
    body = BETWEEN.join(part for part in parts if part)
    return Entry(
        code_key=code_key(code),
        title_exact=f" {exact(title)} ",
        title_fold=f" {title_fold} ",
        topic_fold=f" {topic_fold} ",
        body=f" {_cut(body)} ",
    )


def exact(text: str) -> str:
    """Return the words in lower case with their accents, wherever the tone mark stands."""
    return nfc(" ".join(_short(plain(word) for word in _WORD.findall(nfc(text)))))


def code_key(code: str) -> str:
    """Return a code without what people leave out when they type it."""
    return re.sub(r"[ .]", "", fold(code))


def _code_words(code: str) -> str:
    """Return the code whole, run together, and in pieces."""
    folded = fold(code)
    pieces = (piece for word in folded.split() if "." in word for piece in word.split("."))
    return " ".join(dict.fromkeys(_short(chain((folded, code_key(code)), pieces))))


def _folded(text: str) -> str:
    return " ".join(_short(fold(text).split()))


def _short(words: Iterable[str]) -> Sequence[str]:
    return [word[:LONGEST_WORD] for word in words if word]


def _cut(body: str) -> str:
    data = body.encode()
    if len(data) <= MOST_BYTES:
        return body
    return data[:MOST_BYTES].decode(errors="ignore").rpartition(" ")[0]
