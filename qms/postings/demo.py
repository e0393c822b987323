"""Places of the demonstration office: some paper on its walls is of yesterday."""

import secrets
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from qms.library.demo import Staff
from qms.library.demo_additions import Addition
from qms.notices import codes, service, subjects
from qms.notices.models import Place
from qms.notices.rules import PlaceKind, SheetKind
from qms.notices.subjects import Subject
from qms.postings import service as postings
from qms.postings.rules import Deed, Wanted
from qms.units.models import Unit

POSTED_ON: Final = date(2026, 1, 15)
"""When the paper that is old by now was hung."""

CIVIL: Final = "Hộ tịch"
COPIES: Final = "Chứng thực"

PLACES: Final = (
    (
        PlaceKind.BOARD,
        "Bảng niêm yết Trung tâm Phục vụ hành chính công",
        "Sảnh tầng 1, bên phải cửa chính.",
        (Wanted(SheetKind.PROCEDURE, CIVIL), Wanted(SheetKind.FEEDBACK)),
    ),
    (
        PlaceKind.COUNTER,
        "Quầy Chứng thực",
        "Quầy số 3.",
        (Wanted(SheetKind.PROCEDURE, COPIES),),
    ),
    (
        PlaceKind.HALL,
        "Nhà văn hóa thôn Đồng Thịnh",
        "Chìa khóa ở nhà trưởng thôn.",
        (Wanted(SheetKind.LIST, CIVIL), Wanted(SheetKind.LIST, COPIES)),
    ),
)


def hang(session: Session, staff: Staff, office: Unit) -> None:
    """Open the places; hang some sheets of the past and some of today."""
    act = staff.drafter
    board, counter, hall = (
        postings.open_place(
            session, act, office, kind=kind, name=name, note=note, first_day=POSTED_ON
        )
        for kind, name, note, _ in PLACES
    )
    for place, (_, _, _, needs) in zip((board, counter, hall), PLACES, strict=True):
        for each in needs:
            postings.ask_for(session, act, place, each)
    past = _of(session, office, POSTED_ON, SheetKind.PROCEDURE)
    _post(session, staff, board, past[CIVIL][:5], POSTED_ON)
    _post(session, staff, counter, past[COPIES][:3], POSTED_ON)
    lists = _of(session, office, act.today, SheetKind.LIST)
    _post(session, staff, hall, [*lists[CIVIL], *lists[COPIES]], act.today)


def _of(session: Session, office: Unit, on: date, kind: SheetKind) -> dict[str, list[Subject]]:
    found: dict[str, list[Subject]] = {CIVIL: [], COPIES: []}
    for subject, _, topic in subjects.on_board(session, office, on):
        if subject.kind is kind and topic in found:
            found[topic].append(subject)
    return found


def _post(
    session: Session, staff: Staff, place: Place, sheets: list[Subject], on: date
) -> None:
    for course in subjects.courses(session, sheets).values():
        random = secrets.token_bytes(codes.COPY_BYTES)
        copy = service.make_copy(
            session, staff.drafter, course, place=place, on=on, random=random
        )
        postings.do(session, staff.drafter, copy, Deed.POSTED, holds=True, day=on)


DEMO: Final[tuple[Addition, ...]] = (("Nơi niêm yết", hang),)
