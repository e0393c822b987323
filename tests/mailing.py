"""A mail server that keeps what it is given."""

import re
import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask

LINK = re.compile(r"http://127\.0\.0\.1:8000(/theo-doi/\S+)")


class Box:
    """Takes letters as a mail server does; what it ``refuses`` with, or ``hangs`` up without a word."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refuses = ""
        self.hangs = 0

    async def handle_DATA(self, server: Any, _session: object, envelope: Any) -> str:  # noqa: ANN401, N802 - as aiosmtpd calls it
        if self.hangs:
            self.hangs -= 1
            server.transport.abort()
            return ""
        if self.refuses:
            return self.refuses
        found = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.letters.append(found)
        return "250 OK"

    def text(self, number: int = -1) -> str:
        """Return what a letter says."""
        return str(self.letters[number].get_content())

    def link(self, number: int = -1) -> str:
        """Return the path of the first link that acts."""
        found = LINK.search(self.text(number))
        assert found, self.text(number)
        return found[1]


@pytest.fixture
def box(app: Flask) -> Iterator[Box]:
    """Start a mail server and let the application send through it."""
    found = Box()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(found, hostname="127.0.0.1", port=port)
    server.start()
    app.config.update(MAIL_URL=f"smtp://127.0.0.1:{port}", MAIL_FROM="bang@songlo.example")
    yield found
    server.stop()
