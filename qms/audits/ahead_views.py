"""What comes next for an audit: what lacks, then the step itself, who does it, and where."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from qms.audits import rules
from qms.audits.rules import Ready, State
from qms.errors import RefusedError
from qms.vietnamese import day as day_words
from qms.web.errors import sentence_of

if TYPE_CHECKING:
    from qms.audits.models import Audit

_SECRETARY: Final = _l("Thư ký ISO")
_LEADER: Final = _l("Lãnh đạo")
_LEAD: Final = _l("Trưởng đoàn")
_TEAM: Final = _l("Đoàn đánh giá")
_UNITS: Final = _l("Đơn vị được đánh giá")

TEAM: Final = "audits.team.index"
CHECKLIST: Final = "audits.checklist.show"
DOES: Final[Mapping[str, tuple[object, str]]] = {
    "Đoàn chưa có trưởng đoàn.": (_SECRETARY, TEAM),
    "Chưa có quyết định thành lập đoàn.": (_LEADER, TEAM),
    "Còn %(count)s đơn vị chưa xếp giờ trong kế hoạch.": (_SECRETARY, "#plan"),
    "Chưa ghi họp mở đầu và người dự.": (_LEAD, "#meetings"),
    "Còn %(count)s dòng của phiếu chưa trả lời.": (_TEAM, CHECKLIST),
    "Còn %(count)s dòng không phù hợp chưa lập phát hiện.": (_TEAM, CHECKLIST),
    "Chưa viết kết luận của đoàn.": (_LEAD, "#meetings"),
    "Chưa ghi họp kết thúc và người dự.": (_LEAD, "#meetings"),
    "Còn %(count)s phát hiện chưa đóng. Đóng hết rồi mới đóng cuộc đánh giá.": (
        _UNITS,
        "#findings",
    ),
}
"""Who mends what lacks, and where: a page, or a part of the audit's own."""


@dataclass(frozen=True)
class Ahead:
    """One thing that is to be done: what, by whom, and the link to where it is done."""

    words: str
    who: str
    link: str


def steps(audit: "Audit", ready: Ready, lead: str, unreceived: int) -> list[Ahead]:
    """Return what comes next for an audit, in order."""
    lacks = rules.lacking(audit.state, ready)
    return [*(_lacking(audit, each) for each in lacks), *_then(audit, lead, unreceived)]


def _lacking(audit: "Audit", lacks: RefusedError) -> Ahead:
    who, where = DOES[lacks.sentence]
    return Ahead(sentence_of(lacks), str(who), _link(audit, where))


def _then(audit: "Audit", lead: str, unreceived: int) -> list[Ahead]:
    named = f"{_LEAD} {lead}".strip()
    first = day_words(audit.first_day)
    if audit.state is State.PLANNED:
        told = day_words(rules.notice_from(audit.first_day))
        said = _("Thông báo cho đơn vị, nên từ ngày %(day)s.", day=told)
        return [Ahead(said, str(_SECRETARY), "#next")]
    if audit.state is State.NOTIFIED:
        waits = _("Xác nhận đã nhận thông báo: còn %(count)s đơn vị.", count=unreceived)
        return [
            *([Ahead(waits, str(_UNITS), "#notice")] if unreceived else []),
            Ahead(_("Chuẩn bị phiếu đánh giá."), str(_TEAM), _link(audit, CHECKLIST)),
            Ahead(_("Bắt đầu đánh giá từ ngày %(day)s.", day=first), named, "#next"),
        ]
    if audit.state is State.UNDER_WAY:
        return [Ahead(_("Báo cáo kết quả."), named, "#next")]
    return [Ahead(_("Đóng cuộc đánh giá."), str(_SECRETARY), "#next")]


def _link(audit: "Audit", where: str) -> str:
    return where if where.startswith("#") else url_for(where, audit_id=audit.id)
