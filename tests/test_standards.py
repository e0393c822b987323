"""The standard of an office: its edition, and which clause has documents and open findings."""

from datetime import timedelta

import pytest
from flask import Flask

from qms.db import db, transaction
from qms.errors import InvalidError, NotAllowedError, RefusedError
from qms.standards import service
from qms.standards.catalogue import EDITIONS
from qms.standards.coverage import Told, described, figures, last_audit, together, upwards
from qms.standards.queries import edition_of
from qms.units.queries import unit
from tests.engines import sqlite_only
from tests.factories import Office
from tests.people import As
from tests.when import MONDAY, NINE

TUESDAY = MONDAY + timedelta(days=1)


def test_an_office_works_by_the_edition_it_chose_from_a_day_on(
    app: Flask, office: Office
) -> None:
    act = office.act("thuky", NINE, MONDAY)
    with app.app_context(), transaction() as session:
        commune, rooms = unit(session, "song-lo"), unit(session, "tu-phap")
        assert edition_of(session, rooms.id) == "9001:2015"
        service.choose(session, act, commune, "9001:2008", MONDAY)
        service.choose(session, act, commune, "9001:2015", TUESDAY)
        assert edition_of(session, rooms.id, MONDAY) == "9001:2008"
        assert edition_of(session, rooms.id, TUESDAY) == "9001:2015"
        assert edition_of(session, commune.id) == "9001:2015"
        with pytest.raises(RefusedError):
            service.choose(session, act, commune, "9001:2015", TUESDAY)
        with pytest.raises(InvalidError):
            service.choose(session, act, commune, "9001:1994", TUESDAY)
        with pytest.raises(InvalidError):
            service.choose(session, act, rooms, "9001:2008", TUESDAY)
        other = unit(session, "tan-lap")
        with pytest.raises(NotAllowedError):
            service.choose(session, act, other, "9001:2008", TUESDAY)


@sqlite_only
def test_the_edition_is_chosen_on_the_page(signed_in: As) -> None:
    secretary = signed_in("thuky")
    form = {"edition": "9001:2008", "from_day": "03/08/2026"}
    page = secretary.post("standards.choose", form, status=303)
    assert "Cơ quan đang áp dụng TCVN ISO 9001:2008." in page.text
    assert "Hành động phòng ngừa" in page.text
    again = secretary.post("standards.choose", form, status=409)
    assert "đã áp dụng ấn bản đó rồi" in again.text
    secretary.post("standards.choose", {**form, "from_day": "hôm qua"}, status=422)


def test_what_several_features_know_is_put_together() -> None:
    one = Told(clause_audited={"9.2": MONDAY}, clause_open={"9.2": 1}, document_open={3: 1})
    two = Told(
        clause_audited={"9.2": TUESDAY},
        document_audited={3: MONDAY},
        clause_open={"9.2": 2},
        document_open={3: 4},
        where="/x",
    )
    found = together([one, two])
    assert found.clause_audited == {"9.2": TUESDAY}
    assert found.document_audited == {3: MONDAY}
    assert found.clause_open == {"9.2": 3}
    assert found.document_open == {3: 5}
    assert found.where == "/x"


def test_an_office_that_chose_nothing_works_by_the_usual_edition(
    app: Flask, office: Office
) -> None:
    with app.app_context():
        assert edition_of(db.session(), office.units["tan-lap"], MONDAY) == "9001:2015"


def test_the_audit_of_a_process_counts_for_the_procedures_it_describes() -> None:
    told = Told(document_audited={1: MONDAY, 11: TUESDAY})
    found = described(told, {1: [11, 12], 2: [12], 3: [11]})
    assert found.document_audited == {1: TUESDAY, 3: TUESDAY, 11: TUESDAY}


def test_figures_count_what_was_audited_within_the_year() -> None:
    before = MONDAY.replace(year=MONDAY.year - 1)
    told = Told(
        clause_audited={"7.5.3": MONDAY, "9.2": before}, document_audited={1: MONDAY, 2: before}
    )
    found = figures(told, ["7.5.3.1", "9.2.1", "8.1"], [1, 2, 3, 4], MONDAY.year)
    assert (found.clauses, found.all_clauses) == (1, 3)
    assert (found.procedures, found.all_procedures) == (1, 4)


def test_what_a_clause_was_asked_holds_for_those_that_divide_it() -> None:
    assert upwards("7.5.3.1") == ["7.5.3.1", "7.5.3", "7.5", "7"]
    told = Told(clause_audited={"7.5.3": MONDAY, "7.5.3.1": TUESDAY, "9": MONDAY})
    assert last_audit(told, "7.5.3.1") == TUESDAY
    assert last_audit(told, "7.5.3.2") == MONDAY
    assert last_audit(told, "8.1") is None


def test_clauses_that_others_divide_are_not_counted() -> None:
    leaves = EDITIONS["9001:2015"].leaves
    assert "7.5.3.1" in leaves
    assert "7.5.3" not in leaves
