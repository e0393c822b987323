"""Asking later features about a decision, and putting what they say into words."""

from collections.abc import Sequence
from typing import Final

from flask import Flask, current_app
from flask_babel import gettext as _

from qms.db import db
from qms.documents.impact import Matter
from qms.documents.remarks import Ask
from qms.vietnamese import number

_ASKS: Final = "qms_impact"


def init_app(app: Flask, asks: Sequence[Ask]) -> None:
    """Hand in what each feature asks."""
    app.extensions[_ASKS] = tuple(asks)


def remarks(matter: Matter) -> list[str]:
    """Return what all features say of a decision, in the language of the page."""
    asks: tuple[Ask, ...] = current_app.extensions[_ASKS]
    found = (each for ask in asks for each in ask(db.session(), matter))
    return [
        _(
            each.sentence,
            **{name: number(value) for name, value in each.numbers.items()},
            **each.names,
        )
        for each in found
    ]
