"""A file is known by what is in it; what could act, hide or swell up is refused in words."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, String

from qms.blanks import inspection, sandbox
from qms.blanks.rules import DOCX, ENDINGS, LARGEST, ODT, PDF, XLSX, handed_name
from qms.errors import InvalidError
from tests import blanks

GOOD = {
    "docx": (blanks.a_docx(), DOCX),
    "xlsx": (blanks.an_xlsx(), XLSX),
    "xlsx with a formula": (blanks.an_xlsx(("2", "=SUM(A1:A1)")), XLSX),
    "odt": (blanks.an_odt(), ODT),
    "pdf": (blanks.a_pdf(), PDF),
    "pdf that opens at a page": (blanks.opening_pdf(), PDF),
    "docx with a link to a page": (
        blanks.with_parts(
            blanks.a_docx(),
            {"word/_rels/x.xml.rels": blanks.relation("hyperlink", "https://chinhphu.vn")},
        ),
        DOCX,
    ),
    "docx that speaks of DDE": (blanks.a_docx("Trường DDE không dùng ở đây"), DOCX),
    "docx with a page number": (
        blanks.with_parts(
            blanks.a_docx(),
            blanks.word_body("<w:p><w:r><w:instrText> PAGE </w:instrText></w:r></w:p>"),
        ),
        DOCX,
    ),
}

ZEROS = bytes(32 << 20)
BODY = blanks.word_body
WITH = blanks.with_parts
BAD = {
    "nothing": (b"", "không có gì"),
    "plain text": (b"abc", "không phải docx"),
    "html called pdf": (b"\n<!DOCTYPE html><html><body>PDF</body></html>", "trang web"),
    "an archive of no office": (blanks.package({"a.txt": b"a"}), "không phải docx"),
    "a spreadsheet of LibreOffice": (
        blanks.package({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
        "không phải docx",
    ),
    "an old doc": (blanks.OLE + bytes(600), "dạng cũ"),
    "a docx with a password": (blanks.sealed(), "mật khẩu"),
    "a docx with locked parts": (blanks.encrypted(blanks.a_docx()), "mật khẩu"),
    "an odt with a password": (
        blanks.an_odt(
            more={
                "META-INF/manifest.xml": b"<m><file-entry><encryption-data/></file-entry></m>"
            }
        ),
        "mật khẩu",
    ),
    "macros": (WITH(blanks.a_docx(), {"word/vbaProject.bin": blanks.OLE}), "macro"),
    "macros under another name": (
        WITH(blanks.a_docx(), {"word/media/image1.bin": blanks.OLE}),
        "nhúng",
    ),
    "a docm called docx": (
        WITH(
            blanks.a_docx(),
            {
                "[Content_Types].xml": b'<Types><Override PartName="/word/document.xml"'
                b' ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
            },
        ),
        "macro",
    ),
    "ActiveX": (WITH(blanks.a_docx(), {"word/activeX/activeX1.xml": b"<a/>"}), "macro"),
    "macros in an odt": (blanks.an_odt(more={"Basic/Standard/Module1.xml": b"<m/>"}), "macro"),
    "a script in an odt": (
        blanks.an_odt(more={"Scripts/python/run.py": b"import os"}),
        "macro",
    ),
    "an event in an odt": (blanks.an_odt("<script:event-listener/>"), "macro"),
    "a template from elsewhere": (
        WITH(
            blanks.a_docx(),
            {
                "word/_rels/settings.xml.rels": blanks.relation(
                    "attachedTemplate", "https://xau.example/mau.dotm"
                )
            },
        ),
        "nơi khác",
    ),
    "a template named in references to letters": (
        WITH(
            blanks.a_docx(),
            {
                "word/_rels/settings.xml.rels": blanks.relation(
                    "attached&#84;emplate", "&#104;ttps://xau.example/mau", "&#69;xternal"
                )
            },
        ),
        "nơi khác",
    ),
    "a picture from elsewhere in an odt": (
        blanks.an_odt('<draw:image xlink:href="https://xau.example/a.png"/>'),
        "nơi khác",
    ),
    "DDE cut into runs": (
        WITH(
            blanks.a_docx(),
            BODY(
                "<w:p><w:r><w:instrText>DD</w:instrText></w:r>"
                "<w:r><w:instrText>E&#65;UTO c:\\cmd.exe</w:instrText></w:r></w:p>"
            ),
        ),
        "DDE",
    ),
    "DDE in a simple field": (
        WITH(blanks.a_docx(), BODY('<w:fldSimple w:instr="DDEAUTO excel"/>')),
        "DDE",
    ),
    "DDE in a cell": (blanks.an_xlsx(("=cmd|' /C calc'!A0",)), "DDE"),
    "an archive inside": (
        WITH(blanks.a_docx(), {"word/media/a.zip": blanks.package({"a": b"a"})}),
        "nhúng",
    ),
    "an archive under another name inside": (
        WITH(blanks.a_docx(), {"word/media/a.png": blanks.package({"a": b"a"})}),
        "nhúng",
    ),
    "a name that climbs": (WITH(blanks.a_docx(), {"word/../../etc/cron": b"x"}), "tên không"),
    "a name from the root": (WITH(blanks.a_docx(), {"/etc/passwd": b"x"}), "tên không"),
    "a name that climbs in Windows": (WITH(blanks.a_docx(), {"..\\a": b"x"}), "tên không"),
    "a name told twice": (WITH(blanks.a_docx(), {"WORD/document.xml": b"<a/>"}), "tên không"),
    "a link to a file": (blanks.symlinked(blanks.a_docx()), "tên không"),
    "a bomb": (WITH(blanks.a_docx(), {"word/media/a.bmp": ZEROS}), "bung ra quá lớn"),
    "too many parts": (
        blanks.package({f"word/{n}": b"" for n in range(2_100)}),
        "quá nhiều phần",
    ),
    "entities": (
        WITH(
            blanks.a_docx(),
            {"word/document.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'},
        ),
        "hỏng",
    ),
    "words in another code": (
        WITH(blanks.a_docx(), {"word/document.xml": "<a/>".encode("utf-16")}),
        "hỏng",
    ),
    "half a docx": (blanks.a_docx()[:5_000], "hỏng"),
    "half a pdf": (blanks.a_pdf()[:-60], "hỏng"),
    "a locked pdf": (blanks.a_pdf(locked=True), "mật khẩu"),
    "JavaScript on opening": (
        blanks.acting_pdf(S=Name.JavaScript, JS=String("app.alert(1)")),
        "tự chạy",
    ),
    "a name tree of JavaScript": (
        blanks.a_pdf(Names=Dictionary(JavaScript=Dictionary(Names=Array([])))),
        "tự chạy",
    ),
    "JavaScript deep inside": (
        blanks.a_pdf(A=Array([Dictionary(B=Dictionary(S=Name.JavaScript, JS=String("1")))])),
        "tự chạy",
    ),
    "a program to start": (blanks.acting_pdf(S=Name.Launch, F=String("cmd.exe")), "tự chạy"),
    "a form of another kind": (
        blanks.a_pdf(AcroForm=Dictionary(XFA=String("<xdp/>"))),
        "tự chạy",
    ),
    "a file inside a pdf": (
        blanks.a_pdf(Names=Dictionary(EmbeddedFiles=Dictionary(Names=Array([])))),
        "tự chạy",
    ),
}


def looked_at(tmp_path: Path, data: bytes) -> str:
    path = tmp_path / "file"
    path.write_bytes(data)
    return inspection.media_type(path)


@pytest.mark.parametrize("name", GOOD)
def test_a_plain_form_is_known_by_what_is_in_it(name: str, tmp_path: Path) -> None:
    data, media_type = GOOD[name]
    assert looked_at(tmp_path, data) == media_type


@pytest.mark.parametrize("name", BAD)
def test_whatever_acts_hides_or_swells_is_refused_with_the_way_to_mend_it(
    name: str, tmp_path: Path
) -> None:
    data, words = BAD[name]
    with pytest.raises(InvalidError, match=words) as refused:
        looked_at(tmp_path, data)
    assert "ãy " in str(refused.value), "a refusal says what to do: Hãy …"


def test_a_file_too_large_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with path.open("wb") as opened:
        opened.truncate(LARGEST + 1)
    with pytest.raises(InvalidError, match="quá 20 MB"):
        inspection.media_type(path)


def test_a_child_looks_and_its_refusal_comes_back_in_words(tmp_path: Path) -> None:
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.write_bytes(blanks.a_docx())
    bad.write_bytes(BAD["macros"][0])
    assert inspection.inspect(good) == DOCX
    with pytest.raises(InvalidError, match="macro") as refused:
        inspection.inspect(bad)
    assert refused.value.values == {"part": "word/vbaProject.bin"}


def test_a_child_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(blanks.a_docx())
    with pytest.raises(InvalidError, match="quá phức tạp"):
        sandbox.ask("qms.blanks.inspection", path, seconds=0.001)


def test_a_child_that_dies_refuses_the_file() -> None:
    with pytest.raises(InvalidError, match="quá phức tạp"):
        sandbox.ask("qms.blanks.inspection", "/there/is/no/such/file")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_office_file_is_taken_or_refused_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Whichever byte is another, there is an answer."""
    whole = bytearray(data.draw(st.sampled_from([blanks.a_docx(), blanks.an_odt()])))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = looked_at(tmp_path_factory.mktemp("file"), bytes(whole))
    except InvalidError:
        return
    assert found in ENDINGS


def test_a_directory_that_is_not_where_the_end_says_is_damage(tmp_path: Path) -> None:
    whole = bytearray(blanks.an_odt())
    place_of_directory = whole.rindex(b"PK\x05\x06") + 16
    whole[place_of_directory : place_of_directory + 4] = (1 << 24).to_bytes(4, "little")
    with pytest.raises(InvalidError, match="hỏng"):
        looked_at(tmp_path, bytes(whole))


def test_the_ratio_is_counted_and_not_believed(tmp_path: Path) -> None:
    """A head that claims few bytes does not open the door to many."""
    whole = blanks.with_parts(blanks.a_docx(), {"word/media/a.bmp": bytes(1 << 20)})
    with zipfile.ZipFile(BytesIO(whole)) as archive:
        honest = archive.getinfo("word/media/a.bmp").file_size.to_bytes(4, "little")
    with pytest.raises(InvalidError, match=r"bung ra|hỏng"):
        looked_at(tmp_path, whole.replace(honest, (10).to_bytes(4, "little")))


@given(st.text(max_size=300), st.sampled_from(sorted(ENDINGS)))
def test_a_file_is_handed_out_under_a_name_that_says_what_it_is(
    typed: str, media_type: str
) -> None:
    name = handed_name(typed, media_type)
    assert name.endswith(ENDINGS[media_type])
    assert not set(name) & set('/\\\r\n"\u202e\0')
    assert len(name) <= 160
    assert handed_name(name, media_type) == name


def test_a_name_keeps_its_letters_and_loses_its_folder() -> None:
    assert handed_name("C:\\Mẫu\\Tờ khai (1).DOCX", DOCX) == "Tờ khai (1).docx"
    assert handed_name("don.exe", PDF) == "don.exe.pdf"
