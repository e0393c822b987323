"""The library as files in a folder."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from qms.errors import InvalidError, NotFoundError, QmsError
from qms.library.format import LARGEST, PLACES, LibraryFile, file_name, parse, written
from qms.library.rules import Source, check_library, refuse_all

ENDINGS: Final = frozenset({place.ending for place in PLACES.values()} | {".yml"})
MOST_FILES: Final = 5_000


def paths(root: Path) -> list[Path]:
    """Return the files of documents below ``root``, or ``root`` itself if it is one.

    Raises:
        NotFoundError: there is no such place.
        InvalidError: nothing there is a document, or too much is.

    """
    if not root.exists():
        raise NotFoundError("Không có tệp hoặc thư mục %(path)s.", path=str(root))
    if root.is_file():
        return [root]
    found = sorted(path for path in root.rglob("*") if _is_document(path, root))
    if not found:
        raise InvalidError("Thư mục %(path)s không có tệp .yaml hay .md nào.", path=str(root))
    if len(found) > MOST_FILES:
        raise InvalidError(
            "Thư mục %(path)s có hơn %(most)s tệp. Hãy nhập từng phần.",
            path=str(root),
            most=MOST_FILES,
        )
    return found


def read(root: Path, found: Iterable[Path]) -> list[Source]:
    """Return the documents in the files ``found`` below ``root``.

    Raises:
        InvalidError: one part for each file that can't be read.

    """
    sources: list[Source] = []
    faults: list[InvalidError] = []
    for path in found:
        name = path.name if path == root else path.relative_to(root).as_posix()
        try:
            with path.open("rb") as opened:
                sources.append(Source(name, parse(name, opened.read(LARGEST + 1))))
        except InvalidError as fault:
            faults.append(fault)
    refuse_all(faults)
    check_library(sources)
    return sources


def write(root: Path, files: Iterable[LibraryFile]) -> Iterator[str]:
    """Write files below ``root`` and give their names; what is equal is left untouched.

    Raises:
        InvalidError: two documents would lie in one file, or ``root`` is no folder.

    """
    if root.exists() and not root.is_dir():
        raise InvalidError("%(path)s không phải là thư mục.", path=str(root))
    seen: dict[str, str] = {}
    for file in files:
        name = file_name(file)
        other = seen.setdefault(name.casefold(), file.code)
        if other != file.code:
            raise InvalidError(
                "Mã %(code)s và mã %(other)s cùng ghi vào tệp %(file)s; chưa xuất được.",
                code=file.code,
                other=other,
                file=name,
            )
        data, path = written(file), root / name
        if not path.is_file() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(f".{path.name}.new")
            beside.write_bytes(data)
            beside.replace(path)
        yield name


def left_over(root: Path, kept: Iterable[str]) -> list[str]:
    """Return the documents below ``root`` that are not among the names ``kept``."""
    try:
        found = paths(root)
    except QmsError:
        return []
    names = set(kept)
    return [name for path in found if (name := path.relative_to(root).as_posix()) not in names]


def _is_document(path: Path, root: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
    readme = path.stem.upper() == "README"
    return path.suffix in ENDINGS and not hidden and not readme and path.is_file()
