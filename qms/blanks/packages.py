"""Looking into a package: docx, xlsx and odt are zip archives of XML. Pure over a path."""

import re
import stat
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from qms.blanks.rules import DOCX, ODT, XLSX
from qms.errors import N_, InvalidError

MOST_ENTRIES: Final = 2_000
MOST_UNPACKED: Final = 200 << 20
MOST_RATIO: Final = 100
RATIO_FROM: Final = 1 << 20
"""Bytes from which on a part may no longer be packed arbitrarily tightly."""
LARGEST_DIRECTORY: Final = 1 << 20
"""Bytes of the list of contents; 2,000 ordinary names need a fifth of it."""
CHUNK: Final = 1 << 16

_END: Final = b"PK\x05\x06"
_END_SIZE: Final = 22
_LONGEST_REMARK: Final = 0xFFFF
_ENCRYPTED: Final = 0x1
_OLE: Final = b"\xd0\xcf\x11\xe0"
_ARCHIVES: Final = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_ARCHIVE_NAMES: Final = re.compile(
    r"\.(zip|rar|7z|gz|bz2|xz|tar|jar|docx|docm|xlsx|xlsm|pptx|odt|ods)$", re.IGNORECASE
)
_MACRO_NAMES: Final = re.compile(
    r"(^|/)(vbaproject|vbadata|activex\d*)[^/]*$|(^|/)activex/|^(basic|scripts)/",
    re.IGNORECASE,
)
_MACRO_TYPES: Final = re.compile(
    r"vbaproject|macroenabled|activex|attachedtoolbars", re.IGNORECASE
)
_EMBEDDED: Final = frozenset({"oleobject", "package", "control", "afchunk", "connections"})
_DTD: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_FIELDS: Final = frozenset({"instrText", "fldSimple", "f"})
_FIELD: Final = re.compile(rb"instrText|fldSimple|ddeLink|<(?:\w+:)?f[ >]")
_DDE: Final = re.compile(r"\bDDE(?:AUTO)?\b|\|\s*['\"]", re.IGNORECASE)
_MAIN: Final = {f"{DOCX}.main+xml": DOCX, f"{XLSX}.main+xml": XLSX}
_OUTSIDE: Final = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//|\\\\|/)", re.IGNORECASE)
_ODF_XML: Final = frozenset({"content.xml", "styles.xml", "META-INF/manifest.xml"})

MACROS: Final = N_(
    "Tệp có macro (đoạn lệnh tự chạy): %(part)s. Hãy mở tệp, chọn Lưu thành dạng .docx, .xlsx"
    " hoặc .odt không có macro rồi gửi lại."
)
OUTSIDE: Final = N_(
    "Tệp gọi mẫu hoặc dữ liệu từ nơi khác khi mở: %(target)s. Hãy chép nội dung sang một văn"
    " bản mới, chèn ảnh vào trong tệp, rồi lưu lại."
)
NESTED: Final = N_(
    "Tệp có tệp khác nhúng bên trong: %(part)s. Hãy bỏ phần nhúng, hoặc chuyển thành bảng,"
    " ảnh, rồi lưu lại."
)
DDE: Final = N_(
    "Tệp có trường lấy dữ liệu từ chương trình khác (DDE). Hãy đổi trường đó thành chữ thường"
    " rồi lưu lại."
)
LOCKED: Final = N_(
    "Tệp được đặt mật khẩu. Hãy bỏ mật khẩu trong Word hoặc LibreOffice rồi gửi lại."
)
DAMAGED: Final = N_(
    "Tệp bị hỏng: %(part)s. Hãy mở bằng Word hoặc LibreOffice, lưu lại rồi gửi."
)
TOO_MANY: Final = N_("Tệp nén quá nhiều phần (hơn %(most)s). Hãy lưu lại tệp cho gọn.")
BOMB: Final = N_(
    "Tệp bung ra quá lớn so với cỡ của nó (bom nén). Hãy mở tệp, bỏ phần thừa rồi lưu lại."
)
ODD_NAME: Final = N_(
    "Tệp có phần mang tên không được phép: %(part)s. Hãy mở bằng Word hoặc LibreOffice và lưu"
    " thành tệp mới."
)
UNKNOWN: Final = N_(
    "Tệp này không phải docx, odt, xlsx hay PDF (xét theo nội dung, không theo tên)."
    " Hãy mở tệp rồi lưu lại thành một trong các dạng đó."
)


BROKEN: Final = (
    *(BadZipFile, zlib.error, EOFError, OSError),
    *(NotImplementedError, UnicodeError),
)
"""How an archive shows that it is damaged, or packed in a way that nobody else reads."""


@dataclass
class _Found:
    """What was met while reading."""

    unpacked: int = 0
    main: str = ""


def media_type(path: Path) -> str:
    """Return what the package at ``path`` is, after looking at every part of it.

    Raises:
        InvalidError: it is none we take, damaged, or has something in it that acts.

    """
    _check_directory(path)
    try:
        with ZipFile(path) as package:
            return _looked_through(package, path.stat().st_size)
    except BROKEN as error:
        raise InvalidError(DAMAGED, part=str(error)[:80]) from error
    except expat.ExpatError as error:
        raise InvalidError(DAMAGED, part=f"XML, {error}"[:80]) from error


def _check_directory(path: Path) -> None:
    """Refuse an endless list of contents before anybody reads it into memory."""
    with path.open("rb") as opened:
        opened.seek(-min(path.stat().st_size, _END_SIZE + _LONGEST_REMARK), 2)
        tail = opened.read()
    end = tail.rfind(_END)
    if end < 0 or len(tail) - end < _END_SIZE:
        raise InvalidError(DAMAGED, part="zip")
    entries = int.from_bytes(tail[end + 10 : end + 12], "little")
    size = int.from_bytes(tail[end + 12 : end + 16], "little")
    if entries > MOST_ENTRIES or size > LARGEST_DIRECTORY:
        raise InvalidError(TOO_MANY, most=f"{MOST_ENTRIES:,}".replace(",", "."))


def _looked_through(package: ZipFile, packed: int) -> str:
    parts = package.infolist()
    _check_names(parts)
    found = _Found()
    odf = parts[0].filename == "mimetype" if parts else False
    if odf:
        found.main = _mimetype(package, parts[0])
    elif "[Content_Types].xml" not in package.NameToInfo:
        raise InvalidError(UNKNOWN)
    for part in parts:
        _check_part(package, part, found, odf=odf, packed=packed)
    if not found.main:
        raise InvalidError(UNKNOWN)
    return found.main


def _check_names(parts: list[ZipInfo]) -> None:
    if len(parts) > MOST_ENTRIES:
        raise InvalidError(TOO_MANY, most=f"{MOST_ENTRIES:,}".replace(",", "."))
    seen: set[str] = set()
    for part in parts:
        name = part.orig_filename.replace("\\", "/")
        shown = part.filename[-60:]
        if part.flag_bits & _ENCRYPTED:
            raise InvalidError(LOCKED)
        odd = name.startswith("/") or ":" in name or "\0" in name or ".." in name.split("/")
        if odd or name.casefold() in seen or stat.S_ISLNK(part.external_attr >> 16):
            raise InvalidError(ODD_NAME, part=shown)
        if part.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
            raise InvalidError(DAMAGED, part=shown)
        if _MACRO_NAMES.search(name):
            raise InvalidError(MACROS, part=shown)
        if _ARCHIVE_NAMES.search(name):
            raise InvalidError(NESTED, part=shown)
        seen.add(name.casefold())


def _mimetype(package: ZipFile, part: ZipInfo) -> str:
    if package.open(part).read(len(ODT) + 1) != ODT.encode():
        raise InvalidError(UNKNOWN)
    return ODT


def _check_part(
    package: ZipFile, part: ZipInfo, found: _Found, *, odf: bool, packed: int
) -> None:
    with closing(_counted(package, part, found, packed)) as chunks:
        first = next(chunks, b"")
        if first.startswith((_OLE, *_ARCHIVES)):
            raise InvalidError(NESTED, part=part.filename[-60:])
        if not part.filename.lower().endswith((".xml", ".rels")):
            for _ in chunks:
                pass
        elif _check_words(part.filename, first, chunks, found, odf=odf):
            with package.open(part) as opened:
                _check_fields(iter(lambda: opened.read(CHUNK), b""))


def _check_words(
    name: str, first: bytes, chunks: Iterator[bytes], found: _Found, *, odf: bool
) -> bool:
    """Look through a part of XML; tell whether it has fields to be read."""
    if first.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in first[:200]:
        raise InvalidError(DAMAGED, part=name[-60:])
    look = _reader(name, found, odf=odf)
    if look is not None:
        _parse(first, chunks, look)
        return False
    return sum(_has_fields(each) for each in _overlapping(first, chunks)) > 0


def _counted(package: ZipFile, part: ZipInfo, found: _Found, packed: int) -> Generator[bytes]:
    """Give the bytes of a part, counted as they come, whatever its head claims."""
    size = 0
    with package.open(part) as opened:
        while chunk := opened.read(CHUNK):
            size += len(chunk)
            found.unpacked += len(chunk)
            tight = size > RATIO_FROM and size > MOST_RATIO * max(part.compress_size, 1)
            if tight or found.unpacked > min(
                MOST_UNPACKED, max(MOST_RATIO * packed, RATIO_FROM)
            ):
                raise InvalidError(BOMB)
            yield chunk


def _overlapping(first: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Give pieces that each begin with the end of the one before, so that no word is cut."""
    yield first
    for chunk in chunks:
        yield first[-40:] + chunk
        first = chunk


def _has_fields(piece: bytes) -> bool:
    """Tell whether fields must be read; refuse a document type, by which entities are made."""
    if _DTD.search(piece):
        raise InvalidError(DAMAGED, part="DTD")
    return _FIELD.search(piece) is not None


Attributes = dict[str, str]
Look = Callable[[str, Attributes], None]


def _reader(name: str, found: _Found, *, odf: bool) -> Look | None:
    """Return what looks at the elements of a part, None where its words are enough."""
    if odf:
        return _look_odf if name in _ODF_XML else None
    if name == "[Content_Types].xml":
        return lambda _element, given: _look_type(given, found)
    return _look_relation if name.lower().endswith(".rels") else None


def _parse(first: bytes, chunks: Iterator[bytes], look: Look) -> None:
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.StartElementHandler = lambda name, given: look(
        name.rpartition(":")[2], {key.rpartition(":")[2]: said for key, said in given.items()}
    )
    _feed(parser, first, chunks)


def _check_fields(chunks: Iterator[bytes]) -> None:
    """Refuse fields and formulas that fetch from another program, however they are cut up."""
    parser, told, inside = expat.ParserCreate(), list[str](), list[str]()

    def begin(name: str, given: Attributes) -> None:
        local = name.rpartition(":")[2]
        if local == "ddeLink":
            raise InvalidError(DDE)
        if local in _FIELDS:
            inside.append(local)
            told.extend(said for key, said in given.items() if key.endswith("instr"))

    def end(name: str) -> None:
        if inside and name.rpartition(":")[2] == inside[-1]:
            inside.pop()

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = lambda words: told.append(words) if inside else None
    _feed(parser, b"", chunks)
    if _DDE.search("".join(told)):
        raise InvalidError(DDE)


def _feed(parser: expat.XMLParserType, first: bytes, chunks: Iterator[bytes]) -> None:
    parser.Parse(first, False)  # noqa: FBT003 - its signature
    for chunk in chunks:
        parser.Parse(chunk, False)  # noqa: FBT003 - its signature
    parser.Parse(b"", True)  # noqa: FBT003 - its signature


def _no_doctype(*_given: object) -> None:
    raise InvalidError(DAMAGED, part="DTD")


def _look_type(given: Attributes, found: _Found) -> None:
    said = given.get("ContentType", "")
    if _MACRO_TYPES.search(said):
        raise InvalidError(MACROS, part=given.get("PartName", said)[-60:])
    found.main = found.main or _MAIN.get(said, "")


def _look_relation(element: str, given: Attributes) -> None:
    if element != "Relationship":
        return
    kind = given.get("Type", "").rpartition("/")[2].lower()
    target = given.get("Target", "")
    if _MACRO_TYPES.search(kind):
        raise InvalidError(MACROS, part=target[-60:])
    if kind == "hyperlink":
        return
    outside = target.startswith(("//", "\\\\")) or re.match(
        r"[a-z][a-z0-9+.-]+:", target, re.IGNORECASE
    )
    if given.get("TargetMode", "").lower() == "external" or outside:
        raise InvalidError(OUTSIDE, target=target[:120])
    if kind in _EMBEDDED:
        raise InvalidError(NESTED, part=target[-60:])


def _look_odf(element: str, given: Attributes) -> None:
    if element == "encryption-data":
        raise InvalidError(LOCKED)
    if element in {"event-listener", "script"}:
        raise InvalidError(MACROS, part=element)
    if element.startswith("dde-"):
        raise InvalidError(DDE)
    if element in {"plugin", "applet", "floating-frame", "object-ole"}:
        raise InvalidError(NESTED, part=element)
    target = given.get("href", "")
    if element != "a" and _OUTSIDE.match(target):
        raise InvalidError(OUTSIDE, target=target[:120])
