"""Whether the web board answers, asked over the network as a citizen would."""

from http.client import HTTPException
from typing import Final
from urllib.error import URLError
from urllib.request import ProxyHandler, Request, build_opener

_DIRECT: Final = build_opener(ProxyHandler({}))
"""Asks the server itself, not a proxy that may answer for it."""

PATIENCE: Final = 10
"""Seconds the board may take to answer."""


def answers(address: str) -> bool:
    """Tell whether a page answers that all is well."""
    asked = Request(address, headers={"User-Agent": "qms-watch"})  # noqa: S310 - see below
    if not address.startswith(("http://", "https://")):
        return False
    try:
        with _DIRECT.open(asked, timeout=PATIENCE) as found:
            return bool(found.status == 200)  # noqa: PLR2004 - the one good answer
    except (URLError, HTTPException, OSError, ValueError):
        return False
