"""Every price of the starter library answers in its place, and only on its days."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest

from qms.documents.kinds.fee import FeeSchedule
from qms.documents.kinds.fees import Channel, FeeLine, Rate
from qms.documents.kinds.parts import Mark
from qms.documents.price_checks import clashes, gaps
from qms.documents.price_rules import Ground, Held, Question, Source, answer, cost, held
from qms.errors import InvalidError
from qms.library import demo_fees
from qms.library.demo_units import UNITS
from qms.library.rules import check_library
from qms.units.rules import Place

FROM = date(2016, 1, 1)
LABEL = "dữ liệu mẫu – cần đối chiếu với quyết định công bố"


@cache
def ground() -> Ground:
    """Return the units of the demonstration as territories see them."""
    ids = {each.slug: number for number, each in enumerate(UNITS)}
    before: dict[int, list[int]] = {}
    for each in UNITS:
        for follower in each.followed_by:
            before.setdefault(ids[follower], []).append(ids[each.slug])
    return Ground(
        {number: slug for slug, number in ids.items()},
        {
            ids[each.slug]: Place(
                ids[each.slug],
                ids.get(each.parent),
                each.office,
                each.first_day,
                each.last_day,
            )
            for each in UNITS
        },
        before,
    )


@cache
def schedules() -> dict[str, FeeSchedule]:
    """Return the schedules by code."""
    found = {each.file.code: each.file.content for each in demo_fees.schedules()}
    return {code: each for code, each in found.items() if isinstance(each, FeeSchedule)}


@cache
def everything() -> list[Held]:
    """Return all lines as the demonstration holds them."""
    return [
        each
        for number, (code, content) in enumerate(schedules().items())
        for each in held(
            content.lines, Source(number, 1, code, code, code, "", number, 1, ""), FROM, None
        )
    ]


def boundaries(each: Held) -> Iterator[date]:
    """Give the day before, the day itself and the day after where a line begins and ends."""
    for day in (each.first_day, each.last_day):
        if day is not None:
            yield from (day + timedelta(days=step) for step in (-1, 0, 1))


def told(each: Held, day: date, channel: Channel, place: str) -> tuple[Held, ...]:
    """Return what answers a question made for a line."""
    number = next(n for n, word in ground().words.items() if word == place)
    line = each.line
    asked = Question(line.procedure, channel, ground().within(number), day, day, line.case)
    for found in answer(everything(), asked):
        if found.name == line.name:
            return found.lines
    return ()


def test_no_line_of_the_starter_is_lost_and_all_say_that_they_are_samples() -> None:
    assert sum(len(each.lines) for each in schedules().values()) == 163
    assert len(everything()) == 163
    assert {each.label for each in schedules().values()} == {LABEL}
    assert demo_fees.first_day(demo_fees.schedules()) == FROM


def test_every_line_answers_alone_on_its_days_and_never_on_others() -> None:
    for each in everything():
        for place in each.line.units or ("song-lo",):
            for channel in each.line.channels or tuple(Channel):
                for day in boundaries(each):
                    found = told(each, day, channel, place)
                    assert (found == (each,)) is each.holds(day), (each, day, place)


def test_a_former_territory_answers_in_what_followed_it() -> None:
    later = {"hai-phong-cu": "hai-phong", "tinh-vinh-phuc": "song-lo"}
    moved = [each for each in everything() if set(each.line.units) & set(later)]
    assert len(moved) == 72
    for each in moved:
        channel = (each.line.channels or tuple(Channel))[0]
        place = later[each.line.units[0]]
        assert told(each, each.last_day or each.first_day, channel, place) == (each,)


def test_lines_without_a_first_day_count_from_their_revision_and_are_marked() -> None:
    unknown = [each for each in everything() if not each.first_day_known]
    assert len(unknown) == 51
    assert {each.first_day for each in unknown} == {FROM}


def test_what_is_remembered_or_unknown_has_no_amount() -> None:
    unsure = [each.line for each in everything() if each.line.mark is not Mark.FOUND]
    assert len(unsure) == 46
    assert {line.rate for line in unsure} == {Rate.UNKNOWN}


def test_no_two_lines_contradict_each_other_and_no_days_are_forgotten() -> None:
    lines: list[FeeLine] = [each.line for each in everything()]
    assert [str(why) for _, _, why in clashes(lines, ground())] == []
    assert gaps(lines) == []


def test_a_file_with_two_prices_for_one_case_and_day_is_refused_naming_both() -> None:
    source = next(each for each in demo_fees.schedules() if each.file.code == "PHI-CHUNG-THUC")
    assert isinstance(source.file.content, FeeSchedule)
    twice = source.file.content.model_copy(
        update={"lines": (*source.file.content.lines, source.file.content.lines[0])}
    )
    with pytest.raises(InvalidError) as refused:
        check_library([replace(source, file=replace(source.file, content=twice))])
    (why,) = refused.value.parts
    assert "PHI-CHUNG-THUC.yaml: Dòng 1 (" in str(why)
    assert "và dòng 23 (" in str(why)


def test_copies_are_priced_by_the_page() -> None:
    paid = next(each.line for each in everything() if each.line.rate is Rate.STEPS)
    assert (cost(paid, 5), cost(paid, 250)) == (7_000, 200_000)


def test_a_number_that_is_only_displayed_is_kept_but_is_no_price() -> None:
    shown = [each.line for each in everything() if "hiển thị" in each.line.name]
    assert [(line.rate, "50.000" in line.note) for line in shown] == [(Rate.UNKNOWN, True)]
