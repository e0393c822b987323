"""What the papers of places say: the walk, the posting notice, the certificate of posting."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime

from qms.notices import checking
from qms.notices.models import Copy
from qms.notices.queries import Office
from qms.notices.subjects import Course, Subject
from qms.postings.queries import Hanging, Walk
from qms.postings.rules import Step, Stretch
from qms.postings.walking import Reason
from qms.text import fold
from qms.vietnamese import day as said_day


def walk_data(
    office: Office, walk: Walk, reasons: Mapping[Subject, Reason], at: datetime
) -> dict[str, object]:
    """Return what ``walk_list.html`` needs."""
    places = [
        {
            "name": spot.place.name,
            "note": spot.place.note,
            "rows": [
                {
                    "code": walk.courses[task.sheet].code_words,
                    "name": walk.courses[task.sheet].name,
                    "why": why(reasons.get(task.sheet)),
                    "old": [each.code for each in task.old if each.hangs],
                    "lost": task.lost,
                    "new": task.new.code if task.new else "",
                    "wanted": task.stands,
                    "takes": Step.TAKE_DOWN in task.steps,
                }
                for task in spot.tasks
                if not task.done
            ],
        }
        for spot in walk.spots
        if spot.left
    ]
    return {
        "office": head(office),
        "on": walk.day,
        "printed": f"{at:%H:%M} {said_day(at.date())}",
        "places": places,
        "total": walk.left,
    }


def why(reason: Reason | None) -> str:
    """Say why a sheet is due, as paper says it."""
    if reason is None:
        return ""
    since = f" từ {said_day(reason.since)}" if reason.since else ""
    if reason.gone:
        return f"Không còn áp dụng{since}"
    parts = f": {', '.join(reason.parts)}" if reason.parts else ""
    return f"Đổi nội dung{since}{parts}"


def head(office: Office) -> dict[str, object]:
    """Return who speaks on a paper."""
    return {**asdict(office), "above": office.superior, "name": office.name}


def body_mark(name: str) -> str:
    """Return what follows the kind of a paper in its number (NĐ 30/2020/NĐ-CP, annex III)."""
    return "-UBND" if fold(name).startswith(("ubnd", "uy ban nhan dan")) else ""


def rows(
    stays: Sequence[Hanging], courses: Mapping[Subject, Course], on: date
) -> list[dict[str, object]]:
    """Return one line for each stay of a copy up to a day, in the order of the sheets."""
    found: list[dict[str, object]] = [
        {
            "code": course.code_words,
            "name": course.name,
            "check": each.copy.code,
            "digest": each.copy.digest,
            "first": each.first.day,
            "last": each.last.day if each.last else None,
            "old": _old_from(course, each.copy, each.last.day if each.last else on),
        }
        for each in stays
        for course in [courses[checking.subject_of(each.copy)]]
    ]
    return sorted(
        found, key=lambda row: (str(row["name"]), str(row["first"]), str(row["check"]))
    )


def _old_from(course: Course, copy: Copy, until: date) -> date | None:
    """Return the first day up to ``until`` on which the sheet said something else than a copy."""
    return next(
        (
            each.first_day
            for each in course.answers()
            if copy.day < each.first_day <= until
            and each.digests.get(copy.scheme) != copy.digest
        ),
        None,
    )


def by_whom(stays: Sequence[Hanging], people: Mapping[int, str]) -> list[tuple[str, str]]:
    """Return who hung and who took down, for the words under the table."""
    posted = {people.get(each.first.done_by or 0, "") for each in stays}
    taken = {people.get(each.last.done_by or 0, "") for each in stays if each.last}
    found = [("Người treo", posted), ("Người gỡ", taken)]
    return [(label, ", ".join(sorted(each - {""}))) for label, each in found if each - {""}]


def gaps(found: Sequence[tuple[Stretch, str, str]]) -> list[str]:
    """Return outages of the web board as a certificate tells them."""
    return [f"từ {first} đến {last} ({stretch.minutes} phút)" for stretch, first, last in found]


def days_between(first: date, last: date) -> int:
    """Return how many days there are, both ends counted."""
    return (last - first).days + 1
