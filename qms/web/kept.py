"""What somebody typed when the door was closed: sealed, carried along, and offered again.

The seal is the server's own, so nobody else can put words or a target into such a page, and
only what a page of this site posted is ever kept.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from flask import current_app, request
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.exceptions import HTTPException

MOST: Final = 2 * 2**20
"""Most letters of a form that are carried along."""

_LONGEST_ADDRESS: Final = 2_000
_NEVER: Final = ("password", "secret", "csrf_token")


@dataclass(frozen=True)
class Kept:
    """A form that could not be taken: where it was sent, and what it said."""

    path: str
    fields: tuple[tuple[str, str], ...]
    files: bool


def take() -> str:
    """Return the form of this request, sealed; empty when there is nothing to keep.

    Passwords and files are left out.
    """
    fields = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if not any(word in name.lower() for word in _NEVER)
    ]
    length = sum(len(name) + len(value) for name, value in fields)
    if not fields or length > MOST or not from_this_site():
        return ""
    path = request.full_path if request.query_string else request.path
    files = any(file.filename for file in request.files.values())
    return _seal().dumps([path, fields, files])


def read(sealed: str) -> Kept | None:
    """Return what was sealed; None if it is not by this server."""
    try:
        path, fields, files = _seal().loads(sealed)
    except (BadData, ValueError):
        return None
    return Kept(path, tuple((name, value) for name, value in fields), files)


def from_this_site() -> bool:
    """Tell whether the browser itself says that a page of this site sent the request."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        return site == "same-origin"
    return origin is not None and urlsplit(origin).netloc == request.host


def this_address() -> str:
    """Return the address asked for, with its query."""
    return request.full_path if request.query_string else request.path


def own_address(address: str) -> str:
    """Return an address of a page of this site as it is, and nothing for any other.

    It must be a plain path that one of our own views answers; what browsers would read as
    another site (``//``, a backslash, a scheme, a control character) is none.
    """
    if (
        not address.startswith("/")
        or address.startswith("//")
        or "\\" in address
        or len(address) > _LONGEST_ADDRESS
        or not address.isprintable()
        or " " in address
    ):
        return ""
    try:
        endpoint, _ = current_app.url_map.bind("").match(urlsplit(address).path, "GET")
    except (HTTPException, ValueError):
        return ""
    return "" if endpoint == "accounts.sign_in" else address


def _seal() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or b"", salt="qms.kept")
