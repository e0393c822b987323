"""The marks a view bears: who may pass, enforced in ``guards``, and what ``cache`` may keep."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from flask import current_app

View = TypeVar("View", bound=Callable[..., Any])

MARK: Final = "_qms_permission"
CACHED: Final = "_qms_cached"


def public(view: View) -> View:
    """Mark a view as open to everybody."""
    setattr(view, MARK, None)
    return view


def is_public(endpoint: str | None) -> bool:
    """Tell whether the view is open to everybody; without a view it is an error page."""
    if endpoint is None:
        return True
    return getattr(current_app.view_functions.get(endpoint), MARK, "closed") is None


def cached(*parameters: str) -> Callable[[View], View]:
    """Mark a public view whose answers ``cache`` keeps until something public changes.

    Such an answer follows from the path, these parameters of the query (``lang`` always), what
    is signed and confirmed, and the civil day: not from the hour, a cookie, a header, the host
    asked, or what no act of :data:`qms.web.version.PUBLIC_ACTS` changes. An address with any
    other parameter is answered anew; so is one with a day (``on``) on which nothing changed.
    """

    def mark(view: View) -> View:
        setattr(view, CACHED, frozenset(parameters))
        return view

    return mark


def cached_parameters(view: object) -> frozenset[str] | None:
    """Return the parameters by which a view's answers differ; None where none is kept."""
    found: frozenset[str] | None = getattr(view, CACHED, None)
    return found
