"""Where each kind of sheet has its page."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from flask import url_for

from qms.notices.course import Course
from qms.notices.rules import SheetKind

PAGES: Final[Mapping[SheetKind, tuple[str, str, str]]] = {
    SheetKind.PROCEDURE: ("notices.procedure", "notices.procedure_pdf", "code"),
    SheetKind.LIST: ("notices.wall.field", "notices.wall.field_pdf", "slug"),
    SheetKind.FEES: ("notices.fees.index", "notices.fees.table", ""),
    SheetKind.FEEDBACK: ("notices.wall.feedback", "notices.wall.feedback_pdf", ""),
    SheetKind.TEXT: ("notices.wall.text", "notices.wall.text_pdf", "code"),
}
"""By kind the endpoints of page and paper, and what a course's address word fills in it."""


def address(unit: str, kind: SheetKind, slug: str, on: date | None = None) -> str:
    """Return the address of the page of a sheet; ``unit`` and ``slug`` are address words."""
    page, _, named = PAGES[kind]
    return _url(page, named, unit, slug, on)


def paper_address(
    unit: str, kind: SheetKind, slug: str, on: date | None = None, size: str | None = None
) -> str:
    """Return the address of the paper of a sheet; without a size on A4."""
    _, paper, named = PAGES[kind]
    return _url(paper, named, unit, slug, on, paper=size)


def copy_address(unit: str, course: Course) -> str:
    """Return where staff print a copy of a sheet for a place."""
    kind, slug = course.subject.kind.value, course.slug or None
    return url_for("postings.copies.new", unit=unit, kind=kind, slug=slug)


def _url(
    endpoint: str,
    named: str,
    unit: str,
    slug: str,
    on: date | None,
    **more: Any,  # noqa: ANN401
) -> str:
    values: dict[str, Any] = {named: slug, **more} if named else more
    return url_for(endpoint, unit=unit, on=on, **values)
