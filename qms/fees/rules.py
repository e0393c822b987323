"""Fee lines as people read them: one row for each price, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from qms.documents.kinds.fees import Rate
from qms.documents.kinds.parts import Mark
from qms.documents.kinds.procedure import CHANNEL_WORDS, MARK_WORDS, rate_words
from qms.documents.price_rules import Held
from qms.text import search_key, slug, sort_key
from qms.vietnamese import amount_in_words


@dataclass(frozen=True)
class Row:
    """One price: the line and its days, and the title of the procedure it prices."""

    held: Held
    procedure_title: str = ""

    @property
    def address(self) -> str:
        """The code of the procedure as it stands in addresses."""
        return slug(self.held.line.procedure)

    @property
    def rate(self) -> str:
        """How much, in figures or in one word."""
        return rate_words(self.held.line)

    @property
    def in_words(self) -> str:
        """The amount in words; empty where the line has no single amount."""
        amount = self.held.line.amount
        return "" if amount is None else amount_in_words(amount)

    @property
    def unknown(self) -> bool:
        """Whether nobody has said how much."""
        return self.held.line.rate is Rate.UNKNOWN

    @property
    def channels(self) -> tuple[str, ...]:
        """The ways of handing in that it prices; none for all."""
        return tuple(CHANNEL_WORDS[each] for each in self.held.line.channels)

    @property
    def territory(self) -> str:
        """Where it holds; empty for everywhere."""
        return self.held.line.territory or ", ".join(self.held.line.units)

    @property
    def doubt(self) -> str:
        """How sure it is, where it is not from a source."""
        mark = self.held.line.mark
        return "" if mark in {None, Mark.FOUND} else MARK_WORDS[mark or Mark.FOUND]

    @cached_property
    def key(self) -> str:
        """What a search looks into."""
        line = self.held.line
        said = (line.procedure, self.procedure_title, line.name, line.case)
        return search_key(" ".join((*said, line.legal_basis, self.held.source.title)))


def rows(lines: Iterable[Held], titles: Mapping[str, str]) -> list[Row]:
    """Return rows in the order of fields, procedures and fees."""
    found = [Row(each, titles.get(each.line.procedure, "")) for each in lines]
    return sorted(
        found,
        key=lambda row: (
            sort_key(row.held.source.topic),
            row.held.source.code,
            row.held.place,
        ),
    )


def matching(found: Sequence[Row], words: str, topic: str | None) -> list[Row]:
    """Return the rows of a field that hold all words, with or without accents."""
    wanted = search_key(words).split()
    return [
        row
        for row in found
        if (topic is None or row.held.source.topic == topic)
        and all(word in row.key for word in wanted)
    ]
