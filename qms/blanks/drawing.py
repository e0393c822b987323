"""What a file shows at a glance: the first page as a picture, or its first lines. A child."""

from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pypdfium2

from qms.blanks import sandbox
from qms.blanks.rules import DOCX, ODT, PDF

WIDEST: Final = 1_000
"""Points of the picture from left to right; a page may be no more than twice as tall."""
TALLEST: Final = 2_000
MOST_LINES: Final = 80
LONGEST_LINE: Final = 300
BETWEEN_CELLS: Final = "  |  "

_BODY: Final = {DOCX: "word/document.xml", ODT: "content.xml"}
_WORDS: Final = frozenset({"p", "h"})
_TEXT: Final = frozenset({"t", "v"})
_CELLS: Final = frozenset({"tc", "table-cell"})
_RUNS: Final = {"t": "", "tab": " …… ", "br": " "}
"""Pieces of a paragraph in a docx; a tab is mostly a line of dots to write on."""
_ROWS: Final = frozenset({"tr", "table-row", "row"})


def draw(path: Path, media_type: str) -> sandbox.Answer:
    """Return the picture of a PDF, or the first lines of anything else."""
    if media_type == PDF:
        return {"lines": []}, _picture(path)
    with ZipFile(path) as package:
        found = _lines(package, media_type)
        return {"lines": [line[:LONGEST_LINE] for line in islice(found, MOST_LINES)]}, b""


def _picture(path: Path) -> bytes:
    with pypdfium2.PdfDocument(path) as opened:
        page = opened[0]
        wide, tall = page.get_size()
        scale = min(WIDEST / max(wide, 1), TALLEST / max(tall, 1), 4)
        made = BytesIO()
        page.render(scale=scale).to_pil().convert("L").save(made, "PNG", optimize=True)
    return made.getvalue()


def _lines(package: ZipFile, media_type: str) -> Iterator[str]:
    if media_type in _BODY:
        return _written(package, _BODY[media_type])
    return _tabled(package)


def _written(package: ZipFile, part: str) -> Iterator[str]:
    """Give the paragraphs of a text, the cells of a row on one line."""
    rows: list[list[list[str]]] = []
    with package.open(part) as opened:
        for event, element in ET.iterparse(opened, events=("start", "end")):  # noqa: S314 - looked through for DTDs before
            name = _local(element.tag)
            if event == "start":
                if name in _ROWS:
                    rows.append([])
                elif name in _CELLS and rows:
                    rows[-1].append([])
            elif name in _WORDS:
                line = " ".join(_words(element).split())
                element.clear()
                if rows and rows[-1]:
                    rows[-1][-1].append(line)
                elif line:
                    yield line
            elif name in _ROWS:
                cells = [" ".join(filter(None, cell)) for cell in rows.pop()]
                if any(cells):
                    yield BETWEEN_CELLS.join(filter(None, cells))


def _words(element: ET.Element) -> str:
    """Return what a paragraph says; in an odt the words stand in it, in a docx in its runs."""
    runs = [each for each in element.iter() if _local(each.tag) == "r"]
    pieces = [each for run in runs for each in run if _local(each.tag) in _RUNS]
    if pieces:
        return "".join(_RUNS[_local(each.tag)] or each.text or "" for each in pieces)
    return "".join(element.itertext())


def _tabled(package: ZipFile) -> Iterator[str]:
    """Give the rows of the first sheet."""
    shared: list[str] = []
    if "xl/sharedStrings.xml" in package.NameToInfo:
        shared = list(islice(_strings(package, "xl/sharedStrings.xml"), 20_000))
    sheets = sorted(name for name in package.namelist() if name.startswith("xl/worksheets/"))
    with package.open(sheets[0]) as opened:
        for _, element in ET.iterparse(opened):  # noqa: S314 - looked through for DTDs before
            if _local(element.tag) != "row":
                continue
            cells = [_cell(cell, shared) for cell in element if _local(cell.tag) == "c"]
            if any(cells):
                yield BETWEEN_CELLS.join(cell for cell in cells if cell)
            element.clear()


def _strings(package: ZipFile, part: str) -> Iterator[str]:
    with package.open(part) as opened:
        for _, element in ET.iterparse(opened):  # noqa: S314 - looked through for DTDs before
            if _local(element.tag) == "si":
                yield _words(element)
                element.clear()


def _cell(cell: ET.Element, shared: list[str]) -> str:
    said = "".join(each.text or "" for each in cell.iter() if _local(each.tag) in _TEXT)
    if cell.get("t") == "s" and said.isdigit() and int(said) < len(shared):
        return shared[int(said)]
    return said


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


if __name__ == "__main__":
    sandbox.answer(lambda path, media_type: draw(Path(path), media_type))
