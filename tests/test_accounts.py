"""People and posts: who may give what to whom, and what a clever insider cannot do."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from qms.accounts import queries, rules, service
from qms.accounts.models import Post
from qms.accounts.rules import Permission, Role
from qms.db import transaction
from qms.errors import InvalidError, NotAllowedError, RefusedError
from qms.trail import Act, Via, verify
from qms.units.queries import unit
from qms.units.rules import Place
from tests import factories
from tests.engines import sqlite_only
from tests.factories import Office
from tests.pages import Browser
from tests.people import As
from tests.when import MONDAY, NINE, Clock

POST = {"unit": "song-lo", "role": "staff", "first_day": "03/08/2026", "last_day": ""}
NEW = {**POST, "account": "moi", "name": "Hoàng Văn Mới", "title": "Công chức"}


def act(office: Office, account: str = "quantri") -> Act:
    return office.act(account, NINE, MONDAY)


def attempt(app: Flask, deed: Callable[[Session], object]) -> None:
    """Do something in a transaction of its own."""
    with app.app_context(), transaction() as session:
        deed(session)


# ---- What an administrator does ----


def test_a_new_person_gets_one_link_that_is_shown_once(signed_in: As, browser: Browser) -> None:
    page = signed_in("quantri").post("accounts.people.add", NEW, status=200)
    link = page.one("textarea")
    assert link.startswith("http://127.0.0.1:8000/first-password/")
    form = {"password": "một câu hoàn toàn mới", "again": "một câu hoàn toàn mới"}
    where = link.removeprefix("http://127.0.0.1:8000")
    assert browser.client.post(where, data=form).status_code == 303
    desk = browser.sign_in("moi", form["password"])
    assert "Hoàng Văn Mới" in desk.one("header")
    assert link.rpartition("/")[2] not in signed_in("quantri").get("accounts.people.index").html


@sqlite_only
@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"account": "thuky"}, "đã có người dùng"),
        ({"account": "Nguyễn A"}, "chữ thường không dấu"),
        ({"account": ""}, "Chưa điền ô này"),
        ({"account": "a" * 61}, "Nhiều nhất 60"),
        ({"name": "   "}, "Chưa điền ô này"),
        ({"name": "x" * 121}, "Nhiều nhất 120"),
        ({"first_day": "31/02/2026"}, "02/2026"),
        ({"last_day": "01/08/2026"}, "không thể trước ngày đầu tiên"),
        ({"unit": "tan-lap"}, "chọn một mục"),
        ({"unit": "nowhere"}, "chọn một mục"),
        ({"role": "king"}, "chọn một mục"),
    ],
)
def test_a_wrong_entry_is_answered_beside_it_and_kept(
    signed_in: As, session: Session, changes: dict[str, str], says: str
) -> None:
    status = 409 if "last_day" in changes else 422
    page = signed_in("quantri").post("accounts.people.add", {**NEW, **changes}, status=status)
    assert says in page.text
    for name in ("account", "name", "title", "first_day", "last_day"):
        typed = {**NEW, **changes}[name].strip()
        assert page.attributes(f"#{name}", "value") == [typed]
    assert "moi" not in {user.account for user in queries.people(session)}, "nothing half-done"


def test_a_post_is_given_and_ended(signed_in: As, office: Office, clock: Clock) -> None:
    browser, person = signed_in("quantri"), office.people["chuyenvien"]
    form = {**POST, "role": "auditor", "unit": "tu-phap"}
    page = browser.post("accounts.people.give_post", form, person_id=person, status=303)
    assert "Đánh giá viên nội bộ" in page.text
    link = page.attributes("td a", "href")[-1]
    assert "Đánh giá viên nội bộ" in browser.open(link).text
    answer = browser.client.post(link, data={"last_day": "10/08/2026"})
    assert answer.status_code == 303
    clock.go(date(2026, 8, 11))
    page = signed_in("quantri").get("accounts.people.person", person_id=person)
    assert "Đã thôi" in page.text


@sqlite_only
def test_a_post_lets_nobody_in_the_day_after_its_last(
    app: Flask, signed_in: As, office: Office, clock: Clock
) -> None:
    with app.app_context(), transaction() as session:
        new = factories.user(session, "quantri2", unit(session, "song-lo"), Role.ADMINISTRATOR)
        post = queries.posts(session, office.people["quantri"])[0]
        service.end_post(session, Act(new.id, NINE, MONDAY), post, last_day=MONDAY)
    assert signed_in("quantri").client.get("/admin/people").status_code == 200
    clock.go(MONDAY + timedelta(days=1), hour=0)
    assert signed_in("quantri").client.get("/admin/people").status_code == 403


@sqlite_only
def test_the_list_is_filtered_and_paged(signed_in: As, app: Flask) -> None:
    with app.app_context(), transaction() as session:
        where = unit(session, "song-lo")
        for number in range(55):
            factories.user(session, f"nguoi{number:02}", where, Role.STAFF, name="Ngô Đình Ân")
    browser = signed_in("quantri")
    assert len(browser.get("accounts.people.index").all("tbody tr")) == 50
    assert len(browser.get("accounts.people.index", page=2).all("tbody tr")) == 11
    assert len(browser.get("accounts.people.index", q="ngô").all("tbody tr")) == 50
    assert len(browser.get("accounts.people.index", q="thuky").all("tbody tr")) == 1
    assert len(browser.get("accounts.people.index", role="leader").all("tbody tr")) == 1
    assert "Không tìm thấy" in browser.get("accounts.people.index", state="closed").text
    for odd in ("x", "-1", "0", "9" * 30):
        browser.get("accounts.people.index", page=odd)


# ---- What a clever insider cannot do ----


def test_nobody_gives_a_post_to_oneself(signed_in: As, office: Office) -> None:
    form = {**POST, "role": "leader"}
    me = office.people["quantri"]
    signed_in("quantri").post("accounts.people.give_post", form, person_id=me, status=409)
    assert "Lãnh đạo" not in signed_in("quantri").get("accounts.own").text


@pytest.mark.parametrize(
    "account", ["thuky", "truongphong", "lanhdao", "danhgia", "quantri-tl"]
)
def test_the_services_ask_again_even_if_a_view_forgot(
    app: Flask, office: Office, account: str
) -> None:
    who, person = act(office, account), office.people["chuyenvien"]

    def give(session: Session) -> None:
        where, user = unit(session, "song-lo"), queries.person(session, person)
        service.give_post(session, who, user, where, Role.LEADER, first_day=MONDAY)

    def end(session: Session) -> None:
        post = queries.posts(session, person)[0]
        service.end_post(session, who, post, last_day=MONDAY)

    deeds: list[Callable[[Session], object]] = [
        give,
        end,
        lambda session: service.link(session, who, queries.person(session, person)),
        lambda session: service.close(session, who, queries.person(session, person)),
    ]
    for deed in deeds:
        with pytest.raises(NotAllowedError):
            attempt(app, deed)


@sqlite_only
def test_only_the_installation_acts_without_a_person(app: Flask, office: Office) -> None:
    stranger, person = Act(None, NINE, MONDAY, Via.WEB), office.people["thuky"]
    words = "một câu hoàn toàn mới"
    deeds: list[Callable[[Session], object]] = [
        lambda session: service.add(session, stranger, account="moi", name="Mới"),
        lambda session: service.set_password(
            session, act(office), queries.person(session, person), words
        ),
        lambda session: service.set_password(
            session, stranger, queries.person(session, person), words
        ),
    ]
    for deed in deeds:
        with pytest.raises(NotAllowedError):
            attempt(app, deed)


def test_the_only_administrator_cannot_go(app: Flask, office: Office, signed_in: As) -> None:
    browser, me = signed_in("quantri"), office.people["quantri"]
    with app.app_context(), transaction() as session:
        post = queries.posts(session, me)[0].id
        waiting = service.add(session, act(office), account="moi", name="Mới")
        where = unit(session, "song-lo")
        service.give_post(
            session, act(office), waiting, where, Role.ADMINISTRATOR, first_day=MONDAY
        )
    form = {"last_day": "03/08/2026"}
    page = browser.post(
        "accounts.people.set_last_day", form, person_id=me, post_id=post, status=409
    )
    assert "quản trị viên duy nhất" in page.text, "one who cannot sign in yet is none"
    assert page.attributes("#last_day", "value") == ["03/08/2026"]
    browser.post("accounts.people.close", {}, person_id=me, status=409)
    with app.app_context(), transaction() as session:
        queries.user(session, "moi").password_hash = factories.password_hash()
    browser.post("accounts.people.set_last_day", form, person_id=me, post_id=post, status=303)


@sqlite_only
def test_an_ended_post_is_not_made_longer(app: Flask, office: Office) -> None:
    with app.app_context(), transaction() as session:
        post = queries.posts(session, office.people["chuyenvien"])[0]
        service.end_post(session, act(office), post, last_day=MONDAY)
        with pytest.raises(RefusedError):
            service.end_post(session, act(office), post, last_day=MONDAY + timedelta(days=1))
        with pytest.raises(RefusedError):
            service.end_post(session, act(office), post, last_day=MONDAY - timedelta(days=2))
        service.end_post(session, act(office), post, last_day=MONDAY - timedelta(days=1))


@sqlite_only
def test_the_same_post_is_not_given_twice_nor_to_who_left(app: Flask, office: Office) -> None:
    with app.app_context(), transaction() as session:
        user = queries.person(session, office.people["chuyenvien"])
        where = unit(session, "song-lo")
        with pytest.raises(RefusedError, match="đã giữ"):
            service.give_post(session, act(office), user, where, Role.STAFF, first_day=MONDAY)
        service.close(session, act(office), user)
        with pytest.raises(RefusedError, match="khóa"):
            service.give_post(session, act(office), user, where, Role.HEAD, first_day=MONDAY)
        with pytest.raises(RefusedError, match="khóa"):
            service.link(session, act(office), user)


@sqlite_only
@pytest.mark.parametrize("administrator", ["quantri", "quantri-tl"])
def test_who_also_works_elsewhere_is_not_taken_over(
    app: Flask, office: Office, administrator: str
) -> None:
    """A link for a person opens all that the person may do, in every office."""
    person = office.people["chuyenvien"]
    with app.app_context(), transaction() as session:
        user, there = queries.person(session, person), unit(session, "tan-lap")
        boss = act(office, "quantri-tl")
        service.give_post(session, boss, user, there, Role.LEADER, first_day=MONDAY)
    who = act(office, administrator)
    with pytest.raises(NotAllowedError):
        attempt(app, lambda rows: service.link(rows, who, queries.person(rows, person)))
    with pytest.raises(NotAllowedError):
        attempt(app, lambda rows: service.close(rows, who, queries.person(rows, person)))


@sqlite_only
def test_the_first_administrator_of_a_new_office_comes_from_above(
    app: Flask, office: Office
) -> None:
    with app.app_context(), transaction() as session:
        above = unit(session, "song-lo")
        new = factories.unit(session, "tram-y-te", "Trạm Y tế", parent=above, office=True)
        user = queries.person(session, office.people["chuyenvien"])
        other = queries.person(session, office.people["danhgia"])
        with pytest.raises(NotAllowedError):
            service.give_post(session, act(office), user, new, Role.LEADER, first_day=MONDAY)
        service.give_post(session, act(office), user, new, Role.ADMINISTRATOR, first_day=MONDAY)
        with pytest.raises(NotAllowedError):
            service.give_post(
                session, act(office), other, new, Role.ADMINISTRATOR, first_day=MONDAY
            )


@sqlite_only
def test_one_makes_no_link_for_oneself(app: Flask, office: Office) -> None:
    with app.app_context(), transaction() as session:
        me = queries.person(session, office.people["quantri"])
        with pytest.raises(RefusedError):
            service.link(session, act(office), me)
        with pytest.raises(RefusedError):
            service.close(session, act(office), me)


def test_every_act_on_people_stands_in_the_trail(app: Flask, office: Office) -> None:
    with app.app_context(), transaction() as session:
        user = service.add(session, act(office), account="moi", name="Mới")
        where = unit(session, "song-lo")
        post = service.give_post(
            session, act(office), user, where, Role.STAFF, first_day=MONDAY
        )
        service.link(session, act(office), user)
        service.end_post(session, act(office), post, last_day=MONDAY)
        service.close(session, act(office), user)
        lines = list(verify(session))
    assert not lines


@sqlite_only
def test_an_account_is_named_in_letters_the_keyboard_has(app: Flask, office: Office) -> None:
    with app.app_context(), transaction() as session:
        for odd in ("", "Thư", "a b", "A", "a/b", "tên"):
            with pytest.raises(InvalidError):
                service.add(session, act(office), account=odd, name="Mới")


# ---- Rules ----


def test_every_permission_is_given_to_somebody() -> None:
    given = frozenset().union(*rules.GRANTS.values())
    assert given == frozenset(Permission)


def test_who_drafts_neither_reviews_nor_signs_nor_looks_after_accounts() -> None:
    drafting = {role for role, grants in rules.GRANTS.items() if "decision.draft" in grants}
    for role in drafting:
        assert not rules.GRANTS[role] & {
            Permission.DECISION_REVIEW,
            Permission.DECISION_SIGN,
            Permission.ACCOUNT_MANAGE,
        }


def test_a_wait_counts_from_the_failure_that_was_one_too_many() -> None:
    failed = [NINE + timedelta(minutes=minute) for minute in range(6)]
    assert rules.wait_until(failed[:4], 5) is None
    assert rules.wait_until(failed, 5) == NINE + timedelta(minutes=16)
    assert rules.wait_minutes(NINE + timedelta(seconds=61), NINE) == 2
    assert rules.wait_minutes(NINE, NINE) == 1


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("ngắn quá", "ít nhất"),
        ("dài " * 100, "dài nhất"),
        ("Thuky và trời xanh", "tên đăng nhập"),
        ("ababababababab", "dễ đoán"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused(password: str, says: str) -> None:
    with pytest.raises(InvalidError, match=says):
        rules.check_password(password, "thuky")
    rules.check_password("trời xanh mây trắng", "thuky")


def test_a_post_that_has_ended_reaches_nothing() -> None:
    places = {1: Place(1, None, True, MONDAY, None)}  # noqa: FBT003
    post = Post(unit_id=1, role=Role.LEADER, first_day=MONDAY, last_day=MONDAY)
    after = MONDAY + timedelta(days=1)
    assert rules.reach([post], places, MONDAY)[Permission.DECISION_SIGN] == {1}
    assert rules.reach([post], places, after) == {}
    assert rules.granted([post], after) == frozenset()
