"""The lines and table rows of a Word file in reading order, with what is merged in tables. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from qms.documents.html_markdown import Place, grid, tree
from qms.text import nfc

_BLOCKS: Final = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "table"}
_BOLD: Final = {"strong", "b"}
_MARKS: Final = re.compile(r"[☐☑☒□■✓✔xX\s]*")


@dataclass(frozen=True)
class Line:
    """A paragraph; ``level`` is that of a heading, ``mark`` what stands before an item."""

    text: str
    level: int = 0
    bold: bool = False
    mark: str = ""

    @property
    def words(self) -> str:
        """Return it with the mark of its list."""
        return f"{self.mark} {self.text}" if self.mark else self.text


@dataclass(frozen=True)
class Cell:
    """What covers a place of a table row, and whether it reaches there from elsewhere."""

    text: str = ""
    from_left: bool = False
    from_above: bool = False


@dataclass(frozen=True)
class Row:
    """A row of a table; ``table`` tells tables apart."""

    cells: tuple[Cell, ...]
    table: int = 0

    @property
    def own(self) -> list[str]:
        """Return what the cells that begin here say, nothing twice, nothing empty."""
        return [
            each.text
            for each in self.cells
            if each.text and not each.from_left and not each.from_above
        ]


Item = Line | Row


def items(html: str) -> list[Item]:
    """Return the lines and rows of a text."""
    tables = iter(range(1_000_000))
    return list(_items(tree(html), tables))


def words(items: list[Item]) -> str:
    """Return lines and rows as plain lines, list marks kept."""
    said = (each.words if isinstance(each, Line) else " – ".join(each.own) for each in items)
    return "\n".join(each for each in said if each)


def is_mark(text: str) -> bool:
    """Say whether a cell holds only a cross or a box to cross."""
    return bool(_MARKS.fullmatch(text))


def _items(parent: Element, tables: Iterator[int]) -> Iterator[Item]:
    for each in parent:
        tag = str(each.tag)
        if tag == "table":
            yield from _rows(each, tables)
        elif tag in {"ul", "ol"}:
            yield from _listed(each)
        elif tag[0] == "h" and tag[1:].isdigit():
            if text := _text(each):
                yield Line(" ".join(text.split()), level=int(tag[1:]), bold=True)
        elif text := _text(each):
            yield Line(text, bold=_is_bold(each))


def _listed(parent: Element) -> Iterator[Line]:
    number = int(parent.get("start") or 1)
    for place, item in enumerate(parent):
        mark = f"{number + place}." if parent.tag == "ol" else "-"
        inner = [each for each in item if each.tag in {"ul", "ol"}]
        if text := _text(item, skipped=inner):
            yield Line(text, bold=_is_bold(item), mark=mark)
        for each in inner:
            yield from _listed(each)


def _rows(table: Element, tables: Iterator[int]) -> Iterator[Item]:
    places = grid(table)
    number = next(tables)
    if max(map(len, places), default=0) < 2:  # noqa: PLR2004 - one column only places its text
        for row in places:
            for place in row:
                if place is not None and not place.from_above:
                    yield from _items(place.cell, tables)
        return
    for row in places:
        cells = tuple(_cell(place) for place in row)
        if any(cell.text for cell in cells):
            yield Row(cells, number)


def _cell(place: Place | None) -> Cell:
    if place is None:
        return Cell()
    return Cell(_text(place.cell), place.from_left, place.from_above)


def _text(element: Element, skipped: list[Element] | None = None) -> str:
    """Return what an element says, a line for each of its paragraphs and items."""
    lines = "".join(_pieces(element, skipped or [])).split("\n")
    tidy = (" ".join(nfc(line).split()) for line in lines)
    return "\n".join(line for line in tidy if line)


def _pieces(element: Element, skipped: list[Element]) -> Iterator[str]:
    yield element.text or ""
    for place, each in enumerate(element):
        if each in skipped:
            continue
        tag = str(each.tag)
        if tag == "br":
            yield "\n"
        elif tag in _BLOCKS or tag in {"td", "th", "tr"}:
            mark = {"ul": "- ", "ol": f"{place + 1}. "}.get(str(element.tag), "")
            yield f"\n{mark}"
            yield from _pieces(each, [])
            yield "\n"
        else:
            yield from _pieces(each, [])
        yield each.tail or ""


def _is_bold(element: Element) -> bool:
    """Say whether all of an element is bold."""
    bold = "".join("".join(each.itertext()) for each in element.iter() if each.tag in _BOLD)
    return bool(bold.strip()) and len(bold.split()) >= len("".join(element.itertext()).split())
