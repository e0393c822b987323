"""What later features have to say of a decision before somebody signs it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from qms.documents.impact import Matter


@dataclass(frozen=True)
class Remark:
    """A sentence for gettext, with the numbers in it and the names."""

    sentence: str
    numbers: Mapping[str, int]
    names: Mapping[str, str] = field(default_factory=dict)


Ask = Callable[[Session, Matter], Sequence[Remark]]
"""A feature's question: what should whoever reviews or signs this decision know?"""
