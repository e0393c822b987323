"""The office's own forms for the papers of findings: their codes and headings."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.documents.rules import Audience
from qms.documents.standing import cover, standing_for
from qms.text import fold
from qms.units.queries import heading, places
from qms.units.rules import holds, office_of
from qms.vietnamese import day as said_day


class Paper(StrEnum):
    """The papers there are."""

    FINDING = "finding"
    REQUEST = "request"
    REGISTER = "register"


USUAL: Final[Mapping[Paper, str]] = {
    Paper.FINDING: "Phiếu báo cáo sự không phù hợp",
    Paper.REQUEST: "Phiếu yêu cầu hành động khắc phục",
    Paper.REGISTER: "Sổ theo dõi hành động khắc phục",
}
"""What a paper is called where the office has no form of its own."""

_WORDS: Final[Mapping[Paper, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    Paper.FINDING: (("khong phu hop",), ("hanh dong", "theo doi", "so")),
    Paper.REQUEST: (("hanh dong khac phuc", "phieu"), ("theo doi",)),
    Paper.REGISTER: (("hanh dong khac phuc", "theo doi"), ("phieu",)),
}
"""Words that the title of the own form has, and those it has not."""


@dataclass(frozen=True)
class Form:
    """How a paper is headed: its title, and the code and numbers of the own form if any."""

    title: str
    code: str = ""
    numbers: str = ""
    first_day: str = ""


@dataclass(frozen=True)
class Head:
    """Who speaks on a paper."""

    above: str
    name: str
    place: str


def form_of(session: Session, unit_id: int, paper: Paper, on: date) -> Form:
    """Return how a paper of a unit is headed on a day."""
    seen = cover(session, unit_id, on)
    if seen is not None:
        base = standing_for(seen, on, kinds=("form",), audiences=frozenset(Audience))
        columns = (base.c.title, base.c.code, base.c.issue_no, base.c.amendment_no)
        query = sa.select(*columns, base.c.first_day).order_by(base.c.code)
        for row in session.execute(query):
            if answers(row.title, paper):
                numbers = f"{row.issue_no:02}/{row.amendment_no:02}"
                return Form(row.title, row.code, numbers, said_day(row.first_day))
    return Form(USUAL[paper])


def answers(title: str, paper: Paper) -> bool:
    """Tell whether a form with this title is meant for a paper."""
    said = f" {fold(title)} "
    there, missing = _WORDS[paper]
    return all(f" {each} " in said for each in there) and not any(
        f" {each} " in said for each in missing
    )


def head(session: Session, unit_id: int, on: date) -> Head:
    """Return who speaks on the papers of a unit: its office."""
    office = office_of(places(session), unit_id)
    found = heading(session, office, on)
    if found is None:
        return Head("", "", "")
    return Head(found.superior, found.name, found.place)


def speaking(session: Session, unit_ids: Collection[int], today: date) -> int | None:
    """Return the first of some units that exists on a day: under its head a list is printed."""
    placed = places(session)
    there = (each for each in unit_ids if each in placed and holds(placed[each], today))
    return min(there, default=None)
