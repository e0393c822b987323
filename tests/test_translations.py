"""Whatever a user reads goes through gettext, and all of it is in English too."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import Catalog
from jinja2 import Environment, nodes

from tests import sentences

ROOT = sentences.ROOT
PLACE = re.compile(r"%\((\w+)\)s|%\((\w+)\)d")
VIETNAMESE = re.compile("[À-ỹĐđ]")
WORDS = re.compile(r"[^\W\d_]{2,}")
HIDDEN = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1>|&#?\w+;", re.DOTALL)
SPOKEN = re.compile(r"\b(?:alt|aria-label|placeholder|title)=\"([^\"]*)\"")
CLASS_BLOCK = re.compile(r"{%-? block \w*class\w* -?%}.*?{%-? endblock[^%]*%}", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
ATTRIBUTE = re.compile(r'="$|^-[a-z]+"$')
"""A piece of an attribute that a macro puts together."""

UNTRANSLATED = {
    "QMS",
    "ISO",
    "PDF",
    "XLSX",
    "QR",
    "Atom",
    "JSON",
    "OpenAPI 3.1",
    "Hiện Hành",
    "English",
    "Tiếng Việt",
}
"""Names that are the same in every language."""

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCREENS = [path for path in TEMPLATES if "print" not in path.parts]
"""Paper is in Vietnamese by law, whatever language the screen speaks."""

WEB = [path for path in sorted((ROOT / "qms").rglob("*.py")) if path.stem in {"views", "forms"}]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def english() -> Catalog:
    return sentences.english()


def texts(message: object) -> list[str]:
    """Return a sentence, or both forms of one that counts."""
    return [message] if isinstance(message, str) else list(message)  # type: ignore[call-overload]


def test_every_sentence_is_in_the_english_catalogue(english: Catalog) -> None:
    wanted = {message.id for message in sentences.found() if message.id}
    there = {
        message.id for message in english if message.id and all(texts(message.string) or [""])
    }
    assert wanted, "the search finds what there is to find"
    assert sorted(map(str, wanted - there)) == []


def test_the_catalogue_keeps_nothing_that_nobody_says(english: Catalog) -> None:
    wanted = {message.id for message in sentences.found()}
    assert [message.id for message in english if message.id not in wanted] == []
    assert not english.obsolete


def test_no_translation_is_a_guess(english: Catalog) -> None:
    assert [message.id for message in english if message.id and message.fuzzy] == []


def test_a_translation_names_the_same_values(english: Catalog) -> None:
    for message in english:
        if message.id:
            ours = set(PLACE.findall(" ".join(texts(message.id))))
            theirs = set(PLACE.findall(" ".join(texts(message.string))))
            assert ours == theirs, message.id


def plain_text(source: str) -> Iterator[str]:
    """Give what a template says by itself: text and spoken attributes outside gettext."""
    tree = Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(source)
    html = "\0".join(found.data for found in tree.find_all(nodes.TemplateData))
    html = HIDDEN.sub(" ", html)
    yield from (spoken for spoken in SPOKEN.findall(html) if WORDS.search(spoken))
    yield from (text for text in re.split("\0", TAG.sub("\0", html)) if WORDS.search(text))


@pytest.mark.parametrize("path", SCREENS, ids=name)
def test_a_template_says_nothing_past_gettext(path: Path) -> None:
    source = CLASS_BLOCK.sub("", path.read_text(encoding="utf-8"))
    said = {" ".join(text.split()).strip(" –—·|:,()") for text in plain_text(source)}
    said = {text for text in said if not ATTRIBUTE.search(text)}
    assert said - UNTRANSLATED == set()


def literals(tree: ast.AST) -> Iterator[str]:
    """Give the Vietnamese literals that are neither docstrings nor handed to gettext."""
    for node in ast.iter_child_nodes(tree):
        called = getattr(node, "func", None)
        if getattr(called, "id", getattr(called, "attr", None)) in sentences.KEYWORDS:
            continue
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if isinstance(node, ast.Constant) and VIETNAMESE.search(str(node.value)):
            yield str(node.value)
        yield from literals(node)


@pytest.mark.parametrize("path", WEB, ids=name)
def test_views_and_forms_say_nothing_past_gettext(path: Path) -> None:
    assert list(literals(ast.parse(path.read_text(encoding="utf-8")))) == []
