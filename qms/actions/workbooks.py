"""The nonconformity report and the request for corrective action as workbooks."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, TypeAlias

from qms.registers.form_sheets import Block, Fact, FilledForm, Part, Said, Table, written
from qms.vietnamese import day, formal_day

Told: TypeAlias = Mapping[str, Any]
"""What the print template of the same paper is given; see qms.actions.papers."""

_BLANK: Final = "\n\n"
"""Room to write by hand."""
_CHOSEN: Final = {True: "■", False: "□"}


def finding(told: Told) -> bytes:
    """Return the nonconformity report as XLSX."""
    day_, why = told["annulled"]
    about = f"Đã hủy ngày {day(day_)}: {why}" if day_ else ""
    return written(_form(told, told["code"], told["found_on"], about, _finding(told)))


def request(told: Told) -> bytes:
    """Return the request for corrective action as XLSX."""
    about = f"Tình trạng: {told['state']}"
    about += f" · Tiếp theo phiếu {told['before']}" if told["before"] else ""
    blocks = (*_first(told), *_plan(told), *_results(told), *_checks(told))
    return written(_form(told, told["request"], told["raised"][1], about, blocks))


def _form(
    told: Told, number: str, on: date, about: str, blocks: Iterator[Block] | tuple[Block, ...]
) -> FilledForm:
    office, form = told["office"], told["form"]
    place = f"{told['place']}, " if told["place"] else ""
    numbers = f", lần {form['numbers']}, {form['first_day']}" if form["numbers"] else ""
    return FilledForm(
        office=[each.replace("\n", " ") for each in office.values() if each],
        place=place + formal_day(on),
        number=number,
        title=form["title"],
        about=about,
        blocks=tuple(blocks),
        signers=told["signers"],
        foot=f"{form['code']}{numbers}",
    )


def _finding(told: Told) -> Iterator[Block]:
    yield Fact("Đơn vị có phát hiện", told["unit"])
    yield Fact("Nguồn", _source(told))
    yield Fact("Tiêu chuẩn, điều khoản", f"{told['edition']}, điều khoản {told['clause']}")
    if told["document"]:
        yield Fact("Tài liệu liên quan", told["document"])
    grades = (f"{_CHOSEN[chosen]} {words}" for words, chosen in told["grades"])
    yield Fact("Phân loại", "\n".join(grades))
    for words, when, who, reason in told["changes"]:
        yield Said("", f"{words} ngày {day(when)}, {who}{': ' if reason else ''}{reason}.")
    yield Part("1. Mô tả")
    yield Said(told["text"])
    yield Part("2. Bằng chứng")
    yield Said(told["evidence"], _attached(told))
    yield Part("3. Xử lý")
    if not told["in_words"]:
        asked = ", ".join(told["requests"])
        yield Said(f"Theo phiếu yêu cầu hành động khắc phục: {asked}.")
    elif told["answer"]:
        yield Said(told["answer"], _by("Người trả lời", told["answered"]))
    else:
        yield Said("Chưa có trả lời.")
    who, when = told["closed"]
    if when:
        yield Said(f"Đóng ngày {day(when)}, người đóng: {who}.")


def _first(told: Told) -> Iterator[Block]:
    yield Part(f"Phần 1. Sự không phù hợp ({told['code']})")
    yield Fact("Đơn vị", told["unit"])
    yield Fact("Nguồn", _source(told))
    yield Fact("Điều khoản", f"{told['edition']}, {told['clause']}")
    if told["document"]:
        yield Fact("Tài liệu", told["document"])
    yield Fact("Phân loại", told["grade"])
    yield Fact("Mô tả", told["text"])
    yield Fact("Bằng chứng", told["evidence"])
    yield Fact("Hạn thực hiện", told["due"])
    for until, reason, who in told["extensions"]:
        yield Fact("", f"Gia hạn đến {day(until)}: {reason} ({who})")
    yield Said("", _by("Người lập", told["raised"]))


def _plan(told: Told) -> Iterator[Block]:
    yield Part("Phần 2. Khắc phục ngay, nguyên nhân, kế hoạch")
    yield Part("2.1. Khắc phục ngay")
    yield Said(told["correction"] or _BLANK, _by("Người ghi", told["corrected"]))
    yield Part("2.2. Việc tương tự ở nơi khác")
    yield Said(told["extent"] or _BLANK)
    yield Part("2.3. Nguyên nhân")
    whys = (
        f"{'    ' * depth}{'– ' if depth else ''}{words}{' (gốc)' if root else ''}"
        for depth, words, root in told["whys"]
    )
    yield Said("\n".join(whys) or _BLANK)
    yield Part("2.4. Hành động khắc phục")
    rows = [(each["words"], each["owner"], each["due"]) for each in told["tasks"]]
    yield Table(("Hành động", "Người chịu trách nhiệm", "Hạn"), rows)
    yield Said("", _by("Người lập kế hoạch", told["analysed"]))
    yield Said("", _by("Người phê duyệt", told["approved"]))


def _results(told: Told) -> Iterator[Block]:
    yield Part("Phần 3. Kết quả thực hiện")
    rows = [(each["result"], _evidence(each), each["done_on"]) for each in told["tasks"]]
    yield Table(("Kết quả", "Bằng chứng", "Ngày xong"), rows)
    yield Said("", _by("Người báo làm xong", told["done"]))


def _checks(told: Told) -> Iterator[Block]:
    yield Part("Phần 4. Kiểm tra xác nhận và hiệu lực")
    yield Part("4.1. Xác nhận đã thực hiện")
    words = told["verified_words"] if told["verified"][1] else _BLANK
    yield Said(words, _by("Người xác nhận", told["verified"]))
    due = f" (kiểm tra từ {day(told['effect_due'])})" if told["effect_due"] else ""
    yield Part(f"4.2. Hiệu lực{due}")
    yes, no = (_CHOSEN[told["effective"] == each] for each in ("yes", "no"))
    next_one = told["carried"] or "………"
    yield Said(
        f"{yes} Có hiệu lực, đóng phiếu   {no} Chưa có hiệu lực, phiếu mới số {next_one}"
    )
    yield Said(told["effect_words"], _by("Người kiểm tra", told["effect"]))


def _source(told: Told) -> str:
    return ": ".join(filter(None, (told["source"], told["source_ref"])))


def _attached(told: Told) -> str:
    return f"Kèm theo: {'; '.join(told['files'])}" if told["files"] else ""


def _evidence(task: Told) -> str:
    decision, files = task["decision"], "; ".join(task["files"])
    if decision is None:
        return files
    number, on = decision["number"], decision["effective_on"]
    words = f"Quyết định số {number}, hiệu lực {day(on)}" if number else "Dự thảo quyết định"
    return "\n".join(filter(None, (files, words)))


def _by(label: str, said: tuple[str, date | None]) -> str:
    who, when = said
    return f"{label}: {who}, {day(when)}" if when else ""
