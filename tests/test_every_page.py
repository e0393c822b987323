"""Every page is found by following links, reads well on each screen, and speaks two languages."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from html import unescape
from pathlib import Path
from typing import Final
from urllib.parse import urljoin, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskCliRunner
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, ViewportSize
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from qms import jobs
from qms.accounts import sign_in_service
from qms.accounts.models import User
from qms.db import transaction
from qms.documents import replacing, service
from qms.documents.models import Change, Document
from qms.documents.service import Head, Line
from qms.trail import Act, Via
from qms.units.queries import unit
from tests.access import EVERYBODY, expected
from tests.demonstration import LATER, run, take_in
from tests.engines import sqlite_only
from tests.factories import document_by_code
from tests.servers import DESK, PHONE, inaccessible
from tests.when import MONDAY, Clock

HREF: Final = re.compile(r'<a [^>]*href="([^"]+)"')
NARROWEST: ViewportSize = {"width": 320, "height": 700}
READERS: Final = ("", "thuky", "quantri", "lanhdao")
"""Who goes through the pages."""

LOOKED_AT, FOLLOWED = 2, 20
"""Addresses of one kind of page that are held to all, and whose links are followed.

Of what is no page, and so leads nowhere, no more than the former are asked for; nor of any kind
once every page has been found.
"""

Kind = tuple[str, str]
"""A kind of page: its endpoint, and the kind of document it is about, if any."""

EDITED: Final = {
    "form": "BM-HT-01",
    "legal": "23/2015/NĐ-CP",
    "procedure": "2.000815",
    "process": "QT-11/TP",
    "text": "QT-01",
}
"""A document of each kind that somebody is about to change."""

UNLINKED = {
    "accounts.first_password": "stands in a letter, once",
    "jobs.state": "asked by the page of a job",
    "documents.picking.index": "asked by fields that name a document",
    "jobs.index": "in the menu of those who start jobs",
    "jobs.show": "where whoever starts a job is led; others have none",
    "health.alive": "asked by machines",
    "health.ready": "asked by machines",
    "blanks.picture": "part of pages",
    "notices.forms.picture": "part of pages",
    "assets.style": "part of pages",
    "assets.module": "part of pages",
    "assets.icon": "part of pages",
    "laws.texts.file": "no legal text of the demonstration has a scan",
    "notices.home": "where everybody begins",
    "notices.check": "stands on paper",
    "books.show": "where whoever orders a book is led",
    "books.paper": "where whoever orders a book is led",
    "postings.photo": "no place of the demonstration has a picture",
    "postings.copies.photo": "no copy of the demonstration has a picture",
    "postings.papers.certificate": "asked by a form",
    "postings.walk.prints": "made by a job",
    "kiosk.show": "opened on the screen in the hall",
    "kiosk.screen": "opened on the screen in the hall",
    "kiosk.state": "asked by the screen in the hall",
    "kiosk.screen_state": "asked by the screen in the hall",
    "kiosk.board": "asked by the screen in the hall",
    "kiosk.notices": "asked by the screen in the hall",
    "kiosk.worker": "part of pages",
    "kiosk.screens.show": "the demonstration has no screen",
    "following.home_feed": "asked by programs that read feeds",
    "following.letters.confirm": "stands in a letter",
    "following.letters.out": "stands in a letter",
    "api.finding.robots": "asked by machines",
    "api.finding.sitemap": "asked by machines",
    "api.finding.board_pages": "asked by machines",
    "actions.files.finding_scan": "no report of the demonstration was signed on paper",
    "actions.files.request_scan": "no request of the demonstration was signed on paper",
    "audits.worker": "part of pages",
    "audits.checklist.state": "asked by the checklist",
    "audits.checklist.file": "no line of the demonstration has a file",
    "audits.calendar.feed": "asked by calendar programs",
    "audits.holding.meeting": "opened by the lead auditor alone",
    "audits.holding.conclusion": "opened by the lead auditor alone",
    "audits.choosing.finding": "opened by auditors alone",
    "audits.papers.scan": "no paper of the demonstration has one",
    "audits.papers.programme_scan": "no paper of the demonstration has one",
    "documents.papers.scan": "no decision of the demonstration has one",
    "documents.papers.long_paper": "only of decisions too long to print at once",
}
"""What no link leads to, and why."""


@pytest.fixture
def at_work(
    app: Flask,
    live: str,
    demonstration: FlaskCliRunner,
    chromium: Chromium,
    clock: Clock,
    tmp_path: Path,
) -> Iterator[Callable[[str], Page]]:
    """Open the demonstration, with drafts, an import and a job under way, in anybody's name."""
    take_in(demonstration, LATER)
    copy = (
        "--unit",
        "song-lo",
        "--place",
        "Bảng tin",
        "--as",
        "thuky",
        "-o",
        tmp_path / "1.pdf",
    )
    run(demonstration, "notice", "9.900006", *map(str, copy))
    context = chromium.new_context(base_url=live, viewport=DESK, locale="vi-VN")
    context.set_default_timeout(10_000)

    def opened(account: str) -> Page:
        with app.app_context(), transaction() as session:
            people = {user.account: user.id for user in session.scalars(sa.select(User))}
            secretary = Act(people["thuky"], clock.at, MONDAY, Via.WEB)
            jobs.enqueue(session, secretary, "national.import", {"file": "0" * 64})
            draft(session, secretary)
            if account:
                act = Act(None, clock.at, MONDAY, Via.WEB)
                secret = sign_in_service.begin(session, act, people[account], agent="test")
        if account:
            let_in(app, context, live, secret)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"{page.url}: {error}"))
        return page

    yield opened
    context.close()


def draft(session: Session, act: Act) -> None:
    """Begin the amendment of one document of each kind that the office has."""
    owner = unit(session, "song-lo")
    decision = service.open_decision(session, act, owner, Head("Sửa đổi một loạt tài liệu"))
    for kind, code in EDITED.items():
        document = document_by_code(session, [owner.id], kind, code)
        assert document, code
        action, text = replacing.amendment(session, document, MONDAY)
        service.add_lines(session, act, decision, [Line(document, action, text)])


def let_in(app: Flask, context: BrowserContext, live: str, secret: str) -> None:
    """Give a browser the cookie of somebody who is signed in."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = secret
        cookie["_fresh"] = True
    kept = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert kept
    context.add_cookies([{"name": kept.key, "value": kept.value, "url": live}])


def kinds_of_pages(app: Flask) -> Callable[[str], Kind]:
    """Return what tells the kind of page behind an address; no endpoint where it is not ours."""
    with app.app_context(), transaction() as session:
        rows = session.execute(sa.select(Document.id, Document.kind))
        documents = {row.id: row.kind for row in rows}
        rows = session.execute(sa.select(Change.id, Change.document_id))
        lines = {row.id: row.document_id for row in rows}

    @cache
    def kind(address: str) -> Kind:
        try:
            found, given = app.url_map.bind("").match(urlsplit(address).path, method="GET")
        except HTTPException:
            return "", ""
        line = given.get("change_id") or given.get("line_id")
        document = given.get("document_id") or lines.get(line)
        return str(found), documents.get(document, "")

    return kind


def may_open(name: str, account: str) -> bool:
    """Tell whether somebody may open a kind of page."""
    allowed = expected(name) or frozenset()
    return allowed is EVERYBODY or (bool(account) and account in allowed)


def may_get(rule: Rule, account: str) -> bool:
    """Tell whether a link ought to lead somebody to a page."""
    if account and expected(rule.endpoint) is EVERYBODY:
        return False
    found = may_open(rule.endpoint, account) and "GET" in (rule.methods or ())
    return found and rule.endpoint not in UNLINKED


def look(page: Page, address: str, *, closely: bool) -> Iterator[str]:
    """Name what is wrong with one page for some reader."""
    page.goto(address)
    yield from inaccessible(page)
    page.set_viewport_size(NARROWEST)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        yield f"{address} is wider than the narrowest screen"
    if closely:
        page.set_viewport_size(PHONE)
        page.goto(f"{address}{'&' if '?' in address else '?'}lang=en")
        if page.locator("html").get_attribute("lang") != "en":
            yield f"{address} knows no English"
        yield from inaccessible(page)
    page.set_viewport_size(DESK)


def links(address: str, html: str) -> list[str]:
    """Return where a page leads, without places inside pages."""
    hrefs = (urljoin(address, unescape(href)) for href in HREF.findall(html))
    ours = urlsplit(address).netloc
    return [href.partition("#")[0] for href in hrefs if urlsplit(href).netloc == ours]


@sqlite_only
@pytest.mark.browser
@pytest.mark.pdf
@pytest.mark.parametrize("account", READERS)
def test_whoever_may_open_a_page_finds_it_and_can_read_it(
    app: Flask, at_work: Callable[[str], Page], live: str, account: str
) -> None:
    page = at_work(account)
    start = f"{live}/desk" if account else f"{live}/"
    kind = kinds_of_pages(app)
    waiting, known, seen = [start], {start}, Counter[Kind]()
    faults: list[str] = []
    most: dict[Kind, int] = {}
    missing = {rule.endpoint for rule in app.url_map.iter_rules() if may_get(rule, account)}
    while waiting:
        address = min(waiting, key=lambda each: seen[kind(each)])
        waiting.remove(address)
        found_kind = kind(address)
        name = found_kind[0]
        enough = FOLLOWED if missing else LOOKED_AT
        if not name or seen[found_kind] >= most.get(found_kind, enough):
            continue
        seen[found_kind] += 1
        missing.discard(name)
        answer = page.request.get(address)
        if not answer.ok:
            faults.append(f"{address} answers {answer.status}")
        if not answer.headers["content-type"].startswith("text/html"):
            most[found_kind] = LOOKED_AT
            continue
        others = bool(account) == (expected(name) is EVERYBODY)
        if seen[found_kind] <= LOOKED_AT and not others:
            faults += look(page, address, closely=seen[found_kind] == 1)
        for found in links(answer.url, answer.text()):
            for_others = others and not may_open(kind(found)[0], account)
            if found not in known and "lang=" not in found and not for_others:
                known.add(found)
                waiting.append(found)
    faults += [f"no link leads to {name}" for name in sorted(missing)]
    assert not faults, "\n".join(faults)
