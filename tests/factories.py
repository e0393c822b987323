"""An office with six people, and a second office beside it, as tests need them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Final

import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from qms import keys
from qms.accounts import service
from qms.accounts.models import User
from qms.accounts.rules import Role
from qms.app import create_app
from qms.documents import queries, registering, signing
from qms.documents import service as documents
from qms.documents.kinds.text import Genre, WrittenText
from qms.documents.models import Decision, Document
from qms.documents.rules import RevisionText
from qms.documents.timeline import Action
from qms.text import nfc
from qms.trail import Act
from qms.units import service as units
from qms.units.models import Unit
from qms.units.queries import unit as unit_of
from qms.units.rules import Level

FOUNDED: Final = date(2025, 7, 1)
INSTALLED: Final = datetime(2025, 7, 1, 1, 0, tzinfo=UTC)
PASSWORD: Final = "trời xanh mây trắng"  # opens nothing but a test

SIX: Final[Mapping[str, Role]] = {
    "quantri": Role.ADMINISTRATOR,
    "thuky": Role.SECRETARY,
    "truongphong": Role.HEAD,
    "lanhdao": Role.LEADER,
    "chuyenvien": Role.STAFF,
    "danhgia": Role.AUDITOR,
}
NAMES: Final = {
    "quantri": "Lê Quang Trị",
    "thuky": "Nguyễn Thị Hạnh",
    "truongphong": "Trần Văn Quyết",
    "lanhdao": "Phạm Minh Đức",
    "chuyenvien": "Đỗ Thu Hà",
    "danhgia": "Bùi Ngọc Ánh",
}


@dataclass(frozen=True)
class Office:
    """Numbers of what was made: units by address word, people by account."""

    units: Mapping[str, int]
    people: Mapping[str, int]

    def act(self, account: str, at: datetime, today: date) -> Act:
        """Return an act of one of the people."""
        return Act(self.people[account], at=at, today=today)


def application(url: str, data: Path) -> Flask:
    """Make the application over a database and a folder, with keys of its own."""
    for key in ("secret.key", "trail.key"):
        keys.make(data / "keys" / key)
    app = create_app(
        {
            "TESTING": True,
            "DATA_DIR": str(data),
            "DATABASE_URL": url,
            "WTF_CSRF_ENABLED": False,  # journeys in a real browser carry tokens
        }
    )
    app.jinja_env.bytecode_cache = _TEMPLATES
    return app


class Compiled(BytecodeCache):
    """Templates compiled by one application of the tests, for all that follow."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


_TEMPLATES: Final = Compiled()


class KnownRule(Rule):
    """A route that one application of the tests has compiled for all that follow."""

    known: ClassVar[dict[tuple[str, ...], Any]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Any:  # noqa: ANN401, FBT001, FBT002 - as werkzeug has it
        key = (self.rule, str(self.endpoint), str(self.defaults), str(append_unknown))
        if key not in self.known:
            self.known[key] = super()._compile_builder(append_unknown)
        return self.known[key]


Flask.url_rule_class = KnownRule


def installation() -> Act:
    """Return the act of the installation itself, before there are people."""
    return Act(None, INSTALLED, FOUNDED)


@cache
def password_hash() -> str:
    """Hash the one password of all test people so that it is proved quickly; ours is slow."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(nfc(PASSWORD))


def unit(
    session: Session,
    slug: str,
    name: str,
    *,
    parent: Unit | None = None,
    office: bool = True,
    level: Level = Level.COMMUNE,
) -> Unit:
    """Make a unit with a name that stands at once."""
    made = units.found(
        session, installation(), slug=slug, first_day=FOUNDED, parent=parent, office=office
    )
    units.enter_heading(
        session, installation(), made, from_day=FOUNDED, level=level, words={"name": name}
    )
    return made


def user(session: Session, account: str, where: Unit, role: Role, *, name: str = "") -> User:
    """Make a person with one post and the password of all test people."""
    made = service.add(session, installation(), account=account, name=name or account)
    service.give_post(session, installation(), made, where, role, first_day=FOUNDED)
    made.password_hash = password_hash()
    session.flush()
    return made


def office(session: Session) -> Office:
    """Make xã Sông Lô with a department and six people, and xã Tân Lập with two."""
    commune = unit(session, "song-lo", "UBND xã Sông Lô")
    rooms = unit(session, "tu-phap", "Tư pháp", parent=commune, office=False, level=Level.INNER)
    other = unit(session, "tan-lap", "UBND xã Tân Lập")
    people = {
        account: user(session, account, commune, role, name=NAMES[account]).id
        for account, role in SIX.items()
    }
    people["quantri-tl"] = user(session, "quantri-tl", other, Role.ADMINISTRATOR).id
    people["thuky-tl"] = user(session, "thuky-tl", other, Role.SECRETARY).id
    return Office({each.slug: each.id for each in (commune, rooms, other)}, people)


def draft(
    session: Session, where: Office, code: str, at: datetime, day: date, title: str = ""
) -> Decision:
    """Make a draft of the secretary that issues one text."""
    by = where.act("thuky", at, day)
    owner = unit_of(session, "song-lo")
    head = documents.Head(title or f"Ban hành {code}", effective_on=day)
    made = documents.open_decision(session, by, owner, head)
    document = registering.create_document(session, by, owner=owner, kind="text", code=code)
    words = WrittenText(genre=Genre.PROCEDURE, body="## 1. Mục đích\nGiữ tài liệu đúng.")
    text = RevisionText("Kiểm soát tài liệu", words)
    documents.add_lines(session, by, made, [documents.Line(document, Action.ISSUE, text)])
    return made


def sign(session: Session, where: Office, decision: Decision, at: datetime, day: date) -> None:
    """Let a draft be reviewed and signed by those who may, in force from the day."""
    loaded = queries.decision(session, decision.id)
    signing.review(session, where.act("truongphong", at, day), loaded)
    paper = signing.Paper(f"{decision.id}/QĐ-UBND", day, day)
    signing.sign(session, where.act("lanhdao", at, day), loaded, paper)


def document_by_code(
    session: Session, owner_ids: Collection[int], kind: str, code: str
) -> Document | None:
    """Return the document of one of the owners with this kind and code."""
    query = sa.select(Document).where(
        Document.owner_id.in_(owner_ids), Document.kind == kind, Document.code == code
    )
    return session.scalar(query.order_by(Document.id).limit(1))
