"""Drafting, reviewing and signing in one line each, for tests of what follows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from flask import Flask
from sqlalchemy.orm import Session

from qms.db import db, transaction
from qms.documents import impact, queries, service, signing
from qms.documents.kinds.text import Genre, WrittenText
from qms.documents.models import Change, Decision
from qms.documents.registering import draft_documents
from qms.documents.rules import Audience, RevisionText
from qms.documents.service import Head, Line
from qms.documents.timeline import Action
from qms.trail import Act
from qms.units.queries import unit
from tests.factories import Office, document_by_code
from tests.when import MONDAY, Clock

CODE = "QT-01"


def after(days: int) -> date:
    """Return a day counted from the Monday the tests live on."""
    return MONDAY + timedelta(days=days)


def text(title: str = "Kiểm soát tài liệu", body: str = "Một.") -> RevisionText:
    """Return a text of the office."""
    return RevisionText(title, WrittenText(genre=Genre.PROCEDURE, body=body))


def internal(title: str) -> RevisionText:
    """Return a text the public never sees."""
    content = WrittenText(genre=Genre.INSTRUCTION, body="Mật.")
    return RevisionText(title, content, audience=Audience.INTERNAL)


def matter_of(session: Session, decision: int) -> impact.Matter:
    """Return what a decision is about, as its page asks."""
    found = queries.decision(session, decision)
    return impact.matter(session, found, impact.changed_by(session, decision), MONDAY)


@dataclass
class Deciding:
    """People of xã Sông Lô at work; each act is a transaction of its own."""

    app: Flask
    office: Office
    clock: Clock
    numbers: list[str] = field(default_factory=list)

    def act(self, account: str) -> Act:
        """Let the clock tick and return an act of somebody."""
        self.clock.at += timedelta(seconds=1)
        local_day = (self.clock.at + timedelta(hours=7)).date()
        return self.office.act(account, self.clock.at, local_day)

    def number(self) -> str:
        """Return a number that no decision bears yet."""
        self.numbers.append(f"{len(self.numbers) + 1:02}/QĐ-UBND")
        return self.numbers[-1]

    def open(self, who: str = "thuky", *, issuer: str = "", reason: str = "") -> int:
        """Open a draft decision."""
        with transaction() as session:
            owner = unit(session, "song-lo")
            head = Head("Về việc ban hành", issuer_name=issuer, reason=reason)
            return service.open_decision(session, self.act(who), owner, head).id

    def add(
        self,
        decision: int,
        action: Action,
        said: RevisionText | None = None,
        *,
        code: str = CODE,
        kind: str = "text",
        who: str = "thuky",
        day: date | None = None,
        replaces: int | None = None,
        reason: str = "",
        kin: tuple[int, ...] = (),
    ) -> int:
        """Put a line into a draft decision; return its number."""
        with transaction() as session:
            act = self.act(who)
            owner = unit(session, "song-lo")
            kind = said.content.model_dump()["kind"] if said else kind
            kept = draft_documents(session, act, owner=owner, kind=kind, codes=[code])
            document = kept[code]
            old = session.get(Change, replaces) if replaces else None
            line = Line(document, action, said, day, old, reason, kin=kin)
            found = queries.decision(session, decision)
            (change,) = service.add_lines(session, act, found, [line])
            return change.id

    def edit(self, line: int, said: RevisionText, *, who: str = "thuky") -> None:
        """Save another text for a line of a draft."""
        with transaction() as session:
            change = queries.line(session, line)
            version = change.revision.version if change.revision else 0
            service.edit_text(session, self.act(who), change, said, version=version)

    def submit(self, decision: int, who: str = "thuky") -> None:
        """Hand a draft over."""
        with transaction() as session:
            signing.submit(session, self.act(who), queries.decision(session, decision))

    def review(self, decision: int, who: str = "truongphong") -> None:
        """Review it."""
        with transaction() as session:
            signing.review(session, self.act(who), queries.decision(session, decision))

    def send_back(self, decision: int, who: str = "truongphong") -> None:
        """Return it to its drafter."""
        with transaction() as session:
            found = queries.decision(session, decision)
            signing.send_back(session, self.act(who), found, reason="Chưa rõ.")

    def sign(
        self,
        decision: int,
        who: str = "lanhdao",
        *,
        on: date = MONDAY,
        number: str = "",
        dated: date | None = None,
        reason: str = "",
        supplement: bool = False,
    ) -> str:
        """Sign it; return its number."""
        given = number or self.number()
        with transaction() as session:
            act = self.act(who)
            paper = signing.Paper(given, on, dated or act.today, reason, supplement=supplement)
            signing.sign(session, act, queries.decision(session, decision), paper)
        return given

    def decide(
        self,
        action: Action,
        said: RevisionText | None = None,
        *,
        on: date = MONDAY,
        code: str = CODE,
        replaces: int | None = None,
        reason: str = "",
    ) -> int:
        """Draft, review and sign a decision of one line; return the line's number."""
        decision = self.open()
        line = self.add(decision, action, said, code=code, replaces=replaces, reason=reason)
        self.review(decision)
        self.sign(decision, on=on, reason=reason)
        return line

    def title_on(self, day: date, code: str = CODE, kind: str = "text") -> str | None:
        """Return the title in force on a day."""
        session = db.session()
        session.rollback()
        owner = unit(session, "song-lo")
        document = document_by_code(session, [owner.id], kind, code)
        found = queries.in_force_id(session, document.id, day) if document else None
        return queries.revision(session, found).title if found else None

    def change(self, number: int) -> Change:
        """Return a line as it is stored."""
        db.session.rollback()
        return queries.line(db.session(), number)

    def decision(self, number: int) -> Decision:
        """Return a decision as it is stored."""
        db.session.rollback()
        return queries.decision(db.session(), number)

    def lines(self, decision: int) -> Sequence[Change]:
        """Return the lines of a decision as they are stored."""
        db.session.rollback()
        return queries.lines(db.session(), decision)
