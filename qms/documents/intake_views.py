"""Taking text into an editor: from Word files, and out of old fonts. Nothing is stored by it."""

import tempfile
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Final

from flask import Flask, current_app, request
from werkzeug.datastructures import MultiDict

from qms.documents import legacy, word_kinds, word_reading
from qms.documents.editor_views import Shown
from qms.documents.kinds.typing import Typed, words
from qms.documents.word_reading import DOCX, Taken
from qms.errors import InvalidError

Inspect = Callable[[Path], str]
"""Says what a file is by what is in it, or refuses it."""

_INSPECT: Final = "qms_inspect"
_FILE: Final = "word-file"


def init_app(app: Flask, inspect: Inspect) -> None:
    """Hand in who looks at a file before anything reads it."""
    app.extensions[_INSPECT] = inspect


def read_word(kind: str) -> Shown:
    """Read the Word file that was sent; show what it says, or why it is not read."""
    try:
        read = _read()
        return Shown(word=read, found=word_kinds.recognise(kind, read.html), at="word")
    except InvalidError as error:
        return Shown(faults={_FILE: error}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def take_word(kind: str, typed: Typed) -> Shown:
    """Put what was read from a file into the fields: the whole text, or the parts chosen."""
    said = typed.get("word")
    read = said if isinstance(said, dict) else {}
    try:
        found = word_kinds.recognise(kind, words(read, "html"))
    except InvalidError as error:
        return Shown(faults={_FILE: error}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if found is None:
        return _take_text(typed, read)
    chosen = read.get("part")
    taken = {
        name: value
        for name, value in found.understood.fields.items()
        if isinstance(chosen, dict) and name in chosen
    }
    typed |= taken
    return Shown(at=next(iter(taken), ""))


def _take_text(typed: Typed, read: Typed) -> Shown:
    body = words(read, "unicode" if words(read, "as") == "unicode" else "body")
    kept = words(typed, "body").rstrip() if words(read, "how") == "after" else ""
    typed["body"] = f"{kept}\n\n{body}" if kept else body
    return Shown(at="body")


def in_unicode() -> MultiDict[str, str]:
    """Return the form of this request with all of it in Unicode."""
    return MultiDict(
        (name, legacy.mended(said)) for name, said in request.form.items(multi=True)
    )


def _read() -> Taken:
    sent = request.files.get(_FILE)
    if sent is None or not sent.filename:
        raise InvalidError("Hãy chọn một tệp Word (.docx).")
    with tempfile.NamedTemporaryFile(suffix=".docx") as kept:
        sent.save(kept)
        kept.flush()
        path = Path(kept.name)
        inspect: Inspect = current_app.extensions[_INSPECT]
        if inspect(path) != DOCX:
            raise InvalidError("Tệp này không phải tệp Word (.docx).")
        return word_reading.read(path.read_bytes())
