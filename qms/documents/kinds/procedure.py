"""An administrative procedure (thủ tục hành chính) as it is announced and posted.

Source: Nghị định 63/2010/NĐ-CP, Điều 8 khoản 2 (the parts a procedure must have).
"""

from enum import StrEnum
from typing import Final, Literal

from pydantic import Field

from qms.documents.comparison import Block, Paragraph, Section, Table
from qms.documents.kinds.base import Content, Line, Part, Text
from qms.documents.kinds.fees import Channel, FeeLine, Rate
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
    """One paper of the dossier. ``originals`` and ``copies`` are None where nobody said."""

    case: Text = ""
    name: Text
    originals: int | None = Field(default=None, ge=0)
    copies: int | None = Field(default=None, ge=0)
    shown_only: bool = False
    optional: bool = False
    form: Line = ""
    note: Text = ""


class LegalReference(Part):
    """A legal text named as the ground; ``number`` is empty where the source has none."""

    name: Text
    number: Line = ""


class Mark(StrEnum):
    """How sure a fact of the starter library is."""

    FOUND = "found"
    DERIVED = "derived"
    FROM_MEMORY = "from_memory"
    UNKNOWN = "unknown"


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
        legal = tuple((r.number, r.name) for r in self.legal_basis)
        parts = [
            _prose("field", "Lĩnh vực", self.field),
            _prose("levels", "Cấp thực hiện", ", ".join(self.levels)),
            _prose("category", "Loại thủ tục", self.category),
            _prose("announced_by", "Quyết định công bố", self.announced_by),
            _prose("steps", "Trình tự thực hiện", self.steps),
            _table("methods", "Cách thức, thời hạn, phí và lệ phí", METHOD_HEAD, methods),
            _table("dossier", "Thành phần hồ sơ", DOSSIER_HEAD, dossier),
            _prose("sets", "Số lượng hồ sơ", sets_words(self.sets)),
            _prose("applicants", "Đối tượng thực hiện", self.applicants),
            _prose("handled_by", "Cơ quan thực hiện", self.handled_by),
            _prose("decided_by", "Cơ quan có thẩm quyền", self.decided_by),
            _prose("delegated_to", "Cơ quan được ủy quyền", self.delegated_to),
            _prose("coordinated_with", "Cơ quan phối hợp", self.coordinated_with),
            _prose("address", "Địa chỉ tiếp nhận", self.address),
            _prose("result", "Kết quả thực hiện", self.result),
            _prose("conditions", "Yêu cầu, điều kiện", self.conditions),
            _table("legal_basis", "Căn cứ pháp lý", LEGAL_HEAD, legal),
            _prose("keywords", "Từ khóa", self.keywords),
            _prose("description", "Mô tả", self.description),
            _prose("note", "Ghi chú", self.note),
            _prose("status", "Tình trạng", "Đã bị bãi bỏ" if self.status else ""),
            _prose("sources", "Nguồn dữ liệu", "\n".join(self.sources)),
        ]
        sure = _sure(self.certainty, {part.name: part.label for part in parts})
        return [*parts, sure, _prose("label", "Nhãn", self.label)]

    def words(self) -> str:
        """Return what a person may look for in a procedure."""
        parts = [self.field, self.steps, self.applicants, self.handled_by, self.result]
        parts += [item.name for item in self.dossier]
        parts += [self.conditions, self.keywords, self.description]
        parts += [f"{basis.number} {basis.name}" for basis in self.legal_basis]
        return "\n".join(part for part in parts if part)

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
LEGAL_HEAD: Final = ("Số, ký hiệu", "Tên văn bản")
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
    words += [word for word in (item.form, item.note) if word]
    return "; ".join(words)


def _sure(marks: tuple[Certainty, ...], labels: dict[str, str]) -> Section:
    words = labels | OTHER_WORDS
    rows = tuple(
        (", ".join(words.get(name, name) for name in c.fields), MARK_WORDS[c.mark], c.note)
        for c in marks
    )
    return _table("certainty", "Độ tin cậy", CERTAINTY_HEAD, rows)


def _prose(name: str, label: str, text: str) -> Section:
    lines = [line.strip() for line in text.split("\n")]
    return Section(name, label, tuple(Paragraph(line) for line in lines if line))


def _table(
    name: str, label: str, head: tuple[str, ...], rows: tuple[tuple[str, ...], ...]
) -> Section:
    blocks: tuple[Block, ...] = (Table(head, rows, key=0),) if rows else ()
    return Section(name, label, blocks)
