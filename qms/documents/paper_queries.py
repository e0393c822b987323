"""What the printed decision says, gathered from the record."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from qms.documents import decision_queries, queries
from qms.documents.kinds.procedure import Procedure
from qms.documents.models import Change, Decision, Revision, Signature
from qms.documents.paper import (
    DecisionPaper,
    LineGroup,
    PaperLine,
    PaperSigner,
    ProcedureCells,
    procedure_cells,
)
from qms.documents.rules import Deed, SignsFor, State
from qms.documents.timeline import Action
from qms.text import fold
from qms.trail import Via
from qms.units.queries import heading
from qms.vietnamese import day as day_words

Hour = Callable[[datetime], str]
"""Writes an instant as the clock on the office's wall shows it."""

_GROUPS: Final = {
    Action.ISSUE: LineGroup.NEW,
    Action.AMEND: LineGroup.AMENDED,
    Action.WITHDRAW: LineGroup.WITHDRAWN,
    Action.CANCEL: LineGroup.CANCELLED,
}
_DEEDS: Final = {
    Deed.REVIEWED: "Xem xét",
    Deed.SIGNED: "Ký",
    Deed.CONFIRMED: "Xác nhận bản ghi",
}


def decision_paper(
    session: Session, decision: Decision, today: date, *, hour: Hour
) -> DecisionPaper:
    """Return a decision as it is printed; ``hour`` writes an instant as the office's clock does."""
    found = queries.lines(session, decision.id)
    names = queries.standing_signatures(queries.signatures(session, decision.id))
    drafters = decision_queries.drafter_names(session, decision.id)
    on = decision.dated or today
    issuer_id = decision.issuer_id if decision.issuer_id is not None else decision.owner_id
    head = heading(session, issuer_id, on)
    outside = decision.issuer_id is None
    issuer = decision.issuer_name if outside else (head.name if head else "")
    draft = decision.state is not State.SIGNED
    return DecisionPaper(
        superior="" if outside or head is None else head.superior,
        issuer=_in_two(issuer),
        place="" if outside or head is None else head.place,
        number=decision.number or "",
        dated=decision.dated,
        title=decision.title,
        effective_on=decision.effective_on,
        lines=_lines(session, decision, found, today),
        signer=_signer(names, issuer, draft=draft),
        grounds=decision.grounds.splitlines(),
        acts=_acts(names, drafters, hour),
        reason=decision.reason,
        symbol=_symbol(issuer),
        authority=_authority(names, issuer),
        draft=draft,
    )


def _lines(
    session: Session, decision: Decision, found: Sequence[Change], today: date
) -> list[PaperLine]:
    now = _with_bytes(session, [c.revision_id for c in found if c.revision_id is not None])
    before = decision_queries.texts_before(session, decision, today)
    names = decision_queries.titles(
        session, {c.document_id for c in found if c.revision_id is None}
    )
    replaced = decision_queries.replacing(session, found)
    return [_paper_line(c, now, before, names, replaced) for c in found]


def _paper_line(
    change: Change,
    now: Mapping[int, Revision],
    before: Mapping[int, Revision],
    names: Mapping[int, str],
    replaced: Mapping[int, Change],
) -> PaperLine:
    revision = now.get(change.revision_id) if change.revision_id is not None else None
    old = before.get(change.document_id)
    cells = _cells(revision or old, change.document.kind)
    title = revision.title if revision else names.get(change.document_id, "")
    target = replaced.get(change.replaces_id) if change.replaces_id is not None else None
    changed: set[str] = set()
    if change.action is Action.AMEND and old is not None and revision is not None:
        was = _cells(old, change.document.kind)
        changed = {"title"} if old.title != title else set()
        if cells is not None and was is not None:
            changed |= {n for n, v in vars(cells).items() if v != getattr(was, n)}
    return PaperLine(
        group=_group(change, target),
        code=change.document.code,
        title=title,
        cells=cells,
        issue=revision.issue_no if revision else None,
        amendment=revision.amendment_no if revision else None,
        on=change.own_day,
        reason=change.reason,
        replaces=_replaces(target),
        changed=frozenset(changed),
    )


def _group(change: Change, target: Change | None) -> LineGroup:
    if target is not None and change.action is not Action.CANCEL:
        if change.revision_id is not None and change.revision_id == target.revision_id:
            return LineGroup.MOVED
        if change.own_day == target.effective_on:
            return LineGroup.CORRECTED
    return _GROUPS[change.action]


def _replaces(target: Change | None) -> str:
    if target is None:
        return ""
    of = target.decision
    words = f"Thay cho nội dung tại Quyết định số {of.number}"
    words += f" ngày {day_words(of.dated)}" if of.dated else ""
    return words + (
        f", có hiệu lực từ {day_words(target.effective_on)}" if target.effective_on else ""
    )


def _cells(revision: Revision | None, kind: str) -> ProcedureCells | None:
    if revision is None:
        return ProcedureCells() if kind == "procedure" else None
    content = queries.content(revision)
    return procedure_cells(content) if isinstance(content, Procedure) else None


def _with_bytes(session: Session, ids: Sequence[int]) -> dict[int, Revision]:
    found: dict[int, Revision] = {}
    for start in range(0, len(ids), 500):
        query = sa.select(Revision).where(Revision.id.in_(ids[start : start + 500]))
        options = undefer(Revision.data)
        found |= {
            each.id: each
            for each in session.scalars(
                query.options(options).execution_options(populate_existing=True)
            )
        }
    return found


def _signer(names: Sequence[Signature], issuer: str, *, draft: bool) -> PaperSigner:
    signed = [each for each in names if each.deed is Deed.SIGNED]
    if draft or not signed:
        return signer_block(issuer, SignsFor.OWN)
    last = signed[-1]
    note = f"(Ký trên phần mềm: {last.name})"
    return signer_block(issuer, last.signs_for, title=last.title, name=last.name, note=note)


def signer_block(
    issuer: str, signs_for: SignsFor, *, title: str = "", name: str = "", note: str = ""
) -> PaperSigner:
    """Return how somebody signs a paper of an office. Source: Nghị định 30/2020/NĐ-CP, Phụ lục I."""
    whom = _body(issuer) if signs_for is SignsFor.ON_BEHALF else head_title(issuer)
    power = f"{signs_for.value} {whom}" if signs_for is not SignsFor.OWN else ""
    return PaperSigner(power, title or head_title(issuer), name, note)


def head_title(issuer: str) -> str:
    """Return what the head of an office is called, for the signature block."""
    words = fold(issuer)
    if "uy ban nhan dan" in words or "hoi dong nhan dan" in words or "ubnd" in words:
        return "Chủ tịch"
    return "Giám đốc" if words.startswith(("so ", "trung tam")) else "Thủ trưởng"


def _body(issuer: str) -> str:
    words = fold(issuer)
    for body in ("Ủy ban nhân dân", "Hội đồng nhân dân"):
        if words.startswith(fold(body)):
            return body
    return "Ủy ban nhân dân" if words.startswith("ubnd") else issuer


def _in_two(issuer: str) -> str:
    """Write the name of a people's committee or council as its paper does, on two lines."""
    for body, short in (("Ủy ban nhân dân", "UBND"), ("Hội đồng nhân dân", "HĐND")):
        for start in (body, short):
            if fold(issuer).startswith(f"{fold(start)} "):
                return f"{body}\n{issuer[len(start) :].strip()}"
    return issuer


def _authority(names: Sequence[Signature], issuer: str) -> str:
    """Return who decides: the body where somebody signs on its behalf, else its head."""
    signed = [each for each in names if each.deed is Deed.SIGNED]
    return authority(issuer, signed[-1].signs_for if signed else SignsFor.ON_BEHALF)


def authority(issuer: str, signs_for: SignsFor) -> str:
    """Return who decides where somebody signs so: the body itself, or its head."""
    whole = _in_two(issuer).replace("\n", " ")
    return whole if signs_for is SignsFor.ON_BEHALF else f"{head_title(issuer)} {whole}"


def _symbol(issuer: str) -> str:
    body = fold(_body(issuer))
    return {"uy ban nhan dan": "QĐ-UBND", "hoi dong nhan dan": "NQ-HĐND"}.get(body, "QĐ")


def _acts(names: Sequence[Signature], drafters: Mapping[int, str], hour: Hour) -> list[str]:
    drafted = "Soạn thảo: " + ", ".join(drafters.values()) + "."
    said = [
        f"{_DEEDS[each.deed]}: {each.name}{', ' + each.title if each.title else ''},"
        f" {hour(each.at)}{' (bằng dòng lệnh)' if each.via is Via.COMMAND_LINE else ''}."
        for each in names
        if each.deed in _DEEDS
    ]
    return [drafted, *said, *_one_person(names)]


def _one_person(names: Sequence[Signature]) -> list[str]:
    """Say so where the office lets its signer review, and the signer was the only reviewer."""
    signed = [each.user_id for each in names if each.deed is Deed.SIGNED]
    others = {each.user_id for each in names if each.deed is Deed.REVIEWED} - set(signed)
    if not signed or others:
        return []
    return ["Người ký đồng thời là người xem xét, theo quy định của cơ quan."]
