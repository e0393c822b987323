"""The sentences of the program, found where they stand; ``make translations`` takes them up."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

import qms.app  # noqa: F401 - by then every refusal is defined
from qms.errors import QmsError

ROOT = Path(__file__).parent.parent
ENGLISH = ROOT / "qms/translations/en/LC_MESSAGES/messages.po"


def _refusals(kind: type[QmsError] = QmsError) -> Iterator[str]:
    """Give the names of all refusals; each takes a sentence first."""
    yield kind.__name__
    for each in kind.__subclasses__():
        yield from _refusals(each)


KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "_l": None,
    "N_": None,
    "ngettext": (1, 2),
    **dict.fromkeys(_refusals()),
}
"""What is called with a sentence."""

MAPPING = [("qms/**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"trimmed": "true", "silent": "false"}}


def found() -> Catalog:
    """Return every sentence a user may see, as the program's text has them."""
    catalog = Catalog(locale="en", domain="messages")
    for top in ("qms", "templates"):
        for file, _line, message, _comments, context in extract_from_dir(
            ROOT / top,
            method_map=[
                (pattern.removeprefix(f"{top}/"), method) for pattern, method in MAPPING
            ],
            options_map={p.removeprefix(f"{top}/"): o for p, o in OPTIONS.items()},
            keywords=KEYWORDS,
        ):
            catalog.add(message, locations=[(f"{top}/{file}", 0)], context=context)
    return catalog


def english() -> Catalog:
    """Return the English catalogue as it is committed."""
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en", domain="messages")


def take_up() -> int:
    """Bring the catalogue up to what was found; return how many wait for a translation."""
    catalog = english() if ENGLISH.exists() else Catalog(locale="en", domain="messages")
    catalog.update(found(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    out = BytesIO()
    write_po(out, catalog, no_location=True, omit_header=False, sort_output=True, width=96)
    ENGLISH.parent.mkdir(parents=True, exist_ok=True)
    ENGLISH.write_bytes(out.getvalue())
    return sum(1 for message in catalog if message.id and not message.string)


if __name__ == "__main__":
    print(f"{take_up()} to translate in {ENGLISH.relative_to(ROOT)}")  # noqa: T201
