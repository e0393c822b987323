"""What differs between two revisions: section by section, block by block, word by word. Pure.

Blocks are paired first (equal ones anchor, alike ones between them), then words inside pairs:
hundreds of times faster than comparing all words at once, with the same result for a reader.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final, Literal

from qms import text
from qms.documents import wording
from qms.documents.wording import Segment, Step

State = Literal["equal", "changed", "added", "removed"]

_ROW_SEPARATOR: Final = "\x1e"
_SAME_HEAD: Final = 0.6


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a section; line ends in it count as spaces."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a section; ``key`` is the column that names a row, if one does."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    key: int | None = None


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A named part of a document; ``label`` is its heading for the reader."""

    name: str
    label: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class ParagraphResult:
    """A paragraph with its pieces marked."""

    state: State
    segments: tuple[Segment, ...]
    kind: ClassVar = "paragraph"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table with its pieces marked."""

    segments: tuple[Segment, ...]

    @property
    def changed(self) -> bool:
        """Whether old and new text differ."""
        return any(mark != "=" for mark, _ in self.segments)


@dataclass(frozen=True, slots=True)
class RowResult:
    """A row of a table, cell by cell."""

    state: State
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class TableResult:
    """A table, row by row; a column that came or went shows in every row."""

    state: State
    head: tuple[Cell, ...]
    rows: tuple[RowResult, ...]
    kind: ClassVar = "table"


BlockResult = ParagraphResult | TableResult


@dataclass(frozen=True, slots=True)
class SectionResult:
    """A section with the blocks of both sides in reading order."""

    name: str
    label: str
    state: State
    blocks: tuple[BlockResult, ...]


Result = tuple[SectionResult, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many places differ: paragraphs, and rows of tables (a new heading counts as one)."""

    changed: int = 0
    added: int = 0
    removed: int = 0

    @property
    def places(self) -> int:
        """All places together."""
        return self.changed + self.added + self.removed


def paragraphs(typed: str) -> tuple[Paragraph, ...]:
    """Cut a text into paragraphs at its line ends."""
    lines = text.nfc(typed).split("\n")
    return tuple(Paragraph(line.strip()) for line in lines if line.strip())


def compare(old: Sequence[Section], new: Sequence[Section]) -> Result:
    """Compare two documents; sections belong together by name, whatever their order.

    A block that only moved shows as removed and added.
    """
    ids = [[section.name for section in side] for side in (old, new)]
    if any(len(set(names)) < len(names) for names in ids):
        raise ValueError("two sections of a document bear one name")
    return tuple(
        _section(None if i is None else old[i], None if j is None else new[j])
        for i, j in _by_identity(*ids)
    )


def _section(old: Section | None, new: Section | None) -> SectionResult:
    named = new or old
    assert named is not None  # noqa: S101 - a step has at least one side
    blocks = _blocks(old.blocks if old else (), new.blocks if new else ())
    state = _state(old, new, changed=any(block.state != "equal" for block in blocks))
    return SectionResult(named.name, named.label, state, blocks)


def _state(old: object | None, new: object | None, *, changed: bool) -> State:
    if old is None:
        return "added"
    if new is None:
        return "removed"
    return "changed" if changed else "equal"


def _by_identity(old: Sequence[str], new: Sequence[str]) -> list[Step]:
    """Pair by name; in the new order, what went stands after what it stood behind."""
    place = {name: j for j, name in enumerate(new)}
    followers: dict[int, list[Step]] = {}
    behind = -1
    for i, name in enumerate(old):
        if name in place:
            behind = place[name]
        else:
            followers.setdefault(behind, []).append((i, None))
    origin = {name: i for i, name in enumerate(old)}
    steps = followers.get(-1, [])
    for j, name in enumerate(new):
        steps += [(origin.get(name), j), *followers.get(j, [])]
    return steps


def _blocks(old: Sequence[Block], new: Sequence[Block]) -> tuple[BlockResult, ...]:
    olds, news = [_content(block) for block in old], [_content(block) for block in new]

    def likeness(i: int, j: int) -> float:
        one, other = old[i], new[j]
        if type(one) is not type(other):
            return 0.0
        share = wording.likeness(olds[i], news[j])
        if isinstance(one, Table) and isinstance(other, Table) and _heads_agree(one, other):
            share = max(share, _SAME_HEAD)
        return share

    return tuple(
        _block(None if i is None else old[i], None if j is None else new[j])
        for i, j in wording.align(olds, news, likeness)
    )


def _content(block: Block) -> str:
    """Return all that is compared in a block; equal contents are equal blocks."""
    if isinstance(block, Paragraph):
        return wording.tidy(block.text)
    rows = (block.head, *block.rows)
    return _ROW_SEPARATOR + _ROW_SEPARATOR.join(_line(row) for row in rows)


def _line(cells: Sequence[str]) -> str:
    return " | ".join(wording.tidy(cell) for cell in cells)


def _heads_agree(one: Table, other: Table) -> bool:
    return bool(one.head) and _line(one.head) == _line(other.head)


def _block(old: Block | None, new: Block | None) -> BlockResult:
    if isinstance(old or new, Paragraph):
        texts = [side.text if isinstance(side, Paragraph) else "" for side in (old, new)]
        segments = wording.compare_words(*texts)
        changed = any(mark != "=" for mark, _ in segments)
        return ParagraphResult(_state(old, new, changed=changed), segments)
    tables = [side if isinstance(side, Table) else None for side in (old, new)]
    return _table(*tables)


def _table(old: Table | None, new: Table | None) -> TableResult:
    empty = Table((), ())
    one, other = old or empty, new or empty
    columns = _columns(old or new or empty, new or old or empty)
    head = _row(one.head if old else None, other.head if new else None, columns)
    rows = tuple(
        _row(
            None if i is None else one.rows[i],
            None if j is None else other.rows[j],
            columns,
        )
        for i, j in _row_steps(one, other)
    )
    changed = any(row.state != "equal" for row in (head, *rows))
    return TableResult(_state(old, new, changed=changed), head.cells, rows)


def _width(table: Table) -> int:
    return max(map(len, (table.head, *table.rows)))


def _columns(old: Table, new: Table) -> list[Step]:
    """Pair columns: by place where there are as many, else by their headings."""
    widths = _width(old), _width(new)
    if widths[0] == widths[1]:
        return [(k, k) for k in range(widths[0])]
    heads = [
        [wording.tidy(name) for name in table.head] + [""] * (width - len(table.head))
        for table, width in zip((old, new), widths, strict=True)
    ]
    olds, news = heads
    return wording.align(olds, news, lambda i, j: wording.likeness(olds[i], news[j]))


def _row_steps(old: Table, new: Table) -> list[Step]:
    names = _row_names(old), _row_names(new)
    if names[0] and names[1]:
        return _by_identity(*names)
    lines = [_line(row) for row in old.rows], [_line(row) for row in new.rows]

    def likeness(i: int, j: int) -> float:
        share = wording.likeness(lines[0][i], lines[1][j])
        first = [wording.tidy(cell) for row in (old.rows[i], new.rows[j]) for cell in row[:1]]
        named_alike = len(first) > 1 and first[0] == first[1] != ""
        return max(share, _SAME_HEAD) if named_alike else share

    return wording.align(*lines, likeness)


def _row_names(table: Table) -> list[str]:
    """Return what names each row, or nothing where names are missing or not unique."""
    key = table.key
    if key is None or any(len(row) <= key for row in table.rows):
        return []
    names = [text.plain(row[key]) for row in table.rows]
    return names if all(names) and len(set(names)) == len(names) else []


def _row(
    old: Sequence[str] | None, new: Sequence[str] | None, columns: Sequence[Step]
) -> RowResult:
    cells = tuple(Cell(wording.compare_words(_cell(old, i), _cell(new, j))) for i, j in columns)
    changed = any(cell.changed for cell in cells)
    return RowResult(_state(old, new, changed=changed), cells)


def _cell(row: Sequence[str] | None, place: int | None) -> str:
    return row[place] if row is not None and place is not None and place < len(row) else ""


def summary(result: Result) -> Counts:
    """Count the places that differ."""
    states: list[State] = []
    for section in result:
        for block in section.blocks:
            if isinstance(block, TableResult):
                states += [row.state for row in block.rows]
                states += ["changed"] * any(cell.changed for cell in block.head)
            else:
                states.append(block.state)
    return Counts(states.count("changed"), states.count("added"), states.count("removed"))


def changed_only(result: Result) -> Result:
    """Leave out equal sections, blocks and rows."""
    return tuple(
        replace(
            section,
            blocks=tuple(
                replace(block, rows=tuple(row for row in block.rows if row.state != "equal"))
                if isinstance(block, TableResult)
                else block
                for block in section.blocks
                if block.state != "equal"
            ),
        )
        for section in result
        if section.state != "equal"
    )


def same_meaning(old: Sequence[Section], new: Sequence[Section]) -> bool:
    """Whether nothing differs but white space, bullets, Unicode form, case, tone placement.

    Headings of sections, their order and the borders between paragraphs do not count.
    """
    return _meaning(old) == _meaning(new)


def _meaning(sections: Sequence[Section]) -> dict[str, list[object]]:
    meaning: dict[str, list[object]] = {}
    for section in sections:
        parts: list[object] = []
        for block in section.blocks:
            if isinstance(block, Table):
                rows = (block.head, *block.rows)
                parts.append([[text.plain(cell) for cell in row] for row in rows])
            elif parts and isinstance(parts[-1], str):
                parts[-1] += text.plain(block.text)
            else:
                parts.append(text.plain(block.text))
        meaning[section.name] = [part for part in parts if part]
    return {name: parts for name, parts in meaning.items() if parts}
