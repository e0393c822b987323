"""One list as one person asks for it: of which unit, on which day, as a page or as paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from qms.documents import reading
from qms.errors import NotFoundError
from qms.laws.queries import overdue_checks
from qms.laws.records import covers_of
from qms.registers import queries, sheets
from qms.registers.queries import Wanted
from qms.registers.rules import REGISTERS, Cell, Name, Register, Row
from qms.units.models import Heading
from qms.units.queries import headings, places
from qms.units.rules import Place, chain, office_of
from qms.vietnamese import day, formal_day

SIGNERS: Final = ("NGƯỜI LẬP", "NGƯỜI XEM XÉT", "NGƯỜI PHÊ DUYỆT")
FORM: Final = "register.html"
"""The print template of every list."""


@dataclass(frozen=True)
class Asked:
    """What a person wants of a list; ``unit_id`` 0: the first unit that is theirs."""

    name: Name
    unit_id: int
    on: date
    since: date
    kind: str = ""
    field: str = ""
    check: bool = False


@dataclass(frozen=True)
class Listing:
    """A list as it is shown, and among which units and fields there is to choose."""

    asked: Asked
    register: Register
    rows: Sequence[Row]
    total: int
    units: Mapping[int, str]
    fields: Sequence[str]
    heading: Heading | None

    def words(self) -> str:
        """Say for which days the list holds."""
        if self.asked.name is Name.AMENDMENTS:
            return f"Từ {formal_day(self.asked.since)} đến {formal_day(self.asked.on)}"
        return f"Tính đến {formal_day(self.asked.on)}"


def listing(
    session: Session, user_id: int, asked: Asked, today: date, *, page: int | None
) -> Listing:
    """Return a list as a person may read it: one page, or all of it without one.

    Raises:
        NotFoundError: the unit is not this person's, or was none on that day.

    """
    who = reading.visit(session, user_id, today)
    known, mine = places(session), sorted(who.reader.own)
    above = {each for unit_id in mine for each in chain(known, unit_id)}
    heads = headings(session, asked.on, sorted(above.union(mine))) if mine else {}
    seen = covers_of(known, mine, heads, asked.on)
    names = {each: head.name for each, head in heads.items()}
    units = {each: names[each] for each in seen if each in names}
    asked = replace(asked, unit_id=asked.unit_id or _first(known, units))
    if asked.unit_id not in seen:
        raise NotFoundError("Ngày này không có đơn vị đó, hoặc đơn vị không thuộc ông, bà.")
    cover = seen[asked.unit_id]
    only = None
    if asked.check:
        late = overdue_checks(session, cover.own, asked.on)
        only = frozenset(each for each, _due in late)
    wanted = Wanted(
        cover=cover,
        reader=who.reader,
        names=names,
        on=asked.on,
        since=asked.since,
        kind=asked.kind,
        field=asked.field,
        only=only,
        page=None if asked.name is Name.RECORDS else page,
    )
    rows, total = queries.rows(session, asked.name, wanted), 0
    if asked.name is Name.RECORDS:
        # One text keeps several records: the lines are paged, not the texts.
        total, first = len(rows), ((page or 1) - 1) * queries.PAGE_SIZE
        rows = rows[first : first + queries.PAGE_SIZE] if page else rows
    else:
        total = queries.total(session, asked.name, wanted)
    return Listing(
        asked=asked,
        register=REGISTERS[asked.name],
        rows=rows,
        total=total,
        units=units,
        fields=queries.fields(session, asked.name, wanted) if page else (),
        heading=heads.get(asked.unit_id) or heads.get(cover.office_id),
    )


def workbook(found: Listing) -> bytes:
    """Return a list as XLSX."""
    head = found.heading
    above = [head.superior.replace("\n", " "), head.name] if head else []
    return sheets.written(
        [each for each in above if each],
        found.register.title,
        found.words(),
        [(column.label, column.width) for column in found.register.columns],
        found.rows,
        SIGNERS,
    )


def paper(found: Listing) -> dict[str, object]:
    """Return what the print template of a list needs."""
    head = found.heading
    return {
        "office": {"above": head.superior if head else "", "name": head.name if head else ""},
        "title": found.register.title.upper(),
        "words": found.words(),
        "columns": [[column.label, column.width] for column in found.register.columns],
        "named": found.register.named,
        "rows": [[_said(cell) for cell in row.cells] for row in found.rows],
        "signers": list(SIGNERS),
    }


def _said(cell: Cell) -> str:
    if isinstance(cell, date):
        return day(cell)
    return "" if cell is None else str(cell)


def _first(known: Mapping[int, Place], units: Mapping[int, str]) -> int:
    """Return the first unit that is an office, else the first at all."""
    offices = [each for each in units if office_of(known, each) == each]
    return (offices or list(units) or [0])[0]
