"""Which files make up the board of a unit, and what each depends on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from qms.digests import canonical, digest
from qms.documents.kinds.parts import FileRef
from qms.documents.standing import Row, cover
from qms.fees import queries as fees
from qms.notices import queries as notices
from qms.static_board import queries, rules
from qms.static_board.parts import How, Output, Part
from qms.static_board.queries import Facts, Name
from qms.static_board.rules import FIELDS, SEARCH, START, WHOLE, Place, Sort, spelt
from qms.text import address_word, slug, sort_key
from qms.units.queries import unit as unit_named

FEES_PAGE: Final = 50
"""Prices on one page of the server; a test holds it to that."""


@dataclass(frozen=True)
class Board:
    """All that a unit's board consists of.

    ``mark`` is another as soon as anything is signed that reaches the unit; ``coming`` are days
    on which the board will be another, whatever its notices say; ``left_out`` are the addresses
    that no folder can hold.
    """

    unit: str
    name: str
    mark: str
    parts: Sequence[Part]
    rows: Sequence[Row] = ()
    folders: Mapping[str, str] = field(default_factory=dict)
    coming: Sequence[date] = ()
    left_out: Sequence[str] = ()

    def places(self) -> Iterator[tuple[str, Place]]:
        """Return where each address lies; that of a form's file leads to the file itself."""
        for output in (each for part in self.parts for each in part.outputs):
            moved = output.how is How.MOVED and output.to
            path = output.to if moved else output.path
            yield output.address, Place(path, shared=bool(moved) or output.shared)


def board(session: Session, unit_slug: str, on: date, *, base: str, papers: bool) -> Board:
    """Return what the board of a unit consists of on a day; of one that is no more, its word.

    ``base`` stands for all that pages depend on beside their content: program and settings.
    """
    unit = unit_named(session, unit_slug)
    office = notices.office(session, unit, max(on, unit.first_day))
    seen = cover(session, unit.id, on)
    if seen is None:
        head = Output(How.PAGE, f"/b/{unit.slug}", f"b/{unit.slug}/{START}")
        return Board(unit.slug, office.name, "", [Part(Sort.START, "", (head,))])
    told = queries.facts(session, seen)
    rows = queries.standing(session, seen, on)
    around = queries.around(session, seen, unit, told.issuers)
    own = [row for row in rows if row.kind == "form"]
    drawing = _Drawing(
        unit=unit.slug,
        on=on,
        base=digest(canonical([base, unit.slug, papers, around])),
        papers=papers,
        told=told,
        rows=rows,
        folders=rules.folders(_topics(rows)),
        files=queries.files(session, own),
        heading_days=tuple(queries.heading_days(session, seen)),
    )
    prices = fees.on_day(session, unit.id, on)
    parts, left_out = _fitting(
        [
            drawing.start(),
            *drawing.lists(),
            *drawing.prices(prices),
            *drawing.forms(),
            *drawing.notices(),
            *drawing.walls(queries.texts(session, seen, on), feedback=bool(office.feedback)),
            drawing.feed(),
        ]
    )
    after = [day + timedelta(days=1) for day in (unit.last_day, prices.until) if day]
    decided = queries.next_change(session, seen, on)
    return Board(
        unit=unit.slug,
        name=office.name,
        mark=drawing.key(drawing.signed(told.signed)),
        parts=parts,
        rows=rows,
        folders=drawing.folders,
        coming=[day for day in (*after, *drawing.heading_days, decided) if day and day > on],
        left_out=left_out,
    )


@dataclass(frozen=True)
class _Drawing:
    """What the parts of one board are drawn from."""

    unit: str
    on: date
    base: str
    papers: bool
    told: Facts
    rows: Sequence[Row]
    folders: Mapping[str, str]
    files: Mapping[str, FileRef | None]
    heading_days: tuple[date, ...]

    @property
    def at(self) -> str:
        """The head of the board, as address and as folder."""
        return f"b/{self.unit}"

    def of(self, kind: str) -> list[Row]:
        """Return the rows of one kind."""
        return [row for row in self.rows if row.kind == kind]

    def key(self, *parts: object) -> str:
        """Return the digest of what a part depends on."""
        return digest(canonical([self.base, *parts]))

    def signed(self, names: Iterable[Name]) -> list[object]:
        """Return what was signed of some documents, in one order."""
        found = sorted(set(names) & self.told.signed.keys())
        return [[*name, self.told.signed[name]] for name in found]

    def notices(self) -> Iterator[Part]:
        """Return the notices, each with its sheet."""
        alike: dict[Name, set[Name]] = {}
        for kind, code in self.told.signed:
            alike.setdefault((kind, slug(code)), set()).add((kind, code))
        for row in self.of("procedure"):
            beside = self.told.beside.get(row.code, ())
            mine = alike[row.kind, row.slug]
            leads = [
                self.folders[row.topic],
                *(self.target(code) for _, code in sorted(beside)),
            ]
            address, path = f"/{self.at}/{row.slug}", f"{self.at}/{row.slug}"
            outputs = [Output(How.PAGE, address, f"{path}/{START}")]
            if self.papers:
                outputs.append(Output(How.SHEET, f"{address}.pdf", f"{path}.pdf"))
            yield Part(
                Sort.NOTICE,
                self.key(self.signed([*mine, *beside]), leads),
                tuple(outputs),
                row,
                days=tuple(day for name in mine for day in self.told.days.get(name, ())),
            )

    def target(self, code: str) -> str:
        """Return where the link to a form's file leads."""
        file = self.files.get(code)
        return f"f/{file.sha256}/{rules.handed(file.name)}" if file else ""

    def forms(self) -> Iterator[Part]:
        """Return the forms, each with its page, its file and the picture of it."""
        for row in self.of("form"):
            address, file = f"/{self.at}/bm/{row.slug}", self.files.get(row.code)
            path, target = address[1:], self.target(row.code)
            page = Output(How.PAGE, f"{address}/xem", f"{path}/xem/{START}")
            outputs = [page, Output(How.MOVED, address, f"{path}/{START}", to=target)]
            if file is None:
                outputs[1] = replace(outputs[1], to=page.path)
            else:
                named = f"/f/{file.sha256}/{file.name}"
                outputs.append(Output(How.FILE, named, target, to=file.sha256))
            if queries.drawn(file):
                outputs.append(Output(How.PICTURE, f"{address}/xem.png", f"{path}/xem.png"))
            name = (row.kind, row.code)
            days = (*self.told.days.get(name, ()), *self.heading_days)
            key = self.key(self.signed([name]))
            yield Part(Sort.FORM, key, tuple(outputs), row, file, days)

    def lists(self) -> Iterator[Part]:
        """Return the lists of procedures, whole and by field, and that of forms, page by page."""
        found = self.of("procedure")
        board = f"/{self.at}"
        yield from self.paged(board, f"{self.at}/{WHOLE}", found, all=1)
        for topic, folder in self.folders.items():
            within = [row for row in found if row.topic == topic]
            yield from self.paged(board, f"{self.at}/{WHOLE}/{folder}", within, field=topic)
        yield from self.paged(f"{board}/bm", f"{self.at}/bm", self.of("form"))

    def paged(
        self, address: str, folder: str, found: Sequence[Row], **query: object
    ) -> Iterator[Part]:
        """Return a list page by page; each depends on its own lines and their number in all."""
        size = notices.PAGE
        for number, start in enumerate(range(0, max(len(found), 1), size), start=1):
            lines = [
                [
                    row.code,
                    row.slug,
                    row.title,
                    row.topic,
                    str(row.first_day),
                    row.decision_number,
                ]
                for row in found[start : start + size]
            ]
            yield self.daily(_page(address, folder, number, **query), len(found), lines)

    def prices(self, prices: fees.Prices) -> Iterator[Part]:
        """Return the pages of prices, whole, by field and by schedule, with their papers."""
        board, rows = f"/{self.at}/phi", prices.rows
        charged = {row.held.line.procedure for row in rows}
        said = (
            self.signed(name for name in self.told.signed if name[0] == "fee"),
            [[row.code, row.title] for row in self.of("procedure") if row.code in charged],
        )
        topics = sorted({row.held.source.topic for row in rows})
        names = rules.folders(topics)
        lists: list[tuple[str | None, int, str]] = [(None, len(rows), board[1:])]
        for name in topics:
            count = sum(row.held.source.topic == name for row in rows)
            lists.append((name, count, f"{board[1:]}/{FIELDS}/{names[name]}"))
        for topic, count, folder in lists:
            for number in range(1, max(count - 1, 0) // FEES_PAGE + 2):
                yield self.daily(_page(board, folder, number, field=topic), *said)
        if self.papers:
            paper = Output(How.DATA, f"{board}.pdf", f"{board[1:]}.pdf")
            yield self.daily(paper, *said)
        for row in self.of("fee"):
            address = f"{board}/{row.slug}"
            page = Output(How.PAGE, address, f"{address[1:]}/{START}")
            yield replace(self.daily(page, *said), row=row)
            if self.papers:
                paper = Output(How.DATA, f"{address}.pdf", f"{address[1:]}.pdf")
                yield self.daily(paper, *said)

    def walls(self, texts: Sequence[Row], *, feedback: bool) -> Iterator[Part]:
        """Return the sheets for walls that are no notices, each with its paper."""
        fields: dict[str, set[Name]] = {}
        for row in self.of("procedure"):
            mine = fields.setdefault(address_word(row.topic), set())
            mine |= {(row.kind, row.code), *self.told.beside.get(row.code, ())}
        for word, names in fields.items():
            yield self.wall(f"{FIELDS}/{word}", self.signed(names))
        for row in texts:
            yield self.wall(f"thong-bao/{row.slug}", self.signed([(row.kind, row.code)]))
        if feedback:
            yield self.wall("phan-anh")

    def wall(self, name: str, *depends: object) -> Part:
        """Return a sheet for walls: its page and its paper."""
        path = f"{self.at}/{name}"
        outputs = [Output(How.PAGE, f"/{path}", f"{path}/{START}")]
        if self.papers:
            outputs.append(Output(How.DATA, f"/{path}.pdf", f"{path}.pdf"))
        return replace(self.daily(outputs[0], *depends), outputs=tuple(outputs))

    def feed(self) -> Part:
        """Return the feed of what changed."""
        path = f"{self.at}/feed.atom"
        return self.daily(Output(How.DATA, f"/{path}", path), self.signed(self.told.signed))

    def daily(self, output: Output, *depends: object) -> Part:
        """Return a part that says for which day it is."""
        return Part(Sort.DAILY, self.key(str(self.on), *depends), (output,))

    def start(self) -> Part:
        """Return the head of the board and the page that searches: made each time."""
        board = f"/{self.at}"
        return Part(
            Sort.START,
            "",
            (
                Output(How.PAGE, board, f"{self.at}/{START}"),
                Output(How.SEARCH, f"{board}/{SEARCH}", f"{self.at}/{SEARCH}/{START}"),
                Output(How.INDEX, f"{board}/search.js", f"{self.at}/search.js"),
            ),
        )


def _topics(rows: Iterable[Row]) -> list[str]:
    return sorted({row.topic for row in rows if row.kind == "procedure"}, key=sort_key)


def _page(address: str, folder: str, number: int, **query: object) -> Output:
    page = None if number == 1 else number
    path = f"{folder}/{START}" if page is None else f"{folder}/{page}/{START}"
    return Output(How.PAGE, spelt(address, **query, page=page), path)


def _fitting(parts: Iterable[Part]) -> tuple[list[Part], list[str]]:
    """Return the parts whose paths are sound and do not stand in each other's way, and the rest.

    What comes first stays: a code may spell anything, also the name of a list.
    """
    kept: list[Part] = []
    left_out: list[str] = []
    files: set[str] = set()
    inner: set[str] = set()
    for part in parts:
        paths = {path for each in part.outputs for _, path in each.paths()}
        above = {folder for path in paths for folder in _folders(path)}
        shared = {each.path for each in part.outputs if each.how is How.FILE}
        clash = (paths - shared) & files or paths & inner or above & files
        if clash or not all(map(rules.safe, paths)):
            left_out.append(part.outputs[0].address)
            continue
        files |= paths
        inner |= above
        kept.append(part)
    return kept, left_out


def _folders(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
