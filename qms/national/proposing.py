"""What an import leaves for people to answer: doubts, and procedures that seem gone."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.documents.kinds.procedure import Procedure
from qms.national import queries, rules
from qms.national.answers import Found
from qms.national.doubts import Doubt, DoubtKind
from qms.national.models import Item, Question, Stage
from qms.national.queries import Position
from qms.national.weighing import Plan
from qms.text import fold


@dataclass(frozen=True)
class Read:
    """What was gathered while an export was read."""

    import_id: int
    positions: Mapping[str, Position]
    seen: set[str]
    new: Mapping[str, str]
    twice: Mapping[str, Doubt]
    mended: int


def put_doubts(session: Session, plan: Plan, import_id: int, read: Read) -> None:
    """Put the doubts of rows that were read in the place of their earlier ones.

    Doubts about a part of which a row says nothing stay open, as part of this import.
    """
    kept = _unanswered(session, import_id)
    for start in range(0, len(kept), 500):
        still = Question.id.in_(kept[start : start + 500])
        run_quietly(session, sa.update(Question).where(still).values(import_id=import_id))
    mine = sa.select(Stage.document_id).where(Stage.import_id == import_id)
    open_ = sa.and_(Question.document_id.in_(mine), Question.answer.is_(None))
    earlier = Question.import_id != import_id
    run_quietly(session, sa.delete(Question).where(open_, earlier))
    query = sa.select(Stage.code, Stage.document_id, Stage.doubts).where(
        Stage.import_id == import_id
    )
    documents = {code: each.document_id for code, each in read.positions.items()}
    made: list[dict[str, object]] = []
    for row in session.execute(query):
        documents[row.code] = row.document_id
        made += [
            {**each, "kind": DoubtKind(each["kind"]), "document_id": row.document_id}
            for each in json.loads(row.doubts)
        ]
    asked = {(each["document_id"], each["kind"]) for each in made}
    kinds = sa.select(Question.document_id).where(
        Question.owner_id == plan.owner_id, Question.kind == DoubtKind.CODE_TWICE
    )
    asked |= {(document, DoubtKind.CODE_TWICE) for document in session.scalars(kinds)}
    for code, doubt in read.twice.items():
        if code in documents and (documents[code], doubt.kind) not in asked:
            made.append(
                {
                    "kind": doubt.kind,
                    "place": doubt.where,
                    "said": doubt.said,
                    "suggestion": "",
                    "group_key": doubt.group_key,
                    "restore": "",
                    "document_id": documents[code],
                }
            )
    both = {"owner_id": plan.owner_id, "import_id": import_id, "value": ""}
    if made:
        session.execute(sa.insert(Question), [each | both for each in made])


def _unanswered(session: Session, import_id: int) -> list[int]:
    """Return the open doubts about parts of which the rows that were read say nothing."""
    query = (
        sa.select(Question.id, Question.place, Stage.silent)
        .join(Stage, Stage.document_id == Question.document_id)
        .where(Stage.import_id == import_id, Stage.silent != "", Question.answer.is_(None))
    )
    return [
        row.id
        for row in session.execute(query)
        if row.place.partition(".")[0] in row.silent.split()
    ]


def propose_gone(session: Session, plan: Plan, import_id: int, read: Read) -> int:
    """Note the procedures that the catalogue no longer has; those renumbered with their pair."""
    gone = {
        code: each
        for code, each in read.positions.items()
        if code not in read.seen and each.text is not None and _inside(plan, each)
    }
    names = {code: each.text.title for code, each in gone.items() if each.text}
    pairs = rules.renumbered(names, read.new)
    leaving = {each.document_id for each in gone.values() if each.withdrawn}
    answered = queries.answered_gone(session, plan.owner_id, leaving)
    items = []
    for code, each in sorted(gone.items()):
        before = answered.get(each.document_id)
        items.append(
            {
                "import_id": import_id,
                "line_no": 0,
                "code": code,
                "name": names[code],
                "words": f"{fold(code)} {fold(names[code])}",
                "field": each.text.topic if each.text else "",
                "found": Found.GONE,
                "document_id": each.document_id,
                "pair_code": pairs.get(code, ""),
                "answer": before.answer if before else None,
                "answered_by": before.answered_by if before else None,
                "answered_at": before.answered_at if before else None,
            }
        )
    if items:
        session.execute(sa.insert(Item), items)
    _note_absent(session, plan, import_id, read)
    return len(items)


def _note_absent(session: Session, plan: Plan, import_id: int, read: Read) -> None:
    """Note the office's own procedures that the file does not have; nothing is proposed."""
    own = {
        code: each
        for code, each in read.positions.items()
        if code not in read.seen and each.followed is None and each.signed
    }
    texts = queries.read_texts(
        session, {each.signed.id for each in own.values() if each.signed}
    )
    items = []
    for code, each in sorted(own.items()):
        text = texts[each.signed.id] if each.signed else None
        if text is None or not isinstance(text.content, Procedure):
            continue
        if plan.filters.admits(text.content):
            items.append(
                {
                    "import_id": import_id,
                    "line_no": 0,
                    "code": code,
                    "name": text.title,
                    "words": f"{fold(code)} {fold(text.title)}",
                    "field": text.content.field,
                    "found": Found.ABSENT,
                    "document_id": each.document_id,
                }
            )
    if items:
        session.execute(sa.insert(Item), items)


def _inside(plan: Plan, position: Position) -> bool:
    """Tell whether a procedure lies inside the filters, by what its last export said."""
    followed, filters = position.followed, plan.filters
    return followed is not None and (
        (not filters.level or filters.level in followed.levels.split("\n"))
        and (not filters.field or fold(filters.field) == fold(followed.field))
    )


def run_quietly(session: Session, statement: sa.Update | sa.Delete) -> None:
    """Run a bulk statement without looking through the session for its rows."""
    session.execute(statement, execution_options={"synchronize_session": False})
