"""A board as a table for spreadsheets: one procedure a row."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from qms.api.shapes import Price, Procedure, Way
from qms.documents.kinds.procedure import CHANNEL_WORDS
from qms.vietnamese import day

HEAD: Final = (
    *("Mã thủ tục", "Tên thủ tục", "Lĩnh vực", "Hình thức nộp", "Thời hạn", "Phí, lệ phí"),
    *("Thành phần hồ sơ", "Biểu mẫu", "Cơ quan thực hiện", "Kết quả", "Có hiệu lực từ"),
    *("Quyết định", "Trang"),
)
MARK: Final = "\ufeff"
"""By which Excel knows UTF-8."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def written(found: Sequence[Procedure]) -> bytes:
    """Return procedures as CSV (RFC 4180) in UTF-8."""
    out = io.StringIO(newline="")
    out.write(MARK)
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(HEAD)
    rows.writerows([harmless(cell) for cell in _row(each)] for each in found)
    return out.getvalue().encode()


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _row(each: Procedure) -> tuple[str, ...]:
    ways = dict.fromkeys(CHANNEL_WORDS[way.channel] for way in each.ways)
    return (
        each.code,
        each.title,
        each.field,
        ", ".join(ways),
        _lines(_limit(way) for way in each.ways),
        _lines(_price(price) for price in each.prices),
        _lines(paper.name for paper in each.dossier),
        _lines(f"{form.code} {form.title}" for form in each.forms),
        each.handled_by,
        each.result,
        day(each.first_day),
        each.decision.number,
        each.page,
    )


def _limit(way: Way) -> str:
    words = (way.limit.words or way.limit.note) if way.limit else ""
    return ": ".join(part for part in (way.case, words) if part) if words else ""


def _price(price: Price) -> str:
    return ": ".join(part for part in (price.case or price.name, price.words) if part)


def _lines(said: Iterable[str]) -> str:
    """Return what is said, each once, one a line."""
    words = (each.strip() for each in said)
    return "\n".join(each for each in dict.fromkeys(words) if each)
