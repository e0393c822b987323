"""An internal process (quy trình ISO): how the office handles one or more procedures.

What the procedure says – legal basis, dossier, time, fee, forms – is not repeated here: it is
asked from the procedure for the day (Nghị định 63/2010/NĐ-CP, Điều 26).
"""

import re
from enum import StrEnum
from typing import Final, Literal

from pydantic import Field

from qms.documents.comparison import Section
from qms.documents.kinds.base import Code, Content, Line, Link, Part, Relation, Text
from qms.documents.kinds.parts import (
    LegalReference,
    legal_links,
    legal_table,
    prose,
    table,
)
from qms.vietnamese import UnreadableError, number

QUARTERS: Final = 4
"""Quarters of a unit in one: time is kept in whole quarters."""
MOST_QUARTERS: Final = 40_000
STEP_HEAD: Final = ("Bước", "Trình tự", "Trách nhiệm", "Thời gian", "Biểu mẫu, kết quả")
TERM_HEAD: Final = ("Từ", "Nghĩa")
FORM_HEAD: Final = ("Mã hiệu", "Tên biểu mẫu")
RECORD_HEAD: Final = ("Hồ sơ", "Mã hiệu", "Nơi lưu", "Sắp xếp", "Thời gian lưu", "Hủy")


class StepUnit(StrEnum):
    """What the time of a step counts; a working day has eight hours."""

    WORKING_DAY = "working_day"
    HOUR = "hour"


_TIME: Final = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d{1,5})(?:[.,](\d{1,2}))?")
UNIT_WORDS: Final = {StepUnit.WORKING_DAY: "ngày làm việc", StepUnit.HOUR: "giờ"}


class ProcessStep(Part):
    """One step: what is done, by whom, how long, with which form and result.

    ``quarters``: quarters of ``unit`` (0,25 ngày is 1); None: no time is counted. ``case``: the
    case of the procedure it belongs to; empty: to all of them.
    """

    what: Text
    who: Text = ""
    case: Text = ""
    quarters: int | None = Field(default=None, ge=1, le=MOST_QUARTERS)
    unit: StepUnit = StepUnit.WORKING_DAY
    form_code: Code = ""
    result: Text = ""


class Phase(Part):
    """Steps at one level, such as the commune and then the province; ``name`` may be empty."""

    name: Line = ""
    steps: tuple[ProcessStep, ...] = ()


class Term(Part):
    """A word or abbreviation and what it stands for."""

    term: Line
    meaning: Text


class FormUse(Part):
    """A form the process uses besides those of the procedure."""

    code: Code
    name: Line = ""


class RecordKept(Part):
    """A record that is kept: on which form, where, in which order, how long, how disposed of."""

    name: Line
    form_code: Code = ""
    keeper: Line = ""
    order: Line = ""
    retention: Line = ""
    disposal: Line = ""


class Process(Content):
    """The sections customary in the quality systems of public offices."""

    kind: Literal["process"] = "process"
    field: Line = ""
    procedures: tuple[Code, ...] = ()
    purpose: Text = ""
    applies_to: Text = ""
    references: tuple[LegalReference, ...] = ()
    clauses: tuple[Line, ...] = ()
    terms: tuple[Term, ...] = ()
    conditions: Text = ""
    phases: tuple[Phase, ...] = ()
    forms: tuple[FormUse, ...] = ()
    records: tuple[RecordKept, ...] = ()
    distribution: Text = ""
    note: Text = ""

    def sections(self) -> list[Section]:
        """Return the parts in the customary order; the steps numbered through, phase by phase."""
        return [
            prose("field", "Lĩnh vực", self.field),
            prose("purpose", "Mục đích", self.purpose),
            prose("applies_to", "Phạm vi", self.applies_to),
            prose("procedures", "Thủ tục hành chính được mô tả", "\n".join(self.procedures)),
            legal_table("references", "Tài liệu viện dẫn", self.references),
            prose("clauses", "Điều khoản của tiêu chuẩn", ", ".join(self.clauses)),
            table(
                "terms",
                "Định nghĩa, viết tắt",
                TERM_HEAD,
                tuple((each.term, each.meaning) for each in self.terms),
            ),
            prose("conditions", "Điều kiện thực hiện", self.conditions),
            *self._phases(),
            table(
                "forms",
                "Biểu mẫu",
                FORM_HEAD,
                tuple((each.code, each.name) for each in self.forms),
            ),
            table(
                "records",
                "Hồ sơ cần lưu",
                RECORD_HEAD,
                tuple(
                    (
                        *(each.name, each.form_code, each.keeper),
                        *(each.order, each.retention, each.disposal),
                    )
                    for each in self.records
                ),
            ),
            prose("distribution", "Nơi nhận", self.distribution),
            prose("note", "Ghi chú", self.note),
            prose("label", "Nhãn", self.label),
        ]

    def words(self) -> str:
        """Return what a person may look for in a process."""
        parts = [self.field, self.purpose, self.applies_to, *self.procedures]
        parts += [f"{basis.number} {basis.name}" for basis in self.references]
        for phase in self.phases:
            parts += [phase.name, *(f"{step.what} {step.who}" for step in phase.steps)]
        parts += [f"{each.code} {each.name}" for each in self.forms]
        parts += [each.name for each in self.records]
        return "\n".join(part for part in parts if part)

    def links(self) -> list[Link]:
        """Return the procedures described, the forms used and kept, the legal texts on record."""
        steps = (step for phase in self.phases for step in phase.steps)
        forms = dict.fromkeys(
            (*(each.code for each in self.forms), *(step.form_code for step in steps))
        )
        kept = dict.fromkeys(each.form_code for each in self.records)
        described = dict.fromkeys(self.procedures)
        return [
            *(Link(Relation.DESCRIBES, "procedure", c, "procedures") for c in described if c),
            *(Link(Relation.USES_FORM, "form", code, "forms") for code in forms if code),
            *(Link(Relation.RECORDS_ON, "form", code, "records") for code in kept if code),
            *legal_links(self.references, "references"),
        ]

    def topic(self) -> str:
        """Return the field (lĩnh vực)."""
        return self.field

    def _phases(self) -> list[Section]:
        found, number_ = [], 0
        for place, phase in enumerate(self.phases):
            rows = []
            for step in phase.steps:
                number_ += 1
                rows.append((str(number_), *step_cells(step)))
            label = f"Quy trình xử lý: {phase.name}" if phase.name else "Quy trình xử lý"
            found.append(table(f"phases-{place}", label, STEP_HEAD, tuple(rows)))
        return found


def step_cells(step: ProcessStep) -> tuple[str, str, str, str]:
    """Return what a table of steps says of one, without its number."""
    what = f"{step.what}\n({step.case})" if step.case else step.what
    result = "\n".join(part for part in (step.form_code, step.result) if part)
    return what, step.who, time_words(step.quarters, step.unit), result


def time_words(quarters: int | None, unit: StepUnit) -> str:
    """Say how long: "0,25 ngày làm việc"; "Không tính thời gian" where none is counted."""
    if quarters is None:
        return "Không tính thời gian"
    return f"{quarters_words(quarters)} {UNIT_WORDS[unit]}"


def parse_quarters(typed: str) -> int:
    """Read how long a step takes, as people write it: ``0,25``, ``0,5``, ``1``, ``7``.

    Raises :class:`UnreadableError` for anything that is not on a quarter.
    """
    found = _TIME.fullmatch(typed.strip())
    if found is None or not typed.isascii():
        raise UnreadableError(
            "Hãy ghi thời gian bằng số, phần lẻ sau dấu phẩy, ví dụ 0,25; 0,5; 1; 7."
        )
    whole, part = int(found[1].replace(".", "")), int((found[2] or "0").ljust(2, "0"))
    quarters, rest = divmod(whole * 100 + part, 100 // QUARTERS)
    if rest:
        raise UnreadableError(
            "Thời gian tính theo phần tư: 0,25; 0,5; 0,75; 1… “%(typed)s” không rơi vào "
            "phần tư nào.",
            typed=typed.strip(),
        )
    if not 1 <= quarters <= MOST_QUARTERS:
        raise UnreadableError(
            "Thời gian của một bước từ 0,25 đến 10.000. Bước không tính thời gian thì đánh "
            "dấu “Không tính thời gian”."
        )
    return quarters


def quarters_words(quarters: int) -> str:
    """Write quarters as the number they make: ``0,25``."""
    whole, part = divmod(quarters, QUARTERS)
    return number(whole + part / QUARTERS)
