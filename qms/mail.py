"""Letters to people outside. The only module that knows SMTP.

``MAIL_URL`` names the server: ``smtp://`` speaks in the open (a server of the house),
``smtp+tls://`` asks for encryption before anything else and gives up without it, ``smtps://``
begins encrypted. A letter that the server did not take is a refusal; nothing is kept to be
sent later, so whoever calls does it again.
"""

import smtplib
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Final
from urllib.parse import unquote, urlsplit

from email_validator import EmailNotValidError, validate_email
from flask import current_app

from qms import clock
from qms.errors import N_, BusyError, InvalidError

PORTS: Final = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
WAIT_SECONDS: Final = 10
LONGEST_ADDRESS: Final = 254


class UndeliveredError(BusyError):
    """The mail server did not take a letter."""


class UncertainError(UndeliveredError):
    """The line broke while a letter was handed over: it may have been taken."""


class _Policy(policy.EmailPolicy):
    """Keeps the addresses of mailing lists in one piece: cut or encoded, no program takes them."""

    def fold(self, name: str, value: str) -> str:
        if name.startswith("List-"):
            return f"{name}: {value}{self.linesep}"
        folded: str = super().fold(name, value)
        return folded


@dataclass(frozen=True)
class Letter:
    """One letter of plain text. ``headers`` may name more than a letter always has."""

    to: str
    subject: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)


_BUSY: Final = N_("Máy chủ thư không nhận thư lúc này. Mời thử lại sau ít phút.")

Send = Callable[[Letter], None]


def configured() -> bool:
    """Tell whether letters can be sent."""
    return bool(current_app.config["MAIL_URL"])


def address(typed: str) -> str:
    """Return the one spelling of an address that is typed.

    Raises:
        InvalidError: it is none that a letter can be sent to.

    """
    try:
        found = validate_email(
            typed.strip()[: LONGEST_ADDRESS + 1],
            check_deliverability=False,
            allow_smtputf8=False,
            allow_quoted_local=False,
            allow_domain_literal=False,
        )
    except EmailNotValidError:
        raise InvalidError("Hãy viết địa chỉ thư dạng ten@donvi.vn.") from None
    return f"{found.ascii_local_part}@{found.ascii_domain}".lower()


@contextmanager
def door() -> Iterator[Send]:
    """Open the way to the mail server and lend what sends one letter.

    A line that broke is opened again for the next letter.

    Raises:
        UndeliveredError: there is no such way, or the server refuses.

    """
    with ExitStack() as lines:
        line = _Line(lines)
        line.open()
        yield line.send


class _Line:
    """A connection to the mail server, which may have to be made again."""

    def __init__(self, lines: ExitStack) -> None:
        self.lines = lines
        self.server: smtplib.SMTP | None = None

    def open(self) -> smtplib.SMTP:
        """Return the server, connected."""
        if self.server is None or self.server.sock is None:
            try:
                self.server = self.lines.enter_context(_connected())
            except (OSError, smtplib.SMTPException) as error:
                raise UndeliveredError(_BUSY) from error
        return self.server

    def send(self, letter: Letter) -> None:
        """Hand a letter over."""
        message, server = written(letter), self.open()
        try:
            server.send_message(message)
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
            raise UndeliveredError(_BUSY) from error
        except (OSError, smtplib.SMTPException) as error:
            server.close()
            raise UncertainError(_BUSY) from error


def written(letter: Letter) -> EmailMessage:
    """Return a letter as it travels.

    Raises:
        ValueError: a header would hold the end of a line.

    """
    message = EmailMessage(policy=_Policy(linesep="\r\n"))
    message.set_content(letter.text, charset="utf-8", cte="quoted-printable")
    sender = current_app.config["MAIL_FROM"]
    message["From"] = sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    for name, value in letter.headers.items():
        message[name] = value
    return message


@contextmanager
def _connected() -> Iterator[smtplib.SMTP]:
    url = urlsplit(current_app.config["MAIL_URL"])
    host, port = url.hostname or "", url.port or PORTS[url.scheme]
    if url.scheme == "smtps":
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, port, timeout=WAIT_SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(host, port, timeout=WAIT_SECONDS)
    with server:
        if url.scheme == "smtp+tls":
            server.starttls(context=ssl.create_default_context())
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        yield server
