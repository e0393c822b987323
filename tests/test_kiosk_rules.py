"""How it stands with a screen, and what is written down of it."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from qms.kiosk.rules import (
    NEUTRAL,
    STALE_SECONDS,
    Heard,
    Standing,
    standing,
    worth_noting,
)
from tests.when import NINE

SECONDS = st.integers(-10_000, 10_000)


@given(SECONDS, st.sampled_from(["now", "before", NEUTRAL, ""]))
def test_a_screen_is_fresh_only_while_it_shows_what_holds_and_asks(
    seconds: int, shown: str
) -> None:
    found = standing(Heard(NINE, shown), "now", NINE + timedelta(seconds=seconds))
    if found is Standing.FRESH:
        assert shown == "now"
        assert seconds < STALE_SECONDS
    assert (found is Standing.SILENT) == (seconds >= STALE_SECONDS)


def test_a_screen_that_never_asked_is_new() -> None:
    assert standing(Heard(None, ""), "now", NINE) is Standing.NEW


def test_a_screen_that_asks_each_half_minute_is_noted_each_minute() -> None:
    noted, before = 0, Heard(None, "")
    for half_minute in range(20):
        now = NINE + timedelta(seconds=30 * half_minute)
        if worth_noting(before, "now", now):
            noted, before = noted + 1, Heard(now, "now")
    assert noted == 10
    assert worth_noting(before, NEUTRAL, before.at or NINE), "another page is noted at once"
    assert worth_noting(before, "now", NINE - timedelta(days=1)), "so is a clock set back"
