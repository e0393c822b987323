"""What an ended unit leaves: its successor issues it anew and withdraws the old, four-eyed."""

from datetime import date

import pytest
from flask import Flask

from qms.db import db, transaction
from qms.documents import carrying, queries, service
from qms.documents.carrying import Filter
from qms.documents.readiness import covered
from qms.documents.rules import RevisionText, Scope
from qms.documents.service import Head, Line
from qms.documents.timeline import Action
from qms.errors import NotAllowedError, RefusedError
from qms.units.queries import unit
from tests import posting
from tests.engines import sqlite_only
from tests.factories import Office, document_by_code
from tests.people import As
from tests.posting import JULY, Posting, procedure
from tests.when import MONDAY, Clock

SUNDAY = date(2026, 8, 2)
TUESDAY = date(2026, 8, 4)
ALL = Filter()


class Desk(Posting):
    """Offices of which one takes over what the others leave."""

    def opened(self) -> int:
        """Open a draft of the successor, for Monday."""
        with self.app.app_context(), transaction() as session:
            owner = unit(session, "song-lo")
            head = Head("Về việc tiếp nhận", effective_on=MONDAY)
            return service.open_decision(session, self.act("thuky"), owner, head).id

    def carry(self, draft: int, wanted: Filter = ALL, who: str = "thuky") -> int:
        """Carry over into a draft; return how many documents."""
        with self.app.app_context(), transaction() as session:
            decision = queries.decision(session, draft)
            return carrying.carry_over(session, self.act(who), decision, wanted)

    def number(self, code: str, owner: str = "song-lo") -> int:
        """Return the number of a document."""
        with self.app.app_context():
            session = db.session()
            owners = [unit(session, owner).id]
            found = document_by_code(session, owners, "procedure", code)
            assert found
            return found.id

    def text_on(self, code: str, owner: str = "song-lo", day: date = MONDAY) -> RevisionText:
        """Return what stands on a day."""
        number = self.number(code, owner)
        with self.app.app_context():
            standing = queries.in_force_id(db.session(), number, day)
            assert standing
            return queries.text_of(queries.revision(db.session(), standing))

    def stands(self, code: str, owner: str) -> bool:
        """Tell whether anything stands on Monday."""
        number = self.number(code, owner)
        with self.app.app_context():
            return queries.in_force_id(db.session(), number, MONDAY) is not None

    def lines(self, draft: int) -> set[tuple[str, str, str, tuple[str, ...]]]:
        """Return owner, code, deed and kin of each line of a draft."""
        with self.app.app_context():
            return {
                (
                    line.document.owner.slug,
                    line.document.code,
                    line.action.value,
                    tuple(f"{k.document.owner.slug}/{k.document.code}" for k in line.kin),
                )
                for line in queries.lines(db.session(), draft)
            }

    def before(self, code: str) -> list[int]:
        """Return the numbers of the documents that one of the successor stands in for."""
        number = self.number(code)
        with self.app.app_context():
            return [each.id for each in queries.predecessors(db.session(), number)]


@pytest.fixture
def office(app: Flask) -> Office:
    with app.app_context(), transaction() as session:
        return posting.world(session)


@pytest.fixture
def desk(app: Flask, office: Office, clock: Clock) -> Desk:
    return Desk(app, office, clock)


# Who follows whom is proposed by a draft and made by a signature.


def replacing(desk: Desk) -> int:
    """Bring 1.1 into force and draft 1.2 in its place."""
    desk.issue({"1.1": procedure("Cũ")})
    return desk.draft({"1.2": (Action.ISSUE, procedure("Mới"))}, instead_of="1.1")


def test_a_draft_makes_no_successor_and_a_signature_does(desk: Desk) -> None:
    draft = replacing(desk)
    assert desk.before("1.2") == []
    desk.sign(draft, MONDAY)
    assert desk.before("1.2") == [desk.number("1.1")]


def test_a_successor_goes_with_its_line_and_with_its_draft(desk: Desk) -> None:
    dropped = replacing(desk)
    abandoned = desk.draft({"1.3": (Action.ISSUE, procedure("Mới"))}, instead_of="1.1")
    with desk.app.app_context(), transaction() as session:
        (line,) = queries.lines(session, dropped)
        service.drop_line(session, desk.act("thuky"), queries.line(session, line.id))
    with desk.app.app_context(), transaction() as session:
        decision = queries.decision(session, abandoned)
        service.abandon(session, desk.act("thuky"), decision, reason="Nhầm")
    desk.issue({"1.2": procedure("Mới"), "1.3": procedure("Mới")}, MONDAY)
    assert desk.before("1.2") == desk.before("1.3") == []


def test_a_signature_covers_who_follows_whom(desk: Desk) -> None:
    draft = replacing(desk)
    number = desk.number("1.2")
    with desk.app.app_context(), transaction() as session:
        again = Line(
            queries.document(session, number), Action.ISSUE, procedure("Mới"), reason="bổ sung"
        )
        decision = queries.decision(session, draft)
        service.add_lines(session, desk.act("thuky"), decision, [again])
    with desk.app.app_context():
        with_kin, without = queries.lines(db.session(), draft)
        marks = covered([with_kin, without])
    assert marks[0] != marks[1], "alike but for the successor"
    assert with_kin.revision
    assert without.revision
    assert with_kin.revision.digest == without.revision.digest


# Carrying over.


def test_the_successor_issues_what_was_left_and_withdraws_the_old(desk: Desk) -> None:
    there = procedure("Hai", scope=Scope.UNITS, scope_units=("tan-lap",), issue_no=3)
    texts = {"1.1": procedure("Một"), "1.2": there, "1.3": procedure("Ba")}
    desk.issue(texts, JULY, "tan-lap")
    desk.withdraw("1.3", date(2026, 7, 20), "tan-lap")
    desk.end("tan-lap", SUNDAY, "song-lo")
    draft = desk.opened()
    assert desk.carry(draft) == 2
    assert desk.lines(draft) == {
        ("song-lo", "1.1", "issue", ("tan-lap/1.1",)),
        ("song-lo", "1.2", "issue", ("tan-lap/1.2",)),
        ("tan-lap", "1.1", "withdraw", ()),
        ("tan-lap", "1.2", "withdraw", ()),
    }
    with pytest.raises(RefusedError, match="Không còn tài liệu nào"):
        desk.carry(draft)
    desk.sign(draft, MONDAY)
    new, old = desk.text_on("1.2"), desk.text_on("1.2", "tan-lap", SUNDAY)
    assert (new.title, new.content) == (old.title, old.content)
    assert (new.issue_no, new.scope_units) == (1, ("song-lo",))
    assert new.summary == "Tiếp nhận từ UBND xã Tân Lập."
    assert not desk.stands("1.2", "tan-lap")
    assert desk.before("1.2") == [desk.number("1.2", "tan-lap")]


def test_of_several_with_one_code_the_latest_is_taken_and_ones_own_stays(desk: Desk) -> None:
    desk.issue({"1.1": procedure("Của ta"), "1.9": procedure("Đã bỏ", issue_no=4)})
    desk.withdraw("1.9", date(2026, 7, 10))
    for owner, day in (("tan-lap", 2), ("phu-tho", 1)):
        texts = {code: procedure(f"Của {owner}") for code in ("1.1", "1.2", "1.9")}
        desk.issue(texts, date(2026, 7, day), owner)
        desk.end(owner, SUNDAY, "song-lo")
    draft = desk.opened()
    assert desk.carry(draft, Filter(document_id=desk.number("1.2", "phu-tho"))) == 1
    assert desk.carry(draft) == 5
    assert desk.lines(draft) == {
        ("song-lo", "1.2", "issue", ("phu-tho/1.2",)),
        ("phu-tho", "1.2", "withdraw", ()),
        ("tan-lap", "1.2", "withdraw", ("song-lo/1.2",)),
        ("phu-tho", "1.1", "withdraw", ("song-lo/1.1",)),
        ("tan-lap", "1.1", "withdraw", ("song-lo/1.1",)),
        ("song-lo", "1.9", "issue", ("tan-lap/1.9", "phu-tho/1.9")),
        ("phu-tho", "1.9", "withdraw", ()),
        ("tan-lap", "1.9", "withdraw", ()),
    }
    desk.sign(draft, MONDAY)
    titles = {"1.1": "Của ta", "1.2": "Của phu-tho", "1.9": "Của tan-lap"}
    assert {code: desk.text_on(code).title for code in titles} == titles
    assert [len(desk.before(code)) for code in titles] == [2, 2, 2]
    assert desk.text_on("1.9").issue_no == 5, "counted on from its own"


def test_only_the_successor_that_carries_takes_over_and_only_after_the_end(
    desk: Desk,
) -> None:
    desk.issue({"1.1": procedure("Một")}, JULY, "tan-lap")
    desk.issue({"1.2": procedure("Hai")}, JULY, "phu-tho")
    desk.end("tan-lap", SUNDAY, "song-lo", "phu-tho")
    desk.end("phu-tho", MONDAY, "song-lo")
    draft = desk.opened()
    with pytest.raises(RefusedError, match="Không còn tài liệu nào"):
        desk.carry(draft)
    desk.clock.go(TUESDAY)
    with pytest.raises(NotAllowedError):
        desk.carry(draft, who="lanhdao")
    assert desk.carry(draft) == 1
    assert {line[1] for line in desk.lines(draft)} == {"1.2"}


@sqlite_only
def test_the_secretary_takes_over_one_what_was_found_or_all(desk: Desk, signed_in: As) -> None:
    titles = ["Khai sinh"] * 3 + ["Kết hôn"] * 2
    texts = {f"1.{place}": procedure(title) for place, title in enumerate(titles, 1)}
    desk.issue(texts, JULY, "tan-lap")
    desk.end("tan-lap", SUNDAY, "song-lo")
    draft, secretary = desk.opened(), signed_in("thuky")
    link = f"/decisions/{draft}/carrying"
    page = secretary.get("documents.lines.choose", decision_id=draft)
    assert link in page.attributes("a", "href")
    page = secretary.open(link)
    assert "5 tài liệu chờ tiếp nhận" in page.text
    assert "UBND xã Tân Lập" in page.text
    last = page.attributes("input[name=document]", "value")[-1]
    page = secretary.post(
        "documents.carrying.take", {"document": last}, status=303, decision_id=draft
    )
    assert "Tiếp nhận cả 4 tài liệu" in page.text
    page = secretary.post(
        "documents.carrying.take", {"q": "khai sinh"}, status=303, decision_id=draft
    )
    assert "Không còn tài liệu nào chờ tiếp nhận." in page.text, "of those searched for"
    page = secretary.post("documents.carrying.take", {}, status=303, decision_id=draft)
    page = secretary.post("documents.carrying.take", {}, status=409, decision_id=draft)
    assert "Không còn tài liệu nào như vậy" in page.text
    assert len(desk.lines(draft)) == 10
    page = secretary.get("documents.decisions.show", decision_id=draft)
    assert "Thay cho tài liệu: 1.1 (tan-lap)" in page.text


def test_so_many_are_taken_over_at_once_that_others_need_not_wait(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "MOST", 2)
    desk.issue({f"1.{place}": procedure("Khai sinh") for place in range(3)}, JULY, "tan-lap")
    desk.end("tan-lap", SUNDAY, "song-lo")
    draft = desk.opened()
    assert (desk.carry(draft), desk.carry(draft)) == (2, 1)
