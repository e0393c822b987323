"""Lists of pages for search engines."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from qms import clock
from qms.api import finding
from qms.api.building_views import absolute
from qms.api.finding import Place
from qms.db import db
from qms.notices import subjects
from qms.notices.rules import SheetKind
from qms.text import address_word
from qms.units.queries import unit as unit_named
from qms.web.marks import public

if TYPE_CHECKING:
    from qms.units.models import Unit

bp = Blueprint("finding", __name__)

PAGES: Final = {
    "procedure": "notices.procedure",
    "fee": "notices.fees.schedule",
    "form": "notices.forms.show",
}


@bp.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """Tell search engines where the list is, and that checks of papers are none of theirs."""
    said = ("User-agent: *", "Disallow: /k/", "Disallow: /theo-doi/")
    lines = [*said, f"Sitemap: {absolute('api.finding.sitemap')}", ""]
    return Response("\n".join(lines), mimetype="text/plain")


@bp.get("/sitemap.xml")
@public
def sitemap() -> ResponseReturnValue:
    """List the boards, each with a list of its own."""
    found = finding.boards(db.session(), clock.today())
    places = (Place(absolute("api.finding.board_pages", unit=each.slug)) for each in found)
    return Response(finding.index(places), mimetype="application/xml")


@bp.get("/b/<unit>/sitemap.xml")
@public
def board_pages(unit: str) -> ResponseReturnValue:
    """List the pages of a board as they stand today."""
    of = unit_named(db.session(), unit)
    return Response(finding.pages(_pages(of)), mimetype="application/xml")


def _pages(of: "Unit") -> Iterator[Place]:
    found = finding.documents(db.session(), of, clock.today())
    if not found:
        return
    for endpoint in ("notices.board", "notices.fees.index", "notices.forms.index"):
        yield Place(absolute(endpoint, unit=of.slug))
    yield Place(absolute("following.index", unit=of.slug))
    for word in sorted(
        {address_word(topic) for kind, _, topic, _ in found if kind == "procedure" and topic}
    ):
        yield Place(absolute("notices.wall.field", unit=of.slug, slug=word))
    for each, _title, _topic in subjects.on_board(db.session(), of, clock.today()):
        if each.kind is SheetKind.FEEDBACK:
            yield Place(absolute("notices.wall.feedback", unit=of.slug))
    for kind, slug, _topic, since in found:
        yield Place(absolute(PAGES[kind], unit=of.slug, code=slug), since)
