"""The procedures behind everyday words: what people mean by “sao y” or “độc thân”."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from qms.documents import everyday, search
from qms.documents.search import Hit, Shelves
from qms.documents.search_rules import asked

_BY_NAME: Final = 6
"""Procedures by one everyday name."""


@dataclass(frozen=True)
class Meant:
    """What everyday words were taken for, and the procedures of those names, each once.

    ``whole``: nothing else was said, so these come before all others.
    """

    names: tuple[str, ...] = ()
    hits: Sequence[Hit] = ()
    whole: bool = False


def meant(session: Session, shelves: Shelves, words: str) -> Meant:
    """Return what stands on some shelves under the names of everyday words."""
    said = everyday.read(words)
    found: dict[int, Hit] = {}
    for name in said.names:
        hits = search.find(session, shelves, asked(name), page=1, size=_BY_NAME).hits
        found |= {hit.document_id: hit for hit in hits if hit.named}
    return Meant(said.names if found else (), list(found.values()), said.whole)
