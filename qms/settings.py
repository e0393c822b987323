"""From ``config.py``, ``$QMS_CONFIG`` and ``QMS_*`` variables to the values that apply."""

import math
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import ArgumentError

from qms import clock, paths
from qms.errors import InvalidError
from qms.text import whole_number

PREFIX: Final = "QMS_"
CONFIG: Final = "QMS_CONFIG"
NUMBERS: Final = ("SESSION_HOURS", "IDLE_MINUTES", "MAX_UPLOAD_MB", "CACHE_MB")
CHOICES: Final = {"CLI_SIGN": ("on", "off"), "SECURE_COOKIES": ("auto", "on", "off")}
MOST_PROXIES: Final = 9
MAIL_SCHEMES: Final = ("smtp", "smtp+tls", "smtps")
ENGINES: Final = {
    "sqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}
"""Kinds of databases, and how SQLAlchemy calls the driver we have."""


def load(app: Flask, overrides: Mapping[str, object] | None) -> None:
    """Fill ``app.config``; later sources win, ``overrides`` last.

    Raises:
        InvalidError: a value cannot be used; the sentence names it.

    """
    app.config.from_pyfile(str(paths.CONFIG))
    known = [key for key in app.config if key.isupper()]
    _office_file(app)
    for key in known:
        if f"{PREFIX}{key}" in os.environ:
            app.config[key] = os.environ[f"{PREFIX}{key}"]
    app.config.from_mapping(overrides)
    said = {key: str(app.config[key]) for key in known}
    data_dir = _folder(said["DATA_DIR"])
    public_url = _public_url(said["PUBLIC_URL"])
    choices = {key: _choice(key, said[key]) for key in CHOICES}
    numbers = {key: _number(key, said[key]) for key in NUMBERS}
    if not clock.is_zone(said["TIMEZONE"]):
        raise _wrong("QMS_TIMEZONE", said["TIMEZONE"], "Asia/Ho_Chi_Minh")
    mail_url, mail_from = _mail(said["MAIL_URL"], said["MAIL_FROM"])
    app.config.update(
        choices,
        **numbers,
        DATA_DIR=data_dir,
        PUBLIC_URL=public_url,
        MAIL_URL=mail_url,
        MAIL_FROM=mail_from,
        TRUSTED_PROXIES=_proxies(said["TRUSTED_PROXIES"]),
        SECRET_KEY_FILE=Path(said["SECRET_KEY_FILE"] or data_dir / "keys/secret.key"),
        TRAIL_KEY_FILE=Path(said["TRAIL_KEY_FILE"] or data_dir / "keys/trail.key"),
        SQLALCHEMY_DATABASE_URI=_database_url(
            said["DATABASE_URL"] or f"sqlite:///{data_dir}/qms.sqlite"
        ),
        MAX_CONTENT_LENGTH=int(numbers["MAX_UPLOAD_MB"] * 2**20),
        MAX_FORM_MEMORY_SIZE=8 * 2**20,
        MAX_FORM_PARTS=40_000,  # a schedule of 900 prices has some 20,000 fields
        SESSION_COOKIE_NAME="qms",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=choices["SECURE_COOKIES"] == "on"
        or (choices["SECURE_COOKIES"] == "auto" and public_url.startswith("https:")),
        WTF_CSRF_TIME_LIMIT=None,
    )


def _office_file(app: Flask) -> None:
    """Read the office's own file; one that is named must be there."""
    named = os.environ.get(CONFIG)
    if not named:
        return
    try:
        app.config.from_pyfile(str(Path(named).absolute()))
    except (OSError, SyntaxError) as error:
        raise _unusable(CONFIG, named, error) from error


def _folder(said: str) -> Path:
    folder = Path(said).resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise _unusable("QMS_DATA_DIR", said, error) from error
    return folder


def _database_url(said: str) -> str:
    try:
        url = sa.make_url(said)
        url = url.set(drivername=ENGINES[url.get_backend_name()])
    except (ArgumentError, KeyError):
        # Not the address itself, which may hold a password.
        raise _wrong("QMS_DATABASE_URL", "…", "sqlite:///… | postgresql://…") from None
    return url.render_as_string(hide_password=False)


def _public_url(said: str) -> str:
    url = urlsplit(said)
    if url.scheme not in {"http", "https"} or not url.hostname or url.query or url.fragment:
        raise _wrong("QMS_PUBLIC_URL", said, "https://…")
    return said.rstrip("/")


def _mail(url: str, sender: str) -> tuple[str, str]:
    """Return the mail server and whom letters are from; both or neither are said."""
    said = urlsplit(url)
    try:
        usable = said.scheme in MAIL_SCHEMES and bool(said.hostname) and said.port != 0
    except ValueError:
        usable = False
    if url and not usable:
        # Not the address itself, which may hold a password.
        raise _wrong("QMS_MAIL_URL", "…", "smtp://host:25")
    if url and not re.fullmatch(r"[!-?A-~]+@[!-?A-~]+", sender, re.ASCII):
        raise _wrong("QMS_MAIL_FROM", sender, "ten@donvi.vn")
    return url, sender


def _number(key: str, said: str) -> float:
    try:
        number = float(said)
    except ValueError:
        number = 0
    if not 0 < number < math.inf:
        raise _wrong(f"{PREFIX}{key}", said, "> 0")
    return number


def _proxies(said: str) -> int:
    number = whole_number(said)
    if number is None or number > MOST_PROXIES:
        raise _wrong("QMS_TRUSTED_PROXIES", said, f"0 … {MOST_PROXIES}")
    return number


def _choice(key: str, said: str) -> str:
    if said.lower() not in CHOICES[key]:
        raise _wrong(f"{PREFIX}{key}", said, " | ".join(CHOICES[key]))
    return said.lower()


def _wrong(name: str, said: str, wanted: str) -> InvalidError:
    return InvalidError(
        "Thiết lập %(name)s = “%(said)s” không dùng được. Hãy ghi như: %(wanted)s.",
        name=name,
        said=said,
        wanted=wanted,
    )


def _unusable(name: str, said: str, error: Exception) -> InvalidError:
    return InvalidError(
        "Thiết lập %(name)s = “%(said)s” không mở được: %(error)s.",
        name=name,
        said=said,
        error=error,
    )
