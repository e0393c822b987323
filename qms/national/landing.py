"""The last step of an import: what was staged becomes lines of one draft decision, at once."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from qms import trail
from qms.accounts.queries import require
from qms.accounts.rules import Permission
from qms.db import UtcDateTime
from qms.documents import bulk, service
from qms.documents.models import Change, Decision, Document, Revision
from qms.documents.queries import counts
from qms.documents.rules import State
from qms.errors import StaleError
from qms.national import queries
from qms.national.answers import Deed, Found, Phase
from qms.national.models import Followed, Import, Item, Question, Stage
from qms.national.proposing import Read, propose_gone, put_doubts, run_quietly
from qms.national.queries import KIND, SOURCE
from qms.national.rules import Tally
from qms.national.weighing import Plan
from qms.trail import Act
from qms.units.queries import unit_by_id

TITLE: Final = "Cập nhật thủ tục hành chính theo Cơ sở dữ liệu quốc gia"

_MOVED: Final = (
    "Có văn bản vừa được sửa hoặc ký trong lúc đọc tệp. Chưa có gì thay đổi; hãy nhập lại."
)
_TEXT: Final = (
    "data",
    "digest",
    "title",
    "title_sort",
    "topic",
    "topic_sort",
    "issue_no",
    "amendment_no",
    "scope",
    "scope_level",
    "audience",
    "review_months",
    "summary",
)


def land(session: Session, act: Act, plan: Plan, read: Read) -> tuple[int, Tally, int | None]:
    """Turn what was staged into lines of the owner's open import.

    Raises:
        NotAllowedError: no post of the person lets it import for the owner.
        StaleError: a text that rows were compared with has been changed since.

    """
    require(session, act.actor, Permission.NATIONAL_IMPORT, plan.owner_id, act.today)
    run = session.get_one(Import, read.import_id)
    decision = queries.open_import(session, plan.owner_id)
    _check_still(session, run, decision)
    deeds = _deeds(session, run.id)
    try:
        _add_documents(session, act, plan, run.id)
    except IntegrityError as error:
        raise StaleError(_MOVED) from error
    if deeds.get(Deed.LINE):
        decision = decision or _open(session, act, plan)
    if decision is not None:
        _fill(session, act, decision, run.id, deeds)
        _take_back(session, act, decision, read)
    _follow(session, plan, run.id)
    put_doubts(session, plan, run.id, read)
    gone = propose_gone(session, plan, run.id, read)
    tally = _count(session, run, gone)
    if decision is not None:
        run.decision_id = decision.id
    run.mended, run.phase = read.mended, Phase.DONE
    detail = {
        "file": plan.sha256,
        "decision": run.decision_id,
        "counts": [getattr(tally, each) for each in tally.__slots__],
    }
    trail.record(session, act, action="national.imported", subject=run.ref, detail=detail)
    return run.id, tally, run.decision_id


def _check_still(session: Session, run: Import, decision: Decision | None) -> None:
    """Refuse when what the rows were compared with is no longer so."""
    if decision is not None and decision.state is not State.DRAFT:
        raise StaleError(_MOVED)
    mine = Stage.import_id == run.id
    line = sa.and_(
        Change.id == Stage.change_id,
        Change.decision_id == (decision.id if decision is not None else None),
    )
    lines = (
        sa.select(sa.func.count()).select_from(Stage).where(mine, Stage.change_id.is_not(None))
    )
    there = lines.join(Change, line)
    moved = (
        sa.select(sa.func.count())
        .select_from(Stage)
        .join(Revision, Revision.id == Stage.revision_id)
        .where(mine, Revision.version != Stage.version)
    )
    if session.scalar(lines) != session.scalar(there) or session.scalar(moved):
        raise StaleError(_MOVED)
    query = sa.select(Stage.document_id, Stage.base_count).where(
        mine, Stage.document_id.is_not(None)
    )
    staged = {row.document_id: row.base_count for row in session.execute(query)}
    if counts(session, staged.keys()) != staged:
        raise StaleError(_MOVED)


def _deeds(session: Session, import_id: int) -> dict[Deed, list[Any]]:
    """Return what is to be done, without the texts."""
    query = sa.select(
        Stage.code, Stage.deed, Stage.change_id, Stage.action, Stage.base_count
    ).where(Stage.import_id == import_id, Stage.deed != Deed.NOTHING)
    found: dict[Deed, list[Any]] = {}
    for row in session.execute(query.order_by(Stage.code)):
        found.setdefault(row.deed, []).append(row)
    return found


def _add_documents(session: Session, act: Act, plan: Plan, import_id: int) -> None:
    """Give new codes their documents, and every staged row its document."""
    mine = sa.and_(Stage.import_id == import_id, Stage.document_id.is_(None))
    known = sa.select(Document.id).where(
        Document.owner_id == plan.owner_id, Document.kind == KIND, Document.code == Stage.code
    )
    made = sa.select(
        sa.literal(plan.owner_id),
        sa.literal(KIND),
        Stage.code,
        Stage.slug,
        sa.literal(act.at, UtcDateTime()),
        sa.cast(sa.literal(act.actor), sa.Integer),
    ).where(mine, ~known.exists())
    into = ["owner_id", "kind", "code", "slug", "created_at", "created_by"]
    session.execute(sa.insert(Document).from_select(into, made.order_by(Stage.code)))
    run_quietly(
        session, sa.update(Stage).where(mine).values(document_id=known.scalar_subquery())
    )
    staged = sa.select(Stage.document_id).where(
        Stage.import_id == Item.import_id, Stage.code == Item.code
    )
    todo = sa.and_(
        Item.import_id == import_id, Item.document_id.is_(None), Item.found != Found.REFUSED
    )
    run_quietly(
        session, sa.update(Item).where(todo).values(document_id=staged.scalar_subquery())
    )


def _open(session: Session, act: Act, plan: Plan) -> Decision:
    owner = unit_by_id(session, plan.owner_id)
    return service.open_decision(session, act, owner, service.Head(title=TITLE), source=SOURCE)


def _fill(
    session: Session,
    act: Act,
    decision: Decision,
    import_id: int,
    deeds: Mapping[Deed, Sequence[Any]],
) -> None:
    """Add the new lines, save the texts of those that changed, drop those no longer needed."""
    if lines := deeds.get(Deed.LINE):
        bulk.may_fill(session, act, decision)
        texts = _add_texts(session, act, import_id)
        made = [
            {
                "decision_id": decision.id,
                "document_id": texts[row.code][0],
                "action": row.action,
                "revision_id": texts[row.code][1],
                "base_count": row.base_count,
                "reason": "",
                "material": True,
            }
            for row in lines
        ]
        session.execute(sa.insert(Change), made)
        added = [each["revision_id"] for each in made]
        bulk.filled(session, act, decision, "decision.lines_added", added)
    if edited := deeds.get(Deed.UPDATE):
        bulk.may_fill(session, act, decision)
        values = {name: getattr(Stage, name) for name in _TEXT}
        mine = sa.and_(
            Stage.import_id == import_id,
            Stage.deed == Deed.UPDATE,
            Revision.id == Stage.revision_id,
            Revision.number.is_(None),
        )
        run_quietly(
            session,
            sa.update(Revision).where(mine).values(**values, version=Revision.version + 1),
        )
        ids = [row.change_id for row in edited]
        bulk.filled(session, act, decision, "revision.edited", ids)
    if dropped := deeds.get(Deed.DROP):
        bulk.drop(session, act, decision, [row.change_id for row in dropped])


def _add_texts(session: Session, act: Act, import_id: int) -> dict[str, tuple[int, int]]:
    """Make the draft texts of the new lines; return document and text by code."""
    mine = sa.and_(Stage.import_id == import_id, Stage.deed == Deed.LINE)
    chosen = sa.select(
        Stage.document_id,
        sa.literal(1),
        sa.cast(sa.literal(act.actor), sa.Integer),
        sa.literal(act.at, UtcDateTime()),
        *(getattr(Stage, name) for name in _TEXT),
    ).where(mine)
    into = ["document_id", "version", "drafted_by", "drafted_at", *_TEXT]
    made = sa.insert(Revision).from_select(into, chosen.order_by(Stage.code))
    texts = {
        row.document_id: row.id
        for row in session.execute(made.returning(Revision.id, Revision.document_id))
    }
    codes = session.execute(sa.select(Stage.code, Stage.document_id).where(mine))
    return {row.code: (row.document_id, texts[row.document_id]) for row in codes}


def _take_back(session: Session, act: Act, decision: Decision, read: Read) -> None:
    """Drop lines that withdraw what the catalogue has again."""
    back = [
        each.line_id
        for code, each in read.positions.items()
        if code in read.seen and each.withdrawn and each.line_id
    ]
    if back:
        bulk.drop(session, act, decision, back)


def _follow(session: Session, plan: Plan, import_id: int) -> None:
    """Remember what the export said of each procedure, and which text came of it."""
    line = sa.select(sa.func.max(Revision.id)).where(
        Revision.document_id == Stage.document_id, Revision.number.is_(None)
    )
    came = sa.case(
        (Stage.deed == Deed.LINE, line.scalar_subquery()),
        (Stage.deed == Deed.DROP, Stage.signed_id),
        else_=Stage.revision_id,
    )
    mine = Stage.import_id == import_id
    old = sa.select(Stage.document_id).where(mine)
    run_quietly(session, sa.delete(Followed).where(Followed.document_id.in_(old)))
    rows = sa.select(
        Stage.document_id,
        sa.literal(plan.owner_id),
        Stage.fingerprint,
        Stage.said,
        Stage.levels,
        Stage.topic,
        came,
    ).where(mine)
    into = ["document_id", "owner_id", "fingerprint", "said", "levels", "field", "revision_id"]
    session.execute(sa.insert(Followed).from_select(into, rows))


def _count(session: Session, run: Import, gone: int) -> Tally:
    """Count what was found, and put it on the import."""
    query = sa.select(Item.found, sa.func.count()).where(Item.import_id == run.id)
    found = {row[0]: row[1] for row in session.execute(query.group_by(Item.found))}
    doubtful = sa.select(sa.func.count()).where(
        Item.import_id == run.id,
        Item.found.in_((Found.NEW, Found.CHANGED, Found.UNCHANGED)),
        ~queries.left_out(),
        sa.exists().where(Question.document_id == Item.document_id, Question.answer.is_(None)),
    )
    filled = sa.select(sa.func.count()).where(
        Item.import_id == run.id, Item.found == Found.UNCHANGED, Item.filled != ""
    )
    tally = Tally(
        found.get(Found.NEW, 0),
        found.get(Found.CHANGED, 0),
        gone,
        found.get(Found.UNCHANGED, 0),
        session.scalar(doubtful) or 0,
        found.get(Found.REFUSED, 0),
    )
    for name in tally.__slots__:
        setattr(run, name, getattr(tally, name))
    run.filled = session.scalar(filled) or 0
    return tally
