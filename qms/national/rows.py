"""One row of an export as the text of a procedure, with the doubts about it.

Pure. An absent key means "this export does not say", which is never a change.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pydantic import ValidationError

from qms.documents.kinds.fees import Channel, FeeLine
from qms.documents.kinds.parts import LegalReference
from qms.documents.kinds.procedure import (
    DossierItem,
    LimitUnit,
    Method,
    Procedure,
    TimeLimit,
)
from qms.national import doubts, prices, words
from qms.national.doubts import Doubt, DoubtKind, doubt
from qms.national.prices import MOST, Price
from qms.national.words import SAID, UNSAID_LIMIT, Mender
from qms.text import whole_number

TEXTS: Final[Mapping[str, str]] = {
    "trinh_tu_thuc_hien": "steps",
    "doi_tuong_thuc_hien": "applicants",
    "co_quan_thuc_hien": "handled_by",
    "co_quan_co_tham_quyen": "decided_by",
    "co_quan_duoc_uy_quyen": "delegated_to",
    "co_quan_phoi_hop": "coordinated_with",
    "dia_chi_tiep_nhan": "address",
    "ket_qua": "result",
    "yeu_cau_dieu_kien": "conditions",
    "tu_khoa": "keywords",
    "mo_ta": "description",
}
LINES: Final[Mapping[str, str]] = {"so_quyet_dinh": "announced_by", "linh_vuc": "field"}
FIELDS: Final[Mapping[str, str]] = {
    **TEXTS,
    **LINES,
    "cap_thuc_hien": "levels",
    "loai_thu_tuc": "category",
    "cach_thuc_thuc_hien": "methods",
    "thanh_phan_ho_so": "dossier",
    "can_cu_phap_ly": "legal_basis",
}
"""Keys of an export, and the part of a procedure each one fills."""

CODE_LIMIT: Final = 100
NAME_LIMIT: Final = 2_000
COUNT_LIMIT: Final = 10_000

_CHANNELS: Final = {
    "DIRECT": Channel.DIRECT,
    "ONLINE": Channel.ONLINE,
    "POSTAL": Channel.POSTAL,
    "TRỰC TIẾP": Channel.DIRECT,
    "TRỰC TUYẾN": Channel.ONLINE,
    "DỊCH VỤ BƯU CHÍNH": Channel.POSTAL,
}
_UNITS: Final = {
    "WORKING_DAY": LimitUnit.WORKING_DAY,
    "NGÀY LÀM VIỆC": LimitUnit.WORKING_DAY,
    "DAY": LimitUnit.DAY,
    "NGÀY": LimitUnit.DAY,
    "HOUR": LimitUnit.HOUR,
    "GIỜ": LimitUnit.HOUR,
    "MONTH": LimitUnit.MONTH,
    "THÁNG": LimitUnit.MONTH,
}
_LIMIT: Final = re.compile(r"(?:(\d{1,4})(?:[.,]0+)?\s+)?(.*?)", re.DOTALL)
_OTHER: Final = re.compile(r"(.*?)\s*\bOTHER", re.DOTALL)
_WORDS: Final = re.compile(r"[^\W\d_]{2}")
_UNIT_WORDS: Final = {
    "WORKING_DAY": "ngày làm việc",
    "DAY": "ngày",
    "HOUR": "giờ",
    "MONTH": "tháng",
    "YEAR": "năm",
}
_LABEL: Final = re.compile(rf"\b({'|'.join(_UNIT_WORDS)})\Z")


class UnreadableError(Exception):
    """A row that cannot be read; the arguments are a sentence and its values."""

    def __init__(self, sentence: str, **values: object) -> None:
        """Refuse a row with ``sentence``."""
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values


@dataclass(frozen=True, slots=True)
class Row:
    """One procedure of an export.

    ``present`` holds the keys the export has, ``mended`` counts the texts whose Unicode form or
    invisible characters were put right, ``fingerprint`` is equal only for rows that are equal.
    """

    line_no: int
    code: str
    name: str
    present: frozenset[str]
    content: Procedure
    doubts: tuple[Doubt, ...] = ()
    mended: int = 0
    fingerprint: str = ""

    @property
    def has_name(self) -> bool:
        """Tell whether the export says what the procedure is called."""
        return "ten" in self.present


@dataclass(slots=True)
class _Reader:
    """Reads the values of one row."""

    raw: Mapping[str, object]
    mender: Mender = field(default_factory=Mender)
    found: list[Doubt] = field(default_factory=list)

    def items(self, key: str) -> list[Mapping[str, object]]:
        value = self.raw.get(key)
        if value is None:
            return []
        if isinstance(value, list) and all(isinstance(item, dict) for item in value):
            return value
        raise UnreadableError("Mục %(key)s không phải là danh sách.", key=key)

    def text(self, source: Mapping[str, object], key: str) -> str:
        try:
            return self.mender.text(source.get(key))
        except TypeError:
            raise UnreadableError("Mục %(key)s không phải là chữ.", key=key) from None
        except ValueError:
            raise UnreadableError("Mục %(key)s quá dài hoặc chữ bị hỏng.", key=key) from None

    def line(self, source: Mapping[str, object], key: str) -> str:
        return " ".join(self.text(source, key).split())

    def content(self) -> Procedure:
        raw = self.raw
        found: dict[str, object] = {to: self.text(raw, key) for key, to in TEXTS.items()}
        found |= {to: self.line(raw, key) for key, to in LINES.items()}
        found["levels"] = words.levels(self.line(raw, "cap_thuc_hien"))
        found["category"] = words.category(self.line(raw, "loai_thu_tuc"))
        found["methods"] = self.methods()
        found["dossier"] = tuple(map(self.dossier_item, self.items("thanh_phan_ho_so")))
        found["legal_basis"] = tuple(
            LegalReference(name=self.text(item, "ten"), number=self.line(item, "so_hieu"))
            for item in self.items("can_cu_phap_ly")
        )
        return Procedure.model_validate(found)

    def methods(self) -> tuple[Method, ...]:
        return tuple(
            Method(
                channel=self.channel(item),
                limit=self.limit(self.line(item, "thoi_han"), f"methods.{number}.limit"),
                fees=self.fees(item, f"methods.{number}.fees"),
                note=self.text(item, "mo_ta"),
            )
            for number, item in enumerate(self.items("cach_thuc_thuc_hien"))
        )

    def channel(self, item: Mapping[str, object]) -> Channel:
        said = self.line(item, "hinh_thuc")
        found = _CHANNELS.get(said.upper())
        if found is None:
            raise UnreadableError("Hình thức nộp “%(said)s” chưa được biết.", said=said[:80])
        return found

    def limit(self, said: str, where: str) -> TimeLimit | None:
        if not said:
            return None
        other = _OTHER.fullmatch(said)
        if other:
            told = other[1] if _WORDS.search(other[1]) else ""
            if not re.search(r"\d", told):
                without = f"Danh mục không ghi đơn vị thời hạn ({other[1] or '–'})"
                self.found.append(doubt(DoubtKind.TIME_UNIT, where, without))
            return TimeLimit(unit=LimitUnit.OTHER, note=told or UNSAID_LIMIT)
        match = _LIMIT.fullmatch(said)
        count, unit = match.groups() if match else (None, said)
        known = _UNITS.get(unit.upper())
        if count is not None and known is not None:
            return TimeLimit(count=int(count), unit=known)
        return TimeLimit(unit=LimitUnit.OTHER, note=_LABEL.sub(_in_words, said))

    def fees(self, method: Mapping[str, object], where: str) -> tuple[FeeLine, ...]:
        value = method.get("phi_le_phi")
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise UnreadableError("Mục %(key)s không phải là danh sách.", key="phi_le_phi")
        lines = list[FeeLine]()
        for number, item in enumerate(value):
            line = self.fee(item, f"{where}.{number}")
            if line is not None:
                lines.append(line)
        return tuple(lines)

    def fee(self, item: Mapping[str, object], where: str) -> FeeLine | None:
        said, note = item.get("so_tien"), self.text(item, "ghi_chu")
        amount = _amount(said)
        if said is None and not note:
            return None
        if said is not None and amount is None:
            told = f"{str(said)[:100]} – {note}".strip(" –")
            line, _ = prices.read_price(Price(None, "", told), where)
            self.found.append(doubt(DoubtKind.FEE_AMOUNT, where, told, restore=line))
            return line.model_copy(update={"note": SAID + told})
        line, doubted = prices.read_price(Price(amount, self.line(item, "don_vi"), note), where)
        if doubted is not None:
            self.found.append(doubted)
        return line

    def dossier_item(self, item: Mapping[str, object]) -> DossierItem:
        return DossierItem(
            case=self.text(item, "truong_hop"),
            name=self.text(item, "ten"),
            originals=_count(item.get("ban_chinh")),
            copies=_count(item.get("ban_sao")),
        )


def read_row(line_no: int, raw: Mapping[str, object], fingerprint: str = "") -> Row:
    """Return the procedure that stands in one row.

    Raises:
        UnreadableError: it has no code, or a value is not of the form an export has.

    """
    reader = _Reader(raw)
    code = "".join(reader.text(raw, "ma_thu_tuc").split())
    if not code:
        raise UnreadableError("Dòng không có mã thủ tục (ma_thu_tuc).")
    if len(code) > CODE_LIMIT:
        raise UnreadableError("Mã thủ tục dài quá %(limit)s ký tự.", limit=CODE_LIMIT)
    name = reader.line(raw, "ten")
    if "ten" in raw and not name:
        raise UnreadableError("Thủ tục %(code)s không có tên.", code=code)
    if len(name) > NAME_LIMIT:
        raise UnreadableError("Tên thủ tục dài quá %(limit)s ký tự.", limit=NAME_LIMIT)
    try:
        content = reader.content()
    except ValidationError as error:
        fault = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise UnreadableError("Mục %(key)s dài quá giới hạn.", key=fault) from None
    found = (*doubts.of_identity(code, name), *doubts.of_content(content), *reader.found)
    present = frozenset(raw).intersection(FIELDS) | ({"ten"} & raw.keys())
    return Row(line_no, code, name, present, content, found, reader.mender.count, fingerprint)


def _in_words(label: re.Match[str]) -> str:
    return _UNIT_WORDS[label[1]]


def _amount(value: object) -> int | None:
    """Return whole đồng, None for what is no amount."""
    if isinstance(value, str):
        value = whole_number(value.strip())
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < MOST:
        return None
    return value


def _count(value: object) -> int | None:
    """Return a number of papers, None for what is none."""
    found = _amount(value)
    return None if found is None or found > COUNT_LIMIT else found
