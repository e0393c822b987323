"""The trail in words: what was done to what, and what each line holds beside."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from qms.accounts.rules import ROLE_WORDS
from qms.actions.rules import Grade, Source
from qms.audits.answers import Result
from qms.audits.independence import Ground
from qms.audits.papers import Name
from qms.audits.rules import Duty, Meeting
from qms.desk.trail_acts import ACTIONS
from qms.errors import N_
from qms.gates import Gate
from qms.reading.rules import KIND_WORDS
from qms.trail import Via
from qms.units.rules import LEVEL_WORDS
from qms.vietnamese import day

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
    "book": (N_("Sổ thủ tục %(name)s"), N_("Sổ thủ tục")),
    "screen": (N_("Màn hình %(name)s"), N_("Màn hình")),
    "place": (N_("Nơi niêm yết %(name)s"), N_("Nơi niêm yết")),
    "finding": (N_("Phát hiện KPH-%(name)s"), N_("Phát hiện")),
    "request": (N_("Phiếu HĐKP-%(name)s"), N_("Phiếu khắc phục")),
    "national": (N_("Đợt nhập %(name)s"), N_("Đợt nhập danh mục")),
    "audit": (N_("Cuộc đánh giá %(name)s"), N_("Cuộc đánh giá")),
    "programme": (N_("Chương trình đánh giá năm %(name)s"), N_("Chương trình đánh giá")),
}
"""What a line is about, with and without a name; other things are known by their names alone."""

DETAIL_WORDS: Final[Mapping[str, str]] = {
    "account": N_("tên đăng nhập"),
    "added": N_("thêm"),
    "all": N_("mọi phiên"),
    "answer": N_("trả lời"),
    "counts": N_("kết quả"),
    "dated": N_("ngày ký"),
    "day": N_("ngày"),
    "days": N_("các ngày"),
    "decision": N_("dự thảo"),
    "digest": N_("mã băm"),
    "document": N_("tài liệu"),
    "doubts": N_("số nghi vấn"),
    "due": N_("hạn"),
    "duty": N_("vai trò"),
    "edition": N_("ấn bản"),
    "effective_on": N_("hiệu lực từ"),
    "file": N_("mã băm của tệp"),
    "field": N_("lĩnh vực"),
    "finding": N_("phát hiện số"),
    "first_day": N_("từ ngày"),
    "from_day": N_("từ ngày"),
    "gate": N_("không cho"),
    "grade": N_("mức độ"),
    "ground": N_("ngoại lệ cho"),
    "items": N_("số thủ tục"),
    "kind": N_("loại"),
    "kinds": N_("loại tài liệu"),
    "last_day": N_("đến hết ngày"),
    "law": N_("văn bản"),
    "level": N_("cấp"),
    "lines": N_("số dòng"),
    "material": N_("đổi về nội dung"),
    "meeting": N_("họp"),
    "name": N_("tên"),
    "note": N_("ghi chú"),
    "number": N_("số"),
    "office": N_("có con dấu riêng"),
    "outside": N_("lý do ngoài chương trình"),
    "owner": N_("đơn vị"),
    "paper": N_("giấy tờ"),
    "people": N_("số người"),
    "person": N_("người số"),
    "place": N_("nơi niêm yết"),
    "reason": N_("lý do"),
    "removed": N_("bớt"),
    "result": N_("kết quả"),
    "role": N_("chức trách"),
    "sha256": N_("mã băm của tệp"),
    "short": N_("số đơn vị xếp ít lần"),
    "signer_may_review": N_("người ký được xem xét"),
    "slots": N_("số lượt"),
    "slug": N_("địa chỉ"),
    "source": N_("nguồn"),
    "successors": N_("đơn vị tiếp nhận"),
    "task": N_("hành động số"),
    "unit": N_("đơn vị"),
    "units": N_("số đơn vị"),
    "verdict": N_("kết quả"),
    "within": N_("số ngày làm việc"),
    "year": N_("năm"),
}

UNSAID: Final = frozenset({"base_count", "id", "issuer", "line", "parent", "post", "version"})
"""Numbers the program keeps for itself; they tell a reader nothing."""

_DAYS: Final = frozenset(
    {"dated", "day", "due", "effective_on", "first_day", "from_day", "last_day"}
)
_HASHES: Final = frozenset({"digest", "file", "sha256"})
_COUNTED: Final = frozenset({"doubts", "items", "lines", "units"})
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
_KINDS: Final = {
    "procedure": N_("thủ tục"),
    "list": N_("danh mục của lĩnh vực"),
    "fees": N_("mức thu phí, lệ phí"),
    "feedback": N_("nơi tiếp nhận phản ánh, kiến nghị"),
    "text": N_("thông báo"),
    "board": N_("bảng niêm yết"),
    "counter": N_("quầy"),
    "hall": N_("sảnh"),
    "folder": N_("kẹp hồ sơ"),
}
_GRADES: Final = {
    Grade.MAJOR.value: N_("Không phù hợp nặng"),
    Grade.MINOR.value: N_("Không phù hợp nhẹ"),
    Grade.REMARK.value: N_("Lưu ý"),
    Grade.OPPORTUNITY.value: N_("Cơ hội cải tiến"),
}
_SOURCES: Final = {
    Source.AUDIT.value: N_("Đánh giá nội bộ"),
    Source.INSPECTION.value: N_("Kiểm tra của tỉnh"),
    Source.COMPLAINT.value: N_("Phản ánh, kiến nghị, khiếu nại"),
    Source.LATE_WORK.value: N_("Hồ sơ trễ hạn"),
    Source.MANAGEMENT_REVIEW.value: N_("Xem xét của lãnh đạo"),
    Source.OBSERVATION.value: N_("Tự phát hiện"),
}
_DUTIES: Final = {
    Duty.LEAD.value: N_("Trưởng đoàn"),
    Duty.AUDITOR.value: N_("Đánh giá viên"),
    Duty.TRAINEE.value: N_("Đánh giá viên tập sự"),
}
_RESULTS: Final = {
    Result.CONFORM.value: N_("Phù hợp"),
    Result.NONCONFORMING.value: N_("Không phù hợp"),
    Result.REMARK.value: N_("Lưu ý"),
    Result.NOT_CHECKED.value: N_("Không kiểm tra"),
}
_GROUNDS: Final = {
    Ground.OWN_UNIT.value: N_("Đơn vị của chính mình"),
    Ground.OWN_WORK.value: N_("Việc do chính mình làm"),
}
_GATES: Final = {
    Gate.OWN_WORK.value: N_("tự kiểm tra việc của mình"),
    Gate.UNIT_HEAD.value: N_("trưởng đơn vị tự xét việc của đơn vị mình"),
    Gate.OWN_PLAN.value: N_("tự phê duyệt kế hoạch của mình"),
    Gate.OWN_WISH.value: N_("tự trả lời đề nghị của mình"),
    Gate.OWN_ANSWER.value: N_("tự đóng, tự hủy phát hiện mình đã trả lời"),
    Gate.LEAD_ONLY.value: N_("làm thay trưởng đoàn đánh giá"),
    Gate.UNPROVEN.value: N_("báo xong, đóng khi chưa đủ bằng chứng"),
    Gate.DAY.value: N_("đặt hạn trước ngày lập hoặc trong quá khứ"),
    Gate.DELETED.value: N_("xóa phát hiện"),
    Gate.NOT_INDEPENDENT.value: N_("đánh giá đơn vị hoặc việc của chính mình"),
    Gate.OWN_EXCEPTION.value: N_("tự cho phép ngoại lệ cho mình"),
    Gate.OWN_TEAM.value: N_("tự ký quyết định lập đoàn có mình"),
    Gate.OWN_PROGRAMME.value: N_("tự phê duyệt chương trình mình lập"),
    Gate.ANSWERED_TWICE.value: N_("ghi hai mục cùng một tên"),
}
_MEETINGS: Final = {
    Meeting.OPENING.value: N_("Họp mở đầu"),
    Meeting.CLOSING.value: N_("Họp kết thúc"),
}
_PAPERS: Final = {
    Name.PROGRAMME.value: N_("Chương trình đánh giá năm"),
    Name.TEAM.value: N_("Quyết định thành lập đoàn"),
    Name.PLAN.value: N_("Kế hoạch đánh giá"),
    Name.NOTICE.value: N_("Thông báo"),
    Name.CHECKLIST.value: N_("Phiếu đánh giá"),
    Name.ATTENDANCE.value: N_("Danh sách dự họp"),
    Name.REPORT.value: N_("Báo cáo tổng hợp"),
}
_CHOSEN: Final[Mapping[str, Mapping[str, str]]] = {
    "answer": _ANSWERS,
    "kind": _KINDS,
    "duty": _DUTIES,
    "gate": _GATES,
    "ground": _GROUNDS,
    "meeting": _MEETINGS,
    "paper": _PAPERS,
    "result": _RESULTS,
    "grade": _GRADES,
    "source": _SOURCES,
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
    if key == "kinds":
        return "; ".join(say(KIND_WORDS.get(str(each), str(each))) for each in values)
    return ", ".join(map(str, values))
