"""What stands in a book, under which name it is kept, and what its front says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from qms.books.rules import Asked
from qms.digests import canonical, digest
from qms.notices.prints import Print
from qms.overprints import Overprint, controlled, not_in_force, uncontrolled

LAYOUT: Final = 1
"""Number of the layout; a new one is another book of the same sheets."""
OTHER_FIELDS: Final = "Lĩnh vực khác"
FEES: Final = "Bảng phí, lệ phí"
ROWS: Final = 26
"""Lines of the contents that about fill a page."""


@dataclass(frozen=True)
class Leaf:
    """One part of a book: a print of ours, or the PDF of a form by its SHA-256.

    ``remark`` says that it is not what holds today; ``form`` that it belongs to the one before.
    """

    title: str
    code: str
    made: Print | None
    file: str = ""
    remark: str = ""
    form: bool = False

    @property
    def name(self) -> str:
        """What tells the pages of this part from those of any other."""
        return self.made.name if self.made else self.file


@dataclass(frozen=True)
class Chapter:
    """The parts of one field."""

    name: str
    leaves: Sequence[Leaf]


@dataclass(frozen=True)
class Plan:
    """A whole book before it is bound; ``head`` is its office: name and superior body."""

    asked: Asked
    head: Mapping[str, str]
    chapters: Sequence[Chapter]

    @property
    def leaves(self) -> list[Leaf]:
        """All parts in their order."""
        return [leaf for chapter in self.chapters for leaf in chapter.leaves]

    @property
    def sheets(self) -> int:
        """How many procedures there are."""
        return sum(not leaf.form and leaf.code != "" for leaf in self.leaves)

    @property
    def digest(self) -> str:
        """The name of all that its reader sees: the same book has the same."""
        asked = self.asked
        return digest(
            canonical(
                {
                    "layout": LAYOUT,
                    "asked": [asked.unit, asked.field, asked.on.isoformat(), asked.paper.value],
                    "bound": asked.bound,
                    "number": asked.number,
                    "head": dict(self.head),
                    "chapters": [
                        [c.name, [[x.title, x.code, x.name, x.remark] for x in c.leaves]]
                        for c in self.chapters
                    ],
                }
            )
        )


def kept_as(digest_of_plan: str) -> str:
    """Return the name under which a book is kept."""
    return f"books/{digest_of_plan}.pdf"


def stamp(asked: Asked, remark: str) -> Overprint:
    """Return what is stamped on the pages of a part: which copy it is, and that it is not valid."""
    corner = (controlled(asked.number) if asked.number else uncontrolled()).corner
    if not remark:
        return Overprint(corner=corner)
    over = not_in_force(remark)
    return Overprint(across=over.across, remark=over.remark, corner=corner)


def front_data(plan: Plan, first: Sequence[int]) -> dict[str, object]:
    """Return what ``book_front.html`` needs; ``first`` are the pages on which parts begin."""
    asked, at = plan.asked, iter(enumerate(first))
    chapters = []
    for chapter in plan.chapters:
        rows = [
            {"leaf": n, "page": page, "code": x.code, "title": x.title, "form": x.form}
            for x, (n, page) in zip(chapter.leaves, at, strict=False)
        ]
        chapters.append({"name": chapter.name, "rows": rows})
    return {
        "paper": asked.paper.value,
        "office": plan.head,
        "field": asked.field,
        "on": asked.on,
        "sheets": plan.sheets,
        "fields": sum(any(x.code for x in chapter.leaves) for chapter in plan.chapters),
        "number": asked.number,
        "digest": plan.digest,
        "chapters": chapters,
    }


def guess(plan: Plan) -> int:
    """Return about how many pages cover and contents take."""
    return 1 + -(-(len(plan.leaves) + 2 * len(plan.chapters)) // ROWS)
