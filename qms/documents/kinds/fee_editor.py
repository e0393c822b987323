"""Editing a fee schedule: from its content to fields, from fields back, what is missing. Pure."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic import ValidationError

from qms.documents.kinds import fee_typing
from qms.documents.kinds.fee import FeeSchedule
from qms.documents.kinds.fees import Channel, FeeLine, FeeType, Picks, Rate
from qms.documents.kinds.typing import Faults, Typed, lines, rows, words
from qms.documents.price_checks import clashes, gaps
from qms.errors import N_, InvalidError
from qms.vietnamese import day

TEMPLATE: Final = "documents/edit_fee.html"
PROSE: Final = ("collector", "collection", "payers", "exemptions", "note")
SHORT: Final = ("field", "label")
_LINE: Final = ("procedure", "territory", "transition", "picked_by", "mark", "source")
EMPTY: Final[Mapping[str, Typed]] = {
    "lines": {"type": FeeType.CHARGE.value, "rate": Rate.AMOUNT.value},
    "legal_basis": {},
}
"""A new row of each list."""
Missing = tuple[str, str, str] | tuple[str, str, str, Mapping[str, object]]
"""A state, a sentence, the part to jump to, and the values in the sentence."""


def typed(content: FeeSchedule) -> Typed:
    """Return a schedule as it is typed."""
    found: Typed = {name: getattr(content, name) for name in (*PROSE, *SHORT)}
    found["sources"] = "\n".join(content.sources)
    found["lines"] = [typed_line(line) for line in content.lines]
    found["legal_basis"] = [
        {"number": r.number, "name": r.name, "document": r.document}
        for r in content.legal_basis
    ]
    return found


def typed_line(line: FeeLine) -> Typed:
    """Return a line of a schedule as it is typed."""
    said = line.model_dump(mode="json")
    return {
        **fee_typing.typed(line),
        **{name: said[name] or "" for name in _LINE},
        **{f"by_{each.value}": "y" for each in line.channels},
        "units": ", ".join(line.units),
    }


def read(given: Typed, base: FeeSchedule) -> tuple[FeeSchedule | None, dict[str, InvalidError]]:
    """Return the schedule that was typed, or what is wrong by the path of the field."""
    faults = Faults()
    values: dict[str, Any] = {name: words(given, name) for name in (*PROSE, *SHORT)}
    values |= {
        "sources": lines(given, "sources"),
        "lines": [
            read_line(faults, f"lines-{place}", row)
            for place, row in enumerate(rows(given, "lines"))
        ],
        "legal_basis": [
            {
                "number": words(row, "number").strip(),
                "name": words(row, "name"),
                "document": words(row, "document").strip(),
            }
            for row in rows(given, "legal_basis")
        ],
    }
    if faults.found:
        return None, faults.found
    try:
        content = FeeSchedule.model_validate(
            base.model_dump(mode="json", by_alias=True) | values
        )
    except ValidationError as error:
        faults.refuse(error)
        return None, faults.found
    for _, second, why in clashes(content.lines):
        faults.found.setdefault(f"lines-{second}-first_day", why)
    return (None if faults.found else content), faults.found


def read_line(faults: Faults, path: str, row: Typed) -> dict[str, Any]:
    """Return the values of one line of a schedule."""
    found = fee_typing.read(faults, path, row)
    if not found["name"].strip():
        faults.found.setdefault(f"{path}-name", InvalidError("Hãy ghi tên phí, lệ phí."))
    return {
        **found,
        **{name: words(row, name).strip() for name in _LINE},
        "picked_by": words(row, "picked_by") or Picks.DECISION.value,
        "mark": words(row, "mark") or None,
        "channels": [each.value for each in Channel if words(row, f"by_{each.value}")],
        "units": [each.strip() for each in words(row, "units").split(",") if each.strip()],
    }


def missing(content: FeeSchedule) -> list[Missing]:
    """Return what the schedule lacks: state, sentence, part, values.

    Source: Luật Phí và lệ phí 97/2015/QH13, Điều 14 khoản 1 (what must be made public).
    """
    found: list[Missing] = [
        ("late", sentence, name)
        for name, sentence in _NEEDED.items()
        if not getattr(content, name)
    ]
    found += _of_lines("late", content, N_("%(count)s dòng chưa ghi thủ tục."), _no_procedure)
    found += _of_lines("late", content, N_("%(count)s dòng chưa ghi căn cứ."), _no_basis)
    found += [
        ("late", why.sentence, f"lines-{second}-first_day", why.values)
        for _, second, why in clashes(content.lines)
    ]
    found += [
        (
            "review",
            N_("Giữa dòng %(first)s và dòng %(second)s, từ %(from)s đến %(to)s không có mức."),
            f"lines-{second}-first_day",
            {
                "first": first + 1,
                "second": second + 1,
                "from": day(begins),
                "to": day(ends),
            },
        )
        for first, second, begins, ends in gaps(content.lines)
    ]
    found += _of_lines(
        "review", content, N_("%(count)s dòng có mức thu chưa xác định."), _unknown
    )
    found += _of_lines(
        "review",
        content,
        N_("%(count)s dòng chưa ghi ngày đầu, nên tính từ ngày biểu có hiệu lực."),
        _no_first_day,
    )
    if not content.exemptions:
        found.append(("review", N_("Chưa ghi đối tượng miễn, giảm."), "exemptions"))
    if content.label:
        found.append(
            ("review", N_("Còn nhãn cần đối chiếu; đối chiếu xong thì xóa nhãn."), "label")
        )
    return found


_NEEDED: Final = {
    "lines": N_("Chưa ghi mức thu nào."),
    "collector": N_("Chưa ghi đơn vị thu."),
    "collection": N_("Chưa ghi phương thức thu."),
    "payers": N_("Chưa ghi đối tượng nộp."),
    "legal_basis": N_("Chưa ghi căn cứ pháp lý."),
}


def _of_lines(
    state: str, content: FeeSchedule, sentence: str, lacks: Callable[[FeeLine], bool]
) -> list[Missing]:
    """Return one sentence for all lines that lack something; it leads to the first."""
    places = [place for place, line in enumerate(content.lines) if lacks(line)]
    return [(state, sentence, f"lines-{places[0]}", {"count": len(places)})] if places else []


def _no_procedure(line: FeeLine) -> bool:
    return not line.procedure


def _no_basis(line: FeeLine) -> bool:
    return not line.legal_basis


def _unknown(line: FeeLine) -> bool:
    return line.rate is Rate.UNKNOWN


def _no_first_day(line: FeeLine) -> bool:
    return line.first_day is None
