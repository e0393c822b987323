"""Making a folder what the boards of some units are on a day."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from qms.db import let_go
from qms.digests import canonical, digest
from qms.errors import RefusedError
from qms.static_board import plan, rules
from qms.static_board.folder import Folder
from qms.static_board.making import Maker, Server, Wanted
from qms.static_board.parts import How, Output
from qms.static_board.plan import Board
from qms.static_board.rules import BOARD, SEARCH, START, Place, Site, Sort

TRIES: Final = 5
"""How often the board may change under our hands before we give up."""

Step = Callable[[int, int], object]
"""Hears how many parts of how many are done."""


@dataclass(frozen=True)
class Done:
    """What an export did: for which day, until when as far as is known, and to which files."""

    day: date
    last: date | None
    made: int
    files: int
    changed: Sequence[str]
    removed: Sequence[str]
    kept_back: Sequence[str]
    left_out: Sequence[str]


def run(session: Session, folder: Folder, wanted: Wanted, server: Server, step: Step) -> Done:
    """Make a folder what the boards of some units are today.

    Raises:
        RefusedError: a page cannot be made, or the board does not stand still; nothing was
            changed then.

    """
    made = 0
    for _ in range(TRIES):
        day = server.today()
        boards = _boards(session, wanted, day)
        maker = Maker(session, folder, wanted, server, day, _site(boards, wanted))
        made += _make(maker, boards, step)
        last = _last(maker, boards)
        if server.today() == day and _marks(_boards(session, wanted, day)) == _marks(boards):
            folder.settle()
            left_out = [each for board in boards for each in board.left_out]
            changes = (folder.changed, folder.removed, folder.kept_back)
            return Done(day, last, made, len(folder.new), *changes, left_out)
        folder.again()
    raise RefusedError("Bảng niêm yết đang thay đổi liên tục. Hãy chạy lại sau ít phút.")


def _boards(session: Session, wanted: Wanted, day: date) -> list[Board]:
    said = [wanted.program, wanted.live, wanted.zone, list(wanted.units)]
    base = digest(canonical(said))
    found = [
        plan.board(session, unit, day, base=base, papers=wanted.papers) for unit in wanted.units
    ]
    let_go()
    return found


def _marks(boards: Sequence[Board]) -> list[str]:
    return [board.mark for board in boards]


def _site(boards: Sequence[Board], wanted: Wanted) -> Site:
    places = {address: place for board in boards for address, place in board.places()}
    home = Place(START if len(boards) > 1 else f"b/{boards[0].unit}/{START}")
    searches = {
        f"/b/{board.unit}{part}": Place(f"b/{board.unit}/{SEARCH}/{START}")
        for board in boards
        for part in ("", "/phi", "/bm")
        if board.mark
    }
    return Site({**places, "/": home}, searches, wanted.live, wanted.script)


def _make(maker: Maker, boards: Sequence[Board], step: Step) -> int:
    """Make what does not stand; return how many parts that were."""
    total = sum(len(board.parts) for board in boards)
    done = made = 0
    for board in boards:
        parts = [part for part in board.parts if part.sort is not Sort.START]
        stale = [part for part in parts if not maker.stands(part)]
        done += len(parts) - len(stale)
        step(done, total)
        for number, _ in enumerate(maker.make(board, stale), start=1):
            step(done + number, total)
        done += len(stale)
        made += len(stale)
    for board in boards:
        maker.start(board, _last(maker, [board]), home=len(boards) == 1)
    if len(boards) > 1:
        said = {"boards": [(board.unit, board.name) for board in boards], "day": maker.day}
        maker.own(Output(How.PAGE, "/", START), "boards", said, _last(maker, boards))
    maker.house()
    maker.put(BOARD, _told(maker, boards))
    step(total, total)
    return made


def _last(maker: Maker, boards: Sequence[Board]) -> date | None:
    """Return the last day for which boards are true, as far as is known today."""
    ends = [day - timedelta(days=1) for board in boards for day in board.coming]
    for part in (each for board in boards for each in board.parts):
        entry = maker.folder.new.get(part.outputs[0].path)
        if part.sort in {Sort.NOTICE, Sort.FORM} and entry and entry.last:
            ends.append(entry.last)
    return min(ends, default=None)


def _told(maker: Maker, boards: Sequence[Board]) -> bytes:
    """Return what programs, and the script of each page, read of the export."""

    def until(some: Sequence[Board]) -> str | None:
        last = _last(maker, some)
        return str(last) if last else None

    known = {path: each.sha256 for path, each in maker.folder.new.items()}
    said = {
        "format": 1,
        "day": str(maker.day),
        "valid_until": until(boards),
        "version": digest(canonical(known)),
        "timezone": maker.wanted.zone,
        "live": maker.wanted.live,
        "boards": [
            {
                "unit": board.unit,
                "name": board.name,
                "path": rules.leading(BOARD, f"b/{board.unit}/{START}"),
                "procedures": sum(row.kind == "procedure" for row in board.rows),
                "valid_until": until([board]),
            }
            for board in boards
        ],
    }
    return json.dumps(said, ensure_ascii=False, indent=2).encode() + b"\n"
