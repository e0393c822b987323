"""More than the office takes is refused in words, at once, and nothing of it is kept."""

import http.client
import resource
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from flask import Flask
from waitress import wasyncore

from qms.web import serving
from tests.engines import sqlite_only

GIGABYTE = 1 << 30
LIMIT = 1 << 20
CHUNK = bytes(1 << 16)
HELD_BACK = 16 << 20
"""Bytes that may lie between the two ends of a connection before anybody reads them."""


@pytest.fixture
def door(app: Flask) -> Iterator[tuple[str, int]]:
    """Serve the application as ``qms serve`` does."""
    app.config["MAX_CONTENT_LENGTH"] = LIMIT
    sockets: dict[int, object] = {}
    server = serving.server(
        app, host="127.0.0.1", port=0, map=sockets, threads=2, max_request_body_size=LIMIT
    )
    stop = threading.Event()

    def loop() -> None:
        while not stop.is_set():
            wasyncore.loop(timeout=0.05, map=sockets, count=1)

    thread = threading.Thread(target=loop, name="door")
    thread.start()
    yield "127.0.0.1", server.effective_port
    stop.set()
    thread.join()
    server.task_dispatcher.shutdown()
    wasyncore.close_all(sockets)


def pushed(door: tuple[str, int], *, announced: int | None) -> int:
    """Send until the other end hangs up; return how much went out."""
    link = http.client.HTTPConnection(*door, timeout=20)
    link.putrequest("POST", "/sign-in")
    link.putheader("Content-Type", "multipart/form-data; boundary=b")
    if announced is None:
        link.putheader("Transfer-Encoding", "chunked")
    else:
        link.putheader("Content-Length", str(announced))
    link.endheaders()
    sent = 0
    with suppress(ConnectionError):
        while sent < 4 * HELD_BACK:
            head = f"{len(CHUNK):x}\r\n".encode() if announced is None else b""
            link.send(head + CHUNK + (b"\r\n" if announced is None else b""))
            sent += len(CHUNK)
    link.close()
    return sent


@sqlite_only
def test_two_gigabytes_are_refused_in_words_before_they_are_read(
    door: tuple[str, int], app: Flask
) -> None:
    kept = files_of(app)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    link = http.client.HTTPConnection(*door, timeout=20)
    link.putrequest("POST", "/sign-in")
    link.putheader("Accept", "text/html")
    link.putheader("Content-Length", str(2 * GIGABYTE))
    link.endheaders()
    answer = link.getresponse()
    words = answer.read().decode()
    link.close()
    assert answer.status == 413
    assert "Mời chọn tệp nhỏ hơn rồi gửi lại." in words
    assert files_of(app) == kept
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 32 << 10, "kilobytes: memory stays flat"


@sqlite_only
@pytest.mark.parametrize("announced", [2 * GIGABYTE, None], ids=["announced", "in pieces"])
def test_whoever_sends_without_end_is_hung_up_on(
    door: tuple[str, int], app: Flask, announced: int | None
) -> None:
    kept = files_of(app)
    assert pushed(door, announced=announced) < 4 * HELD_BACK
    assert files_of(app) == kept


def files_of(app: Flask) -> set[Path]:
    """Return the files that lie in the office's folder."""
    return {each for each in Path(app.config["DATA_DIR"]).rglob("*") if each.is_file()}
