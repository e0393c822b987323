"""The five answers a notice begins with: what to bring, how long, how much, where, which form.

What the catalogue does not say stays unsaid here: it is never turned into "free" or "none".
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from qms.documents.kinds.fees import Channel, FeeLine, Rate
from qms.documents.kinds.procedure import (
    DossierItem,
    LimitUnit,
    Method,
    Procedure,
    limit_words,
    rate_words,
)
from qms.notices import tables

_MARKS: Final = " \t*-+•–·.:;"
_NUMBERED: Final = re.compile(r"^\(?(?:\d+(?:\.\d+)*|[ivx]+|[a-zđ])[.)]\s+", re.IGNORECASE)
_REMARK: Final = re.compile(r"^(lưu ý|ghi chú|chú ý)\b", re.IGNORECASE)
_IF: Final = re.compile(r"^(đối với |trong )?trường hợp\b|^nếu\b", re.IGNORECASE)
_TO_SHOW: Final = re.compile(r"^(các )?giấy tờ (cần |phải )?xuất trình$", re.IGNORECASE)
_TO_ALL: Final = re.compile(
    r"^((các )?giấy tờ (cần |phải )?nộp|(thành phần )?hồ sơ( bao)?( gồm)?( có)?"
    r"|thành phần hồ sơ|mọi trường hợp|tất cả( các)? trường hợp|hồ sơ (cần|phải) nộp)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Paper:
    """One thing to bring; ``originals`` and ``copies`` are None where nobody said."""

    name: str
    note: str
    form: str
    shown_only: bool
    optional: bool
    originals: int | None
    copies: int | None


@dataclass(frozen=True)
class Case:
    """Papers that only one case needs; without a name the papers say themselves when."""

    name: str
    papers: tuple[Paper, ...]


@dataclass(frozen=True)
class Bring:
    """What to bring: always, by case, and what the catalogue remarks on it."""

    required: tuple[Paper, ...]
    cases: tuple[Case, ...]
    remarks: tuple[str, ...]
    sets: int | None

    @property
    def count(self) -> int:
        """Return how many papers are named in all."""
        return len(self.required) + sum(len(case.papers) for case in self.cases)


@dataclass(frozen=True)
class Limit:
    """How long one case takes by these channels; empty ``words`` mean nobody said."""

    case: str
    channels: tuple[Channel, ...]
    words: str
    count: int | None
    unit: LimitUnit
    note: str


@dataclass(frozen=True)
class Price:
    """What one case costs by these channels; ``words`` are empty unless it is an amount."""

    name: str
    channels: tuple[Channel, ...]
    rate: Rate
    words: str
    note: str
    exemptions: tuple[str, ...]
    legal_basis: str
    amount: int | None = None


@dataclass(frozen=True)
class FormNeeded:
    """A form to fill in: its code where it has one, and how the dossier calls it."""

    code: str
    name: str


@dataclass(frozen=True)
class Answers:
    """The five answers; ``limits`` and ``prices`` of one row are one sentence."""

    bring: Bring
    limits: tuple[Limit, ...]
    prices: tuple[Price, ...]
    from_catalogue: bool
    channels: tuple[Channel, ...]
    forms: tuple[FormNeeded, ...]


def answers(procedure: Procedure, fee_lines: Sequence[FeeLine] | None = None) -> Answers:
    """Return the answers of ``procedure``.

    ``fee_lines`` are those of the fee schedules that hold that day; where no schedule answers
    (None or none), the catalogue's own lines are told, and marked as such.
    """
    from_catalogue = not fee_lines
    return Answers(
        bring=_bring(procedure),
        limits=_limits(procedure.methods),
        prices=_prices(procedure.methods) if from_catalogue else _priced(fee_lines or ()),
        from_catalogue=from_catalogue,
        channels=_channels(method.channel for method in procedure.methods),
        forms=_forms(procedure.dossier),
    )


def heading(case: str) -> str:
    """Return a case of the catalogue as a heading: without bullets and the colon at its end."""
    return " ".join(case.split()).strip(_MARKS)


def _bring(procedure: Procedure) -> Bring:
    required: list[Paper] = []
    remarks: list[str] = []
    cases: dict[str, list[Paper]] = {}
    for item in procedure.dossier:
        case = heading(item.case)
        plain = _NUMBERED.sub("", case)
        if _REMARK.match(plain) or not heading(item.name):
            remarks += [item.name.strip()] if heading(item.name) else []
        elif _TO_SHOW.match(plain):
            paper = _paper(item, shown_only=True)
            by_case = item.optional or _IF.match(paper.name)
            (cases.setdefault("", []) if by_case else required).append(paper)
        elif case and not _TO_ALL.match(plain):
            cases.setdefault(case, []).append(_paper(item))
        elif item.optional or _IF.match(heading(item.name)):
            cases.setdefault("", []).append(_paper(item))
        else:
            required.append(_paper(item))
    return Bring(
        required=tuple(required),
        cases=tuple(Case(name, tuple(papers)) for name, papers in cases.items()),
        remarks=tuple(remarks),
        sets=procedure.sets,
    )


def _paper(item: DossierItem, *, shown_only: bool = False) -> Paper:
    return Paper(
        name=item.name.strip().lstrip("-+•* ").strip(),
        note=item.note.strip(),
        form=item.form.strip(),
        shown_only=item.shown_only or shown_only,
        optional=item.optional,
        originals=item.originals,
        copies=item.copies,
    )


def _limits(methods: Sequence[Method]) -> tuple[Limit, ...]:
    # Where one channel has several limits and no case, its descriptions tell them apart.
    differ = len({tables.limit(method) for method in methods}) > 1
    told: dict[tuple[str, str, int | None, LimitUnit, str], list[Channel]] = {}
    for method in methods:
        limit = method.limit
        words = limit_words(limit)
        said = limit.note.strip() if limit and limit.note.strip() != words else ""
        # Where the limit itself says nothing, the description usually does.
        note = said or (method.note.strip() if not words else "")
        count, unit = (limit.count, limit.unit) if limit else (None, LimitUnit.OTHER)
        case = heading(tables.case_of(method, methods) if differ and words else method.case)
        told.setdefault((case, words, count, unit, note), []).append(method.channel)
    return tuple(
        Limit(case, _channels(by), words, count, unit, note)
        for (case, words, count, unit, note), by in told.items()
    )


def _prices(methods: Iterable[Method]) -> tuple[Price, ...]:
    told: dict[Price, list[Channel]] = {}
    for method in methods:
        for line in method.fees:
            name = heading(line.case or line.name or method.case)
            told.setdefault(_price(unsaid(line), name, ()), []).append(method.channel)
    return tuple(_by(price, by) for price, by in told.items()) or _UNSAID


def _priced(lines: Iterable[FeeLine]) -> tuple[Price, ...]:
    return tuple(_price(line, heading(line.case or line.name), line.channels) for line in lines)


def _price(line: FeeLine, name: str, channels: tuple[Channel, ...]) -> Price:
    return Price(
        name=name,
        channels=channels,
        rate=line.rate,
        words=rate_words(line) if line.rate in {Rate.AMOUNT, Rate.STEPS} else "",
        note=line.note.strip(),
        exemptions=line.exemptions,
        legal_basis=line.legal_basis.strip(),
        amount=line.amount,
    )


def unsaid(line: FeeLine) -> FeeLine:
    """Take a nought of the catalogue for what it is: nobody filled it in."""
    if line.rate is not Rate.AMOUNT or line.amount != 0:
        return line
    return line.model_copy(update={"rate": Rate.UNKNOWN, "amount": None})


def _by(price: Price, channels: list[Channel]) -> Price:
    return Price(
        price.name,
        _channels(channels),
        price.rate,
        price.words,
        price.note,
        price.exemptions,
        price.legal_basis,
        price.amount,
    )


_UNSAID: Final = (Price("", (), Rate.UNKNOWN, "", "", (), ""),)


def _channels(channels: Iterable[Channel]) -> tuple[Channel, ...]:
    found = set(channels)
    return tuple(channel for channel in Channel if channel in found)


def _forms(dossier: Iterable[DossierItem]) -> tuple[FormNeeded, ...]:
    found: dict[str, FormNeeded] = {}
    for item in dossier:
        code = item.form.strip()
        if code:
            found.setdefault(code, FormNeeded(code, _paper(item).name))
    return tuple(found.values())
