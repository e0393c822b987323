"""Who may review and sign, over what, for which day, and what a signature brings about."""

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from qms.accounts import queries as account_queries
from qms.accounts import service as accounts
from qms.accounts.models import User
from qms.accounts.rules import Role
from qms.db import db, transaction
from qms.documents import queries, rules, service, signing
from qms.documents.models import Document, Revision
from qms.documents.readiness import line_values
from qms.documents.rules import RevisionText, State, Step
from qms.documents.service import Head, Line
from qms.documents.timeline import Action
from qms.errors import InvalidError, NotAllowedError, RefusedError, StaleError
from qms.units import service as units
from qms.units.queries import unit
from tests.deciding import Deciding, after, text
from tests.factories import Office
from tests.when import MONDAY, Clock

PROVINCE = "UBND tỉnh Phú Thọ"


@pytest.fixture
def desk(app: Flask, office: Office, clock: Clock) -> Iterator[Deciding]:
    with app.app_context():
        yield Deciding(app, office, clock)


def also(desk: Deciding, account: str, role: Role) -> None:
    """Give somebody one more post in xã Sông Lô."""
    with transaction() as session:
        person = session.get_one(User, desk.office.people[account])
        where = unit(session, "song-lo")
        accounts.give_post(session, desk.act("quantri"), person, where, role, first_day=MONDAY)


def drafted(desk: Deciding, **more: str) -> int:
    decision = desk.open(**more)
    desk.add(decision, Action.ISSUE, text())
    return decision


# Four eyes.


def test_a_drafter_does_not_review_whatever_other_post_is_used(desk: Deciding) -> None:
    also(desk, "thuky", Role.HEAD)
    decision = drafted(desk)
    with pytest.raises(NotAllowedError, match="Người soạn thảo không xem xét"):
        desk.review(decision, "thuky")


def test_a_drafter_does_not_sign_whatever_other_post_is_used(desk: Deciding) -> None:
    also(desk, "thuky", Role.LEADER)
    decision = drafted(desk)
    desk.review(decision)
    with pytest.raises(NotAllowedError, match="Người soạn thảo không ký"):
        desk.sign(decision, "thuky")


@pytest.mark.parametrize("deed", ["text", "line", "head", "rebase", "submit"])
def test_everybody_who_touched_the_draft_is_a_drafter(desk: Deciding, deed: str) -> None:
    also(desk, "truongphong", Role.SECRETARY)
    decision = drafted(desk)
    (line,) = desk.lines(decision)
    if deed == "submit":
        desk.submit(decision, "truongphong")
    else:
        with transaction() as session:
            act, change = desk.act("truongphong"), queries.line(session, line.id)
            if deed == "text":
                service.edit_text(session, act, change, text("Tên khác"), version=1)
            elif deed == "line":
                service.edit_line(session, act, change, day=None, reason="", material=True)
            elif deed == "head":
                found = queries.decision(session, decision)
                head = Head("Tên khác")
                service.edit_decision(session, act, found, head, version=found.version)
            else:
                service.rebase(session, act, change)
    with pytest.raises(NotAllowedError, match="Người soạn thảo không xem xét"):
        desk.review(decision, "truongphong")


def test_dropping_the_line_one_wrote_leaves_one_a_drafter(desk: Deciding) -> None:
    also(desk, "truongphong", Role.SECRETARY)
    decision = drafted(desk)
    extra = desk.add(decision, Action.ISSUE, text(), code="QT-02", who="truongphong")
    with transaction() as session:
        service.drop_line(session, desk.act("thuky"), queries.line(session, extra))
    with pytest.raises(NotAllowedError):
        desk.review(decision, "truongphong")


def test_reviewer_and_signer_are_two_people(desk: Deciding) -> None:
    also(desk, "truongphong", Role.LEADER)
    decision = drafted(desk)
    desk.review(decision)
    with pytest.raises(NotAllowedError, match="phải là hai người"):
        desk.sign(decision, "truongphong")
    desk.sign(decision, "lanhdao")


def test_an_earlier_reviewer_does_not_sign_after_another_reviewed_too(desk: Deciding) -> None:
    also(desk, "truongphong", Role.LEADER)
    also(desk, "chuyenvien", Role.HEAD)
    decision = drafted(desk)
    desk.review(decision, "truongphong")
    desk.review(decision, "chuyenvien")
    with pytest.raises(NotAllowedError, match="phải là hai người"):
        desk.sign(decision, "truongphong")


def test_in_an_office_of_three_the_signer_may_review(desk: Deciding) -> None:
    also(desk, "lanhdao", Role.HEAD)
    decision = drafted(desk)
    with transaction() as session:
        where = unit(session, "song-lo")
        units.let_signer_review(session, desk.act("quantri"), where, allowed=True)
    desk.review(decision, "lanhdao")
    desk.sign(decision, "lanhdao")
    assert desk.decision(decision).state is State.SIGNED


def test_nobody_signs_what_nobody_reviewed(desk: Deciding) -> None:
    decision = drafted(desk)
    desk.submit(decision)
    with pytest.raises(RefusedError, match="Chưa có người xem xét"):
        desk.sign(decision)


def test_a_draft_is_not_signed_before_it_is_handed_over(desk: Deciding) -> None:
    decision = drafted(desk)
    with transaction() as session:
        where = unit(session, "song-lo")
        units.let_signer_review(session, desk.act("quantri"), where, allowed=True)
    with pytest.raises(RefusedError, match="không làm bước này được"):
        desk.sign(decision)


def test_a_post_that_has_ended_signs_nothing(desk: Deciding) -> None:
    decision = drafted(desk)
    desk.review(decision)
    with transaction() as session:
        person = session.get_one(User, desk.office.people["lanhdao"])
        (post,) = account_queries.posts(session, person.id)
        accounts.end_post(session, desk.act("quantri"), post, last_day=MONDAY)
    desk.clock.go(after(1))
    with pytest.raises(NotAllowedError):
        desk.sign(decision, on=after(1))


def test_signatures_lapse_when_a_decision_is_sent_back(desk: Deciding) -> None:
    decision = drafted(desk)
    desk.review(decision)
    desk.send_back(decision)
    assert desk.decision(decision).state is State.DRAFT
    desk.submit(decision)
    with pytest.raises(RefusedError, match="Chưa có người xem xét"):
        desk.sign(decision)


def test_returning_needs_words(desk: Deciding) -> None:
    decision = drafted(desk)
    desk.submit(decision)
    with transaction() as session:
        found = queries.decision(session, decision)
        with pytest.raises(InvalidError, match="lý do trả lại"):
            signing.send_back(session, desk.act("truongphong"), found, reason=" ")


@pytest.mark.parametrize("who", ["truongphong", "lanhdao", "thuky"])
def test_reviewer_signer_and_drafter_may_give_it_back(desk: Deciding, who: str) -> None:
    decision = drafted(desk)
    desk.submit(decision)
    desk.send_back(decision, who)
    assert desk.decision(decision).state is State.DRAFT


# Papers of others.


def test_a_paper_from_outside_is_confirmed_by_one_second_person(desk: Deciding) -> None:
    decision = drafted(desk, issuer=PROVINCE)
    desk.sign(
        decision, number="1234/QĐ-UBND", dated=after(-10), on=after(-3), reason="chép lại"
    )
    found = desk.decision(decision)
    assert (found.state, found.number, found.dated) == (
        State.SIGNED,
        "1234/QĐ-UBND",
        after(-10),
    )
    deeds = [each.deed.value for each in queries.signatures(db.session(), decision)]
    assert deeds == ["drafted", "confirmed"]


def test_whoever_copied_a_paper_from_outside_does_not_confirm_it(desk: Deciding) -> None:
    also(desk, "thuky", Role.LEADER)
    decision = drafted(desk, issuer=PROVINCE)
    with pytest.raises(NotAllowedError, match="Người soạn thảo không ký"):
        desk.sign(decision, "thuky")


def test_a_further_record_of_the_same_outside_paper_says_so(desk: Deciding) -> None:
    first = drafted(desk, issuer=PROVINCE)
    desk.sign(first, number="1234/QĐ-UBND")
    second = desk.open(issuer=PROVINCE)
    desk.add(second, Action.ISSUE, text(), code="QT-02")
    with pytest.raises(RefusedError, match="đã dùng cho một quyết định khác"):
        desk.sign(second, number="1234/QĐ-UBND")
    desk.sign(second, number="1234/QĐ-UBND", supplement=True)
    assert desk.decision(second).supplements_id == first


# Numbers.


def test_a_number_is_used_once_a_year(desk: Deciding) -> None:
    decision = drafted(desk)
    desk.review(decision)
    number = desk.sign(decision)
    other = desk.open()
    desk.add(other, Action.ISSUE, text(), code="QT-02")
    desk.review(other)
    with pytest.raises(RefusedError, match="đã dùng"):
        desk.sign(other, number=number, supplement=True)
    assert number == "01/QĐ-UBND"
    for spelling in (" 01/QĐ-UBND ", "01/qđ-ubnd", "01 / QĐ - UBND", "1/QÐ-UBND", "01–QD/UBND"):
        with pytest.raises(RefusedError, match="đã dùng"):
            desk.sign(other, number=spelling)
    desk.sign(other, number=number, dated=date(2025, 12, 1))


def test_numbers_that_differ_in_a_figure_are_two() -> None:
    apart = ("1/12/QĐ-UBND", "11/2/QĐ-UBND", "112/QĐ-UBND", "10/QĐ-UBND", "100/QĐ-UBND")
    assert len(set(map(rules.number_key, apart))) == len(apart)


def test_two_issuers_may_use_the_same_number(desk: Deciding) -> None:
    first = drafted(desk, issuer=PROVINCE)
    desk.sign(first, number="12/QĐ-UBND")
    second = desk.open(issuer="Sở Tư pháp")
    desk.add(second, Action.ISSUE, text(), code="QT-02")
    desk.sign(second, number="12/QĐ-UBND")
    assert desk.decision(second).supplements_id is None


def test_a_decision_has_a_number_and_at_least_one_line(desk: Deciding) -> None:
    empty = desk.open()
    with pytest.raises(RefusedError, match="chưa có dòng nào"):
        desk.submit(empty)
    decision = drafted(desk)
    desk.review(decision)
    with pytest.raises(InvalidError, match="Hãy ghi số"):
        desk.sign(decision, number=" / ")


# Days.


def test_a_past_day_needs_a_reason_which_is_kept(desk: Deciding) -> None:
    decision = drafted(desk)
    desk.review(decision)
    with pytest.raises(RefusedError, match="đã qua nên phải nêu lý do"):
        desk.sign(decision, on=after(-1))
    desk.sign(decision, on=after(-1), reason="nhập bổ sung")
    assert desk.decision(decision).reason == "nhập bổ sung"
    assert desk.title_on(after(-1)) == "Kiểm soát tài liệu"
    assert desk.title_on(after(-2)) is None


def test_the_reason_of_the_decision_explains_its_lines_too(desk: Deciding) -> None:
    desk.decide(Action.ISSUE, text("Bản 1"), on=after(-10), reason="nhập bổ sung")
    desk.decide(Action.AMEND, text("Bản 3"), on=MONDAY)
    decision = desk.open()
    desk.add(decision, Action.AMEND, text("Bản 2"))
    desk.review(decision)
    desk.sign(decision, on=after(-5), reason="nhập bổ sung")
    assert [desk.title_on(after(d)) for d in (-10, -5, 0)] == ["Bản 1", "Bản 2", "Bản 3"]


def test_a_paper_is_not_dated_to_come(desk: Deciding) -> None:
    decision = drafted(desk)
    desk.review(decision)
    with pytest.raises(InvalidError, match="chưa đến"):
        desk.sign(decision, dated=after(1))


def test_a_future_decision_changes_nothing_until_its_day_then_all_at_once(
    desk: Deciding,
) -> None:
    codes = ["QT-01", "QT-02", "QT-03"]
    for code in codes:
        desk.decide(Action.ISSUE, text(f"Cũ {code}"), code=code)
    decision = desk.open()
    for code in codes[:2]:
        desk.add(decision, Action.AMEND, text(f"Mới {code}"), code=code)
    desk.add(decision, Action.WITHDRAW, code="QT-03")
    desk.review(decision)
    desk.sign(decision, on=after(4))
    with desk.app.app_context():
        for day in range(4):
            desk.clock.go(after(day))
            assert [desk.title_on(after(day), c) for c in codes] == [f"Cũ {c}" for c in codes]
        desk.clock.go(after(4))
        told = [desk.title_on(after(4), code) for code in codes]
    assert told == ["Mới QT-01", "Mới QT-02", None]


def test_a_line_may_have_a_day_of_its_own(desk: Deciding) -> None:
    decision = desk.open()
    desk.add(decision, Action.ISSUE, text("Ngay"), code="QT-01")
    desk.add(decision, Action.ISSUE, text("Sau"), code="QT-02", day=after(7))
    desk.review(decision)
    desk.sign(decision)
    assert desk.title_on(MONDAY, "QT-02") is None
    assert desk.title_on(after(7), "QT-02") == "Sau"


def test_one_refused_line_stops_the_whole_decision(desk: Deciding) -> None:
    decision = desk.open()
    desk.add(decision, Action.ISSUE, text(), code="QT-01")
    desk.add(decision, Action.AMEND, text(), code="QT-02")
    desk.add(decision, Action.WITHDRAW, code="QT-03")
    desk.review(decision)
    with pytest.raises(RefusedError) as refused:
        desk.sign(decision)
    assert [str(each)[:5] for each in refused.value.parts] == ["QT-02", "QT-03"]
    found = desk.decision(decision)
    assert (found.state, found.number, found.digest) == (State.IN_REVIEW, None, None)
    assert desk.title_on(MONDAY, "QT-01") is None


# Stale bases.


def test_a_stale_base_is_refused_with_the_lines_and_signed_after_a_rebase(
    desk: Deciding,
) -> None:
    desk.decide(Action.ISSUE, text("Bản 1"))
    mine = desk.open()
    line = desk.add(mine, Action.AMEND, text("Của tôi"), day=after(2))
    desk.review(mine)
    desk.decide(Action.AMEND, text("Bản 2"), on=after(1))
    with pytest.raises(StaleError) as stale:
        desk.sign(mine, on=after(2))
    assert [str(each) for each in stale.value.parts] == [
        "QT-01: đã có 1 thay đổi được ký từ khi soạn dòng này."
    ]
    desk.send_back(mine)
    with transaction() as session:
        service.rebase(session, desk.act("thuky"), queries.line(session, line))
    desk.review(mine)
    desk.sign(mine, on=after(2))
    assert desk.title_on(after(2)) == "Của tôi"


def test_a_stale_base_is_told_when_the_draft_is_handed_over(desk: Deciding) -> None:
    mine = drafted(desk)
    desk.decide(Action.ISSUE, text("Bản 1"))
    with pytest.raises(StaleError):
        desk.submit(mine)


def test_saving_over_somebody_elses_text_is_refused_and_loses_nothing(desk: Deciding) -> None:
    decision = drafted(desk)
    (line,) = desk.lines(decision)
    with transaction() as session:
        change = queries.line(session, line.id)
        service.edit_text(session, desk.act("thuky"), change, text("Nhanh"), version=1)
    with transaction() as session:
        change = queries.line(session, line.id)
        with pytest.raises(StaleError):
            service.edit_text(session, desk.act("thuky"), change, text("Chậm"), version=1)
    saved = desk.change(line.id).revision
    assert saved is not None
    assert (saved.title, saved.version) == ("Nhanh", 2)


def test_a_head_read_before_somebody_saved_is_refused(desk: Deciding) -> None:
    decision = drafted(desk)
    with transaction() as session:
        found = queries.decision(session, decision)
        with pytest.raises(StaleError):
            service.edit_decision(session, desk.act("thuky"), found, Head("Khác"), version=1)


def test_a_head_changed_behind_the_reviewer_is_not_signed(desk: Deciding) -> None:
    decision = drafted(desk)
    desk.review(decision)
    with transaction() as session:
        session.execute(sa.text("UPDATE decision SET title = 'Khác'"))
    with pytest.raises(StaleError, match="khác với bản được xem xét"):
        desk.sign(decision)


@pytest.mark.parametrize("column", ["title = 'Khác'", "audience = 'internal'", "issue_no = 9"])
def test_a_text_whose_columns_say_other_things_is_not_signed(
    desk: Deciding, column: str
) -> None:
    decision = drafted(desk)
    with transaction() as session:
        session.execute(sa.text(f"UPDATE revision SET {column}"))
    desk.review(decision)
    with pytest.raises(StaleError, match="không còn nguyên vẹn"):
        desk.sign(decision)


# Whose documents.


def other_unit(desk: Deciding, slug: str, *, last_day: date | None = None) -> int:
    with transaction() as session:
        act = desk.act("quantri")
        old = units.found(session, act, slug=slug, first_day=date(2018, 1, 1), office=True)
        if last_day:
            heir = unit(session, "song-lo")
            other = unit(session, "tan-lap")
            units.end(
                session, act, old, last_day=last_day, successors=[heir, other], carrier=heir
            )
        return old.id


def document_of(desk: Deciding, owner: int) -> int:
    with transaction() as session:
        made = Document(
            owner_id=owner, kind="text", code="QT-01", slug="QT-01", created_at=desk.clock.at
        )
        session.add(made)
        session.flush()
        return made.id


def add_foreign(desk: Deciding, decision: int, document: int) -> None:
    with transaction() as session:
        line = Line(queries.document(session, document), Action.ISSUE, text())
        found = queries.decision(session, decision)
        service.add_lines(session, desk.act("thuky"), found, [line])


def test_a_decision_concerns_no_document_of_somebody_else(desk: Deciding) -> None:
    document = document_of(desk, other_unit(desk, "bach-luu"))
    with pytest.raises(RefusedError, match="không thuộc đơn vị"):
        add_foreign(desk, desk.open(), document)


def test_the_carrying_successor_signs_for_a_unit_that_has_ended(desk: Deciding) -> None:
    document = document_of(desk, other_unit(desk, "bach-luu", last_day=date(2025, 6, 30)))
    decision = desk.open()
    add_foreign(desk, decision, document)
    desk.review(decision)
    desk.sign(decision)
    assert queries.in_force_id(db.session(), document, MONDAY) is not None


def test_nobody_signs_for_a_unit_before_it_has_ended(desk: Deciding) -> None:
    document = document_of(desk, other_unit(desk, "bach-luu", last_day=after(3)))
    with pytest.raises(RefusedError, match="không thuộc đơn vị"):
        add_foreign(desk, desk.open(), document)
    desk.clock.go(after(4))
    add_foreign(desk, desk.open(), document)


def test_a_successor_that_does_not_carry_signs_nothing_for_it(desk: Deciding) -> None:
    document = document_of(desk, other_unit(desk, "bach-luu", last_day=date(2025, 6, 30)))
    with transaction() as session:
        act = desk.act("thuky-tl")
        owner = unit(session, "tan-lap")
        decision = service.open_decision(session, act, owner, Head("Về việc ban hành"))
        line = Line(queries.document(session, document), Action.ISSUE, text())
        with pytest.raises(RefusedError, match="không thuộc đơn vị"):
            service.add_lines(session, act, decision, [line])


# Corrections, moves, cancellations.


def test_a_correction_takes_the_place_of_its_day_and_the_next_number(desk: Deciding) -> None:
    first = desk.decide(Action.ISSUE, text("Bản sia"))
    desk.clock.go(after(5))
    second = desk.decide(
        Action.ISSUE, text("Bản sai"), on=MONDAY, replaces=first, reason="sai chính tả"
    )
    assert desk.title_on(MONDAY) == "Bản sai"
    assert desk.change(first).replaced_by_id == second
    numbers = [desk.change(each).revision for each in (first, second)]
    assert [each and each.number for each in numbers] == [1, 2]
    known = queries.in_force_id(
        db.session(), desk.change(first).document_id, MONDAY, desk.change(first).signed_at
    )
    assert known == desk.change(first).revision_id


def test_a_move_without_new_text_names_the_same_revision(desk: Deciding) -> None:
    future = desk.decide(Action.ISSUE, text("Bản 1"), on=after(3))
    moved = desk.decide(Action.ISSUE, on=after(6), replaces=future)
    assert desk.change(moved).revision_id == desk.change(future).revision_id
    revision = desk.change(moved).revision
    assert revision is not None
    assert revision.number == 1
    assert desk.title_on(after(3)) is None
    assert desk.title_on(after(6)) == "Bản 1"
    third = desk.decide(Action.AMEND, text("Bản 2"), on=after(9))
    latest = desk.change(third).revision
    assert latest is not None
    assert latest.number == 2


def test_numbers_follow_the_order_of_signing_not_of_days(desk: Deciding) -> None:
    desk.decide(Action.ISSUE, text("Sau"), on=after(-2), reason="nhập bổ sung")
    query = sa.select(Revision.number, Revision.title).order_by(Revision.number)
    desk.decide(Action.AMEND, text("Hôm nay"), on=MONDAY)
    assert [tuple(r) for r in db.session.execute(query)] == [(1, "Sau"), (2, "Hôm nay")]


def test_a_decision_all_of_whose_changes_are_cancelled_holds_nothing(desk: Deciding) -> None:
    first = desk.open()
    lines = [
        desk.add(first, Action.ISSUE, text(code), code=code) for code in ("QT-01", "QT-02")
    ]
    desk.review(first)
    desk.sign(first, on=after(5))
    second = desk.open()
    for line, code in zip(lines, ("QT-01", "QT-02"), strict=True):
        desk.add(second, Action.CANCEL, code=code, replaces=line)
    desk.review(second)
    desk.sign(second)
    assert all(desk.change(line).replaced_by_id for line in lines)
    assert [desk.title_on(after(9), code) for code in ("QT-01", "QT-02")] == [None, None]
    assert all(change.effective_on is None for change in desk.lines(second))


def test_a_cancel_line_names_what_it_cancels(desk: Deciding) -> None:
    with pytest.raises(InvalidError, match="phải nêu rõ thay đổi nào"):
        desk.add(desk.open(), Action.CANCEL)


def test_a_change_of_another_document_cannot_be_replaced(desk: Deciding) -> None:
    future = desk.decide(Action.ISSUE, text(), code="QT-02", on=after(3))
    decision = desk.open()
    desk.add(decision, Action.CANCEL, code="QT-01", replaces=future)
    desk.review(decision)
    with pytest.raises(RefusedError, match="Chỉ thay được một thay đổi đã ký"):
        desk.sign(decision)


def test_a_withdrawal_ends_what_was_until_it_is_issued_again(desk: Deciding) -> None:
    desk.decide(Action.ISSUE, text("Bản 1"))
    desk.decide(Action.WITHDRAW, on=after(2))
    desk.decide(Action.ISSUE, text("Bản 2"), on=after(5))
    told = [desk.title_on(after(day)) for day in (1, 2, 4, 5)]
    assert told == ["Bản 1", None, None, "Bản 2"]


def test_a_text_goes_with_issue_and_amend_alone(desk: Deciding) -> None:
    decision = desk.open()
    with pytest.raises(InvalidError):
        desk.add(decision, Action.ISSUE)
    with pytest.raises(InvalidError):
        desk.add(decision, Action.WITHDRAW, text())


# What a signature covers.


def test_a_digest_can_be_made_again_from_the_record(desk: Deciding) -> None:
    decision = drafted(desk)
    desk.review(decision)
    desk.sign(decision, number=" 12/QĐ-UBND ")
    found = desk.decision(decision)
    assert found.number is not None
    assert found.dated is not None
    assert found.effective_on is not None
    assert found.digest == rules.signed_digest(
        found.title,
        found.issuer_key,
        line_values(desk.lines(decision)),
        number=found.number,
        dated=found.dated,
        effective_on=found.effective_on,
    )


def test_the_digests_of_scheme_1_never_come_out_otherwise() -> None:
    line = {"owner": "song-lo", "kind": "text", "code": "QT-01", "action": "issue"}
    assert rules.lines_digest("Về việc ban hành", "unit:1", [line]) == LINES_1
    assert (
        rules.signed_digest(
            "Về việc ban hành",
            "unit:1",
            [line],
            number="12/QĐ-UBND",
            dated=MONDAY,
            effective_on=after(1),
        )
        == SIGNED_1
    )


LINES_1 = "fd5678164d30a296d100e8ee05366b89604149e586e6405930afe021d7ffc6a1"
SIGNED_1 = "4449086fef977a6e0e3a4729c36023f78906397f16f0817aaaa38022e588a7e1"


# Rules by themselves.


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
def test_a_step_leads_on_or_is_refused(state: State, step: Step) -> None:
    if (state, step) in rules.NEXT:
        assert rules.advance(state, step) is rules.NEXT[state, step]
    else:
        with pytest.raises(RefusedError, match=rules.STATE_WORDS[state]):
            rules.advance(state, step)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title": " "}, "Hãy ghi tên"),
        ({"title": "x" * 2001}, "dài quá"),
        ({"scope": rules.Scope.LEVEL}, "theo cấp"),
        ({"scope": rules.Scope.UNITS}, "theo đơn vị"),
        ({"issue_no": 0}, "Lần ban hành"),
        ({"amendment_no": -1}, "Lần ban hành"),
    ],
)
def test_a_text_that_says_two_things_is_refused(wrong: dict[str, object], words: str) -> None:
    said = RevisionText(**{**text().__dict__, **wrong})
    with pytest.raises(InvalidError, match=words):
        rules.check_text(said)


def test_nobody_and_drafters_neither_review_nor_sign() -> None:
    for person in (None, 1):
        with pytest.raises(NotAllowedError):
            rules.check_reviewer(person, {1})
        with pytest.raises(NotAllowedError):
            rules.check_signer(person, {1}, 2, outside=False, may_review=True)
    rules.check_reviewer(2, {1})
    rules.check_signer(2, {1}, None, outside=True, may_review=False)
    rules.check_signer(2, {1}, None, outside=False, may_review=True)


def test_a_whole_new_issue_begins_its_amendments_again() -> None:
    assert rules.next_numbers(1, 2, whole=False) == (1, 3)
    assert rules.next_numbers(1, 2, whole=True) == (2, 0)
