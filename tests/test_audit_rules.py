"""What may be audited when, by whom, and how two answers become one: without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms.accounts.rules import Role
from qms.audits import ahead_views, answers, ical, independence, programme_rules, rules
from qms.audits.answers import Dossier, Result, Said
from qms.audits.independence import Ground, Held, Part, Work
from qms.audits.programme_rules import Slot, Weight
from qms.audits.rules import Days, Hour, Ready, Session, State, Step
from qms.errors import InvalidError, RefusedError
from qms.standards.catalogue import EDITIONS

TODAY = date(2026, 8, 3)
DAYS = Days(date(2026, 8, 10), date(2026, 8, 11), date(2026, 1, 1), date(2026, 8, 10))
NOON = datetime(2026, 8, 10, 5, tzinfo=UTC)


@given(st.lists(st.sampled_from(Step), max_size=12))
def test_no_walk_reaches_the_end_past_a_step(steps: list[Step]) -> None:
    state, done = State.PLANNED, []
    for step in steps:
        try:
            state = rules.advance(state, step)
        except RefusedError:
            continue
        done.append(step)
    if state is State.CLOSED:
        order = [Step.NOTIFY, Step.BEGIN, Step.REPORT, Step.CLOSE]
        assert [each for each in done if each in order][-1] is Step.CLOSE
        assert all(each in done for each in order)
    if state is State.CANCELLED:
        assert Step.BEGIN not in done


def test_a_unit_with_many_findings_or_changes_is_better_audited_twice() -> None:
    assert Weight().times == 1
    assert Weight(remarks=2).times == 1
    assert Weight(major=1).times == 2
    assert Weight(minor=1, remarks=1).times == 2
    assert Weight(changes=programme_rules.MANY_CHANGES).times == 2


def test_a_programme_is_whole_when_each_unit_has_a_month() -> None:
    programme_rules.check_whole([1, 2], [Slot(1, 3), Slot(2, 4)], {})
    with pytest.raises(RefusedError, match="Tư pháp"):
        programme_rules.check_whole([1, 2], [Slot(1, 3)], {2: "Tư pháp"})
    with pytest.raises(RefusedError):
        programme_rules.check_whole([], [], {})
    with pytest.raises(InvalidError):
        programme_rules.check_month(13)


def test_a_programme_that_audits_a_unit_too_seldom_is_approved_only_when_that_is_confirmed() -> (
    None
):
    short = [programme_rules.Short("Tư pháp", 1, 2)]
    with pytest.raises(RefusedError) as seldom:
        programme_rules.check_enough(short, confirmed=False)
    assert str(seldom.value.parts[0]) == "Tư pháp: xếp 1 lần, nên 2 lần"
    programme_rules.check_enough(short, confirmed=True)
    programme_rules.check_enough([], confirmed=False)


@pytest.mark.parametrize(
    "days",
    [
        Days(TODAY, TODAY - timedelta(days=1), TODAY, TODAY),
        Days(TODAY, TODAY, TODAY, TODAY - timedelta(days=1)),
        Days(TODAY, TODAY, TODAY, TODAY + timedelta(days=1)),
    ],
)
def test_days_in_the_wrong_order_are_refused(days: Days) -> None:
    with pytest.raises(InvalidError):
        rules.check_days(days)
    rules.check_days(DAYS)


def test_a_notice_comes_five_days_before_or_says_why_not() -> None:
    rules.check_notice(TODAY + timedelta(days=5), TODAY, "")
    with pytest.raises(InvalidError, match="5 ngày"):
        rules.check_notice(TODAY + timedelta(days=4), TODAY, "")
    rules.check_notice(TODAY + timedelta(days=4), TODAY, "Trưởng đơn vị đề nghị.")
    with pytest.raises(RefusedError):
        rules.check_notice(TODAY, TODAY, "Gấp.")
    assert rules.notice_from(TODAY) == TODAY - timedelta(days=7)


def hour(begins: int, ends: int, *auditors: int, day: date = DAYS.first) -> Hour:
    return Hour(day, time(begins), time(ends), Session.AUDIT, 1, frozenset(auditors))


def test_nobody_audits_in_two_places_at_once() -> None:
    there = [hour(8, 10, 7)]
    rules.check_hour(hour(10, 11, 7), DAYS, there, {7, 8})
    rules.check_hour(hour(9, 11, 8), DAYS, there, {7, 8})
    with pytest.raises(InvalidError, match="08:00"):
        rules.check_hour(hour(9, 11, 7, 8), DAYS, there, {7, 8})


@pytest.mark.parametrize(
    "wrong",
    [
        hour(8, 10, 7, day=TODAY),
        hour(10, 8, 7),
        hour(8, 10),
        hour(8, 10, 9),
        Hour(DAYS.first, time(8), time(9), Session.AUDIT, None, frozenset({7})),
    ],
)
def test_an_hour_has_a_day_of_the_audit_a_unit_and_somebody_of_the_team(wrong: Hour) -> None:
    with pytest.raises(InvalidError):
        rules.check_hour(wrong, DAYS, [], {7, 8})
    rules.check_hour(Hour(DAYS.first, time(8), time(9), Session.OPENING), DAYS, [], {7})


def whole_but() -> Ready:
    """Return an audit of which nothing is missing."""
    return Ready(
        lead=True,
        decided=True,
        units=frozenset({1}),
        planned_units=frozenset({1}),
        opening=3,
        closing=3,
        conclusion="Tốt.",
    )


def test_each_step_names_all_that_is_missing() -> None:
    bare = Ready(lead=False, decided=False, units=frozenset({1}), planned_units=frozenset())
    with pytest.raises(RefusedError) as notice:
        rules.check_ready_to_notify(bare)
    assert len(notice.value.parts) == 3
    with pytest.raises(RefusedError) as report:
        rules.check_ready_to_report(
            replace(whole_but(), opening=0, closing=0, conclusion="", unanswered=2, unraised=1)
        )
    assert len(report.value.parts) == 5
    with pytest.raises(RefusedError, match="2"):
        rules.check_ready_to_close(replace(whole_but(), open_findings=2))
    whole = whole_but()
    rules.check_ready_to_notify(whole)
    rules.check_ready_to_report(whole)
    rules.check_ready_to_close(whole)
    with pytest.raises(RefusedError):
        rules.check_begins(TODAY, TODAY - timedelta(days=1))


def test_each_thing_that_an_audit_lacks_has_somebody_who_mends_it() -> None:
    bare = Ready(
        lead=False,
        decided=False,
        units=frozenset({1}),
        planned_units=frozenset(),
        unanswered=1,
        unraised=1,
        open_findings=1,
    )
    lacks = {each.sentence for state in State for each in rules.lacking(state, bare)}
    assert lacks == set(ahead_views.DOES)


# ---------- independence ----------


def held(
    unit: int, first: date, last: date | None = None, role: Role = Role.STAFF, *reach: int
) -> Held:
    return Held(unit, f"Đơn vị {unit}", role, first, last, frozenset(reach or (unit,)))


def grounds(*posts: Held, works: tuple[Work, ...] = ()) -> list[Ground]:
    found = independence.conflicts(posts, works, units={1}, spans=DAYS.spans)
    return [each.ground for each in found]


def test_a_post_in_the_unit_on_a_single_day_of_the_period_is_enough() -> None:
    last_year = date(2025, 7, 1)
    assert grounds(held(1, last_year)) == [Ground.OWN_UNIT]
    assert grounds(held(1, last_year, DAYS.period_first)) == [Ground.OWN_UNIT]
    assert grounds(held(1, DAYS.last)) == [Ground.OWN_UNIT]
    assert grounds(held(1, last_year, DAYS.period_first - timedelta(days=1))) == []
    assert grounds(held(1, DAYS.last + timedelta(days=1))) == []
    assert grounds(held(2, last_year)) == []


def test_who_answers_for_a_unit_does_not_audit_it_and_an_auditor_of_the_office_does() -> None:
    since = date(2025, 7, 1)
    assert grounds(held(9, since, None, Role.HEAD, 9, 1)) == [Ground.OWN_UNIT]
    assert grounds(held(9, since, None, Role.LEADER, 9, 1)) == [Ground.OWN_UNIT]
    assert grounds(held(9, since, None, Role.AUDITOR, 9, 1)) == []


def test_a_document_counts_once_whatever_was_done_to_it() -> None:
    works = (Work(5, "QT-01", Part.DRAFTED), Work(5, "QT-01", Part.SIGNED))
    found = independence.conflicts((), works, units={1}, spans=DAYS.spans)
    assert [each.ground for each in found] == [Ground.OWN_WORK]
    assert "QT-01" in str(found[0].refusal)


def test_an_exception_opens_the_way_only_where_the_edition_knows_one() -> None:
    found = independence.conflicts(
        [held(1, TODAY)], [Work(5, "QT-01", Part.SIGNED)], units={1}, spans=DAYS.spans
    )
    new, old = EDITIONS["9001:2015"], EDITIONS["9001:2008"]
    with pytest.raises(RefusedError, match="trình lãnh đạo"):
        independence.check("Ánh", found, {(Ground.OWN_UNIT, 1), (Ground.OWN_WORK, 6)}, new)
    independence.check("Ánh", found, {each.key for each in found}, new)
    with pytest.raises(RefusedError, match="không cho ngoại lệ"):
        independence.check("Ánh", found, {each.key for each in found}, old)
    independence.check("Ánh", [], (), old)
    with pytest.raises(RefusedError):
        independence.check_exception(old, "Ít người.", own=False)
    with pytest.raises(RefusedError):
        independence.check_exception(new, "Ít người.", own=True)
    with pytest.raises(InvalidError):
        independence.check_exception(new, "", own=False)
    independence.check_exception(new, "Ít người.", own=False)


def test_a_certificate_holds_on_every_day_of_the_audit() -> None:
    first, last = DAYS.first, DAYS.last
    independence.check_qualified("Ánh", [(first, None)], first, last)
    independence.check_qualified("Ánh", [(first, last)], first, last)
    for short in ([], [(last, None)], [(first, first)]):
        with pytest.raises(RefusedError, match="Ánh"):
            independence.check_qualified("Ánh", short, first, last)


def test_a_post_says_its_days() -> None:
    (open_end,) = independence.conflicts([held(1, TODAY)], (), units={1}, spans=DAYS.spans)
    (closed,) = independence.conflicts(
        [held(1, TODAY, DAYS.last)], (), units={1}, spans=DAYS.spans
    )
    assert str(open_end.refusal) == "Có chức trách ở Đơn vị 1 từ 03/08/2026."
    assert str(closed.refusal).endswith("đến 11/08/2026.")


# ---------- answers ----------


def answered(number: int, result: Result, note: str, basis: int | None = None) -> Said:
    return Said(number, result, note, by=number, said_at=NOON, basis=basis)


results = st.sampled_from(Result)
notes = st.sampled_from(["", "Thiếu chữ ký.", "Đủ hồ sơ."])


@given(results, notes, results, notes)
def test_merging_two_answers_loses_neither_and_keeps_the_graver(
    one: Result, first: str, two: Result, second: str
) -> None:
    a, b = answered(1, one, first), answered(2, two, second)
    result, note = answers.merged(a, b)
    assert result in {one, two}
    if Result.NONCONFORMING in {one, two}:
        assert result is Result.NONCONFORMING
    assert first in note
    assert second in note
    assert answers.merged(answered(3, result, note), b) == (result, note), "once more: the same"


def test_answers_meet_only_where_a_device_had_not_seen_the_last_one() -> None:
    last = answered(1, Result.CONFORM, "Đủ.")
    assert not answers.meet(None, answered(2, Result.REMARK, "Chậm."))
    assert not answers.meet(last, answered(2, Result.REMARK, "Chậm.", basis=1))
    assert answers.meet(last, answered(2, Result.REMARK, "Chậm."))
    assert answers.meet(last, answered(2, Result.REMARK, "Chậm.", basis=7))
    assert not answers.meet(last, answered(2, Result.CONFORM, "Đủ."))


def test_a_finding_says_what_was_seen() -> None:
    for silent in (Result.CONFORM, Result.NOT_CHECKED):
        answers.check_note(silent, "")
    for wordy in (Result.NONCONFORMING, Result.REMARK):
        with pytest.raises(InvalidError):
            answers.check_note(wordy, "")
    with pytest.raises(InvalidError):
        answers.check_note(Result.CONFORM, "x" * (answers.NOTE_LENGTH + 1))


def test_lateness_counts_working_days_after_the_day_promised() -> None:
    def works(day: date) -> bool:
        return day.weekday() < 5

    friday, monday = date(2026, 7, 31), date(2026, 8, 3)
    received = date(2026, 7, 28)
    assert answers.days_late(Dossier(received, friday, friday), works, TODAY) == 0
    assert answers.days_late(Dossier(received, friday, received), works, TODAY) == 0
    assert answers.days_late(Dossier(received, friday, monday), works, TODAY) == 1
    assert answers.days_late(Dossier(received, friday, None), works, date(2026, 8, 5)) == 3
    assert answers.days_late(Dossier(received, None, None), works, TODAY) == 0
    for wrong in (
        Dossier(received, received - timedelta(days=1), None),
        Dossier(received, None, received - timedelta(days=1)),
    ):
        with pytest.raises(InvalidError):
            answers.check_dossier(wrong)


# ---------- the calendar ----------


def test_a_calendar_folds_between_letters_and_lets_nothing_break_out() -> None:
    title = "Đánh giá, đợt 1; phòng Tư pháp\nEND:VEVENT " + "ệ" * 60
    made = ical.write(
        "Đánh giá",
        [
            ical.Event("a@x", DAYS.first, DAYS.last, title, NOON, cancelled=True),
            ical.Event(
                "b@x", NOON, NOON + timedelta(hours=2), "Họp", NOON, "Ở trên", "https://x"
            ),
        ],
    )
    rows = made.split(b"\r\n")
    assert all(len(row) <= 75 for row in rows)
    whole = made.replace(b"\r\n ", b"").decode()
    assert "SUMMARY:Đánh giá\\, đợt 1\\; phòng Tư pháp\\nEND:VEVENT" in whole
    assert "DTSTART;VALUE=DATE:20260810" in whole
    assert "DTEND;VALUE=DATE:20260812" in whole, "a day ends where the next begins"
    assert "DTSTART:20260810T050000Z" in whole
    assert whole.count("BEGIN:VEVENT\r\n") == 2
    assert "STATUS:CANCELLED" in whole
