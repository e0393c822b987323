"""My work: what waits for whom, and for nobody else."""

from datetime import timedelta

from flask import Flask

from qms.db import transaction
from qms.documents import queries, signing
from qms.duties import Duty, in_order
from tests import factories
from tests.engines import counted, sqlite_only
from tests.factories import Office
from tests.people import As
from tests.when import MONDAY, NINE


def duties(signed_in: As, account: str) -> list[str]:
    """Return the states of the work on somebody's desk."""
    return signed_in(account).get("desk.index").all("main tbody .st")


def test_a_decision_goes_from_desk_to_desk(app: Flask, office: Office, signed_in: As) -> None:
    with app.app_context(), transaction() as session:
        number = factories.draft(session, office, "QT-01", NINE, MONDAY).id
    assert duties(signed_in, "thuky") == ["Dự thảo đang soạn"]
    assert duties(signed_in, "truongphong") == []
    with app.app_context(), transaction() as session:
        signing.submit(
            session, office.act("thuky", NINE, MONDAY), queries.decision(session, number)
        )
    assert duties(signed_in, "thuky") == []
    assert duties(signed_in, "truongphong") == ["Chờ xem xét"]
    assert duties(signed_in, "lanhdao") == []
    with app.app_context(), transaction() as session:
        head = office.act("truongphong", NINE, MONDAY)
        signing.review(session, head, queries.decision(session, number))
    assert duties(signed_in, "truongphong") == []
    assert duties(signed_in, "lanhdao") == ["Chờ ký"]
    with app.app_context(), transaction() as session:
        leader = office.act("lanhdao", NINE, MONDAY)
        decision = queries.decision(session, number)
        signing.send_back(session, leader, decision, reason="Dòng 1 thiếu căn cứ.")
    assert duties(signed_in, "lanhdao") == []
    assert duties(signed_in, "thuky") == ["Bị trả lại, chờ sửa"]
    page = signed_in("thuky").get("desk.index")
    assert "Phạm Minh Đức: “Dòng 1 thiếu căn cứ.”" in page.text
    for bystander in ("quantri", "chuyenvien", "danhgia", "thuky-tl"):
        assert duties(signed_in, bystander) == []


@sqlite_only
def test_a_desk_costs_the_same_with_one_or_many_things_on_it(
    app: Flask, office: Office, signed_in: As
) -> None:
    browsers = {account: signed_in(account) for account in ("thuky", "truongphong")}
    costs: dict[str, list[int]] = {account: [] for account in browsers}
    for codes in (("A1",), tuple(f"B{number}" for number in range(20))):
        with app.app_context(), transaction() as session:
            for code in codes:
                draft = factories.draft(session, office, code, NINE, MONDAY)
                who = office.act("thuky", NINE, MONDAY)
                if code != codes[0] or len(codes) == 1:
                    signing.submit(session, who, queries.decision(session, draft.id))
        for account, browser in browsers.items():
            with counted() as sent:
                browser.get("desk.index")
            costs[account].append(len(sent))
    for account, (few, many) in costs.items():
        assert many <= few + 1, f"{account}: {few}, then {many}"
        assert many <= 15, f"{account}: {many}"


def test_what_is_late_stands_first_and_the_longest_waiting_before() -> None:
    def duty(state: str, hours: int) -> Duty:
        return Duty("x", f"{state} {hours}", "/", state, since=NINE + timedelta(hours=hours))

    wanted = [duty("late", 5), duty("in_review", 1), duty("in_review", 2), duty("draft", 0)]
    assert in_order(reversed(wanted)) == wanted


def test_what_presses_stands_by_its_last_day_and_what_others_wait_for_by_its_hour() -> None:
    def duty(state: str, hours: int, days: int) -> Duty:
        since, due = NINE + timedelta(hours=hours), MONDAY + timedelta(days=days)
        return Duty("x", f"{state} {hours}", "/", state, since=since, due=due)

    wanted = [
        *(duty("late", 3, -9), duty("late", 1, -2), duty("today", 2, 0)),
        *(duty("review", 1, 9), duty("in_review", 2, 5), duty("returned", 3, 1)),
    ]
    assert in_order(reversed(wanted)) == wanted


@sqlite_only
def test_the_menu_leads_only_where_one_may_go(signed_in: As) -> None:
    for account in factories.SIX:
        browser = signed_in(account)
        page = browser.get("desk.index")
        for href in page.attributes("nav[aria-label='Menu chính'] li a", "href"):
            assert browser.client.get(href).status_code == 200, f"{account}: {href}"
