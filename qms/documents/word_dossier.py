"""The papers of a dossier in a Word file: rows of tables and items of lists, by case. Pure."""

import re
from collections.abc import Sequence
from typing import Final

from qms.documents import word_tables
from qms.documents.kinds.typing import Typed
from qms.documents.word_blocks import Item, Line, Row
from qms.documents.word_sections import bare
from qms.text import fold

_PAPER: Final = {
    "name": r"(?:ten |loai )?(?:giay to|thanh phan|ho so|tai lieu).*",
    "originals": r"(?:so )?(?:luong )?ban chinh.*|(?:so )?ban goc.*",
    "copies": r"(?:so )?(?:luong )?ban sao.*|ban chup.*",
    "amounts": r"so luong(?: .*)?",
    "form": r"(?:ten )?(?:mau|bieu mau).*",
    "note": r"ghi chu.*",
}
_COUNT: Final = re.compile(r"(\d{1,3})")
_AMOUNTS: Final = re.compile(r"bản (chính|gốc|sao)\D{0,3}?:?\s*(\d{1,2})", re.IGNORECASE)
_BEFORE: Final = re.compile(
    r"(\d{1,2})\s*(?:\([^)]*\)\s*)?(bản chính|bản gốc|bản sao)", re.IGNORECASE
)


def papers(items: Sequence[Item]) -> list[Typed]:
    """Return the papers of a dossier."""
    found: list[Typed] = []
    case = ""
    shown = False
    where: word_tables.Columns | None = None
    for item in items:
        if isinstance(item, Line):
            said = bare(item.text).strip(" ;.")
            folded = fold(said)
            if item.text.rstrip().endswith(":") or folded.startswith("truong hop "):
                shown = "xuat trinh" in folded
                case = said.strip(" :") if "truong hop" in folded or "doi voi" in folded else ""
            elif said:
                found.append(_paper(said, case=case, shown=shown))
        elif (head := word_tables.columns(item, _PAPER)) is not None and "name" in head:
            where = head
        elif len(item.own) == 1 and any(cell.from_left for cell in item.cells):
            case = item.own[0].strip(" :;.")
            shown = "xuat trinh" in fold(case)
        elif item.own:
            found.append(_paper_row(item, where, case=case, shown=shown))
    return [each for each in found if each["name"]]


def _paper_row(row: Row, where: word_tables.Columns | None, *, case: str, shown: bool) -> Typed:
    at = where or _first_words(row)
    name = " ".join(word_tables.cell(row, at, "name").split())
    paper = _paper(name.strip(" ;"), case=case, shown=shown)
    for key in ("originals", "copies"):
        said = word_tables.cell(row, at, key)
        if number := _COUNT.search(said):
            paper[key] = str(int(number[1]))
        elif said.strip().lower() == "x":
            paper[key] = "1"
    for kind, number in _AMOUNTS.findall(word_tables.cell(row, at, "amounts")):
        paper["copies" if kind.lower() == "sao" else "originals"] = str(int(number))
    paper["form"] = word_tables.cell(row, at, "form").replace("\n", " ")
    paper["note"] = word_tables.cell(row, at, "note")
    return paper


def _first_words(row: Row) -> word_tables.Columns:
    place = next(
        i
        for i, cell in enumerate(row.cells)
        if cell.text.strip(" .") and not cell.text.strip(" .").isdigit()
    )
    return {"name": [place]}


def _paper(name: str, *, case: str, shown: bool) -> Typed:
    amounts = {kind.lower(): str(int(number)) for number, kind in _BEFORE.findall(name)}
    return {
        "case": case,
        "name": name,
        "originals": amounts.get("bản chính", amounts.get("bản gốc", "")),
        "copies": amounts.get("bản sao", ""),
        "shown_only": "y" if shown else "",
        "optional": "y" if "(nếu có)" in name.lower() else "",
        "form": "",
        "form_code": "",
        "note": "",
    }
