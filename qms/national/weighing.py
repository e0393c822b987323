"""Weighs each row of an export against the text we have, and says what is to be done. No writes."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from qms.documents.bulk import columns
from qms.documents.comparison import same_meaning
from qms.documents.kinds.procedure import Procedure
from qms.documents.rules import RevisionText, Scope, next_numbers
from qms.documents.timeline import Action
from qms.errors import N_, InvalidError, QmsError
from qms.national import answers, words
from qms.national.answers import Answer, Deed, Found
from qms.national.doubts import Doubt, DoubtKind
from qms.national.queries import KIND, Position, doubt_of
from qms.national.rows import FIELDS, Row
from qms.national.rules import Comparison, Filters, Kind, Known, compare
from qms.text import fold, slug
from qms.units.rules import LEVEL_WORDS, Level

LABELS: Final[Mapping[str, str]] = {
    "name": N_("Tên thủ tục"),
    **{part.name: part.label for part in Procedure().sections()},
}
"""How the parts of a procedure are called."""


@dataclass(frozen=True)
class Plan:
    """What an import is about: for whom, whose texts, which rows, out of which file."""

    owner_id: int
    owner: str
    for_level: Level | None
    filters: Filters
    file_name: str
    sha256: str


@dataclass(frozen=True)
class Weighed:
    """A row as it is to be kept: values for its item, and for its stage unless refused."""

    item: dict[str, object]
    stage: dict[str, object] | None


def refused(code: str, name: str, line_no: int, error: QmsError) -> Weighed:
    """Return a row that cannot be taken, with the sentence that says why."""
    item = _item(line_no, code, name[:2000], "", Found.REFUSED)
    item["why"] = why(error.sentence, error.values)
    return Weighed(item, None)


def unread(line_no: int, code: str, sentence: str, values: Mapping[str, object]) -> Weighed:
    """Return a line that gave no procedure."""
    item = _item(line_no, code, "", "", Found.REFUSED)
    item["why"] = why(sentence, values)
    return Weighed(item, None)


def why(sentence: str, values: Mapping[str, object]) -> str:
    """Return a sentence and its values as they are kept."""
    plain = {
        key: value if isinstance(value, int) else str(value) for key, value in values.items()
    }
    return json.dumps([sentence, plain], ensure_ascii=False)


def same(position: Position, line_no: int, code: str) -> Weighed:
    """Return a row that says what it said before."""
    text = position.text
    title, topic = (text.title, text.topic) if text else ("", "")
    item = _item(line_no, code, title, topic, Found.UNCHANGED)
    return Weighed(item | {"document_id": position.document_id}, None)


def weigh(
    plan: Plan, row: Row, position: Position | None, texts: Mapping[int, RevisionText]
) -> Weighed | None:
    """Weigh a row; None where the filters leave it out.

    Raises:
        InvalidError: what it says cannot be a text.

    """
    text = position.text if position else None
    before = texts[text.id] if text else None
    have = before.content if before else None
    known = None
    if before is not None and isinstance(have, Procedure):
        followed = position.followed if position else None
        said = frozenset(followed.said.split()) if followed else None
        known = Known(before.title, _whole(have, position), said, have)
    row = _answered(row, position)
    found = _settled(compare(known, row), known, position)
    if not _admitted(plan.filters, row, found, known):
        return None
    item = _item(row.line_no, row.code, found.name, found.merged.field, Found(found.kind.value))
    item["changed"] = ",".join(found.changed_fields)
    item["filled"] = ",".join(found.filled_fields)
    item["document_id"] = position.document_id if position else None
    stage = _stage(row, position, found)
    _decide(plan, item, stage, position, before, found, texts)
    if position is not None and position.left_out and before is None:
        stage["deed"] = Deed.NOTHING
        item |= {"after": stage["data"], "answer": Answer.NO}
    return Weighed(item, stage)


def _answered(row: Row, position: Position | None) -> Row:
    """Return a row as the answers given earlier make it, without the doubts they settle."""
    if position is None or not position.answered:
        return row
    content = row.content
    for question in position.answered:
        if question.answer is not None and question.kind not in _OF_COMPARISON:
            doubt = doubt_of(question)
            content = answers.apply(content, doubt, question.answer, question.value)
    settled = {(question.kind, question.said) for question in position.answered}
    doubts = tuple(each for each in row.doubts if (each.kind, each.said) not in settled)
    return replace(row, content=content, doubts=doubts)


_OF_COMPARISON: Final = frozenset({DoubtKind.LEVELS_SHORTER, DoubtKind.LOST})
"""Doubts that a row alone does not raise."""


def _whole(have: Procedure, position: Position | None) -> Procedure:
    """Return a text with what open doubts took from it."""
    for question in position.losing if position else ():
        have = answers.apply(have, doubt_of(question), Answer.SUGGESTED)
    return have


def _settled(found: Comparison, known: Known | None, position: Position | None) -> Comparison:
    """Return a comparison in which what would be lost is kept where that was settled before."""
    settled = {(q.kind, q.said) for q in position.answered} if position else set()
    merged = found.merged
    for each in found.doubts:
        if each.loss is not None and (each.kind, each.said) in settled:
            merged = answers.apply(merged, each, Answer.SUGGESTED)
    if known is None or merged == found.merged:
        return found
    stood = known.stands or known.content
    changed = tuple(
        part
        for part in found.changed_fields
        if part == "name" or getattr(merged, part) != getattr(stood, part)
    )
    kind = Kind.CHANGED if changed else Kind.UNCHANGED
    return replace(found, kind=kind, merged=merged, changed_fields=changed)


def _admitted(filters: Filters, row: Row, found: Comparison, known: Known | None) -> bool:
    """Tell whether a row is one the import is about: by what it says, or by what we have."""
    says = found.merged if found.kind is not Kind.NEW else row.content
    return filters.admits(says) or (known is not None and filters.admits(known.content))


def _item(line_no: int, code: str, name: str, topic: str, found: Found) -> dict[str, object]:
    return {
        "line_no": line_no,
        "code": code,
        "name": name,
        "words": f"{fold(code)} {fold(name)}",
        "field": topic,
        "found": found,
        "document_id": None,
        "changed": "",
        "filled": "",
        "why": "",
        "before": None,
        "after": None,
        "answer": None,
    }


def _stage(row: Row, position: Position | None, found: Comparison) -> dict[str, object]:
    said = set(row.present)
    if position and position.followed:
        said |= set(position.followed.said.split())
    text = position.text if position else None
    settled = {(q.kind, q.said) for q in position.answered} if position else set()
    open_ = [each for each in found.doubts if (each.kind, each.said) not in settled]
    return {
        "code": row.code,
        "slug": position.slug if position else slug(row.code),
        "document_id": position.document_id if position else None,
        "deed": Deed.NOTHING,
        "change_id": position.line_id if position else None,
        "revision_id": text.id if text else None,
        "signed_id": position.signed.id if position and position.signed else None,
        "version": text.version if text else 0,
        "base_count": position.count if position else 0,
        "action": Action.AMEND if position and position.signed else Action.ISSUE,
        "fingerprint": row.fingerprint,
        "said": " ".join(sorted(said)),
        "silent": " ".join(part for key, part in FIELDS.items() if key not in row.present),
        "levels": "\n".join(found.merged.levels),
        "topic": found.merged.field,
        "doubts": json.dumps([_stored(each) for each in open_], ensure_ascii=False),
    }


def _stored(doubt: Doubt) -> dict[str, str]:
    return {
        "kind": doubt.kind.value,
        "place": doubt.where,
        "said": doubt.said,
        "suggestion": doubt.suggestion,
        "group_key": doubt.group_key,
        "restore": (
            doubt.loss.model_dump_json(exclude_defaults=True)
            if doubt.loss
            else doubt.restore.model_dump_json()
            if doubt.restore
            else ""
        ),
    }


def _decide(
    plan: Plan,
    item: dict[str, object],
    stage: dict[str, object],
    position: Position | None,
    before: RevisionText | None,
    found: Comparison,
    texts: Mapping[int, RevisionText],
) -> None:
    """Say what the import does about the row, with the text that comes of it."""
    draft = position.draft if position else None
    moved = draft is not None and rescoped(plan, draft.scope, draft.scope_level)
    fresh = before is None or found.changed_fields or found.filled_fields
    if not fresh and not moved:
        return
    text = _text(plan, position, before, found, texts)
    stage |= columns(text, owner=plan.owner, kind=KIND, code=str(stage["code"]))
    if found.changed_fields and before is not None:
        item["before"] = before.data(owner=plan.owner, kind=KIND, code=str(stage["code"]))
        item["after"] = stage["data"]
    stage["deed"] = Deed.UPDATE if draft else Deed.LINE
    signed = position.signed if position else None
    if draft is not None and signed is not None:
        stood = texts[signed.id]
        if stood.title == text.title and same_meaning(
            stood.content.sections(), text.content.sections()
        ):
            stage |= {"deed": Deed.DROP, "data": None}


def rescoped(plan: Plan, scope: Scope, level: Level | None) -> bool:
    """Tell whether the import names a level for whose units a text is not."""
    return plan.for_level is not None and (scope, level) != (Scope.LEVEL, plan.for_level)


def _text(
    plan: Plan,
    position: Position | None,
    before: RevisionText | None,
    found: Comparison,
    texts: Mapping[int, RevisionText],
) -> RevisionText:
    """Return the text that a row makes, with the numbers and scope of the one before."""
    scope = Scope.LEVEL if plan.for_level else Scope.OWNER
    if before is None:
        return RevisionText(found.name, found.merged, scope=scope, scope_level=plan.for_level)
    text = replace(before, title=found.name, content=found.merged)
    if plan.for_level:
        text = replace(text, scope=scope, scope_level=plan.for_level, scope_units=())
    if position and position.draft is None:
        issue, amendment = next_numbers(before.issue_no, before.amendment_no, whole=False)
        text = replace(text, issue_no=issue, amendment_no=amendment, summary="", why="")
    if position and position.signed:
        text = replace(text, summary=_summary(texts.get(position.signed.id), text, found))
    return text


def _summary(stood: RevisionText | None, text: RevisionText, found: Comparison) -> str:
    """Say which parts differ from the signed text, and which the catalogue only now has."""
    changed: Collection[str] = found.changed_fields
    if stood is not None and text.summary:
        changed = ["name"] * (stood.title != text.title)
        changed += [
            part
            for part in FIELDS.values()
            if getattr(stood.content, part, None) != getattr(text.content, part)
        ]
        return f"Thay đổi: {labels(changed)}."
    parts = [f"Thay đổi: {labels(changed)}."] if changed else []
    if found.filled_fields:
        parts.append(f"Bổ sung phần danh mục trước chưa nêu: {labels(found.filled_fields)}.")
    return " ".join(parts)


def known_level(said: str) -> str:
    """Return a level of the catalogue in our wording.

    Raises:
        InvalidError: there is none so called.

    """
    found = words.level(said)
    if found not in words.LEVELS.values():
        raise InvalidError(
            "Không có cấp “%(level)s”; hãy ghi bộ, tỉnh, huyện hoặc xã.", level=said
        )
    return found


def unit_level(said: str) -> Level:
    """Return the level of units that somebody names.

    Raises:
        InvalidError: there is none so called.

    """
    for level, name in LEVEL_WORDS.items():
        if fold(said) in {fold(level.value), fold(name), fold(name).removeprefix("cap ")}:
            return level
    raise InvalidError("Không có cấp “%(level)s”; hãy ghi bộ, tỉnh, huyện hoặc xã.", level=said)


def labels(names: Collection[str]) -> str:
    """Say the names of parts."""
    return "; ".join(LABELS.get(name, name) for name in names)
