from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qms.documents import comparison
from qms.documents.comparison import (
    Block,
    Counts,
    Paragraph,
    ParagraphResult,
    RowResult,
    Section,
    TableResult,
    changed_only,
    compare,
    same_meaning,
    summary,
)
from qms.documents.wording import Segment, compare_words

WORDS = st.sampled_from(
    [
        "nộp",
        "hồ",
        "sơ",
        "Hồ",
        "07",
        "05",
        "ngày,",
        "281/2016/TT-BTC;",
        "(CT01).",
        "và/hoặc",
        "a)",
    ]
)
TEXTS = st.lists(WORDS, max_size=7).map(" ".join)
PARAGRAPHS = st.builds(Paragraph, TEXTS)
ROWS = st.lists(st.tuples(TEXTS, TEXTS), max_size=3).map(tuple)
TABLES = st.builds(
    comparison.Table,
    st.sampled_from([("Mã", "Tên"), ("Mã", "Tên giấy tờ"), ()]),
    ROWS,
    st.none() | st.just(0),
)
BLOCKS = st.lists(PARAGRAPHS | TABLES, max_size=4).map(tuple)
DOCUMENTS = st.lists(
    st.builds(Section, st.sampled_from("abcd"), st.just("Mục"), BLOCKS),
    max_size=3,
    unique_by=lambda section: section.name,
)


def squeezed(pieces: Sequence[Segment], marks: str) -> str:
    """Return the words of the marked pieces; white space never counts."""
    return "".join("".join(piece for mark, piece in pieces if mark in marks).split())


def swapped(pieces: Sequence[Segment]) -> list[tuple[str, str]]:
    """Return what the comparison the other way round must show, in no order of its marks."""
    other = {"-": "+", "+": "-", "=": "="}
    return sorted((other[mark], "".join(piece.split())) for mark, piece in pieces)


def tidied(pieces: Sequence[Segment]) -> list[tuple[str, str]]:
    return sorted((str(mark), "".join(piece.split())) for mark, piece in pieces)


def pieces_of(result: comparison.Result) -> dict[str, list[Segment]]:
    found: dict[str, list[Segment]] = {}
    for section in result:
        pieces = found.setdefault(section.name, [])
        for block in section.blocks:
            if isinstance(block, TableResult):
                cells = [*block.head, *(cell for row in block.rows for cell in row.cells)]
                pieces += [piece for cell in cells for piece in cell.segments]
            else:
                pieces += block.segments
    return found


def content(blocks: Sequence[Block]) -> list[str]:
    """Return every text of the blocks, in no order, without white space."""
    found = []
    for block in blocks:
        if isinstance(block, Paragraph):
            found.append(block.text)
        else:
            found += [*block.head, *(cell for row in block.rows for cell in row)]
    return sorted("".join(entry.split()) for entry in found if entry.strip())


def shown(result: comparison.Result, name: str, marks: str) -> list[str]:
    """Return every text of one side as the result shows it, in no order."""
    found = []
    for section in result:
        if section.name != name:
            continue
        for block in section.blocks:
            if isinstance(block, TableResult):
                cells = [*block.head, *(cell for row in block.rows for cell in row.cells)]
                found += [squeezed(cell.segments, marks) for cell in cells]
            else:
                found.append(squeezed(block.segments, marks))
    return sorted(entry for entry in found if entry)


def one(*blocks: Block) -> list[Section]:
    return [Section("steps", "Trình tự thực hiện", blocks)]


def rows_of(result: comparison.Result) -> tuple[RowResult, ...]:
    table = result[0].blocks[0]
    assert isinstance(table, TableResult)
    return table.rows


def paragraph_of(result: comparison.Result, place: int = 0) -> ParagraphResult:
    block = result[0].blocks[place]
    assert isinstance(block, ParagraphResult)
    return block


@given(TEXTS, TEXTS)
def test_what_stayed_with_what_went_is_the_old_text_and_with_what_came_the_new(
    old: str, new: str
) -> None:
    pieces = compare_words(old, new)
    assert squeezed(pieces, "=-") == "".join(old.split())
    assert squeezed(pieces, "=+") == "".join(new.split())
    assert all(piece for _, piece in pieces)


@given(TEXTS, TEXTS)
def test_comparing_the_other_way_round_swaps_what_went_and_what_came(
    old: str, new: str
) -> None:
    assert tidied(compare_words(new, old)) == swapped(compare_words(old, new))


@settings(max_examples=50)
@given(DOCUMENTS, DOCUMENTS)
def test_a_comparison_of_documents_loses_and_invents_nothing(
    old: list[Section], new: list[Section]
) -> None:
    result = compare(old, new)
    names = {section.name for section in [*old, *new]}
    assert [section.name for section in result if section.state != "removed"] == [
        section.name for section in new
    ]
    assert {section.name for section in result} == names
    for side, marks in ((old, "=-"), (new, "=+")):
        for section in side:
            assert shown(result, section.name, marks) == content(section.blocks)


@settings(max_examples=50)
@given(DOCUMENTS, DOCUMENTS)
def test_documents_compared_the_other_way_round_give_the_swapped_answer(
    old: list[Section], new: list[Section]
) -> None:
    there, back = pieces_of(compare(old, new)), pieces_of(compare(new, old))
    assert {name: tidied(pieces) for name, pieces in back.items()} == {
        name: swapped(pieces) for name, pieces in there.items()
    }
    counts, other = summary(compare(old, new)), summary(compare(new, old))
    assert (counts.changed, counts.added, counts.removed) == (
        other.changed,
        other.removed,
        other.added,
    )


@settings(max_examples=50)
@given(DOCUMENTS)
def test_a_document_does_not_differ_from_itself(document: list[Section]) -> None:
    result = compare(document, document)
    assert summary(result) == Counts()
    assert {section.state for section in result} <= {"equal"}
    assert changed_only(result) == ()
    assert same_meaning(document, document)


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        (
            "Trong 07 ngày làm việc",
            "Trong 05 ngày làm việc",
            (("=", "Trong "), ("-", "07"), ("=", " "), ("+", "05"), ("=", " ngày làm việc")),
        ),
        (
            "Thông tư 281/2016/TT-BTC; mức 8.000 đồng/lần",
            "Thông tư 282/2016/TT-BTC; mức 8.500 đồng/lần",
            (
                ("=", "Thông tư "),
                ("-", "281/2016/TT-BTC"),
                ("=", " "),
                ("+", "282/2016/TT-BTC"),
                ("=", "; mức "),
                ("-", "8.000"),
                ("=", " "),
                ("+", "8.500"),
                ("=", " đồng/lần"),
            ),
        ),
        ("hồ sơ", "hồ sơ gốc", (("=", "hồ sơ "), ("+", "gốc"))),
        (
            "(CSDL).",
            "(Dữ liệu).",
            (("=", "("), ("-", "CSDL"), ("=", " "), ("+", "Dữ liệu"), ("=", ").")),
        ),
        ("phí", "Phí", (("-", "phí"), ("=", " "), ("+", "Phí"))),
        ("", "phí", (("+", "phí"),)),
        ("", " ", ()),
    ],
)
def test_words_and_numbers_of_legal_texts_stay_whole(
    old: str, new: str, pieces: tuple[Segment, ...]
) -> None:
    assert compare_words(old, new) == pieces


def test_white_space_and_unicode_form_are_no_difference() -> None:
    assert compare_words("ky\u0301  hồ\u00a0sơ\n", "ký hồ sơ") == (("=", "ký hồ sơ"),)


def test_a_single_common_word_does_not_break_a_change_in_two() -> None:
    pieces = compare_words("a b c và d e g", "x y z và u v t")
    assert pieces == (("-", "a b c và d e g"), ("=", " "), ("+", "x y z và u v t"))


def test_an_edited_paragraph_is_paired_with_its_old_text() -> None:
    old = one(Paragraph("Bước 1: Nộp hồ sơ."), Paragraph("Bước 2: Nhận kết quả sau 7 ngày."))
    new = one(
        Paragraph("Bước 1: Nộp hồ sơ."),
        Paragraph("Lưu ý về giấy tờ mang theo."),
        Paragraph("Bước 2: Nhận kết quả sau 5 ngày."),
    )
    result = compare(old, new)
    assert [block.state for block in result[0].blocks] == ["equal", "added", "changed"]
    assert paragraph_of(result, 2).segments[1] == ("-", "7")
    assert summary(result) == Counts(changed=1, added=1)
    assert summary(result).places == 2
    assert len(changed_only(result)[0].blocks) == 2


def test_a_paragraph_of_other_words_is_removed_and_another_added() -> None:
    result = compare(one(Paragraph("Không thu phí.")), one(Paragraph("Nộp tại xã.")))
    assert [block.state for block in result[0].blocks] == ["removed", "added"]


def test_rows_are_paired_by_the_column_that_names_them() -> None:
    head = ("Mã", "Tên", "Phí")
    old = comparison.Table(head, (("A1", "Khai sinh", "8.000"), ("B2", "Khai tử", "0")), key=0)
    new = comparison.Table(
        head,
        (("C3", "Kết hôn", "0"), ("B2", "Khai tử", "0"), ("a1", "Giấy khác", "9.000")),
        key=0,
    )
    rows = rows_of(compare(one(old), one(new)))
    assert [row.state for row in rows] == ["added", "equal", "changed"]
    assert [cell.changed for cell in rows[2].cells] == [True, True, True]


def test_rows_without_names_are_paired_by_their_first_cell_or_their_words() -> None:
    head = ("Hình thức nộp", "Thời hạn")
    old = comparison.Table(head, (("Trực tiếp", "07 ngày"), ("Bưu chính", "7 ngày làm việc")))
    new = comparison.Table(
        head, (("Trực tiếp", "Ngay khi nộp"), ("Bưu điện", "7 ngày làm việc"))
    )
    rows = rows_of(compare(one(old), one(new)))
    assert [row.state for row in rows] == ["changed", "changed"]
    assert [cell.changed for cell in rows[0].cells] == [False, True]


def test_rows_with_a_doubled_name_are_still_paired() -> None:
    old = comparison.Table(("Mã",), (("A",), ("A",)), key=0)
    new = comparison.Table(("Mã",), (("A",), ("A",), ("A",)), key=0)
    rows = rows_of(compare(one(old), one(new)))
    assert sorted(row.state for row in rows) == ["added", "equal", "equal"]


def test_a_new_column_shows_as_added_cells_only() -> None:
    old = comparison.Table(("Tên", "Phí"), (("Khai sinh", "8.000"),))
    new = comparison.Table(("Tên", "Thời hạn", "Phí"), (("Khai sinh", "01 ngày", "8.000"),))
    table = compare(one(old), one(new))[0].blocks[0]
    assert isinstance(table, TableResult)
    assert [cell.changed for cell in table.head] == [False, True, False]
    assert [cell.changed for cell in table.rows[0].cells] == [False, True, False]
    assert summary(compare(one(old), one(new))) == Counts(changed=2)
    assert changed_only(compare(one(old), one(new)))[0].blocks == (table,)


def test_a_table_and_a_paragraph_are_never_paired() -> None:
    old, new = Paragraph("Tên Phí"), comparison.Table(("Tên", "Phí"), ())
    result = compare(one(old), one(new))
    assert [block.state for block in result[0].blocks] == ["removed", "added"]


def test_sections_are_paired_by_name_and_a_lost_one_stands_where_it_stood() -> None:
    first, second, third = (Section(name, name.upper(), ()) for name in "abc")
    result = compare([first, second, third], [third, first])
    assert [(section.name, section.state) for section in result] == [
        ("c", "equal"),
        ("a", "equal"),
        ("b", "removed"),
    ]
    result = compare([second, first], [first])
    assert [section.name for section in result] == ["b", "a"]


def test_two_sections_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="one name"):
        compare([], [Section("a", "A", ()), Section("a", "B", ())])


def test_the_look_of_a_document_is_no_change_of_meaning() -> None:
    old = one(
        Paragraph("- Hoà giải;"), Paragraph("• nộp phí"), comparison.Table(("Mã",), (("A 1",),))
    )
    new = one(Paragraph("Hòa giải; - Nộp  phí"), comparison.Table(("mã",), (("A1",),)))
    assert same_meaning(old, new)
    assert not same_meaning(old, one(Paragraph("Hòa giải; không nộp phí")))
    assert same_meaning([], [Section("a", "A", (Paragraph(" "),))])


def test_a_text_is_cut_into_paragraphs_at_its_line_ends() -> None:
    assert comparison.paragraphs(" Bước 1\r\n\n\tBước 2 ") == (
        Paragraph("Bước 1"),
        Paragraph("Bước 2"),
    )
