"""Whether a paper still says what is in force: the answer behind ``/k/``."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from qms.documents.comparison import Result, compare
from qms.notices import codes, queries, sheets
from qms.notices.rules import Judgement, Verdict, judge
from qms.notices.sheets import DaySheet, Story


@dataclass(frozen=True)
class Checked:
    """The verdict on a paper, what it was, and what holds instead.

    ``printed`` is the sheet the paper shows, where the timeline still knows it; ``current``
    what holds today, or will.
    """

    judgement: Judgement
    story: Story | None = None
    place: str = ""
    digest: str = ""
    printed: DaySheet | None = None
    current: DaySheet | None = None

    @property
    def verdict(self) -> Verdict:
        """What the check page says first."""
        return self.judgement.verdict


UNKNOWN = Checked(Judgement(Verdict.UNKNOWN))


def check(session: Session, typed: str, today: date) -> Checked:
    """Answer a typed or scanned code."""
    code = codes.decode(typed)
    if isinstance(code, codes.CopyCode):
        copy = queries.copy(session, code.code)
        if copy is None:
            return UNKNOWN
        return _judged(
            session, copy.unit_id, copy.document_id, copy.digest, today, copy.day, copy.place
        )
    if code is None:
        return UNKNOWN
    return _judged(session, code.unit_id, code.document_id, code.prefix, today)


def _judged(
    session: Session,
    unit_id: int,
    document_id: int,
    printed: str,
    today: date,
    day: date | None = None,
    place: str = "",
) -> Checked:
    unit = queries.unit_number(session, unit_id)
    document = queries.document(session, document_id)
    if unit is None or document is None:
        return UNKNOWN
    told = sheets.story(session, unit, document)
    answers = sheets.answers(told)
    judgement = judge(printed, answers, today, day)
    if not any(a.digest and a.digest.startswith(printed) for a in answers):
        earlier = [
            (answer, instant.date())
            for answer, instant in sheets.once_said(told)
            if answer.digest and answer.digest.startswith(printed)
        ]
        if not earlier and not place:
            return UNKNOWN
        if judgement.verdict is Verdict.REPLACED and earlier:
            answer, signed = earlier[-1]
            judgement = Judgement(Verdict.REPLACED, max(answer.first_day, signed))
    shown = next((a for a in answers if a.digest and a.digest.startswith(printed)), None)
    asked = (
        judgement.since if judgement.verdict is Verdict.NOT_YET else max(today, day or today)
    )
    return Checked(
        judgement,
        told,
        place,
        printed,
        sheets.on_day(told, shown.first_day) if shown else None,
        sheets.on_day(told, asked or today) or sheets.on_day(told, today),
    )


def differences(checked: Checked) -> Result | None:
    """Compare what the paper says with what holds; None where either is not known."""
    if checked.printed is None or checked.current is None:
        return None
    return compare(checked.printed.content.sections(), checked.current.content.sections())
