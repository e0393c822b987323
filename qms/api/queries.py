"""What the interface asks: all that one page of answers needs, in a fixed number of questions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.documents.kinds.base import Content
from qms.documents.models import Decision, Revision
from qms.documents.price_rules import Held
from qms.documents.queries import content_in, parts
from qms.documents.standing import Cover, Row, count, rows, standing_for, topics
from qms.errors import N_, NotFoundError
from qms.fees import queries as fees
from qms.fees.rules import Row as PriceRow
from qms.following.events import issuers
from qms.units.models import Heading, Unit
from qms.units.rules import heading_on
from qms.vietnamese import day as said_day

NONE: Final = {
    "procedure": N_("Thủ tục không có hiệu lực ở đơn vị này ngày %(day)s."),
    "form": N_("Biểu mẫu không có hiệu lực ở đơn vị này ngày %(day)s."),
}
"""Why a document of a kind is not given."""


@dataclass(frozen=True)
class Made:
    """A decision as it is named."""

    number: str
    dated: date | None
    issuer: str


@dataclass(frozen=True)
class Shelf:
    """What stands on the board of a unit on a day."""

    session: Session
    unit: Unit
    seen: Cover
    on: date

    def procedures(
        self, field: Collection[str] | None, *, page: int, size: int
    ) -> tuple[list[Row], int]:
        """Return one page of the procedures, of some fields or all, and how many there are."""
        return self._page(("procedure",), field, page, size)

    def forms(self, *, page: int, size: int) -> tuple[list[Row], int]:
        """Return one page of the forms, and how many there are."""
        return self._page(("form",), None, page, size)

    def one(self, kind: str, slug: str) -> Row:
        """Return the document of a kind with this address word.

        Raises:
            NotFoundError: none stands there that day.

        """
        standing = standing_for(self.seen, self.on, kinds=(kind,))
        found = rows(self.session, sa.select(standing).where(standing.c.slug == slug))
        if not found:
            raise NotFoundError(NONE[kind], day=said_day(self.on))
        return found[0]

    def fields(self) -> list[tuple[str, int]]:
        """Return the fields with their numbers of procedures."""
        return topics(self.session, standing_for(self.seen, self.on))

    @cached_property
    def prices(self) -> list[PriceRow]:
        """All prices that hold that day."""
        return fees.on_day(self.session, self.unit.id, self.on).rows

    @cached_property
    def prices_of(self) -> dict[str, list[Held]]:
        """The prices that hold that day by the code of the procedure."""
        found: dict[str, list[Held]] = {}
        for row in self.prices:
            found.setdefault(row.held.line.procedure, []).append(row.held)
        return found

    @cached_property
    def form_rows(self) -> dict[str, Row]:
        """All forms that stand, by code."""
        standing = standing_for(self.seen, self.on, kinds=("form",))
        return {row.code: row for row in rows(self.session, sa.select(standing))}

    def contents(self, found: Sequence[Row]) -> dict[int, Content]:
        """Return what texts say, by their number."""
        read: dict[int, Content] = {}
        for some in parts([row.revision_id for row in found]):
            query = sa.select(Revision.id, Revision.data).where(Revision.id.in_(some))
            read |= {row.id: content_in(row.data) for row in self.session.execute(query)}
        return read

    def decisions(self, found: Sequence[Row]) -> dict[int, Made]:
        """Return the decisions behind some texts, by their number."""
        ids = sorted({row.decision_id for row in found})
        made: list[Decision] = []
        for some in parts(ids):
            made += self.session.scalars(sa.select(Decision).where(Decision.id.in_(some)))
        known = issuers(self.session, {each.issuer_id for each in made if each.issuer_id})
        return {each.id: _made(each, known) for each in made}

    def _page(
        self, kinds: Sequence[str], field: Collection[str] | None, page: int, size: int
    ) -> tuple[list[Row], int]:
        standing = standing_for(self.seen, self.on, kinds=kinds)
        query = sa.select(standing)
        if field is not None:
            query = query.where(standing.c.topic.in_(field))
            total = self.session.scalar(
                sa.select(sa.func.count()).select_from(query.subquery())
            )
        else:
            total = count(self.session, standing)
        ordered = query.order_by(standing.c.title_sort, standing.c.code)
        return rows(self.session, ordered.offset((page - 1) * size).limit(size)), total or 0


def _made(decision: Decision, known: Mapping[int, Sequence[Heading]]) -> Made:
    heading = heading_on(known.get(decision.issuer_id or 0, ()), decision.dated or date.max)
    issuer = decision.issuer_name or (heading.name if heading else "")
    return Made(decision.number or "", decision.dated, issuer)
