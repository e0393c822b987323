"""What one printed notice tells its reader, and whether a paper still tells it.

A sheet's digest covers all the reader is told (texts, fee lines of the day, heading, feedback
block, decision, first day in force), but neither the day asked nor the print nor the layout.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from qms.digests import canonical, digest

SCHEME: Final = 1
"""The scheme in which sheets are printed today."""


@dataclass(frozen=True)
class Heading:
    """Who speaks on the sheet; empty words where the office has not said."""

    name: str
    superior: str = ""
    seat: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""


@dataclass(frozen=True)
class DecisionRef:
    """The decision that took the text into force."""

    number: str
    dated: date
    issuer: str
    title: str


@dataclass(frozen=True)
class Sheet:
    """One notice of a procedure for a unit, as it holds from ``first_day``.

    ``text`` is the JSON of the content exactly as it was signed, with the fee lines of the
    day only (see :func:`text_of_day`): never a newer reading of it, so that the digest of an
    old paper stays computable.
    """

    unit: str
    heading: Heading
    feedback: str
    code: str
    title: str
    text: Mapping[str, object]
    decision: DecisionRef
    first_day: date


def text_of_day(text: Mapping[str, object], on: date) -> dict[str, object]:
    """Return a procedure's signed JSON without the fee lines that do not hold on ``on``."""
    methods = text.get("methods")
    if not isinstance(methods, Sequence) or isinstance(methods, str):
        return dict(text)
    return {**text, "methods": [_method_of_day(method, on) for method in methods]}


def days_of_change(text: Mapping[str, object]) -> list[date]:
    """Return the days on which fee lines inside a procedure's JSON begin to hold or cease."""
    found: set[date] = set()
    methods = text.get("methods")
    for method in methods if isinstance(methods, Sequence) else ():
        for line in method["fees"]:
            if line["first_day"]:
                found.add(date.fromisoformat(line["first_day"]))
            if line["last_day"]:
                last = date.fromisoformat(line["last_day"])
                found.add(date.fromordinal(last.toordinal() + 1))
    return sorted(found)


def sheet_digest(sheet: Sheet, scheme: int = SCHEME) -> str:
    """Return the SHA-256 of all the sheet tells, in hexadecimal, after ``scheme``.

    Raises:
        KeyError: there is no such scheme.

    """
    return digest(canonical(SCHEMES[scheme](sheet)))


def _scheme_1(sheet: Sheet) -> dict[str, object]:
    decision = sheet.decision
    return {
        "scheme": 1,
        "sheet": "procedure",
        "unit": sheet.unit,
        "heading": asdict(sheet.heading),
        "feedback": sheet.feedback,
        "code": sheet.code,
        "title": sheet.title,
        "text": sheet.text,
        "decision": {
            "number": decision.number,
            "dated": decision.dated.isoformat(),
            "issuer": decision.issuer,
            "title": decision.title,
        },
        "first_day": sheet.first_day.isoformat(),
    }


SCHEMES: Final[Mapping[int, Callable[[Sheet], dict[str, object]]]] = {1: _scheme_1}
"""How a sheet is put into words before hashing. A scheme once printed stays for ever."""


class Verdict(StrEnum):
    """What ``/k/`` answers about a paper."""

    IN_FORCE = "in_force"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    NOT_YET = "not_yet"
    UNKNOWN = "unknown"
    CANNOT_CHECK = "cannot_check"


@dataclass(frozen=True)
class Answer:
    """From ``first_day`` on the sheet has this digest; None: nothing is in force."""

    first_day: date
    digest: str | None


@dataclass(frozen=True)
class Judgement:
    """The verdict, and since when it is so.

    ``since`` is the first day the paper holds (in force, not yet) or the first day it no
    longer does (replaced, withdrawn); None where no day can be named.
    """

    verdict: Verdict
    since: date | None = None


def judge(
    printed: str, answers: Sequence[Answer] | None, today: date, printed_for: date | None = None
) -> Judgement:
    """Compare a printed digest, or the start of it, with what the same sheet says over time.

    ``answers`` are in the order of their days, one a day; None where they cannot be had.
    ``printed_for`` is the day a copy was made for, where the paper is a copy.
    """
    if answers is None:
        return Judgement(Verdict.CANNOT_CHECK)
    asked = max(today, printed_for or today)
    now, then = _index_on(answers, today), _index_on(answers, asked)
    if now is not None and _says(answers[now], printed):
        return Judgement(Verdict.IN_FORCE, _start_of_run(answers, now, printed))
    if then is not None and _says(answers[then], printed):
        return Judgement(Verdict.NOT_YET, _start_of_run(answers, then, printed))
    past = [i for i, a in enumerate(answers) if a.first_day <= today and _says(a, printed)]
    if past and now is not None:
        return _no_longer(answers[now], answers[past[-1] + 1].first_day)
    to_come = [a for a in answers if a.first_day > today and _says(a, printed)]
    if to_come:
        return Judgement(Verdict.NOT_YET, to_come[0].first_day)
    if then is None:
        return Judgement(Verdict.UNKNOWN)
    return _no_longer(answers[then], printed_for)


def _no_longer(current: Answer, since: date | None) -> Judgement:
    if current.digest is None:
        return Judgement(Verdict.WITHDRAWN, current.first_day)
    return Judgement(Verdict.REPLACED, since)


def _index_on(answers: Sequence[Answer], on: date) -> int | None:
    found = [i for i, answer in enumerate(answers) if answer.first_day <= on]
    return found[-1] if found else None


def _start_of_run(answers: Sequence[Answer], index: int, printed: str) -> date:
    while index and _says(answers[index - 1], printed):
        index -= 1
    return answers[index].first_day


def _says(answer: Answer, printed: str) -> bool:
    return answer.digest is not None and bool(printed) and answer.digest.startswith(printed)


def _method_of_day(method: Mapping[str, object], on: date) -> dict[str, object]:
    fees = method.get("fees")
    if not isinstance(fees, Sequence):
        return dict(method)
    day = on.isoformat()
    kept = [
        line for line in fees if (line["first_day"] or day) <= day <= (line["last_day"] or day)
    ]
    return {**method, "fees": kept}
