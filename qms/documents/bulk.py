"""Drafting many texts at once, by the rules that hold for one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms import trail
from qms.accounts.queries import require
from qms.accounts.rules import Permission
from qms.digests import canonical, digest
from qms.documents import rules
from qms.documents.models import Change, Decision, Revision, RevisionUnit
from qms.documents.rules import RevisionText, State
from qms.documents.service import took_part
from qms.documents.writing import relink
from qms.errors import RefusedError, StaleError
from qms.text import sort_key
from qms.trail import Act


@dataclass(frozen=True)
class Rewriting:
    """A new draft text for a line: of which document, and as of which version."""

    change_id: int
    revision_id: int
    version: int
    columns: Mapping[str, object]


def columns(text: RevisionText, *, owner: str, kind: str, code: str) -> dict[str, object]:
    """Return what the columns of a draft revision hold for a text.

    Raises:
        InvalidError: the text may not be so.

    """
    rules.check_text(text)
    data = text.data(owner=owner, kind=kind, code=code)
    topic = text.content.topic()
    return {
        "data": data,
        "digest": digest(data),
        "title": text.title,
        "title_sort": sort_key(text.title),
        "topic": topic,
        "topic_sort": sort_key(topic)[:400],
        "issue_no": text.issue_no,
        "amendment_no": text.amendment_no,
        "scope": text.scope,
        "scope_level": text.scope_level,
        "audience": text.audience,
        "review_months": text.review_months,
        "summary": text.summary,
    }


def may_fill(session: Session, act: Act, decision: Decision) -> None:
    """Refuse to fill what is no draft, or somebody who may not draft for its owner."""
    require(session, act.actor, Permission.DECISION_DRAFT, decision.owner_id, act.today)
    if decision.state is not State.DRAFT:
        raise RefusedError(
            "Quyết định %(state)s nên không sửa được.", state=rules.STATE_WORDS[decision.state]
        )


def rewrite(
    session: Session, act: Act, decision: Decision, wanted: Sequence[Rewriting]
) -> None:
    """Save the draft texts of many lines; scopes by named units stay as they are.

    Raises:
        StaleError: somebody saved one of them in the meantime.

    """
    may_fill(session, act, decision)
    for each in wanted:
        values = {**each.columns, "version": each.version + 1}
        saved = session.execute(
            sa.update(Revision)
            .where(
                Revision.id == each.revision_id,
                Revision.version == each.version,
                Revision.number.is_(None),
            )
            .values(values)
            .execution_options(synchronize_session=False)
        )
        if saved.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE has one
            raise StaleError("Dự thảo vừa được người khác lưu. Hãy xem bản mới rồi làm lại.")
    filled(session, act, decision, "revision.edited", [e.change_id for e in wanted])


def drop(session: Session, act: Act, decision: Decision, change_ids: Sequence[int]) -> None:
    """Take lines out of a draft decision, and their draft texts with them."""
    may_fill(session, act, decision)
    for start in range(0, len(change_ids), 500):
        some = change_ids[start : start + 500]
        mine = sa.and_(Change.id.in_(some), Change.decision_id == decision.id)
        texts = sa.select(Change.revision_id).where(mine, Change.revision_id.is_not(None))
        drafts = sa.select(Revision.id).where(Revision.id.in_(texts), Revision.number.is_(None))
        ids = list(session.scalars(drafts))
        session.execute(sa.delete(Change).where(mine))
        session.execute(sa.delete(RevisionUnit).where(RevisionUnit.revision_id.in_(ids)))
        session.execute(sa.delete(Revision).where(Revision.id.in_(ids)))
    filled(session, act, decision, "decision.line_dropped", change_ids)


def filled(
    session: Session, act: Act, decision: Decision, action: str, change_ids: Sequence[int]
) -> None:
    """Count the person among the drafters, repeat the links, write what was done to how many."""
    relink(session, decision.id)
    decision.version += 1
    took_part(session, act, decision)
    ids = sorted(change_ids)
    detail = {"lines": len(ids), "digest": digest(canonical(ids))}
    trail.record(session, act, action=action, subject=decision.ref, detail=detail)
