"""What a kept file shows at a glance; made by a child once, then kept as a print."""

import json
from collections.abc import Sequence
from typing import Final

from qms import files
from qms.blanks import intake, sandbox
from qms.blanks.rules import PDF
from qms.documents.kinds.parts import FileRef
from qms.errors import InvalidError

MODULE: Final = "qms.blanks.drawing"


def picture(file: FileRef) -> bytes:
    """Return the first page of a PDF as PNG; nothing where it can't be drawn."""
    return _made(file, "png") if file.media_type == PDF else b""


def lines(file: FileRef) -> Sequence[str]:
    """Return the first lines of a file that is no PDF; none where it can't be read."""
    found: list[str] = []
    if file.media_type != PDF:
        found = json.loads(_made(file, "json") or b"[]")
    return found


def _made(file: FileRef, ending: str) -> bytes:
    name = f"previews/{file.sha256}.{ending}"
    kept = files.kept(name)
    if kept is None:
        kept = _drawn(file)
        files.keep(name, kept)
    return kept


def _drawn(file: FileRef) -> bytes:
    with intake.lent(files.get(file.sha256)) as path:
        try:
            said, made = sandbox.ask(MODULE, path, file.media_type)
        except InvalidError:
            return b""
    return made or json.dumps(said["lines"]).encode()
