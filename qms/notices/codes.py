"""The codes printed under the QR of a notice; read back without asking the database.

A sheet code is the same on every print of a sheet: it packs the unit, the document and the
start of the digest; where the sheet is of no document, a mark of what it is about in its place.
A copy code is random and names one print at one place. Both are written
in Crockford's base 32 in groups of four, end in two check characters, and may be typed in
small letters, without hyphens, with O for 0 and I or L for 1.
"""

from dataclasses import dataclass
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
COPY_MARK: Final = "Z"
"""First character of copy codes; the first of a sheet code tells lengths and is never this."""

MARK_DIGITS: Final = 5
"""Hexadecimal digits of the mark of a sheet that is of no document."""

COPY_BYTES: Final = 9
"""Random bytes a copy code is made of; 65 of their 72 bits are kept."""

_UNIT_ROOM: Final = 4
_DOCUMENT_ROOM: Final = 6
_MARKED: Final = _UNIT_ROOM * _DOCUMENT_ROOM  # first characters before are of documents
_MARK: Final = MARK_DIGITS * 4 // 5
_PREFIX_LEAST: Final = 8
_RANDOM: Final = 13
_COPY_LENGTH: Final = 1 + _RANDOM + 2
_MODULUS: Final = 1021  # the greatest prime that two characters hold: any one wrong is found
_SMALLEST: Final = 1 + 1 + 1 + _PREFIX_LEAST + 2
_LONGEST: Final = 24
_READ: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
_DROPPED: Final = str.maketrans(dict.fromkeys("- \t\r\n\u00a0\u2010\u2011\u2013", None))


@dataclass(frozen=True)
class SheetCode:
    """What a sheet code says; ``prefix`` is the start of the digest in hexadecimal."""

    unit_id: int
    document_id: int
    prefix: str


@dataclass(frozen=True)
class MarkedCode:
    """What the code of a sheet of no document says; ``mark`` and ``prefix`` in hexadecimal."""

    unit_id: int
    mark: str
    prefix: str


@dataclass(frozen=True)
class CopyCode:
    """The one spelling of a copy code under which a copy is stored."""

    code: str


def encode_sheet_code(unit_id: int, document_id: int, digest: str) -> str:
    """Return the code of a sheet, in groups of four.

    Raises:
        ValueError: a number does not fit (units below 2**20, documents below 2**30).

    """
    unit, document = _base32(unit_id), _base32(document_id)
    if len(unit) > _UNIT_ROOM or len(document) > _DOCUMENT_ROOM:
        raise ValueError("The number of the unit or document does not fit into a sheet code.")
    return _with_start(_beginning(unit, document), digest)


def encode_marked_code(unit_id: int, mark: str, digest: str) -> str:
    """Return the code of a sheet that is of no document, in groups of four.

    ``mark`` has MARK_DIGITS hexadecimal digits.

    Raises:
        ValueError: a number does not fit (units below 2**20).

    """
    unit = _base32(unit_id)
    if len(unit) > _UNIT_ROOM or len(mark) != MARK_DIGITS:
        raise ValueError("The number of the unit or the mark does not fit into a sheet code.")
    first = ALPHABET[_MARKED + len(unit) - 1]
    return _with_start(first + unit + _base32(int(mark, 16), _MARK), digest)


def new_copy_code(random: bytes) -> str:
    """Return a copy code made of ``random``, in groups of four; 65 bits cannot be guessed.

    Raises:
        ValueError: there are fewer than COPY_BYTES bytes.

    """
    if len(random) < COPY_BYTES:
        raise ValueError(f"A copy code needs {COPY_BYTES} random bytes.")
    value = int.from_bytes(random[:COPY_BYTES]) >> (COPY_BYTES * 8 - _RANDOM * 5)
    return grouped(_checked(COPY_MARK + _base32(value, _RANDOM)))


def decode(code: str) -> SheetCode | MarkedCode | CopyCode | None:
    """Return what a typed or scanned code names; None where it is mistyped or no code."""
    plain = code.translate(_DROPPED).upper().translate(_READ)
    if not _SMALLEST <= len(plain) <= _LONGEST or any(c not in ALPHABET for c in plain):
        return None
    if _checked(plain[:-2]) != plain:
        return None
    if plain.startswith(COPY_MARK):
        return CopyCode(grouped(plain)) if len(plain) == _COPY_LENGTH else None
    return _marked_code(plain) if ALPHABET.index(plain[0]) >= _MARKED else _sheet_code(plain)


def spelt(code: str) -> str:
    """Return a code in the one spelling that is printed, however it was typed."""
    return grouped(code.translate(_DROPPED).upper().translate(_READ))


def grouped(code: str) -> str:
    """Return ``code`` in groups of four with hyphens between."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def _sheet_code(plain: str) -> SheetCode | None:
    unit_more, document_more = divmod(ALPHABET.index(plain[0]), _DOCUMENT_ROOM)
    unit, rest = plain[1 : 2 + unit_more], plain[2 + unit_more : -2]
    document, start = rest[: 1 + document_more], rest[1 + document_more :]
    unit_id, document_id = _number(unit), _number(document)
    shortest = (_base32(unit_id), _base32(document_id)) == (unit, document)
    prefix = _prefix(plain, start)
    return SheetCode(unit_id, document_id, prefix) if shortest and prefix else None


def _marked_code(plain: str) -> MarkedCode | None:
    more = ALPHABET.index(plain[0]) - _MARKED
    unit, rest = plain[1 : 2 + more], plain[2 + more : -2]
    unit_id, prefix = _number(unit), _prefix(plain, rest[_MARK:])
    if more >= _UNIT_ROOM or _base32(unit_id) != unit or not prefix:
        return None
    return MarkedCode(unit_id, f"{_number(rest[:_MARK]):0{MARK_DIGITS}x}", prefix)


def _with_start(beginning: str, digest: str) -> str:
    """Return a code with as much of the digest as fills its last group."""
    room = _PREFIX_LEAST + -(len(beginning) + 2 + _PREFIX_LEAST) % 4
    start = _base32(int(digest, 16) >> (len(digest) * 4 - room * 5), room)
    return grouped(_checked(beginning + start))


def _prefix(plain: str, start: str) -> str:
    """Return the start of the digest in hexadecimal; empty where no code is as long."""
    if len(plain) % 4 or len(start) not in range(_PREFIX_LEAST, _PREFIX_LEAST + 4):
        return ""
    digits, spare = divmod(len(start) * 5, 4)
    return f"{_number(start) >> spare:0{digits}x}"


def _beginning(unit: str, document: str) -> str:
    lengths = (len(unit) - 1) * _DOCUMENT_ROOM + len(document) - 1
    return f"{ALPHABET[lengths]}{unit}{document}"


def _base32(value: int, width: int = 1) -> str:
    if value < 0:
        raise ValueError("Codes are made of numbers that are not negative.")
    found = ""
    while value or len(found) < width:
        value, rest = divmod(value, 32)
        found = ALPHABET[rest] + found
    return found


def _number(plain: str) -> int:
    value = 0
    for character in plain:
        value = value * 32 + ALPHABET.index(character)
    return value


def _checked(plain: str) -> str:
    return plain + _base32(_number(plain) * 32 * 32 % _MODULUS, 2)
