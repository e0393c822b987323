"""The keys of an office: made once, outside the database, readable by the server alone."""

import os
import secrets
from pathlib import Path
from typing import Final

from qms.errors import RefusedError

LENGTH: Final = 32
"""Bytes of a key."""


def make(path: Path) -> None:
    """Make a key where there is none yet."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(LENGTH))


def read(path: Path) -> bytes:
    """Return a key.

    Raises:
        RefusedError: it is missing, short or no key at all.

    """
    try:
        key = bytes.fromhex(path.read_text("ascii").strip())
    except (OSError, ValueError):
        key = b""
    if len(key) < LENGTH or len(set(key)) < LENGTH // 4:
        raise RefusedError("Khóa %(path)s thiếu hoặc quá ngắn. Hãy chạy “qms init”.", path=path)
    return key
