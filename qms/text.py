"""Vietnamese text: its one stored form, and the keys by which it is found, compared and sorted.

Pure. How numbers, money and days are written stands in ``vietnamese``.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

Segment = tuple[bool, str]
"""Whether a piece of a text is what was searched for, and the piece."""

_DROPPED: Final = (
    *range(0x09),
    *range(0x0E, 0x20),
    *range(0x7F, 0x85),
    *range(0x86, 0xA0),
    0xAD,
    0x180E,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    *range(0xD800, 0xE000),
    0xFEFF,
)
_SPACES: Final = (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)
_LINE_ENDS: Final = (0x0B, 0x0C, 0x85, 0x2028, 0x2029)
_BULLET_GLYPHS: Final = (0xF02D, 0xF076, 0xF0A7, 0xF0B7, 0xF0D8, 0xF0FC)
_CLEAN: Final = str.maketrans(
    dict.fromkeys(_DROPPED)
    | dict.fromkeys(_SPACES, " ")
    | dict.fromkeys(_LINE_ENDS, "\n")
    | dict.fromkeys(_BULLET_GLYPHS, "-")
)
_ODD: Final = re.compile(f"[{re.escape(''.join(map(chr, _CLEAN)))}\r\uf020-\uf0ff¬ÐƉðɖ]")
_GLYPH_AT_LINE_START: Final = re.compile(r"(?m)^([ \t]*)[\uf020-\uf0ff](?=\s|[^\W\d_])")
_SHOWN_SOFT_HYPHEN: Final = re.compile(r"(?<=[^\W\d_])¬(?=[^\W\d_])")
_WORD: Final = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f])+")

_LOOK_ALIKES: Final = str.maketrans("ÐƉðɖ", "ĐĐđđ")
_SYLLABLE_WITH_D: Final = re.compile(r"d[aeiouy]{1,3}(?:ch|ng|nh|[cmnpt])?")
_INITIALS: Final = re.compile("[B-DF-HJ-NP-TV-XZĐ]{1,10}")

_TONES: Final = {
    mark: str(rank) for rank, mark in enumerate("\u0300\u0309\u0303\u0301\u0323", 1)
}
_TONE_INSIDE: Final = re.compile(
    r"([\u0300\u0301\u0303\u0309\u0323])"
    r"((?:[^\W\d_]|[\u0302\u0304-\u0308\u030a-\u0322\u0324-\u036f])+)"
)
_DASHES: Final = "-‐‑‒–—―−•‣·∙●○■□▪▫◆◇◦➢➤❖⁕⃰✓✔→"
_UNIFIED: Final = str.maketrans(
    dict.fromkeys(_DASHES, "-") | dict.fromkeys("“”„«»", '"') | dict.fromkeys("‘’‚", "'")
)
_BULLET_AT_LINE_START: Final = re.compile(rf"(?m)^[ \t]*(?:[{_DASHES}+*]+[ \t]*)+")
_DASH_BETWEEN_DIGITS: Final = re.compile(rf"(\d)\s*[{_DASHES}]\s*(?=\d)")
_BULLET: Final = re.compile(
    rf"[{_DASHES}+*](?<![\w\u0300-\u036f{_DASHES[1:]}+*-].)[{_DASHES}+*]*(?=\s|[^\W\d_]|$)"
)

_ALPHABET: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_END_OF_SYLLABLE: Final = "0"
_NUMBER: Final = "1"
_SYMBOLS: Final = "23456789abcdefghijklmnopqrstuvwxyz"
_ORDER: Final = dict(zip(_ALPHABET, _SYMBOLS, strict=False))
_FOREIGN: Final = _SYMBOLS[-1]
_SYLLABLE_OR_NUMBER: Final = re.compile(r"[0-9]+|(?:[^\W\d_]|[\u0300-\u036f])+")
_LONGEST_NUMBER: Final = 99
_LONGEST_KEY: Final = 1_000

_WHOLE: Final = re.compile(r"[0-9]{1,9}")
_RESERVED_NAMES: Final = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)")
_LONGEST_FILE_NAME: Final = 100


def whole_number(typed: str | None) -> int | None:
    """Return what at most nine ASCII digits say, None for anything else."""
    return int(typed) if typed and _WHOLE.fullmatch(typed) else None


def nfc(text: str) -> str:
    r"""Return the one form in which text is stored: NFC, nothing invisible, plain spaces.

    Kept are tabs and line ends (as ``\n``). Bullets typed in a Symbol font become ``-``.
    Letters that only look like Đ (Ð, Ɖ) become Đ where the whole word can be Vietnamese: one
    syllable beginning with it (Ðiều), capitals without a vowel (QÐ, HÐND), or it alone.
    """
    if _ODD.search(text):
        text = text.translate(_CLEAN).replace("\r\n", "\n").replace("\r", "\n")
        text = _GLYPH_AT_LINE_START.sub(r"\1-", text)
        text = _SHOWN_SOFT_HYPHEN.sub("", unicodedata.normalize("NFC", text))
        text = _WORD.sub(lambda found: _with_real_d(found[0]), text)
    return unicodedata.normalize("NFC", text)


def _with_real_d(word: str) -> str:
    mended = word.translate(_LOOK_ALIKES)
    if mended == word:
        return word
    vietnamese = (
        len(word) == 1
        or _INITIALS.fullmatch(mended)
        or _SYLLABLE_WITH_D.fullmatch(fold(mended))
    )
    return mended if vietnamese else word


class _Folding(dict[int, str]):
    """What a character becomes in a search key, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = "" if code in _CLEAN and _CLEAN[code] is None else _folded(chr(code))
        self[code] = folded
        return folded


def _folded(character: str) -> str:
    letters = character
    while True:
        apart = unicodedata.normalize("NFKD", letters).casefold()
        apart = "".join(c for c in apart if not unicodedata.category(c).startswith("M"))
        apart = "".join(
            "d" if c in "đðɖ" else c if c.isalnum() else "." if c == "." else " " for c in apart
        )
        if apart == letters:
            return letters
        letters = apart


_FOLDING: Final = _Folding()
_LONE_Y: Final = re.compile(r"(?<![\w\u0300-\u036f])(qu|[b-df-hj-np-tv-xzđ]{1,3})y(?!\w)")
_LONE_I: Final = re.compile(r"(?<!\w)(qu|[b-df-hj-np-tv-xz]{1,3})i(?!\w)")
_LOOSE_DOT: Final = re.compile(r"\.(?:(?![0-9])|(?<![0-9]\.))")


def fold(text: str) -> str:
    """Return the key by which text is found: no accents, no đ, no case, no punctuation.

    A dot between digits stays, so that 1.001193 and 8.000 are found as they are written.
    """
    if "¬" in text:
        text = nfc(text)
    return " ".join(_LOOSE_DOT.sub(" ", text.translate(_FOLDING)).split())


def search_key(text: str) -> str:
    """Return :func:`fold` of a text, y being i where both are written: đăng ký, đăng kí."""
    return y_as_i(fold(text))


def y_as_i(text: str) -> str:
    """Write i for the y that ends a syllable and stands alone in it: ky, ly, quy; not uy, tay."""
    return _LONE_Y.sub(r"\1i", text)


def plain(text: str) -> str:
    """Return the key by which two texts are compared in meaning; never to be shown.

    White space, bullets, kinds of dash and quote, Unicode form, letter case and the place of
    the tone mark (hoà, hòa) do not count. A dash between digits does.
    """
    text = _BULLET_AT_LINE_START.sub("", nfc(text))
    text = _DASH_BETWEEN_DIGITS.sub(r"\1-", text)
    return "".join(map(_plain_word, _BULLET.sub("", text).split()))


@lru_cache(maxsize=1 << 16)
def _plain_word(word: str) -> str:
    word = unicodedata.normalize("NFD", word.lower().translate(_UNIFIED))
    return _TONE_INSIDE.sub(r"\2\1", word)


def sort_key(text: str) -> str:
    """Return a key in Vietnamese order, syllable by syllable: first its letters, then its tone.

    Digits and lower-case ASCII only, so that every collation sorts it alike. Numbers come
    before letters and by their value; case and punctuation do not count. At most 1,000
    characters, so that every database can put it in an index.
    """
    letters = unicodedata.normalize("NFC", nfc(text).lower().translate(_LOOK_ALIKES))
    return "".join(_part_keys(letters))[:_LONGEST_KEY]


def _part_keys(letters: str) -> Iterator[str]:
    for part in _SYLLABLE_OR_NUMBER.findall(letters):
        if part.isascii() and part.isdigit():
            number = part.lstrip("0")
            yield f"{_NUMBER}{min(len(number), _LONGEST_NUMBER):02}{number}"
        else:
            yield _syllable_key(part)


def _syllable_key(syllable: str) -> str:
    tone, letters = "0", []
    for letter in syllable:
        base = ""
        for mark in unicodedata.normalize("NFD", letter):
            if mark in _TONES:
                tone = _TONES[mark]
            elif unicodedata.normalize("NFC", base + mark) in _ORDER:
                base = unicodedata.normalize("NFC", base + mark)
            elif not unicodedata.combining(mark):
                base = mark
        if base:
            letters.append(_ORDER.get(base) or f"{_FOREIGN}{ord(base):06x}")
    return "".join(letters) + _END_OF_SYLLABLE + tone if letters else ""


def slug(code: str) -> str:
    """Return a code as it stands in an address: ``/`` and spaces become ``-``."""
    return re.sub(r"[\s/]+", "-", nfc(code).strip())


def address_word(name: str) -> str:
    """Return a name as it stands in an address: ``ho-tich``; ``khac`` where nothing is left."""
    words = "".join(c if c.isalnum() and c.isascii() else " " for c in fold(name)).split()
    return "-".join(words) or "khac"


def file_name(text: str) -> str:
    """Return an ASCII name every file system takes, with the extension of ``text`` if any."""
    letters = unicodedata.normalize("NFKD", nfc(text).translate(_LOOK_ALIKES))
    letters = letters.replace("đ", "d").replace("Đ", "D").encode("ascii", "ignore").decode()
    name = re.sub(r"[^A-Za-z0-9._]+", "-", letters).strip("-._")
    name = re.sub(r"-*([.])[-.]*", r"\1", name)
    stem, dot, extension = name.rpartition(".")
    if len(name) > _LONGEST_FILE_NAME and stem and len(extension) <= 5:  # noqa: PLR2004 - .xhtml
        name = stem[: _LONGEST_FILE_NAME - len(extension) - 1].rstrip("-._") + dot + extension
    name = name[:_LONGEST_FILE_NAME].rstrip("-._") or "tai-lieu"
    return f"_{name}" if _RESERVED_NAMES.match(name) else name


def opens(query: str) -> bool:
    """Say whether the last word of a query may go on: ``ky`` is over, ``khai`` need not be."""
    last = fold(query).rpartition(" ")[2]
    return y_as_i(last) == last


def highlight(text: str, query: str) -> list[Segment]:
    """Cut ``text`` into pieces, those that any word of ``query`` finds being marked.

    Accents and case do not count, nor whether y or i ends a syllable; the last word may be
    the beginning of one. The pieces joined are ``text``, letter by letter.
    """
    words = fold(query).split()
    if not words:
        return [(False, text)] if text else []
    either = {_LONE_I.sub(r"\1[iy]", y_as_i(re.escape(word))) for word in words}
    whole = "|".join(sorted(either, key=len, reverse=True))
    beginning = rf"|{re.escape(words[-1])}\w*" if opens(query) else ""
    pattern = re.compile(rf"(?<!\w)(?:(?:{whole})(?!\w){beginning})")
    folded, places = _with_places(text)
    marks: list[tuple[int, int]] = []
    for found in pattern.finditer(folded):
        start, end = places[found.start()], places[found.end()]
        if marks and not text[marks[-1][1] : start].strip():
            marks[-1] = (marks[-1][0], end)
        else:
            marks.append((start, end))
    return _segments(text, marks)


def _with_places(text: str) -> tuple[str, list[int]]:
    """Return the folded text, uncollapsed, and the place in ``text`` of each of its letters."""
    pieces, places = [], []
    for place, character in enumerate(text):
        piece = _FOLDING[ord(character)]
        pieces.append(piece)
        places.extend([place] * len(piece))
    places.append(len(text))
    return "".join(pieces), places


def _segments(text: str, marks: list[tuple[int, int]]) -> list[Segment]:
    found: list[Segment] = []
    last = 0
    for start, end in marks:
        found += [(False, text[last:start]), (True, text[start:end])]
        last = end
    found.append((False, text[last:]))
    return [segment for segment in found if segment[1]]


def excerpt(text: str, query: str, around: int = 80) -> list[Segment]:
    """Return the piece of ``text`` about the first match, marked like :func:`highlight`.

    Reaches at most ``around`` characters to either side, to whole words; what is left out
    shows as ``…``. Without a match it is the beginning.
    """
    text = " ".join(nfc(text).split())
    start, end = 0, around
    place = 0
    for marked, piece in highlight(text, query):
        if marked:
            start, end = place - around, place + len(piece) + around
            break
        place += len(piece)
    else:
        place = 0
    if start > 0:
        start = text.find(" ", start - 1, place) + 1 or place
    if end < len(text):
        cut = text.rfind(" ", max(start, place), end + 1)
        end = cut if cut > place else end
    start = max(start, 0)
    shown = highlight(text[start:end], query)
    return [(False, "… ")] * (start > 0) + shown + [(False, " …")] * (end < len(text))
