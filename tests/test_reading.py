"""Read and understood: who is asked to read which text, who has, and who sees it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from openpyxl import load_workbook
from pypdfium2 import PdfDocument

from qms.accounts import service as accounts
from qms.accounts.models import User
from qms.accounts.queries import posts
from qms.accounts.rules import Role, since
from qms.audits import building
from qms.db import db, transaction
from qms.documents import service as documents
from qms.documents.queries import decision as found_decision
from qms.documents.registering import draft_documents
from qms.documents.rules import Audience, RevisionText, Scope
from qms.documents.service import Head, Line
from qms.documents.timeline import Action
from qms.errors import InvalidError, NotAllowedError, NotFoundError, RefusedError
from qms.observations import Observation
from qms.reading import observations, queries, rules, service, watching
from qms.reading.models import Reading
from qms.reading.rules import Rule, Step
from qms.trail import Entry
from qms.units.models import Unit
from tests import factories
from tests.deciding import Deciding, after, text
from tests.engines import counted, sqlite_only
from tests.factories import Office
from tests.people import As
from tests.when import MONDAY, Clock

DUE = MONDAY + timedelta(days=9)
"""The seventh working day after the Monday."""


def step(number: int, day: int, *, text: int | None = None, **said: Any) -> Step:  # noqa: ANN401
    """Return a change of some day, with a text of the same number unless it ends one."""
    return Step(number, after(day), after(day), number if text is None else text, **said)


# ---------- the rules ----------


def test_the_text_in_force_is_the_one_to_read() -> None:
    found = rules.stands([step(1, 0), step(2, 5)], after(7))
    assert found is not None
    assert (found.step.id, found.since.id, found.texts) == (2, 2, frozenset({2}))


def test_nothing_is_to_be_read_before_the_first_day_or_after_the_last() -> None:
    ended = Step(2, after(5), after(5), None)
    assert rules.stands([step(1, 3)], after(2)) is None
    assert rules.stands([step(1, 3), ended], after(5)) is None


def test_a_change_of_form_need_not_be_read_by_those_who_read_what_it_corrects() -> None:
    formal = step(2, 5, material=False)
    found = rules.stands([step(1, 0), formal], after(7))
    assert found is not None
    assert (found.step.id, found.since.id, found.texts) == (2, 1, frozenset({1, 2}))


def test_a_correction_of_form_goes_back_to_the_change_it_replaces() -> None:
    steps = [
        step(1, 0),
        step(2, 5, living=False),
        step(3, 5, replaces_id=2, material=False),
    ]
    found = rules.stands(steps, after(7))
    assert found is not None
    assert (found.since.id, found.texts) == (2, frozenset({2, 3}))


def test_a_first_text_is_to_be_read_even_if_it_says_that_nothing_matters() -> None:
    found = rules.stands([step(1, 0, material=False)], after(1))
    assert found is not None
    assert found.since.id == 1


def test_of_two_rules_of_a_day_the_last_one_set_holds() -> None:
    first, last = (Rule(MONDAY, frozenset({each}), 7) for each in ("text", "process"))
    assert rules.rule_on([first, last], MONDAY) is last
    assert rules.rule_on([first, last], after(-1)) is None


@pytest.mark.parametrize(
    ("kinds", "days"), [(["fee"], 7), (["text"], 0), (["text"], rules.MOST_DAYS + 1)]
)
def test_a_rule_asks_for_texts_that_are_read_in_a_time_that_can_be(
    kinds: Sequence[str], days: int
) -> None:
    with pytest.raises(InvalidError):
        rules.check_rule(kinds, days)


# ---------- who is asked, who has read ----------


@dataclass
class Readers:
    """An office whose people read; each act is a transaction of its own."""

    deciding: Deciding
    office: Office

    def ask(
        self,
        *,
        kinds: Sequence[str] = rules.USUAL_KINDS,
        days: int = 7,
        who: str = "thuky",
        where: str = "song-lo",
    ) -> None:
        """Let an office ask from today on."""
        with transaction() as session:
            home = session.get_one(Unit, self.office.units[where])
            service.ask(session, self.deciding.act(who), home, kinds=kinds, days=days)

    def issue(self, code: str = "QT-01", *, on: date = MONDAY, **said: Any) -> int:  # noqa: ANN401
        """Bring a text into force; return its number."""
        about = text(f"Tài liệu {code}")
        whole = RevisionText(about.title, about.content, **said)
        return self.text_of(self.deciding.decide(Action.ISSUE, whole, code=code, on=on))

    def amend(self, code: str = "QT-01", *, on: date) -> int:
        """Bring another text of the same document into force; return its number."""
        said = text(f"Tài liệu {code}", "Hai.")
        return self.text_of(self.deciding.decide(Action.AMEND, said, code=code, on=on))

    def text_of(self, line: int) -> int:
        """Return the number of the text that a line of a decision brings."""
        revision = self.deciding.change(line).revision_id
        assert revision is not None
        return revision

    def confirm(self, who: str, revision: int) -> None:
        """Let somebody say that they have read a text."""
        with transaction() as session:
            service.confirm(session, self.deciding.act(who), revision)

    def waiting(self, who: str, on: date = MONDAY) -> list[queries.Asked]:
        """Return what somebody is still to read."""
        session, number = db.session(), self.office.people[who]
        session.rollback()
        works = since(posts(session, number), on)
        return queries.waiting(session, number, works, on)

    def codes(self, who: str, on: date = MONDAY) -> list[str]:
        """Return the codes of what somebody is still to read."""
        return [each.code for each in self.waiting(who, on)]

    def watched(self, *units: str, on: date = MONDAY) -> list[watching.Watched]:
        """Return the texts of some units with their people."""
        db.session.rollback()
        numbers = [self.office.units[each] for each in units or ("song-lo", "tu-phap")]
        return watching.watched(db.session(), numbers, on)

    def unread(self, on: date, *units: str) -> list[Observation]:
        """Return what an auditor is told."""
        db.session.rollback()
        numbers = [self.office.units[each] for each in units or ("song-lo", "tu-phap")]
        return observations.unread(db.session(), numbers, on)

    def told(self) -> list[str]:
        """Return the acts of reading that the trail holds."""
        db.session.rollback()
        query = sa.select(Entry.action).where(Entry.action.startswith("reading."))
        return list(db.session.scalars(query.order_by(Entry.seq)))


@pytest.fixture
def readers(app: Flask, office: Office, clock: Clock) -> Readers:
    """Make an office of seven: six at its head, one clerk in the department of justice."""
    with app.app_context():
        with transaction() as session:
            room = session.get_one(Unit, office.units["tu-phap"])
            clerk = factories.user(session, "ho-tich", room, Role.STAFF, name="Hộ Tịch")
            people = {**office.people, "ho-tich": clerk.id}
        return Readers(
            Deciding(app, Office(office.units, people), clock), Office(office.units, people)
        )


@pytest.fixture
def inside(app: Flask, readers: Readers) -> Any:  # noqa: ANN401 - a generator
    """Work in the application."""
    with app.app_context():
        yield readers


def test_nobody_is_asked_where_the_office_has_not_said_so(inside: Readers) -> None:
    inside.issue()
    assert inside.codes("chuyenvien") == []


def test_everybody_with_a_post_where_a_new_text_holds_is_asked(inside: Readers) -> None:
    inside.ask()
    revision = inside.issue()
    for who in (*factories.SIX, "ho-tich"):
        (asked,) = inside.waiting(who)
        assert (asked.revision_id, asked.due) == (revision, DUE), who
    assert inside.codes("thuky-tl") == [], "another office"


def test_a_text_is_asked_only_where_its_scope_reaches(inside: Readers) -> None:
    inside.ask()
    inside.issue(scope=Scope.UNITS, scope_units=("tu-phap",))
    assert inside.codes("ho-tich") == ["QT-01"]
    assert inside.codes("chuyenvien") == []


def test_what_the_owner_keeps_to_itself_is_asked_of_nobody_who_may_not_read_it(
    inside: Readers,
) -> None:
    inside.ask()
    units = ("song-lo", "tan-lap")
    inside.issue("M-1", scope=Scope.UNITS, scope_units=units, audience=Audience.RESTRICTED)
    assert inside.codes("chuyenvien") == ["M-1"]
    inside.ask(who="thuky-tl", where="tan-lap")
    inside.issue("N-1", scope=Scope.UNITS, scope_units=units)
    assert inside.codes("thuky-tl") == ["N-1"]


def test_a_text_is_asked_from_its_day_on_and_not_before(inside: Readers) -> None:
    inside.ask()
    inside.issue(on=after(5))
    assert inside.codes("chuyenvien", after(4)) == []
    assert inside.codes("chuyenvien", after(5)) == ["QT-01"]


def test_what_held_before_the_office_asked_floods_nobody(inside: Readers, clock: Clock) -> None:
    inside.issue("QT-01")
    clock.go(after(1))
    inside.ask()
    inside.issue("QT-02", on=after(1))
    assert inside.codes("chuyenvien", after(1)) == ["QT-02"]
    inside.amend("QT-01", on=after(2))
    assert inside.codes("chuyenvien", after(2)) == ["QT-02", "QT-01"]


def test_only_the_kinds_that_are_named_are_asked_until_the_office_says_otherwise(
    inside: Readers, clock: Clock
) -> None:
    inside.ask(kinds=["process"])
    inside.issue("QT-01")
    assert inside.codes("chuyenvien") == []
    clock.go(after(1))
    inside.ask(kinds=["text"], days=2)
    inside.issue("QT-02", on=after(1))
    (asked,) = inside.waiting("chuyenvien", after(1))
    assert (asked.code, asked.due) == ("QT-02", after(3))
    clock.go(after(2))
    inside.ask(kinds=[])
    inside.issue("QT-03", on=after(2))
    assert inside.codes("chuyenvien", after(2)) == ["QT-02"], "what was asked stays asked"


def test_who_comes_later_is_not_asked_for_what_held_before(inside: Readers) -> None:
    inside.ask()
    inside.issue("QT-01")
    inside.issue("QT-02", on=after(3))
    with transaction() as session:
        room = session.get_one(Unit, inside.office.units["tu-phap"])
        made = accounts.add(session, inside.deciding.act("quantri"), account="moi", name="M")
        accounts.give_post(
            session,
            inside.deciding.act("quantri"),
            made,
            room,
            Role.STAFF,
            first_day=after(2),
        )
        inside.office = Office(inside.office.units, {**inside.office.people, "moi": made.id})
    assert inside.codes("moi", after(3)) == ["QT-02"]
    named = {each.text.code: len(each.readers) for each in inside.watched(on=after(3))}
    assert named == {"QT-01": 7, "QT-02": 8}


def test_of_two_texts_of_one_code_the_nearest_owner_s_is_asked(inside: Readers) -> None:
    inside.ask()
    of_office = inside.issue()
    with transaction() as session:
        room = session.get_one(Unit, inside.office.units["tu-phap"])
        act = inside.deciding.act("thuky")
        decision = documents.open_decision(session, act, room, Head("Ban hành")).id
        kept = draft_documents(session, act, owner=room, kind="text", codes=["QT-01"])
        line = Line(kept["QT-01"], Action.ISSUE, text("Của phòng"))
        documents.add_lines(session, act, found_decision(session, decision), [line])
    inside.deciding.review(decision)
    inside.deciding.sign(decision)
    assert [each.title for each in inside.waiting("ho-tich")] == ["Của phòng"]
    assert [each.revision_id for each in inside.waiting("chuyenvien")] == [of_office]


def test_who_has_read_is_asked_no_more_until_there_is_another_text(
    inside: Readers, clock: Clock
) -> None:
    inside.ask()
    inside.confirm("chuyenvien", inside.issue())
    assert inside.codes("chuyenvien") == []
    assert inside.codes("ho-tich") == ["QT-01"], "nobody confirms for another"
    clock.go(after(3))
    inside.amend(on=after(3))
    assert inside.codes("chuyenvien", after(3)) == ["QT-01"]


def test_a_change_of_form_asks_those_alone_who_have_not_read_before(
    inside: Readers,
) -> None:
    inside.ask()
    first = inside.issue()
    inside.confirm("chuyenvien", first)
    decision = inside.deciding.open()
    line = inside.deciding.add(decision, Action.AMEND, text("Tài liệu QT-01", "Một!"))
    with transaction() as session:
        session.execute(sa.text(f"UPDATE change SET material = false WHERE id = {line}"))
    inside.deciding.review(decision)
    inside.deciding.sign(decision, on=after(1))
    assert inside.codes("chuyenvien", after(1)) == []
    (asked,) = inside.waiting("ho-tich", after(1))
    assert asked.due == DUE, "the text itself is as old as before"


def test_to_confirm_twice_is_to_confirm_once(inside: Readers, clock: Clock) -> None:
    inside.ask()
    revision = inside.issue()
    inside.confirm("chuyenvien", revision)
    clock.go(after(1))
    inside.confirm("chuyenvien", revision)
    assert inside.told() == ["reading.asked", "reading.confirmed"]
    assert list(db.session.scalars(sa.select(Reading.day))) == [MONDAY]


def test_a_text_to_come_is_not_confirmed_yet(inside: Readers) -> None:
    inside.ask()
    revision = inside.issue(on=after(5))
    with pytest.raises(RefusedError, match="chưa có hiệu lực"):
        inside.confirm("chuyenvien", revision)


def test_a_text_out_of_force_is_confirmed_no_more(inside: Readers, clock: Clock) -> None:
    inside.ask()
    revision = inside.issue()
    inside.amend(on=after(1))
    clock.go(after(1))
    with pytest.raises(RefusedError, match="không còn hiệu lực"):
        inside.confirm("chuyenvien", revision)


def test_only_who_is_asked_confirms_and_only_a_signed_text(inside: Readers) -> None:
    inside.ask()
    revision = inside.issue()
    with pytest.raises(NotAllowedError):
        inside.confirm("thuky-tl", revision)
    draft = inside.deciding.add(
        inside.deciding.open(), Action.ISSUE, text("Dự thảo"), code="QT-09"
    )
    with pytest.raises(NotFoundError):
        inside.confirm("chuyenvien", inside.text_of(draft))
    nobody = replace(inside.deciding.act("thuky"), actor=None)
    with transaction() as session, pytest.raises(NotAllowedError):
        service.confirm(session, nobody, revision)


def test_only_the_secretary_of_an_office_says_what_is_read(inside: Readers) -> None:
    for who in ("chuyenvien", "truongphong", "thuky-tl"):
        with pytest.raises(NotAllowedError):
            inside.ask(who=who)
    with pytest.raises(InvalidError, match="cơ quan"):
        inside.ask(where="tu-phap")


def test_a_paper_of_another_body_is_known_from_the_day_it_is_entered(
    inside: Readers, clock: Clock
) -> None:
    inside.ask()
    clock.go(after(4))
    decision = inside.deciding.open(issuer="UBND tỉnh Phú Thọ")
    inside.deciding.add(decision, Action.ISSUE, text())
    inside.deciding.sign(decision, "lanhdao", on=MONDAY, dated=MONDAY, reason="nhập bổ sung")
    (asked,) = inside.waiting("chuyenvien", after(4))
    assert asked.since == MONDAY
    assert asked.due == after(15), "seven working days from the Friday"


# ---------- who watches ----------


def test_those_who_have_not_read_stand_first_and_people_count_once(inside: Readers) -> None:
    inside.ask()
    with transaction() as session:
        both = session.get_one(User, inside.office.people["chuyenvien"])
        room = session.get_one(Unit, inside.office.units["tu-phap"])
        act = inside.deciding.act("quantri")
        accounts.give_post(session, act, both, room, Role.STAFF, first_day=MONDAY)
    revision = inside.issue()
    for who in ("chuyenvien", "thuky"):
        inside.confirm(who, revision)
    (found,) = inside.watched()
    assert (found.unread, len(found.readers), found.state(MONDAY)) == (5, 7, "review")
    inside.issue("QT-02", on=after(1))
    for who in inside.office.people:
        if not who.endswith("-tl"):
            inside.confirm(who, revision)
    codes = [(each.text.code, each.state(after(1))) for each in inside.watched(on=after(1))]
    assert codes == [("QT-02", "review"), ("QT-01", "done")]
    assert [each.day is None for each in found.readers] == [True] * 5 + [False] * 2
    (twice,) = [
        each for each in found.readers if each.user_id == inside.office.people["chuyenvien"]
    ]
    assert len(twice.units) == 2
    (room_only,) = inside.watched("tu-phap")
    assert len(room_only.readers) == 2


def test_a_closed_account_is_waited_for_no_more(inside: Readers, clock: Clock) -> None:
    inside.ask()
    inside.issue()
    with transaction() as session:
        session.get_one(User, inside.office.people["ho-tich"]).closed_at = clock.at
    assert inside.watched("tu-phap") == []


def test_an_auditor_is_told_by_unit_of_what_was_not_read_in_time(inside: Readers) -> None:
    inside.ask()
    revision = inside.issue()
    for who in factories.SIX:
        inside.confirm(who, revision)
    assert inside.unread(DUE) == []
    (found,) = inside.unread(DUE + timedelta(days=1))
    assert found.words == (
        "QT-01: 1 trên 1 người của Tư pháp chưa xác nhận đã đọc, hạn 12/08/2026."
    )
    assert found.unit_id == inside.office.units["tu-phap"]
    assert found.link == f"/reading/{revision}/people"
    (question,) = building.of_observations([found], "9001:2015")
    assert (question.clause, question.revision_id) == ("7.3", revision)
    inside.confirm("ho-tich", revision)
    assert inside.unread(DUE + timedelta(days=1)) == []


# ---------- the pages ----------


def test_one_reads_confirms_and_finds_it_again(
    readers: Readers, app: Flask, signed_in: As
) -> None:
    with app.app_context():
        readers.ask()
        revision = readers.issue()
    browser = signed_in("chuyenvien")
    assert "Đọc 1 tài liệu mới có hiệu lực" in browser.get("desk.index").text
    page = browser.get("reading.index")
    assert "Tôi còn phải đọc 1 tài liệu" in page.text
    assert "12/08/2026" in page.text
    page = browser.get("reading.show", revision_id=revision)
    assert "Tôi đã đọc và nắm được" in page.text
    page = browser.post("reading.confirm", {}, status=303, revision_id=revision)
    assert "không còn tài liệu nào phải đọc" in page.text
    assert "đã đọc ngày 03/08/2026" in page.text
    assert "Đọc 1 tài liệu" not in browser.get("desk.index").text
    page = browser.get("reading.show", revision_id=revision)
    assert "đã xác nhận đọc và nắm được ngày 03/08/2026" in page.text
    assert "Tôi đã đọc và nắm được" not in page.text


@sqlite_only
def test_what_is_overdue_is_late_on_the_desk(
    readers: Readers, app: Flask, clock: Clock, signed_in: As
) -> None:
    with app.app_context():
        readers.ask()
        readers.issue("QT-01")
        readers.issue("QT-02", on=after(9))
    clock.go(DUE + timedelta(days=1))
    page = signed_in("chuyenvien").get("desk.index")
    assert page.all(".st.is-late") == ["Đọc 2 tài liệu mới có hiệu lực"]
    assert "QT-01, QT-02" in page.text
    assert "quá hạn" in signed_in("chuyenvien").get("reading.index").text


@sqlite_only
def test_an_old_text_leads_to_the_present_one(
    readers: Readers, app: Flask, clock: Clock, signed_in: As
) -> None:
    with app.app_context():
        readers.ask()
        old = readers.issue()
        new = readers.amend(on=after(1))
        coming = readers.issue("QT-02", on=after(9))
    clock.go(after(1))
    browser = signed_in("chuyenvien")
    page = browser.post("reading.confirm", {}, status=409, revision_id=old)
    assert "Hãy đọc và xác nhận bản hiện hành" in page.text
    assert f"/reading/{new}" in page.attributes("main a", "href")
    assert "So với bản trước" in browser.get("reading.show", revision_id=new).text
    page = browser.post("reading.confirm", {}, status=409, revision_id=coming)
    assert "từ ngày 12/08/2026 mới xác nhận được" in page.text
    browser.get("reading.show", revision_id=999, status=404)
    signed_in("thuky-tl").get("reading.watch.show", revision_id=new, status=200)


@sqlite_only
def test_what_is_not_for_a_reader_is_not_there(
    readers: Readers, app: Flask, signed_in: As
) -> None:
    with app.app_context():
        hidden = readers.issue("M-1", audience=Audience.RESTRICTED)
    stranger = signed_in("thuky-tl")
    stranger.get("reading.show", revision_id=hidden, status=404)
    stranger.post("reading.confirm", {}, status=404, revision_id=hidden)
    stranger.get("reading.watch.show", revision_id=hidden, status=404)


@sqlite_only
def test_a_head_sees_who_has_not_read_by_unit(
    readers: Readers, app: Flask, clock: Clock, signed_in: As
) -> None:
    with app.app_context():
        readers.ask()
        revision = readers.issue()
        readers.confirm("chuyenvien", revision)
    browser = signed_in("truongphong")
    page = browser.get("reading.watch.index")
    assert "1/7 (14%)" in page.text
    assert "6 người chưa đọc" in page.text
    room = readers.office.units["tu-phap"]
    assert "0/1 (0%)" in browser.get("reading.watch.index", unit=room).text
    clock.go(DUE + timedelta(days=1))
    page = signed_in("truongphong").get("reading.watch.show", revision_id=revision, unit=room)
    assert page.all("tbody th") == ["Hộ Tịch"]
    assert "Chưa đọc, quá hạn" in page.text


@sqlite_only
def test_of_a_text_that_is_asked_no_more_those_stay_known_who_read_it(
    readers: Readers, app: Flask, clock: Clock, signed_in: As
) -> None:
    with app.app_context():
        readers.ask()
        old = readers.issue()
        readers.confirm("chuyenvien", old)
        readers.amend(on=after(1))
    clock.go(after(1))
    page = signed_in("danhgia").get("reading.watch.show", revision_id=old)
    assert page.all("tbody th") == ["Đỗ Thu Hà"]
    assert "những người đã xác nhận" in page.text


@pytest.mark.pdf
@sqlite_only
def test_the_list_of_who_has_read_is_given_to_be_signed(
    readers: Readers, app: Flask, signed_in: As
) -> None:
    with app.app_context():
        readers.ask()
        revision = readers.issue()
        readers.confirm("chuyenvien", revision)
    browser = signed_in("thuky")
    made = browser.file("reading.watch.paper", revision_id=revision, list_type="xlsx")
    lines = list(load_workbook(BytesIO(made.data)).worksheets[0].values)
    head = next(at for at, line in enumerate(lines) if line[0] == "TT")
    assert lines[head] == ("TT", "Họ và tên", "Chức vụ", "Đơn vị", "Ngày đọc", "Ký nhận")
    said = {line[1]: line[4] for line in lines[head + 1 : head + 8]}
    assert str(said["Đỗ Thu Hà"]) == f"{MONDAY} 00:00:00"
    assert said["Hộ Tịch"] is None
    made = browser.file("reading.watch.paper", revision_id=revision, list_type="pdf")
    words = PdfDocument(made.data)[0].get_textpage().get_text_range()
    assert "DANH SÁCH ĐÃ ĐỌC VÀ NẮM ĐƯỢC" in words
    assert "QT-01 – Tài liệu QT-01" in words


@sqlite_only
def test_the_secretary_says_what_is_to_be_read(
    readers: Readers, app: Flask, signed_in: As
) -> None:
    browser = signed_in("thuky")
    assert "Đặt yêu cầu đọc" in browser.get("reading.watch.index").text
    page = browser.get("reading.rules.show")
    assert page.attributes("input[checked]", "name") == ["of_text", "of_process"]
    assert page.attributes("#days", "value") == ["7"]
    page = browser.post("reading.rules.ask", {"of_text": "y", "days": "0"}, status=422)
    assert "Số phải từ 1 đến 60." in page.text
    page = browser.post("reading.rules.ask", {"of_text": "y", "days": "5"}, status=303)
    assert "Từ 03/08/2026" in page.text
    assert page.attributes("input[checked]", "name") == ["of_text"]
    with app.app_context():
        (row,) = queries.rules_of(db.session(), readers.office.units.values()).values()
        assert [(each.kinds, each.days) for each in row] == [("text", 5)]
    assert "Tài liệu của hệ thống" in browser.get("desk.trail.index").text


@sqlite_only
def test_pages_and_desk_cost_the_same_with_one_or_many_texts_to_read(
    readers: Readers, app: Flask, signed_in: As
) -> None:
    costs: dict[str, list[int]] = {}
    with app.app_context():
        readers.ask()
    browser = signed_in("truongphong")
    for codes in (("A1",), tuple(f"B{number}" for number in range(8))):
        with app.app_context():
            for code in codes:
                readers.issue(code)
        for endpoint in ("reading.index", "reading.watch.index", "desk.index"):
            with counted() as sent:
                browser.get(endpoint)
            costs.setdefault(endpoint, []).append(len(sent))
    for endpoint, (few, many) in costs.items():
        assert many <= few, f"{endpoint}: {few}, then {many}"
        assert many <= 20, f"{endpoint}: {many}"
