"""What later features show beside a text on the page of its document."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from qms.documents.kinds.base import Content
from qms.documents.models import Document, Revision
from qms.documents.reading import Visit


@dataclass(frozen=True)
class Looked:
    """A text that somebody looks at, for a day; ``draft`` where nobody has signed it."""

    document: Document
    revision: Revision
    content: Content
    on: date
    who: Visit

    @property
    def draft(self) -> bool:
        """Whether the text is not signed."""
        return self.revision.number is None


@dataclass(frozen=True)
class Panel:
    """A part of the page: its heading, a sentence for gettext, and the template that fills it.

    ``main``: below the text; otherwise beside it. ``instead``: it is the text itself, shown in
    place of the plain parts of its content.
    """

    heading: str
    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    main: bool = True
    instead: bool = False


Ask = Callable[[Session, Looked], Sequence[Panel]]
"""A feature's question: what belongs beside this text?"""
