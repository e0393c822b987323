"""Every template compiles, escapes, and uses what it imports."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes

from qms import paths
from qms.web import pdf
from tests.engines import sqlite_only
from tests.people import As

TEMPLATES = sorted(
    path.relative_to(paths.TEMPLATES) for path in paths.TEMPLATES.rglob("*.html")
)


def imported(tree: nodes.Template) -> Iterator[str]:
    for found in tree.find_all(nodes.FromImport):
        yield from (item if isinstance(item, str) else item[1] for item in found.names)


@sqlite_only
def test_templates_compile_escape_and_use_what_they_import(app: Flask) -> None:
    assert TEMPLATES
    assert app.jinja_env.policies["ext.i18n.trimmed"], "sentences are looked up as extracted"
    for path in TEMPLATES:
        source = (paths.TEMPLATES / path).read_text(encoding="utf-8")
        jinja = pdf.environment() if path.parts[0] == "print" else app.jinja_env
        tree = jinja.parse(source)
        jinja.compile(source, filename=str(path))
        used = {found.name for found in tree.find_all(nodes.Name)}
        assert set(imported(tree)) <= used, f"{path} imports what it does not use"
        unsafe = [found for found in tree.find_all(nodes.Filter) if found.name == "safe"]
        assert not unsafe, f"{path} switches escaping off"


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_a_template_carries_no_script_and_no_handler_of_its_own(path: Path) -> None:
    source = (paths.TEMPLATES / path).read_text(encoding="utf-8").lower()
    assert "<script>" not in source, "the content policy lets only files run"
    assert not [word for word in ("onclick=", "onsubmit=", "onchange=") if word in source]


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_no_template_tells_people_how_programs_write_a_day(path: Path) -> None:
    source = (paths.TEMPLATES / path).read_text(encoding="utf-8")
    assert 'placeholder="dd/mm/yyyy"' not in source


@sqlite_only
@pytest.mark.parametrize(
    ("language", "words"), [("vi", "ngày/tháng/năm"), ("en", "day/month/year")]
)
def test_a_box_for_a_day_says_in_the_language_of_the_page_how_a_day_is_typed(
    signed_in: As, language: str, words: str
) -> None:
    secretary = signed_in("thuky")
    page = secretary.open(f"/audits/new?lang={language}")
    assert page.attributes("#first_day", "placeholder") == [words]
    board = secretary.open(f"/b/song-lo?lang={language}")
    assert board.attributes("input#on", "placeholder") == [words]
