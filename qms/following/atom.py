"""The Atom feed as bytes: RFC 4287, and nothing that any reader could not take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from xml.etree import ElementTree as ET

NAMESPACE: Final = "http://www.w3.org/2005/Atom"
MEDIA_TYPE: Final = "application/atom+xml"


@dataclass(frozen=True)
class Item:
    """One entry: its name for ever, when it came, where it is read."""

    id: str
    title: str
    updated: datetime
    published: datetime
    summary: str
    page: str
    topic: str
    links: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Feed:
    """A feed: ``page`` is what people read instead, ``here`` its own address."""

    id: str
    title: str
    subtitle: str
    updated: datetime
    author: str
    here: str
    page: str
    items: Sequence[Item]


def write(feed: Feed) -> bytes:
    """Return a feed as XML."""
    root = ET.Element("feed", {"xmlns": NAMESPACE, "xml:lang": "vi"})
    _say(root, "id", feed.id)
    _say(root, "title", feed.title)
    _say(root, "subtitle", feed.subtitle)
    _say(root, "updated", _instant(feed.updated))
    _say(ET.SubElement(root, "author"), "name", feed.author)
    _link(root, "self", feed.here, MEDIA_TYPE)
    _link(root, "alternate", feed.page, "text/html")
    for item in feed.items:
        entry = ET.SubElement(root, "entry")
        _say(entry, "id", item.id)
        _say(entry, "title", item.title)
        _say(entry, "updated", _instant(item.updated))
        _say(entry, "published", _instant(item.published))
        _link(entry, "alternate", item.page, "text/html")
        for relation, address in item.links:
            _link(entry, relation, address, "text/html")
        if item.topic:
            ET.SubElement(entry, "category", {"term": item.topic})
        _say(entry, "summary", item.summary)
    ET.indent(root)
    made: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return made + b"\n"


def _say(parent: ET.Element, name: str, words: str) -> None:
    ET.SubElement(parent, name).text = "".join(c for c in words if c >= " " or c in "\n\t")


def _link(parent: ET.Element, relation: str, address: str, kind: str) -> None:
    ET.SubElement(parent, "link", {"rel": relation, "href": address, "type": kind})


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
