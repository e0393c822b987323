"""A book made: what changed is printed, the rest comes from the store, all of it is bound."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Final

from qms import files, overprints, paths
from qms.blanks import sandbox
from qms.books import binding, plans, rules
from qms.books.plans import Plan
from qms.errors import N_, BusyError, InvalidError
from qms.notices.prints import Print
from qms.vietnamese import day

Step = Callable[..., None]
"""Says how far it is, ``(done, total, sentence, **values)``; raises to stop the work."""

MODULE: Final = "qms.books.binding"
PRINTING: Final = N_("In những tờ chưa có sẵn")
BINDING: Final = N_("Đóng thành một quyển")


@dataclass(frozen=True)
class Press:
    """What makes paper: one print of a template and its data, or many in their order."""

    one: Callable[[str, Mapping[str, object]], bytes]
    many: Callable[[Iterable[tuple[str, Mapping[str, object]]]], Generator[bytes]]


@dataclass(frozen=True)
class Built:
    """A book that was made: how many pages, how many prints had to be made for it."""

    data: bytes
    pages: int
    printed: int


def build(plan: Plan, press: Press, step: Step) -> Built:
    """Make a book and keep it under the digest of its plan.

    What was printed before it was stopped stays in the store.

    Raises:
        InvalidError: the PDF of a form can't be joined.
        BusyError: no paper can be made, or the book can't be bound.

    """
    kept = files.kept(plans.kept_as(plan.digest))
    if kept is not None:
        return Built(kept, binding.pages(BytesIO(kept)), 0)
    with TemporaryDirectory(prefix="qms-book-") as name:
        folder = Path(name)
        parts, printed = _parts(plan, folder, press, step)
        with _child(folder) as child:
            counts = dict(zip(parts, child.ask(list(parts.values())), strict=True))
            _readable(plan, counts)
            told, pages = _told(plan, folder, parts, counts, press)
            child.tell(told)
            for done, _ in enumerate(child.lines(), start=1):
                step(done, len(plan.leaves), BINDING)
        data = (folder / binding.BOOK).read_bytes()
    files.keep(plans.kept_as(plan.digest), data)
    return Built(data, pages, printed)


def _parts(plan: Plan, folder: Path, press: Press, step: Step) -> tuple[dict[str, str], int]:
    """Put every part into the folder once; return file by name, and how many were printed."""
    leaves = {leaf.name: leaf for leaf in plan.leaves}
    parts = {name: f"{number:05}.pdf" for number, name in enumerate(leaves)}
    missing: list[Print] = []
    for name, leaf in leaves.items():
        kept = files.kept(name) if leaf.made else files.get(leaf.file)
        if kept is not None:
            (folder / parts[name]).write_bytes(kept)
        elif leaf.made:
            missing.append(leaf.made)
    if missing:
        step(0, len(missing), PRINTING)
        with closing(press.many(each.made_of() for each in missing)) as made:
            for done, (each, data) in enumerate(zip(missing, made, strict=True), start=1):
                files.keep(each.name, data)
                (folder / parts[each.name]).write_bytes(data)
                step(done, len(missing), PRINTING)
    return parts, len(missing)


def _readable(plan: Plan, counts: Mapping[str, int]) -> None:
    for leaf in plan.leaves:
        if not counts[leaf.name]:
            raise InvalidError(
                "Tệp PDF của biểu mẫu %(code)s không ghép vào sổ được. Hãy nộp lại tệp này.",
                code=leaf.code,
            )


def _told(
    plan: Plan,
    folder: Path,
    parts: Mapping[str, str],
    counts: Mapping[str, int],
    press: Press,
) -> tuple[dict[str, Any], int]:
    """Return what the child is told, with all it names in the folder, and the pages there are."""
    asked, leaves = plan.asked, plan.leaves
    lengths = [counts[leaf.name] for leaf in leaves]
    front = _front(plan, lengths, press, folder) if asked.bound else 0
    place = {name: number for number, name in enumerate(parts)}
    seals: dict[str, list[str]] = {}
    for remark in dict.fromkeys(["", *(leaf.remark for leaf in leaves)]):
        seals[remark] = []
        for lying in (False, True):
            seal = overprints.seal(plans.stamp(asked, remark), press.one, lying=lying)
            seals[remark].append(f"seal-{len(seals)}-{int(lying)}.pdf")
            (folder / seals[remark][-1]).write_bytes(seal)
    if asked.bound:
        sample = {"words": f"{binding.FOLIO}0123456789", "office": {"name": ""}}
        (folder / "folio.pdf").write_bytes(press.one("folio.html", sample))
    apart = asked.leaves_apart
    first = rules.starts(front, lengths, apart=apart)
    ends = lengths[-1] if not apart else rules.even(lengths[-1])
    told = {
        "front": "front.pdf" if asked.bound else "",
        "front_seal": seals[""][0],
        "folio": "folio.pdf" if asked.bound else "",
        "seals": [name for each in seals.values() for name in each],
        "apart": apart,
        "title": f"Sổ thủ tục hành chính – {plan.head['name']} – {day(asked.on)}".replace(
            "\n", " "
        ),
        "leaves": [{"part": place[x.name], "seals": seals[x.remark]} for x in leaves],
        "outline": _outline(plan),
    }
    return told, first[-1] + ends - 1


def _outline(plan: Plan) -> list[tuple[int, str, int | None]]:
    """Return depth, words and part of each line that readers show beside the pages."""
    lines: list[tuple[int, str, int | None]] = []
    if plan.asked.bound:
        lines.append((0, "Bìa và mục lục", None))
    number = 0
    for chapter in plan.chapters:
        lines.append((0, chapter.name, number))
        for leaf in chapter.leaves:
            words = f"{leaf.code} – {leaf.title}" if leaf.code else leaf.title
            lines.append((2 if leaf.form else 1, words, number))
            number += 1
    return lines


def _front(plan: Plan, lengths: Sequence[int], press: Press, folder: Path) -> int:
    """Print cover and contents, again while they take more pages than was thought."""
    thought = plans.guess(plan)
    while True:
        first = rules.starts(thought, lengths, apart=plan.asked.leaves_apart)
        data = press.one("book_front.html", plans.front_data(plan, first))
        (folder / "front.pdf").write_bytes(data)
        taken = binding.pages(folder / "front.pdf")
        if taken == thought:
            return taken
        thought = taken


class _Child:
    """The process that binds, and its two pipes."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def ask(self, names: Sequence[str]) -> list[int]:
        self.tell(names)
        said = self._answers().readline()
        if not said:
            raise BusyError("Chưa đóng được sổ này. Vui lòng thử lại.")
        counts: list[int] = json.loads(said)
        return counts

    def tell(self, said: object) -> None:
        if self.process.stdin is None:
            raise OSError("The process has no pipe.")
        self.process.stdin.write(json.dumps(said) + "\n")
        self.process.stdin.flush()

    def lines(self) -> Iterator[str]:
        """Give a line for each part that stands; afterwards the book is there."""
        yield from self._answers()
        if self.process.wait():
            raise BusyError("Chưa đóng được sổ này. Vui lòng thử lại.")

    def _answers(self) -> IO[str]:
        if self.process.stdout is None:
            raise OSError("The process has no pipe.")
        return self.process.stdout


@contextmanager
def _child(folder: Path) -> Iterator[_Child]:
    ours = {"PYTHONHASHSEED": "0", "PYTHONPATH": str(paths.PACKAGE.parent), "PYTHONUTF8": "1"}
    process = subprocess.Popen(  # noqa: S603 - our own words
        [*sandbox.cut_off(), sys.executable, "-P", "-m", MODULE, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**sandbox.surroundings(), **ours},
        text=True,
    )
    clock = threading.Timer(binding.SECONDS, process.kill)
    clock.start()
    try:
        yield _Child(process)
    finally:
        clock.cancel()
        process.kill()
        process.communicate()
