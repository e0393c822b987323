"""The standard of an office: its edition, and which clause has documents and open findings."""

from datetime import timedelta

import pytest
from flask import Flask

from qms.db import db, transaction
from qms.errors import InvalidError, NotAllowedError, RefusedError
from qms.standards import service
from qms.standards.coverage import Told, together
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
