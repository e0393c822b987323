"""Which parts of two stored texts of a procedure a redline is to compare. Pure."""

import json
from collections.abc import Collection

from qms.documents.comparison import Paragraph, Section
from qms.documents.kinds.registry import read

NAME = "name"
"""The part that is no part of the content: how the procedure is called."""


def sections(
    before: bytes | None, after: bytes | None, names: Collection[str]
) -> tuple[list[Section], list[Section]]:
    """Return the named parts of the text before and after, ready for comparison."""
    return _sections(before, names), _sections(after, names)


def _sections(data: bytes | None, names: Collection[str]) -> list[Section]:
    if data is None:
        return []
    said = json.loads(data)
    content = read(json.dumps(said["content"]))
    title = Section(NAME, "Tên thủ tục", (Paragraph(said["title"]),))
    return [part for part in (title, *content.sections()) if part.name in names]
