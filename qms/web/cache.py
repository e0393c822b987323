"""Public answers, made once for each state of the public record and civil day.

A layer before the framework. What it keeps it asked for by itself, without the cookies, headers
and host of whoever came first, so it holds nothing that depends on them. It is handed out only
while the version read for this very request and the day at the office are those it was made
for: so threads, processes and machines agree, and nothing has to be thrown away in time.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from qms import clock
from qms.vietnamese import UnreadableError, parse_day
from qms.web import i18n, marks, negotiation
from qms.web.addresses import MOST_PAGES, PAGE
from qms.web.headers import ASK_EACH_SECOND, ASK_EACH_TIME
from qms.web.shelf import Answer, Key, Shelf, Stamp
from qms.web.version import Version, Versions

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

DAY: Final = "on"
LANGUAGE: Final = "lang"

TRACKERS: Final = ("utm_", "fbclid", "gclid", "zarsrc")
"""Beginnings of parameters that others hang on our addresses and no page of ours reads."""

Days = Callable[[], frozenset[date]]
"""Asks on which days anything public changed or will."""

_LAST: Final = timedelta(seconds=2)
_EVER: Final = datetime.max.replace(tzinfo=UTC)
_LONGEST_QUERY: Final = 500
_PLAIN: Final = frozenset({"", urlencode({LANGUAGE: "en"})})
_OURS: Final = frozenset({"content-length", "cache-control", "date", "etag", "vary"})


class Cache:
    """The layer: answers from its shelves, else asks the application and keeps what it may.

    ``plain`` holds what addresses without a query name, so the board itself bounds it;
    ``asked`` what days, fields and pages of lists name, so that those crowd out only each other.
    """

    def __init__(self, app: Flask, inner: "WSGIApplication", days: Days) -> None:
        self.app, self.inner, self.days = app, inner, days
        self.versions = Versions(app)
        most = int(app.config["CACHE_MB"] * 2**20)
        self.plain, self.asked = Shelf(most * 3 // 4), Shelf(most // 4)
        self.public = urlsplit(app.config["PUBLIC_URL"])
        self.addresses = app.url_map.bind(self.public.netloc)
        self.civil_day = (_EVER, _EVER, date.min)
        self.known_days: tuple[Version, frozenset[date]] | None = None
        self.making: dict[Key, threading.Lock] = {}
        self.making_lock = threading.Lock()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one request."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or environ.get("SCRIPT_NAME"):
            return self.inner(environ, start_response)
        query = environ.get("QUERY_STRING", "")
        key = environ["PATH_INFO"], query
        found = (self.plain if query in _PLAIN else self.asked).get(key)
        if found is not None and found.stamp == self.stamp():
            return self._hand_out(found, environ, start_response)
        return self._look(environ, start_response)

    def stamp(self) -> Stamp | None:
        """Return day and version of this instant; None while the database does not answer."""
        version = self.versions.read()
        return None if version is None else (self._today(), version)

    def _look(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer what does not stand there ready, or not under this spelling."""
        said = self._said(environ)
        stamp = None if said is None else self.stamp()
        if said is None or stamp is None or not self._settle(said, stamp):
            return self.inner(environ, start_response)
        key = environ["PATH_INFO"], urlencode(sorted(said.items()))
        shelf = self.plain if key[1] in _PLAIN else self.asked
        found = shelf.get(key)
        if found is None or found.stamp != stamp:
            with self._once(key):
                found = shelf.get(key)
                if found is None or found.stamp != stamp:
                    response = self._ask(environ, key)
                    found = _answer(response, stamp)
                    if found is None:
                        return response(environ, start_response)
                    # What was signed meanwhile may stand in it, or not.
                    if self.stamp() == stamp:
                        shelf.put(key, found)
        return self._hand_out(found, environ, start_response)

    def _said(self, environ: "WSGIEnvironment") -> dict[str, str] | None:
        """Return what the query says to a view whose answers may be kept; None for others."""
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        try:
            endpoint, _ = self.addresses.match(path.encode("latin-1").decode(), "GET")
        except (HTTPException, ValueError):
            return None
        known = marks.cached_parameters(self.app.view_functions.get(endpoint))
        if known is None or len(query) > _LONGEST_QUERY:
            return None
        said: dict[str, str] = {}
        for name, value in parse_qsl(query, keep_blank_values=True):
            if name.startswith(TRACKERS):
                continue
            if name in said or (name not in known and name != LANGUAGE):
                return None
            said[name] = value
        return said

    def _settle(self, said: dict[str, str], stamp: Stamp) -> bool:
        """Spell language, page and day in one way; tell whether there is an answer to keep."""
        if said.get(LANGUAGE) not in {*i18n.LANGUAGES} - {i18n.DEFAULT}:
            said.pop(LANGUAGE, None)
        page = said.get(PAGE, "1")
        if not (page.isascii() and page.isdecimal() and 1 <= int(page) <= MOST_PAGES):
            return False
        if int(page) == 1:
            said.pop(PAGE, None)
        typed = said.pop(DAY, "").strip()
        try:
            day = parse_day(typed) if typed else stamp[0]
        except UnreadableError:
            return False
        if day != stamp[0]:
            said[DAY] = day.isoformat()
            return day in self._days(stamp[1])
        return True

    def _days(self, version: Version) -> frozenset[date]:
        """Return the days on which something changed: our own links name no others."""
        known = self.known_days
        if known is None or known[0] != version:
            with self.app.app_context():
                known = self.known_days = (version, self.days())
        return known[1]

    def _today(self) -> date:
        now = clock.now()
        begins, ends, today = self.civil_day
        if not begins <= now < ends:
            with self.app.app_context():
                today = clock.day_of(now)
                first, next_one = map(clock.begins, (today, today + timedelta(days=1)))
                # In the zone of the clock, in which they compare in no time.
                self.civil_day = (first.astimezone(UTC), next_one.astimezone(UTC), today)
        return today

    def _ask(self, environ: "WSGIEnvironment", key: Key) -> Response:
        """Ask the application as somebody of whom nothing is known."""
        plain = {name: value for name, value in environ.items() if not name.startswith("HTTP_")}
        plain |= {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": key[0],
            "QUERY_STRING": key[1],
            "HTTP_HOST": self.public.netloc,
            "wsgi.url_scheme": self.public.scheme,
        }
        if "HTTP_ACCEPT" in environ:  # how refusals are worded: those are never kept
            plain["HTTP_ACCEPT"] = environ["HTTP_ACCEPT"]
        return Response.from_app(self.inner, plain, buffered=True)

    @contextmanager
    def _once(self, key: Key) -> Iterator[None]:
        """Let one thread make an answer while others that want the same wait for it."""
        with self.making_lock:
            lock = self.making.setdefault(key, threading.Lock())
        try:
            with lock:
                yield
        finally:
            with self.making_lock:
                self.making.pop(key, None)

    def _hand_out(
        self, found: Answer, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        packed = found.packs and negotiation.takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
        lasting = ASK_EACH_SECOND if self.civil_day[1] - clock.now() > _LAST else ASK_EACH_TIME
        headers = [*found.headers(packed=packed), ("Cache-Control", lasting)]
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known and negotiation.has(known, found.tag(packed=packed)):
            start_response("304 NOT MODIFIED", [h for h in headers if h[0] not in _OF_CONTENT])
            return ()
        start_response("200 OK", headers)
        return () if environ["REQUEST_METHOD"] == "HEAD" else (found.body(packed=packed),)


_OF_CONTENT: Final = frozenset({"Content-Length", "Content-Encoding", "Content-Type"})


def init_app(app: Flask, days: Days) -> None:
    """Put the layer before the framework and whatever stands before it by now."""
    app.wsgi_app = Cache(app, app.wsgi_app, days)  # type: ignore[method-assign]


def _answer(response: Response, stamp: Stamp) -> Answer | None:
    """Return a response in the form in which it is kept; None where it may not be."""
    headers = response.headers
    if (
        response.status_code != 200  # noqa: PLR2004 - the one that every browser keeps
        or "Set-Cookie" in headers
        or "no-store" in headers.get("Cache-Control", "")
        or headers.get("Vary", "Accept-Encoding") != "Accept-Encoding"
    ):
        return None
    kept = [(name, value) for name, value in headers if name.lower() not in _OURS]
    return Answer(stamp, kept, response.content_type or "", response.get_data())
