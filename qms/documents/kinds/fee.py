"""A fee schedule: the prices that one body sets, and how they are collected.

Source: Luật Phí và lệ phí 97/2015/QH13, Điều 14 khoản 1 (what must be made public).
"""

from typing import Final, Literal

from qms.documents.comparison import Section
from qms.documents.kinds.base import Content, Line, Link, Relation, Text
from qms.documents.kinds.fees import FeeLine
from qms.documents.kinds.parts import LegalReference, legal_links, legal_table, prose, table
from qms.documents.kinds.procedure import CHANNEL_WORDS, rate_words
from qms.vietnamese import day

LINE_HEAD: Final = (
    *("Tên phí, lệ phí", "Thủ tục", "Trường hợp", "Hình thức nộp", "Địa bàn", "Mức thu"),
    *("Từ ngày", "Đến hết ngày", "Căn cứ"),
)


class FeeSchedule(Content):
    """Fee lines, with what the law wants told beside them."""

    kind: Literal["fee"] = "fee"
    field: Line = ""
    collector: Text = ""
    collection: Text = ""
    payers: Text = ""
    exemptions: Text = ""
    legal_basis: tuple[LegalReference, ...] = ()
    lines: tuple[FeeLine, ...] = ()
    note: Text = ""
    sources: tuple[Line, ...] = ()

    def sections(self) -> list[Section]:
        """Return the parts in reading order, the lines as one table."""
        rows = tuple(
            (
                line.name,
                line.procedure,
                line.case,
                ", ".join(CHANNEL_WORDS[each] for each in line.channels),
                line.territory or ", ".join(line.units),
                rate_words(line),
                day(line.first_day) if line.first_day else "",
                day(line.last_day) if line.last_day else "",
                line.legal_basis,
            )
            for line in self.lines
        )
        return [
            prose("field", "Lĩnh vực", self.field),
            table("lines", "Mức thu", LINE_HEAD, rows),
            prose("collector", "Đơn vị thu", self.collector),
            prose("collection", "Phương thức thu", self.collection),
            prose("payers", "Đối tượng nộp", self.payers),
            prose("exemptions", "Miễn, giảm", self.exemptions),
            legal_table("legal_basis", "Căn cứ pháp lý", self.legal_basis),
            prose("note", "Ghi chú", self.note),
            prose("sources", "Nguồn dữ liệu", "\n".join(self.sources)),
            prose("label", "Nhãn", self.label),
        ]

    def words(self) -> str:
        """Return what a person may look for in a schedule."""
        parts = [self.field, self.payers, self.exemptions, self.note]
        for line in self.lines:
            parts += [line.name, line.procedure, line.case, line.legal_basis]
        parts += [f"{basis.number} {basis.name}" for basis in self.legal_basis]
        return "\n".join(dict.fromkeys(part for part in parts if part))

    def links(self) -> list[Link]:
        """Return the procedures that are priced, and the legal texts on record here."""
        codes = dict.fromkeys(line.procedure for line in self.lines if line.procedure)
        priced = [Link(Relation.CHARGES, "procedure", code, "lines") for code in codes]
        return [*priced, *legal_links(self.legal_basis, "legal_basis")]

    def topic(self) -> str:
        """Return the field (lĩnh vực)."""
        return self.field
