"""File bytes, named by their SHA-256 and written once; and prints kept under a name.

The only place that knows where bytes lie: a folder or an S3 bucket.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flask import Flask, current_app
from obstore.exceptions import AlreadyExistsError
from obstore.exceptions import NotFoundError as Missing
from obstore.store import LocalStore, ObjectStore, from_url

from qms.digests import digest
from qms.errors import BusyError, NotFoundError

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9./-]{0,200}")
_EXTENSION: Final = "qms_files"


@dataclass(frozen=True)
class Store:
    """Where bytes lie; ``folder`` is set when that is a folder of this machine."""

    objects: ObjectStore
    folder: Path | None


def put(data: bytes) -> str:
    """Keep bytes for ever and return their SHA-256; the same bytes again change nothing."""
    name = digest(data)
    _write_once(_place(name), data)
    return name


def get(sha256: str) -> bytes:
    """Return the bytes with this SHA-256, proven on the way.

    Raises:
        NotFoundError: there are none, or what lies there is no longer what was put there.

    """
    if not _SHA256.fullmatch(sha256):
        raise NotFoundError("Không có tệp này.")
    data = _read(_place(sha256))
    if data is None:
        raise NotFoundError("Không có tệp này.")
    if digest(data) != sha256:
        raise BusyError("Tệp lưu trữ không còn nguyên vẹn. Hãy báo quản trị hệ thống.")
    return data


def keep(name: str, data: bytes) -> None:
    """Keep a print that can be made again under a name; the first one kept stays."""
    _write_once(_kept(name), data)


def kept(name: str) -> bytes | None:
    """Return the print kept under a name; None if there is none."""
    return _read(_kept(name))


def names() -> set[str]:
    """Return the SHA-256 of everything kept for ever."""
    return {
        Path(each["path"]).name for batch in _store().objects.list("files") for each in batch
    }


def init_app(app: Flask) -> None:
    """Open the place that ``FILES_URL`` names."""
    url = str(app.config["FILES_URL"])
    if not url or url.startswith("file://"):
        folder = Path(url.removeprefix("file://") or Path(app.config["DATA_DIR"]) / "files")
        folder.mkdir(parents=True, exist_ok=True)
        app.extensions[_EXTENSION] = Store(LocalStore(folder.resolve()), folder.resolve())
    else:
        app.extensions[_EXTENSION] = Store(from_url(url), None)


def _store() -> Store:
    found: Store = current_app.extensions[_EXTENSION]
    return found


def _place(sha256: str) -> str:
    return f"files/{sha256[:2]}/{sha256}"


def _kept(name: str) -> str:
    if not _NAME.fullmatch(name) or ".." in name:
        raise ValueError(f"no name for a print: {name!r}")
    return f"prints/{name}"


def _write_once(path: str, data: bytes) -> None:
    store = _store()
    try:
        store.objects.put(path, data, mode="create")
    except AlreadyExistsError:
        return
    if store.folder is not None:
        _to_disk(store.folder / path, store.folder)


def _read(path: str) -> bytes | None:
    try:
        return bytes(_store().objects.get(path).bytes())
    except (Missing, FileNotFoundError):
        return None


def _to_disk(path: Path, root: Path) -> None:
    """Make a new file and the folders that name it survive a power loss."""
    for each in (path, *path.parents):
        handle = os.open(each, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        if each == root:
            return
