"""File bytes, named by their SHA-256 and written once; and prints kept under a name.

The only place that knows where bytes lie: a folder or an S3 bucket.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from flask import Flask, current_app
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.exceptions import NotFoundError as Missing
from obstore.store import LocalStore, ObjectStore, from_url

from qms.digests import DIGITS, digest
from qms.errors import BusyError, InvalidError, NotFoundError

if TYPE_CHECKING:
    from obstore.store import RetryConfig

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_NAME: Final = re.compile(r"(?=.{1,200}\Z)[a-z0-9-]+([./][a-z0-9-]+)*")
_EXTENSION: Final = "qms_files"
_RETRIES: Final["RetryConfig"] = {"max_retries": 3, "retry_timeout": timedelta(seconds=10)}
"""How patient a request is with a store that does not answer; obstore would wait minutes."""


@dataclass(frozen=True)
class Store:
    """Where bytes lie; ``folder`` is set when that is a folder of this machine."""

    objects: ObjectStore
    folder: Path | None


def put(data: bytes) -> str:
    """Keep bytes for ever and return their SHA-256; the same bytes again change nothing.

    Raises:
        BusyError: the store does not answer, or holds something else under this name.

    """
    name = digest(data)
    if not _write(_place(name), data):
        get(name)
    return name


def get(sha256: str) -> bytes:
    """Return the bytes with this SHA-256, proven on the way.

    Raises:
        NotFoundError: there are none.
        BusyError: the store does not answer, or what lies there is not what was put there.

    """
    data = _read(_place(sha256)) if _SHA256.fullmatch(sha256) else None
    if data is None:
        raise NotFoundError("Không có tệp này.")
    if digest(data) != sha256:
        raise BusyError("Tệp lưu trữ không còn nguyên vẹn. Hãy báo quản trị hệ thống.")
    return data


def keep(name: str, data: bytes) -> None:
    """Keep a print that can be made again under a name; the first whole one stays."""
    sealed = digest(data).encode("ascii") + data
    if not _write(_kept(name), sealed) and kept(name) is None:
        _write(_kept(name), sealed, again=True)


def keep_later(name: str) -> Callable[[bytes], None]:
    """Return what keeps a print under a name from any thread."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's own way to hand it on

    def later(data: bytes) -> None:
        with app.app_context():
            keep(name, data)

    return later


def kept(name: str) -> bytes | None:
    """Return the print kept under a name; None if there is none or it is no longer whole."""
    sealed = _read(_kept(name)) or b""
    seal, data = sealed[:DIGITS], sealed[DIGITS:]
    return data if digest(data).encode("ascii") == seal else None


def names() -> set[str]:
    """Return the SHA-256 of everything kept for ever."""
    with _answering():
        listed = [each for batch in _store().objects.list("files") for each in batch]
    return {Path(each["path"]).name for each in listed}


def init_app(app: Flask) -> None:
    """Open the place that ``FILES_URL`` names.

    Raises:
        InvalidError: it names none.

    """
    url = str(app.config["FILES_URL"]) or Path(app.config["DATA_DIR"], "files").as_uri()
    try:
        app.extensions[_EXTENSION] = _folder(url) if url.startswith("file:") else _bucket(url)
    except (BaseError, ValueError, OSError) as error:
        raise InvalidError(
            "QMS_FILES_URL “%(url)s” không mở được. Hãy ghi file:///thư-mục hoặc s3://bucket.",
            url=url,
        ) from error


def _folder(url: str) -> Store:
    named = urlsplit(url)
    if named.netloc or not named.path.startswith("/"):
        raise ValueError(url)
    folder = Path(unquote(named.path))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Store(LocalStore(folder.resolve()), folder.resolve())


def _bucket(url: str) -> Store:
    if not url.startswith("s3://"):
        raise ValueError(url)
    return Store(from_url(url, retry_config=_RETRIES), None)


def _store() -> Store:
    found: Store = current_app.extensions[_EXTENSION]
    return found


def _place(sha256: str) -> str:
    return f"files/{sha256[:2]}/{sha256}"


def _kept(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"no name for a print: {name!r}")
    return f"prints/{name}"


def _write(path: str, data: bytes, *, again: bool = False) -> bool:
    """Write an object whole or not at all; tell whether it was, or another stood there."""
    store, new = _store(), True
    try:
        with _answering():
            store.objects.put(path, data, mode="overwrite" if again else "create")
    except AlreadyExistsError:
        new = False
    if store.folder is not None:
        _to_disk(store.folder / path, store.folder)
    return new


def _read(path: str) -> bytes | None:
    try:
        with _answering():
            return bytes(_store().objects.get(path).bytes())
    except (Missing, FileNotFoundError):
        return None


@contextmanager
def _answering() -> Iterator[None]:
    """Turn the many ways in which a store can fail into one sentence."""
    try:
        yield
    except (AlreadyExistsError, Missing):
        raise
    except BaseError as error:
        raise BusyError(
            "Kho tệp chưa trả lời. Chưa có gì thay đổi, xin thử lại sau."
        ) from error


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
