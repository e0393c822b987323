"""The slip a citizen takes home: papers to bring, fee, promised day. In Vietnamese, as all paper."""

from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Final

from qms.counter.rules import Promise, Silence
from qms.counter.serving import Charge, Due, Served
from qms.documents.kinds.fees import Rate
from qms.documents.kinds.procedure import CHANNEL_WORDS, RATE_WORDS, sets_words
from qms.fees.asking import Told
from qms.notices import tellings
from qms.notices.answers import Paper as Item
from qms.notices.answers import Price
from qms.notices.printing import Stamp
from qms.notices.stories import Story
from qms.vietnamese import day, money, number, weekday_day

NO_DAY: Final = {
    Silence.UNSAID: "Chưa hẹn được: thủ tục không ghi thời hạn.",
    Silence.WORDS: "Chưa hẹn được ngày cụ thể.",
    Silence.HOURS: "Chưa hẹn được: thời hạn ghi bằng giờ, không rõ giờ làm việc hay giờ liên tục.",
}
CONTRADICTING: Final = "Có nhiều mức cùng trả lời – hỏi tại quầy"
NO_LINE: Final = "Chưa có mức cho trường hợp này – hỏi tại quầy"
IF_SO: Final = "Thêm, nếu thuộc trường hợp ghi trong giấy tờ"


class Paper(StrEnum):
    """On what a slip is printed."""

    A5 = "a5"
    A4 = "a4"


def data(told: Story, served: Served, public_url: str, paper: Paper) -> dict[str, object]:
    """Return what ``slip.html`` needs."""
    sheet, asked = served.sheet.sheet, served.asked
    base = public_url.rstrip("/")
    host = base.split("://")[-1]
    code = tellings.code_of(told, served.sheet.digest)
    stamp = Stamp(code, f"{base}/k/{code}", f"{host}/k", served.sheet.digest, "")
    promises = [_due(each, len(served.dues) > 1) for each in served.dues]
    return {
        "paper": paper.value,
        "office": {"above": sheet.heading.superior, "name": sheet.heading.name},
        "stamp": asdict(stamp),
        "label": served.content.label,
        "title": sheet.title,
        "code": sheet.code,
        "received": f"{asked.moment:%H:%M}, {weekday_day(asked.moment.date())}",
        "facts": _facts(served),
        "promises": promises or [("", NO_DAY[Silence.UNSAID], "")],
        "fees": _fees(served),
        "papers": _papers(served),
        "sets": sets_words(served.bring.sets),
        "remarks": served.bring.remarks,
        "forms": [f"{each['title']} ({each['code']})" for each in sheet.forms],
        "forms_at": f"{host}/b/{told.unit.slug}/bm",
        "seat": sheet.heading.seat,
        "phone": sheet.heading.phone,
        "decision": asdict(sheet.decision),
        "first_day": sheet.first_day,
    }


def counted(found: Promise) -> str:
    """Say how a promised day was counted."""
    if found.day is None:
        return ""
    parts = []
    if found.late:
        parts.append(f"nhận sau {found.late:%H:%M} nên trả vào ngày làm việc tiếp theo")
    if found.closed:
        parts.append("nhận ngoài giờ làm việc nên trả vào ngày làm việc tiếp theo")
    if found.at:
        parts.append(f"trước {found.at:%H:%M}")
    off = [f"{day(each.day)} ({each.name})" for each in found.holidays]
    if off:
        parts.append(f"không tính ngày nghỉ {', '.join(off)}")
    if found.open_years:
        years = ", ".join(map(str, found.open_years))
        parts.append(f"lịch nghỉ lễ, Tết năm {years} tính theo luật, chưa đối chiếu thông báo")
    return "; ".join(parts)


def _facts(served: Served) -> list[tuple[str, str]]:
    asked = served.asked
    cases = dict.fromkeys((asked.paper_case, asked.limit_case, asked.fee_case))
    channel = CHANNEL_WORDS[asked.channel] if asked.channel else ""
    said = (
        ("Trường hợp", "; ".join(case for case in cases if case)),
        ("Hình thức nộp", channel),
    )
    return [(label, words) for label, words in said if words]


def _due(each: Due, several: bool) -> tuple[str, str, str]:  # noqa: FBT001 - one caller
    """Return the case, the promised day, and the limit with how it was counted."""
    found, limit = each.promise, each.limit
    case = limit.case if several else ""
    said = limit.words or limit.note
    if found.day is None:
        silence = NO_DAY[found.silence or Silence.UNSAID]
        return case, silence, f"Thời hạn ghi trong thủ tục: {said}" if said else ""
    how = counted(found)
    said = f"Thời hạn: {said[:1].lower()}{said[1:]}"
    return case, weekday_day(found.day), f"{said}; {how}" if how else said


def _fees(served: Served) -> list[tuple[str, str, str]]:
    """Return name or case, amount and remark of each fee; never a nought for what is unknown."""
    if not served.charges:
        return [_price(each) for each in served.catalogue]
    asked = served.asked
    counted_for = f"{number(asked.pages)} trang, {number(asked.copies)} bản"
    several = counted_for if asked.pages > 1 or asked.copies > 1 else ""
    return [row for each in served.charges for row in _charge(each, several)]


def _charge(each: Charge, several: str) -> list[tuple[str, str, str]]:
    name = each.told.answer.name
    if each.told.answer.refusal:
        return [(name, CONTRADICTING, "")]
    if each.told.row is None and each.by_case:
        return [(f"{name}: {case}", *_amount(one, several)) for case, one in each.by_case]
    case = each.told.row.held.line.case if each.told.row else ""
    return [(f"{name}: {case}" if case else name, *_amount(each.told, several))]


def _amount(told: Told, several: str) -> tuple[str, str]:
    """Return what a fee comes to with a remark; ``several``: for how many pages and copies."""
    if told.answer.refusal:
        return CONTRADICTING, ""
    if told.row is None:
        return NO_LINE, ""
    line = told.row.held.line
    free = [f"Miễn, giảm: {'; '.join(line.exemptions)}"] if line.exemptions else []
    remark = ". ".join(word.rstrip(".") for word in (*free, line.note) if word)
    if line.rate in {Rate.NONE, Rate.EXEMPT, Rate.UNKNOWN}:
        return RATE_WORDS[line.rate], remark
    if told.total is None:
        return told.row.rate, remark
    if money(told.total) != told.row.rate:
        said = (several, f"Mức {told.row.rate}", remark)
        return money(told.total), ". ".join(filter(None, said))
    return told.row.rate, remark


def _price(each: Price) -> tuple[str, str, str]:
    words = each.words or RATE_WORDS.get(each.rate, "")
    return each.name or "Phí, lệ phí", words, each.note


def _papers(served: Served) -> list[dict[str, object]]:
    """Return the papers by case with numbers through the whole table."""
    bring, place = served.bring, 0
    groups: list[dict[str, object]] = []
    named = [("", bring.required), *((case.name or IF_SO, case.papers) for case in bring.cases)]
    for case, items in named:
        rows = []
        for item in items:
            place += 1
            rows.append(_row(place, item))
        if rows:
            groups.append({"case": case, "rows": rows})
    return groups


def _form(said: str) -> str:
    return said if said.startswith("Mẫu") else f"mẫu {said}"


def _row(place: int, item: Item) -> dict[str, object]:
    remarks: Sequence[str] = (
        *(["chỉ xuất trình"] if item.shown_only else []),
        *(["nếu có"] if item.optional else []),
        *([_form(item.form)] if item.form and item.form not in item.name else []),
        *([item.note] if item.note else []),
    )
    known = bool(item.originals or item.copies)
    return {
        "number": place,
        "name": item.name,
        "remarks": "; ".join(remarks),
        "originals": item.originals if known and item.originals else "–",
        "copies": item.copies if known and item.copies else "–",
    }
