"""Public answers from memory: never another than the view would give, and never for long."""

import gc
import gzip
import threading
import weakref
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from qms.db import db, transaction
from qms.desk.trail_words import ACTION_WORDS
from qms.units.rules import Level
from qms.web import cache as layer
from qms.web import marks
from qms.web.negotiation import takes_gzip
from qms.web.shelf import Answer, Shelf
from qms.web.version import NOTHING, PUBLIC_ACTS, QUESTION
from tests import factories
from tests.engines import counted, sqlite_only
from tests.pages import Browser
from tests.posting import JULY, LATER, Posting, directly, priced, procedure, world
from tests.when import MONDAY, Clock

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

BIRTH = "1.001193"
NOTICE = f"/b/song-lo/{BIRTH}"


@pytest.fixture
def posting(app: Flask, clock: Clock) -> Posting:
    with app.app_context(), transaction() as session:
        office = world(session)
    return Posting(app, office, clock)


@pytest.fixture
def cache(app: Flask) -> layer.Cache:
    assert isinstance(app.wsgi_app, layer.Cache)
    return app.wsgi_app


def kept(cache: layer.Cache) -> set[tuple[str, str]]:
    return {*cache.plain.answers, *cache.asked.answers}


def test_a_page_is_made_once_and_then_costs_no_question(
    client: FlaskClient, posting: Posting
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    first = client.get(NOTICE)

    with counted() as sent:
        again = client.get(NOTICE)

    assert sent == []
    assert (again.status_code, again.data) == (200, first.data)
    assert sorted(again.headers) == sorted(first.headers)


def test_a_signature_shows_at_once_and_so_does_a_heading(
    client: FlaskClient, posting: Posting
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh", methods=directly(priced(8_000)))})
    assert "8.000 đồng" in client.get(NOTICE).text

    posting.amend(
        BIRTH, procedure("Đăng ký khai sinh", methods=directly(priced(5_000))), MONDAY
    )
    assert "5.000 đồng" in client.get(NOTICE).text
    posting.heading("song-lo", MONDAY, Level.COMMUNE, name="UBND xã Sông Lô mới")
    assert "UBND xã Sông Lô mới" in client.get(NOTICE).text


def test_another_process_sees_what_one_signed(
    app: Flask, client: FlaskClient, posting: Posting, database_url: str
) -> None:
    other = factories.application(database_url, app.config["DATA_DIR"])
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    beside = other.test_client()
    assert "Đăng ký khai sinh" in beside.get(NOTICE).text

    posting.amend(BIRTH, procedure("Khai sinh, cách mới"), MONDAY)

    assert "Khai sinh, cách mới" in beside.get(NOTICE).text
    with other.app_context():
        db.engine.dispose()
    assert "Khai sinh, cách mới" in client.get(NOTICE).text


def test_at_midnight_of_the_office_the_new_day_begins(
    client: FlaskClient, posting: Posting, clock: Clock
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    posting.amend(BIRTH, procedure("Khai sinh, cách mới"), LATER)
    midnight = datetime(2026, 8, 31, 17, 0, tzinfo=UTC)

    clock.at = midnight - timedelta(seconds=30)
    before = client.get(NOTICE)
    clock.at = midnight - timedelta(seconds=1)
    last = client.get(NOTICE)
    clock.at = midnight
    after = client.get(NOTICE)

    assert '<h1 lang="vi" class="letter">Đăng ký khai sinh' in before.text
    assert last.data == before.data
    assert '<h1 lang="vi" class="letter">Khai sinh, cách mới' in after.text
    assert "s-maxage=1," in before.headers["Cache-Control"]
    assert "s-maxage" not in last.headers["Cache-Control"], "no proxy takes it into the new day"
    clock.at = midnight - timedelta(seconds=1)
    assert client.get(NOTICE).data == before.data, "nor does a clock that is put back"


def test_what_was_signed_while_a_page_was_made_does_not_leave_it_on_the_shelf(
    client: FlaskClient, posting: Posting, cache: layer.Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    inner = cache.inner

    def slowly(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        made = inner(environ, start_response)
        posting.amend(BIRTH, procedure("Khai sinh, cách mới"), MONDAY)
        return made

    monkeypatch.setattr(cache, "inner", slowly)
    client.get(NOTICE)

    assert not kept(cache)


def test_a_rush_makes_a_page_once(
    app: Flask, posting: Posting, cache: layer.Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    made, inner, together = [], cache.inner, threading.Barrier(4)

    def counting(
        environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        made.append(environ["PATH_INFO"])
        return inner(environ, start_response)

    monkeypatch.setattr(cache, "inner", counting)
    got: list[TestResponse] = []

    def visit() -> None:
        together.wait()
        got.append(app.test_client().get(NOTICE))

    threads = [threading.Thread(target=visit) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert made == [NOTICE]
    assert len({each.data for each in got}) == 1
    assert not cache.making


def test_the_database_asks_anew_after_it_hung_up(
    client: FlaskClient, posting: Posting, cache: layer.Cache
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    first = client.get(NOTICE)
    cache.versions.close()

    assert client.get(NOTICE).data == first.data
    assert cache.versions.read() not in {None, NOTHING}


def test_without_an_answer_of_the_database_nothing_kept_is_shown(
    client: FlaskClient, posting: Posting, cache: layer.Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    client.get(NOTICE)
    monkeypatch.setattr(cache.versions, "read", lambda: None)

    with counted() as sent:
        client.get(NOTICE)

    assert sent, "the view itself is asked, and says what it finds"


def test_nothing_that_a_visitor_brings_can_colour_what_others_get(
    app: Flask, client: FlaskClient, posting: Posting
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    hostile = client.get(
        NOTICE,
        headers={
            "Host": "evil.example",
            "X-Forwarded-Host": "evil.example",
            "Accept-Language": "en",
            "Cookie": "qms=x; lang=en",
            "User-Agent": "<script>",
        },
    )
    plain = app.test_client().get(NOTICE)

    assert hostile.data == plain.data
    assert sorted(hostile.headers) == sorted(plain.headers)
    assert b"evil" not in hostile.data


def test_people_who_are_signed_in_get_the_public_page_of_everybody(
    app: Flask, client: FlaskClient, posting: Posting
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    client.post("/sign-in", data={"account": "thuky", "password": factories.PASSWORD})
    assert client.get("/desk").status_code == 200

    mine, theirs = client.get(NOTICE), app.test_client().get(NOTICE)

    assert mine.data == theirs.data
    assert "Set-Cookie" not in mine.headers
    assert client.get("/desk").headers["Cache-Control"] == "no-store"


def test_a_browser_that_has_the_page_is_told_so(client: FlaskClient, posting: Posting) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    plain = client.get(NOTICE)
    packed = client.get(NOTICE, headers={"Accept-Encoding": "br, gzip;q=0.8"})

    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["Content-Encoding"] == "gzip"
    assert {plain.headers["Vary"], packed.headers["Vary"]} == {"Accept-Encoding"}
    assert plain.headers["ETag"] != packed.headers["ETag"], "a strong tag names bytes"
    assert not plain.headers["ETag"].startswith("W/")
    for tag in (plain.headers["ETag"], f'"x", W/{plain.headers["ETag"]}', "*"):
        same = client.get(NOTICE, headers={"If-None-Match": tag})
        assert (same.status_code, same.data) == (304, b"")
        assert same.headers["ETag"] == plain.headers["ETag"]
        assert same.headers["Cache-Control"] == plain.headers["Cache-Control"]
        assert "Content-Type" not in same.headers
    assert client.get(NOTICE, headers={"If-None-Match": '"x"'}).status_code == 200
    posting.amend(BIRTH, procedure("Khai sinh, cách mới"), MONDAY)
    old = {"If-None-Match": plain.headers["ETag"]}
    assert client.get(NOTICE, headers=old).status_code == 200


def test_head_says_what_get_would(client: FlaskClient, posting: Posting) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    for address in (NOTICE, "/", "/b/song-lo?all=1"):
        for headers in ({}, {"Accept-Encoding": "gzip"}):
            whole = client.get(address, headers=headers)
            head = client.head(address, headers=headers)
            assert head.data == b""
            assert sorted(head.headers) == sorted(whole.headers), address


@sqlite_only
def test_each_spelling_of_an_address_is_kept_once(
    client: FlaskClient, posting: Posting, cache: layer.Cache
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    posting.amend(BIRTH, procedure("Khai sinh, cách mới"), LATER)
    for query in (
        "",
        "?on=",
        f"?on={MONDAY}",
        "?on=3/8/2026",
        "?lang=vi",
        "?lang=xx",
        "?fbclid=abc&utm_source=zalo",
    ):
        client.get(NOTICE + query)
    assert kept(cache) == {(NOTICE, "")}

    for query in (f"?on={LATER}", "?on=01/09/2026", "?lang=vi&on=1-9-2026"):
        client.get(NOTICE + query)
    assert kept(cache) == {(NOTICE, ""), (NOTICE, f"on={LATER}")}

    client.get(NOTICE + "?lang=en")
    client.get("/b/song-lo?page=1&all=1&lang=vi")
    assert kept(cache) - {(NOTICE, ""), (NOTICE, f"on={LATER}")} == {
        (NOTICE, "lang=en"),
        ("/b/song-lo", "all=1"),
    }


@sqlite_only
@pytest.mark.parametrize(
    "address",
    [
        *(f"{NOTICE}?on={date(2026, 7, 1) + timedelta(days=n)}" for n in (1, 2, 40)),
        *(f"{NOTICE}?on={typed}" for typed in ("1900-01-01", "2199-12-31", "2200-01-01", "x")),
        *(f"{NOTICE}?x={n}" for n in range(3)),
        f"{NOTICE}?on={LATER}&on={JULY}",
        f"{NOTICE}?lang=en&{'a' * 600}=1",
        "/b/song-lo?q=khai",
        "/b/song-lo?q=khai&all=1",
        "/b/song-lo?all=1&page=0",
        "/b/song-lo?all=1&page=-3",
        "/b/song-lo?all=1&page=99",
        "/b/song-lo?all=1&page=٣",
        "/b/song-lo?field=kh%C3%B4ng-c%C3%B3",
        "/b/song-lo/bm?page=7",
        "/b/song-lo/phi?page=7",
        "/b/song-lo/phi?field=kh%C3%B4ng-c%C3%B3",
        "/b/khong-co",
        "/b/song-lo/khong-co",
        "/b/song-lo/%FF%FE",
        "/b//song-lo",
        "/k/AAAA",
        "/k",
        "/sign-in",
        "/desk",
        "/healthz",
        "/nowhere",
    ],
)
def test_addresses_that_anybody_can_make_up_are_not_kept(
    client: FlaskClient, posting: Posting, cache: layer.Cache, address: str
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    posting.amend(BIRTH, procedure("Khai sinh, cách mới"), LATER)

    answer = client.get(address)

    assert answer.status_code < 500
    assert not kept(cache)


@sqlite_only
def test_a_parameter_that_only_the_view_knows_is_never_dropped(
    client: FlaskClient, posting: Posting
) -> None:
    posting.issue(
        {BIRTH: procedure("Đăng ký khai sinh"), "2.000815": procedure("Chứng thực bản sao")}
    )
    client.get("/b/song-lo?all=1")

    found = client.get("/b/song-lo?all=1&q=khai sinh").text

    assert BIRTH in found
    assert "2.000815" not in found


def test_what_is_kept_stays_within_its_bytes() -> None:
    @given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9_000)), max_size=60))
    def holds(puts: list[tuple[int, int]]) -> None:
        shelf, stamp = Shelf(40_000), (MONDAY, NOTHING)
        for number, size in puts:
            key = (f"/{number}", "")
            shelf.put(key, Answer(stamp, [], "application/pdf", bytes(size)))
            assert shelf.taken == sum(each.size for each in shelf.answers.values()) <= 40_000
            if size < 3_000:
                assert next(reversed(shelf.answers)) == key, "the newest stays"

    holds()


def test_what_is_asked_for_stays_longest() -> None:
    shelf, stamp = Shelf(16_000), (MONDAY, NOTHING)
    for number in range(10):
        shelf.put((f"/{number}", ""), Answer(stamp, [], "application/pdf", b"x"))
        shelf.get(("/0", ""))
    assert ("/0", "") in shelf.answers
    assert ("/1", "") in shelf.answers
    shelf.put(("/10", ""), Answer(stamp, [], "application/pdf", b"x"))
    assert ("/0", "") in shelf.answers
    assert ("/1", "") not in shelf.answers
    shelf.put(("/11", ""), Answer((LATER, NOTHING), [], "application/pdf", b"x"))
    assert set(shelf.answers) == {("/11", "")}, "what is of yesterday makes room at once"


@pytest.mark.parametrize(
    ("said", "takes"),
    [
        ("gzip, deflate, br, zstd", True),
        ("GZIP;q=0.5", True),
        ("*", True),
        ("", False),
        ("br", False),
        ("identity, *;q=0", False),
        ("gzip;q=0", False),
        ("*, gzip; q=0.0", False),
    ],
)
def test_only_who_takes_gzip_gets_it(said: str, *, takes: bool) -> None:
    assert takes_gzip(said) is takes


def test_every_cached_view_is_open_to_everybody(app: Flask) -> None:
    found = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if marks.cached_parameters(view) is not None
    ]
    assert {"notices.home", "notices.board", "notices.procedure"} <= set(found)
    with app.app_context():
        assert [each for each in found if not marks.is_public(each)] == []


# ---------- the version ----------

INNER_ACTS = frozenset(
    {
        "account.email_set",
        "audit.letter_sent",
        "audit.line_asked_anew",
        "audit.line_kept",
        "audit.notice_received",
        "finding.handed_on",
        "finding.regraded",
        "decision.opened",
        "decision.edited",
        "decision.lines_added",
        "decision.line_edited",
        "decision.line_dropped",
        "decision.rebased",
        "decision.submitted",
        "decision.reviewed",
        "decision.returned",
        "decision.scan_added",
        "decision.abandoned",
        "revision.edited",
        "standard.chosen",
        "finding.raised",
        "finding.answered",
        "finding.closed",
        "finding.annulled",
        "gate.refused",
        "finding.scan_added",
        "request.opened",
        "request.corrected",
        "request.edited",
        "request.task_added",
        "request.task_changed",
        "request.task_dropped",
        "request.analyse",
        "request.send_back",
        "request.approve",
        "request.begin",
        "request.replan",
        "request.proved",
        "request.task_done",
        "request.draft_begun",
        "request.finish",
        "request.reject",
        "request.verify",
        "request.close",
        "request.carry_on",
        "request.annul",
        "request.extension_asked",
        "request.extended",
        "request.extension_refused",
        "request.scan_added",
        "national.imported",
        "national.doubts_answered",
        "national.doubts_reopened",
        "national.new_chosen",
        "national.gone_answered",
        "law.update_waived",
        "law.checked",
        "screen.set_up",
        "screen.taken_away",
        "copy.printed",
        "book.bound",
        "reading.asked",
        "reading.confirmed",
        "calendar.entered",
        "calendar.confirmed",
        "programme.planned",
        "programme.scope_changed",
        "programme.sent",
        "programme.recalled",
        "programme.returned",
        "programme.approved",
        "programme.reopened",
        "audit.planned",
        "audit.changed",
        "audit.member_added",
        "audit.member_removed",
        "audit.exception_allowed",
        "audit.team_returned",
        "audit.team_sent",
        "audit.team_decided",
        "audit.hour_added",
        "audit.hour_dropped",
        "audit.notified",
        "audit.cancelled",
        "audit.begun",
        "audit.lines_added",
        "audit.line_dropped",
        "audit.line_answered",
        "audit.answers_merged",
        "audit.dossier_sampled",
        "audit.dossier_dropped",
        "audit.evidence_added",
        "audit.meeting_held",
        "audit.concluded",
        "audit.reported",
        "audit.reopened",
        "audit.closed",
        "audit.scan_added",
        "audit.form_chosen",
        "auditor.qualified",
        "auditor.qualification_ended",
        "auditor.calendar_opened",
        "auditor.calendar_closed",
        "copy.lost",
        "copy.posted",
        "copy.removed",
        "copy.taken_down",
        "following.confirmed",
        "following.ended",
        "place.changed",
        "place.closed",
        "place.need_dropped",
        "place.need_set",
        "place.opened",
        "place.pictured",
        "account.signed_in",
        "account.signed_out",
        "account.opened",
        "account.link_made",
        "account.password_set",
        "account.closed",
        "post.given",
        "post.ended",
        "unit.review_rule",
        "heading.entered",
    }
)
"""Acts after which no page of the public says anything else."""


def test_of_every_act_it_is_decided_whether_the_public_sees_it() -> None:
    assert set(PUBLIC_ACTS) | INNER_ACTS == set(ACTION_WORDS)
    assert not set(PUBLIC_ACTS) & INNER_ACTS


def test_the_version_is_one_step_down_an_index(app: Flask, engine: str) -> None:
    with app.app_context(), db.engine.connect() as connection:
        if engine == "sqlite":
            from_plan = f"EXPLAIN QUERY PLAN {QUESTION}"
            plan = [row[3] for row in connection.exec_driver_sql(from_plan)]
            steps = [step for step in plan if "trail" in step]
            assert steps
            assert all("SEARCH" in step for step in steps), plan
        else:
            connection.exec_driver_sql("SET enable_seqscan = off")
            plan = [r[0] for r in connection.exec_driver_sql(f"EXPLAIN {QUESTION}")]
            assert not [step for step in plan if "Seq Scan on trail" in step], plan


# ---------- what anybody may type ----------


@sqlite_only
@pytest.mark.parametrize(
    ("address", "search"),
    [
        ("/b/khong-co", "/"),
        ("/b/khong-co/1.001193", "/"),
        ("/b/song-lo/9.999", "/b/song-lo"),
        ("/b/song-lo/9.999/compare", "/b/song-lo"),
        ("/b/song-lo/phi/khong-co", "/b/song-lo"),
        ("/b/song-lo/bm/khong-co", "/b/song-lo"),
        ("/b/song-lo/bm/khong-co/xem", "/b/song-lo"),
        ("/nowhere", "/"),
    ],
)
def test_what_is_not_there_can_be_searched_for(
    browser: Browser, posting: Posting, address: str, search: str
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})

    page = browser.open(address, status=404)

    assert page.attributes("main form[role=search]", "action") == [search]
    assert browser.open(f"{search}?q=khai", status=200)
    assert browser.client.get(address).headers["Cache-Control"] == "no-store"


@sqlite_only
@pytest.mark.parametrize(
    ("day", "status"),
    [
        *(("1900-01-01", 200), ("2199-12-31", 200), ("01/01/1900", 200)),
        *(("2200-01-01", 422), ("1899-12-31", 422), ("2026-02-30", 422), ("hôm nay", 422)),
        *(("0", 422), ("9" * 300, 422), ("2026-08-03T00:00", 422), ("\x00", 422)),
    ],
)
def test_no_day_that_is_typed_breaks_a_page(
    browser: Browser, posting: Posting, day: str, status: int
) -> None:
    posting.issue({BIRTH: procedure("Đăng ký khai sinh")})
    for endpoint, known in (
        ("notices.board", {}),
        ("notices.procedure", {"code": BIRTH}),
        ("notices.fees.index", {}),
        ("notices.forms.index", {}),
    ):
        page = browser.get(endpoint, status=status, unit="song-lo", **known, on=day)
        assert page.text


@sqlite_only
def test_an_application_that_nobody_uses_any_more_is_let_go(
    database_url: str, tmp_path: Path
) -> None:
    app = factories.application(database_url, tmp_path / "other")
    app.test_client().get("/b/song-lo")
    with app.app_context():
        db.session.remove()
    gone = weakref.ref(app)
    del app
    gc.collect()
    assert gone() is None
