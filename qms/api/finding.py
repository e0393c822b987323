"""What search engines ask for: which pages there are. Pages of days gone are not among them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from xml.etree import ElementTree as ET

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.documents.standing import cover, rows, standing_for
from qms.notices.rules import BOARD_KINDS
from qms.units.models import Unit
from qms.units.queries import units

NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
MOST: Final = 50_000
"""Addresses that one file may name."""


@dataclass(frozen=True)
class Place:
    """A page and the day since which it says what it says."""

    address: str
    since: date | None = None


def boards(session: Session, today: date) -> Sequence[Unit]:
    """Return the offices whose boards stand today."""
    return [each for each in units(session, today) if each.office]


def documents(session: Session, unit: Unit, today: date) -> list[tuple[str, str, str, date]]:
    """Return kind, address word, field and first day of all that stands on a board today."""
    seen = cover(session, unit.id, today)
    if seen is None:
        return []
    standing = standing_for(seen, today, kinds=BOARD_KINDS)
    query = sa.select(standing).order_by(standing.c.kind, standing.c.code).limit(MOST)
    return [(row.kind, row.slug, row.topic, row.first_day) for row in rows(session, query)]


def index(places: Iterable[Place]) -> bytes:
    """Return a list of lists."""
    return _written("sitemapindex", "sitemap", places)


def pages(places: Iterable[Place]) -> bytes:
    """Return a list of pages."""
    return _written("urlset", "url", places)


def _written(root: str, each: str, places: Iterable[Place]) -> bytes:
    made = ET.Element(root, {"xmlns": NAMESPACE})
    for place in places:
        one = ET.SubElement(made, each)
        ET.SubElement(one, "loc").text = place.address
        if place.since:
            ET.SubElement(one, "lastmod").text = place.since.isoformat()
    written: bytes = ET.tostring(made, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
