"""How values look on a page."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask_babel import lazy_gettext
from jinja2 import UndefinedError

from qms.web import addresses, filters, i18n


@pytest.fixture
def app() -> Flask:
    app = Flask("qms")
    app.config.update(TIMEZONE="Asia/Ho_Chi_Minh", SECRET_KEY="k")
    for part in (i18n, addresses, filters):
        part.init_app(app)
    return app


def shown(app: Flask, template: str, path: str = "/", **values: object) -> str:
    with app.test_request_context(path):
        return app.jinja_env.from_string(template).render(**values)


def test_days_are_written_the_vietnamese_way(app: Flask) -> None:
    assert shown(app, "{{ d | day }}", d=date(2018, 3, 5)) == "05/03/2018"


def test_no_day_is_written_as_nothing(app: Flask) -> None:
    assert shown(app, "{{ d | day }}", d=None) == ""


def test_money_has_dots_and_its_word(app: Flask) -> None:
    assert shown(app, "{{ 1250000 | money }}") == "1.250.000 đồng"


def test_an_instant_is_told_by_the_clock_of_the_office(app: Flask) -> None:
    at = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)

    assert shown(app, "{{ at | moment }}", at=at) == "00:30, 23/11/2026"


def test_found_words_are_marked_and_everything_is_escaped(app: Flask) -> None:
    page = shown(app, "{{ name | highlight('ban sao') }}", name="<b>Cấp bản sao</b>")

    assert page == "&lt;b&gt;Cấp <mark>bản sao</mark>&lt;/b&gt;"


def test_bullets_tell_the_depth_of_a_line() -> None:
    assert filters.outline("Một\n\n- hai\n  + ba") == [(0, "Một"), (1, "- hai"), (2, "+ ba")]


def test_a_state_nobody_knows_looks_unknown() -> None:
    assert filters.state_class("in_force") == "is-now"
    assert filters.state_class("mislaid") == "is-unknown"


def test_errors_of_nested_fields_become_one_list() -> None:
    nested = [{"amount": ["Một."], "lines": [["Hai."]]}, "Ba."]

    assert filters.flatten_errors(nested) == ["Một.", "Hai.", "Ba."]


def test_an_error_that_waits_for_its_language_stays_one_sentence(app: Flask) -> None:
    with app.test_request_context():
        assert filters.flatten_errors([lazy_gettext("Hãy chọn tệp.")]) == ["Hãy chọn tệp."]


def test_a_misspelt_name_stops_the_page(app: Flask) -> None:
    with pytest.raises(UndefinedError):
        shown(app, "{{ misspelt }}")


def test_sorting_goes_back_to_the_first_page_and_keeps_the_filter(app: Flask) -> None:
    page = shown(app, "{{ here(sort='title') | safe }}", "/d?kind=form&page=3&sort=code")

    assert page == "/d?kind=form&sort=title"


def test_turning_a_page_keeps_everything_else(app: Flask) -> None:
    assert shown(app, "{{ here(page=4) | safe }}", "/d?q=a&page=3") == "/d?q=a&page=4"
