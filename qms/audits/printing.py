"""A paper of an audit as the print template and as the workbook want it."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from qms.audits.papers import Bar, Block, Cell, Paper, Table
from qms.documents.paper import PaperSigner
from qms.registers.sheets import Leaf, bound
from qms.vietnamese import day, formal_day

TEMPLATE = "audit_paper.html"
DECIDES = "QUYẾT ĐỊNH:"
_NO_DAY = "ngày …… tháng …… năm ……"


@dataclass(frozen=True)
class Frame:
    """What stands around a paper: the office, where it is, and which form of its own it is on."""

    above: str
    name: str
    place: str
    form: str = ""


def data(paper: Paper, frame: Frame) -> dict[str, object]:
    """Return what the print template needs."""
    return {
        "office": {"above": frame.above, "name": frame.name},
        "place": frame.place,
        "form": frame.form,
        "title": paper.title,
        "about": paper.about,
        "number": paper.number,
        "on": formal_day(paper.on) if paper.on else _NO_DAY if paper.number else "",
        "wide": paper.wide,
        "authority": paper.authority,
        "grounds": list(paper.grounds),
        "receivers": list(paper.receivers),
        "signers": [asdict(each) for each in paper.signers],
        "blocks": [_block(each) for each in paper.blocks],
    }


def workbook(paper: Paper, frame: Frame) -> bytes:
    """Return a paper as XLSX: a sheet for each table, and one for what it says in words."""
    tables = [each for each in paper.blocks if isinstance(each, Table)]
    said = Leaf("Nội dung", (("Nội dung", 90),), [(each,) for each in _words(paper, frame)])
    leaves = [
        Leaf(f"{number} {each.title or paper.title}", each.columns, each.rows)
        for number, each in enumerate(tables, 1)
    ]
    heading = [each for each in (frame.above, frame.name, frame.form) if each]
    signers = [_signs(each) for each in paper.signers]
    return bound(heading, paper.title, paper.about, [*leaves, said], signers)


def _words(paper: Paper, frame: Frame) -> Iterator[str]:
    """Give what a paper says beside its tables, in its order."""
    if paper.number:
        place = f"{frame.place}, " if frame.place else ""
        yield f"{paper.number}; {place}{formal_day(paper.on) if paper.on else _NO_DAY}"
    yield from filter(None, (paper.authority.upper(), *paper.grounds))
    if paper.grounds:
        yield DECIDES
    for block in paper.blocks:
        if isinstance(block, str):
            yield block
        elif isinstance(block, Table):
            yield from (f"{block.title}: {one}" for one in block.words)
    if paper.receivers:
        yield "\n".join(("Nơi nhận:", *(f"- {each}" for each in paper.receivers)))


def _signs(who: PaperSigner) -> str:
    return "\n".join(filter(None, (who.power.upper(), who.title.upper(), who.name)))


def _block(block: Block) -> object:
    if isinstance(block, str):
        return block
    if isinstance(block, Bar):
        return {"progress": block.progress}
    return {
        "title": block.title,
        "words": list(block.words),
        "middle": [_wordless(cells) for cells in zip(*block.rows, strict=True)],
        "columns": [list(each) for each in block.columns],
        "rows": [[_said(cell) for cell in cells] for cells in block.rows],
    }


def _wordless(cells: Sequence[Cell]) -> bool:
    """Tell whether a column has only days, hours and numbers."""
    return not any(isinstance(each, str) and any(map(str.isalpha, each)) for each in cells)


def _said(cell: Cell) -> str:
    if isinstance(cell, date):
        return day(cell)
    return "" if cell is None else str(cell)
