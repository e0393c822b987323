"""Whether 100,000 random questions what something costs agree with a second account, and how fast.

Asked are the starter library's prices, and schedules made up by chance in which lines overlap,
leave gaps, hold in former units and come with amended texts. The second account knows nothing
of the program's rules (tests/fee_model.py).
"""

import random
import sys
import time
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from qms.documents.kinds.fee import FeeSchedule
from qms.documents.kinds.fees import Channel, FeeLine, Picks, Rate
from qms.documents.price_rules import Ground, Held, Question, Source, answer, held
from qms.library import demo_fees
from qms.library.demo_units import UNITS
from qms.text import fold
from qms.units.rules import Place
from tests import fee_model

ASKED: Final = 100_000
MADE_UP: Final = 40
START: Final = date(2016, 1, 1)
DAYS: Final = 4_300

Texts = dict[str, list[tuple[date, Sequence[FeeLine]]]]


def ground() -> Ground:
    """Return the units of the demonstration."""
    ids = {each.slug: number for number, each in enumerate(UNITS)}
    places = {
        ids[each.slug]: Place(
            ids[each.slug], ids.get(each.parent), each.office, each.first_day, each.last_day
        )
        for each in UNITS
    }
    before: dict[int, list[int]] = {}
    for each in UNITS:
        for follower in each.followed_by:
            before.setdefault(ids[follower], []).append(ids[each.slug])
    return Ground({number: slug for slug, number in ids.items()}, places, before)


def land() -> fee_model.Land:
    """Return the same units for the second account."""
    return fee_model.Land(
        {each.slug: each.parent for each in UNITS if each.parent},
        [(each.slug, follower) for each in UNITS for follower in each.followed_by],
    )


def starter() -> Texts:
    """Return the schedules of the starter library, each with one text."""
    return {
        each.file.code: [(START, each.file.content.lines)]
        for each in demo_fees.schedules()
        if isinstance(each.file.content, FeeSchedule)
    }


def made_up(chance: random.Random) -> Texts:
    """Return schedules whose lines often meet: few names, cases, places and days."""
    return {
        f"BP-{number:02}": [
            (
                START + timedelta(days=chance.randrange(DAYS)),
                [_line(chance) for _ in range(chance.randint(1, 12))],
            )
            for _ in range(chance.randint(1, 3))
        ]
        for number in range(MADE_UP)
    }


def _line(chance: random.Random) -> FeeLine:
    first = START + timedelta(days=chance.randrange(DAYS)) if _often(chance) else None
    last = None
    if _often(chance):
        last = (first or START) + timedelta(days=chance.randrange(DAYS // 2))
    return FeeLine(
        name=chance.choice(["Phí", "PHÍ", "Lệ phí", "Lệ  phí"]),
        procedure=chance.choice(["1.000001", "1.000002", "1.000003"]),
        case=chance.choice(["", "", "Đúng hạn", "đúng hạn", "Quá hạn"]),
        channels=tuple(chance.sample(list(Channel), chance.randint(0, 3))),
        units=tuple(chance.sample([each.slug for each in UNITS], chance.choice([0, 0, 1, 2]))),
        rate=Rate.UNKNOWN,
        first_day=first,
        last_day=last,
        picked_by=chance.choice(list(Picks)),
    )


def _often(chance: random.Random) -> bool:
    return chance.randrange(10) < 6  # noqa: PLR2004 - of ten


def all_held(texts: Texts) -> list[Held]:
    """Return all lines clipped to the days of their texts."""
    found: list[Held] = []
    for code, said in texts.items():
        days = sorted({day for day, _ in said})
        latest = dict(said)
        for day, after in zip(days, [*days[1:], None], strict=True):
            source = Source(0, 0, code, code, code, "", 0, 0, "")
            last = after - timedelta(days=1) if after else None
            found += held(latest[day], source, day, last)
    return found


def retold(texts: Texts) -> dict[str, Sequence[fee_model.Text]]:
    """Return the same schedules for the second account."""
    return {
        code: [
            fee_model.Text(
                day,
                [
                    fee_model.Line(
                        line.name,
                        line.procedure,
                        line.case,
                        frozenset(each.value for each in line.channels),
                        frozenset(line.units),
                        line.first_day,
                        line.last_day,
                        line.picked_by is Picks.SUBMISSION,
                    )
                    for line in lines
                ],
            )
            for day, lines in dict(said).items()
        ]
        for code, said in texts.items()
    }


def questions(chance: random.Random, texts: Texts, count: int) -> list[fee_model.Asked]:
    """Return questions of which most find something."""
    lines = [line for said in texts.values() for _, each in said for line in each]
    found = []
    for _ in range(count):
        line = chance.choice(lines)
        decided = START + timedelta(days=chance.randrange(-30, DAYS))
        if not _often(chance) and line.first_day:
            decided = line.first_day + timedelta(days=chance.randint(-1, 1))
        place = chance.choice(UNITS).slug
        if line.units and _often(chance):
            place = chance.choice(line.units)
        found.append(
            fee_model.Asked(
                line.procedure if chance.randrange(50) else "9.999999",
                chance.choice([line.case, "", "Quá hạn"]),
                chance.choice(list(Channel)).value,
                place,
                decided - timedelta(days=chance.choice([0, 0, 5, 90])),
                decided,
            )
        )
    return found


def compare(texts: Texts, asked: Sequence[fee_model.Asked]) -> tuple[int, float, float]:
    """Return how many questions disagree, and the seconds both accounts took."""
    units = ground()
    ids = {slug: number for number, slug in units.words.items()}
    by_procedure: dict[str, list[Held]] = {}
    for each in all_held(texts):
        by_procedure.setdefault(each.line.procedure, []).append(each)
    begun = time.perf_counter()
    within = {slug: units.within(number) for slug, number in ids.items()}
    ours = [
        {
            fold(found.name): sorted((each.source.code, each.place) for each in found.lines)
            for found in answer(
                by_procedure.get(each.procedure, ()),
                Question(
                    each.procedure,
                    Channel(each.channel),
                    within[each.place],
                    each.submitted,
                    each.decided,
                    each.case,
                ),
            )
        }
        for each in asked
    ]
    between = time.perf_counter()
    schedules, where = retold(texts), land()
    wrong = sum(
        fee_model.says(schedules, where, each) != said
        for each, said in zip(asked, ours, strict=True)
    )
    return wrong, between - begun, time.perf_counter() - between


def main() -> None:
    """Ask half of the questions of the starter library, half of what is made up."""
    chance = random.Random(2016)  # noqa: S311 - the same questions every time
    wrong = 0
    for name, texts in (("starter", starter()), ("made up", made_up(chance))):
        asked = questions(chance, texts, ASKED // 2)
        differ, ours, theirs = compare(texts, asked)
        wrong += differ
        print(
            f"{name}: {len(asked):,} questions, {differ} disagree; "
            f"{ours:.1f} s against {theirs:.1f} s, 1/{theirs / ours:.0f}"
        )
    if wrong:
        sys.exit(1)


if __name__ == "__main__":
    main()
