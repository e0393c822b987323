"""The record of a legal text of another body: what it is, from when to when it is in force."""

from datetime import date
from enum import StrEnum
from typing import Final, Literal, Self

from pydantic import field_validator, model_validator

from qms.documents.comparison import Section
from qms.documents.kinds.base import Content, Line, Link, Relation, Text
from qms.documents.kinds.parts import (
    FileRef,
    LegalReference,
    legal_links,
    legal_table,
    prose,
)
from qms.documents.rules import number_key
from qms.errors import N_
from qms.text import fold
from qms.vietnamese import day

Identity = tuple[str, str, date]
"""Number and issuer without accents, and the day on the paper."""


class LegalType(StrEnum):
    """What kind of legal text it is. Source: Luật Ban hành văn bản quy phạm pháp luật 64/2025/QH15."""

    LAW = "law"
    ORDINANCE = "ordinance"
    DECREE = "decree"
    RESOLUTION = "resolution"
    CIRCULAR = "circular"
    JOINT_CIRCULAR = "joint_circular"
    DECISION = "decision"
    STANDARD = "standard"
    OTHER = "other"


TYPE_WORDS: Final = {
    LegalType.LAW: N_("Luật"),
    LegalType.ORDINANCE: N_("Pháp lệnh"),
    LegalType.DECREE: N_("Nghị định"),
    LegalType.RESOLUTION: N_("Nghị quyết"),
    LegalType.CIRCULAR: N_("Thông tư"),
    LegalType.JOINT_CIRCULAR: N_("Thông tư liên tịch"),
    LegalType.DECISION: N_("Quyết định"),
    LegalType.STANDARD: N_("Tiêu chuẩn"),
    LegalType.OTHER: N_("Văn bản khác"),
}


class LegalText(Content):
    """Number, issuer and date identify it; ``last_day`` is the last day it is in force."""

    kind: Literal["legal"] = "legal"
    type: LegalType = LegalType.OTHER
    number: Line = ""
    issuer: Line = ""
    dated: date | None = None
    in_force_from: date | None = None
    last_day: date | None = None
    amends: tuple[LegalReference, ...] = ()
    replaced_by: tuple[LegalReference, ...] = ()
    governs: Text = ""
    applied_at: Text = ""
    address: Line = ""
    file: FileRef | None = None
    note: Text = ""

    @field_validator("address")
    @classmethod
    def _address_is_safe(cls, value: str) -> str:
        if value and not value.startswith("https://"):
            raise ValueError("an address begins with https://")
        return value

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.in_force_from and self.last_day and self.last_day < self.in_force_from:
            raise ValueError("the last day is before the first")
        return self

    @property
    def identity(self) -> Identity | None:
        """What tells it from every other legal text; None where a part of it is unknown."""
        number, issuer = number_key(self.number), fold(self.issuer)
        return (number, issuer, self.dated) if number and issuer and self.dated else None

    def holds(self, on: date) -> bool:
        """Tell whether the text is in force on a day, as far as its days are known."""
        return (self.in_force_from or date.min) <= on <= (self.last_day or date.max)

    def sections(self) -> list[Section]:
        """Return the parts in reading order."""
        return [
            prose("type", "Loại văn bản", TYPE_WORDS[self.type]),
            prose("number", "Số, ký hiệu", self.number),
            prose("issuer", "Cơ quan ban hành", self.issuer),
            prose("dated", "Ngày ban hành", _day(self.dated)),
            prose("in_force_from", "Có hiệu lực từ ngày", _day(self.in_force_from)),
            prose("last_day", "Ngày cuối cùng còn hiệu lực", _day(self.last_day)),
            legal_table("amends", "Sửa đổi, bổ sung", self.amends),
            legal_table("replaced_by", "Được thay thế bằng", self.replaced_by),
            prose("governs", "Quy định về", self.governs),
            prose("applied_at", "Nơi áp dụng", self.applied_at),
            prose("address", "Địa chỉ tra cứu", self.address),
            prose("file", "Tệp văn bản", self.file.name if self.file else ""),
            prose("note", "Ghi chú", self.note),
            prose("label", "Nhãn", self.label),
        ]

    def words(self) -> str:
        """Return what a person may look for in a legal text."""
        parts = (self.number, self.issuer, self.governs, self.applied_at, self.note)
        return "\n".join(part for part in parts if part)

    def links(self) -> list[Link]:
        """Return the legal texts on record here that it amends or that replace it."""
        return [
            *legal_links(self.amends, "amends", Relation.AMENDS),
            *legal_links(self.replaced_by, "replaced_by", Relation.REPLACED_BY),
        ]


def _day(value: date | None) -> str:
    return day(value) if value else ""
