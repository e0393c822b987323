"""Taking in what a Word file says: as Markdown, with what was left out named."""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import docx
import mammoth
from docx.oxml.ns import qn

from qms.documents import legacy
from qms.documents.html_markdown import clean, markdown
from qms.documents.legacy import Encoding, Font
from qms.errors import N_, InvalidError

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LARGEST: Final = 20 << 20
"""Bytes of the largest file that is read."""

LONGEST: Final = 6 << 20
"""Bytes of the longest text in a file, with its marks."""

UNREADABLE: Final = N_(
    "Không đọc được tệp Word này. Hãy mở bằng Word, lưu lại thành .docx rồi thử lại."
)
_UNREADABLE: Final = (
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, RecursionError),
)
_LETTERS: Final = 200_000
_NORMAL: Final = "docDefaults"


@dataclass(frozen=True)
class Left:
    """Something a file holds and a text here does not: a sentence with its number."""

    sentence: str
    count: int


@dataclass(frozen=True)
class Taken:
    """What a Word file says. ``unicode`` is the same with old fonts read as they were meant.

    ``html`` is what was meant, with its merged cells.
    """

    body: str
    unicode: str
    html: str
    encodings: tuple[Encoding, ...]
    left: tuple[Left, ...]


_LEFT: Final[Mapping[str, str]] = {
    "w:drawing": N_("%(count)s hình, sơ đồ"),
    "w:pict": N_("%(count)s hình, sơ đồ kiểu cũ"),
    "w:object": N_("%(count)s đối tượng nhúng"),
    "w:commentReference": N_("%(count)s nhận xét"),
    "w:del": N_("%(count)s chỗ đã xóa còn theo dõi"),
    "m:oMath": N_("%(count)s công thức"),
}
_HEADED: Final = N_("%(count)s đầu trang, chân trang có chữ")


def read(data: bytes) -> Taken:
    """Return what a Word file says.

    Raises:
        InvalidError: it is none, or too long for a text.

    """
    _check(data)
    try:
        opened = docx.Document(io.BytesIO(data))
        as_is = html = _html(data)
        found = _to_unicode(opened)
        if found:
            html = _html(_saved(opened))
        body, unicode = markdown(as_is), markdown(html) if found else ""
    except _UNREADABLE as error:
        raise InvalidError(UNREADABLE) from error
    if max(len(body), len(unicode)) > _LETTERS:
        raise InvalidError("Tệp dài quá 200.000 chữ cái. Hãy chia thành nhiều tệp.")
    return Taken(body, unicode, html, tuple(sorted(found)), tuple(_left_out(data)))


def _check(data: bytes) -> None:
    if len(data) > LARGEST:
        raise InvalidError("Tệp lớn quá 20 MB. Hãy bỏ bớt hình rồi thử lại.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            longest = max((i.file_size for i in package.infolist() if _is_text(i)), default=0)
            has_text = "word/document.xml" in package.namelist()
    except zipfile.BadZipFile as error:
        raise InvalidError("Tệp này không phải tệp Word (.docx).") from error
    if not has_text:
        raise InvalidError("Tệp này không phải tệp Word (.docx).")
    if longest > LONGEST:
        raise InvalidError("Phần chữ trong tệp dài quá 6 MB. Hãy chia thành nhiều tệp.")


def _is_text(part: zipfile.ZipInfo) -> bool:
    return part.filename.endswith((".xml", ".rels"))


def _html(data: bytes) -> str:
    no_pictures = mammoth.images.img_element(lambda _image: {"src": ""})
    result = mammoth.convert_to_html(io.BytesIO(data), convert_image=no_pictures)
    return clean(result.value)


def _saved(opened: Any) -> bytes:  # noqa: ANN401 - python-docx has no types
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


def _to_unicode(opened: Any) -> set[Encoding]:  # noqa: ANN401
    """Turn runs in old fonts into Unicode; return the encodings that were found."""
    fonts = _style_fonts(opened)
    found: set[Encoding] = set()
    for run in opened.element.body.iter(qn("w:r")):
        font = legacy.of_font(_font_of(run, fonts))
        if font is None:
            continue
        found.add(font.encoding)
        for hyphen in list(run.iter(qn("w:softHyphen"))):
            hyphen.tag, hyphen.text = qn("w:t"), "\u00ad"
        _joined(run, font)
    return found


def _joined(run: Any, font: Font) -> None:  # noqa: ANN401
    """Convert the texts of a run; those that stand side by side are read together."""
    before = None
    for each in list(run):
        if each.tag != qn("w:t"):
            before = None
        elif before is None:
            before = each
        else:
            before.text = (before.text or "") + (each.text or "")
            run.remove(each)
    for each in run.iter(qn("w:t")):
        each.text = legacy.to_unicode(each.text or "", font)


def _style_fonts(opened: Any) -> dict[str, tuple[str, str]]:  # noqa: ANN401
    """Return for each style the font it names itself and the style it is based on."""
    found: dict[str, tuple[str, str]] = {}
    for style in opened.styles.element.iter(qn("w:style")):
        based = style.find(qn("w:basedOn"))
        named = style.get(qn("w:styleId")), style.get(qn("w:type")), style.get(qn("w:default"))
        above = based.get(qn("w:val")) if based is not None else _NORMAL
        found[str(named[0])] = (_named_in(style), str(above))
        if named[1:] == ("paragraph", "1"):
            found[""] = (_named_in(style), _NORMAL)
    defaults = opened.styles.element.find(qn("w:docDefaults"))
    found[_NORMAL] = ("" if defaults is None else _named_in(defaults), "")
    return found


def _font_of(run: Any, fonts: Mapping[str, tuple[str, str]]) -> str:  # noqa: ANN401
    """Return the font of a run: its own, its style's, its paragraph's."""
    own = run.find(qn("w:rPr"))
    if own is not None and (name := _named_in(own)):
        return name
    style = own.find(qn("w:rStyle")) if own is not None else None
    paragraph = next(run.iterancestors(qn("w:p")), None)
    of_paragraph = None if paragraph is None else paragraph.find(f".//{qn('w:pStyle')}")
    for each in (style, of_paragraph):
        if each is not None and (name := _inherited(str(each.get(qn("w:val"))), fonts)):
            return name
    return _inherited("", fonts)


def _inherited(style: str, fonts: Mapping[str, tuple[str, str]]) -> str:
    for _ in range(len(fonts)):
        name, above = fonts.get(style, ("", ""))
        if name or style == _NORMAL or not above:
            return name
        style = above
    return ""


def _named_in(element: Any) -> str:  # noqa: ANN401
    found = element.find(f".//{qn('w:rFonts')}")
    if found is None:
        return ""
    return str(found.get(qn("w:ascii")) or found.get(qn("w:hAnsi")) or "")


def _left_out(data: bytes) -> list[Left]:
    """Return what the file holds that no text here can."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        text = package.read("word/document.xml").decode("utf-8", errors="replace")
        edges = [
            package.read(name)
            for name in package.namelist()
            if re.fullmatch(r"word/(?:header|footer)\d*\.xml", name)
        ]
    counts = {
        sentence: len(re.findall(rf"<{tag}[ />]", text)) for tag, sentence in _LEFT.items()
    }
    counts[_HEADED] = sum(b"<w:t>" in edge or b"<w:t " in edge for edge in edges)
    return [Left(sentence, count) for sentence, count in counts.items() if count]
