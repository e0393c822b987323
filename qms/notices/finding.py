"""Finding a sheet by what stands in an address: a code, a field."""

from datetime import date

from sqlalchemy.orm import Session

from qms.documents.standing import cover
from qms.errors import NotFoundError
from qms.notices import queries, stories, subjects
from qms.notices.course import Course
from qms.notices.field_lists import ListCourse
from qms.notices.notice_texts import TextCourse
from qms.notices.rules import SheetKind
from qms.notices.sheets import ProcedureCourse
from qms.text import address_word
from qms.units.models import Unit


def of_code(session: Session, unit: Unit, slug: str, on: date) -> Course:
    """Return the course of the procedure with this address word; else of the notice text.

    Raises:
        NotFoundError: neither was or will be there.

    """
    seen = cover(session, unit.id, on) or cover(session, unit.id, unit.first_day)
    if seen and queries.document_on_board(session, seen, slug, on) is None:
        text = queries.document_on_board(session, seen, slug, on, kind="text")
        if text is not None:
            return TextCourse(stories.story(session, unit, text))
    return ProcedureCourse(stories.on_board(session, unit, slug, on))


def text(session: Session, unit: Unit, slug: str, on: date) -> TextCourse:
    """Return the course of the posted text with this address word.

    Raises:
        NotFoundError: none was or will be there.

    """
    seen = cover(session, unit.id, on) or cover(session, unit.id, unit.first_day)
    found = queries.document_on_board(session, seen, slug, on, kind="text") if seen else None
    if found is None:
        raise NotFoundError("Không có văn bản nào mang mã “%(code)s” ở đây.", code=slug)
    return TextCourse(stories.story(session, unit, found))


def field(session: Session, unit: Unit, slug: str, on: date) -> ListCourse:
    """Return the course of the list of a field; of fields that look alike the one of that day.

    Raises:
        NotFoundError: no procedure here ever had such a field.

    """
    every = subjects.of_marks(session, unit.id)
    lists = [e for e in every if e.kind is SheetKind.LIST and address_word(e.topic) == slug]
    known = subjects.courses(session, sorted(lists, key=lambda each: each.topic))
    found = [each for each in known.values() if isinstance(each, ListCourse)]
    standing = [each for each in found if each.on_day(on)]
    if not found:
        raise NotFoundError("Không có lĩnh vực nào như vậy ở đây.")
    return (standing or found)[0]
