"""A fee line as it is typed, in schedules and in procedures. Pure."""

from itertools import pairwise
from typing import Any, Final

from qms.documents.kinds.fees import FeeLine, Rate
from qms.documents.kinds.typing import Faults, Typed, lines, words
from qms.errors import InvalidError
from qms.vietnamese import day, number

PLAIN: Final = ("name", "case", "unit", "legal_basis", "note")


def typed(line: FeeLine) -> Typed:
    """Return a line as it is typed."""
    return {
        **{name: getattr(line, name) for name in PLAIN},
        "type": line.type.value,
        "rate": line.rate.value,
        "amount": "" if line.amount is None else number(line.amount),
        "steps": "\n".join(f"{step.from_unit}: {number(step.amount)}" for step in line.steps),
        "cap": "" if line.cap is None else number(line.cap),
        "first_day": day(line.first_day) if line.first_day else "",
        "last_day": day(line.last_day) if line.last_day else "",
        "exemptions": "\n".join(line.exemptions),
    }


def read(faults: Faults, path: str, row: Typed) -> dict[str, Any]:
    """Return the values of a line; what is wrong is told by the path of its field."""
    rate = words(row, "rate")
    amount = faults.money(f"{path}-amount", row.get("amount"))
    steps = _steps(faults, f"{path}-steps", row) if rate == Rate.STEPS else ()
    first = faults.day(f"{path}-first_day", row.get("first_day"))
    last = faults.day(f"{path}-last_day", row.get("last_day"))
    if first and last and last < first:
        faults.found[f"{path}-last_day"] = InvalidError("Ngày cuối đứng trước ngày đầu.")
    wrong = faults.found
    if rate == Rate.AMOUNT and amount is None:
        wrong.setdefault(f"{path}-amount", InvalidError("Hãy ghi số tiền, ví dụ 8.000."))
    if rate == Rate.STEPS and not steps:
        wrong.setdefault(
            f"{path}-steps", InvalidError("Hãy ghi ít nhất một bậc, ví dụ 1: 8.000.")
        )
    if rate not in {Rate.AMOUNT, Rate.STEPS} and (amount is not None):
        wrong[f"{path}-amount"] = InvalidError("Đã ghi số tiền thì chọn “Số tiền” ở ô mức thu.")
    return {
        **{name: words(row, name) for name in PLAIN},
        "type": words(row, "type"),
        "rate": rate,
        "amount": amount if rate == Rate.AMOUNT else None,
        "steps": steps,
        "cap": faults.money(f"{path}-cap", row.get("cap")),
        "first_day": first,
        "last_day": last,
        "exemptions": lines(row, "exemptions"),
    }


def _steps(faults: Faults, path: str, row: Typed) -> tuple[dict[str, Any], ...]:
    found = []
    for line in lines(row, "steps"):
        before, _, after = line.partition(":")
        step = {"from_unit": faults.whole(path, before), "amount": faults.money(path, after)}
        if None in step.values():
            shape = InvalidError("Mỗi bậc một dòng, ví dụ 1: 8.000 (từ đơn vị thứ nhất).")
            if step["from_unit"] is None:
                faults.found[path] = shape
            faults.found.setdefault(path, shape)
            return ()
        found.append(step)
    starts = [step["from_unit"] or 0 for step in found]
    if found and (starts[0] != 1 or any(a >= b for a, b in pairwise(starts))):
        faults.found[path] = InvalidError(
            "Bậc đầu phải tính từ đơn vị thứ 1, các bậc sau theo thứ tự tăng dần."
        )
    return tuple(found)
