"""Languages, and what an error says in them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, session, url_for
from flask_babel import gettext, ngettext

from qms import paths
from qms.errors import BusyError, NotFoundError, RefusedError
from qms.web import addresses, assets, errors, filters, headers, i18n
from qms.web.marks import public

CATALOGUE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Thủ tục"
msgstr "Procedure"

msgid "Bản này đã đổi từ ngày %(day)s."
msgstr "This text changed on %(day)s."

msgid "%(num)d thủ tục"
msgid_plural "%(num)d thủ tục"
msgstr[0] "%(num)d procedure"
msgstr[1] "%(num)d procedures"
"""


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(CATALOGUE, "utf-8")
    monkeypatch.setattr(paths, "TRANSLATIONS", tmp_path)
    i18n.translations.cache_clear()
    app = Flask("qms", template_folder=str(paths.TEMPLATES), static_folder=None)
    app.config.update(TIMEZONE="Asia/Ho_Chi_Minh", SECRET_KEY="k")
    for part in (i18n, addresses, assets, filters, errors, headers):
        part.init_app(app)
    _views(app)
    yield app
    i18n.translations.cache_clear()


def _views(app: Flask) -> None:
    def board() -> str:
        return f"{gettext('Thủ tục')} {url_for('desk')} {i18n.other_language_url()}"

    def desk() -> str:
        return str(gettext("Thủ tục"))

    def refused() -> str:
        raise RefusedError("Bản này đã đổi từ ngày %(day)s.", day="01/12/2026")

    def busy() -> str:
        raise BusyError("Máy chủ đang ghi việc khác.")

    def missing() -> str:
        session["touched"] = "yes"
        raise NotFoundError("Không có tài liệu này.")

    for rule, view in (
        ("/", public(board)),
        ("/desk", desk),
        ("/refused", public(refused)),
        ("/busy.pdf", public(busy)),
        ("/missing", public(missing)),
    ):
        app.add_url_rule(rule, view.__name__, view)
    for rule, name in (
        ("/home", "notices.home"),
        ("/mine", "desk.index"),
        ("/k", "notices.check_form"),
        ("/sign-in", "accounts.sign_in"),
    ):
        app.add_url_rule(rule, name, public(lambda: ""))


def test_pages_are_vietnamese_unless_asked_otherwise(app: Flask) -> None:
    assert app.test_client().get("/").text.startswith("Thủ tục ")


def test_a_public_page_goes_by_its_address_and_its_links_keep_the_language(app: Flask) -> None:
    answer = app.test_client().get("/?lang=en")

    assert answer.text == "Procedure /desk?lang=en /"
    assert "Set-Cookie" not in answer.headers


def test_staff_keep_the_language_in_their_session(app: Flask) -> None:
    client = app.test_client()
    client.get("/desk?lang=en")

    assert client.get("/desk").text == "Procedure"
    assert client.get("/").text.startswith("Thủ tục ")


def test_a_language_nobody_offers_is_vietnamese(app: Flask) -> None:
    assert app.test_client().get("/?lang=xx").text.startswith("Thủ tục ")


def test_english_tells_one_from_many(app: Flask) -> None:
    with app.test_request_context("/?lang=en"):
        words = [ngettext("%(num)d thủ tục", "%(num)d thủ tục", n) for n in (1, 2)]

    assert words == ["1 procedure", "2 procedures"]


def test_a_refusal_is_translated_before_its_values_are_set_in(app: Flask) -> None:
    client = app.test_client()

    assert "Bản này đã đổi từ ngày 01/12/2026." in client.get("/refused").text
    answer = client.get("/refused?lang=en")
    assert answer.status_code == 409
    assert "This text changed on 01/12/2026." in answer.text


def test_who_wants_no_page_gets_a_sentence_and_when_to_come_back(app: Flask) -> None:
    answer = app.test_client().get("/busy.pdf")

    assert (answer.status_code, answer.mimetype) == (503, "text/plain")
    assert answer.text == "Máy chủ đang ghi việc khác.\n"
    assert answer.headers["Retry-After"] == "10"


@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/missing", 404)])
def test_an_error_is_a_page_that_is_never_kept(app: Flask, path: str, status: int) -> None:
    answer = app.test_client().get(path)

    assert answer.status_code == status
    assert "<main" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_wrong_method_names_the_right_ones(app: Flask) -> None:
    answer = app.test_client().post("/desk")

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_public_pages_may_be_kept_and_staff_pages_may_not(app: Flask) -> None:
    client = app.test_client()

    assert client.get("/").headers["Cache-Control"].startswith("public, max-age=0")
    assert client.get("/desk").headers["Cache-Control"] == "no-store"


def test_every_answer_forbids_foreign_scripts_and_frames(app: Flask) -> None:
    policy = app.test_client().get("/").headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy


def test_the_style_sheet_is_kept_for_ever_under_the_address_of_its_bytes(app: Flask) -> None:
    with app.test_request_context("/"):
        address = assets.style_url()
    client = app.test_client()

    assert client.get(address).headers["Cache-Control"] == assets.IMMUTABLE
    stale = client.get("/assets/0000/look.css")
    assert stale.headers["Cache-Control"] == "public, max-age=60"
    assert ".btn" in stale.text
    assert ".dayline" in stale.text
