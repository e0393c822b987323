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
    with all ways of its channels. Where there is no such way at all it is told with every one,
    its channels named: no price is ever lost.
    """
    if not lines:
        return content
    methods = content.methods or (Method(channel=Channel.DIRECT),)
    borne = tuple(
        method.model_copy(update={"fees": tuple(_of(method, lines, methods))})
        for method in methods
    )
    return content.model_copy(update={"methods": borne})


def _of(
    method: Method, lines: Sequence[FeeLine], methods: Sequence[Method]
) -> Iterator[FeeLine]:
    ways = {each.channel for each in methods}
    cases = {fold(each.case) for each in methods if each.channel is method.channel}
    for line in lines:
        case = fold(line.case)
        if line.channels and ways.isdisjoint(line.channels):
            named = ", ".join(CHANNEL_WORDS[each] for each in line.channels)
            said = "; ".join(filter(None, (line.case, named)))
            yield line.model_copy(update={"case": said})
        elif line.channels and method.channel not in line.channels:
            continue
        elif not case or case not in cases or case == fold(method.case):
            yield line
