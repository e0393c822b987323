"""What one printed notice tells its reader, and whether a paper still tells it.

A sheet's digest covers all the reader is told (texts, fee lines of the day, heading, feedback
block, decision, first day in force), but neither the day asked nor the print nor the layout.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from qms.digests import canonical, digest


class SheetKind(StrEnum):
    """What a sheet is: one procedure, the list of a field, the fee table, a notice text."""

    PROCEDURE = "procedure"
    LIST = "list"
    FEES = "fees"
    FEEDBACK = "feedback"
    TEXT = "text"


@dataclass(frozen=True)
class Subject:
    """What a sheet is about: a document of a unit, a field of it, or the unit itself."""

    unit_id: int
    kind: SheetKind
    document_id: int | None = None
    topic: str = ""


class Cause(StrEnum):
    """What made a paper old."""

    DECISION = "decision"
    HEADING = "heading"
    FEES = "fees"
    FORM = "form"
    UNIT = "unit"


BOARD_KINDS: Final = ("procedure", "fee", "form")
"""Kinds of documents that a board tells the public: procedures, and what goes with them."""

LATELY: Final = 45
"""Days back that a change on a board counts as new."""


class PlaceKind(StrEnum):
    """What a place is where sheets hang or lie."""

    BOARD = "board"
    COUNTER = "counter"
    HALL = "hall"
    FOLDER = "folder"


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
    old paper stays computable. ``fees`` are the lines of fee schedules that answer on the day,
    told in place of the catalogue's; ``forms`` those in force: code, title, digest of the file.
    """

    unit: str
    heading: Heading
    feedback: str
    code: str
    title: str
    text: Mapping[str, object]
    decision: DecisionRef
    first_day: date
    fees: tuple[Mapping[str, object], ...] = ()
    forms: tuple[Mapping[str, str], ...] = ()

    @property
    def told(self) -> tuple[object, ...]:
        """What it tells of the procedure itself, whoever speaks."""
        return self.text, self.fees, self.forms


NOT_TOLD: Final = frozenset({"procedure", "units", "picked_by", "mark", "source"})
"""Parts of a fee line that only the office needs."""


def fee_told(line: Mapping[str, object]) -> dict[str, object]:
    """Return what a notice tells of a line of a fee schedule."""
    return {name: value for name, value in line.items() if name not in NOT_TOLD}


def holds_on(line: Mapping[str, Any], on: date) -> bool:
    """Tell whether a fee line's own days, as they stand in JSON, include a day."""
    day = on.isoformat()
    return bool((line["first_day"] or day) <= day <= (line["last_day"] or day))


def without_fees(text: Mapping[str, object]) -> dict[str, object]:
    """Return a procedure's JSON without its own fee lines: a fee schedule answers instead."""
    methods = text.get("methods")
    if not isinstance(methods, Sequence) or isinstance(methods, str):
        return dict(text)
    return {**text, "methods": [{**method, "fees": []} for method in methods]}


def text_of_day(text: Mapping[str, object], on: date) -> dict[str, object]:
    """Return a procedure's signed JSON without the fee lines that do not hold on ``on``."""
    methods = text.get("methods")
    if not isinstance(methods, Sequence) or isinstance(methods, str):
        return dict(text)
    return {**text, "methods": [_method_of_day(method, on) for method in methods]}


def days_of_change(text: Mapping[str, object]) -> list[date]:
    """Return the days on which fee lines inside a procedure's JSON begin to hold or cease."""
    methods = text.get("methods")
    found = methods if isinstance(methods, Sequence) else ()
    return lines_change([line for method in found for line in method["fees"]])


def lines_change(lines: Sequence[Mapping[str, Any]]) -> list[date]:
    """Return the days on which fee lines, as they stand in JSON, begin to hold or cease."""
    found: set[date] = set()
    for line in lines:
        if line["first_day"]:
            found.add(date.fromisoformat(line["first_day"]))
        if line["last_day"]:
            last = date.fromisoformat(line["last_day"])
            found |= {last + timedelta(days=1)} if last < date.max else set()
    return sorted(found)


def sheet_digests(sheet: Sheet) -> dict[int, str]:
    """Return by scheme the SHA-256 of all the sheet tells, in hexadecimal."""
    return {scheme: digest(canonical(words(sheet))) for scheme, words in SCHEMES.items()}


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
        **({"fees": list(sheet.fees)} if sheet.fees else {}),
        **({"forms": list(sheet.forms)} if sheet.forms else {}),
    }


SCHEMES: Final[Mapping[int, Callable[[Sheet], dict[str, object]]]] = {1: _scheme_1}
"""How a sheet is put into words before hashing. A scheme once printed stays for ever.

Sheets are printed in the highest; a paper is held to the one it was printed in.
"""


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
    """From ``first_day`` on the sheet has these digests by scheme; none: nothing holds."""

    first_day: date
    digests: Mapping[int, str]


@dataclass(frozen=True)
class Printed:
    """What a paper shows of its sheet: the digest, or the start of it.

    A copy is known with its scheme and the day it was made for; a print for everybody may be
    of any scheme.
    """

    digest: str
    scheme: int | None = None
    day: date | None = None

    def says(self, answer: Answer) -> bool:
        """Tell whether the paper says the same."""
        return bool(self.digest) and any(
            each.startswith(self.digest)
            for scheme, each in answer.digests.items()
            if self.scheme in {None, scheme}
        )


@dataclass(frozen=True)
class Judgement:
    """The verdict, and since when it is so.

    ``since`` is the first day the paper holds (in force, not yet) or the first day it no
    longer does (replaced, withdrawn); None where no day can be named. ``then`` is what follows
    for a paper in force, where that is signed.
    """

    verdict: Verdict
    since: date | None = None
    then: "Judgement | None" = None


def judge(printed: Printed, answers: Sequence[Answer] | None, today: date) -> Judgement:
    """Compare a paper with what the same sheet says over time.

    ``answers`` are in the order of their days, one a day; None where they cannot be had.
    """
    if answers is None:
        return Judgement(Verdict.CANNOT_CHECK)
    asked = max(today, printed.day or today)
    now, then = _index_on(answers, today), _index_on(answers, asked)
    if now is not None and printed.says(answers[now]):
        since = _start_of_run(answers, now, printed)
        return Judgement(Verdict.IN_FORCE, since, _end_of_run(answers, now, printed))
    if then is not None and printed.says(answers[then]):
        return Judgement(Verdict.NOT_YET, _start_of_run(answers, then, printed))
    past = [i for i, a in enumerate(answers) if a.first_day <= today and printed.says(a)]
    if past and now is not None:
        return _no_longer(answers[now], answers[past[-1] + 1].first_day)
    to_come = [a for a in answers if a.first_day > today and printed.says(a)]
    if to_come:
        return Judgement(Verdict.NOT_YET, to_come[0].first_day)
    if then is None:
        return Judgement(Verdict.UNKNOWN)
    return _no_longer(answers[then], printed.day)


def _no_longer(current: Answer, since: date | None) -> Judgement:
    if not current.digests:
        return Judgement(Verdict.WITHDRAWN, current.first_day)
    return Judgement(Verdict.REPLACED, since)


def _index_on(answers: Sequence[Answer], on: date) -> int | None:
    found = [i for i, answer in enumerate(answers) if answer.first_day <= on]
    return found[-1] if found else None


def _start_of_run(answers: Sequence[Answer], index: int, printed: Printed) -> date:
    while index and printed.says(answers[index - 1]):
        index -= 1
    return answers[index].first_day


def _end_of_run(answers: Sequence[Answer], index: int, printed: Printed) -> Judgement | None:
    end = next((a for a in answers[index + 1 :] if not printed.says(a)), None)
    return _no_longer(end, end.first_day) if end else None


def _method_of_day(method: Mapping[str, object], on: date) -> dict[str, object]:
    fees = method.get("fees")
    if not isinstance(fees, Sequence):
        return dict(method)
    return {**method, "fees": [line for line in fees if holds_on(line, on)]}
