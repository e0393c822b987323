"""What looks wrong in the catalogue: who is asked, what an answer does, what is shown till then."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from qms.db import db
from qms.documents.kinds.fees import Rate
from qms.documents.kinds.procedure import limit_words
from qms.documents.timeline import Action
from qms.errors import InvalidError, RefusedError
from qms.national import page_queries
from qms.national.answers import Answer, Found
from qms.national.doubts import DoubtKind
from qms.national.page_queries import Wanted
from tests.cataloguing import FIRST, LATER, Desk
from tests.engines import sqlite_only
from tests.factories import Office
from tests.people import As
from tests.when import Clock


@pytest.fixture
def desk(app: Flask, office: Office, clock: Clock, runner: FlaskCliRunner) -> Iterator[Desk]:
    with app.app_context():
        yield Desk(app, office, clock, runner)


def test_a_level_list_that_only_became_shorter_is_a_doubt(desk: Desk) -> None:
    desk.taken()
    desk.take_in(LATER)
    assert "9.900019" in desk.found(Found.UNCHANGED)
    (doubt,) = desk.open_doubts("9.900019")
    assert (doubt.kind, doubt.said) == (DoubtKind.LEVELS_SHORTER, "Cấp tỉnh, Cấp xã → Cấp xã")
    assert desk.settle([doubt.id], Answer.AS_SAID) == 1
    assert desk.content("9.900019", 2).levels == ("Cấp xã",)


def test_one_answer_settles_one_doubt_a_group_or_a_selection(desk: Desk) -> None:
    decision = desk.take_in(FIRST)["decision"]
    (small,) = desk.open_doubts("9.900004")
    assert desk.settle([small.id], Answer.SUGGESTED) == 1
    (method,) = desk.content("9.900004", decision).methods
    assert method.fees[0].amount == 20_000
    run, session = desk.last(), db.session()
    groups, _ = page_queries.groups(session, run, Wanted(kind=DoubtKind.DECISION), page=1)
    keys = [each.key for each in groups if each.suggestion]
    ids = page_queries.question_ids(session, run, Wanted(), keys)
    assert desk.settle(ids, Answer.SUGGESTED) == 1
    assert desk.content("9.900011", decision).announced_by == "77/QĐ-BVD"
    chosen = [each.id for each in desk.open_doubts("9.900003", "9.900010", "9.900028")]
    assert desk.settle(chosen, Answer.UNKNOWN) == 3
    assert desk.content("9.900010", decision).announced_by == ""
    with pytest.raises(InvalidError, match="Không nghi vấn nào đã chọn có đề nghị"):
        desk.settle([each.id for each in desk.open_doubts("9.900009")], Answer.SUGGESTED)
    everything = page_queries.question_ids(desk.session, desk.last(), Wanted())
    assert desk.settle(everything, Answer.SUGGESTED) == 2, "the others have no suggestion"
    assert desk.settle(everything, Answer.AS_SAID) == 9
    assert desk.open_doubts() == []


def test_an_answer_taken_back_leaves_the_text_as_it_was(desk: Desk) -> None:
    decision = desk.take_in(FIRST)["decision"]
    codes = ("9.900003", "9.900004", "9.900010", "9.900011")
    before = [desk.content(code, decision) for code in codes]
    ids = [each.id for each in desk.open_doubts(*codes)]
    for answer in (Answer.AS_SAID, Answer.UNKNOWN, Answer.SUGGESTED):
        desk.settle(ids, answer)
        assert [desk.content(code, decision) for code in codes] != before
        settled = [each for each in ids if each not in {q.id for q in desk.open_doubts(*codes)}]
        assert desk.reopen(settled) == len(settled)
        assert [desk.content(code, decision) for code in codes] == before
    assert [each.id for each in desk.open_doubts(*codes)] == ids
    desk.settle(ids, Answer.AS_SAID)
    desk.sign(decision)
    with pytest.raises(RefusedError, match="đã được ký"):
        desk.reopen(ids)


def test_a_doubt_stays_open_while_exports_say_nothing_of_its_part(
    desk: Desk, tmp_path: Path
) -> None:
    price = {"so_tien": 0, "don_vi": "VNĐ", "ghi_chu": "Do Hội đồng nhân dân tỉnh quyết định"}
    way = {"hinh_thuc": "DIRECT", "thoi_han": "3 DAY", "phi_le_phi": [price]}
    row = {"ma_thu_tuc": "9.900001", "ten": "Cấp bản sao", "so_quyet_dinh": "mười"}
    path = tmp_path / "export.jsonl"

    def take_in(said: Mapping[str, object]) -> dict[str, int]:
        path.write_text(json.dumps(said), encoding="utf-8")
        return desk.take_in(path)

    take_in(row | {"cach_thuc_thuc_hien": [way]})
    both = {DoubtKind.FEE_ZERO, DoubtKind.DECISION}
    assert {each.kind for each in desk.open_doubts("9.900001")} == both
    said = take_in(row | {"so_quyet_dinh": "901/QĐ-BVD"})
    assert [each.kind for each in desk.open_doubts("9.900001")] == [DoubtKind.FEE_ZERO]
    assert said["doubtful"] == 1
    whole = [way | {"phi_le_phi": [price | {"so_tien": 5_000, "ghi_chu": ""}]}]
    take_in(row | {"so_quyet_dinh": "902/QĐ-BVD", "cach_thuc_thuc_hien": whole})
    assert desk.open_doubts("9.900001") == []


def test_what_the_office_knows_outlives_vaguer_exports(desk: Desk, tmp_path: Path) -> None:
    way = {"hinh_thuc": "DIRECT", "thoi_han": "3 DAY"}
    price = {"so_tien": 8_000, "don_vi": "VNĐ", "ghi_chu": ""}
    row = {"ma_thu_tuc": "9.900001", "ten": "Cấp bản sao", "mo_ta": "a"}
    known = row | {"cach_thuc_thuc_hien": [way | {"phi_le_phi": [price]}]}
    vague = row | {"cach_thuc_thuc_hien": [way | {"thoi_han": "1 OTHER"}]}
    path = tmp_path / "export.jsonl"

    def take_in(said: Mapping[str, object]) -> dict[str, int]:
        path.write_text(json.dumps(said), encoding="utf-8")
        return desk.take_in(path)

    desk.sign(take_in(known)["decision"])
    decision = take_in(vague)["decision"]
    for again in ("b", "c"):
        (method,) = desk.content("9.900001", decision).methods
        assert limit_words(method.limit) == "03 ngày"
        assert [fee.rate for fee in method.fees] == [Rate.UNKNOWN]
        lost = desk.open_doubts("9.900001")
        assert [each.suggestion for each in lost] == ["03 ngày", "8.000 đồng"]
        take_in(vague | {"mo_ta": again})
    desk.settle([each.id for each in desk.open_doubts()], Answer.SUGGESTED)
    for again in ("d", "e"):
        (method,) = desk.content("9.900001", decision).methods
        assert [fee.amount for fee in method.fees] == [8_000]
        take_in(vague | {"mo_ta": again})
        assert desk.open_doubts() == [], "nobody is asked the same twice"


def test_answers_outlive_the_next_import(desk: Desk, tmp_path: Path) -> None:
    decision = desk.take_in(FIRST)["decision"]
    (small,) = desk.open_doubts("9.900004")
    (slip,) = desk.open_doubts("9.900011")
    desk.settle([small.id], Answer.OWN, "20.500")
    desk.settle([slip.id], Answer.SUGGESTED)
    desk.sign(decision)
    other = tmp_path / "other.jsonl"
    rows = [json.loads(line) for line in LATER.read_text(encoding="utf-8").splitlines()]
    for row in rows:
        row["mo_ta"] = "Mô tả mới"
    other.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    later = desk.take_in(other)["decision"]
    assert desk.open_doubts("9.900004", "9.900011") == []
    changed = desk.found(Found.CHANGED)
    assert {changed[code].changed for code in ("9.900004", "9.900011")} == {"description"}
    (method,) = desk.content("9.900004", later).methods
    assert (method.fees[0].amount, method.fees[0].note) == (20_500, "20.000 đồng/tờ khai")
    assert desk.content("9.900011", later).announced_by == "77/QĐ-BVD"


@sqlite_only
def test_an_amount_in_words_is_kept_until_somebody_writes_the_number(desk: Desk) -> None:
    decision = desk.take_in(FIRST)["decision"]
    (method,) = desk.content("9.900028", decision).methods
    assert (method.fees[0].rate, method.fees[0].note) == (
        Rate.UNKNOWN,
        "Danh mục ghi: mười nghìn",
    )
    (words,) = desk.open_doubts("9.900028")
    assert words.said == "mười nghìn"
    desk.settle([words.id], Answer.OWN, "10.000")
    (method,) = desk.content("9.900028", decision).methods
    assert (method.fees[0].rate, method.fees[0].amount) == (Rate.AMOUNT, 10_000)


@pytest.mark.parametrize(
    ("answer", "value", "says"),
    [
        (Answer.YES, "", "Hãy chọn một cách xử lý"),
        (Answer.OWN, "", "Hãy ghi giá trị đúng"),
        (Answer.OWN, "mười nghìn", "số tiền"),
        (Answer.OWN, "1" * 301, "nhiều nhất 300 ký tự"),
    ],
)
@sqlite_only
def test_an_answer_that_does_not_fit_changes_nothing(
    desk: Desk, answer: Answer, value: str, says: str
) -> None:
    desk.take_in(FIRST)
    ids = [each.id for each in desk.open_doubts("9.900004")]
    with pytest.raises(InvalidError, match=says):
        desk.settle(ids, answer, value)
    assert [each.id for each in desk.open_doubts("9.900004")] == ids


def test_open_doubts_stop_no_signature_and_wait_as_duties(desk: Desk, signed_in: As) -> None:
    secretary = signed_in("thuky")
    decision = desk.take_in(FIRST)["decision"]
    duty = "Thủ tục đã ký còn nghi vấn của danh mục quốc gia"
    assert duty not in secretary.get("desk.index").text, "nothing is signed yet"
    desk.sign(decision)
    assert duty in secretary.get("desk.index").text
    ids = [each.id for each in desk.open_doubts("9.900004")]
    desk.settle(ids, Answer.SUGGESTED)
    (line,) = desk.lines(decision + 1).values()
    assert (line.action, line.document.code) == (Action.AMEND, "9.900004"), (
        "a signed text stays"
    )


def test_an_amount_in_doubt_is_never_shown_as_a_number(desk: Desk, signed_in: As) -> None:
    desk.taken()
    page = signed_in("").get("notices.procedure", unit="song-lo", code="9.900003")
    assert "chưa xác định" in page.text.lower()
    assert "Danh mục ghi: 0 đồng – Lệ phí 30.000 đồng/thẻ" in page.text
    for price in page.all(".num, .amount, dd strong"):
        assert "đồng" not in price


@sqlite_only
@pytest.mark.pdf
def test_an_amount_in_doubt_is_unknown_on_paper(desk: Desk, tmp_path: Path) -> None:
    desk.taken()
    paper = tmp_path / "9.900004.pdf"
    desk.run("notice", "9.900004", "--unit", "song-lo", "-o", str(paper))
    told = " ".join(
        " ".join(page.get_textpage().get_text_range().split())
        for page in pypdfium2.PdfDocument(paper)
    )
    assert "chưa xác định" in told.lower()
    assert "Danh mục ghi: 20 đồng – 20.000 đồng/tờ khai" in told
