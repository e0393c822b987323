"""A sheet put into the words and tables of the printed notice.

Source of the parts and their order: Nghị định 63/2010/NĐ-CP, Điều 8 khoản 2. What a paper
says is in Vietnamese whatever the language of the pages: it is the office's own act.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import groupby
from typing import Final

from qms.documents.kinds.fees import Channel, Rate
from qms.documents.kinds.procedure import (
    DossierItem,
    Method,
    Procedure,
    rate_words,
    sets_words,
)
from qms.notices import tables
from qms.notices.rules import Heading, Sheet
from qms.vietnamese import day

UNSAID: Final = "Không quy định"
NBSP: Final = "\u00a0"
DEPENDS: Final = "Tùy trường hợp, xem mục {}"
EVERY_CASE: Final = "Mọi trường hợp"

CHANNEL_NAMES: Final = {
    Channel.DIRECT: "trực tiếp",
    Channel.ONLINE: "trực tuyến",
    Channel.POSTAL: "bưu chính",
}
_SHORT: Final = 60
"""Characters up to which words fit the strip at the head of the sheet."""


class Paper(StrEnum):
    """On what a notice is printed."""

    A4 = "a4"
    A3 = "a3"
    LARGE = "large"
    FOLDER = "folder"


@dataclass(frozen=True)
class Stamp:
    """What makes a print checkable: code, address in the QR, where to type, full digest."""

    code: str
    address: str
    where: str
    digest: str
    printed: str

    @property
    def base(self) -> str:
        """The address of the server that the paper names."""
        return self.address.rpartition("/k/")[0]

    def data(self) -> dict[str, str]:
        """Return what templates need."""
        return asdict(self)


def notice_data(
    sheet: Sheet, content: Procedure, stamp: Stamp | None, paper: Paper = Paper.A4
) -> dict[str, object]:
    """Return what ``notice.html`` needs; without ``stamp`` it is the preview of a draft.

    ``content`` is the reading of ``sheet.text``.
    """
    methods = content.methods
    fees = tables.fees(methods)
    return {
        "paper": paper.value,
        "office": office_data(sheet.heading),
        "stamp": asdict(stamp) if stamp else None,
        "label": content.label,
        "title": sheet.title,
        "code": sheet.code,
        "facts": _facts(sheet, content, draft=stamp is None),
        "glance": _glance(content),
        "steps": content.steps,
        "channels": tables.channels(content),
        "papers": _papers(content.dossier),
        "sets": sets_words(content.sets),
        "limits": tables.limits(methods),
        "applicants": content.applicants,
        "agencies": _agencies(content),
        "forms": _forms(sheet, content.dossier),
        "forms_in_dossier": any(_names_form(item) for item in content.dossier),
        "result": content.result,
        "conditions": content.conditions,
        "fees": fees,
        "only_rate": tables.only_rate(fees, methods),
        "fee_unknown": any(line.rate is Rate.UNKNOWN for m in methods for line in m.fees),
        "legal": [_legal(basis.number, basis.name) for basis in content.legal_basis],
        "note": content.note,
        "feedback": sheet.feedback,
        "decision": asdict(sheet.decision),
        "first_day": sheet.first_day,
    }


def office_data(heading: Heading) -> dict[str, object]:
    """Return what the head and the contacts of a paper name."""
    contacts = [
        (label, value)
        for label, value in (
            ("Địa chỉ", heading.seat),
            ("Điện thoại", heading.phone),
            ("Thư điện tử", heading.email),
            ("Trang thông tin", heading.website),
        )
        if value
    ]
    return {"above": heading.superior, "name": heading.name, "contacts": contacts}


def _facts(sheet: Sheet, content: Procedure, *, draft: bool) -> list[tuple[str, str]]:
    return [
        ("Mã thủ tục", sheet.code),
        ("Lĩnh vực", content.field or UNSAID),
        ("Cấp thực hiện", ", ".join(content.levels) or UNSAID),
        ("Quyết định công bố", content.announced_by or "Chưa ghi nhận"),
        ("Có hiệu lực từ", "Chưa có hiệu lực" if draft else day(sheet.first_day)),
        ("Loại thủ tục", content.category or UNSAID),
    ]


def _glance(content: Procedure) -> list[tuple[str, str]]:
    methods = content.methods
    limits = {tables.limit(m) for m in methods} - {""}
    rates = {rate_words(line) for m in methods for line in m.fees}
    items = [item for item in content.dossier if not _is_remark(item)]
    listed = f"{len(items)} loại giấy tờ" if items else UNSAID
    papers = "Xem mục 3" if len({item.case for item in items}) > 1 else listed
    sets = sets_words(content.sets)
    return [
        ("Thời hạn", _one(limits, DEPENDS.format(4))),
        ("Phí, lệ phí", _one(rates, DEPENDS.format(10))),
        ("Hồ sơ", f"{papers}, {sets.replace(' ', NBSP)}" if sets and items else papers),
        ("Nộp hồ sơ", _channel_names(methods) or UNSAID),
    ]


def _one(values: set[str], otherwise: str) -> str:
    if not values:
        return UNSAID
    only = next(iter(values))
    return only if len(values) == 1 and len(only) <= _SHORT else otherwise


def _channel_names(methods: Sequence[Method]) -> str:
    used = {m.channel for m in methods}
    return ", ".join(CHANNEL_NAMES[c] for c in tables.CHANNELS if c in used).capitalize()


def _papers(dossier: Sequence[DossierItem]) -> list[dict[str, object]]:
    """Return neighbours of one case together; numbers run through the whole table.

    Papers without a case need no heading at the top; after those of a case they have one.
    Remarks the source lists among the papers have no number and are not counted.
    """
    groups: list[dict[str, object]] = []
    number = 0
    for case, items in groupby(dossier, key=lambda item: tables.unmarked(item.case)):
        rows: list[dict[str, object]] = []
        for item in items:
            number += not _is_remark(item)
            rows.append(_paper(0 if _is_remark(item) else number, item))
        groups.append({"case": case or (EVERY_CASE if groups else ""), "rows": rows})
    return groups


def _is_remark(item: DossierItem) -> bool:
    case = tables.unmarked(item.case).casefold()
    return case.startswith("lưu ý") and not item.originals and not item.copies


def _paper(number: int, item: DossierItem) -> dict[str, object]:
    counted = bool(item.originals or item.copies)
    return {
        "number": number,
        "name": tables.unmarked(item.name),
        "originals": item.originals if counted and item.originals is not None else "–",
        "copies": item.copies if counted and item.copies is not None else "–",
        "remarks": [
            *(["Chỉ xuất trình"] if item.shown_only else []),
            *(["Nộp nếu có"] if item.optional else []),
            *([f"Mẫu: {item.form}"] if item.form else []),
            *([item.note] if item.note else []),
        ],
    }


def _agencies(content: Procedure) -> list[tuple[str, str]]:
    said = (
        ("Cơ quan thực hiện", content.handled_by),
        ("Cơ quan có thẩm quyền quyết định", content.decided_by),
        ("Cơ quan được ủy quyền", content.delegated_to),
        ("Cơ quan phối hợp", content.coordinated_with),
    )
    return [(label, words) for label, words in said if words]


def _forms(sheet: Sheet, dossier: Sequence[DossierItem]) -> list[str]:
    titles = {each["code"]: f"{each['title']} ({each['code']})" for each in sheet.forms}
    return tables.distinct(titles.get(item.form, item.form) for item in dossier)


def _names_form(item: DossierItem) -> bool:
    words = item.name.casefold()
    return "mẫu" in words or "tờ khai" in words


def _legal(number: str, name: str) -> str:
    return f"{name} (số {number})" if number and number not in name else name
