"""How a decision moves, whose eyes it needs, and what its signature covers."""

import calendar
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from qms.digests import canonical, digest
from qms.documents.kinds.base import Content
from qms.errors import InvalidError, NotAllowedError, RefusedError
from qms.text import fold
from qms.units.rules import Level
from qms.vietnamese import day as day_words


class State(StrEnum):
    """Where a decision stands; scheduled, in force and superseded are dates, not states."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    SIGNED = "signed"
    CANCELLED = "cancelled"


class Step(StrEnum):
    """What moves a decision from state to state."""

    SUBMIT = "submit"
    SEND_BACK = "send_back"
    SIGN = "sign"
    ABANDON = "abandon"


NEXT: Final[Mapping[tuple[State, Step], State]] = {
    (State.DRAFT, Step.SUBMIT): State.IN_REVIEW,
    (State.DRAFT, Step.ABANDON): State.CANCELLED,
    (State.IN_REVIEW, Step.SEND_BACK): State.DRAFT,
    (State.IN_REVIEW, Step.SIGN): State.SIGNED,
}
STATE_WORDS: Final[Mapping[State, str]] = {
    State.DRAFT: "dự thảo",
    State.IN_REVIEW: "đang xem xét",
    State.SIGNED: "đã ký",
    State.CANCELLED: "đã bỏ",
}


class Audience(StrEnum):
    """Who may read a text."""

    PUBLIC = "public"
    INTERNAL = "internal"
    RESTRICTED = "restricted"


class Scope(StrEnum):
    """Where a text holds: the owner alone, named units, or all units of a level below."""

    OWNER = "owner"
    UNITS = "units"
    LEVEL = "level"


class Deed(StrEnum):
    """What a person put a name to."""

    DRAFTED = "drafted"
    REVIEWED = "reviewed"
    RETURNED = "returned"
    SIGNED = "signed"
    CONFIRMED = "confirmed"


class SignsFor(StrEnum):
    """In whose name a leader signs. Source: Nghị định 30/2020/NĐ-CP, Phụ lục I."""

    OWN = ""
    ON_BEHALF = "TM."
    FOR_THE_HEAD = "KT."
    BY_ORDER = "TL."
    BY_AUTHORITY = "TUQ."


class OwnIssuerError(InvalidError):
    """The outside body that was named is the office itself."""


@dataclass(frozen=True)
class RevisionText:
    """All that one revision says, before it is one."""

    title: str
    content: Content
    issue_no: int = 1
    amendment_no: int = 0
    scope: Scope = Scope.OWNER
    scope_level: Level | None = None
    scope_units: tuple[str, ...] = ()
    audience: Audience = Audience.PUBLIC
    review_months: int | None = None
    retention: str = ""
    summary: str = ""
    why: str = ""

    def data(self, *, owner: str, kind: str, code: str) -> bytes:
        """Return the canonical bytes of the revision: what a signature covers."""
        return canonical(
            {
                "scheme": 1,
                "owner": owner,
                "kind": kind,
                "code": code,
                "title": self.title,
                "issue_no": self.issue_no,
                "amendment_no": self.amendment_no,
                "scope": self.scope.value,
                "scope_level": self.scope_level.value if self.scope_level else None,
                "scope_units": sorted(self.scope_units),
                "audience": self.audience.value,
                "review_months": self.review_months,
                "retention": self.retention,
                "summary": self.summary,
                "why": self.why,
                "content": self.content.model_dump(mode="json", by_alias=True),
            }
        )


def advance(state: State, step: Step) -> State:
    """Return the state after ``step``, or refuse the step."""
    try:
        return NEXT[state, step]
    except KeyError:
        raise RefusedError(
            "Quyết định %(state)s nên không làm bước này được.", state=STATE_WORDS[state]
        ) from None


def check_text(text: RevisionText) -> None:
    """Refuse a revision that lacks a title or says two things about its scope."""
    if not text.title.strip():
        raise InvalidError("Hãy ghi tên tài liệu.")
    if len(text.title) > TITLE_LENGTH:
        raise InvalidError("Tên tài liệu dài quá %(most)s ký tự.", most=TITLE_LENGTH)
    if (text.scope is Scope.LEVEL) != (text.scope_level is not None):
        raise InvalidError("Phạm vi theo cấp thì phải nêu một cấp.")
    if (text.scope is Scope.UNITS) != bool(text.scope_units):
        raise InvalidError("Phạm vi theo đơn vị thì phải nêu ít nhất một đơn vị.")
    if text.issue_no < 1 or text.amendment_no < 0:
        raise InvalidError("Lần ban hành bắt đầu từ 1, lần sửa đổi bắt đầu từ 0.")


def check_outside(issuer: str, own: Collection[str]) -> None:
    """Refuse an outside issuer that is the office itself: it would be spared its reviewer.

    ``own``: all names of the office and of the units within it; the province after a comma
    makes no other body of it.
    """
    if {_body(issuer), _body(issuer.partition(",")[0])} & set(map(_body, own)):
        raise OwnIssuerError(
            "“%(name)s” chính là cơ quan của đơn vị này. Hãy chọn “Cơ quan của đơn vị này”.",
            name=issuer,
        )


def _body(name: str) -> str:
    """Return the name of a body so that two ways of writing it come out alike."""
    words = f" {fold(name)} ".replace(" ubnd ", " uy ban nhan dan ")
    return words.strip().removeprefix("chu tich ")


def check_reviewer(person: int | None, drafters: Collection[int]) -> None:
    """Refuse a reviewer who drafted, whatever post is used (ISO 9001:2015, 7.5.2 c)."""
    if person is None or person in drafters:
        raise NotAllowedError("Người soạn thảo không xem xét văn bản của chính mình.")


def check_signer(
    person: int | None,
    drafters: Collection[int],
    reviewer: int | None,
    *,
    outside: bool,
    may_review: bool,
) -> None:
    """Refuse a signature that is not another pair of eyes.

    ``outside``: the issuer is another body, and one second person confirms the transcription.
    ``may_review``: the office lets its signer review.
    """
    if person is None or person in drafters:
        raise NotAllowedError("Người soạn thảo không ký văn bản của chính mình.")
    if outside:
        return
    if reviewer is None and not may_review:
        raise RefusedError("Chưa có người xem xét; người ký là người thứ ba.")
    if reviewer == person and not may_review:
        raise NotAllowedError("Người xem xét và người ký phải là hai người.")


def check_days(
    *, effective: date, dated: date, today: date, reason: str, days: Sequence[date]
) -> None:
    """Ask for a reason where a day lies before today or before the day on the paper."""
    if dated > today:
        raise InvalidError("Ngày ký %(day)s chưa đến.", day=day_words(dated))
    if reason.strip():
        return
    early = min((effective, *days))
    if early < today:
        raise RefusedError(
            "Ngày hiệu lực %(day)s đã qua nên phải nêu lý do.", day=day_words(early)
        )


def lines_digest(title: str, issuer: str, lines: Sequence[Mapping[str, object]]) -> str:
    """Return what a reviewer's signature covers: title, issuer and lines."""
    return digest(
        canonical({"scheme": 1, "title": title, "issuer": issuer, "lines": list(lines)})
    )


def signed_digest(
    title: str,
    issuer: str,
    lines: Sequence[Mapping[str, object]],
    *,
    number: str,
    dated: date,
    effective_on: date,
) -> str:
    """Return what the signer's signature covers: also number, date and day."""
    return digest(
        canonical(
            {
                "scheme": 1,
                "title": title,
                "issuer": issuer,
                "lines": list(lines),
                "number": number,
                "dated": dated.isoformat(),
                "effective_on": effective_on.isoformat(),
            }
        )
    )


def number_key(number: str) -> str:
    """Return the number of a decision so that two ways of writing it come out alike."""
    words = re.sub(r"(?<!\d)0+(?=\d)", "", fold(number))
    return re.sub(r"(?<!\d) | (?!\d)", "", words)


def next_numbers(issue_no: int, amendment_no: int, *, whole: bool) -> tuple[int, int]:
    """Return the printed numbers of the next text; a re-issue of the whole resets to 00."""
    return (issue_no + 1, 0) if whole else (issue_no, amendment_no + 1)


TITLE_LENGTH: Final = 2_000
NUMBER_LENGTH: Final = 60
PAST_REASON: Final = "nhập bổ sung"
"""The reason the command line gives for a past day when none is given."""


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later, clipped to the end of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
