"""Stamps on a print that is handed out: the print as it is kept never bears one.

What lies across stands under the text in light grey, so that text and QR stay readable; what
stands in the corner or on the line at the head lies in the margin. The result is still an
archive file with tags: the words come first in its reading order, on the first page.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from io import BytesIO
from typing import Final

import pikepdf

from qms import files, laying
from qms.digests import canonical, digest

LAYOUT: Final = 1
"""Number of the layout of stamps; a new one is a new print of each."""

UNCONTROLLED: Final = "BẢN IN KHÔNG KIỂM SOÁT"

Render = Callable[[str, Mapping[str, object]], bytes]
"""From a print template and its data to a PDF."""


@dataclass(frozen=True)
class Overprint:
    """What is stamped on each page: across it, on a line at its head, in its corner."""

    across: str = ""
    remark: str = ""
    corner: str = ""
    head: bool = False

    def __bool__(self) -> bool:
        """Tell whether there is anything to stamp."""
        return bool(self.words)

    @property
    def words(self) -> str:
        """What it says to those who listen."""
        said = (self.across, self.corner.replace("\n", " – "), self.remark)
        return ". ".join(filter(None, said))


def controlled(number: int) -> Overprint:
    """Return the stamp of a controlled copy."""
    return Overprint(corner=f"TÀI LIỆU KIỂM SOÁT\nBản số {number:02}")


def uncontrolled() -> Overprint:
    """Return the stamp of a print nobody looks after."""
    return Overprint(corner=UNCONTROLLED)


def not_in_force(remark: str, *, head: bool = False) -> Overprint:
    """Return the stamp of a print that is not, or not yet, what holds; ``remark`` says how.

    With ``head`` the line stands above a running head.
    """
    across = next(
        (words for words in ("DỰ THẢO", "CHƯA CÓ HIỆU LỰC") if _begins(remark, words)),
        "HẾT HIỆU LỰC",
    )
    return Overprint(across=across, remark=remark, head=head)


def stamped(kept: bytes, over: Overprint, render: Render) -> bytes:
    """Return a print with its stamp, as PDF/A with tags where it was; the same bytes each time."""
    if not over:
        return kept
    out = BytesIO()
    with pikepdf.open(BytesIO(kept)) as paper:
        drawn: dict[bool, laying.Layers] = {}
        for number, page in enumerate(paper.pages):
            lying = page.mediabox[2] > page.mediabox[3]
            if lying not in drawn:
                with pikepdf.open(BytesIO(seal(over, render, lying=lying))) as made:
                    drawn[lying] = laying.layers(paper, made)
            mark = laying.ASIDE if number else laying.read_first(paper, page, over.words)
            laying.lay(page, drawn[lying], mark)
        paper.save(out, deterministic_id=True)
    return out.getvalue()


def seal(over: Overprint, render: Render, *, lying: bool) -> bytes:
    """Return the two empty A4 pages with what stands below and what stands above the text."""
    said = {**asdict(over), "lying": lying, "office": {"name": ""}}
    name = f"overprints/{LAYOUT}/{digest(canonical(said))}.pdf"
    made = files.kept(name)
    if made is None:
        made = render("overprint.html", said)
        files.keep(name, made)
    return made


def _begins(remark: str, words: str) -> bool:
    return remark.casefold().startswith(words.casefold())
