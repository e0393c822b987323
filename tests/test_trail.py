"""The trail proves itself: nothing in it can be changed, left out or put in unnoticed."""

import secrets
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskCliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from qms import trail
from qms.__main__ import main
from qms.db import db, transaction
from qms.documents.timeline import Action
from qms.errors import RefusedError
from qms.trail import Act, Entry, Head, Via
from qms.units.queries import units
from tests import factories
from tests.deciding import Deciding, text
from tests.engines import sqlite_only
from tests.factories import NAMES, SIX, Office
from tests.people import As
from tests.when import MONDAY, NINE, Clock

COLUMNS = ("at", "actor", "via", "action", "subject", "detail", "mac")
OTHER: Mapping[str, list[object]] = {
    "at": ["2026-08-03 02:00:00.000001"],
    "actor": [7, None],
    "via": ["system", "web", "cli"],
    "action": ["decision.signed"],
    "subject": ["person/99"],
    "detail": ["{}", ""],
    "mac": ["0" * 64, "khác"],
}
MAC = sa.text("SELECT mac FROM trail WHERE seq = :seq")


@pytest.fixture
def told(app: Flask, office: Office) -> Iterator[Session]:
    """Lend the trail of the making of an office."""
    assert office
    with app.app_context():
        yield db.session()


def break_in(session: Session) -> None:
    """Take the guards away as somebody with the database's own password could."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("ALTER TABLE trail DISABLE TRIGGER USER"))
        return
    for guard in ("update", "delete", "insert_in_order"):
        session.execute(sa.text(f"DROP TRIGGER guard_trail_{guard}"))


def begin(session: Session) -> None:
    """Begin to write what will be taken back."""
    session.rollback()
    session.connection(execution_options={"qms_write": "chain"})
    break_in(session)


def change(session: Session, seq: int, column: str, value: object) -> bool:
    """Put another value into a line; tell whether it is another."""
    statement = f"UPDATE trail SET {column} = :value WHERE seq = :seq"
    before = session.scalar(
        sa.text(f"SELECT {column} FROM trail WHERE seq = :seq"), {"seq": seq}
    )
    session.execute(sa.text(statement), {"seq": seq, "value": value})
    return bool(before != value)


def swap(session: Session, first: int, second: int) -> None:
    """Exchange two lines."""
    for old, new in ((first, -1), (second, first), (-1, second)):
        statement = "UPDATE trail SET seq = :new WHERE seq = :old"
        session.execute(sa.text(statement), {"old": old, "new": new})


def drop(session: Session, *, first: int, last: int) -> None:
    """Take lines out."""
    session.execute(
        sa.text("DELETE FROM trail WHERE seq BETWEEN :first AND :last"),
        {"first": first, "last": last},
    )


def verify(runner: FlaskCliRunner, *words: str) -> tuple[int, str, str]:
    result = runner.invoke(main, ["trail", "verify", *words])
    return result.exit_code, result.stdout, result.stderr


def test_an_untouched_trail_is_whole(told: Session, runner: FlaskCliRunner) -> None:
    lines = trail.head(told).seq
    assert lines > len(SIX)
    assert verify(runner) == (0, f"Nhật ký nguyên vẹn: {lines} dòng.\n", "")


def test_an_empty_trail_is_whole_and_its_anchor_is_met(session: Session) -> None:
    assert trail.head(session) == Head(0, trail.FIRST)
    assert list(trail.verify(session, [trail.head(session)])) == []


def test_a_line_that_was_changed_is_named(told: Session) -> None:
    for column in COLUMNS:
        for value in OTHER[column]:
            begin(told)
            if change(told, 5, column, value):
                found = list(trail.verify(told))
                assert found[0] == "Dòng 5 của nhật ký không còn nguyên vẹn.", (column, value)
            told.rollback()


@sqlite_only
def test_what_is_no_instant_and_no_door_is_named_too(told: Session) -> None:
    """SQLite takes any bytes into any column; proving must not stumble over them."""
    begin(told)
    told.execute(sa.text("PRAGMA ignore_check_constraints = ON"))
    for column, value in (("at", "hôm qua"), ("via", "cửa sau"), ("detail", b"\xff")):
        change(told, 5, column, value)
        assert list(trail.verify(told)) == ["Dòng 5 của nhật ký không còn nguyên vẹn."]


def test_a_line_that_was_taken_out_is_named(told: Session) -> None:
    begin(told)
    drop(told, first=5, last=5)
    found = list(trail.verify(told))
    assert found[0] == "Thiếu dòng 5 của nhật ký."
    told.rollback()


def test_lines_that_changed_places_are_named(told: Session) -> None:
    begin(told)
    swap(told, 5, 6)
    found = list(trail.verify(told))
    assert found[:2] == [
        "Dòng 5 của nhật ký không còn nguyên vẹn.",
        "Dòng 6 của nhật ký không còn nguyên vẹn.",
    ]
    told.rollback()


def test_a_shortened_trail_does_not_meet_its_anchor(
    told: Session, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    printed = runner.invoke(args=["trail", "head"]).stdout
    anchor = tmp_path / "anchor"
    anchor.write_text(printed, "ascii")
    last = trail.head(told).seq
    assert verify(runner, "--anchor", str(anchor))[0] == 0
    begin(told)
    drop(told, first=last - 1, last=last)
    told.commit()
    assert verify(runner)[0] == 0, "without an anchor nobody can tell"
    assert verify(runner, "--anchor", str(anchor)) == (
        1,
        "",
        f"Nhật ký thiếu dòng {last} mà mốc đã lưu bên ngoài có.\n",
    )


def test_a_trail_rewritten_by_somebody_with_the_key_does_not_meet_its_anchor(
    told: Session,
) -> None:
    anchor = trail.head(told)
    begin(told)
    drop(told, first=anchor.seq, last=anchor.seq)
    act = Act(None, factories.INSTALLED, MONDAY)
    trail.record(told, act, action="unit.founded", subject="unit/giả", detail={})
    assert list(trail.verify(told)) == []
    assert list(trail.verify(told, [anchor])) == [
        f"Dòng {anchor.seq} của nhật ký khác với mốc đã lưu bên ngoài."
    ]
    told.rollback()


def test_under_another_key_no_line_holds(
    app: Flask, told: Session, runner: FlaskCliRunner
) -> None:
    trail.init_app(app, secrets.token_bytes(32))
    status, _, said = verify(runner)
    assert status == 1
    assert said.count("không còn nguyên vẹn") == trail.head(told).seq


@sqlite_only
@pytest.mark.parametrize(
    "content", ["mốc cũ", "12", "x " + "0" * 64, f"1 {'0' * 63}", b"\xff\xfe"]
)
def test_a_file_that_holds_no_anchors_is_refused(
    runner: FlaskCliRunner, tmp_path: Path, content: str | bytes
) -> None:
    anchor = tmp_path / "anchor"
    anchor.write_bytes(content if isinstance(content, bytes) else content.encode())
    status, _, said = verify(runner, "--anchor", str(anchor))
    assert status == 1
    assert "không phải là một mốc của nhật ký" in said


@sqlite_only
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_no_forgery_without_the_key_passes(told: Session, data: st.DataObject) -> None:
    anchor = trail.head(told)
    lines = st.integers(1, anchor.seq)
    begin(told)
    how = data.draw(st.sampled_from(["change", "swap", "drop", "shorten", "add"]))
    forged = True
    if how == "change":
        column = data.draw(st.sampled_from(COLUMNS))
        value = data.draw(
            st.text(max_size=5) | st.integers(0, 9) | st.sampled_from(OTHER[column])
        )
        told.execute(sa.text("PRAGMA ignore_check_constraints = ON"))
        forged = change(told, data.draw(lines), column, value)
    elif how == "swap":
        first, second = data.draw(st.lists(lines, min_size=2, max_size=2, unique=True))
        swap(told, first, second)
    elif how == "drop":
        first = data.draw(lines)
        drop(told, first=first, last=data.draw(st.integers(first, anchor.seq)))
    elif how == "shorten":
        drop(told, first=data.draw(lines), last=anchor.seq)
    else:
        copied = data.draw(lines)
        told.execute(
            sa.text(
                "INSERT INTO trail SELECT :seq, at, actor, via, action, subject, detail, mac"
                " FROM trail WHERE seq = :copied"
            ),
            {"seq": anchor.seq + 1, "copied": copied},
        )
    assert bool(list(trail.verify(told, [anchor]))) == forged
    told.rollback()


def test_a_deed_that_fails_leaves_no_line(told: Session) -> None:
    before = trail.head(told)

    def fail() -> None:
        with transaction() as session:
            factories.unit(session, "xa-moi", "UBND xã Mới")
            assert trail.head(session).seq == before.seq + 2
            raise RefusedError("Không được.")

    with pytest.raises(RefusedError, match="Không được"):
        fail()
    assert trail.head(told) == before


def test_a_deed_whose_line_cannot_be_written_is_not_done(told: Session) -> None:
    """The clock runs backward, so no line may follow the last."""
    count = len(units(told))
    with transaction() as session:
        late = Act(None, NINE, MONDAY)
        trail.record(session, late, action="test.done", subject="x", detail={})
    with pytest.raises(RefusedError, match="chạy lùi"), transaction() as session:
        factories.unit(session, "xa-moi", "UBND xã Mới")
    assert len(units(told)) == count
    assert (
        told.scalars(sa.select(Entry.action).order_by(Entry.seq.desc())).first() == "test.done"
    )


def test_a_clock_that_is_a_little_behind_does_not_turn_the_trail_back(told: Session) -> None:
    for seconds in (0, -90, 30):
        with transaction() as session:
            act = Act(None, NINE + timedelta(seconds=seconds), MONDAY)
            trail.record(session, act, action="test.done", subject="x", detail={})
    newest = sa.select(Entry.at).order_by(Entry.seq.desc()).limit(3)
    assert list(told.scalars(newest)) == [NINE + timedelta(seconds=30), NINE, NINE]


def test_a_line_keeps_a_fraction_of_a_second(told: Session) -> None:
    with transaction() as session:
        act = Act(None, NINE + timedelta(milliseconds=120), MONDAY)
        trail.record(session, act, action="test.done", subject="x", detail={})
    assert list(trail.verify(told)) == []


def test_without_a_key_nothing_is_recorded(app: Flask, told: Session) -> None:
    del app.extensions["qms_trail_key"]
    with pytest.raises(RefusedError, match="Chưa có khóa"), transaction() as session:
        factories.unit(session, "xa-moi", "UBND xã Mới")
    assert told.get(Entry, trail.head(told).seq + 1) is None


def test_a_line_tells_its_details_in_plain_values(told: Session) -> None:
    with transaction() as session:
        detail = {"day": MONDAY, "lines": [(1, Via.WEB)], "more": {"of": None, "whole": True}}
        act = Act(None, NINE, MONDAY)
        trail.record(session, act, action="test.done", subject="x", detail=detail)
    entry = told.get(Entry, trail.head(told).seq)
    assert entry is not None
    assert trail.details(entry) == {
        "day": "2026-08-03",
        "lines": [[1, "web"]],
        "more": {"of": None, "whole": True},
    }


@sqlite_only
def test_people_stand_in_the_trail_by_number_and_strangers_words_do_not(
    app: Flask, office: Office, clock: Clock, signed_in: As
) -> None:
    with app.app_context():
        Deciding(app, office, clock).decide(Action.ISSUE, text("Một"))
    stranger = signed_in("")
    stranger.post("accounts.enter", {"account": "kẻ lạ mặt", "password": "đoán mò"}, status=422)
    stranger.client.get("/?q=kẻ+lạ+mặt")
    signed_in("thuky").get("documents.pages.index")
    with app.app_context():
        lines = list(db.session.scalars(sa.select(Entry)))
        said = "\n".join(f"{line.subject} {line.detail}" for line in lines)
    for words in (*NAMES.values(), "kẻ lạ", "đoán mò", factories.PASSWORD):
        assert words not in said
    numbers = {line.actor for line in lines if line.action.startswith("decision.")}
    assert numbers == {office.people[who] for who in ("thuky", "truongphong", "lanhdao")}
