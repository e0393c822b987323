"""The real services, driven at random by several people, against a small model of an office.

The model (here and in ``timeline_model``) is written from the design and remembers in plain
Python what people did; after every step the database must tell the same story.
"""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.orm import Session

from qms import clock, trail
from qms.accounts import service as accounts
from qms.accounts.rules import Role
from qms.db import db, transaction
from qms.documents import queries, service, signing
from qms.documents.kinds.procedure import Procedure
from qms.documents.models import Change, Decision, Drafter, Revision
from qms.documents.registering import create_document
from qms.documents.rules import RevisionText
from qms.documents.service import Head, Line
from qms.documents.timeline import Action, in_force, spans
from qms.errors import QmsError
from qms.notices import checking, codes, sheets, stories
from qms.notices.rules import Verdict
from qms.trail import Act, Entry
from qms.units import queries as units
from qms.units import service as unit_service
from qms.units.rules import Level
from tests.timeline_model import Fact, Paper, calendar, may_be_signed, text_on

ZERO = date(2026, 8, 3)
NINE = datetime(2026, 8, 3, 2, 0, tzinfo=UTC)
DAYS = range(-6, 10)
DRAFTS, REVIEWS, SIGNS = "drafts", "reviews", "signs"
PEOPLE = {
    "an": {DRAFTS},
    "binh": {DRAFTS, REVIEWS},
    "chi": {REVIEWS, SIGNS},
    "dung": {SIGNS},
    "em": {DRAFTS, REVIEWS, SIGNS},
}
ROLES = {DRAFTS: Role.SECRETARY, REVIEWS: Role.HEAD, SIGNS: Role.LEADER}
EDGES = {
    ("draft", "in_review"),
    ("draft", "cancelled"),
    ("in_review", "draft"),
    ("in_review", "signed"),
}

people = st.sampled_from(sorted(PEOPLE))
days = st.sampled_from(DAYS)
reasons = st.sampled_from(["", "có lý do"])


@dataclass
class Draft:
    """A decision as the model remembers it."""

    id: int
    creator: str
    outside: bool
    state: str = "draft"
    drafters: set[str] = field(default_factory=set)
    reviewers: set[str] = field(default_factory=set)
    lines: dict[int, Fact] = field(default_factory=dict)
    about: dict[int, int] = field(default_factory=dict)
    base: dict[int, int] = field(default_factory=dict)
    acts: int = 1


class Engine(RuleBasedStateMachine):
    """People of one office do what they like; each example has an office of its own."""

    app: ClassVar[Flask]
    numbers: ClassVar[Iterator[int]]

    def __init__(self) -> None:
        super().__init__()
        self.context = self.app.app_context()
        self.context.push()
        self.today = 0
        self.decisions: dict[int, Draft] = {}
        self.signed: dict[int, list[Fact]] = {}
        self.given: dict[int, list[int]] = {}
        self.rows: dict[int, tuple[Any, ...]] = {}
        self.asked: dict[int, int] = {}
        self.checked: tuple[int, dict[int, int]] | None = None
        self.known: list[tuple[int, int, int, str | None]] = []
        self.used: set[tuple[bool, str]] = set()
        self.papers: list[tuple[str, int, int]] = []
        self.taken_over: set[tuple[int, str, str]] = set()

    def teardown(self) -> None:
        db.session.rollback()
        with self.context.app.app_context():
            self.everything_known_stays_known()
        self.context.pop()

    # What happens around each act.

    def act(self, who: str) -> Act:
        self.at = next(self.numbers)
        return Act(self.ids[who], NINE + timedelta(seconds=self.at), self.on(self.today))

    def on(self, day: int) -> date:
        return ZERO + timedelta(days=day)

    def attempt(self, expected: bool, deed: Callable[[Session], object]) -> bool:  # noqa: FBT001
        """Do something in a transaction; it must end as the model says."""
        refusal = None
        try:
            with transaction() as session:
                deed(session)
        except QmsError as error:
            refusal = error
        assert (refusal is None) == expected, f"expected {expected}: {refusal!r}"
        return refusal is None

    @initialize()
    def set_up(self) -> None:
        system = Act(None, NINE + timedelta(seconds=next(self.numbers)), ZERO)
        self.slug = f"xa-{next(self.numbers)}"
        with transaction() as session:
            unit = unit_service.found(
                session, system, slug=self.slug, first_day=self.on(-400), office=True
            )
            unit_service.enter_heading(
                session,
                system,
                unit,
                from_day=self.on(-400),
                level=Level.COMMUNE,
                words={"name": "UBND xã"},
            )
            self.unit_id, self.ids = unit.id, {}
            for name, may in PEOPLE.items():
                account = f"{name}-{self.slug}"
                person = accounts.add(session, system, account=account, name=name)
                self.ids[name] = person.id
                for each in sorted(may):
                    accounts.give_post(
                        session, system, person, unit, ROLES[each], first_day=self.on(-400)
                    )
            drafter = replace(system, actor=self.ids["an"])
            for code in ("1.000001", "1.000002"):
                document = create_document(
                    session, drafter, owner=unit, kind="procedure", code=code
                )
                self.signed[document.id], self.given[document.id] = [], []

    # Drafting.

    @rule(who=people, outside=st.booleans())
    def opens(self, who: str, outside: bool) -> None:  # noqa: FBT001
        self.open(who, outside=outside)

    def open(self, who: str, *, outside: bool) -> Draft | None:
        made: list[int] = []

        def deed(session: Session) -> None:
            head = Head("Về việc công bố", issuer_name="UBND tỉnh" if outside else "")
            unit = units.unit_by_id(session, self.unit_id)
            made.append(service.open_decision(session, self.act(who), unit, head).id)

        if not self.attempt(DRAFTS in PEOPLE[who], deed):
            return None
        self.decisions[made[0]] = Draft(made[0], who, outside, drafters={who})
        return self.decisions[made[0]]

    @precondition(lambda self: self.decisions)
    @rule(data=st.data(), who=people, reason=reasons)
    def adds_a_line(self, data: st.DataObject, who: str, reason: str) -> None:
        draft, document = self.pick(data), data.draw(st.sampled_from(sorted(self.signed)))
        signed = self.signed[document]
        old = data.draw(st.none() | st.sampled_from(signed)) if signed else None
        action = data.draw(st.sampled_from([each.value for each in Action]))
        if old is not None and action != "cancel" and data.draw(st.booleans()):
            action = old.action
        day = data.draw(st.none() | days)
        if old is not None and data.draw(st.booleans()):
            day = old.day
        same = data.draw(st.booleans())
        self.add(
            draft,
            who,
            document,
            Fact(0, action, day, "", old.id if old else None, reason),
            same=same,
        )

    def add(self, draft: Draft, who: str, document: int, wanted: Fact, *, same: bool) -> None:
        """Put a line into a draft; ``same``: a move that keeps the signed text."""
        facts = {fact.id: fact for fact in self.signed[document]}
        old = facts.get(wanted.replaces or 0)
        with_text = wanted.action in {"issue", "amend"}
        keeps = bool(with_text and same and old and old.text)
        made: list[tuple[int, int | None]] = []

        def deed(session: Session) -> None:
            line = Line(
                queries.document(session, document),
                Action(wanted.action),
                self.text() if with_text and not keeps else None,
                None if wanted.day is None else self.on(wanted.day),
                session.get(Change, old.id) if old else None,
                wanted.reason,
            )
            decision = queries.decision(session, draft.id)
            (change,) = service.add_lines(session, self.act(who), decision, [line])
            made.append((change.id, change.revision_id))

        may = draft.state == "draft" and DRAFTS in PEOPLE[who]
        if self.attempt(may and not (wanted.action == "cancel" and old is None), deed):
            ((number, revision),) = made
            day = None if wanted.action == "cancel" else wanted.day
            text = str(revision) if revision else None
            draft.lines[number] = replace(wanted, id=number, day=day, text=text)
            draft.about[number], draft.base[number] = document, len(facts)
            self.edited(draft, who)

    @rule(data=st.data(), day=days, document=st.integers(0, 1), reason=reasons)
    def decides(self, data: st.DataObject, day: int, document: int, reason: str) -> None:
        """Go the whole way at once with a line that has a chance, so that histories grow."""
        about = sorted(self.signed)[document]
        facts, draft = self.signed[about], self.open("an", outside=False)
        assert draft is not None
        coming = [each for at, each in calendar(facts).items() if at > self.today]
        for old in coming:
            again = data.draw(st.sampled_from(["cancel", old.action]))
            self.add(
                draft, "an", about, Fact(0, again, old.day, "", old.id, "nêu lại"), same=True
            )
        standing = text_on(facts, day - 1)
        action = data.draw(st.sampled_from(["amend", "withdraw"])) if standing else "issue"
        if day <= self.today or data.draw(st.booleans()):
            self.add(draft, "an", about, Fact(0, action, day, "", None, reason), same=False)
        if draft.lines:
            self.in_good_order(draft, day)

    @precondition(lambda self: self.with_lines())
    @rule(data=st.data(), who=people, behind=st.integers(0, 1))
    def saves_a_text(self, data: st.DataObject, who: str, behind: int) -> None:
        draft, number = self.pick_line(data)
        known = {fact.text for facts in self.signed.values() for fact in facts}
        fact = draft.lines[number]

        def deed(session: Session) -> None:
            change = queries.line(session, number)
            version = (change.revision.version if change.revision else 1) - behind
            service.edit_text(session, self.act(who), change, self.text(), version=version)

        may = draft.state == "draft" and DRAFTS in PEOPLE[who]
        mine = fact.text is not None and fact.text not in known
        if self.attempt(may and mine and behind == 0, deed):
            self.edited(draft, who)

    @precondition(lambda self: self.with_lines())
    @rule(data=st.data(), who=people, day=st.none() | days, reason=reasons)
    def edits_a_line(self, data: st.DataObject, who: str, day: int | None, reason: str) -> None:
        draft, number = self.pick_line(data)

        def deed(session: Session) -> None:
            own = None if day is None else self.on(day)
            change = queries.line(session, number)
            service.edit_line(
                session, self.act(who), change, day=own, reason=reason, material=True
            )

        if self.attempt(draft.state == "draft" and DRAFTS in PEOPLE[who], deed):
            fact = draft.lines[number]
            own = None if fact.action == "cancel" else day
            draft.lines[number] = replace(fact, day=own, reason=reason)
            self.edited(draft, who)

    @precondition(lambda self: self.with_lines())
    @rule(data=st.data(), who=people, drop=st.booleans())
    def rebases_or_drops_a_line(
        self,
        data: st.DataObject,
        who: str,
        drop: bool,  # noqa: FBT001
    ) -> None:
        draft, number = self.pick_line(data)

        def deed(session: Session) -> None:
            change = queries.line(session, number)
            (service.drop_line if drop else service.rebase)(session, self.act(who), change)

        if self.attempt(draft.state == "draft" and DRAFTS in PEOPLE[who], deed):
            draft.base[number] = len(self.signed[draft.about[number]])
            if drop:
                del draft.lines[number]
            self.edited(draft, who)

    # The way of a decision.

    @precondition(lambda self: self.decisions)
    @rule(data=st.data(), who=people)
    def submits(self, data: st.DataObject, who: str) -> None:
        draft = self.pick(data)
        if self.attempt(
            self.can_be_submitted(draft) and DRAFTS in PEOPLE[who],
            lambda s: signing.submit(s, self.act(who), queries.decision(s, draft.id)),
        ):
            self.goes(draft, "in_review")
            self.edited(draft, who)

    @precondition(lambda self: self.decisions)
    @rule(data=st.data(), who=people)
    def reviews(self, data: st.DataObject, who: str) -> None:
        draft = self.pick(data)
        ready = draft.state == "in_review" or self.can_be_submitted(draft)
        if self.attempt(
            ready and REVIEWS in PEOPLE[who] and who not in draft.drafters,
            lambda s: signing.review(s, self.act(who), queries.decision(s, draft.id)),
        ):
            draft.acts += draft.state == "draft"
            self.goes(draft, "in_review")
            draft.reviewers.add(who)
            draft.acts += 1

    @precondition(lambda self: self.decisions)
    @rule(data=st.data(), who=people)
    def sends_back(self, data: st.DataObject, who: str) -> None:
        draft = self.pick(data)
        if self.attempt(
            draft.state == "in_review",
            lambda s: signing.send_back(
                s, self.act(who), queries.decision(s, draft.id), reason="chưa rõ"
            ),
        ):
            self.goes(draft, "draft")
            draft.reviewers.clear()
            draft.acts += 1

    @precondition(lambda self: self.decisions)
    @rule(data=st.data(), who=people)
    def abandons(self, data: st.DataObject, who: str) -> None:
        draft = self.pick(data)
        if not data.draw(st.integers(0, 3)) and self.attempt(
            draft.state == "draft" and DRAFTS in PEOPLE[who],
            lambda s: service.abandon(
                s, self.act(who), queries.decision(s, draft.id), reason="thôi"
            ),
        ):
            self.goes(draft, "cancelled")
            draft.acts += 1

    @precondition(lambda self: self.with_lines())
    @rule(data=st.data(), who=people, day=days, reason=reasons, again=st.booleans())
    def signs(
        self,
        data: st.DataObject,
        who: str,
        day: int,
        reason: str,
        again: bool,  # noqa: FBT001
    ) -> None:
        draft, _ = self.pick_line(data)
        self.sign(draft, who, day, reason, again=again)

    @precondition(lambda self: self.with_lines())
    @rule(data=st.data(), day=days)
    def signs_in_good_order(self, data: st.DataObject, day: int) -> None:
        self.in_good_order(self.pick_line(data)[0], day)

    def in_good_order(self, draft: Draft, day: int) -> None:
        """Take the way that mostly succeeds, so that long histories come about."""
        who = next((p for p in ("chi", "binh", "em") if p not in draft.drafters), None)
        if who is not None and (draft.state == "in_review" or self.can_be_submitted(draft)):
            self.attempt(
                expected=True,
                deed=lambda s: signing.review(s, self.act(who), queries.decision(s, draft.id)),
            )
            draft.acts += 1 + (draft.state == "draft")
            self.goes(draft, "in_review")
            draft.reviewers.add(who)
            self.sign(draft, "dung", day, "có lý do", again=False)

    def sign(self, draft: Draft, who: str, day: int, reason: str, *, again: bool) -> None:
        taken = sorted(number for outside, number in self.used if outside == draft.outside)
        number = taken[0] if again and taken else f"{draft.id}/QĐ"
        paper = signing.Paper(number, self.on(day), self.on(min(day, self.today)), reason)
        expected = self.may_sign(draft, who, day, reason) and number not in taken
        if self.attempt(
            expected,
            lambda s: signing.sign(s, self.act(who), queries.decision(s, draft.id), paper),
        ):
            draft.acts += 1 + (draft.state == "draft")
            if draft.state == "draft":
                self.goes(draft, "in_review")
            self.goes(draft, "signed")
            self.used.add((draft.outside, number))
            self.took_force(draft, day)

    @rule(by=st.integers(0, 2))
    def time_passes(self, by: int) -> None:
        """Only the clock moves; no job runs."""
        self.today += by

    # What the model thinks.

    def may_sign(self, draft: Draft, who: str, day: int, reason: str) -> bool:
        eyes = who not in draft.drafters and SIGNS in PEOPLE[who]
        if draft.outside:
            ready = draft.state == "in_review" or self.can_be_submitted(draft)
        else:
            ready = draft.state == "in_review"
            eyes = eyes and bool(draft.reviewers) and who not in draft.reviewers
        settled = self.settled(draft, day)
        own = [fact.day for fact in draft.lines.values() if fact.day is not None]
        return (
            eyes
            and ready
            and self.fresh(draft)
            and (reason != "" or min([day, *own]) >= self.today)
            and all(
                may_be_signed(self.signed[document], lines, Paper(self.today, reason))
                for document, lines in settled.items()
            )
        )

    def settled(self, draft: Draft, day: int) -> dict[int, list[Fact]]:
        found: dict[int, list[Fact]] = {}
        for number, fact in sorted(draft.lines.items()):
            own = fact.day if fact.day is not None else day
            placed = replace(fact, day=None if fact.action == "cancel" else own)
            found.setdefault(draft.about[number], []).append(placed)
        return found

    def fresh(self, draft: Draft) -> bool:
        return all(
            draft.base[number] == len(self.signed[draft.about[number]])
            for number in draft.lines
        )

    def can_be_submitted(self, draft: Draft) -> bool:
        return draft.state == "draft" and bool(draft.lines) and self.fresh(draft)

    def took_force(self, draft: Draft, day: int) -> None:
        for document, lines in self.settled(draft, day).items():
            for fact in sorted(lines, key=lambda f: (f.day or day, f.id)):
                if fact.text and int(fact.text) not in self.given[document]:
                    self.given[document].append(int(fact.text))
            self.signed[document] += [replace(fact, at=self.at) for fact in lines]
            for asked in DAYS:
                told = text_on(self.signed[document], asked)
                self.known.append((document, asked, self.at, told))

    def edited(self, draft: Draft, who: str) -> None:
        draft.drafters.add(who)
        draft.acts += 1

    def goes(self, draft: Draft, state: str) -> None:
        if state != draft.state:
            self.taken_over.add((draft.id, draft.state, state))
            draft.state = state

    def pick(self, data: st.DataObject) -> Draft:
        return self.decisions[data.draw(st.sampled_from(sorted(self.decisions)))]

    def with_lines(self) -> list[int]:
        return [each.id for each in self.decisions.values() if each.lines]

    def pick_line(self, data: st.DataObject) -> tuple[Draft, int]:
        draft = self.decisions[data.draw(st.sampled_from(self.with_lines()))]
        return draft, data.draw(st.sampled_from(sorted(draft.lines)))

    def text(self) -> RevisionText:
        return RevisionText(f"Thủ tục {next(self.numbers)}", Procedure(steps="Nộp hồ sơ."))

    # What must hold after every step.

    @invariant()
    def the_same_text_is_in_force(self) -> None:
        """INV-01, INV-04, INV-06: on each day at most one, and the one of the model.

        Asked again of the documents whose signed rows are others than at the last asking; that
        they are the same otherwise is the next invariant.
        """
        with reading() as session:
            for document, facts in self.signed.items():
                if self.asked.get(document) == len(facts):
                    continue
                self.asked[document] = len(facts)
                told = spans(queries.entries(session, [document])[document])
                for day in DAYS:
                    found = queries.in_force_id(session, document, self.on(day))
                    assert (str(found) if found else None) == text_on(facts, day)
                    begun = [span for span in told if span.first_day <= self.on(day)]
                    assert (begun[-1].entry.action if begun else None) == self.deed(facts, day)

    @invariant()
    def signed_rows_change_only_where_they_may(self) -> None:
        """INV-02: a signed change gets a successor once, nothing else of it changes."""
        with reading() as session:
            for document, facts in self.signed.items():
                history = queries.history(session, document)
                assert {change.id for change in history} == {fact.id for fact in facts}
                for change in history:
                    now = tuple(
                        getattr(change, column.key)
                        for column in sa.inspect(Change).column_attrs
                        if column.key != "replaced_by_id"
                    )
                    text = session.get(Revision, change.revision_id or 0)
                    now = (*now, text and (text.number, text.digest, text.title))
                    before, successor = self.rows.get(change.id, (now, None))
                    assert now == before
                    assert successor in {None, change.replaced_by_id}
                    self.rows[change.id] = (now, change.replaced_by_id)

    @invariant()
    def numbers_have_no_holes_and_follow_the_signatures(self) -> None:
        """INV-05."""
        with reading() as session:
            for document, given in self.given.items():
                query = sa.select(Revision.number, Revision.id).where(
                    Revision.document_id == document, Revision.number.is_not(None)
                )
                found = {row.number: row.id for row in session.execute(query)}
                assert found == dict(enumerate(given, 1))

    @invariant()
    def states_move_along_the_edges_and_every_act_has_its_line(self) -> None:
        """INV-09, and INV-07 as the model knows who drafted."""
        assert {(old, new) for _, old, new in self.taken_over} <= EDGES
        with reading() as session:
            mine = Decision.owner_id == self.unit_id
            rows = session.execute(sa.select(Decision.id, Decision.state).where(mine))
            assert {row.id: row.state.value for row in rows} == {
                draft.id: draft.state for draft in self.decisions.values()
            }
            drafters = sa.select(Drafter.decision_id, Drafter.user_id).join(
                Decision, Decision.id == Drafter.decision_id
            )
            assert {tuple(row) for row in session.execute(drafters.where(mine))} == {
                (draft.id, self.ids[name])
                for draft in self.decisions.values()
                for name in draft.drafters
            }
            refs = {f"decision/{draft.id}": draft.acts for draft in self.decisions.values()}
            acts = sa.select(Entry.subject, sa.func.count()).group_by(Entry.subject)
            told = session.execute(acts.where(Entry.subject.in_(refs)))
            assert {row[0]: row[1] for row in told} == refs

    @invariant()
    def a_paper_is_called_in_force_only_while_it_is(self) -> None:
        """INV-18, with the sheets of all days the machine has lived through.

        The answer changes with signed rows and days only, so it is asked when those do.
        """
        now = (self.today, {document: len(facts) for document, facts in self.signed.items()})
        if now == self.checked:
            return
        self.checked = now
        with reading() as session:
            unit = units.unit_by_id(session, self.unit_id)
            for document, facts in self.signed.items():
                told = stories.story(session, unit, queries.document(session, document))
                sheet = sheets.on_day(told, self.on(self.today))
                standing = self.fact(facts, self.today)
                assert (sheet.change.id if sheet else None) == (
                    standing.id if standing and standing.text else None
                )
                if sheet:
                    code = codes.encode_sheet_code(unit.id, document, sheet.digest)
                    if (code, document, sheet.change.id) not in self.papers:
                        self.papers.append((code, document, sheet.change.id))
            for code, document, change in self.papers:
                holds = self.fact(self.signed[document], self.today)
                verdict = checking.check(
                    session, code, self.on(self.today), clock.day_of
                ).verdict
                assert (verdict is Verdict.IN_FORCE) == (
                    holds is not None and holds.id == change
                )

    def everything_known_stays_known(self) -> None:
        """INV-13: what was answered at an instant is answered as known at that instant."""
        session = db.session()
        for document, day, at, told in self.known:
            instant = NINE + timedelta(seconds=at)
            found = queries.in_force_id(session, document, self.on(day), instant)
            assert (str(found) if found else None) == told
            history = queries.entries(session, [document])[document]
            standing = in_force(history, self.on(day), instant)
            assert (str(standing.revision) if standing else None) == told

    def fact(self, facts: list[Fact], day: int) -> Fact | None:
        begun = {at: fact for at, fact in calendar(facts).items() if at <= day}
        return begun[max(begun)] if begun else None

    def deed(self, facts: list[Fact], day: int) -> str | None:
        found = self.fact(facts, day)
        return found.action if found else None


@contextmanager
def reading() -> Iterator[Session]:
    """Lend a session for reading that leaves no transaction open."""
    db.session.rollback()
    yield db.session()
    db.session.rollback()


def test_the_services_agree_with_the_model_whatever_people_do(app: Flask) -> None:
    Engine.app, Engine.numbers = app, itertools.count(1)
    run_state_machine_as_test(
        Engine,
        settings=settings(
            max_examples=18,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    with app.app_context():
        assert list(trail.verify(db.session())) == []
        assert (db.session.scalar(sa.select(sa.func.count(Change.signed_at))) or 0) > 15
