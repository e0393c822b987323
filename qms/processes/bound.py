"""What a process takes from the procedures it describes: asked for a day, never copied.

Source: Nghị định 63/2010/NĐ-CP, Điều 26 khoản 2 (notice and process may not disagree).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from qms.documents import queries
from qms.documents.kinds.fees import FeeLine
from qms.documents.kinds.procedure import Method, Procedure
from qms.documents.kinds.process import Process
from qms.documents.models import Change, Document, Revision
from qms.documents.pricing import lines_on, priced
from qms.documents.reading import Reader, readable
from qms.documents.rules import Audience
from qms.documents.standing import Cover, cover, standing_for
from qms.documents.timeline import Action


class Stand(StrEnum):
    """How a procedure that a process names stands on the day asked."""

    STANDS = "stands"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"
    NOT_YET = "not_yet"
    MISSING = "missing"


@dataclass(frozen=True)
class Bound:
    """A procedure as it stands; ``day``: since when it does, ended, or will begin."""

    code: str
    stand: Stand
    day: date | None = None
    document_id: int | None = None
    title: str = ""
    content: Procedure | None = None


@dataclass(frozen=True)
class Named:
    """Another document that stands: where its page is and what it is called."""

    document_id: int
    title: str


@dataclass(frozen=True)
class Bindings:
    """All that a process finds outside itself on a day; ``named`` by kind and code."""

    on: date
    procedures: tuple[Bound, ...]
    named: Mapping[tuple[str, str], Named] = field(default_factory=dict)

    @property
    def standing(self) -> list[tuple[Bound, Procedure]]:
        """The procedures that stand, with what they say."""
        return [(each, each.content) for each in self.procedures if each.content is not None]


def bind(
    session: Session, process: Process, owner_id: int, on: date, reader: Reader
) -> Bindings:
    """Return what a process takes from others on a day, as far as somebody may read it."""
    seen = cover(session, owner_id, on)
    codes = _codes(process.procedures)
    if seen is None:
        missing = tuple(Bound(code, Stand.MISSING) for code in codes)
        return Bindings(on, missing)
    procedures = procedures_on(session, seen, codes, on, reader)
    forms, laws = _leaned_on(process, procedures)
    named = _named(session, seen, on, reader, {"form": forms, "legal": laws})
    return Bindings(on, tuple(procedures), named)


def procedures_on(
    session: Session, seen: Cover, codes: Collection[str], on: date, reader: Reader | None
) -> list[Bound]:
    """Return procedures by code as they stand for a unit on a day, in the order asked."""
    standing = _standing(session, seen, on, {"procedure": codes})
    ids = [row.revision_id for row in standing.values()]
    query = (
        sa.select(Revision)
        .join(Document, Document.id == Revision.document_id)
        .where(Revision.id.in_(ids))
    )
    if reader is not None:
        query = query.where(readable(reader))
    texts = {each.id: each for each in session.scalars(query.options(undefer(Revision.data)))}
    lost = [code for code in codes if ("procedure", code) not in standing]
    turned = _last_turns(session, seen, lost, on) if lost else {}
    found = []
    for code in codes:
        row = standing.get(("procedure", code))
        if row is None:
            found.append(turned.get(code, Bound(code, Stand.MISSING)))
            continue
        text = texts.get(row.revision_id)
        content = queries.content(text) if text is not None else None
        if text is None or not isinstance(content, Procedure):
            found.append(Bound(code, Stand.HIDDEN))
            continue
        told = priced(content, lines_on(session, seen, code, on))
        found.append(
            Bound(code, Stand.STANDS, row.first_day, row.document_id, text.title, told)
        )
    return found


def prices(content: Procedure, on: date) -> list[tuple[Method, FeeLine]]:
    """Return the prices of a procedure that hold on a day, with the way they are paid.

    Those of fee schedules stand in the place of the procedure's own already.
    """
    return [
        (method, line) for method in content.methods for line in method.fees if line.holds(on)
    ]


def _codes(named: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(code for code in named if code))


def _leaned_on(process: Process, procedures: list[Bound]) -> tuple[list[str], list[str]]:
    """Return the codes of forms and laws that process and procedures name."""
    steps = [step.form_code for phase in process.phases for step in phase.steps]
    forms = [*(each.code for each in process.forms), *steps]
    forms += [each.form_code for each in process.records]
    laws = [each.document for each in process.references]
    for content in (each.content for each in procedures):
        if content is not None:
            forms += [item.form_code for item in content.dossier]
            laws += [basis.document for basis in content.legal_basis]
    return _codes(forms), _codes(laws)


def _standing(
    session: Session, seen: Cover, on: date, wanted: Mapping[str, Collection[str]]
) -> dict[tuple[str, str], sa.Row[*tuple[object, ...]]]:
    """Return what stands of the documents with these codes, by kind and code."""
    kinds = [kind for kind, codes in wanted.items() if codes]
    if not kinds:
        return {}
    stand = standing_for(seen, on, kinds=kinds, audiences=tuple(Audience))
    asked = sa.or_(
        *(sa.and_(stand.c.kind == kind, stand.c.code.in_(wanted[kind])) for kind in kinds)
    )
    rows = session.execute(sa.select(stand).where(asked))
    return {(row.kind, row.code): row for row in rows}


def _named(
    session: Session,
    seen: Cover,
    on: date,
    reader: Reader,
    wanted: Mapping[str, Collection[str]],
) -> dict[tuple[str, str], Named]:
    standing = _standing(session, seen, on, wanted)
    ids = [row.revision_id for row in standing.values()]
    query = (
        sa.select(Revision.id)
        .join(Document, Document.id == Revision.document_id)
        .where(Revision.id.in_(ids), readable(reader))
    )
    may = set(session.scalars(query)) if ids else set()
    return {
        key: Named(row.document_id, row.title)
        for key, row in standing.items()
        if row.revision_id in may
    }


def _last_turns(
    session: Session, seen: Cover, codes: Collection[str], on: date
) -> dict[str, Bound]:
    """Say of procedures that do not stand since when they ended or when they will begin."""
    query = (
        sa.select(Document.code, Change.action, Change.effective_on, Document.owner_id)
        .join(Document, Document.id == Change.document_id)
        .where(Document.kind == "procedure", Document.code.in_(codes))
        .where(Document.owner_id.in_(seen.nearest_first), queries.LIVING_COLUMNS)
        .order_by(Change.effective_on)
    )
    found: dict[str, Bound] = {}
    for row in session.execute(query):
        if row.effective_on <= on:
            ended = row.action is Action.WITHDRAW
            stand = Stand.WITHDRAWN if ended else Stand.MISSING
            found[row.code] = Bound(row.code, stand, row.effective_on if ended else None)
        elif row.code not in found:
            found[row.code] = Bound(row.code, Stand.NOT_YET, row.effective_on)
    return found
