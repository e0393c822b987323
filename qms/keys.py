"""The keys of an office: made once, outside the database, readable by the server alone."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from qms.errors import RefusedError

LENGTH: Final = 32
"""Bytes of a key."""


def make(path: Path) -> None:
    """Make a key where there is none yet: whole or not at all, and never over another."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile("w", encoding="ascii", dir=path.parent) as file:  # mode 600
        file.write(secrets.token_hex(LENGTH))
        file.flush()
        os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(file.name, path)


def read(path: Path) -> bytes:
    """Return a key.

    Raises:
        RefusedError: it is missing, short or no key at all.

    """
    try:
        key = bytes.fromhex(path.read_text("ascii").strip())
    except FileNotFoundError:
        raise RefusedError("Chưa có khóa %(path)s. Hãy chạy “qms init”.", path=path) from None
    except OSError as error:
        raise RefusedError("Không đọc được khóa %(path)s.", path=path) from error
    except ValueError:
        key = b""
    if len(key) < LENGTH or len(set(key)) < LENGTH // 4:
        raise RefusedError(
            "Khóa %(path)s quá ngắn, dễ đoán hoặc không phải là khóa. Hãy chép lại khóa từ nơi cất giữ.",
            path=path,
        )
    return key
