"""The flow chart: everything it says fits, whatever the words, and stands in its place."""

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from qms.processes.chart import (
    PAPER,
    PHONE,
    Band,
    Box,
    Lanes,
    Row,
    draw,
    strip,
    whole,
    width,
    wrap,
)

WORDS = st.text("aăâeêioôơuưyđmWMf <&>\"'1.,;–\n ỆỮ", max_size=120)
BANDS = st.lists(
    st.builds(
        Band,
        WORDS,
        st.lists(
            st.builds(Box, st.integers(1, 99), WORDS, WORDS, st.tuples(WORDS)), max_size=3
        ),
    ),
    max_size=3,
)


def a_process(steps: int = 3) -> list[Band]:
    boxes = [
        Box(
            n, f"Thẩm tra hồ sơ lần {n}", "Công chức tư pháp", ("0,5 ngày làm việc", "Biên bản")
        )
        for n in range(1, steps + 1)
    ]
    return [Band("I. Cấp xã", boxes[:-1]), Band("II. Cấp tỉnh", boxes[-1:])]


def parsed(row: Row) -> ET.Element:
    return ET.fromstring(str(strip(row)))  # noqa: S314 - our own drawing


@given(BANDS, st.sampled_from([PAPER, PHONE]))
def test_every_word_is_drawn_within_its_column_and_its_row(
    bands: list[Band], lanes: Lanes
) -> None:
    rows = draw(bands, lanes)
    for row in rows:
        for text in parsed(row).iter("text"):
            at, y, said = float(text.get("x", "")), float(text.get("y", "")), text.text or ""
            wide = width(said)
            left = at - wide / 2 if text.get("text-anchor") == "middle" else at
            assert left >= 0
            assert left + wide <= lanes.width
            assert 0 < y < row.height
    drawn = "".join("".join(parsed(row).itertext()) for row in rows)
    for band in bands:
        for box in band.boxes:
            for word in f"{box.what} {box.who} {' '.join(box.beside)}".split():
                assert word in drawn or width(word) > 20


@given(st.text(min_size=0, max_size=200), st.integers(5, 100))
def test_lines_hold_all_words_and_none_is_too_long(text: str, room: int) -> None:
    lines = wrap(text, room)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line) <= room or len(line) == 1 for line in lines)


def test_a_long_name_is_broken_between_words() -> None:
    assert wrap("Bộ phận tiếp nhận – Trung tâm Phục vụ hành chính công", 35) == [
        "Bộ phận tiếp nhận –",
        "Trung tâm Phục vụ",
        "hành chính công",
    ]


def test_first_and_last_step_are_round_and_all_but_the_first_have_an_arrow() -> None:
    rows = [strip(row) for row in draw(a_process())]
    band, first, second, second_band, last = rows
    round_ones = ['rx="0"' not in row for row in (first, second, last)]
    assert round_ones == [True, False, True]
    assert "#ececec" in band
    assert "#ececec" in second_band
    heads = ["l-1.3 -2.8h2.6z" in row for row in (band, first, second, last)]
    assert heads == [False, True, True, True]


def test_a_phase_without_a_name_has_no_band() -> None:
    assert len(draw([Band("", a_process()[0].boxes)])) == 2
    assert not draw([Band("I. Cấp xã", ())])
    assert whole([], "Lưu đồ", "") == ""


def test_the_whole_picture_has_its_title_and_says_where_the_words_are() -> None:
    rows = draw(a_process(40))
    tree = ET.fromstring(str(whole(rows, "Lưu đồ <1>", "Bảng dưới")))  # noqa: S314 - our own drawing
    assert [(e.tag, e.text) for e in tree[:2]] == [
        ("title", "Lưu đồ <1>"),
        ("desc", "Bảng dưới"),
    ]
    assert tree.get("role") == "img"
    high = float(tree.get("viewBox", "").split()[3])
    assert abs(high - sum(row.height for row in rows)) < 0.1


def test_on_a_phone_all_words_stand_in_the_box() -> None:
    (_, first, *_rest) = draw(a_process(), PHONE)
    lines = [text.text for text in parsed(first).iter("text")]
    assert lines == [
        "1. Thẩm tra hồ sơ lần 1",
        "Công chức tư pháp",
        "0,5 ngày làm việc",
        "Biên bản",
    ]
