"""Reads a catalogue export, row by row, from JSON Lines that may be packed with gzip.

Memory stays flat whatever the file holds: one line at a time, each bounded, the whole bounded.
"""

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, Final, NoReturn

from qms.errors import N_, InvalidError
from qms.national.doubts import Doubt, DoubtKind, doubt
from qms.national.rows import CODE_LIMIT, Row, UnreadableError, read_row

LINE_LIMIT: Final = 5 * 1024 * 1024
"""Bytes of the longest line that is read."""

LINES_LIMIT: Final = 100_000
"""Lines, blank ones too, after which a file is given up; the whole catalogue has thousands."""

TOTAL_LIMIT: Final = 1024 * 1024 * 1024
"""Bytes, unpacked, after which a file is given up."""

EDITION: Final = b"1"
"""Goes into each fingerprint: another one when rows are read in another way."""

_GZIP: Final = b"\x1f\x8b"
_PEEK: Final = 4096


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that gives no procedure, and why; the values go into the sentence by name.

    ``code`` is set where the line only repeats a code: ``doubt`` then goes to the procedure
    that the earlier line gave. ``named`` is the code that the line names, if it names one.
    """

    line_no: int
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)
    code: str = ""
    doubt: Doubt | None = None
    named: str = ""

    @property
    def why(self) -> str:
        """Return the sentence with its values."""
        return self.sentence % self.values if self.values else self.sentence


@dataclass(frozen=True, slots=True)
class Same:
    """A line whose fingerprint is known: it says what it said when it was read before."""

    line_no: int
    code: str
    fingerprint: str


Found = Row | Same | Refused


def read(path: Path, known: Mapping[str, str] | None = None) -> Iterator[Found]:
    """Give every line of an export that is not blank: a procedure, a known one or a refusal.

    ``known`` maps the fingerprints of rows read before to their codes; such lines are not read
    again.

    Raises:
        InvalidError: the file as a whole cannot be read, or none of its lines gives a procedure;
            it may be raised after some rows have been given.

    """
    with path.open("rb") as file:
        yield from read_stream(file, known)


def read_stream(file: BinaryIO, known: Mapping[str, str] | None = None) -> Iterator[Found]:
    """Do as ``read`` does with an open file that can be sought."""
    first = file.read(2)
    file.seek(0)
    if not first:
        _refuse_empty()
    if first != _GZIP:
        yield from _rows(file, known or {})
        return
    with gzip.GzipFile(fileobj=file, mode="rb") as unpacked:
        yield from _rows(unpacked, known or {})


def _rows(file: BinaryIO | gzip.GzipFile, known: Mapping[str, str]) -> Iterator[Found]:
    """Give the rows, with what holds for them together: no code twice, at least one."""
    seen: dict[str, int] = {}
    first_refusal: Refused | None = None
    for line_no, line in _lines(file):
        found = _row(line_no, line, known)
        if not isinstance(found, Refused):
            before = seen.setdefault(found.code, line_no)
            if before != line_no:
                found = _repeated(line_no, found.code, before)
        first_refusal = first_refusal or (found if isinstance(found, Refused) else None)
        yield found
    if first_refusal is None and not seen:
        _refuse_empty()
    if first_refusal is not None and not seen:
        raise InvalidError(
            "Tệp không có thủ tục nào đọc được. Dòng %(line)s: %(why)s",
            line=first_refusal.line_no,
            why=first_refusal.why,
        )


def _row(line_no: int, line: bytes | None, known: Mapping[str, str]) -> Found:
    if line is None:
        most = {"limit": LINE_LIMIT // 1024**2}
        return Refused(line_no, N_("Dòng dài quá %(limit)s MB."), most)
    mark = blake2b(EDITION + line, digest_size=16).hexdigest()
    if mark in known:
        return Same(line_no, known[mark], mark)
    named = ""
    try:
        raw = _object(line)
        named = "".join(str(raw.get("ma_thu_tuc") or "").split())[:CODE_LIMIT]
        return read_row(line_no, raw, mark)
    except UnreadableError as error:
        return Refused(line_no, error.sentence, error.values, named=named)


def _object(line: bytes) -> dict[str, object]:
    """Return what a line says as JSON.

    Raises:
        UnreadableError: it is no JSON object.

    """
    try:
        raw = json.loads(line.decode(), parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise UnreadableError("Dòng không phải là chữ theo bảng mã UTF-8.") from None
    except (ValueError, RecursionError):
        raise UnreadableError("Dòng không phải là JSON hoặc bị cắt cụt.") from None
    if not isinstance(raw, dict):
        raise UnreadableError("Dòng không phải là một đối tượng JSON của một thủ tục.")
    return raw


def _repeated(line_no: int, code: str, before: int) -> Refused:
    return Refused(
        line_no,
        N_("Mã %(code)s đã có ở dòng %(line)s của tệp."),
        {"code": code, "line": before},
        code,
        doubt(DoubtKind.CODE_TWICE, "code", code),
    )


def _lines(file: BinaryIO | gzip.GzipFile) -> Iterator[tuple[int, bytes | None]]:
    """Give number and bytes of each line that is not blank; None for one that is too long."""
    total = 0
    for line_no, chunk in enumerate(_chunks(file), 1):
        if line_no == 1:
            _refuse_foreign(chunk)
        total += len(chunk)
        if line_no > LINES_LIMIT:
            raise InvalidError(
                "Tệp có hơn %(most)s dòng; hãy chia thành nhiều tệp.", most=LINES_LIMIT
            )
        if total > TOTAL_LIMIT:
            raise InvalidError("Tệp lớn quá 1 GB sau khi giải nén; hãy chia thành nhiều tệp.")
        too_long = len(chunk) > LINE_LIMIT
        line = chunk.removeprefix(b"\xef\xbb\xbf").strip()
        if too_long:
            total += _skip_line(file, TOTAL_LIMIT - total)
            yield line_no, None
        elif line:
            yield line_no, line


def _chunks(file: BinaryIO | gzip.GzipFile) -> Iterator[bytes]:
    """Give lines, cut where they are too long."""
    while True:
        line = _readline(file)
        if not line:
            return
        yield line


def _skip_line(file: BinaryIO | gzip.GzipFile, most: int) -> int:
    """Read to the end of a line without keeping it; return how many bytes that took."""
    skipped = 0
    while skipped <= most:
        rest = _readline(file)
        skipped += len(rest)
        if not rest or rest.endswith(b"\n"):
            break
    return skipped


def _readline(file: BinaryIO | gzip.GzipFile) -> bytes:
    try:
        return file.readline(LINE_LIMIT + 1)
    except EOFError as error:
        raise InvalidError("Tệp nén bị cắt cụt; hãy tải lại tệp.") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise InvalidError("Tệp nén bị hỏng; hãy tải lại tệp.") from error


def _refuse_foreign(chunk: bytes) -> None:
    """Refuse what is no JSON Lines at all by how it begins."""
    head = chunk[:_PEEK]
    if head.startswith(b"PK"):
        raise InvalidError(
            "Tệp là ZIP hoặc Excel; cần tệp JSON Lines (.jsonl hoặc .jsonl.gz) của danh mục."
        )
    if b"\0" in head or head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise InvalidError(
            "Tệp không phải là văn bản UTF-8; cần tệp JSON Lines (.jsonl hoặc .jsonl.gz)."
        )


def _refuse_empty() -> NoReturn:
    raise InvalidError("Tệp không có dòng nào; hãy tải lại tệp từ danh mục.")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
