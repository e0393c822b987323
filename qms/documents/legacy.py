"""Vietnamese typed in the encodings of old fonts: recognised, and turned into Unicode. Pure.

TCVN3 (ABC; fonts ``.VnTime``) has a letter for each small letter with its tone; capitals come
from fonts of their own (``.VnTimeH``). VNI (fonts ``VNI-Times``) writes the mark behind the
letter. Both look like Western letters to a program that does not know the font.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from qms.text import nfc


class Encoding(StrEnum):
    """In which way a text was written."""

    TCVN3 = "tcvn3"
    VNI = "vni"


class Font(NamedTuple):
    """What a font says of the text that is set in it; ``capitals``: all letters are capitals."""

    encoding: Encoding
    capitals: bool = False


TONES: Final = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
"""In the order of the alphabet: level, grave, hook, tilde, acute, dot below."""

_TCVN3: Final = {
    "a": "aµ¶·¸¹",
    "ă": "¨»¼½¾Æ",
    "â": "©ÇÈÉÊË",
    "e": "eÌÎÏÐÑ",
    "ê": "ªÒÓÔÕÖ",
    "i": "i×ØÜÝÞ",
    "o": "oßáâãä",
    "ô": "«åæçèé",
    "ơ": "¬êëìíî",
    "u": "uïñòóô",
    "ư": "\u00adõö÷øù",
    "y": "yúûüýþ",
    "đ": "®",
    "Ă": "¡",
    "Â": "¢",
    "Ê": "£",
    "Ô": "¤",
    "Ơ": "¥",
    "Ư": "¦",
    "Đ": "§",
}
"""How each letter is written with each tone, in the order of :data:`TONES`."""

_VNI: Final = {
    "a": ("a", "aø", "aû", "aõ", "aù", "aï"),
    "ă": ("aê", "aè", "aú", "aü", "aé", "aë"),
    "â": ("aâ", "aà", "aå", "aã", "aá", "aä"),
    "e": ("e", "eø", "eû", "eõ", "eù", "eï"),
    "ê": ("eâ", "eà", "eå", "eã", "eá", "eä"),
    "i": ("i", "ì", "æ", "ó", "í", "ò"),
    "o": ("o", "oø", "oû", "oõ", "où", "oï"),
    "ô": ("oâ", "oà", "oå", "oã", "oá", "oä"),
    "ơ": ("ô", "ôø", "ôû", "ôõ", "ôù", "ôï"),
    "u": ("u", "uø", "uû", "uõ", "uù", "uï"),
    "ư": ("ö", "öø", "öû", "öõ", "öù", "öï"),
    "y": ("y", "yø", "yû", "yõ", "yù", "î"),
    "đ": ("ñ",),
}


def _pairs(table: "dict[str, str] | dict[str, tuple[str, ...]]") -> Iterator[tuple[str, str]]:
    for letter, written in table.items():
        for tone, old in zip(TONES, written, strict=False):
            if old.isascii():
                continue
            yield old, nfc(letter + tone)


def _with_capitals(pairs: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for old, new in pairs:
        yield old, new
        yield old.upper(), new.upper()
        if len(old) > 1:
            yield old[0].upper() + old[1:], new.upper()


_TABLES: Final = {
    Encoding.TCVN3: dict(_pairs(_TCVN3)),
    Encoding.VNI: dict(_with_capitals(_pairs(_VNI))),
}
_FOUND: Final = {
    encoding: re.compile("|".join(sorted(map(re.escape, table), key=len, reverse=True)))
    for encoding, table in _TABLES.items()
}
_BACK: Final = {
    encoding: {new: old for old, new in reversed(table.items())}
    for encoding, table in _TABLES.items()
}
_FONT: Final = re.compile(r"(?P<tcvn3>\.Vn\w+)|(?P<vni>VNI-.+)", re.IGNORECASE)
_EDGES: Final = "()[]{}.,;:!?\"'“”‘’…-–/*#|>_+0123456789% "
_SYLLABLE: Final = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?"
    r"(?:uyê|uya|i[aê]|yê|o[aăeo]|u[aâêôơy]|ư[aơ]|[aăâeêioôơuưy])(?:ng|nh|ch|[cmnptiyou])?"
)
_FOREIGN: Final = re.compile(r"[a-z]*[fjwz][a-z]*|[a-z]{1,2}")
_SURE: Final = re.compile(r"[ăĂđĐơƠưƯ\u1ea0-\u1ef9]")
"""Letters that only Unicode has."""

_ENOUGH: Final = 0.7
"""Share of the words of a line that must read as Vietnamese once it is converted."""


def of_font(name: str | None) -> Font | None:
    """Return how text in a font is written; None where the font is none of the old ones."""
    found = _FONT.fullmatch((name or "").strip())
    if found is None:
        return None
    if found["vni"]:
        return Font(Encoding.VNI)
    return Font(Encoding.TCVN3, capitals=found["tcvn3"].endswith("H"))


def to_unicode(text: str, font: Font) -> str:
    """Return a text as it was meant."""
    table = _TABLES[font.encoding]
    read = _FOUND[font.encoding].sub(lambda found: table[found[0]], text)
    return nfc(read.upper() if font.capitals else read)


def from_unicode(text: str, encoding: Encoding) -> str:
    """Return a text as an old font would have it; what that cannot write stays."""
    return "".join(_BACK[encoding].get(letter, letter) for letter in text)


def suspected(text: str) -> Encoding | None:
    """Return how a text seems to be written; None where nothing in it looks converted badly."""
    for line in text.split("\n"):
        if found := _of_line(line):
            return found
    return None


def sample(text: str) -> tuple[str, str] | None:
    """Return the first line that seems to be written otherwise, and the same as it was meant."""
    for line in text.split("\n"):
        if found := _of_line(line):
            return line, to_unicode(line, Font(found))
    return None


def mended(text: str) -> str:
    """Return a text with those lines in Unicode that seem to be written otherwise."""
    if suspected(text) is None:
        return text
    lines = []
    for line in text.split("\n"):
        found = _of_line(line, least=1)
        lines.append(to_unicode(line, Font(found)) if found else line)
    return "\n".join(lines)


def _of_line(line: str, least: int = 2) -> Encoding | None:
    """Return how a line seems to be written, if that mends at least so many of its words."""
    if line.isascii() or _SURE.search(line):
        return None
    before = _readable(line)
    best = max(Encoding, key=lambda each: _readable(to_unicode(line, Font(each))))
    after = _readable(to_unicode(line, Font(best)))
    gained = round((after - before) * len(_words(line)))
    return best if after >= _ENOUGH and gained >= least else None


def _readable(line: str) -> float:
    """Return which share of the words reads as Vietnamese."""
    words = _words(line)
    return sum(map(_is_syllable, words)) / len(words) if words else 0.0


def _words(line: str) -> list[str]:
    return [word for each in line.split() if len(word := each.strip(_EDGES)) > 1]


def _is_syllable(word: str) -> bool:
    bare, tones = _without_tones(word.lower())
    return len(tones) <= 1 and bool(_SYLLABLE.fullmatch(bare) or _FOREIGN.fullmatch(bare))


def _without_tones(word: str) -> tuple[str, list[str]]:
    pairs = [_TONE_OF.get(letter, (letter, "")) for letter in nfc(word)]
    return "".join(bare for bare, _ in pairs), [tone for _, tone in pairs if tone]


_TONE_OF: Final = {
    nfc(letter + tone): (letter, tone) for letter in "aăâeêioôơuưy" for tone in TONES[1:]
}
