"""What the decisions of the demonstration rest on, and what they change in the office's texts."""

from typing import Final

PROCEDURE_GROUNDS: Final = """\
Căn cứ Luật Tổ chức chính quyền địa phương số 72/2025/QH15
Căn cứ Nghị định số 63/2010/NĐ-CP ngày 08 tháng 6 năm 2010 của Chính phủ về kiểm soát thủ tục \
hành chính; các nghị định sửa đổi, bổ sung
Theo đề nghị của Chánh Văn phòng HĐND và UBND xã"""
TEXT_GROUNDS: Final = """\
Căn cứ Luật Tổ chức chính quyền địa phương số 72/2025/QH15
Căn cứ Quyết định số 19/2014/QĐ-TTg ngày 05 tháng 3 năm 2014 của Thủ tướng Chính phủ về việc \
áp dụng Hệ thống quản lý chất lượng theo TCVN ISO 9001:2008
Theo đề nghị của Thư ký ISO"""

CHANGES: Final = (
    (
        "QT-08",
        "41/QĐ-UBND",
        0,
        "Mỗi tuần một lần, người phụ trách bảng quét mã trên từng tờ và ghi lại tờ nào phải thay.",
        "signed",
    ),
    (
        "QT-01",
        "43/QĐ-UBND",
        7,
        "Bản in cầm tay chỉ dùng trong ngày in; qua ngày khác phải quét mã hoặc in lại.",
        "signed",
    ),
    (
        "QT-03",
        "",
        21,
        "Đánh giá viên ghi phát hiện ngay tại nơi phát hiện và đọc lại cho người được đánh giá nghe.",
        "in_review",
    ),
    (
        "QT-05",
        "",
        30,
        "Rủi ro mức cao được báo lãnh đạo trong ngày, không đợi đến kỳ xem xét.",
        "draft",
    ),
)
"""Code, number, days from today, the sentence added, and how far it has come."""
