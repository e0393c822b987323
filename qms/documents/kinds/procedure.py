"""An administrative procedure (thủ tục hành chính) as it is announced and posted.

Source: Nghị định 63/2010/NĐ-CP, Điều 8 khoản 2 (the parts a procedure must have).
"""

from enum import StrEnum
from typing import Final, Literal

from pydantic import Field

from qms.documents.comparison import Section
from qms.documents.kinds.base import Code, Content, Line, Link, Part, Relation, Text
from qms.documents.kinds.fees import Channel, FeeLine, Rate
from qms.documents.kinds.parts import (
    LegalReference,
    Mark,
    legal_links,
    legal_table,
    prose,
    table,
)
from qms.vietnamese import money


class LimitUnit(StrEnum):
    """What a time limit counts."""

    WORKING_DAY = "working_day"
    DAY = "day"
    HOUR = "hour"
    MONTH = "month"
    SAME_DAY = "same_day"
    OTHER = "other"


class TimeLimit(Part):
    """How long the office may take; ``count`` is None where only ``note`` says it."""

    count: int | None = Field(default=None, ge=0)
    unit: LimitUnit = LimitUnit.OTHER
    note: Text = ""


class Method(Part):
    """One way to hand in one case: channel, limit and the catalogue's prices."""

    channel: Channel
    case: Text = ""
    limit: TimeLimit | None = None
    fees: tuple[FeeLine, ...] = ()
    note: Text = ""


class DossierItem(Part):
    """One paper of the dossier. ``originals`` and ``copies`` are None where nobody said.

    ``form`` is what the source calls its form, ``form_code`` the form here that it is.
    """

    case: Text = ""
    name: Text
    originals: int | None = Field(default=None, ge=0)
    copies: int | None = Field(default=None, ge=0)
    shown_only: bool = False
    optional: bool = False
    form: Line = ""
    form_code: Code = ""
    note: Text = ""


class Certainty(Part):
    """How sure the parts named in ``fields`` are, and on what ground."""

    mark: Mark
    fields: tuple[Line, ...]
    note: Line = ""


class Procedure(Content):
    """The parts a notice must show, in the order of the law."""

    kind: Literal["procedure"] = "procedure"
    field: Line = ""
    levels: tuple[Line, ...] = ()
    category: Line = ""
    announced_by: Line = ""
    steps: Text = ""
    methods: tuple[Method, ...] = ()
    dossier: tuple[DossierItem, ...] = ()
    sets: int | None = Field(default=None, ge=1)
    applicants: Text = ""
    handled_by: Text = ""
    decided_by: Text = ""
    delegated_to: Text = ""
    coordinated_with: Text = ""
    address: Text = ""
    result: Text = ""
    conditions: Text = ""
    legal_basis: tuple[LegalReference, ...] = ()
    keywords: Text = ""
    description: Text = ""
    note: Text = ""
    status: Literal["", "repealed"] = ""
    sources: tuple[Line, ...] = ()
    certainty: tuple[Certainty, ...] = ()

    def sections(self) -> list[Section]:
        """Return the parts in the order of the law, tables as tables."""
        methods = tuple(
            (m.case, CHANNEL_WORDS[m.channel], limit_words(m.limit), fee_words(m), m.note)
            for m in self.methods
        )
        dossier = tuple(
            (d.name, d.case, _count(d.originals), _count(d.copies), _manner(d))
            for d in self.dossier
        )
        parts = [
            prose("field", "Lĩnh vực", self.field),
            prose("levels", "Cấp thực hiện", ", ".join(self.levels)),
            prose("category", "Loại thủ tục", self.category),
            prose("announced_by", "Quyết định công bố", self.announced_by),
            prose("steps", "Trình tự thực hiện", self.steps),
            table("methods", "Cách thức, thời hạn, phí và lệ phí", METHOD_HEAD, methods),
            table("dossier", "Thành phần hồ sơ", DOSSIER_HEAD, dossier),
            prose("sets", "Số lượng hồ sơ", sets_words(self.sets)),
            prose("applicants", "Đối tượng thực hiện", self.applicants),
            prose("handled_by", "Cơ quan thực hiện", self.handled_by),
            prose("decided_by", "Cơ quan có thẩm quyền", self.decided_by),
            prose("delegated_to", "Cơ quan được ủy quyền", self.delegated_to),
            prose("coordinated_with", "Cơ quan phối hợp", self.coordinated_with),
            prose("address", "Địa chỉ tiếp nhận", self.address),
            prose("result", "Kết quả thực hiện", self.result),
            prose("conditions", "Yêu cầu, điều kiện", self.conditions),
            legal_table("legal_basis", "Căn cứ pháp lý", self.legal_basis),
            prose("keywords", "Từ khóa", self.keywords),
            prose("description", "Mô tả", self.description),
            prose("note", "Ghi chú", self.note),
            prose("status", "Tình trạng", "Đã bị bãi bỏ" if self.status else ""),
            prose("sources", "Nguồn dữ liệu", "\n".join(self.sources)),
        ]
        sure = _sure(self.certainty, {part.name: part.label for part in parts})
        return [*parts, sure, prose("label", "Nhãn", self.label)]

    def words(self) -> str:
        """Return what a person may look for in a procedure."""
        parts = [self.field, self.steps, self.applicants, self.handled_by, self.result]
        parts += [item.name for item in self.dossier]
        parts += [self.conditions, self.keywords, self.description]
        parts += [f"{basis.number} {basis.name}" for basis in self.legal_basis]
        return "\n".join(part for part in parts if part)

    def links(self) -> list[Link]:
        """Return the forms of the dossier and the legal texts that are on record here."""
        forms = dict.fromkeys(item.form_code for item in self.dossier if item.form_code)
        return [
            *(Link(Relation.USES_FORM, "form", code, "dossier") for code in forms),
            *legal_links(self.legal_basis, "legal_basis"),
        ]

    def topic(self) -> str:
        """Return the field (lĩnh vực)."""
        return self.field


CHANNEL_WORDS: Final = {
    Channel.DIRECT: "Trực tiếp",
    Channel.ONLINE: "Trực tuyến",
    Channel.POSTAL: "Bưu chính công ích",
}
LIMIT_WORDS: Final = {
    LimitUnit.WORKING_DAY: "ngày làm việc",
    LimitUnit.DAY: "ngày",
    LimitUnit.HOUR: "giờ",
    LimitUnit.MONTH: "tháng",
}
RATE_WORDS: Final = {
    Rate.NONE: "Không thu",
    Rate.EXEMPT: "Miễn",
    Rate.UNKNOWN: "Chưa xác định",
}
MARK_WORDS: Final = {
    Mark.FOUND: "Có nguồn",
    Mark.DERIVED: "Viết gọn theo nguồn",
    Mark.FROM_MEMORY: "Chưa kiểm chứng",
    Mark.UNKNOWN: "Chưa xác định",
}
METHOD_HEAD: Final = ("Trường hợp", "Hình thức nộp", "Thời hạn", "Phí, lệ phí", "Mô tả")
DOSSIER_HEAD: Final = ("Giấy tờ", "Trường hợp", "Bản chính", "Bản sao", "Ghi chú")
OTHER_WORDS: Final = {
    "code": "Mã thủ tục",
    "title": "Tên thủ tục",
    "limits": "Thời hạn",
    "fees": "Phí, lệ phí",
}
CERTAINTY_HEAD: Final = ("Phần", "Mức", "Căn cứ")


def limit_words(limit: TimeLimit | None) -> str:
    """Say a time limit the customary way: "03 ngày làm việc"; empty where nobody said."""
    if limit is None:
        return ""
    if limit.unit is LimitUnit.SAME_DAY:
        return "Ngay trong ngày"
    if limit.count is None or limit.unit is LimitUnit.OTHER:
        return limit.note
    return f"{limit.count:02d} {LIMIT_WORDS[limit.unit]}"


def rate_words(line: FeeLine) -> str:
    """Say how much: an amount with its unit, or one of the words that are no amount."""
    unit = line.unit.removeprefix("đồng").strip()
    if line.rate is Rate.AMOUNT:
        return _amount_words(line.amount or 0, unit)
    if line.rate is Rate.STEPS:
        one = unit.removeprefix("/") or "đơn vị"
        steps = "; ".join(
            f"từ {one} thứ {step.from_unit}: {_amount_words(step.amount, unit)}"
            for step in line.steps
        )
        return f"{steps}; tối đa {money(line.cap)}" if line.cap is not None else steps
    return RATE_WORDS[line.rate]


def _amount_words(amount: int, unit: str) -> str:
    return (
        f"{money(amount)}{unit}" if unit.startswith("/") else f"{money(amount)} {unit}".strip()
    )


def fee_words(method: Method) -> str:
    """Say all prices of a method, one a line."""
    return "\n".join(
        ": ".join(part for part in (line.case or line.name, rate_words(line)) if part)
        + (f" ({line.note})" if line.note else "")
        for line in method.fees
    )


def sets_words(sets: int | None) -> str:
    """Say the number of dossiers: "01 bộ"."""
    return "" if sets is None else f"{sets:02d} bộ"


def _count(value: int | None) -> str:
    return "" if value is None else str(value)


def _manner(item: DossierItem) -> str:
    words = ["xuất trình"] if item.shown_only else []
    words += ["nếu có"] if item.optional else []
    words += [word for word in (item.form_code or item.form, item.note) if word]
    return "; ".join(words)


def _sure(marks: tuple[Certainty, ...], labels: dict[str, str]) -> Section:
    words = labels | OTHER_WORDS
    rows = tuple(
        (", ".join(words.get(name, name) for name in c.fields), MARK_WORDS[c.mark], c.note)
        for c in marks
    )
    return table("certainty", "Độ tin cậy", CERTAINTY_HEAD, rows)
