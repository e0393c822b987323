"""Asking later features what belongs beside a text."""

from collections.abc import Sequence
from typing import Final

from flask import Flask, current_app

from qms.db import db
from qms.documents.panels import Ask, Looked, Panel

_ASKS: Final = "qms_panels"


def init_app(app: Flask, asks: Sequence[Ask]) -> None:
    """Hand in what each feature shows."""
    app.extensions[_ASKS] = tuple(asks)


def panels(looked: Looked) -> list[Panel]:
    """Return what all features show beside a text."""
    asks: tuple[Ask, ...] = current_app.extensions[_ASKS]
    return [panel for ask in asks for panel in ask(db.session(), looked)]
