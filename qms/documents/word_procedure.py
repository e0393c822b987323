"""Recognising an administrative procedure in a Word file by the parts a notice must have. Pure.

Source: Nghị định 63/2010/NĐ-CP, Điều 8 khoản 2.
"""

import re
from collections.abc import Sequence
from typing import Final

from qms.documents import word_tables
from qms.documents.comparison import Section
from qms.documents.kinds.fees import Channel, Rate
from qms.documents.kinds.parts import LEGAL_HEAD, prose
from qms.documents.kinds.parts import table as told_table
from qms.documents.kinds.procedure import (
    CHANNEL_WORDS,
    DOSSIER_HEAD,
    LIMIT_WORDS,
    METHOD_HEAD,
    RATE_WORDS,
    LimitUnit,
)
from qms.documents.kinds.typing import Typed, rows
from qms.documents.word_blocks import Item, words
from qms.documents.word_dossier import papers
from qms.documents.word_sections import (
    ALREADY,
    COVER,
    SKIPPED,
    UNKNOWN,
    Left,
    Note,
    Part,
    Understood,
    headings,
    left,
    split,
)
from qms.documents.word_ways import ways
from qms.errors import N_
from qms.text import fold

_NO_NUMBER: Final = N_("%(count)s căn cứ chưa đọc được số, ký hiệu.")
KNOWN: Final = headings(
    {
        "head": r"ten thu tuc(?: hanh chinh)?|ma(?: so)? thu tuc(?: hanh chinh)?|ma tthc",
        "announced_by": r"(?:so )?quyet dinh(?: cong bo)?",
        "field": r"linh vuc(?: thuc hien| thong ke)?",
        "levels": r"cap(?: do)? (?:thuc hien|giai quyet)",
        "category": r"loai (?:thu tuc|tthc)",
        "steps": r"trinh tu(?: (?:va )?cach thuc)?(?: thuc hien| giai quyet)?|cac buoc thuc hien",
        "methods": r"(?:cach thuc|hinh thuc)(?: thuc hien| nop)?(?: ho so)?(?: thoi han phi va le phi)?",
        "dossier": r"thanh phan(?: (?:va )?so luong)? ho so(?: gom| bao gom)?|ho so(?: gom| can nop)?"
        r"|thanh phan",
        "sets": r"so (?:luong|bo)(?: bo)? ho so|so luong",
        "limits": r"thoi (?:han|gian)(?: (?:giai quyet|thuc hien|xu ly))*",
        "applicants": r"doi tuong(?: (?:thuc hien|ap dung))*",
        "decided_by": r"co quan(?: nguoi)? co tham quyen(?: quyet dinh| giai quyet)?",
        "delegated_to": r"co quan(?: hoac nguoi)?(?: co tham quyen)? duoc (?:uy quyen|phan cap).*",
        "coordinated_with": r"co quan phoi hop(?: neu co| thuc hien)*",
        "handled_by": r"co quan(?: truc tiep)? (?:thuc hien|giai quyet)(?: truc tiep)?",
        "address": r"(?:dia chi|noi|dia diem) (?:tiep nhan|nop)(?: (?:va )?tra ket qua)?(?: ho so)?",
        "result": r"ket qua(?: (?:thuc hien|giai quyet|cua viec thuc hien))*",
        "fees": r"(?:muc )?(?:thu )?(?:phi )?(?:va |hoac )?le phi(?: neu co)?|phi(?: neu co)?",
        "forms": r"(?:ten )?(?:mau don|mau to khai|bieu mau)(?: .*)?",
        "conditions": r"(?:cac )?(?:yeu cau|dieu kien)(?: (?:va )?dieu kien)?(?: thuc hien)?(?: neu co)?",
        "legal_basis": r"(?:can cu|co so) phap ly|van ban quy pham phap luat",
        "keywords": r"tu khoa",
        "description": r"mo ta",
        SKIPPED: r"muc luc|noi dung(?: cu the)?(?: cua thu tuc.*)?",
    }
)
_SHORT: Final = ("field", "category", "announced_by", "levels")
_PROSE: Final = (
    *("steps", "applicants", "handled_by", "decided_by", "delegated_to", "coordinated_with"),
    *("address", "result", "conditions", "keywords", "description"),
)
_OWN: Final = ("methods", "limits", "fees", "sets")
"""Parts of which the rows of ways are made, and the number of sets."""

_NONE: Final = {"", "khong", "khong co", "khong quy dinh", "khong co thong tin"}


def understand(items: Sequence[Item]) -> Understood:
    """Return what a Word file says in the fields of a procedure."""
    parts = split(items, KNOWN)
    fields: Typed = {}
    out: list[Left] = []
    of_ways: dict[str, list[Item]] = {name: [] for name in _OWN}
    for place, part in enumerate(parts):
        if part.key in {"", SKIPPED} and not part.items:
            continue
        if part.key in {"", SKIPPED}:
            out.append(left(part, UNKNOWN if place and not part.key else COVER))
        elif part.key in {"head", "forms"}:
            out.append(left(part, ALREADY))
        elif part.key in of_ways:
            of_ways[part.key] += part.items
        else:
            _take(part, fields)
    notes = ways(of_ways, fields, out)
    if sets := re.search(r"\d{1,3}", words(of_ways["sets"])):
        fields["sets"] = str(int(sets[0]))
    basis = rows(fields, "legal_basis")
    notes.append(Note(_NO_NUMBER, sum(not each["number"] for each in basis)))
    return Understood(fields, tuple(each for each in notes if each.count), tuple(out))


def told(fields: Typed) -> list[Section]:
    """Return what was understood as the parts of a page."""
    methods = tuple(
        (m["case"], _channel(m), _limit_words(m), _fee_words(m), m["note"])
        for m in rows(fields, "methods")
    )
    dossier = tuple(
        (d["name"], d["case"], d["originals"], d["copies"], d["form"] or d["note"])
        for d in rows(fields, "dossier")
    )
    basis = tuple((each["number"], each["name"]) for each in rows(fields, "legal_basis"))
    found = [prose(name, _LABELS[name], fields.get(name, "")) for name in (*_SHORT, "steps")]
    found.append(
        told_table("methods", "Cách thức, thời hạn, phí và lệ phí", METHOD_HEAD, methods)
    )
    found.append(told_table("dossier", "Thành phần hồ sơ", DOSSIER_HEAD, dossier))
    found.append(prose("sets", "Số bộ hồ sơ", fields.get("sets", "")))
    found += [prose(name, _LABELS[name], fields.get(name, "")) for name in _PROSE[1:]]
    found.append(told_table("legal_basis", "Căn cứ pháp lý", LEGAL_HEAD, basis))
    return [each for each in found if each.blocks]


_LABELS: Final = {
    "field": "Lĩnh vực",
    "category": "Loại thủ tục",
    "announced_by": "Quyết định công bố",
    "levels": "Cấp thực hiện",
    "steps": "Trình tự thực hiện",
    "applicants": "Đối tượng thực hiện",
    "handled_by": "Cơ quan thực hiện",
    "decided_by": "Cơ quan có thẩm quyền",
    "delegated_to": "Cơ quan được ủy quyền",
    "coordinated_with": "Cơ quan phối hợp",
    "address": "Địa chỉ tiếp nhận",
    "result": "Kết quả thực hiện",
    "conditions": "Yêu cầu, điều kiện",
    "keywords": "Từ khóa",
    "description": "Mô tả",
}


def _channel(method: Typed) -> str:
    return CHANNEL_WORDS[Channel(method["channel"])]


def _limit_words(method: Typed) -> str:
    unit = LIMIT_WORDS.get(LimitUnit(method["limit_unit"])) if method["limit_unit"] else None
    said = f"{int(method['limit_count']):02} {unit}" if unit and method["limit_count"] else ""
    if method["limit_unit"] == LimitUnit.SAME_DAY.value:
        said = "Trong ngày"
    return "\n".join(each for each in (said, method["limit_note"]) if each)


def _fee_words(method: Typed) -> str:
    return "\n".join(
        f"{fee['amount']} đồng {fee['unit']}".strip()
        if fee["amount"]
        else RATE_WORDS[Rate(fee["rate"])]
        for fee in method["fees"]
    )


def _take(part: Part, fields: Typed) -> None:
    name = part.key
    if name == "legal_basis":
        fields[name] = [*fields.get(name, []), *word_tables.references(part.items)]
    elif name == "dossier":
        fields[name] = [*fields.get(name, []), *papers(part.items)]
    else:
        said = words(part.items)
        if name in _SHORT:
            said = ", ".join(each.strip(" -;.") for each in said.split("\n") if each)
        if said and not (
            name in {"conditions", "coordinated_with", "delegated_to"} and fold(said) in _NONE
        ):
            fields[name] = "\n".join(each for each in (fields.get(name, ""), said) if each)
