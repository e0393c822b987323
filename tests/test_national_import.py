"""An export becomes one draft decision: what it finds, asks, keeps and refuses."""

import gzip
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskCliRunner

from qms.accounts import service as accounts
from qms.accounts.models import User
from qms.accounts.rules import Role
from qms.db import db, transaction
from qms.documents import queries, service
from qms.documents.kinds.procedure import Procedure
from qms.documents.registering import create_document
from qms.documents.rules import RevisionText, Scope
from qms.documents.service import Head, Line
from qms.documents.timeline import Action
from qms.errors import RefusedError, StaleError
from qms.jobs import CancelledError
from qms.national import importing, reading
from qms.national import queries as imports
from qms.national.answers import Answer, Found
from qms.national.doubts import DoubtKind
from qms.national.models import Item, Stage
from qms.national.rules import Filters
from qms.national.weighing import Plan
from qms.units.queries import unit
from qms.units.rules import Level
from tests import factories
from tests.cataloguing import COUNTS, FIRST, LATER, Desk
from tests.engines import sqlite_only
from tests.factories import Office, document_by_code
from tests.people import As
from tests.when import MONDAY, Clock

RENUMBERED: Final = ("9.900026", "9.900126")
GONE: Final = ("9.9000134", "9.900025", RENUMBERED[0])


@pytest.fixture
def desk(app: Flask, office: Office, clock: Clock, runner: FlaskCliRunner) -> Iterator[Desk]:
    with app.app_context():
        yield Desk(app, office, clock, runner)


# What it prints, and what it leaves.


def test_an_import_prints_what_it_found_and_leaves_a_draft(desk: Desk) -> None:
    said = desk.run("national", "import", str(FIRST), "--unit", "song-lo", "--as", "thuky")
    assert said.splitlines() == [
        "new 30",
        "changed 0",
        "gone 0",
        "unchanged 0",
        "doubtful 15",
        "refused 5",
        "decision 1",
    ]
    decision = queries.decision(desk.session, 1)
    assert (decision.owner.slug, decision.issuer_key) == (
        "song-lo",
        f"unit:{decision.owner_id}",
    )
    assert Counter(each.action for each in desk.lines(1).values()) == {Action.ISSUE: 30}
    assert queries.drafters(desk.session, 1) == {desk.office.people["thuky"]}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Stage)) == 0
    assert desk.content("9.900011", 1).announced_by == "Quyết định số 77./qđ_BVD."
    refusals = {each.line_no: each.why for each in desk.found(Found.REFUSED).values()}
    assert len(refusals) == len(set(refusals)) > 0


def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    first = desk.take_in(FIRST)
    before = {code: line.revision for code, line in desk.lines(first["decision"]).items()}
    texts = {
        code: (each.id, each.version, each.digest) for code, each in before.items() if each
    }
    rows = desk.rows()
    again = desk.take_in(FIRST)
    assert again == first | {"new": 0, "unchanged": 30}, "the open draft is taken up"
    grown = {name: count - rows[name] for name, count in desk.rows().items()}
    assert {name for name, more in grown.items() if more} == {
        "national_import",
        "national_item",
        "trail",
    }
    assert grown["trail"] == 1, "the import's own line"
    lines = desk.lines(first["decision"])
    assert texts == {
        code: (line.revision.id, line.revision.version, line.revision.digest)
        for code, line in lines.items()
        if line.revision
    }
    desk.sign(first["decision"])
    assert desk.take_in(FIRST) == again | {"decision": 0}, "nothing to decide"


def test_a_later_export_is_compared_with_what_was_signed(desk: Desk) -> None:
    desk.taken()
    later = desk.take_in(LATER)
    assert later == {
        "new": 2,
        "changed": 6,
        "gone": 3,
        "unchanged": 21,
        "doubtful": 13,
        "refused": 0,
        "decision": 2,
    }
    assert later["new"] + later["changed"] + later["unchanged"] == len(
        LATER.read_text().splitlines()
    )
    lines = {code: line.action for code, line in desk.lines(2).items()}
    assert Counter(lines.values()) == {Action.ISSUE: 2, Action.AMEND: 7}, (
        "no line is a withdrawal"
    )
    assert lines.keys() - desk.found(Found.CHANGED).keys() == {
        "9.900126",
        "9.900130",
        "9.900030",
    }
    (filled,) = [each for each in desk.found(Found.UNCHANGED).values() if each.filled]
    assert filled.code == "9.900030", "its text gains what the first export did not say"
    changed = desk.found(Found.CHANGED)["9.900017"]
    assert changed.changed == "name"


def test_an_open_draft_is_updated_and_not_doubled(desk: Desk) -> None:
    first = desk.take_in(FIRST)
    later = desk.take_in(LATER)
    assert later["decision"] == first["decision"]
    lines = desk.lines(first["decision"])
    assert len(lines) == 32
    assert {line.action for line in lines.values()} == {Action.ISSUE}
    (method,) = desk.content("9.900006", first["decision"]).methods
    assert method.limit is not None
    assert method.limit.count == 2


def test_a_draft_that_the_signed_text_says_again_is_dropped(desk: Desk) -> None:
    desk.taken()
    desk.take_in(LATER)
    back = desk.take_in(FIRST)
    assert back["decision"] == 2
    assert not {"9.900002", "9.900006", "9.900017"} & desk.lines(2).keys()


def test_a_draft_in_review_is_not_touched(desk: Desk) -> None:
    first = desk.take_in(FIRST)
    desk.run("decision", "submit", str(first["decision"]), "--as", "thuky")
    before = desk.rows()
    said = desk.refused("national", "import", str(LATER), "--unit", "song-lo", "--as", "thuky")
    assert "đang được xem xét" in said
    assert desk.rows() == before


def test_who_imports_is_a_drafter_and_neither_reviews_nor_signs(desk: Desk) -> None:
    decision = str(desk.take_in(FIRST)["decision"])
    with transaction() as session:
        person = session.get_one(User, desk.office.people["thuky"])
        for role in (Role.HEAD, Role.LEADER):
            where = unit(session, "song-lo")
            accounts.give_post(
                session, desk.act("quantri"), person, where, role, first_day=MONDAY
            )
    said = desk.refused("decision", "review", decision, "--as", "thuky")
    assert "Người soạn thảo không xem xét" in said
    desk.run("decision", "review", decision, "--as", "truongphong")
    paper = ("--number", "1/QĐ-UBND", "--effective", MONDAY.isoformat())
    said = desk.refused("decision", "sign", decision, *paper, "--as", "thuky")
    assert "Người soạn thảo không ký" in said


def test_everybody_whose_import_filled_the_draft_is_a_drafter(
    desk: Desk, tmp_path: Path
) -> None:
    decision = desk.take_in(FIRST)["decision"]
    one_more = tmp_path / "one.jsonl"
    one_more.write_text('{"ma_thu_tuc": "9.900500", "ten": "Một việc nữa"}', encoding="utf-8")
    others = {"chuyenvien": (one_more, ""), "danhgia": (LATER, "Lễ hội và ngày bịa")}
    with transaction() as session:
        where = unit(session, "song-lo")
        for account in others:
            person = session.get_one(User, desk.office.people[account])
            accounts.give_post(
                session, desk.act("quantri"), person, where, Role.SECRETARY, first_day=MONDAY
            )
    for account, (path, field) in others.items():
        assert desk.take_in(path, "--field", field, who=account)["decision"] == decision
    assert queries.drafters(desk.session, decision) == {
        desk.office.people[account] for account in ("thuky", *others)
    }


def test_after_a_draft_was_given_up_everything_is_new_again(desk: Desk) -> None:
    first = desk.take_in(FIRST)
    with transaction() as session:
        found = queries.decision(session, first["decision"])
        service.abandon(session, desk.act(), found, reason="Nhập nhầm tệp")
    again = desk.take_in(FIRST)
    assert again == first | {"decision": first["decision"] + 1}


# Which procedures it is about.


def test_filters_take_a_level_or_a_field_only(desk: Desk) -> None:
    told = desk.take_in(FIRST, "--level", "xã")
    assert (told["new"], told["refused"]) == (28, 5), (
        "17 and 18 are of a province and a ministry"
    )
    told = desk.take_in(FIRST, "--field", "LỄ HỘI bịa", to="tan-lap", who="thuky-tl")
    assert (told["new"], told["unchanged"], told["decision"]) == (1, 0, 2)
    assert desk.lines(2).keys() == {"9.900018"}


def test_a_level_nobody_knows_is_refused(desk: Desk) -> None:
    words = ("national", "import", str(FIRST), "--unit", "song-lo", "--as", "thuky")
    for option in ("--level", "--for"):
        said = desk.refused(*words, option, "liên bang")
        assert said.startswith("Không có cấp “liên bang”")
    assert desk.rows()["national_import"] == 0


def test_what_a_province_imports_for_its_communes_stands_on_their_boards(
    desk: Desk, signed_in: As
) -> None:
    with transaction() as session:
        province = factories.unit(session, "phu-tho", "UBND tỉnh Phú Thọ", level=Level.PROVINCE)
        factories.unit(session, "lap-thach", "UBND xã Lập Thạch", parent=province)
        for role in (Role.SECRETARY, Role.HEAD, Role.LEADER):
            factories.user(session, f"tinh-{role.value.replace('_', '-')}", province, role)
    told = desk.take_in(
        FIRST, "--level", "xã", "--for", "xã", to="phu-tho", who="tinh-iso-secretary"
    )
    decision = str(told["decision"])
    scopes = {
        (line.revision.scope, line.revision.scope_level)
        for line in desk.lines(int(decision)).values()
        if line.revision
    }
    assert scopes == {(Scope.LEVEL, Level.COMMUNE)}
    desk.run("decision", "review", decision, "--as", "tinh-unit-head")
    paper = ("--number", "1/QĐ-UBND", "--effective", MONDAY.isoformat())
    desk.run("decision", "sign", decision, *paper, "--as", "tinh-leader")
    for place, status in (("lap-thach", 200), ("song-lo", 404)):
        signed_in("").get("notices.procedure", unit=place, code="9.900001", status=status)


def test_naming_a_level_later_widens_the_open_draft_and_naming_none_leaves_it(
    desk: Desk,
) -> None:
    def scopes() -> set[tuple[Scope, Level | None]]:
        found = [line.revision for line in desk.lines(1).values()]
        return {(each.scope, each.scope_level) for each in found if each}

    desk.take_in(FIRST)
    assert scopes() == {(Scope.OWNER, None)}
    told = desk.take_in(FIRST, "--for", "xã")
    assert (told["unchanged"], told["decision"]) == (30, 1)
    assert scopes() == {(Scope.LEVEL, Level.COMMUNE)}
    desk.take_in(FIRST)
    assert scopes() == {(Scope.LEVEL, Level.COMMUNE)}


# What is gone.


def test_only_a_yes_withdraws_what_is_gone(desk: Desk) -> None:
    desk.taken()
    desk.take_in(LATER)
    found = desk.found(Found.GONE)
    assert set(found) == set(GONE)
    assert {each.pair_code for each in found.values()} == {"", RENUMBERED[1]}
    assert found[RENUMBERED[0]].pair_code == RENUMBERED[1], "shown as a pair"
    assert desk.answer_gone(Answer.YES, RENUMBERED[0]) == 2
    desk.answer_gone(Answer.NO, "9.900025")
    line = desk.lines(2)[RENUMBERED[0]]
    assert (line.action, RENUMBERED[1] in line.reason) == (Action.WITHDRAW, True)
    successor = desk.lines(2)[RENUMBERED[1]].document_id
    assert not queries.predecessors(desk.session, successor), "nobody has signed that yet"
    desk.sign(2)
    (before,) = queries.predecessors(desk.session, successor)
    assert before.code == RENUMBERED[0]
    owner = unit(desk.session, "song-lo").id
    for code, stands in ((RENUMBERED[0], False), ("9.900025", True), ("9.9000134", True)):
        document = document_by_code(db.session(), [owner], "procedure", code)
        assert document
        there = queries.in_force_id(db.session(), document.id, MONDAY + timedelta(days=1))
        assert (there is not None) is stands, code


def test_answers_about_what_is_gone_outlive_the_next_import(desk: Desk) -> None:
    desk.taken()
    desk.take_in(LATER)
    desk.answer_gone(Answer.YES, "9.900025")
    desk.answer_gone(Answer.NO, "9.9000134")
    desk.take_in(LATER)
    assert {code: each.answer for code, each in desk.found(Found.GONE).items()} == {
        "9.900025": Answer.YES,
        "9.9000134": Answer.NO,
        "9.900026": None,
    }
    assert desk.lines(2)["9.900025"].action is Action.WITHDRAW


def test_what_the_catalogue_has_again_is_not_withdrawn(desk: Desk) -> None:
    desk.taken()
    desk.take_in(LATER)
    old = desk.last().id
    desk.answer_gone(Answer.YES, "9.900025")
    desk.take_in(FIRST)
    assert "9.900025" not in desk.lines(2), "its withdrawal is taken back"
    with pytest.raises(RefusedError, match="còn chờ trả lời"):
        desk.answer_gone(Answer.YES, "9.9000134", run=old)


def test_only_imported_procedures_inside_the_filters_may_be_gone(desk: Desk) -> None:
    with transaction() as session:
        owner = unit(session, "song-lo")
        own = create_document(session, desk.act(), owner=owner, kind="procedure", code="TT-01")
        made = service.open_decision(session, desk.act(), owner, Head("Của xã"))
        text = RevisionText("Thủ tục riêng của xã", Procedure(field="Việc bịa"))
        service.add_lines(session, desk.act(), made, [Line(own, Action.ISSUE, text)])
        number = made.id
    desk.sign(number)
    desk.taken()
    assert desk.take_in(LATER, "--field", "Lễ hội và ngày bịa")["gone"] == 0
    assert desk.take_in(LATER, "--level", "tỉnh")["gone"] == 0
    assert desk.take_in(LATER, to="tan-lap", who="thuky-tl")["gone"] == 0
    assert desk.take_in(LATER, "--field", "Việc bịa")["gone"] == 3
    assert set(desk.found(Found.GONE)) == set(GONE), "TT-01 never came from the catalogue"


# Files that are none, and imports that end early.


def packed(text: bytes) -> bytes:
    return gzip.compress(text, mtime=0)


def a_zip() -> bytes:
    """Return what Word and Excel files are."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return file.getvalue()


def many(count: int) -> bytes:
    """Return an export of so many procedures, more than one batch."""
    rows = (
        {"ma_thu_tuc": f"9.{number:06}", "ten": f"Việc {number}", "mo_ta": str(number) * 40}
        for number in range(count)
    )
    return "\n".join(json.dumps(row) for row in rows).encode()


HOSTILE: Final = {
    "nothing.jsonl": (b"", "Tệp không có dòng nào"),
    "blank.jsonl": (b"\n \n", "Tệp không có dòng nào"),
    "broken.jsonl": (b'{"ma_thu_tuc": "9.900001", "ten":', "không phải là JSON"),
    "cut.jsonl.gz": (packed(many(900))[:-2000], "Tệp nén bị cắt cụt"),
    "torn.jsonl.gz": (packed(b"{}")[:8] + b"\xff" * 50, "Tệp nén bị hỏng"),
    "bomb.jsonl.gz": (packed(b"0" * 40_000_000), "Tệp lớn quá 1 GB sau khi giải nén"),
    "bomb-of-lines.jsonl.gz": (packed(many(1) + b"\n" * 40_000_000), "Tệp có hơn 100000 dòng"),
    "list.docx": (a_zip(), "Tệp là ZIP hoặc Excel"),
    "page.html": (b"<!doctype html>\n<title>403</title>", "không phải là JSON"),
    "utf16.jsonl": ('{"ten": "ạ"}'.encode("utf-16"), "không phải là văn bản UTF-8"),
    "numbers.jsonl": (b"[1, 2]\n3\n", "không phải là một đối tượng JSON"),
    "nameless.jsonl": (b'{"ma_thu_tuc": "9.900001", "ten": " "}', "không có tên"),
    "long-code.jsonl": (
        json.dumps({"ma_thu_tuc": "9" * 101, "ten": "Việc"}).encode(),
        "Mã thủ tục dài quá 100 ký tự",
    ),
    "long-name.jsonl": (
        json.dumps({"ma_thu_tuc": "9.900001", "ten": "x" * 2_001}).encode(),
        "Tên thủ tục dài quá",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
@sqlite_only
def test_a_file_that_is_no_export_is_refused_whole(
    desk: Desk, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "TOTAL_LIMIT", 30 * 1024 * 1024)
    data, says = HOSTILE[name]
    path = tmp_path / name
    path.write_bytes(data)
    before = desk.rows()
    said = desk.refused("national", "import", str(path), "--unit", "song-lo", "--as", "thuky")
    assert says in said
    assert desk.rows() == before


def test_a_file_cut_after_many_rows_leaves_nothing(desk: Desk, tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole.jsonl", tmp_path / "cut.jsonl.gz"
    whole.write_bytes(many(3 * importing.BATCH))
    cut.write_bytes(packed(many(3 * importing.BATCH))[:-2000])
    before = desk.rows()
    words = ("--unit", "song-lo", "--as", "thuky")
    assert "Tệp nén bị cắt cụt" in desk.refused("national", "import", str(cut), *words)
    assert desk.rows() == before
    assert desk.take_in(whole)["new"] == 3 * importing.BATCH


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("nowhere.jsonl", "--unit", "song-lo", "--as", "thuky"), "Không có tệp nowhere.jsonl"),
        ((str(FIRST), "--unit", "nowhere", "--as", "thuky"), "Không có đơn vị"),
        ((str(FIRST), "--unit", "song-lo", "--as", "nobody"), "Không có tài khoản"),
        ((str(FIRST), "--unit", "song-lo", "--as", "chuyenvien"), "không cho phép việc này"),
        ((str(FIRST), "--unit", "tan-lap", "--as", "thuky"), "không cho phép việc này"),
    ],
)
@sqlite_only
def test_who_and_where_must_be_known_and_allowed(
    desk: Desk, words: tuple[str, ...], says: str
) -> None:
    before = desk.rows()
    assert says in desk.refused("national", "import", *words)
    assert desk.rows() == before


MIXED: Final = """
{"ma_thu_tuc": "9.900001", "ten": "Một"}
{"ma_thu_tuc": "9.900001", "ten": "Một lần nữa"}
{"ma_thu_tuc": "9.900002", "ten": "Hai", "mo_ta": 5}
{"ma_thu_tuc": "9/900001", "ten": "Cùng địa chỉ"}
{"ma_thu_tuc": "9-900001", "ten": "Cùng địa chỉ"}
{"ma_thu_tuc": "9.900003", "ten": "Ba", "tu_khoa": NaN}
"""


def test_bad_lines_are_refused_and_the_good_ones_taken(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "mixed.jsonl"
    path.write_text(MIXED, encoding="utf-8")
    told = desk.take_in(path)
    assert (told["new"], told["refused"]) == (2, 4)
    kinds = {each.kind for each in desk.open_doubts("9.900001")}
    assert kinds == {DoubtKind.CODE_TWICE}
    whys = [
        json.loads(each.why)[0] for each in desk.session.scalars(sa.select(Item)) if each.why
    ]
    assert len(set(whys)) == 4, "each says what is wrong with it"


def plan(desk: Desk, path: Path = FIRST) -> Plan:
    return Plan(desk.office.units["song-lo"], "song-lo", None, Filters(), path.name, "0" * 64)


def test_a_cancelled_import_leaves_nothing(desk: Desk) -> None:
    before = desk.rows()

    def stop(done: int, total: int, words: str) -> None:
        assert 0 < done <= total
        assert int(words) > 0
        assert desk.session.scalar(sa.select(sa.func.count()).select_from(Stage)), "half-way"
        with pytest.raises(Exception, match="Không có đợt nhập này"):
            imports.one(desk.session, 1)
        raise CancelledError

    with FIRST.open("rb") as file, pytest.raises(CancelledError):
        importing.run(desk.act(), plan(desk), file, stop)
    assert desk.rows() == before


def test_what_somebody_saves_meanwhile_is_not_overwritten(desk: Desk) -> None:
    decision = desk.take_in(FIRST)["decision"]
    before = {name: count for name, count in desk.rows().items() if name != "trail"}

    line = desk.lines(decision)["9.900002"].id
    text = RevisionText("Tên do thư ký đặt", desk.content("9.900002", decision))

    def meddle(done: int, total: int, words: str) -> None:
        del done, total, words
        with transaction() as session:
            change = queries.line(session, line)
            service.edit_text(session, desk.act(), change, text, version=1)

    with LATER.open("rb") as file, pytest.raises(StaleError, match="Chưa có gì thay đổi"):
        importing.run(desk.act(), plan(desk, LATER), file, meddle)
    assert before == {name: count for name, count in desk.rows().items() if name != "trail"}
    revision = desk.lines(decision)["9.900002"].revision
    assert revision is not None
    assert revision.title == "Tên do thư ký đặt"


# The real catalogue.


def test_two_real_exports_one_after_the_other_lose_nothing(desk: Desk, samples: Path) -> None:
    june = desk.take_in(samples / "2026-06-10.jsonl.gz")
    assert june == dict.fromkeys(COUNTS, 0) | {"new": 2_159, "doubtful": 98, "decision": 1}
    desk.sign(1)
    july = desk.take_in(samples / "2026-07-18.jsonl.gz")
    assert (july["new"], july["gone"], july["refused"]) == (2_526, 56, 0)
    assert july["changed"] + july["unchanged"] == 2_103
    assert 300 <= july["changed"] <= 360, "about 330, compared with care"
    pairs = {each.code: each.pair_code for each in desk.found(Found.GONE).values()}
    assert {old: new for old, new in pairs.items() if new} == {"1.014953": "1.115009"}
    codes = {row.code for row in reading.read(samples / "2026-07-18.jsonl.gz") if row.code}
    kinds = (Found.NEW, Found.CHANGED, Found.UNCHANGED)
    assert {code for kind in kinds for code in desk.found(kind)} == codes
    lines = Counter(line.action for line in desk.lines(2).values())
    assert lines == {Action.ISSUE: 2_526, Action.AMEND: 2_103}, "June lacked most parts"
