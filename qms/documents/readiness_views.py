"""Asking all features what a draft lacks, and putting what they say into words."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from flask import Flask, current_app
from flask_babel import gettext as _

from qms import clock
from qms.db import db
from qms.documents import readiness_list, reading
from qms.documents.readiness_list import Ask, Gap
from qms.documents.rules import RevisionText
from qms.web.guards import visitor

if TYPE_CHECKING:
    from qms.documents.models import Change

_ASKS: Final = "qms_readiness"

Said = tuple[str, str, str]
"""A state, words in the language of the page, and the part to jump to."""


def init_app(app: Flask, asks: Sequence[Ask]) -> None:
    """Hand in what each feature asks."""
    app.extensions[_ASKS] = tuple(asks)


def gaps(change: "Change", text: RevisionText) -> list[Said]:
    """Return what a text lacks, the worst first."""
    session, today = db.session(), clock.today()
    who = reading.visit(session, visitor().id, today)
    asks: tuple[Ask, ...] = current_app.extensions[_ASKS]
    found = [
        *readiness_list.gaps(session, who, change, text, today),
        *(Gap(*each) for ask in asks for each in ask(session, change, text, today)),
    ]
    found.sort(key=lambda gap: gap.state != "late")
    return [(gap.state, str(_(gap.sentence, **gap.values)), gap.part) for gap in found]
