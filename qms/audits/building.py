"""Lines of a checklist, drawn from what is to be audited: each names the text it asks about."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, undefer

from qms.actions.models import Finding
from qms.audits.answers import Source
from qms.documents import queries
from qms.documents.kinds.base import Content
from qms.documents.kinds.form import FormBlank
from qms.documents.kinds.procedure import Procedure, limit_words
from qms.documents.kinds.process import Process, time_words
from qms.documents.models import Change, Document, Revision
from qms.documents.reading import Reader, readable
from qms.documents.standing import latest
from qms.observations import CARE, DOCUMENTS, Observation
from qms.standards.catalogue import Edition
from qms.vietnamese import day as day_words

MOST = 60
"""Most documents that are offered at once."""
TOPIC_LENGTH = 300


@dataclass(frozen=True)
class Question:
    """A line of a checklist before it is one."""

    source: Source
    topic: str
    question: str
    clause: str = ""
    unit_id: int | None = None
    document_id: int | None = None
    revision_id: int | None = None
    ref: str = ""


@dataclass(frozen=True)
class Choice:
    """A document that may be audited, with its text in force."""

    document_id: int
    revision_id: int
    kind: str
    code: str
    title: str


def choices(
    session: Session, reader: Reader, owners: Collection[int], on: date, typed: str
) -> list[Choice]:
    """Return the documents in force of some owners that somebody may read, by words of them."""
    query = (
        sa.select(
            Document.id, Revision.id.label("text"), Document.kind, Document.code, Revision.title
        )
        .join(Change, Change.document_id == Document.id)
        .join(Revision, Revision.id == Change.revision_id)
        .where(latest(on, None), Document.owner_id.in_(owners), readable(reader))
        .where(Document.kind.in_(("process", "procedure", "form", "text", "fee")))
    )
    for word in typed.split():
        query = query.where(
            sa.or_(
                Document.code.icontains(word, autoescape=True),
                Revision.title.icontains(word, autoescape=True),
            )
        )
    order = sa.case({"process": 0, "text": 1, "procedure": 2}, value=Document.kind, else_=3)
    rows = session.execute(query.order_by(order, Document.code, Document.id).limit(MOST))
    return [Choice(*row) for row in rows]


def of_documents(
    session: Session, reader: Reader, document_ids: Collection[int], on: date, edition: str
) -> list[Question]:
    """Return questions about documents in force: steps and limits, papers of a dossier, forms."""
    query = (
        sa.select(Revision)
        .join(Change, Change.revision_id == Revision.id)
        .join(Document, Document.id == Change.document_id)
        .where(Change.document_id.in_(document_ids), latest(on, None), readable(reader))
        .options(undefer(Revision.data), joinedload(Revision.document))
        .order_by(Document.kind.desc(), Document.code)
    )
    return [
        replace(
            asked,
            topic=f"{text.document.code} – {text.title}"[:TOPIC_LENGTH],
            document_id=text.document_id,
            revision_id=text.id,
        )
        for text in session.scalars(query)
        for asked in _about(queries.content(text), text.document.code, edition)
    ]


def of_clauses(edition: Edition, numbers: Sequence[str]) -> list[Question]:
    """Return a question about each of some clauses."""
    return [
        Question(
            Source.CLAUSE,
            f"{edition.name}, {number}"[:TOPIC_LENGTH],
            f"{found.title}: đơn vị thực hiện thế nào, có bằng chứng gì?",
            number,
        )
        for number in numbers
        if (found := edition.clauses.get(number)) is not None
    ]


def of_findings(findings: Sequence[Finding], edition: str) -> list[Question]:
    """Return a question about each of some earlier findings: whether it is mended for good."""
    return [
        Question(
            Source.FINDING,
            f"Phát hiện trước {each.code}"[:TOPIC_LENGTH],
            f"Phát hiện ngày {day_words(each.raised_on)}: “{each.text}”."
            " Đã khắc phục chưa, có lặp lại không?",
            each.clause if each.edition == edition else "",
            each.unit_id,
            ref=each.ref,
        )
        for each in findings
    ]


def of_observations(found: Sequence[Observation], edition: str) -> list[Question]:
    """Return a question about each of some things that the system itself saw amiss."""
    return [
        Question(
            Source.OBSERVATION,
            "Hệ thống nhận thấy",
            f"{each.words} Kiểm tra thực tế và nguyên nhân.",
            each.clauses.get(edition, ""),
            each.unit_id,
            each.document_id if each.revision_id is not None else None,
            each.revision_id,
            ("observation/" + each.key)[:200],
        )
        for each in found
    ]


def _about(content: Content, code: str, edition: str) -> Iterator[Question]:
    care, kept = CARE.get(edition, ""), DOCUMENTS.get(edition, "")
    if isinstance(content, Process):
        yield from _process(content, care)
    elif isinstance(content, Procedure):
        yield from _procedure(content, care)
    elif isinstance(content, FormBlank):
        yield Question(
            Source.FORM, "", f"Nơi làm việc có dùng đúng bản hiện hành của {code} không?", kept
        )
    else:
        yield Question(
            Source.DOCUMENT, "", "Nội dung được phổ biến, thực hiện và lưu hồ sơ thế nào?", kept
        )


def _process(content: Process, clause: str) -> Iterator[Question]:
    steps = [(phase, step) for phase in content.phases for step in phase.steps]
    for number, (phase, step) in enumerate(steps, 1):
        parts = [
            f"{phase.name}: " if phase.name else "",
            f"Bước {number}. {step.what}",
            f" Người làm: {step.who}." if step.who else "",
            f" Thời gian: {time_words(step.quarters, step.unit)}." if step.quarters else "",
            f" Biểu mẫu: {step.form_code}." if step.form_code else "",
            " Có làm đúng và có hồ sơ chứng minh không?",
        ]
        yield Question(Source.STEP, "", "".join(parts), clause)
    if any(step.quarters for _phase, step in steps):
        yield Question(
            Source.LIMIT,
            "",
            "Lấy mẫu hồ sơ: có giải quyết đúng thời gian từng bước và đúng hẹn không?",
            clause,
        )


def _procedure(content: Procedure, clause: str) -> Iterator[Question]:
    if content.dossier:
        papers = "; ".join(each.name for each in content.dossier)
        yield Question(
            Source.PROCEDURE,
            "",
            f"Lấy mẫu hồ sơ: thành phần có đúng quy định ({papers}), không đòi thêm giấy tờ?",
            clause,
        )
    limits = dict.fromkeys(limit_words(each.limit) for each in content.methods if each.limit)
    if limits:
        yield Question(
            Source.LIMIT,
            "",
            f"Lấy mẫu hồ sơ: có trả kết quả trong thời hạn {'; '.join(limits)} không?",
            clause,
        )
    yield Question(
        Source.PROCEDURE,
        "",
        "Thủ tục có được niêm yết đúng bản hiện hành, thu đúng mức phí, lệ phí không?",
        clause,
    )
