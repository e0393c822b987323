"""Which kinds of texts are recognised part by part in a Word file, and by whom. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from qms.documents import word_blocks, word_procedure, word_process, word_reading
from qms.documents.comparison import Section
from qms.documents.kinds.typing import Typed
from qms.documents.word_blocks import Item
from qms.documents.word_sections import Understood
from qms.errors import InvalidError


@dataclass(frozen=True)
class Recognised:
    """What a file says in the fields of a kind; ``html`` is what it was read from.

    ``told`` are the same parts as a reader sees them.
    """

    html: str
    understood: Understood
    told: Sequence[Section]


_UNDERSTAND: Final[Mapping[str, Callable[[Sequence[Item]], Understood]]] = {
    "process": word_process.understand,
    "procedure": word_procedure.understand,
}
_TELL: Final[Mapping[str, Callable[[Typed], list[Section]]]] = {
    "process": word_process.told,
    "procedure": word_procedure.told,
}


def recognise(kind: str, html: str) -> Recognised | None:
    """Return what HTML that was read from a file says to a kind; None where it is one text.

    Raises:
        InvalidError: tables stand in tables deeper than anybody can read.

    """
    if kind not in _UNDERSTAND:
        return None
    try:
        found = _UNDERSTAND[kind](word_blocks.items(html))
    except (RecursionError, ValueError) as error:
        raise InvalidError(word_reading.UNREADABLE) from error
    return Recognised(html, found, _TELL[kind](found.fields))
