"""What features let begin once something public was done, in the transaction that did it."""

from collections.abc import Callable, Sequence
from typing import Final

from flask import Flask, current_app
from sqlalchemy.orm import Session

from qms.trail import Act

Enqueue = Callable[[Session, Act], object]
"""Lets work begin after the commit; does nothing else."""

_ASKED: Final = "qms_afterwards"


def init_app(app: Flask, asked: Sequence[Enqueue]) -> None:
    """Hand in what each feature wants done."""
    app.extensions[_ASKED] = tuple(asked)


def begin(session: Session, act: Act) -> None:
    """Let all of it begin."""
    asked: tuple[Enqueue, ...] = current_app.extensions[_ASKED]
    for each in asked:
        each(session, act)
