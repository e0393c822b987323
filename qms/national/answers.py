"""What may be answered to a doubt, and what an answer makes of a text. Pure."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from qms.documents.kinds.fees import FeeLine, Rate
from qms.documents.kinds.procedure import Procedure
from qms.errors import InvalidError
from qms.national import losses, prices, words
from qms.national.doubts import Doubt, DoubtKind
from qms.vietnamese import parse_money


class Phase(StrEnum):
    """How far an import is."""

    READING = "reading"
    DONE = "done"


class Found(StrEnum):
    """How a line of an import stands to the texts we have."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    ABSENT = "absent"


class Deed(StrEnum):
    """What an import does about one procedure when it lands."""

    NOTHING = "nothing"
    LINE = "line"
    UPDATE = "update"
    DROP = "drop"


class Answer(StrEnum):
    """What somebody answers to a doubt or to a proposal."""

    AS_SAID = "as_said"
    SUGGESTED = "suggested"
    OWN = "own"
    UNKNOWN = "unknown"
    YES = "yes"
    NO = "no"


FEES: Final = frozenset({DoubtKind.FEE_ZERO, DoubtKind.FEE_AMOUNT})
"""Doubts about an amount."""

SETTABLE: Final = FEES | {DoubtKind.DECISION, DoubtKind.LEGAL_NUMBER, DoubtKind.LEVELS_SHORTER}
"""Doubts whose place can be given another value."""

VALUE_LENGTH: Final = 300


def check(answer: Answer, kinds: frozenset[DoubtKind], value: str) -> None:
    """Refuse an answer that does not fit the kinds of doubts it is given to."""
    if answer in {Answer.YES, Answer.NO}:
        raise InvalidError("Hãy chọn một cách xử lý nghi vấn.")
    if not kinds:
        raise InvalidError("Không nghi vấn nào đã chọn có đề nghị. Hãy chọn cách xử lý khác.")
    if answer is not Answer.OWN:
        return
    if not value.strip() or len(value) > VALUE_LENGTH:
        raise InvalidError(
            "Hãy ghi giá trị đúng, nhiều nhất %(most)s ký tự.", most=VALUE_LENGTH
        )
    if (len(kinds) > 1 and not kinds <= FEES) or not kinds <= SETTABLE - {
        DoubtKind.LEVELS_SHORTER
    }:
        raise InvalidError(
            "Giá trị riêng chỉ dùng cho mức thu, số quyết định hoặc số văn bản, mỗi lần một loại."
        )
    if kinds & FEES:
        parse_money(value)


def apply(content: Procedure, doubt: Doubt, answer: Answer, value: str = "") -> Procedure:
    """Return a content as an answer makes it; the very same one where nothing changes."""
    if doubt.loss is not None:
        return losses.settle(content, doubt.loss, keep=answer is Answer.SUGGESTED)
    if answer is Answer.AS_SAID:
        return prices.confirmed(content, doubt)
    if answer is Answer.SUGGESTED:
        value = doubt.suggestion
    elif answer is not Answer.OWN:
        value = ""
    if not value and not (answer is Answer.UNKNOWN and doubt.kind is DoubtKind.DECISION):
        return content
    setter = _SETTERS.get(doubt.kind)
    return setter(content, doubt, value) if setter else content


def undo(content: Procedure, doubt: Doubt, answer: Answer, value: str = "") -> Procedure:
    """Return a content as it stood before an answer; what was changed since stays."""
    if doubt.loss is not None:
        return losses.unsettle(content, doubt.loss, kept=answer is Answer.SUGGESTED)
    value = _value(doubt, answer, value)
    if doubt.kind in FEES:
        put = None if answer is Answer.UNKNOWN else _line(doubt, value)
        return prices.doubted_again(content, doubt, put)
    if doubt.kind is DoubtKind.DECISION and content.announced_by == value:
        return content.model_copy(update={"announced_by": doubt.said})
    if doubt.kind is DoubtKind.LEGAL_NUMBER and value:
        legal = tuple(
            basis.model_copy(update={"number": ""})
            if (basis.name, basis.number) == (doubt.said, value)
            else basis
            for basis in content.legal_basis
        )
        return content.model_copy(update={"legal_basis": legal})
    taken = answer in {Answer.AS_SAID, Answer.SUGGESTED}
    if doubt.kind is DoubtKind.LEVELS_SHORTER and taken:
        return _set_levels(content, doubt, doubt.said.partition(" → ")[0])
    return content


def _value(doubt: Doubt, answer: Answer, value: str) -> str:
    """Return the value that an answer puts in the place of what was said."""
    if answer is Answer.SUGGESTED:
        return doubt.suggestion
    if answer is Answer.AS_SAID and doubt.kind is DoubtKind.DECISION:
        return doubt.said
    return value.strip() if answer is Answer.OWN else ""


def _line(doubt: Doubt, value: str) -> FeeLine | None:
    """Return the fee line that an answer puts back; None where it puts none."""
    base = doubt.restore
    if base is None or not value:
        return base
    try:
        amount = parse_money(value)
    except InvalidError:
        return None
    unit = base.unit or "đồng"
    return FeeLine.model_validate(
        base.model_dump() | {"rate": Rate.AMOUNT, "amount": amount, "unit": unit}
    )


def _set_amount(content: Procedure, doubt: Doubt, value: str) -> Procedure:
    """Put an amount in the place of the doubted one; what is no amount in đồng stays unknown."""
    line = _line(doubt, value)
    if line is None:
        return content
    said = Doubt(doubt.kind, doubt.where, doubt.said, restore=line)
    return prices.confirmed(content, said)


def _set_decision(content: Procedure, doubt: Doubt, value: str) -> Procedure:
    if words.meaning(content.announced_by) != words.meaning(doubt.said):
        return content
    return content.model_copy(update={"announced_by": value.strip()})


def _set_number(content: Procedure, doubt: Doubt, value: str) -> Procedure:
    legal = tuple(
        basis.model_copy(update={"number": value.strip()})
        if not basis.number and basis.name == doubt.said
        else basis
        for basis in content.legal_basis
    )
    return (
        content
        if legal == content.legal_basis
        else content.model_copy(update={"legal_basis": legal})
    )


def _set_levels(content: Procedure, doubt: Doubt, value: str) -> Procedure:
    del doubt
    levels = words.levels(value)
    return (
        content if levels == content.levels else content.model_copy(update={"levels": levels})
    )


_SETTERS: Final[Mapping[DoubtKind, Callable[[Procedure, Doubt, str], Procedure]]] = {
    DoubtKind.FEE_ZERO: _set_amount,
    DoubtKind.FEE_AMOUNT: _set_amount,
    DoubtKind.DECISION: _set_decision,
    DoubtKind.LEGAL_NUMBER: _set_number,
    DoubtKind.LEVELS_SHORTER: _set_levels,
}
