"""What the contents of all kinds of documents have in common."""

from abc import abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from qms.documents.comparison import Section

Line = Annotated[str, StringConstraints(max_length=1_000)]
"""A short text on one line."""

Code = Annotated[str, StringConstraints(max_length=100)]
"""The code of another document."""

Text = Annotated[str, StringConstraints(max_length=200_000)]
"""A text of many lines."""


class Relation(StrEnum):
    """Why a text names another document."""

    USES_FORM = "uses_form"
    CHARGES = "charges"
    BASED_ON = "based_on"
    DESCRIBES = "describes"
    RECORDS_ON = "records_on"
    AMENDS = "amends"
    REPLACED_BY = "replaced_by"


@dataclass(frozen=True, order=True)
class Link:
    """A document that a text names: by kind and code, so that each day finds its own text.

    ``part`` is the part of the text that names it, to jump to.
    """

    relation: Relation
    kind: str
    code: str
    part: str = ""


class Part(BaseModel):
    """A value inside a content: never changed in place, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Content(Part):
    """The text of one revision; ``schema_`` is the number of the layout it is written in."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    label: Line = ""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @abstractmethod
    def sections(self) -> list[Section]:
        """Return the parts in reading order, for comparison."""

    @abstractmethod
    def words(self) -> str:
        """Return all that can be searched for, in reading order."""

    def links(self) -> list[Link]:
        """Return the documents the text names, in reading order; none where the kind has none."""
        return []

    def files(self) -> list[str]:
        """Return the SHA-256 of each file the text hands out; none where the kind has none."""
        return []

    def topic(self) -> str:
        """Return the field of work it belongs to; empty where the kind has none."""
        return ""
