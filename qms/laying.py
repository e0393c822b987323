"""Drawings of one PDF laid on the pages of another: under the text, and over it. Pure."""

from dataclasses import dataclass
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name

BELOW: Final = Name("/StampBelow")
ABOVE: Final = Name("/StampAbove")
ASIDE: Final = b"/Artifact BMC"
"""Begins what readers of tags pass over."""

_MARKED: Final = {"BDC", "BMC", "EMC"}


@dataclass(frozen=True)
class Layers:
    """What two pages draw, as a paper holds it, and how wide they are."""

    below: pikepdf.Object
    above: pikepdf.Object
    width: float


def layers(paper: pikepdf.Pdf, seal: pikepdf.Pdf) -> Layers:
    """Take what the two pages of ``seal`` draw into ``paper``, without tags of its own."""
    below, above = (_drawing(paper, page) for page in seal.pages)
    return Layers(below, above, float(seal.pages[0].mediabox[2]))


def lay(page: pikepdf.Page, drawn: Layers, mark: bytes = ASIDE) -> None:
    """Draw under and over all that a page draws, wide enough to fill it.

    ``mark`` begins what is drawn over it; see :func:`read_first`.
    """
    page.add_resource(drawn.below, Name.XObject, BELOW)
    page.add_resource(drawn.above, Name.XObject, ABOVE)
    scale = (float(page.mediabox[2]) - float(page.mediabox[0])) / drawn.width
    page.contents_add(_call(BELOW, scale, ASIDE) + b" q", prepend=True)
    page.contents_add(b"Q " + _call(ABOVE, scale, mark))


def read_first(paper: pikepdf.Pdf, page: pikepdf.Page, words: str) -> bytes:
    """Put words before all that a page says to those who listen to it; return their mark."""
    tree = paper.Root.get("/StructTreeRoot")
    if tree is None or "/StructParents" not in page.obj:
        return ASIDE
    nums = tree.ParentTree.Nums
    keys = [int(nums[at]) for at in range(0, len(nums), 2)]
    own = nums[2 * keys.index(int(page.obj.StructParents)) + 1]
    mark = b"/P <</MCID %d>> BDC" % len(own)
    document = tree.K[0]
    told = Dictionary(
        Type=Name.StructElem,
        S=Name.P,
        P=document,
        Pg=page.obj,
        K=Array([len(own)]),
        ActualText=pikepdf.String(words),
    )
    document.K.insert(0, paper.make_indirect(told))
    own.append(document.K[0])
    return mark


def _drawing(paper: pikepdf.Pdf, page: pikepdf.Page) -> pikepdf.Object:
    drawn = [
        each for each in pikepdf.parse_content_stream(page) if str(each.operator) not in _MARKED
    ]
    form = paper.copy_foreign(page.as_form_xobject())
    form.write(pikepdf.unparse_content_stream(drawn))
    return form


def _call(name: pikepdf.Name, scale: float, mark: bytes) -> bytes:
    return b"%s q %.6f 0 0 %.6f 0 0 cm %s Do Q EMC" % (mark, scale, scale, str(name).encode())
