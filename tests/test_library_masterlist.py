"""The office's own list in Excel: read cell by cell, each fault named with its cell."""

import re
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from qms.errors import InvalidError
from qms.library.masterlist import read, template
from qms.library.workbook import LARGEST, MOST_ROWS

HEAD = (
    "STT",
    "Mã hiệu",
    "Tên tài liệu",
    "Lần BH/SĐ",
    "Ngày hiệu lực",
    "Số quyết định",
    "Ngày QĐ",
)
GOOD = (1, "QT-01", "Kiểm soát tài liệu", "02/01", "05/3/2024", "15/QĐ-UBND", "01/03/2024")


def saved(book: Workbook) -> bytes:
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def workbook(rows: Iterable[tuple[object, ...]], merged: tuple[str, ...] = ()) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    return saved(book)


def problems(*rows: tuple[object, ...]) -> list[str]:
    return [str(problem) for problem in read("a.xlsx", workbook((HEAD, *rows))).problems]


def repacked(data: bytes, name: str, change: "dict[str, bytes] | None" = None) -> bytes:
    kept = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(kept, "w", 8) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        for part, content in (change or {}).items():
            new.writestr(part, content)
    return kept.getvalue()


def test_a_row_is_read_as_it_stands() -> None:
    found = read("a.xlsx", workbook((HEAD, GOOD)))
    assert found.problems == ()
    (row,) = found.rows
    assert (row.line, row.code, row.title) == (2, "QT-01", "Kiểm soát tài liệu")
    assert (row.issue, row.amendment) == (2, 1)
    assert (row.in_force, row.number) == (date(2024, 3, 5), "15/QĐ-UBND")
    assert row.dated == date(2024, 3, 1)


def test_headings_stand_in_any_order_below_the_letterhead() -> None:
    rows = [
        ("ỦY BAN NHÂN DÂN XÃ",),
        ("DANH MỤC TÀI LIỆU NỘI BỘ",),
        (),
        ("Ngày hiệu lực", "Tên quy trình", "Lần ban hành", "Lần sửa đổi", "Mã số"),
        (datetime(2025, 7, 1), "Tiếp công dân", 3, 0, "QT-09"),  # noqa: DTZ001 - as in Excel
    ]
    (row,) = read("a.xlsx", workbook(rows)).rows
    assert (row.code, row.issue, row.amendment, row.in_force) == (
        "QT-09",
        3,
        0,
        date(2025, 7, 1),
    )
    assert (row.number, row.dated) == ("", None)


def test_headings_of_two_rows_with_merged_cells_are_understood() -> None:
    rows = [
        ("STT", "Mã hiệu", "Tên tài liệu", "Quyết định", None, "Ngày hiệu lực"),
        (None, None, None, "Số", "Ngày", None),
        (1, "QT-01", "Kiểm soát tài liệu", "15/QĐ-UBND", "01/03/2024", "05/03/2024"),
    ]
    data = workbook(rows, ("A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:F2"))
    (row,) = read("a.xlsx", data).rows
    assert (row.number, row.dated) == ("15/QĐ-UBND", date(2024, 3, 1))


def test_a_decision_merged_over_several_rows_counts_for_each() -> None:
    rows = [
        HEAD,
        GOOD,
        (2, "QT-02", "Kiểm soát hồ sơ", "01/00", "05/03/2024", None, None),
    ]
    found = read("a.xlsx", workbook(rows, ("F2:F3", "G2:G3")))
    assert [row.number for row in found.rows] == ["15/QĐ-UBND", "15/QĐ-UBND"]


def test_headings_of_groups_blank_rows_and_signatures_are_passed_over() -> None:
    rows = [
        HEAD,
        (None, None, "I. TÀI LIỆU HỆ THỐNG"),
        GOOD,
        (),
        ("II", "II", "LĨNH VỰC HỘ TỊCH"),
        (None, "NGƯỜI LẬP", None, None, None, None, None),
    ]
    found = read("a.xlsx", workbook(rows, ("A5:D5",)))
    assert [row.code for row in found.rows] == ["QT-01"]
    assert found.problems == ()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ((1, None, "T", "01/00", "05/03/2024"), "Ô B2: thiếu mã hiệu"),
        ((1, "QT-02", None, "01/00", "05/03/2024"), "Ô C2: thiếu tên tài liệu"),
        ((1, "QT-02", "T", "01/00", None), "Ô E2: thiếu ngày hiệu lực"),
        ((1, "QT-02", "T", "01/00", "31/02/2025"), "Ô E2: 31/02/2025 không phải là ngày"),
        ((1, "QT-02", "T", "01/00", "sắp tới"), "Ô E2: sắp tới không phải là ngày"),
        ((1, "QT-02", "T", "lần đầu", "05/03/2024"), "Ô D2: “lần đầu” không phải là lần"),
        ((1, "QT-02", "T", "00/01", "05/03/2024"), "Ô D2: “00/01” không phải là lần"),
        ((1, "QT-02", "T", datetime(2024, 1, 2), "05/03/2024"), "Ô D2: Excel đã đổi"),  # noqa: DTZ001
        ((1, 1.00065, "T", "01/00", "05/03/2024"), "Ô B2: mã 1.00065 đang là số"),
        ((1, "QT-02", "#REF!", "01/00", "05/03/2024"), "Ô C2: công thức báo lỗi #REF!"),
        ((1, "Q2" * 60, "T", "01/00", "05/03/2024"), "Ô B2: mã dài quá 60 ký tự"),
        ((1, "QT-02", "T" * 2001, "01/00", "05/03/2024"), "Ô C2: tên dài quá 2000 ký tự"),
    ],
)
def test_a_fault_is_named_with_its_cell(row: tuple[object, ...], said: str) -> None:
    (found,) = problems(row)
    assert said in found


def test_a_code_written_twice_is_named_with_both_cells() -> None:
    (found,) = problems(GOOD, (2, "qt-01", "Khác", "01/00", "05/03/2024"))
    assert "Ô B3" in found
    assert "ô B2" in found


def test_a_list_without_documents_says_so() -> None:
    assert problems() == ["Không có tài liệu nào dưới dòng tiêu đề 1."]


@pytest.mark.parametrize(
    ("written", "issue", "amendment"),
    [
        ("01/00", 1, 0),
        ("2-03", 2, 3),
        ("4", 4, 0),
        (5, 5, 0),
        ("1 / 2", 1, 2),
        (None, None, None),
    ],
)
def test_issue_and_amendment_are_read_as_offices_write_them(
    written: object, issue: int | None, amendment: int | None
) -> None:
    (row,) = read("a.xlsx", workbook((HEAD, (1, "QT-1", "T", written, "05/03/2024")))).rows
    assert (row.issue, row.amendment) == (issue, amendment)


@pytest.mark.parametrize("bad", ["x", "-1", "1.5", "1000"])
def test_a_number_of_times_that_is_none_is_named(bad: str) -> None:
    head = ("Mã hiệu", "Tên tài liệu", "Lần ban hành", "Ngày hiệu lực")
    found = read("a.xlsx", workbook((head, ("QT-1", "T", bad, "05/03/2024"))))
    assert "Ô C2" in str(found.problems[0])


@settings(deadline=None)
@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 3))
def test_a_day_is_read_however_it_is_written(day: date, way: int) -> None:
    ways: tuple[object, ...] = (
        datetime(day.year, day.month, day.day),  # noqa: DTZ001 - as in Excel
        f"{day.day}/{day.month}/{day.year}",
        f"{day.day}.{day.month}.{day.year}",
        f"ngày {day.day:02} tháng {day.month} năm {day.year}",
    )
    (row,) = read("a.xlsx", workbook((HEAD, (1, "QT-1", "T", "01/00", ways[way])))).rows
    assert row.in_force == day


def test_a_day_kept_as_a_bare_number_is_read_as_excel_counts() -> None:
    (row,) = read("a.xlsx", workbook((HEAD, (1, "QT-1", "T", "01/00", 45474)))).rows
    assert row.in_force == date(2024, 7, 1)


def test_a_formula_counts_as_the_value_excel_kept_for_it() -> None:
    data = workbook((HEAD, GOOD))
    sheet = "xl/worksheets/sheet1.xml"
    text = zipfile.ZipFile(BytesIO(data)).read(sheet).decode()
    cell = r'<c r="C2" t="(?:s|inlineStr)">.*?</c>'
    formula = '<c r="C2" t="str"><f>A2&amp;"x"</f><v>Tính ra</v></c>'
    data = repacked(data, sheet, {sheet: re.sub(cell, formula, text).encode()})
    assert read("a.xlsx", data).rows[0].title == "Tính ra"


def test_the_blank_list_has_the_headings_that_are_read() -> None:
    book = load_workbook(BytesIO(template()))
    for column, value in enumerate(GOOD[1:], 1):
        book.worksheets[0].cell(2, column, value)
    found = read("a.xlsx", saved(book))
    assert found.problems == ()
    assert found.rows[0].dated == date(2024, 3, 1)


def refused(data: bytes) -> str:
    with pytest.raises(InvalidError) as caught:
        read("a.xlsx", data)
    return str(caught.value)


def test_what_is_no_workbook_is_refused_with_the_way_out() -> None:
    good = workbook((HEAD, GOOD))
    assert "không phải là bảng tính" in refused(b"%PDF-1.7")
    assert "không phải là bảng tính" in refused(good[: len(good) // 2])
    assert "không phải là bảng tính" in refused(repacked(good, "[Content_Types].xml"))
    assert "không phải là bảng tính" in refused(repacked(good, "xl/workbook.xml"))
    assert "không thấy dòng tiêu đề" in refused(workbook([("a", "b")]))
    assert "không thấy dòng tiêu đề" in refused(workbook([()] * 30 + [HEAD, GOOD]))


def test_locked_old_and_macro_workbooks_are_refused_with_the_way_out() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    assert "có mật khẩu" in refused(ole + "EncryptedPackage".encode("utf-16-le"))
    assert "Excel cũ" in refused(ole)
    macro = repacked(workbook((HEAD, GOOD)), "", {"xl/vbaProject.bin": b"x"})
    assert "có macro" in refused(macro)


def test_workbooks_that_would_fill_the_memory_are_refused() -> None:
    good = workbook((HEAD, GOOD))
    sheet = "xl/worksheets/sheet1.xml"
    text = zipfile.ZipFile(BytesIO(good)).read(sheet)
    bomb = repacked(good, "", {"xl/media/a.bin": b"\0" * 20_000_000})
    wide = text.replace(
        b"</sheetData>",
        b'</sheetData><mergeCells count="1"><mergeCell ref="A9:XFD1048576"/></mergeCells>',
    )
    entity = text.replace(b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet', 1)
    assert "quá lớn" in refused(bomb)
    assert "quá lớn" in refused(repacked(good, sheet, {sheet: wide}))
    assert "không phải là bảng tính" in refused(repacked(good, sheet, {sheet: entity}))
    assert "quá lớn" in refused(b"PK" + b"\0" * LARGEST)


def test_a_sheet_with_too_many_rows_is_refused() -> None:
    book = Workbook()
    book.worksheets[0].cell(MOST_ROWS + 1, 1, "x")
    assert f"hơn {MOST_ROWS} dòng" in refused(saved(book))
