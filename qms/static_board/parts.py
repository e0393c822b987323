"""The files of a board: how each is made, where it lies, and which are made together."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qms.documents.kinds.parts import FileRef
from qms.documents.standing import Row
from qms.static_board import rules
from qms.static_board.rules import SEARCH, Place, Sort


class How(StrEnum):
    """How a file is made."""

    PAGE = "page"
    """Asked of the server, in each language."""
    SHEET = "sheet"
    """The print of a notice, as it is stored."""
    DATA = "data"
    """Asked of the server as it is."""
    PICTURE = "picture"
    """The first page of a form's file; empty where it cannot be drawn."""
    FILE = "file"
    """The file of a form."""
    MOVED = "moved"
    """A page that leads on to the file of a form."""
    SEARCH = "search"
    """The page that searches in the browser."""
    INDEX = "index"
    """What it searches in."""


@dataclass(frozen=True)
class Output:
    """One file (one in each language where it is a page) and the address it answers."""

    how: How
    address: str
    path: str
    to: str = ""

    @property
    def live(self) -> str:
        """The address of the server that tells what holds now; it has no page that searches."""
        return self.address.removesuffix(f"/{SEARCH}" if self.how is How.SEARCH else "")

    @property
    def shared(self) -> bool:
        """Whether it is the same in every language."""
        return self.how in {How.SHEET, How.DATA, How.PICTURE, How.FILE, How.INDEX}

    def paths(self) -> list[tuple[str, str]]:
        """Return language and path of each of its files."""
        if self.shared:
            return [(rules.LANGUAGES[0], self.path)]
        return [(each, Place(self.path).within(each)) for each in rules.LANGUAGES]


@dataclass(frozen=True)
class Part:
    """Files that are made together, again when ``key`` is another."""

    sort: Sort
    key: str
    outputs: tuple[Output, ...]
    row: Row | None = None
    file: FileRef | None = None
    days: tuple[date, ...] = ()
