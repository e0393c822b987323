"""Taking a file in: on disk for a while, looked into, kept for ever under its SHA-256."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from qms import files
from qms.blanks import inspection
from qms.blanks.rules import LARGEST, handed_name
from qms.documents.kinds.parts import FileRef


@contextmanager
def received(stream: IO[bytes]) -> Iterator[Path]:
    """Lend the path of what a stream gives, up to a byte more than a file may have."""
    with tempfile.TemporaryDirectory(prefix="qms-") as folder:
        path = Path(folder, "file")
        with path.open("wb") as opened:
            left = LARGEST + 1
            while left and (chunk := stream.read(min(left, 1 << 16))):
                left -= opened.write(chunk)
        yield path


@contextmanager
def lent(data: bytes) -> Iterator[Path]:
    """Lend the path of bytes that are kept."""
    with tempfile.TemporaryDirectory(prefix="qms-") as folder:
        path = Path(folder, "file")
        path.write_bytes(data)
        yield path


def look(path: Path, name: str) -> FileRef:
    """Return what the file at ``path`` is, once a child has looked into it.

    Raises:
        InvalidError: it may not be kept; the sentence says how to mend it.

    """
    return told(path, name, inspection.inspect(path))


def told(path: Path, name: str, media_type: str) -> FileRef:
    """Return what is told of a file that was looked into."""
    with path.open("rb") as opened:
        sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
    return FileRef(
        sha256=sha256,
        name=handed_name(name, media_type),
        media_type=media_type,
        size=path.stat().st_size,
    )


def keep(path: Path, ref: FileRef) -> None:
    """Keep the bytes, exactly; called before the transaction that names them."""
    data = path.read_bytes()
    if files.put(data) != ref.sha256:
        raise OSError(f"{path} changed while it was taken in")
