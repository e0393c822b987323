"""One file a document: YAML, or YAML before a Markdown body. Read strictly, written one way."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from qms.blanks.rules import ENDINGS, handed_name
from qms.documents.kinds.base import Content, Line, Text
from qms.documents.kinds.form import FormBlank
from qms.documents.kinds.parts import FileRef
from qms.documents.kinds.procedure import Procedure
from qms.documents.kinds.registry import KINDS
from qms.errors import InvalidError
from qms.library import yamls
from qms.library.faults import refusal
from qms.text import nfc

LARGEST: Final = 1_048_576
"""Bytes a file may have."""
FENCE: Final = "---\n"


class Place(NamedTuple):
    """Where files of a kind lie and how they end."""

    folder: str
    ending: str


PLACES: Final[Mapping[str, Place]] = {
    "procedure": Place("tthc", ".yaml"),
    "process": Place("quy-trinh", ".yaml"),
    "fee": Place("phi", ".yaml"),
    "form": Place("bieu-mau", ".yaml"),
    "legal": Place("phap-luat", ".yaml"),
    "text": Place("iso", ".md"),
}
BODY: Final[Mapping[str, str]] = {"text": "body"}
"""The part of a kind that stands as Markdown after the front matter."""

_Code = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
_Title = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
_Scope = Annotated[str, StringConstraints(pattern=r"^(owner|level:[a-z][a-z0-9-]*)$")]
_Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


@dataclass(frozen=True)
class LibraryFile:
    """A document as a file says it: what a revision has besides its decision."""

    kind: str
    code: str
    title: str
    content: Content
    issue: int = 1
    amendment: int = 0
    scope: str | tuple[str, ...] = "owner"
    audience: str = "internal"
    review_months: int | None = None
    retention: str = ""
    summary: str = ""
    reason: str = ""
    file_name: str = ""
    """Under which name the file beside it is handed out, where that is another name."""

    @property
    def status(self) -> str:
        """Return ``repealed`` for a procedure the library keeps though it is abolished."""
        return self.content.status if isinstance(self.content, Procedure) else ""


class _Head(BaseModel):
    """The keys that every file may have."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["procedure", "process", "fee", "form", "text", "legal"]
    code: _Code
    title: _Title
    issue: int = Field(default=1, ge=1, le=999)
    amendment: int = Field(default=0, ge=0, le=999)
    scope: _Scope | Annotated[tuple[_Slug, ...], Field(min_length=1)] = "owner"
    audience: Literal["public", "internal", "restricted"]
    review_months: int | None = Field(default=None, ge=1, le=120)
    retention: Line = ""
    summary: Text = ""
    reason: Text = ""


_ALWAYS: Final = ("kind", "code", "title", "issue", "amendment", "scope", "audience")


def parse(name: str, data: bytes) -> LibraryFile:
    """Return the document that the file ``name`` holds.

    Raises:
        InvalidError: the sentence names the file, the key and how to mend it.

    """
    text = _text(name, data)
    tree = _tree(name, text)
    file_name = _file_name(name, tree) if tree.get("kind") == "form" else ""
    head_tree = {key: value for key, value in tree.items() if key in _Head.model_fields}
    rest = {key: value for key, value in tree.items() if key not in _Head.model_fields}
    try:
        head = _Head.model_validate(head_tree)
        content = KINDS[head.kind].model_validate({**rest, "kind": head.kind})
    except ValidationError as error:
        known = (*_Head.model_fields, *_content_keys(str(tree.get("kind", ""))))
        raise refusal(name, error, known) from error
    said = dict(head)
    if isinstance(head.scope, tuple):
        said["scope"] = tuple(sorted(set(head.scope)))
    return LibraryFile(content=content, file_name=file_name, **said)


def written(file: LibraryFile) -> bytes:
    """Return the one spelling of ``file``; reading it gives ``file`` again."""
    head = {
        key: _plain(getattr(file, key))
        for key, field in _Head.model_fields.items()
        if key in _ALWAYS or getattr(file, key) != field.default
    }
    content = file.content.model_dump(by_alias=True, exclude_defaults=True)
    blank = blank_of(file)
    if blank is not None:
        content["file"] = blank.name
        if blank.name == Path(blank_name(file)).name:
            del content["file"]
    body = content.pop(BODY.get(file.kind, ""), "")
    keys = {key: _plain(value) for key, value in content.items()}
    text = yamls.written(head | keys)
    if file.kind in BODY:
        text = f"{FENCE}{text}{FENCE}\n{body}\n"
    return text.encode()


def file_name(file: LibraryFile) -> str:
    """Return the path inside the library: a folder for the kind, the code as the name."""
    place = PLACES[file.kind]
    return f"{place.folder}/{_safe(file.code)}{place.ending}"


def blank_of(file: LibraryFile) -> FileRef | None:
    """Return the file of a form."""
    return file.content.file if isinstance(file.content, FormBlank) else None


def blank_name(file: LibraryFile) -> str:
    """Return the path of the file of a form: beside its text, ending as what it is."""
    blank = blank_of(file)
    ending = ENDINGS[blank.media_type] if blank else ""
    return f"{PLACES[file.kind].folder}/{_safe(file.code)}{ending}"


def _file_name(name: str, tree: dict[str, yamls.Tree]) -> str:
    """Take the name of a form's file out of a tree."""
    said = tree.pop("file", "")
    ending = Path(said).suffix if isinstance(said, str) else ""
    types = [each for each, known in ENDINGS.items() if known == ending]
    if said == "" or (types and handed_name(str(said), types[0]) == said):
        return str(said)
    raise InvalidError(
        "Tệp %(file)s, khóa “file”: hãy ghi tên tệp biểu mẫu, không kèm thư mục, ví dụ"
        " “Tờ khai.docx”.",
        file=name,
    )


def _text(name: str, data: bytes) -> str:
    if len(data) > LARGEST:
        raise InvalidError(
            "Tệp %(file)s lớn hơn 1 MB. Mỗi văn bản một tệp; hãy tách bớt.", file=name
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidError(
            "Tệp %(file)s không phải chữ Unicode (UTF-8). Hãy lưu lại với mã UTF-8.", file=name
        ) from error
    text = re.sub("\r\n?", "\n", text)
    for number, line in enumerate(text.split("\n"), 1):
        if any(unicodedata.category(letter) == "Cc" and letter != "\t" for letter in line):
            raise InvalidError(
                "Tệp %(file)s, dòng %(line)s có ký tự điều khiển. Hãy xóa ký tự đó.",
                file=name,
                line=number,
            )
    return unicodedata.normalize("NFC", text)


def _tree(name: str, text: str) -> dict[str, yamls.Tree]:
    if not text.startswith(FENCE):
        return yamls.read(name, text)
    front, fence, body = text.removeprefix(FENCE).partition(f"\n{FENCE}")
    if not fence:
        raise InvalidError(
            "Tệp %(file)s thiếu dòng “---” kết thúc phần đầu, trước nội dung Markdown.",
            file=name,
        )
    tree = yamls.read(name, front)
    key = BODY.get(str(tree.get("kind", "")))
    if key is None:
        raise InvalidError(
            "Tệp %(file)s: loại văn bản này không có phần Markdown; hãy bỏ các dòng “---”.",
            file=name,
        )
    return {**tree, key: nfc(body.removeprefix("\n").removesuffix("\n"))}


def _content_keys(kind: str) -> tuple[str, ...]:
    fields = KINDS[kind].model_fields if kind in KINDS else Content.model_fields
    return tuple(field.alias or key for key, field in fields.items())


def _plain(value: object) -> yamls.Value:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, str | int | date):
        return value
    raise TypeError(f"{type(value).__name__} does not stand in a file.")


def _safe(code: str) -> str:
    return re.sub(r"[^\w.-]+", "-", code).strip(".-") or "-"
