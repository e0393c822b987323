"""Many PDFs bound into one: a child, so that neither memory nor time of others pays for it.

It is given a folder and two lines of JSON. After the first, which names the parts, it answers
with how many pages each has (0 where it can't be read); after the second, which says how to
bind them, it says of each part that it stands, and leaves ``book.pdf`` in the folder.
"""

import json
import re
import resource
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem

from qms import laying

BOOK: Final = "book.pdf"
LINK: Final = "https://book.invalid/"
"""What the links of the contents begin with; the number of a part follows."""
FOLIO: Final = "Sổ thủ tục – trang "
SIZE: Final = 9
"""Points of the page number of the book."""
RIGHT: Final = 42.5
BOTTOM: Final = 19.8
"""Points between the page number and the edges: outside all that a sheet says."""
MEMORY: Final = 1 << 30
"""Bytes of address space the child may use."""
SECONDS: Final = 1_800
"""The child may take; one that takes longer is ended."""

_FONT: Final = Name("/Folio")
_PAIR: Final = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]{4})>")


class Folio:
    """The page numbers of a book, in the type of the paper ``sample`` was printed with."""

    def __init__(self, out: pikepdf.Pdf, sample: pikepdf.Pdf) -> None:
        """Take the font with its digits out of the sample."""
        (font,) = sample.pages[0].resources.Font.values()
        self.font = out.copy_foreign(sample.make_indirect(font))
        pairs = _PAIR.findall(font.ToUnicode.read_bytes())
        self.codes = {chr(int(said, 16)): code.decode() for code, said in pairs}
        self.widths = _widths(font.DescendantFonts[0].W)

    def put(self, page: pikepdf.Page, number: int) -> None:
        """Write the number of the book at the foot of a page, as decoration."""
        codes = [self.codes[letter] for letter in f"{FOLIO}{number}"]
        wide = sum(self.widths[int(code, 16)] for code in codes) * SIZE / 1000
        left = float(page.mediabox[2]) - RIGHT - wide
        page.add_resource(self.font, Name.Font, _FONT)
        page.contents_add(b"q", prepend=True)
        page.contents_add(
            f"Q /Artifact BMC q BT {_FONT} {SIZE} Tf 0 g {left:.3f} {BOTTOM} Td"
            f" <{''.join(codes)}> Tj ET Q EMC".encode()
        )


def bind(folder: Path, parts: Sequence[pikepdf.Pdf], told: Mapping[str, Any]) -> pikepdf.Pdf:
    """Return the parts as one plain PDF, each with its stamp, the book with its page numbers."""
    out = pikepdf.new()
    seals = {name: pikepdf.open(folder / name) for name in told["seals"]}
    drawn = {name: laying.layers(out, seal) for name, seal in seals.items()}
    firsts: list[int] = []
    front = _added(out, pikepdf.open(folder / told["front"]), told) if told["front"] else []
    for page in front:
        laying.lay(page, drawn[told["front_seal"]])
    for number, leaf in enumerate(told["leaves"]):
        firsts.append(len(out.pages))
        for page in _added(out, parts[leaf["part"]], told):
            lying = page.mediabox[2] > page.mediabox[3]
            laying.lay(page, drawn[leaf["seals"][lying]])
        _say(str(number))
    if told["folio"]:
        folio = Folio(out, pikepdf.open(folder / told["folio"]))
        for number, page in enumerate(out.pages[1:], start=2):
            folio.put(page, number)
    _lead(out, len(front), firsts)
    _outline(out, told["outline"], firsts)
    out.docinfo.Title = told["title"]
    out.Root.Lang = pikepdf.String("vi")
    out.Root.PageMode = Name.UseOutlines
    out.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    return out


def _added(
    out: pikepdf.Pdf, part: pikepdf.Pdf, told: Mapping[str, Any]
) -> Sequence[pikepdf.Page]:
    """Add the pages of a part, without tags, which a plain book has not; return them."""
    begun = len(out.pages)
    out.pages.extend(part.pages)
    for number in range(begun, len(out.pages)):
        _upright(out, number)
    added = list(out.pages[begun:])
    for page in added:
        for key in ("/StructParents", "/Tabs"):
            if key in page.obj:
                del page.obj[key]
    if told["apart"] and len(added) % 2:
        box = added[-1].mediabox
        out.add_blank_page(page_size=(float(box[2]), float(box[3])))
    return added


def _upright(out: pikepdf.Pdf, number: int) -> None:
    """Let a page that is turned, cut or begins elsewhere be one that is not."""
    page = out.pages[number]
    plain = all(key not in page.obj for key in ("/Rotate", "/CropBox"))
    if plain and float(page.mediabox[0]) == float(page.mediabox[1]) == 0:
        return
    form = page.as_form_xobject()
    box = page.trimbox
    sides = [float(box[2]) - float(box[0]), float(box[3]) - float(box[1])]
    if int(page.obj.get("/Rotate", 0)) % 180:
        sides.reverse()
    made = Dictionary(Type=Name.Page, MediaBox=Array([0, 0, *sides]), Resources=Dictionary())
    out.pages[number] = pikepdf.Page(out.make_indirect(made))
    name = out.pages[number].add_resource(form, Name.XObject, Name("/Upright"))
    out.pages[number].contents_add(f"{name} Do".encode())


def _lead(out: pikepdf.Pdf, front: int, firsts: Sequence[int]) -> None:
    """Let the links of the contents lead to the pages they name."""
    for page in out.pages[:front]:
        for note in page.obj.get("/Annots", ()):
            if "/StructParent" in note:
                del note["/StructParent"]
            address = str(note.A.URI) if "/A" in note and "/URI" in note.A else ""
            if address.startswith(LINK):
                target = out.pages[firsts[int(address.removeprefix(LINK))]]
                note.Dest = Array([target.obj, Name.Fit])
                note.Contents = pikepdf.String(f"Trang {target.index + 1}")
                del note.A


def _outline(out: pikepdf.Pdf, entries: Sequence[Any], firsts: Sequence[int]) -> None:
    """Write what readers show beside the pages: fields, their sheets, and the forms of each."""
    with out.open_outline() as outline:
        above = [outline.root]
        for depth, title, leaf in entries:
            at = 0 if leaf is None else firsts[leaf]
            item = OutlineItem(title, at)
            item.is_closed = depth == 0 and leaf is not None
            above = above[: depth + 1]
            above[-1].append(item)
            above.append(item.children)


def _widths(said: pikepdf.Object) -> dict[int, float]:
    """Return the width of each glyph from runs of “first, [widths]”, in thousandths."""
    found: dict[int, float] = {}
    for first, run in zip(said[::2], said[1::2], strict=True):
        found |= {int(first) + n: float(width) for n, width in enumerate(run)}
    return found


def _opened(path: Path) -> pikepdf.Pdf | None:
    """Return a part, its fields and remarks drawn into its pages; None if it can't be read."""
    with suppress(pikepdf.PdfError, ValueError, RuntimeError):
        part = pikepdf.open(path)
        if "/AcroForm" in part.Root:
            part.generate_appearance_streams()
        part.flatten_annotations()
        return part
    return None


def pages(source: Path | BytesIO) -> int:
    """Return how many pages a paper of ours has."""
    with pikepdf.open(source) as paper:
        return len(paper.pages)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(folder: Path) -> None:
    """Answer two lines, then leave the book."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    parts = [_opened(folder / name) for name in json.loads(sys.stdin.readline())]
    _say(json.dumps([len(part.pages) if part else 0 for part in parts]))
    told = json.loads(sys.stdin.readline())
    made = bind(folder, [part for part in parts if part is not None], told)
    made.save(
        folder / BOOK,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
