"""The only place that hashes passwords, and makes and hashes the secrets of links and sessions."""

import hashlib
import secrets
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from qms.text import nfc

_HASHER: Final = PasswordHasher()
_NOBODY: Final = _HASHER.hash(secrets.token_urlsafe())
"""Checked when there is no such account, so that the answer takes as long."""


def hashed(password: str) -> str:
    """Return the argon2id hash of a password, taken in Unicode form NFC."""
    return _HASHER.hash(nfc(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Tell whether a password is right, in the same time whether or not there is a hash."""
    try:
        _HASHER.verify(password_hash or _NOBODY, nfc(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def new_secret() -> str:
    """Return 256 random bits for an address or a cookie."""
    return secrets.token_urlsafe(32)


def secret_hash(secret: str) -> str:
    """Return what the database keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
