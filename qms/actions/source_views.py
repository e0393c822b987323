"""What led to findings, as the features call it that know it: an audit has a number and a page."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from flask import Flask, current_app


@dataclass(frozen=True)
class Named:
    """What people call something, and its page where the visitor may open it."""

    words: str
    link: str = ""


Ask: TypeAlias = Callable[[Collection[str]], Mapping[str, Named]]
"""Names those of some references that a feature knows."""

_ASKS: Final = "qms_sources"


def init_app(app: Flask, asks: Sequence[Ask]) -> None:
    """Hand in what each later feature can name."""
    app.extensions[_ASKS] = tuple(asks)


def named(*refs: str) -> dict[str, Named]:
    """Name references; what nobody knows stands as it was written."""
    found = {each: Named(each) for each in refs}
    for ask in current_app.extensions[_ASKS]:
        found |= ask(refs)
    return found
