"""Clean HTML written as the Markdown of our texts: headings, lists, tables, bold and slanted. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, fromstring

import nh3

from qms.text import nfc

_TAGS: Final = {
    *(
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "p",
        "ul",
        "ol",
        "li",
        "br",
        "strong",
        "em",
        "b",
        "i",
    ),
    *("table", "thead", "tbody", "tr", "th", "td", "a"),
}
_ATTRIBUTES: Final = {"a": {"href"}, "ol": {"start"}} | {
    tag: {"colspan", "rowspan"} for tag in ("td", "th")
}
_MARKS: Final = {"strong": "**", "b": "**", "em": "*", "i": "*"}
_BLOCKS: Final = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "table"),
    *("thead", "tbody", "tr", "th", "td"),
}
_RULE: Final = re.compile(r"(?:[-_*] ?){3,}")
_WIDEST: Final = 60
_NARROWEST: Final = 2
"""Columns of a table; one of a single column only places its text."""


def markdown(html: str) -> str:
    """Return what an HTML text says as Markdown; whatever else it holds falls away."""
    return nfc("\n\n".join(_blocks(tree(html))))


def clean(html: str) -> str:
    """Return HTML with nothing but headings, lists, tables, bold and slanted words."""
    return nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https"}, link_rel=None
    )


def tree(html: str) -> Element:
    """Return clean HTML as elements."""
    said = clean(html).replace("<br>", "<br/>").replace("&nbsp;", " ")
    return fromstring(f"<x>{said}</x>")  # noqa: S314 - just written by the cleaner, without entities


@dataclass(frozen=True)
class Place:
    """A place in a table: the cell that covers it, and whether it reaches there from elsewhere."""

    cell: Element
    from_left: bool = False
    from_above: bool = False


def grid(table: Element) -> list[list[Place | None]]:
    """Return what covers each place of a table, by row and column."""
    taken: dict[tuple[int, int], Place] = {}
    rows = [row for part in (table, *table) for row in part if row.tag == "tr"]
    for y, row in enumerate(rows):
        x = 0
        for cell in row:
            while (y, x) in taken:
                x += 1
            wide = min(int(cell.get("colspan") or 1), _WIDEST)
            high = min(int(cell.get("rowspan") or 1), len(rows) - y)
            for down in range(high):
                for across in range(wide):
                    taken[y + down, x + across] = Place(cell, across > 0, down > 0)
            x += wide
    widths = [max((x + 1 for row, x in taken if row == y), default=0) for y in range(len(rows))]
    return [[taken.get((y, x)) for x in range(width)] for y, width in enumerate(widths)]


def _blocks(parent: Element) -> Iterator[str]:
    """Return the paragraphs, headings, lists and tables of an element, one string each."""
    loose = _escaped(parent.text)
    for each in parent:
        if each.tag not in _BLOCKS:
            loose += _inline(each) + _escaped(each.tail)
            continue
        if said := _line(loose):
            yield said
        yield from _block(each)
        loose = _escaped(each.tail)
    if said := _line(loose):
        yield said


def _block(element: Element) -> Iterator[str]:
    tag = str(element.tag)
    if tag[0] == "h" and tag[1:].isdigit():
        said = _line(_inline(element)).replace("**", "").replace("\\\n", " ")
        if said:
            yield f"{'#' * int(tag[1:])} {said}"
    elif tag in {"ul", "ol"}:
        if lines := list(_items(element)):
            yield "\n".join(lines)
    elif tag == "table":
        yield from _table(element)
    else:
        yield from _blocks(element)


def _items(parent: Element, indent: str = "") -> Iterator[str]:
    """Return the lines of a list with those of the lists inside it."""
    number = int(parent.get("start") or 1)
    for place, item in enumerate(each for each in parent if each.tag == "li"):
        mark = f"{number + place}." if parent.tag == "ol" else "-"
        inner = " " * (len(indent) + len(mark) + 1)
        said = [each for each in _blocks(_without_lists(item)) if each]
        text = f"\n{inner}".join("\n".join(said).split("\n"))
        yield f"{indent}{mark} {text}"
        for each in item:
            if each.tag in {"ul", "ol"}:
                yield from _items(each, inner)


def _without_lists(item: Element) -> Element:
    bare = Element("li")
    bare.text = item.text
    bare.extend(each for each in item if each.tag not in {"ul", "ol"})
    return bare


def _table(table: Element) -> Iterator[str]:
    said = [[_said(place) for place in row] for row in grid(table)]
    rows = [row for row in said if any(row)]
    columns = max(map(len, rows), default=0)
    if columns < _NARROWEST:
        for cell in table.iter():
            if cell.tag in {"td", "th"}:
                yield from _blocks(cell)
        return
    lines = ["| " + " | ".join((*row, *[""] * (columns - len(row)))) + " |" for row in rows]
    yield "\n".join((lines[0], "|" + " --- |" * columns, *lines[1:]))


def _said(place: Place | None) -> str:
    """Return what a cell says at its first place; nothing where it only reaches."""
    if place is None or place.from_left or place.from_above:
        return ""
    return _cell(place.cell)


def _cell(cell: Element) -> str:
    said = " ".join(_blocks(cell)).replace("\\\n", " ").replace("\n", " ")
    return said.replace("|", "\\|")


def _inline(element: Element) -> str:
    if element.tag == "br":
        return "\\\n"
    inner = _escaped(element.text) + "".join(
        _inline(each) + _escaped(each.tail) for each in element
    )
    mark = _MARKS.get(str(element.tag), "")
    said = inner.strip()
    if not said or not (mark or element.tag == "a"):
        return inner
    before, after = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
    if element.tag == "a":
        address = element.get("href", "")
        return f"{before}[{said}]({address}){after}" if address else inner
    return f"{before}{mark}{said}{mark}{after}"


def _escaped(text: str | None) -> str:
    return re.sub(r"([*`\\])", r"\\\1", text or "")


def _line(text: str) -> str:
    said = re.sub(r"\*{4}", "", re.sub(r"[^\S\n]+", " ", text))
    lines: Sequence[str] = [line.strip() for line in said.split("\n")]
    said = "\n".join(lines).strip().removesuffix("\\").rstrip()
    return f"\\{said}" if _RULE.fullmatch(said) else said
