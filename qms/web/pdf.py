"""From a print template to a PDF. The only door to WeasyPrint.

Paper is made by one long-lived child process (``python -m qms.web.pdf``). It has its memory
limited, keeps what WeasyPrint needs warm, opens no address, and may die without harm: the
next print starts another. Templates and data go to it, never HTML from outside.

WeasyPrint needs system libraries an office may not have yet, and takes most of a second to
load. So it is loaded in the child only, by name and not at the head of this module: without
it the program runs, and says which command mends it.
"""

import atexit
import gc
import importlib
import os
import pickle
import resource
import select
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from functools import cache
from typing import IO, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from qms import paths
from qms.errors import BusyError, LateError
from qms.vietnamese import day, formal_day, money
from qms.web import pdf_needs, typeset

WAIT: Final = 20.0
"""Seconds a caller waits for its paper."""

LIMIT: Final = 90.0
"""Seconds one print may take before its process is ended."""

RENDERS: Final = 500
"""Prints after which the process is replaced, so that no leak grows for ever."""

LONG_LIMIT: Final = 1_800.0
"""The same for a long print, which only background work waits for."""

MEMORY: Final = 2 << 30
"""Bytes of address space the process may use."""

VARIANT: Final = "pdf/a-3u"
BUSY: Final = "Máy in đang bận. Vui lòng thử lại sau ít giây."
BROKEN: Final = "Chưa in được tờ này. Vui lòng thử lại; nếu vẫn lỗi, hãy báo quản trị viên."

_SIZE: Final = 8


def render(template: str, data: Mapping[str, object]) -> bytes:
    """Return the PDF/A-3u of ``templates/print/<template>`` filled with ``data``.

    The same data gives the same bytes.

    Raises:
        LateError: it is still being made.
        BusyError: there was no paper in time, or WeasyPrint cannot be loaded (the sentence
            says what to install).

    """
    return paper(_desk().submit(_ask, template, pickle.dumps(dict(data))), WAIT)


def render_long(template: str, data: Mapping[str, object]) -> bytes:
    """Return the same for paper of many pages, from a process of its own: for background work."""
    desk = _desk("long-press")
    return paper(desk.submit(_long_worker.ask, template, pickle.dumps(dict(data))), LONG_LIMIT)


def paper(future: Future[tuple[str, Any]], wait: float) -> bytes:
    """Return what a print process answers, once it does; see :func:`render`.

    What has not begun by then is given up; what has goes on, for others to ask for.
    """
    try:
        done, answer = future.result(wait)
    except (TimeoutError, CancelledError) as error:
        if future.cancel():
            raise BusyError(BUSY) from error
        raise LateError(BUSY, lambda keep: future.add_done_callback(_handing(keep))) from error
    except (EOFError, OSError) as error:
        raise BusyError(BROKEN) from error
    if done == "pdf":
        return bytes(answer)
    if done == "missing":
        said = "\n".join(pdf_needs.problems())
        raise BusyError(said or BROKEN)
    raise PressError(str(answer))


def _handing(keep: Callable[[bytes], None]) -> Callable[[Future[tuple[str, Any]]], None]:
    """Return what gives finished paper to whoever keeps it; other ends are nobody's any more."""

    def hand(future: Future[tuple[str, Any]]) -> None:
        if not future.cancelled() and future.exception() is None:
            done, answer = future.result()
            if done == "pdf":
                keep(bytes(answer))

    return hand


class PressError(Exception):
    """A template or its data has a fault; a fault of the program, not of its user."""


def close() -> None:
    """End the process that makes paper; the next print starts it again."""
    _worker.stop()
    _long_worker.stop()


# ---------- the side of the web process ----------


class Worker:
    """A print process and its two pipes; used by one thread at a time."""

    def __init__(self, limit: float = LIMIT) -> None:
        self.limit = limit
        self.process: subprocess.Popen[bytes] | None = None
        self.renders = 0

    def ask(self, template: str, data: bytes) -> tuple[str, Any]:
        """Let the process make one paper; start it, or another in its place, if need be."""
        if self.renders >= RENDERS:
            self.stop()
        process = self._running()
        self.renders += 1
        try:
            _send(_pipe(process.stdin), pickle.dumps((template, data)))
            return _answer(_pipe(process.stdout), self.limit)
        except (EOFError, OSError):
            self.stop()
            raise

    def stop(self) -> None:
        """End the process; the next paper starts another."""
        process, self.process, self.renders = self.process, None, 0
        if process is not None:
            process.kill()
            process.communicate()

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is None or self.process.poll() is not None:
            self.stop()
            # Names and order of sets are the same in each process, so are the bytes made.
            ours = str(paths.PACKAGE.parent)
            kept = {k: v for k, v in os.environ.items() if not k.startswith("QMS_")}
            self.process = subprocess.Popen(  # noqa: S603 - our own words
                [sys.executable, "-P", "-m", __name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**kept, "PYTHONHASHSEED": "0", "PYTHONPATH": ours},
            )
        return self.process


_worker = Worker()
_long_worker = Worker(LONG_LIMIT)


@cache
def _desk(name: str = "press") -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)


def _ask(template: str, data: bytes) -> tuple[str, Any]:
    return _worker.ask(template, data)


def _forget() -> None:
    """Let a forked web process start a child of its own."""
    _desk.cache_clear()
    _worker.process = _long_worker.process = None


atexit.register(close)
os.register_at_fork(after_in_child=_forget)


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise OSError("The process has no pipe.")
    return pipe


def _send(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(len(data).to_bytes(_SIZE) + data)
    pipe.flush()


def _answer(pipe: IO[bytes], limit: float) -> tuple[str, Any]:
    size = int.from_bytes(_read(pipe, _SIZE, limit))
    answer: tuple[str, Any] = pickle.loads(_read(pipe, size, limit))  # noqa: S301 - our own child
    return answer


def _read(pipe: IO[bytes], size: int, limit: float) -> bytes:
    found = bytearray()
    while len(found) < size:
        ready, _, _ = select.select([pipe], [], [], limit)
        part = os.read(pipe.fileno(), size - len(found)) if ready else b""
        if not part:
            raise EOFError("The process that makes paper is gone or too slow.")
        found += part
    return bytes(found)


# ---------- the side of the child ----------


class Press:
    """What is worth keeping between prints: templates, style sheet, fonts."""

    def __init__(self) -> None:
        self.weasyprint = importlib.import_module("weasyprint")
        fonts = importlib.import_module("weasyprint.text.fonts")
        urls = importlib.import_module("weasyprint.urls")
        self.refusal: type[BaseException] = urls.FatalURLFetchingError
        self.fetcher = _no_fetch(urls)
        self.fonts = fonts.FontConfiguration()
        self.style = self.weasyprint.CSS(
            string=(paths.STATIC / "print.css").read_text("utf-8"),
            font_config=self.fonts,
            url_fetcher=self.fetcher,
        )
        self.templates = environment()

    def html(self, template: str, data: Mapping[str, object]) -> str:
        """Return the page before it is set."""
        return self.templates.get_template(template).render(data)

    def pdf(self, html: str) -> bytes:
        """Return a page as PDF/A-3u with tags.

        Raises:
            PressError: the page names an address; nothing is ever fetched.

        """
        page = self.weasyprint.HTML(string=html, url_fetcher=self.fetcher)
        gc.disable()  # reference counting frees the boxes; the collector would only walk them
        try:
            made: bytes = page.write_pdf(
                stylesheets=[self.style],
                font_config=self.fonts,
                pdf_variant=VARIANT,
                pdf_tags=True,
            )
        except self.refusal as error:  # a BaseException: it passes every "except Exception"
            raise PressError(str(error)) from error
        finally:
            gc.enable()
        return made


def environment() -> Environment:
    """Return the Jinja environment of print templates; unknown names are faults."""
    found = Environment(
        loader=FileSystemLoader(paths.TEMPLATES / "print"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {
        "day": day,
        "formal_day": formal_day,
        "money": money,
        "lines": typeset.lines,
        "quads": typeset.quads,
        "whole": typeset.whole,
    }
    found.globals |= {"qr": typeset.qr}
    return found


def _no_fetch(urls: Any) -> Any:  # noqa: ANN401 - the module is loaded by name
    """Return a fetcher that refuses every address, ``data:`` too; drawings are inline SVG."""

    def fetch(_self: object, url: str, headers: object = None) -> None:  # noqa: ARG001 - its signature
        raise urls.FatalURLFetchingError(f"The paper may not open {url[:80]}")

    return type("NoFetch", (urls.URLFetcher,), {"fetch": fetch})()


def _requests(pipe: IO[bytes]) -> Iterator[tuple[str, dict[str, object]]]:
    while size := pipe.read(_SIZE):
        template, data = pickle.loads(pipe.read(int.from_bytes(size)))  # noqa: S301 - our own parent
        yield template, pickle.loads(data)  # noqa: S301 - same


def _work() -> None:
    """Answer requests until the parent is gone. Memory is limited."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whoever prints, prints beside the answers
    press: Press | str = _press()
    for template, data in _requests(asked):
        _send(answers, pickle.dumps(_answered(press, template, data)))


def _press() -> Press | str:
    """Return a press, or why there is none."""
    try:
        return Press()
    except (ImportError, OSError) as error:
        return repr(error)


def _answered(press: Press | str, template: str, data: Mapping[str, object]) -> tuple[str, Any]:
    if isinstance(press, str):
        return "missing", press
    try:
        return "pdf", press.pdf(press.html(template, data))
    except MemoryError:
        raise  # a new process has room again
    except Exception as error:  # noqa: BLE001 - told to the parent, which raises it
        return "fault", f"{type(error).__name__}: {error}"


if __name__ == "__main__":
    _work()
