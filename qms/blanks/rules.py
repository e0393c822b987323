"""Which files a form may be, and under which name they are handed out. Pure."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Final

from qms.text import nfc

LARGEST: Final = 20 * 2**20
"""Bytes a file may have."""
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT: Final = "application/vnd.oasis.opendocument.text"
PDF: Final = "application/pdf"
ENDINGS: Final[Mapping[str, str]] = {DOCX: ".docx", ODT: ".odt", PDF: ".pdf", XLSX: ".xlsx"}
"""How the name of each kind of file ends; there are no others."""
LONGEST_STEM: Final = 150

_UNSAFE: Final = str.maketrans(dict.fromkeys('\\/:*?"<>|\t\n', " "))


def handed_name(name: str, media_type: str) -> str:
    """Return the name under which a file is handed out; how it ends says what it is."""
    stem = nfc(PurePath(name.replace("\\", "/")).name)
    for ending in ENDINGS.values():
        if stem.lower().endswith(ending):
            stem = stem[: -len(ending)]
    stem = " ".join(stem.translate(_UNSAFE).split()).strip(" .")
    return f"{stem[:LONGEST_STEM].strip(' .') or 'bieu-mau'}{ENDINGS[media_type]}"
