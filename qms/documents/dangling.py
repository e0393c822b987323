"""What would point at nothing if a decision were signed: it may not be.

A text in force never names a document that is not in force on the same day (INV-14). Prices are
left out: a fee schedule may price procedures that nobody offers here, or not yet.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload, undefer

from qms.documents import queries, timeline
from qms.documents.kinds.base import Relation
from qms.documents.kinds.form import FormBlank
from qms.documents.models import Change, Document, Link, Revision
from qms.documents.readiness import proposed
from qms.documents.rules import Audience, Scope
from qms.documents.standing import Cover, cover_of, covers
from qms.documents.timeline import Entry, Span
from qms.errors import N_, QmsError, RefusedError
from qms.units.queries import headings, places
from qms.units.rules import chain, office_of
from qms.vietnamese import day as day_words

Name = tuple[str, str]
"""Kind and code of a document that is named."""

CHECKED: Final = tuple(each for each in Relation if each is not Relation.CHARGES)
WORDS: Final[Mapping[Relation, RefusedError]] = {
    Relation.USES_FORM: RefusedError("dùng biểu mẫu"),
    Relation.BASED_ON: RefusedError("căn cứ"),
    Relation.DESCRIBES: RefusedError("mô tả thủ tục"),
    Relation.RECORDS_ON: RefusedError("ghi hồ sơ theo biểu mẫu"),
    Relation.AMENDS: RefusedError("sửa đổi"),
    Relation.REPLACED_BY: RefusedError("được thay bằng"),
}
_SOME_UNIT: Final = 0
"""Stands for any unit of a level, also one to come: no text is its own or names it."""


def dangling(session: Session, found: Sequence[Change], day: date) -> list[QmsError]:
    """Return the links that would find nothing on some day if the lines were signed for ``day``."""
    lines = proposed(found, day)
    signed = queries.entries(session, lines)
    firsts = (timeline.first_touched(signed[each], lines[each]) for each in lines)
    since = min((each for each in firsts if each), default=day)
    changed = {(c.document.kind, c.document.code) for c in found}
    sources = _naming(session, changed, {c.decision_id for c in found})
    board = _Board(session, lines, since)
    return [*board.dangling(sources), *_without_file(session, found)]


def first_gap(
    first: date, last: date | None, held: Iterable[tuple[date, date | None]]
) -> date | None:
    """Return the first of the days from ``first`` to ``last`` that no held stretch includes."""
    at = first
    for begins, ends in sorted(held, key=lambda each: each[0]):
        if begins > at:
            break
        if ends is None:
            return None
        at = max(at, ends + timedelta(days=1))
    return None if last is not None and at > last else at


@dataclass
class _Board:
    """The timelines as they would be, and what the texts in them name."""

    session: Session
    lines: Mapping[int, Sequence[Entry]]
    since: date

    def dangling(self, sources: Iterable[int]) -> list[QmsError]:
        """Return a sentence for each link of the sources that finds nothing on some day."""
        after = self._spans(sources)
        stretches = [(each, span) for each, found in after.items() for span in found]
        revisions = {span.entry.revision or 0 for _, span in stretches}
        links = _links(self.session, revisions)
        named = self._named({link.name for found in links.values() for link in found})
        documents = _documents(self.session, after)
        texts = _texts(self.session, revisions)
        readers = self._readers(documents, texts)
        return [
            fault
            for document_id, span in stretches
            for link in links.get(span.entry.revision or 0, ())
            if (
                fault := self._fault(
                    documents[document_id],
                    readers[link.revision_id],
                    span,
                    link,
                    named.get(link.name),
                    public=link.relation is Relation.USES_FORM
                    and texts[link.revision_id].audience is Audience.PUBLIC,
                )
            )
        ]

    def _fault(
        self,
        document: Document,
        readers: "_Readers",
        span: Span,
        link: Link,
        named: Sequence[tuple[int, Span, Revision]] | None,
        *,
        public: bool,
    ) -> QmsError | None:
        gaps = [
            first_gap(
                max(span.first_day, self.since),
                span.last_day,
                [
                    (each.first_day, each.last_day)
                    for owner_id, each, text in named or ()
                    if _reaches(seen, owner_id, text, public=public)
                    or (not public and _reaches(readers.owner, owner_id, text))
                ],
            )
            for seen in readers.everybody
        ]
        gap = min((each for each in gaps if each), default=None)
        if gap is None:
            return None
        if named is None:
            return _refusal(
                N_(
                    "%(code)s %(names)s %(target)s, nhưng không có tài liệu nào mang mã đó. Hãy "
                    "chọn lại, hoặc ban hành nó trong cùng quyết định."
                ),
                document,
                link,
            )
        if public:
            return _refusal(
                N_(
                    "%(code)s %(names)s %(target)s, nhưng từ %(day)s không có bản công khai nào của "
                    "nó có hiệu lực ở đây. Hãy sửa %(code)s trong cùng quyết định, hoặc giữ "
                    "%(target)s công khai."
                ),
                document,
                link,
                day=day_words(gap),
            )
        return _refusal(
            N_(
                "%(code)s %(names)s %(target)s, nhưng từ %(day)s không có bản nào của nó có hiệu "
                "lực ở đây. Hãy sửa %(code)s trong cùng quyết định, hoặc giữ %(target)s."
            ),
            document,
            link,
            day=day_words(gap),
        )

    def _spans(self, document_ids: Iterable[int]) -> dict[int, list[Span]]:
        """Return the stretches with a text that reach into the days that would change."""
        signed = queries.entries(self.session, set(document_ids))
        return {
            document_id: [
                span
                for span in timeline.spans([*known, *self.lines.get(document_id, ())])
                if span.entry.revision is not None
                and (span.last_day is None or span.last_day >= self.since)
            ]
            for document_id, known in signed.items()
        }

    def _named(self, names: set[Name]) -> dict[Name, list[tuple[int, Span, Revision]]]:
        """Return by name the owner, stretch and text of each document that is named."""
        documents: list[Document] = []
        for some in queries.parts(sorted(names)):
            query = sa.select(Document).where(sa.tuple_(Document.kind, Document.code).in_(some))
            documents += self.session.scalars(query)
        spans = self._spans({each.id for each in documents})
        ids = {s.entry.revision or 0 for found in spans.values() for s in found}
        texts = _texts(self.session, ids)
        held: dict[Name, list[tuple[int, Span, Revision]]] = {}
        for each in documents:
            held.setdefault((each.kind, each.code), []).extend(
                (each.owner_id, span, texts[span.entry.revision or 0])
                for span in spans[each.id]
            )
        return held

    def _readers(
        self, documents: Mapping[int, Document], texts: Mapping[int, Revision]
    ) -> dict[int, "_Readers"]:
        """Return by text its owner, and whoever it holds for."""
        known = places(self.session)
        named = {each.id: [row.unit_id for row in each.units] for each in texts.values()}
        units = {each.owner_id for each in documents.values()}.union(*named.values())
        heads = headings(self.session, self.since, [office_of(known, each) for each in units])
        levels = {unit_id: head.level for unit_id, head in heads.items()}
        seen = {
            each: cover_of(known, each, levels.get(office_of(known, each))) for each in units
        }
        found = {}
        for each in texts.values():
            owner_id = documents[each.document_id].owner_id
            everybody = [seen[owner_id]]
            if each.scope is Scope.LEVEL:
                above = tuple(chain(known, owner_id))
                everybody = [Cover(_SOME_UNIT, _SOME_UNIT, above, each.scope_level)]
            elif each.scope is Scope.UNITS:
                everybody = [seen[unit_id] for unit_id in named[each.id]]
            found[each.id] = _Readers(seen[owner_id], everybody)
        return found


@dataclass(frozen=True)
class _Readers:
    """How texts reach the owner of one, and each for whom it holds."""

    owner: Cover
    everybody: Sequence[Cover]


def _refusal(sentence: str, document: Document, link: Link, day: str = "") -> RefusedError:
    return RefusedError(
        sentence, code=document.code, names=WORDS[link.relation], target=link.code, day=day
    )


def _reaches(seen: Cover, owner_id: int, text: Revision, *, public: bool = False) -> bool:
    if public and text.audience is not Audience.PUBLIC:
        return False
    return covers(
        seen,
        owner_id=owner_id,
        scope=text.scope,
        scope_level=text.scope_level,
        units={row.unit_id for row in text.units},
    )


def _naming(session: Session, names: set[Name], decisions: set[int]) -> set[int]:
    """Return the documents whose living texts name one of these, or whose new texts name any."""
    query = sa.select(Change.document_id).join(Link, Link.revision_id == Change.revision_id)
    query = query.where(Link.relation.in_(CHECKED)).distinct()
    new = query.where(Change.decision_id.in_(decisions))
    found: set[int] = set()
    for some in queries.parts(sorted(names)):
        living = query.where(queries.LIVING_COLUMNS, sa.tuple_(Link.kind, Link.code).in_(some))
        found |= set(session.scalars(sa.union(new, living)))
    return found


def _links(session: Session, revision_ids: Iterable[int]) -> dict[int, list[Link]]:
    found: dict[int, list[Link]] = {}
    for some in queries.parts(sorted(revision_ids)):
        query = sa.select(Link).where(Link.revision_id.in_(some), Link.relation.in_(CHECKED))
        for row in session.scalars(query.order_by(Link.relation, Link.kind, Link.code)):
            found.setdefault(row.revision_id, []).append(row)
    return found


def _documents(session: Session, ids: Iterable[int]) -> dict[int, Document]:
    found: dict[int, Document] = {}
    for some in queries.parts(sorted(ids)):
        query = sa.select(Document).where(Document.id.in_(some))
        found |= {each.id: each for each in session.scalars(query)}
    return found


def _texts(session: Session, ids: Iterable[int]) -> dict[int, Revision]:
    found: dict[int, Revision] = {}
    for some in queries.parts(sorted(ids)):
        query = sa.select(Revision).where(Revision.id.in_(some))
        rows = session.scalars(query.options(selectinload(Revision.units)))
        found |= {each.id: each for each in rows}
    return found


def _without_file(session: Session, found: Sequence[Change]) -> list[QmsError]:
    """Refuse forms that have no file: there would be nothing to hand out."""
    forms = [c.revision_id for c in found if c.document.kind == "form" and c.revision_id]
    empty: list[QmsError] = []
    for some in queries.parts(forms):
        query = sa.select(Revision).where(Revision.id.in_(some))
        rows = session.scalars(
            query.options(undefer(Revision.data), joinedload(Revision.document))
        )
        for revision in rows:
            content = queries.content(revision)
            if isinstance(content, FormBlank) and content.file is None:
                code = revision.document.code
                empty.append(RefusedError("%(code)s: biểu mẫu chưa có tệp.", code=code))
    return empty
