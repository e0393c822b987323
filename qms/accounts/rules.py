"""Who may do what: permissions, roles, and how posts grant them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol, TypeVar

from qms.errors import InvalidError
from qms.units.rules import Place, holds, reaches


class Permission(StrEnum):
    """One thing somebody may be allowed to do, as scope.action."""

    ACCOUNT_MANAGE = "account.manage"
    ACTION_ANSWER = "action.answer"
    ACTION_APPROVE = "action.approve"
    ACTION_HAND_ON = "action.hand_on"
    ACTION_RAISE = "action.raise"
    ACTION_READ = "action.read"
    ACTION_VERIFY = "action.verify"
    AUDIT_APPROVE = "audit.approve"
    AUDIT_CONDUCT = "audit.conduct"
    AUDIT_PLAN = "audit.plan"
    AUDIT_READ = "audit.read"
    CALENDAR_CONFIRM = "calendar.confirm"
    CALENDAR_ENTER = "calendar.enter"
    COPY_PRINT = "copy.print"
    DECISION_CONFIRM_GONE = "decision.confirm_gone"
    DECISION_DRAFT = "decision.draft"
    DECISION_READ = "decision.read"
    DECISION_REVIEW = "decision.review"
    DECISION_SIGN = "decision.sign"
    DOCUMENT_READ = "document.read"
    EDITION_CHOOSE = "edition.choose"
    HEADING_CONFIRM = "heading.confirm"
    HEADING_ENTER = "heading.enter"
    NATIONAL_IMPORT = "national.import"
    PLACE_KEEP = "place.keep"
    READING_ASK = "reading.ask"
    READING_WATCH = "reading.watch"
    TRAIL_READ = "trail.read"
    UNIT_MANAGE = "unit.manage"


class Role(StrEnum):
    """What a person is in a unit."""

    ADMINISTRATOR = "administrator"
    SECRETARY = "iso_secretary"
    HEAD = "unit_head"
    LEADER = "leader"
    STAFF = "staff"
    AUDITOR = "auditor"


ROLE_WORDS: Final[Mapping[Role, str]] = {
    Role.ADMINISTRATOR: "Quản trị hệ thống",
    Role.SECRETARY: "Thư ký ISO",
    Role.HEAD: "Trưởng đơn vị",
    Role.LEADER: "Lãnh đạo",
    Role.STAFF: "Chuyên viên",
    Role.AUDITOR: "Đánh giá viên nội bộ",
}

_READS: Final = frozenset({Permission.DOCUMENT_READ, Permission.DECISION_READ})
_FINDS: Final = frozenset({Permission.ACTION_READ, Permission.ACTION_RAISE})

GRANTS: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.ACCOUNT_MANAGE,
            Permission.CALENDAR_ENTER,
            Permission.UNIT_MANAGE,
            Permission.TRAIL_READ,
            Permission.DOCUMENT_READ,
        }
    ),
    Role.SECRETARY: _READS
    | _FINDS
    | {
        Permission.ACTION_ANSWER,
        Permission.ACTION_HAND_ON,
        Permission.ACTION_VERIFY,
        Permission.AUDIT_PLAN,
        Permission.AUDIT_READ,
        Permission.CALENDAR_CONFIRM,
        Permission.CALENDAR_ENTER,
        Permission.COPY_PRINT,
        Permission.DECISION_CONFIRM_GONE,
        Permission.DECISION_DRAFT,
        Permission.EDITION_CHOOSE,
        Permission.HEADING_ENTER,
        Permission.NATIONAL_IMPORT,
        Permission.PLACE_KEEP,
        Permission.READING_ASK,
        Permission.READING_WATCH,
        Permission.TRAIL_READ,
    },
    Role.HEAD: _READS
    | _FINDS
    | {
        Permission.ACTION_ANSWER,
        Permission.AUDIT_READ,
        Permission.CALENDAR_CONFIRM,
        Permission.COPY_PRINT,
        Permission.DECISION_REVIEW,
        Permission.HEADING_CONFIRM,
        Permission.PLACE_KEEP,
        Permission.READING_WATCH,
    },
    Role.LEADER: _READS
    | _FINDS
    | {
        Permission.ACTION_ANSWER,
        Permission.ACTION_APPROVE,
        Permission.AUDIT_APPROVE,
        Permission.AUDIT_READ,
        Permission.CALENDAR_CONFIRM,
        Permission.DECISION_SIGN,
        Permission.HEADING_CONFIRM,
        Permission.READING_WATCH,
        Permission.TRAIL_READ,
    },
    Role.STAFF: _FINDS
    | {Permission.ACTION_ANSWER, Permission.DOCUMENT_READ, Permission.COPY_PRINT},
    Role.AUDITOR: _READS
    | _FINDS
    | {
        Permission.ACTION_VERIFY,
        Permission.AUDIT_CONDUCT,
        Permission.AUDIT_READ,
        Permission.READING_WATCH,
        Permission.TRAIL_READ,
    },
}
"""The one table of permissions."""

PASSWORD_LENGTH: Final = 12
"""Fewest characters of a password; longer words beat odd signs (NIST SP 800-63B-4)."""

PASSWORD_MOST: Final = 128
"""Most characters of a password, so that hashing one stays cheap."""

TOO_COMMON: Final = frozenset(
    {
        "123456789012",
        "1234567890123",
        "abcdefghijkl",
        "abcdef123456",
        "abc123456789",
        "hienhanh2026",
        "iloveyou1234",
        "matkhau12345",
        "matkhau123456",
        "matkhaumoi123",
        "password1234",
        "password12345",
        "qwertyuiop12",
        "uybannhandan",
        "vietnam12345",
        "vietnam123456",
    }
)
"""What people choose when twelve characters are asked for."""

FEWEST_LETTERS: Final = 5
"""Fewest different characters of a password."""

FAILURES_ALLOWED: Final = 5
"""Failed sign-ins before an account has to wait."""

ADDRESS_FAILURES_ALLOWED: Final = 30
"""The same for an address, behind which a whole office may sit."""

WAIT_MINUTES: Final = 15
"""How far back failed sign-ins count, and how long the wait is at most."""

LINK_HOURS: Final = 72
"""How long a one-time link for the first password is good."""


_ACCOUNT: Final = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")


class Held(Protocol):
    """A post as the rules see it."""

    @property
    def role(self) -> Role:
        """What the person is."""

    @property
    def unit_id(self) -> int:
        """Where."""

    @property
    def first_day(self) -> date:
        """The first day of the post."""

    @property
    def last_day(self) -> date | None:
        """The last day of the post."""


P = TypeVar("P", bound=Held)


def posts_for(
    posts: Iterable[P],
    permission: Permission,
    places: Mapping[int, Place],
    unit_id: int,
    on: date,
) -> list[P]:
    """Return those of the posts that allow something in a unit on a day."""
    return [
        post
        for post in posts
        if holds(post, on)
        and permission in GRANTS[post.role]
        and reaches(places, post.unit_id, unit_id)
    ]


def reach(
    posts: Sequence[Held], places: Mapping[int, Place], on: date
) -> dict[Permission, frozenset[int]]:
    """Return the units in which the posts allow each permission on a day."""
    found: dict[Permission, set[int]] = {}
    for post in posts:
        if holds(post, on):
            units = {each for each in places if reaches(places, post.unit_id, each)}
            for permission in GRANTS[post.role]:
                found.setdefault(permission, set()).update(units)
    return {permission: frozenset(units) for permission, units in found.items()}


def since(posts: Iterable[Held], on: date) -> dict[int, date]:
    """Return the units of the posts held on a day, with the first day there."""
    found: dict[int, date] = {}
    for post in posts:
        if holds(post, on):
            found[post.unit_id] = min(post.first_day, found.get(post.unit_id, date.max))
    return found


def granted(posts: Iterable[Held], on: date) -> frozenset[Permission]:
    """Return all that the posts allow anywhere on a day."""
    return frozenset().union(*(GRANTS[post.role] for post in posts if holds(post, on)))


def check_account(account: str) -> None:
    """Refuse an account that not every keyboard can type."""
    if not _ACCOUNT.fullmatch(account):
        raise InvalidError(
            "Tên đăng nhập “%(account)s” chỉ được gồm chữ thường không dấu, số, dấu chấm và"
            " dấu gạch.",
            account=account,
        )


def check_password(password: str, account: str) -> None:
    """Refuse a password that is short or is the account's own name."""
    if len(password) < PASSWORD_LENGTH:
        raise InvalidError(
            "Mật khẩu cần ít nhất %(least)s ký tự; một câu ngắn dễ nhớ là tốt nhất.",
            least=PASSWORD_LENGTH,
        )
    if len(password) > PASSWORD_MOST:
        raise InvalidError("Mật khẩu dài nhất %(most)s ký tự.", most=PASSWORD_MOST)
    if account.lower() in password.lower():
        raise InvalidError("Mật khẩu không được chứa tên đăng nhập.")
    if password.lower() in TOO_COMMON or len(set(password)) < FEWEST_LETTERS:
        raise InvalidError("Mật khẩu này quá dễ đoán; hãy ghép vài từ không liên quan.")


def wait_until(failed: Sequence[datetime], allowed: int) -> datetime | None:
    """Return the instant until which the door stays closed; None while it is open.

    ``failed``: when sign-ins failed lately. So many are ``allowed`` in :data:`WAIT_MINUTES`.
    """
    if len(failed) < allowed:
        return None
    return sorted(failed)[-allowed] + timedelta(minutes=WAIT_MINUTES)


def wait_minutes(until: datetime, now: datetime) -> int:
    """Return how many minutes there are to wait, at least one."""
    return max(1, -(-int((until - now).total_seconds()) // 60))


_BROWSERS: Final = (
    ("coc_coc", "Cốc Cốc"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_MACHINES: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def browser_words(agent: str) -> str:
    """Say in two words what a browser calls itself; nothing where it says nothing we know."""
    found = [
        next((words for sign, words in signs if sign in agent), "")
        for signs in (_BROWSERS, _MACHINES)
    ]
    return ", ".join(filter(None, found))


def follows(posts: Iterable[P], leaving: P, places: Mapping[int, Place], on: date) -> bool:
    """Tell whether an administrator remains for the unit of the post that ends.

    ``posts``: those of other people. Asked for ``on``, the first day without it.
    """
    return any(
        post.role is Role.ADMINISTRATOR
        and holds(post, on)
        and reaches(places, post.unit_id, leaving.unit_id)
        for post in posts
    )
