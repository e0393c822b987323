"""Recognising a process (quy trình) in a Word file by its customary parts. Pure.

The parts are those of domain practice in public offices: purpose, scope, references, terms,
conditions, steps, forms, records, distribution. What a procedure says is left to the procedure.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from qms.documents import word_tables
from qms.documents.comparison import Block, Paragraph, Section, Table
from qms.documents.kinds.parts import LEGAL_HEAD, prose
from qms.documents.kinds.parts import table as told_table
from qms.documents.kinds.process import (
    FORM_HEAD,
    RECORD_HEAD,
    STEP_HEAD,
    TERM_HEAD,
    UNIT_WORDS,
    StepUnit,
)
from qms.documents.kinds.typing import Typed, rows
from qms.documents.word_blocks import Item, Line, Row, is_mark, words
from qms.documents.word_sections import (
    COVER,
    SKIPPED,
    UNKNOWN,
    UNREAD,
    Left,
    Part,
    Understood,
    bare,
    headings,
    left,
    split,
)
from qms.documents.word_steps import Steps, is_table
from qms.errors import N_
from qms.text import fold

BOUND: Final = N_("Lấy từ thủ tục hành chính được mô tả, không chép vào quy trình.")

KNOWN: Final = headings(
    {
        SKIPPED: r"(?:bang |phieu )?(?:theo doi|tinh trang)? ?sua doi(?: tai lieu| quy trinh)?|muc luc",
        "purpose": r"muc (?:dich|tieu)(?: (?:va )?(?:y nghia|yeu cau))?",
        "applies_to": r"(?:doi tuong (?:va )?)?pham vi(?: (?:va )?doi tuong)?(?: ap dung)?",
        "references": r"(?:cac )?(?:tai lieu|van ban)(?: phap ly)? (?:vien dan|lien quan|tham chieu|ap dung)"
        r"(?: (?:va )?lien quan)?",
        "terms": r"(?:cac )?(?:giai thich |thuat ngu |khai niem )?(?:va )?"
        r"(?:(?:dinh nghia|thuat ngu|tu ngu|khai niem|giai thich)(?: (?:va )?(?:cac )?(?:chu |tu |ky hieu )?"
        r"(?:viet tat|dinh nghia))?|(?:chu |tu )?viet tat)",
        "conditions": r"(?:yeu cau )?dieu kien(?: thuc hien| giai quyet)?",
        "bound": r"(?:co so|can cu) phap ly|thanh phan ho so|so luong(?: bo)? ho so|thoi (?:gian|han)"
        r"(?: (?:xu ly|giai quyet|thuc hien))?(?: ho so)?|noi tiep nhan(?: (?:va )?tra ket qua)?(?: ho so)?"
        r"|(?:phi )?(?:va )?le phi|phi|cach thuc thuc hien|(?:doi tuong|co quan|ket qua)"
        r" (?:thuc hien|giai quyet)|ten thu tuc(?: hanh chinh)?|ma(?: so)? thu tuc(?: hanh chinh)?|ma tthc",
        "phases": r"(?:quy trinh|trinh tu|cac buoc|luu do|so do)(?: (?:xu ly|giai quyet|thuc hien|tiep nhan))*"
        r"(?: cong viec| ho so| noi bo)*|quy trinh noi bo|mo ta (?:cac buoc|quy trinh)(?: thuc hien)?",
        "content": r"noi dung(?: quy trinh| thuc hien)?",
        "forms": r"(?:cac |danh muc )?(?:bieu mau|mau bieu|phu luc)"
        r"(?: (?:su dung|kem theo|ap dung|lien quan|bieu mau))*",
        "records": r"(?:danh muc )?(?:ho so|tai lieu)(?: cong viec)? (?:can |phai )?luu(?: tru| giu)?"
        r"|luu (?:tru |giu )?ho so|luu tru|ho so",
        "distribution": r"noi (?:nhan|phan phoi)(?: ghi ro.*| tai lieu)?|phan phoi(?: tai lieu)?",
        "field": r"linh vuc",
        "described": r"(?:cac )?thu tuc(?: hanh chinh)? duoc mo ta",
        "clauses": r"(?:cac )?dieu khoan(?: cua)? tieu chuan(?: .*)?",
    }
)

_TERMS: Final = {
    "term": r"(?:cac )?(?:tu|chu|thuat ngu|cum tu|tu ngu|ky hieu|viet tat|noi dung viet tat)\b.*",
    "meaning": r"(?:y )?nghia.*|(?:giai thich|dien giai|dinh nghia|noi dung|mo ta|giai nghia|day du).*",
}
_FORMS: Final = {
    "code": r"(?:ma|ky) (?:hieu|so)?.*|ma|so hieu.*",
    "name": r"ten.*|bieu mau.*|noi dung.*",
}
_RECORDS: Final = {
    "form_code": r"(?:ma|ky) (?:hieu|so)?.*|ma|bieu mau",
    "keeper": r"(?:noi|nguoi|bo phan|don vi|vi tri|trach nhiem)(?: .*)?luu.*|(?:noi|nguoi) giu.*",
    "order": r"(?:cach |phuong phap )?sap xep.*",
    "retention": r"(?:thoi gian|thoi han).*",
    "disposal": r"(?:phuong phap |cach )?(?:huy|thanh ly|xu ly).*|khi het han",
    "name": r"(?:ten )?(?:tai lieu|ho so|loai).*",
}
_PAIR: Final = re.compile(r"(.{1,60}?)\s*(?::|=|\s[-–]\s|\slà\s|\t)\s*(.+)", re.DOTALL)
_FORM_CODE: Final = re.compile(
    r"((?:BM|MB|QT|Mẫu số)[-._ ]?[\w.\-/]*\d[\w.\-/]*)\s*[:–-]?\s*(.*)", re.DOTALL
)
_KEEPER: Final = re.compile(r"lưu (?:trữ |giữ )?(?:tại|ở)\s+([^,.;]+)", re.IGNORECASE)
_RETENTION: Final = re.compile(
    r"(?:thời (?:gian|hạn)(?: lưu(?: trữ)?)?|trong(?: vòng)?)\s*(?:là|:)?\s*"
    r"(vĩnh viễn|lâu dài|(?:\d+|một|hai|ba|năm|mười)\s*(?:\([^)]*\)\s*)?(?:năm|tháng))",
    re.IGNORECASE,
)
_DISPOSAL: Final = re.compile(
    r"((?:sau đó|sau khi hết|hết thời hạn|khi hết hạn).+)", re.IGNORECASE
)
_PROCEDURE: Final = re.compile(r"(?<![\d.])\d\.\d{6}(?![\d])")
_PROSE: Final = ("field", "purpose", "applies_to", "clauses", "conditions", "distribution")


def understand(items: Sequence[Item]) -> Understood:
    """Return what a Word file says in the fields of a process."""
    parts = split(items, KNOWN)
    fields: Typed = {}
    out: list[Left] = []
    steps = Steps()
    for place, part in enumerate(parts):
        if not part.items and part.key in {"", "content"}:
            continue
        if part.key == "phases" or (part.key in {"", "content"} and is_table(part.items)):
            beside = steps.read(part.items)
            out += _beside(part, beside)
        elif part.key in {"", "content", SKIPPED, "bound"}:
            why = COVER if not place or part.key == SKIPPED else UNKNOWN
            out.append(left(part, BOUND if part.key == "bound" else why))
        elif part.key == "described":
            out += _beside(part, [item for item in part.items if not _codes([item])])
        else:
            _take(part, fields, out)
    if phases := [each for each in steps.phases if each["steps"] or each["name"]]:
        fields["phases"] = phases
    if codes := _codes(items):
        fields["procedures"] = [{"code": code} for code in codes]
    return Understood(fields, tuple(steps.notes), (*out, *steps.left))


def told(fields: Typed) -> list[Section]:
    """Return what was understood as the parts of a page, in their customary order."""
    found = []
    for name, label in _LABELS.items():
        if name == "phases":
            found.append(_told_steps(label, rows(fields, name)))
        elif name in _ROWS:
            keys, head = _ROWS[name]
            cells = tuple(tuple(row[key] for key in keys) for row in rows(fields, name))
            found.append(told_table(name, label, head, cells))
        else:
            found.append(prose(name, label, fields.get(name, "")))
    return [each for each in found if each.blocks]


_LABELS: Final = {
    "field": "Lĩnh vực",
    "purpose": "Mục đích",
    "applies_to": "Phạm vi",
    "procedures": "Thủ tục hành chính được mô tả",
    "references": "Tài liệu viện dẫn",
    "clauses": "Điều khoản của tiêu chuẩn",
    "terms": "Định nghĩa, viết tắt",
    "conditions": "Điều kiện thực hiện",
    "phases": "Các bước xử lý",
    "forms": "Biểu mẫu",
    "records": "Hồ sơ cần lưu",
    "distribution": "Nơi nhận",
}
_RECORD: Final = ("name", "form_code", "keeper", "order", "retention", "disposal")
_ROWS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "procedures": (("code",), ("Mã thủ tục",)),
    "references": (("number", "name"), LEGAL_HEAD),
    "terms": (("term", "meaning"), TERM_HEAD),
    "forms": (("code", "name"), FORM_HEAD),
    "records": (_RECORD, RECORD_HEAD),
}


def _told_steps(label: str, phases: Sequence[Typed]) -> Section:
    blocks: list[Block] = []
    number = 0
    for phase in phases:
        if phase["name"]:
            blocks.append(Paragraph(phase["name"]))
        lines = []
        for step in phase["steps"]:
            number += 1
            result = "\n".join(each for each in (step["form_code"], step["result"]) if each)
            lines.append((str(number), step["what"], step["who"], _time(step), result))
        if lines:
            blocks.append(Table(STEP_HEAD, tuple(lines), key=0))
    return Section("phases", label, tuple(blocks))


def _time(step: Typed) -> str:
    if step["untimed"]:
        return "Không tính thời gian"
    if not step["time"] or any(letter.isalpha() for letter in step["time"]):
        return f"“{step['time']}” (chưa đọc được)" if step["time"] else "Chưa ghi"
    return f"{step['time']} {UNIT_WORDS[StepUnit(step['unit'])]}"


def _take(part: Part, fields: Typed, out: list[Left]) -> None:
    """Put a part into its field, after what an earlier part of the same name said."""
    name = part.key
    if name == "distribution":
        said = "\n".join(_places(part.items))
    elif name in _PROSE:
        said = words(part.items)
    else:
        found, beside = _LISTS[name](part.items)
        out += _beside(part, beside)
        if found:
            fields[name] = [*fields.get(name, []), *found]
        return
    if said:
        fields[name] = "\n".join(each for each in (fields.get(name, ""), said) if each)


def _beside(part: Part, beside: Sequence[Item]) -> list[Left]:
    said = words(list(beside))
    return [Left(part.title, UNREAD if part.title else COVER, said)] if said else []


def _places(items: Sequence[Item]) -> list[str]:
    lines = (
        each
        for item in items
        for each in (item.text.split("\n") if isinstance(item, Line) else item.own)
    )
    return [said for line in lines if not is_mark(said := line.strip(" -;.☐☒☑"))]


def _terms(items: Sequence[Item]) -> tuple[list[Typed], list[Item]]:
    found, beside = word_tables.table(items, _TERMS, ("term", "meaning"))
    rest: list[Item] = []
    for item in beside:
        pairs = [_PAIR.fullmatch(bare(line)) for line in words([item]).split("\n")]
        if all(pairs):
            found += [
                {"term": p[1].strip(" -"), "meaning": p[2].strip(" ;.")} for p in pairs if p
            ]
        else:
            rest.append(item)
    return found, rest


def _forms(items: Sequence[Item]) -> tuple[list[Typed], list[Item]]:
    found, beside = word_tables.table(items, _FORMS, ("code", "name"))
    for item in beside:
        for line in words([item]).split("\n"):
            said = bare(line)
            coded = _FORM_CODE.fullmatch(said)
            code, name = (coded[1], coded[2]) if coded else ("", said)
            found.append({"code": code.strip(), "name": name.strip(" ;.")})
    return [each for each in found if not _is_none(each["name"])], []


def _records(items: Sequence[Item]) -> tuple[list[Typed], list[Item]]:
    told_of = [item for item in items if isinstance(item, Row) and not _is_about_all(item)]
    found, _ = word_tables.table(told_of, _RECORDS, _RECORD)
    about_all = ""
    for item in items:
        if isinstance(item, Row):
            about_all += "\n".join(item.own) if _is_about_all(item) else ""
        elif _KEEPER.search(item.text) or _RETENTION.search(item.text):
            about_all += f"\n{item.text}"
        else:
            found.append(dict.fromkeys(_RECORD, "") | {"name": item.text.strip(" ;.-")})
    for key, pattern in (
        ("keeper", _KEEPER),
        ("retention", _RETENTION),
        ("disposal", _DISPOSAL),
    ):
        if said := pattern.search(about_all):
            for record in found:
                record[key] = record[key] or said[1].strip(" .")
    return found, [] if found else [Line(about_all.strip())] if about_all else []


def _is_about_all(row: Row) -> bool:
    """Say whether a row speaks of all records: where they are kept and how long."""
    said = " ".join(row.own)
    return len(row.own) == 1 and bool(_KEEPER.search(said) or _RETENTION.search(said))


def _references(items: Sequence[Item]) -> tuple[list[Typed], list[Item]]:
    return word_tables.references(items), []


def _is_none(said: str) -> bool:
    return fold(said) in {"", "khong", "khong co"}


def _codes(items: Sequence[Item]) -> list[str]:
    """Return the codes of procedures that the file names."""
    return list(dict.fromkeys(_PROCEDURE.findall(words(list(items)))))


_LISTS: Final = {
    "references": _references,
    "terms": _terms,
    "forms": _forms,
    "records": _records,
}
