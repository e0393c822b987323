"""What the papers of findings say: the nonconformity report, the request, the dashboard."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from qms.accounts.queries import names
from qms.actions import causes, letterheads, queries, rules, texts
from qms.actions.causes import Why
from qms.actions.figures import Figures
from qms.actions.letterheads import Paper
from qms.actions.models import Finding, Grading, Handing, Request
from qms.actions.progress import Progress
from qms.actions.queries import Who
from qms.actions.rules import Grade, Source, State
from qms.standards import catalogue
from qms.units.queries import entered_names

GRADE_WORDS: Final = {
    Grade.MAJOR: "Không phù hợp nặng",
    Grade.MINOR: "Không phù hợp nhẹ",
    Grade.REMARK: "Lưu ý",
    Grade.OPPORTUNITY: "Cơ hội cải tiến",
}
SOURCE_WORDS: Final = {
    Source.AUDIT: "Đánh giá nội bộ",
    Source.INSPECTION: "Kiểm tra của tỉnh",
    Source.COMPLAINT: "Phản ánh, kiến nghị, khiếu nại",
    Source.LATE_WORK: "Hồ sơ trễ hạn",
    Source.MANAGEMENT_REVIEW: "Xem xét của lãnh đạo",
    Source.OBSERVATION: "Tự phát hiện",
}


def finding(session: Session, found: Finding, today: date, led: str) -> dict[str, Any]:
    """Return what ``finding.html`` needs."""
    asked = (
        *(found.raised_by, found.answered_by, found.closed_by),
        *(each.by for each in found.changes),
    )
    units = entered_names(session)
    people = names(session, asked)
    return {
        **_paper(session, found.unit_id, Paper.FINDING, today),
        **_finding(session, found, led),
        "signers": [
            ("ĐẠI DIỆN ĐƠN VỊ", people.get(found.answered_by or 0, "")),
            ("NGƯỜI LẬP", people.get(found.raised_by or 0, "")),
        ],
        "files": [each.name for each in queries.files(session, found.id)],
        "requests": [each.code for each in found.requests],
        "answer": found.answer,
        "answered": (people.get(found.answered_by or 0, ""), found.answered_on),
        "closed": (people.get(found.closed_by or 0, ""), found.closed_on),
        "annulled": (found.annulled_on, found.annulled_why),
        "in_words": found.grade not in rules.NEED_REQUEST,
        "changes": [
            (_changed(each, units), each.day, people.get(each.by or 0, ""), each.reason)
            for each in found.changes
        ],
    }


def request(session: Session, found: Request, today: date, led: str) -> dict[str, Any]:
    """Return what ``action_request.html`` needs."""
    people = names(session, queries.people_of(found))
    begun = queries.decisions(session, found)
    carried = next((r for r in found.finding.requests if r.predecessor_id == found.id), None)
    before = next((r for r in found.finding.requests if r.id == found.predecessor_id), None)

    def who(person: int | None, day: date | None) -> tuple[str, date | None]:
        return people.get(person or 0, ""), day

    return {
        **_paper(session, found.unit_id, Paper.REQUEST, today),
        **_finding(session, found.finding, led),
        "request": found.code,
        "before": before.code if before else "",
        "raised": who(found.finding.raised_by, found.raised_on),
        "due": found.due,
        "state": rules.in_sentence(found.state),
        "correction": found.correction,
        "corrected": who(found.corrected_by, found.corrected_on),
        "extent": found.extent,
        "whys": lines_of(causes.whys(found.cause)),
        "analysed": who(found.analysed_by, found.analysed_on),
        "approved": who(found.approved_by, found.approved_on),
        "tasks": [
            {
                "words": each.words,
                "owner": people.get(each.owner_id, ""),
                "due": each.due,
                "done_on": each.done_on,
                "result": each.result,
                "files": [file.name for file in each.files],
                "decision": _decision(begun.get(each.decision_id or 0)),
            }
            for each in found.tasks
            if each.dropped_on is None
        ],
        "extensions": [
            (each.until, each.reason, people.get(each.decided_by or 0, ""))
            for each in found.extensions
            if each.granted
        ],
        "done": who(found.done_by, found.done_on),
        "verified": who(found.verified_by, found.verified_on),
        "verified_words": found.verified_words,
        "effect_due": found.effect_due,
        "effect": who(found.effect_by, found.effect_on),
        "effect_words": found.effect_words,
        "effective": _effective(found.state),
        "carried": carried.code if carried else "",
        "signers": [
            ("ĐẠI DIỆN ĐƠN VỊ", people.get(found.analysed_by or 0, "")),
            ("NGƯỜI KIỂM TRA", people.get(found.effect_by or found.verified_by or 0, "")),
            ("NGƯỜI PHÊ DUYỆT", people.get(found.approved_by or 0, "")),
        ],
    }


def dashboard(
    session: Session, who: Who, found: Figures, progress: Sequence[Progress], today: date
) -> dict[str, object]:
    """Return what ``actions_dashboard.html`` needs."""
    units = entered_names(session)
    first = letterheads.speaking(session, who.units, today)
    speaks = letterheads.Head("", "", "")
    if first is not None:
        speaks = letterheads.head(session, first, today)
    return {
        "office": {"above": speaks.above, "name": speaks.name},
        "place": speaks.place,
        "on": today,
        "programmes": [(units.get(each.owner_id, ""), each) for each in progress],
        "open": found.open,
        "late": found.late,
        "units": [(units.get(u.unit_id, ""), u.open, u.late) for u in found.by_unit],
        "ages": [(age_words(first_day, last), count) for first_day, last, count in found.ages],
        "quarters": [(each.words, each.days, each.closed) for each in found.quarters],
        "recurring": [
            (units.get(each.unit_id, ""), each.clause, each.count, each.last_on)
            for each in found.recurring
        ],
    }


def age_words(first: int, last: int | None) -> str:
    """Say how old requests of a part of time are."""
    return f"trên {first - 1} ngày" if last is None else f"{first}–{last} ngày"


def _changed(change: Grading | Handing, units: Mapping[int, str]) -> str:
    if isinstance(change, Grading):
        was, now = GRADE_WORDS[Grade(change.was)], GRADE_WORDS[change.grade]
        return f"Đổi mức từ {was.lower()} sang {now.lower()}"
    return f"Chuyển từ {units[change.from_id]} sang {units[change.to_id]}"


def lines_of(found: tuple[Why, ...], depth: int = 0) -> list[tuple[int, str, bool]]:
    """Return a cause map line by line: how deep, the words, and whether it is a root."""
    return [
        line
        for each in found
        for line in (
            (depth, each.words, not each.behind),
            *lines_of(each.behind, depth + 1),
        )
    ]


def _paper(session: Session, unit_id: int, paper: Paper, today: date) -> dict[str, object]:
    speaks = letterheads.head(session, unit_id, today)
    form = letterheads.form_of(session, unit_id, paper, today)
    return {
        "office": {"above": speaks.above, "name": speaks.name},
        "place": speaks.place,
        "on": today,
        "form": {
            "title": form.title,
            "code": form.code,
            "numbers": form.numbers,
            "first_day": form.first_day,
        },
    }


def _finding(session: Session, found: Finding, led: str) -> dict[str, object]:
    text = texts.texts(session, [found.revision_id]).get(found.revision_id or 0)
    clause = catalogue.clause(found.edition, found.clause)
    return {
        "code": found.code,
        "unit": entered_names(session).get(found.unit_id, ""),
        "source": SOURCE_WORDS[found.source],
        "source_ref": led,
        "grade": GRADE_WORDS[found.grade],
        "grades": [(words, each is found.grade) for each, words in GRADE_WORDS.items()],
        "clause": f"{clause.number} {clause.title}",
        "edition": catalogue.edition(found.edition).name,
        "document": _document(text),
        "text": found.text,
        "evidence": found.evidence,
        "found_on": found.raised_on,
    }


def _document(text: texts.Text | None) -> str:
    if text is None:
        return ""
    return f"{text.code} – {text.title} (lần {text.issue_no:02}/{text.amendment_no:02})"


def _decision(found: Any) -> Mapping[str, object] | None:  # noqa: ANN401 - a decision or none
    if found is None:
        return None
    return {"number": found.number or "", "effective_on": found.effective_on}


def _effective(state: State) -> str:
    if state is State.CLOSED:
        return "yes"
    return "no" if state is State.CARRIED_ON else ""
