"""Making the files of a board's parts, or letting them stand where nothing would be another."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Final, Protocol

from sqlalchemy.orm import Session

from qms import files
from qms.blanks import previews
from qms.db import let_go
from qms.digests import digest
from qms.errors import RefusedError
from qms.notices import sheets, stories
from qms.notices.sheets import DaySheet
from qms.notices.stories import Story
from qms.static_board import days, queries, rules
from qms.static_board.folder import Entry, Folder
from qms.static_board.parts import How, Output, Part
from qms.static_board.plan import Board
from qms.static_board.rules import BOARD, START, Place, Site, Sort, Standing
from qms.units.queries import unit as unit_named

AT_ONCE: Final = 25
"""Notices whose texts are in memory at a time."""
_KINDS: Final = ("procedure", "form", "fee")
"""In the order of their numbers in the index of the search."""


class Server(Protocol):
    """Asks the program for what it would answer, from outside any request."""

    def today(self) -> date:
        """Return the day at the office."""

    def page(self, address: str, language: str, standing: Standing) -> str:
        """Return a page of the board."""

    def own(
        self, name: str, address: str, language: str, standing: Standing, **told: object
    ) -> str:
        """Return a page that only the folder has, as if it had an address of the server."""

    def data(self, address: str) -> bytes:
        """Return what is no page."""

    def sheet(self, told: Story, found: DaySheet, on: date) -> bytes:
        """Return the print of a notice."""


@dataclass(frozen=True)
class Wanted:
    """What is to be exported, and all pages depend on: ``program`` stands for how they look."""

    units: Sequence[str]
    papers: bool
    live: str
    zone: str
    program: str
    script: str


@dataclass
class Maker:
    """Makes files for one day and takes them into the folder."""

    session: Session
    folder: Folder
    wanted: Wanted
    server: Server
    day: date
    site: Site
    assets: set[str] = field(default_factory=set)

    def stands(self, part: Part) -> bool:
        """Keep the files of a part if all are what they would be made again."""
        paths = [path for output in part.outputs for _, path in output.paths()]
        entries = [self.folder.entry(path) for path in paths]
        if not all(entry and entry.stands(part.key, self.day) for entry in entries):
            return False
        kept = {path: self.folder.kept(path) for path in paths}
        if None in kept.values():
            return False
        for path, data in kept.items():
            if data and path.endswith(START):
                self.assets |= rules.assets(data.decode())
            self.folder.keep(path)
        return True

    def make(self, board: Board, parts: Sequence[Part]) -> Iterator[Part]:
        """Make parts anew; each is returned when it is done."""
        notices = (part for part in parts if part.sort is Sort.NOTICE)
        while some := list(islice(notices, AT_ONCE)):
            for part, told in zip(some, self._told(board, some), strict=True):
                self._notice(part, told)
                yield part
        for part in parts:
            if part.sort is not Sort.NOTICE:
                day = self.day
                form = part.sort is Sort.FORM
                self._files(part, *(rules.stretch(part.days, day) if form else (day, day)))
                yield part

    def start(self, board: Board, last: date | None, *, home: bool) -> None:
        """Make what speaks for the whole board; with ``home`` it also is the folder's start."""
        (part,) = (each for each in board.parts if each.sort is Sort.START)
        page, *more = part.outputs
        for output in (page, *([Output(How.PAGE, page.address, START)] if home else [])):
            self._page(output, Entry("", first=self.day, last=last), Sort.START)
        if more:
            search, index = more
            said = {"unit": board.unit, "day": self.day, "fields": list(board.folders)}
            self.own(search, "search", said, last)
            self.put(index.path, self._index(board, search.path))

    def own(
        self, output: Output, name: str, told: Mapping[str, object], last: date | None
    ) -> None:
        """Make a page that the server does not have."""
        for language, path in output.paths():
            standing = self._standing(output, (language, path), Sort.START, self.day, last)
            html = self.server.own(name, output.address, language, standing, **told)
            self._put_page(html, path, Entry(""))

    def house(self) -> None:
        """Take in the style sheet and scripts that the pages name."""
        for path in sorted({*self.assets, self.wanted.script}):
            if self.folder.kept(path) is not None:
                self.folder.keep(path)
            else:
                self.put(path, self.server.data(f"/{path}"))

    def put(self, path: str, data: bytes, entry: Entry | None = None) -> None:
        """Take a file in."""
        given = entry or Entry("")
        said = Entry(digest(data), given.key, given.first, given.last, given.words)
        self.folder.put(path, data, said)

    def _told(self, board: Board, parts: Sequence[Part]) -> Sequence[Story]:
        unit = unit_named(self.session, board.unit)
        ids = [part.row.document_id for part in parts if part.row]
        known = queries.procedures(self.session, ids)
        found = stories.stories(self.session, [(unit, known[each]) for each in ids])
        let_go()
        return found

    def _notice(self, part: Part, told: Story) -> None:
        found = sheets.on_day(told, self.day)
        if found is None:
            raise RefusedError(
                "Thủ tục %(code)s vừa thay đổi khi đang xuất. Hãy chạy lại.",
                code=told.document.code,
            )
        changing = {*days.of_notice(told, found), *part.days}
        first, last = rules.stretch(changing, self.day)
        sheet = self.server.sheet(told, found, self.day) if self.wanted.papers else b""
        self._files(part, first, last, sheet, found.content.keywords)

    def _files(
        self, part: Part, first: date, last: date | None, sheet: bytes = b"", words: str = ""
    ) -> None:
        entry = Entry("", part.key, first, last)
        for output in part.outputs:
            if output.how is How.PAGE:
                self._page(output, Entry("", part.key, first, last, words), part.sort)
            elif output.how is How.MOVED:
                self._moved(output, part, entry)
            elif output.how is How.SHEET:
                self.put(output.path, sheet, entry)
            elif output.how is How.PICTURE and part.file:
                self.put(output.path, previews.picture(part.file), entry)
            elif output.how is How.FILE:
                self.put(output.path, files.get(output.to), entry)
            else:
                self.put(output.path, self.server.data(output.address), entry)

    def _page(self, output: Output, entry: Entry, sort: Sort) -> None:
        for language, path in output.paths():
            first = entry.first or self.day
            standing = self._standing(output, (language, path), sort, first, entry.last)
            self._put_page(self.server.page(output.address, language, standing), path, entry)

    def _moved(self, output: Output, part: Part, entry: Entry) -> None:
        for language, path in output.paths():
            shared = output.to != part.outputs[0].path
            to = rules.leading(path, Place(output.to, shared=shared).within(language))
            title = part.row.title if part.row else ""
            page = (language, path)
            standing = self._standing(output, page, part.sort, self.day, entry.last)
            html = self.server.own(
                "moved", output.address, language, standing, title=title, to=to
            )
            self._put_page(html, path, entry)

    def _put_page(self, html: str, path: str, entry: Entry) -> None:
        made = rules.put(html, path, self.site)
        self.assets |= rules.assets(made)
        self.put(path, made.encode(), entry)

    def _standing(
        self, output: Output, page: tuple[str, str], sort: Sort, first: date, last: date | None
    ) -> Standing:
        language, path = page
        live = f"{self.wanted.live}{rules.said_in(language, output.live)}"
        return Standing(sort, first, last, live, rules.leading(path, BOARD), self.wanted.zone)

    def _index(self, board: Board, search: str) -> bytes:
        """Return what the browser searches in.

        First the fields; then of each document where it lies, code, name, number of its field,
        of its kind, and the words people say instead.
        """
        fields = list(board.folders)
        lines: list[list[object]] = []
        for part in board.parts:
            output, row = part.outputs[0], part.row
            if row is None or output.how is not How.PAGE:
                continue
            entry = self.folder.new.get(output.path)
            field = fields.index(row.topic) if row.topic in board.folders else -1
            way = rules.leading(search, output.path)
            kind = _KINDS.index(row.kind)
            words = entry.words if entry else ""
            lines.append([way, row.code, row.title, field, kind, words])
        said = json.dumps([fields, lines], ensure_ascii=False, separators=(",", ":"))
        return f"self.boardIndex={said};\n".encode()
