"""Addresses of the page at hand with something changed: sorting, paging, filters, language."""

from typing import Final
from urllib.parse import urlencode

from flask import Flask, request

PAGE: Final = "page"
MOST_PAGES: Final = 1_000_000


def here(**changes: object) -> str:
    """Return this page's address with ``changes`` in its query; ``None`` takes a name out.

    Anything but a change of page leads back to the first page.
    """
    dropped = set(changes) | ({PAGE} if PAGE not in changes else set())
    pairs: list[tuple[str, object]] = [
        (key, value) for key, value in request.args.items(multi=True) if key not in dropped
    ]
    pairs += [(key, value) for key, value in changes.items() if value is not None]
    return f"{request.path}?{urlencode(pairs)}" if pairs else request.path


def page_number() -> int:
    """Return which page of a list is asked for; anything odd means the first."""
    asked = request.args.get(PAGE, default=1, type=int)
    return min(max(asked, 1), MOST_PAGES)


def init_app(app: Flask) -> None:
    """Give templates ``here``."""
    app.jinja_env.globals.update(here=here)
