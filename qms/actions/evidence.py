"""Files that show a finding or that something was done: scans, pictures, Word and Excel files."""

from typing import Final

from qms.blanks import intake
from qms.blanks.rules import DOCX, XLSX
from qms.documents import scans
from qms.documents.scans import Scan
from qms.errors import N_, InvalidError

_WRONG_KIND: Final = N_("Bằng chứng phải là tệp PDF, JPEG, PNG, DOCX hoặc XLSX.")
_PACKAGE: Final = b"PK\x03\x04"
_PHONE: Final = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc")


def keep(data: bytes, name: str) -> Scan:
    """Inspect and keep a file, before any lock is taken; a child looks into Word and Excel.

    Raises:
        InvalidError: it is of no kind that is taken, or something in it can act.

    """
    if data[4:12] in _PHONE:
        raise InvalidError(
            "Ảnh HEIC chưa mở được ở đây. Hãy đặt điện thoại chụp dạng JPEG (“Tương thích nhất”)"
            " hoặc gửi ảnh đã đổi sang JPEG."
        )
    if data and not data.startswith(_PACKAGE) and not scans.known(data):
        raise InvalidError(_WRONG_KIND)
    if not data.startswith(_PACKAGE):
        return scans.keep(data, name)
    with intake.lent(data) as path:
        ref = intake.look(path, name)
        if ref.media_type not in {DOCX, XLSX}:
            raise InvalidError(_WRONG_KIND)
        intake.keep(path, ref)
    return Scan(ref.sha256, ref.name, ref.media_type, ref.size)
