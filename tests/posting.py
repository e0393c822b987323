"""A province with communes whose procedures come, change and go, one decision in one line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from flask import Flask
from sqlalchemy.orm import Session

from qms import clock
from qms.accounts.rules import Role
from qms.db import transaction
from qms.documents import queries, service, signing
from qms.documents.kinds.fees import Channel, FeeLine, Rate
from qms.documents.kinds.parts import LegalReference
from qms.documents.kinds.procedure import (
    DossierItem,
    LimitUnit,
    Method,
    Procedure,
    TimeLimit,
)
from qms.documents.models import Change
from qms.documents.registering import draft_documents
from qms.documents.rules import RevisionText, Scope
from qms.documents.service import Head, Line
from qms.documents.timeline import Action
from qms.notices import service as notices
from qms.trail import Act
from qms.units import service as units
from qms.units.queries import unit
from qms.units.rules import Level
from tests import factories
from tests.factories import Office
from tests.when import Clock

JULY: Final = date(2026, 7, 1)
"""The day most texts of these tests came into force."""

LATER: Final = date(2026, 9, 1)

THREE: Final = {"phu-tho": "-pt", "song-lo": "", "tan-lap": "-tl"}
"""What follows thuky, truongphong and lanhdao in the accounts of each office."""


def procedure(title: str, topic: str = "Hộ tịch", **changes: object) -> RevisionText:
    """Return the text of a procedure that everybody may read."""
    given = {
        name: changes.pop(name) for name in list(changes) if name in Procedure.model_fields
    }
    content = WHOLE.model_copy(update={"field": topic, **given})
    return RevisionText(title, content, **changes)  # type: ignore[arg-type]


def priced(amount: int, *, first: date | None = None, last: date | None = None) -> FeeLine:
    """Return a fee line of a procedure."""
    return FeeLine(
        name="Lệ phí", rate=Rate.AMOUNT, amount=amount, first_day=first, last_day=last
    )


def directly(*fees: FeeLine, days: int = 3) -> tuple[Method, ...]:
    """Return the one way of a procedure that is handed in at the counter."""
    limit = TimeLimit(count=days, unit=LimitUnit.WORKING_DAY)
    return (Method(channel=Channel.DIRECT, limit=limit, fees=fees),)


WHOLE: Final = Procedure(
    steps="Bước 1: Nộp hồ sơ tại quầy.\nBước 2: Nhận kết quả.",
    methods=directly(priced(8_000)),
    dossier=(
        DossierItem(name="Tờ khai theo mẫu", form="TK-01", originals=1, copies=0),
        DossierItem(name="Thẻ căn cước", shown_only=True),
    ),
    sets=1,
    legal_basis=(LegalReference(name="Luật Hộ tịch", number="60/2014/QH13"),),
)


def place_for(app: Flask, name: str, owner: str = "song-lo") -> str:
    """Return the number of a place of an office as forms have it, opened where it is new."""
    with app.app_context(), transaction() as session:
        by = Act(None, clock.now(), clock.today())
        return str(notices.place_named(session, by, unit(session, owner), name).id)


def world(session: Session) -> Office:
    """Make tỉnh Phú Thọ with two communes, each with those who draft, review and sign."""
    province = factories.unit(session, "phu-tho", "UBND tỉnh Phú Thọ", level=Level.PROVINCE)
    made = {"phu-tho": province}
    for slug, name in (("song-lo", "UBND xã Sông Lô"), ("tan-lap", "UBND xã Tân Lập")):
        made[slug] = factories.unit(session, slug, name, parent=province)
    people = {
        account: factories.user(session, account, made["song-lo"], role).id
        for account, role in factories.SIX.items()
    }
    for slug, mark in THREE.items():
        for account in ("thuky", "truongphong", "lanhdao"):
            if f"{account}{mark}" not in people:
                role = factories.SIX[account]
                added = factories.user(session, f"{account}{mark}", made[slug], role)
                people[added.account] = added.id
    clerk = factories.user(session, "chuyenvien-tl", made["tan-lap"], Role.STAFF)
    people[clerk.account] = clerk.id
    return Office({slug: each.id for slug, each in made.items()}, people)


@dataclass
class Posting:
    """The people of the three offices; each decision is drafted, reviewed and signed at once."""

    app: Flask
    office: Office
    clock: Clock
    signed: int = 0
    changes: dict[tuple[str, str], int] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    def issue(
        self, texts: Mapping[str, RevisionText], on: date = JULY, owner: str = "song-lo"
    ) -> int:
        """Bring new procedures into force; return the number of the decision."""
        return self.decide({c: (Action.ISSUE, t) for c, t in texts.items()}, on, owner)

    def amend(
        self, code: str, text: RevisionText, on: date = LATER, owner: str = "song-lo"
    ) -> int:
        """Bring a new text of a procedure into force."""
        return self.decide({code: (Action.AMEND, text)}, on, owner)

    def withdraw(self, code: str, on: date = LATER, owner: str = "song-lo") -> int:
        """Withdraw a procedure."""
        return self.decide({code: (Action.WITHDRAW, None)}, on, owner)

    def correct(self, code: str, text: RevisionText, owner: str = "song-lo") -> int:
        """Put another text into the place of the last change of a procedure."""
        old = self.changes[owner, code]
        with self.app.app_context(), transaction() as session:
            before = queries.line(session, old)
            action, day = before.action, before.effective_on
        assert day is not None
        return self.decide({code: (action, text)}, day, owner, replaces=old)

    def draft(
        self,
        lines: Mapping[str, tuple[Action, RevisionText | None]],
        owner: str = "song-lo",
        *,
        replaces: int | None = None,
        instead_of: str = "",
    ) -> int:
        """Draft a decision; return its number."""
        with self.app.app_context(), transaction() as session:
            act, owning = self.act("thuky", owner), unit(session, owner)
            head = Head("Về việc công bố thủ tục hành chính")
            decision = service.open_decision(session, act, owning, head)
            for code, (_, text) in lines.items():
                if text is not None:
                    self.kinds[code] = text.content.model_dump()["kind"]
            made = {
                code: draft_documents(
                    session,
                    act,
                    owner=owning,
                    kind=self.kinds.get(code, "procedure"),
                    codes=[code],
                )[code]
                for code in (*lines, *([instead_of] if instead_of else []))
            }
            old = session.get(Change, replaces) if replaces else None
            before = (made[instead_of].id,) if instead_of else ()
            found = service.add_lines(
                session,
                act,
                decision,
                [
                    Line(made[code], action, text, None, old, "bổ sung", kin=before)
                    for code, (action, text) in lines.items()
                ],
            )
            for code, change in zip(lines, found, strict=True):
                self.changes[owner, code] = change.id
            return decision.id

    def sign(self, decision: int, on: date, owner: str = "song-lo") -> int:
        """Let those of the owner review and sign a draft, in force from a day."""
        self.signed += 1
        with self.app.app_context(), transaction() as session:
            act = self.act("truongphong", owner)
            signing.review(session, act, queries.decision(session, decision))
        with self.app.app_context(), transaction() as session:
            act = self.act("lanhdao", owner)
            dated = min(on, act.today)
            paper = signing.Paper(f"{self.signed:02}/QĐ-UBND", on, dated, "nhập bổ sung")
            signing.sign(session, act, queries.decision(session, decision), paper)
        return decision

    def decide(
        self,
        lines: Mapping[str, tuple[Action, RevisionText | None]],
        on: date = JULY,
        owner: str = "song-lo",
        *,
        replaces: int | None = None,
        instead_of: str = "",
    ) -> int:
        """Draft, review and sign a decision."""
        made = self.draft(lines, owner, replaces=replaces, instead_of=instead_of)
        return self.sign(made, on, owner)

    def act(self, account: str, owner: str = "song-lo") -> Act:
        """Let the clock tick and return an act of somebody of an office."""
        self.clock.at += timedelta(seconds=1)
        today = (self.clock.at + timedelta(hours=7)).date()
        return self.office.act(f"{account}{THREE[owner]}", self.clock.at, today)

    def heading(self, slug: str, from_day: date, level: Level, **words: str) -> None:
        """Put other words at the head of a unit's paper from a day on."""
        with self.app.app_context(), transaction() as session:
            where = unit(session, slug)
            by = Act(None, self.act("thuky").at, from_day)
            units.enter_heading(session, by, where, from_day=from_day, level=level, words=words)

    def end(self, slug: str, last_day: date, *successors: str) -> None:
        """End a unit."""
        with self.app.app_context(), transaction() as session:
            others = [unit(session, each) for each in successors]
            by = Act(None, self.act("thuky").at, last_day)
            units.end(session, by, unit(session, slug), last_day=last_day, successors=others)


FOR_COMMUNES: Final = {"scope": Scope.LEVEL, "scope_level": Level.COMMUNE}
"""Says of a text of the province that it holds in every commune."""
