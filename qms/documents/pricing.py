"""The prices of fee schedules in the place of the catalogue's own."""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy.orm import Session

from qms.documents.kinds.fees import Channel, FeeLine
from qms.documents.kinds.procedure import CHANNEL_WORDS, Method, Procedure
from qms.documents.price_rules import reach
from qms.documents.prices import ground, held_lines
from qms.documents.standing import Cover
from qms.text import fold


def lines_on(session: Session, seen: Cover, procedure: str, on: date) -> list[FeeLine]:
    """Return the lines of fee schedules that price a procedure at a unit on a day."""
    held = held_lines(session, seen, procedure=procedure)
    found = [each for each in held if each.line.procedure == procedure]
    return [each.line for each in reach(found, ground(session).within(seen.unit_id), on)]


def priced(content: Procedure, lines: Sequence[FeeLine]) -> Procedure:
    """Return a procedure whose ways bear these lines; without any it keeps its own.

    A line goes with the ways of its channels and its case; where there is none of that case,
    with all ways of its channels. Where no line has a way of the procedure each is told with
    all of them, its channels named: a price is never told as none.
    """
    if not lines:
        return content
    methods = content.methods or (Method(channel=Channel.DIRECT),)
    ways = {each.channel for each in methods}
    if all(line.channels and ways.isdisjoint(line.channels) for line in lines):
        lines = [_named(line) for line in lines]
    borne = tuple(
        method.model_copy(update={"fees": tuple(_of(method, lines, methods))})
        for method in methods
    )
    return content.model_copy(update={"methods": borne})


def _of(
    method: Method, lines: Sequence[FeeLine], methods: Sequence[Method]
) -> Iterator[FeeLine]:
    cases = {fold(each.case) for each in methods if each.channel is method.channel}
    for line in lines:
        case = fold(line.case)
        if line.channels and method.channel not in line.channels:
            continue
        if not case or case not in cases or case == fold(method.case):
            yield line


def _named(line: FeeLine) -> FeeLine:
    """Return a line for all ways, whose case says which it is for."""
    named = ", ".join(CHANNEL_WORDS[each] for each in line.channels)
    said = "; ".join(filter(None, (line.case, named)))
    return line.model_copy(update={"case": said, "channels": ()})
