"""Processes as ISO secretaries have them in Word, made with python-docx."""

import io
from collections.abc import Sequence

import docx
from docx.document import Document
from docx.table import Table

STEPS = (
    ("TT", "Trình tự", "Trách nhiệm", "Thời gian", "Biểu mẫu/Kết quả"),
    ("I. Cấp xã",),
    ("B1", "Nộp hồ sơ", "Tổ chức, cá nhân", "Giờ hành chính", "Theo mục 5.2"),
    (
        "B2",
        "Tiếp nhận, kiểm tra hồ sơ",
        "Bộ phận một cửa",
        "0,5 ngày làm việc",
        "BM.TP.13.01 - Giấy tiếp nhận",
    ),
    ("B3", "Thẩm định", "Công chức Tư pháp", "4 giờ", "Dự thảo giấy xác nhận"),
    ("II. Cấp tỉnh",),
    ("B4", "Ký duyệt", "Lãnh đạo Sở", "01 ngày", "Giấy xác nhận"),
    ("B5", "Trả kết quả", "Bộ phận một cửa", "Không tính thời gian", "Sổ theo dõi"),
    ("Tổng thời gian", "", "", "02 ngày làm việc", ""),
)

KEPT = (
    "Hồ sơ được lưu tại bộ phận Tư pháp, thời gian lưu 05 năm. "
    "Sau khi hết hạn, chuyển hồ sơ xuống lưu trữ cơ quan."
)


def saved(document: Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def add_table(document: Document, rows: Sequence[Sequence[str]]) -> Table:
    """Add a table; a row with one word goes over all columns."""
    wide = max(map(len, rows))
    table: Table = document.add_table(rows=len(rows), cols=wide, style="Table Grid")
    for y, row in enumerate(rows):
        if len(row) == 1:
            table.cell(y, 0).merge(table.cell(y, wide - 1)).text = row[0]
            continue
        for x, words in enumerate(row):
            table.cell(y, x).text = words
    return table


def cover(document: Document) -> None:
    add_table(
        document,
        (
            ("ỦY BAN NHÂN DÂN", "QUY TRÌNH\nXác nhận tình trạng hôn nhân", "Mã hiệu: QT-13/TP"),
            ("Trách nhiệm", "Soạn thảo", "Phê duyệt"),
            ("Họ tên", "Nguyễn Văn A", "Trần Thị B"),
        ),
    )
    add_table(
        document,
        (
            ("Lần sửa", "Nội dung sửa đổi", "Người thực hiện"),
            ("1", "Sửa mẫu", "Nguyễn Văn A"),
        ),
    )
    document.add_paragraph("SỬA ĐỔI TÀI LIỆU")
    add_table(document, (("Yêu cầu sửa đổi", "Trang", "Mô tả"), ("", "", "")))


def usual() -> bytes:
    """Return a process with numbers typed by hand and bold capital headings."""
    document = docx.Document()
    cover(document)

    def head(words: str) -> None:
        document.add_paragraph().add_run(words).bold = True

    head("1. MỤC ĐÍCH")
    document.add_paragraph("Quy định trình tự xác nhận tình trạng hôn nhân (1.004873).")
    head("2. PHẠM VI ÁP DỤNG")
    document.add_paragraph("Áp dụng tại Ủy ban nhân dân các xã.")
    head("3. TÀI LIỆU VIỆN DẪN")
    document.add_paragraph("- Tiêu chuẩn quốc gia TCVN ISO 9001:2015;")
    document.add_paragraph("- Nghị định số 123/2015/NĐ-CP ngày 15/11/2015 của Chính phủ.")
    head("4. ĐỊNH NGHĨA/VIẾT TẮT")
    document.add_paragraph("UBND: Ủy ban nhân dân")
    document.add_paragraph("- TTHC: Thủ tục hành chính")
    head("5. NỘI DUNG QUY TRÌNH")
    head("5.1 Cơ sở pháp lý")
    document.add_paragraph("Luật Hộ tịch số 60/2014/QH13")
    head("5.2 Thành phần hồ sơ")
    add_table(document, (("Tên giấy tờ", "Bản chính", "Bản sao"), ("Tờ khai", "x", "")))
    head("5.3 Điều kiện thực hiện")
    document.add_paragraph("Đủ tuổi kết hôn.")
    head("5.7 Quy trình xử lý công việc")
    add_table(document, STEPS)
    head("6. BIỂU MẪU")
    add_table(
        document,
        (("TT", "Mã hiệu", "Tên biểu mẫu"), ("1", "BM.TP.13.01", "Giấy tiếp nhận hồ sơ")),
    )
    head("7. HỒ SƠ CẦN LƯU")
    add_table(
        document,
        (
            ("TT", "Tài liệu trong hồ sơ"),
            ("1", "Tờ khai"),
            ("2", "Giấy xác nhận"),
            (KEPT,),
        ),
    )
    head("8. TRÁCH NHIỆM THI HÀNH")
    document.add_paragraph("Công chức Tư pháp thi hành.")
    head("NƠI NHẬN")
    document.add_paragraph("- Lãnh đạo UBND;")
    document.add_paragraph("- Bộ phận một cửa.")
    return saved(document)


def procedure(document: Document) -> None:
    """Write a procedure as offices announce it: letters before the parts, a table of papers."""
    document.add_paragraph("ỦY BAN NHÂN DÂN TỈNH")
    document.add_paragraph("1. Thủ tục: Cấp giấy xác nhận tình trạng hôn nhân")
    document.add_paragraph("Mã thủ tục: 1.004873")
    document.add_paragraph("Lĩnh vực: Hộ tịch")
    document.add_paragraph().add_run("a) Trình tự thực hiện:").bold = True
    document.add_paragraph("Bước 1: Người yêu cầu nộp hồ sơ.")
    document.add_paragraph("Bước 2: Công chức tư pháp kiểm tra.")
    document.add_paragraph("b) Cách thức thực hiện:")
    document.add_paragraph("- Nộp trực tiếp tại Bộ phận một cửa;")
    document.add_paragraph("- Nộp trực tuyến trên Cổng dịch vụ công.")
    document.add_paragraph("c) Thành phần, số lượng hồ sơ:")
    document.add_paragraph("Giấy tờ phải nộp:")
    add_table(
        document,
        (
            ("TT", "Tên giấy tờ", "Bản chính", "Bản sao", "Mẫu"),
            ("1", "Tờ khai", "01", "0", "Mẫu số 04"),
            ("2", "Quyết định ly hôn (nếu có)", "", "1", ""),
        ),
    )
    document.add_paragraph("Giấy tờ phải xuất trình:")
    document.add_paragraph("- Thẻ căn cước (01 bản chính)")
    document.add_paragraph("- Số lượng hồ sơ: 01 bộ")
    document.add_paragraph(
        "d) Thời hạn giải quyết: 03 (ba) ngày làm việc kể từ ngày nhận hồ sơ."
    )
    document.add_paragraph("đ) Đối tượng thực hiện: Cá nhân")
    document.add_paragraph("e) Cơ quan thực hiện: Ủy ban nhân dân cấp xã")
    document.add_paragraph("g) Kết quả thực hiện: Giấy xác nhận")
    document.add_paragraph("h) Phí, lệ phí: Lệ phí 15.000 đồng/lần")
    document.add_paragraph("i) Tên mẫu đơn, mẫu tờ khai: Tờ khai")
    document.add_paragraph("k) Yêu cầu, điều kiện thực hiện: Không")
    document.add_paragraph("l) Căn cứ pháp lý của thủ tục hành chính:")
    document.add_paragraph("- Luật Hộ tịch số 60/2014/QH13 ngày 20/11/2014;")
    document.add_paragraph("- Văn bản khác.")


def in_one_table() -> bytes:
    """Return a process whose whole content stands in one table, steps with merged cells.

    The steps go on in a second table without a head, as where a table was cut at a page.
    """
    document = docx.Document()
    cover(document)
    document.add_heading("Mục đích", 1)
    document.add_paragraph("Thống nhất cách làm.")
    document.add_heading("Nội dung quy trình", 1)
    table = add_table(
        document,
        (
            ("5.1", "Cơ sở pháp lý", "", "", ""),
            ("", "Luật Hộ tịch số 60/2014/QH13", "", "", ""),
            ("5.2", "Thành phần hồ sơ", "", "Bản chính", "Bản sao"),
            ("", "Tờ khai", "", "x", ""),
            ("5.3", "Số lượng hồ sơ: 01 bộ", "", "", ""),
            ("5.7", "Quy trình xử lý công việc", "", "", ""),
            STEPS[0],
            ("1", "Tiếp nhận", "Một cửa", "½ ngày", "Giấy hẹn"),
            ("2", "Thẩm tra", "Chuyên viên", "1,5 ngày làm việc", ""),
            ("3", "Trình ký", "Trưởng phòng", "", "Tờ trình"),
        ),
    )
    for row in (0, 1, 4, 5):
        table.cell(row, 1).merge(table.cell(row, 4))
    table.cell(8, 3).merge(table.cell(9, 3))
    add_table(
        document,
        (("4", "Ký", "Chủ tịch", "30 phút", "Giấy xác nhận"), ("", "và đóng dấu", "", "", "")),
    )
    document.add_heading("Hồ sơ cần lưu", 1)
    for words in ("Tờ khai", "Giấy xác nhận"):
        document.add_paragraph(words, style="List Number")
    return saved(document)


def numbered_by_word() -> bytes:
    """Return a process whose headings are items of a list and whose steps are sentences."""
    document = docx.Document()

    def head(words: str) -> None:
        document.add_paragraph(style="List Number").add_run(words).bold = True

    head("MỤC ĐÍCH")
    document.add_paragraph("Thống nhất.")
    document.add_paragraph("Rõ trách nhiệm", style="List Bullet")
    head("TRÁCH NHIỆM")
    document.add_paragraph("Trưởng phòng chỉ đạo.")
    head("CÁC BƯỚC THỰC HIỆN")
    document.add_paragraph("Bước 1: Tiếp nhận hồ sơ")
    document.add_paragraph("Bước 2: Trả kết quả")
    head("TỪ VIẾT TẮT")
    add_table(document, (("Từ viết tắt", "Nghĩa"), ("HĐND", "Hội đồng nhân dân")))
    head("BIỂU MẪU")
    document.add_paragraph("BM.01 - Phiếu tiếp nhận;")
    document.add_paragraph("Phiếu trình")
    return saved(document)


def in_old_font() -> bytes:
    """Return a process typed in a font of TCVN 5712."""
    document = docx.Document()
    document.styles["Normal"].font.name = ".VnTime"
    for words in ("1. Môc ®Ých", "Thèng nhÊt c¸ch lµm.", "2. Ph¹m vi", "Toµn x·."):
        document.add_paragraph(words)
    return saved(document)
