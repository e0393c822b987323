"""A request never closes without its gates, whoever tries what in which order."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qms.accounts.rules import Role
from qms.actions import causes, eyes, rules, time_rules, work_rules
from qms.actions.rules import Deed, Sheet, Source, State, Step, Task
from qms.errors import InvalidError, NotAllowedError, QmsError, RefusedError
from qms.standards import catalogue
from qms.units.rules import Place
from tests.when import MONDAY

DAY = timedelta(days=1)
CLERK, HEAD, SECRETARY, LEADER, AUDITOR = range(1, 6)
PEOPLE = (CLERK, HEAD, SECRETARY, LEADER, AUDITOR)
HEADS: Mapping[int, tuple[int, ...]] = {
    CLERK: (HEAD,),
    SECRETARY: (LEADER,),
    AUDITOR: (LEADER,),
}
LACKING: list[dict[str, object]] = [
    {"correction": False},
    {"cause": False},
    {"extent": False},
    {"tasks": ()},
]
PLANNED = Sheet(
    raised_on=MONDAY,
    due=MONDAY + 30 * DAY,
    correction=True,
    cause=True,
    extent=True,
    tasks=(Task(1, CLERK, MONDAY + 10 * DAY),),
)


def taken(sheet: Sheet, step: Step, by: int, on: date = MONDAY, **more: object) -> Sheet:
    """Take a step for somebody who gives every reason."""
    deed = Deed(step, by, on, reason="vì thế", heads=HEADS)
    return rules.take(sheet, replace(deed, **more))  # type: ignore[arg-type]


def at_work() -> Sheet:
    return taken(taken(PLANNED, Step.ANALYSE, HEAD), Step.APPROVE, LEADER)


def handed_in() -> Sheet:
    return taken(
        work_rules.do(work_rules.prove(at_work(), 1, CLERK), 1, CLERK, MONDAY),
        Step.FINISH,
        HEAD,
    )


def verified() -> Sheet:
    return taken(handed_in(), Step.VERIFY, AUDITOR, MONDAY + DAY, effect_due=MONDAY + 90 * DAY)


def test_a_request_goes_from_proposal_to_verified_effect() -> None:
    closed = taken(verified(), Step.CLOSE, AUDITOR, MONDAY + 90 * DAY)
    assert closed.state is State.CLOSED
    assert (closed.verified_on, closed.effect_on) == (MONDAY + DAY, MONDAY + 90 * DAY)


@pytest.mark.parametrize("lacking", LACKING)
def test_nothing_is_submitted_without_correction_cause_extent_and_actions(
    lacking: dict[str, object],
) -> None:
    with pytest.raises(RefusedError, match="chưa đủ"):
        taken(replace(PLANNED, **lacking), Step.ANALYSE, HEAD)  # type: ignore[arg-type]


def test_nothing_is_approved_whose_correction_is_unknown() -> None:
    submitted = replace(taken(PLANNED, Step.ANALYSE, HEAD), correction=False)
    with pytest.raises(RefusedError, match="chưa đủ"):
        taken(submitted, Step.APPROVE, LEADER)


def test_whoever_wrote_of_a_plan_does_not_approve_it_though_another_submits_it() -> None:
    written = replace(PLANNED, writers=frozenset({LEADER}))
    with pytest.raises(NotAllowedError, match="không tự phê duyệt"):
        taken(taken(written, Step.ANALYSE, HEAD), Step.APPROVE, LEADER)


def test_nothing_to_correct_is_a_correction_if_it_says_why() -> None:
    with pytest.raises(InvalidError, match="vì sao không cần"):
        work_rules.check_correction("Không cần.", MONDAY, MONDAY, MONDAY)
    work_rules.check_correction("Không cần, vì hồ sơ đã trả.", MONDAY, MONDAY, MONDAY)


def test_nobody_approves_the_own_plan() -> None:
    with pytest.raises(NotAllowedError, match="không tự phê duyệt"):
        taken(taken(PLANNED, Step.ANALYSE, LEADER), Step.APPROVE, LEADER)


def test_work_is_not_done_without_evidence() -> None:
    with pytest.raises(RefusedError, match="bằng chứng"):
        work_rules.do(at_work(), 1, CLERK, MONDAY)
    begun = taken(at_work(), Step.BEGIN, CLERK)
    with pytest.raises(RefusedError, match="chưa làm xong"):
        taken(begun, Step.FINISH, CLERK)


@pytest.mark.parametrize("person", [CLERK, HEAD])
@pytest.mark.parametrize("step", [Step.VERIFY, Step.REJECT])
def test_neither_doer_nor_head_of_the_doers_unit_judges_the_work(
    person: int, step: Step
) -> None:
    with pytest.raises(NotAllowedError):
        taken(handed_in(), step, person, MONDAY + DAY, effect_due=MONDAY + 90 * DAY)


def test_whoever_once_worked_on_it_stays_barred_after_the_plan_was_made_anew() -> None:
    begun = work_rules.prove(at_work(), 1, AUDITOR)
    replanned = replace(taken(begun, Step.REPLAN, HEAD), tasks=(Task(2, CLERK, MONDAY),))
    assert AUDITOR in rules.barred(replanned, HEADS)


def test_the_effect_is_judged_on_a_later_day_and_not_before_it() -> None:
    with pytest.raises(InvalidError, match="phải sau"):
        taken(handed_in(), Step.VERIFY, AUDITOR, MONDAY, effect_due=MONDAY)
    with pytest.raises(InvalidError, match="12 tháng"):
        taken(handed_in(), Step.VERIFY, AUDITOR, MONDAY, effect_due=MONDAY + 367 * DAY)
    with pytest.raises(RefusedError, match="Chưa đến ngày"):
        taken(verified(), Step.CLOSE, AUDITOR, MONDAY + 89 * DAY)


def test_what_had_no_effect_is_carried_on_and_not_closed() -> None:
    on = taken(verified(), Step.CARRY_ON, AUDITOR, MONDAY + 90 * DAY)
    assert on.state is State.CARRIED_ON
    with pytest.raises(RefusedError):
        taken(on, Step.CLOSE, AUDITOR, MONDAY + 91 * DAY)


def test_work_that_is_not_done_after_all_goes_back_with_those_actions_open() -> None:
    back = taken(handed_in(), Step.REJECT, AUDITOR, MONDAY + DAY)
    assert back.state is State.IN_PROGRESS
    assert [each.done_on for each in back.tasks] == [None]
    assert CLERK in back.workers


@pytest.mark.parametrize("step", sorted(rules.BACK))
def test_steps_back_need_a_reason(step: Step) -> None:
    states = {Step.SEND_BACK: State.ANALYSED, Step.REJECT: State.DONE}
    sheet = replace(at_work(), state=states.get(step, State.APPROVED))
    with pytest.raises(InvalidError, match="lý do"):
        taken(sheet, step, AUDITOR, reason=" ")


def test_what_is_at_its_end_can_not_be_annulled() -> None:
    closed = taken(verified(), Step.CLOSE, AUDITOR, MONDAY + 90 * DAY)
    with pytest.raises(RefusedError, match="đã đóng"):
        taken(closed, Step.ANNUL, AUDITOR, MONDAY + 91 * DAY)


def test_overdue_is_a_question_of_days() -> None:
    assert not time_rules.overdue(PLANNED, PLANNED.due)
    assert time_rules.overdue(PLANNED, PLANNED.due + DAY)
    assert not time_rules.overdue(handed_in(), PLANNED.due + DAY)
    assert not time_rules.overdue(verified(), MONDAY + 90 * DAY)
    assert time_rules.overdue(verified(), MONDAY + 91 * DAY)


def test_an_inspection_sets_the_last_day_two_months_after_its_minutes() -> None:
    signed = date(2026, 6, 30)
    assert time_rules.due_day(Source.INSPECTION, MONDAY, None, signed) == date(2026, 8, 30)
    later = time_rules.due_day(Source.INSPECTION, MONDAY, date(2026, 12, 1), signed)
    assert later == date(2026, 8, 30)
    with pytest.raises(InvalidError, match="biên bản"):
        time_rules.due_day(Source.INSPECTION, MONDAY, None, None)
    with pytest.raises(RefusedError, match="26/2014"):
        time_rules.check_extension(PLANNED, Source.INSPECTION, PLANNED.due + DAY, "cần thêm")


def test_other_sources_leave_thirty_days_or_the_day_asked_for() -> None:
    assert time_rules.due_day(Source.AUDIT, MONDAY, None, None) == MONDAY + 30 * DAY
    assert time_rules.due_day(Source.AUDIT, MONDAY, MONDAY + DAY, None) == MONDAY + DAY
    with pytest.raises(InvalidError):
        time_rules.due_day(Source.AUDIT, MONDAY, MONDAY - DAY, None)


def test_more_time_is_later_has_a_reason_and_is_granted_by_another() -> None:
    time_rules.check_extension(PLANNED, Source.AUDIT, PLANNED.due + DAY, "cần thêm")
    with pytest.raises(InvalidError, match="sau hạn"):
        time_rules.check_extension(PLANNED, Source.AUDIT, PLANNED.due, "cần thêm")
    with pytest.raises(InvalidError, match="lý do"):
        time_rules.check_extension(PLANNED, Source.AUDIT, PLANNED.due + DAY, "")
    with pytest.raises(RefusedError, match="không cần gia hạn"):
        time_rules.check_extension(handed_in(), Source.AUDIT, PLANNED.due + DAY, "cần thêm")
    with pytest.raises(NotAllowedError):
        time_rules.check_other(CLERK, CLERK)


def test_an_action_lies_between_the_request_and_its_last_day() -> None:
    with pytest.raises(InvalidError, match="trước ngày lập"):
        time_rules.check_task_day(PLANNED, MONDAY - DAY, MONDAY)
    with pytest.raises(InvalidError, match="sau hạn"):
        time_rules.check_task_day(PLANNED, PLANNED.due + DAY, MONDAY)
    time_rules.check_task_day(PLANNED, PLANNED.due + 9 * DAY, PLANNED.due + DAY)


def test_minutes_are_signed_before_they_are_entered_whatever_led_to_a_finding() -> None:
    for source in Source:
        with pytest.raises(InvalidError, match="không thể sau hôm nay"):
            time_rules.due_day(source, MONDAY, None, MONDAY + DAY)


def test_a_request_that_carries_on_is_due_from_today_and_in_the_time_of_the_inspection() -> (
    None
):
    signed = MONDAY - 30 * DAY
    last = date(2026, 9, 4)
    ask = time_rules.next_due_day
    assert ask(Source.INSPECTION, MONDAY, None, signed) == last
    assert ask(Source.INSPECTION, MONDAY, MONDAY, signed) == MONDAY
    for wrong in (MONDAY - DAY, last + DAY):
        with pytest.raises(InvalidError, match="26/2014"):
            ask(Source.INSPECTION, MONDAY, wrong, signed)
    over = MONDAY + 200 * DAY
    assert ask(Source.INSPECTION, over, None, signed) == over
    assert ask(Source.AUDIT, MONDAY, None, None) == MONDAY + 30 * DAY
    with pytest.raises(InvalidError, match="trước ngày lập"):
        ask(Source.AUDIT, MONDAY, MONDAY - DAY, None)


def test_a_cause_map_is_a_tree_of_whys() -> None:
    found = causes.whys("Trả hồ sơ trễ\n- Thiếu người\n-- Chưa có người thay\n- Máy hỏng\n\n")
    (top,) = found
    assert [each.words for each in top.behind] == ["Thiếu người", "Máy hỏng"]
    assert causes.roots(found) == ["Chưa có người thay", "Máy hỏng"]
    with pytest.raises(InvalidError, match="sâu quá"):
        causes.whys("\n".join("-" * steps + f"bước {steps}" for steps in range(9)))


FIVE_WHYS = (
    "Trả hồ sơ trễ\n- Thiếu người\n-- Chưa tuyển\n- Máy hỏng",
    "Trả hồ sơ trễ\n- Thiếu người\n  - Chưa tuyển\n- Máy hỏng",
    "Trả hồ sơ trễ\n   Thiếu người\n      Chưa tuyển\n   Máy hỏng",
    "1. Trả hồ sơ trễ\n1.1 Thiếu người\n1.1.1 Chưa tuyển\n1.2 Máy hỏng",
    "• Trả hồ sơ trễ\n• • Thiếu người\n•••Chưa tuyển\n• • Máy hỏng",
    "Trả hồ sơ trễ\n1) Thiếu người\n2) Chưa tuyển\n1) Máy hỏng",
    "Trả hồ sơ trễ\nVì sao 1: Thiếu người\nVì sao 2? Chưa tuyển\nVì sao 1: Máy hỏng",
    "1. Trả hồ sơ trễ\n- Thiếu người\n-- Chưa tuyển\n- Máy hỏng",
    "Trả hồ sơ trễ\n→ Thiếu người\n→→→→ Chưa tuyển\n→ Máy hỏng",
)


@pytest.mark.parametrize("text", FIVE_WHYS)
def test_a_cause_map_is_read_however_it_is_usually_written(text: str) -> None:
    short = causes.Why("Thiếu người", (causes.Why("Chưa tuyển"),))
    assert causes.whys(text) == (causes.Why("Trả hồ sơ trễ", (short, causes.Why("Máy hỏng"))),)


def test_numbers_that_begin_a_sentence_are_part_of_it() -> None:
    assert causes.whys("40 hồ sơ trễ") == (causes.Why("40 hồ sơ trễ"),)
    assert causes.whys("20.7.2026 nghỉ lễ") == (causes.Why("20.7.2026 nghỉ lễ"),)


def test_the_head_of_a_unit_is_known_by_person_over_all_posts() -> None:
    founded = date(2020, 1, 1)
    placed = {
        each: Place(each, parent, office=parent is None, first_day=founded, last_day=None)
        for each, parent in ((1, None), (2, 1))
    }
    posts = [
        eyes.Post(CLERK, 2, Role.STAFF),
        eyes.Post(HEAD, 2, Role.HEAD),
        eyes.Post(HEAD, 1, Role.AUDITOR),
        eyes.Post(LEADER, 1, Role.LEADER),
        eyes.Post(SECRETARY, 1, Role.SECRETARY),
    ]
    found = eyes.heads_of(posts, [CLERK, SECRETARY, HEAD], placed)
    assert found == {CLERK: {HEAD}, SECRETARY: {LEADER}, HEAD: {LEADER}}


def test_every_edition_has_its_clauses_once_in_order_and_in_two_languages() -> None:
    for edition in catalogue.EDITIONS.values():
        numbers = [[int(each) for each in number.split(".")] for number in edition.clauses]
        assert numbers == sorted(numbers)
        for clause in edition.clauses.values():
            assert clause.title
            assert clause.title_en
            assert set(catalogue.above(clause.number)) <= set(edition.clauses)
    assert catalogue.clause("9001:2008", "8.5.3").title_en == "Preventive action"
    with pytest.raises(InvalidError):
        catalogue.clause("9001:2015", "8.5.3.9")
    with pytest.raises(InvalidError):
        catalogue.edition("9001:1994")


def wander(chance: random.Random) -> tuple[Sheet, list[tuple[str, int]]]:
    """Let anybody try anything for a while; return what became of it, and who worked."""
    sheet, day, worked = Sheet(MONDAY, MONDAY + 30 * DAY), MONDAY, list[tuple[str, int]]()
    for _ in range(chance.randint(5, 60)):
        who = chance.choice(PEOPLE)
        day += timedelta(days=chance.choice((-1, 0, 0, 1, 30)))
        try:
            tried = chance.randint(0, 5)
            if tried == 0 and sheet.state is State.PROPOSED:
                tasks = tuple(
                    Task(each, chance.choice(PEOPLE), day)
                    for each in range(chance.randint(0, 2))
                )
                sheet = replace(
                    sheet,
                    correction=True,
                    cause=chance.random() < 0.9,
                    extent=True,
                    tasks=tasks or sheet.tasks,
                    writers=sheet.writers | {who},
                )
            elif tried == 1:
                sheet = work_rules.prove(sheet, chance.randint(0, 1), who)
                worked.append(("prove", who))
            elif tried == 2:
                sheet = work_rules.do(sheet, chance.randint(0, 1), who, day)
                worked.append(("do", who))
            else:
                step = chance.choice(
                    [s for (at, s) in rules.NEXT if at is sheet.state] or [*Step]
                )
                sheet = rules.take(
                    sheet,
                    Deed(
                        step,
                        who,
                        day,
                        reason=chance.choice(("", "vì thế")),
                        effect_due=chance.choice((None, day, day + DAY)),
                        heads=HEADS,
                    ),
                )
                if step is Step.FINISH:
                    worked.append(("finish", who))
        except QmsError:
            continue
    return sheet, worked


@given(seed=st.integers(0, 2**63))
@settings(max_examples=2_000, deadline=None)
def test_no_random_walk_reaches_an_end_without_its_gates(seed: int) -> None:
    sheet, worked = wander(random.Random(seed))  # noqa: S311 - a walk, no secret
    if sheet.state not in {State.CLOSED, State.CARRIED_ON}:
        return
    assert sheet.cause
    assert sheet.extent
    assert sheet.tasks
    assert all(each.done_on and each.proven for each in sheet.tasks)
    assert sheet.approved_by not in {None, sheet.analysed_by}
    mine = {who for _, who in worked} | {each.owner for each in sheet.tasks}
    heads = {head for each in mine for head in HEADS.get(each, ())}
    assert sheet.verified_by not in {None} | mine | heads
    assert sheet.effect_by not in {None} | mine | heads
    assert sheet.done_on
    assert sheet.verified_on
    assert sheet.effect_due
    assert sheet.effect_on
    assert sheet.done_on <= sheet.verified_on < sheet.effect_due <= sheet.effect_on


def test_the_walks_do_reach_both_ends() -> None:
    ends = {wander(random.Random(seed))[0].state for seed in range(3_000)}  # noqa: S311 - same
    assert {State.CLOSED, State.CARRIED_ON} <= ends


def test_nothing_is_done_before_the_request_was_raised() -> None:
    with pytest.raises(InvalidError, match="trước ngày lập"):
        taken(PLANNED, Step.ANALYSE, HEAD, MONDAY - DAY)
    with pytest.raises(InvalidError, match="trước ngày lập"):
        work_rules.do(work_rules.prove(at_work(), 1, CLERK), 1, CLERK, MONDAY - DAY)


def test_a_line_of_hyphens_alone_is_no_cause() -> None:
    assert causes.whys("--\nQuên\n- ") == (causes.Why("Quên"),)
