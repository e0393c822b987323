"""The scan of the signed paper: looked at, kept once, handed out to those who may read."""

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from qms import files
from qms.documents import signing
from qms.documents.file_models import StoredFile
from qms.documents.models import Decision
from qms.errors import InvalidError, NotFoundError
from qms.text import file_name
from qms.trail import Act

LARGEST: Final = 20 * 2**20
"""Bytes of the largest scan that is taken."""

_KINDS: Final = (
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
)
_ACTIVE: Final = re.compile(rb"/(?:JavaScript|Launch|OpenAction(?!\s*\[))\b")
"""What makes a PDF do something; a page to open at, given as a list, does no harm."""


@dataclass(frozen=True)
class Scan:
    """A scan whose bytes are kept; ``size`` in bytes."""

    sha256: str
    name: str
    media_type: str
    size: int


def keep(data: bytes, name: str) -> Scan:
    """Inspect and keep the bytes of a scan, before any lock is taken.

    Raises:
        InvalidError: it is empty, too large, no PDF, JPEG or PNG, or a PDF that can act.

    """
    media_type, extension = _kind(data)
    stem = file_name(name).rpartition(".")[0] or "ban-chup"
    return Scan(files.put(data), f"{stem[:150]}{extension}", media_type, len(data))


def attach(session: Session, act: Act, decision: Decision, scan: Scan) -> None:
    """Attach the scan of a signed decision, once.

    Raises:
        RefusedError: the decision is not signed or has its scan.

    """
    signing.attach_scan(session, act, decision, sha256=scan.sha256, name=scan.name)
    if session.get(StoredFile, scan.sha256) is None:
        session.add(
            StoredFile(
                sha256=scan.sha256,
                media_type=scan.media_type,
                size=scan.size,
                stored_at=act.at,
            )
        )


def read(session: Session, decision: Decision) -> tuple[bytes, str, str]:
    """Return the bytes of the scan, its media type and its name.

    Raises:
        NotFoundError: there is none.

    """
    stored = session.get(StoredFile, decision.scan_sha256) if decision.scan_sha256 else None
    if stored is None:
        raise NotFoundError("Quyết định chưa có bản chụp.")
    return files.get(stored.sha256), stored.media_type, decision.scan_name or stored.sha256


def known(data: bytes) -> bool:
    """Tell whether a file begins like one of a kind that is kept."""
    return any(data.startswith(start) for start, *_ in _KINDS)


def _kind(data: bytes) -> tuple[str, str]:
    if not data:
        raise InvalidError("Hãy chọn tệp bản chụp.")
    if len(data) > LARGEST:
        raise InvalidError("Bản chụp lớn quá %(most)s MB.", most=LARGEST >> 20)
    for start, media_type, extension in _KINDS:
        if data.startswith(start):
            if extension == ".pdf" and _ACTIVE.search(data):
                raise InvalidError(
                    "Tệp PDF này có phần tự chạy. Hãy quét lại tờ giấy, hoặc in ra một tệp PDF mới."
                )
            return media_type, extension
    raise InvalidError("Bản chụp phải là tệp PDF, JPEG hoặc PNG.")
