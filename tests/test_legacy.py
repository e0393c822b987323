"""Text typed in old fonts is recognised and turned into Unicode, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms.documents.legacy import Encoding, Font, from_unicode, mended, of_font, suspected
from qms.documents.legacy import to_unicode as converted

NATION = "Cộng hòa xã hội chủ nghĩa Việt Nam"
WRITTEN = {
    Encoding.TCVN3: "Céng hßa x· héi chñ nghÜa ViÖt Nam",
    Encoding.VNI: "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam",
}
PANGRAM = (
    "Do bạch kim rất quý nên sẽ dùng để lắp vô xương; những người ở thuở ấy khuya khoắt "
    "ngoằn ngoèo, nghễnh ngãng, kỹ lưỡng, kiên quyết, huýt sáo, quỳ, vẫy, đỗ, ỉ, ĩ, ẳ, ẵ"
)
SMALL = "aăâeêioôơuưyàằầèềìòồờùừỳảẳẩẻểỉỏổởủửỷãẵẫẽễĩõỗỡũữỹáắấéếíóốớúứýạặậẹệịọộợụựỵđ"


@pytest.mark.parametrize("encoding", Encoding)
def test_the_name_of_the_country_reads_right_from_either_encoding(encoding: Encoding) -> None:
    assert converted(WRITTEN[encoding], Font(encoding)) == NATION
    assert suspected(WRITTEN[encoding]) is encoding
    alone = from_unicode("Đường", encoding)
    assert mended(f"# Mục đích\n{WRITTEN[encoding]}.\nĐã đúng.\n{alone}\n½") == (
        f"# Mục đích\n{NATION}.\nĐã đúng.\nĐường\n½"
    ), "beside a line that is sure, a word alone is mended too"
    assert mended(alone) == alone


@pytest.mark.parametrize("encoding", Encoding)
@given(text=st.text(alphabet=SMALL + " .,", max_size=80))
def test_whatever_was_written_comes_back(encoding: Encoding, text: str) -> None:
    assert converted(from_unicode(text, encoding), Font(encoding)) == text


@pytest.mark.parametrize("encoding", Encoding)
def test_every_letter_with_every_tone_is_in_the_tables(encoding: Encoding) -> None:
    old = from_unicode(SMALL, encoding)
    assert not set(old) & set(SMALL) - set("aeiouyêôâàèìòùãõáéíóúý"), "nothing stayed behind"
    assert converted(old, Font(encoding)) == SMALL
    assert suspected(from_unicode(PANGRAM, encoding)) is encoding


def test_capitals_are_letters_of_their_own_in_vni_and_a_font_of_their_own_in_tcvn3() -> None:
    assert converted("COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM", Font(Encoding.VNI)) == (
        NATION.upper()
    )
    assert converted("Ñôn vò ÑAÊNG KYÙ", Font(Encoding.VNI)) == "Đơn vị ĐĂNG KÝ"
    capitals = of_font(".VnTimeH")
    assert capitals == Font(Encoding.TCVN3, capitals=True)
    assert converted(WRITTEN[Encoding.TCVN3], capitals) == NATION.upper()
    assert converted("§¬n vÞ ¡n ¢m £m ¤ng ¥n ¦u", Font(Encoding.TCVN3)) == (
        "Đơn vị Ăn Âm Êm Ông Ơn Ưu"
    )


@pytest.mark.parametrize(
    ("font", "found"),
    [
        (".VnTime", Font(Encoding.TCVN3)),
        (".VnArial", Font(Encoding.TCVN3)),
        (".VnArialH", Font(Encoding.TCVN3, capitals=True)),
        ("VNI-Times", Font(Encoding.VNI)),
        ("vni-helve", Font(Encoding.VNI)),
        ("Times New Roman", None),
        ("Vni", None),
        ("", None),
        (None, None),
    ],
)
def test_a_font_says_how_its_text_is_written(font: str | None, found: Font | None) -> None:
    assert of_font(font) == found


@pytest.mark.parametrize(
    "text",
    [
        NATION,
        PANGRAM,
        "Hoà, thuỷ, uỷ, khoẻ; quý, giá, thuở",
        "Phí: 8.000 đồng/lần · miễn cho hộ nghèo",
        "Café, déjà vu, naïve, Zürich, São Paulo",
        "§ 5 ± 2 °C, ½ ngày, © 2026, ®, µm",
        "Email: mot@vi.du; 100 % · 25 m²",
        "ISO 9001:2015, khoản 7.5.3",
        "",
        "½",
    ],
)
def test_text_in_unicode_is_left_alone(text: str) -> None:
    assert suspected(text) is None
    assert mended(text) == text
