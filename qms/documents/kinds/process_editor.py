"""Editing a process: from its content to fields, from fields back, and what is missing. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from qms.documents.kinds.process import (
    Process,
    ProcessStep,
    StepUnit,
    parse_quarters,
    quarters_words,
)
from qms.documents.kinds.typing import Faults, Typed, rows, words
from qms.errors import N_, InvalidError
from qms.vietnamese import UnreadableError

TEMPLATE: Final = "documents/edit_process.html"
PROSE: Final = ("purpose", "applies_to", "conditions", "distribution", "note")
SHORT: Final = ("field", "label")
_STEP: Final = ("what", "who", "case", "result")
_RECORD: Final = ("name", "form_code", "keeper", "order", "retention", "disposal")
EMPTY: Final[Mapping[str, Typed]] = {
    "procedures": {},
    "phases": {},
    "steps": {"unit": StepUnit.WORKING_DAY.value},
    "terms": {},
    "forms": {},
    "records": {},
    "references": {},
}
"""A new row of each list."""


def typed(content: Process) -> Typed:
    """Return a process as it is typed."""
    found: Typed = {name: getattr(content, name) for name in (*PROSE, *SHORT)}
    found["procedures"] = [{"code": code} for code in content.procedures]
    found["clauses"] = ", ".join(content.clauses)
    found["references"] = [
        {"number": each.number, "name": each.name, "document": each.document}
        for each in content.references
    ]
    found["terms"] = [{"term": t.term, "meaning": t.meaning} for t in content.terms]
    found["phases"] = [
        {"name": phase.name, "steps": [_step(step) for step in phase.steps]}
        for phase in content.phases
    ]
    found["forms"] = [{"code": f.code, "name": f.name} for f in content.forms]
    found["records"] = [
        {name: getattr(record, name) for name in _RECORD} for record in content.records
    ]
    return found


def read(given: Typed, base: Process) -> tuple[Process | None, dict[str, InvalidError]]:
    """Return the process that was typed, or what is wrong by the path of the field."""
    faults = Faults()
    values: dict[str, Any] = {name: words(given, name) for name in (*PROSE, *SHORT)}
    values |= {
        "procedures": [
            code for row in rows(given, "procedures") if (code := words(row, "code").strip())
        ],
        "clauses": [
            each.strip() for each in words(given, "clauses").split(",") if each.strip()
        ],
        "references": [
            {
                "number": words(row, "number").strip(),
                "name": words(row, "name"),
                "document": words(row, "document").strip(),
            }
            for row in rows(given, "references")
        ],
        "terms": [
            {"term": words(row, "term").strip(), "meaning": words(row, "meaning")}
            for row in rows(given, "terms")
        ],
        "phases": [
            {
                "name": words(row, "name").strip(),
                "steps": [
                    _read_step(faults, f"phases-{place}-steps-{at}", step)
                    for at, step in enumerate(rows(row, "steps"))
                ],
            }
            for place, row in enumerate(rows(given, "phases"))
        ],
        "forms": [
            {"code": words(row, "code").strip(), "name": words(row, "name").strip()}
            for row in rows(given, "forms")
        ],
        "records": [
            {name: words(row, name).strip() for name in _RECORD}
            for row in rows(given, "records")
        ],
    }
    kept = base.model_dump(mode="json", by_alias=True)
    try:
        content = Process.model_validate(kept | values)
    except ValidationError as error:
        faults.refuse(error)
        return None, faults.found
    return (None if faults.found else content), faults.found


def missing(content: Process) -> list[tuple[str, str, str]]:
    """Return what the process lacks: state, sentence and the part it belongs to."""
    found = [
        ("late", sentence, name)
        for name, sentence in _NEEDED.items()
        if not getattr(content, name)
    ]
    steps = [step for phase in content.phases for step in phase.steps]
    if content.phases and not steps:
        found.append(("late", N_("Chưa ghi bước nào."), "phases"))
    if any(not phase.steps for phase in content.phases) and steps:
        found.append(("review", N_("Có giai đoạn chưa ghi bước nào."), "phases"))
    if any(not step.what.strip() for step in steps):
        found.append(("late", N_("Có bước chưa ghi nội dung công việc."), "phases"))
    if any(not step.who.strip() for step in steps):
        found.append(("late", N_("Có bước chưa ghi người chịu trách nhiệm."), "phases"))
    if any(not record.retention for record in content.records):
        found.append(("review", N_("Có hồ sơ chưa ghi thời gian lưu."), "records"))
    if content.label:
        found.append(
            ("review", N_("Còn nhãn cần đối chiếu; đối chiếu xong thì xóa nhãn."), "label")
        )
    return found


_NEEDED: Final = {
    "procedures": N_("Chưa ghi quy trình mô tả thủ tục nào."),
    "purpose": N_("Chưa ghi mục đích."),
    "applies_to": N_("Chưa ghi phạm vi."),
    "phases": N_("Chưa ghi các bước xử lý."),
    "records": N_("Chưa ghi hồ sơ cần lưu."),
}


def _step(step: ProcessStep) -> Typed:
    return {
        **{name: getattr(step, name) for name in _STEP},
        "form_code": step.form_code,
        "time": "" if step.quarters is None else quarters_words(step.quarters),
        "unit": step.unit.value,
        "untimed": "y" if step.quarters is None else "",
    }


def _read_step(faults: Faults, path: str, row: Typed) -> dict[str, Any]:
    return {
        **{name: words(row, name) for name in _STEP},
        "form_code": words(row, "form_code").strip(),
        "quarters": _quarters(faults, f"{path}-time", row),
        "unit": words(row, "unit"),
    }


def _quarters(faults: Faults, path: str, row: Typed) -> int | None:
    said, untimed = words(row, "time").strip(), bool(words(row, "untimed"))
    if untimed and said:
        faults.found[path] = InvalidError(
            "Đã ghi thời gian thì bỏ dấu “Không tính thời gian”, hoặc xóa thời gian."
        )
    elif not untimed and not said:
        faults.found[path] = InvalidError(
            "Hãy ghi thời gian, ví dụ 0,5; hoặc đánh dấu “Không tính thời gian”."
        )
    elif said:
        try:
            return parse_quarters(said)
        except UnreadableError as error:
            faults.found[path] = error
    return None
