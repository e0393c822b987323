"""Addresses of the page at hand with something changed: sorting, paging, filters, language."""

from typing import Final
from urllib.parse import quote, urlencode

from flask import Flask, current_app, request
from werkzeug.routing import IntegerConverter, Map

from qms.text import whole_number

PAGE: Final = "page"
MOST_PAGES: Final = 1_000_000
MOST_ROWS: Final = 2**31 - 1


def here(**changes: object) -> str:
    """Return this page's address with ``changes`` in its query; ``None`` takes a name out.

    Anything but a change of page leads back to the first page.
    """
    dropped = set(changes) | ({PAGE} if PAGE not in changes else set())
    pairs: list[tuple[str, object]] = [
        (key, value) for key, value in request.args.items(multi=True) if key not in dropped
    ]
    pairs += [(key, value) for key, value in changes.items() if value is not None]
    path = quote(request.path)
    return f"{path}?{urlencode(pairs)}" if pairs else path


def public_url(path: str) -> str:
    """Return an address for readers elsewhere: a feed, a letter, a search engine."""
    return f"{current_app.config['PUBLIC_URL']}{path}"


def page_number() -> int:
    """Return which page of a list is asked for; anything odd means the first."""
    return min(max(whole_number(request.args.get(PAGE)) or 1, 1), MOST_PAGES)


class _Number(IntegerConverter):
    """A number in an address: what no row can bear leads to no page."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=MOST_ROWS)


def init_app(app: Flask) -> None:
    """Give templates ``here`` and ``public_url``; keep numbers in addresses to what the database holds."""
    app.jinja_env.globals.update(here=here, public_url=public_url)
    app.url_map.converters["int"] = _Number
