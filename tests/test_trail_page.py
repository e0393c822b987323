"""The page of the trail: each office reads its own lines, in words, and nobody else's."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from qms import clock as office_clock
from qms import paths, trail
from qms.accounts import service as accounts
from qms.accounts.models import User
from qms.accounts.rules import Role
from qms.actions.rules import Step
from qms.db import db, transaction
from qms.desk import trail_queries
from qms.desk.trail_queries import KINDS, PAGE, Wanted
from qms.desk.trail_words import ACTION_WORDS, DETAIL_WORDS, UNSAID, facts
from qms.documents import service
from qms.documents.service import Head
from qms.postings.rules import Deed
from qms.trail import Act, Entry, Via
from qms.units.queries import unit
from tests import factories
from tests.engines import counted, sqlite_only
from tests.factories import FOUNDED, SIX, Office
from tests.pages import Page
from tests.people import As
from tests.when import MONDAY, NINE

SOURCES = sorted(paths.PACKAGE.rglob("*.py"))
ACTION = re.compile(r"[a-z]+\.[a-z_]+")
READERS = ("quantri", "thuky", "lanhdao", "danhgia")
OURS, THEIRS = ("song-lo", "tu-phap"), ("tan-lap",)


def recorded() -> Iterator[str]:
    """Give every act that the program's text names where it writes a line."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in {"record", "_record", "filled"}:
                    said = [*node.args, *(each.value for each in node.keywords)]
                    words = [each.value for each in said if isinstance(each, ast.Constant)]
                    yield from filter(ACTION.fullmatch, map(str, words))


def given(name: str) -> Iterator[ast.expr]:
    """Give everything the program's text passes, assigns or returns under a name."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = [node.arg] if isinstance(node, ast.keyword) else []
            if isinstance(node, ast.Assign):
                called = [ast.unparse(each) for each in node.targets]
            if isinstance(node, ast.keyword | ast.Assign) and name in called:
                yield node.value
            elif isinstance(node, ast.FunctionDef) and node.name == name:
                yield from (
                    each.value
                    for each in node.body
                    if isinstance(each, ast.Return) and each.value
                )


def test_every_act_that_is_recorded_has_words_and_no_other() -> None:
    deeds = {f"copy.{deed}" for deed in Deed} | {f"request.{step}" for step in Step}
    assert set(recorded()) | deeds == set(ACTION_WORDS)


def test_every_detail_that_is_recorded_has_a_label_or_is_left_unsaid() -> None:
    keys = [key for each in given("detail") if isinstance(each, ast.Dict) for key in each.keys]
    assert {ast.literal_eval(key) for key in keys if key} == set(DETAIL_WORDS) | UNSAID


def test_what_lines_are_about_is_known() -> None:
    written = [ast.unparse(each) for name in ("subject", "ref") for each in given(name)]
    named = [re.match(r"f'([a-z]+)/", each) for each in written]
    assert {found[1] for found in named if found} == set(KINDS)


def test_details_are_short_and_in_words() -> None:
    detail = {"id": 7, "dated": "2026-08-03", "digest": "ab" * 32, "role": "leader", "note": ""}
    counts = {"counts": [3, 1, 0, 9, 2, 0], "lines": [[1, 2, "issue"], [2, 3, "amend"]]}
    assert facts({**detail, **counts, "document": 4}, {("document", 4): "QT-01"}, str) == [
        ("ngày ký", "03/08/2026"),
        ("mã băm", "abababab…"),
        ("chức trách", "Lãnh đạo"),
        ("kết quả", "3 mới, 1 thay đổi, 0 không còn, 9 không đổi, 2 nghi vấn, 0 từ chối"),
        ("số dòng", "2"),
        ("tài liệu", "QT-01"),
    ]


def seen(session: Session, office: Office, *slugs: str) -> list[Entry]:
    """Return all lines, page after page, that people of some units may see."""
    units = frozenset(office.units[slug] for slug in slugs)
    circle = trail_queries.circle(session, units)
    found: list[Entry] = []
    before: int | None = None
    while True:
        page = trail_queries.lines(
            session, circle, Wanted(), office_clock.begins, before=before
        )
        found.extend(page.entries)
        before = page.older_than
        if before is None:
            return found


def sign_in(session: Session, user: User, at: datetime) -> int:
    """Write that somebody signed in; return the number of the line."""
    act = Act(user.id, at, at.date(), Via.WEB)
    subject = f"person/{user.id}"
    trail.record(session, act, action="account.signed_in", subject=subject, detail={})
    return trail.head(session).seq


def test_each_line_is_for_exactly_one_of_two_offices(
    app: Flask, office: Office, signed_in: As
) -> None:
    for account in ("thuky", "quantri-tl", *SIX):
        signed_in(account)
    with app.app_context(), transaction() as session:
        factories.sign(
            session,
            office,
            factories.draft(session, office, "QT-01", NINE, MONDAY),
            NINE,
            MONDAY,
        )
    with app.app_context():
        session = db.session()
        ours, theirs = seen(session, office, *OURS), seen(session, office, *THEIRS)
        assert len(ours) > PAGE, "there is more than one page"
        both = [entry.seq for entry in [*ours, *theirs]]
        assert sorted(both) == list(range(1, trail.head(session).seq + 1))
        assert [entry.seq for entry in ours] == sorted((e.seq for e in ours), reverse=True)
        foreign = {office.people["quantri-tl"], office.people["thuky-tl"]}
        assert {entry.actor for entry in theirs} == {None, office.people["quantri-tl"]}
        assert not foreign & {entry.actor for entry in ours}
        subjects = {entry.subject for entry in ours}
        assert "unit/song-lo" in subjects
        assert "unit/tan-lap" not in subjects


def test_of_somebody_who_moved_each_office_reads_its_own_days(
    app: Flask, office: Office
) -> None:
    with app.app_context(), transaction() as session:
        act = factories.installation()
        mover = accounts.add(session, act, account="luanchuyen", name="Người luân chuyển")
        for slug, first_day, last_day in (
            ("song-lo", FOUNDED, date(2026, 7, 31)),
            ("tan-lap", date(2026, 8, 1), None),
        ):
            where = unit(session, slug)
            accounts.give_post(
                session, act, mover, where, Role.STAFF, first_day=first_day, last_day=last_day
            )
        last = sign_in(session, mover, datetime(2026, 7, 31, 16, 59, tzinfo=UTC))
        first = sign_in(session, mover, datetime(2026, 7, 31, 17, 0, tzinfo=UTC))
    with app.app_context():
        session = db.session()
        ours = {entry.seq for entry in seen(session, office, *OURS)}
        theirs = {entry.seq for entry in seen(session, office, *THEIRS)}
        assert {last, first} & ours == {last}
        assert {last, first} & theirs == {first}


def test_of_somebody_with_two_offices_each_reads_about_its_own_decisions(
    app: Flask, office: Office
) -> None:
    with app.app_context(), transaction() as session:
        both = factories.user(session, "kiemnhiem", unit(session, "song-lo"), Role.SECRETARY)
        accounts.give_post(
            session,
            factories.installation(),
            both,
            unit(session, "tan-lap"),
            Role.SECRETARY,
            first_day=FOUNDED,
        )
        act = Act(both.id, NINE, MONDAY)
        made = {
            slug: service.open_decision(session, act, unit(session, slug), Head("Ban hành")).ref
            for slug in ("song-lo", "tan-lap")
        }
    with app.app_context():
        session = db.session()
        ours = {entry.subject for entry in seen(session, office, *OURS)}
        theirs = {entry.subject for entry in seen(session, office, *THEIRS)}
        assert set(made.values()) & ours == {made["song-lo"]}
        assert set(made.values()) & theirs == {made["tan-lap"]}


@pytest.fixture
def decided(app: Flask, office: Office) -> str:
    """Sign a decision and draft others; return how the trail names the first."""
    with app.app_context(), transaction() as session:
        first = factories.draft(session, office, "QT-01", NINE, MONDAY)
        factories.sign(session, office, first, NINE, MONDAY)
        for number in range(PAGE):
            factories.draft(session, office, f"QT-1{number:02}", NINE, MONDAY)
        return first.ref


def rows(page: Page) -> list[str]:
    return page.all("main tbody tr")


@sqlite_only
def test_the_page_tells_in_words_who_did_what(signed_in: As, decided: str) -> None:
    page = signed_in("danhgia").get("desk.trail.index", subject=decided)
    newest = rows(page)[0]
    for words in ("Phạm Minh Đức", "Ký", "Quyết định 1/QĐ-UBND", decided, "03/08/2026"):
        assert words in newest, newest
    assert "qms trail verify --anchor" in page.text
    english = signed_in("danhgia").get("desk.trail.index", subject=decided, lang="en")
    assert "Decision 1/QĐ-UBND" in rows(english)[0]


@sqlite_only
def test_the_head_of_the_chain_stands_on_the_page(app: Flask, signed_in: As) -> None:
    page = signed_in("lanhdao").get("desk.trail.index")
    with app.app_context():
        assert trail.head(db.session()).mac in page.all("main code")


@sqlite_only
@pytest.mark.parametrize("account", READERS)
def test_whatever_the_page_links_opens_for_whoever_sees_it(
    signed_in: As, decided: str, account: str
) -> None:
    browser = signed_in(account)
    page = browser.get("desk.trail.index")
    links = set(page.attributes("main a", "href"))
    for href in links:
        assert browser.client.get(href).status_code == 200, href
    about_decisions = [href for href in links if href.startswith("/decisions/")]
    assert bool(about_decisions) == (account != "quantri"), decided
    assert any(href.startswith("/admin/people/") for href in links) == (account == "quantri")


@sqlite_only
def test_lines_are_found_by_day_person_act_and_subject(
    office: Office, signed_in: As, decided: str
) -> None:
    browser = signed_in("thuky")

    def found(**asked: object) -> list[str]:
        address = f"/trail?{urlencode(asked)}"
        return rows(browser.open(address))

    signed = found(action="decision.signed")
    assert len(signed) == 1
    assert "Phạm Minh Đức" in signed[0]
    assert found(who=office.people["lanhdao"]) == signed
    assert {decided in line for line in found(subject=decided)} == {True}
    assert found(since="03/08/2026", until="03/08/2026", action="decision.signed") == signed
    assert found(until="02/08/2026", action="decision.signed") == []
    assert found(since="04/08/2026") == []
    assert all("Hệ thống" in line for line in found(who=0, until="01/07/2025"))
    assert found(who=0)


@sqlite_only
@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"since": "31/02/2026"}, "Không có ngày 31/02/2026: tháng 2 năm 2026 có 28 ngày."),
        ({"until": "hôm qua"}, "Hãy viết ngày theo dạng ngày/tháng/năm, ví dụ 05/03/2018."),
        ({"until": "01/07/2026", "since": "02/07/2026"}, "Ngày cuối không thể trước ngày đầu."),
        ({"who": "99"}, "Hãy chọn một mục trong danh sách."),
        ({"subject": "số 8"}, "Hãy viết như trong cột Đối tượng, ví dụ decision/8."),
    ],
)
def test_a_mistake_is_named_beside_its_field_and_what_was_typed_stays(
    office: Office, signed_in: As, asked: dict[str, Any], sentence: str
) -> None:
    assert office
    page = signed_in("lanhdao").get("desk.trail.index", status=422, **asked)
    name, typed = next(iter(asked.items()))
    assert page.all(f"#{name}-wrong") == [sentence]
    assert not rows(page)
    if name != "who":
        assert page.attributes(f"#{name}", "value") == [typed]


@sqlite_only
def test_one_turns_the_pages_to_older_and_newer_lines(signed_in: As, decided: str) -> None:
    browser = signed_in("lanhdao")
    newest = browser.get("desk.trail.index", action="")
    assert len(rows(newest)) == PAGE, decided
    assert not newest.attributes("a[rel=prev]", "href")
    older = browser.open(newest.attributes("a[rel=next]", "href")[0])
    assert not set(rows(older)) & set(rows(newest))
    back = browser.open(older.attributes("a[rel=prev]", "href")[0])
    assert rows(back) == rows(newest)


@sqlite_only
def test_where_nothing_is_found_the_page_says_so(signed_in: As) -> None:
    page = signed_in("danhgia").get("desk.trail.index", subject="decision/99")
    assert "Không có dòng nhật ký nào như vậy." in page.text
    assert not page.attributes("a[rel=next]", "href")


@sqlite_only
def test_a_page_of_the_trail_costs_the_same_with_one_or_many_lines(
    signed_in: As, decided: str
) -> None:
    browser = signed_in("thuky")
    costs = []
    for action in ("decision.signed", ""):
        with counted() as sent:
            page = browser.get("desk.trail.index", action=action)
        costs.append(len(sent))
    assert len(rows(page)) == PAGE, decided
    few, many = costs
    assert many <= few + 1
    assert many <= 15
