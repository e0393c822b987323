"""What counts as a change between two exports, and what never does."""

import json
import os
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qms.documents.kinds.fees import Channel, FeeLine, Rate
from qms.documents.kinds.parts import LegalReference
from qms.documents.kinds.procedure import (
    DossierItem,
    LimitUnit,
    Method,
    Procedure,
    TimeLimit,
)
from qms.national import answers
from qms.national.answers import Answer
from qms.national.doubts import DoubtKind
from qms.national.prices import confirmed
from qms.national.reading import read
from qms.national.rows import FIELDS, Row, read_row
from qms.national.rules import (
    Comparison,
    Filters,
    Kind,
    Known,
    Tally,
    compare,
    renumbered,
    tally,
)

DATA = Path(__file__).parent / "data"


def rows(name: str) -> dict[str, Row]:
    return {row.code: row for row in read(DATA / name) if isinstance(row, Row)}


def known(row: Row) -> Known:
    return Known(row.name, row.content, row.present)


BEFORE = rows("catalogue.jsonl")
LATER = rows("catalogue-later.jsonl")
COMPARED = {
    code: compare(known(BEFORE[code]) if code in BEFORE else None, row)
    for code, row in LATER.items()
}
RAW: dict[str, dict[str, object]] = {
    row["ma_thu_tuc"]: row
    for row in map(json.loads, (DATA / "catalogue-later.jsonl").read_text().splitlines())
}


def again(raw: dict[str, object]) -> Comparison:
    """Compare a row of the later export, as ``raw`` now words it, with what it says itself."""
    code = str(raw["ma_thu_tuc"])
    return compare(known(LATER[code]), read_row(1, raw))


def test_the_later_export_has_its_changes_its_new_ones_and_nothing_else() -> None:
    changed = {c: found.changed_fields for c, found in COMPARED.items() if found.changed_fields}
    assert changed == {
        "9.900002": ("methods",),
        "9.900006": ("methods",),
        "9.900014": ("dossier",),
        "9.900017": ("name",),
        "9.900018": ("announced_by", "field"),
        "9.900022": ("decided_by",),
    }
    assert Counter(found.kind for found in COMPARED.values()) == {
        Kind.CHANGED: 6,
        Kind.NEW: 2,
        Kind.UNCHANGED: 21,
    }


def test_noise_leaves_every_byte_as_it_was() -> None:
    found = COMPARED["9.900001"]
    assert LATER["9.900001"].content != BEFORE["9.900001"].content
    assert found.kind is Kind.UNCHANGED
    assert found.merged == BEFORE["9.900001"].content


def test_what_the_export_does_not_say_stays() -> None:
    found = COMPARED["9.900021"]
    assert found.kind is Kind.UNCHANGED
    assert found.merged.steps == BEFORE["9.900021"].content.steps != ""


def test_a_changed_item_leaves_its_neighbours_as_they_were() -> None:
    before = BEFORE["9.900014"].content.dossier
    assert COMPARED["9.900014"].merged.dossier[:3] == before
    assert len(COMPARED["9.900014"].merged.dossier) == 4


def test_a_level_list_that_only_became_shorter_is_a_doubt_and_no_change() -> None:
    found = COMPARED["9.900019"]
    (shorter,) = found.doubts
    assert found.kind is Kind.UNCHANGED
    assert found.merged.levels == ("Cấp tỉnh", "Cấp xã")
    assert (shorter.kind, shorter.suggestion) == (DoubtKind.LEVELS_SHORTER, "Cấp xã")


def test_another_level_is_a_change() -> None:
    raw = RAW["9.900001"] | {"cap_thuc_hien": "Cấp Tỉnh"}
    assert again(raw).changed_fields == ("levels",)


def test_a_text_that_is_gone_is_a_change() -> None:
    raw = RAW["9.900001"] | {"co_quan_thuc_hien": "Không có thông tin"}
    assert again(raw).changed_fields == ("handled_by",)
    assert again(raw).merged.handled_by == ""


def test_unchanged_lines_of_a_changed_text_keep_their_bytes() -> None:
    steps = "- bước 1: người dân nộp hồ sơ tại bộ phận một cửa.\n- Bước 2: Đóng dấu."
    before = known(BEFORE["9.900001"])
    found = compare(before, read_row(1, RAW["9.900001"] | {"trinh_tu_thuc_hien": steps}))
    assert found.merged.steps.split("\n") == [
        before.content.steps.split("\n")[0],
        "- Bước 2: Đóng dấu.",
    ]


def test_what_no_export_said_before_is_filled_in_and_changes_nothing() -> None:
    row = LATER["9.900001"]
    bare = Procedure(field=row.content.field, levels=row.content.levels)
    found = compare(Known(row.name, bare, frozenset({"linh_vuc", "cap_thuc_hien"})), row)
    assert found.kind is Kind.UNCHANGED
    assert {"steps", "methods", "dossier"} <= set(found.filled_fields)
    assert found.merged == row.content


def test_what_a_text_of_our_own_lacks_is_a_change() -> None:
    row = LATER["9.900001"]
    bare = Procedure(field=row.content.field, levels=row.content.levels)
    found = compare(Known(row.name, bare), row)
    assert found.kind is Kind.CHANGED
    assert "steps" in found.changed_fields


def test_a_fee_settled_by_a_yes_stays_settled() -> None:
    raw = RAW["9.900004"]
    row = read_row(1, raw)
    (open_doubt,) = row.doubts
    assert open_doubt.restore is not None
    (method,) = row.content.methods
    settled = method.model_copy(update={"fees": (open_doubt.restore,)})
    content = row.content.model_copy(update={"methods": (settled,)})
    found = compare(Known(row.name, content, row.present), row)
    assert found.kind is Kind.UNCHANGED
    assert found.merged.methods[0].fees[0].rate is Rate.AMOUNT


def test_a_yes_puts_back_every_line_with_the_same_words() -> None:
    row = BEFORE["9.900004"]
    twice = row.content.model_copy(update={"methods": row.content.methods * 2})
    lines = [method.fees[0] for method in confirmed(twice, row.doubts[0]).methods]
    assert [(line.rate, line.amount) for line in lines] == [(Rate.AMOUNT, 20)] * 2


def test_a_yes_leaves_other_lines_alone() -> None:
    other = BEFORE["9.900003"].content
    assert confirmed(other, BEFORE["9.900004"].doubts[0]) == other
    assert confirmed(other, BEFORE["9.900010"].doubts[0]) == other


def test_a_yes_to_a_shorter_list_takes_the_shorter_list() -> None:
    found = COMPARED["9.900019"]
    assert confirmed(found.merged, found.doubts[0]).levels == ("Cấp xã",)


def test_an_amount_that_changed_is_a_change_even_under_a_doubt() -> None:
    fees = [{"so_tien": 30, "don_vi": "VNĐ", "ghi_chu": "20.000 đồng/tờ khai"}]
    ways = [{"hinh_thuc": "DIRECT", "thoi_han": "2 HOUR", "phi_le_phi": fees, "mo_ta": None}]
    found = again(RAW["9.900004"] | {"cach_thuc_thuc_hien": ways})
    assert found.changed_fields == ("methods",)


def test_another_time_limit_in_words_is_a_change() -> None:
    ways = [{"hinh_thuc": "DIRECT", "thoi_han": "Không quá 12 ngày OTHER", "phi_le_phi": None}]
    raw = RAW["9.900008"] | {"cach_thuc_thuc_hien": ways}
    assert again(raw).changed_fields == ("methods",)


def test_a_method_that_has_no_limit_any_more_is_a_change() -> None:
    ways = [{"hinh_thuc": "DIRECT", "thoi_han": None}]
    assert again(RAW["9.900008"] | {"cach_thuc_thuc_hien": ways}).changed_fields == ("methods",)


OURS: Final = Procedure(
    methods=(
        Method(
            channel=Channel.DIRECT,
            limit=TimeLimit(unit=LimitUnit.SAME_DAY),
            fees=(FeeLine(name="Lệ phí", rate=Rate.AMOUNT, amount=8_000, unit="đồng/bản"),),
        ),
    ),
    dossier=(DossierItem(name="Tờ khai", form="Mẫu số 01"),),
    legal_basis=(LegalReference(name="Luật Hộ tịch", number="60/2014/QH13"),),
)
"""A text that an office knows better than the catalogue."""

VAGUE: Final[dict[str, object]] = {
    "ma_thu_tuc": "9.900001",
    "ten": "Cấp bản sao",
    "cach_thuc_thuc_hien": [
        {"hinh_thuc": "DIRECT", "thoi_han": "1 OTHER", "phi_le_phi": [], "mo_ta": "Tại xã"}
    ],
    "thanh_phan_ho_so": [{"ten": "Tờ khai theo mẫu", "ban_chinh": 1}],
    "can_cu_phap_ly": [],
}


def test_what_is_known_is_not_lost_to_a_vaguer_catalogue_until_somebody_says_so() -> None:
    found = compare(Known("Cấp bản sao", OURS), read_row(1, VAGUE))
    assert {each.where: each.suggestion for each in found.doubts} == {
        "methods.0.limit": "Ngay trong ngày",
        "methods.0.fees": "8.000 đồng/bản",
        "dossier": "Mẫu số 01",
        "legal_basis": "60/2014/QH13",
    }, "and the unit of the limit is not asked about as well"
    assert {each.kind for each in found.doubts} == {DoubtKind.LOST}
    assert found.doubts[0].said == "Trước ghi “Ngay trong ngày”, danh mục không rõ thời hạn."
    (method,) = found.merged.methods
    assert (method.limit, method.note) == (OURS.methods[0].limit, "Tại xã")
    assert [line.rate for line in method.fees] == [Rate.UNKNOWN], "no price while in doubt"
    assert (found.merged.dossier, found.merged.legal_basis) == (OURS.dossier, OURS.legal_basis)
    assert found.changed_fields == ("methods",)


@pytest.mark.parametrize("answer", [Answer.SUGGESTED, Answer.AS_SAID])
def test_what_would_be_lost_is_kept_or_goes_as_it_is_answered_and_stands_again_if_asked_anew(
    answer: Answer,
) -> None:
    row = read_row(1, VAGUE)
    found = compare(Known("Cấp bản sao", OURS), row)
    settled = found.merged
    for each in found.doubts:
        settled = answers.apply(settled, each, answer)
    kept = answer is Answer.SUGGESTED
    (method,) = settled.methods
    (ours,), (theirs,) = OURS.methods, row.content.methods
    assert method.limit == (ours if kept else theirs).limit
    assert method.fees == (ours if kept else theirs).fees
    assert settled.dossier == (OURS if kept else row.content).dossier
    assert settled.legal_basis == (OURS if kept else row.content).legal_basis
    for each in found.doubts:
        settled = answers.undo(settled, each, answer)
    assert settled == found.merged


def test_a_catalogue_that_only_names_other_values_takes_nothing_away() -> None:
    ways = [
        {
            "hinh_thuc": "DIRECT",
            "thoi_han": "2 DAY",
            "phi_le_phi": [{"so_tien": 9_000, "don_vi": "VNĐ", "ghi_chu": ""}],
        }
    ]
    legal = [{"ten": "Luật", "so_hieu": "1/2026/QH16"}]
    row = read_row(
        1, {"ma_thu_tuc": "9.900001", "cach_thuc_thuc_hien": ways, "can_cu_phap_ly": legal}
    )
    found = compare(Known("", OURS), row)
    assert found.doubts == ()
    assert found.changed_fields == ("methods", "legal_basis")


def test_a_text_under_doubt_is_compared_as_it_was_before_the_doubt() -> None:
    row = read_row(1, VAGUE)
    first = compare(Known("Cấp bản sao", OURS), row)
    again = compare(Known("Cấp bản sao", OURS, stands=first.merged), row)
    assert (again.kind, again.merged) == (Kind.UNCHANGED, first.merged)
    assert again.doubts == first.doubts


def test_a_renumbered_procedure_is_a_pair() -> None:
    gone = {code: row.name for code, row in BEFORE.items() if code not in LATER}
    new = {code: row.name for code, row in LATER.items() if code not in BEFORE}
    assert renumbered(gone, new) == {"9.900026": "9.900126"}


def test_names_that_several_bear_make_no_pair() -> None:
    assert renumbered({"1": "Cấp thẻ", "2": "cấp  thẻ"}, {"3": "Cấp thẻ"}) == {}
    assert renumbered({"1": "Cấp thẻ"}, {"2": "Cấp thẻ", "3": "CẤP THẺ"}) == {}


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (Filters(), 29),
        (Filters(level="xã"), 27),
        (Filters(level="Cấp Bộ/Trung ương"), 1),
        (Filters(field="le hoi va ngay bia"), 1),
        (Filters(level="xã", field="Lễ hội và ngày bịa"), 0),
    ],
)
def test_filters_admit_by_level_and_field(filters: Filters, count: int) -> None:
    assert sum(filters.admits(row.content) for row in LATER.values()) == count


def test_a_tally_counts_rows_once_and_doubts_across() -> None:
    seen = [(Kind.NEW, True), (Kind.NEW, False), (Kind.UNCHANGED, True), (Kind.CHANGED, False)]
    assert tally(seen, gone=3, refused=2) == Tally(2, 1, 3, 1, 2, 2)


TEXT_KEYS = sorted(key for key, value in RAW["9.900001"].items() if isinstance(value, str))
LIST_KEYS = ("doi_tuong_thuc_hien", "co_quan_thuc_hien", "cap_thuc_hien")
codes = st.sampled_from(sorted(RAW))


@st.composite
def noise(draw: st.DrawFn, text: str) -> str:
    """Word a text the way another export might: spaces, bullets, case, Unicode form."""
    apart = draw(st.booleans())
    lines = []
    for line in text.split("\n"):
        bullet = draw(st.sampled_from(["", "- ", "* ", "  + ", "\uf0b7\t", "• "]))
        space = draw(st.sampled_from([" ", "  ", "\u00a0", " \u200b", "\t"]))
        lines.append(bullet + space.join(line.split(" ")))
    joined = draw(st.sampled_from(["\n", "\r\n", "\n\n"])).join(lines)
    joined = draw(st.sampled_from([joined, joined.upper(), joined.lower()]))
    return unicodedata.normalize("NFD", joined) if apart else joined


@given(data=st.data(), code=codes)
def test_noise_in_any_text_changes_nothing(data: st.DataObject, code: str) -> None:
    raw = dict(RAW[code])
    for key in data.draw(st.sets(st.sampled_from(TEXT_KEYS), min_size=1)):
        if key == "ma_thu_tuc" or not isinstance(raw.get(key), str):
            continue
        text = str(raw[key])
        free = key not in {"cap_thuc_hien", "loai_thu_tuc"}
        raw[key] = data.draw(noise(text)) if free else text.upper().replace(" ", "  ")
    found = again(raw)
    assert found.kind is Kind.UNCHANGED
    assert found.merged == LATER[code].content


@given(data=st.data(), code=codes)
def test_an_absent_key_changes_nothing(data: st.DataObject, code: str) -> None:
    gone = data.draw(st.sets(st.sampled_from([*FIELDS, "ten"])))
    found = again({key: value for key, value in RAW[code].items() if key not in gone})
    assert found.kind is Kind.UNCHANGED
    assert found.merged == LATER[code].content


@given(data=st.data(), code=codes)
def test_the_order_of_lists_changes_nothing(data: st.DataObject, code: str) -> None:
    raw = dict(RAW[code])
    for key in LIST_KEYS:
        if isinstance(raw.get(key), str):
            raw[key] = ",".join(data.draw(st.permutations(str(raw[key]).split(","))))
    for key, value in raw.items():
        if isinstance(value, list):
            raw[key] = data.draw(st.permutations(value))
    found = again(raw)
    assert found.kind is Kind.UNCHANGED
    assert found.merged == LATER[code].content


@given(code=codes, key=st.sampled_from(["ket_qua", "trinh_tu_thuc_hien", "linh_vuc", "mo_ta"]))
def test_another_word_is_a_change(code: str, key: str) -> None:
    assume(key in RAW[code])
    found = again(RAW[code] | {key: f"{RAW[code][key] or ''} khác"})
    assert found.kind is Kind.CHANGED
    assert found.changed_fields == (FIELDS[key],)


@given(code=codes)
def test_what_is_merged_is_unchanged_the_next_time(code: str) -> None:
    first = COMPARED[code]
    found = compare(Known(first.name, first.merged, LATER[code].present), LATER[code])
    assert found.kind is Kind.UNCHANGED
    assert found.merged == first.merged


@pytest.fixture(scope="module")
def samples() -> Path:
    folder = os.environ.get("QMS_SAMPLES", "")
    if not folder:
        pytest.skip("QMS_SAMPLES is not set: no real exports to compare")
    return Path(folder)


def test_the_real_exports_compare_as_counted_with_care(samples: Path) -> None:
    before = {r.code: r for r in read(samples / "2026-06-10.jsonl.gz") if isinstance(r, Row)}
    later = {r.code: r for r in read(samples / "2026-07-18.jsonl.gz") if isinstance(r, Row)}
    found = {
        code: compare(known(before[code]) if code in before else None, row)
        for code, row in later.items()
    }
    kinds = Counter(comparison.kind for comparison in found.values())
    gone = {code: row.name for code, row in before.items() if code not in later}
    new = {code: row.name for code, row in later.items() if code not in before}
    assert (len(before), len(later)) == (2_159, 4_629)
    assert kinds[Kind.NEW] == 2_526
    assert 300 <= kinds[Kind.CHANGED] <= 360
    assert kinds[Kind.CHANGED] + kinds[Kind.UNCHANGED] == 2_103
    assert len(gone) == 56
    assert len(renumbered(gone, new)) == 1
    commune = [c for c in later if "Cấp xã" in later[c].content.levels]
    assert len(commune) == 937
    assert sum(bool(found[code].doubts) for code in commune) > 937 / 2
    assert 1_100 <= sum(len(later[code].doubts) for code in commune) <= 1_400


def test_the_catalogue_takes_no_link_away_that_people_gave() -> None:
    have = Procedure(
        dossier=(
            DossierItem(name="Tờ khai", originals=1, form_code="BM-01"),
            DossierItem(name="Giấy chứng sinh", originals=1),
        ),
        legal_basis=(
            LegalReference(name="Luật", number="60/2014/QH13", document="60/2014/QH13"),
        ),
    )
    says = Procedure(
        dossier=(
            DossierItem(name="Tờ  khai", originals=2),
            DossierItem(name="Giấy chứng sinh", originals=1),
            DossierItem(name="Thẻ căn cước"),
        ),
        legal_basis=(
            LegalReference(name="Luật Hộ tịch", number="60/2014/QH13"),
            LegalReference(name="Nghị định", number="123/2015/NĐ-CP"),
        ),
    )
    keys = frozenset({"thanh_phan_ho_so", "can_cu_phap_ly"})
    found = compare(Known("Khai sinh", have), Row(1, "1.001193", "", keys, says)).merged
    assert [each.form_code for each in found.dossier] == ["BM-01", "", ""]
    assert [each.originals for each in found.dossier] == [2, 1, None]
    assert [each.document for each in found.legal_basis] == ["60/2014/QH13", ""]
