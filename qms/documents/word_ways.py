"""Ways to hand in a dossier, time limits and prices in the words of a Word file. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from qms.documents import word_tables
from qms.documents.kinds.fees import Channel, FeeType, Rate
from qms.documents.kinds.procedure import LimitUnit
from qms.documents.kinds.typing import Typed
from qms.documents.word_blocks import Item, Line, words
from qms.documents.word_sections import ALREADY, Left, Note
from qms.errors import N_
from qms.text import fold

_NO_LIMIT: Final = N_("%(count)s cách thức chưa đọc được thời hạn; lời của tệp ở ô bằng lời.")
_NO_PRICE: Final = N_("%(count)s mức thu chưa đọc được; lời của tệp ở ô ghi chú.")
_GUESSED_WAYS: Final = N_("%(count)s cách thức được hiểu là nộp trực tiếp vì tệp không ghi.")

_WAYS: Final = {
    Channel.DIRECT: r"truc tiep|mot cua|tru so",
    Channel.ONLINE: r"truc tuyen|cong dich vu cong|moi truong mang|qua mang|dien tu",
    Channel.POSTAL: r"buu chinh|buu dien",
}
_METHOD: Final = {
    "channel": r"(?:hinh thuc|cach thuc).*",
    "limit": r"thoi (?:han|gian).*",
    "fee": r"(?:phi|le phi|muc thu).*",
    "case": r"truong hop.*",
    "note": r"mo ta.*|ghi chu.*",
}
_LIMIT: Final = re.compile(
    r"(\d{1,3})\s*(?:\([^)]*\)\s*)?(ngày làm việc|ngày|giờ làm việc|giờ|tháng)", re.IGNORECASE
)
_UNITS: Final = {
    "ngày làm việc": LimitUnit.WORKING_DAY,
    "ngày": LimitUnit.DAY,
    "giờ làm việc": LimitUnit.HOUR,
    "giờ": LimitUnit.HOUR,
    "tháng": LimitUnit.MONTH,
}
_SAME_DAY: Final = re.compile(
    r"(?:giai quyet )?(?:ngay )?trong ngay(?: lam viec)?(?: .*)?|ngay khi .*"
)
_MONEY: Final = re.compile(
    r"(\d{1,3}(?:\.\d{3})+|\d{4,9})\s*(?:đồng|đ|vnđ|vnd)\b\s*(/\s*[^\s,.;]+(?: [^\s,.;]+)?)?",
    re.IGNORECASE,
)
_AFTER_HOUR: Final = re.compile(
    r"\b(?:sau|trước)\s+\d{1,2}\s*(?:giờ|h)\b(?:\s*\d{2})?", re.IGNORECASE
)
_NOTHING: Final = re.compile(r"(?:phi |le phi )?khong(?: co| thu)?(?: phi| le phi)*")
_EXEMPT: Final = re.compile(r"(?:phi |le phi )?mien(?: thu)?(?: phi| le phi)*")

_DEPENDS: Final = re.compile(
    r"\b(?:khong|mien|giam|truong hop|doi voi|qua han|truc tuyen|rieng|tru|tu ban thu)\b"
)
_KINDS: Final = (
    (r"\ble phi\b", FeeType.CHARGE, "Lệ phí"),
    (r"\bphi\b", FeeType.FEE, "Phí"),
    (r"", FeeType.UNSAID, "Phí, lệ phí"),
)
"""Words of a price, what kind it is then and what it is called."""


def ways(said: Mapping[str, list[Item]], fields: Typed, out: list[Left]) -> list[Note]:
    """Make the rows of ways from what is said of ways, limits and prices."""
    made = list(_method_rows(said["methods"]))
    limits, prices = words(said["limits"]), words(said["fees"])
    if not made:
        named = list(_named_ways(said["methods"]))
        if not named and not (limits or prices):
            return []
        made = [_method(way, note, limits, prices) for way, note in named or [("", "")]]
    elif limits or prices:
        both = "\n".join(each for each in (limits, prices) if each)
        out.append(Left("Thời hạn, phí và lệ phí", ALREADY, both))
    guessed = sum(not each["channel"] for each in made)
    fields["methods"] = [
        each | {"channel": each["channel"] or Channel.DIRECT.value} for each in made
    ]
    fees = [fee for each in made for fee in each["fees"]]
    return [
        Note(_GUESSED_WAYS, guessed),
        Note(
            _NO_LIMIT,
            sum(
                not each["limit_count"] and each["limit_unit"] != LimitUnit.SAME_DAY.value
                for each in made
            ),
        ),
        Note(_NO_PRICE, sum(fee["rate"] == Rate.UNKNOWN.value for fee in fees)),
    ]


def _method_rows(items: Sequence[Item]) -> Iterable[Typed]:
    """Return the rows of a table of ways."""
    where: word_tables.Columns | None = None
    for item in items:
        if isinstance(item, Line):
            continue
        if (head := word_tables.columns(item, _METHOD)) is not None:
            where = head
        elif where is not None and "channel" in where:
            way = next(iter(_ways_in(word_tables.cell(item, where, "channel"))), "")
            cells = {role: word_tables.cell(item, where, role) for role in _METHOD}
            made = _method(way, cells["note"], cells["limit"], cells["fee"])
            yield made | {"case": cells["case"]}


def _named_ways(items: Sequence[Item]) -> Iterable[tuple[str, str]]:
    """Return the ways that lines name, each with the line that first does."""
    seen: dict[str, str] = {}
    for line in words(list(items)).split("\n"):
        for way in _ways_in(line):
            seen.setdefault(way, line.strip(" -+;."))
    return seen.items()


def _ways_in(text: str) -> list[str]:
    folded = fold(text)
    return [
        way.value for way, pattern in _WAYS.items() if re.search(rf"\b(?:{pattern})\b", folded)
    ]


def _method(way: str, note: str, limit: str, price: str) -> Typed:
    count, unit, by_words = _limit(limit)
    return {
        "channel": way,
        "case": "",
        "limit_count": count,
        "limit_unit": unit,
        "limit_note": by_words,
        "note": note,
        "fees": _fees(price),
    }


def _limit(said: str) -> tuple[str, str, str]:
    """Return number, unit and words of a time limit; only words where it says more than one."""
    if not said.strip():
        return "", "", ""
    found = _LIMIT.findall(_AFTER_HOUR.sub("", said))
    whole = " ".join(said.split()).strip(" .;-")
    same_day = _SAME_DAY.fullmatch(fold(said))
    if same_day and not found:
        return "", LimitUnit.SAME_DAY.value, said.strip()
    if len(found) == 1 and not same_day:
        number, unit = found[0]
        alone = bool(_LIMIT.fullmatch(whole))
        return str(int(number)), _UNITS[unit.lower()].value, "" if alone else said.strip()
    return "", LimitUnit.OTHER.value, said.strip()


def _fees(said: str) -> list[Typed]:
    """Return the price that words name: one amount, none, or unknown with the words."""
    whole = " ".join(said.split()).strip(" .;-")
    if not whole:
        return []
    folded = fold(whole)
    kind, name = next(each[1:] for each in _KINDS if re.search(each[0], folded))
    fee: Typed = {
        "type": kind.value,
        "rate": Rate.UNKNOWN.value,
        "name": name,
        "amount": "",
        "unit": "",
        "note": "",
    }
    for rate, pattern in ((Rate.NONE, _NOTHING), (Rate.EXEMPT, _EXEMPT)):
        if pattern.fullmatch(folded):
            return [fee | {"rate": rate.value}]
    found = _MONEY.findall(whole)
    if len(found) != 1 or _DEPENDS.search(folded):
        return [fee | {"note": whole}]
    amount, unit = found[0]
    priced = {"rate": Rate.AMOUNT.value, "amount": amount, "unit": unit.replace(" ", "")}
    return [fee | priced | {"note": whole}]
