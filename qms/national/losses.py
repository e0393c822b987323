"""Known values that the catalogue, being vaguer, would take away: found, kept, and settled.

Pure. A time limit, a dossier and a legal basis stay as they were until somebody answers; an
amount is unknown till then, for nobody may print a price that is in doubt.
"""

import re
from collections.abc import Sequence
from typing import Final, Literal

from qms.documents.kinds.base import Part, Text
from qms.documents.kinds.fees import Channel, FeeLine, Rate
from qms.documents.kinds.parts import LegalReference
from qms.documents.kinds.procedure import (
    DossierItem,
    LimitUnit,
    Method,
    Procedure,
    TimeLimit,
    limit_words,
    rate_words,
)
from qms.national.words import SAID, UNSAID_LIMIT, meaning

NO_PRICE: Final = f"{SAID}không có mức thu"
"""The note of an unknown amount where the catalogue names none any more."""

_TOLD: Final = re.compile(r"\d|\bngay\b", re.IGNORECASE)
_LONG: Final = 300


class Loss(Part):
    """What one part said before, what the catalogue says, and what stands until it is settled.

    Each is a procedure of which only ``part`` is filled; a limit or its fees are those of the
    methods of one channel and case.
    """

    part: Literal["limit", "fees", "dossier", "legal_basis"]
    channel: Channel | None = None
    case: Text = ""
    before: Procedure
    says: Procedure
    stands: Procedure


Lost = tuple[str, str, str, Loss]
"""A place, what is asked there, the value before in words, and the loss itself."""


def of_methods(
    have: Sequence[Method], says: Sequence[Method]
) -> tuple[tuple[Method, ...], list[Lost]]:
    """Return the methods that stand until somebody answers, and what would be lost."""
    standing, lost = list[Method](), list[Lost]()
    for number, method in enumerate(says):
        twins = _twins(have, method)
        kept = method
        if not _known(method.limit) and (limit := _limit(twins)) is not None:
            kept = kept.model_copy(update={"limit": limit})
            loss = _of_method("limit", method, kept, kept)
            lost.append((f"methods.{number}.limit", "thời hạn", limit_words(limit), loss))
        if (fees := _fees(twins)) and not _prices(method.fees):
            doubted = kept.model_copy(update={"fees": _doubted(method.fees)})
            before = method.model_copy(update={"fees": fees})
            told = "; ".join(rate_words(line) for line in fees if line.rate in _PRICED)
            loss = _of_method("fees", method, before, doubted)
            lost.append((f"methods.{number}.fees", "mức thu", told, loss))
            kept = doubted
        standing.append(kept)
    return tuple(standing), lost


def of_dossier(
    have: tuple[DossierItem, ...], says: tuple[DossierItem, ...]
) -> tuple[tuple[DossierItem, ...], list[Lost]]:
    """Return the dossier that stands: the one before, if it or its forms would be lost."""
    forms = dict.fromkeys(item.form_code or item.form for item in have)
    told_of = {said for item in says for said in (item.form_code, item.form)}
    missing = [form for form in forms if form and form not in told_of]
    if not have or (says and not missing):
        return says, []
    told = "; ".join(missing) if says else f"{len(have)} giấy tờ"
    before = Procedure(dossier=have)
    loss = Loss(part="dossier", before=before, says=Procedure(dossier=says), stands=before)
    return have, [("dossier", "biểu mẫu" if says else "thành phần hồ sơ", told, loss)]


def of_legal_basis(
    have: tuple[LegalReference, ...], says: tuple[LegalReference, ...]
) -> tuple[tuple[LegalReference, ...], list[Lost]]:
    """Return the legal basis that stands: the one before, if none would be left."""
    if says or not have:
        return says, []
    before = Procedure(legal_basis=have)
    loss = Loss(part="legal_basis", before=before, says=Procedure(), stands=before)
    told = "; ".join(basis.number or basis.name for basis in have)
    return have, [("legal_basis", "căn cứ pháp lý", told, loss)]


def question(what: str, before: str) -> str:
    """Say what was there before and that the catalogue does not say it."""
    return f"Trước ghi “{_short(before)}”, danh mục không rõ {what}."


def settle(content: Procedure, loss: Loss, *, keep: bool) -> Procedure:
    """Return a content with what was before, or with what the catalogue says."""
    return _put(content, loss, loss.stands, loss.before if keep else loss.says)


def unsettle(content: Procedure, loss: Loss, *, kept: bool) -> Procedure:
    """Return a content as it stood before it was settled."""
    return _put(content, loss, loss.before if kept else loss.says, loss.stands)


def _put(content: Procedure, loss: Loss, old: Procedure, new: Procedure) -> Procedure:
    if loss.part in {"limit", "fees"}:
        was, is_ = (getattr(each.methods[0], loss.part) for each in (old, new))
        changed: tuple[object, ...] = tuple(
            method.model_copy(update={loss.part: is_})
            if (method.channel, method.case) == (loss.channel, loss.case)
            and getattr(method, loss.part) == was
            else method
            for method in content.methods
        )
        return _with(content, "methods", changed)
    if getattr(content, loss.part) != getattr(old, loss.part):
        return content
    return _with(content, loss.part, getattr(new, loss.part))


def _with(content: Procedure, part: str, value: object) -> Procedure:
    same = getattr(content, part) == value
    return content if same else content.model_copy(update={part: value})


def _of_method(
    part: Literal["limit", "fees"], says: Method, before: Method, stands: Method
) -> Loss:
    def alone(method: Method) -> Procedure:
        bare = Method(channel=method.channel).model_copy(update={part: getattr(method, part)})
        return Procedure(methods=(bare,))

    return Loss(
        part=part,
        channel=says.channel,
        case=says.case,
        before=alone(before),
        says=alone(says),
        stands=alone(stands),
    )


def _twins(have: Sequence[Method], method: Method) -> list[Method]:
    """Return the methods before that tell the same channel, and case where one does."""
    mine = [each for each in have if each.channel is method.channel]
    same = [each for each in mine if meaning(each.case) == meaning(method.case)]
    return same or mine


def _known(limit: TimeLimit | None) -> bool:
    if limit is None or limit.note.startswith(UNSAID_LIMIT):
        return False
    if limit.unit is LimitUnit.OTHER:
        return _TOLD.search(limit.note) is not None
    return limit.unit is LimitUnit.SAME_DAY or limit.count is not None


def _limit(twins: Sequence[Method]) -> TimeLimit | None:
    """Return the limit of all, in words by case where they differ; None where none is known."""
    known = {limit_words(each.limit): each for each in twins if _known(each.limit)}
    if len(known) <= 1:
        return next((each.limit for each in known.values()), None)
    told = (f"{each.case}: {words}" if each.case else words for words, each in known.items())
    return TimeLimit(note="; ".join(told))


_PRICED: Final = frozenset({Rate.AMOUNT, Rate.STEPS})


def _prices(fees: Sequence[FeeLine]) -> bool:
    return any(line.rate in _PRICED | {Rate.EXEMPT} for line in fees)


def _fees(twins: Sequence[Method]) -> tuple[FeeLine, ...]:
    """Return all fee lines, none where no amount is among them."""
    lines = tuple(dict.fromkeys(line for each in twins for line in each.fees))
    return lines if any(line.rate in _PRICED for line in lines) else ()


def _doubted(fees: Sequence[FeeLine]) -> tuple[FeeLine, ...]:
    """Return fee lines of which none says that there is nothing to pay."""
    if not fees:
        return (FeeLine(name="Phí, lệ phí", rate=Rate.UNKNOWN, note=NO_PRICE),)
    return tuple(
        line
        if line.rate is Rate.UNKNOWN
        else line.model_copy(
            update={"rate": Rate.UNKNOWN, "unit": "", "note": _said(rate_words(line), line)}
        )
        for line in fees
    )


def _said(words: str, line: FeeLine) -> str:
    return SAID + " – ".join(part for part in (words, line.note) if part)


def _short(words: str) -> str:
    return words if len(words) <= _LONG else f"{words[:_LONG].rstrip()}…"
