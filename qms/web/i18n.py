"""Languages: Vietnamese as written in the program, English from its catalogue."""

from functools import cache
from io import BytesIO
from typing import Final

import flask_babel
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import (
    Flask,
    g,
    has_request_context,
    request,
    session,
)

from qms import paths
from qms.web import addresses, marks

DEFAULT: Final = "vi"
LANGUAGES: Final = ("vi", "en")
_ASKED: Final = "lang"
_NOT_PAGES: Final = frozenset({"assets.style", "assets.icon", "assets.module"})


class _Catalogue(flask_babel.Domain):  # type: ignore[misc]  # Flask-Babel has no types
    """Finds sentences in the catalogues as they are edited; no compiled file is needed."""

    def get_translations(self) -> NullTranslations:
        """Return the sentences of the language of this request."""
        return translations(str(flask_babel.get_locale() or DEFAULT))


class _Babel(flask_babel.Babel):  # type: ignore[misc]  # Flask-Babel has no types
    """Flask-Babel with the catalogue above."""

    domain_instance = _Catalogue()


@cache
def translations(language: str) -> NullTranslations:
    """Read the catalogue of ``language`` once; Vietnamese needs none."""
    path = paths.TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
    if language == DEFAULT or not path.is_file():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def language() -> str:
    """Return the language of this request, ``vi`` or ``en``."""
    return str(flask_babel.get_locale() or DEFAULT)


def kept_language() -> str:
    """Return the language that links and forms of a public page must carry on, or nothing."""
    chosen = _choose()
    return chosen if chosen != DEFAULT and marks.is_public(request.endpoint) else ""


def other_language_url() -> str:
    """Return the address of this page in the other language."""
    other = "en" if language() == DEFAULT else DEFAULT
    needless = other == DEFAULT and marks.is_public(request.endpoint)
    return addresses.here(lang=None if needless else other)


def without_session() -> None:
    """Settle the language by the address alone, unless it is settled: for error pages."""
    asked = request.args.get(_ASKED)
    g.setdefault("language", asked if asked in LANGUAGES else DEFAULT)


def init_app(app: Flask) -> None:
    """Let every page choose its language; links of public pages keep it."""
    _Babel(
        app,
        default_locale=DEFAULT,
        default_timezone=app.config.get("TIMEZONE", "Asia/Ho_Chi_Minh"),
        locale_selector=_choose,
    )
    app.before_request(_remember)
    app.url_defaults(_keep)
    app.jinja_env.globals.update(
        language=language,
        kept_language=kept_language,
        other_language_url=other_language_url,
    )


def _choose() -> str:
    """Public pages go by their address alone, so that they can be cached; staff by session."""
    if not has_request_context():
        return DEFAULT
    if "language" not in g:
        g.language = _chosen()
    return str(g.language)


def _chosen() -> str:
    asked = request.args.get(_ASKED)
    if asked in LANGUAGES:
        return asked
    if marks.is_public(request.endpoint):
        return DEFAULT
    kept = session.get(_ASKED)
    return kept if kept in LANGUAGES else DEFAULT


def _remember() -> None:
    asked = request.args.get(_ASKED)
    if asked in LANGUAGES and not marks.is_public(request.endpoint):
        session[_ASKED] = asked


def _keep(endpoint: str, values: dict[str, object]) -> None:
    if has_request_context() and endpoint not in _NOT_PAGES:
        kept = kept_language()
        if kept:
            values.setdefault(_ASKED, kept)
