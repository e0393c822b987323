"""Reading an export: what is kept, what is doubted, what is refused."""

import gzip
import json
import tracemalloc
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from qms.documents.kinds.fees import FeeType, Rate
from qms.documents.kinds.procedure import LimitUnit, TimeLimit
from qms.errors import InvalidError
from qms.national import reading
from qms.national.doubts import QUESTIONS, DoubtKind
from qms.national.prices import Price, read_price
from qms.national.reading import Refused, Same, read
from qms.national.rows import Row
from qms.national.words import levels, says_nothing

INVENTED = Path(__file__).parent / "data" / "catalogue.jsonl"


@pytest.fixture(scope="module")
def rows() -> dict[str, Row]:
    return {row.code: row for row in read(INVENTED) if isinstance(row, Row)}


@pytest.fixture(scope="module")
def refusals() -> list[Refused]:
    return [found for found in read(INVENTED) if isinstance(found, Refused)]


def written(path: Path, *lines: object) -> Path:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text(text, encoding="utf-8")
    return path


def one(path: Path, **values: object) -> Row:
    raw = {"ma_thu_tuc": "9.900500", "ten": "Thủ tục bịa", **values}
    (found,) = read(written(path / "one.jsonl", raw))
    assert isinstance(found, Row)
    return found


def priced(amount: int | None, note: str = "", currency: str = "VNĐ") -> Rate:
    return read_price(Price(amount, currency, note), "methods.0.fees.0")[0].rate


def test_every_line_is_either_read_or_refused(
    rows: dict[str, Row], refusals: list[Refused]
) -> None:
    assert len(rows) == 30
    assert [refused.line_no for refused in refusals] == [29, 30, 31, 32, 33]


def test_the_invented_file_is_dirty_in_every_known_way(
    rows: dict[str, Row], refusals: list[Refused]
) -> None:
    kinds = {doubt.kind for row in rows.values() for doubt in row.doubts}
    kinds |= {refused.doubt.kind for refused in refusals if refused.doubt}
    of_two_texts = {DoubtKind.LEVELS_SHORTER, DoubtKind.LOST}
    assert kinds == set(DoubtKind) - of_two_texts
    text = INVENTED.read_text(encoding="utf-8")
    assert not unicodedata.is_normalized("NFC", text)
    assert {"\u00a0", "\u200b", "\uf0b7", "•"} <= set(text)
    keys = [row.present for row in rows.values()]
    assert min(keys, key=len) < max(keys, key=len), "an export may leave keys out"
    channels = [[way.channel for way in row.content.methods] for row in rows.values()]
    assert any(len(found) > len(set(found)) for found in channels), "a channel stands twice"


def test_a_refusal_says_what_is_wrong(refusals: list[Refused]) -> None:
    assert [refused.why for refused in refusals] == [
        "Mã 9.900001 đã có ở dòng 1 của tệp.",
        "Dòng không phải là JSON hoặc bị cắt cụt.",
        "Dòng không phải là một đối tượng JSON của một thủ tục.",
        "Dòng không có mã thủ tục (ma_thu_tuc).",
        "Mục thanh_phan_ho_so không phải là danh sách.",
    ]


def test_a_repeated_code_is_a_doubt_about_the_first_line(refusals: list[Refused]) -> None:
    assert refusals[0].code == "9.900001"
    assert refusals[0].doubt is not None
    assert refusals[0].doubt.kind is DoubtKind.CODE_TWICE


@pytest.mark.parametrize(
    ("code", "kind", "where", "suggestion"),
    [
        ("9.900002", DoubtKind.FEE_ZERO, "methods.0.fees.0", ""),
        ("9.900003", DoubtKind.FEE_ZERO, "methods.0.fees.0", "30.000 đồng"),
        ("9.900004", DoubtKind.FEE_AMOUNT, "methods.0.fees.0", "20.000 đồng"),
        ("9.900005", DoubtKind.FEE_AMOUNT, "methods.0.fees.0", "15 USD"),
        ("9.900007", DoubtKind.TIME_UNIT, "methods.0.limit", ""),
        ("9.900009", DoubtKind.CHANNELS, "methods", ""),
        ("9.900010", DoubtKind.DECISION, "announced_by", ""),
        ("9.900011", DoubtKind.DECISION, "announced_by", "77/QĐ-BVD"),
        ("9.900012", DoubtKind.NAME_LONG, "name", ""),
        ("9.9000134", DoubtKind.CODE, "code", ""),
        ("9.900014", DoubtKind.DOSSIER_TWICE, "dossier.2", ""),
        ("9.900015", DoubtKind.LEGAL_NUMBER, "legal_basis.0", "12/2099/QĐ-UBND"),
        ("9.900028", DoubtKind.FEE_AMOUNT, "methods.0.fees.0", ""),
    ],
)
def test_what_looks_wrong_is_a_doubt(
    rows: dict[str, Row], code: str, kind: DoubtKind, where: str, suggestion: str
) -> None:
    (found,) = rows[code].doubts
    assert (found.kind, found.where, found.suggestion) == (kind, where, suggestion)


def test_every_kind_of_doubt_has_its_question() -> None:
    assert set(QUESTIONS) == set(DoubtKind)


def test_clean_rows_carry_no_doubt(rows: dict[str, Row]) -> None:
    clean = {code for code, row in rows.items() if not row.doubts}
    assert {"9.900001", "9.900008", "9.900016", "9.900021", "9.900022"} <= clean
    assert "9.900023.000.00.00.H99" in clean


def test_an_amount_under_a_doubt_is_unknown_and_keeps_the_words(rows: dict[str, Row]) -> None:
    row = rows["9.900004"]
    line = row.content.methods[0].fees[0]
    assert (line.rate, line.amount) == (Rate.UNKNOWN, None)
    assert line.note == "Danh mục ghi: 20 đồng – 20.000 đồng/tờ khai"


def test_a_doubt_remembers_the_line_that_a_yes_puts_back(rows: dict[str, Row]) -> None:
    small = rows["9.900004"].doubts[0].restore
    nought = rows["9.900002"].doubts[0].restore
    assert small is not None
    assert nought is not None
    assert (small.rate, small.amount, small.note) == (Rate.AMOUNT, 20, "20.000 đồng/tờ khai")
    assert (nought.rate, nought.amount) == (Rate.NONE, None)


def test_doubts_with_the_same_words_are_one_group(tmp_path: Path) -> None:
    fee = {"so_tien": 0, "don_vi": "VNĐ", "ghi_chu": "Do HĐND tỉnh quyết định"}
    other = fee | {"ghi_chu": "- do hđnd  tỉnh quyết định"}
    ways = [{"hinh_thuc": "DIRECT", "phi_le_phi": [fee, other]}]
    first, second = one(tmp_path, cach_thuc_thuc_hien=ways).doubts
    assert first.group_key == second.group_key
    assert first.where != second.where


@pytest.mark.parametrize(
    ("amount", "note", "rate"),
    [
        (None, "Do Hội đồng nhân dân tỉnh quy định", Rate.UNKNOWN),
        (0, "", Rate.NONE),
        (0, "Không.", Rate.NONE),
        (0, "Không thu lệ phí", Rate.NONE),
        (0, "Miễn lệ phí.", Rate.EXEMPT),
        (0, "Miễn lệ phí cho người khuyết tật", Rate.UNKNOWN),
        (0, "Theo quy định của Bộ Tài chính", Rate.UNKNOWN),
        (0, "Bằng 0,05% giá trị", Rate.UNKNOWN),
        (0, "05 USD/người", Rate.UNKNOWN),
        (8_000, "", Rate.AMOUNT),
        (8_000, "8.000đ/lần", Rate.AMOUNT),
        (8_000, "8 nghìn đồng/lần", Rate.AMOUNT),
        (250_000, "Phí thẩm định: 250.000/lần/cơ sở", Rate.AMOUNT),
        (20_000, "20.000 đồng/giấy phép (01 USD/giấy phép)", Rate.AMOUNT),
        (50_000, "Thông tư số 25/2021/TT-BTC ngày 07/4/2021", Rate.AMOUNT),
        (100_000, "50% mức thu của Nghị quyết số 86/2025/NQ-HĐND", Rate.AMOUNT),
        (50_000, "Mức cụ thể do Hội đồng nhân dân tỉnh quyết định", Rate.UNKNOWN),
        (5_000, "thu 7.000 đồng/lần", Rate.UNKNOWN),
        (50, "50USD/chuyến bay", Rate.UNKNOWN),
        (10, "/bản", Rate.UNKNOWN),
        (20, "", Rate.UNKNOWN),
    ],
)
def test_how_much_follows_from_amount_and_note(
    amount: int | None, note: str, rate: Rate
) -> None:
    assert priced(amount, note) is rate


def test_a_price_in_another_currency_is_no_amount_in_dong() -> None:
    line, found = read_price(Price(15, "USD", ""), "methods.0.fees.0")
    assert (line.rate, line.note) == (Rate.UNKNOWN, "Danh mục ghi: 15 USD")
    assert found is not None
    assert found.suggestion == "15 USD"


def test_the_type_of_a_fee_is_what_its_note_calls_it() -> None:
    kinds = [
        read_price(Price(9_000, "VNĐ", note), "")[0].type
        for note in ("Lệ phí cấp thẻ", "Phí thẩm định", "Phí và lệ phí", "")
    ]
    assert kinds == [FeeType.CHARGE, FeeType.FEE, FeeType.UNSAID, FeeType.UNSAID]


def test_an_amount_per_something_has_it_as_its_unit(rows: dict[str, Row]) -> None:
    line = rows["9.900006"].content.methods[0].fees[0]
    assert (line.amount, line.unit, line.note) == (8_000, "đồng/bản", "")


@pytest.mark.parametrize(
    ("said", "limit"),
    [
        ("5 WORKING_DAY", TimeLimit(count=5, unit=LimitUnit.WORKING_DAY)),
        ("10 ngày", TimeLimit(count=10, unit=LimitUnit.DAY)),
        ("2 HOUR", TimeLimit(count=2, unit=LimitUnit.HOUR)),
        ("1 MONTH", TimeLimit(count=1, unit=LimitUnit.MONTH)),
        ("7.5 WORKING_DAY", TimeLimit(note="7.5 ngày làm việc")),
        ("1 YEAR", TimeLimit(note="1 năm")),
        ("1 OTHER", TimeLimit(note="Chưa xác định – hỏi tại nơi tiếp nhận")),
        ("Không quá 10 ngày OTHER", TimeLimit(note="Không quá 10 ngày")),
        ("Ngay sau khi nhận", TimeLimit(note="Ngay sau khi nhận")),
        (None, None),
    ],
)
def test_a_time_limit_is_read_as_it_is_told(
    tmp_path: Path, said: str | None, limit: TimeLimit | None
) -> None:
    row = one(tmp_path, cach_thuc_thuc_hien=[{"hinh_thuc": "DIRECT", "thoi_han": said}])
    assert row.content.methods[0].limit == limit


def test_words_that_name_no_limit_leave_other_in_doubt(tmp_path: Path) -> None:
    ways = [{"hinh_thuc": "DIRECT", "thoi_han": "Theo mô tả OTHER"}]
    row = one(tmp_path, cach_thuc_thuc_hien=ways)
    (found,) = row.doubts
    assert found.kind is DoubtKind.TIME_UNIT
    assert found.said == "Danh mục không ghi đơn vị thời hạn (Theo mô tả)"


def test_null_blank_and_no_information_are_one() -> None:
    said = ["", "-", "Không có thông tin", "Không có thông tin.", "Từ khóa: Không có thông tin"]
    assert all(says_nothing(text) for text in said)
    assert not says_nothing("Không")


def test_page_furniture_around_nothing_says_nothing(rows: dict[str, Row]) -> None:
    assert rows["9.900020"].content.conditions == ""


def test_levels_and_kinds_are_put_in_one_wording(rows: dict[str, Row]) -> None:
    assert levels("Cấp xã, CẤP BỘ/TRUNG ƯƠNG,Cấp  Tỉnh") == ("Cấp Bộ", "Cấp tỉnh", "Cấp xã")
    assert rows["9.900017"].content.category.startswith("TTHC không được luật giao")
    assert rows["9.900018"].content.category == "Loại khác"


def test_an_unknown_level_stays_as_it_is() -> None:
    assert levels("Cấp xã, Cấp vùng") == ("Cấp xã", "Cấp vùng")


def test_form_and_invisible_characters_are_mended_and_counted(rows: dict[str, Row]) -> None:
    row = rows["9.900016"]
    assert row.name.startswith("Hoà giải")
    assert unicodedata.is_normalized("NFC", row.content.steps)
    assert "đăng ký" in row.content.steps
    assert row.mended == 2
    assert rows["9.900001"].mended == 0


def test_an_absent_key_is_not_present(tmp_path: Path) -> None:
    row = one(tmp_path, tu_khoa=None)
    assert row.present == {"ten", "tu_khoa"}


def test_spaces_pasted_into_a_code_are_taken_out(tmp_path: Path) -> None:
    assert one(tmp_path, ma_thu_tuc="9.900500.00 0.00.00.H99").code == "9.900500.000.00.00.H99"


def test_equal_rows_have_equal_fingerprints(tmp_path: Path) -> None:
    first, again = one(tmp_path, tu_khoa="a"), one(tmp_path, tu_khoa="a")
    assert first.fingerprint == again.fingerprint
    assert first.fingerprint != one(tmp_path, tu_khoa="b").fingerprint


def test_known_rows_are_recognised_without_reading_them(rows: dict[str, Row]) -> None:
    known = {row.fingerprint: code for code, row in rows.items() if code != "9.900002"}
    found = list(read(INVENTED, known))
    assert [row.code for row in found if isinstance(row, Row)] == ["9.900002"]
    assert {row.code for row in found if isinstance(row, Same)} == set(rows) - {"9.900002"}
    assert sum(isinstance(row, Refused) for row in found) == 5


def test_a_packed_file_reads_like_the_plain_one(tmp_path: Path, rows: dict[str, Row]) -> None:
    packed = tmp_path / "no-matter-the-name"
    packed.write_bytes(gzip.compress(INVENTED.read_bytes()))
    assert {row.code: row for row in read(packed) if isinstance(row, Row)} == rows


def broken_files() -> Iterator[tuple[str, bytes, str]]:
    packed = gzip.compress(INVENTED.read_bytes())
    yield "empty", b"", "không có dòng nào"
    yield "only blank lines", b"\n \n", "không có dòng nào"
    yield "excel", b"PK\x03\x04rest", "ZIP hoặc Excel"
    yield "binary", b"\x7fELF\0\0\0", "không phải là văn bản UTF-8"
    yield "utf-16", '{"ma_thu_tuc": "1"}'.encode("utf-16"), "không phải là văn bản UTF-8"
    yield "truncated gzip", packed[: len(packed) // 2], "bị cắt cụt"
    yield "broken gzip", packed[:20] + b"\xff" * 30 + packed[50:], "bị hỏng"
    yield "false gzip", b"\x1f\x8bnot at all", "bị hỏng"
    yield "foreign json", b'{"name": "x"}\n{"name": "y"}', "không có mã thủ tục"
    yield "a json list", b'[{"ma_thu_tuc": "1.000001"}]', "không phải là một đối tượng"
    yield "a web page", b"<html><body>Loi</body></html>", "không phải là JSON"


@pytest.mark.parametrize(
    ("data", "words"), [pytest.param(d, w, id=name) for name, d, w in broken_files()]
)
def test_an_unreadable_file_is_refused_with_a_sentence(
    tmp_path: Path, data: bytes, words: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(InvalidError, match=words):
        list(read(path))


@pytest.mark.parametrize(
    "line",
    [
        b'{"ma_thu_tuc": "1.00000\xc3"}',
        b'{"ma_thu_tuc": "1.000002", "ten": NaN}',
        b"[" * 100_000,
        b'{"ma_thu_tuc": ' + b"9" * 5_000 + b"}",
        b'{"ma_thu_tuc": 5, "ten": "x"}',
        b'{"ma_thu_tuc": "' + b"1" * 101 + b'", "ten": "x"}',
        b'{"ma_thu_tuc": "1.000002", "ten": " "}',
        b'{"ma_thu_tuc": "1.000002", "ten": "' + b"x" * 2_001 + b'"}',
        b'{"ma_thu_tuc": "1.000002", "ten": "x", "linh_vuc": "' + b"x" * 1_001 + b'"}',
        b'{"ma_thu_tuc": "1.000002", "ten": "x", "tu_khoa": ["a"]}',
        b'{"ma_thu_tuc": "1.000002", "ten": "x", "tu_khoa": "' + b"x" * 200_001 + b'"}',
        '{"ma_thu_tuc": "1.000002", "ten": "a\u0301'.encode() + b"\xcc\x81" * 40 + b'"}',
        b'{"ma_thu_tuc": "1.000002", "ten": "x", "can_cu_phap_ly": [1]}',
        b'{"ma_thu_tuc": "1.000002", "ten": "x", "cach_thuc_thuc_hien": [{"hinh_thuc": "?"}]}',
        (
            b'{"ma_thu_tuc": "1", "ten": "x", "cach_thuc_thuc_hien": [{"hinh_thuc": "DIRECT",'
            b' "phi_le_phi": "8.000"}]}'
        ),
    ],
)
def test_a_bad_line_is_refused_and_the_next_one_read(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(line + b'\n{"ma_thu_tuc": "1.000003", "ten": "x"}\n')
    refused, row = read(path)
    assert isinstance(refused, Refused)
    assert isinstance(row, Row)
    assert refused.why.endswith(".")
    assert row.line_no == 2


@pytest.mark.parametrize(
    "run", [" ", "-", "–+", "000 ", ".000", "1", "- ", ",", "\t", "Không có thông tin "]
)
def test_long_runs_of_one_sign_are_read_like_any_text(tmp_path: Path, run: str) -> None:
    said = "không" + run * (100_000 // len(run)) + "x"
    ways = [{"hinh_thuc": "DIRECT", "phi_le_phi": [{"so_tien": 5_000, "ghi_chu": said}]}]
    row = one(tmp_path, cach_thuc_thuc_hien=ways, tu_khoa=said)
    assert row.content.keywords == said


@pytest.mark.parametrize("papers", ["hai", -1, 10_001, "²", "9" * 5_000])
def test_a_number_of_papers_that_is_none_is_not_said(tmp_path: Path, papers: object) -> None:
    row = one(tmp_path, thanh_phan_ho_so=[{"ten": "Tờ khai", "ban_chinh": papers}])
    assert row.content.dossier[0].originals is None


def test_numbers_written_as_text_or_with_a_point_are_read(tmp_path: Path) -> None:
    fees = [{"so_tien": "8000"}, {"so_tien": 9000.0}, {"so_tien": None, "ghi_chu": " "}]
    row = one(tmp_path, cach_thuc_thuc_hien=[{"hinh_thuc": "DIRECT", "phi_le_phi": fees}])
    assert [line.amount for line in row.content.methods[0].fees] == [8_000, 9_000]


@pytest.mark.parametrize("amount", [-5, 0.5, True, "nhiều", 10**30, [1], "²", "9" * 5_000])
def test_an_amount_that_is_none_is_unknown_and_doubted(tmp_path: Path, amount: object) -> None:
    ways = [{"hinh_thuc": "DIRECT", "phi_le_phi": [{"so_tien": amount}]}]
    row = one(tmp_path, cach_thuc_thuc_hien=ways)
    assert row.content.methods[0].fees[0].rate is Rate.UNKNOWN
    assert [found.kind for found in row.doubts] == [DoubtKind.FEE_AMOUNT]


def test_a_line_that_is_too_long_is_refused_and_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "file.gz"
    filler = b" " * (3 * reading.LINE_LIMIT)
    path.write_bytes(gzip.compress(filler + b'{}\n{"ma_thu_tuc": "1.000003", "ten": "x"}'))
    refused, row = read(path)
    assert isinstance(refused, Refused)
    assert refused.why == "Dòng dài quá 5 MB."
    assert isinstance(row, Row)


def test_a_zip_bomb_is_given_up_without_filling_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "TOTAL_LIMIT", 60 * 1024 * 1024)
    path = tmp_path / "bomb"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(80):
            file.write(b" " * 1024 * 1024)
    tracemalloc.start()
    with pytest.raises(InvalidError, match="lớn quá 1 GB"):
        list(read(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5 * reading.LINE_LIMIT


def test_a_byte_order_mark_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b'\xef\xbb\xbf{"ma_thu_tuc": "1.000003", "ten": "x"}\r\n')
    (row,) = read(path)
    assert isinstance(row, Row)
