"""The folder of static pages: what we wrote there, and how it becomes another without a gap.

New files are made beside the old ones, in a folder of their own. Only when all are there do
they take their places, each at once; then what left is removed. The list of what we wrote
says beforehand what is coming, so that whatever stops us the next run knows what is ours.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from qms.digests import digest
from qms.errors import RefusedError
from qms.static_board import rules

MANIFEST: Final = "board.manifest.json"
STAGE: Final = ".board-new"
FORMAT: Final = 1


@dataclass(frozen=True)
class Entry:
    """A file of ours: its digest, what it depends on, the days it is true for, search words."""

    sha256: str
    key: str = ""
    first: date | None = None
    last: date | None = None
    words: str = ""

    def stands(self, key: str, on: date) -> bool:
        """Tell whether it would be made the same again."""
        begun = self.first is None or self.first <= on
        return (
            bool(key) and self.key == key and begun and (self.last is None or on <= self.last)
        )


@dataclass
class Folder:
    """A folder under our lock."""

    root: Path
    old: Mapping[str, Entry]
    pending: Mapping[str, str]
    new: dict[str, Entry] = field(default_factory=dict)
    before: dict[str, Entry] = field(default_factory=dict)
    staged: set[str] = field(default_factory=set)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    kept_back: list[str] = field(default_factory=list)

    def again(self) -> None:
        """Begin once more; what was made already is looked at like what stands."""
        self.before |= self.new
        self.new = {}

    def entry(self, path: str) -> Entry | None:
        """Return what is known of a file of ours."""
        return self.before.get(path) or self.old.get(path)

    def kept(self, path: str) -> bytes | None:
        """Return a file of ours as we wrote it; None where it is no longer that."""
        entry = self.entry(path)
        data = self._read(f"{STAGE}/{path}" if path in self.staged else path)
        return data if data is not None and entry and digest(data) == entry.sha256 else None

    def keep(self, path: str) -> None:
        """Let a file stand as it is."""
        entry = self.entry(path)
        if entry:
            self.new[path] = entry

    def put(self, path: str, data: bytes, entry: Entry) -> None:
        """Take a file in; where the same bytes stand already nothing is touched."""
        self.new[path] = entry
        if (path in self.old or path in self.pending) and self._read(path) == data:
            self.staged.discard(path)
            return
        place = self.root / STAGE / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        self.staged.add(path)

    def settle(self) -> None:
        """Put everything into its place, remove what left, and write down what is ours."""
        gone = sorted({*self.old, *self.pending} - self.new.keys())
        self.staged &= self.new.keys()
        for path in sorted(self.staged):
            self._check_free(path)
        if self.staged or gone:
            coming = {path: self.new[path].sha256 for path in self.staged}
            self._write_list(self.old, {**self.pending, **coming})
        # A page nobody leads to yet may wait for its fellow; one that is read already may not.
        for path in sorted(self.staged, key=lambda p: (p in self.old, *_pages_last(p))):
            place = self.root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            (self.root / STAGE / path).replace(place)
            self.changed.append(path)
        for path in gone:
            self._remove(path)
        self._write_list(self.new, {})

    def _remove(self, path: str) -> None:
        data = self._read(path)
        if data is None:
            return
        written = {self.old[path].sha256} if path in self.old else set()
        if digest(data) not in written | {self.pending.get(path)}:
            self.kept_back.append(path)
            return
        place = self.root / path
        place.unlink()
        self.removed.append(path)
        for folder in place.parents:
            if folder == self.root:
                return
            try:
                folder.rmdir()
            except OSError:
                return

    def _check_free(self, path: str) -> None:
        """Refuse to write through a link, or over a file that is not ours."""
        place = self.root / path
        for folder in reversed(place.relative_to(self.root).parents[:-1]):
            at = self.root / folder
            if at.is_symlink() or (at.exists() and not at.is_dir()):
                raise RefusedError(
                    "%(path)s không phải là thư mục do lệnh này tạo. Hãy chuyển đi rồi chạy lại.",
                    path=str(at),
                )
        ours = path in self.old or path in self.pending
        if place.is_symlink() or place.is_dir() or (place.exists() and not ours):
            raise RefusedError(
                "%(path)s không phải do lệnh này viết nên không ghi đè. Hãy chuyển đi rồi chạy lại.",
                path=str(place),
            )

    def _read(self, path: str) -> bytes | None:
        """Return the bytes of a plain file that no link leads to."""
        place = self.root / path
        if any((self.root / each).is_symlink() for each in _way(path)):
            return None
        try:
            return place.read_bytes() if place.is_file() else None
        except OSError:
            return None

    def _write_list(self, files: Mapping[str, Entry], pending: Mapping[str, str]) -> None:
        said: dict[str, Any] = {
            "format": FORMAT,
            "files": {path: _told(entry) for path, entry in files.items()},
        }
        if pending:
            said["pending"] = dict(pending)
        data = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        place, draft = self.root / MANIFEST, self.root / STAGE / MANIFEST
        if self._read(MANIFEST) == data.encode():
            return
        draft.parent.mkdir(exist_ok=True)
        with draft.open("wb") as file:
            file.write(data.encode())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(place)


@contextmanager
def locked(root: Path) -> Iterator[Folder]:
    """Lend a folder that is new, empty, or was written by us before.

    Raises:
        RefusedError: it is none of these, or another export is writing it.

    """
    with _in_a_sentence(root):
        root.mkdir(parents=True, exist_ok=True)
        root = root.resolve()
        handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RefusedError(
                "Một lần xuất khác đang ghi vào %(path)s. Hãy chờ lần đó xong.", path=str(root)
            ) from error
        with _in_a_sentence(root):
            found = _opened(root)
            try:
                yield found
            finally:
                _clear(root)
    finally:
        os.close(handle)


def _opened(root: Path) -> Folder:
    place = root / MANIFEST
    if not os.path.lexists(place):
        if any(each.name != STAGE for each in root.iterdir()):
            raise RefusedError(
                "Thư mục %(path)s có tệp không phải của bảng niêm yết. Hãy chọn thư mục trống.",
                path=str(root),
            )
        _clear(root)
        return Folder(root, {}, {})
    try:
        files, pending = _list(place)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RefusedError(
            "Không đọc được %(path)s nên không biết tệp nào do lệnh này viết. "
            "Hãy xuất vào một thư mục trống.",
            path=str(place),
        ) from error
    _clear(root)
    return Folder(root, files, pending)


def _list(place: Path) -> tuple[dict[str, Entry], dict[str, str]]:
    """Read what we wrote down; a path in it that leads elsewhere is nobody's honest mistake."""
    if place.is_symlink():
        raise ValueError(place)
    said = json.loads(place.read_bytes())
    files = {path: _entry(told) for path, told in said["files"].items()}
    pending = {str(path): str(sha256) for path, sha256 in said.get("pending", {}).items()}
    if said["format"] != FORMAT or not all(map(rules.safe, (*files, *pending))):
        raise ValueError(said["format"])
    return files, pending


def _clear(root: Path) -> None:
    """Remove what was made beside, also by a run that was stopped."""
    stage = root / STAGE
    if stage.is_symlink():
        stage.unlink()
    shutil.rmtree(stage, ignore_errors=True)


@contextmanager
def _in_a_sentence(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RefusedError(
            "Không ghi được vào %(path)s: %(why)s", path=str(root), why=error.strerror or error
        ) from error


def _told(entry: Entry) -> dict[str, str]:
    said = {"sha256": entry.sha256, "key": entry.key, "words": entry.words}
    said |= {name: str(getattr(entry, name) or "") for name in ("first", "last")}
    return {name: value for name, value in said.items() if value}


def _entry(told: Mapping[str, str]) -> Entry:
    first, last = (
        date.fromisoformat(told[name]) if name in told else None for name in ("first", "last")
    )
    return Entry(str(told["sha256"]), told.get("key", ""), first, last, told.get("words", ""))


def _way(path: str) -> Iterator[str]:
    names = path.split("/")
    yield from ("/".join(names[:end]) for end in range(1, len(names) + 1))


def _pages_last(path: str) -> tuple[int, int, str]:
    """Order files so that a page comes after all it leads to, and the board's own word last."""
    page = path.endswith(rules.START)
    return (2 if path == rules.BOARD else int(page), -path.count("/"), path)
