"""The frame after sign-in: the menu, by what a person may do, and who is signed in."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import flask_login
from flask import Flask, current_app, request, url_for
from flask_babel import gettext, lazy_gettext

from qms import clock
from qms.accounts.rules import ROLE_WORDS, Permission
from qms.db import db
from qms.units.queries import heading, places
from qms.units.rules import office_of
from qms.web.guards import Visitor, visitor
from qms.web.marks import is_public

_ITEMS: Final = "qms_menu"


class Group(IntEnum):
    """The groups of the menu, in order."""

    MINE = 0
    DOCUMENTS = 1
    NOTICES = 2
    IMPROVEMENT = 3
    SYSTEM = 4


GROUP_WORDS: Final = {
    Group.MINE: "",
    Group.DOCUMENTS: lazy_gettext("Tài liệu"),
    Group.NOTICES: lazy_gettext("Niêm yết"),
    Group.IMPROVEMENT: lazy_gettext("Cải tiến"),
    Group.SYSTEM: lazy_gettext("Hệ thống"),
}


@dataclass(frozen=True)
class Item:
    """One line of the menu. Without permissions everybody signed in sees it."""

    group: Group
    label: object
    endpoint: str
    permissions: tuple[Permission, ...] = ()


Line = tuple[str, str, bool, int]
"""What the page shows: words, address, whether one is there, how many things wait."""


def init_app(app: Flask, items: Iterable[Item]) -> None:
    """Give pages after sign-in their menu, in the order of groups and features."""
    app.extensions[_ITEMS] = sorted(items, key=lambda item: item.group)
    app.context_processor(_frame)


def _frame() -> dict[str, object]:
    # Public pages must not look for a session, so that they can be kept.
    if is_public(request.endpoint) or not flask_login.current_user.is_authenticated:
        return {}
    who = visitor()
    return {
        "menu": lines(who),
        "person": {"name": who.name, "post": post_words(who)},
        "office": {"name": _office_name(who)},
        "today": clock.today(),
    }


def lines(who: Visitor) -> list[tuple[str, list[Line]]]:
    """Return the groups of the menu that hold something for this person."""
    items: list[Item] = current_app.extensions[_ITEMS]
    mine = [
        (item, url_for(item.endpoint))
        for item in items
        if not item.permissions or any(map(who.may, item.permissions))
    ]
    around = [url for _, url in mine if f"{request.path}/".startswith(f"{url}/")]
    here = max(around, key=len, default="")
    found: dict[Group, list[Line]] = {}
    for item, url in mine:
        line = (str(item.label), url, url == here, 0)
        found.setdefault(item.group, []).append(line)
    return [(str(GROUP_WORDS[group]), shown) for group, shown in found.items()]


def post_words(who: Visitor) -> str:
    """Say what a person is: the title, else the roles of the posts."""
    return who.title or ", ".join(str(gettext(ROLE_WORDS[role])) for role in sorted(who.roles))


def _office_name(who: Visitor) -> str:
    if not who.units:
        return "Hiện Hành"
    session = db.session()
    found = heading(session, office_of(places(session), who.units[0]), clock.today())
    return found.name if found else "Hiện Hành"
