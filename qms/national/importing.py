"""Reads an export into staging rows, many short writes, and lands it in one draft decision.

Nothing is seen of an import before it has landed, and nothing is left of one that has not.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import BinaryIO, Final

import sqlalchemy as sa

from qms.accounts.queries import require
from qms.accounts.rules import Permission
from qms.db import db, touch, transaction
from qms.documents.models import Decision
from qms.documents.rules import State
from qms.errors import InvalidError, QmsError, RefusedError
from qms.national import landing, proposing, queries, weighing
from qms.national.answers import Found, Phase
from qms.national.doubts import Doubt
from qms.national.models import Import, Item, Stage
from qms.national.queries import Position
from qms.national.reading import Found as Line
from qms.national.reading import Refused, Same, read_stream
from qms.national.rows import Row
from qms.national.rules import Filters, Tally
from qms.national.weighing import Plan, Weighed
from qms.text import fold
from qms.trail import Act

BATCH: Final = 200
"""Rows that are staged in one short write."""

LEFT_BEHIND: Final = timedelta(days=1)
"""After so long an import that never landed is taken to be dead."""

Step = Callable[[int, int, str], None]
"""Told how far the reading is: bytes done, bytes in all, words; may raise to stop it."""


@dataclass
class _Reading:
    """What one import gathers while it reads."""

    plan: Plan
    import_id: int
    positions: dict[str, Position]
    seen: set[str] = field(default_factory=set)
    new: dict[str, str] = field(default_factory=dict)
    slugs: dict[str, str] = field(default_factory=dict)
    twice: dict[str, Doubt] = field(default_factory=dict)
    mended: int = 0

    def known(self) -> dict[str, str]:
        """Return the fingerprints of rows that need not be read again."""
        return {
            each.followed.fingerprint: code
            for code, each in self.positions.items()
            if each.followed is not None
            and each.text is not None
            and each.followed.revision_id == each.text.id
            and not (
                each.draft is not None
                and weighing.rescoped(self.plan, each.draft.scope, each.draft.scope_level)
            )
        }


def run(act: Act, plan: Plan, file: BinaryIO, step: Step) -> tuple[int, Tally, int | None]:
    """Import an open export; return the import's number, its counts and its decision.

    Raises:
        InvalidError: the file as a whole cannot be read.
        NotAllowedError: no post of the person lets it import for the owner.
        RefusedError: the draft of the last import is being reviewed.
        StaleError: somebody changed a text that the import was being compared with.

    """
    reading = _begin(act, plan)
    try:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        for lines in _batches(read_stream(file, reading.known())):
            _keep(reading, _weigh(reading, lines))
            step(min(file.tell(), size), size, str(len(reading.seen)))
        with transaction() as session:
            outcome = landing.land(
                session,
                act,
                plan,
                proposing.Read(
                    import_id=reading.import_id,
                    positions=reading.positions,
                    seen=reading.seen,
                    new=reading.new,
                    twice=reading.twice,
                    mended=reading.mended,
                ),
            )
    except BaseException:
        with suppress(QmsError):
            _forget([reading.import_id])
        raise
    with touch() as session:
        session.execute(sa.delete(Stage).where(Stage.import_id == reading.import_id))
    return outcome


def look_into(file: BinaryIO) -> None:
    """Look whether a file is an export at all; what is wrong further on shows when it is read.

    Raises:
        InvalidError: it is none, or ends without a line that gives a procedure.

    """
    for line in islice(read_stream(file), BATCH):
        if not isinstance(line, Refused):
            return


def check_filters(level: str, field_name: str) -> Filters:
    """Return the filters as they are asked for.

    Raises:
        InvalidError: there is no such level.

    """
    return Filters(weighing.known_level(level) if level else "", field_name.strip())


def _begin(act: Act, plan: Plan) -> _Reading:
    session = db.session()
    session.rollback()
    require(session, act.actor, Permission.NATIONAL_IMPORT, plan.owner_id, act.today)
    decision = queries.open_import(session, plan.owner_id)
    _refuse_review(decision)
    positions = queries.positions(session, plan.owner_id, decision.id if decision else None)
    session.expunge_all()
    dead = sa.select(Import.id).where(
        Import.phase == Phase.READING, Import.at < act.at - LEFT_BEHIND
    )
    _forget(list(session.scalars(dead)))
    with touch() as writing:
        made = Import(
            owner_id=plan.owner_id,
            phase=Phase.READING,
            for_level=plan.for_level,
            level=plan.filters.level,
            field=plan.filters.field,
            file_name=plan.file_name[-200:],
            sha256=plan.sha256,
            by=act.actor,
            at=act.at,
        )
        writing.add(made)
        writing.flush()
        import_id = made.id
    reading = _Reading(plan, import_id, positions)
    reading.slugs = {each.slug: each.code for each in positions.values()}
    return reading


def _refuse_review(decision: Decision | None) -> None:
    if decision is not None and decision.state is State.IN_REVIEW:
        raise RefusedError(
            "Dự thảo %(number)s của đợt nhập trước đang được xem xét. Hãy ký hoặc rút lại dự thảo"
            " đó rồi nhập tiếp.",
            number=decision.id,
        )


def _batches(lines: Iterator[Line]) -> Iterator[list[Line]]:
    while some := list(islice(lines, BATCH)):
        yield some


def _weigh(reading: _Reading, lines: Sequence[Line]) -> list[Weighed]:
    """Weigh some lines against the texts they belong to."""
    texts = _texts(reading, lines)
    found: list[Weighed] = []
    for line in lines:
        if isinstance(line, Refused):
            code = line.code or line.named
            reading.seen.add(code)
            found.append(weighing.unread(line.line_no, code, line.sentence, line.values))
            if line.doubt is not None:
                reading.twice[line.code] = line.doubt
            continue
        reading.seen.add(line.code)
        position = reading.positions.get(line.code)
        if isinstance(line, Same):
            if position is not None and _same_admitted(reading.plan.filters, position):
                found.append(weighing.same(position, line.line_no, line.code))
            continue
        found += _weigh_row(reading, line, position, texts)
    return found


def _weigh_row(
    reading: _Reading, row: Row, position: Position | None, texts: dict[int, object]
) -> Iterator[Weighed]:
    try:
        weighed = weighing.weigh(reading.plan, row, position, texts)  # type: ignore[arg-type]
        if weighed is not None and weighed.stage is not None and position is None:
            _take_slug(reading, row.code, str(weighed.stage["slug"]))
    except QmsError as error:
        yield weighing.refused(row.code, row.name, row.line_no, error)
        return
    if weighed is None:
        return
    reading.mended += row.mended
    if weighed.item["found"] is Found.NEW:
        reading.new[row.code] = str(weighed.item["name"])
    yield weighed


def _take_slug(reading: _Reading, code: str, slug: str) -> None:
    """Give a new code its address word, which no other may have."""
    other = reading.slugs.setdefault(slug, code)
    if not slug or other != code:
        raise InvalidError(
            "Mã “%(code)s” có cùng địa chỉ với mã “%(other)s” nên chưa nhập được.",
            code=code,
            other=other,
        )


def _same_admitted(filters: Filters, position: Position) -> bool:
    followed = position.followed
    if followed is None:
        return False
    return (not filters.level or filters.level in followed.levels.split("\n")) and (
        not filters.field or fold(filters.field) == fold(followed.field)
    )


def _texts(reading: _Reading, lines: Sequence[Line]) -> dict[int, object]:
    """Return the texts that rows are compared with: of the open draft, and signed."""
    wanted: set[int] = set()
    for line in lines:
        position = reading.positions.get(line.code) if isinstance(line, Row) else None
        if position is not None:
            wanted |= {each.id for each in (position.draft, position.signed) if each}
    if not wanted:
        return {}
    session = db.session()
    session.rollback()
    return dict(queries.read_texts(session, wanted))


def _keep(reading: _Reading, found: Sequence[Weighed]) -> None:
    """Stage what was weighed, in one short write."""
    items = [each.item | {"import_id": reading.import_id} for each in found]
    stages = [_whole(each.stage, reading.import_id) for each in found if each.stage]
    with touch() as session:
        if items:
            session.execute(sa.insert(Item), items)
        if stages:
            session.execute(sa.insert(Stage), stages)


def _whole(stage: dict[str, object], import_id: int) -> dict[str, object]:
    """Return the values of a staging row, the same columns for each."""
    return _EMPTY | stage | {"import_id": import_id}


_EMPTY: Final[dict[str, object]] = {
    column.name: None if column.default is None else column.default.arg
    for column in Stage.__table__.columns
}


def _forget(import_ids: Sequence[int]) -> None:
    """Take away what imports left that never landed."""
    if not import_ids:
        return
    with touch() as session:
        for model in (Stage, Item):
            session.execute(sa.delete(model).where(model.import_id.in_(import_ids)))
        mine = sa.and_(Import.id.in_(import_ids), Import.phase == Phase.READING)
        session.execute(sa.delete(Import).where(mine))
