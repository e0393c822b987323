"""Files that offices hand in, good and bad, made where they are needed."""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Final

import docx
import openpyxl
import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name

RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def a_docx(words: str = "Họ và tên: ………") -> bytes:
    """Return a text of Word with one paragraph."""
    made, out = docx.Document(), BytesIO()
    made.add_paragraph(words)
    made.save(out)
    return out.getvalue()


def an_xlsx(*rows: tuple[str, ...]) -> bytes:
    """Return a workbook."""
    made, out = openpyxl.Workbook(), BytesIO()
    sheet = made.create_sheet(index=0)
    for row in rows or (("STT", "Tên tài liệu"),):
        sheet.append(row)
    made.save(out)
    return out.getvalue()


def an_odt(
    content: str = "<text:p>Kính gửi</text:p>", more: Mapping[str, bytes] | None = None
) -> bytes:
    """Return a text of LibreOffice."""
    names = " ".join(
        f'xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{each}:1.0"'
        for each in ("office", "text", "script", "draw")
    )
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names}'
        ' xmlns:xlink="http://www.w3.org/1999/xlink"><office:body><office:text>'
        f"{content}</office:text></office:body></office:document-content>"
    )
    return package(
        {
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "content.xml": body.encode(),
            **(more or {}),
        }
    )


def a_pdf(*, words: str = "", locked: bool = False, **root: pikepdf.Object) -> bytes:
    """Return a PDF of one page; ``root`` goes into its catalogue."""
    made, out = pikepdf.new(), BytesIO()
    made.add_blank_page(page_size=(595, 842))
    for name, value in root.items():
        made.Root[f"/{name}"] = value
    if words:
        made.docinfo["/Title"] = words
    lock = pikepdf.Encryption(owner="chủ", user="người dùng") if locked else False
    hidden = pikepdf.ObjectStreamMode.generate
    made.save(out, object_stream_mode=hidden, encryption=lock)
    return out.getvalue()


def acting_pdf(**action: pikepdf.Object) -> bytes:
    """Return a PDF that does something when it is opened."""
    return a_pdf(OpenAction=Dictionary({f"/{name}": said for name, said in action.items()}))


def opening_pdf() -> bytes:
    """Return a PDF that only opens at its first page."""
    return a_pdf(OpenAction=Array([0, Name.Fit]))


def package(parts: Mapping[str, bytes]) -> bytes:
    """Return an archive of parts, in their order."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def with_parts(whole: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return an office file with further parts, or others in the place of its own."""
    with zipfile.ZipFile(BytesIO(whole)) as archive:
        own = {each: archive.read(each) for each in archive.namelist()}
    return package({**own, **parts})


def relation(kind: str, target: str, mode: str = "External") -> bytes:
    """Return a list of relationships with one in it."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns='
        '"http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{RELATIONS}/{kind}" Target="{target}"'
        f' TargetMode="{mode}"/></Relationships>'
    ).encode()


def word_body(inside: str) -> dict[str, bytes]:
    """Return the body of a text of Word."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = f'<w:document xmlns:w="{space}"><w:body>{inside}</w:body></w:document>'
    return {"word/document.xml": body.encode()}


def encrypted(whole: bytes) -> bytes:
    """Return an archive whose parts are marked as encrypted."""
    found = bytearray(whole)
    at = 0
    while (at := found.find(b"PK\x01\x02", at)) >= 0:
        found[at + 8] |= 1
        at += 4
    return bytes(found)


def symlinked(whole: bytes) -> bytes:
    """Return an office file with a link to another place in it."""
    out = BytesIO(whole)
    with zipfile.ZipFile(out, "a") as archive:
        link = zipfile.ZipInfo("word/link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


def sealed() -> bytes:
    """Return what Word makes of a text with a password: a container of the old kind."""
    return OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le")


def words_of(data: bytes) -> str:
    """Return what the pages of a PDF say."""
    with pypdfium2.PdfDocument(data) as opened:
        pages = [each.get_textpage().get_text_range() for each in opened]
    return " ".join(" ".join(pages).split())
