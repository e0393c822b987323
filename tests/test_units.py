"""Units: the tree, their paper from a day on, and how they end."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from qms.accounts import service, units_service
from qms.accounts.rules import Role
from qms.db import transaction
from qms.errors import InvalidError, NotAllowedError, RefusedError
from qms.trail import Act
from qms.units import queries, rules
from qms.units.rules import Level, Place
from tests import factories
from tests.engines import sqlite_only
from tests.factories import Office
from tests.people import As
from tests.when import MONDAY, NINE, Clock

UNIT = {
    "parent": "song-lo",
    "name": "Phòng Kinh tế",
    "slug": "kinh-te",
    "level": "phong",
    "first_day": "03/08/2026",
}
HEADING = {
    "from_day": "01/09/2026",
    "name": "UBND xã Sông Lô",
    "level": "xa",
    "superior": "Tỉnh Phú Thọ",
    "place": "Sông Lô",
    "email": "song-lo@phutho.example.com",
    "feedback": "Văn phòng UBND tỉnh",
}


def act(office: Office, account: str = "quantri") -> Act:
    return office.act(account, NINE, MONDAY)


def do(app: Flask, deed: Callable[[Session], object]) -> None:
    """Do something in a transaction of its own."""
    with app.app_context(), transaction() as session:
        deed(session)


# ---- The pages ----


def test_a_heading_stands_only_when_a_second_person_confirmed_it(
    signed_in: As, app: Flask, office: Office, clock: Clock
) -> None:
    page = signed_in("thuky").post(
        "accounts.units.enter_heading", HEADING, slug="song-lo", status=303
    )
    assert "Chờ người thứ hai" in page.text
    assert "Xác nhận là đúng" not in page.text, "whoever entered it is not asked"
    clock.go(date(2026, 9, 1))
    leader = signed_in("lanhdao")
    page = leader.get("accounts.units.unit", slug="song-lo")
    assert "Xác nhận là đúng" in page.text
    with app.app_context(), transaction() as session:
        row = queries.heading_rows(session, office.units["song-lo"])[0].id
        now = queries.heading(session, office.units["song-lo"], date(2026, 9, 1))
        assert now is not None
        assert now.superior == ""
    leader.post(
        "accounts.units.confirm_heading", {}, slug="song-lo", heading_id=row, status=303
    )
    with app.app_context(), transaction() as session:
        now = queries.heading(session, office.units["song-lo"], date(2026, 9, 1))
        assert now is not None
        assert now.superior == "Tỉnh Phú Thọ"
        before = queries.heading(session, office.units["song-lo"], date(2026, 8, 31))
        assert before is not None
        assert before.superior == "", "the days before keep their paper"
    again = leader.client.post(f"/admin/units/song-lo/headings/{row}/confirm")
    assert again.status_code == 409


@sqlite_only
def test_a_heading_that_waits_is_a_duty_of_who_may_confirm_it(signed_in: As) -> None:
    signed_in("thuky").post("accounts.units.enter_heading", HEADING, slug="song-lo", status=303)
    page = signed_in("truongphong").get("desk.index")
    assert "Xác nhận phần đầu giấy tờ" in page.text
    assert page.attributes("main th a", "href") == ["/admin/units/song-lo"]
    for other in ("thuky", "chuyenvien", "quantri"):
        assert "không có việc nào" in signed_in(other).get("desk.index").text


@sqlite_only
@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": ""}, "Chưa điền ô này"),
        ({"name": "x" * 301}, "Nhiều nhất 300"),
        ({"from_day": ""}, "Chưa điền ô này"),
        ({"from_day": "1/13/2026"}, "13"),
        ({"from_day": "01/01/2020"}, "chưa có trước ngày đó"),
        ({"email": "không phải thư"}, "ten@donvi.vn"),
        ({"level": "sao"}, "chọn một mục"),
        ({"feedback": "x" * 2001}, "Nhiều nhất 2000"),
    ],
)
def test_a_wrong_heading_is_answered_beside_it_and_kept(
    signed_in: As, changes: dict[str, str], says: str
) -> None:
    form = {**HEADING, **changes}
    page = signed_in("thuky").post(
        "accounts.units.enter_heading", form, slug="song-lo", status=422
    )
    assert says in page.text
    for name in ("from_day", "name", "superior", "place", "email"):
        assert page.attributes(f"#{name}", "value") == [form[name]]
    assert page.one("#feedback").strip() == form["feedback"]


@sqlite_only
def test_the_form_begins_with_what_stands_now(signed_in: As) -> None:
    page = signed_in("thuky").get("accounts.units.new_heading", slug="song-lo")
    assert page.attributes("#name", "value") == ["UBND xã Sông Lô"]


def test_a_unit_is_added_below_another_and_its_name_waits(signed_in: As) -> None:
    page = signed_in("quantri").post("accounts.units.add", UNIT, status=303)
    assert page.one("h1") == "Phòng Kinh tế"
    assert "Chờ người thứ hai" in page.text
    assert "Chờ xác nhận tên" in signed_in("quantri").get("accounts.units.index").text


@sqlite_only
@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"slug": "song-lo"}, "đã có đơn vị dùng"),
        ({"slug": "Kinh tế"}, "chữ thường không dấu"),
        ({"slug": "kinh-tế"}, "chữ thường không dấu"),
        ({"slug": "new"}, "không dùng làm địa chỉ được"),
        ({"parent": "tan-lap"}, "chọn một mục"),
        ({"first_day": "hôm nay"}, "hôm nay"),
    ],
)
def test_a_wrong_unit_is_answered_beside_it_and_kept(
    signed_in: As, changes: dict[str, str], says: str
) -> None:
    form = {**UNIT, **changes}
    page = signed_in("quantri").post("accounts.units.add", form, status=422)
    assert says in page.text + page.html
    for name in ("name", "slug", "first_day"):
        assert page.attributes(f"#{name}", "value") == [form[name]]


def test_a_unit_ends_and_another_takes_over(signed_in: As) -> None:
    browser = signed_in("quantri")
    form = {"last_day": "31/08/2026", "successors": ["song-lo"], "carrier": "", "note": "Gộp"}
    page = browser.post("accounts.units.set_last_day", form, slug="tu-phap", status=303)
    assert "Tiếp nhận: UBND xã Sông Lô (ký tiếp tài liệu)" in page.text
    assert "Tiếp nhận từ: Tư pháp" in browser.get("accounts.units.unit", slug="song-lo").text
    page = browser.post("accounts.units.set_last_day", form, slug="tu-phap", status=409)
    assert "đã kết thúc ngày 31/08/2026" in page.text


@sqlite_only
def test_of_several_successors_one_must_sign(signed_in: As) -> None:
    browser = signed_in("quantri")
    form = {"last_day": "31/08/2026", "successors": ["song-lo", "tan-lap"], "carrier": ""}
    page = browser.post("accounts.units.set_last_day", form, slug="tu-phap", status=422)
    assert "phải nêu đơn vị ký thay" in page.text
    assert page.attributes("#successors option[selected]", "value") == ["song-lo", "tan-lap"]
    good = {**form, "carrier": "song-lo"}
    browser.post("accounts.units.set_last_day", good, slug="tu-phap", status=303)


@sqlite_only
def test_the_rule_about_reviewers_is_switched_and_back(signed_in: As) -> None:
    browser = signed_in("quantri")
    page = browser.post("accounts.units.switch_review_rule", {}, slug="song-lo", status=303)
    assert "vừa xem xét vừa ký" in page.text
    page = browser.post("accounts.units.switch_review_rule", {}, slug="song-lo", status=303)
    assert "hai người khác nhau" in page.text


@sqlite_only
def test_what_is_not_there_is_not_found(signed_in: As) -> None:
    browser = signed_in("quantri")
    browser.get("accounts.units.unit", slug="nowhere", status=404)
    browser.post("accounts.units.set_last_day", {}, slug="nowhere", status=404)
    browser.post("accounts.units.switch_review_rule", {}, slug="nowhere", status=404)
    leader = signed_in("lanhdao")
    leader.post("accounts.units.confirm_heading", {}, slug="song-lo", heading_id=99, status=404)


# ---- Who may ----


@pytest.mark.usefixtures("office")
def test_nobody_confirms_the_own_heading(app: Flask) -> None:
    """Not even with a second post that would allow it."""
    with app.app_context(), transaction() as session:
        song_lo = queries.unit(session, "song-lo")
        both = factories.user(session, "kiemnhiem", song_lo, Role.LEADER)
        service.give_post(
            session,
            factories.installation(),
            both,
            song_lo,
            Role.SECRETARY,
            first_day=factories.FOUNDED,
        )
        who = Act(both.id, NINE, MONDAY)
        row = units_service.enter_heading(
            session, who, song_lo, from_day=MONDAY, level=Level.COMMUNE, words={"name": "X"}
        ).id
    with pytest.raises(RefusedError):
        do(app, lambda rows: units_service.confirm_heading(rows, who, row))


@pytest.mark.parametrize(
    "account", ["thuky", "truongphong", "lanhdao", "chuyenvien", "danhgia", "quantri-tl"]
)
def test_the_services_ask_again_even_if_a_view_forgot(
    app: Flask, office: Office, account: str
) -> None:
    who = act(office, account)

    def end(rows: Session) -> None:
        tu_phap = queries.unit(rows, "tu-phap")
        units_service.end(
            rows, who, tu_phap, last_day=MONDAY, successors=[], carrier=None, note=""
        )

    def found(rows: Session) -> None:
        units_service.found(
            rows,
            who,
            parent=queries.unit(rows, "song-lo"),
            slug="moi",
            first_day=MONDAY,
            office=False,
            level=Level.INNER,
            name="Mới",
        )

    def switch(rows: Session) -> None:
        song_lo = queries.unit(rows, "song-lo")
        units_service.let_signer_review(rows, who, song_lo, allowed=True)

    for deed in (end, found, switch):
        with pytest.raises(NotAllowedError):
            do(app, deed)


@sqlite_only
@pytest.mark.parametrize("account", ["quantri", "truongphong", "lanhdao", "thuky-tl"])
def test_only_the_secretary_of_the_unit_enters_its_heading(
    app: Flask, office: Office, account: str
) -> None:
    def enter(rows: Session) -> None:
        units_service.enter_heading(
            rows,
            act(office, account),
            queries.unit(rows, "song-lo"),
            from_day=MONDAY,
            level=Level.COMMUNE,
            words={"name": "X"},
        )

    with pytest.raises(NotAllowedError):
        do(app, enter)


@sqlite_only
def test_nobody_without_a_name_acts_on_units(app: Flask, office: Office) -> None:
    with pytest.raises(NotAllowedError):
        do(
            app,
            lambda rows: units_service.let_signer_review(
                rows, Act(None, NINE, MONDAY), queries.unit(rows, "song-lo"), allowed=True
            ),
        )
    assert office.units


# ---- Rules ----


@given(
    st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=20),
)
def test_the_tree_shows_each_unit_once_and_below_its_parent(
    drawn: list[tuple[int, bool]],
) -> None:
    places = {
        number: Place(number, above if above < number else None, office, MONDAY, None)
        for number, (above, office) in enumerate(drawn)
    }
    shown = rules.tree(places, str)
    assert sorted(each for _, each in shown) == sorted(places)
    depths = {each: depth for depth, each in shown}
    order = [each for _, each in shown]
    for each, place in places.items():
        if place.parent_id is None:
            assert depths[each] == 0
        else:
            assert depths[each] == depths[place.parent_id] + 1
            assert order.index(place.parent_id) < order.index(each)


@given(st.text(max_size=70))
def test_an_address_word_is_what_an_address_may_hold(word: str) -> None:
    try:
        rules.check_slug(word)
    except InvalidError:
        return
    assert word.isascii()
    assert word == word.lower().strip("-")


def test_a_unit_without_headings_has_none() -> None:
    assert rules.heading_on([], MONDAY) is None


def test_a_post_reaches_down_to_the_next_office_and_no_other_branch() -> None:
    above = {1: None, 2: 1, 3: 2, 4: 1, 5: 4, 6: None, 7: 6}
    offices = {1, 4}
    places = {n: Place(n, up, n in offices, MONDAY, None) for n, up in above.items()}
    reached = {post: {n for n in places if rules.reaches(places, post, n)} for post in places}
    assert reached == {1: {1, 2, 3}, 2: {2, 3}, 3: {3}, 4: {4, 5}, 5: {5}, 6: {6, 7}, 7: {7}}
