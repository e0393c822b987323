"""The lists an ISO secretary keeps: what they are called and what their columns say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from qms.errors import N_

Cell = str | date | int | None
"""What stands in one place of a list."""


class Name(StrEnum):
    """The lists there are."""

    INTERNAL = "internal"
    EXTERNAL = "external"
    FORMS = "forms"
    RECORDS = "records"
    AMENDMENTS = "amendments"


@dataclass(frozen=True)
class Column:
    """A column: its heading, and its share of the width in hundredths."""

    label: str
    width: int


@dataclass(frozen=True)
class Register:
    """A list: its title, what it holds in a sentence, its columns, the kinds of its documents.

    ``named``: the place of the column that names the row.
    """

    title: str
    about: str
    columns: Sequence[Column]
    kinds: Sequence[str]
    named: int


@dataclass(frozen=True)
class Row:
    """A line of a list, without its number; ``document_id`` is what it is about."""

    document_id: int
    cells: tuple[Cell, ...]


_CODE: Final = Column(N_("Mã hiệu"), 11)
_NUMBERS: Final = Column(N_("Lần BH/SĐ"), 7)
_FROM: Final = Column(N_("Ngày hiệu lực"), 9)

REGISTERS: Final[Mapping[Name, Register]] = {
    Name.INTERNAL: Register(
        N_("Danh mục tài liệu nội bộ"),
        N_("Quy trình, tài liệu của hệ thống, thủ tục và biểu phí đang áp dụng."),
        (
            _CODE,
            Column(N_("Tên tài liệu"), 40),
            _NUMBERS,
            _FROM,
            Column(N_("Đơn vị soạn"), 15),
            Column(N_("Nơi phân phối"), 14),
        ),
        ("text", "process", "procedure", "fee"),
        1,
    ),
    Name.EXTERNAL: Register(
        N_("Danh mục tài liệu bên ngoài"),
        N_("Văn bản pháp luật và tiêu chuẩn của cơ quan khác mà công việc ở đây căn cứ vào."),
        (
            Column(N_("Số, ký hiệu"), 14),
            Column(N_("Tên văn bản"), 25),
            Column(N_("Cơ quan ban hành"), 10),
            Column(N_("Ngày ban hành"), 8),
            Column(N_("Ngày hiệu lực"), 8),
            Column(N_("Hết hiệu lực, thay thế bởi"), 13),
            Column(N_("Nơi áp dụng"), 10),
            Column(N_("Cập nhật, kiểm tra"), 8),
        ),
        ("legal",),
        1,
    ),
    Name.FORMS: Register(
        N_("Danh mục biểu mẫu"),
        N_("Biểu mẫu đang dùng, và tài liệu nào dùng."),
        (
            _CODE,
            Column(N_("Tên biểu mẫu"), 33),
            _NUMBERS,
            _FROM,
            Column(N_("Dùng trong"), 18),
            Column(N_("Tệp"), 18),
        ),
        ("form",),
        1,
    ),
    Name.RECORDS: Register(
        N_("Danh mục hồ sơ"),
        N_("Hồ sơ phải lưu, lưu ở đâu và bao lâu."),
        (
            Column(N_("Tên hồ sơ"), 26),
            _CODE,
            Column(N_("Người, nơi lưu"), 14),
            Column(N_("Cách sắp xếp"), 13),
            Column(N_("Thời gian lưu"), 11),
            Column(N_("Phương pháp hủy"), 10),
            Column(N_("Theo tài liệu"), 11),
        ),
        ("process", "text"),
        0,
    ),
    Name.AMENDMENTS: Register(
        N_("Bảng theo dõi sửa đổi"),
        N_("Mọi thay đổi đã ký, có hiệu lực trong khoảng ngày đã chọn."),
        (
            _FROM,
            _CODE,
            Column(N_("Tên tài liệu"), 24),
            Column(N_("Việc"), 8),
            _NUMBERS,
            Column(N_("Nội dung thay đổi"), 16),
            Column(N_("Lý do"), 11),
            Column(N_("Quyết định"), 10),
        ),
        ("text", "process", "procedure", "fee", "form", "legal"),
        2,
    ),
}


def numbers(issue: int, amendment: int) -> str:
    """Write how often a text was issued and amended, as on its cover: 01/00."""
    return f"{issue:02d}/{amendment:02d}"


def lines(*parts: str) -> str:
    """Return what is said, one part a line."""
    return "\n".join(part for part in parts if part)
