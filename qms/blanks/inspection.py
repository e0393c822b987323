"""Saying what a file is by what is in it, or why it is not taken; run as a child process."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from qms.blanks import packages, pdfs, sandbox
from qms.blanks.rules import LARGEST, PDF
from qms.errors import N_, InvalidError

EMPTY: Final = N_("Hãy chọn tệp biểu mẫu; tệp vừa gửi không có gì.")
TOO_LARGE: Final = N_(
    "Tệp lớn quá %(most)s MB. Hãy giảm cỡ ảnh trong tệp (Word: Nén ảnh) rồi lưu lại."
)
HTML: Final = N_(
    "Tệp này là trang web (HTML), dù tên nói khác. Hãy mở trang rồi in ra PDF, hoặc chép nội"
    " dung sang Word."
)
OLD: Final = N_(
    "Tệp dạng cũ (.doc, .xls). Hãy mở bằng Word hoặc LibreOffice, lưu thành .docx, .xlsx."
)

TOGETHER: Final = 20
"""How many files one child looks at; if it falls, each gets a child of its own."""

_HEAD: Final = 8_192
_OLE: Final = b"\xd0\xcf\x11\xe0"
_SEALED: Final = "EncryptedPackage".encode("utf-16-le")
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_PAGE: Final = (b"<!doctype html", b"<html", b"<head", b"<script", b"<body")


def media_type(path: Path) -> str:
    """Return the media type of the file at ``path``.

    Raises:
        InvalidError: it may not be kept; the sentence says how to mend it.

    """
    size = path.stat().st_size
    if not size:
        raise InvalidError(EMPTY)
    if size > LARGEST:
        raise InvalidError(TOO_LARGE, most=LARGEST >> 20)
    with path.open("rb") as opened:
        head = opened.read(_HEAD)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(_ZIP):
        return packages.media_type(path)
    if start.startswith(b"%PDF-"):
        pdfs.check(path)
        return PDF
    if head.startswith(_OLE):
        raise InvalidError(packages.LOCKED if _SEALED in path.read_bytes() else OLD)
    if any(mark in start[:1024].lower() for mark in _PAGE):
        raise InvalidError(HTML)
    raise InvalidError(packages.UNKNOWN)


def inspect(path: Path) -> str:
    """Return the media type of a file by letting a child look at it.

    Raises:
        InvalidError: it may not be kept.

    """
    (verdict,) = inspect_all([path])
    if isinstance(verdict, InvalidError):
        raise verdict
    return verdict


def inspect_all(paths: Sequence[Path]) -> list[str | InvalidError]:
    """Return for each file its media type, or why it may not be kept; one child for a few."""
    found: list[str | InvalidError] = []
    for batch in (paths[at : at + TOGETHER] for at in range(0, len(paths), TOGETHER)):
        try:
            said, _ = sandbox.ask(__name__, *batch)
        except InvalidError as error:
            alone = len(batch) == 1
            found += [error] if alone else [each for p in batch for each in inspect_all([p])]
        else:
            found += [_verdict(each) for each in said["files"]]
    return found


def _verdict(said: dict[str, Any]) -> str | InvalidError:
    if sentence := said.get("refused", ""):
        return InvalidError(sentence, **said["values"])
    return str(said["media_type"])


def _looked_at(path: str) -> dict[str, Any]:
    try:
        return {"media_type": media_type(Path(path))}
    except InvalidError as refusal:
        return {"refused": refusal.sentence, "values": refusal.values}


if __name__ == "__main__":
    sandbox.answer(lambda *paths: ({"files": list(map(_looked_at, paths))}, b""))
