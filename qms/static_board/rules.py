"""What lies where in a folder of static pages, and how a page made for the server is put into it.

A page keeps the address it has on the server: ``/b/song-lo/1.001193`` lies in
``b/song-lo/1.001193/index.html``. What a question mark asks for has a folder of its own. All
links are relative; what has no file here leads to the server.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from html import escape, unescape
from posixpath import dirname, relpath
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from qms.text import file_name, slug

LANGUAGES: Final = ("vi", "en")
START: Final = "index.html"
BOARD: Final = "board.json"
SEARCH: Final = "tim"
WHOLE: Final = "danh-sach"
FIELDS: Final = "linh-vuc"
NO_FIELD: Final = "chua-xep"

_LONGEST_NAME: Final = 200
_LONGEST_PATH: Final = 900
_NAME: Final = re.compile(r'(?![. ])[^\x00-\x1f\x7f/\\:*?"<>|]+(?<![. ])')
_LINK: Final = re.compile(r'(?<=\s)(href|src|action)="(/(?!/)[^"]*)"')
_MODULE: Final = re.compile(r'<script type="module" (src="[^"]*/print\.js")>')
_ASSET: Final = re.compile(r"assets/[0-9a-f]{16}/[a-z_]+\.[a-z]+")
_CHARSET: Final = '<meta charset="utf-8">'
_POLICY: Final = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; img-src 'self' data:; "
    "object-src 'none'"
)


class Sort(StrEnum):
    """What a page is about, and so how long it stays true."""

    NOTICE = "notice"
    FORM = "form"
    DAILY = "daily"
    """A list, which names its day."""
    START = "start"
    """What speaks for the whole board."""


@dataclass(frozen=True)
class Standing:
    """For which days a page is true, and where the server tells what holds now.

    ``last`` is the day before the next change that is known; None where none is. ``board``
    leads to what the folder says of itself.
    """

    sort: Sort
    first: date
    last: date | None
    live: str
    board: str
    zone: str


@dataclass(frozen=True)
class Place:
    """Where the answer to an address lies; shared files have no language."""

    path: str
    shared: bool = False

    def within(self, language: str) -> str:
        """Return the path from the head of the folder."""
        return (
            self.path if self.shared or language == LANGUAGES[0] else f"{language}/{self.path}"
        )


@dataclass(frozen=True)
class Site:
    """What is in the folder by address, and what a page needs to lead there or to the server."""

    places: Mapping[str, Place]
    searches: Mapping[str, Place]
    live: str
    script: str


def safe(path: str) -> bool:
    """Tell whether every name of a path is one that any server and disk takes as it is."""
    return len(path.encode()) <= _LONGEST_PATH and all(
        _NAME.fullmatch(name) and len(name.encode()) <= _LONGEST_NAME
        for name in path.split("/")
    )


def stretch(days: Collection[date], on: date) -> tuple[date, date | None]:
    """Return the first and the last day around one on which nothing changes.

    ``days`` are those on which something may change; the last is None where none comes.
    """
    begun = [day for day in days if day <= on]
    coming = [day for day in days if day > on]
    last = min(coming) - timedelta(days=1) if coming else None
    return max(begun, default=on), last


def handed(name: str) -> str:
    """Return the name under which a file of a form lies here."""
    return name if safe(name) else file_name(name)


def folders(names: Sequence[str]) -> dict[str, str]:
    """Return by field the name of its folder; of two that look alike the later has a number."""
    found: dict[str, str] = {}
    for name in names:
        plain = slug(file_name(name)).lower() if name else NO_FIELD
        taken = set(found.values())
        numbered = (f"{plain}-{number}" for number in range(2, len(names) + 2))
        found[name] = (
            plain if plain not in taken else next(n for n in numbered if n not in taken)
        )
    return found


def asked(address: str) -> tuple[str, str]:
    """Return the language of an address of the server, and the rest in one spelling."""
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    language = query.pop("lang", LANGUAGES[0])
    if query.get("page") == "1":
        del query["page"]
    path = unquote(parts.path)
    spelt = f"{path}?{urlencode(sorted(query.items()))}" if query else path
    return language if language in LANGUAGES else LANGUAGES[0], spelt


def said_in(language: str, address: str) -> str:
    """Return an address of the server for a language."""
    if language == LANGUAGES[0]:
        return address
    return f"{address}{'&' if '?' in address else '?'}lang={language}"


def spelt(path: str, **query: object) -> str:
    """Return an address of the server in the same spelling."""
    pairs = sorted((name, str(value)) for name, value in query.items() if value is not None)
    return f"{path}?{urlencode(pairs)}" if pairs else path


def leading(page: str, target: str) -> str:
    """Return the relative address that leads from one file to another."""
    here, (folder, _, name) = dirname(page) or ".", target.rpartition("/")
    if name == START:
        way = relpath(folder or ".", here)
        return "./" if way == "." else f"{quote(way)}/"
    return quote(relpath(target, here))


def put(html: str, page: str, site: Site) -> str:
    """Return a page of the server as it lies in the folder."""

    def lead(found: re.Match[str]) -> str:
        name, said = found[1], unescape(found[2])
        address, _, part = said.partition("#")
        language, key = asked(address)
        known = site.searches if name == "action" else site.places
        place = Place(key[1:], shared=True) if _ASSET.fullmatch(key[1:]) else known.get(key)
        to = leading(page, place.within(language)) if place else f"{site.live}{address}"
        return f'{name}="{escape(f"{to}#{part}" if part else to)}"'

    html = _MODULE.sub(r"<script defer \1>", html)
    script = escape(leading(page, site.script))
    head = f'{_CHARSET}\n  <meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    html = html.replace(_CHARSET, head, 1)
    html = html.replace("</head>", f'  <script defer src="{script}"></script>\n</head>', 1)
    return _LINK.sub(lead, html)


def assets(html: str) -> set[str]:
    """Return the paths of the styles, scripts and pictures of the house that a page needs."""
    return set(_ASSET.findall(html))
