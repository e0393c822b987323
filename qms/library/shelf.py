"""The library as files in a folder."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from qms import files
from qms.blanks import inspection, intake
from qms.blanks.rules import ENDINGS
from qms.documents.kinds.form import FormBlank
from qms.errors import InvalidError, NotFoundError, QmsError
from qms.library.format import (
    LARGEST,
    PLACES,
    LibraryFile,
    blank_name,
    blank_of,
    file_name,
    parse,
    written,
)
from qms.library.rules import Source, check_library, refuse_all

DOCUMENT_ENDINGS: Final = frozenset({place.ending for place in PLACES.values()} | {".yml"})
BLANK_ENDINGS: Final = frozenset(ENDINGS.values())
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
                file = parse(name, opened.read(LARGEST + 1))
            sources.append(Source(name, file))
        except InvalidError as fault:
            faults.append(fault)
    sources = _with_blanks(root, sources, faults)
    refuse_all(faults)
    check_library(sources)
    return sources


def write(root: Path, found: Iterable[LibraryFile]) -> Iterator[str]:
    """Write files below ``root`` and give their names; what is equal is left untouched.

    Raises:
        InvalidError: two documents would lie in one file, or ``root`` is no folder.

    """
    if root.exists() and not root.is_dir():
        raise InvalidError("%(path)s không phải là thư mục.", path=str(root))
    seen: dict[str, str] = {}
    for file in found:
        name = file_name(file)
        other = seen.setdefault(name.casefold(), file.code)
        if other != file.code:
            raise InvalidError(
                "Mã %(code)s và mã %(other)s cùng ghi vào tệp %(file)s; chưa xuất được.",
                code=file.code,
                other=other,
                file=name,
            )
        yield _put(root, name, written(file))
        if blank := blank_of(file):
            yield _put(root, blank_name(file), files.get(blank.sha256))


def left_over(root: Path, kept: Iterable[str]) -> list[str]:
    """Return the documents and forms below ``root`` that are not among the names ``kept``."""
    try:
        found = paths(root)
    except QmsError:
        return []
    blanks = (root / PLACES["form"].folder).glob("*")
    found += sorted(path for path in blanks if path.suffix in BLANK_ENDINGS)
    names = set(kept)
    return [name for path in found if (name := path.relative_to(root).as_posix()) not in names]


def _put(root: Path, name: str, data: bytes) -> str:
    """Write a file whole, unless it is there already; return its name."""
    path = root / name
    if not path.is_file() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.new")
        beside.write_bytes(data)
        beside.replace(path)
    return name


def _with_blanks(
    root: Path, sources: Sequence[Source], faults: list[InvalidError]
) -> list[Source]:
    """Return forms with the files that lie beside their texts, looked into; others as they are."""
    beside: dict[str, Path] = {}
    for source in sources:
        try:
            if blank := _beside(root, source):
                beside[source.name] = blank
        except InvalidError as fault:
            faults.append(fault)
    verdicts = dict(zip(beside, inspection.inspect_all(list(beside.values())), strict=True))
    found = []
    for source in sources:
        verdict = verdicts.get(source.name)
        if isinstance(verdict, str):
            found.append(_with_blank(source, beside[source.name], verdict, faults))
        else:
            found.append(source)
        if isinstance(verdict, InvalidError):
            name = beside[source.name].name
            faults.append(InvalidError("Tệp %(file)s: %(why)s", file=name, why=verdict))
    return found


def _beside(root: Path, source: Source) -> Path | None:
    """Return the file that lies beside the text of a form.

    Raises:
        InvalidError: there are several, or none though the text tells its name.

    """
    if not isinstance(source.file.content, FormBlank):
        return None
    path = root if root.is_file() else root / source.name
    found = [
        each for ending in ENDINGS.values() if (each := path.with_suffix(ending)).is_file()
    ]
    if len(found) > 1 or (source.file.file_name and not found):
        raise InvalidError(
            "Tệp %(file)s: cạnh nó phải có đúng một tệp biểu mẫu mang cùng tên (%(endings)s).",
            file=source.name,
            endings=", ".join(ENDINGS.values()),
        )
    return found[0] if found else None


def _with_blank(
    source: Source, blank: Path, media_type: str, faults: list[InvalidError]
) -> Source:
    ref = intake.told(blank, source.file.file_name or blank.name, media_type)
    if blank.suffix != ENDINGS[media_type]:
        faults.append(
            InvalidError(
                "Tệp %(file)s thật ra là %(ending)s. Hãy đổi tên cho đúng.",
                file=blank.name,
                ending=ENDINGS[media_type],
            )
        )
    content = source.file.content.model_copy(update={"file": ref})
    return replace(source, file=replace(source.file, content=content), blank=blank)


def _is_document(path: Path, root: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
    readme = path.stem.upper() == "README"
    return path.suffix in DOCUMENT_ENDINGS and not hidden and not readme and path.is_file()
