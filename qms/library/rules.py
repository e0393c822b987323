"""What a file of the library means as a revision, and the other way round."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from qms.documents.kinds.fee import FeeSchedule
from qms.documents.kinds.procedure import Procedure
from qms.documents.kinds.text import Genre, WrittenText
from qms.documents.price_checks import clashes
from qms.documents.rules import Audience, RevisionText, Scope
from qms.errors import InvalidError
from qms.library.format import LibraryFile, file_name
from qms.library.masterlist import Row
from qms.units.rules import Level
from qms.vietnamese import day

_LEVEL: Final = "level:"
_NATIONAL_CODE: Final = re.compile(r"\d\.\d{6}(?:\.\d\d)?(?:\.\d{3}\.\d\d\.\d\d\.[A-Z]\d\d)?")
"""Source: QCVN 102:2016/BTTTT, with the extension of an office."""


@dataclass(frozen=True)
class Source:
    """A file of the library and where it was read; ``blank`` is the file of a form beside it."""

    name: str
    file: LibraryFile
    blank: Path | None = None


def revision_text(source: Source) -> RevisionText:
    """Return the revision that a file describes.

    Raises:
        InvalidError: its scope names a level there is none of.

    """
    file = source.file
    units = file.scope if isinstance(file.scope, tuple) else ()
    scope, level = Scope.UNITS if units else Scope.OWNER, None
    if isinstance(file.scope, str) and file.scope.startswith(_LEVEL):
        word = file.scope.removeprefix(_LEVEL)
        if word not in set(Level):
            raise InvalidError(
                "Tệp %(file)s, khóa “scope”: không có cấp “%(level)s”. Các cấp là %(levels)s.",
                file=source.name,
                level=word,
                levels=", ".join(each.value for each in Level),
            )
        scope, level = Scope.LEVEL, Level(word)
    return RevisionText(
        title=file.title,
        content=file.content,
        issue_no=file.issue,
        amendment_no=file.amendment,
        scope=scope,
        scope_level=level,
        scope_units=units,
        audience=Audience(file.audience),
        review_months=file.review_months,
        retention=file.retention,
        summary=file.summary,
        why=file.reason,
    )


def library_file(kind: str, code: str, text: RevisionText) -> LibraryFile:
    """Return the file that describes a revision."""
    scope: str | tuple[str, ...] = "owner"
    if text.scope is Scope.UNITS:
        scope = tuple(sorted(text.scope_units))
    elif text.scope_level is not None:
        scope = f"{_LEVEL}{text.scope_level.value}"
    return LibraryFile(
        kind=kind,
        code=code,
        title=text.title,
        content=cast("Procedure | WrittenText", text.content),
        issue=text.issue_no,
        amendment=text.amendment_no,
        scope=scope,
        audience=text.audience.value,
        review_months=text.review_months,
        retention=text.retention,
        summary=text.summary,
        reason=text.why,
    )


def check_library(sources: Sequence[Source]) -> None:
    """Refuse files that claim the same document or place, and prices that contradict each other.

    Raises:
        InvalidError: one part for each such file.

    """
    seen: dict[str, str] = {}
    faults = [
        InvalidError(
            "Tệp %(file)s: mã %(code)s trùng với tệp %(other)s. Hãy giữ một.",
            file=source.name,
            code=source.file.code,
            other=first,
        )
        for source in sources
        if (first := seen.setdefault(file_name(source.file).casefold(), source.name))
        != source.name
    ]
    faults += [
        InvalidError("Tệp %(file)s: %(why)s", file=source.name, why=why)
        for source in sources
        if isinstance(source.file.content, FeeSchedule)
        for _, _, why in clashes(source.file.content.lines)
    ]
    refuse_all(faults)


def refuse_all(faults: Iterable[InvalidError]) -> None:
    """Refuse with all faults at once, if there are any.

    Raises:
        InvalidError: its parts are the faults.

    """
    if found := list(faults):
        raise InvalidError(
            "Chưa nhập gì: có %(count)s chỗ cần sửa.", count=len(found), parts=found
        )


def listed_text(row: Row) -> tuple[str, RevisionText]:
    """Return kind and text of a document that only the office's list names; its body is empty."""
    content: Procedure | WrittenText = WrittenText(genre=Genre.PROCEDURE)
    if _NATIONAL_CODE.fullmatch(row.code):
        content = Procedure()
    text = RevisionText(
        title=row.title,
        content=content,
        issue_no=row.issue or 1,
        amendment_no=row.amendment or 0,
        audience=Audience.INTERNAL,
        review_months=None,
        why=listed_reason(row),
    )
    return content.kind, text


def listed_reason(row: Row) -> str:
    """Say by which decision a listed document came into force."""
    if not row.number:
        return "Nhập từ danh mục tài liệu của cơ quan."
    dated = f" ngày {day(row.dated)}" if row.dated else ""
    return f"Theo Quyết định số {row.number}{dated}."
