"""What stands in a book: the sheets of a board on a day, field by field, forms, prices."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from qms.blanks.rules import PDF
from qms.books import plans
from qms.books.plans import Chapter, Leaf, Plan
from qms.books.rules import Asked
from qms.digests import canonical, digest
from qms.documents import queries as documents
from qms.documents.kinds.form import FormBlank
from qms.documents.kinds.parts import FileRef
from qms.documents.models import Document, Revision
from qms.documents.standing import Row, cover, rows, standing_for, topics
from qms.errors import NotFoundError
from qms.notices import prints, queries, sheets, stories, subjects, validity
from qms.notices.prints import Print
from qms.notices.rules import SheetKind, Subject
from qms.notices.sheets import DaySheet, ProcedureCourse
from qms.text import slug
from qms.units.models import Unit
from qms.vietnamese import file_size

AT_ONCE: Final = 100
"""Sheets whose stories are held in memory together."""


@dataclass(frozen=True)
class Where:
    """Whose book it is, what addresses begin with, and the day of whoever asks."""

    unit: Unit
    public_url: str
    today: date


def fields(session: Session, unit: Unit, on: date) -> list[tuple[str, int]]:
    """Return the fields of a unit's board on a day with their number of procedures."""
    seen = cover(session, unit.id, on)
    return topics(session, standing_for(seen, on)) if seen else []


def plan(session: Session, where: Where, asked: Asked) -> Plan:
    """Return what a book holds.

    Raises:
        NotFoundError: nothing stands on the board of the unit that day.

    """
    found = _standing(session, where.unit, asked)
    chapters = [
        Chapter(name or plans.OTHER_FIELDS, [leaf for leaf, _ in group])
        for name, group in groupby(_leaves(session, where, asked, found), key=lambda x: x[1])
    ]
    head = queries.office(session, where.unit, asked.on)
    said = {"name": head.name, "above": head.superior}
    prices = _prices(session, where, asked) if asked.bound and not asked.field else None
    if prices is not None:
        chapters.append(Chapter(plans.FEES, [prices]))
    return Plan(asked, said, chapters)


def _standing(session: Session, unit: Unit, asked: Asked) -> list[Row]:
    seen = cover(session, unit.id, asked.on)
    if seen is None:
        raise NotFoundError("Ngày đã chọn, đơn vị này không hoạt động.")
    standing = standing_for(seen, asked.on)
    query = sa.select(standing)
    if asked.field:
        query = query.where(standing.c.topic == asked.field)
    order = (standing.c.topic_sort, standing.c.topic, standing.c.title_sort, standing.c.code)
    found = rows(session, query.order_by(*order))
    if not found:
        raise NotFoundError("Ngày đã chọn, đơn vị này không có thủ tục nào để in thành sổ.")
    return found


def _leaves(
    session: Session, where: Where, asked: Asked, found: Sequence[Row]
) -> Iterator[tuple[Leaf, str]]:
    """Give each part with the field it belongs to."""
    for begun in range(0, len(found), AT_ONCE):
        some = found[begun : begun + AT_ONCE]
        wanted = [row.document_id for row in some]
        query = sa.select(Document).where(Document.id.in_(wanted))
        known = {d.id: d for d in session.scalars(query.options(joinedload(Document.owner)))}
        pairs = [(where.unit, known[each]) for each in wanted]
        for row, told in zip(some, stories.stories(session, pairs), strict=True):
            day = sheets.on_day(told, asked.on)
            if day is None:
                continue
            remark = (
                validity.remark(ProcedureCourse(told), day, asked.on, where.today)
                if asked.on != where.today
                else ""
            )
            made = prints.of_sheet(told, day, asked.paper, where.public_url)
            yield Leaf(day.sheet.title, row.code, made, remark=remark), row.topic
            if asked.bound:
                for each in _forms(where, asked, day, remark):
                    yield each, row.topic


def _forms(where: Where, asked: Asked, day: DaySheet, remark: str) -> Iterator[Leaf]:
    for told, change in zip(day.sheet.forms, day.blanks, strict=True):
        file = _file(change.revision)
        if file is not None and file.media_type == PDF:
            yield Leaf(told["title"], told["code"], None, file.sha256, remark, form=True)
            continue
        base = where.public_url.rstrip("/")
        address = f"{base}/b/{where.unit.slug}/bm/{slug(told['code'])}"
        said = {
            "paper": asked.paper.value,
            "office": {"name": day.sheet.heading.name, "above": day.sheet.heading.superior},
            "title": told["title"],
            "code": told["code"],
            "file": f"{file.name} ({file_size(file.size)})" if file else "",
            "digest": told["file"],
            "address": address,
        }
        name = f"books/bieu-mau/{plans.LAYOUT}/{digest(canonical(said))}.pdf"
        made = Print(name, partial(_of, "book_form.html", said))
        yield Leaf(told["title"], told["code"], made, remark=remark, form=True)


def _file(revision: Revision | None) -> FileRef | None:
    content = documents.content(revision) if revision else None
    return content.file if isinstance(content, FormBlank) else None


def _prices(session: Session, where: Where, asked: Asked) -> Leaf | None:
    course = subjects.of(session, Subject(where.unit.id, SheetKind.FEES))
    table = course.on_day(asked.on)
    if table is None:
        return None
    remark = validity.remark(course, table, asked.on, where.today)
    made = prints.of_sheet(course, table, asked.paper, where.public_url)
    return Leaf(plans.FEES, "", made, remark=remark)


def _of(template: str, said: Mapping[str, object]) -> tuple[str, Mapping[str, object]]:
    return template, said
