"""The mark a view bears: who may pass. Set on the view, enforced in ``guards``."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from flask import current_app

View = TypeVar("View", bound=Callable[..., Any])

MARK: Final = "_qms_permission"


def public(view: View) -> View:
    """Mark a view as open to everybody."""
    setattr(view, MARK, None)
    return view


def is_public(endpoint: str | None) -> bool:
    """Tell whether the view is open to everybody; without a view it is an error page."""
    if endpoint is None:
        return True
    return getattr(current_app.view_functions.get(endpoint), MARK, "closed") is None
