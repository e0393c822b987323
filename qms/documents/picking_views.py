"""Offering documents to a field that names one: while it is typed, and without JavaScript."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Blueprint, g, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms import clock
from qms.accounts.rules import Permission
from qms.db import db
from qms.documents import picking, reading
from qms.documents.kinds import typing
from qms.documents.kinds.registry import KINDS
from qms.documents.kinds.typing import Typed
from qms.documents.picking import Offered
from qms.documents.search_rules import LONGEST_QUERY
from qms.text import nfc
from qms.vietnamese import day
from qms.web.guards import requires, visitor

bp = Blueprint("picking", __name__, url_prefix="/documents/pick")

_FIND: Final = re.compile(r"(?P<path>[a-z0-9_-]+)-find-(?P<kind>[a-z]+)")
_LONGEST_CODE: Final = 100


@dataclass
class _Looked:
    """What the page under way knows of documents: looked up together, by kind."""

    codes: frozenset[str] = frozenset()
    titles: dict[str, dict[str, str]] = field(default_factory=dict)
    found: dict[str, list[Offered]] = field(default_factory=dict)


@bp.get("")
@requires(Permission.DOCUMENT_READ)
def index() -> ResponseReturnValue:
    """Offer documents of a kind for what is typed."""
    kind = request.args.get("kind", "")
    found = _offer(kind, request.args.get("q", "")) if kind in KINDS else []
    return jsonify(
        found=[{"code": e.code, "title": e.title, "note": link_note(e)} for e in found]
    )


def look_up(typed: Typed, do: str) -> str:
    """Answer the button that looks for a document; return the path of its field, "" for others."""
    asked = _FIND.fullmatch(do)
    if asked is None:
        return ""
    path, kind = asked["path"], asked["kind"]
    _looked().found[path] = _offer(kind, _at(typed, path)) if kind in KINDS else []
    return path


def remember(typed: Typed) -> None:
    """Keep what might be codes, so that those of a page are looked up with one question."""
    _looked().codes = frozenset(
        each.strip() for each in typing.strings(typed) if 0 < len(each) <= _LONGEST_CODE
    )


@bp.app_template_global()
def link_title(kind: str, code: str) -> str | None:
    """Return what a document is called that a field names; None where nobody knows it."""
    looked = _looked()
    known = looked.titles.setdefault(kind, {})
    if code not in known:
        asked = looked.codes - known.keys() | {code}
        known |= dict.fromkeys(asked, "") | _titles(kind, asked)
    return known[code] or None


@bp.app_template_global()
def link_found(path: str) -> list[Offered] | None:
    """Return what was found for a field by its button; None where nobody pressed it."""
    return _looked().found.get(path)


@bp.app_template_global()
def link_note(offered: Offered) -> str:
    """Say how far a document has come, where it does not stand yet."""
    if offered.first_day is None:
        return str(_("dự thảo"))
    if offered.first_day > clock.today():
        return str(_("từ %(day)s", day=day(offered.first_day)))
    return ""


def _looked() -> _Looked:
    looked: _Looked = g.setdefault("picking", _Looked())
    return looked


def _offer(kind: str, typed: str) -> list[Offered]:
    session, today = db.session(), clock.today()
    who = reading.visit(session, visitor().id, today)
    return picking.offer(session, who, kind, nfc(typed[:LONGEST_QUERY]), today)


def _titles(kind: str, codes: Collection[str]) -> dict[str, str]:
    session, today = db.session(), clock.today()
    who = reading.visit(session, visitor().id, today)
    return picking.titles(session, who, kind, codes, today)


def _at(typed: Any, path: str) -> str:  # noqa: ANN401 - strings, and lists of more
    for part in path.split("-"):
        inner = typed.get(part) if isinstance(typed, dict) else None
        if isinstance(typed, list) and part.isdecimal() and int(part) < len(typed):
            inner = typed[int(part)]
        typed = inner
    return typed if isinstance(typed, str) else ""
