"""A process as people know it: its customary sections, what comes from procedures in its place.

Page and paper both set this. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from qms.documents.kinds.parts import LegalReference
from qms.documents.kinds.procedure import (
    CHANNEL_WORDS,
    DossierItem,
    Procedure,
    limit_words,
    rate_words,
    sets_words,
)
from qms.documents.kinds.process import (
    Phase,
    Process,
    RecordKept,
    Term,
    step_cells,
    time_words,
)
from qms.processes import chart, rules
from qms.processes.bound import Bindings, Bound, prices
from qms.processes.rules import Compared, Total


@dataclass(frozen=True)
class Reference:
    """A legal text; ``document_id`` where its record stands."""

    number: str
    name: str
    document_id: int | None = None

    @property
    def words(self) -> str:
        """Number and name in one line."""
        return " – ".join(part for part in (self.number, self.name) if part)


@dataclass(frozen=True)
class Procedural:
    """What one procedure gives: sections 5.1 to 5.6."""

    bound: Bound
    legal: tuple[Reference, ...] = ()
    dossier: tuple[DossierItem, ...] = ()
    sets: str = ""
    limits: tuple[str, ...] = ()
    places: str = ""
    fees: tuple[str, ...] = ()
    compared: tuple[Compared, ...] = ()


@dataclass(frozen=True)
class StepRow:
    """A step as the table tells it, numbered through all phases."""

    number: int
    what: str
    who: str
    time: str
    result: str


@dataclass(frozen=True)
class PhaseRows:
    """The steps of a phase, and their sum where there are several phases."""

    name: str
    steps: tuple[StepRow, ...]
    total: Total


@dataclass(frozen=True)
class FormRow:
    """A form: its code, what it is called that day, and where its page is."""

    code: str
    name: str
    document_id: int | None = None


@dataclass(frozen=True)
class Told:
    """All sections of a process for a day."""

    on: date
    process: Process
    references: tuple[Reference, ...]
    procedures: tuple[Procedural, ...]
    phases: tuple[PhaseRows, ...]
    total: Total
    forms: tuple[FormRow, ...]
    records: tuple[RecordKept, ...]
    named: Mapping[tuple[str, str], int]

    @property
    def terms(self) -> tuple[Term, ...]:
        """Words and what they stand for."""
        return self.process.terms

    @property
    def by_case(self) -> bool:
        """Whether steps differ by case, so that no one sum tells how long it takes."""
        return bool(rules.cases(self.process.phases))

    @property
    def bands(self) -> list[chart.Band]:
        """What the flow chart draws."""
        return [
            chart.Band(
                phase.name,
                [
                    chart.Box(
                        step.number,
                        step.what,
                        step.who,
                        tuple(part for part in (step.time, step.result) if part),
                    )
                    for step in phase.steps
                ],
            )
            for phase in self.phases
        ]


def tell(process: Process, bindings: Bindings) -> Told:
    """Put a process together with what it takes from others."""
    return Told(
        on=bindings.on,
        process=process,
        references=_references(process.references, bindings),
        procedures=tuple(_procedural(each, process, bindings) for each in bindings.procedures),
        phases=_phases(process.phases),
        total=rules.total(step for phase in process.phases for step in phase.steps),
        forms=_forms(process, bindings),
        records=process.records,
        named={key: each.document_id for key, each in bindings.named.items()},
    )


def _references(found: Sequence[LegalReference], bindings: Bindings) -> tuple[Reference, ...]:
    named = bindings.named
    return tuple(
        Reference(
            each.number,
            each.name,
            named["legal", each.document].document_id
            if ("legal", each.document) in named
            else None,
        )
        for each in found
    )


def _procedural(bound: Bound, process: Process, bindings: Bindings) -> Procedural:
    content = bound.content
    if content is None:
        return Procedural(bound)
    return Procedural(
        bound,
        legal=_references(content.legal_basis, bindings),
        dossier=content.dossier,
        sets=sets_words(content.sets),
        limits=_limits(content),
        places=content.address or content.handled_by,
        fees=_fees(content, bindings.on),
        compared=tuple(rules.compare(process.phases, content.methods)),
    )


def _limits(content: Procedure) -> tuple[str, ...]:
    """Say each limit once, with its case and, where they differ, the ways it holds for."""
    said: dict[tuple[str, str], list[str]] = {}
    for method in content.methods:
        words = limit_words(method.limit) or "Chưa ghi thời hạn"
        said.setdefault((method.case.strip(), words), []).append(CHANNEL_WORDS[method.channel])
    several = [case for case, _ in said]
    return tuple(
        ": ".join(
            part
            for part in (
                case,
                ", ".join(dict.fromkeys(ways)) if several.count(case) > 1 else "",
                words,
            )
            if part
        )
        for (case, words), ways in said.items()
    )


def _fees(content: Procedure, on: date) -> tuple[str, ...]:
    """Say each price once, with the ways it is paid where they differ."""
    channels = {method.channel for method in content.methods}
    said: dict[str, list[str]] = {}
    for method, line in prices(content, on):
        what = line.case or method.case.strip() or line.name
        words = ": ".join(part for part in (what, rate_words(line)) if part)
        words += f" ({line.note.rstrip('.')})" if line.note else ""
        said.setdefault(words, []).append(CHANNEL_WORDS[method.channel])
    return tuple(
        words
        if len(set(ways)) == len(channels)
        else f"{words} – {', '.join(dict.fromkeys(ways)).lower()}"
        for words, ways in said.items()
    )


def _phases(phases: Sequence[Phase]) -> tuple[PhaseRows, ...]:
    found, number = [], 0
    for phase in phases:
        rows = []
        for step in phase.steps:
            number += 1
            what, who, _, result = step_cells(step)
            rows.append(
                StepRow(number, what, who, time_words(step.quarters, step.unit), result)
            )
        found.append(PhaseRows(phase.name, tuple(rows), rules.total(phase.steps)))
    return tuple(found)


def _forms(process: Process, bindings: Bindings) -> tuple[FormRow, ...]:
    """Return the forms of the procedures, then those of the process and of its steps.

    What a procedure calls its form without a code is told by that name alone.
    """
    codes: dict[str, str] = {}
    names: dict[str, None] = {}
    for _, content in bindings.standing:
        for item in content.dossier:
            if item.form_code:
                codes.setdefault(item.form_code, item.name)
            elif item.form:
                names[item.form] = None
    for form in process.forms:
        codes[form.code] = form.name or codes.get(form.code, "")
    for code in (step.form_code for phase in process.phases for step in phase.steps):
        if code:
            codes.setdefault(code, "")
    return (*(FormRow("", name) for name in names), *_coded(codes, bindings))


def _coded(codes: Mapping[str, str], bindings: Bindings) -> list[FormRow]:
    found = []
    for code, name in codes.items():
        named = bindings.named.get(("form", code))
        found.append(
            FormRow(code, named.title, named.document_id) if named else FormRow(code, name)
        )
    return found
