"""The copy of a PDF that is handed out though it is not in force: it says so on each page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from qms import files
from qms.blanks import intake, sandbox
from qms.blanks.rules import PDF
from qms.documents.kinds.parts import FileRef

MODULE: Final = "qms.blanks.stamping"

Press = Callable[[str, Mapping[str, object]], bytes]
"""Makes paper of a template and what it is to say."""


@dataclass(frozen=True)
class Stamp:
    """What is stamped across each page, and the line at its foot."""

    words: str
    remark: str
    office: str


def bare(file: FileRef) -> bytes:
    """Return the bytes of a file, exactly."""
    return files.get(file.sha256)


def stamped(file: FileRef, stamp: Stamp, press: Press) -> bytes:
    """Return the bytes of a file, those of a PDF with the stamp; what is kept never changes.

    Raises:
        InvalidError: the PDF takes too long to stamp.
        BusyError: no paper can be made now.

    """
    data = files.get(file.sha256)
    if file.media_type != PDF:
        return data
    told = {"words": stamp.words, "remark": stamp.remark, "office": {"name": stamp.office}}
    seal = press("stamp.html", told)
    with intake.lent(data) as path, intake.lent(seal) as over:
        _, made = sandbox.ask(MODULE, path, over)
    return made
