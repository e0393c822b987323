"""Laying a stamp over every page of a PDF; the file itself never changes. A child."""

from io import BytesIO
from pathlib import Path

import pikepdf

from qms.blanks import sandbox


def stamp(path: Path, seal: Path) -> sandbox.Answer:
    """Return the PDF at ``path`` with the one page at ``seal`` over each of its pages."""
    made = BytesIO()
    with pikepdf.open(path) as opened, pikepdf.open(seal) as over:
        for page in opened.pages:
            page.add_overlay(over.pages[0], pikepdf.Rectangle(page.mediabox))
        opened.save(made)
    return {}, made.getvalue()


if __name__ == "__main__":
    sandbox.answer(lambda path, seal: stamp(Path(path), Path(seal)))
