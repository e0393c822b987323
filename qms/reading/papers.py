"""The list of those who have read a text, as a workbook and as paper to sign."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from qms.reading.looking import Looked
from qms.reading.watching import Reader
from qms.registers import sheets
from qms.registers.rules import Cell, Row
from qms.units.models import Heading
from qms.vietnamese import day, formal_day

FORM: Final = "register.html"
"""The print template of every list."""
TITLE: Final = "Danh sách đã đọc và nắm được"
COLUMNS: Final = (
    ("Họ và tên", 25),
    ("Chức vụ", 24),
    ("Đơn vị", 24),
    ("Ngày đọc", 12),
    ("Ký nhận", 15),
)
SIGNERS: Final = ("NGƯỜI LẬP", "TRƯỞNG ĐƠN VỊ")


@dataclass(frozen=True)
class SignatureList:
    """Who has read a text and who has not; ``units`` are the names of their units."""

    looked: Looked
    readers: Sequence[Reader]
    units: Mapping[int, str]
    heading: Heading | None

    @property
    def words(self) -> str:
        """The text, as paper names it."""
        text, first = self.looked.revision, self.looked.first_day
        from_day = f", có hiệu lực từ {formal_day(first)}" if first else ""
        return f"{self.looked.code} – {text.title}, lần BH/SĐ {self.looked.printed}{from_day}"

    @property
    def rows(self) -> list[tuple[Cell, ...]]:
        """The lines; the place to sign stays empty."""
        return [
            (
                each.name,
                each.title,
                "\n".join(self.units.get(unit, "") for unit in each.units),
                each.day,
                "",
            )
            for each in self.readers
        ]

    def workbook(self) -> bytes:
        """Return it as XLSX."""
        above = (
            [self.heading.superior.replace("\n", " "), self.heading.name]
            if self.heading
            else []
        )
        return sheets.written(
            [each for each in above if each],
            TITLE,
            self.words,
            COLUMNS,
            [Row(self.looked.revision.document_id, cells) for cells in self.rows],
            SIGNERS,
        )

    def paper(self) -> dict[str, object]:
        """Return what the print template needs."""
        head = self.heading
        return {
            "office": {
                "above": head.superior if head else "",
                "name": head.name if head else "",
            },
            "title": TITLE.upper(),
            "words": self.words,
            "columns": [list(each) for each in COLUMNS],
            "named": 0,
            "rows": [
                [day(cell) if isinstance(cell, date) else str(cell or "") for cell in cells]
                for cells in self.rows
            ],
            "signers": list(SIGNERS),
        }
