"""What a public page costs: from memory, made anew, and through real servers beside nginx.

In the process itself, by its processor time: a kept page is at most 1/50 of making it, and
making a notice at most 4 × its template alone with the values in hand; memory stays flat over
100,000 requests. Through servers, by wrk with 16 clients in interleaved rounds against nginx
handing out the same bytes as a file, each server set up as docs/operating.md says: at least 0.05
with gunicorn's threads, 0.5 with granian or behind nginx's own cache; p99 below 5 × p50, of kept
pages and of one that is made for each request.
Needs nginx, wrk, gunicorn and granian for that; without them it says so and ends with 2 once
the rest is measured.

    python -m benchmarks.public_pages [--data FOLDER] [--seconds 4] [--rounds 3]
"""

import argparse
import os
import random
import re
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import flask
import sqlalchemy as sa
from flask import Flask
from jinja2 import Template
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

from qms.app import create_app
from qms.db import db
from qms.documents.models import Document
from qms.web.cache import Cache

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

KEPT_TO_MADE: Final = 1 / 50
MADE_TO_TEMPLATE: Final = 4
GROWTH: Final = 1.05
TO_NGINX: Final = {("gunicorn",): 0.05, ("granian", "behind nginx"): 0.5}
"""The least part of nginx's rate that one of these servers reaches."""
SERVERS: Final = tuple(name for names in TO_NGINX for name in names)
TAIL: Final = 5
CLIENTS: Final = 16
ANEW: Final = "anew"
"""A parameter no page has: with it a page is made for each request."""
REQUESTS: Final = 100_000
PACKED: Final = {"Accept-Encoding": "gzip"}
NEEDED: Final = {
    "nginx": "apt-get install -y nginx",
    "wrk": "apt-get install -y wrk",
    "gunicorn": "pip install gunicorn",
    "granian": "pip install granian",
}

failures: list[str] = []


def say(what: str, value: float, goal: float, *, most: bool) -> None:
    """Print one ratio beside its bound."""
    good = value <= goal if most else value >= goal
    print(
        f"{what:58} {value:9.4f}  {'≤' if most else '≥'} {goal:<7.4g} {'' if good else 'MISSED'}"
    )
    if not good:
        failures.append(what)


# ---------- in the process ----------


def visit(
    app: "WSGIApplication", path: str, headers: Mapping[str, str] | None = None
) -> tuple[str, bytes]:
    """Ask a WSGI application for one page."""
    environ = EnvironBuilder(path=path, headers=Headers(headers or {})).get_environ()
    parts, status, _ = run_wsgi_app(app, environ)
    return status, b"".join(parts)


def middle_notice(app: Flask, inner: "WSGIApplication") -> str:
    """Return the address of the notice of middle length."""
    with app.app_context():
        query = sa.select(Document.slug).where(Document.kind == "procedure")
        slugs = list(db.session.scalars(query.order_by(Document.slug).limit(60)))
    sized = []
    for slug in slugs:
        status, body = visit(inner, f"/b/song-lo/{slug}")
        if status.startswith("200"):
            sized.append((len(body), f"/b/song-lo/{slug}"))
    size, path = sorted(sized)[len(sized) // 2]
    print(f"notice {path}: {size / 1024:.1f} KB of HTML")
    return path


def ratio(one: Callable[[], object], other: Callable[[], object], rounds: int) -> float:
    """Return processor time of one ÷ the other, in interleaved rounds: the median."""
    found = []
    for _ in range(rounds):
        times = []
        for act in (one, other):
            began = time.process_time()
            act()
            times.append(time.process_time() - began)
        found.append(times[0] / times[1])
    return statistics.median(found)


def template_alone(app: Flask, path: str) -> Callable[[], object]:
    """Return an act that fills the template of a page with the values its view gave."""
    given: list[tuple[Template, dict[str, Any]]] = []

    def note(_app: Flask, template: Template, context: dict[str, Any]) -> None:
        given.append((template, context))

    with flask.template_rendered.connected_to(note, app):
        visit(app.wsgi_app.inner, path)  # type: ignore[attr-defined]
    template, context = given[-1]
    within = app.test_request_context(path)
    within.push()
    return lambda: template.render(context)


def in_process(app: Flask) -> str:
    """Measure what happens inside one process; return the address of the notice."""
    cache = app.wsgi_app
    assert isinstance(cache, Cache)
    path = middle_notice(app, cache.inner)
    alone = template_alone(app, path)
    made = lambda: visit(cache.inner, path)  # noqa: E731 - the same act, named
    environ = EnvironBuilder(path=path, headers=Headers(PACKED)).get_environ()

    def ready() -> None:
        for _ in range(100):
            run_wsgi_app(cache, dict(environ))

    for warm in (made, alone, ready):
        warm()
    say(
        "kept page ÷ made anew (processor time)",
        ratio(ready, made, 30) / 100,
        KEPT_TO_MADE,
        most=True,
    )
    say("made anew ÷ template alone", ratio(made, alone, 60), MADE_TO_TEMPLATE, most=True)
    return path


def resident() -> int:
    """Return the bytes of memory this process has."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize()


def flat_memory(cache: "WSGIApplication", path: str) -> None:
    """Ask 100,000 times for kept pages and for addresses somebody made up."""
    sizes = []
    for number in range(REQUESTS):
        odd = number % 500 == 0
        visit(cache, f"{path}?x={number}" if odd else path, PACKED)
        if number % (REQUESTS // 10) == 0:
            sizes.append(resident())
    say("memory after 100,000 requests ÷ after 10,000", sizes[-1] / sizes[1], GROWTH, most=True)


# ---------- through servers ----------


@dataclass(frozen=True)
class Run:
    """What wrk saw: requests a second, and milliseconds of the middle and the slowest 1 %."""

    rate: float
    p50: float
    p99: float


def wrk(address: str, seconds: int) -> Run:
    """Let 16 clients ask for one address."""
    said = subprocess.run(
        [
            shutil.which("wrk") or "wrk",
            "-t1",
            f"-c{CLIENTS}",
            f"-d{seconds}s",
            "--latency",
            "-H",
            "Accept-Encoding: gzip",
            address,
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise SystemExit(said)
    times = dict(re.findall(r"(50|99)%\s+([\d.]+m?u?s)", said))
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert rate
    return Run(float(rate[1]), _ms(times["50"]), _ms(times["99"]))


def _ms(said: str) -> float:
    for unit, factor in (("us", 0.001), ("ms", 1), ("s", 1000)):
        if said.endswith(unit):
            return float(said.removesuffix(unit)) * factor
    raise ValueError(said)


def free_port() -> int:
    """Return a port nobody listens on, below those that connections out are given."""
    for port in random.sample(range(20_000, 30_000), 100):
        with socket.socket() as tried, suppress(OSError):
            tried.bind(("127.0.0.1", port))
            return port
    raise SystemExit("no free port")


@contextmanager
def running(command: list[str], address: str, environ: dict[str, str]) -> Iterator[str]:
    """Run a server until the block ends; wait until it answers."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, env={**os.environ, **environ}
        )
        try:
            for _ in range(600):
                try:
                    urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - our own server
                    break
                except OSError:
                    if process.poll() is not None:
                        log.seek(0)
                        raise SystemExit(log.read().decode()) from None
                    time.sleep(0.1)
            yield address
        finally:
            process.terminate()
            process.wait(20)


def nginx(folder: Path, static: Path, port: int, behind: int, proxied: int) -> list[str]:
    """Write nginx's settings: the bytes as a file, and a cache of one second before a server."""
    settings = folder / "nginx.conf"
    settings.write_text(
        f"""daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off; default_type text/html; keepalive_requests 1000000;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  proxy_cache_path {folder}/cache keys_zone=board:10m max_size=100m;
  upstream board {{ server 127.0.0.1:{behind}; keepalive 8; }}
  server {{ listen 127.0.0.1:{port}; root {static.parent}; }}
  server {{ listen 127.0.0.1:{proxied};
    location / {{ proxy_pass http://board; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_cache board; proxy_cache_revalidate on; }} }}
}}
""",
        encoding="utf-8",
    )
    return ["nginx", "-c", str(settings), "-p", str(folder)]


def through_servers(data: Path, path: str, seconds: int, rounds: int) -> None:
    """Measure each server in rounds, each round beginning with nginx itself."""
    environ = {"QMS_DATA_DIR": str(data), "PYTHONPATH": str(Path(__file__).parent.parent)}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        ports = {name: free_port() for name in ("gunicorn", "granian", "nginx", "behind nginx")}
        at = {name: f"http://127.0.0.1:{port}{path}" for name, port in ports.items()}
        python = [sys.executable, "-m"]
        here = ["--bind", f"127.0.0.1:{ports['gunicorn']}"]
        threads = ["-k", "gthread", "-w", "4", "--threads", "2"]
        stack.enter_context(
            running(
                [*python, "gunicorn", *here, *threads, "qms.app:create_app()"],
                at["gunicorn"],
                environ,
            )
        )
        named = [
            "--host",
            "127.0.0.1",
            "--port",
            str(ports["granian"]),
            "--no-ws",
            "--workers",
            "2",
            "--blocking-threads",
            "2",
            "--log-level",
            "warning",
        ]
        stack.enter_context(
            running(
                [
                    *python,
                    "granian",
                    "--interface",
                    "wsgi",
                    "--factory",
                    *named,
                    "qms.app:create_app",
                ],
                at["granian"],
                environ,
            )
        )
        asked = urllib.request.Request(at["granian"], headers=PACKED)  # noqa: S310 - our own
        static = folder / "static/page"
        static.parent.mkdir()
        static.write_bytes(urllib.request.urlopen(asked).read())  # noqa: S310 - same
        at["nginx"] = f"http://127.0.0.1:{ports['nginx']}/page"
        stack.enter_context(
            running(
                nginx(folder, static, ports["nginx"], ports["gunicorn"], ports["behind nginx"]),
                at["nginx"],
                {},
            )
        )
        at[ANEW] = f"{at['gunicorn']}?{ANEW}"
        runs: dict[str, list[Run]] = {name: [] for name in ("nginx", ANEW, *SERVERS)}
        for name in runs:
            wrk(at[name], 1)
        for _ in range(rounds):
            for name, found in runs.items():
                found.append(wrk(at[name], seconds))
    reached = {name: part_of(runs["nginx"], runs[name]) for name in SERVERS}
    for name in SERVERS:
        rate = statistics.median(run.rate for run in runs[name])
        print(f"{name}: {rate:,.0f}/s here, {reached[name]:.4f} of nginx")
    for names, goal in TO_NGINX.items():
        say(
            " or ".join(names) + " ÷ nginx",
            max(reached[name] for name in names),
            goal,
            most=False,
        )
    print(f"nginx itself: p99 ÷ p50 = {tail(runs['nginx']):.1f}")
    for name in (ANEW, *SERVERS):
        say(f"{name}: p99 ÷ p50, {CLIENTS} clients", tail(runs[name]), TAIL, most=True)


def part_of(plain: list[Run], runs: list[Run]) -> float:
    """Return which part of nginx's rate a server reached, round by round."""
    return statistics.median(
        run.rate / bare.rate for run, bare in zip(runs, plain, strict=True)
    )


def tail(runs: list[Run]) -> float:
    """Return how much slower the slowest 1 % were than the middle."""
    return statistics.median(run.p99 / run.p50 for run in runs)


def missing() -> list[str]:
    """Name what the second part lacks."""
    there: dict[str, object] = {name: shutil.which(name) for name in ("nginx", "wrk")}
    there |= {name: find_spec(name) for name in ("gunicorn", "granian")}
    return [f"{name} is missing: {NEEDED[name]}" for name, found in there.items() if not found]


def main() -> int:
    """Measure; return 1 where a bound breaks, 2 where something to measure with is missing."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--data", type=Path, help="data folder of a demonstration office")
    asked.add_argument("--seconds", type=int, default=4)
    asked.add_argument("--rounds", type=int, default=3)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as made:
        data = given.data or Path(made)
        os.environ["QMS_DATA_DIR"] = str(data)
        if not given.data:
            subprocess.run(
                [sys.executable, "-m", "qms", "demo"], check=True, stdout=subprocess.DEVNULL
            )
        app = create_app()
        path = in_process(app)
        flat_memory(app.wsgi_app, path)
        lacking = missing()
        for each in lacking:
            print(each, file=sys.stderr)
        if not lacking:
            through_servers(data, path, given.seconds, given.rounds)
    if failures:
        print("missed: " + "; ".join(failures), file=sys.stderr)
        return 1
    return 2 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
