"""Canonical bytes and their digests: the names under which texts are signed."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Final

DIGITS: Final = 64
"""Length of a digest in hexadecimal digits (SHA-256)."""


def canonical(value: Mapping[str, object] | Sequence[object]) -> bytes:
    """Return the one JSON form of ``value``: keys sorted, no spaces, UTF-8 as it is.

    Numbers are whole; floats have no single spelling and are refused with TypeError.
    """
    _refuse_floats(value)
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def digest(data: bytes) -> str:
    """Return the SHA-256 of ``data`` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("A float has no canonical form.")
    # Of the many shapes of mappings and sequences JSON writes these alone.
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)
