"""The trail in words: what was done to what, and what each line holds beside."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from qms.accounts.rules import ROLE_WORDS
from qms.errors import N_
from qms.trail import Via
from qms.units.rules import LEVEL_WORDS
from qms.vietnamese import day

ACTIONS: Final[Mapping[str, Mapping[str, str]]] = {
    N_("Quyết định"): {
        "decision.opened": N_("Lập dự thảo"),
        "decision.edited": N_("Sửa phần đầu"),
        "decision.lines_added": N_("Thêm dòng"),
        "decision.line_edited": N_("Sửa dòng"),
        "decision.line_dropped": N_("Bỏ dòng"),
        "decision.rebased": N_("Đưa dòng về bản mới"),
        "decision.submitted": N_("Gửi xem xét"),
        "decision.reviewed": N_("Xem xét"),
        "decision.returned": N_("Trả lại để sửa"),
        "decision.signed": N_("Ký"),
        "decision.scan_added": N_("Đính kèm bản chụp"),
        "decision.abandoned": N_("Bỏ dự thảo"),
        "revision.edited": N_("Sửa nội dung"),
    },
    N_("Danh mục quốc gia"): {
        "national.imported": N_("Nhập danh mục"),
        "national.doubts_answered": N_("Xử lý nghi vấn"),
        "national.doubts_reopened": N_("Mở lại nghi vấn"),
        "national.new_chosen": N_("Chọn thủ tục mới"),
        "national.gone_answered": N_("Trả lời về thủ tục không còn"),
    },
    N_("Văn bản pháp luật"): {
        "law.update_waived": N_("Kết luận không cần sửa tài liệu"),
        "law.checked": N_("Rà soát văn bản"),
    },
    N_("Niêm yết"): {
        "copy.printed": N_("Ghi bản in"),
    },
    N_("Tài khoản"): {
        "account.signed_in": N_("Đăng nhập"),
        "account.signed_out": N_("Đăng xuất"),
        "account.opened": N_("Mở tài khoản"),
        "account.link_made": N_("Tạo đường dẫn đặt mật khẩu"),
        "account.password_set": N_("Đặt mật khẩu"),
        "account.closed": N_("Khóa tài khoản"),
        "post.given": N_("Giao chức trách"),
        "post.ended": N_("Cho thôi chức trách"),
    },
    N_("Đơn vị"): {
        "unit.founded": N_("Lập đơn vị"),
        "unit.ended": N_("Kết thúc đơn vị"),
        "unit.review_rule": N_("Đổi quy định xem xét"),
        "heading.entered": N_("Nhập phần đầu giấy tờ"),
        "heading.confirmed": N_("Xác nhận phần đầu giấy tờ"),
    },
}
"""Every act that is recorded anywhere, by what it is about."""

ACTION_WORDS: Final[Mapping[str, str]] = {
    action: words for acts in ACTIONS.values() for action, words in acts.items()
}

VIA_WORDS: Final[Mapping[Via, str]] = {
    Via.WEB: N_("trên web"),
    Via.COMMAND_LINE: N_("bằng dòng lệnh"),
    Via.SYSTEM: N_("lúc cài đặt"),
}

NOBODY_WORDS: Final[Mapping[Via, str]] = {
    Via.WEB: N_("Người chưa đăng nhập"),
    Via.COMMAND_LINE: N_("Người giữ máy chủ"),
    Via.SYSTEM: N_("Hệ thống"),
}
"""Who acted where the line names no person."""

SUBJECT_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "decision": (N_("Quyết định %(name)s"), N_("Quyết định chưa có số")),
    "document": (N_("Tài liệu %(name)s"), N_("Tài liệu")),
    "copy": (N_("Bản in %(name)s"), N_("Bản in để treo")),
    "national": (N_("Đợt nhập %(name)s"), N_("Đợt nhập danh mục")),
}
"""What a line is about, with and without a name; other things are known by their names alone."""

DETAIL_WORDS: Final[Mapping[str, str]] = {
    "account": N_("tên đăng nhập"),
    "all": N_("mọi phiên"),
    "answer": N_("trả lời"),
    "counts": N_("kết quả"),
    "dated": N_("ngày ký"),
    "day": N_("ngày"),
    "decision": N_("dự thảo"),
    "digest": N_("mã băm"),
    "document": N_("tài liệu"),
    "doubts": N_("số nghi vấn"),
    "effective_on": N_("hiệu lực từ"),
    "file": N_("mã băm của tệp"),
    "first_day": N_("từ ngày"),
    "from_day": N_("từ ngày"),
    "items": N_("số thủ tục"),
    "last_day": N_("đến hết ngày"),
    "law": N_("văn bản"),
    "level": N_("cấp"),
    "lines": N_("số dòng"),
    "material": N_("đổi về nội dung"),
    "name": N_("tên"),
    "note": N_("ghi chú"),
    "number": N_("số"),
    "office": N_("có con dấu riêng"),
    "owner": N_("đơn vị"),
    "reason": N_("lý do"),
    "role": N_("chức trách"),
    "sha256": N_("mã băm của tệp"),
    "signer_may_review": N_("người ký được xem xét"),
    "slug": N_("địa chỉ"),
    "successors": N_("đơn vị tiếp nhận"),
    "unit": N_("đơn vị"),
    "verdict": N_("kết quả"),
}

UNSAID: Final = frozenset({"base_count", "id", "issuer", "line", "parent", "post", "version"})
"""Numbers the program keeps for itself; they tell a reader nothing."""

_DAYS: Final = frozenset({"dated", "day", "effective_on", "first_day", "from_day", "last_day"})
_HASHES: Final = frozenset({"digest", "file", "sha256"})
_COUNTED: Final = frozenset({"doubts", "items", "lines"})
_COUNTS: Final = (
    N_("mới"),
    N_("thay đổi"),
    N_("không còn"),
    N_("không đổi"),
    N_("nghi vấn"),
    N_("từ chối"),
)
_ANSWERS: Final = {
    "as_said": N_("giữ như danh mục ghi"),
    "suggested": N_("làm theo đề nghị"),
    "unknown": N_("để “chưa xác định”"),
    "own": N_("ghi giá trị khác"),
    "yes": N_("đồng ý"),
    "no": N_("giữ lại"),
}
_CHOSEN: Final[Mapping[str, Mapping[str, str]]] = {
    "answer": _ANSWERS,
    "level": {level.value: words for level, words in LEVEL_WORDS.items()},
    "role": {role.value: words for role, words in ROLE_WORDS.items()},
    "verdict": {"current": N_("còn đúng"), "changed": N_("đã đổi")},
}

SHORT: Final = 8
"""Letters of a hash that are shown; enough to tell two apart."""

Say = Callable[[str], str]
"""Puts a sentence into the language of the page."""

Known = Mapping[tuple[str, object], str]
"""The codes of documents and names of units, by number or address word."""


def facts(detail: Mapping[str, object], known: Known, say: Say) -> list[tuple[str, str]]:
    """Return what a line holds as a reader wants it: label and value, what is empty left out."""
    return [
        (say(DETAIL_WORDS.get(key, key)), _shown(key, value, known, say))
        for key, value in detail.items()
        if key not in UNSAID and value not in (None, "", [])
    ]


def short(mac: str) -> str:
    """Return the beginning of a hash."""
    return f"{mac[:SHORT]}…"


def _shown(key: str, value: object, known: Known, say: Say) -> str:
    if isinstance(value, bool) or key == "all":
        return say(N_("Có") if value else N_("Không")).lower()
    if isinstance(value, list):
        return _listed(key, value, say)
    if key in _DAYS:
        return day(date.fromisoformat(str(value)))
    if key in _HASHES:
        return short(str(value))
    if key in _CHOSEN:
        return say(_CHOSEN[key].get(str(value), str(value)))
    return known.get(("unit" if key == "owner" else key, value), str(value))


def _listed(key: str, values: list[object], say: Say) -> str:
    if key in _COUNTED:
        return str(len(values))
    if key == "counts":
        told = zip(_COUNTS, values, strict=False)
        return ", ".join(f"{value} {say(words)}" for words, value in told)
    return ", ".join(map(str, values))
