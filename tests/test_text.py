import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qms import text

VIETNAMESE = st.text(
    "aàảãáạăằẳẵắặâđeéêioóôồơưýqcghnt AĐỒ.,;-/()12305\n\u00a0\u200b\u0323\u0301"
)
ANY = st.text() | VIETNAMESE
SYLLABLES = st.sampled_from(
    [
        "ca",
        "cà",
        "cả",
        "cã",
        "cá",
        "cạ",
        "ba",
        "ban",
        "bạn",
        "bàn",
        "đa",
        "da",
        "dà",
        "an",
        "anh",
        "ăn",
    ]
)
TONES = "\u0300\u0309\u0303\u0301\u0323"
LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"


def independent_order(words: list[str]) -> list[tuple[list[int], int]]:
    """Return what Vietnamese order compares, written without looking at the program's way."""
    keys = []
    for word in words:
        apart = unicodedata.normalize("NFD", word)
        tone = next((TONES.index(mark) + 1 for mark in apart if mark in TONES), 0)
        bare = "".join(mark for mark in apart if mark not in TONES)
        composed = unicodedata.normalize("NFC", bare)
        keys.append(([LETTERS.index(letter) for letter in composed], tone))
    return keys


@given(ANY)
def test_the_stored_form_is_stored_unchanged(typed: str) -> None:
    once = text.nfc(typed)
    assert text.nfc(once) == once
    assert unicodedata.is_normalized("NFC", once)
    once.encode()


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("e\u0323\u0302", "ệ"),
        ("k\u200ey\u0301", "ký"),
        ("tr\u00adường\u00a0hợp\u2003này", "trường hợp này"),
        ("thể\u2028xuống\r\ndòng\rmới", "thể\nxuống\ndòng\nmới"),
        ("a\x00b\x07c\ud800", "abc"),
        ("\uf0b7 Tờ khai; \uf0fc Giấy", "- Tờ khai; - Giấy"),
        ("\uf097 Yêu cầu", "- Yêu cầu"),
        ("x \uf0a3 5", "x \uf0a3 5"),
        ("được tổ đ¬ược", "được tổ được"),
        ("khoản 1 Ðiều 33 NÐ-CP, HÐND, ɖất", "khoản 1 Điều 33 NĐ-CP, HĐND, đất"),
        ("điểm ð, 8.000 ð", "điểm đ, 8.000 đ"),
        ("Norðurland, GUÐ, Garðar", "Norðurland, GUÐ, Garðar"),
    ],
)
def test_what_was_typed_is_brought_into_its_one_form(typed: str, stored: str) -> None:
    assert text.nfc(typed) == stored


@given(ANY)
@example("A¬A")
def test_a_search_key_is_its_own_key(typed: str) -> None:
    key = text.fold(typed)
    assert text.fold(key) == key
    assert text.fold(text.nfc(typed)) == key


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("ĐĂNG KÝ thường trú", "dang ky thuong tru"),
        ("Mã 1.001193.", "ma 1.001193"),
        ("281/2016/TT-BTC", "281 2016 tt btc"),
        ("8.000 đồng/lần", "8.000 dong lan"),
        ("Ðiều 5 – “phí”…", "dieu 5 phi"),
        ("", ""),
    ],
)
def test_searching_ignores_accents_case_and_punctuation(typed: str, key: str) -> None:
    assert text.fold(typed) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hoà giải,  uỷ quyền, quý, khoẻ", "hòa giải, ủy quyền, QÚY, khỏe"),
        ("được", "đươc\u0323"),
        ("- Bước 1: nộp\n• Bước 2", "Bước 1: nộp - Bước 2"),
        ("* Giấy tờ\n+ Tờ khai", "Giấy tờ\n\uf0b7 Tờ khai"),
        ("8 – 10 ngày", "8-10 ngày"),
        ("“Phiếu” TT‑BTC", '"phiếu" TT-BTC'),
        ("khai.Bước 2", "khai. Bước 2"),
    ],
)
def test_the_look_of_a_text_is_no_change_of_meaning(one: str, other: str) -> None:
    assert text.plain(one) == text.plain(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("07 ngày", "05 ngày"),
        ("má", "mà"),
        ("8-10", "810"),
        ("nộp hồ sơ", "nộp hồ sợ"),
        ("TT/BTC", "TT-BTC"),
        ("hạng A+", "hạng A"),
        ("5.000", "5000"),
    ],
)
def test_another_word_or_number_is_a_change_of_meaning(one: str, other: str) -> None:
    assert text.plain(one) != text.plain(other)


@given(ANY)
def test_the_stored_form_never_changes_the_meaning(typed: str) -> None:
    assert text.plain(text.nfc(typed)) == text.plain(typed)


@given(st.lists(SYLLABLES, min_size=1, max_size=9), st.lists(SYLLABLES, min_size=1, max_size=9))
def test_sorting_agrees_with_an_independent_telling_of_the_order(
    one: list[str], other: list[str]
) -> None:
    keys = text.sort_key(" ".join(one)), text.sort_key(" ".join(other))
    orders = independent_order(one), independent_order(other)
    assert (keys[0] < keys[1]) == (orders[0] < orders[1])
    assert (keys[0] == keys[1]) == (orders[0] == orders[1])


@given(ANY)
def test_a_sort_key_means_the_same_to_every_collation(typed: str) -> None:
    key = text.sort_key(typed)
    assert set(key) <= set("0123456789abcdefghijklmnopqrstuvwxyz")
    assert text.sort_key(unicodedata.normalize("NFD", text.nfc(typed))) == key


@pytest.mark.parametrize(
    "ordered",
    [
        ["ca", "cà", "cả", "cã", "cá", "cạ", "căn", "cân"],
        ["ca", "ca dao", "cà", "cà chua"],
        ["Bạch Lưu", "Bàn Giản", "Cao Phong"],
        ["da", "dũng", "dy", "Đa", "đồng", "e"],
        ["Mẫu 2", "Mẫu 2a", "Mẫu 02b", "Mẫu 10", "Mẫu chung"],
        ["o", "ô", "ơ", "p", "u", "ư", "v", "zoo", "я"],
    ],
)
def test_lists_stand_in_vietnamese_order(ordered: list[str]) -> None:
    keys = [text.sort_key(entry) for entry in ordered]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


def test_a_sort_key_of_a_very_long_title_still_fits_an_index() -> None:
    assert len(text.sort_key("thủ tục " * 2_000)) == 1_000


def test_a_code_in_an_address_has_no_slash_and_no_space() -> None:
    assert text.slug(" QT 01/UBND ") == "QT-01-UBND"
    assert text.slug("1.001193") == "1.001193"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Mẫu tờ khai/CT01 (đã sửa).docx", "Mau-to-khai-CT01-da-sua.docx"),
        ("../../etc/passwd", "etc-passwd"),
        ("CON.txt", "_CON.txt"),
        ("…", "tai-lieu"),
        ("Đơn " * 60 + ".docx", "Don-" * 23 + "Don.docx"),
    ],
)
def test_a_download_gets_a_name_every_system_takes(title: str, name: str) -> None:
    assert text.file_name(title) == name


@given(ANY)
def test_every_file_name_is_short_and_plain(title: str) -> None:
    name = text.file_name(title)
    assert name.isascii()
    assert 0 < len(name) <= 101
    assert not set(name) & set('\\/:*?"<>| \n')
    assert not name.startswith((".", "-"))


@given(ANY, ANY)
def test_marked_pieces_joined_are_the_text(typed: str, query: str) -> None:
    assert "".join(piece for _, piece in text.highlight(typed, query)) == typed


@given(st.lists(SYLLABLES, min_size=1, max_size=8), st.data())
def test_every_word_of_a_text_can_be_found_in_it(words: list[str], data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(words))
    marked = [piece for found, piece in text.highlight(" ".join(words), word) if found]
    assert text.fold(word) in text.fold(" ".join(marked)).split()


@pytest.mark.parametrize(
    ("typed", "query", "marked"),
    [
        ("Đăng ký thường trú, đăng nhập", "dang ky tru", ["Đăng ký", "trú", "đăng"]),
        ("Khai sinh, khai tử", "kha", ["Khai", "khai"]),
        ("ban hành, an toàn", "an", ["an"]),
        ("mã 1.001193 và 1.0011", "1.001193", ["1.001193"]),
        ("đa\u0306ng ky\u0301 ẤẬ", "đăng ký", ["đa\u0306ng ky\u0301"]),
        ("ﬁlm Straße", "film strasse", ["ﬁlm Straße"]),
        ("phí", "…", []),
    ],
)
def test_found_words_are_marked_with_their_own_accents(
    typed: str, query: str, marked: list[str]
) -> None:
    pieces = [piece for found, piece in text.highlight(typed, query) if found]
    assert pieces == marked


def test_an_excerpt_shows_the_first_match_with_whole_words_around_it() -> None:
    body = "một hai ba " * 40 + "Đăng  ký\nkhai sinh " + "bốn năm " * 40
    shown = text.excerpt(body, "khai", around=20)
    assert shown == [
        (False, "… "),
        (False, "một hai ba Đăng ký "),
        (True, "khai"),
        (False, " sinh bốn năm bốn"),
        (False, " …"),
    ]


def test_an_excerpt_without_a_match_is_the_beginning() -> None:
    assert text.excerpt("một hai ba bốn", "năm", around=8) == [
        (False, "một hai"),
        (False, " …"),
    ]
    assert text.excerpt("một hai", "", around=80) == [(False, "một hai")]


@given(VIETNAMESE, VIETNAMESE, st.integers(1, 40))
def test_an_excerpt_is_a_piece_of_the_text(typed: str, query: str, around: int) -> None:
    shown = "".join(piece for _, piece in text.excerpt(typed, query, around))
    whole = " ".join(text.nfc(typed).split())
    assert shown.removeprefix("… ").removesuffix(" …") in whole
