"""What later features have to say of a decision before somebody signs it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import Flask, current_app
from flask_babel import gettext
from sqlalchemy.orm import Session

from qms.documents.models import Decision
from qms.vietnamese import number


@dataclass(frozen=True)
class Remark:
    """A sentence for gettext, with the numbers in it."""

    sentence: str
    numbers: Mapping[str, int]


Ask = Callable[[Session, Decision], Sequence[Remark]]
"""A feature's question: what should whoever reviews or signs this decision know?"""

_ASKS: Final = "qms_impact"


def init_app(app: Flask, asks: Sequence[Ask]) -> None:
    """Hand in what each feature says."""
    app.extensions[_ASKS] = tuple(asks)


def of(session: Session, decision: Decision) -> list[str]:
    """Return what all features say of a decision, in the language of the page."""
    asks: tuple[Ask, ...] = current_app.extensions[_ASKS]
    return [
        gettext(each.sentence) % {name: number(value) for name, value in each.numbers.items()}
        for ask in asks
        for each in ask(session, decision)
    ]
