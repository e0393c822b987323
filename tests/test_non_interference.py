"""Two databases that differ only in drafts answer the public alike, to the byte."""

import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from qms import digests, files, overprints
from qms.db import db, transaction
from qms.digests import canonical
from qms.documents import queries, service, signing
from qms.documents.kinds.fee import FeeSchedule
from qms.documents.kinds.fees import FeeLine, Rate
from qms.documents.kinds.form import FormBlank
from qms.documents.kinds.parts import FileRef
from qms.documents.models import Change, Decision
from qms.documents.rules import RevisionText, State
from qms.documents.timeline import Action
from qms.errors import QmsError
from qms.trail import Act
from qms.units import service as units
from qms.units.queries import unit
from qms.units.rules import Level
from qms.web import pdf
from qms.web.cache import Cache
from tests import factories
from tests.engines import sqlite_only
from tests.posting import LATER, Posting, directly, priced, procedure, world
from tests.public_answers import answers
from tests.when import MONDAY, NINE, Clock

BIRTH, COPYING, FORM, FEE = "1.001193", "2.000815", "BM-01", "PHI-01"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SECRET = "tệp mật của dự thảo".encode()


def form(title: str, data: bytes) -> RevisionText:
    """Return the text of a form with its file, which is put where files lie."""
    file = FileRef(sha256=files.put(data), name="mau.docx", media_type=WORD, size=len(data))
    return RevisionText(title, FormBlank(file=file))


def fee(amount: int) -> RevisionText:
    """Return a schedule that prices the birth certificate."""
    line = FeeLine(name="Lệ phí", procedure=BIRTH, rate=Rate.AMOUNT, amount=amount)
    return RevisionText("Biểu phí hộ tịch", FeeSchedule(lines=(line,)))


@dataclass
class Registry:
    """One of the two offices: its application, its people, and the drafts they have open."""

    app: Flask
    posting: Posting
    drafts: list[int] = field(default_factory=list)

    def draft(self, lines: dict[str, tuple[Action, RevisionText | None]]) -> None:
        """Open a draft decision of these lines."""
        self.drafts.append(self.posting.draft(lines))

    def act(self, who: str, what: Callable[[Session, Act, Decision], object]) -> None:
        """Let somebody do something to the newest draft, if the rules let it be done."""
        with self.app.app_context(), suppress(QmsError), transaction() as session:
            decision = queries.decision(session, self.drafts[-1])
            what(session, self.posting.act(who), decision)

    @property
    def state(self) -> State | None:
        """Return where the newest draft stands; None where there is none."""
        if not self.drafts:
            return None
        with self.app.app_context():
            return queries.decision(db.session(), self.drafts[-1]).state


# ---------- what drafters do ----------


def draft_new(it: Registry) -> None:
    secret = procedure("Thủ tục mật", "Lĩnh vực mật")
    it.draft({f"9.{len(it.drafts) + 1:06}": (Action.ISSUE, secret)})


def draft_changes(it: Registry) -> None:
    fees = directly(priced(999_000))
    it.draft(
        {
            BIRTH: (Action.AMEND, procedure("Khai sinh mật", methods=fees)),
            COPYING: (Action.WITHDRAW, None),
        }
    )


def draft_a_form_and_a_fee(it: Registry) -> None:
    with it.app.app_context():
        secret = form("Mẫu mật", SECRET)
    it.draft({FORM: (Action.AMEND, secret), FEE: (Action.AMEND, fee(999_000))})


def edit_text(it: Registry) -> None:
    def edit(session: Session, act: Act, decision: Decision) -> None:
        ids = sa.select(Change.id).where(Change.decision_id == decision.id)
        for change_id in session.scalars(ids).all():
            change = queries.line(session, change_id)
            if change.revision and change.document.kind == "procedure":
                text = procedure("Sửa mật lần nữa")
                service.edit_text(session, act, change, text, version=change.revision.version)

    if it.state is State.DRAFT:
        it.act("thuky", edit)


def submit(it: Registry) -> None:
    if it.state is State.DRAFT:
        it.act("thuky", signing.submit)


def review(it: Registry) -> None:
    submit(it)
    if it.state is State.IN_REVIEW:
        it.act("truongphong", signing.review)


def send_back(it: Registry) -> None:
    submit(it)
    if it.state is State.IN_REVIEW:
        it.act("truongphong", lambda *of: signing.send_back(*of, reason="Sửa lại."))


def abandon(it: Registry) -> None:
    if it.state is State.DRAFT:
        it.act("thuky", lambda *of: service.abandon(*of, reason="Không cần nữa."))


def enter_heading(it: Registry) -> None:
    with it.app.app_context(), transaction() as session:
        where, words = unit(session, "song-lo"), {"name": "UBND xã Mật", "phone": "0210 999"}
        act = it.posting.act("thuky")
        units.enter_heading(
            session, act, where, from_day=MONDAY, level=Level.COMMUNE, words=words
        )


def keep_a_file(it: Registry) -> None:
    with it.app.app_context():
        files.put(SECRET)


DRAFTING = (
    draft_new,
    draft_changes,
    draft_a_form_and_a_fee,
    edit_text,
    submit,
    review,
    send_back,
    abandon,
    enter_heading,
    keep_a_file,
)


# ---------- what everybody sees ----------


def sign_an_amendment(it: Registry) -> None:
    title = f"Đăng ký khai sinh {it.posting.signed}"
    it.posting.amend(BIRTH, procedure(title), LATER + timedelta(days=it.posting.signed))


def sign_a_new_one(it: Registry) -> None:
    code = f"1.{it.posting.signed:06}"
    it.posting.issue({code: procedure(f"Thủ tục mới {code}")}, on=MONDAY)


def sign_a_fee(it: Registry) -> None:
    it.posting.decide(
        {FEE: (Action.AMEND, fee(5_000 + it.posting.signed))},
        on=MONDAY + timedelta(days=it.posting.signed),
    )


def confirm_a_heading(it: Registry) -> None:
    it.posting.heading(
        "song-lo", MONDAY, Level.COMMUNE, name=f"UBND xã {it.posting.clock.at:%M}"
    )


PUBLIC = (sign_an_amendment, sign_a_new_one, sign_a_fee, confirm_a_heading)

Deed = Callable[[Registry], None]


@pytest.fixture
def two(
    app: Flask, database_url: str, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], tuple[Registry, Registry]]:
    """Lend a maker of two offices that are the same in everything."""
    # What is set is what is given; the bytes WeasyPrint makes of it are held elsewhere.
    monkeypatch.setattr(
        pdf, "render", lambda template, data: canonical([template, plain(data)])
    )
    monkeypatch.setattr(overprints, "stamped", lambda kept, over, _: kept + repr(over).encode())
    with app.app_context(), transaction() as session:
        office = world(session)
    posting = Posting(app, office, clock)
    with app.app_context():
        blank = form("Tờ khai", b"mau to khai")
    posting.issue({BIRTH: procedure("Đăng ký khai sinh"), COPYING: procedure("Chứng thực")})
    posting.decide({FORM: (Action.ISSUE, blank), FEE: (Action.ISSUE, fee(8_000))})
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    original = Path(str(sa.make_url(database_url).database))
    base = shutil.copy(original, tmp_path / "base.sqlite")
    copy = tmp_path / "other.sqlite"
    shutil.copytree(tmp_path / "var", tmp_path / "other-var")
    other = factories.application(
        f"sqlite:///{shutil.copy(base, copy)}", tmp_path / "other-var"
    )

    def registry(each: Flask) -> Registry:
        known = dict(posting.changes), dict(posting.kinds)
        return Registry(each, Posting(each, office, clock, 2, *known))

    def make() -> tuple[Registry, Registry]:
        for each, place in ((app, original), (other, copy)):
            with each.app_context():
                db.session.remove()
                db.engine.dispose()
            shutil.copy(base, place)
        return registry(app), registry(other)

    return make


def plain(data: object) -> object:
    """Return what is given to paper in a form that has one spelling."""
    if isinstance(data, dict):
        return {str(name): plain(value) for name, value in data.items()}
    if isinstance(data, list | tuple):
        return [plain(each) for each in data]
    return data if data is None or isinstance(data, bool | int) else str(data)


@sqlite_only
@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(deeds=st.lists(st.sampled_from((*DRAFTING, *DRAFTING, *PUBLIC)), min_size=2, max_size=7))
@example(deeds=DRAFTING)
@example(deeds=(draft_new, draft_changes, sign_an_amendment, enter_heading, sign_a_fee, review))
@example(deeds=(draft_new, draft_changes, sign_a_new_one, edit_text, sign_an_amendment))
@example(deeds=(draft_a_form_and_a_fee, confirm_a_heading, enter_heading, sign_an_amendment))
def test_drafts_change_no_byte_of_any_public_answer(
    two: Callable[[], tuple[Registry, Registry]], clock: Clock, deeds: Sequence[Deed]
) -> None:
    quiet, busy = two()
    digest = digests.digest(SECRET)
    for number, deed in enumerate(deeds, 1):
        for each in (quiet, busy):
            if each is busy or deed in PUBLIC:
                clock.at = NINE + timedelta(minutes=number)
                deed(each)
    clock.at = NINE + timedelta(hours=1)

    expected, found = answers(quiet.app, (digest,)), answers(busy.app, (digest,))

    assert [each for each in expected if expected[each] != found[each]] == []
    assert expected == found
    for each in (quiet, busy):
        with each.app.app_context():
            db.session.remove()
            db.engine.dispose()


@sqlite_only
@pytest.mark.parametrize("deed", DRAFTING, ids=lambda deed: deed.__name__)
def test_no_draft_moves_the_version(
    two: Callable[[], tuple[Registry, Registry]], clock: Clock, deed: Deed
) -> None:
    office, _ = two()
    layer = office.app.wsgi_app
    assert isinstance(layer, Cache)
    before = layer.versions.read()
    if deed not in {draft_new, enter_heading, keep_a_file}:
        draft_changes(office)

    deed(office)

    assert layer.versions.read() == before
    clock.at += timedelta(minutes=1)
    for public in PUBLIC:
        then = layer.versions.read()
        public(office)
        assert layer.versions.read() != then, public.__name__
